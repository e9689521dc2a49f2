"""/api/v1/statuses: https://docs.joinmastodon.org/methods/statuses/"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import approvals, auth, ballots, charted, entities, paging, rendering, scheduled
from node.api.auth import Caller
from node.api.own import MARKS, NEW, bring_parents, given, mark, naming
from node.api.rendering import Fresh
from node.context import Node, State
from node.errors import Invalid
from node.forms import undersigning
from node.guarding import asking
from node.requests import Params, bearer_of, flag, identifier, params, refuse, text, texts
from node.sharing import behalf, understanding
from node.sharing import posts as sharing
from node.sharing import reactions as reacting
from node.sharing import standing as stands
from node.sharing import waiting as waits
from node.sharing.drafts import Draft
from node.sharing.editing import Pictures
from node.sharing.posts import Shared
from node.sharing.questions import Ballot
from node.surfacing.surface import Told, announce
from node.text import mentions_in
from node.texts import _
from storage import actors, attachments, polls, posts, quotes, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing, listed
from storage.kinds import Kind
from storage.pending import Pending, Reason
from storage.posts import Edit, Post, Visibility
from storage.retrying import retrying
from storage.timelines import Line

MULTIPLE = 40  # statuses asked for at once
UNBUILT = ("quote_id", "local_only")


async def create(request: Request[State]) -> Response:
    """Share a post as the signed-in member."""
    node = request.state["node"]
    values = await params(request)
    _refuse_unbuilt(values)
    refuse(values, "media_attributes")
    at = scheduled.time_of(values)
    words = naming(values)
    named = mentions_in(words)
    if named:  # other servers are asked for nobody who may not post
        async with node.database.reading() as db:
            await auth.signed_in(request, db, "write:statuses")
    mentioned = await sharing.resolve(node, words) if named else {}
    name = await undersigning.wanted(node, text(given(values), "as"))
    values = await charted.new(request, values)
    await bring_parents(request, node, values)
    # A write whose outcome is unknown may be tried again because it has a key, the app's or this one (SCALE rule 3).
    theirs = request.headers.get("idempotency-key", "").replace("\x00", "").strip()
    key = theirs or secrets.token_urlsafe(16)

    async def work(db: Writing) -> tuple[Shared, Fresh | None]:
        caller = await auth.signed_in(request, db, "write:statuses")
        draft = _draft(values, caller, key)
        draft = draft if "kind" in given(values) else understanding.meant(draft)
        author, shared = await behalf.share(
            db, node, await actors.by_id(db, caller.id), name, draft, mentioned, new_key=not theirs, at=at,
            member=caller.member,
        )  # fmt: skip
        if shared.around is None or isinstance(shared.post, Pending):
            return shared, None
        return shared, await rendering.fresh(db, node, shared.post, author, shared.around)

    async with asking(node):
        shared, fresh = await retrying(node.database, work, keyed=True)
    announce(node, shared.told, wake=False)
    if fresh is None:
        shown = await _later(node, shared.post)
    else:
        fresh.put(node)
        shown = fresh.shown()
    return Response(shown, media_type=paging.JSON)


async def _later(node: Node, shared: Post | Pending) -> bytes:
    """The Status of a post that waits, or was shared before; the ScheduledStatus of one that waits for its time."""
    async with node.database.reading() as db:
        if isinstance(shared, Pending):
            if shared.reason is not Reason.UNDO and shared.due is not None:
                [entry] = await scheduled.shown(db, [shared])
                return orjson.dumps(entry)
            return await _preview(db, node, shared)
        return await answer(db, node, shared.id, reader_id=shared.author_id)


def _refuse_unbuilt(values: Params) -> None:
    refuse(values, *UNBUILT)
    if text(values, "content_type", "text/plain") != "text/plain":
        refuse(values, "content_type")


def _draft(values: Params, caller: Caller, key: str) -> Draft:
    """What the app wants to share; what it does not say is as the member prefers."""
    own = given(values)
    answered, quoted = text(values, "in_reply_to_id"), text(values, "quoted_status_id")
    try:
        kind = Kind(text(own, "kind", Kind.PLAIN.value))
    except ValueError as error:
        raise Invalid(_("There is no such kind of post."), field="kind") from error
    try:
        visibility = Visibility.chosen(text(values, "visibility") or caller.member.visibility)
    except ValueError as error:
        raise Invalid(_("There is no such visibility."), field="visibility") from error
    return Draft(
        text=text(values, "status"),
        kind=kind,
        title=text(own, "title"),
        summary=text(values, "spoiler_text"),
        sensitive=flag(values, "sensitive", caller.member.sensitive is not None),
        visibility=visibility,
        language=text(values, "language") or caller.member.language,
        in_reply_to_id=identifier(answered) if answered else None,
        fields=_fields(own),
        app_id=caller.token.app_id,
        idempotency_key=key,
        media_ids=_media_ids(values),
        poll=ballots.asked(values),
        quoted_id=identifier(quoted) if quoted else None,
        quote_policy=approvals.asked(values, caller.member.quote_policy),
    )


def _media_ids(values: Params) -> list[int]:
    return [identifier(one) for one in texts(values, "media_ids") if one]  # "": none


def _pictures(values: Params) -> Pictures:
    """What an edit says of pictures: which there are, and ``media_attributes``, their words."""
    given = values.get("media_attributes")
    rows = list(given.values()) if isinstance(given, dict) else given or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("media_attributes must be a list of id, description and focus."), field="media_attributes")
    words: dict[int, tuple[str | None, str | None]] = {}
    for row in rows:
        refuse(row, "thumbnail")
        alt, focus = (text(row, name) if name in row else None for name in ("description", "focus"))
        words[identifier(text(row, "id"))] = alt, focus
    return Pictures(_media_ids(values) if "media_ids" in values else None, words)


def _fields(own: Params) -> dict[str, Any]:
    fields = own.get("fields")
    if fields is None or fields == "":
        return {}
    if not isinstance(fields, dict):
        raise Invalid(_("sharewell[fields] must name the fields of the kind."), field="fields")
    return fields


async def answer(db: Reading, node: Node, post_id: int, *, reader_id: int) -> bytes:
    """The Status of a post or boost, as the reader sees it. Raises Missing."""
    line = await timelines.one(db, post_id, reader_id=reader_id)
    if line is None:
        raise Missing(str(post_id))
    return await rendering.status(db, node, line, reader_id=reader_id)


async def _named(db: Reading, given: str, *, reader_id: int) -> Line | Pending:
    """The post an app names; one that waited answers to the id it had then, too. Raises Missing."""
    post_id = identifier(given)
    line = await timelines.one(db, post_id, reader_id=reader_id)
    if line is None:
        waiting = await behalf.waiting(db, post_id, writer_id=reader_id)
        if waiting.post_id is None:
            return waiting
        line = await timelines.one(db, waiting.post_id, reader_id=reader_id)
    if line is None:
        raise Missing(given)
    return line


async def seen(db: Reading, given: str, *, reader_id: int) -> Line:
    """The post an app names, if it is out and the reader may see it. Raises Missing."""
    line = await _named(db, given, reader_id=reader_id)
    if isinstance(line, Pending):
        raise Missing(given)
    return line


async def _preview(db: Reading, node: Node, waiting: Pending) -> bytes:
    author = await actors.by_id(db, waiting.name_id)
    post, around = await waits.preview(db, node, author, waiting)
    return await rendering.preview(db, node, post, author, around, note=await stands.words(db, waiting))


async def show(request: Request[State]) -> Response:
    """One post; its author sees it while it can still be taken back, too."""
    node = request.state["node"]
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        named = await _named(db, request.path_params["id"], reader_id=reader_id)
        if isinstance(named, Pending):
            shown = await _preview(db, node, named)
        else:
            shown = await rendering.status(db, node, named, reader_id=reader_id)
    return Response(shown, media_type=paging.JSON)


async def several(request: Request[State]) -> Response:
    """Posts by their ids; those the reader may not see are left out."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:MULTIPLE]]
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        found = await timelines.some(db, listed(ids), reader_id=reader_id)
        lines = [found[one] for one in dict.fromkeys(ids) if one in found]
        shown = await rendering.statuses(db, node, lines, reader_id=reader_id)
    return paging.array(shown)


