"""What the client makes of other servers' answers, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncGenerator, Mapping

import pytest

from federation.client import Client
from federation.errors import Forbidding, Gone, Refused, Unreachable
from federation.site import Signer
from tests.federation.doors import Settings, door
from tests.federation.loopback import AS2, Asked, answer, document, listening, moved

NOTE = {"id": "http://127.0.20.1/note", "type": "Note"}
JRD = "application/jrd+json, application/json"


async def ask(body: bytes) -> object:
    """What the client makes of this answer to a question for a document."""
    async with listening("127.0.20.1", body) as peer, door() as client:
        return (await client.get_document(peer.url())).document


async def test_a_document_is_found_with_its_url() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        found = await client.get_document(peer.url())

    assert (found.document, found.url) == (NOTE, peer.url())


async def test_we_say_who_asks_and_whom_to_write_to() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        await client.get_document(peer.url())
        await client.post(peer.url(), b"{}", {})

    asked, told = (one.headers["user-agent"] for one in peer.asked)
    assert asked == told
    assert asked.startswith("Sharewell/") and asked.endswith(" (+http://node.example; desk@node.example)")


async def test_a_question_says_which_form_it_takes() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        await client.get_document(peer.url())

    [asked] = peer.asked
    assert asked.headers["accept"].startswith("application/activity+json, application/ld+json; profile=")
    assert asked.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "type",
    [
        AS2,
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json;profile="https://www.w3.org/ns/activitystreams https://example.org/more"',
        "application/ld+json; charset=utf-8; Profile=https://www.w3.org/ns/activitystreams",
    ],
)
async def test_a_document_of_an_as2_type_is_taken(type: str) -> None:
    assert await ask(document(NOTE, type=type)) == NOTE


@pytest.mark.parametrize(
    "type",
    [
        pytest.param("text/html", id="origin.content_type_html"),
        pytest.param("application/octet-stream", id="origin.content_type_octet_stream"),
        pytest.param("text/plain", id="origin.content_type_plain"),
        pytest.param("application/json", id="origin.content_type_actor_json"),
        pytest.param("application/ld+json", id="without profile"),
        pytest.param('application/ld+json; profile="https://example.org/"', id="another profile"),
        pytest.param("image/png; application/activity+json", id="as a parameter"),
        pytest.param("application/activity+json, text/html", id="two"),
        pytest.param("application/activity+jsonx", id="longer"),
        pytest.param("", id="none"),
    ],
)
async def test_a_document_of_another_type_is_refused(type: str) -> None:
    with pytest.raises(Refused):
        await ask(document(NOTE, type=type))


async def test_two_content_types_are_refused() -> None:
    with pytest.raises(Refused):
        await ask(answer(b"{}", Content_Type="text/html"))


@pytest.mark.parametrize(
    ("type", "taken"),
    [
        ("application/jrd+json; charset=utf-8", True),
        ("application/json", True),
        (AS2, True),
        ("text/html", False),
        ("text/json", False),
        ("", False),
    ],
)
async def test_other_json_is_taken_by_its_type(type: str, taken: bool) -> None:
    async with listening("127.0.20.1", document({"subject": "acct:a@b"}, type=type)) as peer, door() as client:
        try:
            found = (await client.get_json(peer.url(), accept=JRD)).document
        except Refused:
            found = {}

    assert (found == {"subject": "acct:a@b"}) is taken


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, Gone),
        (410, Gone),
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (406, Refused),
        (304, Refused),
        (408, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (502, Unreachable),
        (503, Unreachable),
    ],
)
async def test_a_status_says_whether_to_forget_to_stop_or_to_come_back(status: int, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        await ask(answer(b"{}", status=status))

    assert type(raised.value) is error


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[1]", id="list"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"id": ', id="broken"),
        pytest.param(b'{"size": NaN}', id="NaN"),
        pytest.param(b'{"size": Infinity}', id="Infinity"),
        pytest.param(b'{"name": "\xff\xfe"}', id="not UTF-8"),
        pytest.param(b'{"name": "\\ud800"}', id="lone surrogate"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b'{"a":' * 40 + b"1" + b"}" * 40, id="nested objects"),
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="nested arrays"),
    ],
)
async def test_what_is_no_plain_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        await ask(answer(body))


async def test_of_two_members_of_one_name_the_last_counts() -> None:
    assert await ask(answer(b'{"id": "a", "id": "b"}')) == {"id": "b"}


async def test_a_document_may_be_nested_as_deeply_as_the_limit() -> None:
    await ask(answer(b'{"a":' * 32 + b"1" + b"}" * 32))

    with pytest.raises(Refused):
        await ask(answer(b'{"a":' * 33 + b"1" + b"}" * 33))


async def test_a_packed_document_is_unpacked() -> None:
    assert await ask(answer(gzip.compress(b'{"id": "a"}'), Content_Encoding="gzip")) == {"id": "a"}


async def test_an_answer_to_a_post_is_given_whatever_it_says() -> None:
    refusing = answer(b"no", status=403, type="text/plain", Retry_After="9")
    async with listening("127.0.20.1", refusing) as peer, door() as client:
        answered = await client.post(peer.url("/inbox"), b'{"a":1}', {"Signature": "s", "Content-Type": AS2})

    [told] = peer.asked
    assert (answered.status, answered.headers["retry-after"], answered.body) == (403, "9", b"no")
    assert (told.method, told.target, told.body) == ("POST", "/inbox", b'{"a":1}')
    assert (told.headers["signature"], told.headers["content-length"], told.headers["host"]) == ("s", "7", peer.place)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(answer(b"x" * 200_000, status=202), id="long"),
        pytest.param(answer(b"x", status=202, Content_Encoding="br"), id="packed otherwise"),
        pytest.param(answer(b"x" * 9, status=202, Content_Encoding="gzip"), id="not gzip"),
    ],
)
async def test_the_status_of_an_answer_counts_even_when_its_body_cannot_be_read(body: bytes) -> None:
    async with listening("127.0.20.1", body) as peer, door() as client:
        answered = await client.post(peer.url("/inbox"), b"{}", {})

    assert answered.status == 202


async def test_a_post_is_not_sent_on_to_where_it_is_redirected() -> None:
    async with (
        listening("127.0.20.2", answer(status=202)) as other,
        listening("127.0.20.1", moved(other.url(), 307)) as peer,
        door() as client,
    ):
        answered = await client.post(peer.url("/inbox"), b"{}", {"Signature": "s"})

    assert (answered.status, other.connections) == (307, 0)


async def test_a_part_of_a_document_is_found_where_it_was_asked_for() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        found = await asyncio.gather(*(client.get_document(peer.url(f"/note#{part}")) for part in "ab"))

    assert [one.url for one in found] == [peer.url("/note#a"), peer.url("/note#b")]
    assert peer.targets == ["/note"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_the_last_url_is_told(status: int) -> None:
    def answers(asked: Asked) -> bytes:
        return moved("/note?b#part", status) if asked.target == "/short" else document(NOTE)

    async with listening("127.0.20.1", answers) as peer, door() as client:
        found = await client.get_document(peer.url("/short"))

    assert (found.url, peer.targets) == (peer.url("/note?b#part"), ["/short", "/note?b"])


async def test_the_third_redirect_is_followed_but_not_the_fourth() -> None:
    def answers(asked: Asked) -> bytes:
        left = int(asked.target[1:])
        return moved(f"/{left - 1}") if left else document(NOTE)

    async with listening("127.0.20.1", answers) as peer, door() as client:
        assert (await client.get_document(peer.url("/3"))).url == peer.url("/0")
        with pytest.raises(Refused):
            await client.get_document(peer.url("/4"))


async def test_a_redirect_to_nowhere_is_refused() -> None:
    with pytest.raises(Refused):
        await ask(answer(status=302))


def signer(signed: list[str]) -> Signer:
    """Signs with a header that says what was signed, and remembers it."""

    def sign(method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        signed.append(url)
        return {"Signature": f"{method} {url}", "Date": "now"}

    return sign


@pytest.mark.parametrize("case", ["ssrf.credentials_not_forwarded"])
async def test_a_signature_is_made_anew_for_each_hop_never_forwarded(case: str) -> None:
    async with (
        listening("127.0.20.2", document(NOTE)) as other,
        listening("127.0.20.1", moved(other.url("/there"))) as peer,
        door() as client,
    ):
        await client.get_document(peer.url("/here"), signer=signer([]))

    assert [one.headers["signature"] for one in peer.asked] == [f"GET {peer.url('/here')}"]
    assert [one.headers["signature"] for one in other.asked] == [f"GET {other.url('/there')}"]


async def test_without_a_signer_nothing_is_signed() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        await client.get_document(peer.url())

    assert "signature" not in peer.asked[0].headers


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", "/"),
        ("?a=b", "/?a=b"),
        ("/a/../b/./c", "/a/../b/./c"),
        ("/%7Eann%2f?q=%20", "/%7Eann%2f?q=%20"),
        ("/a//b;c=d?e=f&g", "/a//b;c=d?e=f&g"),
        ("/a#part", "/a"),
        ("/café", "/caf%C3%A9"),
    ],
)
async def test_the_path_goes_out_exactly_as_it_was_signed(path: str, target: str) -> None:
    signed: list[str] = []
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        await client.get_document(peer.url(path), signer=signer(signed))

    assert peer.targets == [target]
    assert signed[0].partition("#")[0] in (peer.url(target), peer.url(path))


async def test_a_header_that_would_end_the_headers_is_not_sent() -> None:
    async with listening("127.0.20.1", answer()) as peer, door() as client:
        with pytest.raises(Unreachable):
            await client.post(peer.url(), b"", {"Digest": "x\r\nHost: other.example"})

    assert peer.asked == []


@pytest.mark.parametrize("case", ["dos.redirect_loop"])
async def test_a_redirect_loop_ends_after_a_few_requests(case: str) -> None:
    async with listening("127.0.20.1", moved("/note")) as peer, door() as client:
        with pytest.raises(Refused):
            await client.get_document(peer.url())

    assert len(peer.asked) == 4


@pytest.mark.parametrize("case", ["dos.redirect_chain"])
async def test_endless_fresh_redirects_end_after_a_few_requests(case: str) -> None:
    async with listening("127.0.20.1", lambda asked: moved(f"{asked.target}x")) as peer, door() as client:
        with pytest.raises(Refused):
            await client.get_document(peer.url())

    assert len(peer.asked) == 4


async def test_a_slow_chain_of_redirects_has_one_time_for_all() -> None:
    async def slowly(asked: Asked) -> AsyncGenerator[bytes]:
        await asyncio.sleep(0.4)
        yield moved(f"{asked.target}x")

    async with listening("127.0.20.1", slowly) as peer, door(timeout=0.6) as client:
        with pytest.raises(Unreachable):
            await client.get_document(peer.url())

    assert len(peer.asked) < 4


@pytest.mark.parametrize("case", ["dos.keyid_fetch_amplification"])
async def test_a_dead_document_is_asked_for_once_by_thirty(case: str) -> None:
    async def one(client: Client, url: str) -> type[Exception]:
        try:
            await client.get_document(url)
        except Gone as error:
            return type(error)
        raise AssertionError("found")

    async with listening("127.0.20.1", answer(status=404)) as peer, door() as client:
        at_once = await asyncio.gather(*(one(client, peer.url("/key#main")) for _ in range(15)))
        in_turn = [await one(client, peer.url("/key#other")) for _ in range(15)]

    assert ({*at_once, *in_turn}, len(peer.asked)) == ({Gone}, 1)


@pytest.mark.parametrize(
    ("settings", "proxy", "name"),
    [
        (Settings(private_peers=["x"]), "", "not a network"),
        (Settings(ca_file="/nowhere.pem"), "", "ca_file"),
        (Settings(ca_file=__file__), "", "ca_file"),
        (Settings(), "proxy:3128", "outgoing"),
        (Settings(), "http://proxy", "outgoing"),
        (Settings(), "https://proxy:3128", "outgoing"),
        (Settings(), "http://proxy:http", "outgoing"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_named(settings: Settings, proxy: str, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Client.of("https://node.example", "", settings, proxy)


@pytest.mark.parametrize("host", ["user@127.0.20.1", "127.0.20.1.", "127.0.20.%31", "１２７.0.20.1", "127.20.1"])
async def test_an_allowed_host_in_a_doubtful_spelling_is_not_asked(host: str) -> None:
    names = {"127.0.20.1.": ["127.0.20.1"], "127.20.1": ["127.0.20.1"]}
    async with listening("127.0.20.1", document(NOTE)) as peer, door(names=names) as client:
        url = peer.url().replace(peer.host, host)
        for asking in (client.get_document(url), client.post(url, b"{}", {})):
            with pytest.raises(Forbidding):
                await asking

    assert peer.connections == 0


async def test_an_address_nobody_listens_at_is_unreachable_but_not_forbidden() -> None:
    async with listening("127.0.20.1") as peer:
        url = peer.url()
    async with door() as client:
        with pytest.raises(Unreachable) as raised:
            await client.get_document(url)

    assert not isinstance(raised.value, Forbidding)


async def test_a_name_nobody_knows_is_unreachable_but_not_forbidden() -> None:
    async with door() as client:
        with pytest.raises(Unreachable) as raised:
            await client.get_document("http://nowhere.example/")

    assert not isinstance(raised.value, Forbidding)
