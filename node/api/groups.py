"""/api/v1/sharewell/teams: make teams and collaboratives, join them, keep them. Mastodon has no word for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.connecting import belonging, groups, keeping
from node.connecting import teams as use
from node.context import Node, State
from node.errors import Invalid
from node.forms import grouping
from node.guarding import asking
from node.requests import Params, flag, identifier, params, text
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, admissions, submissions, teams, timelines
from storage import groups as kept
from storage.actors import Actor
from storage.admissions import Way
from storage.database import Missing, Reading, Writing, listed
from storage.groups import Settings
from storage.retrying import retrying
from storage.teams import Place

Deed = Callable[[Writing, Node, Actor, Actor, Params], Awaitable[list[Told]]]


def _shown(group: Actor, settings: Settings, place: Place | None, waits: Way | None, base_url: str) -> Entity:
    """Of a group elsewhere it is not known how one comes in; its aim and time are among the account's fields."""
    return {
        "account": entities.account(group, base_url),
        "kind": settings.sort.value if group.here else None,
        "joining": settings.joining.value if group.here else None,
        "posting": settings.posting.value if group.here else None,
        "private": settings.private is not None if group.here else None,
        "aim": settings.aim,
        "starts_on": grouping.day(settings.starts) or None,
        "ends_on": grouping.day(settings.ends) or None,
        "closed_at": None if settings.closed is None else entities.time(settings.closed),
        "role": None if place is None else place.value,
        "waiting": None if waits is None else waits.value,
    }


async def _group(db: Reading, request: Request[State]) -> Actor:
    """The group of the path, of this node or another. Raises Missing."""
    return belonging.check_group(await actors.by_id(db, identifier(request.path_params["id"])))


async def _as_seen(db: Reading, node: Node, group: Actor, me_id: int) -> Entity:
    place = await teams.place(db, group.id, me_id) if me_id else None
    waits = await admissions.between(db, group.id, me_id) if me_id else None
    settings = await kept.of(db, group.id)
    shown = _shown(group, settings, place, None if waits is None else waits.way, node.site.base_url)
    keepers = await teams.moderators(db, group.id) if group.here else []
    return shown | {"moderators": [entities.account(one, node.site.base_url) for one in keepers]}


async def show(request: Request[State]) -> Response:
    """What a group is, and what the caller is in it. Who keeps it is shown to everybody, who is in it is not."""
    node = request.state["node"]
    async with node.database.reading() as db:
        me_id = await auth.reader(request, db, "read:accounts")
        return JSONResponse(await _as_seen(db, node, await _group(db, request), me_id))


