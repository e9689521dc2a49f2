"""The one httpx2 transport that requests leave by: pooled by origin, guarded at connect time, limited in everything.

A stock pool looks through all its connections for each request (2.0-2.6 ms of CPU at 150 kept hosts); here a host's
kept connections are found by one look-up.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache

import httpx2

from federation.connection import Answer, Connection, Dropped
from federation.dialling import Dialler, Resolver
from federation.errors import Unreachable
from federation.guard import Guard, Origin

TIMEOUT = 10.0  # seconds for a whole exchange: name, connection, request, answer
BODY = 1 << 20  # bytes of an answer, unpacked
PER_ORIGIN = 8  # connections at once
IDLE = 512  # kept connections, the oldest go first
IDLE_FOR = 45.0  # seconds a connection is kept unused; most servers hang up after 60 or 75

FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection"})  # ours to say
REPACKED = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})  # no longer true when unpacked
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class _Lane:
    """Who uses an origin now; gone with the last one."""

    __slots__ = ("free", "users")

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(PER_ORIGIN)
        self.users = 0


class Transport(httpx2.AsyncBaseTransport):
    """Connections to other servers.

    A request may say more by its extensions: ``target`` (bytes: path and query exactly as signed), ``limit`` (bytes of
    the answer's body). Raises Forbidding, Unreachable, Refused, not httpx2's errors.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        resolver: Resolver | None = None,
        ca_file: str = "",
        proxy: str = "",
        timeout: float = TIMEOUT,
        idle: int = IDLE,
        idle_for: float = IDLE_FOR,
    ) -> None:
        """``resolver``: None asks the system. Raises ValueError for a ``proxy`` or ``ca_file`` that is none."""
        self._dialler = Dialler(guard, resolver=resolver, ca_file=ca_file, proxy=proxy)
        self._timeout = timeout
        self._origin = lru_cache(1024)(guard.origin)
        self.pool = Pool(idle, idle_for)
        self.lanes: dict[Origin, _Lane] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        origin = self._origin(url.scheme, url.raw_host.decode("ascii"), url.port)
        body = await whole(request.stream)
        head = self._head(origin, request, len(body))
        limit = request.extensions.get("limit", BODY)
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._exchange(origin, head, body, limit)
        except TimeoutError as error:
            raise Unreachable(f"no answer of {origin.host}:{origin.port} within {self._timeout:g} s") from error
        headers = [one for one in answer.headers if one[0] not in REPACKED]
        return httpx2.Response(answer.status, headers=headers, stream=httpx2.ByteStream(answer.body), request=request)

    def _head(self, origin: Origin, request: httpx2.Request, size: int) -> bytes:
        target: bytes = request.extensions.get("target", request.url.raw_path)
        headers = request.headers
        lines = [b"%s: %s\r\n" % (name, value) for name, value in headers.raw if name.lower() not in FRAMING]
        if "host" not in headers:
            lines.insert(0, b"Host: %s\r\n" % request.url.netloc)
        if size or request.method in WITH_BODY:
            lines.append(b"Content-Length: %d\r\n" % size)
        if self._dialler.proxy is not None and origin.scheme == "http":
            target = b"http://" + request.url.netloc + target
            if self._dialler.proxy[2]:
                lines.append(b"Proxy-Authorization: %s\r\n" % self._dialler.proxy[2].encode())
        head = b"%s %s HTTP/1.1\r\n%s\r\n" % (request.method.encode("ascii"), target, b"".join(lines))
        if head.count(b"\n") != len(lines) + 2 or head.count(b"\r") != len(lines) + 2 or b" " in target:
            raise Unreachable("a header of ours is malformed")
        return head

    async def _exchange(self, origin: Origin, head: bytes, body: bytes, limit: int) -> Answer:
        lane = self.lanes.setdefault(origin, _Lane())
        lane.users += 1
        try:
            async with lane.free:
                kept = self.pool.take(origin)
                if kept is not None:
                    try:
                        return await self._over(origin, kept, head, body, limit)
                    except Dropped:
                        pass  # it was closed while it was kept: nothing was heard, so ask once more (RFC 9110 9.2.2)
                return await self._over(origin, await self._dialler.connect(origin), head, body, limit)
        finally:
            lane.users -= 1
            if not lane.users:
                del self.lanes[origin]

    async def _over(self, origin: Origin, connection: Connection, head: bytes, body: bytes, limit: int) -> Answer:
        answer = await connection.exchange(head, body, limit=limit)
        if not connection.closed:
            self.pool.put(origin, connection)
        return answer

    async def aclose(self) -> None:
        """Hang up everywhere."""
        self.pool.close()
        self._dialler.close()


async def whole(stream: object) -> bytes:
    """All of a request's or answer's stream."""
    if not isinstance(stream, httpx2.AsyncByteStream):
        raise TypeError("an asynchronous stream is needed")
    return b"".join([part async for part in stream])


class Pool:
    """Connections nobody uses now, bounded in number and time."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._idle: dict[Origin, list[Connection]] = {}
        self._since: dict[Connection, tuple[Origin, float]] = {}  # oldest first
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._since)

    def take(self, origin: Origin) -> Connection | None:
        """A kept connection to ``origin``, the one used last."""
        while (kept := self._idle.get(origin)) is not None:
            connection = kept[-1]
            self._forget(connection, origin)
            if not connection.closed:
                return connection
        return None

    def put(self, origin: Origin, connection: Connection) -> None:
        """Keep a connection for the next request."""
        if self._closed:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        self._idle.setdefault(origin, []).append(connection)
        self._since[connection] = (origin, loop.time())
        if len(self._since) > self._most:
            self._drop(next(iter(self._since)))
        if self._sweeping is None:
            self._sweeping = loop.call_later(self._seconds, self._sweep)

    def close(self) -> None:
        """Hang up all, and keep none from now on."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in list(self._since):
            self._drop(connection)

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection, (_, since) in list(self._since.items()):
            if connection.closed or now - since >= self._seconds:
                self._drop(connection)
        self._sweeping = None
        if self._since:
            self._sweeping = loop.call_later(self._seconds / 3, self._sweep)

    def _drop(self, connection: Connection) -> None:
        self._forget(connection, self._since[connection][0])
        connection.close()

    def _forget(self, connection: Connection, origin: Origin) -> None:
        del self._since[connection]
        kept = self._idle[origin]
        kept.remove(connection)
        if not kept:
            del self._idle[origin]
