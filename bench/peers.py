"""512 other servers in one process, each on an address of its own: takes whatever is posted to it, and counts.

On ``places.CONTROL`` it is asked ``GET /count``, ``GET /samples``, ``POST /forget`` and ``GET /when/N``, which is
answered when N were taken.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from typing import Any

import uvloop

from bench.http import Incoming, message
from bench.places import CONTROL, HOSTS, PEER_PORT, address

SAMPLED = 23  # every such delivery is kept, so that its signature can be checked
_TAKEN = message("HTTP/1.1 202 Accepted", b"")


class Got:
    """What was posted."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.count = 0
        self.hosts: set[str] = set()
        self.samples: list[tuple[str, str]] = []
        self.waiting: list[tuple[int, asyncio.Transport]] = []

    def when(self, count: int, waiting: asyncio.Transport) -> None:
        """Answer when so many were taken."""
        self.waiting.append((count, waiting))
        self._tell()

    def _tell(self) -> None:
        for one in [one for one in self.waiting if one[0] <= self.count]:
            self.waiting.remove(one)
            one[1].write(_TAKEN)

    def add(self, host: str, head: bytes, body: bytes) -> None:
        """One delivery."""
        self.count += 1
        self.hosts.add(host)
        if self.count % SAMPLED == 1:
            self.samples.append((head.decode("latin-1"), body.decode()))
        if self.waiting:
            self._tell()


class Peer(asyncio.Protocol):
    """One connection to one of the servers."""

    def __init__(self, got: Got) -> None:
        self._got = got
        self._incoming = Incoming()

    def connection_made(self, transport: Any) -> None:  # uvloop's is no asyncio.Transport
        self._transport = transport
        self._host: str = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        for head, body in self._incoming.feed(data):
            self._transport.write(self._answer(head, body))

    def _answer(self, head: bytes, body: bytes) -> bytes:
        method, path, _ = head.split(b" ", 2)
        if path == b"/count":
            return _said({"count": self._got.count, "hosts": len(self._got.hosts)})
        if path == b"/samples":
            return _said(self._got.samples)
        if path.startswith(b"/when/"):
            self._got.when(int(path[6:]), self._transport)
            return b""
        if path == b"/forget":
            self._got.forget()
            return _TAKEN
        if method != b"POST":
            return message("HTTP/1.1 404 Not Found", b"")
        self._got.add(self._host, head, body)
        return _TAKEN


def _said(content: object) -> bytes:
    return message("HTTP/1.1 200 OK", json.dumps(content).encode())


async def main() -> None:
    """Serve until SIGTERM."""
    got, stop = Got(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    servers = [
        await loop.create_server(lambda: Peer(got), host, PEER_PORT, family=socket.AF_INET)
        for host in [CONTROL[0], *(address(one) for one in range(HOSTS))]
    ]
    print("ready", flush=True)
    await stop.wait()
    for server in servers:
        server.close()


if __name__ == "__main__":
    uvloop.run(main())
