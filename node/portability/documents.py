"""The parts of the archive of a member, each in pieces: what they shared, thanked for, saved, wrote down and set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import orjson

from federation.answers import collections, objects
from federation.documents.context import QUOTING
from federation.site import Document
from node.connecting import quiet
from node.context import Node
from node.portability import counting, mentoring, recommending, tables
from node.texts import _
from node.words import vocabulary
from storage import (
    actors,
    attachments,
    attendance,
    badges,
    brought,
    events,
    filters,
    highlights,
    members,
    notes,
    pending,
    polls,
    posts,
    prompts,
    quiet_times,
    reactions,
    sessions,
    tag_follows,
    tokens,
)
from storage.actors import Actor
from storage.attachments import Attachment
from storage.ids import LAST
from storage.paging import Page
from storage.posts import Post
from storage.quiet_times import Quiet

SOME = 100  # posts read together
Content = AsyncIterator[bytes]
More = Callable[[int], Awaitable[None]]  # so many parts more are done


async def count(node: Node, member: Actor) -> int:
    """How many posts and boosts there are."""
    async with node.database.reading(stale=True) as db:
        return await posts.count_by(db, member.id)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _iso(moment: int | None) -> str | None:
    return None if moment is None or moment == LAST else vocabulary.iso(moment)


async def readme(node: Node, member: Actor) -> Content:
    """What is what, in plain words."""
    text = _(
        "This is what %(node)s has of %(name)s on %(date)s.\n\n"
        "outbox.json    everything you shared and passed on, private posts and messages too (ActivityStreams 2)\n"
        "media          the pictures of your posts; media.csv says what each shows, and where it was shared\n"
        "actor.json     what others see of you\n"
        "account.json   what the node knows of you: address, settings, browsers, apps\n"
        "likes.json     addresses of the posts you thanked for\n"
        "bookmarks.json addresses of the posts you saved\n"
        "waiting.json   posts that are not out yet\n"
        "filters.json   words and posts you do not want to read\n"
        "notes.json     what you wrote down about people\n"
        "polls.json     what you chose in polls\n"
        "brought.json   entries of your blog that you have not shared yet\n"
        "highlights.json  highlights of the month that you chose, and why\n"
        "collections.json  accounts you recommend together\n"
        "mentoring.json matches of yours, and what the two of you wrote\n"
        "measures.json  your measures, with all numbers and what was changed when\n"
        "events.json    events you come to, and the ways in to yours\n\n"
        "These you can import on this node or on another, on Mastodon too: following.csv, blocks.csv, mutes.csv, "
        "domain_blocks.csv, lists.csv, bookmarks.csv. followers.csv is for you to read: nobody can be made to follow."
        "\n\nThe archive holds private messages, also words of others that you answered. Keep it where only you can "
        "read it.\n"
    )
    told = {
        "node": node.config.name,
        "name": f"@{member.handle}@{node.config.domain}",
        "date": vocabulary.day(node.clock()),
    }
    yield (text % told).encode()


async def actor(node: Node, member: Actor) -> Content:
    """What others see of them."""
    async with node.database.reading() as db:
        document = await objects.actor(db, node.site, await actors.by_id(db, member.id))
    yield _json({**document, "likes": "likes.json", "bookmarks": "bookmarks.json", "outbox": "outbox.json"})


async def account(node: Node, member: Actor) -> Content:
    """What the node knows of them beside: address, settings, browsers, apps. No secrets."""
    async with node.database.reading() as db:
        found = await members.by_id(db, member.id)
        browsers = await sessions.of(db, member.id, b"", now=node.clock())
        apps = await tokens.grants(db, member.id)
        tags = await tag_follows.newest(db, member.id, Page(limit=1_000))
        times, asked = await quiet_times.of(db, member.id), await prompts.wanted(db, member.id)
        badge = await badges.of(db, member.id)
    yield _json(
        {
            "name": f"@{member.handle}@{node.config.domain}",
            "email": found.email,
            "role": found.role.value,
            "created": _iso(found.created),
            "last_seen": _iso(found.seen),
            "settings": {
                "language": found.language, "visibility": found.visibility, "sensitive": found.sensitive is not None,
                "quotes": found.quote_policy,
                "locale": found.locale, "locked": member.locked is not None,
                "discoverable": member.discoverable is not None, "indexable": member.indexable is not None,
                "quiet_times": None if times is None else _quiet(times), "asked_whether_in_place": asked,
                "work_address_shown": badge is not None and not badge.hidden,
            },
            "followed_tags": [name for _, (_, name) in tags],
            "browsers": [
                {"browser": one.agent, "signed_in": _iso(one.created), "last_seen": _iso(one.seen)}
                for one, _ in browsers
            ],
            "apps": [
                {"name": one.name, "website": one.website, "scopes": one.scopes, "allowed": _iso(one.created)}
                for one in apps
            ],
        }
    )  # fmt: skip


def _quiet(given: Quiet) -> Document:
    """When nothing is pushed or mailed; whole ``days`` count from Monday, which is 0."""
    return {
        "starts": quiet.written(given.starts), "ends": quiet.written(given.ends), "days": sorted(given.days),
        "zone": given.zone,
    }  # fmt: skip


async def _posts(node: Node, member: Actor) -> AsyncIterator[list[Post]]:
    after = 0
    while True:
        async with node.database.reading(stale=True) as db:
            found = await posts.all_by(db, member.id, after=after, limit=SOME)
        if not found:
            return
        after = found[-1].id
        yield found


async def outbox(node: Node, member: Actor, more: More) -> Content:
    """Everything they shared and passed on, as the activities that told of it, oldest first."""
    head = {
        "@context": QUOTING, "id": "outbox.json", "type": "OrderedCollection",
        "totalItems": await count(node, member),
    }  # fmt: skip
    yield _json(head).removesuffix(b"\n}") + b',\n  "orderedItems": ['
    first = True
    async for some in _posts(node, member):
        async with node.database.reading(stale=True) as db:
            items = await collections.activities_of(db, node.site, member, some)
        for item in items:
            yield (b"\n" if first else b",\n") + orjson.dumps(_own_files(node, item))
            first = False
        await more(len(some))
    yield b"\n]}\n"


def _own_files(node: Node, item: Document) -> Document:
    """The activity with our pictures where they are in the archive."""
    inside = item.get("object")
    if not isinstance(inside, dict) or "attachment" not in inside:
        return item
    ours = f"{node.site.base_url}/media/"
    files = [
        {**one, "url": f"media/{one['url'].removeprefix(ours)}"} if str(one.get("url", "")).startswith(ours) else one
        for one in inside["attachment"]
    ]
    return {**item, "object": {**inside, "attachment": files}}


async def _files(node: Node, member: Actor) -> AsyncIterator[tuple[int, list[tuple[Post, Attachment]]]]:
    """What hangs at their posts, some posts at a time; how many those were."""
    async for some in _posts(node, member):
        own = {one.id: one for one in some if one.boost_of_id is None}
        async with node.database.reading(stale=True) as db:
            found = await attachments.of(db, own)
        yield len(some), [(own[id], file) for id, files in found.items() for file in files if file.url]


def _name(url: str) -> str:
    return url.rpartition("/")[2]


async def media_table(node: Node, member: Actor) -> Content:
    """Each picture with what it shows, in the words of who shared it."""
    yield tables.written([("File", "Description", "Post")])
    async for _number, found in _files(node, member):
        yield tables.written([(f"media/{_name(file.url)}", file.alt, post.uri) for post, file in found])


async def pictures(node: Node, member: Actor, more: More) -> AsyncIterator[list[str]]:
    """The names of their files in the folder of media."""
    yield [_name(one) for one in (member.icon, member.header) if one]
    async for number, found in _files(node, member):
        yield [_name(file.url) for _, file in found]
        await more(number)


async def _uris(name: str, pages: AsyncIterator[list[str]]) -> Content:
    head = {"@context": "https://www.w3.org/ns/activitystreams", "id": name, "type": "OrderedCollection"}
    yield _json(head).removesuffix(b"\n}") + b',\n  "orderedItems": ['
    async for item in _listed(pages):
        yield item
    yield b"\n]}\n"


async def _listed(pages: AsyncIterator[list[Any]]) -> Content:
    """The items of a JSON list, with commas between."""
    first = True
    async for page in pages:
        for one in page:
            yield (b"\n" if first else b",\n") + orjson.dumps(one)
            first = False


async def _list(pages: AsyncIterator[list[Any]]) -> Content:
    yield b"["
    async for item in _listed(pages):
        yield item
    yield b"\n]\n"


async def _liked(node: Node, member: Actor) -> AsyncIterator[list[str]]:
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await reactions.liked_uris(db, member.id, before=before, limit=SOME)
        if not found:
            return
        before = found[-1][0]
        yield [uri for _, uri in found]


async def _saved(node: Node, member: Actor) -> AsyncIterator[list[str]]:
    async for rows in tables.pages(node, member, tables.TABLES["bookmarks"]):
        yield [row[0] for row in rows]


async def _waiting(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await pending.all_by(db, member.id, before=before, limit=SOME)
        if not found:
            return
        before = found[-1].id
        yield [{"due": _iso(one.due), "post": orjson.loads(one.payload)} for one in found]


async def _filters(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    async with node.database.reading(stale=True) as db:
        found = await filters.whole(db, await filters.of(db, member.id))
        chosen = await posts.by_ids(db, [status.post_id for one in found for status in one.statuses])
    yield [
        {
            "title": one.filter.title, "where": one.filter.contexts.split(), "action": one.filter.action.value,
            "ends": _iso(one.filter.ends),
            "words": [{"word": word.keyword, "whole": word.whole_word is not None} for word in one.keywords],
            "posts": [chosen[status.post_id].uri for status in one.statuses if status.post_id in chosen],
        }
        for one in found
    ]  # fmt: skip


async def _notes(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    after = 0
    while True:
        async with node.database.reading(stale=True) as db:
            found = await notes.all_of(db, member.id, after=after, limit=SOME)
            about = await actors.by_ids(db, [id for id, _ in found])
        if not found:
            return
        after = found[-1][0]
        yield [{"about": tables.address(node, about[id]), "note": text} for id, text in found if id in about]


async def _choices(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    after = 0
    while True:
        async with node.database.reading(stale=True) as db:
            found = await polls.votes_of(db, member.id, after=after, limit=SOME)
        if not found:
            return
        after = found[-1][0]
        yield [{"poll": uri, "choice": title} for _, uri, title in found]


async def _gatherings(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    """Events that the member wants to come to, and the ways in to their own."""
    async with node.database.reading(stale=True) as db:
        own = await events.links_of(db, member.id)
    yield [{"event": uri, "link": link} for uri, link in own]
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await attendance.by(db, member.id, before=before, limit=SOME)
        if not found:
            return
        before = found[-1][0].id
        yield [{"event": uri, "state": one.state.value, "asked": vocabulary.iso(one.asked)} for one, uri in found]


async def _brought(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    """Entries of the member's blog that are not shared yet."""
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await brought.newest(db, member.id, before=before, limit=SOME)
        if not found:
            return
        before = found[-1].id
        yield [
            {"title": one.title, "text": one.text, "link": one.link, "published": _iso(one.published)} for one in found
        ]


