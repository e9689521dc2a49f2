"""Inbox forwarding (ActivityPub 7.1.2): what was passed on only says where to look."""

from __future__ import annotations

from typing import Any

import pytest

from federation.fetching import actors as fetch_actors
from node.activitypub import inbox
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from storage import follows, notifications, peers, posts, reactions, throttle, timelines
from storage.actors import Actor
from storage.database import Missing
from storage.notifications import Reason
from storage.paging import Page
from storage.peers import Policy
from storage.posts import Post
from tests.federation.remote import AS, Remote, RemoteActor, deliver, remote
from tests.serving import ON_BOTH, Fediverse, Served


@pytest.fixture
def greta(fediverse: Fediverse) -> RemoteActor:
    """Whose server passes on."""
    return remote(fediverse, "passing.test").actor("greta", key=2)


async def follow(node: Served, alice: Actor, by: RemoteActor) -> None:
    there = await fetch_actors.by_uri(node.database, node.site, by.uri)
    async with node.database.writing() as db:
        now = node.node.clock()
        await follows.ask(db, follower_id=alice.id, target_id=there.id, uri=f"{alice.uri}#1", now=now, accepted=now)


async def share(node: Served, author: Actor, text: str) -> Post:
    async with node.database.writing() as db:
        post, told = await sharing.publish(db, node.node, author, Draft(text), {})
    announce(node.node, told)
    assert isinstance(post, Post)
    return post


async def kept(node: Served, uri: str) -> Post | None:
    async with node.database.reading() as db:
        try:
            return await posts.by_uri(db, uri)
        except Missing:
            return None


async def words(node: Served, uri: str) -> str | None:
    post = await kept(node, uri)
    return None if post is None else post.text


async def passed_on(node: Served, by: RemoteActor, activity: dict[str, Any]) -> int:
    """The status of the answer, when all that follows from it is done."""
    response = await deliver(node, by, activity)
    await node.fediverse.quiet()
    return response.status_code


@ON_BOTH
async def test_a_forwarded_note_of_someone_followed_is_kept_as_its_origin_has_it(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)
    good.serve(gina.note("1", "As she wrote it.", published="2026-10-26T08:00:00Z"))

    status = await passed_on(node, greta, gina.create(gina.note("1", "Altered on the way.")))

    assert (status, await words(node, "https://good.test/notes/1")) == (202, "As she wrote it.")
    async with node.database.reading() as db:
        [line] = await timelines.home(db, reader_id=alice.id, page=Page(), now=0)
        assert (await posts.any_by_id(db, line.post_id)).uri == "https://good.test/notes/1"


