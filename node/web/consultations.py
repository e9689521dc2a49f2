"""Consultations: what is asked, what is over, and what came of it; a form for the summary."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import flag, identifier, text
from node.sharing import behalf, polls
from node.sharing import posts as sharing
from node.sharing.behalf import Name
from node.sharing.drafts import Draft
from node.slips import Passage
from node.surfacing.surface import announce
from node.texts import _
from node.web import gatherings
from node.web.cards import href
from node.web.entries import entries
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, consultations, members, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, listed
from storage.ids import LAST
from storage.kinds import TITLE, Kind
from storage.pending import Pending
from storage.posts import Post

PAGE = 20
STAGES = ("", "without-summary", "closed")


async def show(request: Request[State]) -> Response:
    """Those that are open; those that are over and wait for their summary; those that have it. Raises Missing."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    stage = request.path_params.get("stage", "")
    if stage not in STAGES:
        raise Missing(stage)
    before = identifier(request.query_params.get("max_id", "")) or LAST
    async with node.database.reading(stale=me is None) as db:
        ids = await _found(db, stage, reader_id=reader_id, now=node.clock(), before=before)
        lines = await timelines.some(db, listed(ids), reader_id=reader_id)
        shown = await entries(db, node, [lines[one] for one in ids if one in lines], reader_id=reader_id)
    older = f"{request.url.path}?max_id={ids[-1]}" if len(ids) == PAGE else None
    return pages.page(
        request, "consultations.html", me=me, entries=shown, stage=stage, older=older, first=before == LAST
    )


async def _found(db: Reading, stage: str, *, reader_id: int, now: int, before: int) -> list[int]:
    if stage == "closed":
        return await consultations.concluded(db, reader_id=reader_id, before=before, limit=PAGE)
    if stage:
        return await consultations.without_summary(db, reader_id=reader_id, now=now, before=before, limit=PAGE)
    return await consultations.still_open(db, reader_id=reader_id, now=now, before=before, limit=PAGE)


async def form(request: Request[State]) -> Response:
    """An empty form for the summary. Raises Unauthenticated, Missing, NotAllowed."""
    me = await reading(request)
    return await _form(request, me, *await _asked(request, me), {})


async def _asked(request: Request[State], me: Actor) -> tuple[Post, Actor]:
    async with request.state["node"].database.reading() as db:
        post = await behalf.own_post(db, me.id, identifier(request.path_params["id"]))
        if await consultations.one(db, post.id) is None:
            raise Missing(str(post.id))
        return post, await actors.by_id(db, post.author_id)


async def _form(
    request: Request[State],
    me: Actor,
    asked: Post,
    author: Actor,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    async with request.state["node"].database.reading() as db:
        here, elsewhere = await consultations.voters(db, asked.id)
    return pages.page(
        request, "write_summary.html", me=me, status=422 if wrong else 200, asked=asked, back=href(asked, author),
        written=typed, wrong=wrong or {}, found=found, again=again, here=here, elsewhere=elsewhere,
        key=typed.get("key") or secrets.token_urlsafe(16),
    )  # fmt: skip


async def summarise(request: Request[State]) -> Response:
    """Publish the summary; who voted or answered is told. Raises Unauthenticated, Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    asked, author = await _asked(request, me)
    typed = {name: text(values, name) for name in (*gatherings.SUMMARY, "did", "key", "sure")}
    if not flag(values, "sure"):
        wrong = {"sure": _("Tick the box when no one could be recognised.")}
        return await _form(request, me, asked, author, typed, wrong)
    draft = Draft(
        "", kind=Kind.SUMMARY, title=asked.title[:TITLE], language=asked.language, in_reply_to_id=asked.id,
        fields={"themes": gatherings.themes(typed), "did": typed["did"]},
        idempotency_key=typed["key"][: sharing.KEY_LENGTH] or None,
    )  # fmt: skip
    name = Name() if author.id == me.id else Name(team_id=author.id)
    try:
        async with asking(node), node.database.writing() as db:
            member = await members.by_id(db, me.id)
            _by, shared = await behalf.share(db, node, me, name, draft, {}, member=member)
    except Stopped as error:
        wrong = {_field(error.field): str(error)}
        return await _form(request, me, asked, author, typed, wrong, error.passages(), isinstance(error, Warned))
    except Invalid as error:
        return await _form(request, me, asked, author, typed, {_field(error.field): str(error)})
    announce(node, shared.told)
    made = shared.post
    return RedirectResponse("/#waiting" if isinstance(made, Pending) else href(made, author), 303)


async def close(request: Request[State]) -> Response:
    """Close it before its day. Raises Unauthenticated, Missing, NotAllowed, Invalid."""
    node = request.state["node"]
    me, _values = await acting(request)
    asked, author = await _asked(request, me)
    async with node.database.writing() as db:
        told = await polls.close(db, node, me, asked.id)
    announce(node, told)
    return RedirectResponse(saying(href(asked, author), "consultation-closed"), 303)


def _field(name: str) -> str:
    return "did" if name.removeprefix("fields.") == "did" else "themes"


routes = [
    Route("/consultations", show),
    Route("/consultations/{stage}", show),
    Route("/consultations/{id}/close", close, methods=["POST"]),
    Route("/consultations/{id}/summary", form),
    Route("/consultations/{id}/summary", summarise, methods=["POST"]),
]