async def _chosen(node: Node, member: Actor) -> AsyncIterator[list[Document]]:
    """Highlights of the month that the member chose."""
    async with node.database.reading(stale=True) as db:
        found = await highlights.chosen_by(db, member.id)
    yield [{"month": one.month, "post": uri, "reason": one.reason, "chosen": _iso(one.chosen)} for one, uri in found]


SMALL: Mapping[str, Callable[[Node, Actor], Content]] = {
    "likes.json": lambda node, member: _uris("likes.json", _liked(node, member)),
    "bookmarks.json": lambda node, member: _uris("bookmarks.json", _saved(node, member)),
    "waiting.json": lambda node, member: _list(_waiting(node, member)),
    "filters.json": lambda node, member: _list(_filters(node, member)),
    "notes.json": lambda node, member: _list(_notes(node, member)),
    "events.json": lambda node, member: _list(_gatherings(node, member)),
    "highlights.json": lambda node, member: _list(_chosen(node, member)),
    "brought.json": lambda node, member: _list(_brought(node, member)),
    "polls.json": lambda node, member: _list(_choices(node, member)),
    "collections.json": lambda node, member: _list(recommending.written(node, member)),
    "measures.json": lambda node, member: _list(counting.written(node, member)),
    "mentoring.json": lambda node, member: _list(mentoring.written(node, member)),
}
