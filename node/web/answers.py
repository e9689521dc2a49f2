"""Errors as people read them."""

from __future__ import annotations

import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from node import pages, sessions
from node.errors import STATUS, Hidden, Invalid, NotAllowed, TooMany
from node.middleware import REQUEST_ID
from node.texts import _
from storage.actors import Actor
from storage.database import Busy, Unavailable
from storage.members import Member, Role

log = logging.getLogger("sharewell.web")
RETRY = "3"  # seconds until the database may take it


async def error(request: Request[Any], raised: Exception) -> Response:
    """The page for an error of ``node.errors.STATUS``, Starlette's own, or one that nobody thought of."""
    headers: dict[str, str] = {}
    if isinstance(raised, HTTPException):
        status, headers = raised.status_code, dict(raised.headers or {})
    else:
        status = next((STATUS[kind] for kind in type(raised).__mro__ if kind in STATUS), 500)
    if isinstance(raised, TooMany):
        headers["retry-after"] = str(raised.after)
    elif status == 503:
        headers["retry-after"] = RETRY
        log.warning("not now path=%r cause=%s: %s", request.url.path, type(raised).__name__, raised)
    number: str = request.scope.get(REQUEST_ID, "")
    if status == 500:
        log.error("broken request=%s path=%r cause=%s", number, request.url.path, type(raised).__name__)
    said = str(raised) if isinstance(raised, Invalid | NotAllowed) else ""
    member, me = (None, None) if status >= 500 else await _current(request)
    heading, text = _hidden() if isinstance(raised, Hidden) else _words(status)
    return pages.page(
        request,
        "error.html",
        status=status,
        headers=headers,
        me=me,
        queue=isinstance(raised, Hidden) and member is not None and member.role is not Role.MEMBER,
        heading=heading,
        text=said or text,
        find=status in (404, 410) and not isinstance(raised, Hidden),
        enter=status == 401,
        number=number if status == 500 else "",
    )


async def _current(request: Request[Any]) -> tuple[Member, Actor] | tuple[None, None]:
    """Who is signed in; a node in trouble is not asked more."""
    try:
        return await sessions.current(request) or (None, None)
    except (Busy, Unavailable):
        return None, None


def _hidden() -> tuple[str, str]:
    return _("Hidden for a privacy check"), _("Somebody may be recognisable in this post, so it is not shown here.")


def _words(status: int) -> tuple[str, str]:
    return {
        400: (_("That address does not work"), _("Check what you typed.")),
        401: (_("Sign in first"), _("This is for members who are signed in. You may have been signed out by now.")),
        403: (_("That is not yours to do"), _("If you think it should be, ask whoever runs this node.")),
        404: (
            _("There is no page here"),
            _("The note may have been moved or taken back by its author. If you typed the address, check it."),
        ),
        405: (_("That address does not work"), _("Check what you typed.")),
        410: (_("This was taken back"), _("Its author withdrew it, and it is gone from this node.")),
        413: (_("That is too large"), _("Make it smaller and send it again. Nothing was kept.")),
        422: (_("That did not work"), _("Go back, change what is marked and send it again.")),
        429: (_("You are going fast"), _("Wait a little and try again.")),
        503: (
            _("Something is in the way"),
            _("The node is busy. What you sent was not kept: go back, it is still in the form, and send it again."),
        ),
    }.get(
        status,
        (
            _("Something broke on our side"),
            _("What you wrote is still in the form if you go back."),
        ),
    )
