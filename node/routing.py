"""Which route a path has, found without asking one route after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send


class Table(BaseRoute):
    """All routes as one: those without parameters by their whole path, the others by how they begin, in their order.

    With Starlette's own list a request costs 1 µs for each route before its own.
    """

    def __init__(self, routes: Sequence[Route | Mount]) -> None:
        self._fixed: dict[str, list[BaseRoute]] = {}
        self._others: list[tuple[str, BaseRoute]] = []
        for route in routes:
            start, parameter, _ = route.path.partition("{")
            if parameter or isinstance(route, Mount):
                self._others.append((start, route))
            else:
                self._fixed.setdefault(route.path, []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As Starlette's router: the first that takes the path and the method, else the first that takes the path."""
        partial: tuple[Match, Scope] | None = None
        for route in self._candidates(scope["path"]):
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, {**child, "route": route}
            if match is Match.PARTIAL and partial is None:
                partial = match, {**child, "route": route}
        return partial or (Match.NONE, {})

    def _candidates(self, path: str) -> Iterator[BaseRoute]:
        yield from self._fixed.get(path, ())
        for start, route in self._others:
            if path.startswith(start):
                yield route

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the route that ``matches`` found."""
        await scope["route"].handle(scope, receive, send)
