"""Posts: everything that is shared, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from storage.database import Busy, Missing, Reading, Row, Writing, listed
from storage.kinds import Kind
from storage.records import quick

ID_TRIES = 64  # posts of one millisecond that may sit on one another's id before an insert gives up


class Visibility(StrEnum):
    """Who may see a post; the words of the Mastodon API."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"  # followers only
    DIRECT = "direct"  # those named only
    HIDDEN = "hidden"  # guardians only, until they decided: storage.hidden; nobody chooses it

    @classmethod
    def chosen(cls, name: str) -> Visibility:
        """What somebody asks for by this word. Raises ValueError."""
        return cls(name if name != cls.HIDDEN else "")


@quick
@dataclass(frozen=True, slots=True)
class Post:
    """One shared item, or a boost of one (``boost_of_id``): behind a Mastodon status and an AS2 object."""

    id: int
    uri: str
    author_id: int
    type: str  # AS2 type
    kind: Kind
    visibility: Visibility
    published: int
    url: str = ""
    local: int | None = None
    title: str = ""
    summary: str = ""  # content warning, plain text
    sensitive: int | None = None
    html: str = ""  # safe
    text: str = ""  # plain, for search
    source: str = ""
    fields: str = ""  # JSON of the kind's fields; "": none
    language: str = ""
    emojis: str = "[]"
    in_reply_to_id: int | None = None
    in_reply_to_uri: str = ""
    reply_to_actor_id: int | None = None
    boost_of_id: int | None = None
    app_id: int | None = None
    idempotency_key: str | None = None
    edited: int | None = None
    changed: int = 1
    replies_count: int = 0
    boosts_count: int = 0
    likes_count: int = 0
    their_replies: int | None = None
    their_boosts: int | None = None
    their_likes: int | None = None
    quoting: int | None = None  # since when it quotes another: storage.quotes
    quote_policy: str = ""
    quotes_count: int = 0

    @property
    def public(self) -> bool:
        """Everyone may see it, listed or not."""
        return self.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)


COLUMNS = (
    "posts.id, posts.uri, posts.author_id, posts.type, posts.kind, posts.visibility, posts.published, posts.url,"
    " posts.local, posts.title, posts.summary, posts.sensitive, posts.html, posts.text, posts.source, posts.fields,"
    " posts.language, posts.emojis, posts.in_reply_to_id, posts.in_reply_to_uri, posts.reply_to_actor_id,"
    " posts.boost_of_id, posts.app_id, posts.idempotency_key, posts.edited, posts.changed, posts.replies_count,"
    " posts.boosts_count, posts.likes_count, posts.their_replies, posts.their_boosts, posts.their_likes,"
    " posts.quoting, posts.quote_policy, posts.quotes_count"
)

# The one place that says who may see a post. Every query that answers a reader has this in its WHERE, with the reader
# as ``:reader_id`` (0: nobody is signed in). Author, or public, or a recipient row that holds for the reader; minus
# blocks of persons and of domains, both ways, and suspended authors. ``recipients`` says for whom the rest is: a
# person, the followers of an actor, the members of a group. A hidden post (``storage.hidden``) is for its author alone.
VISIBLE = """(
    (posts.visibility IN ('public', 'unlisted')
     OR posts.author_id = :reader_id
     OR posts.visibility <> 'hidden' AND EXISTS (
        SELECT 1 FROM recipients WHERE recipients.post_id = posts.id AND (
            (recipients.circle = 'self' AND recipients.actor_id = :reader_id)
            OR (recipients.circle = 'followers' AND EXISTS (
                SELECT 1 FROM follows WHERE follows.follower_id = :reader_id
                AND follows.target_id = recipients.actor_id AND follows.accepted IS NOT NULL))
            OR (recipients.circle = 'members' AND EXISTS (
                SELECT 1 FROM memberships WHERE memberships.group_id = recipients.actor_id
                AND memberships.actor_id = :reader_id)))))
    AND NOT EXISTS (
        SELECT 1 FROM actors AS writer WHERE writer.id = posts.author_id AND (writer.suspended IS NOT NULL OR EXISTS (
            SELECT 1 FROM domain_blocks AS shut WHERE shut.member_id = :reader_id AND shut.domain = writer.domain)))
    AND NOT EXISTS (
        SELECT 1 FROM domain_blocks AS shut WHERE shut.member_id = posts.author_id AND shut.domain = (
            SELECT reader.domain FROM actors AS reader WHERE reader.id = :reader_id))
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = posts.author_id AND blocks.target_id = :reader_id)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :reader_id AND blocks.target_id = posts.author_id)
)"""


