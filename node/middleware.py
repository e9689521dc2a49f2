"""What happens around every request: trailing slashes, CORS, security headers, a request id. Plain ASGI."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.errors import TooLarge

BODY = 1 << 20  # bytes of one request, unless it brings files
_WITH_BODY = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

# Pages: nothing from another origin, no script, no inline style. Pages that need more say so themselves. Pictures of
# other servers are links: whoever reads here is not shown to them.
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SCRIPTED = f"{POLICY}; script-src 'self'; connect-src 'self'"  # pages with buttons that a script of ours presses
REQUEST_ID = "sharewell.request_id"  # in the scope
_OPEN = (
    "/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/", "/nodeinfo", "/users/", "/@",
    "/actor", "/media/",
)  # fmt: skip
_NUMBERS = itertools.count(secrets.randbits(60))
_METHODS = b"GET, POST, PUT, PATCH, DELETE, OPTIONS"
_ALLOWED = b"Authorization, Content-Type, Idempotency-Key"
_EXPOSED = b"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Retry-After"
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_SECURE = ((b"strict-transport-security", b"max-age=63072000"),)
_CROSS_ORIGIN = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _EXPOSED))
_UNLESS_SAID = ((b"cache-control", b"private, no-store"), (b"content-security-policy", POLICY.encode()))


@dataclass(frozen=True, slots=True)
class Larger:
    """Requests that bring files: "METHOD /path", where a last "/" stands for all below. They go to disk as they come,
    and their routes look whose they are before they read them."""

    routes: Collection[str] = ()
    body: int = BODY  # bytes

    def limit(self, method: str, path: str) -> int:
        """Bytes that this request may bring."""
        asked = f"{method} {path}"
        below = asked[: asked.rfind("/") + 1]
        return self.body if asked in self.routes or below in self.routes else BODY


class Around:
    """One layer for all of it: each further layer costs every request."""

    def __init__(self, app: ASGIApp, *, secure: bool, larger: Larger) -> None:
        self._app = app
        self._larger = larger
        self._always = _ALWAYS + (_SECURE if secure else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["http_version"] == "1.1" and sum(name == b"host" for name, _ in scope["headers"]) != 1:
            await _refuse(send)
            return
        path: str = scope["path"].replace("\x00", "\ufffd")  # nothing has NUL in its name, and no database takes it
        if len(path) > 1 and path.endswith("/"):  # clients write /oauth/authorize/ and /api/v2/instance/
            path = path.rstrip("/") or "/"
        scope = {**scope, "path": path}
        request_id = f"{next(_NUMBERS):016x}"
        scope[REQUEST_ID] = request_id
        open_to_all = path.startswith(_OPEN)
        if open_to_all and scope["method"] == "OPTIONS":
            await _preflight(send)
            return

        if scope["method"] in _WITH_BODY:
            receive = _limited(scope, receive, self._larger.limit(scope["method"], path))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = list(message["headers"])
                self._finish(headers, open_to_all, request_id)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _finish(self, headers: list[tuple[bytes, bytes]], open_to_all: bool, request_id: str) -> None:
        present = {name for name, _ in headers}
        headers.append((b"x-request-id", request_id.encode()))
        headers += self._always
        if open_to_all:
            headers += _CROSS_ORIGIN
        headers += [one for one in _UNLESS_SAID if one[0] not in present]


def _limited(scope: Scope, receive: Receive, most: int) -> Receive:
    """``receive``, which raises TooLarge once more than ``most`` bytes came or were announced."""
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    left = most - (int(announced) if announced.isdigit() and len(announced) < 20 else 0)
    came = 0

    async def receive_some() -> Message:
        nonlocal came
        if left < 0:
            raise TooLarge
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLarge
        return message

    return receive_some


async def _refuse(send: Send) -> None:
    """To a request that names no host, or several: what stands before the node may have read another (RFC 9112 3.2)."""
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close"), *_ALWAYS]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"A request names one host."})


async def _preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _ALLOWED),
        (b"access-control-expose-headers", _EXPOSED),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
