"""From announcements to streams: what is new, what was taken back, and what somebody thinks of it.

The operator announces by a command, which is a process of its own and on SQLite tells nobody; and what has an end is
over without anybody doing anything. So the table is looked at while somebody reads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from node.context import Node
from node.streams import ANNOUNCED, Event, Kind
from storage import announcements
from storage.announcements import Reaction
from storage.database import Busy, Reading, Unavailable

LOOK = 0.5  # seconds between looks

log = logging.getLogger(__name__)
Counts = Mapping[str, int]


class Announcing:
    """Looks, and tells ``node.streams``."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._wake = asyncio.Event()
        self._read = False  # somebody did at the last look
        self._since = node.clock()  # when nobody read last: what was published after it is news to who reads now
        self._versions: Mapping[int, tuple[int, int]] = {}
        self._counts: dict[int, Counts] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        stop = self._node.database.listen(ANNOUNCED, self._hear)
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._wake.wait()
                self._wake.clear()
                try:
                    await self._look()
                except (Busy, Unavailable) as error:
                    log.warning("announcements wait for the database: %s", error)
        finally:
            stop()

    def _hear(self, _id: int) -> None:
        self._wake.set()

    async def _look(self) -> None:
        readers = self._node.streams.read("user")
        now = self._node.clock()
        if not readers:
            self._read, self._since = False, now
            return
        versions, counts = await self._node.database.read(partial(self._found, now))
        before = self._versions if self._read else {id: one for id, one in versions.items() if one[0] < self._since}
        events = [Event(Kind.ANNOUNCEMENT, id) for id in versions if id not in before]
        # What went and what was chosen since the last look, whoever read then: told twice it does no harm.
        events += [Event(Kind.UNANNOUNCED, id) for id in self._versions if id not in versions]
        for id, found in counts.items():
            known = self._counts.get(id, {} if self._read else found)
            names = known.keys() | found.keys()
            events += [Event(Kind.REACTION, id, one) for one in names if known.get(one) != found.get(one)]
        self._read, self._versions = True, versions
        self._counts = {id: counts.get(id, self._counts.get(id, {})) for id in versions}
        for event in events:
            self._node.streams.tell(event, readers)

    async def _found(self, now: int, db: Reading) -> tuple[Mapping[int, tuple[int, int]], Mapping[int, Counts]]:
        """What stands, and how often each emoji was chosen where that may be other than at the last look."""
        versions = await announcements.versions(db, now=now)
        changed = [id for id, one in versions.items() if not self._read or self._versions.get(id) != one]
        if not changed:
            return versions, {}
        found = await announcements.reactions(db, changed, member_id=0)
        return versions, {id: _counted(found.get(id, [])) for id in changed}


def _counted(found: list[Reaction]) -> Counts:
    return {one.name: one.count for one in found}
