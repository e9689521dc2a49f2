"""Quotes: which post quotes which, whether the quoted author allows it, and what is shown of it to whom.

A quote is shown once it is ``accepted``: by the quoted author's server, by us for posts of ours, or because one quotes
oneself. Whatever else a post says of whom it quotes is ``pending``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Value, Writing, listed
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE, Visibility
from storage.records import quick

# ``posts.quote_policy`` is "automatic/manual": on each side the words of QuoteApproval with blanks between, for those
# whose quotes are accepted by themselves, and those whose quotes the author looks at. "": the author alone.
NOBODY = ""
NEVER = "-"  # not even its author: a direct post


class Policy(StrEnum):
    """Who may quote a post of a member; the words of the Mastodon API."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class Verdict(StrEnum):
    """What a policy says to one reader; the words of the Mastodon API."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    UNKNOWN = "unknown"  # it has rules that we do not know: only its author's server can say
    DENIED = "denied"


class State(StrEnum):
    """How a quote stands; the words of the Mastodon API."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"
    DELETED = "deleted"


def written(policy: Policy, visibility: Visibility) -> str:
    """What is kept of a member's policy for a post."""
    if visibility is Visibility.DIRECT:
        return NEVER
    if visibility is Visibility.PRIVATE or policy is Policy.NOBODY:
        return NOBODY
    return f"{policy.value}/"


def parts(policy: str) -> tuple[list[str], list[str]]:
    """Whose quotes are accepted by themselves, and whose the author looks at."""
    automatic, _, manual = policy.strip(NEVER).partition("/")
    return automatic.split(), manual.split()


def verdict(policy: str, *, mine: bool, follows: bool) -> Verdict:
    """What a policy says to a reader who wrote the post, or follows its author."""
    if policy == NEVER:
        return Verdict.DENIED
    if mine:
        return Verdict.AUTOMATIC
    automatic, manual = parts(policy)
    for words, found in ((automatic, Verdict.AUTOMATIC), (manual, Verdict.MANUAL)):
        if "public" in words or ("followers" in words and follows):
            return found
    known = {"public", "followers"}
    return Verdict.UNKNOWN if {*automatic, *manual} - known else Verdict.DENIED


@quick
@dataclass(frozen=True, slots=True)
class Quote:
    """What one post quotes."""

    post_id: int
    quoted_id: int | None  # None: not here, or deleted
    quoted_uri: str
    state: State
    stamp: str = ""  # uri of the QuoteAuthorization; while pending, what is said to be it


COLUMNS = "quotes.post_id, quotes.quoted_id, quotes.quoted_uri, quotes.state, quotes.stamp"


def _quote(row: Iterable[object]) -> Quote:
    post_id, quoted_id, quoted_uri, state, stamp = row
    return Quote(post_id, quoted_id, quoted_uri, State(state), stamp)  # type: ignore[arg-type]  # as the columns are


async def add(db: Writing, new: Quote) -> None:
    """Keep what a post quotes. Its ``quoting`` says so too."""
    await db.run(
        """
        INSERT INTO quotes (post_id, quoted_id, quoted_uri, state, stamp)
        VALUES (:post_id, :quoted_id, :quoted_uri, :state, :stamp) ON CONFLICT DO NOTHING
        """,
        post_id=new.post_id, quoted_id=new.quoted_id, quoted_uri=new.quoted_uri, state=new.state.value,
        stamp=new.stamp,
    )  # fmt: skip


async def drop(db: Writing, post_id: int) -> None:
    """The post quotes nothing any more."""
    await db.run("DELETE FROM quotes WHERE post_id = :post_id", post_id=post_id)


async def mark(db: Writing, post_id: int, since: int | None) -> None:
    """Say on the post that it quotes another since then; None: that it does not."""
    await db.run(
        "UPDATE posts SET quoting = CAST(:since AS BIGINT), changed = changed + 1 WHERE id = :post_id",
        post_id=post_id,
        since=since,
    )


async def one(db: Reading, post_id: int) -> Quote | None:
    """What a post quotes."""
    row = await db.row("SELECT " + COLUMNS + " FROM quotes WHERE post_id = :post_id", post_id=post_id)
    return None if row is None else _quote(row)


