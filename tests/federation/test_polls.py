"""Polls between servers: the question, the votes, and how it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from federation.fetching import actors as fetch_actors
from federation.keeping import erase_actor
from storage import follows, polls, posts
from storage.actors import Actor
from storage.polls import Poll
from storage.posts import Post
from tests.federation.remote import AS, PUBLIC, Remote, RemoteActor, deliver, remote
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import Fediverse, Served

ASKED = {"options": ["Torch", "Mirror & torch"], "expires_in": 3600}


async def ask(node: Served, alice: Actor, **values: Any) -> Any:
    async with await node.as_member(alice) as app:
        answer = await app.post("/api/v1/statuses", json={"status": "What helps?", "poll": ASKED, **values})
    assert answer.status_code == 200, answer.text
    return answer.json()


def vote(by: RemoteActor, made: Any, name: str = "Torch", **more: Any) -> dict[str, Any]:
    uri = f"{by.uri}#votes/{name}"
    note = {"id": uri, "type": "Note", "attributedTo": by.uri, "to": [f"{made['account']['uri']}"], "name": name,
            "inReplyTo": made["uri"], **more}  # fmt: skip
    return {"@context": AS, "id": f"{uri}/activity", "type": "Create", "actor": by.uri, "object": note}


async def counts(node: Served, made: Any) -> list[int]:
    async with node.database.reading() as db:
        found = await polls.one(db, int(made["id"]))
    assert found is not None
    return [one.votes for one in found.options]


async def count_posts(node: Served) -> int:
    async with node.database.reading() as db:
        return len(await db.rows("SELECT id FROM posts"))


def question(by: RemoteActor, *votes: int, **more: Any) -> dict[str, Any]:
    options = [
        {"type": "Note", "name": f"Option {place}", "replies": {"type": "Collection", "totalItems": one}}
        for place, one in enumerate(votes)
    ]
    asked = {"oneOf": options, "endTime": "2026-10-27T06:00:00Z", "votersCount": sum(votes), **more}
    return by.note("asks", "Which?", type="Question", **asked)


async def arrived(node: Served, uri: str) -> tuple[Post, Poll]:
    async with node.database.reading() as db:
        post = await posts.by_uri(db, uri)
        poll = await polls.one(db, post.id)
    assert poll is not None
    return post, poll


async def followed(node: Served, alice: Actor, by: RemoteActor) -> None:
    there = await fetch_actors.by_uri(node.database, node.site, by.uri)
    async with node.database.writing() as db:
        now = node.node.clock()
        await follows.ask(db, follower_id=there.id, target_id=alice.id, uri=f"{by.uri}#1", now=now, accepted=now)


async def test_a_question_says_its_options_end_and_counts(node: Served, alice: Actor) -> None:
    made = await ask(node, alice)
    several = await ask(node, alice, poll={**ASKED, "multiple": True, "hide_totals": True})

    async with node.client() as http:
        headers = {"accept": "application/activity+json"}
        one = (await http.get(made["uri"], headers=headers)).json()
        many = (await http.get(several["uri"], headers=headers)).json()

    assert (one["type"], one["endTime"], one["votersCount"], "closed" in one) == (
        "Question", made["poll"]["expires_at"][:19] + "Z", 0, False,
    )  # fmt: skip
    assert one["oneOf"] == [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 0}}
        for name in ASKED["options"]  # type: ignore[attr-defined]
    ]
    assert (one["content"], one["attributedTo"]) == ("<p>What helps?</p>", alice.uri)
    assert [one["replies"] for one in many["anyOf"]] == [{"type": "Collection"}, {"type": "Collection"}]
    assert {"votersCount": "toot:votersCount"}.items() <= one["@context"][1].items()


async def test_a_vote_from_elsewhere_counts_and_is_no_post(node: Served, alice: Actor, gina: RemoteActor) -> None:
    made = await ask(node, alice)

    answer = await deliver(node, gina, vote(gina, made, "Mirror & torch"))

    assert (answer.status_code, await counts(node, made)) == (202, [0, 1])
    assert await count_posts(node) == 1
    async with await node.as_member(alice) as app:
        assert (await app.get(f"/api/v1/statuses/{made['id']}/context")).json()["descendants"] == []
        assert (await app.get(f"/api/v1/statuses/{made['id']}")).json()["replies_count"] == 0
        assert (await app.get("/api/v1/notifications")).json() == []


async def test_one_votes_once_where_one_option_may_be_chosen(node: Served, alice: Actor, gina: RemoteActor) -> None:
    """``abuse.remote_vote_once``"""
    made = await ask(node, alice)

    for name in ("Torch", "Torch", "Mirror & torch"):
        assert (await deliver(node, gina, vote(gina, made, name))).status_code == 202

    assert await counts(node, made) == [1, 0]


async def test_several_options_come_one_after_another(node: Served, alice: Actor, gina: RemoteActor) -> None:
    made = await ask(node, alice, poll={**ASKED, "multiple": True})

    for name in ("Torch", "Torch", "Mirror & torch"):
        await deliver(node, gina, vote(gina, made, name))

    assert await counts(node, made) == [1, 1]
    async with node.database.reading() as db:
        found = await polls.one(db, int(made["id"]))
    assert found is not None and found.voters == 1


async def test_what_does_not_count_is_taken_silently(
    fediverse: Fediverse, node: Served, alice: Actor, gina: RemoteActor
) -> None:
    """``abuse.remote_vote_expired`` among them"""
    made = await ask(node, alice)
    hidden = await ask(node, alice, visibility="private")
    over = await ask(node, alice, poll={**ASKED, "expires_in": 300})
    fediverse.clock.advance(seconds=301)
    plain = await ask(node, alice, poll=None)

    answers = [
        await deliver(node, gina, vote(gina, one, name))
        for one, name in ((made, "Neither"), (hidden, "Torch"), (over, "Torch"), (plain, "Torch"))
    ]

    assert [one.status_code for one in answers] == [202] * 4
    assert await counts(node, made) == await counts(node, hidden) == await counts(node, over) == [0, 0]
    assert await count_posts(node) == 4


async def test_nobody_votes_for_another(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    """``abuse.remote_vote_forged``"""
    made = await ask(node, alice)
    mallory = good.actor("mallory", key=2)
    forged = {**vote(gina, made), "actor": mallory.uri, "id": f"{mallory.uri}#1"}

    refused = await deliver(node, mallory, forged)
    await deliver(node, mallory, vote(gina, made))  # passed on, for all we know: it is asked about at its own server
    await fediverse.quiet()

    assert refused.status_code == 400
    assert await counts(node, made) == [0, 0]


async def test_a_reply_with_words_is_a_reply(node: Served, alice: Actor, gina: RemoteActor) -> None:
    made = await ask(node, alice)

    await deliver(node, gina, gina.create({**gina.note("1", "Torch", inReplyTo=made["uri"]), "name": "Torch"}))

    assert await counts(node, made) == [0, 0]
    assert await count_posts(node) == 2


async def test_votes_of_a_minute_are_told_in_one_update_without_who(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    await followed(node, alice, gina)
    made = await ask(node, alice)
    await fediverse.quiet()
    good.got.clear()
    for number in range(5):
        voter = good.actor(f"voter{number}", key=3 + number)
        await deliver(node, voter, vote(voter, made))
    await fediverse.quiet()
    early = list(good.got)

    fediverse.clock.advance(seconds=130)
    await fediverse.quiet()
    one, *more = [said for said in good.got if said["actor"] == alice.uri]
    fediverse.clock.advance(seconds=3600)
    await fediverse.quiet()
    last = good.got[-1]

    assert (early, one["type"], one["object"]["type"]) == ([], "Update", "Question")
    assert [option["replies"]["totalItems"] for option in one["object"]["oneOf"]] == [5, 0]
    assert one["object"]["votersCount"] == 5
    assert "updated" not in one["object"]
    assert all(said["object"] == one["object"] for said in more)
    assert "voter0" not in json.dumps(good.got)
    assert last["object"]["closed"] == made["poll"]["expires_at"][:19] + "Z"


async def test_who_may_not_read_it_any_more_is_told_no_counts(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    await followed(node, alice, gina)
    made = await ask(node, alice, visibility="private")
    await deliver(node, gina, vote(gina, made))
    there = await fetch_actors.by_uri(node.database, node.site, gina.uri)
    async with node.database.writing() as db:
        await follows.remove(db, follower_id=there.id, target_id=alice.id)
    await fediverse.quiet()
    good.got.clear()

    fediverse.clock.advance(seconds=130)
    await fediverse.quiet()

    assert (await counts(node, made), good.got) == ([1, 0], [])


async def test_votes_of_who_left_elsewhere_go(node: Served, alice: Actor, gina: RemoteActor) -> None:
    made = await ask(node, alice)
    await deliver(node, gina, vote(gina, made))
    there = await fetch_actors.by_uri(node.database, node.site, gina.uri)

    async with node.database.writing() as db:
        await erase_actor(db, there.id, now=node.node.clock())

    assert await counts(node, made) == [0, 0]


async def test_a_question_from_elsewhere_is_a_poll(node: Served, alice: Actor, gina: RemoteActor) -> None:
    asked = question(gina, 3, 1)

    await deliver(node, gina, gina.create(asked))

    post, poll = await arrived(node, asked["id"])
    assert (post.type, poll.titles, [one.votes for one in poll.options]) == (
        "Question",
        ["Option 0", "Option 1"],
        [3, 1],
    )
    assert (poll.multiple, poll.voters, poll.ends) == (None, 4, 1_793_080_800_000)


@pytest.mark.parametrize("key", ["oneOf", "anyOf"])
async def test_a_question_of_thousands_is_bounded(node: Served, gina: RemoteActor, key: str) -> None:
    """``dos.poll_many_options``, ``html.poll_options``"""
    options: list[Any] = [
        {"type": "Note", "name": f"<b onclick='x'>Option &lt;i&gt; {n}</b>\u202e", "replies": {"totalItems": count}}
        for n, count in enumerate([1 << 62, -5, "many", None, *range(2_000)])
    ]
    more: dict[str, Any] = {key: ["x", 1, None, {"name": {}}, *options], "votersCount": 1 << 61}
    asked = gina.note("asks", type="Question", **more)

    answer = await deliver(node, gina, gina.create(asked))

    _, poll = await arrived(node, asked["id"])
    assert (answer.status_code, len(poll.options) <= 50, poll.voters) == (202, True, None)
    assert (poll.titles[0], poll.options[0].votes, poll.options[1].votes) == ("Option 0", 0, 0)
    assert not any(c in "".join(poll.titles) for c in "<>&\u202e")


@pytest.mark.parametrize(
    "asked",
    [{"oneOf": []}, {"oneOf": "x"}, {"oneOf": {"name": ""}}, {"anyOf": [[]]}, {}],
    ids=["none", "a text", "a blank one", "a list", "nothing"],
)
async def test_a_question_without_options_is_a_post(node: Served, gina: RemoteActor, asked: dict[str, Any]) -> None:
    document = gina.note("asks", type="Question", **asked)

    assert (await deliver(node, gina, gina.create(document))).status_code == 202

    async with node.database.reading() as db:
        post = await posts.by_uri(db, document["id"])
        assert await polls.one(db, post.id) is None
    async with node.client() as http:
        assert (await http.get(f"/api/v1/statuses/{post.id}")).json()["poll"] is None


async def test_new_counts_are_no_edit_and_other_options_take_votes_away(
    node: Served, alice: Actor, gina: RemoteActor
) -> None:
    asked = question(gina, 3, 1)
    await deliver(node, gina, gina.create(asked))
    post, _ = await arrived(node, asked["id"])
    async with await node.as_member(alice) as app:
        await app.post(f"/api/v1/polls/{post.id}/votes", json={"choices": [0]})

        await deliver(node, gina, gina.activity("Update", question(gina, 8, 2), name="2"))
        told = (await app.get(f"/api/v1/statuses/{post.id}")).json()
        history = (await app.get(f"/api/v1/statuses/{post.id}/history")).json()
        await deliver(node, gina, gina.activity("Update", question(gina, 0, 0, 0), name="3"))
        other = (await app.get(f"/api/v1/statuses/{post.id}")).json()

    assert ([one["votes_count"] for one in told["poll"]["options"]], told["poll"]["own_votes"]) == ([8, 2], [0])
    assert (told["edited_at"], len(history)) == (None, 1)
    assert (len(other["poll"]["options"]), other["poll"]["voted"]) == (3, False)
    assert other["edited_at"] is not None


async def test_a_members_vote_goes_to_the_author_alone(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    asked = question(gina, 3, 1)
    await deliver(node, gina, gina.create(asked))
    post, _ = await arrived(node, asked["id"])
    follower = remote(fediverse, "other.test")
    await followed(node, alice, follower.actor("fay", key=2))

    async with await node.as_member(alice) as app:
        answer = await app.post(f"/api/v1/polls/{post.id}/votes", json={"choices": ["1"]})
        await fediverse.quiet()
        outbox = (await app.get("/users/alice/outbox?page=0", headers={"accept": "application/activity+json"})).text

    [said] = good.got
    note = said["object"]
    assert [one["votes_count"] for one in answer.json()["options"]] == [3, 2]
    assert (said["type"], said["to"], note["to"]) == ("Create", [gina.uri], [gina.uri])
    assert (note["type"], note["name"], note["inReplyTo"], note["attributedTo"]) == (
        "Note", "Option 1", asked["id"], alice.uri,
    )  # fmt: skip
    assert not {"content", "cc", "contentMap"} & note.keys() and PUBLIC not in json.dumps(said)
    assert (follower.got, "Option 1" in outbox) == ([], False)


async def test_old_counts_are_asked_for_anew_when_a_member_looks(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    asked = question(gina, 3, 1)
    await deliver(node, gina, gina.create(asked))
    post, _ = await arrived(node, asked["id"])
    good.serve(question(gina, 9, 1))

    async with await node.as_member(alice) as app, node.client() as reader:
        soon = (await app.get(f"/api/v1/polls/{post.id}")).json()
        fediverse.clock.advance(seconds=301)
        read = (await reader.get(f"/api/v1/polls/{post.id}")).json()
        later = (await app.get(f"/api/v1/polls/{post.id}")).json()
        asks = good.asked.count("/notes/asks")
        await app.get(f"/api/v1/polls/{post.id}")
        good.pages.clear()
        fediverse.clock.advance(seconds=301)
        away = await app.get(f"/api/v1/polls/{post.id}")

    assert [one["votes_count"] for one in (soon, read, later)] == [4, 4, 10]
    assert (asks, away.status_code) == (1, 200)


async def test_a_member_is_told_when_a_poll_elsewhere_is_over(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    asked = question(gina, 3, 1)
    await deliver(node, gina, gina.create(asked))
    post, _ = await arrived(node, asked["id"])
    async with await node.as_member(alice) as app:
        await app.post(f"/api/v1/polls/{post.id}/votes", json={"choices": [0]})
        good.serve(question(gina, 20, 2))

        fediverse.clock.advance(seconds=2 * 24 * 60 * 60)
        await fediverse.quiet()
        [told] = (await app.get("/api/v1/notifications")).json()

    assert (told["type"], told["status"]["poll"]["votes_count"]) == ("poll", 22)


async def test_two_nodes_ask_vote_and_tally(fediverse: Fediverse, node: Served, alice: Actor) -> None:
    south = await fediverse.node("south.example")
    sam = await south.account("sam")
    await follow(south, sam, await known_at(south, alice, node))
    await fediverse.quiet()
    made = await ask(node, alice, poll={**ASKED, "multiple": True})
    await fediverse.quiet()

    async with await south.as_member(sam) as app:
        [there] = (await app.get("/api/v1/timelines/home")).json()
        await app.post(f"/api/v1/polls/{there['poll']['id']}/votes", json={"choices": [0, 1]})
        await fediverse.quiet()
        mine = await counts(node, made)
        fediverse.clock.advance(seconds=130)
        await fediverse.quiet()
        later = (await app.get(f"/api/v1/statuses/{there['id']}")).json()

    assert [one["title"] for one in there["poll"]["options"]] == ASKED["options"]
    assert (mine, [one["votes_count"] for one in later["poll"]["options"]]) == ([1, 1], [1, 1])
    assert (later["poll"]["voters_count"], later["poll"]["own_votes"], later["edited_at"]) == (1, [0, 1], None)
