"""Groups here and what other servers send them: one of these fills no list, and what it sent it can take back."""

from __future__ import annotations

from typing import Any

import pytest

from node.activitypub import inbox
from node.connecting import groups as making
from node.connecting.groups import Said
from node.surfacing import relaying
from storage import actors, admissions, blocks, posts, submissions, teams, throttle
from storage.actors import Actor
from storage.admissions import Way
from storage.groups import Joining, Posting, Settings
from storage.members import Role
from tests.federation.remote import Remote, RemoteActor, deliver, remote
from tests.federation.test_group_announces import announce
from tests.serving import Fediverse, Served


@pytest.fixture
def other(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "other.test")


async def made(node: Served, alice: Actor, name: str, joining: Joining) -> Actor:
    said = Said(name, "We count falls.", Settings(joining=joining, posting=Posting.ANYONE))
    return await making.make(node.node, alice, name, said)


async def joins(node: Served, who: RemoteActor, group: Actor) -> str:
    """The id of the Join."""
    said = who.activity("Join", group.uri, name=group.handle)
    assert (await deliver(node, who, said)).status_code == 202
    return str(said["id"])


async def asking(node: Served, group: Actor) -> list[str]:
    async with node.database.reading() as db:
        return [one.uri for one in await admissions.of_group(db, group.id, Way.ASKED)]


async def inside(node: Served, group: Actor) -> list[str]:
    async with node.database.reading() as db:
        return sorted(one.actor.uri for one in await teams.members(db, group.id) if not one.actor.here)


