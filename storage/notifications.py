"""Notifications: what a member is told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage import held
from storage.database import Missing, Reading, Row, Value, Writing, listed
from storage.holding import DROPPED, HELD
from storage.ids import LAST
from storage.paging import Page
from storage.records import quick


class Reason(StrEnum):
    """Why a member is told; the words of the Mastodon API."""

    MENTION = "mention"
    STATUS = "status"  # somebody whose every post the member asked to hear of
    BOOST = "reblog"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    LIKE = "favourite"
    UPDATE = "update"  # a post the member passed on was edited
    POLL = "poll"  # one that the member asked or voted in is over
    QUOTE = "quote"  # somebody quotes a post of the member, who allows it
    QUOTED_UPDATE = "quoted_update"  # a post that the member quotes was edited
    COLLECTED = "added_to_collection"  # somebody recommends the member
    COLLECTION_UPDATE = "collection_update"  # a collection that the member is in says something else of itself
    # What follows, Mastodon has no words for.
    MENTORING = "mentoring"  # the other side of a match did something, or wants one
    MENTORING_QUIET = "mentoring_quiet"  # nothing was written in a match for long
    ASKED = "asked"  # a question about what the member said they can be asked
    ANSWER = "answer"  # a reply of the member is the accepted answer
    EVENT_CHANGED = "event_changed"  # one the member wants to come to is at another time, or does not take place
    EVENT_PLACE = "event_place"  # the member waited for a place, and has one
    EVENT_SOON = "event_soon"  # the member comes to it tomorrow
    MOVED = "moved"  # somebody the member followed has another account now
    SUMMARY = "summary"  # what came of a consultation that the member answered
    LINEAGE = "lineage"  # somebody adopted, adapted or stopped what the member shared, or built on it
    IN_PLACE = "in_place"  # whether what the member shared is still in place is asked
    JOIN_ASKED = "join_asked"  # somebody asks to be in a group that the member keeps
    POST_WAITS = "post_waits"  # a post waits for the member to let it into a group that they keep

    @property
    def word(self) -> str:
        """The nearest word of the Mastodon API: apps drop what has another."""
        return _NEAREST.get(self, self.value)


_NEAREST = {
    Reason.EVENT_CHANGED: "update", Reason.EVENT_PLACE: "update", Reason.EVENT_SOON: "update",
    Reason.SUMMARY: "update", Reason.IN_PLACE: "update", Reason.LINEAGE: "mention",
    Reason.JOIN_ASKED: "follow_request", Reason.POST_WAITS: "mention",
}  # fmt: skip


@quick
@dataclass(frozen=True, slots=True)
class Notification:
    """One thing one member is told."""

    id: int
    member_id: int
    reason: Reason
    actor_id: int
    post_id: int | None
    created: int
    collection_id: int | None = None


COLUMNS = (
    "notifications.id, notifications.member_id, notifications.reason, notifications.actor_id, notifications.post_id,"
    " notifications.created, notifications.collection_id"
)


def _notification(row: Row) -> Notification:
    id, member_id, reason, actor_id, post_id, created, collection_id = row
    return Notification(id, member_id, Reason(reason), actor_id, post_id, created, collection_id)


# What a member who muted somebody's notifications is not told. ``:actor_id`` does something at ``:now``.
UNMUTED = """NOT EXISTS (
            SELECT 1 FROM mutes WHERE mutes.member_id = members.actor_id AND mutes.target_id = :actor_id
            AND mutes.notifications IS NOT NULL AND mutes.ends > :now)"""


# Nor of a thread that they muted. The first look spares those the second who muted none.
_HEARD = """((SELECT mine.post_id FROM muted_threads AS mine WHERE mine.member_id = :member_id
            ORDER BY mine.post_id LIMIT 1) IS NULL OR NOT EXISTS (
            WITH RECURSIVE above (id, depth) AS (
                SELECT CAST(:post_id AS BIGINT), 0
                UNION ALL
                SELECT posts.in_reply_to_id, above.depth + 1 FROM above JOIN posts ON posts.id = above.id
                WHERE posts.in_reply_to_id IS NOT NULL AND above.depth < 60
            )
            SELECT 1 FROM above JOIN muted_threads ON muted_threads.post_id = above.id
            WHERE muted_threads.member_id = :member_id))"""


async def add(
    db: Writing, *, member_id: int, reason: Reason, actor_id: int, post_id: int | None, now: int
) -> int | None:
    """Tell a member; the notification's id, or None: told before, no member, oneself, muted, blocked, dropped or held
    back by their policy."""
    row = await db.row(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created, filtered)
        SELECT members.actor_id, :reason, CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT),
            CASE WHEN """
        + HELD
        + """ THEN CAST(:now AS BIGINT) END
        FROM members LEFT JOIN notification_policies AS policy ON policy.member_id = members.actor_id
        WHERE members.actor_id = :member_id AND members.actor_id <> :actor_id
          AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :member_id AND blocks.target_id = :actor_id)
          AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :actor_id AND blocks.target_id = :member_id)
          AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                          WHERE domain_blocks.member_id = :member_id AND actors.id = :actor_id)
          AND """
        + UNMUTED
        + " AND "
        + _HEARD
        + " AND NOT "
        + DROPPED
        + """
        ON CONFLICT DO NOTHING RETURNING id, filtered
        """,
        member_id=member_id,
        reason=reason.value,
        actor_id=actor_id,
        post_id=post_id,
        now=now,
    )
    if row is None or row["filtered"] is None:
        return None if row is None else row["id"]
    await held.note(db, member_id=member_id, actor_id=actor_id, now=now)
    return None


