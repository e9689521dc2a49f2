"""Answers in one piece: uvicorn writes the head and the body of each by themselves, and uvloop sends each at once."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HELD = 1 << 16  # bytes; only the transport itself can tell that the client has to be waited for


class Corked:
    """A transport that sends together what is written within one turn of the event loop, unless it is much."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send ``data`` in the next turn, or at once when much is held."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size >= HELD:
            self.flush()

    def close(self) -> None:
        """Send what is held, then hang up."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what is held."""
        held, self._held, self._size = self._held, [], 0
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 by uvicorn, on a corked transport."""

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        self._corked = Corked(transport, self.loop)
        super().connection_made(self._corked)  # type: ignore[arg-type]

    def eof_received(self) -> None:
        """The client says no more, so the transport closes itself: what is held must be sent before."""
        self._corked.flush()
