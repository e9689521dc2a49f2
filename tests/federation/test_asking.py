"""A question goes to those who said that they can be asked, on every node at most once a day each; and its answer."""

from __future__ import annotations

import json

import pytest

from node.asking import answers, expertise
from node.connecting import groups as making
from node.connecting.groups import Said
from node.errors import Invalid, NotAllowed
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from storage import blocks, experts, mutes, notifications, posts
from storage.actors import Actor
from storage.groups import Settings
from storage.ids import LAST
from storage.kinds import Kind
from storage.notifications import Reason
from storage.paging import Page
from storage.posts import Post
from tests.federation.remote import AS2, Remote, RemoteActor, deliver
from tests.federation.test_two_nodes import follow, known_at, share
from tests.serving import Fediverse, Served


def question(title: str, *topics: str) -> Draft:
    return Draft("", kind=Kind.QUESTION, title=title, fields={"topics": list(topics)})


async def can_be_asked(served: Served, actor: Actor, *topics: str) -> None:
    async with served.database.writing() as db:
        told = await expertise.change(db, served.node, actor, expertise.checked(topics, [], "nurse", "wales"))
    announce(served.node, told)


async def asked(served: Served, actor: Actor) -> list[str]:
    """The titles of the questions that somebody was asked, the newest first."""
    async with served.database.reading() as db:
        found = await notifications.newest(db, actor.id, Page(), now=served.node.clock())
        ids = [one.post_id for one in found if one.reason is Reason.ASKED and one.post_id]
        kept = await posts.by_ids(db, ids)
    return [kept[one].title for one in ids]


async def test_a_question_reaches_experts_on_three_nodes_at_most_once_a_day_each(fediverse: Fediverse) -> None:
    north, south, west = [await fediverse.node(f"{name}.example") for name in ("north", "south", "west")]
    rosa, vera = await north.account("rosa"), await north.account("vera")
    sam, wyn = await south.account("sam"), await west.account("wyn")
    await can_be_asked(north, vera, "cannulation", "falls")
    await can_be_asked(south, sam, "cannulation")
    await can_be_asked(west, wyn, "cannulation")
    await can_be_asked(north, rosa, "cannulation")  # who asks is not asked
    for served, actor in ((south, sam), (west, wyn)):
        await known_at(north, actor, served)  # nobody follows anybody

    await share(north, rosa, question("How do you count?", "cannulation"))
    await share(north, rosa, question("And at night?", "cannulation"))
    await fediverse.quiet()

    everybody = ((north, vera), (south, sam), (west, wyn), (north, rosa))
    first = [await asked(*one) for one in everybody]
    assert [len(one) for one in first] == [1, 1, 1, 0]
    fediverse.clock.advance(seconds=24 * 3600)
    await share(north, rosa, question("And in the community?", "cannulation", "community"))
    await fediverse.quiet()
    assert [(await asked(*one))[:1] for one in everybody[:3]] == [["And in the community?"]] * 3


