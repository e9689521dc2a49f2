"""Announce: somebody elsewhere passes a post on."""

from __future__ import annotations

from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.fetching.asking import host_of
from federation.happenings import Boosted, Happening
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import peers, posts
from storage.actors import ActorKind
from storage.database import Missing, Writing
from storage.ids import id_at
from storage.kinds import Kind
from storage.posts import Post, Visibility


def announced(activity: Activity) -> str:
    """The id of the post: the object, or what an announced Create is about (FEP-1b12). Raises Refused."""
    given = activity.document.get("object")
    if isinstance(given, dict) and "Create" in reading.types(given):
        found = reading.uri(given.get("object"))
        if found:
            return found
    return object_uri(activity)


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the boost of a post that everyone may see. Raises Refused when there is none."""
    try:
        original = await posts.by_uri(db, announced(activity))
    except Missing as missing:
        raise Refused("Announce of a post that is not here") from missing
    if activity.actor.kind is ActorKind.APPLICATION and await peers.allied(db, host_of(activity.actor.uri)):
        return []  # a node passes on what its members share (FEP-ae0c): it is here now, and nobody's boost
    if original.boost_of_id is not None or not original.public:
        raise Refused("Announce of what is not public")
    given = activity.document.get("object")
    if original.in_reply_to_uri and isinstance(given, dict) and "Create" in reading.types(given):
        return []  # a group passes on what is said in a thread: it stands there
    if not activity.id or not same_origin(activity.id, activity.actor.uri):
        raise Refused("Announce without an id of its own")
    now = activity.received
    published = reading.moment(activity.document.get("published"))
    moment = min(published if published is not None else now, now)
    boost = await posts.add(
        db,
        Post(
            id=id_at(moment),
            uri=activity.id,
            author_id=activity.actor.id,
            type="Announce",
            kind=Kind.PLAIN,
            visibility=Visibility.PUBLIC,
            published=moment,
            boost_of_id=original.id,
        ),
    )
    return [] if boost is None else [Boosted(activity.actor, boost, original)]
