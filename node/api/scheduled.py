"""/api/v1/scheduled_statuses: https://docs.joinmastodon.org/methods/scheduled_statuses/"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation.documents import reading
from node.api import auth, entities, paging
from node.api.entities import Entity
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, identifier, params, text
from node.sharing import scheduling
from node.sharing import waiting as waits
from node.sharing.drafts import Draft
from node.texts import _
from storage import actors, attachments, jobs, pending
from storage.attachments import Attachment
from storage.database import Reading, Writing
from storage.kinds import Kind
from storage.pending import Pending
from storage.retrying import retrying


def time_of(values: Params) -> int | None:
    """``scheduled_at``; None when no time is asked for. Raises Invalid."""
    said = text(values, "scheduled_at").strip()
    if not said:
        return None
    moment = reading.moment(said)
    if moment is None:
        raise Invalid(_("scheduled_at must be a time, as 2030-01-31T09:00:00Z."), field="scheduled_at")
    return moment


def entity(waiting: Pending, files: Mapping[int, Attachment]) -> Entity:
    """A ScheduledStatus."""
    draft = waits.draft_of(waiting)
    shown = [files[one] for one in draft.media_ids if one in files]
    return {
        "id": str(waiting.id),
        "scheduled_at": entities.time(waiting.due or waiting.created),
        "params": _params(draft, waiting.as_id),
        "media_attachments": [entities.attachment(one) for one in shown],
    }


def _params(draft: Draft, as_id: int | None) -> Entity:
    asked = draft.poll
    said: Entity = {} if as_id is None else {"as": str(as_id)}
    if draft.kind is not Kind.PLAIN:
        said |= {"kind": draft.kind.value, "title": draft.title, "fields": draft.fields}
    own: Entity = {"sharewell": said} if said else {}
    return {
        "text": draft.text,
        "poll": None
        if asked is None
        else {
            "options": list(asked.options),
            "expires_in": asked.seconds,
            "multiple": asked.multiple,
            "hide_totals": asked.hide_totals,
        },
        "media_ids": [str(one) for one in draft.media_ids] or None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.summary or None,
        "visibility": draft.visibility.value,
        "in_reply_to_id": draft.in_reply_to_id,
        "quoted_status_id": draft.quoted_id,
        "quote_approval_policy": draft.quote_policy.value,
        "language": draft.language or None,
        "application_id": draft.app_id or 0,
        "scheduled_at": None,
        "idempotency": draft.idempotency_key,
        "with_rate_limit": False,
        **own,
    }


async def shown(db: Reading, some: Sequence[Pending]) -> list[Entity]:
    """The ScheduledStatus of each; one query for the pictures of all."""
    files = await attachments.of_pending(db, [one.id for one in some]) if some else {}
    return [entity(one, {file.id: file for file in files.get(one.id, [])}) for one in some]


async def newest(request: Request[State]) -> Response:
    """The member's own, the last written first."""
    node = request.state["node"]
    page = paging.page(await params(request))
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        found = await pending.scheduled(db, caller.id, page)
        entries = await shown(db, found)
    return JSONResponse(entries, headers=paging.links(request, page, [one.id for one in found]))


async def _one(db: Reading, request: Request[State], author_id: int) -> Entity:
    id = identifier(request.path_params["id"])
    [entry] = await shown(db, [await pending.scheduled_by_id(db, id, author_id=author_id)])
    return entry


async def one(request: Request[State]) -> Response:
    """One of the member's own."""
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        return JSONResponse(await _one(db, request, caller.id))


async def put_off(request: Request[State]) -> Response:
    """Another time for it."""
    node = request.state["node"]
    at = time_of(await params(request))

    async def work(db: Writing) -> Entity:
        caller = await auth.signed_in(request, db, "write:statuses")
        if at is not None:
            id = identifier(request.path_params["id"])
            await scheduling.put_off(db, caller.id, id, at, now=node.clock())
        return await _one(db, request, caller.id)

    entry = await retrying(node.database, work, keyed=True)
    node.database.signal(jobs.WAKE)
    return JSONResponse(entry)


async def cancel(request: Request[State]) -> Response:
    """Take it back before it is out."""
    node: Node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:statuses")
        id = identifier(request.path_params["id"])
        waiting = await pending.scheduled_by_id(db, id, author_id=caller.id)
        await waits.undo(db, node, await actors.by_id(db, caller.id), waiting)

    await retrying(node.database, work, keyed=False)
    return JSONResponse({})


routes = [
    Route("/api/v1/scheduled_statuses", newest),
    Route("/api/v1/scheduled_statuses/{id}", one),
    Route("/api/v1/scheduled_statuses/{id}", put_off, methods=["PUT"]),
    Route("/api/v1/scheduled_statuses/{id}", cancel, methods=["DELETE"]),
]
