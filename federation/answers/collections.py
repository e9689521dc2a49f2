"""Collections of this node as other servers read them: page by page, by key, only what everyone may see.

A page is asked for by ``?page=PLACE``; ``0`` is the first. AS2 core 5, ActivityPub 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from federation.answers.objects import surroundings
from federation.documents import activities
from federation.documents import collections as documents
from federation.documents import posts as post_documents
from federation.documents.actors import GROUPS
from federation.documents.actors import moderators as moderators_uri
from federation.documents.context import QUOTING
from federation.site import Document, Site
from storage import actors, follows, groups, posts, reactions, teams, timelines
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.ids import LAST
from storage.paging import Page
from storage.posts import Post
from storage.timelines import Line, Wanted

PAGE = 40
POSTS = 20
NOBODY = 0  # the reader: what everyone may see


def _first(uri: str) -> str:
    return f"{uri}?page=0"


def _page(place: int, limit: int) -> Page:
    return Page(before=place or LAST, limit=limit)


def _next(uri: str, places: Sequence[int], limit: int) -> str | None:
    return f"{uri}?page={places[-1]}" if len(places) == limit else None


def nothing(uri: str) -> Document:
    """A collection that is always empty."""
    return documents.whole(uri, [])


async def followers(db: Reading, actor: Actor, place: int | None) -> Document:
    """Who follows one of ours: the collection, or the page from ``place`` on."""
    if actor.kind in GROUPS and (await groups.of(db, actor.id)).private is not None:
        return documents.whole(actor.followers, [])  # who is in a private group is nobody's business
    if place is None:
        return documents.collection(actor.followers, total=actor.followers_count, first=_first(actor.followers))
    return _people(actor.followers, await follows.followers(db, actor.id, _page(place, PAGE)))


async def following(db: Reading, actor: Actor, place: int | None) -> Document:
    """Whom one of ours follows: the collection, or the page from ``place`` on."""
    if place is None:
        return documents.collection(actor.following, total=actor.following_count, first=_first(actor.following))
    return _people(actor.following, await follows.following(db, actor.id, _page(place, PAGE)))


def _people(uri: str, placed: Sequence[tuple[int, Actor]], *, ordered: bool = True) -> Document:
    places = [one for one, _ in placed]
    items = [one.uri for _, one in placed]
    return documents.page(
        f"{uri}?page={places[0] + 1 if places else 0}", uri, items, following=_next(uri, places, PAGE), ordered=ordered
    )


async def outbox(db: Reading, site: Site, actor: Actor, place: int | None) -> Document:
    """What one of ours shared and passed on, as the activities that told of it, newest first."""
    if place is None:
        return documents.collection(actor.outbox, total=actor.posts_count, first=_first(actor.outbox))
    page = _page(place, POSTS)
    lines = await timelines.by_author(db, actor.id, reader_id=NOBODY, page=page, wanted=Wanted())
    items = await _activities(db, site, actor, lines)
    following = _next(actor.outbox, [line.id for line in lines], POSTS)
    return documents.page(f"{actor.outbox}?page={place}", actor.outbox, items, following=following, context=QUOTING)


async def _activities(db: Reading, site: Site, actor: Actor, lines: Sequence[Line]) -> list[Document]:
    found = await posts.by_ids(db, [line.id for line in lines])
    return await activities_of(db, site, actor, [found[line.id] for line in lines if line.id in found])


async def activities_of(db: Reading, site: Site, actor: Actor, entries: Sequence[Post]) -> list[Document]:
    """What told of these posts and boosts of an actor of ours, without @context; a fixed number of queries."""
    passed_on = await posts.by_ids(db, [one.boost_of_id for one in entries if one.boost_of_id is not None])
    authors = await actors.by_ids(db, {one.author_id for one in passed_on.values()})
    around = await surroundings(db, [one.id for one in entries])
    items: list[Document] = []
    for entry in entries:
        if entry.boost_of_id is not None:
            shown = passed_on.get(entry.boost_of_id)
            author = None if shown is None else authors.get(shown.author_id)
            if shown is None or author is None:
                continue
            item = activities.announce(entry, actor, shown, author)
        else:
            item = activities.create(entry, actor, post_documents.write(entry, actor, around[entry.id], site))
        items.append({name: value for name, value in item.items() if name != "@context"})
    return items


async def featured(db: Reading, site: Site, actor: Actor) -> Document:
    """What one of ours pinned to their page, whole: Mastodon shows it on a profile it has just met."""
    lines = await timelines.pinned(db, actor.id, reader_id=NOBODY)
    found = await posts.by_ids(db, [line.post_id for line in lines])
    around = await surroundings(db, [line.post_id for line in lines])
    items = [
        post_documents.write(one, actor, around[one.id], site) if one.author_id == actor.id else one.uri
        for line in lines
        if (one := found.get(line.post_id)) is not None
    ]
    return documents.whole(actor.featured, items, context=QUOTING)


async def moderators(db: Reading, actor: Actor) -> Document:
    """Who keeps a group of ours (FEP-1b12). Raises Missing for what is no group."""
    if actor.kind not in GROUPS:
        raise Missing(actor.handle)
    kept = await teams.moderators(db, actor.id)
    return documents.whole(moderators_uri(actor), [one.uri for one in kept])


async def _public(db: Reading, post_id: int) -> Post:
    """A post of this node that everyone may see. Raises Missing."""
    found = await posts.by_id(db, post_id, reader_id=NOBODY)
    if found.local is None or found.boost_of_id is not None:
        raise Missing(str(post_id))
    return found


async def replies(db: Reading, post_id: int, place: int | None) -> Document:
    """The direct replies to a post of ours that everyone may see, by id, oldest first. Raises Missing."""
    post = await _public(db, post_id)
    uri = f"{post.uri}/replies"
    if place is None:
        return documents.collection(uri, total=post.replies_count, first=_first(uri), ordered=False)
    found = await posts.replies_to(db, post.id, after=place, limit=PAGE)
    following = f"{uri}?page={found[-1][0]}" if len(found) == PAGE else None
    return documents.page(f"{uri}?page={place}", uri, [one for _, one in found], following=following, ordered=False)


async def likes(db: Reading, post_id: int, place: int | None) -> Document:
    """Who likes a post of ours. Raises Missing."""
    post = await _public(db, post_id)
    uri = f"{post.uri}/likes"
    if place is None:
        return documents.collection(uri, total=post.likes_count, first=_first(uri), ordered=False)
    return _people(uri, await reactions.likers(db, post.id, _page(place, PAGE)), ordered=False)


async def shares(db: Reading, post_id: int, place: int | None) -> Document:
    """Who passed a post of ours on. Raises Missing."""
    post = await _public(db, post_id)
    uri = f"{post.uri}/shares"
    if place is None:
        return documents.collection(uri, total=post.boosts_count, first=_first(uri), ordered=False)
    return _people(uri, await reactions.boosters(db, post.id, _page(place, PAGE)), ordered=False)