async def of(db: Reading, post_ids: Iterable[int]) -> dict[int, Quote]:
    """What each of these posts quotes; one query for all."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM quotes WHERE post_id IN (SELECT value FROM json_each(:post_ids))",
        post_ids=listed(post_ids),
    )
    return {row[0]: _quote(row) for row in rows}


async def accept(db: Writing, post_id: int, *, quoted_id: int, stamp: str) -> bool:
    """It is allowed; False when that was known, or it was revoked, or the quoted post is gone."""
    changed = await db.run(
        """
        UPDATE quotes SET state = 'accepted', quoted_id = :quoted_id, stamp = :stamp
        WHERE post_id = :post_id AND state IN ('pending', 'rejected')
        """,
        post_id=post_id,
        quoted_id=quoted_id,
        stamp=stamp,
    )
    return changed == 1


async def find(db: Writing, post_id: int, *, quoted_id: int) -> None:
    """The quoted post is here now; whether it may be shown stays open."""
    await db.run(
        "UPDATE quotes SET quoted_id = :quoted_id WHERE post_id = :post_id AND quoted_id IS NULL AND state = 'pending'",
        post_id=post_id,
        quoted_id=quoted_id,
    )


async def claim(db: Writing, post_id: int, stamp: str) -> None:
    """The post says now that this allows its quote."""
    await db.run(
        "UPDATE quotes SET stamp = :stamp WHERE post_id = :post_id AND state IN ('pending', 'rejected')",
        post_id=post_id,
        stamp=stamp,
    )


async def end(db: Writing, post_id: int, state: State) -> State | None:
    """It is not shown from now on; what it was, None when it was not shown nor open."""
    row = await db.row(
        "SELECT state FROM quotes WHERE post_id = :post_id AND state IN ('pending', 'accepted')", post_id=post_id
    )
    if row is None:
        return None
    changed = await db.run(
        "UPDATE quotes SET state = :state, stamp = '' WHERE post_id = :post_id AND state = :was",
        post_id=post_id,
        state=state.value,
        was=row["state"],
    )
    return State(row["state"]) if changed == 1 else None


async def revoke_stamp(db: Writing, stamp: str, *, author_id: int) -> list[int]:
    """End what this allowed, or is said to allow, of posts of ``author_id``; the posts that quote."""
    rows = await db.rows(
        """
        UPDATE quotes SET state = 'revoked', stamp = ''
        WHERE stamp = :stamp AND stamp <> '' AND state IN ('pending', 'accepted') AND EXISTS (
            SELECT 1 FROM posts WHERE posts.id = quotes.quoted_id AND posts.author_id = :author_id)
        RETURNING post_id
        """,
        stamp=stamp,
        author_id=author_id,
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What we allowed."""

    id: int
    quoted_id: int
    quoting_uri: str
    revoked: int | None


async def allow(db: Writing, *, quoted_id: int, quoting_uri: str, actor_id: int, now: int) -> Stamp:
    """Allow ``quoting_uri`` to quote a post of ours; what was allowed or revoked before stays so."""
    await db.run(
        """
        INSERT INTO quote_stamps (quoted_id, quoting_uri, actor_id, created)
        VALUES (:quoted_id, :quoting_uri, :actor_id, :now) ON CONFLICT DO NOTHING
        """,
        quoted_id=quoted_id,
        quoting_uri=quoting_uri,
        actor_id=actor_id,
        now=now,
    )
    found = await stamp_for(db, quoted_id=quoted_id, quoting_uri=quoting_uri)
    if found is None:
        raise Missing(quoting_uri)  # the quoted post went just now
    return found


async def stamp_for(db: Reading, *, quoted_id: int, quoting_uri: str) -> Stamp | None:
    """What we allowed one post of another, revoked or not."""
    row = await db.row(
        """
        SELECT id, quoted_id, quoting_uri, revoked FROM quote_stamps
        WHERE quoted_id = :quoted_id AND quoting_uri = :quoting_uri
        """,
        quoted_id=quoted_id,
        quoting_uri=quoting_uri,
    )
    return None if row is None else Stamp(*row)


