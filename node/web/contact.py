"""Write to those who run the node: a page for everyone, signed in or not, with or without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid
from node.requests import Params, address_of, identifier, params, text
from node.review import deciding, inquiries
from node.review.inquiries import LENGTH, Said
from node.web.members import acting
from node.web.paths import saying
from storage import members
from storage.actors import Actor

PAGE = "/contact"
TRAP = "nothing"  # a field that people do not see


async def form(request: Request[State]) -> Response:
    """The form; or thanks, with what happens now."""
    return _form(request, await sessions.me(request), {}, {}, done="done" in request.query_params)


def _form(
    request: Request[State], me: Actor | None, written: Params, wrong: dict[str, str], *, done: bool = False
) -> Response:
    kept = {"cache-control": "no-store"} if written or wrong else {}
    return pages.page(
        request, "contact.html", me=me, status=422 if wrong else 200, headers=kept, written=written, wrong=wrong,
        most=LENGTH, trap=TRAP, done=done,
    )  # fmt: skip


async def submit(request: Request[State]) -> Response:
    """Give it to guardians and the operator; what is wrong is said beside what was typed. Raises NotAllowed,
    TooMany."""
    node = request.state["node"]
    values = await params(request)
    me = await sessions.anybody(request, text(values, "proof"))
    typed = {name: text(values, name) for name in ("text", "email")}
    said = Said(typed["text"], typed["email"], text(values, TRAP), address_of(request))
    try:
        await inquiries.receive(node, said)
    except Invalid as error:
        return _form(request, me, typed, {error.field: str(error)})
    return RedirectResponse(f"{PAGE}?done", 303)


async def close(request: Request[State]) -> Response:
    """A guardian saw to a letter. Raises Missing, NotAllowed, Unauthenticated."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        deciding.check_guardian(await members.by_id(db, me.id))
        await inquiries.close(db, node, me, identifier(request.path_params["id"]))
    return RedirectResponse(saying("/guardian#letters", "letter-done"), 303)


routes = [
    Route(PAGE, form),
    Route(PAGE, submit, methods=["POST"]),
    Route("/guardian/letters/{id}/done", close, methods=["POST"]),
]
