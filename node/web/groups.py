"""Teams and collaboratives: made, joined, kept, edited and closed on pages. Works without scripts."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.connecting import belonging, groups, keeping, members
from node.connecting import teams as use
from node.connecting.groups import Said
from node.context import Node, State
from node.errors import Invalid, Problems
from node.forms import grouping
from node.guarding import asking
from node.requests import Params, flag, identifier, text
from node.surfacing.surface import Told, announce
from node.texts import _
from node.web.members import acting, reading
from node.web.paths import inside, saying
from node.words import times
from storage import actors, admissions, events, posts, teams
from storage import groups as kept
from storage.actors import Actor
from storage.admissions import Way
from storage.database import Reading, Writing
from storage.events import Event
from storage.groups import Settings, Sort
from storage.posts import Post
from storage.retrying import retrying
from storage.teams import KEEPERS, Membership, Place

EVENTS = 5  # of a group, on its page
Deed = Callable[[Writing, Node, Actor, Actor, Params], Awaitable[list[Told]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as a page shows it to a reader."""

    settings: Settings
    place: Place | None
    waits: Way | None
    keepers: Sequence[Actor]
    asking: int  # how many wait to be let in, for who keeps it
    teams: Sequence[Actor] = ()  # that the reader leads, where teams can be in it
    timetable: Sequence[tuple[str, Event, Post, Actor]] = ()  # what comes next in it, the next first

    @property
    def keeps(self) -> bool:
        """The reader lets people and posts in."""
        return self.place in KEEPERS


async def shown(db: Reading, me: Actor | None, group: Actor, *, now: int) -> Shown | None:
    """What a page says of a group; None: it is none."""
    if group.kind not in use.KINDS:
        return None
    settings = await kept.of(db, group.id)
    place = None if me is None else await teams.place(db, group.id, me.id)
    waits = None if me is None or place is not None else await admissions.between(db, group.id, me.id)
    keepers = await teams.moderators(db, group.id) if group.here and settings != Settings() else []
    waiting = len(await belonging.asking(db, group)) if place in KEEPERS and group.here else 0
    led: Sequence[Actor] = ()
    if me is not None and (not group.here or settings.sort is Sort.COLLABORATIVE):
        every = await teams.of(db, me.id)
        led = [one.actor for one in every if one.place is Place.LEAD and one.actor.id != group.id]
    timetable = await _timetable(db, me, group, now)
    return Shown(settings, place, None if waits is None else waits.way, keepers, waiting, led, timetable)


async def _timetable(db: Reading, me: Actor | None, group: Actor, now: int) -> list[tuple[str, Event, Post, Actor]]:
    """Events to come of a group; three queries at most."""
    coming = await events.of_group(db, group.id, reader_id=0 if me is None else me.id, now=now, limit=EVENTS)
    found = await posts.by_ids(db, [one.post_id for one in coming]) if coming else {}
    who = await actors.by_ids(db, {one.author_id for one in found.values()}) if found else {}
    there = [(one, found[one.post_id]) for one in coming if one.post_id in found]
    return [(times.when(json.loads(post.fields or "{}")), one, post, who[post.author_id]) for one, post in there]


async def mine(request: Request[State]) -> Response:
    """The groups of a member, and those that ask them in."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        found: list[Membership] = await teams.every(db, me.id)
        invited = await admissions.invitations_of(db, me.id)
    return pages.page(request, "groups.html", me=me, groups=found, invited=invited)


async def new(request: Request[State]) -> Response:
    """The form for a new group."""
    return _form(request, await reading(request), {"joining": "request", "posting": "members", "kind": "team"})


def _form(
    request: Request[State],
    me: Actor,
    written: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    group: Actor | None = None,
    settings: Settings | None = None,
) -> Response:
    return pages.page(
        request,
        "group_form.html",
        me=me,
        status=422 if wrong else 200,
        group=group,
        settings=settings or Settings(),
        written=written,
        wrong=wrong or {},
        most={"name": members.NAME, "aim": groups.AIM, "handle": members.HANDLE_LENGTH},
    )


def _typed(values: Params) -> dict[str, str]:
    names = ("username", "display_name", "note", "kind", "joining", "posting", "aim", "starts_on", "ends_on", "private")
    return {name: text(values, name) for name in names}


def _wrong(error: Invalid) -> dict[str, str]:
    if isinstance(error, Problems):
        return {one.field: one.text for one in error.found}
    return {error.field or "display_name": str(error)}


async def make(request: Request[State]) -> Response:
    """Make the group."""
    me, values = await acting(request)
    try:
        sent = {**values, "private": flag(values, "private")}
        group = await groups.make(request.state["node"], me, text(values, "username").strip(), grouping.said(sent))
    except Invalid as error:
        return _form(request, me, _typed(values), _wrong(error))
    return RedirectResponse(saying(f"/@{group.handle}", "group-made"), 303)


async def _led(request: Request[State], db: Reading, me: Actor) -> tuple[Actor, Said]:
    """A group that the reader leads. Raises Missing, NotAllowed."""
    group = await use.by_handle(db, request.path_params["acct"])
    await use.check_inside(db, me, group)
    await use.check_lead(db, me, group)
    return group, groups.said_by(group, await kept.of(db, group.id))


async def edit_form(request: Request[State]) -> Response:
    """The form with which a lead says something else of a group, or closes it."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        group, before = await _led(request, db, me)
    settings = before.settings
    written = {
        "display_name": before.name, "note": before.note, "joining": settings.joining.value,
        "posting": settings.posting.value, "aim": settings.aim, "starts_on": grouping.day(settings.starts),
        "ends_on": grouping.day(settings.ends),
    }  # fmt: skip
    return _form(request, me, written, group=group, settings=settings)


