"""Mail leaves by the operator's relay: encrypted, tried again, given up when refused, and nothing private in a log."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from node.config import Config, parse
from node.surfacing import letters
from node.surfacing.letters import Letter, Written
from node.surfacing.mail import message
from storage import jobs
from tests.authority import Authority
from tests.relay_of_mail import HOST, Relay, relaying
from tests.serving import ON_BOTH, Fediverse, Served


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


async def node(fediverse: Fediverse, mail: dict[str, object]) -> Served:
    return await fediverse.node("here.example", title="Northmoor Coast", contact="help@here.example", mail=mail)


async def tell(served: Served, handle: str = "rosa") -> None:
    """Have a member told that their password was changed."""
    actor = await served.account(handle)
    async with served.database.writing() as db:
        await letters.promise(db, served.node.config, Letter.CHANGED, actor.id, now=served.node.clock())
    served.database.signal(jobs.WAKE)
    await served.fediverse.quiet()


@ON_BOTH
async def test_a_letter_reaches_the_relay_as_a_plain_text_from_the_node(fediverse: Fediverse, relay: Relay) -> None:
    await tell(await node(fediverse, relay.options()))

    [taken] = relay.taken
    mail = taken.message
    assert (taken.sender, taken.to) == ("node@here.example", ["rosa@mail.example"])
    assert mail["From"] == "Northmoor Coast <node@here.example>"
    assert mail["To"] == "rosa@mail.example"
    assert mail["Subject"] == "Your password on Northmoor Coast was changed"
    assert (mail["Auto-Submitted"], mail.get_content_type()) == ("auto-generated", "text/plain")
    assert mail["Date"].datetime.year == 2026
    assert mail["Message-ID"].endswith("@here.example>")
    assert "@rosa@here.example" in taken.text
    assert "https://here.example/forgot" in taken.text


async def test_it_signs_in_and_encrypts_when_the_settings_say_so(
    fediverse: Fediverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with relaying(tls=authority.context(HOST)) as relay:
        relay.password = "p w"
        await tell(await node(fediverse, relay.options(tls="starttls", user="node", password="p w")))

        assert [(one.encrypted, one.user) for one in relay.taken] == [(True, "node")]
        assert not any("AUTH" in one for one in relay.asked[: relay.asked.index("STARTTLS")])


async def test_tls_from_the_start_is_served_too(
    fediverse: Fediverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with relaying(tls=authority.context(HOST), at_once=True) as relay:
        await tell(await node(fediverse, relay.options(tls="tls")))

        assert [one.encrypted for one in relay.taken] == [True]


async def test_nothing_leaves_unencrypted_when_the_relay_hides_that_it_can(fediverse: Fediverse, relay: Relay) -> None:
    await tell(await node(fediverse, relay.options(tls="starttls", user="node", password="secret")))

    assert relay.taken == []
    assert not any(one.startswith(("AUTH", "MAIL")) for one in relay.asked)


async def test_a_relay_with_the_certificate_of_another_is_not_spoken_to(fediverse: Fediverse, tmp_path: Path) -> None:
    async with relaying(tls=Authority(tmp_path, "strange").context(HOST)) as relay:
        await tell(await node(fediverse, relay.options(tls="starttls")))

        assert relay.taken == []


async def test_a_relay_that_is_away_is_tried_again_with_growing_pauses(fediverse: Fediverse, relay: Relay) -> None:
    relay.refusals["MAIL"] = ["451 4.3.0 later"] * 3
    served = await node(fediverse, relay.options())
    await tell(served)
    pauses = []
    for _ in range(3):
        async with served.database.reading() as db:
            row = await db.row("SELECT due, attempts FROM jobs WHERE kind = 'mail'")
        assert row is not None
        pauses.append((row["attempts"], row["due"] - fediverse.clock.now))
        fediverse.clock.advance(seconds=(row["due"] - fediverse.clock.now) / 1000 + 1)
        served.database.signal(jobs.WAKE)
        await fediverse.quiet()

    assert [attempts for attempts, _ in pauses] == [1, 2, 3]
    assert pauses[0][1] < pauses[1][1] < pauses[2][1]
    assert len(relay.taken) == 1


@pytest.mark.parametrize("verb", ["RCPT", "."])
async def test_what_the_relay_will_never_take_is_given_up_and_no_log_names_who(
    fediverse: Fediverse, relay: Relay, caplog: pytest.LogCaptureFixture, verb: str
) -> None:
    relay.refusals[verb] = ["550 5.1.1 <rosa@mail.example> nobody of that name"]
    served = await node(fediverse, relay.options())
    with caplog.at_level(logging.DEBUG):
        await tell(served)

    async with served.database.reading() as db:
        assert (await jobs.count(db)).get("mail") is None
    assert relay.taken == []
    assert "given up" in caplog.text
    assert "rosa" not in caplog.text


async def test_a_wrong_password_for_the_relay_is_tried_again_and_not_logged(
    fediverse: Fediverse, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    relay.password = "right"
    with caplog.at_level(logging.DEBUG):
        served = await node(fediverse, relay.options(user="node", password="wrong-pw"))
        await tell(served)

    async with served.database.reading() as db:
        assert (await jobs.count(db))["mail"] == 1
    assert "535" in caplog.text
    assert "wrong-pw" not in caplog.text
    assert "wrong-pw" not in repr(served.node.config)


async def test_a_job_holds_neither_address_nor_secret(fediverse: Fediverse, relay: Relay) -> None:
    relay.refusals["MAIL"] = ["451 later"]
    served = await node(fediverse, relay.options())
    await tell(served)

    async with served.database.reading() as db:
        rows = await db.rows("SELECT payload FROM jobs WHERE kind = 'mail'")
    assert [one["payload"] for one in rows] == ['{"letter": "changed", "member_id": 2}']


async def test_without_a_relay_nothing_is_promised(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example")
    await tell(served)

    async with served.database.reading() as db:
        assert await jobs.count(db) == {}


@pytest.mark.parametrize(
    "to",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "a b@c.example", "<a@b.example>", "a@b.example\n",
     '"a\r\n"@b.example', "a@b.example>", "@b.example", "a@", "a@-b.example", "ä@b.example", "a@b..example", ".a@b.c"],
)  # fmt: skip
async def test_an_address_that_could_say_more_than_one_is_never_written_to(fediverse: Fediverse, to: str) -> None:
    served = await node(fediverse, {"host": "relay.example", "sender": "node@here.example"})

    with pytest.raises(ValueError, match="no address"):
        message(served.node, Written(Letter.CHANGED, to, "Hello", "Hello"))


async def test_a_title_of_several_lines_stays_in_its_header(fediverse: Fediverse) -> None:
    served = await fediverse.node(
        "here.example", title='One\r\nBcc: c@d.example, "', mail={"host": "r.example", "sender": "node@here.example"}
    )

    made = message(served.node, Written(Letter.CHANGED, "a@b.example", "Two\nlines", "Hello"))

    assert made["Bcc"] is None
    assert made["Subject"] == "Two lines"
    assert b"\nBcc" not in made.as_bytes()


def test_the_password_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("secret\nmore\n", encoding="utf-8")
    table = {"host": "relay.example", "sender": "a@b.example", "password_file": "pw"}

    config: Config = parse({"domain": "a.example", "mail": table}, folder=tmp_path)

    assert config.mail.password == "secret"
