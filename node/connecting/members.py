"""Members: accounts made, signed in, described, closed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from federation.documents import activities
from federation.documents import actors as documents
from federation.happenings import Left, Renewed
from federation.keeping import erase_actor
from federation.outbox.promise import promise
from federation.site import Site
from node import erasure, guarding, shortcodes
from node import text as texts
from node.config import DOMAIN, EMAIL
from node.connecting import badges
from node.context import Node
from node.errors import Invalid, NotAllowed, Problem, Problems
from node.surfacing import falling
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import (
    activity,
    actors,
    address_changes,
    attachments,
    audiences,
    authenticators,
    experts,
    follows,
    home,
    joined,
    keys,
    links,
    matches,
    members,
    passkeys,
    profiles,
    push_subscriptions,
    recalls,
    sessions,
    sign_ins,
    tokens,
)
from storage.actors import Actor, ActorKind, Profile
from storage.database import Database, Missing, Reading, Writing
from storage.keys import Key, KeyKind
from storage.media import files
from storage.members import Member, Role
from storage.posts import Visibility
from storage.profiles import Description
from storage.quotes import Policy

HANDLE_LENGTH = 30  # characters
HANDLE = re.compile(r"[a-z0-9_]{1,30}")
RESERVED = frozenset((
    "about", "abuse", "actor", "address", "admin", "administrator", "api", "confirm", "contact", "feed", "forgot",
    "guardian", "help", "host", "hostmaster", "inbox", "info", "join", "legal", "me", "media", "moderator", "node",
    "noreply", "oauth", "outbox", "owner", "postmaster", "privacy", "relay", "reset", "root", "rules", "search",
    "security", "sharewell", "static", "status", "support", "system", "tags", "unnamed", "users", "webmaster",
    "welcome", "www",
))  # fmt: skip
NAME, NOTE = 60, 1_000  # characters
FIELDS, FIELD = 4, 255  # of a profile; characters of one
ALT = 150  # characters of what a picture shows, as Mastodon has it
WEBSITES, HOST_LENGTH = 10, 253  # that may name a member as an author; characters of one
VISIT = 24 * 60 * 60 * 1000  # ms: how exact ``members.seen`` is

KeyPair = tuple[str, str]  # public and private PEM


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make; ``password`` is hashed already."""

    handle: str
    email: str
    password: str
    role: Role = Role.MEMBER
    kind: ActorKind = ActorKind.PERSON
    name: str = ""
    note: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a new account may do, and since when."""

    confirmed: int | None
    approved: int | None
    trusted: int | None
    claimed: bool = True  # the address is known to be theirs


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a member says of themselves from now on."""

    name: str
    note: str
    fields: Sequence[tuple[str, str]] | None  # None: as they were
    locked: bool
    discoverable: bool
    indexable: bool
    language: str
    visibility: str
    sensitive: bool
    quote_policy: str  # "": as it was
    icon_alt: str = ""  # what the pictures show
    header_alt: str = ""
    websites: Sequence[str] | None = None  # that may name the member as an author; None: as they were


def local_profile(site: Site, handle: str, kind: ActorKind, *, now: int) -> Profile:
    """Where an actor of this node is found."""
    uri = site.actor_uri(handle)
    return Profile(
        uri=uri,
        kind=kind,
        handle=handle,
        domain="",
        published=now,
        url=f"{site.base_url}/@{handle}",
        inbox=f"{uri}/inbox",
        shared_inbox=site.shared_inbox,
        outbox=f"{uri}/outbox",
        followers=f"{uri}/followers",
        following=f"{uri}/following",
        featured=f"{uri}/collections/featured",
        discoverable=now,
        indexable=now,
    )


