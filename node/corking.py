"""Answers in one piece: uvicorn writes the head and the body of each by themselves, and uvloop sends each at once."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Corked:
    """A transport that sends together what is written within one turn of the event loop."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send ``data`` before the turn ends."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then hang up."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 by uvicorn, on a corked transport."""

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(Corked(transport, self.loop))  # type: ignore[arg-type]
