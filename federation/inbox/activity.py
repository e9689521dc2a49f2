"""The incoming activity as handlers see it, and the small questions they ask of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation import hiding
from federation.documents import posts, reading
from federation.errors import Refused
from federation.hiding import Judged
from federation.site import Site
from storage.actors import Actor
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Activity:
    """An activity whose signature belongs to ``actor``; nothing else in it has been believed yet."""

    type: str
    id: str  # "": a passing one, not remembered
    actor: Actor
    document: Mapping[str, Any]
    received: int  # milliseconds since 1970 UTC
    post: Judged | None = None  # that it brings, as far as it was read before its transaction: ``receive.judged``


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An activity that ``signer`` passed on. Nothing in it has been believed, not even that its actor said it."""

    type: str
    id: str
    actor_uri: str
    signer: Actor
    document: Mapping[str, Any]
    received: int  # milliseconds since 1970 UTC

    @property
    def origin(self) -> str:
        """The one address that can say whether it is true: of its object, or of an Announce itself. "" for none."""
        return self.id if self.type == "Announce" else reading.uri(self.document.get("object"))


def object_uri(activity: Activity) -> str:
    """The id of the activity's object, given as id or as document (AS2 2.2 allows both). Raises Refused."""
    found = reading.uri(activity.document.get("object"))
    if not found:
        raise Refused(f"{activity.type} without an object id")
    return found


def brought(site: Site, activity: Activity, document: dict[str, Any]) -> Judged:
    """The post in a Create or Update, and what was found in it. Raises Refused."""
    if activity.post is not None:
        return activity.post
    remote = posts.read(document, activity.actor, now=activity.received, limits=site.limits)
    return hiding.judged(site, remote)


def inner(activity: Activity) -> dict[str, Any]:
    """The object as a document; only its id where it was given as id. Raises Refused when there is none."""
    found = activity.document.get("object")
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, str):
        return {"id": found}
    if not isinstance(found, dict):
        raise Refused(f"{activity.type} without an object")
    return found
