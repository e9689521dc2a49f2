"""/api/v1/emails: https://docs.joinmastodon.org/methods/emails/"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth
from node.connecting import registering
from node.context import State
from node.errors import NotAllowed, Unauthenticated
from node.requests import params, text
from node.texts import _
from storage import joined
from storage.database import Reading
from storage.members import Member
from storage.tokens import Token


async def _member(request: Request[State], db: Reading) -> tuple[Token, Member]:
    """The member a token speaks for, who need not be able to act. Raises Unauthenticated."""
    found = await auth.bearer(request, db)
    if found is None:
        raise Unauthenticated("The access token is invalid")
    if found.member is None:
        raise Unauthenticated("This method requires an authenticated user")
    return found.token, found.member


async def resend(request: Request[State]) -> Response:
    """Mail the link again, for the app that signed the member up; to another address if it names one."""
    node = request.state["node"]
    async with node.database.reading() as db:
        token, member = await _member(request, db)
        app_id = await joined.app_of(db, member.actor_id)
    if token.app_id is None or token.app_id != app_id:
        raise NotAllowed(_("Only the app that signed you up can do this."))
    if member.confirmed is not None:
        raise NotAllowed(_("Your address is confirmed already."))
    values = await params(request)
    await registering.resend(node, member, text(values, "email").strip())
    return JSONResponse({})


async def check(request: Request[State]) -> Response:
    """Whether the member's address is confirmed."""
    async with request.state["node"].database.reading() as db:
        _token, member = await _member(request, db)
    return JSONResponse(member.confirmed is not None)


routes = [
    Route("/api/v1/emails/confirmations", resend, methods=["POST"]),
    Route("/api/v1/emails/check_confirmation", check),
]