def wrong_handle(handle: str) -> Problem | None:
    """What is wrong with a name, as far as it can be seen from the name alone."""
    if not handle:
        return Problem("username", "ERR_BLANK", _("Choose a name."))
    if len(handle) > HANDLE_LENGTH:
        return Problem("username", "ERR_TOO_LONG", _("A name has at most %s characters.") % HANDLE_LENGTH)
    if not HANDLE.fullmatch(handle.lower()):
        return Problem("username", "ERR_INVALID", _("A name has 1 to 30 letters, digits or underscores."))
    if handle.lower() in RESERVED:
        return Problem("username", "ERR_RESERVED", _("This name is kept for the node itself."))
    return None


def taken() -> Problem:
    """What somebody is told whose name is somebody else's."""
    return Problem("username", "ERR_TAKEN", _("This name is taken, or belonged to somebody who left."))


async def create(db: Writing, site: Site, new: NewAccount, *, rsa: KeyPair, ed25519: KeyPair) -> Actor:
    """An account that may act at once: confirmed, approved, trusted. Raises Invalid."""
    wrong = wrong_handle(new.handle)
    if wrong is not None:
        raise Problems([wrong])
    if not EMAIL.fullmatch(new.email):
        raise Invalid(_("This is not an e-mail address."), field="email")
    now = site.clock()
    actor_id = await settle(db, site, new, Standing(now, now, now), rsa=rsa, ed25519=ed25519)
    if actor_id is None:
        raise Invalid(_("Somebody has an account with this e-mail address."), field="email")
    if new.name or new.note:
        summary = texts.html(new.note, mentioned={}, base_url=site.base_url)
        said = Description(new.name, summary, new.note, discoverable=now, indexable=now)
        await profiles.describe(db, actor_id, said)
    return await actors.by_id(db, actor_id)


async def settle(
    db: Writing, site: Site, new: NewAccount, standing: Standing, *, rsa: KeyPair, ed25519: KeyPair
) -> int | None:
    """Make the actor, its member and keys; its id, or None when the address is taken. Raises Problems: the name is."""
    now, handle = site.clock(), new.handle.lower()
    actor_id = await actors.add(db, local_profile(site, handle, new.kind, now=now), now=now)
    if actor_id is None:
        raise Problems([taken()])
    member = Member(
        actor_id=actor_id, email=new.email, password=new.password, role=new.role, confirmed=standing.confirmed,
        approved=standing.approved, trusted=standing.trusted, disabled=None, created=now, seen=now, home_since=now,
        language="", visibility="public", sensitive=None, locale=new.locale,
    )  # fmt: skip
    if not await members.add(db, member, claimed=standing.claimed):
        return None
    await keep_keys(db, site.actor_uri(handle), actor_id, rsa=rsa, ed25519=ed25519, now=now)
    return actor_id


async def keep_keys(db: Writing, uri: str, actor_id: int, *, rsa: KeyPair, ed25519: KeyPair, now: int) -> None:
    """Give an actor of ours its keys, or new ones."""
    await keys.put(db, Key(f"{uri}#main-key", actor_id, KeyKind.RSA, rsa[0], rsa[1], now))
    await keys.put(db, Key(f"{uri}#ed25519-key", actor_id, KeyKind.ED25519, ed25519[0], ed25519[1], now))


async def ensure_node_actor(
    database: Database, site_of: Callable[[tuple[str, str]], Site], *, make_key: Callable[[], KeyPair], now: int
) -> tuple[str, str]:
    """The key id and private PEM of the node's own actor, made at the first start."""
    async with database.reading() as db:
        found = await _node_key(db, site_of(("", "")).node_actor)
    if found is not None:
        return found
    pair = await asyncio.to_thread(make_key)
    site = site_of(("", ""))
    uri = site.node_actor
    profile = Profile(
        uri=uri, kind=ActorKind.APPLICATION, handle=site.node_handle, domain="", published=now,
        url=f"{site.base_url}/about", inbox=f"{uri}/inbox", shared_inbox=site.shared_inbox, outbox=f"{uri}/outbox",
        locked=now,
    )  # fmt: skip
    async with database.writing() as db:
        actor_id = await actors.add(db, profile, now=now)
        if actor_id is not None:
            await keys.put(db, Key(f"{uri}#main-key", actor_id, KeyKind.RSA, pair[0], pair[1], now))
    async with database.reading() as db:
        found = await _node_key(db, uri)
    if found is None:
        raise Missing(uri)
    return found