_WANTED = """
    FROM notifications JOIN actors ON actors.id = notifications.actor_id
    WHERE notifications.member_id = :member_id AND notifications.id < :before AND notifications.id > :after
      AND actors.suspended IS NULL
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :member_id AND blocks.target_id = actors.id)
      AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :member_id AND mutes.target_id = actors.id
                      AND mutes.notifications IS NOT NULL AND mutes.ends > :now)
      AND NOT EXISTS (SELECT 1 FROM domain_blocks WHERE domain_blocks.member_id = :member_id
                      AND domain_blocks.domain = actors.domain)
      AND (:held = 1 OR notifications.filtered IS NULL)
      AND (:of_id = 0 OR notifications.actor_id = :of_id)
      AND (:all_reasons = 1 OR notifications.reason IN (SELECT value FROM json_each(:reasons)))
"""


async def newest(
    db: Reading, member_id: int, page: Page, *, now: int, reasons: str = "", of_id: int = 0, with_held: bool = False
) -> list[Notification]:
    """What a member was told, newest first. ``reasons`` as ``database.listed``, "" for all; ``of_id``: who did it, 0
    for anybody; ``with_held``: what is held back, too."""
    values: dict[str, Value] = {
        "member_id": member_id, "before": page.before, "after": page.after, "limit": page.limit,
        "now": now, "of_id": of_id, "held": int(with_held),
        "all_reasons": int(reasons == ""), "reasons": reasons or "[]",
    }  # fmt: skip
    if page.rising:
        rows = await db.rows("SELECT " + COLUMNS + _WANTED + " ORDER BY notifications.id LIMIT :limit", **values)
        return [_notification(row) for row in rows][::-1]
    rows = await db.rows("SELECT " + COLUMNS + _WANTED + " ORDER BY notifications.id DESC LIMIT :limit", **values)
    return [_notification(row) for row in rows]


async def count_newer(
    db: Reading, member_id: int, *, after: int, most: int, now: int, reasons: str = "", of_id: int = 0
) -> int:
    """How many notifications above ``after`` the member has, counted up to ``most``; ``reasons`` as in ``newest``."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one" + _WANTED + " LIMIT :limit) AS unread",
        member_id=member_id,
        before=LAST,
        after=after,
        all_reasons=int(reasons == ""),
        reasons=reasons or "[]",
        limit=most,
        now=now,
        of_id=of_id,
        held=0,
    )
    return 0 if row is None else row["n"]


async def by_id(db: Reading, member_id: int, notification_id: int) -> Notification:
    """One thing the member was told. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM notifications WHERE id = :notification_id AND member_id = :member_id",
        notification_id=notification_id,
        member_id=member_id,
    )
    if row is None:
        raise Missing(str(notification_id))
    return _notification(row)


async def dismiss(db: Writing, member_id: int, notification_id: int) -> bool:
    """Forget one; False when it is not there."""
    removed = await db.run(
        "DELETE FROM notifications WHERE id = :notification_id AND member_id = :member_id",
        notification_id=notification_id,
        member_id=member_id,
    )
    return removed == 1


async def clear(db: Writing, member_id: int) -> None:
    """Forget all a member was told."""
    await db.run("DELETE FROM notifications WHERE member_id = :member_id", member_id=member_id)


async def take_back(db: Writing, *, reason: Reason, actor_id: int, post_id: int | None, member_id: int) -> None:
    """Forget what was told of something that was undone (a like, a follow)."""
    if post_id is None:
        await db.run(
            """
            DELETE FROM notifications
            WHERE member_id = :member_id AND reason = :reason AND actor_id = :actor_id AND post_id IS NULL
              AND collection_id IS NULL
            """,
            member_id=member_id, reason=reason.value, actor_id=actor_id,
        )  # fmt: skip
        return
    await db.run(
        """
        DELETE FROM notifications
        WHERE post_id = :post_id AND member_id = :member_id AND reason = :reason AND actor_id = :actor_id
        """,
        post_id=post_id, member_id=member_id, reason=reason.value, actor_id=actor_id,
    )  # fmt: skip