async def edit(request: Request[State]) -> Response:
    """Say it in new words; what is not sent stays."""
    node = request.state["node"]
    values = await params(request)
    _refuse_unbuilt(values)
    refuse(values, "scheduled_at")
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:statuses")
        line = await seen(db, request.path_params["id"], reader_id=caller.id)
        old = await behalf.own_post(db, caller.id, line.id)
        await _keeps_its_quote(db, values, old)
    values = await charted.changed(request, caller.id, values, old)
    draft, pictures, marked = _new_words(values, old), _pictures(values), mark(values)
    ballot = Ballot(ballots.asked(values)) if "poll" in values else None
    policy = approvals.asked(values, "") if text(values, "quote_approval_policy") else None
    mentioned = await sharing.resolve(node, draft.naming)
    await bring_parents(request, node, values)

    async def work(db: Writing) -> list[Told]:
        again = await auth.signed_in(request, db, "write:statuses")
        return await behalf.edit(
            db, node, again.id, old.id, draft, mentioned, pictures, ballot, policy, marked, draft.kind
        )

    async with asking(node):
        told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    async with node.database.reading() as db:
        shown = await answer(db, node, old.id, reader_id=caller.id)
    return Response(shown, media_type=paging.JSON)


async def _keeps_its_quote(db: Reading, values: Params, old: Post) -> None:
    """Raises Invalid when an edit names another post than the one that is quoted."""
    if "quoted_status_id" not in values:
        return
    quote = None if old.quoting is None else await quotes.one(db, old.id)
    had = "" if quote is None or quote.quoted_id is None else str(quote.quoted_id)
    if text(values, "quoted_status_id") not in (had, ""):
        raise Invalid(_("A post quotes what it quoted at first: write another."), field="quoted_status_id")