async def test_one_server_does_not_fill_the_lists_of_a_group(
    node: Served, alice: Actor, good: Remote, other: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((admissions, "ASKED_OF_HOST"), (submissions, "OF_AUTHOR"), (teams, "OF_HOST")):
        monkeypatch.setattr(module, name, 2)
    monkeypatch.setattr(submissions, "OF_HOST", 3)
    closed, wide = [await made(node, alice, name, how) for name, how in (("c", Joining.REQUEST), ("w", Joining.OPEN))]
    many, far = [good.actor(f"a{n}") for n in range(5)], other.actor("far")
    for one in (*many, far):
        await joins(node, one, closed)
        await joins(node, one, wide)
    for n in range(3):
        for one in (*many[:2], far):
            at = f"{2000 + n}-10-26T06:00:00Z" if one is far else "2026-10-26T06:00:00Z"
            note = one.note(f"{one.uri[-3:]}{n}", "Beds", published=at, cc=[closed.uri],
                            tag=[{"type": "Mention", "href": closed.uri}])  # fmt: skip
            assert (await deliver(node, one, one.create(note, cc=[closed.uri]))).status_code == 202
    await node.fediverse.quiet()

    assert await asking(node, closed) == [many[0].uri, many[1].uri, far.uri]
    assert await inside(node, wide) == [many[0].uri, many[1].uri, far.uri]
    assert await asking(node, wide) == [many[2].uri, many[3].uri]
    async with node.database.reading() as db:
        waiting = await submissions.waiting(db, closed.id)
        found = await posts.by_ids(db, waiting)
        authors = [(await _uri(db, found[one].author_id)) for one in waiting]
    assert authors == [many[0].uri, many[1].uri, far.uri, many[0].uri, far.uri]
    assert [one for one in good.got if one["type"] == "Reject"] != []


async def _uri(db: Any, actor_id: int) -> str:
    row = await db.row("SELECT uri FROM actors WHERE id = :id", id=actor_id)
    return str(row["uri"])


async def test_one_server_asks_somebody_into_so_many_groups(
    node: Served, alice: Actor, good: Remote, other: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions, "INVITED_OF_HOST", 2)
    many = [*(good.actor(f"g{n}", type="Group") for n in range(3)), other.actor("far", type="Group")]

    answers = [
        (await deliver(node, one, one.activity("Invite", alice.uri, target=one.uri))).status_code for one in many
    ]

    assert answers == [202, 202, 400, 202]
    async with node.database.reading() as db:
        assert [one.handle for one in await admissions.invitations_of(db, alice.id)] == ["g0", "g1", "far"]


async def test_what_was_asked_is_taken_back_by_its_id_alone(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    closed, wide = [await made(node, alice, name, how) for name, how in (("c", Joining.REQUEST), ("w", Joining.OPEN))]
    far, club = good.actor("far", key=2), good.actor("club", key=3, type="Group")
    for group in (closed, wide):
        for who in (gina, far):
            await joins(node, who, group)
    let_in = await node.as_member(alice)
    async with node.database.reading() as db:
        known = {one.uri: one.id for one in await admissions.of_group(db, closed.id, Way.ASKED)}
    answer = await let_in.post(f"/api/v1/sharewell/teams/{closed.id}/requests/{known[far.uri]}/accept")
    assert answer.status_code == 200, answer.text
    invite = club.activity("Invite", alice.uri, target=club.uri)
    await deliver(node, club, invite)

    async def undo(who: RemoteActor, uri: str) -> None:
        assert (await deliver(node, who, who.activity("Undo", uri, name=f"{who.uri} {uri}"))).status_code == 202

    for group in (closed, wide):
        await undo(far, gina.activity("Join", group.uri, name=group.handle)["id"])  # is not theirs
    before = [await asking(node, closed), await inside(node, closed), await inside(node, wide)]
    await undo(gina, gina.activity("Join", closed.uri, name="c")["id"])
    await undo(gina, gina.activity("Join", wide.uri, name="w")["id"])
    await undo(far, far.activity("Join", closed.uri, name="c")["id"])
    await undo(club, invite["id"])

    assert before == [[gina.uri], [far.uri], [far.uri, gina.uri]]
    assert [await asking(node, closed), await inside(node, closed), await inside(node, wide)] == [[], [], [far.uri]]
    async with node.database.reading() as db:
        assert await admissions.invitations_of(db, alice.id) == []


async def test_a_group_elsewhere_makes_us_ask_others_only_so_often_and_of_what_is_here(
    node: Served, other: Remote, good: Remote, gina: RemoteActor
) -> None:
    group, here, away = other.actor("falls", key=2, type="Group"), gina.note("1", "Low beds"), gina.note("2", "Away")
    await deliver(node, gina, gina.create(here))
    new = {**here, "content": "<p>Lower beds</p>", "updated": "2026-10-26T06:00:00.100Z"}
    for one in (new, away):
        good.serve(one)
    node.fediverse.clock.advance(seconds=60)

    async def passes_on(note: dict[str, Any], name: str, who: RemoteActor = gina) -> list[str]:
        good.asked.clear()
        await deliver(node, group, announce(group, who.activity("Update", note, name=name), name))
        await node.fediverse.quiet()
        return [one for one in good.asked if one.startswith("/notes")]

    assert await passes_on(away, "u1") == []
    async with node.database.writing() as db:
        for _ in range(inbox.ASKED):
            await throttle.count(db, "forwarded other.test", now=node.node.clock(), window=inbox.HOUR)
    assert await passes_on(here, "u2") == []
    assert await passes_on(here, "u4", good.actor("else", key=4)) == []  # of a post that is another's
    node.fediverse.clock.advance(seconds=3600)
    assert await passes_on(here, "u3") == ["/notes/1"]


async def test_who_is_blocked_or_tireless_is_not_passed_on(
    node: Served, alice: Actor, good: Remote, other: Remote, gina: RemoteActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "RELAYED", 2)
    group = await made(node, alice, "falls", Joining.OPEN)
    club, far = other.actor("club", key=2, type="Group"), other.actor("far", key=3)
    await deliver(node, club, club.activity("Follow", group.uri))
    app = await node.as_member(alice)
    post = (await app.post("/api/v1/statuses", json={"status": "Low beds @falls"})).json()
    for n in range(4):  # of these two likes and one end of a like are more than two
        type = "Undo" if n % 2 else "Like"
        liked = {"id": post["uri"], "type": "Note", "content": "Mrs Alder fell again"}
        like = gina.activity("Like", liked, name=str(n // 2), cc=[group.uri])
        said = gina.activity("Undo", like, name=str(n), cc=[group.uri]) if type == "Undo" else like
        await deliver(node, gina, said)
    async with node.database.writing() as db:
        await blocks.add(db, actor_id=group.id, target_id=(await actors.by_uri(db, gina.uri)).id)
    node.fediverse.clock.advance(seconds=3600)
    await deliver(node, gina, gina.activity("Like", post["uri"], name="late", cc=[group.uri]))
    await deliver(node, far, far.activity("Like", post["uri"], cc=[group.uri]))
    await node.fediverse.quiet()

    told = [one["object"] for one in other.got if one["type"] == "Announce" and isinstance(one["object"], dict)]
    assert [(one["type"], one["actor"]) for one in told] == [
        ("Create", alice.uri), ("Like", gina.uri), ("Undo", gina.uri), ("Like", far.uri),
    ]  # fmt: skip
    about = [one["object"]["object"] if one["type"] == "Undo" else one["object"] for one in told[1:]]
    assert about == [post["uri"]] * 3  # by its id: words that came with it nobody read


async def test_a_group_tells_its_followers_that_a_guardian_took_a_post_back(
    node: Served, alice: Actor, other: Remote
) -> None:
    gwen = await node.account("gwen", role=Role.GUARDIAN)
    group = await made(node, alice, "falls", Joining.OPEN)
    club = other.actor("club", key=2, type="Group")
    await deliver(node, club, club.activity("Follow", group.uri))
    app = await node.as_member(alice)
    post = (await app.post("/api/v1/statuses", json={"status": "Low beds @falls"})).json()
    await node.fediverse.quiet()
    guardian = await node.as_member(gwen)
    await guardian.post("/api/v1/sharewell/recalls", json={"status_id": post["id"], "reason": "wrong"})
    await node.fediverse.quiet()

    told = [one["object"] for one in other.got if one["type"] == "Announce" and isinstance(one["object"], dict)]
    assert [(one["type"], one["actor"]) for one in told] == [("Create", alice.uri), ("Delete", alice.uri)]
