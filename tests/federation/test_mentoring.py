"""Offers and requests across nodes: what fits, the match of the two, what they write to each other, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from node.connecting import members as accounts
from node.errors import Invalid
from node.mentoring import matching, notes, standing
from node.sharing import behalf
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from storage import actors, boards, check_ins, matches, notifications, posts
from storage.actors import Actor
from storage.check_ins import Sort
from storage.database import Missing
from storage.ids import LAST
from storage.kinds import Kind
from storage.matches import Match, State
from storage.notifications import Reason
from storage.paging import Page
from storage.posts import Post, Visibility
from tests.federation.remote import Remote, RemoteActor, deliver
from tests.federation.test_two_nodes import follow, known_at, share
from tests.serving import ON_BOTH, Fediverse, Served

WANTED = Draft(
    "", kind=Kind.MENTORING_REQUEST, title="Acute ward seeks mentor for idle cannulas",
    fields={
        "topics": ["cannulation"], "details": "We count 41% idle.", "level": "team", "format": "video-call",
        "hours_a_month": 1, "months": 4,
    },
)  # fmt: skip


def offer(title: str, topic: str = "cannulation", **more: Any) -> Draft:
    said = {"topics": [topic], "level": "team", "format": "video-call", "hours_a_month": 2, "months": 6, **more}
    return Draft("", kind=Kind.MENTORING_OFFER, title=title, fields=said)


class Side:
    """One node with one member."""

    def __init__(self, served: Served, actor: Actor) -> None:
        self.served, self.actor = served, actor

    async def post(self, uri: str) -> Post:
        async with self.served.database.reading() as db:
            return await posts.by_uri(db, uri)

    async def status(self, post: Post) -> str:
        async with self.served.database.reading() as db:
            found = await boards.one(db, (await posts.by_uri(db, post.uri)).id)
        assert found is not None
        return found.status

    async def fitting(self, post: Post) -> list[str]:
        async with self.served.database.reading() as db:
            here, board = await matching.board_of(db, post.id, reader_id=self.actor.id)
            found = await matching.suggestions(db, self.actor, here, board, now=self.served.node.clock())
            return [(await posts.any_by_id(db, one.board.post_id)).title for one in found]

    async def propose(self, own: Post, other: Post, message: str = "") -> Match:
        async with self.served.database.writing() as db:
            mine, theirs = await posts.by_uri(db, own.uri), await posts.by_uri(db, other.uri)
            match, told = await matching.propose(db, self.served.node, self.actor, mine.id, theirs.id, message)
        announce(self.served.node, told)
        return match

    async def act(self, deed: Any) -> Match:
        [one, *_] = await self.matches()
        async with self.served.database.writing() as db:
            match, told = await deed(db, self.served.node, self.actor, one.id)
        announce(self.served.node, told)
        found: Match = match
        return found

    async def matches(self) -> list[Match]:
        async with self.served.database.reading() as db:
            return await matches.of(db, [self.actor.id], before=LAST, limit=10)

    async def write(self, sort: Sort, text: str) -> None:
        [one, *_] = await self.matches()
        async with self.served.database.writing() as db:
            _note, told = await notes.write(db, self.served.node, self.actor, one.id, sort, text)
        announce(self.served.node, told)

    async def notes(self) -> list[tuple[str, str]]:
        [one, *_] = await self.matches()
        async with self.served.database.reading() as db:
            return [(note.sort.value, note.text) for note in await check_ins.of(db, one.id)]

    async def told(self) -> list[Reason]:
        async with self.served.database.reading() as db:
            found = await notifications.newest(db, self.actor.id, Page(), now=self.served.node.clock())
        return [one.reason for one in found if one.reason is not Reason.FOLLOW]


async def sides(fediverse: Fediverse, *names: str) -> list[Side]:
    """Nodes that each follow the first one's member, and the first all of theirs."""
    found = []
    for name in names:
        served = await fediverse.node(f"{name}.example")
        found.append(Side(served, await served.account(name)))
    first = found[0]
    for one in found[1:]:
        await follow(one.served, one.actor, await known_at(one.served, first.actor, first.served))
        await follow(first.served, first.actor, await known_at(first.served, one.actor, one.served))
    await fediverse.quiet()
    return found


