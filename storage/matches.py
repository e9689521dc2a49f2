"""Matches of a mentoring offer with a request: proposed by one side, accepted or not by the other, ended by either.

Each step is one guarded UPDATE: of several at once one happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed
from storage.ids import LAST


class State(StrEnum):
    """How a match stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by who proposed it, before it was answered
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Match:
    """An offer and a request, and the two who come together over them."""

    id: int
    uri: str
    offer_id: int | None
    request_id: int | None
    mentor_id: int
    mentee_id: int
    proposer_id: int
    state: State
    message: str
    goal: str
    hours: int
    months: int
    proposed: int
    answered: int | None
    ended: int | None
    heard: int

    @property
    def asked_id(self) -> int:
        """Who has to answer."""
        return self.mentee_id if self.proposer_id == self.mentor_id else self.mentor_id

    @property
    def parties(self) -> frozenset[int]:
        """The two."""
        return frozenset({self.mentor_id, self.mentee_id})

    def other(self, actor_id: int) -> int:
        """The other of the two."""
        return self.mentee_id if actor_id == self.mentor_id else self.mentor_id

    def post_of(self, actor_id: int) -> int | None:
        """The post with which one of the two came."""
        return self.offer_id if actor_id == self.mentor_id else self.request_id


COLUMNS = (
    "matches.id, matches.uri, matches.offer_id, matches.request_id, matches.mentor_id, matches.mentee_id,"
    " matches.proposer_id, matches.state, matches.message, matches.goal, matches.hours, matches.months,"
    " matches.proposed, matches.answered, matches.ended, matches.heard"
)


def _match(row: Row) -> Match:
    values = list(row)
    values[7] = State(values[7])
    return Match(*values)


async def propose(db: Writing, new: Match) -> Match | None:
    """Keep a proposal; None when these two posts are proposed or matched already, or the same came before."""
    row = await db.row(
        """
        INSERT INTO matches (uri, offer_id, request_id, mentor_id, mentee_id, proposer_id, state, message, hours,
            months, proposed, heard)
        VALUES (:uri, :offer_id, :request_id, :mentor_id, :mentee_id, :proposer_id, 'proposed', :message, :hours,
            :months, :now, :now)
        ON CONFLICT DO NOTHING RETURNING """ + COLUMNS,
        uri=new.uri, offer_id=new.offer_id, request_id=new.request_id, mentor_id=new.mentor_id,
        mentee_id=new.mentee_id, proposer_id=new.proposer_id, message=new.message, hours=new.hours, months=new.months,
        now=new.proposed,
    )  # fmt: skip
    return None if row is None else _match(row)


async def by_id(db: Reading, match_id: int) -> Match:
    """One match. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM matches WHERE id = :match_id", match_id=match_id)
    if row is None:
        raise Missing(str(match_id))
    return _match(row)


async def by_uri(db: Reading, uri: str) -> Match:
    """The match that this Offer proposed. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM matches WHERE uri = :uri", uri=uri)
    if row is None:
        raise Missing(uri)
    return _match(row)


async def of(db: Reading, actor_ids: Iterable[int], *, before: int = LAST, limit: int) -> list[Match]:
    """The matches of these actors, newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM matches WHERE matches.id IN (
            SELECT one.id FROM matches AS one
            WHERE one.mentor_id IN (SELECT value FROM json_each(:actor_ids)) AND one.id < :before
            UNION
            SELECT one.id FROM matches AS one
            WHERE one.mentee_id IN (SELECT value FROM json_each(:actor_ids)) AND one.id < :before)
        ORDER BY matches.id DESC LIMIT :limit
        """,
        actor_ids=listed(actor_ids),
        before=before,
        limit=limit,
    )  # fmt: skip
    return [_match(row) for row in rows]


async def accept(db: Writing, match_id: int, *, now: int) -> Match | None:
    """It holds; None when it was answered or withdrawn before."""
    row = await db.row(
        "UPDATE matches SET state = 'accepted', answered = :now, heard = :now"
        " WHERE id = :match_id AND state = 'proposed' RETURNING " + COLUMNS,
        match_id=match_id,
        now=now,
    )
    return None if row is None else _match(row)


