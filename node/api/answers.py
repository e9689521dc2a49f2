"""Errors as apps read them: ``{"error": …}``."""

from __future__ import annotations

import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from federation.errors import FederationError
from node.errors import STATUS, Invalid, NotAllowed, Problems, TooMany, Unauthenticated
from node.guarding import Stopped
from node.slips import shown

log = logging.getLogger("sharewell.api")
RETRY = "3"  # seconds until the database may take it


def error(request: HTTPConnection[Any], raised: Exception) -> Response:
    """The answer for an error of ``node.errors.STATUS`` or Starlette's own."""
    if isinstance(raised, HTTPException):
        return JSONResponse({"error": raised.detail}, raised.status_code, headers=raised.headers)
    status = next((STATUS[kind] for kind in type(raised).__mro__ if kind in STATUS), 500)
    headers: dict[str, str] = {}
    if isinstance(raised, TooMany):
        headers["retry-after"] = str(raised.after)
    elif status == 503:
        headers["retry-after"] = RETRY
        log.warning("not now path=%r cause=%s: %s", request.url.path, type(raised).__name__, raised)
    said: dict[str, Any] = {"error": _words(raised, status)}
    if isinstance(raised, Problems):
        said["details"] = details(raised)
    if isinstance(raised, Stopped):
        said["sharewell"] = {"guard": shown(raised.found)}
    return JSONResponse(said, status, headers=headers)


def details(raised: Problems) -> dict[str, list[dict[str, str]]]:
    """What is wrong with each field, as https://docs.joinmastodon.org/methods/accounts/#create says it."""
    details: dict[str, list[dict[str, str]]] = {}
    for one in raised.found:
        details.setdefault(one.field, []).append({"error": one.code, "description": one.text})
    return details


def _words(raised: Exception, status: int) -> str:
    if isinstance(raised, Invalid | NotAllowed | Unauthenticated) and str(raised):
        return str(raised)
    if isinstance(raised, FederationError):
        return "The other server did not give a usable answer."
    return {
        401: "The access token is invalid",
        404: "Record not found",
        413: "That is too large; nothing of it was kept.",
        429: "Too many requests",
        503: "The node is busy; nothing was lost. Try again in a moment.",
    }.get(status, "That did not work.")


async def unknown(request: Request[Any]) -> Response:
    """Whatever is not served under /api."""
    return JSONResponse({"error": "Not found"}, 404)