def post(row: Row) -> Post:
    """The record of a row of ``COLUMNS``."""
    id, uri, author_id, type, kind, visibility, *rest = row
    return Post(id, uri, author_id, type, Kind(kind), Visibility(visibility), *rest)


async def add(db: Writing, new: Post) -> Post | None:
    """Keep a new post, and join the replies that came before it; None when its uri is already here or was deleted, or
    when this actor boosted that post before.

    The answer has the id it was kept under: when the id is taken, a remote post gets the next free one. Raises Busy
    when a local post's id is taken (its uri holds the id: make a new one).
    """
    for _ in range(ID_TRIES):
        row = await db.row(_ADD, **_values(new))
        if row is not None:
            if row["awaited"]:
                await _adopt(db, new)
            return new
        taken = await db.row("SELECT uri FROM posts WHERE id = :id", id=new.id)
        if taken is None or taken["uri"] == new.uri:
            return None  # the uri, the boost or the tombstone was in the way, not the id
        if new.local is not None:
            raise Busy("post id taken")
        new = replace(new, id=new.id + 1)
    raise Busy("no free post id")


_ADD = """
    INSERT INTO posts (id, uri, author_id, type, kind, visibility, published, url, local, title, summary, sensitive,
        html, text, source, fields, language, emojis, in_reply_to_id, in_reply_to_uri, reply_to_actor_id, boost_of_id,
        app_id, idempotency_key, edited, their_replies, their_boosts, their_likes, quoting, quote_policy)
    SELECT CAST(:id AS BIGINT), :uri, CAST(:author_id AS BIGINT), :type, :kind, :visibility,
        CAST(:published AS BIGINT), :url, CAST(:local AS BIGINT), :title, :summary, CAST(:sensitive AS BIGINT), :html,
        :text, :source, :fields, :language, :emojis, CAST(:in_reply_to_id AS BIGINT), :in_reply_to_uri,
        CAST(:reply_to_actor_id AS BIGINT), CAST(:boost_of_id AS BIGINT), CAST(:app_id AS BIGINT), :idempotency_key,
        CAST(:edited AS BIGINT), CAST(:their_replies AS BIGINT), CAST(:their_boosts AS BIGINT),
        CAST(:their_likes AS BIGINT), CAST(:quoting AS BIGINT), :quote_policy
    WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE tombstones.uri = :uri)
    ON CONFLICT DO NOTHING RETURNING id, EXISTS (
        SELECT 1 FROM posts AS early WHERE early.in_reply_to_uri = :uri AND early.in_reply_to_id IS NULL
            AND early.in_reply_to_uri <> '') AS awaited
"""


def _values(new: Post) -> dict[str, str | int | None]:
    return {
        "id": new.id, "uri": new.uri, "author_id": new.author_id, "type": new.type, "kind": new.kind.value,
        "visibility": new.visibility.value, "published": new.published, "url": new.url, "local": new.local,
        "title": new.title, "summary": new.summary, "sensitive": new.sensitive, "html": new.html, "text": new.text,
        "source": new.source, "fields": new.fields, "language": new.language, "emojis": new.emojis,
        "in_reply_to_id": new.in_reply_to_id, "in_reply_to_uri": new.in_reply_to_uri,
        "reply_to_actor_id": new.reply_to_actor_id, "boost_of_id": new.boost_of_id, "app_id": new.app_id,
        "idempotency_key": new.idempotency_key, "edited": new.edited, "their_replies": new.their_replies,
        "their_boosts": new.their_boosts, "their_likes": new.their_likes, "quoting": new.quoting,
        "quote_policy": new.quote_policy,
    }  # fmt: skip


