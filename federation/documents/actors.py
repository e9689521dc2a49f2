"""Actors: what other servers say of theirs, and what we say of ours. No I/O."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation import sanitize
from federation.documents import approving, context, reading
from federation.documents.keys import ListedKey, listed, same_origin
from federation.errors import Refused
from federation.signing.keys import multikey
from federation.site import Document, Limits, Site
from federation.vocabulary import ACTOR_TYPES, PUBLIC
from storage.actors import Actor, ActorKind, Profile
from storage.consents import parts, policy_of
from storage.experts import NONE, REGIONS, ROLES, Expertise
from storage.keys import Key, KeyKind
from storage.shapes.rules import Words

HANDLE_LENGTH = 64
_SAID = Words(frozenset())  # of topics and settings, also newer ones
ALIASES = 16  # other accounts of an actor that are read
GROUPS = (ActorKind.GROUP, ActorKind.ORGANIZATION)
ALT = 1_500  # characters of what a picture shows
PICTURES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}  # types by the ending


@dataclass(frozen=True, slots=True)
class RemoteActor:
    """What an actor's document says, made safe."""

    profile: Profile
    keys: Sequence[ListedKey]
    expertise: Expertise = NONE


def handle_fine(handle: str) -> bool:
    """Whether a preferredUsername can stand before an @: letters and digits of any script, and ``_.-`` inside."""
    return (
        0 < len(handle) <= HANDLE_LENGTH
        and all(c.isalnum() or c in "_.-" for c in handle)
        and handle[0] not in ".-"
        and handle[-1] not in ".-"
    )


def read(document: Document, *, domain: str, now: int, limits: Limits) -> RemoteActor:
    """The actor of a document. ``domain``: what stands after the @ of its handle. Raises Refused."""
    uri = reading.uri(document)
    kind = reading.type_among(document, ACTOR_TYPES)
    if not uri or not kind:
        raise Refused("not an actor")
    inbox = _own(document.get("inbox"), uri)
    if not inbox:
        raise Refused("actor without an inbox of its own host")
    handle = reading.text(document.get("preferredUsername"))
    if not handle_fine(handle):
        raise Refused("preferredUsername cannot be used")
    name, _ = reading.in_language(document, "name")
    summary, _ = reading.in_language(document, "summary")
    endpoints = document.get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    profile = Profile(
        uri=uri,
        kind=ActorKind(kind),
        handle=handle,
        domain=domain,
        published=min(reading.moment(document.get("published")) or now, now),
        name=sanitize.line(sanitize.plain(name), limits.name),
        summary=sanitize.html(summary, limits.html),
        url=reading.link(document.get("url")) or uri,
        inbox=inbox,
        shared_inbox=_own(shared, uri),
        outbox=_own(document.get("outbox"), uri),
        followers=_own(document.get("followers"), uri),
        following=_own(document.get("following"), uri),
        featured=_own(document.get("featured"), uri),
        icon=_picture(document.get("icon")),
        header=_picture(document.get("image")),
        icon_alt=_alt(document.get("icon")),
        header_alt=_alt(document.get("image")),
        fields=json.dumps(_fields(document, limits), ensure_ascii=False),
        emojis=json.dumps(emojis(document, limits), ensure_ascii=False),
        also_known_as=json.dumps(reading.uris(document.get("alsoKnownAs"), ALIASES)),
        moved_to=reading.uri(document.get("movedTo")),
        locked=now if document.get("manuallyApprovesFollowers") is True else None,
        discoverable=now if document.get("discoverable") is True else None,
        indexable=now if document.get("indexable") is True else None,
        feature_policy=_feature_policy(document, uri),
    )
    return RemoteActor(profile, listed(document), _expertise(document))


def _expertise(document: Document) -> Expertise:
    """About what the actor says that they can be asked; of words that we do not know nothing."""
    topics, settings = (
        _SAID.lenient(name, reading.one_or_many(document.get(name, document.get(f"sw:{name}"))))
        for name in ("topic", "setting")
    )
    role, region = (reading.text(document.get(name, document.get(f"sw:{name}"))) for name in ("role", "region"))
    return Expertise(topics, settings, role if role in ROLES else "", region if region in REGIONS else "")


def _feature_policy(document: Document, uri: str) -> str:
    """Who may put the actor into a collection (FEP-7aa9); "": it does not say."""
    followers, following = (_own(document.get(name), uri) for name in ("followers", "following"))
    found = approving.sides(document, "canFeature", own=uri, followers=followers, following=following)
    return "" if found is None else "/".join(found)


def _own(value: Any, actor: str) -> str:
    """An address of the actor's own server; "" for any other: a document speaks for its own server only."""
    found = reading.uri(value)
    return found if found and same_origin(found, actor) else ""


def _picture(value: Any) -> str:
    for one in reading.one_or_many(value)[:4]:
        found = reading.link(one.get("url") if isinstance(one, dict) else one)
        if found:
            return found
        if isinstance(one, dict) and isinstance(one.get("url"), list | dict):
            inner = reading.one_or_many(one["url"])
            found = reading.link([{"href": i.get("href")} for i in inner if isinstance(i, dict)])
            if found:
                return found
    return ""


def _alt(value: Any) -> str:
    """What a picture shows, as the first of them says."""
    for one in reading.one_or_many(value)[:1]:
        return sanitize.line(reading.text(one.get("name")), ALT) if isinstance(one, dict) else ""
    return ""