async def test_nobody_is_asked_by_who_they_keep_away_from(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    muter, blocker, blocked = [await north.account(name) for name in ("muter", "blocker", "blocked")]
    for one in (muter, blocker, blocked):
        await can_be_asked(north, one, "falls")
    async with north.database.writing() as db:
        await mutes.put(db, member_id=muter.id, target_id=rosa.id, notifications=None, ends=LAST)
        await blocks.add(db, actor_id=blocker.id, target_id=rosa.id)
        await blocks.add(db, actor_id=rosa.id, target_id=blocked.id)

    await share(north, rosa, question("Who falls?", "falls"))
    await fediverse.quiet()

    assert [await asked(north, one) for one in (muter, blocker, blocked)] == [[], [], []]


async def test_the_node_of_an_expert_keeps_their_limit_itself(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    await can_be_asked(node, alice, "cannulation")
    notes = [
        gina.note(str(n), kind="sw:Question", title=f"Question {n}", topic=["cannulation" if n else "falls"])
        for n in range(4)
    ]
    for n, note in enumerate(notes):
        good.serve(note)
        invite = gina.activity("Invite", note["id"], name=str(n), to=[alice.uri])
        assert (await deliver(node, gina, invite)).status_code == 202
    await node.fediverse.quiet()

    assert await asked(node, alice) == ["Question 1"]
    other = good.actor("other", key=2)
    forged = await deliver(node, other, other.activity("Invite", notes[2]["id"], to=[alice.uri]))
    assert forged.status_code // 100 == 4


async def test_about_what_somebody_can_be_asked_is_read_on_other_nodes(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()

    await can_be_asked(north, rosa, "falls", "delirium")
    await fediverse.quiet()
    async with north.client() as http:
        document = (await http.get(rosa.uri, headers={"accept": AS2})).json()
    async with south.database.reading() as db:
        there = await known_at(south, rosa, north)
        said = await experts.one(db, there.id)
    assert (sorted(document["topic"]), document["role"], document["region"]) == (
        ["delirium", "falls"],
        "nurse",
        "wales",
    )
    assert (sorted(said.topics), said.role, said.region) == (["delirium", "falls"], "nurse", "wales")

    await can_be_asked(north, rosa)
    await fediverse.quiet()
    async with south.database.reading() as db:
        assert await experts.one(db, there.id) == experts.NONE


async def test_the_accepted_answer_is_known_on_both_nodes_and_can_be_taken_back(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()
    post = await share(north, rosa, question("How do you count?", "cannulation"))
    await fediverse.quiet()
    reply = await share(south, sam, Draft("On Fridays.", in_reply_to_id=(await at(south, post)).id))
    await fediverse.quiet()

    async with north.database.writing() as db:
        here = await posts.by_uri(db, reply.uri)
        told = await answers.accept(db, north.node, rosa, post.id, here.id)
    announce(north.node, told)
    await fediverse.quiet()
    assert [accepted(await at(one, post)) for one in (north, south)] == [reply.uri, reply.uri]
    async with north.client() as http:
        document = (await http.get(post.uri, headers={"accept": AS2})).json()
    assert document["acceptedAnswer"] == reply.uri

    elsewhere, mallory = await share(north, rosa, Draft("Unrelated.")), await north.account("mallory")
    async with north.database.writing() as db:
        with pytest.raises(Invalid):
            await answers.accept(db, north.node, rosa, post.id, elsewhere.id)
        with pytest.raises(NotAllowed):
            await answers.take_back(db, north.node, mallory, post.id)
    async with north.database.writing() as db:
        told = await answers.take_back(db, north.node, rosa, post.id)
    announce(north.node, told)
    await fediverse.quiet()
    assert [accepted(await at(one, post)) for one in (north, south)] == ["", ""]


async def at(served: Served, post: Post) -> Post:
    async with served.database.reading() as db:
        return await posts.by_uri(db, post.uri)


def accepted(post: Post) -> str:
    return str(json.loads(post.fields).get("accepted_answer", ""))


async def test_who_says_for_a_team_what_answered_it_is_written_down(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, sam = await north.account("rosa"), await north.account("sam")
    team = await making.make(north.node, rosa, "skin", Said("Skin", "Heels.", Settings()))
    post = await share(north, team, question("How do you count?", "cannulation"))
    reply = await share(north, sam, Draft("On Fridays.", in_reply_to_id=post.id))
    for accept in (True, True, False, False):  # a second time nothing comes of it
        async with north.database.writing() as db:
            if accept:
                await answers.accept(db, north.node, rosa, post.id, reply.id)
            else:
                await answers.take_back(db, north.node, rosa, post.id)

    async with north.database.reading() as db:
        noted = await db.rows("SELECT action, actor_id FROM audit WHERE subject = :uri ORDER BY id", uri=post.uri)
    assert [(row["action"], row["actor_id"]) for row in noted] == [
        ("answer.accept-as", rosa.id), ("answer.take-back-as", rosa.id),
    ]  # fmt: skip
