"""Tell members of what concerns them or a team that they write for, once: what was told before of the same is told
anew, and stands at the top again."""

from __future__ import annotations

from collections.abc import Iterable

from storage import held
from storage.database import Writing, listed
from storage.holding import DROPPED, HELD
from storage.notifications import UNMUTED, Reason

# The members among ``:party_ids``, and those who write for a team among these.
_CONCERNED = """members.actor_id IN (
    SELECT chosen.id FROM actors AS chosen WHERE chosen.id IN (SELECT value FROM json_each(:party_ids))
    UNION
    SELECT memberships.actor_id FROM memberships
    WHERE memberships.group_id IN (SELECT value FROM json_each(:party_ids)))"""


async def tell(
    db: Writing, party_ids: Iterable[int], *, reason: Reason, actor_id: int, post_id: int | None, now: int
) -> list[tuple[int, int]]:
    """Notification and member of each who is told. Not who did it, nor who keeps away from them."""
    ids = listed(sorted(party_ids))
    # What was told goes only when the new is there: SQLite would give the id of the newest again, and nobody saw it.
    if post_id is None:
        await db.run(
            "UPDATE notifications SET reason = '' WHERE reason = :reason AND actor_id = :actor_id AND post_id IS NULL"
            " AND member_id IN (SELECT members.actor_id FROM members WHERE " + _CONCERNED + ")",
            reason=reason.value, actor_id=actor_id, party_ids=ids,
        )  # fmt: skip
    else:
        await db.run(
            "UPDATE notifications SET reason = ''"
            " WHERE post_id = :post_id AND reason = :reason AND actor_id = :actor_id"
            " AND member_id IN (SELECT members.actor_id FROM members WHERE " + _CONCERNED + ")",
            reason=reason.value, actor_id=actor_id, post_id=post_id, party_ids=ids,
        )  # fmt: skip
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created, filtered)
        SELECT members.actor_id, :reason, CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT),
            CASE WHEN """
        + HELD
        + """ THEN CAST(:now AS BIGINT) END
        FROM members LEFT JOIN notification_policies AS policy ON policy.member_id = members.actor_id
        WHERE """
        + _CONCERNED
        + """ AND members.actor_id <> :actor_id
          AND NOT EXISTS (SELECT 1 FROM blocks
                          WHERE blocks.actor_id = members.actor_id AND blocks.target_id = :actor_id)
          AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                          WHERE domain_blocks.member_id = members.actor_id AND actors.id = :actor_id)
          AND """
        + UNMUTED
        + " AND NOT "
        + DROPPED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id, filtered
        """,
        party_ids=ids,
        reason=reason.value,
        actor_id=actor_id,
        post_id=post_id,
        now=now,
    )
    await db.run("DELETE FROM notifications WHERE actor_id = :actor_id AND reason = ''", actor_id=actor_id)
    for row in rows:
        if row["filtered"] is not None:
            await held.note(db, member_id=row["member_id"], actor_id=actor_id, now=now)
    return [(row["id"], row["member_id"]) for row in rows if row["filtered"] is None]


async def tell_team(db: Writing, *, team_id: int, post_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell who is in a team of a reply to what it shared; (notification id, member id) of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'mention', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT)
        FROM memberships JOIN members ON members.actor_id = memberships.actor_id
        WHERE memberships.group_id = :team_id AND members.actor_id <> :actor_id
          AND NOT EXISTS (SELECT 1 FROM blocks
                          WHERE blocks.actor_id = members.actor_id AND blocks.target_id = :actor_id)
          AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        team_id=team_id,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]