async def _node_key(db: Reading, uri: str) -> tuple[str, str] | None:
    try:
        key, _actor = await keys.owner(db, f"{uri}#main-key")
    except Missing:
        return None
    return key.uri, key.private or ""


async def note_visit(node: Node, member: Member) -> None:
    """Keep that the member is here, at most once a day, and make their home timeline if they were long away."""
    now = node.clock()
    if member.home_since is not None and member.seen > now - VISIT:
        return
    async with node.database.writing() as db:
        await activity.note(db, member.actor_id, now=now)
        await members.visit(db, member.actor_id, now=now)
        await badges.settle(db, node.config, member.actor_id, now=now)
        if member.home_since is None:
            await home.rebuild(db, member_id=member.actor_id, now=now)


async def update_profile(db: Writing, node: Node, actor: Actor, change: ProfileChange) -> list[Told]:
    """Keep what a member says of themselves and tell those who follow. Raises Invalid."""
    name, note = " ".join(texts.clean(change.name).split()), texts.clean(change.note)
    if len(name) > NAME:
        raise Invalid(_("A name has at most %s characters.") % NAME, field="display_name")
    if len(note) > NOTE:
        raise Invalid(_("This has at most %s characters.") % NOTE, field="note")
    now = node.clock()
    rows = None if change.fields is None else _fields(change.fields, node.site.base_url)
    said = Description(
        name=name,
        summary=texts.html(note, mentioned={}, base_url=node.site.base_url),
        summary_source=note,
        fields=actor.fields if rows is None else rows,
        emojis=await shortcodes.used(db, name, note, *_spoken(actor.fields if rows is None else rows)),
        locked=now if change.locked else None,
        discoverable=now if change.discoverable else None,
        indexable=now if change.indexable else None,
        icon_alt=_alt(change.icon_alt, "avatar_description"),
        header_alt=_alt(change.header_alt, "header_description"),
        attribution_domains=actor.attribution_domains if change.websites is None else _websites(change.websites),
    )
    before = (actor.name, actor.summary_source, actor.fields, actor.icon_alt, actor.header_alt)
    await guarding.look_at_change(
        db, node, actor.id, guarding.profile_parts(name, note, said.fields, said.icon_alt, said.header_alt),
        guarding.profile_parts(*before), sort=guarding.Sort.PROFILE,
    )  # fmt: skip
    await profiles.describe(db, actor.id, said)
    try:
        visibility = Visibility.chosen(change.visibility)
    except ValueError as error:
        raise Invalid(_("This is no visibility we know."), field="source[privacy]") from error
    try:
        policy = Policy(change.quote_policy).value if change.quote_policy else ""
    except ValueError as error:
        raise Invalid(_("Choose who may quote: public, followers or nobody."), field="source[quote_policy]") from error
    await members.prefer(
        db, actor.id, language=change.language[:12], visibility=visibility.value,
        sensitive=now if change.sensitive else None, quote_policy=policy,
    )  # fmt: skip
    return await say_who(db, node, actor.id)


async def say_who(db: Writing, node: Node, actor_id: int) -> list[Told]:
    """Tell those who follow what an actor of ours says of itself now."""
    new = await actors.by_id(db, actor_id)
    document = documents.write(new, await keys.of(db, actor_id), node.site, await experts.one(db, actor_id))
    said = activities.update_actor(new, document, now=node.clock())
    inboxes = await follows.follower_inboxes(db, actor_id)
    await promise(db, node.site, said, signer=new, inboxes=inboxes, object_uri=new.uri)
    return await surface(db, node, [Renewed(new)])