async def edit(request: Request[State]) -> Response:
    """Say something else of a group. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        group, before = await _led(request, db, me)
    try:
        async with asking(node), node.database.writing() as db:
            told = await groups.edit(db, node, me, group, grouping.said({**values, "private": None}, before))
    except Invalid as error:
        return _form(request, me, _typed(values), _wrong(error), group, before.settings)
    announce(node, told)
    return RedirectResponse(saying(f"/@{group.handle}", "saved"), 303)


async def _close(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
    await use.check_inside(db, me, group)
    if not flag(values, "sure"):
        raise Invalid(_("Tick the box to say that you are sure."), field="sure")
    await groups.close(db, node, me, group)
    return []


def _with_member(deed: Callable[[Writing, Node, Actor, Actor, Actor], Awaitable[list[Told]]]) -> Deed:
    async def do(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
        return await deed(db, node, me, group, await actors.by_id(db, identifier(text(values, "member"))))

    return do


def _with_post(deed: keeping.Deed) -> Deed:
    async def do(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
        return await deed(db, node, me, group, identifier(text(values, "post")))

    return do


def _alone(deed: Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]) -> Deed:
    async def do(db: Writing, node: Node, me: Actor, group: Actor, _values: Params) -> list[Told]:
        return await deed(db, node, me, group)

    return do


def _as(deed: Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]) -> Deed:
    """In one's own name, or in that of a team that one leads."""

    async def do(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
        return await deed(db, node, await belonging.acting(db, me, identifier(text(values, "as"))), group)

    return do


async def _promote(db: Writing, node: Node, me: Actor, group: Actor, values: Params) -> list[Told]:
    await use.check_inside(db, me, group)
    member = await actors.by_id(db, identifier(text(values, "member")))
    said = text(values, "place")
    if said == "hand-over":
        await belonging.hand_over(db, node, me, group, member)
        return []
    try:
        place = Place(said)
    except ValueError as error:
        raise Invalid(_("In a group one is member, moderator or lead."), field="place") from error
    await belonging.promote(db, node, me, group, member, place)
    return []


# What a form does, and what is said of it on the next page (``node.words.done.SAID``).
DEEDS: Mapping[str, tuple[Deed, str]] = {
    "join": (_as(belonging.join), "group-joined"),
    "leave": (_as(belonging.leave), "group-left"),
    "yes": (_alone(lambda db, node, me, group: belonging.answer(db, node, me, group, yes=True)), "group-joined"),
    "no": (_alone(lambda db, node, me, group: belonging.answer(db, node, me, group, yes=False)), "group-declined"),
    "admit": (_with_member(belonging.let_in), "group-let-in"),
    "turn-away": (_with_member(belonging.turn_away), "group-turned-away"),
    "uninvite": (_with_member(belonging.uninvite), "group-uninvited"),
    "promote": (_promote, "saved"),
    "close": (_close, "group-closed"),
    **{name: (_with_post(deed), "group-post") for name, deed in keeping.DEEDS.items()},
}


async def act(request: Request[State]) -> Response:
    """Do one of ``DEEDS``, and back to where the form stood. Raises Invalid, Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    deed, said = DEEDS.get(text(values, "do"), (None, ""))
    if deed is None:
        raise Invalid(_("That is nothing this node can do."))
    group_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[Actor, list[Told], bool]:
        group = belonging.check_group(await actors.by_id(db, group_id))
        told = await deed(db, node, me, group, values)
        return group, told, await teams.place(db, group.id, me.id) is not None

    group, told, member = await retrying(node.database, work, keyed=False)
    announce(node, told)
    if said == "group-joined" and not member:
        said = "group-asked"
    return RedirectResponse(saying(inside(text(values, "back", f"/@{group.acct}")), said), 303)


async def invite(request: Request[State]) -> Response:
    """Ask somebody into a group of this node, by name. Raises Missing, NotAllowed, Invalid."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        group = await use.by_handle(db, request.path_params["acct"])
        await belonging.check_keeper(db, me, group)
    found = await grouping.person(node, text(values, "invited"))

    async def work(db: Writing) -> list[Told]:
        return await belonging.invite(db, node, me, group, found)

    announce(node, await retrying(node.database, work, keyed=False))
    return RedirectResponse(saying(f"/@{group.handle}/members", "group-invited"), 303)


routes = [
    Route("/groups", mine),
    Route("/groups/new", new),
    Route("/groups/new", make, methods=["POST"]),
    Route("/groups/{id}/act", act, methods=["POST"]),
    Route("/@{acct}/group", edit_form),
    Route("/@{acct}/group", edit, methods=["POST"]),
    Route("/@{acct}/invite", invite, methods=["POST"]),
]
