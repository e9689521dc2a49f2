"""An ASGI application on a socket, served as ``sharewell serve`` does, and a client that writes its own bytes."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
import uvloop
from starlette.types import ASGIApp

from node.corking import Protocol

PATIENCE = 20.0  # seconds for an answer


@dataclass
class Connection:
    """A client's end."""

    socket: socket.socket

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> bytes:
        """What comes next; nothing when the server has hung up."""
        return self.socket.recv(1 << 16)

    def say_no_more(self) -> None:
        """Close the half that sends."""
        self.socket.shutdown(socket.SHUT_WR)

    def segments(self) -> int:
        """In how many TCP segments came what came."""
        info = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
        found: int = struct.unpack_from("I", info, 152)[0]  # tcpi_data_segs_in of linux/tcp.h
        return found

    def until(self, end: bytes) -> bytes:
        """What comes, to where it ends so."""
        came = b""
        while not came.endswith(end):
            more = self.read()
            assert more, f"hung up after {came!r}"
            came += more
        return came

    def rest(self) -> bytes:
        """What comes until the server hangs up."""
        return b"".join(iter(self.read, b""))


@dataclass
class Door:
    """Where the application listens."""

    port: int

    @contextmanager
    def connected(self) -> Generator[Connection]:
        """A connection of one's own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            yield Connection(connection)

    def answer(self, request: str) -> tuple[str, dict[str, str], bytes]:
        """Status line, headers and body of the answer to a request that is the last of its connection."""
        with self.connected() as one:
            one.send(request.encode().replace(b"\n", b"\r\n"))
            head, _, body = one.rest().partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        return status, dict(line.lower().split(": ", 1) for line in lines), body


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@contextmanager
def listening(app: ASGIApp, *, keep_alive: int = 75) -> Generator[Door]:
    """Serve ``app`` on a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = _Server(
            uvicorn.Config(
                app, http=Protocol, ws="websockets-sansio", lifespan="off", access_log=False, log_config=None,
                server_header=False, timeout_keep_alive=keep_alive, timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        thread = threading.Thread(target=lambda: uvloop.run(server.serve([door])))
        thread.start()
        try:
            assert server.answers.wait(PATIENCE)
            yield Door(door.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
