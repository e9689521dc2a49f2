"""Write on a page: a short post in one box, a safety note or an idea by a form; and take back what is not out yet."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from federation.documents.reading import moment as moment_of
from node import pages, picturing, sessions, undersigning
from node.context import State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import Params, flag, identifier, number, text, texts
from node.sharing import behalf
from node.sharing import posts as sharing
from node.sharing import waiting as waits
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from node.slips import Passage
from node.surfacing.surface import announce
from node.texts import _
from node.uploading import received
from node.web import gatherings
from node.web.attaching import SLOTS, attached
from node.web.cards import href
from node.web.cited import about_to
from node.web.members import acting, reading
from storage import actors, members, posts
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Missing
from storage.kinds import Kind
from storage.pending import Pending
from storage.posts import Visibility
from storage.quotes import Policy

FORMS = {
    Kind.PLAIN: "write.html",
    Kind.SAFETY_NOTE: "write_safety_note.html",
    Kind.IDEA: "write_idea.html",
    Kind.EVENT: "write_event.html",
    Kind.CONSULTATION: "write_consultation.html",
}
ASKED: Mapping[Kind, Sequence[str]] = {
    Kind.PLAIN: (),
    Kind.SAFETY_NOTE: ("situation", "recommendation", "harm"),
    Kind.IDEA: ("problem", "proposal", "measure_of_success", "stage"),
    Kind.EVENT: gatherings.EVENT,
    Kind.CONSULTATION: (),
}  # fields of a kind that a form asks for as one text
DAY = 24 * 60 * 60  # seconds
WITH_FILES = ("POST /write", "POST /write/")
LISTS = ("topics", "settings")
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


async def form(request: Request[State]) -> Response:
    """An empty form."""
    quote = request.query_params.get("quote", "")
    return await _form(request, await reading(request), _kind(request), Written({"quote": quote}))


def _kind(request: Request[State]) -> Kind:
    """Raises Missing for a kind that has no form."""
    asked = request.path_params.get("kind", Kind.PLAIN.value)
    found = next((kind for kind in FORMS if kind.value == asked), None)
    if found is None:
        raise Missing(asked)
    return found


async def _form(request: Request[State], me: Actor, kind: Kind, written: Written) -> Response:
    quote = identifier(written.values.get("quote", "")) if kind is Kind.PLAIN else 0
    async with request.state["node"].database.reading() as db:
        cited = await about_to(db, me, quote) if quote else None
        names = await behalf.choice(db, me)
    key = written.values.get("key") or secrets.token_urlsafe(16)
    status = 422 if written.wrong else 200
    return pages.page(
        request,
        FORMS[kind],
        me=me,
        status=status,
        written=written.values,
        wrong=written.wrong,
        kept=written.kept,
        found=written.found,
        again=written.again,
        films=request.state["node"].films is not None,
        changing="",
        key=key,
        cited=cited,
        names=names,
    )


async def submit(request: Request[State]) -> Response:
    """Share what was written. The same form sent twice is one post; what is wrong is said beside what was typed."""
    node = request.state["node"]
    kind = _kind(request)
    me = await reading(request)  # asked before anything of the body is read
    async with received(request, node.media, files=SLOTS, most=picturing.weighed(node)) as (values, files):
        sessions.check_proof(request, text(values, "proof"))
        shown = await attached(node, me, values, files)
    typed = _typed(values, kind) | shown.said
    wrong = dict(shown.wrong)
    if kind is not Kind.PLAIN and not flag(values, "sure"):
        wrong["sure"] = _("Tick the box when no one could be recognised.")
    if wrong:
        return await _form(request, me, kind, Written(typed, wrong, shown.kept))
    mentioned = await sharing.resolve(node, typed["text"])
    try:
        draft = _draft(values, typed, kind, shown.ids, node.clock())
        at = _time(typed["at"])
        name = await undersigning.wanted(node, typed["as"])
        async with asking(node), node.database.writing() as db:
            member = await members.by_id(db, me.id)
            draft = replace(draft, quote_policy=Policy(member.quote_policy))
            author, shared = await behalf.share(db, node, me, name, draft, mentioned, at=at, member=member)
    except Missing:  # what is typed stays, without what it was to quote
        wrong["text"] = _("The post that you want to quote is not here any more.")
        return await _form(request, me, kind, Written(typed, wrong, shown.kept))
    except Stopped as error:
        wrong[_place(error, kind, shown.kept)] = str(error)
        written = Written(typed, wrong, shown.kept, error.passages(), isinstance(error, Warned))
        return await _form(request, me, kind, written)
    except Invalid as error:
        return await _form(request, me, kind, Written(typed, {_place(error, kind): str(error)}, shown.kept))
    announce(node, shared.told)
    made = shared.post
    if isinstance(made, Pending):
        return RedirectResponse("/#waiting", 303)
    return RedirectResponse(href(made, author), 303)


def _typed(values: Params, kind: Kind) -> dict[str, str]:
    names = (
        "text",
        "quote",
        "title",
        "summary",
        "visibility",
        "key",
        "multiple",
        "open",
        "at",
        "as",
        *POLL,
        *ASKED[kind],
        *(gatherings.OTHER if kind is Kind.EVENT else gatherings.ASKS if kind is Kind.CONSULTATION else ()),
    )
    found = {name: text(values, name) for name in names}
    return found | {name: ",".join(texts(values, name)) for name in LISTS} | {"sure": text(values, "sure")}


def _draft(values: Params, typed: Mapping[str, str], kind: Kind, media_ids: Sequence[int], now: int) -> Draft:
    """Raises Invalid."""
    fields: dict[str, object] = {name: typed[name] for name in ASKED[kind] if typed[name]}
    if kind is not Kind.PLAIN:
        fields |= {name: found for name in LISTS if (found := [one for one in texts(values, name) if one])}
    if kind is Kind.EVENT:
        fields |= gatherings.fields(typed)
    shown = next((one for one in SHOWN if one.value == (typed["visibility"] or Visibility.PUBLIC.value)), None)
    if shown is None:
        raise Invalid(_("There is no such visibility."), field="visibility")
    return Draft(
        typed["text"],
        kind=kind,
        title=typed["title"],
        summary=typed["summary"],
        sensitive=bool(typed["summary"]),
        visibility=shown,
        fields=fields,
        media_ids=media_ids,
        poll=_poll(values, typed, kind, now),
        idempotency_key=typed["key"][: sharing.KEY_LENGTH] or None,
        quoted_id=(identifier(typed["quote"]) or None) if kind is Kind.PLAIN else None,
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


def _place(error: Invalid, kind: Kind, kept: Sequence[Attachment] = ()) -> str:
    """The field of the form that an error is about."""
    name, _dot, rest = error.field.partition(".")
    if name == "media" and rest:
        return f"alt-{kept[int(rest) - 1].id}"
    if name == "poll" and rest:
        return gatherings.OPTIONS[int(rest) - 1]
    found = _PLACES.get(name, rest if name == "fields" else name)
    found = _PLACES.get(found, found)
    asked = {
        "title",
        "summary",
        "visibility",
        "as",
        *LISTS,
        *ASKED[kind],
        *((POLL[0], "at") if kind is Kind.PLAIN else ()),
        *((*gatherings.ASKS, "text") if kind is Kind.CONSULTATION else ()),
        *((*gatherings.OTHER, "text") if kind is Kind.EVENT else ()),
    }
    first = ASKED[kind][0] if ASKED[kind] else "text"
    return found if found in asked else first


_PLACES = {
    "poll": POLL[0], "scheduled_at": "at", "spoiler_text": "summary", "translation": "other_title", "status": "text",
}  # fmt: skip


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
    Route("/write", form),
    Route("/write", submit, methods=["POST"]),
    Route("/write/{kind}", form),
    Route("/write/{kind}", submit, methods=["POST"]),
    Route("/waiting/{id}/take-back", take_back, methods=["POST"]),
]
