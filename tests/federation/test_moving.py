"""Accounts move: who followed the old one follows the new one, here and elsewhere; what is not true moves nobody."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from node.activitypub import inbox
from node.archive.walking import Walk
from node.connecting import belonging, moving
from node.connecting import blocks as blocking
from node.connecting import lists as listing
from node.connecting import mutes as muting
from node.connecting.going_along import SOME
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.operating import closing
from node.surfacing.surface import announce
from storage import actors, blocks, follows, lists, moves, mutes, notifications, teams
from storage.actors import Actor, ActorKind
from storage.groups import Joining
from storage.lists import Replies
from storage.notifications import Reason
from storage.paging import Page
from tests.federation.remote import Remote, RemoteActor, deliver, remote
from tests.federation.test_group_limits import made
from tests.federation.test_origin_cases import accepted, asked, kept_actor
from tests.federation.test_two_nodes import NOTE, follow, known_at, share
from tests.serving import ON_BOTH, Fediverse, Served

MANY = 40
WEEK = 7 * 24 * 60 * 60  # seconds
AS2 = {"accept": "application/activity+json"}


async def followed(served: Served, member: Actor) -> set[str]:
    """Whom a member follows who let them, by uri."""
    async with served.database.reading() as db:
        return {one.uri for _, one in await follows.following(db, member.id, Page(limit=80))}


async def name(there: Served, new: Actor, old: Actor, home: Served) -> None:
    """The new account says that the old one is its own too."""
    other = await known_at(there, old, home)
    async with there.database.writing() as db:
        told = await moving.add_alias(db, there.node, new, other)
    announce(there.node, told)


async def move(here: Served, old: Actor, address: str) -> Actor:
    """As the member does on the page, behind the password."""
    target = await moving.asked(here.node, address)
    async with here.database.writing() as db:
        told = await moving.begin(db, here.node, old, target)
    announce(here.node, told)
    await here.fediverse.quiet()
    return target


async def stopped(node: Node, ready: list[closing.Ready], after: int) -> None:
    """Move them, and be killed on the way, when so many have moved."""
    work = asyncio.create_task(closing.move(node, ready))
    moved = 0
    while moved < after:
        await asyncio.sleep(0.002)
        async with node.database.reading() as db:
            moved = sum([await moves.of(db, one.me.id) is not None for one in ready])
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_forty_members_move_at_once_with_their_followers_on_three_nodes(
    fediverse: Fediverse, tmp_path: Path
) -> None:
    north, south, west = [await fediverse.node(f"{one}.example") for one in ("north", "south", "west")]
    ada, cleo = await north.account("ada"), await west.account("cleo")
    olds = [await north.account(f"n{number}") for number in range(MANY)]
    news = [await south.account(f"s{number}") for number in range(MANY)]
    for old, new in zip(olds, news, strict=True):
        await follow(north, ada, old)
        await follow(west, cleo, await known_at(west, old, north))
        if old is not olds[-1]:
            await name(south, new, old, north)
    await fediverse.quiet(seconds=60)
    post = await share(north, olds[0], NOTE)
    before = {one.uri for one in olds}
    assert await followed(north, ada) == await followed(west, cleo) == before

    table = tmp_path / "moves.csv"
    lines = [f"@{old.handle}, {new.handle}@south.example" for old, new in zip(olds, news, strict=True)]
    table.write_text("\n".join(["handle,address", *lines, ""]))
    rows = closing.read(table, "north.example")
    ready, done, wrong = await closing.look(north.node, rows)
    assert (len(ready), done, [one.handle for one, _ in wrong]) == (MANY - 1, 0, [f"n{MANY - 1}"])
    assert (
        f"s{MANY - 1}@south.example does not say yet that it is yours: sign in there and add {olds[-1].uri}"
        in wrong[0][1]
    )

    await name(south, news[-1], olds[-1], north)
    ready, _, _ = await closing.look(north.node, rows)
    await stopped(north.node, ready, after=MANY // 4)
    left, done, wrong = await closing.look(north.node, rows)
    assert MANY > done >= MANY // 4 and len(left) == MANY - done and not wrong
    await closing.move(north.node, left)
    await fediverse.quiet(seconds=60)

    after = {one.uri for one in news}
    assert await followed(west, cleo) == after
    assert await followed(north, ada) == after
    async with south.database.reading() as db:
        counts = {one.followers_count for one in (await actors.by_ids(db, [new.id for new in news])).values()}
    assert counts == {2}
    await _old_links_lead_on(north, post.uri)
    await _the_archive_leads_on(north, tmp_path / "kept")


async def _old_links_lead_on(north: Served, post: str) -> None:
    async with north.client() as reader:
        page = (await reader.get("/@n0")).text
        shared = await reader.get(post)
        actor = (await reader.get("/users/n0", headers=AS2)).json()
        note = (await reader.get(post, headers=AS2)).json()
        found = (await reader.get("/.well-known/webfinger?resource=acct:n0@north.example")).json()
        account = (await reader.get("/api/v1/accounts/lookup?acct=n0")).json()
        status = (await reader.get(f"/api/v1/statuses/{post.rpartition('/')[2]}")).json()
    link = 'href="https://south.example/@s0"'
    assert "This account has moved" in page and link in page and "Look under the heel" in page
    assert shared.status_code == 200 and "n0 has moved to" in shared.text and link in shared.text
    assert actor["movedTo"] == "https://south.example/users/s0"
    assert (note["id"], found["subject"]) == (post, "acct:n0@north.example")
    assert account["moved"]["acct"] == status["account"]["moved"]["acct"] == "s0@south.example"
    assert account["moved"]["moved"] is None


async def _the_archive_leads_on(north: Served, folder: Path) -> None:
    await Walk(north.app, north.node, folder, "n0").whole()
    page = (folder / "@n0" / "index.html").read_text()
    assert "This account has moved" in page and 'href="https://south.example/@s0"' in page
    assert json.loads((folder / "users" / "n0" / "index.json").read_text())["movedTo"].endswith("/users/s0")


@ON_BOTH
async def test_members_go_along_as_they_followed_and_who_does_not_want_stays_away(fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    old, new = await node.account("old"), await node.account("new")
    crowd = [await node.account(f"m{number}") for number in range(SOME + 2)]
    quiet, strict, hushed, apart, known = crowd[:5]
    async with node.database.writing() as db:
        kept = await listing.create(db, node.node, quiet, title="Ward", replies=Replies.LIST, exclusive=True)
    for one in crowd:
        if one is not apart:
            await follow(node, one, old)
    await follow(node, known, new)
    async with node.database.writing() as db:
        await follows.tune(db, follower_id=quiet.id, target_id=old.id, boosts=None, notify=5)
        await listing.put(db, kept, [old.id])
        await blocking.block(db, node.node, strict, new)
        await muting.mute(db, node.node, hushed, old)
        await blocking.block(db, node.node, apart, old)
    await name(node, new, old, node)

    await move(node, old, "new@north.example")

    async with node.database.reading() as db:
        went = await follows.by(db, target_id=new.id, follower_ids=[one.id for one in crowd])
        stayed = await follows.by(db, target_id=old.id, follower_ids=[one.id for one in crowd])
        on_list = [one.id for _, one in await lists.accounts(db, kept.id, Page())]
        muted = await mutes.of(db, member_id=hushed.id, target_ids=[new.id], now=node.node.clock())
        told = await notifications.newest(db, quiet.id, Page(), now=node.node.clock())
        unseen = await notifications.newest(db, hushed.id, Page(), now=node.node.clock())
        last = await moves.of(db, old.id)
        blocked = await blocks.either(db, apart.id, new.id)
    assert went.keys() == {one.id for one in crowd} - {strict.id, apart.id}
    assert (list(stayed), on_list, list(muted), blocked) == ([strict.id], [new.id], [new.id], True)
    assert (went[quiet.id].boosts, went[quiet.id].notify is None) == (None, False)
    assert [(one.reason, one.actor_id) for one in told] == [(Reason.MOVED, old.id)]
    assert unseen == []
    assert last is not None and last.carried == len(crowd) - 2


async def test_a_locked_account_is_asked_and_a_team_moves_too(fediverse: Fediverse, node: Served, alice: Actor) -> None:
    far = remote(fediverse, "far.test")
    crew = far.actor("crew", key=3, type="Group")
    team = await node.account("team", kind=ActorKind.GROUP)
    shut = await node.account("shut")
    async with node.database.writing() as db:
        await db.run("UPDATE actors SET locked = 1 WHERE id = :id", id=shut.id)
    gina = far.actor("gina", key=4)
    for one, here in ((crew, team), (gina, shut)):
        there, uri = await asked(node, alice, one)
        await deliver(node, one, one.activity("Accept", uri))
        async with node.database.writing() as db:
            told = await moving.add_alias(db, node.node, here, there)
        announce(node.node, told)
        await deliver(node, one, {**one.activity("Move", one.uri), "target": here.uri})
    await node.fediverse.quiet()

    async with node.database.reading() as db:
        found = await follows.of(db, follower_id=alice.id, target_ids=[team.id, shut.id])
    assert found[team.id].accepted is not None and found[shut.id].accepted is None
    assert await followed(node, alice) == {team.uri}
    undone = [(one["type"], one["object"]["type"], one["object"]["object"]) for one in far.got if one["type"] == "Undo"]
    assert sorted(undone) == [("Undo", "Follow", crew.uri), ("Undo", "Follow", gina.uri)]


def _lies(good: Remote, evil: Remote, gina: RemoteActor, mallory: RemoteActor) -> dict[str, dict[str, Any]]:
    """Moves of gina, signed by her server, that are not true; what is not so in each."""
    names = {"alsoKnownAs": [gina.uri]}
    fake = evil.actor("fake", key=5, **names)
    evil.serve({**good.actor("greg", key=6).document, **names}, at="/users/greg")
    note = {**gina.note("n1"), **names}
    good.serve(note)
    targets = {
        "no alias": good.actor("bare", key=6).uri,
        "alias of another": good.actor("other", key=6, alsoKnownAs=[mallory.uri]).uri,
        "has the id of another server": "https://evil.test/users/greg",
        "has moved itself": good.actor("chain", key=6, movedTo=fake.uri, **names).uri,
        "has moved back": good.actor("loop", key=6, movedTo=gina.uri, **names).uri,
        "a group": good.actor("crowd", key=6, type="Group", **names).uri,
        "not there": "https://good.test/users/nobody",
        "no actor": note["id"],
        "itself": gina.uri,
        "no address": "javascript:alert(1)",
    }
    lies = {why: {**gina.activity("Move", gina.uri, why), "target": uri} for why, uri in targets.items()}
    lies["no target"] = gina.activity("Move", gina.uri, "none")
    lies["of another"] = {**gina.activity("Move", mallory.uri, "other"), "target": fake.uri}
    return lies


async def test_what_is_not_true_moves_nobody(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOVES", 99)
    evil = remote(fediverse, "evil.test")
    mallory = evil.actor("mallory", key=2)
    there, uri = await asked(node, alice, gina)
    await deliver(node, gina, gina.activity("Accept", uri))

    for said in _lies(good, evil, gina, mallory).values():
        await deliver(node, gina, said)
    false = evil.actor("false", key=5, alsoKnownAs=[gina.uri])
    for by in (mallory, false):  # not the old account's to say, though the new one names it
        await deliver(node, by, {**by.activity("Move", gina.uri), "target": false.uri})
        await deliver(node, by, {**gina.activity("Move", gina.uri, "forged"), "target": false.uri})
    await node.fediverse.quiet()

    assert await followed(node, alice) == {gina.uri}
    known = await kept_actor(node, gina.uri)
    assert known is not None and known.moved_to == ""
    async with node.database.reading() as db:
        assert await moves.of(db, there.id) is None


async def test_a_move_counts_once_a_week_and_what_the_new_account_says_now_decides(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    there, uri = await asked(node, alice, gina)
    await deliver(node, gina, gina.activity("Accept", uri))
    names = {"alsoKnownAs": [gina.uri]}
    greg, hugo = good.actor("greg", key=6, **names), good.actor("hugo", key=7, **names)
    stale, _ = await asked(node, await node.account("bob"), good.actor("stale", key=8, **names))
    good.actor("stale", key=8)  # said so once, and does not any more

    await deliver(node, gina, {**gina.activity("Move", gina.uri, "0"), "target": stale.uri})
    await node.fediverse.quiet()
    assert await accepted(node, alice, there)

    move = {**gina.activity("Move", gina.uri), "target": greg.uri}
    await deliver(node, gina, move)
    await node.fediverse.quiet()
    first = await kept_actor(node, greg.uri)
    assert first is not None and not await accepted(node, alice, there)
    async with node.database.reading() as db:
        assert await follows.between(db, follower_id=alice.id, target_id=first.id) is not None
        assert (await actors.by_id(db, there.id)).moved_to == greg.uri

    with pytest.raises(NotAllowed):  # nobody new comes to who has moved
        await asked(node, alice, gina)
    async with node.database.writing() as db:  # as if she had followed again, and not gone along
        await follows.ask(db, follower_id=alice.id, target_id=there.id, uri="again", now=1, accepted=1)
    for one in (move, {**gina.activity("Move", gina.uri, "2"), "target": hugo.uri}):
        await deliver(node, gina, one)
    await node.fediverse.quiet()
    assert await kept_actor(node, hugo.uri) is None or await accepted(node, alice, there)

    fediverse.clock.advance(seconds=WEEK)
    await deliver(node, gina, {**gina.activity("Move", gina.uri, "3"), "target": hugo.uri})
    await node.fediverse.quiet()
    second = await kept_actor(node, hugo.uri)
    assert second is not None and not await accepted(node, alice, there)


async def test_nobody_comes_into_a_group_that_has_moved_and_who_moved_comes_into_none(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    bob, cleo = await node.account("bob"), await node.account("cleo")
    left, other = [await made(node, alice, one, Joining.OPEN) for one in ("left", "other")]
    for old in (left, bob):
        sort = "Group" if old is left else "Person"
        new = good.actor(f"new{old.handle}", key=6, type=sort, alsoKnownAs=[old.uri])
        await move(node, old, new.uri)

    assert (await deliver(node, gina, gina.activity("Join", left.uri))).status_code == 202
    for who, group in ((cleo, left), (bob, other)):
        async with node.database.writing() as db:
            me, there = await actors.by_id(db, who.id), await actors.by_id(db, group.id)
            with pytest.raises(NotAllowed, match="has moved"):
                await belonging.join(db, node.node, me, there)
    await node.fediverse.quiet()

    assert "Reject" in [one["type"] for one in good.got]
    async with node.database.reading() as db:
        inside = [[one.actor.id for one in await teams.members(db, group.id)] for group in (left, other)]
    assert inside == [[alice.id]] * 2


async def test_moves_make_us_ask_other_servers_only_so_often(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOVES", 2)
    monkeypatch.setattr(inbox, "ASKED", 3)
    far = remote(fediverse, "far.test")
    greta = good.actor("greta", key=6)
    for one in (gina, greta):
        _there, uri = await asked(node, alice, one)
        await deliver(node, one, one.activity("Accept", uri))
    news = [far.actor(name, alsoKnownAs=[of.uri]).uri for name, of in (("n", gina), ("m", greta))]

    async def moves_to(who: RemoteActor, uri: str, name: str) -> list[str]:
        far.asked.clear()
        await deliver(node, who, {**who.activity("Move", who.uri, name), "target": uri})
        await node.fediverse.quiet()
        return [one for one in far.asked if one.startswith("/users/") and not one.endswith("/inbox")]

    lies = [await moves_to(gina, f"https://far.test/users/{n}", str(n)) for n in range(3)]
    assert lies == [["/users/0"], ["/users/1"], []]
    assert await moves_to(gina, news[0], "3") == []
    assert await moves_to(greta, "https://far.test/users/x", "4") == ["/users/x"]
    assert await moves_to(greta, news[1], "5") == []  # it is not lost: it waits
    assert await followed(node, alice) == {gina.uri, greta.uri}
    fediverse.clock.advance(seconds=3600)
    await node.fediverse.quiet()
    assert await followed(node, alice) == {gina.uri}
    fediverse.clock.advance(seconds=24 * 3600)
    assert await moves_to(gina, news[0], "6") == ["/users/n"]


async def test_a_file_of_moves_is_read_with_care(tmp_path: Path) -> None:
    table = tmp_path / "moves.csv"
    wrong = {
        "": "has 0 accounts",
        "rosa": "line 1: a handle here",
        "rosa,there\n": "line 1: 'there' is no address",
        "rosa@elsewhere.example,rosa@south.example": "is no account of this node",
        "a,x@south.example\nb,x@south.example": "names the address x@south.example twice",
        "a,x@south.example\n@A@north.example,y@south.example": "names the handle a twice",
        "\xff": "is no table",
    }

    for content, said in wrong.items():
        table.write_bytes(content.encode("latin-1"))
        with pytest.raises(Invalid, match=said):
            closing.read(table, "north.example")
