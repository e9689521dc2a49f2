"""A post is taken back: every server that ever got it is told, and what each says is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from federation.fetching import posts as fetching
from node.connecting import follows as connecting
from node.connecting import teams
from node.sharing import fetched, reactions
from node.sharing.drafts import Draft
from storage import actors, audiences, posts
from storage.actors import Actor, ActorKind
from storage.database import Missing
from storage.members import Role
from storage.posts import Post, Visibility
from storage.teams import Place
from tests.federation.test_two_nodes import NOTE, follow, known_at, share
from tests.serving import ON_BOTH, Fediverse, Served


def answering(app: ASGIApp, status: int) -> ASGIApp:
    """The app, with a shared inbox that answers so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await Request(scope, receive).body()
            await Response(status_code=status)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


async def follower(fediverse: Fediverse, domain: str, north: Served, rosa: Actor) -> tuple[Served, Actor]:
    """A node with a member who follows Rosa."""
    made = await fediverse.node(domain)
    one = await made.account("sam")
    await follow(made, one, await known_at(made, rosa, north))
    await fediverse.quiet()
    return made, one


async def recall(served: Served, by: Actor, post: Post, reason: str = "wrong") -> dict[str, Any]:
    client = await served.as_member(by)
    answer = await client.post("/api/v1/sharewell/recalls", json={"status_id": str(post.id), "reason": reason})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def standing(served: Served, by: Actor, recall_id: str) -> dict[str, str]:
    """State by host."""
    client = await served.as_member(by)
    answer = await client.get(f"/api/v1/sharewell/recalls/{recall_id}")
    return {one["host"]: one["state"] for one in answer.json()["servers"]}


async def here(served: Served, uri: str) -> bool:
    async with served.database.reading() as db:
        try:
            await posts.by_uri(db, uri)
        except Missing:
            return False
    return True


