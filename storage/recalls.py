"""Recalls: what was taken back or corrected everywhere, and what each server said to that. No words of any post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing


class Act(StrEnum):
    """What was said of a post to every server that got it."""

    TAKEN_BACK = "taken-back"  # a Delete; the post is gone here
    CORRECTED = "corrected"  # an Update with the mark of a correction
    WITHDRAWN = "withdrawn"  # an Update with the mark that it does not hold any more


class Reason(StrEnum):
    """Why a post was taken back."""

    RECOGNISED = "recognised"  # somebody could be
    WRONG = "wrong"
    OUTDATED = "outdated"
    NOT_OURS = "not-ours"  # to share
    RULES = "rules"
    ASKED = "asked"  # its author wanted it
    NONE = ""  # its author took it back


class Standing(StrEnum):
    """How it is with one inbox."""

    PROMISED = "promised"  # not sent yet, or tried again
    CONFIRMED = "confirmed"  # 2xx: the server said that it received it
    REFUSED = "refused"  # 4xx, 410 among them: it will not be asked again
    GIVEN_UP = "given-up"  # no answer that counts, for as long as it is tried
    BARRED = "barred"  # this node does not talk to the server
    SUPERSEDED = "superseded"  # something said later of the same post was sent instead
    SOUGHT = "sought"  # the server asked for the post itself; its inbox is being looked for
    UNKNOWN = "unknown"  # it has none that can be found


OPEN = (Standing.PROMISED, Standing.SOUGHT)


@dataclass(frozen=True, slots=True)
class Recall:
    """One of them."""

    id: int
    post_id: int
    uri: str
    act: Act
    activity: str
    author_id: int
    by_id: int
    reason: Reason
    kind: str
    created: int


@dataclass(frozen=True, slots=True)
class Target:
    """An inbox that is told, or the key (``SOUGHT``) whose owner's inbox is."""

    inbox: str
    host: str
    standing: Standing = Standing.PROMISED


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one attempt."""

    recall_id: int
    inbox: str
    standing: Standing
    status: int
    at: int


@dataclass(frozen=True, slots=True)
class Host:
    """How it is with one server: with the inbox of it that stands worst."""

    host: str
    standing: Standing
    status: int
    tries: int
    at: int
    inboxes: int


COLUMNS = (
    "recalls.id, recalls.post_id, recalls.uri, recalls.act, recalls.activity, recalls.author_id, recalls.by_id,"
    " recalls.reason, recalls.kind, recalls.created"
)


def _recall(row: Row) -> Recall:
    id, post_id, uri, act, activity, author_id, by_id, reason, kind, created = row
    return Recall(id, post_id, uri, Act(act), activity, author_id, by_id, Reason(reason), kind, created)


async def begin(
    db: Writing,
    *,
    post_id: int,
    uri: str,
    act: Act,
    activity: str,
    author_id: int,
    by_id: int,
    reason: Reason,
    kind: str,
    now: int,
) -> int | None:
    """Note that something is said to everyone; its id, None when the post was taken back already."""
    row = await db.row(
        """
        INSERT INTO recalls (post_id, uri, act, activity, author_id, by_id, reason, kind, created)
        VALUES (:post_id, :uri, :act, :activity, :author_id, :by_id, :reason, :kind, :now)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        post_id=post_id,
        uri=uri,
        act=act.value,
        activity=activity,
        author_id=author_id,
        by_id=by_id,
        reason=reason.value,
        kind=kind,
        now=now,
    )
    return None if row is None else row["id"]


async def add(db: Writing, recall_id: int, targets: Iterable[Target], *, now: int) -> None:
    """Note who is told."""
    await db.many(
        """
        INSERT INTO recall_inboxes (recall_id, inbox, host, state, at)
        VALUES (:recall_id, :inbox, :host, :state, :now) ON CONFLICT DO NOTHING
        """,
        [
            {
                "recall_id": recall_id,
                "inbox": one.inbox,
                "host": one.host,
                "state": one.standing.value,
                "now": now,
            }
            for one in targets
        ],
    )


async def by_id(db: Reading, recall_id: int) -> Recall:
    """Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM recalls WHERE id = :recall_id", recall_id=recall_id)
    if row is None:
        raise Missing(str(recall_id))
    return _recall(row)


async def taken_back(db: Reading, post_id: int) -> Recall | None:
    """How the post that had this id was taken back everywhere, if it was."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM recalls WHERE post_id = :post_id AND act = 'taken-back'", post_id=post_id
    )
    return None if row is None else _recall(row)


