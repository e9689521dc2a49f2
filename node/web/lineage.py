"""Pages: where a post came from and where it went, and the short form to say that one tried it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import Node, State
from node.errors import Invalid
from node.forms import undersigning
from node.guarding import Stopped, Warned, asking
from node.learning import lineage as trees
from node.learning import looking
from node.learning.lineage import CHILDREN, Entry, Tree
from node.requests import Params, flag, identifier, text
from node.sharing import affecting, behalf, growing
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.sharing.posts import Shared
from node.surfacing.surface import announce
from node.texts import _
from node.web.cards import href
from node.web.members import acting, reading
from storage import actors, affected, members, posts, vocabularies
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.ids import LAST
from storage.kinds import TITLE, Kind
from storage.paging import Page
from storage.pending import Pending
from storage.posts import Post
from storage.quotes import Policy

NAMES = ("outcome", "words", "result", "title", "as", "key", "sure")
PLACES = {"what_changed": "words", "reason": "words"}  # fields of the kind that one box asks for
FIRST = "outcome"


@dataclass(frozen=True, slots=True)
class Grown:
    """What the page of a post shows of its lineage."""

    tree: Tree
    open: bool  # others can say that they tried it
    problem: bool  # or have its problem too
    affected: bool  # as the reader does
    due: Sequence[int] = ()  # posts whose servers may be asked
    answers: Sequence[Entry] = ()  # ideas that answer it, which is a call
    call_open: bool = False  # it is a call that can be answered

    @property
    def went(self) -> bool:
        """Whether anybody is known to have done something with it."""
        counts = self.tree.counts
        return any((counts.adopted, counts.adapted, counts.abandoned, counts.interested, counts.built))


async def grown(db: Reading, request: Request[State], post: Post, *, reader_id: int) -> Grown:
    """Lineage for the page of a post; no query for one that has none."""
    page = Page(before=identifier(request.query_params.get("grown", "")) or LAST, limit=CHILDREN)
    problem = affecting.tells_of_a_problem(post)
    mine = problem and reader_id != 0 and await affected.said(db, post_id=post.id, actor_id=reader_id)
    tree, open = await trees.of(db, post, reader_id=reader_id, page=page), trees.can_be_built_on(post)
    due = await looking.due(db, request.state["node"], [post.id, *tree.shown]) if open and reader_id else []
    if post.kind is Kind.CHALLENGE:
        now = request.state["node"].clock()
        answers = await trees.answers(db, post, reader_id=reader_id, now=now)
        return Grown(tree, open, problem, bool(mine), due, answers, growing.is_open(post, now))
    return Grown(tree, open, problem, bool(mine), due)


async def _parent(db: Reading, me: Actor, post_id: int) -> tuple[Post, Actor]:
    """What is said to be tried. Raises Missing."""
    post = await posts.by_id(db, post_id, reader_id=me.id)
    if not trees.can_be_built_on(post):
        raise Missing(str(post_id))
    return post, await actors.by_id(db, post.author_id)


async def form(request: Request[State]) -> Response:
    """The short form. Raises Missing."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        post, author = await _parent(db, me, identifier(request.path_params["id"]))
    return await _page(request, me, post, author, {"title": post.title, "outcome": request.query_params.get("as", "")})


async def _page(
    request: Request[State],
    me: Actor,
    post: Post,
    author: Actor,
    written: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    stopped: Stopped | None = None,
) -> Response:
    async with request.state["node"].database.reading() as db:
        names = await behalf.choice(db, me)
    return pages.page(
        request,
        "tried.html",
        me=me,
        status=422 if wrong else 200,
        post=post,
        author=author,
        place=href(post, author),
        written=written,
        wrong=wrong or {},
        found=() if stopped is None else stopped.passages(),
        again=isinstance(stopped, Warned),
        names=names,
        key=written.get("key") or secrets.token_urlsafe(16),
    )


async def tell(request: Request[State]) -> Response:
    """Share what became of it. The same form sent twice is one post; what is wrong is said beside what was typed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        post, author = await _parent(db, me, identifier(request.path_params["id"]))
    typed = {name: text(values, name) for name in NAMES}
    if not flag(values, "sure"):
        wrong = {"sure": _("Tick the box when no one could be recognised.")}
        return await _page(request, me, post, author, typed, wrong)
    try:
        shared = await _share(node, me, values, _draft(post, typed))
    except Invalid as error:
        stopped = error if isinstance(error, Stopped) else None
        return await _page(request, me, post, author, typed, {_place(error): str(error)}, stopped)
    announce(node, shared.told)
    waits = isinstance(shared.post, Pending)
    return RedirectResponse("/#waiting" if waits else f"{href(post, author)}#went", 303)


async def _share(node: Node, me: Actor, values: Params, draft: Draft) -> Shared:
    name = await undersigning.wanted(node, text(values, "as"))
    async with asking(node), node.database.writing() as db:
        member = await members.by_id(db, me.id)
        draft = replace(draft, quote_policy=Policy(member.quote_policy))
        _author, shared = await behalf.share(db, node, me, name, draft, {}, member=member)
    return shared


def _draft(post: Post, typed: Mapping[str, str]) -> Draft:
    """The spread that a form says; about the topics of what was tried."""
    words = {"adapted": "what_changed", "abandoned": "reason"}.get(typed["outcome"], "what_changed")
    kept = trees.Entry.fields_of(post)
    topics = [one for one in kept.get("topics", ()) if one in vocabularies.TOPICS]
    fields: dict[str, Any] = {"derived_from": post.uri, "topics": topics}
    fields |= {"outcome": typed["outcome"], words: typed["words"], "result": typed["result"]}
    return Draft(
        "",
        kind=Kind.SPREAD,
        title=(typed["title"].strip() or post.title)[:TITLE],
        fields={name: value for name, value in fields.items() if value},
        idempotency_key=typed["key"][: sharing.KEY_LENGTH] or None,
    )


def _place(error: Invalid) -> str:
    """The field of the form that an error is about."""
    name = error.field.removeprefix("fields.")
    found = PLACES.get(name, name)
    return found if found in NAMES else FIRST


routes = [
    Route("/posts/{id}/tried", form),
    Route("/posts/{id}/tried", tell, methods=["POST"]),
]
