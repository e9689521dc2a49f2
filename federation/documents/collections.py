"""Collections and their pages (AS2 core 5). No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from federation.site import Document
from federation.vocabulary import CONTEXT


def collection(uri: str, *, total: int, first: str, ordered: bool = True) -> Document:
    """A collection that is read page by page."""
    type = "OrderedCollection" if ordered else "Collection"
    return {"@context": CONTEXT, "id": uri, "type": type, "totalItems": total, "first": first}


def whole(uri: str, items: Sequence[Any], *, context: Any = CONTEXT) -> Document:
    """A short collection with everything in it."""
    return {
        "@context": context,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": list(items),
    }


def page(
    uri: str, part_of: str, items: Sequence[Any], *, following: str | None, ordered: bool = True, context: Any = CONTEXT
) -> Document:
    """One page; ``following`` is the next one's address."""
    document: Document = {
        "@context": context,
        "id": uri,
        "type": "OrderedCollectionPage" if ordered else "CollectionPage",
        "partOf": part_of,
        "orderedItems" if ordered else "items": list(items),
    }
    if following is not None:
        document["next"] = following
    return document