def _spoken(fields: str) -> list[str]:
    """The words of a profile's rows."""
    return [one[part] for one in json.loads(fields) for part in ("name", "source") if part in one]


def _alt(given: str, field: str) -> str:
    alt = " ".join(texts.clean(given).split())
    if len(alt) > ALT:
        raise Invalid(_("A picture is described in at most %s characters.") % ALT, field=field)
    return alt


def _websites(given: Sequence[str]) -> str:
    """Hosts, also where whole addresses were given."""
    hosts = [one.strip().lower().partition("://")[2] or one.strip().lower() for one in given if one.strip()]
    found = list(dict.fromkeys(one.partition("/")[0] for one in hosts))
    if len(found) > WEBSITES:
        raise Invalid(_("At most %s websites.") % WEBSITES, field="attribution_domains")
    wrong = next((one for one in found if len(one) > HOST_LENGTH or not DOMAIN.fullmatch(one)), None)
    if wrong is not None:
        raise Invalid(_("%s is no name of a website, such as ward.example.org.") % wrong, field="attribution_domains")
    return json.dumps(found)


def _fields(given: Sequence[tuple[str, str]], base_url: str) -> str:
    if len(given) > FIELDS:
        raise Invalid(_("At most %s fields.") % FIELDS, field="fields_attributes")
    shown = []
    for name, value in given:
        if len(name) > FIELD or len(value) > FIELD:
            raise Invalid(_("A field has at most %s characters.") % FIELD, field="fields_attributes")
        html = texts.html(texts.clean(value), mentioned={}, base_url=base_url)
        inner = html.removeprefix("<p>").removesuffix("</p>")
        shown.append({"name": " ".join(texts.clean(name).split()), "value": inner, "source": value})
    return json.dumps(shown, ensure_ascii=False)


async def rotate_keys(db: Writing, node: Node, actor: Actor, *, rsa: KeyPair, ed25519: KeyPair) -> list[Told]:
    """New keys under the same ids; peers learn them with the Update, or when an old one fails. Raises NotAllowed."""
    if not actor.here or actor.gone is not None:
        raise NotAllowed(_("There is no such account here."))
    await keep_keys(db, actor.uri, actor.id, rsa=rsa, ed25519=ed25519, now=node.clock())
    return await say_who(db, node, actor.id)


async def delete(db: Writing, node: Node, actor: Actor) -> None:
    """Erase an account and all it shared, and tell every server that may know it.

    One that was never let in goes without a trace: nobody knows it, and its name is free again.
    """
    if await joined.withdraw(db, actor.id):
        await erasure.promise(db, now=node.clock())
        return
    await actors.suspend(db, actor.id, now=None)  # who was leaving is hidden, and what is gone is said to be gone
    actor = replace(actor, suspended=None)
    inboxes = [*await follows.all_inboxes(db, actor.id), *await audiences.of_author(db, actor.id)]
    inboxes += await matches.inboxes_of(db, actor.id)
    await recalls.supersede_all_of(db, actor.id, now=node.clock())
    await erase_actor(db, actor.id, now=node.clock())
    await falling.notice(db, [Left(actor)], now=node.clock())
    await attachments.erase_uploads_of(db, actor.id)
    await files.let_go_of_actor(db, actor.id)
    await push_subscriptions.forget_all_of(db, actor.id)
    await tokens.revoke_all_of(db, actor.id)
    await sessions.end_all_of(db, actor.id)
    await links.forget_all_of(db, actor.id)
    await sign_ins.end_all_of(db, actor.id)
    await authenticators.remove(db, actor.id)
    await passkeys.forget_all_of(db, actor.id)
    await address_changes.forget(db, actor.id)
    await joined.forget(db, actor.id)
    await members.remove(db, actor.id)
    await erasure.promise(db, now=node.clock())
    await promise(db, node.site, activities.delete_actor(actor), signer=actor, inboxes=inboxes, object_uri=actor.uri)
