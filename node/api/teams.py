"""/api/v1/sharewell/teams: the teams a member may write for, and who is in them. Mastodon has no word for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.api.entities import Entity
from node.connecting import belonging
from node.connecting import teams as use
from node.context import Node, State
from node.errors import Invalid
from node.forms.undersigning import NOBODY
from node.requests import flag, identifier, params, text
from node.sharing import behalf
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, teams
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.retrying import retrying
from storage.teams import Membership, Place


def _shown(one: Membership, base_url: str) -> Entity:
    return {
        "account": entities.account(one.actor, base_url),
        "role": one.place.value,
        "since": entities.time(one.since),
    }


async def mine(request: Request[State]) -> Response:
    """The member's teams; each account's id is a value of ``sharewell[as]``, and ``nobody`` where a guardian can post
    without a name."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await behalf.choice(db, await actors.by_id(db, caller.id))
    shown = [_shown(one, node.site.base_url) for one in found.teams]
    return JSONResponse({"teams": shown, "as": [*(str(one.actor.id) for one in found.teams), *_nobody(found.unnamed)]})


def _nobody(possible: bool) -> list[str]:
    return [NOBODY] if possible else []


async def _team(db: Reading, request: Request[State]) -> Actor:
    """The team of the path. Raises Missing."""
    return await use.team(db, await actors.by_id(db, identifier(request.path_params["id"])))


async def _everybody(db: Reading, node: Node, team: Actor) -> list[Entity]:
    return [_shown(one, node.site.base_url) for one in await teams.members(db, team.id)]


async def members(request: Request[State]) -> Response:
    """Who is in a team, for who is in it. Raises Missing for others."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        team = await _team(db, request)
        await use.check_inside(db, await actors.by_id(db, caller.id), team)
        return JSONResponse(await _everybody(db, node, team))


async def add(request: Request[State]) -> Response:
    """Let a member (``acct``) be in a team, or lead it (``role``); then who is in it. Raises NotAllowed."""
    node = request.state["node"]
    values = await params(request)
    try:
        place = Place(text(values, "role", Place.MEMBER.value))
    except ValueError as error:
        raise Invalid(_("In a group one is member, moderator or lead."), field="role") from error

    async def work(db: Writing) -> list[Entity]:
        caller = await auth.signed_in(request, db, "write:accounts")
        team, me = await _team(db, request), await actors.by_id(db, caller.id)
        await use.check_inside(db, me, team)
        await use.check_lead(db, me, team)
        await use.add(db, node, team, text(values, "acct"), place, by=me)
        return await _everybody(db, node, team)

    return JSONResponse(await retrying(node.database, work, keyed=True))


async def remove(request: Request[State]) -> Response:
    """Let somebody be in a team no longer, ``bar``: for ever; one may leave. Raises Missing, NotAllowed."""
    node = request.state["node"]

    bar = flag(await params(request), "bar")

    async def work(db: Writing) -> list[Told]:
        caller = await auth.signed_in(request, db, "write:accounts")
        team, me = await _team(db, request), await actors.by_id(db, caller.id)
        await use.check_inside(db, me, team)
        member = await actors.by_id(db, identifier(request.path_params["member"]))
        if member.id == me.id:
            return await belonging.leave(db, node, me, team)
        return await belonging.show_out(db, node, me, team, member, bar=bar)

    announce(node, await retrying(node.database, work, keyed=False))
    return JSONResponse({})


_TEAM = "/api/v1/sharewell/teams/{id}/members"
routes = [
    Route("/api/v1/sharewell/teams", mine),
    Route(_TEAM, members),
    Route(_TEAM, add, methods=["POST"]),
    Route(f"{_TEAM}/{{member}}", remove, methods=["DELETE"]),
]
