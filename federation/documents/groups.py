"""Groups as other servers see them: who comes and goes (FEP-8a8e), what they pass on (FEP-1b12). No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from federation.documents import reading
from federation.documents.actors import moderators
from federation.site import Document
from federation.vocabulary import CONTEXT, PUBLIC
from storage.actors import Actor
from storage.posts import Post

NAMED = 32  # addresses of an activity that are looked at
JOINS, INVITES = "#joins/", "#invites/"  # in the ids of ours
KEEPERS = "#keepers"  # stands, behind the id of a group, for its collection of moderators once that was asked


def _activity(type: str, uri: str, actor: Actor, object: str, to: Actor, **more: Any) -> Document:
    return {"@context": CONTEXT, "id": uri, "type": type, "actor": actor.uri, "object": object, "to": [to.uri], **more}


def join(actor: Actor, group: Actor, uri: str) -> Document:
    """The Join: ``actor`` asks to be in ``group``."""
    return _activity("Join", uri, actor, group.uri, group)


def leave(actor: Actor, group: Actor, *, now: int) -> Document:
    """The Leave: ``actor`` is in ``group`` no longer, or takes back that they asked to be."""
    return _activity("Leave", f"{actor.uri}#leaves/{group.id}/{now}", actor, group.uri, group)


def invite(group: Actor, actor: Actor, uri: str) -> Document:
    """The Invite: ``group`` asks ``actor`` in."""
    return _activity("Invite", uri, group, actor.uri, actor, target=group.uri)


def named(document: Mapping[str, Any]) -> list[str]:
    """Whom an activity and its object are addressed to."""
    found = [uri for part in ("to", "cc", "audience") for uri in reading.uris(document.get(part), NAMED)]
    inner = document.get("object")
    if isinstance(inner, dict):
        found += [uri for part in ("to", "cc", "audience") for uri in reading.uris(inner.get(part), NAMED)]
    return list(dict.fromkeys(found))


def bare(type: str, document: Mapping[str, Any]) -> Document:
    """Who did what to which, by ids: what a group passes on, and signs, of something with words that nobody read."""
    names = ("id", "actor", "object", "target", "audience")
    return {"type": type, **{name: uri for name in names if (uri := reading.uri(document.get(name)))}}


def announce(group: Actor, activity: Mapping[str, Any]) -> Document:
    """The Announce of an activity, as it was said: once for a group, whatever made it be passed on."""
    said = str(activity.get("id") or "") or orjson.dumps(dict(activity)).decode()
    uri = f"{group.uri}#announces/{sha256(said.encode()).hexdigest()[:32]}"
    return {
        "@context": CONTEXT, "id": uri, "type": "Announce", "actor": group.uri, "object": dict(activity),
        "to": [PUBLIC], "cc": [group.followers] if group.followers else [],
    }  # fmt: skip


def announce_post(node_actor: Actor, post: Post, *, now: int) -> Document:
    """The Announce by which a node tells allied nodes of a post of its members (FEP-ae0c)."""
    return {
        "@context": CONTEXT, "id": f"{node_actor.uri}#announces/{post.id}", "type": "Announce",
        "actor": node_actor.uri, "object": post.uri, "to": [PUBLIC], "published": reading.iso(now),
    }  # fmt: skip


def keeping(group: Actor, lead: Actor, member: Actor, *, keeps: bool, now: int) -> Document:
    """The Add, or Remove, by which a lead of a group of ours says who keeps it (FEP-1b12)."""
    return {
        "@context": CONTEXT, "id": f"{lead.uri}#keepers/{group.id}/{member.id}/{now}",
        "type": "Add" if keeps else "Remove", "actor": lead.uri, "object": member.uri, "target": moderators(group),
        "to": [PUBLIC], "cc": [group.uri], "audience": group.uri,
    }  # fmt: skip


def removal(group: Actor, keeper: Actor, post_uri: str, *, now: int) -> Document:
    """The Delete by which who keeps a group takes a post of another out of it, as Lemmy says it."""
    return {
        "@context": CONTEXT, "id": f"{keeper.uri}#removals/{now}", "type": "Delete", "actor": keeper.uri,
        "object": post_uri, "to": [PUBLIC], "cc": [group.uri], "audience": group.uri, "summary": "",
    }  # fmt: skip
