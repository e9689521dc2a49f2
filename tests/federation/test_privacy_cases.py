"""What other servers can ask for: the cases of group ``privacy`` that federation can fail."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import httpx2
import pytest

from storage import peers
from storage.actors import Actor
from storage.peers import Policy
from tests.federation.remote import AS2, Remote, RemoteActor, Signing, deliver, remote, signed_headers
from tests.serving import Fediverse, Served

SECRET = "quokka"


async def say(node: Served, by: Actor, text: str, visibility: str = "public") -> Any:
    async with await node.as_member(by) as app:
        made = (await app.post("/api/v1/statuses", json={"status": text, "visibility": visibility})).json()
    await node.fediverse.quiet()
    return made


async def asked(node: Served, uri: str, by: RemoteActor | None = None) -> httpx2.Response:
    """A GET of a document, signed by this actor or by nobody."""
    headers = {"accept": AS2}
    if by is not None:
        date = formatdate(node.node.clock() / 1000, usegmt=True)
        how = Signing(("(request-target)", "host", "date"), method="get", date=date)
        signed = signed_headers(by, uri, b"", how, now=node.node.clock())
        headers |= {name: value for name, value in signed.items() if name in ("host", "date", "signature")}
    async with node.client() as http:
        return await http.get(uri, headers=headers)


async def befriend(node: Served, alice: Actor, gina: RemoteActor) -> None:
    """Gina follows Alice."""
    follow = {**gina.activity("Follow", alice.uri), "to": [alice.uri]}
    assert (await deliver(node, gina, follow)).status_code == 202
    await node.fediverse.quiet()


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_a_stranger_is_given_no_document_of_it(
    node: Served, alice: Actor, gina: RemoteActor, visibility: str
) -> None:
    post = await say(node, alice, f"The {SECRET}", visibility)

    for uri in (post["uri"], post["uri"] + "/activity"):
        for by in (None, gina):
            answer = await asked(node, uri, by)
            assert answer.status_code in (401, 403, 404), uri
            assert SECRET not in answer.text


async def test_a_follower_is_given_it_and_no_cache_keeps_it(node: Served, alice: Actor, gina: RemoteActor) -> None:
    await befriend(node, alice, gina)
    post = await say(node, alice, f"The {SECRET}", "private")

    answer = await asked(node, post["uri"], gina)

    assert (answer.status_code, SECRET in answer.text) == (200, True)
    assert "public" not in answer.headers["cache-control"]
    assert "accept" in answer.headers["vary"].lower()


async def test_who_was_removed_is_given_nothing_more(node: Served, alice: Actor, gina: RemoteActor) -> None:
    await befriend(node, alice, gina)
    post = await say(node, alice, f"The {SECRET}", "private")
    async with await node.as_member(alice) as app:
        await app.post(f"/api/v1/accounts/{await _actor_id(node, gina)}/remove_from_followers")

    assert (await asked(node, post["uri"], gina)).status_code in (401, 403, 404)


async def _actor_id(node: Served, who: RemoteActor) -> int:
    async with node.database.reading() as db:
        row = await db.row("SELECT id FROM actors WHERE uri = :uri", uri=who.uri)
    assert row is not None
    return int(row["id"])


async def test_the_outbox_lists_what_is_public(node: Served, alice: Actor, gina: RemoteActor) -> None:
    await befriend(node, alice, gina)
    await say(node, alice, "Open to all")
    for visibility in ("private", "direct"):
        await say(node, alice, f"The {SECRET}", visibility)

    for by in (None, gina):
        first = (await asked(node, f"{alice.uri}/outbox", by)).json()
        uri = first["first"] if isinstance(first["first"], str) else first["first"]["id"]
        text = (await asked(node, uri, by)).text
        assert ("Open to all" in text, SECRET in text) == (True, False)


async def test_a_direct_post_goes_to_whom_it_names_alone(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, fediverse: Fediverse
) -> None:
    other = remote(fediverse, "other.test")
    await befriend(node, alice, other.actor("olga", key=2))
    other.got.clear()
    async with await node.as_member(alice) as app:
        await app.get("/api/v2/search", params={"q": "gina@good.test", "resolve": "true"})

    await say(node, alice, f"@gina@good.test the {SECRET}", "direct")

    assert [one["type"] for one in good.got] == ["Create"]
    assert {"bto", "bcc"} & (good.got[0].keys() | good.got[0]["object"].keys()) == set()
    assert other.got == []


@pytest.mark.parametrize("blocked", ["good.test", "test"], ids=["the server", "the domain it is of"])
async def test_a_blocked_server_neither_brings_nor_gets(
    node: Served, alice: Actor, gina: RemoteActor, good: Remote, blocked: str
) -> None:
    post = await say(node, alice, "Hello")
    async with node.database.writing() as db:
        await peers.decide(db, blocked, Policy.SUSPENDED, reason="", now=node.node.clock())
    good.asked.clear()

    brought = await deliver(node, gina, gina.create(gina.note("1")))
    got = await asked(node, post["uri"], gina)
    async with await node.as_member(alice) as app:
        found = (await app.get("/api/v2/search", params={"q": "gina@good.test", "resolve": "true"})).json()

    assert brought.status_code in (401, 403)
    assert got.status_code in (401, 403)
    assert (found["accounts"], good.asked) == ([], [])


async def test_what_was_never_theirs_is_neither_passed_on_nor_thanked_for(
    node: Served, alice: Actor, gina: RemoteActor
) -> None:
    for visibility in ("private", "direct"):
        post = await say(node, alice, f"The {SECRET}", visibility)
        await deliver(node, gina, gina.activity("Announce", post["uri"], name=visibility))
        await deliver(node, gina, gina.activity("Like", post["uri"], name=visibility))
        async with await node.as_member(alice) as app:
            seen = (await app.get(f"/api/v1/statuses/{post['id']}")).json()
            told = (await app.get("/api/v1/notifications")).json()
        assert (seen["reblogs_count"], seen["favourites_count"], told) == (0, 0, [])
