"""Share a measure in a post: what the numbers say goes out as text, picture and numbers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import charting, pages
from node.context import Node, State
from node.errors import Invalid, NotAllowed
from node.forms import undersigning
from node.guarding import Stopped, Warned, asking
from node.learning import measures as use
from node.learning.charts import showing
from node.requests import Params, flag, identifier, text, texts
from node.sharing import behalf
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.surfacing.surface import announce
from node.texts import _
from node.web.cards import href
from node.web.members import acting, reading
from storage import measures, members
from storage.actors import Actor
from storage.kinds import Kind
from storage.measures import Measure
from storage.pending import Pending
from storage.posts import Visibility
from storage.quotes import Policy

ASKED = ("title", "text", "visibility", "as", "key", "topics", "settings", "sure", "small")
SHOWN = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.PRIVATE)  # whom a form can address
_PLACES = {"status": "text", "fields.topics": "topics", "fields.settings": "settings"}  # of an error


async def form(request: Request[State]) -> Response:
    """The form, with the finding as a title to begin with."""
    kept, me = await _mine(request)
    title = showing.headline(kept.series).partition(". ")[0].rstrip(".")
    return await _form(request, me, kept, {"title": f"{kept.series.name}: {title}"[:200]}, {})


async def _mine(request: Request[State]) -> tuple[Measure, Actor]:
    """Raises Unauthenticated, Missing, NotAllowed."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        kept = await measures.by_id(db, identifier(request.path_params["id"]), reader_id=me.id)
        if not await use.may_change(db, me.id, kept.owner_id):
            raise NotAllowed(_("Only who keeps this measure can share it."))
    return kept, me


async def _form(
    request: Request[State],
    me: Actor,
    kept: Measure,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    error: Invalid | None = None,
) -> Response:
    async with request.state["node"].database.reading() as db:
        names = await behalf.choice(db, me)
    owner = {"as": str(kept.owner_id)} if kept.owner_id != me.id else {}
    return pages.page(
        request, "write_measure.html", me=me, status=422 if wrong else 200, kept=kept, wrong=wrong,
        written={**owner, **written}, figure=showing.figure(kept.series, "chart"), names=names,
        key=written.get("key") or secrets.token_urlsafe(16), again=isinstance(error, Warned),
        found=error.passages() if isinstance(error, Stopped) else (),
    )  # fmt: skip


async def share(request: Request[State]) -> Response:
    """Share it. What is wrong is said beside what was typed."""
    node = request.state["node"]
    me, values = await acting(request)
    kept, _me = await _mine(request)
    typed = {name: ",".join(texts(values, name)) for name in ("topics", "settings")}
    typed |= {name: text(values, name) for name in ASKED if name not in typed}
    wrong = _unsure(kept, values)
    if wrong:
        return await _form(request, me, kept, typed, wrong)
    try:
        fields, media_ids = await _copy(node, me, kept, values)
        draft = _draft(typed, fields, media_ids)
        mentioned = await sharing.resolve(node, draft.text)
        name = await undersigning.wanted(node, typed["as"])
        async with asking(node), node.database.writing() as db:
            member = await members.by_id(db, me.id)
            draft = replace(draft, quote_policy=Policy(member.quote_policy))
            author, shared = await behalf.share(db, node, me, name, draft, mentioned, member=member)
    except Invalid as error:
        place = _PLACES.get(error.field, error.field)
        place = place if place in ASKED else "text"
        return await _form(request, me, kept, typed, {place: str(error)}, error)
    announce(node, shared.told)
    if isinstance(shared.post, Pending):
        return RedirectResponse("/#waiting", 303)
    return RedirectResponse(href(shared.post, author), 303)


def _unsure(kept: Measure, values: Params) -> dict[str, str]:
    """The boxes that are not ticked."""
    found: dict[str, str] = {}
    if not flag(values, "sure"):
        found["sure"] = _("Tick the box when no one could be recognised.")
    if showing.small(kept.series) and not flag(values, "small"):
        found["small"] = _("Tick the box when these numbers cannot point to a person.")
    return found


async def _copy(node: Node, me: Actor, kept: Measure, values: Params) -> tuple[Mapping[str, object], list[int]]:
    """The fields of the post, and the picture of its chart."""
    words = {name: found for name in ("topics", "settings") if (found := [one for one in texts(values, name) if one])}
    return await charting.frozen(node, me.id, {charting.FIELD: [str(kept.id)], **words})


def _draft(typed: Mapping[str, str], fields: Mapping[str, object], media_ids: list[int]) -> Draft:
    """Raises Invalid."""
    shown = next((one for one in SHOWN if one.value == (typed["visibility"] or Visibility.PUBLIC.value)), None)
    if shown is None:
        raise Invalid(_("There is no such visibility."), field="visibility")
    return Draft(
        typed["text"], kind=Kind.MEASURE, title=typed["title"], visibility=shown, fields=fields, media_ids=media_ids,
        idempotency_key=typed["key"][: sharing.KEY_LENGTH] or None,
    )  # fmt: skip


routes = [
    Route("/measures/{id}/share", form),
    Route("/measures/{id}/share", share, methods=["POST"]),
]
