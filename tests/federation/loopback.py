"""Small servers on loopback addresses, which answer as a test says and remember what they were asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

AS2 = "application/activity+json"


@dataclass(frozen=True)
class Asked:
    """A request as it came in; header names are lower case, repeated ones joined by a comma."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Answer = Callable[[Asked], bytes | AsyncGenerator[bytes]]  # b"" or an end of the iterator: hang up


@dataclass
class Peer:
    """A server that listens."""

    host: str
    port: int = 0
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)  # by a first question

    @property
    def place(self) -> str:
        """host:port."""
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/note") -> str:
        return f"{self.scheme}://{self.place}{path}"

    @property
    def targets(self) -> list[str]:
        return [one.target for one in self.asked]


def answer(body: bytes = b"", *, status: int = 200, type: str = AS2, **headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status} So", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if type:
        lines.append(f"Content-Type: {type}")
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def document(document: Any, *, type: str = AS2) -> bytes:
    """A JSON document as an answer."""
    return answer(orjson.dumps(document), type=type)


def moved(to: str, status: int = 302) -> bytes:
    """A redirect."""
    return answer(status=status, type="", Location=to)


@asynccontextmanager
async def listening(
    host: str, answers: Answer | bytes = b"", *, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Peer]:
    """A server at this address. ``answers`` to each request; b"" hangs up."""
    peer = Peer(host, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer.connections += 1
        try:
            while (asked := await _read(reader)) is not None:
                peer.asked.append(asked)
                peer.reached.set()
                if not await _write(writer, answers if isinstance(answers, bytes) else answers(asked)):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, port, ssl=tls)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers: dict[str, str] = {}
    for name, _, value in (one.partition(": ") for one in lines):
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    body = await reader.readexactly(int(headers.get("content-length", "0").partition(",")[0]))
    return Asked(method, target, headers, body)


async def _write(writer: asyncio.StreamWriter, answer: bytes | AsyncGenerator[bytes]) -> bool:
    if isinstance(answer, bytes):
        writer.write(answer)
        await writer.drain()
        return bool(answer)
    async with aclosing(answer) as parts:
        async for part in parts:
            writer.write(part)
            await writer.drain()
    return False