async def tell_watchers(db: Writing, *, post_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who asked to hear of every post of this author; (notification id, member id) of each."""
    watched = "SELECT 1 FROM follows WHERE target_id = :actor_id AND notify IS NOT NULL LIMIT 1"
    if await db.row(watched, actor_id=actor_id) is None:  # as nearly always: an INSERT of nothing costs four times that
        return []
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'status', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT)
        FROM follows JOIN members ON members.actor_id = follows.follower_id
        WHERE follows.target_id = :actor_id AND follows.notify IS NOT NULL AND follows.accepted IS NOT NULL
          AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def tell_boosters(db: Writing, *, post_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who passed a post on that it was edited; (notification id, member id) of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'update', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT)
        FROM posts JOIN members ON members.actor_id = posts.author_id
        WHERE posts.boost_of_id = :post_id AND posts.author_id <> :actor_id AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def tell_quoters(db: Writing, *, post_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who quote a post that it was edited, each about their own; notification and member of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'quoted_update', CAST(:actor_id AS BIGINT), quotes.post_id, CAST(:now AS BIGINT)
        FROM quotes JOIN posts ON posts.id = quotes.post_id JOIN members ON members.actor_id = posts.author_id
        WHERE quotes.quoted_id = :post_id AND quotes.state = 'accepted' AND posts.author_id <> :actor_id AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def tell_voters(db: Writing, *, post_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the member who asked, and the members who voted, that a poll is over; notification and member of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'poll', posts.author_id, posts.id, CAST(:now AS BIGINT)
        FROM posts JOIN members ON members.actor_id = posts.author_id OR members.actor_id IN (
            SELECT poll_voters.actor_id FROM poll_voters WHERE poll_voters.post_id = :post_id)
        WHERE posts.id = :post_id AND NOT EXISTS (
            SELECT 1 FROM mutes WHERE mutes.member_id = members.actor_id AND mutes.target_id = posts.author_id
            AND mutes.notifications IS NOT NULL AND mutes.ends > :now)
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def tell_collected(
    db: Writing, member_ids: Sequence[int], *, reason: Reason, actor_id: int, collection_id: int, now: int
) -> list[tuple[int, int]]:
    """Tell members of a collection of ``actor_id`` that they are in; notification and member of each who is told."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, created, collection_id, filtered)
        SELECT members.actor_id, :reason, CAST(:actor_id AS BIGINT), CAST(:now AS BIGINT),
            CAST(:collection_id AS BIGINT), CASE WHEN """
        + HELD
        + """ THEN CAST(:now AS BIGINT) END
        FROM members LEFT JOIN notification_policies AS policy ON policy.member_id = members.actor_id
        WHERE members.actor_id IN (SELECT value FROM json_each(:member_ids)) AND members.actor_id <> :actor_id
          AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                          WHERE domain_blocks.member_id = members.actor_id AND actors.id = :actor_id)
          AND """
        + UNMUTED
        + " AND NOT "
        + DROPPED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id, filtered
        """,
        member_ids=listed(member_ids),
        reason=reason.value,
        actor_id=actor_id,
        collection_id=collection_id,
        post_id=None,
        now=now,
    )
    for row in rows:
        if row["filtered"] is not None:
            await held.note(db, member_id=row["member_id"], actor_id=actor_id, now=now)
    return [(row["id"], row["member_id"]) for row in rows if row["filtered"] is None]


async def forget_collected(db: Writing, *, member_id: int, collection_id: int) -> None:
    """Forget what a member was told of a collection that they are in no longer."""
    await db.run(
        "DELETE FROM notifications WHERE collection_id = :collection_id AND member_id = :member_id",
        collection_id=collection_id,
        member_id=member_id,
    )


async def take_back_boost(db: Writing, *, actor_id: int, post_id: int) -> None:
    """Forget that the author was told of a boost."""
    await db.run(
        "DELETE FROM notifications WHERE post_id = :post_id AND reason = 'reblog' AND actor_id = :actor_id",
        actor_id=actor_id,
        post_id=post_id,
    )


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget what an actor was told, and what others were told of it."""
    await db.run("DELETE FROM notifications WHERE member_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM notifications WHERE actor_id = :actor_id", actor_id=actor_id)
    await held.forget_all_of(db, actor_id)