async def revise(db: Writing, new: Post, *, now: int) -> None:
    """Keep a new version of a post's words; the version it had goes to ``edits`` first.

    Uses ``type``, ``kind``, ``title``, ``summary``, ``sensitive``, ``html``, ``text``, ``source``, ``fields``,
    ``language``, ``emojis``, ``quoting``, ``quote_policy`` and the ``their_`` totals of ``new``.
    """
    await touch(db, new.id)  # holds the row: what is rewritten meanwhile (storage.heirs) must not become a version
    await db.run(
        """
        INSERT INTO edits (post_id, at, title, summary, sensitive, html, source, fields)
        SELECT id, COALESCE(edited, published), title, summary, sensitive, html, source, fields
        FROM posts WHERE id = :id
        """,
        id=new.id,
    )
    await db.run(
        """
        UPDATE posts SET type = :type, kind = :kind, title = :title, summary = :summary, sensitive = :sensitive,
            html = :html, text = :text, source = :source, fields = :fields, language = :language, emojis = :emojis,
            edited = :now, their_replies = :their_replies, their_boosts = :their_boosts, their_likes = :their_likes,
            quoting = :quoting, quote_policy = :quote_policy
        WHERE id = :id
        """,
        id=new.id, type=new.type, kind=new.kind.value, title=new.title, summary=new.summary, sensitive=new.sensitive,
        html=new.html, text=new.text, source=new.source, fields=new.fields, language=new.language, emojis=new.emojis,
        now=now, their_replies=new.their_replies, their_boosts=new.their_boosts, their_likes=new.their_likes,
        quoting=new.quoting, quote_policy=new.quote_policy,
    )  # fmt: skip


async def touch(db: Writing, post_id: int) -> None:
    """Say that what a reader sees of the post changed (its attachments, say)."""
    await db.run("UPDATE posts SET changed = changed + 1 WHERE id = :post_id", post_id=post_id)


async def erase(db: Writing, erased: Post, *, now: int) -> None:
    """Take the post away with everything that hangs on it; leave its uri, so that a later Create of it stays refused.

    Call ``Database.scrub`` after the commit.
    """
    await db.run(
        "INSERT INTO tombstones (uri, gone) VALUES (:uri, :now) ON CONFLICT DO NOTHING", uri=erased.uri, now=now
    )
    await db.run("DELETE FROM activities_out WHERE object_uri = :uri AND object_uri <> ''", uri=erased.uri)
    await db.run("DELETE FROM posts WHERE id = :id", id=erased.id)


async def erase_all_of(db: Writing, author_id: int, *, now: int) -> None:
    """Take away every post and boost of an author, as ``erase`` does."""
    await db.run(
        """
        INSERT INTO tombstones (uri, gone) SELECT uri, CAST(:now AS BIGINT) FROM posts WHERE author_id = :author_id
        ON CONFLICT DO NOTHING
        """,
        author_id=author_id,
        now=now,
    )
    await db.run("DELETE FROM activities_out WHERE signer_id = :author_id", author_id=author_id)
    await db.run("DELETE FROM posts WHERE author_id = :author_id", author_id=author_id)


async def bury(db: Writing, uri: str, *, now: int) -> None:
    """Refuse what ``uri`` names from now on, whether or not it ever came."""
    await db.run("INSERT INTO tombstones (uri, gone) VALUES (:uri, :now) ON CONFLICT DO NOTHING", uri=uri, now=now)


async def buried(db: Reading, uri: str) -> int | None:
    """When what ``uri`` names was deleted; None when it was not."""
    row = await db.row("SELECT gone FROM tombstones WHERE uri = :uri", uri=uri)
    return None if row is None else row["gone"]


async def by_uri(db: Reading, uri: str) -> Post:
    """The post with this AS2 id, whoever may see it. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM posts WHERE uri = :uri", uri=uri)
    if row is None:
        raise Missing(uri)
    return post(row)


async def by_id(db: Reading, post_id: int, *, reader_id: int) -> Post:
    """The post with this id, if the reader may see it. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM posts WHERE posts.id = :post_id AND " + VISIBLE,
        post_id=post_id,
        reader_id=reader_id,
    )
    if row is None:
        raise Missing(str(post_id))
    return post(row)


async def any_by_id(db: Reading, post_id: int) -> Post:
    """The post with this id, whoever may see it. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM posts WHERE id = :post_id", post_id=post_id)
    if row is None:
        raise Missing(str(post_id))
    return post(row)


async def by_ids(db: Reading, ids: Iterable[int]) -> dict[int, Post]:
    """Those of ``ids`` that are here, by id, whoever may see them; one query. For ids that were already read with
    ``VISIBLE``."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM posts WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids)
    )
    return {row[0]: post(row) for row in rows}