async def test_a_forwarded_reply_to_a_post_here_tells_its_author(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    asked = await share(node, alice, "Who has moved their crash cart?")
    reply = gina.note("1", "We did.", inReplyTo=asked.uri)
    good.serve(reply)

    await passed_on(node, greta, gina.create(reply))

    post = await kept(node, reply["id"])
    assert post is not None and post.in_reply_to_id == asked.id
    async with node.database.reading() as db:
        told = await notifications.newest(db, alice.id, Page(), now=0)
    assert [one.reason for one in told] == [Reason.MENTION]


async def test_a_forwarded_note_that_names_a_member_is_kept(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    note = gina.note("1", tag=[{"type": "Mention", "name": "@alice@north.example", "href": alice.uri}])
    good.serve(note)

    assert await passed_on(node, greta, gina.create(note)) == 202

    assert await kept(node, note["id"]) is not None


async def test_what_was_forwarded_while_its_origin_was_away_is_asked_about_later(
    node: Served, fediverse: Fediverse, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)
    note = gina.note("1")
    good.serve(note)
    fediverse.down.add("good.test")

    assert await passed_on(node, greta, gina.create(note)) == 202
    missing = await kept(node, note["id"])
    fediverse.down.clear()
    fediverse.clock.advance(seconds=120)
    await fediverse.quiet()

    assert missing is None
    assert await kept(node, note["id"]) is not None


async def test_a_note_that_is_nothing_to_anybody_here_is_refused_and_not_asked_for(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    note = gina.note("1")
    good.serve(note)

    status = await passed_on(node, greta, gina.create(note))

    assert (status, good.asked) == (403, [])


async def test_a_note_that_only_claims_to_answer_somebody_here_is_not_kept(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    asked = await share(node, alice, "Who has moved their crash cart?")
    note = gina.note("1", "About something else.")
    good.serve(note)

    status = await passed_on(node, greta, gina.create({**note, "inReplyTo": asked.uri}))

    assert (status, good.asked) == (202, ["/notes/1"])
    assert await kept(node, note["id"]) is None


async def test_a_note_whose_origin_names_another_author_is_not_kept(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)
    victor = good.actor("victor", key=3)
    good.serve(victor.note("1"))

    await passed_on(node, greta, gina.create(gina.note("1")))

    assert await kept(node, "https://good.test/notes/1") is None


async def test_a_note_of_another_server_than_its_actors_is_refused(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)

    status = await passed_on(node, greta, gina.create({**gina.note("1"), "id": "https://passing.test/notes/1"}))

    assert status == 403


async def test_nobody_passes_on_what_one_of_ours_said(node: Served, alice: Actor, greta: RemoteActor) -> None:
    post = await share(node, alice, "Here.")
    said = {"@context": AS, "id": f"{post.uri}#delete", "type": "Delete", "actor": alice.uri, "object": post.uri}

    status = await passed_on(node, greta, said)

    assert 400 <= status < 500
    assert await kept(node, post.uri) is not None


async def received(node: Served, by: RemoteActor, note: dict[str, Any]) -> str:
    assert await passed_on(node, by, by.create(note)) == 202
    return str(note["id"])


@pytest.mark.parametrize("type", ["Accept", "Add", "Block", "Flag", "Follow", "Like", "Reject", "Remove", "Undo"])
async def test_what_no_origin_can_be_asked_about_is_refused(
    node: Served, gina: RemoteActor, greta: RemoteActor, type: str
) -> None:
    uri = await received(node, gina, gina.note("1"))

    assert await passed_on(node, greta, gina.activity(type, uri)) == 403


async def test_a_forwarded_update_brings_the_words_of_the_origin_once(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    uri = await received(node, gina, gina.note("1", "First words."))
    good.serve(gina.note("1", "Better words.", updated="2026-10-26T07:00:00Z"))

    for number in range(3):
        said = gina.activity("Update", gina.note("1", "Altered on the way."), name=str(number))
        assert await passed_on(node, greta, said) == 202

    post = await kept(node, uri)
    assert post is not None and post.text == "Better words."
    async with node.database.reading() as db:
        assert len(await posts.edits(db, post.id)) == 1


@pytest.mark.parametrize("updated", [None, "2099-01-01T00:00:00Z"], ids=["never", "in the future"])
async def test_an_update_that_the_origin_does_not_date_changes_nothing(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor, updated: str | None
) -> None:
    uri = await received(node, gina, gina.note("1", "First words."))
    good.serve(gina.note("1", "Other words.", updated=updated))

    await passed_on(node, greta, gina.activity("Update", gina.note("1")))

    assert await words(node, uri) == "First words."


TOMBSTONE = {"@context": AS, "id": "https://good.test/notes/1", "type": "Tombstone"}


@pytest.mark.parametrize("status", [404, 410, 200])
async def test_a_forwarded_delete_holds_when_the_origin_has_it_no_more(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor, status: int
) -> None:
    uri = await received(node, gina, gina.note("1"))
    good.serve(TOMBSTONE, status=status)

    answered = await passed_on(node, greta, gina.activity("Delete", TOMBSTONE))

    assert answered == 202
    assert await kept(node, uri) is None


@pytest.mark.parametrize("status", [200, 401, 403])
async def test_a_forwarded_delete_of_what_the_origin_still_has_deletes_nothing(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor, status: int
) -> None:
    note = gina.note("1")
    uri = await received(node, gina, note)
    good.serve(note, status=status)

    await passed_on(node, greta, gina.activity("Delete", uri))

    assert await kept(node, uri) is not None


async def test_a_forwarded_delete_of_a_post_for_followers_deletes_nothing(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)
    uri = await received(node, gina, gina.note("1", to=[gina.followers], cc=[]))

    status = await passed_on(node, greta, gina.activity("Delete", uri))

    assert (status, "/notes/1" in good.asked) == (403, False)
    assert await kept(node, uri) is not None


async def test_a_forwarded_delete_names_the_author(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    uri = await received(node, gina, gina.note("1"))
    victor = good.actor("victor", key=3)

    await passed_on(node, greta, victor.activity("Delete", uri))

    assert await kept(node, uri) is not None


@pytest.mark.parametrize("real", [True, False, {"type": "Like"}, {"actor": "https://good.test/users/victor"}])
async def test_a_forwarded_announce_counts_when_its_origin_has_it(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor, real: bool | dict[str, str]
) -> None:
    post = await share(node, alice, "Look under the heel.")
    said = {**gina.activity("Announce", post.uri), "id": "https://good.test/boosts/1"}
    if real:
        good.serve(said if real is True else {**said, **real})

    assert await passed_on(node, greta, said) == 202

    async with node.database.reading() as db:
        boosters = await reactions.boosters(db, post.id, Page())
    assert len(boosters) == (real is True)


async def test_a_forged_id_does_not_keep_the_real_activity_out(
    node: Served, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    note = gina.note("1", "First words.")
    uri = await received(node, gina, note)
    good.serve(note)
    await passed_on(node, greta, gina.activity("Update", gina.note("1", "Forged."), name="7"))

    await passed_on(node, gina, gina.activity("Update", gina.note("1", "Her own."), name="7"))

    assert await words(node, uri) == "Her own."


@pytest.mark.parametrize("host", ["good.test", "passing.test"])
async def test_nothing_is_asked_for_where_either_server_is_suspended(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor, host: str
) -> None:
    await follow(node, alice, gina)
    async with node.database.writing() as db:
        await peers.decide(db, host, Policy.SUSPENDED, reason="", now=node.node.clock())
    good.serve(gina.note("1"))

    status = await passed_on(node, greta, gina.create(gina.note("1")))

    assert (status, "/notes/1" in good.asked) == (403, False)


async def test_one_server_makes_us_ask_only_so_much_in_an_hour(
    node: Served, fediverse: Fediverse, alice: Actor, good: Remote, gina: RemoteActor, greta: RemoteActor
) -> None:
    await follow(node, alice, gina)
    for name in ("1", "2"):
        good.serve(gina.note(name))
    async with node.database.writing() as db:
        for _ in range(inbox.ASKED):
            await throttle.count(db, "forwarded passing.test", now=node.node.clock(), window=inbox.HOUR)

    over = await passed_on(node, greta, gina.create(gina.note("1")))
    fediverse.clock.advance(seconds=3700)
    later = await passed_on(node, greta, gina.create(gina.note("2")))

    assert (over, later) == (202, 202)
    assert await kept(node, "https://good.test/notes/1") is None
    assert await kept(node, "https://good.test/notes/2") is not None
