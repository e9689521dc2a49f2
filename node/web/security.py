"""Settings: password and address, and what there is of second step and passkeys."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import changing, passkeys
from node.context import State
from node.errors import Invalid, NotAllowed, TooMany, Unauthenticated
from node.requests import Params, address_of, flag, identifier, params, secret_hash, text
from node.web.paths import saying
from node.web.settings import section
from node.web.signing_in import NO_STORE, wait
from storage import address_changes, authenticators, links
from storage import passkeys as keys
from storage.actors import Actor
from storage.database import Missing
from storage.links import Purpose
from storage.members import Member

SECURITY = "/settings/security"


async def who(request: Request[State]) -> tuple[Member, Actor]:
    """Who is signed in. Raises Unauthenticated."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    return found


async def sure(request: Request[State], field: str = "present") -> tuple[Member, Actor, Params, Mapping[str, str]]:
    """Who sent a form of ours, what is in it, and what is wrong when the password in its ``field`` is not theirs.

    Raises Unauthenticated, NotAllowed.
    """
    member, me = await who(request)
    values = await params(request)
    sessions.check_proof(request, text(values, "proof"))
    try:
        await changing.check_password(request.state["node"], member, text(values, field), address=address_of(request))
    except Invalid as error:
        return member, me, values, {field: str(error)}
    except TooMany as error:
        return member, me, values, {field: wait(error)}
    return member, me, values, {}


async def show(request: Request[State]) -> Response:
    """What there is."""
    member, me = await who(request)
    return await _page(request, member, me)


async def _page(
    request: Request[State], member: Member, me: Actor, *, form: str = "", wrong: Mapping[str, str] | None = None,
    email: str = "",
) -> Response:  # fmt: skip
    """The page; ``form`` is the one that ``wrong`` is about."""
    node = request.state["node"]
    async with node.database.reading() as db:
        app = await authenticators.of(db, me.id)
        left = await authenticators.codes_left(db, me.id)
        known = await keys.of(db, me.id)
        change = await address_changes.of(db, me.id)
    return section(
        request, "security", me=me, status=422 if wrong else 200, form=form, wrong=wrong or {}, email=email,
        address=member.email, wished=change.email if change is not None and not change.former else "",
        since=None if app is None else app.confirmed, left=left, passkeys=known,
        keyed=passkeys.place(node.site.base_url) is not None,
    )  # fmt: skip


async def password(request: Request[State]) -> Response:
    """Set another password."""
    member, me, values, wrong = await sure(request)
    if wrong:
        return await _page(request, member, me, form="password", wrong=wrong)
    apps = flag(values, "apps")
    try:
        await changing.change_password(
            request.state["node"], me, text(values, "password"), here=sessions.cookie_hash(request), apps=apps
        )
    except Invalid as error:
        return await _page(request, member, me, form="password", wrong={error.field: str(error)})
    return RedirectResponse(saying(SECURITY, "password-apps" if apps else "password"), 303)


async def address(request: Request[State]) -> Response:
    """Mail a link to the address that is wanted."""
    member, me, values, wrong = await sure(request, "present-address")
    email = text(values, "email").strip()
    if wrong:
        return await _page(request, member, me, form="address", wrong=wrong, email=email)
    if not request.state["node"].config.mails:
        raise Missing("mail")
    try:
        await changing.wish_address(request.state["node"], member, email)
    except Invalid as error:
        return await _page(request, member, me, form="address", wrong={error.field: str(error)}, email=email)
    except TooMany as error:
        return await _page(request, member, me, form="address", wrong={"email": wait(error)}, email=email)
    return RedirectResponse(saying(SECURITY, "address-asked"), 303)


async def opened(request: Request[State]) -> Response:
    """The page that the link opens. It changes nothing: programs that look at mail open links too."""
    node = request.state["node"]
    async with node.database.reading() as db:
        link = await links.by_token(db, secret_hash(request.path_params["token"]), Purpose.ADDRESS, now=node.clock())
        change = None if link is None or link.used is not None else await address_changes.of(db, link.member_id)
    if link is None or change is None or link.address != links.digest(change.email):
        return _over(request)
    return pages.page(request, "address.html", headers=NO_STORE, email=change.email, done=False, wrong="")


async def take(request: Request[State]) -> Response:
    """Have the new address from now on."""
    sessions.check_origin(request)
    try:
        email = await changing.take_address(request.state["node"], request.path_params["token"])
    except Missing:
        return _over(request)
    except NotAllowed as error:
        return pages.page(
            request, "address.html", status=422, headers=NO_STORE, email="", done=False, wrong=str(error)
        )  # fmt: skip
    return pages.page(request, "address.html", headers=NO_STORE, email=email, done=True, wrong="")


def _over(request: Request[State]) -> Response:
    return pages.page(request, "link_over.html", status=404, headers=NO_STORE, again=SECURITY, purpose="address")


async def offer(request: Request[State]) -> Response:
    """What the browser needs to make a passkey, for who knows the password."""
    _member, me, _values, wrong = await sure(request, "present-passkey")
    if wrong:
        return JSONResponse({"error": " ".join(wrong.values())}, 422)
    try:
        said = await passkeys.to_register(request.state["node"], me, sessions.cookie_hash(request))
    except Invalid as error:
        return JSONResponse({"error": str(error)}, 422)
    return Response(said, headers=NO_STORE, media_type="application/json")


async def add(request: Request[State]) -> Response:
    """Keep a passkey."""
    member, me = await who(request)
    values = await params(request)
    sessions.check_proof(request, text(values, "proof"))
    try:
        await passkeys.register(
            request.state["node"], me, sessions.cookie_hash(request), text(values, "credential"), text(values, "name")
        )
    except Invalid as error:
        return await _page(request, member, me, form="passkey", wrong={"name": str(error)})
    return RedirectResponse(saying(SECURITY, "passkey-added"), 303)


async def remove(request: Request[State]) -> Response:
    """Let a passkey sign nobody in any more. Raises Missing."""
    _member, me = await who(request)
    values = await params(request)
    sessions.check_proof(request, text(values, "proof"))
    await passkeys.remove(request.state["node"], me, identifier(text(values, "passkey")))
    return RedirectResponse(saying(SECURITY, "passkey-removed"), 303)


routes = [
    Route(SECURITY, show),
    Route(f"{SECURITY}/password", password, methods=["POST"]),
    Route(f"{SECURITY}/address", address, methods=["POST"]),
    Route(f"{SECURITY}/passkeys/options", offer, methods=["POST"]),
    Route(f"{SECURITY}/passkeys", add, methods=["POST"]),
    Route(f"{SECURITY}/passkeys/remove", remove, methods=["POST"]),
    Route("/address/{token}", opened),
    Route("/address/{token}", take, methods=["POST"]),
]
