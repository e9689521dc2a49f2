"""Which promised deliveries were read from the table, and which came late: a worker takes each up once, in order.

Ids are given when a row is added, and seen when its transaction has ended. On PostgreSQL transactions end in any order:
a row may appear below ids that were read already. Its author may have promised more since then, and that must not go
first; so whatever is new is read together, in one view, with what came late below it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from storage import jobs
from storage.database import Reading
from storage.jobs import Job

READ = 1000  # jobs at once
LATEST = 10_000  # ms that a transaction may end after it took its ids, at least
LOOKS = 250  # ms between looks for what came late where nothing is new: it is sent no later than that


class Intake:
    """How far the table was read."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._looked = 0
        self.anew()

    def anew(self) -> None:
        """Read all from the beginning: shards were gained."""
        self._seen = 0  # the highest id that was read
        self._marked = self._clock()
        self._marks = (0, 0)  # what ``_seen`` was at the last mark, and at the one before
        self.more = False  # whether there may be more to read

    async def read(self, db: Reading, shards: Collection[int], in_hand: Callable[[int], bool]) -> list[Job]:
        """What is new in these shards, and what came late, in the order of promising; ``taken`` says it is in hand."""
        now = self._clock()
        if now - self._marked >= LATEST:
            self._marked, self._marks = now, (self._seen, self._marks[0])
        found = await jobs.deliveries(db, shards, after=self._seen, limit=READ)
        late: list[Job] = []
        if db.dialect == "postgres" and (found or now - self._looked >= LOOKS):
            self._looked = now
            ids = await jobs.delivery_ids(db, shards, after=self._marks[1], until=self._seen)
            missing = [id for id in ids if not in_hand(id)]
            late = await jobs.by_ids(db, missing) if missing else []
        self.more = len(found) == READ
        return [*late, *found]

    def taken(self, found: Sequence[Job]) -> None:
        """All of what was read is in hand."""
        if found:
            self._seen = max(self._seen, found[-1].id)
