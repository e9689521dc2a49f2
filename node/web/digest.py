"""Settings: the weekly mail; and the page that ends it from a mail, without a sign-in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.connecting import digests as use
from node.context import State
from node.errors import Invalid
from node.requests import flag, number, text
from node.surfacing import digests as written
from node.texts import N_, _
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from storage import digests
from storage.actors import Actor
from storage.database import Missing

PLACE = "/settings/mail"
HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}  # the address is the key
DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
FRIDAY, MORNING = 4, 7


async def show(request: Request[State]) -> Response:
    """Whether and when it comes."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        wanted = await digests.of(db, me.id)
    values = {"weekday": str(FRIDAY), "hour": str(MORNING)}
    if wanted is not None:
        values = {"weekly": "1", "weekday": str(wanted.weekday), "hour": str(wanted.hour)}
    return _form(request, me, values)


def _form(request: Request[State], me: Actor, values: dict[str, str], wrong: dict[str, str] | None = None) -> Response:
    days = [(str(n), _(word)) for n, word in enumerate(DAYS)]
    hours = [(str(n), f"{n:02}:00") for n in range(24)]
    return section(
        request, "mail", me=me, status=422 if wrong else 200, written=values, wrong=wrong or {}, days=days, hours=hours
    )


async def keep(request: Request[State]) -> Response:
    """Send it at that time from now on, or no more."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = {name: text(values, name) for name in ("weekly", "weekday", "hour")}
    try:
        async with node.database.writing() as db:
            if flag(values, "weekly"):
                await use.choose(
                    db, node, me.id, weekday=number(values, "weekday", -1), hour=number(values, "hour", -1)
                )  # fmt: skip
            else:
                await digests.remove(db, me.id)
    except Invalid as error:
        return _form(request, me, typed, {error.field or "weekday": str(error)})
    return RedirectResponse(saying(PLACE, "saved"), 303)


async def ask(request: Request[State]) -> Response:
    """The page that the mail's link opens. It changes nothing: programs that look at mail open links too."""
    _member(request)
    return pages.page(request, "unsubscribe.html", headers=HEADERS, done=False)


async def end(request: Request[State]) -> Response:
    """End it: a person's click, or that of a mail program (RFC 8058), which sends no cookie and reads no page."""
    node = request.state["node"]
    member_id = _member(request)
    async with node.database.writing() as db:
        await digests.remove(db, member_id)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(_("It is ended."), headers=HEADERS)
    return pages.page(request, "unsubscribe.html", headers=HEADERS, done=True)


def _member(request: Request[State]) -> int:
    """Whose digest it is. Raises Missing for an address that is in no mail of ours."""
    member_id = int(request.path_params["id"])
    if not written.proven(request.state["node"], member_id, request.path_params["proof"]):
        raise Missing("digest")
    return member_id


routes = [
    Route(PLACE, show),
    Route(PLACE, keep, methods=["POST"]),
    Route("/unsubscribe/{id:int}/{proof}", ask),
    Route("/unsubscribe/{id:int}/{proof}", end, methods=["POST"]),
]
