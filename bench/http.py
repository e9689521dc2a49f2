"""As much HTTP/1.1 as a load generator needs, so that it never is what limits: whole messages, framed by length."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def message(first: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A request or an answer."""
    lines = [first, *(f"{name}: {value}" for name, value in (headers or {}).items()), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Incoming:
    """Cuts what arrives into messages."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Head and body of each message that is whole now."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[: end + 2]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            yield head, body


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """One connection that is kept; one request at a time."""

    def __init__(self) -> None:
        self._incoming = Incoming()
        self._answered: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: Any) -> None:  # uvloop's is no asyncio.Transport
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._incoming.feed(data):
            assert self._answered is not None
            self._answered.set_result(Answer(int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionResetError("hung up"))

    async def ask(self, request: bytes) -> Answer:
        """Send a request; its answer."""
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answered


async def ask_all(address: tuple[str, int], requests: Sequence[bytes], *, at_once: int) -> list[Answer]:
    """Send requests over ``at_once`` connections, each the next one as soon as it has its answer; all answers."""
    loop = asyncio.get_running_loop()
    connections = [(await loop.create_connection(Connection, *address))[1] for _ in range(at_once)]
    answers: list[Answer] = []
    waiting = iter(requests)

    async def work(connection: Connection) -> None:
        answers.extend([await connection.ask(request) for request in waiting])

    try:
        async with asyncio.TaskGroup() as tasks:
            for connection in connections:
                tasks.create_task(work(connection))
    finally:
        for connection in connections:
            connection.transport.close()
    return answers


async def ask(address: tuple[str, int], request: bytes) -> Answer:
    """One request on a connection of its own."""
    return (await ask_all(address, [request], at_once=1))[0]
