from __future__ import annotations

from node.connecting import follows as connecting
from node.sharing import posts as sharing
from node.sharing import reactions
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from storage import actors, follows, posts, timelines
from storage.actors import Actor
from storage.kinds import Kind
from storage.paging import Page
from storage.posts import Post
from tests import pictures
from tests.serving import ON_BOTH, Fediverse, Served


async def known_at(served: Served, actor: Actor, home: Served) -> Actor:
    """``actor`` of the node ``home`` as ``served`` sees it."""
    from federation.fetching import actors as fetching

    return await fetching.by_handle(served.database, served.site, f"{actor.handle}@{home.node.config.domain}")


async def follow(served: Served, member: Actor, target: Actor) -> None:
    async with served.database.writing() as db:
        told = await connecting.follow(db, served.node, member, target)
    announce(served.node, told)


async def share(served: Served, author: Actor, draft: Draft) -> Post:
    mentioned = await sharing.resolve(served.node, draft.text)
    async with served.database.writing() as db:
        post, told = await sharing.publish(db, served.node, author, draft, mentioned)
    announce(served.node, told)
    assert isinstance(post, Post)
    return post


NOTE = Draft(
    "",
    kind=Kind.SAFETY_NOTE,
    title="Look under the heel",
    fields={
        "topics": ["pressure-ulcers"],
        "settings": ["acute-ward"],
        "situation": "Heels looked fine from above.",
        "recommendation": "Lift the leg, use a mirror.",
        "harm": "low",
        "composite": True,
    },
)


@ON_BOTH
async def test_a_safety_note_reaches_a_follower_elsewhere_whole(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()

    post = await share(north, rosa, NOTE)
    await fediverse.quiet()

    async with south.database.reading() as db:
        [line] = await timelines.home(db, reader_id=sam.id, page=Page(), now=0)
        there = await posts.any_by_id(db, line.post_id)
    assert (there.uri, there.kind, there.title, there.fields) == (post.uri, post.kind, post.title, post.fields)
    assert there.html == post.html


async def test_a_reply_thanks_and_a_boost_come_back_and_are_counted(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()
    post = await share(north, rosa, NOTE)
    await fediverse.quiet()
    async with south.database.reading() as db:
        there = await posts.by_uri(db, post.uri)

    await share(south, sam, Draft("We do the same.", in_reply_to_id=there.id))
    async with south.database.writing() as db:
        told = await reactions.like(db, south.node, sam, there.id)
        _, more = await reactions.boost(db, south.node, sam, there.id)
    announce(south.node, [*told, *more])
    await fediverse.quiet()

    async with north.database.reading() as db:
        here = await posts.by_uri(db, post.uri)
    assert (here.replies_count, here.likes_count, here.boosts_count) == (1, 1, 1)


async def test_a_follow_is_accepted_and_counted_on_both_nodes(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    there = await known_at(south, rosa, north)

    await follow(south, sam, there)
    await fediverse.quiet()

    async with south.database.reading() as db:
        out = await follows.between(db, follower_id=sam.id, target_id=there.id)
        seen = await actors.by_id(db, there.id)
    async with north.database.reading() as db:
        here = await actors.by_id(db, rosa.id)
    assert out is not None and out.accepted is not None
    assert (seen.followers_count, here.followers_count) == (1, 1)


async def test_pictures_are_shown_elsewhere_with_their_words(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()

    async with await north.as_member(rosa) as app, await south.as_member(sam) as reader:
        said = {"description": "A mirror under a heel", "focus": "0.5,-0.5"}
        files = {"file": ("heel.jpg", pictures.jpeg((640, 480)), "image/jpeg")}
        sent = (await app.post("/api/v2/media", files=files, data=said)).json()
        post = (await app.post("/api/v1/statuses", json={"status": "Look", "media_ids": [sent["id"]]})).json()
        await fediverse.quiet()
        [there] = (await reader.get("/api/v1/timelines/home")).json()
        changed = [{"id": sent["id"], "description": "A mirror"}]
        await app.put(f"/api/v1/statuses/{post['id']}", json={"status": "Look", "media_attributes": changed})
        await fediverse.quiet()
        [later] = (await reader.get("/api/v1/timelines/home")).json()

    [one], [again] = there["media_attachments"], later["media_attachments"]
    assert [one[name] for name in ("type", "url", "description", "blurhash")] == [
        "image", sent["url"], "A mirror under a heel", sent["blurhash"],
    ]  # fmt: skip
    assert one["meta"]["original"] == sent["meta"]["original"]
    assert one["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert again["description"] == "A mirror"
