"""Update: new words of a post, or what an actor now says of itself."""

from __future__ import annotations

from federation import hiding
from federation.documents import actors as actor_documents
from federation.documents import reading
from federation.errors import Refused
from federation.happenings import Happening, Renewed
from federation.inbox import collected
from federation.inbox.activity import Activity, brought, inner
from federation.keeping import keep_edit, keep_post
from federation.site import Site
from federation.vocabulary import ACTOR_TYPES
from storage import actors, experts, keys, posts
from storage.database import Missing, Writing, listed
from storage.keys import Key, KeyKind


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep what changed, with the version before. Raises Refused when it is not the actor's to change."""
    document = inner(activity)
    if reading.type_among(document, ACTOR_TYPES):
        return await _actor(db, site, activity, document)
    if await collected.told(db, site, activity):
        return []
    post = brought(site, activity, document)
    try:
        old = await posts.by_uri(db, post.remote.uri)
    except Missing:
        # The Create may have been lost, or come before anyone here followed: the Update brings all there is to know.
        posted = await keep_post(db, site, activity.actor, post)
        return [] if posted is None else [posted]
    if old.author_id != activity.actor.id:
        raise Refused("Update of another's post")
    edited = await keep_edit(db, site, activity.actor, post, now=activity.received)
    return [] if edited is None else [edited]


async def _actor(db: Writing, site: Site, activity: Activity, document: dict[str, object]) -> list[Happening]:
    me = activity.actor
    if reading.uri(document) != me.uri:
        raise Refused("Update of another actor")
    remote = actor_documents.read(document, domain=me.domain, now=activity.received, limits=site.limits)
    await actors.refresh(db, hiding.profile(site, remote.profile), now=activity.received)
    for one in remote.keys:
        await keys.put(db, Key(one.uri, me.id, KeyKind(one.kind), one.public, None, activity.received))
    if remote.keys:
        await keys.drop_others(db, me.id, kept=listed(one.uri for one in remote.keys))
    await experts.put(db, me.id, remote.expertise)
    return [Renewed(await actors.by_id(db, me.id))]