async def test_two_offers_elsewhere_fit_both_sides_accept_and_the_request_closes(fediverse: Fediverse) -> None:
    deri, priti, collab = await sides(fediverse, "deri", "priti", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    coach = await share(priti.served, priti.actor, offer("Coach for link nurses", level="person"))
    pair = await share(collab.served, collab.actor, offer("Pair your ward", places=2))
    await share(collab.served, collab.actor, offer("About falls", "falls"))
    await fediverse.quiet()

    assert await deri.fitting(request) == ["Pair your ward", "Coach for link nurses"]
    await deri.propose(request, pair, "Could you do Tuesdays?")
    await fediverse.quiet()
    [asked] = await collab.matches()
    assert (asked.state, asked.message) == (State.PROPOSED, "Could you do Tuesdays?")
    assert await collab.told() == [Reason.MENTORING]
    await collab.act(matching.accept)
    await fediverse.quiet()

    [held] = await deri.matches()
    assert (held.state, held.hours, held.months) == (State.ACCEPTED, 1, 4)
    assert await deri.told() == [Reason.MENTORING]
    assert (await deri.status(request), await collab.status(pair)) == ("matched", "open")
    there = await priti.post(request.uri)
    assert '"status":"matched"' in there.fields and "(matched)" in there.html
    assert await priti.status(request) == "matched"
    assert await priti.fitting(coach) == []


@ON_BOTH
async def test_what_the_two_write_reaches_the_other_alone_and_either_may_end_it(fediverse: Fediverse) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair your ward"))
    await fediverse.quiet()
    await collab.propose(pair, request)
    await fediverse.quiet()
    await deri.act(matching.accept)
    await fediverse.quiet()
    assert (await deri.status(request), await collab.status(pair)) == ("matched", "matched")

    await deri.write(Sort.GOAL, "Fewer than 20% idle on a Friday count.")
    await collab.write(Sort.CHECK_IN, "41% to 29% in five Fridays.\nNights are the hard part.")
    await fediverse.quiet()

    said = [
        ("goal", "Fewer than 20% idle on a Friday count."),
        ("check-in", "41% to 29% in five Fridays.\nNights are the hard part."),
    ]
    assert sorted(await deri.notes()) == sorted(await collab.notes()) == sorted(said)
    assert (await collab.matches())[0].goal == "Fewer than 20% idle on a Friday count."
    async with collab.served.client() as http:
        assert "Fridays" not in (await http.get(f"/users/{collab.actor.handle}/outbox?page=true")).text

    await collab.act(matching.end)
    await fediverse.quiet()
    assert (await deri.matches())[0].state is State.ENDED
    assert (await deri.status(request), await collab.status(pair)) == ("closed", "open")


async def test_a_second_acceptance_is_taken_back_when_the_request_is_met(fediverse: Fediverse) -> None:
    deri, priti, collab = await sides(fediverse, "deri", "priti", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    coach = await share(priti.served, priti.actor, offer("Coach"))
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    await deri.propose(request, coach)
    await deri.propose(request, pair)
    await fediverse.quiet()

    await priti.act(matching.accept)
    await collab.act(matching.accept)
    await fediverse.quiet()

    states = sorted(one.state.value for one in await deri.matches())
    assert states == ["accepted", "withdrawn"]
    there = [(await one.matches())[0].state for one in (priti, collab)]
    assert sorted(one.value for one in there) == ["accepted", "ended"]
    assert sorted([await priti.status(coach), await collab.status(pair)]) == ["matched", "open"]


async def test_a_match_is_proposed_while_the_other_node_is_away_and_declined_when_it_is_back(
    fediverse: Fediverse,
) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    fediverse.down.add("collab.example")
    await deri.propose(request, pair)
    await asyncio.sleep(0.02)
    assert await collab.matches() == []

    fediverse.down.clear()
    async with asyncio.timeout(20):
        while not await collab.matches():
            fediverse.clock.advance(seconds=60)
            await asyncio.sleep(0.02)
    await collab.act(matching.decline)
    await fediverse.quiet()

    assert (await deri.matches())[0].state is State.DECLINED
    assert (await deri.status(request), await collab.status(pair)) == ("open", "open")


async def test_who_deletes_their_account_takes_their_words_along_and_the_offer_is_free(fediverse: Fediverse) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    await deri.propose(request, pair)
    await fediverse.quiet()
    await collab.act(matching.accept)
    await fediverse.quiet()
    await deri.write(Sort.CHECK_IN, "We tried the Friday count.")
    await collab.write(Sort.CHECK_IN, "Good start.")
    await fediverse.quiet()

    async with deri.served.database.writing() as db:
        await accounts.delete(db, deri.served.node, deri.actor)
    announce(deri.served.node, [])
    await fediverse.quiet()

    assert (await collab.matches())[0].state is State.ENDED
    assert await collab.notes() == [("check-in", "Good start.")]
    assert await collab.status(pair) == "open"
    async with deri.served.database.reading() as db:
        assert [row[0] for row in await db.rows("SELECT text FROM check_ins WHERE text LIKE '%Friday count%'")] == []


async def test_a_deleted_post_cannot_be_accepted_any_more(fediverse: Fediverse) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    await deri.propose(request, pair)
    await fediverse.quiet()
    async with deri.served.database.writing() as db:
        await behalf.take_back(db, deri.served.node, deri.actor.id, request.id)
    announce(deri.served.node, [])
    await fediverse.quiet()

    with pytest.raises(Invalid):
        await collab.act(matching.accept)
    assert await collab.status(pair) == "open"


async def test_both_sides_are_reminded_once_after_a_month_without_a_word(fediverse: Fediverse) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    await deri.propose(request, pair)
    await fediverse.quiet()
    await collab.act(matching.accept)
    await fediverse.quiet()

    fediverse.clock.advance(seconds=31 * 24 * 3600)
    for _again in range(2):
        for one in (deri, collab):
            await standing.remind(one.served.node, None)  # type: ignore[arg-type]  # it asks nothing of its job

    assert (await deri.told()).count(Reason.MENTORING_QUIET) == (await collab.told()).count(Reason.MENTORING_QUIET) == 1


FORGED: dict[str, dict[str, Any]] = {
    "for another's request": {"mentoringRequest": "https://good.test/notes/of-another"},
    "as another": {"object": "https://good.test/users/else"},
    "with an id of ours": {"id": "https://north.example/users/alice#mentoring/1/match"},
    "to a post that is no offer": {"mentoringOffer": "PLAIN"},
    "to an offer that they may not see": {"mentoringOffer": "PRIVATE"},
}


@pytest.mark.parametrize("name", FORGED)
async def test_nobody_proposes_what_is_not_theirs(
    name: str, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    mine = await share(node, alice, offer("Pair"))
    plain = await share(node, alice, Draft("Words."))
    private = await share(node, alice, replace(offer("For followers"), visibility=Visibility.PRIVATE))
    note = gina.note(
        "r", kind="sw:MentoringRequest", title="Wanted", topic=["cannulation"], mentoring={"level": "team"}
    )
    other = good.actor("else", key=2)
    another = other.note("of-another", kind="sw:MentoringRequest", title="W", topic=["falls"], mentoring={})
    for by, one in ((gina, note), (other, another)):
        assert (await deliver(node, by, by.create(one))).status_code == 202
    uri = f"{gina.uri}#mentoring/1"
    match = {
        "id": f"{uri}/match", "type": "Relationship", "relationship": "https://w3id.org/sharewell/ns#mentors",
        "subject": alice.uri, "object": gina.uri, "mentoringOffer": mine.uri, "mentoringRequest": note["id"],
    }  # fmt: skip
    named = {"PLAIN": plain.uri, "PRIVATE": private.uri}
    forged = {key: named.get(value, value) for key, value in FORGED[name].items()}

    refused = await deliver(node, gina, {**gina.activity("Offer", {**match, **forged}), "id": uri})
    async with node.database.reading() as db:
        kept: Sequence[Match] = await matches.of(db, [alice.id], limit=10)
    taken = await deliver(node, gina, {**gina.activity("Offer", match), "id": uri})

    assert (refused.status_code // 100, kept, taken.status_code) == (4, [], 202)
    async with node.database.reading() as db:
        [made] = await matches.of(db, [alice.id], limit=10)
    stranger = good.actor("stranger", key=3)
    inner = {"id": uri, "type": "Offer", "actor": gina.uri}
    assert (await deliver(node, stranger, stranger.activity("Undo", inner))).status_code // 100 == 4
    note_of = {"id": f"{stranger.uri}#n", "type": "Note", "kind": "sw:CheckIn", "attributedTo": stranger.uri}
    added = stranger.activity("Add", {**note_of, "content": "x"}, target=uri)
    assert (await deliver(node, stranger, added)).status_code // 100 == 4
    async with node.database.reading() as db:
        assert (await matches.by_id(db, made.id)).state is State.PROPOSED


async def test_what_identifies_somebody_is_not_sent_within_a_match_nor_shown_when_it_comes(
    fediverse: Fediverse,
) -> None:
    deri, collab = await sides(fediverse, "deri", "collab")
    request = await share(deri.served, deri.actor, WANTED)
    pair = await share(collab.served, collab.actor, offer("Pair"))
    await fediverse.quiet()
    with pytest.raises(Invalid):
        await deri.propose(request, pair, "It began with NHS number 943 476 5919.")
    await deri.propose(request, pair)
    await fediverse.quiet()
    await collab.act(matching.accept)
    await fediverse.quiet()

    with pytest.raises(Invalid):
        await deri.write(Sort.CHECK_IN, "NHS number 943 476 5919 had it again.")

    [there] = await collab.matches()
    activity = {
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Add", "id": f"{deri.actor.uri}#x",
        "actor": deri.actor.uri, "target": there.uri,
        "object": {
            "id": f"{deri.actor.uri}#mentoring-notes/1", "type": "Note", "kind": "sw:CheckIn",
            "attributedTo": deri.actor.uri, "content": "<p>NHS number 943 476 5919 had it again.</p>",
        },
    }  # fmt: skip
    from federation.inbox.activity import Activity
    from federation.inbox.dispatch import dispatch

    async with collab.served.database.writing() as db:
        author = await actors.by_uri(db, deri.actor.uri)
        said = Activity("Add", str(activity["id"]), author, activity, collab.served.node.clock())
        await dispatch(db, collab.served.site, said)
        [note] = await check_ins.of(db, there.id)
    assert (note.text, note.withheld is not None) == ("", True)
    with pytest.raises(Missing):
        async with collab.served.database.reading() as db:
            await notes.read(db, await actors.by_handle(db, "deri", "deri.example"), there.id + 99)
