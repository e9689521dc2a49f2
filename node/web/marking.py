"""Pages to correct a structured post, and to withdraw it. Work without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid, NotAllowed, Unauthenticated
from node.guarding import Stopped, Warned, asking
from node.requests import identifier, text
from node.sharing import behalf, marking, understanding
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.sharing.marking import NewMark
from node.slips import Passage
from node.surfacing.surface import announce
from node.texts import _
from node.web import filling
from node.web.cards import href
from node.web.members import acting
from node.web.paths import saying
from node.web.questions import Question
from storage import actors, members, posts
from storage.actors import Actor
from storage.database import Reading
from storage.marks import SAID
from storage.members import Member
from storage.posts import Post


async def _reading(request: Request[State]) -> tuple[Member, Actor]:
    """Who is signed in. Raises Unauthenticated."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    return found


async def _wanted(db: Reading, member: Member, post_id: int, *, own: bool) -> tuple[Post, Actor]:
    """The post to mark. Raises Missing, NotAllowed."""
    post = await posts.by_id(db, post_id, reader_id=member.actor_id)
    author = await actors.by_id(db, post.author_id)
    mine = await behalf.may_change(db, member.actor_id, post, author)
    if not marking.may_mark(member, post, mine=mine) or (own and not mine):
        raise NotAllowed(_("Only its author can correct it; guardians can withdraw what was written here."))
    return post, author


async def correct(request: Request[State]) -> Response:
    """The form to correct a post: its words, and what was wrong."""
    member, me = await _reading(request)
    async with request.state["node"].database.reading() as db:
        post, author = await _wanted(db, member, identifier(request.path_params["id"]), own=True)
    written = filling.again(post) | {"title": post.title, "text": understanding.rest(post)}
    return _page(request, "correct.html", me, post, author, written)


def _page(
    request: Request[State],
    template: str,
    me: Actor,
    post: Post,
    author: Actor,
    written: Mapping[str, str],
    wrong: tuple[str, Invalid] | None = None,
) -> Response:
    found: Sequence[Passage] = wrong[1].passages() if wrong is not None and isinstance(wrong[1], Stopped) else ()
    return pages.page(
        request,
        template,
        me=me,
        status=422 if wrong else 200,
        post=post,
        author=author,
        place=href(post, author),
        questions=filling.questions_for(post) if template == "correct.html" else (),
        rows_shown=filling.rows_shown,
        written=written,
        wrong={} if wrong is None else {wrong[0]: str(wrong[1])},
        found=found,
        again=wrong is not None and isinstance(wrong[1], Warned),
        most=SAID,
    )


async def keep_correction(request: Request[State]) -> Response:
    """Keep the corrected words, and tell whoever got the former. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        member = await members.by_id(db, me.id)
        post, author = await _wanted(db, member, identifier(request.path_params["id"]), own=True)
    questions = filling.sent(values, filling.questions_for(post))
    typed = {name: text(values, name) for name in ("correction", "title", "text")} | filling.typed(values, questions)
    draft = Draft(
        typed["text"], title=typed["title"], summary=post.summary, sensitive=post.sensitive is not None,
        language=post.language, fields=filling.changed(post, typed, questions), kind=post.kind,
    )  # fmt: skip
    mentioned = await sharing.resolve(node, draft.naming)
    new = NewMark(correction=typed["correction"])
    try:
        async with asking(node), node.database.writing() as db:
            told = await behalf.edit(db, node, me.id, post.id, draft, mentioned, mark=new)
    except Invalid as error:
        return _page(request, "correct.html", me, post, author, typed, (_place(error, questions), error))
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "corrected"), 303)


def _place(error: Invalid, questions: Sequence[Question]) -> str:
    """The field of the form that an error is about."""
    field = {"status": "text"}.get(error.field, error.field)
    return field if field in ("title", "text") else filling.place(field, questions) or "correction"


async def withdraw(request: Request[State]) -> Response:
    """The form to withdraw a post: why."""
    member, me = await _reading(request)
    async with request.state["node"].database.reading() as db:
        post, author = await _wanted(db, member, identifier(request.path_params["id"]), own=False)
    return _page(request, "withdraw.html", me, post, author, {})


async def keep_withdrawal(request: Request[State]) -> Response:
    """Mark it, and tell whoever got it. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = {"withdrawn": text(values, "withdrawn")}
    async with node.database.reading() as db:
        member = await members.by_id(db, me.id)
        post, author = await _wanted(db, member, identifier(request.path_params["id"]), own=False)
    try:
        async with asking(node), node.database.writing() as db:
            _post, told = await behalf.withdraw(db, node, member, post.id, typed["withdrawn"])
    except Invalid as error:
        return _page(request, "withdraw.html", me, post, author, typed, ("withdrawn", error))
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "withdrawn"), 303)


routes = [
    Route("/posts/{id}/correct", correct),
    Route("/posts/{id}/correct", keep_correction, methods=["POST"]),
    Route("/posts/{id}/withdraw", withdraw),
    Route("/posts/{id}/withdraw", keep_withdrawal, methods=["POST"]),
]
