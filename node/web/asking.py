"""Pages of asking: questions and the unanswered, who can be asked about what, and saying so of oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.asking import answers, expertise
from node.context import State
from node.errors import Invalid
from node.requests import identifier, text, texts
from node.surfacing.surface import announce
from node.web.cards import href
from node.web.entries import entries
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from node.words import pairing, vocabulary
from storage import actors, experts, posts, questions, timelines
from storage.actors import Actor
from storage.database import listed
from storage.experts import REGIONS, ROLES, Expertise
from storage.filters import Context
from storage.ids import LAST
from storage.paging import Page

PAGE = 20


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who can be asked."""

    actor: Actor
    said: Expertise


async def asked(request: Request[State]) -> Response:
    """Questions, newest first; ``unanswered``: those that nobody answered for two days."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    unanswered = "unanswered" in request.query_params
    async with node.database.reading(stale=me is None) as db:
        ids = await questions.newest(db, unanswered=unanswered, reader_id=reader_id, page=page, now=node.clock())
        found = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
        lines = [found[one] for one in ids if one in found]
        shown = await entries(db, node, lines, reader_id=reader_id, where=Context.PUBLIC)
    query = {"unanswered": "1"} if unanswered else {}
    older = f"/questions?{urlencode({**query, 'max_id': str(ids[-1])})}" if len(ids) == PAGE else None
    return pages.page(
        request, "questions.html", me=me, entries=shown, older=older, unanswered=unanswered, first=page.before == LAST
    )  # fmt: skip


async def answer(request: Request[State]) -> Response:
    """Say that a reply answered one's question, or that none did. Raises Missing, NotAllowed, Invalid."""
    node = request.state["node"]
    me, values = await acting(request)
    question_id, reply_id = identifier(request.path_params["id"]), identifier(text(values, "reply"))
    async with node.database.writing() as db:
        if reply_id:
            told = await answers.accept(db, node, me, question_id, reply_id)
        else:
            told = await answers.take_back(db, node, me, question_id)
        post = await posts.any_by_id(db, question_id)
        author = await actors.by_id(db, post.author_id)
    announce(node, told)
    return RedirectResponse(f"{href(post, author)}#answer" if reply_id else href(post, author), 303)


async def found(request: Request[State]) -> Response:
    """Who can be asked, by topic, words, role and region."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    given = {name: request.query_params.get(name, "")[:60] for name in ("topic", "q", "role", "region")}
    role, region = (given[name] if given[name] in known else "" for name, known in _CHOICES)
    wanted = expertise.wanted(given["topic"], given["q"].replace("\x00", ""))
    before = identifier(request.query_params.get("max_id", "")) or LAST
    async with node.database.reading(stale=me is None) as db:
        some = await experts.found(
            db, topic=wanted.topic, named=wanted.named, role=role, region=region, reader_id=reader_id, before=before,
            limit=PAGE,
        )  # fmt: skip
        said = await experts.of(db, [one.id for one in some])
    shown = [Expert(one, said[one.id]) for one in some]
    kept = {name: value for name, value in given.items() if value}
    older = f"/experts?{urlencode({**kept, 'max_id': str(some[-1].id)})}" if len(some) == PAGE else None
    return pages.page(
        request, "experts.html", me=me, experts=shown, older=older, given=given, topic=wanted.topic,
        topics=vocabulary.topics(), roles=pairing.roles(), regions=pairing.regions(), first=before == LAST,
    )  # fmt: skip


_CHOICES = (("role", ROLES), ("region", REGIONS))


async def own(request: Request[State]) -> Response:
    """About what one can be asked."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        said = await experts.one(db, me.id)
    return _form(request, me, said)


def _form(request: Request[State], me: Actor, said: Expertise, wrong: Mapping[str, str] | None = None) -> Response:
    return section(
        request, "expertise", me=me, status=422 if wrong else 200, expertise=said, wrong=wrong or {},
        topics=vocabulary.topics(), settings=vocabulary.settings(), roles=pairing.roles(), regions=pairing.regions(),
        written={"role": said.role, "region": said.region},
    )  # fmt: skip


async def change(request: Request[State]) -> Response:
    """Keep it, and tell those who follow."""
    node = request.state["node"]
    me, values = await acting(request)
    topics, settings = ([one for one in texts(values, name) if one] for name in ("topics", "settings"))
    try:
        said = expertise.checked(topics, settings, text(values, "role"), text(values, "region"))
    except Invalid as error:
        known = Expertise(tuple(topics), tuple(settings), text(values, "role"), text(values, "region"))
        return _form(request, me, known, {error.field: str(error)})
    async with node.database.writing() as db:
        told = await expertise.change(db, node, me, said)
    announce(node, told)
    return RedirectResponse(saying("/settings/expertise", "saved"), 303)


routes = [
    Route("/questions", asked),
    Route("/questions/{id}/answer", answer, methods=["POST"]),
    Route("/experts", found),
    Route("/settings/expertise", own),
    Route("/settings/expertise", change, methods=["POST"]),
]
