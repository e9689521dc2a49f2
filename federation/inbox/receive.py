"""From a request to an activity that somebody answers for; and what must be fetched before it can be taken in."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from federation import policies
from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import FederationError, Forbidden, Gone, Refused, Unsigned
from federation.fetching import actors as fetch_actors
from federation.fetching import asking
from federation.fetching import keys as fetch_keys
from federation.fetching import posts as fetch_posts
from federation.happenings import Happening
from federation.inbox.activity import Activity
from federation.inbox.announce import announced
from federation.signing import verify
from federation.signing.keys import load_public
from federation.signing.request import SignedRequest
from federation.signing.verify import Form
from federation.site import Document, Site
from storage import actors, keys, peers, posts
from storage.actors import Actor
from storage.database import Database, Missing, Reading
from storage.keys import Key

FRESH = 60 * 1000  # ms: a key younger than this is not fetched again when a signature does not fit
MENTIONED = 20  # unknown actors that are looked up for one post
WITH_CONTENT = frozenset({"Create", "Update"})


class Nobody(Exception):
    """The activity is a Delete of an actor we never knew: nothing to do, nothing to complain of."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """An activity, and how its request was signed."""

    activity: Activity
    form: Form


async def authenticate(database: Database, site: Site, request: SignedRequest) -> Authenticated:
    """Whose activity a request brings. Raises Refused, Unsigned, Forbidden, Unreachable; Nobody."""
    document = parse(request.body or b"", site)
    said = reading.uri(document.get("actor"))
    if not said or isinstance(document.get("actor"), list):
        raise Refused("actor is missing, or not one")
    type = reading.types(document)[0] if reading.types(document) else ""
    if not type:
        raise Refused("type is missing")
    actor, form = await _signer(database, site, request, document, said)
    if actor.suspended is not None or actor.gone is not None:
        raise Forbidden("not welcome here")
    if actor.uri != said:
        raise Forbidden("signed by another than its actor")
    uri = reading.uri(document)
    if uri and not same_origin(uri, actor.uri):
        raise Forbidden("activity has the id of another server")
    return Authenticated(Activity(type, uri, actor, document, site.clock()), form)


def parse(body: bytes, site: Site) -> Document:
    """The JSON object of a body. Raises Refused."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("not JSON") from error
    if not isinstance(document, dict):
        raise Refused("not a JSON object")
    if not reading.depth_within(document, site.limits.depth):
        raise Refused("nested too deeply")
    return document


async def _signer(
    database: Database, site: Site, request: SignedRequest, document: Document, said: str
) -> tuple[Actor, Form]:
    """Who signed. A key that does not fit (any more) is asked for once more."""
    host = site.base_url.partition("://")[2]
    scheme = site.base_url.partition("://")[0]
    reason: FederationError = Unsigned("not signed")
    for key_uri in verify.claimed_keys(request)[:2]:
        try:
            key, actor = await _known(database, site, key_uri)
            try:
                form = verify.check(
                    request, key_uri, load_public(key.public), host=host, scheme=scheme, now=site.clock()
                )
            except Unsigned:
                if key.fetched > site.clock() - FRESH:
                    raise
                key, actor = await fetch_keys.owner(database, site, key_uri, refresh=True)
                form = verify.check(
                    request, key_uri, load_public(key.public), host=host, scheme=scheme, now=site.clock()
                )
        except Gone as error:
            if "Delete" in reading.types(document) and reading.uri(document.get("object")) == said:
                raise Nobody from error
            reason = Unsigned("key is gone")
        except (Refused, Unsigned) as error:
            reason = error
        else:
            return actor, form
    raise reason


async def _known(database: Database, site: Site, key_uri: str) -> tuple[Key, Actor]:
    if site.ours(key_uri):
        raise Unsigned("a key of ours proves nothing from outside")
    async with database.reading() as db:
        if policies.suspended(await peers.policies(db), asking.host_of(key_uri)):
            raise Forbidden("server is suspended here")
        try:
            return await keys.owner(db, key_uri)
        except Missing:
            pass
    return await fetch_keys.owner(database, site, key_uri, refresh=True)


async def missing(db: Reading, site: Site, activity: Activity) -> bool:
    """Whether something has to be fetched before the activity can be taken in. Asks nothing where nothing is named."""
    if activity.type == "Announce":
        try:
            uri = announced(activity)
        except Refused:
            return False
        return not site.ours(uri) and not await _here(db, uri)
    if activity.type not in WITH_CONTENT:
        return False
    given = activity.document.get("object")
    if isinstance(given, str):
        return True
    if not isinstance(given, dict):
        return False
    parent = reading.uri(given.get("inReplyTo"))
    if parent and not site.ours(parent) and not await _here(db, parent):
        return True
    return bool(await _unknown(db, site, given))


async def _here(db: Reading, uri: str) -> bool:
    try:
        await posts.by_uri(db, uri)
    except Missing:
        return await posts.buried(db, uri) is not None
    return True


async def _unknown(db: Reading, site: Site, given: Document) -> list[str]:
    """Ids of actors that the post names and that we do not know."""
    named = [
        uri
        for one in reading.objects(given.get("tag"), site.limits.tags)
        if "Mention" in reading.types(one) and (uri := reading.uri(one.get("href"))) and not site.ours(uri)
    ]
    if not named:
        return []
    known = await actors.by_uris(db, named)
    return [uri for uri in named if uri not in known][:MENTIONED]


async def fetch_missing(database: Database, site: Site, activity: Activity) -> tuple[Activity, list[Happening]]:
    """Fetch what the activity needs; the activity, whole now, and what came with it. Raises Refused, Unreachable."""
    if activity.type == "Announce":
        _, happenings = await fetch_posts.by_uri(database, site, announced(activity))
        return activity, happenings
    given = activity.document.get("object")
    if isinstance(given, str):
        inner = await asking.document(database, site, given)
        activity = Activity(
            activity.type, activity.id, activity.actor, {**activity.document, "object": inner}, activity.received
        )
        given = inner
    if not isinstance(given, dict):
        return activity, []
    async with database.reading() as db:
        unknown = await _unknown(db, site, given)
    for uri in unknown:
        try:
            await fetch_actors.by_uri(database, site, uri)
        except FederationError:
            continue  # the mention stays a link
    return activity, await fetch_posts.ancestors(database, site, reading.uri(given.get("inReplyTo")))