async def make(request: Request[State]) -> Response:
    """Make a team or a collaborative, which the caller leads."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        me = await actors.by_id(db, caller.id)
    group = await groups.make(node, me, text(values, "username").strip(), grouping.said(values))
    async with node.database.reading() as db:
        return JSONResponse(await _as_seen(db, node, group, me.id))


async def edit(request: Request[State]) -> Response:
    """Say something else of a group; what is not sent stays."""
    values = await params(request)

    async def work(db: Writing, node: Node, me: Actor, group: Actor, _values: Params) -> list[Told]:
        await use.check_inside(db, me, await use.team(db, group))
        before = groups.said_by(group, await kept.of(db, group.id))
        return await groups.edit(db, node, me, group, grouping.said(values, before))

    async with asking(request.state["node"]):
        return await _do(request, work)


async def _do(request: Request[State], deed: Deed) -> Response:
    """Do something to the group of the path; what it is then."""
    node, values = request.state["node"], await params(request)

    async def work(db: Writing) -> tuple[list[Told], Entity]:
        caller = await auth.signed_in(request, db, "write:accounts")
        me, group = await actors.by_id(db, caller.id), await _group(db, request)
        told = await deed(db, node, me, group, values)
        return told, await _as_seen(db, node, await actors.by_id(db, group.id), me.id)

    told, shown = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return JSONResponse(shown)


async def close(request: Request[State]) -> Response:
    """Close a group: everything stays readable, and nobody posts or joins."""

    async def work(db: Writing, node: Node, me: Actor, group: Actor, _values: Params) -> list[Told]:
        await use.check_inside(db, me, await use.team(db, group))
        await groups.close(db, node, me, group)
        return []

    return await _do(request, work)


async def join(request: Request[State]) -> Response:
    """Join, or ask to; ``as``: in the name of a team that the caller leads, which can be in a collaborative."""
    return await _do(request, _as(belonging.join))


def _as(deed: Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]) -> Deed:
    async def do(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
        return await deed(db, node, await belonging.acting(db, me, identifier(text(values, "as"))), group)

    return do


async def leave(request: Request[State]) -> Response:
    """Leave, or ask no longer; ``as``: in the name of a team that the caller leads."""
    return await _do(request, _as(belonging.leave))


async def answer(request: Request[State]) -> Response:
    """Accept or decline an invitation."""
    yes = _yes(request)
    return await _do(request, lambda db, node, me, group, _values: belonging.answer(db, node, me, group, yes=yes))


def _yes(request: Request[State]) -> bool:
    """Whether the path says ``accept``, not ``reject``. Raises Missing."""
    said: str = request.path_params["answer"]
    if said not in ("accept", "reject"):
        raise Missing(said)
    return said == "accept"


async def _other(db: Reading, request: Request[State]) -> Actor:
    return await actors.by_id(db, identifier(request.path_params["member"]))


async def decide(request: Request[State]) -> Response:
    """Let somebody in who asked, or turn them away."""
    deed = belonging.let_in if _yes(request) else belonging.turn_away

    async def work(db: Writing, node: Node, me: Actor, group: Actor, _values: Params) -> list[Told]:
        return await deed(db, node, me, group, await _other(db, request))

    return await _do(request, work)


async def invite(request: Request[State]) -> Response:
    """Ask somebody in (``acct``), from here or another server."""
    node, values = request.state["node"], await params(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        await belonging.check_keeper(db, await actors.by_id(db, caller.id), await _group(db, request))
    found = await grouping.person(node, text(values, "acct"))
    return await _do(request, lambda db, node, me, group, _values: belonging.invite(db, node, me, group, found))


async def uninvite(request: Request[State]) -> Response:
    """Take an invitation back."""

    async def work(db: Writing, node: Node, me: Actor, group: Actor, _values: Params) -> list[Told]:
        return await belonging.uninvite(db, node, me, group, await _other(db, request))

    return await _do(request, work)


async def promote(request: Request[State]) -> Response:
    """Let somebody in the group be something else there (``role``); ``hand_over``: and lead it no longer oneself."""

    async def work(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
        await use.check_inside(db, me, await use.team(db, group))
        other = await _other(db, request)
        if flag(values, "hand_over"):
            await belonging.hand_over(db, node, me, group, other)
            return []
        try:
            place = Place(text(values, "role", Place.MEMBER.value))
        except ValueError as error:
            raise Invalid(_("In a group one is member, moderator or lead."), field="role") from error
        await belonging.promote(db, node, me, group, other, place)
        return []

    return await _do(request, work)


async def waiting(request: Request[State]) -> Response:
    """Who asks to be in a group, and whom it asked; for who keeps it."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        group = await _group(db, request)
        await belonging.check_keeper(db, await actors.by_id(db, caller.id), group)
        asked, invited = await belonging.asking(db, group), await admissions.of_group(db, group.id, Way.INVITED)
    return JSONResponse(
        {
            "asked": [entities.account(one, node.site.base_url) for one in asked],
            "invited": [entities.account(one, node.site.base_url) for one in invited],
        }
    )


async def invitations(request: Request[State]) -> Response:
    """Groups that ask the caller in."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await admissions.invitations_of(db, caller.id)
    return JSONResponse([entities.account(one, node.site.base_url) for one in found])


async def submitted(request: Request[State]) -> Response:
    """Posts that wait for who keeps a group."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        group = await _group(db, request)
        await belonging.check_keeper(db, await actors.by_id(db, caller.id), group)
        ids = await submissions.waiting(db, group.id)
        lines = await timelines.some(db, listed(ids), reader_id=caller.id)
        found = [lines[one] for one in ids if one in lines]
        return paging.array(await rendering.statuses(db, node, found, reader_id=caller.id))


async def of_post(request: Request[State]) -> Response:
    """Let a post in, take it out, or show it first on the group's page."""
    deed = keeping.DEEDS.get(request.path_params["deed"])
    if deed is None:
        raise Missing(request.path_params["deed"])
    post_id = identifier(request.path_params["post"])
    return await _do(request, lambda db, node, me, group, _values: deed(db, node, me, group, post_id))


_TEAM = "/api/v1/sharewell/teams/{id}"
routes = [
    Route("/api/v1/sharewell/teams", make, methods=["POST"]),
    Route("/api/v1/sharewell/teams/invitations", invitations),
    Route(_TEAM, show),
    Route(_TEAM, edit, methods=["PATCH"]),
    Route(f"{_TEAM}/close", close, methods=["POST"]),
    Route(f"{_TEAM}/join", join, methods=["POST"]),
    Route(f"{_TEAM}/leave", leave, methods=["POST"]),
    Route(f"{_TEAM}/invitation/{{answer}}", answer, methods=["POST"]),
    Route(f"{_TEAM}/waiting", waiting),
    Route(f"{_TEAM}/requests/{{member}}/{{answer}}", decide, methods=["POST"]),
    Route(f"{_TEAM}/invitations", invite, methods=["POST"]),
    Route(f"{_TEAM}/invitations/{{member}}", uninvite, methods=["DELETE"]),
    Route(f"{_TEAM}/members/{{member}}", promote, methods=["PATCH"]),
    Route(f"{_TEAM}/posts", submitted),
    Route(f"{_TEAM}/posts/{{post}}/{{deed}}", of_post, methods=["POST"]),
]
