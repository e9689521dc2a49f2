"""Change or delete a post on a page: one's own, or what one may change of a team's or wrote without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import Params, flag, identifier, text
from node.sharing import behalf, understanding
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.slips import Passage
from node.surfacing.surface import announce
from node.web import filling, gatherings
from node.web.cards import href
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.questions import OTHER, Question
from storage import actors
from storage.actors import Actor, ActorKind
from storage.kinds import Kind
from storage.posts import Post

_PLACES = {"title": "title", "spoiler_text": "summary"}  # of an error; all else is about the text


async def form(request: Request[State]) -> Response:
    """What it says now. Raises Unauthenticated, Missing, NotAllowed."""
    me = await reading(request)
    post, author = await _wanted(request, me)
    written = filling.again(post) | {"title": post.title, "text": post.source, "summary": post.summary}
    written |= gatherings.other(post)
    return _page(request, me, post, author, written)


def _questions(post: Post) -> Sequence[Question]:
    """The parts of a post that have inputs of their own; what was read from its text is changed there."""
    return [] if understanding.was(post) else filling.questions_for(post)


def _draft(post: Post, values: Params, written: Mapping[str, str]) -> Draft:
    """The new words of a post."""
    draft = Draft(
        written["text"],
        title=written["title"] if post.title else "",
        summary=written["summary"],
        sensitive=post.sensitive is not None and not post.summary,
        language=post.language,
        fields=filling.changed(post, written, filling.sent(values, _questions(post))),
        kind=post.kind,
    )
    if understanding.was(post):
        plain = flag(values, "plain")
        draft = replace(draft, kind=Kind.PLAIN, title="", fields={}) if plain else understanding.again(post, draft)
    if OTHER[2] not in values:
        return draft
    rest = {name: one for name, one in draft.fields.items() if name != "translation"}
    return replace(draft, fields=rest | gatherings.fields(written))


async def _wanted(request: Request[State], me: Actor) -> tuple[Post, Actor]:
    async with request.state["node"].database.reading() as db:
        post = await behalf.own_post(db, me.id, identifier(request.path_params["id"]))
        return post, await actors.by_id(db, post.author_id)


def _page(
    request: Request[State],
    me: Actor,
    post: Post,
    author: Actor,
    written: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    return pages.page(
        request, "change.html", me=me, status=422 if wrong else 200, post=post, author=author, back=href(post, author),
        fixed=author.id != me.id and author.kind is ActorKind.PERSON,
        questions=_questions(post), rows_shown=filling.rows_shown, understood=understanding.was(post),
        written=written, wrong=wrong or {}, found=found, again=again,
    )  # fmt: skip


async def change(request: Request[State]) -> Response:
    """Keep the new words; what is wrong is said beside them. Raises Unauthenticated, Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    post, author = await _wanted(request, me)
    written = {name: text(values, name) for name in ("title", "text", "summary", *OTHER)}
    written |= filling.typed(values, _questions(post))
    draft = _draft(post, values, written)
    mentioned = await sharing.resolve(node, draft.naming)
    try:
        async with asking(node), node.database.writing() as db:
            told = await behalf.edit(db, node, me.id, post.id, draft, mentioned, kind=draft.kind)
    except Stopped as error:
        wrong = {_place(error, post): str(error)}
        return _page(request, me, post, author, written, wrong, error.passages(), isinstance(error, Warned))
    except Invalid as error:
        return _page(request, me, post, author, written, {_place(error, post): str(error)})
    announce(node, told)
    return RedirectResponse(href(post, author), 303)


def _place(error: Invalid, post: Post) -> str:
    """The field of the form that an error is about."""
    if error.field.removeprefix("fields.") == "translation":
        return OTHER[2]
    return _PLACES.get(error.field) or filling.place(error.field, _questions(post)) or "text"


async def delete(request: Request[State]) -> Response:
    """Erase it, and say so to every server that may have it. Raises Unauthenticated, Missing, NotAllowed."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        _post, told = await behalf.take_back(db, node, me.id, identifier(request.path_params["id"]))
    announce(node, told)
    return RedirectResponse(saying("/", "post-deleted"), 303)


routes = [
    Route("/posts/{id}/change", form),
    Route("/posts/{id}/change", change, methods=["POST"]),
    Route("/posts/{id}/delete", delete, methods=["POST"]),
]
