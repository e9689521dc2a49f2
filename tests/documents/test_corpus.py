"""Documents of real software, read where ``SHAREWELL_DOCUMENTS`` says they are; without it there are none to read."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from federation.documents import actors as actor_documents
from federation.documents import posts as post_documents
from federation.documents import reading
from federation.errors import Refused
from federation.inbox import receive as receiving
from federation.inbox.dispatch import dispatch
from federation.site import Limits
from federation.vocabulary import ACTOR_TYPES
from storage import actors
from storage.actors import Actor, ActorKind, Profile
from storage.database import Writing
from tests.serving import START, Fediverse

PLACE = os.environ.get("SHAREWELL_DOCUMENTS", "")
LATER = 1_893_456_000_000  # ms; 2030, after every document


def by_software() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if PLACE:
        for one in json.loads((Path(PLACE) / "index.json").read_text())["documents"]:
            found[one["software"]].append(one)
    return found


ALL = by_software()


def load(one: dict[str, Any]) -> Any:
    return json.loads((Path(PLACE) / one["file"]).read_text())


def somebody(uri: str, followers: str = "") -> Actor:
    return Actor(
        1, uri, ActorKind.PERSON, "a", "far.example", "", "", "", "", "", "", "", followers or f"{uri}/followers", "",
        "", "", "", "[]", "[]", "[]", "", None, None, None, None, None, 0, 0, 1, 0, 0, 0, None, None, None, None,
    )  # fmt: skip


def differences(one: dict[str, Any]) -> list[str]:
    """Where what we read of a document differs from what is known of it; refusing a hostile one is right."""
    document, expected = load(one), one["expect"]
    if expected["class"] == "activity" and isinstance(document.get("object"), dict):
        document, expected = document["object"], expected.get("object", {"class": "?"})
    try:
        if expected["class"] == "object" and reading.type_among(document, post_documents.POSTS):
            return object_differences(document, expected)
        if expected["class"] == "actor" and reading.type_among(document, ACTOR_TYPES):
            return actor_differences(document, expected)
    except Refused:
        return []
    return []


def object_differences(document: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    author = next(iter(reading.uris(document.get("attributedTo"), 8)), "")
    if not author:
        return []
    named = [*reading.uris(document.get("to"), 64), *reading.uris(document.get("cc"), 64)]
    followers = next((one for one in named if one.endswith("/followers")), "")
    post = post_documents.read(document, somebody(author, followers), now=LATER, limits=Limits())
    said = {
        "id": post.uri, "visibility": {"private": "followers"}.get(post.visibility.value, post.visibility.value),
        "sensitive": post.sensitive, "inReplyTo": post.in_reply_to,
    }  # fmt: skip
    known = {
        **expected,
        "visibility": {"private": "followers"}.get(expected.get("visibility", ""), expected.get("visibility")),
    }
    return [
        f"{name}: {value!r}, known is {known[name]!r}"
        for name, value in said.items()
        if known.get(name) is not None and known[name] != value
    ]


def actor_differences(document: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    found = actor_documents.read(document, domain="far.example", now=LATER, limits=Limits()).profile
    said = {"id": found.uri, "preferredUsername": found.handle, "inbox": found.inbox}
    return [
        f"{name}: {value!r}, known is {expected[name]!r}"
        for name, value in said.items()
        if expected.get(name) is not None and expected[name] != value
    ]


@pytest.mark.parametrize("software", ALL)
def test_documents_are_read_as_they_are_meant(software: str) -> None:
    wrong = {one["file"]: found for one in ALL[software] if (found := differences(one))}

    assert wrong == {}


async def _known(db: Writing, uri: str) -> Actor:
    found = await actors.by_uris(db, [uri])
    if uri in found:
        return found[uri]
    profile = Profile(uri, ActorKind.PERSON, f"a{len(uri)}x{abs(hash(uri)) % 10**9}", "far.example", START)
    await actors.add(db, profile, now=START)
    return await actors.by_uri(db, uri)


@pytest.mark.parametrize("software", ALL)
async def test_activities_are_taken_in_or_refused(software: str, fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    for one in ALL[software]:
        document = load(one)
        actor = reading.uri(document.get("actor")) if isinstance(document, dict) else ""
        if not actor:
            continue
        async with node.database.writing() as db:
            activity = receiving.activity_of(document, await _known(db, actor), START)
        await receiving.missing(node.database, node.site, activity)
        try:
            async with node.database.writing() as db:
                await dispatch(db, node.site, activity)
        except Refused:
            continue


def pasture() -> dict[str, list[dict[str, Any]]]:
    """Variants of one Note, by group: https://codeberg.org/funfedidev/fediverse-pasture-inputs"""
    place = Path(PLACE).parent / "pasture-inputs.json"
    if not PLACE or not place.exists():
        return {}
    groups = json.loads(place.read_text())["groups"]
    return {name: group["examples"] for name, group in groups.items() if name != "html_bad"}


PASTURE = pasture()
HARMFUL = re.compile(r"<(?:script|style|iframe|object|embed|form|input|body|html|head|link|meta)|\son\w+=|javascript:")


@pytest.mark.parametrize("group", PASTURE)
def test_variants_of_a_note_are_read_and_harmless(group: str) -> None:
    read = 0
    for example in PASTURE[group]:
        author = "http://pasture-one-actor/actor"
        note = {
            "id": "http://pasture-one-actor/note/1", "type": "Note", "attributedTo": author,
            "published": "2026-01-01T00:00:00Z", "to": ["https://www.w3.org/ns/activitystreams#Public"], **example,
        }  # fmt: skip
        try:
            post = post_documents.read(note, somebody(author), now=LATER, limits=Limits())
        except Refused:
            continue
        assert not HARMFUL.search(post.html)
        assert not HARMFUL.search(post.summary)
        read += 1

    assert read >= len(PASTURE[group]) / 3  # ids, types and authors have to be there
