"""Collection, CollectionItem and FeatureApproval: https://docs.joinmastodon.org/entities/Collection/. No I/O.

A description is HTML in the Mastodon API; ours has no markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from federation.documents.featuring import page
from federation.site import Site
from node.api import entities
from storage.collections import Collection, Item

Entity = dict[str, Any]


def collection(kept: Collection, items: Sequence[Item], site: Site) -> Entity:
    """A Collection with those items that its reader sees."""
    return {
        "id": str(kept.id),
        "account_id": str(kept.owner_id),
        "uri": kept.uri,
        "url": page(kept, site),
        "name": kept.name,
        "description": escape(kept.description, quote=False),
        "language": kept.language or None,
        "local": kept.here,
        "sensitive": kept.sensitive is not None,
        "discoverable": kept.discoverable is not None,
        "tag": entities.tag(kept.tag, site.base_url) if kept.tag else None,
        "item_count": len(items),
        "items": [item(one) for one in items],
        "created_at": entities.time(kept.created),
        "updated_at": entities.time(kept.updated),
    }


def item(kept: Item) -> Entity:
    """A CollectionItem."""
    return {
        "id": str(kept.id),
        "account_id": str(kept.actor_id),
        "state": kept.state.value,
        "created_at": entities.time(kept.created),
    }
