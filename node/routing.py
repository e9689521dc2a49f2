"""From a request to its handler and back: routes found by their path, errors answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Mount, Route, Router
from starlette.types import Lifespan, Receive, Scope, Send
from starlette.websockets import WebSocket

SocketHandler = Callable[[WebSocket[Any]], Awaitable[None]]
ErrorHandler = Callable[[Request[Any], Exception], Awaitable[Response]]


class Routes:
    """An ASGI application of Starlette's routes, without the layers that Starlette's own puts around each request.

    ``sockets`` are WebSockets by their path. ``errors`` says who answers for which exception; what only its entry
    ``Exception`` knows is raised again when it is answered, so that the server logs it.
    """

    def __init__(
        self,
        routes: Sequence[Route | Mount],
        *,
        sockets: Mapping[str, SocketHandler],
        errors: Mapping[type[Exception], ErrorHandler],
        lifespan: Lifespan[Any],
    ) -> None:
        self._table = _Table(routes)
        self._sockets = sockets
        self._errors = errors
        self._router = Router(lifespan=lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        scope["app"] = self  # Starlette's Request asks whether somebody answers for its HTTPExceptions
        request = Request[Any](scope, receive, send)
        try:
            route = self._table.find(scope)
            if isinstance(route, Mount):
                await route.handle(scope, receive, send)
                return
            response: Response = await route.endpoint(request)
        except ClientDisconnect:  # it hung up before it had said all: nobody is there to be answered
            return
        except Exception as error:
            kind = next(one for one in type(error).__mro__ if one in self._errors)
            response = await self._errors[kind](request, error)
            await response(scope, receive, send)  # here, so that a failure names this error too
            if kind is Exception:
                raise
            return
        await response(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket at the path of one of the routes for it; any other is refused as HTTP refuses it."""
        socket = WebSocket[Any](scope, receive, send)
        endpoint = self._sockets.get(scope["path"].rstrip("/"))
        if endpoint is None:
            await socket.send_denial_response(Response(status_code=404))
            return
        await endpoint(socket)


class _Table:
    """Routes without parameters lie under their whole path; the others are tried in order if the path begins so."""

    def __init__(self, routes: Sequence[Route | Mount]) -> None:
        self._fixed: dict[str, list[Route | Mount]] = {}
        self._others: list[tuple[str, Route | Mount]] = []
        for route in routes:
            start, parameter, _ = route.path.partition("{")
            if parameter or isinstance(route, Mount):
                self._others.append((start, route))
            else:
                self._fixed.setdefault(route.path, []).append(route)

    def find(self, scope: Scope) -> Route | Mount:
        """The route of a request, whose parameters are in its scope now. Raises HTTPException 404, 405."""
        allowed: set[str] = set()
        for route in self._candidates(scope["path"]):
            match, child = route.matches(scope)
            if match is Match.FULL:
                scope.update(child)
                return route
            if match is Match.PARTIAL and isinstance(route, Route):
                allowed |= route.methods or set()
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
        raise HTTPException(404)

    def _candidates(self, path: str) -> Iterator[Route | Mount]:
        yield from self._fixed.get(path, ())
        for start, route in self._others:
            if path.startswith(start):
                yield route
