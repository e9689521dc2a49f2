"""Settings: set an authenticator app up, new recovery codes, and ask no second step any more."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import sessions
from node.connecting import second_step
from node.context import State
from node.errors import Invalid, TooMany
from node.requests import address_of, params, text
from node.texts import _
from node.web.paths import saying
from node.web.security import SECURITY, sure, who
from node.web.settings import section
from node.web.signing_in import wait
from storage.actors import Actor
from storage.database import Missing

SET_UP, CODES, OFF = f"{SECURITY}/app", f"{SECURITY}/codes", f"{SECURITY}/off"


def _page(
    request: Request[State], me: Actor, step: str, *, wrong: Mapping[str, str] | None = None, **values: Any
) -> Response:
    shown: dict[str, Any] = {"codes": [], "secret": "", "picture": "", **values}
    return section(
        request, "security", me=me, status=422 if wrong else 200, template="second_step", step=step,
        wrong=wrong or {}, **shown,
    )  # fmt: skip


async def form(request: Request[State]) -> Response:
    """The picture to take with the app, once the password was given."""
    _member, me = await who(request)
    return await _form(request, me)


async def _form(request: Request[State], me: Actor, wrong: Mapping[str, str] | None = None) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        if await second_step.asked(db, me.id):
            return RedirectResponse(SECURITY, 303)
    secret = await second_step.to_scan(node, me.id)
    if secret is None:
        return _page(request, me, "start", wrong=wrong)
    said = second_step.address(node, me, secret)
    parts = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _page(request, me, "scan", wrong=wrong, secret=parts, picture=_picture(said))


def _picture(said: str) -> Markup:
    """A QR code as SVG, dark on light whatever the page's colours are: not all apps read it the other way."""
    drawn = segno.make(said, micro=False, error="m").svg_inline(omitsize=True, border=4, light="#fff", dark="#000")
    return Markup(drawn)  # noqa: S704 - numbers and colours of segno's; what is said is drawn


async def start(request: Request[State]) -> Response:
    """Begin, for who knows the password."""
    _member, me, _values, wrong = await sure(request)
    if wrong:
        return await _form(request, me, wrong)
    try:
        await second_step.start(request.state["node"], me.id)
    except Missing:
        return RedirectResponse(SECURITY, 303)
    return RedirectResponse(SET_UP, 303)


async def confirm(request: Request[State]) -> Response:
    """Ask for codes from now on, when this one fits; the recovery codes are shown once."""
    _member, me = await who(request)
    values = await params(request)
    sessions.check_proof(request, text(values, "proof"))
    try:
        codes = await second_step.confirm(request.state["node"], me, text(values, "code"), address=address_of(request))
    except Missing:
        return RedirectResponse(SECURITY, 303)
    except Invalid as error:
        return await _form(request, me, {"code": str(error)})
    except TooMany as error:
        return await _form(request, me, {"code": wait(error)})
    return _page(request, me, "done", codes=codes)


async def ask(request: Request[State], step: str) -> Response:
    """The page that asks for the password, and for a code if that is needed too."""
    _member, me = await who(request)
    async with request.state["node"].database.reading() as db:
        if not await second_step.asked(db, me.id):
            return RedirectResponse(SECURITY, 303)
    return _page(request, me, step)


async def renew(request: Request[State]) -> Response:
    """New recovery codes, shown once; those of before open nothing any more."""
    _member, me, _values, wrong = await sure(request)
    if wrong:
        return _page(request, me, "codes", wrong=wrong)
    try:
        codes = await second_step.renew_codes(request.state["node"], me)
    except Missing:
        return RedirectResponse(SECURITY, 303)
    return _page(request, me, "renewed", codes=codes)


async def off(request: Request[State]) -> Response:
    """Ask for no code any more."""
    node = request.state["node"]
    _member, me, values, wrong = await sure(request)
    if wrong:
        return _page(request, me, "off", wrong=wrong)
    try:
        passed = await second_step.passes(node, me.id, text(values, "code"), address=address_of(request))
    except TooMany as error:
        return _page(request, me, "off", wrong={"code": wait(error)})
    if not passed:
        return _page(request, me, "off", wrong={"code": _("This code does not fit, or was used before.")})
    async with node.database.writing() as db:
        await second_step.switch_off(db, node.config, me, by=me.id, now=node.clock())
    return RedirectResponse(saying(SECURITY, "second-step-off"), 303)


routes = [
    Route(SET_UP, form),
    Route(SET_UP, start, methods=["POST"]),
    Route(f"{SET_UP}/confirm", confirm, methods=["POST"]),
    Route(CODES, partial(ask, step="codes")),
    Route(CODES, renew, methods=["POST"]),
    Route(OFF, partial(ask, step="off")),
    Route(OFF, off, methods=["POST"]),
]