async def newest(db: Reading, *, before: int, limit: int) -> list[Recall]:
    """All of them, newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM recalls WHERE id < :before ORDER BY id DESC LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [_recall(row) for row in rows]


async def newest_of(db: Reading, author_id: int, *, before: int, limit: int) -> list[Recall]:
    """Those of posts of an author, newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM recalls WHERE author_id = :author_id AND id < :before ORDER BY id DESC LIMIT :limit
        """,
        author_id=author_id,
        before=before,
        limit=limit,
    )  # fmt: skip
    return [_recall(row) for row in rows]


# A server stands as the inbox of it that stands worst: what is open comes before what is not, a failure before a yes.
_RANK = """CASE state WHEN 'promised' THEN 0 WHEN 'sought' THEN 1 WHEN 'given-up' THEN 2 WHEN 'refused' THEN 3
            WHEN 'unknown' THEN 4 WHEN 'barred' THEN 5 WHEN 'superseded' THEN 6 ELSE 7 END"""


async def hosts(db: Reading, recall_id: int, *, after: str, limit: int) -> list[Host]:
    """How it is with each server, in the order of their names."""
    rows = await db.rows(
        """
        SELECT host, state, status, tries, at, inboxes FROM (
            SELECT host, state, status, tries, at, COUNT(*) OVER (PARTITION BY host) AS inboxes,
                ROW_NUMBER() OVER (PARTITION BY host ORDER BY """
        + _RANK
        + """, inbox) AS place
            FROM recall_inboxes WHERE recall_id = :recall_id AND host > :after
        ) AS standing WHERE place = 1 ORDER BY host LIMIT :limit
        """,
        recall_id=recall_id,
        after=after,
        limit=limit,
    )
    return [Host(row[0], Standing(row[1]), row[2], row[3], row[4], row[5]) for row in rows]


async def counts(db: Reading, recall_ids: str) -> dict[int, dict[Standing, int]]:
    """How many servers of each recall stand how; ``recall_ids`` as ``database.listed``."""
    rows = await db.rows(
        """
        SELECT recall_id, state, COUNT(*) AS n FROM (
            SELECT recall_id, state, ROW_NUMBER() OVER (PARTITION BY recall_id, host ORDER BY """
        + _RANK
        + """, inbox) AS place
            FROM recall_inboxes WHERE recall_id IN (SELECT value FROM json_each(:recall_ids))
        ) AS standing WHERE place = 1 GROUP BY recall_id, state
        """,
        recall_ids=recall_ids,
    )
    found: dict[int, dict[Standing, int]] = {}
    for row in rows:
        found.setdefault(row["recall_id"], {})[Standing(row["state"])] = row["n"]
    return found


async def report(db: Writing, reports: Sequence[Report]) -> None:
    """Write down what became of attempts. What is settled stays so."""
    await db.many(
        """
        UPDATE recall_inboxes SET state = :state, status = :status, tries = tries + 1, at = :at
        WHERE recall_id = :recall_id AND inbox = :inbox AND state = 'promised'
        """,
        [
            {
                "recall_id": one.recall_id,
                "inbox": one.inbox,
                "state": one.standing.value,
                "status": one.status,
                "at": one.at,
            }
            for one in reports
        ],
    )


async def give_up(db: Writing, given_up: Sequence[tuple[str, int]], *, now: int) -> None:
    """What waited for a host as long as it is tried is not tried again: (host, id of the activity) each."""
    await db.many(
        """
        UPDATE recall_inboxes SET state = 'given-up', at = :now
        WHERE host = :host AND state = 'promised'
          AND recall_id = (SELECT recall_id FROM activities_out WHERE id = :activity_id)
        """,
        [{"host": host, "activity_id": activity_id, "now": now} for host, activity_id in given_up],
    )


async def supersede(db: Writing, uri: str, *, now: int, but: int = 0) -> None:
    """What was to be said of a post is not, but for the recall ``but``: something later is sent instead."""
    await db.run(
        """
        UPDATE recall_inboxes SET state = 'superseded', at = :now
        WHERE state IN ('promised', 'sought') AND recall_id IN (
            SELECT id FROM recalls WHERE uri = :uri AND id <> :but)
        """,
        uri=uri,
        now=now,
        but=but,
    )


async def supersede_all_of(db: Writing, author_id: int, *, now: int) -> None:
    """The same for all of an author, who is deleted: the Delete of them says more."""
    await db.run(
        """
        UPDATE recall_inboxes SET state = 'superseded', at = :now
        WHERE state IN ('promised', 'sought') AND recall_id IN (SELECT id FROM recalls WHERE author_id = :author_id)
        """,
        author_id=author_id,
        now=now,
    )


async def sought(db: Reading, recall_id: int) -> list[Target]:
    """Servers whose inbox is being looked for."""
    rows = await db.rows(
        "SELECT inbox, host FROM recall_inboxes WHERE recall_id = :recall_id AND state = 'sought' ORDER BY inbox",
        recall_id=recall_id,
    )
    return [Target(row["inbox"], row["host"], Standing.SOUGHT) for row in rows]


async def found(db: Writing, recall_id: int, key_uri: str, inbox: str, *, now: int) -> bool:
    """The inbox ("": there is none) of who is looked for under a key; whether it is still to be told."""
    if not inbox:
        await db.run(
            """
            UPDATE recall_inboxes SET state = 'unknown', at = :now
            WHERE recall_id = :recall_id AND inbox = :key_uri AND state = 'sought'
            """,
            recall_id=recall_id,
            key_uri=key_uri,
            now=now,
        )
        return False
    row = await db.row(
        """
        INSERT INTO recall_inboxes (recall_id, inbox, host, state, at)
        SELECT recall_id, :inbox, host, 'promised', CAST(:now AS BIGINT) FROM recall_inboxes
        WHERE recall_id = :recall_id AND inbox = :key_uri AND state = 'sought'
        ON CONFLICT DO NOTHING RETURNING inbox
        """,
        recall_id=recall_id,
        key_uri=key_uri,
        inbox=inbox,
        now=now,
    )
    await db.run(
        "DELETE FROM recall_inboxes WHERE recall_id = :recall_id AND inbox = :key_uri AND state = 'sought'",
        recall_id=recall_id,
        key_uri=key_uri,
    )
    return row is not None