@ON_BOTH
async def test_every_server_that_ever_got_it_is_told(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    imelda = await north.account("imelda")
    south, sam = await follower(fediverse, "south.example", north, rosa)  # follows her, and then no more
    west, _ = await follower(fediverse, "west.example", north, imelda)  # gets it passed on
    east = await fediverse.node("east.example")  # asks for it
    post = await share(north, rosa, NOTE)
    async with north.database.writing() as db:
        await reactions.boost(db, north.node, imelda, post.id)
    await fediverse.quiet()
    async with south.database.writing() as db:
        await connecting.unfollow(db, south.node, sam, await actors.by_uri(db, rosa.uri))
    async with north.database.writing() as db:
        await reactions.unboost(db, north.node, imelda, post.id)
    await fetching.by_uri(east.database, east.site, post.uri)
    await fediverse.quiet()
    assert [await here(one, post.uri) for one in (south, west, east)] == [True, True, True]

    made = await recall(north, gwen, post)
    await fediverse.quiet()

    assert [await here(one, post.uri) for one in (north, south, west, east)] == [False] * 4
    everyone = dict.fromkeys(("south.example", "west.example", "east.example"), "confirmed")
    assert await standing(north, gwen, made["id"]) == everyone
    assert (made["act"], made["reason"], made["by_author"]) == ("taken-back", "wrong", False)


@ON_BOTH
async def test_a_server_that_is_down_is_tried_until_it_is_back(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, _ = await follower(fediverse, "south.example", north, rosa)
    await follower(fediverse, "gone.example", north, rosa)
    await follower(fediverse, "broken.example", north, rosa)
    await follower(fediverse, "shut.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    fediverse.down.add("south.example")
    back = dict(fediverse.apps)
    for host, status in (("gone.example", 410), ("broken.example", 500), ("shut.example", 403)):
        fediverse.apps[host] = answering(back[host], status)

    made = await recall(north, rosa, post, "")
    await _until(north, rosa, made["id"], {"gone.example": "refused", "shut.example": "refused"})
    client = await north.as_member(rosa)
    shown = (await client.get(f"/api/v1/sharewell/recalls/{made['id']}")).json()
    by_host = {one["host"]: one for one in shown["servers"]}
    assert (by_host["south.example"]["state"], by_host["broken.example"]["state"]) == ("promised", "promised")
    assert by_host["gone.example"]["status"] == 410
    assert by_host["shut.example"]["said"] == "Refused (403)"
    assert shown["pending"] and shown["trying_until"] is not None
    assert shown["counts"]["promised"] == 2

    fediverse.down.clear()
    fediverse.apps.update(back)
    await _until(north, rosa, made["id"], {"south.example": "confirmed", "broken.example": "confirmed"})
    assert not await here(south, post.uri)


async def _until(served: Served, by: Actor, recall_id: str, wanted: dict[str, str]) -> None:
    """Let time pass until these servers stand so."""
    async with asyncio.timeout(20):
        while True:
            found = await standing(served, by, recall_id)
            if wanted.items() <= found.items():
                return
            served.fediverse.clock.advance(seconds=60)
            await asyncio.sleep(0.02)


@ON_BOTH
async def test_what_nobody_took_in_two_days_is_given_up(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    fediverse.down.add("south.example")

    made = await recall(north, rosa, post, "")
    await asyncio.sleep(0.2)
    fediverse.clock.advance(seconds=49 * 60 * 60)
    await _until(north, rosa, made["id"], {"south.example": "given-up"})
    async with asyncio.timeout(20):
        while await _noted(north) != "given-up":
            fediverse.clock.advance(seconds=600)
            await asyncio.sleep(0.02)


async def _noted(served: Served) -> str:
    async with served.database.reading() as db:
        row = await db.row("SELECT state FROM recall_inboxes")
    return "" if row is None else str(row["state"])


@ON_BOTH
async def test_twenty_who_take_it_back_at_once_do_it_once(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, _ = await follower(fediverse, "south.example", north, rosa)
    guardians = [await north.account(f"g{n}", role=Role.GUARDIAN) for n in range(20)]
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    clients = [await north.as_member(one) for one in guardians]
    body = {"status_id": str(post.id), "reason": "recognised"}

    async def press(client: httpx2.AsyncClient) -> httpx2.Response:
        return await client.post("/api/v1/sharewell/recalls", json=body)

    answers = await asyncio.gather(*(press(one) for one in clients))
    await fediverse.quiet()

    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["id"] for one in answers}) == 1
    said = [one for one in fediverse.exchanged if b'"Delete"' in one.body]
    assert [one.url for one in said] == ["https://south.example/inbox"]
    async with north.database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM audit WHERE action = 'post.recall recognised'")
    assert row is not None and row["n"] == 1
    assert not await here(south, post.uri)


async def told(served: Served, who: Actor) -> list[str]:
    """What the node wrote to a member."""
    client = await served.as_member(who)
    found = (await client.get("/api/v1/notifications")).json()
    return [
        one["status"]["content"]
        for one in found
        if one["type"] == "mention" and one["account"]["acct"] == "north.example"
    ]


@ON_BOTH
async def test_members_who_did_something_with_it_are_told_once_each_and_alone(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    ann, ben, cat, dot = [await north.account(name) for name in ("ann", "ben", "cat", "dot")]
    post = await share(north, rosa, NOTE)
    async with north.database.writing() as db:
        await reactions.boost(db, north.node, ann, post.id)
        await reactions.bookmark(db, north.node, ann, post.id)
        await reactions.bookmark(db, north.node, ben, post.id)
        await reactions.like(db, north.node, dot, post.id)
    await share(north, cat, Draft("We saw this too.", in_reply_to_id=post.id))

    await recall(north, gwen, post, "recognised")
    await fediverse.quiet()

    for who, did in ((ann, "passed on"), (ben, "saved"), (cat, "answered")):
        [words] = await told(north, who)
        assert f"A post that you {did} was taken back everywhere." in words
        assert "A guardian of this node did that. Somebody could be recognised in it." in words
        assert "heel" not in words.lower()
        assert sum(f"@{one.handle}" in words for one in (ann, ben, cat)) <= 1
    assert await told(north, dot) == []
    [words] = await told(north, rosa)
    assert "A guardian of this node took back a post of yours everywhere." in words


async def test_nobody_but_its_author_and_guardians_takes_it_back(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, imelda = await north.account("rosa"), await north.account("imelda")
    gwen = await south.account("gwen", role=Role.GUARDIAN)
    post = await share(north, rosa, NOTE)
    await fetching.by_uri(south.database, south.site, post.uri)
    client, guardian = await north.as_member(imelda), await south.as_member(gwen)
    async with south.database.reading() as db:
        copy = await posts.by_uri(db, post.uri)

    answers = [
        await client.post("/api/v1/sharewell/recalls", json={"status_id": str(post.id), "reason": "wrong"}),
        await guardian.post("/api/v1/sharewell/recalls", json={"status_id": str(copy.id), "reason": "wrong"}),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert await here(north, post.uri)
    made = await recall(north, rosa, post, "")
    assert (await client.get(f"/api/v1/sharewell/recalls/{made['id']}")).status_code == 404
    assert (await client.get("/api/v1/sharewell/recalls")).json() == []


async def test_a_guardian_says_why(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    post = await share(north, rosa, NOTE)
    client = await north.as_member(gwen)

    answer = await client.post("/api/v1/sharewell/recalls", json={"status_id": str(post.id), "reason": "because"})

    assert (answer.status_code, answer.json()["error"]) == (422, "Choose why it is taken back.")
    assert await here(north, post.uri)


@ON_BOTH
async def test_a_server_that_asked_and_is_not_known_is_looked_for(fediverse: Fediverse) -> None:
    north, east = await fediverse.node("north.example"), await fediverse.node("east.example")
    rosa = await north.account("rosa")
    post = await share(north, rosa, NOTE)
    await fetching.by_uri(east.database, east.site, post.uri)
    assert [host for _, host in north.node.fetched] == ["east.example"]
    async with north.database.writing() as db:
        await fetched.write(db, north.node)

    made = await recall(north, rosa, post, "")
    assert [(one["host"], one["state"]) for one in made["servers"]] == [("east.example", "sought")]
    await fediverse.quiet()

    assert await standing(north, rosa, made["id"]) == {"east.example": "confirmed"}
    assert not await here(east, post.uri)


async def test_a_post_of_somebody_who_is_hidden_is_taken_back_all_the_same(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    south, _ = await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    async with north.database.writing() as db:
        await actors.suspend(db, rosa.id, now=north.node.clock())

    made = await recall(north, gwen, post)
    await fediverse.quiet()

    assert await standing(north, gwen, made["id"]) == {"south.example": "confirmed"}
    assert not await here(south, post.uri)


async def test_where_a_boost_that_was_undone_went_is_remembered(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, imelda = await north.account("rosa"), await north.account("imelda")
    west, _ = await follower(fediverse, "west.example", north, imelda)
    post = await share(north, rosa, NOTE)
    async with north.database.writing() as db:
        await reactions.boost(db, north.node, imelda, post.id)
    await fediverse.quiet()
    async with north.database.writing() as db:
        await reactions.unboost(db, north.node, imelda, post.id)
    await fediverse.quiet()
    north.node.fetched.clear()  # that they asked for it would do, too

    await recall(north, rosa, post, "")
    await fediverse.quiet()

    assert not await here(west, post.uri)


async def test_who_asks_unsigned_or_for_what_is_not_for_everybody_is_not_remembered(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    _south, _ = await follower(fediverse, "south.example", north, rosa)
    public = await share(north, rosa, NOTE)
    private = await share(north, rosa, replace(NOTE, visibility=Visibility.PRIVATE))
    signed = {"accept": "application/activity+json", "signature": 'keyId="https://e.example/k",signature="eA=="'}

    async with north.client() as client:
        await client.get(public.uri, headers={"accept": "application/activity+json"})
        await client.get(private.uri, headers=signed)
        assert north.node.fetched == {}
        await client.get(public.uri, headers=signed)

    assert north.node.fetched == {(public.id, "e.example"): "https://e.example/k"}


async def test_who_asked_is_written_down_before_the_node_stops(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    post = await share(north, await north.account("rosa"), NOTE)
    stop = asyncio.Event()
    writing = asyncio.create_task(fetched.keep_writing(north.node, stop))

    fetched.note(north.node, post.id, "https://e.example/k")
    stop.set()
    await writing

    async with north.database.reading() as db:
        [(asked, inbox)] = await audiences.fetchers(db, post.id)
    assert (asked.host, asked.key_uri, inbox) == ("e.example", "https://e.example/k", "")


async def test_deleting_in_an_app_tells_everyone_too(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, sam = await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    async with south.database.writing() as db:
        await connecting.unfollow(db, south.node, sam, await actors.by_uri(db, rosa.uri))
    await fediverse.quiet()

    client = await north.as_member(rosa)
    assert (await client.delete(f"/api/v1/statuses/{post.id}")).status_code == 200
    await fediverse.quiet()

    assert not await here(south, post.uri)


@ON_BOTH
async def test_nothing_of_the_text_is_left(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    await follower(fediverse, "south.example", north, rosa)
    fediverse.down.add("south.example")  # the Create still waits for it
    post = await share(north, rosa, Draft("Zebrafish in the sluice."))

    await recall(north, gwen, post)

    async with north.database.reading() as db:
        for table in ("posts", "edits", "activities_out", "recalls", "recall_inboxes", "audit", "notifications"):
            rows = await db.rows(f"SELECT * FROM {table}")
            assert not any("zebrafish" in str(tuple(row)).lower() for row in rows), table
        assert await posts.buried(db, post.uri) is not None


@ON_BOTH
async def test_what_was_hidden_since_somebody_is_recognisable_is_taken_back_too(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    south, _ = await follower(fediverse, "south.example", north, rosa)
    out = await share(north, rosa, NOTE)
    await fediverse.quiet()
    on_its_way = await share(north, rosa, replace(NOTE, title="Another"))
    guardian = await north.as_member(gwen)
    async with north.client() as nobody:
        for post in (out, on_its_way):
            said = await nobody.post("/api/v1/sharewell/recognisable", json={"status_id": str(post.id)})
            assert said.status_code == 200, said.text
    await fediverse.quiet()
    reached = await here(south, out.uri)
    waited = len((await guardian.get("/api/v1/sharewell/guardian/cases")).json())

    made = [await recall(north, gwen, post, "recognised") for post in (out, on_its_way)]
    await fediverse.quiet()

    assert (reached, waited) == (True, 2)
    assert [await here(one, post.uri) for one in (north, south) for post in (out, on_its_way)] == [False] * 4
    assert [await standing(north, gwen, one["id"]) for one in made] == [{"south.example": "confirmed"}] * 2
    assert (await guardian.get("/api/v1/sharewell/guardian/cases")).json() == []


@ON_BOTH
async def test_who_wrote_for_a_team_takes_it_back_and_only_audit_says_who(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    alice, bob = await north.account("alice"), await north.account("bob")
    team = await north.account("skin_links", kind=ActorKind.GROUP)
    async with north.database.writing() as db:
        for name in ("alice", "bob"):
            await teams.add(db, north.node, team, name, Place.MEMBER, by=None)
    await follower(fediverse, "south.example", north, team)
    client = await north.as_member(alice)
    said = await client.post("/api/v1/statuses", json={"status": "A seal", "sharewell": {"as": str(team.id)}})
    async with north.database.reading() as db:
        post = await posts.any_by_id(db, int(said.json()["id"]))
    await fediverse.quiet()
    refused = await (await north.as_member(bob)).post(
        "/api/v1/sharewell/recalls", json={"status_id": str(post.id), "reason": "wrong"}
    )

    made = await recall(north, alice, post)
    await fediverse.quiet()

    assert (said.json()["account"]["acct"], refused.status_code, made["by_author"]) == ("skin_links", 403, True)
    assert await standing(north, alice, made["id"]) == {"south.example": "confirmed"}
    async with north.database.reading() as db:
        rows = await db.rows("SELECT author_id, by_id FROM recalls")
        noted = await db.rows("SELECT actor_id FROM audit WHERE action = 'post.recall wrong'")
    assert [tuple(row) for row in rows] == [(team.id, team.id)]
    assert [row["actor_id"] for row in noted] == [alice.id]
