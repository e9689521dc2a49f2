"""One HTTP/1.1 connection of ours to a server: one request, one whole answer, and again while it is kept."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass

import httptools

from federation.errors import FederationError, Refused, Unreachable

HEAD = 32_768  # bytes of status line and headers
HEADERS = 200


class Dropped(Unreachable):
    """The connection broke before the first byte of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are lower case, the body is unpacked."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Unreadable(Refused):
    """The body is too long, or packed in a way we cannot read; ``answered`` is what came before it."""

    def __init__(self, why: str, answered: Answer) -> None:
        super().__init__(why)
        self.answered = answered


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def whole(self) -> bool:
        return self._inner.eof

    def unpack(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(data, most)


class Connection(asyncio.Protocol):
    """Made by ``dialling``. ``closed`` says that it cannot be used again."""

    def __init__(self) -> None:
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[Answer] | None = None
        self._reset(0)

    def _reset(self, limit: int) -> None:
        self._limit = limit
        self._failure: FederationError | None = None
        self._heads = 0
        self._raw = 0
        self._silent = True
        self._whole = False
        self._keep = False
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._size = 0
        self._ends_with_connection = True
        self._gzip: _Gzip | None = None

    async def exchange(self, head: bytes, body: bytes, *, limit: int) -> Answer:
        """Send a request. The answer's body is at most ``limit`` bytes. Raises Dropped, Unreachable, Unreadable."""
        if self.closed or self._transport is None:
            raise Dropped("connection is closed")
        self._reset(limit)
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(head + body)
        try:
            answer = await self._waiter
        except BaseException:
            self.close()
            raise
        finally:
            self._waiter = None
            self._headers, self._body = [], []  # a kept connection keeps no answer
        if not self._keep or self._transport.get_write_buffer_size():
            self.close()
        return answer

    def close(self) -> None:
        """Hang up."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    def over(self, transport: asyncio.Transport) -> Connection:
        """This connection, which speaks over ``transport``."""
        self._transport = transport
        return self

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self._waiter is None or self._waiter.done():
            return
        if self._silent:
            self._fail(Dropped("connection broke"))
        elif self._status >= 200 and self._ends_with_connection and exc is None:
            self._finish()
        else:
            self._fail(Unreachable("connection broke within an answer"))

    def data_received(self, data: bytes) -> None:
        if self._waiter is None or self._waiter.done():
            self.close()  # nobody asked
            return
        self._silent = False
        self._raw += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            if not self._whole:
                self._failure = self._failure or Unreachable("answer is not HTTP")
            self._keep = False
        if self._failure is not None:
            self._fail(self._failure)
        elif self._whole:
            self._finish()
        elif not self._status and self._raw > HEAD:
            self._fail(Unreachable("headers are too long"))
        elif self._raw > self._limit + HEAD * 2:
            self._fail(self._unreadable("answer is too long"))

    def on_message_begin(self) -> None:
        """The parser found the start of an answer."""
        if self._whole:
            raise ValueError("two answers to one question")

    def on_header(self, name: bytes, value: bytes) -> None:
        """The parser found a header, or a trailer."""
        self._heads += len(name) + len(value) + 4
        if self._heads > HEAD or len(self._headers) >= HEADERS:
            self._failure = Unreachable("headers are too long")
        elif not self._status:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The parser found the end of the headers."""
        self._status = self._parser.get_status_code()
        if self._status < 200:
            return
        for name, value in self._headers:
            if name in (b"content-length", b"transfer-encoding"):
                self._ends_with_connection = False
            elif name == b"content-encoding":
                self._encoded(value.strip().lower())

    def _encoded(self, encoding: bytes) -> None:
        if encoding in (b"gzip", b"x-gzip") and self._gzip is None:
            self._gzip = _Gzip()
        elif encoding not in (b"", b"identity"):
            self._failure = self._unreadable("answer is packed in a way we did not ask for")

    def on_body(self, data: bytes) -> None:
        """The parser found a piece of the body."""
        if self._failure is not None:
            return
        if self._gzip is not None:
            try:
                data = self._gzip.unpack(data, self._limit - self._size + 1)
            except zlib.error:
                self._failure = self._unreadable("answer is not gzip")
                return
        self._size += len(data)
        self._body.append(data)
        if self._size > self._limit:
            self._failure = self._unreadable("answer is too long")

    def on_message_complete(self) -> None:
        """The parser found the end of an answer; of an interim one (1xx) another follows."""
        if self._status < 200:
            self._status, self._headers = 0, []
            return
        self._whole = True
        self._keep = self._parser.should_keep_alive()

    def _finish(self) -> None:
        if self._gzip is not None and self._size and not self._gzip.whole:
            self._fail(self._unreadable("answer is not whole gzip"))
        elif self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(Answer(self._status, self._headers, b"".join(self._body)))

    def _unreadable(self, why: str) -> Unreadable:
        return Unreadable(why, Answer(self._status, self._headers, b""))

    def _fail(self, error: FederationError) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
        self.close()
