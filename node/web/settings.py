"""Settings: what there is, and the first of it, a member's page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import badges, portraits
from node.connecting import members as use
from node.connecting.members import ALT, FIELD, FIELDS, NAME, NOTE, ProfileChange
from node.connecting.portraits import ROLES
from node.context import State
from node.errors import Invalid, Unauthenticated
from node.forms.uploading import chosen, received
from node.guarding import asking
from node.requests import Params, flag, text
from node.surfacing.surface import announce
from node.texts import N_, _
from node.web.members import acting, reading
from node.web.paths import saying
from node.words.vocabulary import LANGUAGES
from storage import actors
from storage import badges as badge_rows
from storage.actors import Actor
from storage.database import Missing
from storage.members import Member
from storage.posts import Visibility

# The sections in their order: what stands in the address, and what it is called. A section brings its own route.
SECTIONS: Sequence[tuple[str, str]] = (
    ("profile", N_("Your page")),
    ("expertise", N_("Ask me about")),
    ("security", N_("Password and sign-in")),
    ("apps", N_("Apps")),
    ("sessions", N_("Browsers")),
    ("mail", N_("Mail from us")),
    ("quiet", N_("Quiet times")),
    ("data", N_("Your data")),
    ("move", N_("Move your account")),
    ("leave", N_("Delete your account")),
)
PROFILE = "/settings/profile"
WITH_FILES = (f"POST {PROFILE}",)
_CHECKS = ("locked", "discoverable", "indexable", "sensitive")
_PLACES = {
    "display_name": "display_name", "note": "note", "fields_attributes": "field-0", "source[privacy]": "visibility",
    "source[quote_policy]": "quote_policy",
    "avatar": "avatar", "header": "header", "avatar_description": "avatar_description",
    "header_description": "header_description", "attribution_domains": "websites",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What the form shows, and what is wrong with it."""

    values: Mapping[str, str]
    fields: Sequence[tuple[str, str]]
    wrong: Mapping[str, str] = field(default_factory=dict)


def section(
    request: Request[State], name: str, /, *, me: Actor, status: int = 200, template: str = "", **values: Any
) -> Response:
    """The page of a section, or another (``template``) that belongs to it, beside the list of all."""
    sections = [(f"/settings/{one}", _(word), one == name) for one, word in SECTIONS]
    return pages.page(request, f"settings_{template or name}.html", me=me, status=status, sections=sections, **values)


async def start(request: Request[State]) -> Response:
    """The first section."""
    await reading(request)
    return RedirectResponse(PROFILE, 303)


async def _who(request: Request[State]) -> tuple[Member, Actor]:
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    return found


async def profile(request: Request[State]) -> Response:
    """What a member says of themselves, and what their posts are unless they say otherwise."""
    node = request.state["node"]
    member, me = await _who(request)
    async with node.database.reading() as db:
        badge = await badge_rows.of(db, me.id)
    return _form(request, me, _kept(me, member), "" if badge is None else badges.domain_of(node.config, badge.email))


def _form(request: Request[State], me: Actor, written: Written, work: str = "") -> Response:
    rows = [*written.fields, *[("", "")] * FIELDS][:FIELDS]
    return section(
        request,
        "profile",
        me=me,
        status=422 if written.wrong else 200,
        written=written.values,
        fields=rows,
        wrong=written.wrong,
        languages=LANGUAGES,
        work=work,
        most={"name": NAME, "note": NOTE, "field": FIELD, "alt": ALT},
    )


def _kept(me: Actor, member: Member) -> Written:
    on = {
        "locked": me.locked, "discoverable": me.discoverable, "indexable": me.indexable, "sensitive": member.sensitive,
    }  # fmt: skip
    values = {name: "" if on[name] is None else "1" for name in _CHECKS} | {
        "display_name": me.name, "note": me.summary_source, "language": member.language,
        "visibility": member.visibility, "quote_policy": member.quote_policy, "avatar_description": me.icon_alt,
        "header_description": me.header_alt, "websites": "\n".join(json.loads(me.attribution_domains)),
    }  # fmt: skip
    return Written(values, [(one["name"], one.get("source", "")) for one in json.loads(me.fields)])


async def keep(request: Request[State]) -> Response:
    """Keep what the form says; what is wrong is said beside what was typed."""
    node = request.state["node"]
    _member, me = await _who(request)  # asked before anything of the body is read
    async with received(request, node.media, files=tuple(ROLES), most=node.config.media.size_limit) as (values, files):
        sessions.check_proof(request, text(values, "proof"))
        written = _typed(values)
        try:
            pictures = await portraits.made(node, await asyncio.to_thread(chosen, files))
            async with asking(node), node.database.writing() as db:
                await portraits.put(db, node, me.id, pictures)
                told = await use.update_profile(db, node, await actors.by_id(db, me.id), _change(written))
        except Invalid as error:
            place = _place(error.field) or ("avatar" if files else "display_name")
            return _form(request, me, replace(written, wrong={place: str(error)}))
    announce(node, told)
    return RedirectResponse(saying(PROFILE, "saved"), 303)


def _place(field: str) -> str:
    """The field of the form that an error is about; "": none."""
    if field.startswith("row."):
        return f"field-{int(field.removeprefix('row.')) - 1}"
    return _PLACES.get(field, "")


def _typed(values: Params) -> Written:
    names = (
        "display_name", "note", "language", "visibility", "quote_policy", "avatar_description", "header_description",
        "websites",
    )  # fmt: skip
    typed = {name: text(values, name) for name in names} | {name: "1" if flag(values, name) else "" for name in _CHECKS}
    rows = [(text(values, f"field-{one}").strip(), text(values, f"value-{one}").strip()) for one in range(FIELDS)]
    return Written(typed, rows)


def _change(written: Written) -> ProfileChange:
    """Raises Invalid."""
    values = written.values
    language = values["language"]
    if language and language not in LANGUAGES:
        raise Invalid(_("Choose a language of the list."), field="display_name")
    if values["visibility"] == Visibility.DIRECT:
        raise Invalid(_("This is no visibility we know."), field="source[privacy]")
    return ProfileChange(
        name=values["display_name"],
        note=values["note"],
        fields=[row for row in written.fields if any(row)],
        locked=bool(values["locked"]),
        discoverable=bool(values["discoverable"]),
        indexable=bool(values["indexable"]),
        language=language,
        visibility=values["visibility"],
        sensitive=bool(values["sensitive"]),
        quote_policy=values["quote_policy"],
        icon_alt=values["avatar_description"],
        header_alt=values["header_description"],
        websites=values["websites"].split(),
    )


async def remove_picture(request: Request[State]) -> Response:
    """Show no avatar, or no header. Raises Missing."""
    node = request.state["node"]
    me, values = await acting(request)
    role = ROLES.get(text(values, "picture"))
    if role is None:
        raise Missing("picture")
    async with node.database.writing() as db:
        told = await portraits.remove(db, node, me.id, role)
    announce(node, told)
    return RedirectResponse(saying(PROFILE, "picture-removed"), 303)


async def show_work(request: Request[State]) -> Response:
    """Show that the work address is confirmed, or do not."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.writing() as db:
        await badges.choose(db, node, me.id, shown=flag(values, "show"))
    return RedirectResponse(saying(PROFILE, "saved"), 303)


routes = [
    Route("/settings", start),
    Route(PROFILE, profile),
    Route(PROFILE, keep, methods=["POST"]),
    Route("/settings/profile/picture", remove_picture, methods=["POST"]),
    Route("/settings/profile/work", show_work, methods=["POST"]),
]
