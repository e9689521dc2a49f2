"""Structured posts are corrected and withdrawn: marked above their text, on every node, and who used them is told."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from node.sharing import reactions
from node.sharing.drafts import Draft
from storage import posts
from storage.actors import Actor
from storage.members import Role
from storage.posts import Post
from tests.clients.guards import BLOCKED
from tests.federation.test_recalls import follower, standing
from tests.federation.test_two_nodes import NOTE, share
from tests.serving import ON_BOTH, Fediverse, Served

SAID = "It said <b>four hours; two is right & <3 is wrong."


async def change(served: Served, by: Actor, post: Post, **own: Any) -> httpx2.Response:
    client = await served.as_member(by)
    return await client.put(f"/api/v1/statuses/{post.id}", json={"sharewell": own})


async def shown(served: Served, by: Actor, uri: str) -> dict[str, Any]:
    """The status as a member's app gets it."""
    async with served.database.reading() as db:
        post = await posts.by_uri(db, uri)
    client = await served.as_member(by)
    found: dict[str, Any] = (await client.get(f"/api/v1/statuses/{post.id}")).json()
    return found


async def updates(served: Served, who: Actor) -> list[str]:
    client = await served.as_member(who)
    found = (await client.get("/api/v1/notifications")).json()
    return [one["status"]["uri"] for one in found if one["type"] == "update"]


@ON_BOTH
async def test_a_correction_stands_above_the_text_and_tells_who_used_it_on_both_nodes(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, sam = await follower(fediverse, "south.example", north, rosa)
    sal, saul, sid = await south.account("sal"), await south.account("saul"), await south.account("sid")
    ann = await north.account("ann")
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    async with south.database.writing() as db:
        there = await posts.by_uri(db, post.uri)
        await reactions.boost(db, south.node, sam, there.id)
        await reactions.bookmark(db, south.node, sal, there.id)
        await reactions.like(db, south.node, sid, there.id)
    await share(south, saul, Draft("We do it too.", in_reply_to_id=there.id))
    async with north.database.writing() as db:
        await reactions.bookmark(db, north.node, ann, post.id)
    await fediverse.quiet()

    answer = await change(
        north, rosa, post, correction=SAID, fields={**NOTE.fields, "recommendation": "Every two hours."}
    )
    await fediverse.quiet()

    assert answer.status_code == 200, answer.text
    for served, who in ((north, ann), (south, sam)):
        status = await shown(served, who, post.uri)
        mark = status["sharewell"]["correction"]
        assert (mark["said"], mark["by"]) == (SAID, "author")
        assert status["content"].startswith("<p><strong>Corrected on 26 Oct 2026:</strong> It said &lt;b&gt;four")
        assert "Every two hours." in status["content"]
        assert "correction" not in status["sharewell"]["fields"]
    assert [await updates(south, one) for one in (sam, sal, saul)] == [[post.uri]] * 3
    assert await updates(north, ann) == [post.uri]
    assert await updates(south, sid) == []
    client = await north.as_member(rosa)
    [made] = (await client.get("/api/v1/sharewell/recalls")).json()
    assert (made["act"], await standing(north, rosa, made["id"])) == ("corrected", {"south.example": "confirmed"})


@ON_BOTH
async def test_what_is_withdrawn_stays_readable_and_a_second_mark_tells_again(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    south, sam = await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    async with south.database.writing() as db:
        there = await posts.by_uri(db, post.uri)
        await reactions.bookmark(db, south.node, sam, there.id)
    await change(north, rosa, post, correction=SAID)
    await fediverse.quiet()
    client = await south.as_member(sam)
    await client.post("/api/v1/notifications/clear")

    answer = await change(north, rosa, post, withdrawn="The mirror breaks in use.")
    await fediverse.quiet()

    assert answer.status_code == 200
    status = await shown(south, sam, post.uri)
    assert status["content"].startswith("<p><strong>Withdrawn on 26 Oct 2026:</strong> The mirror breaks in use.</p>")
    assert "Lift the leg, use a mirror." in status["content"]
    assert set(status["sharewell"]) >= {"correction", "withdrawn"}
    assert await updates(south, sam) == [post.uri]
    assert (await shown(north, gwen, post.uri))["sharewell"]["withdrawn"]["said"] == "The mirror breaks in use."


async def test_words_changed_later_keep_the_marks_and_tell_nobody_anew(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, ann = await north.account("rosa"), await north.account("ann")
    south, sam = await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    async with north.database.writing() as db:
        await reactions.bookmark(db, north.node, ann, post.id)
    await change(north, rosa, post, correction=SAID)
    await fediverse.quiet()
    client = await north.as_member(ann)
    await client.post("/api/v1/notifications/clear")

    answer = await change(north, rosa, post, title="Look under the heel, always")
    await fediverse.quiet()

    assert answer.json()["sharewell"]["correction"]["said"] == SAID
    assert (await shown(south, sam, post.uri))["content"].count("Corrected on") == 1
    assert (await shown(south, sam, post.uri))["sharewell"]["correction"]["said"] == SAID
    assert await updates(north, ann) == []


async def test_a_mark_is_read_by_the_guard_and_said_in_a_line(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    note, plain = await share(north, rosa, NOTE), await share(north, rosa, Draft("Plain words."))

    answers = [
        await change(north, rosa, note, correction=BLOCKED),
        await change(north, rosa, note, withdrawn="  "),
        await change(north, rosa, note, correction="x" * 301),
        await change(north, rosa, note, correction="a", withdrawn="b"),
        await change(north, rosa, plain, withdrawn="No."),
    ]

    assert [one.status_code for one in answers] == [422] * 5
    client = await north.as_member(rosa)
    assert (
        await client.post("/api/v1/statuses", json={"status": "x", "sharewell": {"withdrawn": "a"}})
    ).status_code == 422
    assert "withdrawn" not in (await shown(north, rosa, note.uri))["sharewell"]


async def test_twenty_marks_at_once_leave_one_whole_one(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, sam = await follower(fediverse, "south.example", north, rosa)
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()

    answers = await asyncio.gather(*(change(north, rosa, post, correction=f"Correction {n}.") for n in range(20)))
    await fediverse.quiet()

    assert {one.status_code for one in answers} == {200}
    here, there = await shown(north, rosa, post.uri), await shown(south, sam, post.uri)
    assert here["content"].count("Corrected on") == 1
    assert there["sharewell"]["correction"] == here["sharewell"]["correction"]
