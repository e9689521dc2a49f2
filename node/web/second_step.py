"""The page between a right password and being signed in, for members who set up a second step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import passkeys, second_step
from node.context import State
from node.errors import TooMany
from node.requests import address_of, params, text
from node.texts import _
from node.web.signing_in import KEYED, NO_STORE, enter, wait
from storage import actors, sign_ins
from storage import passkeys as keys
from storage.database import Missing
from storage.sign_ins import SignIn

OVER = "/sign-in?said=over"


async def _on_the_way(request: Request[State]) -> tuple[bytes, SignIn] | None:
    """Whose password this browser gave, and until when that counts."""
    node, token = request.state["node"], sessions.on_the_way(request)
    if token is None:
        return None
    async with node.database.reading() as db:
        found = await sign_ins.by_token(db, token, now=node.clock())
    return None if found is None else (token, found)


async def form(request: Request[State]) -> Response:
    """The page that asks for the code."""
    found = await _on_the_way(request)
    if found is None:
        return RedirectResponse(OVER, 303)
    return await _page(request, found[1])


async def _page(request: Request[State], sign_in: SignIn, *, status: int = 200, wrong: str = "") -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        keyed = passkeys.place(node.site.base_url) is not None and bool(await keys.of(db, sign_in.member_id))
    return pages.page(
        request, "second_step.html", status=status, headers={**NO_STORE, **(KEYED if keyed else {})}, keyed=keyed,
        wrong={"code": wrong} if wrong else {},
    )  # fmt: skip


async def submit(request: Request[State]) -> Response:
    """Sign in with a code of the app, or a recovery code."""
    node = request.state["node"]
    sessions.check_origin(request)
    found = await _on_the_way(request)
    if found is None:
        return RedirectResponse(OVER, 303)
    token, sign_in = found
    typed = text(await params(request), "code")
    try:
        passed = await second_step.passes(node, sign_in.member_id, typed, address=address_of(request))
    except TooMany as error:
        return await _page(request, sign_in, status=429, wrong=wait(error))
    if not passed:
        wrong = _("This code does not fit, or was used before. Type the one that the app shows now.")
        return await _page(request, sign_in, status=422, wrong=wrong)
    return await _arrive(request, token, sign_in)


async def _arrive(request: Request[State], token: bytes, sign_in: SignIn) -> Response:
    node = request.state["node"]
    async with node.database.writing() as db:
        if not await sign_ins.end(db, token):
            return RedirectResponse(OVER, 303)
        actor = await actors.by_id(db, sign_in.member_id)
    response = await enter(request, actor, sign_in.target, own_device=sign_in.own_device is not None)
    sessions.arrive(request, response)
    return response


async def offer(request: Request[State]) -> Response:
    """What one of the member's passkeys is to sign. Raises Missing."""
    sessions.check_origin(request)
    found = await _on_the_way(request)
    if found is None:
        return JSONResponse({"error": _("That took too long. Sign in again.")}, 403)
    said = await passkeys.to_step(request.state["node"], found[1].member_id, found[0])
    return Response(said, headers=NO_STORE, media_type="application/json")


async def with_passkey(request: Request[State]) -> Response:
    """Sign in with a passkey in the place of a code."""
    sessions.check_origin(request)
    found = await _on_the_way(request)
    if found is None:
        return RedirectResponse(OVER, 303)
    token, sign_in = found
    said = text(await params(request), "credential")
    try:
        passed = await passkeys.step(request.state["node"], sign_in.member_id, token, said)
    except Missing:
        passed = False
    if not passed:
        return await _page(request, sign_in, status=422, wrong=_("The passkey did not work. Type a code."))
    return await _arrive(request, token, sign_in)


routes = [
    Route("/sign-in/second", form),
    Route("/sign-in/second", submit, methods=["POST"]),
    Route("/sign-in/second/passkey/options", offer, methods=["POST"]),
    Route("/sign-in/second/passkey", with_passkey, methods=["POST"]),
]
