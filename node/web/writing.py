"""Write on a page: a short post in one box, each structured kind by its form; and take back what is not out yet."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from federation.documents.reading import moment as moment_of
from node import erasure, pages, picturing, sessions
from node.context import Node, State
from node.errors import Invalid
from node.forms import undersigning
from node.forms.uploading import received
from node.guarding import Stopped, Warned, asking
from node.portability import feeds
from node.requests import Params, flag, identifier, number, text
from node.sharing import behalf
from node.sharing import posts as sharing
from node.sharing import waiting as waits
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from node.slips import Passage
from node.surfacing.surface import announce
from node.texts import _
from node.web import filling, gatherings
from node.web.attaching import SLOTS, attached
from node.web.cards import href
from node.web.cited import about_to
from node.web.forms import FORMS, GATHERINGS, OPTIONS
from node.web.members import acting, reading
from node.web.questions import OTHER, Form
from storage import actors, brought, members, pointers, posts
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Missing
from storage.kinds import Kind
from storage.pending import Pending
from storage.posts import Post, Visibility
from storage.quotes import Policy

DAY = 24 * 60 * 60  # seconds
WITH_FILES = ("POST /write", "POST /write/")
POLL = ("option1", "option2", "option3", "option4")  # fields of a poll, which the short form has
SHOWN = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.PRIVATE)  # whom a form can address


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed, to show it again, and what is wrong with it: the field and the words."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    kept: Sequence[Attachment] = ()  # pictures that came with it
    found: Sequence[Passage] = ()  # what the privacy guard saw
    again: bool = False  # the same once more is shared
    there: tuple[Post, Actor] | None = None  # that is about the same page already


async def choose(request: Request[State]) -> Response:
    """What there is to share: each kind that has a form."""
    return pages.page(request, "share.html", me=await reading(request), forms={**FORMS, **GATHERINGS})


async def form(request: Request[State]) -> Response:
    """An empty form."""
    asked = {name: request.query_params.get(name, "") for name in ("quote", "source", "title")}
    me, form = await reading(request), _wanted(request)
    if _kind(form) is Kind.IDEA:
        asked["challenge"] = await _call(request, me)
    if _kind(form) is Kind.BLOG:
        asked |= await _brought(request, me)
    return await _form(request, me, form, Written(asked))


async def _call(request: Request[State], me: Actor) -> str:
    """The id of the call for ideas that an idea is to answer; "" for none. Raises Missing."""
    asked = identifier(request.query_params.get("call", ""))
    if not asked:
        return ""
    async with request.state["node"].database.reading() as db:
        return (await posts.by_id(db, asked, reader_id=me.id)).uri


async def _brought(request: Request[State], me: Actor) -> dict[str, str]:
    """The entry of a feed that a blog begins with: shared once, however often it is sent. Raises Missing."""
    asked = identifier(request.query_params.get("draft", ""))
    if not asked:
        return {}
    async with request.state["node"].database.reading() as db:
        entry = await brought.by_id(db, asked, member_id=me.id)
    return {"title": entry.title, "text": feeds.words(entry), "draft": str(asked), "key": f"brought {me.id} {asked}"}


def _wanted(request: Request[State]) -> Form | None:
    """The form that is asked for; None: the box. Raises Missing."""
    name = request.path_params.get("kind", Kind.PLAIN.value)
    if name == Kind.PLAIN:
        return None
    found = FORMS.get(name) or GATHERINGS.get(name)
    if found is None:
        raise Missing(name)
    return found


def _kind(form: Form | None) -> Kind:
    return Kind.PLAIN if form is None else form.kind


async def _form(request: Request[State], me: Actor, form: Form | None, written: Written) -> Response:
    quote = identifier(written.values.get("quote", "")) if form is None else 0
    async with request.state["node"].database.reading() as db:
        cited = await about_to(db, me, quote) if quote else None
        names = await behalf.choice(db, me)
    key = written.values.get("key") or secrets.token_urlsafe(16)
    status = 422 if written.wrong else 200
    return pages.page(
        request,
        "write.html" if form is None else form.page,
        me=me,
        status=status,
        form=form,
        written=written.values,
        wrong=written.wrong,
        kept=written.kept,
        found=written.found,
        again=written.again,
        there=written.there,
        films=request.state["node"].films is not None,
        changing="",
        key=key,
        cited=cited,
        names=names,
        rows_shown=filling.rows_shown,
    )


async def submit(request: Request[State]) -> Response:
    """Share what was written. The same form sent twice is one post; what is wrong is said beside what was typed."""
    node = request.state["node"]
    form = _wanted(request)
    kind = _kind(form)
    me = await reading(request)  # asked before anything of the body is read
    async with received(request, node.media, files=SLOTS, most=picturing.weighed(node)) as (values, files):
        sessions.check_proof(request, text(values, "proof"))
        shown = await attached(node, me, values, files)
    typed = _typed(values, form) | shown.said
    wrong = dict(shown.wrong)
    if kind is not Kind.PLAIN and not flag(values, "sure"):
        wrong["sure"] = _("Tick the box when no one could be recognised.")
    there = await _there(node, me, typed) if kind is Kind.RESOURCE and not flag(values, "anyway") else None
    if there is not None and not wrong:
        wrong["source"] = _("This is in the library already. Add a comment there, or share it all the same.")
    if wrong:
        return await _form(request, me, form, Written(typed, wrong, shown.kept, there=there))
    try:
        draft = _draft(values, typed, form, shown.ids, node.clock())
        mentioned = await sharing.resolve(node, draft.naming)
        at = _time(typed["at"])
        name = await undersigning.wanted(node, typed["as"])
        async with asking(node), node.database.writing() as db:
            member = await members.by_id(db, me.id)
            draft = replace(draft, quote_policy=Policy(member.quote_policy), language=member.language)
            author, shared = await behalf.share(db, node, me, name, draft, mentioned, at=at, member=member)
            if await brought.finish(db, identifier(typed["draft"]), member_id=me.id, now=node.clock()):
                await erasure.promise(db, now=node.clock())
    except Missing:  # what is typed stays, without what it was to quote
        wrong["text"] = _("The post that you want to quote is not here any more.")
        return await _form(request, me, form, Written(typed, wrong, shown.kept))
    except Stopped as error:
        wrong[_place(error, form, shown.kept)] = str(error)
        written = Written(typed, wrong, shown.kept, error.passages(), isinstance(error, Warned))
        return await _form(request, me, form, written)
    except Invalid as error:
        return await _form(request, me, form, Written(typed, {_place(error, form): str(error)}, shown.kept))
    announce(node, shared.told)
    made = shared.post
    if isinstance(made, Pending):
        return RedirectResponse("/#waiting", 303)
    return RedirectResponse(href(made, author), 303)


async def _there(node: Node, me: Actor, typed: Mapping[str, str]) -> tuple[Post, Actor] | None:
    """A resource about the same page that the writer can see, and who shared it."""
    if not typed.get("source", "").strip():
        return None
    async with node.database.reading() as db:
        target = pointers.page(typed["source"].strip())
        found = await pointers.at(db, pointers.SOURCE, target, reader_id=me.id, limit=1)
        return (found[0], await actors.by_id(db, found[0].author_id)) if found else None


def _typed(values: Params, form: Form | None) -> dict[str, str]:
    always = "text", "quote", "title", "summary", "visibility", "key", "draft", "at", "as", "sure"
    names = (*always, "multiple", "open", *POLL)
    found = {name: text(values, name) for name in (*names, *(OTHER if form is None else form.more))}
    return found if form is None else found | filling.typed(values, form.asked)


def _draft(values: Params, typed: Mapping[str, str], form: Form | None, media_ids: Sequence[int], now: int) -> Draft:
    """Raises Invalid."""
    shown = next((one for one in SHOWN if one.value == (typed["visibility"] or Visibility.PUBLIC.value)), None)
    if shown is None:
        raise Invalid(_("There is no such visibility."), field="visibility")
    return Draft(
        typed["text"],
        kind=_kind(form),
        title=typed["title"],
        summary=typed["summary"],
        sensitive=bool(typed["summary"]),
        visibility=shown,
        fields=gatherings.fields(typed) | ({} if form is None else filling.fields(typed, form.asked)),
        media_ids=media_ids,
        poll=_poll(values, typed, _kind(form), now),
        idempotency_key=typed["key"][: sharing.KEY_LENGTH] or None,
        quoted_id=(identifier(typed["quote"]) or None) if form is None else None,
    )


def _poll(values: Params, typed: Mapping[str, str], kind: Kind, now: int) -> NewPoll | None:
    """Raises Invalid."""
    if kind is Kind.CONSULTATION:
        return gatherings.poll(typed, multiple=flag(values, "multiple"), now=now)
    if kind is not Kind.PLAIN:
        return None
    options = [typed[name] for name in POLL if typed[name].strip()]
    return NewPoll(options, number(values, "open", DAY), flag(values, "multiple")) if options else None


def _time(typed: str) -> int | None:
    """When it is to come out; None: at once. Raises Invalid."""
    if not typed.strip():
        return None
    moment = moment_of(typed.strip())
    if moment is None:
        raise Invalid(_("Write the day and time as 2030-01-31T09:00."), field="scheduled_at")
    return moment


def _place(error: Invalid, form: Form | None, kept: Sequence[Attachment] = ()) -> str:
    """The field of the form that an error is about."""
    name, _dot, rest = error.field.partition(".")
    if name == "media" and rest:
        return f"alt-{kept[int(rest) - 1].id}"
    if name == "poll" and rest:
        return OPTIONS[int(rest) - 1]
    found = _PLACES.get(name, name)
    if "translation" in (name, rest):
        return OTHER[2]
    if form is None:
        return found if found in ("title", "summary", "visibility", "as", POLL[0], "at") else "text"
    if found in ("visibility", "as") or found in form.more:
        return found
    here = filling.place(error.field if found == name else found, form.asked)
    return here or filling.names_of(form.questions[0])[0]


_PLACES = {"poll": POLL[0], "scheduled_at": "at", "spoiler_text": "summary", "status": "text"}


async def take_back(request: Request[State]) -> Response:
    """Take back a post that is not out; nothing of it has left the node. Raises Busy when it is going out just now."""
    node = request.state["node"]
    me, _values = await acting(request)
    pending_id = identifier(request.path_params["id"])
    async with node.database.writing() as db:
        waiting = await behalf.waiting(db, pending_id, writer_id=me.id)
        if waiting.post_id is None:
            await waits.undo(db, node, me, waiting)
    if waiting.post_id is None:
        return RedirectResponse("/", 303)
    async with node.database.reading() as db:
        out = await posts.any_by_id(db, waiting.post_id)
        author = await actors.by_id(db, out.author_id)
    return RedirectResponse(href(out, author), 303)


routes = [
    Route("/share", choose),
    Route("/write", form),
    Route("/write", submit, methods=["POST"]),
    Route("/write/{kind}", form),
    Route("/write/{kind}", submit, methods=["POST"]),
    Route("/waiting/{id}/take-back", take_back, methods=["POST"]),
]
