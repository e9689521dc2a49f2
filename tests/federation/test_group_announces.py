"""What groups elsewhere pass on (FEP-1b12), and what others post to groups here: believed from its origin alone."""

from __future__ import annotations

from typing import Any

import pytest

from federation.fetching import actors as fetch_actors
from node.connecting import groups as making
from node.connecting.groups import Said
from storage import follows, posts, teams, timelines
from storage.actors import Actor
from storage.database import Missing
from storage.groups import Joining, Posting, Settings
from storage.paging import Page
from storage.posts import Post
from storage.teams import Place
from tests.federation.remote import AS, PUBLIC, Remote, RemoteActor, deliver, remote
from tests.serving import Fediverse, Served

Document = dict[str, Any]


@pytest.fixture
def lemmy(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "lemmy.test")


@pytest.fixture
def group(lemmy: Remote) -> RemoteActor:
    return lemmy.actor("falls", key=2, type="Group")


@pytest.fixture
async def known(node: Served, alice: Actor, group: RemoteActor) -> Actor:
    """The group as the node knows it; alice follows it."""
    found = await fetch_actors.by_uri(node.database, node.site, group.uri)
    async with node.database.writing() as db:
        now = node.node.clock()
        await follows.ask(db, follower_id=alice.id, target_id=found.id, uri=f"{alice.uri}#1", now=now, accepted=now)
    return found


def announce(group: RemoteActor, activity: Document, name: str) -> Document:
    return group.activity("Announce", activity, name=name, cc=[group.followers])


async def passes_on(node: Served, group: RemoteActor, activity: Document, name: str) -> int:
    answer = await deliver(node, group, announce(group, activity, name))
    await node.fediverse.quiet()
    return answer.status_code


async def kept(node: Served, uri: str) -> Post | None:
    async with node.database.reading() as db:
        try:
            return await posts.by_uri(db, uri)
        except Missing:
            return None


async def at_home(node: Served, alice: Actor) -> list[tuple[bool, str]]:
    async with node.database.reading() as db:
        lines = await timelines.home(db, reader_id=alice.id, page=Page(), now=0)
        found = await posts.by_ids(db, [one.post_id for one in lines])
    return [(one.booster_id is not None, found[one.post_id].text) for one in lines]


@pytest.fixture
async def passed(
    node: Served, alice: Actor, group: RemoteActor, known: Actor, good: Remote, gina: RemoteActor
) -> Document:
    """A post that the group passed on."""
    note = gina.note("1", "Low beds", audience=group.uri)
    good.serve(note)
    await passes_on(node, group, gina.create({**note, "content": "<p>Forged</p>"}), "create")
    return note


async def test_a_new_post_is_what_its_origin_says_and_stands_at_home_in_the_group(
    node: Served, alice: Actor, group: RemoteActor, passed: Document
) -> None:
    await deliver(node, group, group.activity("Announce", passed["id"], name="plain"))
    await node.fediverse.quiet()

    assert await at_home(node, alice) == [(True, "Low beds")]


async def test_what_is_said_in_a_thread_is_kept_and_not_pushed_home(
    node: Served, alice: Actor, group: RemoteActor, good: Remote, gina: RemoteActor, passed: Document
) -> None:
    reply = gina.note("2", "So did we", inReplyTo=passed["id"], audience=group.uri)
    good.serve(reply)
    await passes_on(node, group, gina.create(reply), "reply")

    assert await kept(node, reply["id"]) is not None
    assert len(await at_home(node, alice)) == 1


async def test_an_edit_and_a_deletion_are_asked_of_the_origin(
    node: Served, group: RemoteActor, good: Remote, gina: RemoteActor, passed: Document
) -> None:
    await passes_on(node, group, gina.activity("Update", {**passed, "content": "<p>Forged</p>"}), "u1")
    forged = await kept(node, passed["id"])
    good.serve({**passed, "content": "<p>Lower beds</p>", "updated": "2026-10-26T06:00:00.100Z"})
    node.fediverse.clock.advance(seconds=60)
    await passes_on(node, group, gina.activity("Update", {**passed, "content": "<p>Forged</p>"}), "u2")
    edited = await kept(node, passed["id"])
    await passes_on(node, group, gina.activity("Delete", passed["id"]), "d1")
    stays = await kept(node, passed["id"])
    good.pages[passed["id"].removeprefix("https://good.test")] = (410, "text/plain", b"")
    await passes_on(node, group, gina.activity("Delete", passed["id"]), "d2")

    assert forged is not None and forged.text == "Low beds"
    assert edited is not None and edited.text == "Lower beds"
    assert stays is not None
    assert await kept(node, passed["id"]) is None


async def test_a_moderator_takes_out_of_the_group_and_deletes_nothing(
    node: Served, alice: Actor, lemmy: Remote, group: RemoteActor, passed: Document
) -> None:
    keeper = lemmy.actor("mod", key=3)

    await passes_on(node, group, keeper.activity("Delete", passed["id"], summary="Off topic"), "removal")

    assert await kept(node, passed["id"]) is not None
    assert await at_home(node, alice) == []


async def test_thanks_count_from_the_groups_server_and_from_where_they_can_be_read(
    node: Served, lemmy: Remote, group: RemoteActor, good: Remote, gina: RemoteActor, fediverse: Fediverse,
    passed: Document,
) -> None:  # fmt: skip
    other = remote(fediverse, "other.test")
    near, far = lemmy.actor("near", key=3), other.actor("far", key=4)
    far_like = {**far.activity("Like", passed["id"]), "id": "https://other.test/likes/1"}
    await passes_on(node, group, near.activity("Like", passed["id"]), "l1")
    await passes_on(node, group, far_like, "l2")
    unread = await kept(node, passed["id"])
    read_like = {**far_like, "id": "https://other.test/likes/2"}
    other.serve(read_like)
    await passes_on(node, group, read_like, "l3")
    read = await kept(node, passed["id"])
    undo = near.activity("Undo", near.activity("Like", passed["id"]))
    await passes_on(node, group, undo, "u")
    undone = await kept(node, passed["id"])

    assert unread is not None and read is not None and undone is not None
    assert (unread.likes_count, read.likes_count, undone.likes_count) == (1, 2, 1)


