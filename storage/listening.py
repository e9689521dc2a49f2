"""Signals between processes on PostgreSQL: NOTIFY and LISTEN on one connection of their own (SCALE rule 12).

A NOTIFY inside a transaction takes a lock of the whole server at commit: 1,530-2,190 commits a second instead of
4,450-4,960. So what is to be told waits here, at most 20 ms, and goes out after the commit, many in one payload.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from storage.database import Unavailable
from storage.hosts import Hosts, check_role, hang_up
from storage.refusals import FAILURES
from storage.signals import Signals

log = logging.getLogger(__name__)

CHANNEL = "sharewell"
GATHERED = 0.02  # seconds in which signals are gathered
LOOK = 5.0  # seconds between two looks at the tables, for what was lost
PAUSE = 0.5  # seconds before the next try to connect
FAREWELL = 2.0  # seconds that closing waits for what is still to be told
PAYLOAD = 7_900  # bytes; PostgreSQL's limit is 8,000
WAITING = 10_000  # signals kept while there is no connection; the rest is found by looking

Signal = tuple[str, int]


def payloads(signals: Iterable[Signal]) -> Iterator[str]:
    """The signals as texts of at most ``PAYLOAD`` bytes: one topic a line, its ids behind it.

    >>> list(payloads([("jobs", 0), ("posts", 7), ("posts", 8)]))
    ['jobs 0\\nposts 7 8']
    """
    text, size, last = "", 0, None
    for topic, id in sorted(signals):
        part = f" {id}" if topic == last else f"{chr(10) if text else ''}{topic} {id}"
        if size + len(part.encode()) > PAYLOAD:
            yield text
            text, size, part = "", 0, f"{topic} {id}"
        text, size, last = text + part, size + len(part.encode()), topic
    if text:
        yield text


def signals_of(payload: str) -> Iterator[Signal]:
    """What ``payloads`` put together."""
    for line in payload.splitlines():
        topic, *ids = line.split(" ")
        for id in ids:
            yield topic, int(id)


class Wire:
    """Tells other processes what is signalled here, and this one what is signalled there."""

    def __init__(self, hosts: Hosts, signals: Signals) -> None:
        self._hosts = hosts
        self._signals = signals
        self._waiting: set[Signal] = set()
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Connect, if that has not begun: a process that neither tells nor hears needs no connection."""
        if self._task is None and not self._closing:
            self._task = asyncio.create_task(self._run(), name="signals")

    def tell(self, topic: str, id: int) -> None:
        """Tell the listeners here now, those elsewhere within 20 ms."""
        self._signals.tell(topic, id)
        if len(self._waiting) < WAITING:
            self._waiting.add((topic, id))
        self._wake.set()
        self.open()

    async def close(self) -> None:
        """Tell what is still to be told and hang up."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            _, late = await asyncio.wait([self._task], timeout=FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        """Keep a connection until closed; whenever there is a new one, look for what was missed."""
        while not self._closing or self._waiting:
            try:
                connection, _ = await self._hosts.connect()
            except Unavailable as error:
                if self._closing:
                    return
                log.warning("signals wait for the database: %s", error)
                await asyncio.sleep(PAUSE)
                continue
            try:
                await self._talk(connection)
            except (*FAILURES, Unavailable) as error:
                log.warning("the connection for signals broke: %s", error)
            finally:
                await hang_up(connection)

    async def _talk(self, connection: Any) -> None:
        """Listen and tell, until closed or the connection breaks."""
        own = connection.get_server_pid()

        def hear(_: Any, pid: int, channel: str, payload: object) -> None:
            if pid != own:  # what this process said, its listeners know already
                self._hear(str(payload))

        connection.add_termination_listener(lambda _: self._wake.set())
        await connection.execute("SET application_name = 'sharewell signals'")
        await connection.add_listener(CHANNEL, hear)
        loop = asyncio.get_running_loop()
        look = loop.time()
        while not connection.is_closed():
            if loop.time() >= look:
                look = loop.time() + LOOK
                self._signals.tell_all()
                async with asyncio.timeout(LOOK):
                    await check_role(connection)  # a dead line would be silent for ever
            await self._tell(connection)
            if self._closing and not self._waiting:
                return
            await self._something_to_do(look - loop.time())

    async def _tell(self, connection: Any) -> None:
        """Send what has gathered."""
        while self._waiting:
            if not self._closing:
                await asyncio.sleep(GATHERED)
            told, self._waiting = self._waiting, set()
            for payload in payloads(told):
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload, timeout=LOOK)

    async def _something_to_do(self, seconds: float) -> None:
        """Wait until there is something to tell, the line broke, it is to close, or so long."""
        if self._waiting or self._closing:
            return
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _hear(self, payload: str) -> None:
        """Tell the listeners here what another process said."""
        try:
            heard = list(signals_of(payload))
        except ValueError:
            log.warning("a signal in a form not ours: %r", payload[:100])
            return
        for topic, id in heard:
            self._signals.tell(topic, id)
