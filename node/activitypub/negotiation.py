"""Page or AS2: what ``Accept`` asks for (RFC 9110 12.5.1, ActivityPub 3.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request[Any]], Awaitable[Response]]

AS2 = frozenset({"application/activity+json", "application/ld+json"})
JSON = frozenset({"application/json"})
HTML = frozenset({"text/html", "application/xhtml+xml"})
LONGEST = 1_000  # characters of the header that are read


@lru_cache(512)
def wants_as2(accept: str) -> bool:
    """Whether AS2 is wanted more than a page. Without a word, a page: browsers and crawlers ask loosely.

    >>> wants_as2("application/activity+json"), wants_as2("text/html,*/*"), wants_as2("*/*")
    (True, False, False)
    """
    as2, page = 0.0, 0.0
    for part in accept[:LONGEST].lower().split(","):
        name, *parameters = (one.strip() for one in part.split(";"))
        weight = _weight(parameters)
        if name in AS2 or name in JSON:
            as2 = max(as2, weight)
        elif name in HTML or name == "text/*":
            page = max(page, weight)
    return as2 > 0 and as2 >= page


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            try:
                return min(1.0, max(0.0, float(one[2:])))
            except ValueError:
                return 0.0
    return 1.0


def by_accept(*, as2: Handler, page: Handler) -> Handler:
    """One address, two answers."""

    async def either(request: Request[Any]) -> Response:
        return await (as2 if wants_as2(request.headers.get("accept", "")) else page)(request)

    return either
