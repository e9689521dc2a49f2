"""Actors: members, teams, alliances and the node itself; ours and remote ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from storage.database import Missing, Reading, Value, Writing, listed
from storage.records import quick


class ActorKind(StrEnum):
    """What sort of actor; the words of ActivityStreams."""

    PERSON = "Person"
    GROUP = "Group"  # a team
    ORGANIZATION = "Organization"  # an alliance
    APPLICATION = "Application"  # the node itself
    SERVICE = "Service"


@quick
@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who can share, follow and be followed."""

    id: int
    uri: str
    kind: ActorKind
    handle: str
    domain: str  # "": lives on this node
    name: str
    summary: str  # HTML, safe
    summary_source: str
    url: str
    inbox: str
    shared_inbox: str
    outbox: str
    followers: str
    following: str
    featured: str
    icon: str
    header: str
    fields: str  # JSON: [{"name", "value" (HTML)}]
    emojis: str  # JSON: [{"shortcode", "url"}]
    also_known_as: str  # JSON: [uri]
    moved_to: str
    locked: int | None
    discoverable: int | None
    indexable: int | None
    suspended: int | None
    gone: int | None
    published: int
    fetched: int
    changed: int
    followers_count: int
    following_count: int
    posts_count: int
    last_post: int | None
    their_followers: int | None
    their_following: int | None
    their_posts: int | None
    icon_alt: str = ""  # what the picture shows, in words
    header_alt: str = ""
    attribution_domains: str = "[]"  # JSON: websites that may name a member of ours as an author
    feature_policy: str = ""  # who may put an account elsewhere into a collection: ``storage.consents``
    work: str = ""  # the domain of a confirmed work address: ``storage.badges``
    work_since: int | None = None

    @property
    def here(self) -> bool:
        """Lives on this node."""
        return self.domain == ""

    @property
    def acct(self) -> str:
        """``name`` here, ``name@domain`` elsewhere: the Mastodon API's ``acct``."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle

    @property
    def delivery_inbox(self) -> str:
        """Where to post what this actor should get: the shared inbox where there is one."""
        return self.shared_inbox or self.inbox


@dataclass(frozen=True, slots=True)
class Profile:
    """What an actor says of itself; what ``keep_remote`` and ``add_local`` write."""

    uri: str
    kind: ActorKind
    handle: str
    domain: str
    published: int
    name: str = ""
    summary: str = ""
    summary_source: str = ""
    url: str = ""
    inbox: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers: str = ""
    following: str = ""
    featured: str = ""
    icon: str = ""
    header: str = ""
    fields: str = "[]"
    emojis: str = "[]"
    also_known_as: str = "[]"
    moved_to: str = ""
    locked: int | None = None
    discoverable: int | None = None
    indexable: int | None = None
    their_followers: int | None = None
    their_following: int | None = None
    their_posts: int | None = None
    icon_alt: str = ""
    header_alt: str = ""
    feature_policy: str = ""


COLUMNS = (
    "actors.id, actors.uri, actors.kind, actors.handle, actors.domain, actors.name, actors.summary,"
    " actors.summary_source, actors.url, actors.inbox, actors.shared_inbox, actors.outbox, actors.followers,"
    " actors.following, actors.featured, actors.icon, actors.header, actors.fields, actors.emojis,"
    " actors.also_known_as, actors.moved_to, actors.locked, actors.discoverable, actors.indexable, actors.suspended,"
    " actors.gone, actors.published, actors.fetched, actors.changed, actors.followers_count, actors.following_count,"
    " actors.posts_count, actors.last_post, actors.their_followers, actors.their_following, actors.their_posts,"
    " actors.icon_alt, actors.header_alt, actors.attribution_domains, actors.feature_policy,"
    " actors.work, actors.work_since"
)
_WIDTH = len(fields(Actor))


def actor(row: Iterable[Any]) -> Actor:
    """The record of a row that starts with ``COLUMNS``."""
    id, uri, kind, *rest = row
    return Actor(id, uri, ActorKind(kind), *rest[: _WIDTH - 3])


async def add(db: Writing, profile: Profile, *, now: int) -> int | None:
    """Keep a new actor; its id, or None when the uri or the handle is taken or was deleted."""
    row = await db.row(
        """
        INSERT INTO actors (uri, kind, handle, handle_key, domain, name, summary, summary_source, url, inbox,
            shared_inbox, outbox, followers, following, featured, icon, header, fields, emojis, also_known_as,
            moved_to, locked, discoverable, indexable, published, fetched, their_followers, their_following,
            their_posts, icon_alt, header_alt, feature_policy)
        SELECT :uri, :kind, :handle, :handle_key, :domain, :name, :summary, :summary_source, :url, :inbox,
            :shared_inbox, :outbox, :followers, :following, :featured, :icon, :header, :fields, :emojis,
            :also_known_as, :moved_to, CAST(:locked AS BIGINT), CAST(:discoverable AS BIGINT),
            CAST(:indexable AS BIGINT), CAST(:published AS BIGINT), CAST(:now AS BIGINT),
            CAST(:their_followers AS BIGINT), CAST(:their_following AS BIGINT), CAST(:their_posts AS BIGINT),
            :icon_alt, :header_alt, :feature_policy
        WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE tombstones.uri = :uri)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        now=now,
        **_values(profile),
    )
    return None if row is None else row["id"]


