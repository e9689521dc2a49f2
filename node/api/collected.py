"""Notifications about collections: the collection each is about, and words for apps that know no collections.

https://docs.joinmastodon.org/entities/NotificationFallback/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from federation.documents.featuring import page
from node.api import collection_entities
from node.api.collection_entities import Entity
from node.context import Node
from node.requests import Params, texts
from node.surfacing.pushing import TITLES
from node.texts import _
from storage import collections
from storage.actors import Actor
from storage.collections import Collection, Item
from storage.database import Reading
from storage.notifications import Notification, Reason

OF_COLLECTIONS = frozenset({Reason.COLLECTED, Reason.COLLECTION_UPDATE})
About = Mapping[int, tuple[Collection, Sequence[Item]]]


async def about(db: Reading, told: Sequence[Notification], reader_id: int) -> About:
    """The collections that these are about, as the reader sees them; without any no query."""
    ids = {one.collection_id for one in told if one.collection_id is not None}
    if not ids:
        return {}
    found = await collections.by_ids(db, ids, reader_id=reader_id)
    items = await collections.items(db, found, reader_id=reader_id)
    return {id: (kept, items.get(id, ())) for id, kept in found.items()}


def unsupported(values: Params) -> frozenset[Reason]:
    """Of which reasons an app wants words beside, since it does not know them."""
    if "supported_types" not in values:
        return frozenset()
    known = set(texts(values, "supported_types"))
    return frozenset(one for one in OF_COLLECTIONS if one.value not in known)


def parts(node: Node, one: Notification, actor: Actor, found: About, unknown: frozenset[Reason]) -> Entity:
    """What a notification says of its collection; nothing for others."""
    if one.collection_id is None or one.collection_id not in found:
        return {}
    kept, items = found[one.collection_id]
    said: Entity = {"collection": collection_entities.collection(kept, items, node.site)}
    if one.reason in unknown:
        said["fallback"] = _fallback(node, one.reason, actor, kept)
    return said


def _fallback(node: Node, reason: Reason, actor: Actor, kept: Collection) -> Entity:
    url = escape(page(kept, node.site))
    summary = _("Your app does not show collections yet. You can read this one on its page.")
    return {
        "title": escape(_(TITLES[reason]) % {"name": actor.name or actor.acct}, quote=False),
        "summary": escape(summary, quote=False),
        "details": f'<p>{escape(kept.name, quote=False)}: <a href="{url}">{url}</a></p>',
    }
