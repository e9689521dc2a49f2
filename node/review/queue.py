"""What a guardian sees of what waits: the texts with what was found in them, why it waits, and who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from node.guarding import Passage, Why
from node.sharing import standing
from node.sharing import waiting as waits
from node.sharing.posts import Draft
from storage import actors, attachments, cases, pending
from storage.actors import Actor
from storage.attachments import Attachment
from storage.cases import Case, Numbers
from storage.database import Reading

MOST = 20  # cases that are shown at once; what is decided makes room for others
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Open:
    """A case with all that is needed to decide."""

    case: Case
    author: Actor  # whose name stands over it: never the person behind a team
    draft: Draft
    texts: Sequence[Passage]
    files: Sequence[Attachment]
    why: Why
    claimant: Actor | None
    mistaken: frozenset[str]

    def theirs(self, me: Actor) -> bool:
        """Whether it is for this guardian to decide, as things stand."""
        mine = self.case.author_id == me.id or self.case.second_by == me.id
        return not mine and (self.claimant is None or self.claimant.id == me.id)


@dataclass(frozen=True, slots=True)
class Month:
    """What guardians did in a calendar month (UTC)."""

    starts: int  # ms
    numbers: Numbers
    mistakes: Sequence[tuple[str, int]]  # kinds that were no findings, and how often


async def newest(db: Reading, *, now: int) -> list[Open]:
    """What waits, what may be happening now first, then the oldest; at most ``MOST``. Five queries."""
    return await _opened(db, await cases.queue(db, limit=MOST), now=now)


async def one(db: Reading, case: Case, *, now: int) -> Open | None:
    """One case; None when the post is no more, or out."""
    found = await _opened(db, [case], now=now)
    return found[0] if found else None


async def _opened(db: Reading, found: Sequence[Case], *, now: int) -> list[Open]:
    if not found:
        return []
    waiting = await pending.by_ids(db, [one.pending_id for one in found if one.pending_id is not None])
    claimants = {one.id: one.claimant(now) for one in found}
    people = await actors.by_ids(db, {one.name_id for one in found} | {id for id in claimants.values() if id})
    files = await attachments.of_pending(db, waiting)
    wrong = await cases.mistaken(db, [one.id for one in found])
    shown: list[Open] = []
    for case in found:
        waits_for = waiting.get(case.pending_id or 0)
        if waits_for is None or not waits_for.payload:
            continue
        draft, own = waits.draft_of(waits_for), files.get(waits_for.id, [])
        why = standing.why(case)
        kinds = frozenset(kind for id, kind in wrong if id == case.id)
        claimant = people.get(claimants[case.id] or 0)
        texts = standing.passages(waits_for, own, why)
        shown.append(Open(case, people[case.name_id], draft, texts, own, why, claimant, kinds))
    return shown


async def months(db: Reading, *, now: int) -> list[Month]:
    """This month and those before it, the newest first."""
    ends, found = now + 1, list[Month]()
    moment = datetime.fromtimestamp(now / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS):
        starts = int(moment.timestamp() * 1000)
        numbers = await cases.numbers(db, since=starts, until=ends)
        found.append(Month(starts, numbers, await cases.mistakes(db, since=starts, until=ends)))
        ends = starts
        moment = (
            moment.replace(year=moment.year - 1, month=12) if moment.month == 1
            else moment.replace(month=moment.month - 1)
        )  # fmt: skip
    return found