async def test_a_group_does_not_turn_thanks_for_one_post_into_thanks_for_another(
    node: Served, group: RemoteActor, passed: Document, gina: RemoteActor, fediverse: Fediverse
) -> None:
    other = remote(fediverse, "other.test")
    far = other.actor("far", key=4)
    true = {**far.activity("Like", gina.note("2", "Lower beds")["id"]), "id": "https://other.test/likes/1"}
    other.serve(true)

    await passes_on(node, group, {**true, "object": {"id": passed["id"], "object": true["object"]}}, "forged")

    post = await kept(node, passed["id"])
    assert post is not None
    assert post.likes_count == 0


@pytest.mark.parametrize("type", ["Accept", "Reject", "TentativeAccept"])
async def test_an_answer_about_no_number_that_we_have_is_taken(
    node: Served, alice: Actor, group: RemoteActor, type: str
) -> None:
    answer = await deliver(node, group, group.activity(type, f"{alice.uri}#attends/{10**19 - 1}/1"))

    assert answer.status_code < 500


async def test_only_groups_pass_activities_on(
    node: Served, lemmy: Remote, good: Remote, gina: RemoteActor, passed: Document
) -> None:
    person = lemmy.actor("person", key=4)

    await passes_on(node, person, lemmy.actor("near", key=3).activity("Like", passed["id"]), "l1")

    found = await kept(node, passed["id"])
    assert found is not None and found.likes_count == 0


async def test_who_is_blocked_in_the_group_is_in_it_no_longer(
    node: Served, alice: Actor, lemmy: Remote, group: RemoteActor, known: Actor
) -> None:
    async with node.database.writing() as db:
        await teams.put(db, known.id, alice.id, Place.MEMBER, now=1)

    await passes_on(node, group, lemmy.actor("mod", key=3).activity("Block", alice.uri, target=group.uri), "b")

    async with node.database.reading() as db:
        assert await teams.place(db, known.id, alice.id) is None
        assert await follows.between(db, follower_id=alice.id, target_id=known.id) is None


async def test_one_of_ours_keeps_a_group_elsewhere_as_its_collection_says(
    node: Served, alice: Actor, lemmy: Remote, group: RemoteActor, known: Actor
) -> None:
    collection, mod = f"{group.uri}/moderators", lemmy.actor("mod", key=3)
    stranger = await node.account("stranger")
    lemmy.serve({**group.document, "attributedTo": collection})

    async def said(type: str, about: Actor, name: str, *listed: Actor) -> Place | None:
        keepers = {"type": "OrderedCollection", "orderedItems": [mod.uri, *(one.uri for one in listed)]}
        lemmy.serve({"@context": AS, "id": collection, **keepers})
        await passes_on(node, group, mod.activity(type, about.uri, target=collection, name=name), name)
        async with node.database.reading() as db:
            return await teams.place(db, known.id, about.id)

    assert await said("Add", alice, "1") is None
    assert await said("Add", stranger, "2", stranger) is None  # who does not even follow it
    assert await said("Add", alice, "3", alice) is Place.MODERATOR
    assert await said("Remove", alice, "4", alice) is Place.MODERATOR
    assert await said("Remove", alice, "5") is Place.MEMBER


async def test_a_lemmy_page_is_passed_on_as_it_was_said_and_an_announce_is_not(
    node: Served, alice: Actor, lemmy: Remote, group: RemoteActor, good: Remote, gina: RemoteActor
) -> None:
    said = Said("Falls", "We count falls.", Settings(joining=Joining.OPEN, posting=Posting.ANYONE))
    here = await making.make(node.node, alice, "falls", said)
    for who in (gina, group):  # a Mastodon account and another group follow
        await deliver(node, who, who.activity("Follow", here.uri))
    page = {
        "@context": AS, "type": "Page", "id": "https://good.test/post/7", "attributedTo": gina.uri, "name": "Falls",
        "to": [here.uri, PUBLIC], "content": "<p>Low beds</p>", "audience": here.uri,
        "published": "2026-10-26T06:00:00Z",
    }  # fmt: skip
    create = gina.activity("Create", page, name="c", to=[PUBLIC], cc=[here.uri], audience=here.uri)
    await deliver(node, gina, create)
    await deliver(node, gina, create)
    await node.fediverse.quiet()
    got = list(lemmy.got)
    await deliver(node, group, group.activity("Announce", page["id"], cc=[here.uri]))
    await deliver(node, group, announce(group, create, "echo"))
    await deliver(node, gina, gina.activity("Like", page["id"], cc=[here.uri], audience=here.uri))
    await node.fediverse.quiet()

    assert [(one["type"], one["actor"]) for one in got] == [("Accept", here.uri), *[("Announce", here.uri)] * 2]
    whole, plain = got[1:]
    assert whole["object"] == create
    assert (plain["object"], "published" in plain) == (page["id"], True)
    assert [one["object"]["type"] for one in lemmy.got[len(got) :]] == ["Like"]
    async with node.client() as web:
        document = (await web.get("/users/falls", headers={"accept": "application/activity+json"})).json()
        keepers = (await web.get(document["attributedTo"], headers={"accept": "application/activity+json"})).json()
    assert (document["type"], keepers["orderedItems"]) == ("Group", [alice.uri])
