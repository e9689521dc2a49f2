"""From a request to an activity that somebody answers for; and what must be fetched before it can be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from federation import hiding
from federation.documents import featuring, pairing, polls, quotes, reading
from federation.documents import posts as posts_documents
from federation.documents.keys import same_origin
from federation.errors import FederationError, Forbidden, Gone, Refused, Unsigned
from federation.fetching import actors as fetch_actors
from federation.fetching import asking, signers
from federation.fetching import featuring as fetch_featuring
from federation.fetching import posts as fetch_posts
from federation.happenings import Happening
from federation.inbox import forwarding, move, unpacking
from federation.inbox.activity import Activity, Forwarded, inner
from federation.inbox.announce import announced
from federation.signing.request import SignedRequest
from federation.signing.verify import Form
from federation.site import Document, Site
from storage import actors, collections, follows, peers, posts
from storage.actors import Actor
from storage.database import Database, Missing, Reading

MENTIONED = 20  # unknown actors that are looked up for one post
WITH_CONTENT = frozenset({"Create", "Update"})
_TO_ASK = frozenset({"Move", featuring.REQUEST})
_ABOUT_A_POST = frozenset({"Add", "Invite", "Offer"})


class Nobody(Exception):
    """The activity is a Delete of an actor we never knew: nothing to do, nothing to complain of."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """An activity, who signed its request, and how."""

    activity: Activity | Forwarded
    signer: Actor
    form: Form


async def authenticate(database: Database, site: Site, request: SignedRequest) -> Authenticated:
    """Whose activity a request brings. Raises Refused, Unsigned, Forbidden; Nobody."""
    document = parse(request.body or b"", site)
    said = reading.uri(document.get("actor"))
    if not said or isinstance(document.get("actor"), list):
        raise Refused("actor is missing, or not one")
    type = next(iter(reading.types(document)), "")
    if not type:
        raise Refused("type is missing")
    try:
        actor, form = await signers.signer(database, site, request)
    except Gone as error:
        if type == "Delete" and reading.uri(document.get("object")) == said:
            raise Nobody from error
        raise Unsigned("key is gone") from error
    if actor.suspended is not None or actor.gone is not None:
        raise Forbidden("not welcome here")
    now = site.clock()
    if actor.uri != said:
        return Authenticated(await forwarding.allowed(database, site, forwarded_of(document, actor, now)), actor, form)
    uri = reading.uri(document)
    if uri and not same_origin(uri, actor.uri):
        raise Forbidden("activity has the id of another server")
    return Authenticated(activity_of(document, actor, now), actor, form)


def activity_of(document: Document, actor: Actor, received: int) -> Activity:
    """The activity of a document that ``actor`` signed."""
    return Activity(next(iter(reading.types(document)), ""), reading.uri(document), actor, document, received)


def forwarded_of(document: Document, signer: Actor, received: int) -> Forwarded:
    """The activity of a document that ``signer`` passed on for another."""
    type, said = next(iter(reading.types(document)), ""), reading.uri(document.get("actor"))
    return Forwarded(type, reading.uri(document), said, signer, document, received)


def parse(body: bytes, site: Site) -> Document:
    """The JSON object of a body. Raises Refused."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("not JSON") from error
    if not isinstance(document, dict):
        raise Refused("not a JSON object")
    # As many brackets as there may be levels cannot be deeper: few documents need to be walked through.
    brackets = body.count(b"{") + body.count(b"[")
    if brackets > site.limits.depth and not reading.depth_within(document, site.limits.depth):
        raise Refused("nested too deeply")
    return document


async def missing(database: Database, site: Site, activity: Activity) -> bool:
    """Whether something has to be fetched before the activity can be taken in. Asks nothing where nothing is named."""
    given = activity.document.get("object")
    post, people = "", []
    if unpacking.wrapped(activity) is not None:
        return True
    if activity.type == "Announce":
        post = _announced(activity)
    elif activity.type in WITH_CONTENT:
        if isinstance(given, str):
            # Of another server it is not the actor's to say: nobody is sent there for it (FEP-fe34).
            return same_origin(given, activity.actor.uri)
        if isinstance(given, dict):
            post, people = reading.uri(given.get("inReplyTo")), _mentioned(site, given)
    elif activity.type == quotes.REQUEST:
        post, people = _instrument(site, activity)
    elif activity.type in _TO_ASK:
        return bool(await database.read(lambda db: _to_ask(db, site, activity)))
    elif activity.type in _ABOUT_A_POST:
        post = _own_post(activity)
    if site.ours(post):
        post = ""
    return bool(post or people) and await database.read(lambda db: _wanted(db, activity, post, people))


def _announced(activity: Activity) -> str:
    """What is passed on; "" where that cannot be read."""
    try:
        return announced(activity)
    except Refused:
        return ""


def _own_post(activity: Activity) -> str:
    """The post of its actor that a mentoring Offer, an Invite or an Add to those pinned is about; "" when there is none
    of theirs."""
    given = activity.document.get("object")
    if activity.type == "Add":
        return _pinned(activity, reading.uri(given))
    if activity.type == "Invite":
        uri = reading.uri(given)
        return uri if uri and same_origin(uri, activity.actor.uri) else ""
    if not isinstance(given, dict) or not pairing.is_match(given):
        return ""
    try:
        found = pairing.proposed(activity.id, given, activity.actor)
    except Refused:
        return ""
    return found.offer_uri if found.mentor_uri == activity.actor.uri else found.request_uri


def _pinned(activity: Activity, uri: str) -> str:
    """The post that its actor pins to their page; the Create of it may still wait here for whom it names."""
    pins = activity.actor.featured and reading.uri(activity.document.get("target")) == activity.actor.featured
    return uri if pins and uri and same_origin(uri, activity.actor.uri) else ""