def _values(profile: Profile) -> dict[str, Value]:
    return {
        "handle_key": profile.handle.lower(),
        **{name: getattr(profile, name) for name in Profile.__slots__},
        "kind": profile.kind.value,
    }


async def refresh(db: Writing, profile: Profile, *, now: int) -> bool:
    """Keep what a remote actor now says of itself; False when we do not have it. Handle and domain never change."""
    values = _values(profile)
    for fixed in ("handle", "handle_key", "domain", "published", "summary_source"):
        del values[fixed]
    changed = await db.run(
        """
        UPDATE actors SET kind = :kind, name = :name, summary = :summary, url = :url, inbox = :inbox,
            shared_inbox = :shared_inbox, outbox = :outbox, followers = :followers, following = :following,
            featured = :featured, icon = :icon, header = :header, fields = :fields, emojis = :emojis,
            also_known_as = :also_known_as, moved_to = :moved_to, locked = :locked, discoverable = :discoverable,
            indexable = :indexable, their_followers = :their_followers, their_following = :their_following,
            their_posts = :their_posts, icon_alt = :icon_alt, header_alt = :header_alt,
            feature_policy = :feature_policy, fetched = :now,
            changed = changed + 1
        WHERE uri = :uri AND domain <> '' AND gone IS NULL
        """,
        now=now,
        **values,
    )
    return changed == 1


async def by_id(db: Reading, actor_id: int) -> Actor:
    """The actor with this id, suspended and gone ones too. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM actors WHERE id = :actor_id", actor_id=actor_id)
    if row is None:
        raise Missing(str(actor_id))
    return actor(row)


async def by_uri(db: Reading, uri: str) -> Actor:
    """The actor with this AS2 id, suspended and gone ones too. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM actors WHERE uri = :uri", uri=uri)
    if row is None:
        raise Missing(uri)
    return actor(row)


async def by_handle(db: Reading, handle: str, domain: str = "") -> Actor:
    """The actor ``handle@domain`` ("" is here); upper and lower case are the same. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM actors WHERE handle_key = :handle AND domain = :domain",
        handle=handle.lower(),
        domain=domain,
    )
    if row is None:
        raise Missing(f"{handle}@{domain}")
    return actor(row)


@quick
@dataclass(frozen=True, slots=True)
class Place:
    """Where an actor of ours is found."""

    uri: str
    url: str
    handle: str
    kind: ActorKind
    away: bool  # gone or suspended


async def place_of(db: Reading, handle: str) -> Place | None:
    """Where ``handle`` of this node is found; upper and lower case are the same."""
    row = await db.row(
        """
        SELECT uri, url, handle, kind, gone IS NOT NULL OR suspended IS NOT NULL AS away
        FROM actors WHERE handle_key = :handle AND domain = ''
        """,
        handle=handle.lower(),
    )
    return None if row is None else Place(row[0], row[1], row[2], ActorKind(row[3]), bool(row[4]))


async def by_handles(db: Reading, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], Actor]:
    """Those actors that are here, by (handle, domain), lower case; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """, actors.handle_key FROM actors
        WHERE handle_key IN (SELECT value FROM json_each(:handles))
          AND domain IN (SELECT value FROM json_each(:domains))
        """,
        handles=listed(handle for handle, _ in places),
        domains=listed(domain for _, domain in places),
    )  # fmt: skip
    found = {(row["handle_key"], row["domain"]): actor(row) for row in rows}
    return {place: found[place] for place in places if place in found}


async def by_ids(db: Reading, ids: Iterable[int]) -> dict[int, Actor]:
    """Those of ``ids`` that are here, by id; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM actors WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids)
    )
    return {row[0]: actor(row) for row in rows}


async def by_uris(db: Reading, uris: Iterable[str]) -> dict[str, Actor]:
    """Those of ``uris`` that are here, by uri; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM actors WHERE uri IN (SELECT value FROM json_each(:uris))", uris=listed(uris)
    )
    return {row[1]: actor(row) for row in rows}


