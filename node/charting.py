"""What a post shows of measures: copies of their numbers as they are now, and a picture of each chart."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from node import picturing
from node.context import Node
from node.errors import Invalid
from node.learning.charts import showing
from node.requests import identifier
from node.sharing import uploads
from node.texts import _
from storage import measures, teams
from storage.database import Missing
from storage.series import TOGETHER, Series, WrongSeries, dumped, loaded

FIELD = "measures"  # of a post that shows some


async def frozen(
    node: Node, me_id: int, fields: Mapping[str, Any], media_ids: Sequence[int] = (), *, pictures: bool = True
) -> tuple[Mapping[str, Any], list[int]]:
    """The fields of a post with copies in the place of ids of measures, and its uploads with the charts as pictures,
    as far as there is room. Before the transaction. Raises Invalid.

    A copy that is given as one is taken as it is: so an app can send back what it read.
    """
    given = fields.get(FIELD)
    ids = list(media_ids)
    if not given:
        return fields, ids
    copies: list[dict[str, Any]] = []
    for series in await _copies(node, me_id, given if isinstance(given, list) else [given]):
        shown = replace(series, finding=showing.headline(series))
        if pictures and len(ids) < uploads.EACH and series.points:
            upload_id, url = await _picture(node, me_id, series)
            ids.append(upload_id)
            shown = replace(shown, picture=url)
        copies.append(dumped(shown))
    return {**fields, FIELD: copies}, ids


def pictures(fields: str) -> set[str]:
    """Addresses of the pictures of charts in a post that is kept."""
    kept = orjson.loads(fields).get(FIELD, []) if fields else []
    return {one["picture"] for one in kept if one.get("picture")}


async def _copies(node: Node, me_id: int, given: Sequence[Any]) -> list[Series]:
    """Raises Invalid."""
    if len(given) > TOGETHER:
        raise Invalid(_("At most %s measures in one post.") % TOGETHER, field=FIELD)
    ids = [identifier(str(one)) for one in given if isinstance(one, str | int)]
    found: dict[int, Series] = {}
    async with node.database.reading() as db:
        kept = await measures.by_ids(db, ids, reader_id=me_id) if ids else {}
        mine = {me_id, *(one.actor.id for one in await teams.of(db, me_id))} if kept else set()
    for one in kept.values():
        if one.owner_id in mine:
            url = f"{node.site.base_url}/measures/{one.id}" if one.opened is not None else ""
            found[one.id] = replace(one.series, url=url)
    return [_copy(one, found) for one in given]


def _copy(one: Any, found: Mapping[int, Series]) -> Series:
    if not isinstance(one, str | int):
        try:
            return replace(loaded(one), picture="")
        except WrongSeries as wrong:
            raise Invalid(str(wrong), field=FIELD) from wrong
    series = found.get(identifier(str(one)))
    if series is None:
        raise Invalid(_("You have no such measure."), field=FIELD)
    return series


async def _picture(node: Node, me_id: int, series: Series) -> tuple[int, str]:
    """An upload that shows the chart, and its address. Raises Invalid."""
    drawing, alt = showing.for_picture(series)
    made = await picturing.drawn(node, drawing)
    return await uploads.put(node, me_id, made, uploads.description(alt, ""))


async def png(node: Node, series: Series) -> bytes:
    """The chart as a file; equal ones are made once. Raises Invalid."""
    drawing, _alt = await asyncio.to_thread(showing.for_picture, series)
    key = ("chart", hashlib.sha256(drawing).hexdigest())
    known = node.shelf.get(*key)
    if known is not None:
        return known
    made = await picturing.drawn(node, drawing)
    try:
        if made.original is None:
            raise Missing("chart")
        content = await asyncio.to_thread(made.original.path.read_bytes)
    finally:
        for path in made.paths:
            await asyncio.to_thread(path.unlink, missing_ok=True)
    node.shelf.put(key, content)
    return content