async def _new_home(db: Reading, site: Site, activity: Activity) -> str:
    """The actor elsewhere that has to be asked whether a Move to it is true; "": none."""
    uri = await move.target_of(db, activity)
    return "" if site.ours(uri) else uri


async def _to_ask(db: Reading, site: Site, activity: Activity) -> str:
    """What has to be asked for a Move or a FeatureRequest; "": nothing."""
    return await (_new_home(db, site, activity) if activity.type == "Move" else _uncollected(db, activity))


async def _uncollected(db: Reading, activity: Activity) -> str:
    """The collection that a FeatureRequest to one of ours is for, of its actor and not here; "": none."""
    uri = reading.uri(activity.document.get("instrument"))
    if not uri or not same_origin(uri, activity.actor.uri):
        return ""
    try:
        await collections.by_uri(db, uri)
    except Missing:
        return uri
    return ""


def _instrument(site: Site, activity: Activity) -> tuple[str, list[str]]:
    """The post for which a QuoteRequest asks, where it did not come with it, and whom it names."""
    given = activity.document.get("instrument")
    if isinstance(given, dict):
        return "", _mentioned(site, given)
    uri = reading.uri(given)
    return (uri if uri and same_origin(uri, activity.actor.uri) else ""), []


async def _absent(db: Reading, post: str, people: Sequence[str]) -> bool:
    return bool(post and not await _here(db, post)) or bool(await _unknown(db, people))


async def _wanted(db: Reading, activity: Activity, post: str, people: Sequence[str]) -> bool:
    """Whether something is not here, and to be had. Strangers do not send us to third servers by what they pass on."""
    absent = await _absent(db, post, people)
    return absent and (activity.type != "Announce" or await _heard(db, activity.actor))


async def _heard(db: Reading, actor: Actor) -> bool:
    """Whether anybody here wants to see what an actor passes on."""
    return await follows.followed_here(db, actor.id) or await peers.allied(db, asking.host_of(actor.uri))


async def _here(db: Reading, uri: str) -> bool:
    try:
        await posts.by_uri(db, uri)
    except Missing:
        return await posts.buried(db, uri) is not None
    return True


def _mentioned(site: Site, given: Document) -> list[str]:
    """Ids of actors elsewhere that a post names."""
    return [
        uri
        for one in reading.objects(given.get("tag"), site.limits.tags)
        if "Mention" in reading.types(one) and (uri := reading.uri(one.get("href"))) and not site.ours(uri)
    ]


async def _unknown(db: Reading, named: Sequence[str]) -> list[str]:
    """Those of these actors that we do not know."""
    if not named:
        return []
    known = await actors.by_uris(db, named)
    return [uri for uri in named if uri not in known][:MENTIONED]


async def judged(site: Site, activity: Activity) -> Activity:
    """The activity with the post that it brings, which is read and judged here: before its transaction, for which all
    who write would wait. What is no post, or none that we take, its handler says."""
    if activity.type not in WITH_CONTENT:
        return activity
    try:
        document = inner(activity)
        if not reading.type_among(document, posts_documents.POSTS) or polls.chosen(document):
            return activity
        remote = posts_documents.read(document, activity.actor, now=activity.received, limits=site.limits)
    except Refused:
        return activity
    if site.ours(remote.uri):
        return activity
    post = await hiding.judge(site, remote)
    return Activity(activity.type, activity.id, activity.actor, activity.document, activity.received, post)


async def _ask(database: Database, site: Site, activity: Activity) -> None:
    """Ask for what a FeatureRequest is for; or where a Move leads, anew, also when that is known: what it says of the
    old account now decides."""
    if activity.type == featuring.REQUEST:
        await fetch_featuring.collection(database, site, reading.uri(activity.document.get("instrument")))
        return
    uri = await database.read(lambda db: _new_home(db, site, activity))
    if uri:
        await fetch_actors.by_uri(database, site, uri, refresh=True)


async def fetch_missing(database: Database, site: Site, activity: Activity) -> tuple[Activity, list[Happening]]:
    """Fetch what the activity needs; the activity, whole now, and what came with it. Raises Refused, Unreachable."""
    said = unpacking.wrapped(activity)
    if said is not None:
        return await unpacking.proven(database, site, activity, said), []
    if activity.type == "Announce":
        _, happenings = await fetch_posts.by_uri(database, site, announced(activity))
        return activity, happenings
    if activity.type in _ABOUT_A_POST:
        _, happenings = await fetch_posts.by_uri(database, site, _own_post(activity))
        return activity, happenings
    if activity.type == quotes.REQUEST and _instrument(site, activity)[0]:
        _, happenings = await fetch_posts.by_uri(database, site, _instrument(site, activity)[0])
        return activity, happenings
    if activity.type in _TO_ASK:
        await _ask(database, site, activity)
        return activity, []
    given = activity.document.get("instrument" if activity.type == quotes.REQUEST else "object")
    if isinstance(given, str):
        inner = await asking.document(database, site, given)
        activity = Activity(
            activity.type, activity.id, activity.actor, {**activity.document, "object": inner}, activity.received
        )
        given = inner
    if not isinstance(given, dict):
        return activity, []
    async with database.reading() as db:
        unknown = await _unknown(db, _mentioned(site, given))
    for uri in unknown:
        try:
            await fetch_actors.by_uri(database, site, uri)
        except FederationError:
            continue  # the mention stays a link
    return activity, await fetch_posts.ancestors(database, site, reading.uri(given.get("inReplyTo")))
