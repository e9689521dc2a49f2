"""Join: the form, with or without an invitation; the link in the mail; the page that welcomes who is new."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import registering
from node.connecting.registering import Asked
from node.context import State
from node.errors import Invalid, NotAllowed, Problems, TooMany
from node.requests import address_of, flag, params, text
from node.texts import _
from node.web.members import reading
from storage import actors, follows, joined
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading
from storage.members import Member

NO_STORE = {"cache-control": "no-store"}
SHOWN = ("username", "email", "reason")  # what was typed and may be shown again
NEXT = {"check": "join_check.html", "waiting": "join_waiting.html"}
SUGGESTED = 6  # accounts to follow
LOOKED_AT = 40  # of each sort, to find them


async def form(request: Request[State]) -> Response:
    """The form to join; who cannot is told what they can do."""
    if await sessions.me(request) is not None:
        return RedirectResponse("/", 303)
    return await _form(request)


async def _form(
    request: Request[State], *, written: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    node = request.state["node"]
    code: str = request.path_params.get("code", "")
    async with node.database.reading() as db:
        works = bool(code) and await registering.invitation(db, node, code)
    if not registering.may_join(node.config, code if works else ""):
        return pages.page(request, "join_closed.html", status=404 if code else 200, headers=NO_STORE, spent=bool(code))
    if code and not works:
        return pages.page(request, "join_closed.html", status=404, headers=NO_STORE, spent=True)
    return pages.page(
        request,
        "join.html",
        status=status,
        headers=NO_STORE,
        written=written or {},
        wrong=wrong or {},
        code=code,
        reason=registering.asks_reason(node.config, code),
    )


async def submit(request: Request[State]) -> Response:
    """Make the account; what is wrong is said beside what was typed."""
    node = request.state["node"]
    sessions.check_origin(request)
    values = await params(request)
    asked = Asked(
        username=text(values, "username").strip().removeprefix("@"),
        email=text(values, "email").strip(),
        password=text(values, "password"),
        agreement=flag(values, "agreement") or not node.config.registration.rules,
        reason=text(values, "reason"),
        invitation=request.path_params.get("code", ""),
    )
    written = {name: text(values, name) for name in SHOWN}
    try:
        made = await registering.register(node, asked, address=address_of(request))
    except Problems as error:
        wrong = {one.field: one.text for one in reversed(error.found)}
        order = ("username", "email", "password", "reason", "agreement")
        return await _form(
            request, written=written, wrong={name: wrong[name] for name in order if name in wrong}, status=422
        )  # fmt: skip
    except (NotAllowed, Invalid):
        return await _form(request, status=422)
    except TooMany as error:
        said = _("Too many people join from where you are. Wait %s minutes and try again.") % -(-error.after // 60)
        return await _form(request, written=written, wrong={"username": said}, status=429)
    return await _next(request, made)


async def _next(request: Request[State], made: Member) -> Response:
    """Where somebody who joined goes from here."""
    node = request.state["node"]
    if made.usable:
        async with node.database.writing() as db:
            actor = await actors.by_id(db, made.actor_id)
            await joined.welcome(db, actor.id, now=node.clock())
        response = RedirectResponse("/welcome", 303)
        await sessions.begin(request, response, actor, own_device=False)
        return response
    return RedirectResponse("/join/check" if node.config.mails else "/join/waiting", 303)


async def what_next(request: Request[State]) -> Response:
    """What whoever joined waits for now; the same for every address."""
    name = request.url.path.rpartition("/")[2]
    return pages.page(request, NEXT[name], headers=NO_STORE, me=await sessions.me(request))


async def ask(request: Request[State]) -> Response:
    """The page that the link in the mail opens. It changes nothing: programs that look at mail open links too."""
    node = request.state["node"]
    token = request.path_params["token"]
    async with node.database.reading() as db:
        member = await registering.linked(db, node, token)
    if member is None:
        return pages.page(request, "link_over.html", status=404, headers=NO_STORE, again="/sign-in", purpose="confirm")
    if member.confirmed is not None:
        return _after(member)
    return pages.page(request, "confirm.html", headers=NO_STORE, email=member.email)


async def confirm(request: Request[State]) -> Response:
    """The address is theirs."""
    sessions.check_origin(request)
    try:
        member = await registering.confirm(request.state["node"], request.path_params["token"])
    except Missing:
        return pages.page(request, "link_over.html", status=404, headers=NO_STORE, again="/sign-in", purpose="confirm")
    return _after(member)


def _after(member: Member) -> Response:
    return RedirectResponse("/join/waiting" if member.approved is None else "/sign-in?said=confirmed", 303)


async def welcome(request: Request[State]) -> Response:
    """What a node is, three things to do, and whom to follow."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        suggested = await _suggested(db, me)
        followed = await follows.of(db, follower_id=me.id, target_ids=[one.id for one in suggested])
    return pages.page(request, "welcome.html", me=me, suggested=suggested, followed=set(followed))


async def _suggested(db: Reading, me: Actor) -> list[Actor]:
    """Teams and alliances of this node first, then people, who let themselves be found."""
    found: list[Actor] = []
    for kind in (ActorKind.GROUP, ActorKind.ORGANIZATION, ActorKind.PERSON):
        found += await actors.of_kind_here(db, kind, limit=LOOKED_AT)
    return [one for one in found if one.discoverable is not None and one.id != me.id][:SUGGESTED]


routes = [
    Route("/join", form),
    Route("/join", submit, methods=["POST"]),
    Route("/join/check", what_next),
    Route("/join/waiting", what_next),
    Route("/join/{code}", form),
    Route("/join/{code}", submit, methods=["POST"]),
    Route("/confirm/{token}", ask),
    Route("/confirm/{token}", confirm, methods=["POST"]),
    Route("/welcome", welcome),
]
