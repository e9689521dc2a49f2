"""What clients get from the protocol that sends answers in one piece."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.listening import Door, listening

PIECE = b"x" * 65_536
PIECES = 1_000
BACKLOG = 16 << 20  # bytes that may lie in the kernel's buffers and ours, with room to spare


class App:
    """Answers by path."""

    def __init__(self) -> None:
        self.sent = 0  # bytes of /long
        self.over = threading.Event()  # /long has ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/long":
            await self._long(send)
        elif scope["path"] == "/echo":
            await self._echo(receive, send)
        else:
            body = scope["path"].encode()
            await send(_head(len(body)))
            await send({"type": "http.response.body", "body": body})

    async def _long(self, send: Send) -> None:
        await send(_head(PIECES * len(PIECE)))
        try:
            for number in range(PIECES):
                await send({"type": "http.response.body", "body": PIECE, "more_body": number + 1 < PIECES})
                self.sent += len(PIECE)
        finally:
            self.over.set()

    async def _echo(self, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        await send(_head(len(body)))
        await send({"type": "http.response.body", "body": body})


def _head(length: int) -> dict[str, object]:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % length)]}


def get(path: str, *headers: str, version: str = "1.1") -> bytes:
    return "\r\n".join([f"GET {path} HTTP/{version}", "host: northmoor.example", *headers, "", ""]).encode()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def door(app: App) -> Generator[Door]:
    with listening(app) as found:
        yield found


def test_an_answer_comes_in_one_piece(door: Door) -> None:
    with door.connected() as one:
        for _ in range(20):
            one.send(get("/hello"))
            one.until(b"\r\n\r\n/hello")

        assert one.segments() == 20


def test_a_long_answer_waits_for_a_client_that_does_not_read(app: App, door: Door) -> None:
    with door.connected() as one:
        one.send(get("/long"))
        one.read()

        assert not app.over.wait(1)
        assert app.sent < BACKLOG
        one.until(PIECE[:1000])
        came = 0
        while came < (PIECES - 20) * len(PIECE):
            came += len(one.read())
        assert app.over.wait(20)


def test_a_long_answer_is_whole(door: Door) -> None:
    with door.connected() as one:
        one.send(get("/long", "connection: close"))
        _, _, body = one.rest().partition(b"\r\n\r\n")

    assert body == PIECE * PIECES


def test_a_client_that_hangs_up_in_the_middle_ends_the_answer(
    app: App, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with door.connected() as one:
        one.send(get("/long"))
        one.read()

    assert app.over.wait(20)
    with door.connected() as one:
        one.send(get("/hello", "connection: close"))
        assert one.rest().endswith(b"/hello")
    assert caplog.records == []


def test_requests_sent_together_are_answered_in_order(door: Door) -> None:
    with door.connected() as one:
        one.send(b"".join(get(f"/{number}") for number in range(20)) + get("/last", "connection: close"))
        came = one.rest()

    bodies = [part.partition(b"HTTP/1.1")[0] for part in came.split(b"\r\n\r\n")[1:]]
    assert bodies == [*(b"/%d" % number for number in range(20)), b"/last"]


def test_a_client_that_asks_first_is_told_to_go_on(door: Door) -> None:
    with door.connected() as one:
        one.send(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n")

        assert one.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.send(b"hello")
        assert one.until(b"hello").startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("headers", "version"), [(("connection: close",), "1.1"), ((), "1.0")], ids=["connection: close", "HTTP/1.0"]
)
def test_the_last_answer_of_a_connection_is_whole(door: Door, headers: tuple[str, ...], version: str) -> None:
    with door.connected() as one:
        one.send(get("/hello", *headers, version=version))
        came = one.rest()

    assert b"connection: close\r\n" in came
    assert came.endswith(b"\r\n\r\n/hello")


def test_what_is_no_request_is_answered_before_hanging_up(door: Door) -> None:
    with door.connected() as one:
        one.send(b"Good morning\r\n\r\n")

        assert one.rest().startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_client_that_says_no_more_hears_its_answer(door: Door) -> None:
    for _ in range(20):
        with door.connected() as one:
            one.send(get("/hello"))
            one.say_no_more()

            assert one.rest().endswith(b"\r\n\r\n/hello")


def test_an_idle_connection_is_closed() -> None:
    with listening(App(), keep_alive=1) as door, door.connected() as one:
        one.send(get("/hello"))

        assert one.rest().endswith(b"\r\n\r\n/hello")