async def turn_down(db: Writing, match_id: int, state: State, *, now: int) -> Match | None:
    """It comes to nothing (``DECLINED`` or ``WITHDRAWN``); None when it was answered or withdrawn before."""
    row = await db.row(
        "UPDATE matches SET state = :state, answered = :now, ended = :now, message = ''"
        " WHERE id = :match_id AND state = 'proposed' RETURNING " + COLUMNS,
        match_id=match_id,
        state=state.value,
        now=now,
    )
    return None if row is None else _match(row)


async def end(db: Writing, match_id: int, *, now: int) -> Match | None:
    """It is over; None when it did not hold."""
    row = await db.row(
        "UPDATE matches SET state = 'ended', ended = :now WHERE id = :match_id AND state = 'accepted' RETURNING "
        + COLUMNS,
        match_id=match_id,
        now=now,
    )
    return None if row is None else _match(row)


async def set_goal(db: Writing, match_id: int, goal: str) -> None:
    """What the two want to reach."""
    await db.run("UPDATE matches SET goal = :goal WHERE id = :match_id", match_id=match_id, goal=goal)


async def heard(db: Writing, match_id: int, *, now: int) -> None:
    """Something was told of it."""
    await db.run("UPDATE matches SET heard = :now WHERE id = :match_id", match_id=match_id, now=now)


async def remind(db: Writing, *, before: int, now: int, limit: int) -> list[Match]:
    """Matches under way of which nothing was heard since ``before``: each once, as it counts as heard then."""
    rows = await db.rows(
        """
        UPDATE matches SET heard = :now WHERE state = 'accepted' AND heard <= :before AND id IN (
            SELECT one.id FROM matches AS one WHERE one.state = 'accepted' AND one.heard <= :before
            ORDER BY one.heard LIMIT :limit)
        RETURNING """ + COLUMNS,
        now=now,
        before=before,
        limit=limit,
    )  # fmt: skip
    return [_match(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How mentoring goes on a node; nothing of who."""

    proposed: int
    under_way: int
    ended: int
    hours: int  # that those under way and those that ended agreed on, all months together


async def numbers(db: Reading) -> Numbers:
    """Matches by how they stand, and their hours."""
    rows = await db.rows(
        "SELECT state, COUNT(*) AS n, COALESCE(SUM(hours * months), 0) AS hours FROM matches GROUP BY state"
    )
    found = {row["state"]: (row["n"], int(row["hours"])) for row in rows}
    count = {state: found.get(state.value, (0, 0)) for state in State}
    hours = count[State.ACCEPTED][1] + count[State.ENDED][1]
    return Numbers(count[State.PROPOSED][0], count[State.ACCEPTED][0], count[State.ENDED][0], hours)


async def forget_all_of(db: Writing, actor_id: int, *, now: int) -> None:
    """Erase what an actor wrote in matches, and end these: places that they took are free again."""
    await db.run("DELETE FROM check_ins WHERE author_id = :actor_id", actor_id=actor_id)
    await db.run(
        """
        UPDATE boards SET taken = taken - 1,
            status = CASE WHEN status = 'closed' THEN 'closed' WHEN taken - 1 >= places THEN 'matched' ELSE 'open' END
        WHERE local IS NOT NULL AND taken > 0 AND post_id IN (
            SELECT one.offer_id FROM matches AS one WHERE one.mentee_id = :actor_id AND one.state = 'accepted'
            UNION
            SELECT one.request_id FROM matches AS one WHERE one.mentor_id = :actor_id AND one.state = 'accepted')
        """,
        actor_id=actor_id,
    )
    await db.run(
        """
        UPDATE matches SET message = '', goal = '',
            state = CASE WHEN state = 'accepted' THEN 'ended' WHEN state = 'proposed' THEN 'withdrawn' ELSE state END,
            ended = COALESCE(ended, :now)
        WHERE mentor_id = :actor_id OR mentee_id = :actor_id
        """,
        actor_id=actor_id,
        now=now,
    )


async def inboxes_of(db: Reading, actor_id: int) -> list[str]:
    """Inboxes of those elsewhere with whom an actor was matched, or was to be."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM actors WHERE actors.domain <> '' AND actors.gone IS NULL AND actors.id IN (
            SELECT mentee_id FROM matches WHERE mentor_id = :actor_id
            UNION SELECT mentor_id FROM matches WHERE mentee_id = :actor_id)
        """,
        actor_id=actor_id,
    )
    return [row[0] for row in rows]
