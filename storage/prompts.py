"""Prompts: of which post it is asked when whether it is still in place, and who is asked."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage import marks, posts
from storage.database import Reading, Writing, listed
from storage.kinds import Kind, load
from storage.marks import AGES
from storage.posts import Post, Visibility
from storage.shapes.idea import Idea

KINDS = frozenset({Kind.IDEA, Kind.CASE_STUDY, Kind.MEASURE})
TRIED = frozenset({"testing", "tested", "adopted", "spreading"})  # stages of an idea that somebody tried


@dataclass(frozen=True, slots=True)
class Prompt:
    """How it stands with the questions about a post."""

    post_id: int
    months: int  # age of the post that was asked about last; 0: none
    asked: int  # ms; when
    due: int | None = None  # when to look at it next; None: never again


def at_age(published: int, months: int) -> int:
    """When a post of ``published`` (ms) is so many months old: the same day of the month, or its last."""
    then = datetime.fromtimestamp(published / 1000, UTC)
    year, month = divmod(then.month - 1 + months, 12)
    year, month = then.year + year, month + 1
    day = min(then.day, calendar.monthrange(year, month)[1])
    return int(then.replace(year=year, month=month, day=day).timestamp() * 1000)


def fits(post: Post) -> bool:
    """Whether it is asked of this post: somebody tried what it tells of, and it holds."""
    if post.kind not in KINDS or post.visibility in (Visibility.HIDDEN, Visibility.DIRECT):
        return False
    given = load(post.kind, post.fields)
    if given is None or given.superseded_by or marks.of(post.fields).withdrawn is not None:
        return False
    return not isinstance(given, Idea) or given.stage in TRIED


async def keep(db: Writing, post: Post) -> None:
    """Have a post of ours looked at when it is old enough; nothing for kinds that are not asked about."""
    if post.local is None or post.kind not in KINDS or post.boost_of_id is not None:
        return
    await db.run(
        "INSERT INTO prompts (post_id, author_id, due) VALUES (:post_id, :author_id, :due) ON CONFLICT DO NOTHING",
        post_id=post.id,
        author_id=post.author_id,
        due=at_age(post.published, AGES[0]),
    )


async def due(db: Reading, *, now: int, limit: int) -> list[int]:
    """Posts whose time has come, the longest waiting first."""
    rows = await db.rows(
        "SELECT post_id FROM prompts WHERE due <= :now ORDER BY due LIMIT :limit", now=now, limit=limit
    )
    return [row["post_id"] for row in rows]


async def take(db: Writing, post_ids: Iterable[int], *, now: int) -> list[Prompt]:
    """Those of these posts whose time has come, each once: whoever takes them says with ``put`` when the next is
    due."""
    rows = await db.rows(
        """
        UPDATE prompts SET due = NULL WHERE due <= :now AND post_id IN (SELECT value FROM json_each(:post_ids))
        RETURNING post_id, months, asked
        """,
        now=now,
        post_ids=listed(post_ids),
    )
    return [Prompt(*row) for row in rows]


async def asked_since(db: Reading, author_ids: Iterable[int], *, since: int) -> dict[int, int]:
    """Of how many posts of each of these authors it was asked since then."""
    rows = await db.rows(
        """
        SELECT author_id, COUNT(*) AS n FROM prompts
        WHERE author_id IN (SELECT value FROM json_each(:author_ids)) AND asked > :since GROUP BY author_id
        """,
        author_ids=listed(author_ids),
        since=since,
    )
    return {row["author_id"]: row["n"] for row in rows}


async def put(db: Writing, some: Iterable[Prompt]) -> None:
    """Keep what was asked, and when to look again."""
    await db.many(
        "UPDATE prompts SET due = :due, months = :months, asked = :asked WHERE post_id = :post_id",
        [{"post_id": one.post_id, "due": one.due, "months": one.months, "asked": one.asked} for one in some],
    )


async def tell(db: Writing, post_ids: Sequence[int], *, now: int) -> list[tuple[int, int]]:
    """Ask those who answer for these posts; notification and member of each. What was asked of the same post before
    takes no second place."""
    ids = listed(post_ids)
    # What was told goes only when the new is there: SQLite would give the id of the newest again, and nobody saw it.
    await db.run(
        "UPDATE notifications SET reason = '' WHERE reason = 'in_place'"
        " AND post_id IN (SELECT value FROM json_each(:ids))",
        ids=ids,
    )
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'in_place', posts.author_id, posts.id, CAST(:now AS BIGINT)
        FROM posts JOIN members ON members.actor_id IN (
            SELECT posts.author_id
            UNION ALL
            SELECT memberships.actor_id FROM memberships
            WHERE memberships.group_id = posts.author_id AND memberships.role = 'lead')
        JOIN actors ON actors.id = members.actor_id
        WHERE posts.id IN (SELECT value FROM json_each(:ids)) AND members.unprompted IS NULL
          AND members.disabled IS NULL AND members.leaving IS NULL AND actors.gone IS NULL AND actors.suspended IS NULL
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        ids=ids,
        now=now,
    )
    await db.run(
        "DELETE FROM notifications WHERE reason = '' AND post_id IN (SELECT value FROM json_each(:ids))", ids=ids
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def open_of(db: Reading, post_id: int) -> int:
    """The age in months that was asked about and not answered yet; 0: none."""
    row = await db.row("SELECT months FROM prompts WHERE post_id = :post_id AND answered < months", post_id=post_id)
    return 0 if row is None else row["months"]


async def answer(db: Writing, post_id: int, *, last: bool) -> int:
    """Note that what was asked is answered, and its age in months; 0: nothing is asked, or it was answered. ``last``:
    it is not asked again. Of several at once one is the answer; nobody is asked any more then."""
    row = await db.row(
        "UPDATE prompts SET answered = months, due = CASE WHEN :last = 1 THEN NULL ELSE due END"
        " WHERE post_id = :post_id AND answered < months RETURNING months",
        post_id=post_id,
        last=int(last),
    )
    if row is None:
        return 0
    await db.run("DELETE FROM notifications WHERE post_id = :post_id AND reason = 'in_place'", post_id=post_id)
    return int(row["months"])


async def open_for(db: Reading, member_id: int, *, since: int, limit: int) -> list[tuple[Post, int]]:
    """Posts a member answers for, of which it was asked since then and not answered, the newest question first; and
    the age in months. Nothing for who does not want to be asked."""
    rows = await db.rows(
        "SELECT " + posts.COLUMNS + """, prompts.months
        FROM prompts JOIN posts ON posts.id = prompts.post_id
        WHERE prompts.author_id IN (
            SELECT members.actor_id FROM members WHERE members.actor_id = :member_id
            UNION ALL
            SELECT memberships.group_id FROM memberships
            WHERE memberships.actor_id = :member_id AND memberships.role = 'lead')
          AND prompts.asked > :since AND prompts.answered < prompts.months AND posts.visibility <> 'hidden'
          AND EXISTS (SELECT 1 FROM members WHERE members.actor_id = :member_id AND members.unprompted IS NULL)
        ORDER BY prompts.asked DESC, prompts.post_id DESC LIMIT :limit
        """,
        member_id=member_id,
        since=since,
        limit=limit,
    )  # fmt: skip
    return [(posts.post(list(row)[:-1]), row["months"]) for row in rows]


async def wanted(db: Reading, member_id: int) -> bool:
    """Whether a member wants to be asked; False for who is no member."""
    row = await db.row(
        "SELECT 1 AS yes FROM members WHERE actor_id = :member_id AND unprompted IS NULL", member_id=member_id
    )
    return row is not None


async def want(db: Writing, member_id: int, *, asked: bool, now: int) -> None:
    """Ask a member from now on, or no more; questions that they did not answer are forgotten then."""
    await db.run(
        "UPDATE members SET unprompted = CASE WHEN :asked = 1 THEN NULL ELSE COALESCE(unprompted, :now) END"
        " WHERE actor_id = :member_id",
        asked=int(asked),
        now=now,
        member_id=member_id,
    )
    if not asked:
        await db.run("DELETE FROM notifications WHERE member_id = :id AND reason = 'in_place'", id=member_id)