def _new_words(values: Params, old: Post) -> Draft:
    own = given(values, NEW | MARKS)
    plain = text(own, "kind", old.kind.value) == Kind.PLAIN
    if not plain and text(own, "kind", old.kind.value) != old.kind.value:
        raise Invalid(_("The kind of a post stays as it is."), field="kind")
    anew = understanding.was(old) and not own.keys() & {"title", "fields"}
    fields = _fields(own) if "fields" in own else json.loads(old.fields or "{}")
    draft = Draft(
        text=text(values, "status", old.source if plain or anew else understanding.rest(old)),
        kind=Kind.PLAIN if plain else old.kind,
        title=text(own, "title", "" if plain else old.title),
        summary=text(values, "spoiler_text", old.summary),
        sensitive=flag(values, "sensitive", old.sensitive is not None),
        language=text(values, "language", old.language),
        fields={} if plain and old.kind is not Kind.PLAIN else fields,
    )
    return understanding.again(old, draft) if anew and not plain else draft


async def delete(request: Request[State]) -> Response:
    """Take a post back; the answer has the words that were typed, to write it anew."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:statuses")
        named = await _named(db, request.path_params["id"], reader_id=caller.id)
        if isinstance(named, Pending):
            shown = await _preview(db, node, named)
        else:
            shown = await rendering.status(db, node, named, reader_id=caller.id)

    async def work(db: Writing) -> tuple[str, list[Told]]:
        again = await auth.signed_in(request, db, "write:statuses")
        return await _taken_back(db, node, await actors.by_id(db, again.id), named)

    source, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return Response(shown[:-1] + b',"text":' + orjson.dumps(source) + b"}", media_type=paging.JSON)


async def _taken_back(db: Writing, node: Node, me: Actor, named: Line | Pending) -> tuple[str, list[Told]]:
    """What was typed, and whom to tell."""
    if isinstance(named, Pending):
        await waits.undo(db, node, me, named)
        return waits.draft_of(named).text, []
    if named.booster_id == me.id:
        return "", await reacting.unboost(db, node, me, named.post_id)
    post, told = await behalf.take_back(db, node, me.id, named.id)
    return post.source, told


async def context(request: Request[State]) -> Response:
    """What a post answers, and what answers it."""
    node = request.state["node"]
    now = node.clock()

    async def read(db: Reading) -> tuple[list[bytes], list[bytes]]:
        reader_id = await auth.reader(request, db, "read:statuses")
        post_id = identifier(request.path_params["id"])
        above = await timelines.with_ancestors(db, post_id, reader_id=reader_id, now=now)
        if not above or above[-1].id != post_id:  # a boost, one that waited, or nothing for this reader
            post_id = (await seen(db, request.path_params["id"], reader_id=reader_id)).post_id
            above = await timelines.with_ancestors(db, post_id, reader_id=reader_id, now=now)
        below = await timelines.replies(db, post_id, reader_id=reader_id, now=now)
        ancestors = await rendering.statuses(db, node, above[:-1], reader_id=reader_id)
        return ancestors, await rendering.statuses(db, node, as_tree(below), reader_id=reader_id)

    ancestors, descendants = await node.database.read(read, stale=bearer_of(request) is None)
    shown = b'{"ancestors":[%b],"descendants":[%b]}' % (b",".join(ancestors), b",".join(descendants))
    return Response(shown, media_type=paging.JSON)


def as_tree(below: Sequence[tuple[int, Line]]) -> list[Line]:
    """Replies, given oldest first as (parent id, line), each followed by what answers it.

    What answers a reply that the reader may not see comes where a first reply of its age would.
    """
    shown = {line.id for _, line in below}
    answers: dict[int, list[Line]] = {}
    for parent_id, line in reversed(below):
        answers.setdefault(parent_id, []).append(line)
    rest = [line for parent_id, line in reversed(below) if parent_id not in shown]
    ordered: list[Line] = []
    while rest:
        line = rest.pop()
        ordered.append(line)
        rest += answers.get(line.id, ())
    return ordered


async def history(request: Request[State]) -> Response:
    """Every version of a post, the first one first."""
    node = request.state["node"]
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        line = await seen(db, request.path_params["id"], reader_id=reader_id)
        post = await posts.any_by_id(db, line.post_id)
        before = await posts.edits(db, post.id)
        files = (await attachments.of(db, [post.id])).get(post.id, [])
        asked = await polls.one(db, post.id)
        author = entities.account(await actors.by_id(db, post.author_id), node.site.base_url)
    now = Edit(
        post.edited or post.published, post.title, post.summary, post.sensitive, post.html, post.source, post.fields
    )
    shown = [entities.version(one, author) for one in before]
    last = entities.version(now, author, emojis=entities.emojis(post.emojis), files=files, asked=asked)
    return JSONResponse([*shown, last])


async def source(request: Request[State]) -> Response:
    """What the author typed, to edit it."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        line = await seen(db, request.path_params["id"], reader_id=caller.id)
        post = await behalf.own_post(db, caller.id, line.id)
    return JSONResponse(entities.source(post))


routes = [
    Route("/api/v1/statuses", create, methods=["POST"]),
    Route("/api/v1/statuses", several),
    Route("/api/v1/statuses/{id}", show),
    Route("/api/v1/statuses/{id}", edit, methods=["PUT"]),
    Route("/api/v1/statuses/{id}", delete, methods=["DELETE"]),
    Route("/api/v1/statuses/{id}/context", context),
    Route("/api/v1/statuses/{id}/history", history),
    Route("/api/v1/statuses/{id}/source", source),
]
