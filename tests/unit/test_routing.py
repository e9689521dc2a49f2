"""From a request on a socket to its handler and back."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from node.errors import TooLarge
from node.middleware import BODY, Around, Larger
from node.routing import Routes
from storage.database import Missing, Unavailable, Unreached
from tests.unit.listening import Door, listening

STATUS: dict[type[Exception], int] = {Missing: 404, Unreached: 503, TooLarge: 413}
BREAKS: dict[str, type[Exception]] = {
    "missing": Missing,
    "unreached": Unreached,
    "unforeseen": LookupError,
    "worse": ValueError,
}
reached, ended = threading.Event(), threading.Event()


async def said(request: Request[Any]) -> Response:
    """Which route it was, and with what."""
    parameters = ",".join(f"{name}={value}" for name, value in request.path_params.items())
    return PlainTextResponse(f"{request.method} {request.scope['path']} {parameters}")


async def newest(request: Request[Any]) -> Response:
    return PlainTextResponse("newest")


async def keep(request: Request[Any]) -> Response:
    reached.set()
    try:
        return PlainTextResponse(b"kept " + await request.body())
    finally:
        ended.set()


async def breaks(request: Request[Any]) -> Response:
    raise BREAKS[request.path_params["kind"]]("the cause")


async def half(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"].endswith("/nothing"):
        raise HTTPException(404)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise Missing("the other half")


async def told(request: Request[Any], raised: Exception) -> Response:
    """What came of an error, in one line."""
    if isinstance(raised, ValueError):
        raise RuntimeError("the handler of errors broke") from raised
    if isinstance(raised, HTTPException):
        return PlainTextResponse("HTTPException", raised.status_code, headers=raised.headers)
    return PlainTextResponse(type(raised).__name__, STATUS.get(type(raised), 500))


ROUTES = [
    Route("/notes/{id}", said),
    Route("/notes/{id}", said, methods=["DELETE"]),
    Route("/notes/{id}/history", said),
    Route("/notes/newest", newest),
    Route("/notes", said),
    Route("/notes", keep, methods=["POST"]),
    Route("/breaks/{kind}", breaks),
    Mount("/half", half),
    Route("/", said),
]


@pytest.fixture
def door() -> Generator[Door]:
    known = (Missing, Unavailable, TooLarge, HTTPException, Exception)
    app = Routes(ROUTES, sockets={}, errors=dict.fromkeys(known, told), lifespan=lambda _: None)  # type: ignore[arg-type]
    reached.clear()
    ended.clear()
    with listening(Around(app, secure=False, larger=Larger())) as found:
        yield found


def ask(door: Door, method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    return door.answer(f"{method} {path} HTTP/1.1\nhost: a\nconnection: close\n\n")


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/notes", b"GET /notes "),
        ("GET", "/notes/7", b"GET /notes/7 id=7"),
        ("DELETE", "/notes/7", b"DELETE /notes/7 id=7"),
        ("GET", "/notes/newest", b"newest"),
        ("DELETE", "/notes/newest", b"DELETE /notes/newest id=newest"),
        ("GET", "/notes/7/history", b"GET /notes/7/history id=7"),
        ("GET", "/notes/7%2Fhistory", b"GET /notes/7/history id=7"),
        ("GET", "/notes/caf%C3%A9", "GET /notes/café id=café".encode()),
        ("GET", "/notes/", b"GET /notes "),
        ("GET", "/notes/7//", b"GET /notes/7 id=7"),
        ("GET", "//", b"GET / "),
        ("GET", "http://elsewhere.example/notes", b"GET /notes "),
    ],
)
def test_a_request_finds_its_route(door: Door, method: str, path: str, answer: bytes) -> None:
    status, _, body = ask(door, method, path)

    assert (status, body) == ("HTTP/1.1 200 OK", answer)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/notes/7/8", "/notes/7%2F8", "/Notes", "//notes", "/half", "/half/nothing"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_what_has_no_route_is_not_found(door: Door, method: str, path: str) -> None:
    status, _, body = ask(door, method, path)

    assert (status, body) == ("HTTP/1.1 404 Not Found", b"HTTPException")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/notes", "GET, HEAD, POST"),
        ("OPTIONS", "/notes", "GET, HEAD, POST"),
        ("POST", "/notes/7", "DELETE, GET, HEAD"),
        ("POST", "/notes/newest", "DELETE, GET, HEAD"),
        ("POST", "/notes/7/history", "GET, HEAD"),
    ],
)
def test_a_method_that_no_route_takes_is_told_which_are(door: Door, method: str, path: str, allowed: str) -> None:
    status, headers, _ = ask(door, method, path)

    assert (status, headers["allow"]) == ("HTTP/1.1 405 Method Not Allowed", allowed.lower())


@pytest.mark.parametrize("path", ["/notes/newest", "/nowhere", "/breaks/missing"])
def test_head_is_get_without_the_body(door: Door, path: str) -> None:
    status, headers, body = ask(door, "HEAD", path)
    got, got_headers, got_body = ask(door, "GET", path)

    assert (status, body) == (got, b"")
    assert headers["content-length"] == got_headers["content-length"] == str(len(got_body))
    assert headers.keys() == got_headers.keys()


@pytest.mark.parametrize(("kind", "status"), [("missing", "404 Not Found"), ("unreached", "503 Service Unavailable")])
def test_what_can_go_wrong_is_answered_and_not_logged(
    door: Door, kind: str, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    found, _, body = ask(door, "GET", f"/breaks/{kind}")

    assert (found, body) == (f"HTTP/1.1 {status}", BREAKS[kind].__name__.encode())
    assert caplog.records == []


def test_what_nobody_thought_of_is_answered_and_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    found, _, body = ask(door, "GET", "/breaks/unforeseen")

    assert (found, body) == ("HTTP/1.1 500 Internal Server Error", b"LookupError")
    assert "LookupError: the cause" in caplog.text
    assert ask(door, "GET", "/notes/newest")[2] == b"newest"


def test_an_answer_to_an_error_that_fails_too_is_still_one(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    found, _, _ = ask(door, "GET", "/breaks/worse")

    assert found == "HTTP/1.1 500 Internal Server Error"
    assert "ValueError: the cause" in caplog.text
    assert "the handler of errors broke" in caplog.text
    assert ask(door, "GET", "/notes/newest")[2] == b"newest"


def test_what_breaks_in_the_middle_of_an_answer_is_broken_off(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    found, headers, body = ask(door, "GET", "/half/way")

    assert (found, headers["content-length"], body) == ("HTTP/1.1 200 OK", "10", b"half")
    assert "Missing: the other half" in caplog.text


def test_a_body_comes_to_its_handler(door: Door) -> None:
    with door.connected() as one:
        one.send(b"POST /notes/ HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhel")
        one.send(b"lo")

        assert one.rest().endswith(b"\r\n\r\nkept hello")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
def test_more_than_is_taken_is_refused(door: Door, announced: bool) -> None:
    head = f"content-length: {BODY + 1}" if announced else "transfer-encoding: chunked"
    with door.connected() as one:
        one.send(f"POST /notes HTTP/1.1\r\nhost: a\r\n{head}\r\n\r\n".encode())
        if not announced:
            one.send(b"%x\r\n%s\r\n" % (BODY + 1, b"x" * (BODY + 1)))

        assert one.until(b"TooLarge").startswith(b"HTTP/1.1 413 ")


def test_a_client_that_hangs_up_before_all_was_said_is_no_fault_of_ours(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with door.connected() as one:
        one.send(b"POST /notes HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\nhello")
        assert reached.wait(20)

    assert ended.wait(20)
    assert ask(door, "GET", "/notes/newest")[2] == b"newest"
    assert caplog.records == []


def test_a_client_that_would_rather_speak_http_2_is_answered(door: Door) -> None:
    with door.connected() as one:
        one.send(b"GET /notes/newest HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")

        assert one.until(b"newest").startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_websocket_where_none_is_is_not_found(door: Door) -> None:
    with door.connected() as one:
        one.send(
            b"GET /notes/newest HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
            b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )

        assert one.rest().startswith(b"HTTP/1.1 404 ")


def test_a_browser_that_asks_for_another_site_is_told_what_it_may_send(door: Door) -> None:
    with door.connected() as one:
        one.send(b"OPTIONS /api/v1/statuses HTTP/1.1\r\nhost: a\r\norigin: https://app.example\r\n\r\n")
        head = one.until(b"\r\n\r\n").lower()
        one.send(b"GET /notes/newest HTTP/1.1\r\nhost: a\r\n\r\n")
        after = one.until(b"newest")

    assert head.startswith(b"http/1.1 204 no content\r\n")
    assert b"\r\naccess-control-allow-methods: get, post, put, patch, delete, options\r\n" in head
    assert b"\r\ncontent-length:" not in head and b"\r\ntransfer-encoding:" not in head  # RFC 9110 8.6
    assert after.startswith(b"HTTP/1.1 200 OK\r\n")