async def by_key(db: Reading, author_id: int, idempotency_key: str) -> Post | None:
    """What this author already shared under this Idempotency-Key."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM posts WHERE author_id = :author_id AND idempotency_key = :idempotency_key",
        author_id=author_id,
        idempotency_key=idempotency_key,
    )
    return None if row is None else post(row)


async def boost_by(db: Reading, author_id: int, boost_of_id: int) -> Post | None:
    """This actor's boost of a post."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM posts WHERE boost_of_id = :boost_of_id AND author_id = :author_id",
        author_id=author_id,
        boost_of_id=boost_of_id,
    )
    return None if row is None else post(row)


async def _adopt(db: Writing, parent: Post) -> None:
    await db.run(
        """
        UPDATE posts SET in_reply_to_id = :id, reply_to_actor_id = :author_id, changed = changed + 1
        WHERE in_reply_to_uri = :uri AND in_reply_to_id IS NULL AND in_reply_to_uri <> ''
        """,
        id=parent.id,
        author_id=parent.author_id,
        uri=parent.uri,
    )


async def count_by(db: Reading, author_id: int) -> int:
    """How many posts and boosts an actor made."""
    row = await db.row("SELECT COUNT(*) AS n FROM posts WHERE author_id = :author_id", author_id=author_id)
    return 0 if row is None else row["n"]


async def all_by(db: Reading, author_id: int, *, after: int, limit: int) -> list[Post]:
    """Posts and boosts of an author for themselves, whoever else may see them; those with ids above ``after`` first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM posts WHERE author_id = :author_id AND id > :after ORDER BY id LIMIT :limit",
        author_id=author_id,
        after=after,
        limit=limit,
    )
    return [post(row) for row in rows]


async def ids_after(db: Reading, after: int, *, limit: int) -> list[int]:
    """Ids of the newest posts and boosts above ``after``, whoever may see them."""
    newest = "SELECT id FROM posts WHERE id > :after ORDER BY id DESC LIMIT :limit"
    rows = await db.rows(newest, after=after, limit=limit)
    return [row["id"] for row in rows]


async def replies_to(db: Reading, post_id: int, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Ids and uris of the direct replies to a post that everyone may see, oldest first, with ids above ``after``."""
    rows = await db.rows(
        """
        SELECT posts.id, posts.uri FROM posts
        WHERE posts.in_reply_to_id = :post_id AND posts.id > :after
          AND posts.visibility IN ('public', 'unlisted') AND """
        + VISIBLE
        + " ORDER BY posts.id LIMIT :limit",
        post_id=post_id,
        after=after,
        limit=limit,
        reader_id=0,
    )
    return [(row["id"], row["uri"]) for row in rows]


async def interested_inboxes(db: Reading, post_id: int) -> list[str]:
    """Inboxes of those elsewhere who liked, passed on, answered, quoted or used a post: their servers may have it."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM actors WHERE actors.domain <> '' AND actors.inbox <> '' AND actors.id IN (
            SELECT actor_id FROM likes WHERE likes.post_id = :post_id
            UNION SELECT author_id FROM posts WHERE posts.boost_of_id = :post_id
            UNION SELECT author_id FROM posts WHERE posts.in_reply_to_id = :post_id
            UNION SELECT author_id FROM lineage WHERE lineage.parent_id = :post_id
            UNION SELECT author_id FROM quotes JOIN posts ON posts.id = quotes.post_id WHERE quoted_id = :post_id)
        """,
        post_id=post_id,
    )
    return [row["inbox"] for row in rows]


@dataclass(frozen=True, slots=True)
class Edit:
    """A version that a post had before."""

    at: int
    title: str
    summary: str
    sensitive: int | None
    html: str
    source: str
    fields: str


async def edits(db: Reading, post_id: int) -> list[Edit]:
    """The versions a post had before the one it has, oldest first; at most 100."""
    rows = await db.rows(
        """
        SELECT at, title, summary, sensitive, html, source, fields FROM edits
        WHERE post_id = :post_id ORDER BY id LIMIT 100
        """,
        post_id=post_id,
    )
    return [Edit(*row) for row in rows]


async def count_here(db: Reading) -> int:
    """How many posts were written on this node."""
    row = await db.row("SELECT COUNT(*) AS n FROM posts WHERE local IS NOT NULL AND boost_of_id IS NULL")
    return 0 if row is None else row["n"]