async def recounted(db: Reading, known: Actor) -> Actor:
    """An actor that this transaction read, after it shared something: with the counters that this moved. Read anew
    where somebody else changed it meanwhile. Raises Missing."""
    row = await db.row("SELECT changed, posts_count, last_post FROM actors WHERE id = :actor_id", actor_id=known.id)
    if row is None:
        raise Missing(str(known.id))
    changed, shared, last_post = row
    if changed - known.changed != shared - known.posts_count:
        return await by_id(db, known.id)
    return replace(known, changed=changed, posts_count=shared, last_post=last_post)


async def suspend(db: Writing, actor_id: int, *, now: int | None) -> None:
    """Hide the actor and all its posts from everyone; None shows them again."""
    await db.run(
        "UPDATE actors SET suspended = :now, changed = changed + 1 WHERE id = :actor_id", now=now, actor_id=actor_id
    )
    await _renew_moved(db, actor_id)


async def _renew_moved(db: Writing, actor_id: int) -> None:
    """Have shown anew what says where it moved: the account that it moved to is hidden, or shown again, or gone."""
    await db.run(
        """
        UPDATE actors SET changed = changed + 1
        WHERE moved_to <> '' AND moved_to = (SELECT target.uri FROM actors AS target WHERE target.id = :actor_id)
        """,
        actor_id=actor_id,
    )


async def erase(db: Writing, actor_id: int, *, now: int) -> None:
    """Erase what the actor said of itself and what members wrote down about it.

    Uri, handle and keys stay for what is still to be sent and refused.
    """
    await db.run("DELETE FROM notes WHERE target_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM endorsements WHERE target_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM list_accounts WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM moves WHERE actor_id = :actor_id", actor_id=actor_id)
    await _renew_moved(db, actor_id)
    await db.run(
        """
        UPDATE actors SET name = '', summary = '', summary_source = '', icon = '', header = '', fields = '[]',
            emojis = '[]', also_known_as = '[]', url = '', icon_alt = '', header_alt = '', attribution_domains = '[]',
            work = '', work_since = NULL, moved_to = '', gone = :now, changed = changed + 1
        WHERE id = :actor_id
        """,
        actor_id=actor_id,
        now=now,
    )


async def count_here(db: Reading) -> int:
    """How many people, teams and alliances live on this node."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM actors
        WHERE domain = '' AND kind <> 'Application' AND gone IS NULL AND suspended IS NULL
          AND EXISTS (SELECT 1 FROM members WHERE members.actor_id = actors.id)
        """
    )
    return 0 if row is None else row["n"]


async def found(db: Reading, *, start: str, limit: int) -> list[Actor]:
    """Actors whose handle starts with ``start`` (lower case), known ones first by followers."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM actors
        WHERE handle_key >= :start AND handle_key < :end AND suspended IS NULL AND gone IS NULL
        ORDER BY handle_key, domain LIMIT :limit
        """,
        start=start,
        end=start + "\U0010ffff",
        limit=limit,
    )  # fmt: skip
    return [actor(row) for row in rows]


async def suspend_host(db: Writing, domain: str, *, now: int | None) -> None:
    """Hide every actor of a server (with its subdomains), or show them again (None)."""
    await db.run(
        """
        UPDATE actors SET suspended = :now, changed = changed + 1
        WHERE domain <> '' AND (domain = :domain OR domain LIKE '%.' || :domain)
        """,
        now=now,
        domain=domain,
    )


async def of_kind_here(db: Reading, kind: ActorKind, *, limit: int) -> list[Actor]:
    """Actors of one kind that live on this node, the first made first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM actors
        WHERE domain = '' AND kind = :kind AND suspended IS NULL AND gone IS NULL ORDER BY id LIMIT :limit
        """,
        kind=kind.value,
        limit=limit,
    )  # fmt: skip
    return [actor(row) for row in rows]


async def step_aside(db: Writing, *, handle: str, domain: str, uri: str) -> None:
    """Free ``handle@domain`` for ``uri``: its server gave the name to another actor than the one we know."""
    await db.run(
        """
        UPDATE actors SET handle_key = handle_key || '#' || CAST(id AS TEXT), changed = changed + 1
        WHERE handle_key = :handle AND domain = :domain AND domain <> '' AND uri <> :uri
        """,
        handle=handle.lower(),
        domain=domain,
        uri=uri,
    )