def _fields(document: Document, limits: Limits) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for one in reading.objects(document.get("attachment"), limits.fields):
        if "PropertyValue" in reading.types(one) or "schema:PropertyValue" in reading.types(one):
            name = sanitize.line(reading.text(one.get("name")), 255)
            value = sanitize.html(reading.text(one.get("value"))[:2047], 2047)
            if name:
                found.append({"name": name, "value": value})
    return found


def emojis(document: Document, limits: Limits) -> list[dict[str, str]]:
    """Custom emoji that a document's tags define: shortcode and picture."""
    found: dict[str, str] = {}
    for one in reading.objects(document.get("tag"), limits.tags * 4):
        if "icon" not in one or not {"Emoji", "toot:Emoji"} & set(reading.types(one)):
            continue
        code = reading.text(one.get("name")).strip(":")
        picture = _picture(one.get("icon"))
        if picture and 0 < len(code) <= 64 and all(c.isascii() and (c.isalnum() or c in "_-") for c in code):
            found.setdefault(code, picture)
        if len(found) >= limits.tags:
            break
    return [{"shortcode": code, "url": picture} for code, picture in found.items()]


def write(actor: Actor, keys: Sequence[Key], site: Site, expertise: Expertise = NONE) -> Document:
    """One of ours as others read it."""
    document: Document = {
        "@context": context.ACTOR,
        "id": actor.uri,
        "type": actor.kind.value,
        "preferredUsername": actor.handle,
        "name": actor.name or actor.handle,
        "summary": actor.summary,
        "url": actor.url or actor.uri,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "endpoints": {"sharedInbox": site.shared_inbox},
        "published": reading.iso(actor.published),
        "manuallyApprovesFollowers": actor.locked is not None,
        "discoverable": actor.discoverable is not None,
        "indexable": actor.indexable is not None,
        **{name: value for name in ("followers", "following", "featured") if (value := getattr(actor, name))},
        **_key_terms(actor, keys),
        "generator": {"type": "Application", "id": site.node_actor, "implements": IMPLEMENTS},
    }
    if actor.kind is not ActorKind.APPLICATION:
        document |= feature_terms(actor)
    if actor.kind in GROUPS:
        document |= {"attributedTo": moderators(actor), "sharedMeasures": f"{actor.uri}/shared_measures"}
    if actor.icon:
        document["icon"] = picture_terms(actor.icon, actor.icon_alt)
    if actor.header:
        document["image"] = picture_terms(actor.header, actor.header_alt)
    if actor.emojis != "[]":
        document["tag"] = emoji_terms(actor.emojis)
    if actor.attribution_domains != "[]":
        document["attributionDomains"] = json.loads(actor.attribution_domains)
    if expertise.topics:
        document |= _expertise_terms(expertise)
    document |= _other_accounts(actor)
    fields = json.loads(actor.fields)
    if fields:
        document["attachment"] = [{"type": "PropertyValue", "name": f["name"], "value": f["value"]} for f in fields]
    return document


def _other_accounts(actor: Actor) -> Document:
    """Which accounts one of ours says are its own too, and where it went (FEP-7628)."""
    earlier: Document = {"alsoKnownAs": json.loads(actor.also_known_as)} if actor.also_known_as != "[]" else {}
    return earlier | ({"movedTo": actor.moved_to} if actor.moved_to else {})


def _expertise_terms(said: Expertise) -> Document:
    """About what one of ours can be asked."""
    words = {"topic": list(said.topics), "setting": list(said.settings), "role": said.role, "region": said.region}
    return {name: value for name, value in words.items() if value}


def featured_collections(actor: Actor) -> str:
    """Where the collections of one of ours are listed."""
    return f"{actor.uri}/featured_collections"


def moderators(group: Actor) -> str:
    """The collection of who keeps a group of ours (FEP-1b12)."""
    return f"{group.uri}/collections/moderators"


def feature_terms(actor: Actor) -> Document:
    """Where the collections of one of ours are, and who may put it into another's (FEP-7aa9)."""
    who = {"public": PUBLIC, "followers": actor.followers}
    allowed = [who[one] for one in parts(policy_of(actor))[0] if who.get(one)] or [actor.uri]
    return {
        "featuredCollections": featured_collections(actor),
        "interactionPolicy": {"canFeature": {"automaticApproval": allowed, "manualApproval": []}},
    }


def picture_terms(url: str, alt: str = "") -> Document:
    """A picture of ours as an Image."""
    media_type = PICTURES.get(url.rpartition(".")[2])
    said: Document = {"type": "Image", "url": url} | ({} if media_type is None else {"mediaType": media_type})
    return said | ({"name": alt} if alt else {})


def emoji_terms(kept: str) -> list[Document]:
    """Custom emoji, as https://docs.joinmastodon.org/spec/activitypub/#Emoji says; the picture is its id."""
    if kept == "[]":
        return []
    return [
        {"type": "Emoji", "id": one["url"], "name": f":{one['shortcode']}:", "icon": _emoji_picture(one["url"])}
        for one in json.loads(kept)
    ]


def _emoji_picture(url: str) -> Document:
    return {"type": "Image", "mediaType": PICTURES.get(url.rpartition(".")[2], "image/png"), "url": url}


IMPLEMENTS = [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}]


def _key_terms(actor: Actor, keys: Sequence[Key]) -> Document:
    terms: Document = {}
    for key in keys:
        if key.kind is KeyKind.RSA:
            terms["publicKey"] = {"id": key.uri, "owner": actor.uri, "publicKeyPem": key.public}
        else:
            entry = {"id": key.uri, "type": "Multikey", "controller": actor.uri}
            terms.setdefault("assertionMethod", []).append({**entry, "publicKeyMultibase": multikey(key.public)})
    return terms