async def stamp_by_id(db: Reading, stamp_id: int) -> Stamp | None:
    """What we allowed under this id, revoked or not."""
    row = await db.row(
        "SELECT id, quoted_id, quoting_uri, revoked FROM quote_stamps WHERE id = :stamp_id", stamp_id=stamp_id
    )
    return None if row is None else Stamp(*row)


async def revoke(db: Writing, *, quoted_id: int, quoting_uri: str, now: int) -> Stamp | None:
    """Allow it no longer; None when it was not allowed."""
    row = await db.row(
        """
        UPDATE quote_stamps SET revoked = :now
        WHERE quoted_id = :quoted_id AND quoting_uri = :quoting_uri AND revoked IS NULL
        RETURNING id, quoted_id, quoting_uri, revoked
        """,
        quoted_id=quoted_id,
        quoting_uri=quoting_uri,
        now=now,
    )
    return None if row is None else Stamp(*row)


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Allow an actor nothing any more."""
    await db.run("DELETE FROM quote_stamps WHERE actor_id = :actor_id", actor_id=actor_id)


async def set_policy(db: Writing, post_id: int, policy: str) -> bool:
    """Say who may quote a post from now on; False when it was so."""
    changed = await db.run(
        """
        UPDATE posts SET quote_policy = :policy, changed = changed + 1
        WHERE id = :post_id AND quote_policy <> :policy
        """,
        post_id=post_id,
        policy=policy,
    )
    return changed == 1


@quick
@dataclass(frozen=True, slots=True)
class Shown:
    """A quote as one reader sees it."""

    post_id: int
    state: str  # of the Mastodon API
    quoted_id: int | None  # None: they see no more than the state


# ``posts`` is what is quoted. That the reader's own wish hides it comes first: it tells them nothing new.
_SHOWN = """
    SELECT quotes.post_id, quotes.quoted_id, CASE
        WHEN quotes.state <> 'accepted' THEN quotes.state
        WHEN EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :reader_id AND blocks.target_id = posts.author_id)
            THEN 'blocked_account'
        WHEN EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                     WHERE domain_blocks.member_id = :reader_id AND actors.id = posts.author_id)
            THEN 'blocked_domain'
        WHEN NOT """ + VISIBLE + """ THEN 'unauthorized'
        WHEN NOT """ + UNMUTED + """ THEN 'muted_account'
        ELSE 'accepted' END AS state
    FROM quotes LEFT JOIN posts ON posts.id = quotes.quoted_id
    WHERE quotes.post_id IN (SELECT value FROM json_each(:post_ids))
"""  # fmt: skip
_OPEN = ("accepted", "muted_account")


async def shown_to(db: Reading, post_ids: Iterable[int], *, reader_id: int, now: int) -> dict[int, Shown]:
    """How the quotes of these posts look to a reader; one query for all."""
    rows = await db.rows(_SHOWN, post_ids=listed(post_ids), reader_id=reader_id, now=now)
    return {row[0]: Shown(row[0], row[2], row[1] if row[2] in _OPEN else None) for row in rows}


_QUOTING = (
    "SELECT quotes.post_id FROM quotes JOIN posts ON posts.id = quotes.post_id"
    " WHERE quotes.quoted_id = :quoted_id AND quotes.state = 'accepted'"
    " AND quotes.post_id < :before AND quotes.post_id > :after AND " + VISIBLE + " AND " + UNMUTED
)  # fmt: skip


async def quoting(db: Reading, quoted_id: int, *, reader_id: int, page: Page, now: int) -> list[int]:
    """Ids of the posts that quote one, of those the reader may see."""
    values: dict[str, Value] = {
        "quoted_id": quoted_id, "reader_id": reader_id, "before": page.before, "after": page.after,
        "limit": page.limit, "now": now,
    }  # fmt: skip
    if page.rising:
        rows = await db.rows(_QUOTING + " ORDER BY quotes.post_id LIMIT :limit", **values)
    else:
        rows = await db.rows(_QUOTING + " ORDER BY quotes.post_id DESC LIMIT :limit", **values)
    return page.newest_first([row[0] for row in rows])
