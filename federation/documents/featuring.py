"""Collections of recommended accounts, as FEP-7aa9 says them: ours as others read them, and others' made safe. No I/O.

https://codeberg.org/fediverse/fep/src/branch/main/fep/7aa9/fep-7aa9.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from federation import sanitize
from federation.documents import context, reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.site import Document, Site
from storage.actors import Actor
from storage.collections import Collection, Item

COLLECTION, ITEM = "FeaturedCollection", "FeaturedItem"
AUTHORIZATION, REQUEST = "FeatureAuthorization", "FeatureRequest"
ASKED = "#request"  # what follows an item's id in the id of the FeatureRequest for it
MOST = 150  # accounts in a collection elsewhere, as the FEP proposes
NAME, DESCRIPTION, TAG = 256, 2_048, 100  # characters of one elsewhere


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """An account in a collection elsewhere; that it agreed is not known yet."""

    uri: str
    actor_uri: str
    stamp: str  # uri of what is said to be its FeatureAuthorization; "": none


@dataclass(frozen=True, slots=True)
class RemoteCollection:
    """What a collection's document says, made safe."""

    uri: str
    url: str
    name: str
    description: str
    language: str
    tag: str
    sensitive: bool
    discoverable: bool
    published: int
    items: Sequence[RemoteItem]


def page(kept: Collection, site: Site) -> str:
    """Where people read a collection."""
    return kept.url or f"{site.base_url}/collections/{kept.id}"


def item_uri(kept: Collection, item: Item) -> str:
    """The id of an account's place in a collection."""
    return item.uri or f"{kept.uri}/items/{item.id}"


def write(kept: Collection, owner: Actor, placed: Sequence[tuple[Item, Actor]], site: Site) -> Document:
    """One of ours as others read it, without @context. ``placed``: who agreed to be in it."""
    document: Document = {
        "id": kept.uri,
        "type": COLLECTION,
        "name": kept.name,
        "attributedTo": owner.uri,
        "url": page(kept, site),
        "sensitive": kept.sensitive is not None,
        "discoverable": kept.discoverable is not None,
        "published": reading.iso(kept.created),
        "updated": reading.iso(kept.updated),
        "totalItems": len(placed),
        "orderedItems": [item_terms(kept, item, actor, site) for item, actor in placed],
    }
    if kept.language:
        document["summaryMap"] = {kept.language: kept.description}
    else:
        document["summary"] = kept.description
    if kept.tag:
        document["topic"] = {
            "type": "Hashtag", "name": f"#{kept.tag}", "href": f"{site.base_url}/tags/{kept.tag.lower()}",
        }  # fmt: skip
    return document


def item_terms(kept: Collection, item: Item, actor: Actor, site: Site) -> Document:
    """An account in a collection of ours."""
    return {
        "id": item_uri(kept, item),
        "type": ITEM,
        "featuredObject": actor.uri,
        "featuredObjectType": actor.kind.value,
        "featureAuthorization": site.feature_stamp_uri(actor.handle, item.id) if actor.here else item.stamp,
        "published": reading.iso(item.created),
    }


def authorization(uri: str, actor: Actor, collection_uri: str) -> Document:
    """That one of ours agreed to be in a collection."""
    return {"@context": context.FEATURE_AUTHORIZATION, **authorization_terms(uri, actor, collection_uri)}


def authorization_terms(uri: str, actor: Actor, collection_uri: str) -> Document:
    """The same inside of another document."""
    return {
        "id": uri, "type": AUTHORIZATION, "attributedTo": actor.uri, "interactingObject": collection_uri,
        "interactionTarget": actor.uri,
    }  # fmt: skip


def authorizes(document: Document, *, actor_uri: str, collection_uri: str) -> bool:
    """Whether this, found at its own id, is an actor's word that they may be in a collection."""
    return (
        AUTHORIZATION in reading.types(document)
        and same_origin(reading.uri(document), actor_uri)
        and reading.uris(document.get("interactingObject"), 2) == [collection_uri]
        and reading.uris(document.get("interactionTarget"), 2) == [actor_uri]
    )


def read(document: Document, owner: Actor, *, now: int) -> RemoteCollection:
    """A collection of ``owner`` elsewhere. Raises Refused when it is none, or another's."""
    uri = reading.uri(document)
    if COLLECTION not in reading.types(document) or not uri:
        raise Refused("not a FeaturedCollection")
    if not same_origin(uri, owner.uri) or reading.uris(document.get("attributedTo"), 2) != [owner.uri]:
        raise Refused("FeaturedCollection of another")
    name, _ = reading.in_language(document, "name")
    name = sanitize.line(sanitize.plain(name), NAME)
    summary, language = reading.in_language(document, "summary")
    if not name:
        raise Refused("FeaturedCollection without a name")
    return RemoteCollection(
        uri=uri,
        url=reading.link(document.get("url")) or uri,
        name=name,
        description=sanitize.plain(sanitize.html(summary, DESCRIPTION * 2))[:DESCRIPTION],
        language=language[:12],
        tag=_tag(document),
        sensitive=document.get("sensitive") is True,
        discoverable=document.get("discoverable") is not False,
        published=min(reading.moment(document.get("published")) or now, now),
        items=_items(document, uri),
    )


def _tag(document: Document) -> str:
    for one in reading.objects(document.get("topic"), 1):
        name = reading.text(one.get("name")).lstrip("#")
        if name and len(name) <= TAG and all(c.isalnum() or c == "_" for c in name):
            return name
    return ""


def _items(document: Document, uri: str) -> list[RemoteItem]:
    """Each account once; those whose place is of another server than the collection are left out."""
    found: dict[str, RemoteItem] = {}
    for one in reading.objects(document.get("orderedItems", document.get("items")), MOST):
        item = read_item(one, uri)
        if item is not None:
            found.setdefault(item.actor_uri, item)
    return list(found.values())


def read_item(document: Document, collection_uri: str) -> RemoteItem | None:
    """An account in a collection elsewhere; None for what is none, or is of another server.

    What an actor elsewhere agreed to, its own server says: another's word for it counts as none.
    """
    uri, actor_uri = reading.uri(document), reading.uri(document.get("featuredObject"))
    stamp = reading.uri(document.get("featureAuthorization"))
    if ITEM not in reading.types(document) or not uri or not same_origin(uri, collection_uri) or not actor_uri:
        return None
    return RemoteItem(uri, actor_uri, stamp if stamp and same_origin(stamp, actor_uri) else "")
