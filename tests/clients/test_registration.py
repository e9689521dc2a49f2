"""An app signs somebody up: what it is told, what the token may do, and what nobody learns from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest

from node.connecting import members as use
from node.connecting import registering
from storage import members
from tests.clients.browser import browsing
from tests.relay_of_mail import Relay, relaying
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

WANTED = {"username": "imelda", "email": "imelda@mail.example", "password": PASSWORD, "agreement": True, "locale": "en"}
RULES = ["Write about the work, never about a person.", "Be kind."]


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


async def opened(fediverse: Fediverse, relay: Relay | None, mode: str = "open", **more: Any) -> Served:
    """A node that people can join."""
    mail = {} if relay is None else {"mail": relay.options()}
    registration = {"mode": mode, "rules": RULES, **more.pop("registration", {})}
    return await fediverse.node("here.example", registration=registration, **mail, **more)


async def app_token(served: Served, scopes: str = "read write follow push") -> str:
    async with browsing(served) as browser:
        app = await browser.register(scopes=scopes)
        sent = {"grant_type": "client_credentials", "scope": scopes, "client_id": app.client_id,
                "client_secret": app.client_secret}  # fmt: skip
        token: str = (await browser.web.post("/oauth/token", data=sent)).json()["access_token"]
        return token


async def sign_up(served: Served, token: str | None = None, /, **values: Any) -> httpx2.Response:
    async with served.client(token or await app_token(served)) as web:
        answer = await web.post("/api/v1/accounts", json={**WANTED, **values})
    await served.fediverse.quiet()
    return answer


async def asked(served: Served, token: str, path: str) -> httpx2.Response:
    async with served.client(token) as web:
        return await web.get(path)


async def confirmed(served: Served, path: str) -> int:
    async with served.client() as web:
        return (await web.post(path)).status_code


@ON_BOTH
async def test_an_account_works_once_its_address_is_confirmed(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)

    made = (await sign_up(served)).json()
    token = made["access_token"]
    before = [await asked(served, token, path) for path in ("/api/v1/accounts/verify_credentials",
              "/api/v1/timelines/home", "/api/v1/timelines/public")]  # fmt: skip
    told = (await asked(served, token, "/api/v1/emails/check_confirmation")).json()
    done = await confirmed(served, relay.to("imelda@mail.example")[0].path)

    assert {name: made[name] for name in ("token_type", "scope")} == {
        "token_type": "Bearer",
        "scope": "read write follow push",
    }
    assert [one.status_code for one in before] == [403] * 3
    assert "not confirmed" in before[0].json()["error"]
    assert (told, done) == (False, 303)
    assert (await asked(served, token, "/api/v1/emails/check_confirmation")).json() is True
    assert (await asked(served, token, "/api/v1/accounts/verify_credentials")).json()["username"] == "imelda"
    quiet = (await asked(served, token, "/api/v1/sharewell/quiet_times")).json()
    assert (quiet["starts"], quiet["ends"], quiet["days"]) == ("22:00", "07:00", [])


async def test_nobody_sees_an_account_before_it_is_let_in(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    await sign_up(served)
    places = ("/.well-known/webfinger?resource=acct:imelda@here.example", "/@imelda",
              "/api/v1/accounts/lookup?acct=imelda")  # fmt: skip

    async def seen() -> list[object]:
        async with served.client() as web:
            as2 = {"accept": "application/activity+json"}
            found: list[object] = [(await web.get(place)).status_code for place in places]
            found.append((await web.get("/users/imelda", headers=as2)).status_code)
            found.append("@imelda" in (await web.get("/connect")).text)
            found.append((await web.get("/api/v1/instance")).json()["stats"]["user_count"])
            return found

    hidden = await seen()
    await confirmed(served, relay.taken[0].path)

    assert hidden == [404, 404, 404, 404, False, 0]
    assert await seen() == [200, 200, 200, 200, True, 1]


@pytest.mark.parametrize(
    ("values", "details"),
    [
        ({"username": ""}, {"username": ["ERR_BLANK"]}),
        ({"username": "im elda"}, {"username": ["ERR_INVALID"]}),
        ({"username": "imélda"}, {"username": ["ERR_INVALID"]}),
        ({"username": "a" * 31}, {"username": ["ERR_TOO_LONG"]}),
        ({"username": "Admin"}, {"username": ["ERR_RESERVED"]}),
        ({"username": "ROSA"}, {"username": ["ERR_TAKEN"]}),
        ({"username": "left"}, {"username": ["ERR_TAKEN"]}),
        ({"email": ""}, {"email": ["ERR_BLANK"]}),
        ({"email": "imelda"}, {"email": ["ERR_INVALID"]}),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, {"email": ["ERR_INVALID"]}),
        ({"email": "a@b.example, c@d.example"}, {"email": ["ERR_INVALID"]}),
        ({"email": "a" * 64 + "@" + "b" * 60 + "." + "c" * 200}, {"email": ["ERR_TOO_LONG"]}),
        ({"password": ""}, {"password": ["ERR_BLANK"]}),
        ({"password": "short"}, {"password": ["ERR_TOO_SHORT"]}),
        ({"password": "x" * 257}, {"password": ["ERR_TOO_LONG"]}),
        ({"agreement": False}, {"agreement": ["ERR_ACCEPTED"]}),
        ({"username": "", "email": "x", "password": "", "agreement": "false"},
         {"username": ["ERR_BLANK"], "email": ["ERR_INVALID"], "password": ["ERR_BLANK"],
          "agreement": ["ERR_ACCEPTED"]}),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_field_by_field(
    fediverse: Fediverse, relay: Relay, values: dict[str, Any], details: dict[str, list[str]]
) -> None:
    served = await opened(fediverse, relay)
    await served.account("rosa")
    async with served.database.writing() as db:
        await db.run("UPDATE actors SET gone = 1 WHERE id = :id", id=(await served_left(served, db)))

    answer = await sign_up(served, **values)

    said = answer.json()
    assert (answer.status_code, relay.taken) == (422, [])
    assert {name: [one["error"] for one in found] for name, found in said["details"].items()} == details
    assert all(one["description"] in said["error"] for found in said["details"].values() for one in found)


async def served_left(served: Served, db: Any) -> int:
    """Somebody who was here and left."""
    row = await db.row(
        """INSERT INTO actors (uri, kind, handle, handle_key, domain, published)
        VALUES ('https://here.example/users/left', 'Person', 'left', 'left', '', 0) RETURNING id"""
    )
    return int(row["id"])


@pytest.mark.parametrize(
    "values", [{"username": ["a"]}, {"email": {"a": "b"}}, {"agreement": "perhaps"}, {"reason": {}}, {"password": []}]
)
async def test_a_field_of_another_shape_is_an_error_and_makes_nothing(
    fediverse: Fediverse, relay: Relay, values: dict[str, Any]
) -> None:
    served = await opened(fediverse, relay)

    assert (await sign_up(served, **values)).status_code == 422


async def test_only_an_app_may_sign_somebody_up(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    rosa = await served.account("rosa")

    async with served.client() as web:
        nobody = await web.post("/api/v1/accounts", json=WANTED)
    member = await sign_up(served, await served.token(rosa))
    narrow = await sign_up(served, await app_token(served, "read"))

    assert [one.status_code for one in (nobody, member, narrow)] == [401, 403, 403]
    assert relay.taken == []


@pytest.mark.parametrize("mode", ["closed", "invitation"])
async def test_a_closed_node_takes_nobody(fediverse: Fediverse, relay: Relay, mode: str) -> None:
    served = await opened(fediverse, relay, mode)

    assert (await sign_up(served)).status_code == 403
    assert (await sign_up(served, invite_code="x" * 22)).status_code in (403, 422)


async def test_an_address_that_has_an_account_gets_the_same_answer_and_a_mail_that_says_so(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await opened(fediverse, relay)
    await served.account("rosa")
    app = await app_token(served)

    free = await sign_up(served, app, username="one", email="new@mail.example")
    taken = await sign_up(served, app, username="two", email="Rosa@mail.example")

    [to_new], [to_rosa] = relay.to("new@mail.example"), relay.to("Rosa@mail.example")
    assert (free.status_code, taken.status_code) == (200, 200)
    assert free.json().keys() == taken.json().keys()
    states = [await asked(served, one.json()["access_token"], "/api/v1/timelines/home") for one in (free, taken)]
    assert [(one.status_code, one.json()) for one in states] == [(403, states[0].json())] * 2
    assert "/confirm/" in to_new.text
    assert "/confirm/" not in to_rosa.text
    assert "@rosa@here.example" in to_rosa.text


async def test_an_address_cannot_be_kept_from_its_owner(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    app = await app_token(served)
    await sign_up(served, app, username="squatter", email="rosa@mail.example")
    await sign_up(served, app, username="rosa", email="rosa@mail.example")
    first, second = relay.to("rosa@mail.example")

    assert await confirmed(served, second.path) == 303
    assert await confirmed(served, first.path) == 403
    async with browsing(served, "rosa@mail.example") as browser:
        assert "/@rosa" in (await browser.web.get("/")).text


async def test_the_link_is_mailed_again_to_another_address_for_the_app_that_signed_up(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await opened(fediverse, relay)
    token = (await sign_up(served, email="imleda@mail.example")).json()["access_token"]
    other = await served.token(await served.account("rosa"))

    async with served.client(token) as web:
        again = await web.post("/api/v1/emails/confirmations", json={"email": "imelda@mail.example"})
        wrong = await web.post("/api/v1/emails/confirmations", json={"email": "imelda"})
    async with served.client(other) as web:
        refused = await web.post("/api/v1/emails/confirmations")
    await fediverse.quiet()

    assert (again.status_code, again.json()) == (200, {})
    assert (wrong.status_code, wrong.json()["details"]["email"][0]["error"]) == (422, "ERR_INVALID")
    assert refused.status_code == 403
    assert await confirmed(served, relay.to("imleda@mail.example")[0].path) == 404  # it was for the other address
    assert await confirmed(served, relay.to("imelda@mail.example")[0].path) == 303
    async with served.client(token) as web:
        assert (await web.post("/api/v1/emails/confirmations")).status_code == 403


async def test_a_link_confirms_only_the_address_it_was_mailed_to(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    await sign_up(served)
    async with served.database.writing() as db:  # as if the address had been changed while the mail was on its way
        await db.run("UPDATE members SET email = 'victim@mail.example'")

    async with served.client() as web:
        shown = (await web.get(relay.taken[0].path)).status_code
    assert (shown, await confirmed(served, relay.taken[0].path)) == (404, 404)


async def test_with_approval_an_account_waits_after_its_address_is_confirmed(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await opened(fediverse, relay, "approval", contact="help@here.example")
    missing = await sign_up(served)
    token = (await sign_up(served, reason="I work on ward 4.")).json()["access_token"]
    await confirmed(served, relay.to("imelda@mail.example")[0].path)
    await fediverse.quiet()
    answer = await asked(served, token, "/api/v1/timelines/home")

    assert (missing.status_code, missing.json()["details"]["reason"][0]["error"]) == (422, "ERR_BLANK")
    assert answer.status_code == 403
    assert "waits to be let in" in answer.json()["error"]
    assert "account approve imelda" in relay.to("help@here.example")[0].text


async def test_without_mail_an_open_node_asks_for_approval(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None)
    async with served.client() as web:
        said = (await web.get("/api/v2/instance")).json()["registrations"]

    made = await sign_up(served, reason="I work on ward 4.")

    assert (said["enabled"], said["approval_required"], said["reason_required"]) == (True, True, True)
    assert made.status_code == 200
    assert (await asked(served, made.json()["access_token"], "/api/v1/timelines/home")).status_code == 403


@pytest.mark.parametrize(
    ("mode", "enabled", "approval"),
    [("closed", False, False), ("invitation", False, False), ("approval", True, True), ("open", True, False)],
)
async def test_the_instance_says_who_can_join(
    fediverse: Fediverse, relay: Relay, mode: str, enabled: bool, approval: bool
) -> None:
    served = await opened(fediverse, relay, mode, registration={"message": "Ask <us>."})
    async with served.client() as web:
        newer, older = (await web.get("/api/v2/instance")).json(), (await web.get("/api/v1/instance")).json()
        rules = (await web.get("/api/v1/instance/rules")).json()
        nodeinfo = (await web.get("/nodeinfo/2.1")).json()

    assert newer["registrations"] == {
        "enabled": enabled, "approval_required": approval, "reason_required": approval,
        "message": None if enabled else "<p>Ask &lt;us&gt;.</p>", "min_age": None, "url": None,
    }  # fmt: skip
    assert (older["registrations"], older["approval_required"]) == (enabled, approval)
    assert nodeinfo["openRegistrations"] is enabled
    assert [(one["id"], one["text"]) for one in rules] == [("1", RULES[0]), ("2", RULES[1])]
    assert newer["rules"] == older["rules"] == rules


@ON_BOTH
async def test_a_name_is_one_persons_with_20_at_once(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    app = await app_token(served)

    async with served.client(app) as web:
        answers = await asyncio.gather(
            *(web.post("/api/v1/accounts", json={**WANTED, "email": f"m{n}@mail.example",
                                                 "username": "Imelda" if n % 2 else "imelda"})
              for n in range(20))
        )  # fmt: skip

    assert sorted(one.status_code for one in answers) == [200] + [422] * 19
    assert {one.json()["details"]["username"][0]["error"] for one in answers if one.status_code == 422} == {"ERR_TAKEN"}


async def test_one_address_signs_up_so_many_an_hour(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, limits={"rate": True})
    app = await app_token(served)
    async with served.database.writing() as db:  # as if most of them had been made
        await db.run(
            "INSERT INTO attempts (subject, since, count) VALUES ('sign-up 127.0.0.1', :now, 29)", now=fediverse.clock()
        )

    answers = [await sign_up(served, app, username=f"m{n}", email=f"m{n}@mail.example") for n in range(3)]

    assert [one.status_code for one in answers] == [200, 429, 429]
    assert int(answers[1].headers["retry-after"]) == 3600
    fediverse.clock.advance(seconds=3601)
    assert (await sign_up(served, app, username="later", email="later@mail.example")).status_code == 200


async def test_nobodys_box_is_filled_by_signing_up(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, limits={"rate": True})
    app = await app_token(served)

    answers = [await sign_up(served, app, username=f"m{n}", email="Rosa@mail.example") for n in range(8)]

    assert [one.status_code for one in answers] == [200] * 8
    assert len(relay.taken) == 5


async def test_an_account_that_nobody_confirms_goes_and_frees_its_name(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    token = (await sign_up(served)).json()["access_token"]
    late = relay.taken[0].path
    await registering.prune(served.node)
    still = await asked(served, token, "/api/v1/emails/check_confirmation")
    fediverse.clock.advance(seconds=9 * 24 * 3600)
    await registering.prune(served.node)

    assert still.status_code == 200
    assert (await asked(served, token, "/api/v1/emails/check_confirmation")).status_code == 401
    assert await confirmed(served, late) == 404
    assert (await sign_up(served)).status_code == 200


async def test_a_link_is_for_a_week(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay)
    await sign_up(served)
    fediverse.clock.advance(seconds=7 * 24 * 3600 + 1)

    assert await confirmed(served, relay.taken[0].path) == 404


@pytest.mark.parametrize("waits", [True, False], ids=["never let in", "let in"])
@ON_BOTH
async def test_what_somebody_wrote_to_join_goes_with_their_account(
    fediverse: Fediverse, relay: Relay, waits: bool
) -> None:
    served = await opened(fediverse, relay, "approval")
    await sign_up(served, reason="I work on ward 4.")
    async with served.database.writing() as db:
        member, actor = await members.with_actor(db, handle="imelda")
        if not waits:
            await registering.let_in(db, served.node.config, member, now=served.node.clock())
    async with served.database.writing() as db:
        await use.delete(db, served.node, actor)

    async with served.database.reading() as db:
        left = [await db.rows("SELECT 1 AS yes FROM joined"), await db.rows("SELECT 1 AS yes FROM links"),
                await db.rows("SELECT 1 AS yes FROM members"), await db.rows("SELECT 1 AS yes FROM tokens "
                "WHERE member_id IS NOT NULL")]  # fmt: skip
        names = await db.rows("SELECT handle FROM actors WHERE handle = 'imelda'")
    again = await sign_up(served, reason="Again.")
    assert left == [[], [], [], []]
    assert len(names) == (0 if waits else 1)
    assert again.status_code == (200 if waits else 422)
