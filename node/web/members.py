"""Who is at a page that is a member's alone."""

from __future__ import annotations

from starlette.requests import Request

from node import sessions
from node.context import State
from node.errors import Unauthenticated
from node.requests import Params, params, text
from storage.actors import Actor


async def reading(request: Request[State]) -> Actor:
    """Who is signed in. Raises Unauthenticated."""
    me = await sessions.me(request)
    if me is None:
        raise Unauthenticated
    return me


async def acting(request: Request[State]) -> tuple[Actor, Params]:
    """Who sent a form of ours, and what is in it. Raises Unauthenticated, NotAllowed."""
    values = await params(request)
    me = await reading(request)
    sessions.check_proof(request, text(values, "proof"))
    return me, values
