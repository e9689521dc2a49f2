"""A relay between a node and PostgreSQL that can drop a connection at its worst moment: around a COMMIT."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Literal

# COMMIT never reached the server | the server kept everything, its answer was lost
Cut = Literal["before the commit", "after the commit"]
COMMIT = b"COMMIT\x00"


class Relay:
    """Carries bytes between 127.0.0.1:``port`` and the server.

    Once ``cut`` is set, the next COMMIT is cut of a transaction in which ``about`` was said.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self.port = 0
        self.cut: Cut | None = None
        self.about = b""
        self.cuts = 0
        self.asked = 0  # messages that the node waited for an answer to

    async def carry(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or it is cut."""
        far, ask = await asyncio.open_connection("127.0.0.1", self._target)
        back = asyncio.create_task(_pump(far, answer))
        said = b""
        try:
            while asked := await near.read(1 << 16):
                self.asked += 1
                said += asked
                if COMMIT in asked:
                    if self.cut is not None and self.about in said:
                        await self._cut(back, asked, far, ask)
                        break
                    said = b""
                ask.write(asked)
                await ask.drain()
        except ConnectionError:
            pass
        finally:
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
            for writer in (answer, ask):
                await _close(writer)

    async def _cut(
        self, back: asyncio.Task[None], asked: bytes, far: asyncio.StreamReader, ask: asyncio.StreamWriter
    ) -> None:
        cut, self.cut = self.cut, None
        self.cuts += 1
        back.cancel()
        await asyncio.gather(back, return_exceptions=True)
        if cut == "after the commit":
            ask.write(asked)
            await far.read(1 << 16)  # the server's "done", which the node never gets


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def relaying(target: int) -> AsyncGenerator[Relay]:
    """A relay to the PostgreSQL on 127.0.0.1:``target``."""
    relay = Relay(target)
    running: set[asyncio.Task[None]] = set()

    async def carry(near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with contextlib.suppress(asyncio.CancelledError):  # the end of ``relaying``
            await relay.carry(near, answer)

    listening = await asyncio.start_server(carry, "127.0.0.1", 0)
    relay.port = listening.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        listening.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await listening.wait_closed()
