"""Allied nodes: each has the other's public safety notes, though nobody follows anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from node.sharing import behalf
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from storage import actors, allies, follows, peers, posts, timelines
from storage.actors import Actor
from storage.database import Missing
from storage.paging import Page
from storage.peers import Policy
from storage.posts import Post, Visibility
from tests.federation.remote import remote
from tests.federation.test_two_nodes import NOTE, share
from tests.serving import ON_BOTH, Fediverse, Served
from tests.storage import making


async def decide(here: Served, host: str, policy: Policy) -> None:
    """As ``sharewell peer`` does."""
    async with here.database.writing() as db:
        await peers.decide(db, host, policy, reason="", now=here.node.clock())
        await allies.promise(db, host, now=here.node.clock())
    await here.fediverse.quiet()


async def public(there: Served) -> list[str]:
    async with there.database.reading() as db:
        lines = await timelines.public(db, reader_id=0, page=Page(), now=0)
        found = await posts.by_ids(db, [one.post_id for one in lines])
        assert all(one.booster_id is None for one in lines)
    return [found[one.post_id].title or found[one.post_id].text for one in lines]


async def allied(fediverse: Fediverse) -> tuple[Served, Served, Actor]:
    """Two nodes of which each was told of the other, one after the other; somebody of the first."""
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa = await north.account("rosa")
    await decide(north, "south.example", Policy.ALLIED)  # is refused: the other does not know it yet
    await decide(south, "north.example", Policy.ALLIED)
    return north, south, rosa


async def noted(here: Served, author: Actor, title: str, **more: Any) -> Post:
    post = await share(here, author, replace(NOTE, title=title, **more))
    await here.fediverse.quiet()
    return post


@ON_BOTH
async def test_public_safety_notes_come_and_what_becomes_of_them(fediverse: Fediverse) -> None:
    north, south, rosa = await allied(fediverse)
    sam = await south.account("sam")
    post = await noted(north, rosa, "Look under the heel")
    await noted(south, sam, "Lower the bed")
    await noted(north, rosa, "With the link", visibility=Visibility.UNLISTED)
    await noted(north, rosa, "For followers", visibility=Visibility.PRIVATE)
    await share(north, rosa, Draft("No note at all"))
    await fediverse.quiet()

    assert await public(south) == ["Lower the bed", "Look under the heel"]
    assert "Lower the bed" in await public(north)
    async with south.database.reading() as db:
        there = await posts.by_uri(db, post.uri)
    assert (there.boosts_count, there.kind, there.fields) == (0, post.kind, post.fields)

    fediverse.clock.advance(seconds=60)
    async with north.database.writing() as db:
        told = await behalf.edit(db, north.node, rosa.id, post.id, replace(NOTE, title="Look under both heels"), {})
    announce(north.node, told)
    await fediverse.quiet()
    assert await public(south) == ["Lower the bed", "Look under both heels"]
    async with north.database.writing() as db:
        _, told = await behalf.take_back(db, north.node, rosa.id, post.id)
    announce(north.node, told)
    await fediverse.quiet()
    assert await public(south) == ["Lower the bed"]


async def test_when_the_alliance_ends_nothing_more_comes(fediverse: Fediverse) -> None:
    north, south, rosa = await allied(fediverse)
    await decide(south, "north.example", Policy.OPEN)

    await noted(north, rosa, "Look under the heel")

    assert await public(south) == []


async def test_nobody_else_follows_the_node_itself(fediverse: Fediverse) -> None:
    north, west = await fediverse.node("north.example"), await fediverse.node("west.example")
    rosa = await north.account("rosa")
    await decide(west, "north.example", Policy.ALLIED)  # and north does not know west

    post = await noted(north, rosa, "Look under the heel")

    assert await public(west) == []
    async with west.database.reading() as db:
        try:
            await posts.by_uri(db, post.uri)
        except Missing:
            return
    raise AssertionError("it came")


async def test_when_the_alliance_ends_nobody_of_it_follows_the_node_any_more(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    remote(fediverse, "south.example")
    async with north.database.writing() as db:
        me = await actors.by_uri(db, north.site.node_actor)
        for _ in range(12):
            await making.follow(db, await making.actor(db, domain="south.example"), me)

    await decide(north, "south.example", Policy.OPEN)

    async with north.database.reading() as db:
        assert await follows.with_domain(db, me.id, "south.example", limit=1) == ([], [])
