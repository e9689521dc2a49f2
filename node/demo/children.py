"""The two serving processes of a demonstration: started, waited for, stopped."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import TypeVar

from node.demo.content import Place

START = 30.0  # seconds a node has until it answers
FINISH = 20.0  # seconds it has to end after SIGTERM

T = TypeVar("T")


class Ended(Exception):
    """A node ended by itself; the message is for people."""


class Child:
    """One ``sharewell serve``."""

    def __init__(self, place: Place, process: Process, log: Path) -> None:
        self.place = place
        self._process = process
        self._log = log

    async def ready(self) -> None:
        """Wait until it answers. Raises Ended."""
        output = self._process.stdout
        assert output is not None  # noqa: S101 - PIPE was asked for
        try:
            said = await asyncio.wait_for(output.readline(), START)
        except TimeoutError as error:
            raise Ended(f"{self.place.short} does not answer after {START:.0f} seconds; see {self._log}") from error
        if not said:
            await self.end()

    async def end(self) -> None:
        """Wait for its end, which nobody asked for. Raises Ended."""
        status = await self._process.wait()
        raise Ended(f"{self.place.short} stopped by itself (exit {status}): {_last_line(self._log)}")

    async def stop(self) -> None:
        """Let it finish what is under way; then, or after a while, it has ended."""
        if self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), FINISH)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f"{lines[-1].strip()[:300]} (all of it in {log})" if lines else f"it said nothing in {log}"


async def serve(place: Place, config: Path, log: Path, *, lock: int) -> Child:
    """Start a node. It holds ``lock`` too, and the terminal's Ctrl-C does not reach it: we say when it ends."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "node", "--config", str(config), "serve",
            stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=errors, start_new_session=True, pass_fds=[lock],
        )  # fmt: skip
    return Child(place, process, log)


async def while_running(children: Mapping[Place, Child], work: Awaitable[T]) -> T:
    """What ``work`` answers, unless a node ends before. Raises Ended."""
    working = asyncio.ensure_future(work)
    ends = [asyncio.create_task(child.end()) for child in children.values()]
    try:
        await asyncio.wait([working, *ends], return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            if end.done():
                end.result()
        return await working
    finally:
        for task in [working, *ends]:
            task.cancel()
        await asyncio.gather(working, *ends, return_exceptions=True)
