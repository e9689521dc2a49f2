"""Measures in a post that an app writes: ids become copies of their numbers, and charts become pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from starlette.requests import Request

from node import charting
from node.api import auth
from node.context import State
from node.requests import Params, identifier, texts
from storage import attachments
from storage.posts import Post


async def new(request: Request[State], values: dict[str, Any]) -> dict[str, Any]:
    """What an app wants to share, with copies in the place of ids of measures. Raises Unauthenticated, NotAllowed,
    Invalid."""
    if not _fields(values).get(charting.FIELD):
        return values
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "write:statuses")
    media_ids = [identifier(one) for one in texts(values, "media_ids") if one]
    return await _with_copies(request, caller.id, values, media_ids)


async def changed(request: Request[State], me_id: int, values: dict[str, Any], old: Post) -> dict[str, Any]:
    """The same of an edit: pictures of the charts before go, and those of the charts now come."""
    if not _fields(values).get(charting.FIELD):
        return values
    async with request.state["node"].database.reading() as db:
        had = (await attachments.of(db, [old.id])).get(old.id, [])
    before = charting.pictures(old.fields)
    drawn = {one.id for one in had if one.url in before}
    kept = [one.id for one in had]
    if "media_ids" in values:
        kept = [identifier(one) for one in texts(values, "media_ids") if one]
    return await _with_copies(request, me_id, values, [one for one in kept if one not in drawn])


async def _with_copies(
    request: Request[State], me_id: int, values: Params, media_ids: Collection[int]
) -> dict[str, Any]:
    fields, ids = await charting.frozen(request.state["node"], me_id, _fields(values), list(media_ids))
    own = {**values["sharewell"], "fields": dict(fields)}
    return {**values, "sharewell": own, "media_ids": [str(one) for one in ids]}


def _fields(values: Params) -> Mapping[str, Any]:
    own = values.get("sharewell")
    fields = own.get("fields") if isinstance(own, dict) else None
    return fields if isinstance(fields, dict) else {}
