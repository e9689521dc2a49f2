"""What a form or an app says a group is, as pages and the API take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from federation.errors import FederationError, Refused
from federation.fetching import actors as fetching
from node.connecting.groups import Said
from node.context import Node
from node.errors import Invalid
from node.requests import Params, flag, text
from node.texts import _
from storage import actors
from storage.actors import Actor
from storage.database import Missing
from storage.groups import Joining, Posting, Settings, Sort

_E = TypeVar("_E", bound=StrEnum)
NEW = Said("", "", Settings(joining=Joining.REQUEST, posting=Posting.MEMBERS))


def said(values: Params, before: Said = NEW) -> Said:
    """What a group says from now on; what was not sent stays. Raises Invalid."""
    was = before.settings
    private = flag(values, "private", was.private is not None)
    settings = replace(
        was,
        sort=_chosen(Sort, values, "kind", was.sort),
        joining=_chosen(Joining, values, "joining", was.joining),
        posting=_chosen(Posting, values, "posting", was.posting),
        private=(was.private or 1) if private else None,
        aim=text(values, "aim", was.aim),
        starts=_day(values, "starts_on", was.starts),
        ends=_day(values, "ends_on", was.ends),
    )
    return Said(text(values, "display_name", before.name), text(values, "note", before.note), settings)


def _chosen(kind: type[_E], values: Params, name: str, before: _E) -> _E:
    try:
        return kind(text(values, name, before.value))
    except ValueError as error:
        words = _("%(name)s must be one of: %(values)s.")
        raise Invalid(words % {"name": name, "values": ", ".join(kind)}, field=name) from error


def _day(values: Params, name: str, before: int | None) -> int | None:
    given = text(values, name).strip()
    if name not in values:
        return before
    if not given:
        return None
    try:
        return int(datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("Write a day as year, month and day, such as 2026-11-28."), field=name) from error


def day(moment: int | None) -> str:
    """A day as forms and apps write it; "": none."""
    return "" if moment is None else datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d")


async def person(node: Node, handle: str) -> Actor:
    """Whom a handle names, asked of their server where they are not known; no transaction may be open. Raises
    Invalid."""
    name, _at, domain = handle.strip().removeprefix("@").partition("@")
    domain = domain.lower()
    try:
        async with node.database.reading() as db:
            return await actors.by_handle(db, name, "" if domain == node.config.domain else domain)
    except Missing:
        pass
    try:
        if not name or domain in ("", node.config.domain):
            raise Refused("nobody here")
        return await fetching.by_handle(node.database, node.site, f"{name}@{domain}")
    except (FederationError, Missing) as error:
        raise Invalid(_("Nobody was found under that name."), field="member") from error
