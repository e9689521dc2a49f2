"""What a group elsewhere passes on (FEP-1b12), beside new posts: an activity in an Announce.

The group says where to look, and what is in its list. Anything else is asked of whoever it is said to come from; of
somebody of the group's own server the signature of the group is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.documents import groups, reading
from federation.documents.actors import GROUPS
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.fetching import actors as fetch_actors
from federation.fetching import asking
from federation.inbox import forwarding
from federation.inbox.activity import Activity, Forwarded
from federation.site import Document, Site
from storage import actors, peers, posts
from storage.actors import Actor, ActorKind
from storage.database import Database, Missing, Reading

KEEPING = 200  # who keeps a group, as far as its collection is read
TYPES = frozenset({"Update", "Delete", "Like", "Undo", "Block", "Lock", "Add", "Remove", "Dislike"})


def wrapped(activity: Activity) -> Document | None:
    """The activity that an Announce passes on, if it is one and no new post."""
    given = activity.document.get("object")
    if activity.type != "Announce" or not isinstance(given, dict) or not TYPES.intersection(reading.types(given)):
        return None
    return given


async def asks(database: Database, activity: Activity) -> str:
    """What a third server is asked about before this can be taken in: "reaction", else "forwarded"; "": nothing."""
    said = wrapped(activity)
    if said is None:
        return ""
    types, by = set(reading.types(said)), reading.uri(said.get("actor"))
    if types & {"Like", "Undo"}:
        return "" if same_origin(by, activity.actor.uri) else "reaction"
    if "Update" in types:  # also of another's post: its origin is asked whose it is
        return "forwarded"
    if "Delete" not in types:
        return ""
    own = await database.read(lambda db: _wrote(db, by, reading.uri(said.get("object"))))
    return "forwarded" if own else ""


async def proven(database: Database, site: Site, activity: Activity, said: Document) -> Activity:
    """What there is to take in. Raises Refused when it is nothing, or cannot be believed; Unreachable."""
    group = activity.actor
    type = next(one for one in reading.types(said) if one in TYPES)
    if group.kind not in GROUPS and not (type == "Update" and await database.read(lambda db: _ally(db, group))):
        raise Refused("Announce of an activity by another than a group")
    uri, by, about = reading.uri(said), reading.uri(said.get("actor")), reading.uri(said.get("object"))
    if not by or site.ours(by):
        raise Refused("passed on without an actor of another server")
    match type:
        case "Block":
            return _of_group(activity, "Reject", {"type": "Join", "actor": about})
        case "Delete" if not await database.read(lambda db: _wrote(db, by, about)):
            return _of_group(activity, "Undo", {"type": "Announce", "actor": group.uri, "object": about})
        case "Delete" | "Update":
            forwarded = Forwarded(type, uri, by, group, said, activity.received)
            await forwarding.allowed(database, site, forwarded)
            return await forwarding.proven(database, site, forwarded)
        case "Remove" if await database.read(lambda db: _is_here(db, about)):
            return _of_group(activity, "Undo", {"type": "Announce", "actor": group.uri, "object": about})
        case "Add" | "Remove":
            return await _keeper(database, site, activity, type, about)
        case "Like" | "Undo":
            return await _reaction(database, site, activity, type, said)
        case _:
            raise Refused(f"{type} of a group is not kept here")


async def _ally(db: Reading, actor: Actor) -> bool:
    """Whether this is the actor of an allied node, which tells of edits of what it told of."""
    return actor.kind is ActorKind.APPLICATION and await peers.allied(db, asking.host_of(actor.uri))


async def _keeper(database: Database, site: Site, activity: Activity, type: str, about: str) -> Activity:
    """Who of ours keeps a group elsewhere: only what its own collection says. Raises Refused, Unreachable."""
    group = activity.actor
    if not site.ours(about):
        raise Refused("about nobody here")
    place = reading.uri((await asking.document(database, site, group.uri)).get("attributedTo"))
    if not place or not same_origin(place, group.uri):
        raise Refused("group without a collection of who keeps it")
    collection = await asking.document(database, site, place)
    listed = reading.uris(collection.get("orderedItems", collection.get("items")), KEEPING)
    if (about in listed) != (type == "Add"):
        raise Refused("its collection says something else")
    said = {"type": type, "actor": group.uri, "object": about, "target": group.uri + groups.KEEPERS}
    return Activity(type, "", group, said, activity.received)


def _of_group(activity: Activity, type: str, object: Document) -> Activity:
    """What the group may say itself: who is in it, and what."""
    said = {"type": type, "actor": activity.actor.uri, "object": object}
    return Activity(type, "", activity.actor, said, activity.received)


async def _wrote(db: Reading, by: str, about: str) -> bool:
    """Whether the post is somebody's own; of one that is not here nothing can be said, and is nothing to do."""
    try:
        post = await posts.by_uri(db, about)
    except Missing:
        return True
    return (await actors.by_id(db, post.author_id)).uri == by


async def _reaction(database: Database, site: Site, activity: Activity, type: str, said: Document) -> Activity:
    uri, by = reading.uri(said), reading.uri(said.get("actor"))
    if not uri or not same_origin(uri, by):
        raise Refused("passed on without an id of its actor's server")
    _check(type, said)
    if not await database.read(lambda db: _is_here(db, _target(type, said))):
        raise Refused("about a post that is not here")
    if not same_origin(by, activity.actor.uri):
        await asking.allowed(database, site, by)
        found = await asking.document(database, site, uri)
        _check(type, found)
        about = _target(type, found)
        if type not in reading.types(found) or reading.uri(found.get("actor")) != by or about != _target(type, said):
            raise Refused("its origin says something else")
        said = found  # what the group made of it is not looked at any more
    author = await fetch_actors.by_uri(database, site, by)
    if author.here or author.suspended is not None or author.gone is not None:
        raise Refused("not of somebody we hear elsewhere")
    return Activity(type, uri, author, said, activity.received)


def _inner(said: Mapping[str, Any]) -> Document:
    found = said.get("object")
    return found if isinstance(found, dict) else {}


def _check(type: str, said: Mapping[str, Any]) -> None:
    """Raises Refused for what could be taken for something else than a Like, or the end of one."""
    if type == "Undo" and list(reading.types(_inner(said))) != ["Like"]:
        raise Refused("Undo of a group is kept here of thanks alone")


def _target(type: str, said: Mapping[str, Any]) -> str:
    """The post that is liked, or no longer."""
    return reading.uri(_inner(said).get("object") if type == "Undo" else said.get("object"))


async def _is_here(db: Reading, uri: str) -> bool:
    try:
        await posts.by_uri(db, uri)
    except Missing:
        return False
    return True
