"""Search: posts by words, people and teams by name, tags; and anything by its address or handle."""

from __future__ import annotations

from federation.errors import FederationError
from federation.fetching import actors as fetch_actors
from federation.fetching import posts as fetch_posts
from node.context import Node
from node.surfacing.surface import announce, surface
from storage import actors, search
from storage import posts as post_store
from storage import tags as tag_store
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading
from storage.ids import LAST
from storage.posts import Post

QUERY = 200  # characters of a search
DEEPEST = 200  # results that can be skipped: a search is refined, not paged through


async def posts(db: Reading, query: str, *, reader_id: int, now: int, limit: int, before: int = LAST) -> list[int]:
    """Ids of posts the reader may see that have these words, newest first."""
    return await search.posts(db, query[:QUERY], reader_id=reader_id, now=now, before=before, limit=limit)


async def people(db: Reading, query: str, *, limit: int, first: Actor | Post | None = None) -> list[Actor]:
    """Accounts whose handle starts with the query; ``first`` is what ``resolve`` found."""
    start, _, domain = query.strip().lstrip("@").lower().partition("@")
    if not start:
        return []
    found = await actors.found(db, start=start, limit=limit)
    shown = [one for one in found if one.domain.startswith(domain) and is_shown(one)]
    if isinstance(first, Actor) and is_shown(first) and first.id not in {one.id for one in shown}:
        shown = [first, *shown][:limit]
    return shown


def is_shown(actor: Actor) -> bool:
    """Whether there is somebody to look at: not the node's own actor, nor who left, nor who waits to be let in."""
    hidden = actor.kind is ActorKind.APPLICATION or actor.suspended is not None
    return actor.gone is None and not (actor.here and hidden)


async def tags(db: Reading, query: str, *, limit: int) -> list[tuple[int, str]]:
    """Hashtags, each with its id, that start with the query."""
    start = tag_store.name_of(query.strip())
    return await tag_store.starting(db, start, limit=limit) if start else []


def is_address(query: str) -> bool:
    """Whether the query is the address of one thing."""
    return query.startswith(("https://", "http://")) and " " not in query


def is_handle(query: str) -> bool:
    """Whether the query is ``@name@domain`` or ``name@domain``."""
    name, _, domain = query.strip().lstrip("@").partition("@")
    return bool(name) and "." in domain + "." and bool(domain) and " " not in query


async def resolve(node: Node, query: str) -> Actor | Post | None:
    """The one thing an address or handle names, fetched from its server if need be; None when it cannot be had."""
    try:
        if is_handle(query) and not is_address(query):
            return await fetch_actors.by_handle(node.database, node.site, query)
        if not is_address(query):
            return None
        return await _by_address(node, query)
    except (FederationError, Missing):
        return None


async def _by_address(node: Node, url: str) -> Actor | Post | None:
    async with node.database.reading() as db:
        here = await known(db, node, url)
    if here is not None or node.site.ours(url):
        return here
    try:
        post, came = await fetch_posts.by_uri(node.database, node.site, url)
    except FederationError:
        return await fetch_actors.by_uri(node.database, node.site, url)
    if came:
        came += await fetch_posts.ancestors(node.database, node.site, post.in_reply_to_uri)
        async with node.database.writing() as db:
            told = await surface(db, node, came)
        announce(node, told)
    return post


async def known(db: Reading, node: Node, url: str) -> Actor | Post | None:
    """What is kept here under this address; the reader may not be allowed to see it."""
    for find in (actors.by_uri, post_store.by_uri):
        try:
            return await find(db, url)
        except Missing:
            continue
    page = url.removeprefix(f"{node.site.base_url}/@")
    if page == url or "/" in page:
        return None
    try:
        return await actors.by_handle(db, page)
    except Missing:
        return None
