"""Shared measures of a group in AS2: a ``sw:Measure`` without points, with an id of its own. Pure.

A measure in a post names it by ``sw:definedBy``. The group tells its followers by Add, and takes it back by Remove.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from federation.documents import context, measures, reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.site import Document
from federation.vocabulary import OURS, PUBLIC, PUBLIC_NAMES
from storage.actors import Actor
from storage.series import Series, WrongSeries, dumped, loaded
from storage.shared import Definition

TYPES = frozenset({measures.TYPE, f"{OURS}Measure"})
NAMED = 8  # addresses that are looked at


def collection(group: Actor) -> str:
    """Where a group of ours lists what it has counted."""
    return f"{group.uri}/shared_measures"


def terms(one: Definition, group: Actor) -> Document:
    """A shared measure of a group of ours, inside another document."""
    [said] = measures.terms([dumped(one.series)])
    del said["points"]
    return {
        "id": one.uri, "attributedTo": group.uri, **said, "url": one.uri, "published": reading.iso(one.created),
        "to": [PUBLIC] if one.private is None else [group.followers],
    }  # fmt: skip


def write(one: Definition, group: Actor) -> Document:
    """The same by itself."""
    return {"@context": context.MEASURE, **terms(one, group)}


def is_one(value: Any) -> bool:
    """Whether something is a shared measure by its type."""
    return isinstance(value, dict) and not TYPES.isdisjoint(reading.types(value))


def read(document: Mapping[str, Any], *, group_uri: str) -> tuple[str, Series, bool]:
    """Its id, what is counted, and whether everybody may know, as the group of this id says. Raises Refused."""
    uri = reading.uri(document.get("id"))
    if not is_one(document) or not uri or not same_origin(uri, group_uri):
        raise Refused("no shared measure of this group")
    if reading.uri(document.get("attributedTo")) != group_uri:
        raise Refused("shared measure of another group")
    [plain] = measures.read([{**document, "points": []}])
    try:
        series = loaded({**plain, "annotations": [], "rebases": []})
    except WrongSeries as wrong:
        raise Refused(f"shared measure cannot be used: {wrong.field}") from wrong
    told = [one for one in reading.one_or_many(document.get("to"))[:NAMED] if isinstance(one, str)]
    everybody = not PUBLIC_NAMES.isdisjoint(told)
    return uri, replace(series, url="", picture="", finding="", shared="", points=()), everybody


def add(one: Definition, group: Actor, newcomer: Actor | None = None) -> Document:
    """The Add by which a group tells what it has counted: its followers, or ``newcomer``, for whom it has an id of its
    own, since what is promised under one id goes out once."""
    said = terms(one, group)
    uri = f"{one.uri}#add" if newcomer is None else f"{one.uri}#add/{newcomer.id}"
    return {
        "@context": context.MEASURE, "id": uri, "type": "Add", "actor": group.uri, "object": said,
        "target": collection(group), "to": said["to"], "cc": [group.followers] if one.private is None else [],
    }  # fmt: skip


def remove(one: Definition, group: Actor) -> Document:
    """The Remove by which it is counted no longer."""
    return {
        "@context": context.MEASURE, "id": f"{one.uri}#remove", "type": "Remove", "actor": group.uri,
        "object": one.uri, "target": collection(group), "to": [group.followers],
    }  # fmt: skip
