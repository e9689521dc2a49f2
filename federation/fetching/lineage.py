"""What another server says builds on a post of its own: asked for, bounded, and believed only of counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.documents import lineage as documents
from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import FederationError
from federation.fetching import asking
from federation.site import Site
from storage.database import Database

PAGES = 2  # of a collection
ITEMS = 40  # posts that are taken from them


@dataclass(frozen=True, slots=True)
class Said:
    """What the server says: how many of each, and which; the posts themselves have to say so, too."""

    counts: Mapping[str, int]
    children: list[str]


async def ask(database: Database, site: Site, uri: str) -> Said:
    """Ask for the collections of the post ``uri``. Raises Refused, Gone, Forbidden, Unreachable."""
    document = await asking.document(database, site, uri)
    counts: dict[str, int] = {}
    children: list[str] = []
    spread, affected = documents.spread_of(document), documents.affected_of(document)
    if spread and same_origin(spread, uri):
        collection = await asking.document(database, site, spread)
        counts |= documents.told(collection)
        children = documents.items(await _pages(database, site, collection), ITEMS)
    if affected and same_origin(affected, uri):
        total = reading.count(await asking.document(database, site, affected))
        counts |= {} if total is None else {"affected": total}
    return Said(counts, children)


async def _pages(database: Database, site: Site, collection: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The collection itself and its first pages, as far as they can be had."""
    found: list[Mapping[str, Any]] = [collection]
    following = reading.uri(collection.get("first"))
    for _ in range(PAGES):
        if not following or not same_origin(following, reading.uri(collection.get("id"))):
            break
        try:
            page = await asking.document(database, site, following)
        except FederationError:
            break
        found.append(page)
        following = reading.uri(page.get("next"))
    return found
