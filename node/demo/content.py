"""The sample content: six fictional alliances, their people and what they share, as records. Reads the files beside it.

Two alliances have a node of their own; the others are guests of a neighbour (``guest_of``), so that their talk crosses
from node to node. What is of a kind that cannot be written yet is left out, and what answers it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.actors import ActorKind
from storage.kinds import SHAPES, Kind

FOLDER = Path(__file__).parent
DAY = 24 * 60 * 60 * 1000  # ms
PLAIN = frozenset({"plain", "reply"})
# The field that the words of an item are, where its kind has none of that name; "": they are the text of the post.
WORDS: Mapping[Kind, str] = {
    Kind.RESOURCE: "description",
    Kind.ALERT_SIGNPOST: "tip",
    Kind.QUESTION: "details",
    Kind.VIDEO: "description",
    Kind.MENTORING_OFFER: "details",
    Kind.MENTORING_REQUEST: "details",
    Kind.THANKS: "deed",
    Kind.BLOG: "",
}
KINDS = {"poll": Kind.CONSULTATION}  # what the sample content calls otherwise
TOLD = frozenset({Kind.EVENT, Kind.CONSULTATION})  # what they are about stands in their text
MODES = {"hybrid": "both"}


@dataclass(frozen=True, slots=True)
class Place:
    """An alliance with a node of its own."""

    domain: str  # in the sample content; the running node has another
    short: str
    name: str
    region: str
    port: int  # where it answers, unless somebody else does
    sign_in: str  # the handle of the member whose sign-in is shown

    @property
    def slug(self) -> str:
        """The name of its folder."""
        return self.domain.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Person:
    """A member, team or alliance."""

    acct: str  # handle@domain in the sample content; its e-mail address too
    kind: ActorKind
    name: str
    note: str
    topics: frozenset[str]
    home: str  # domain of the place whose node it lives on
    hosting: bool  # the alliance whose node it is

    @property
    def handle(self) -> str:
        """What it is called on its node."""
        return self.acct.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is shared."""

    id: str
    kind: Kind
    author: str  # a person's acct
    published: int
    language: str
    title: str
    text: str
    topics: frozenset[str]
    fields: Mapping[str, Any]
    answers: str  # id of another item; "": none
    built_on: str = ""  # id of another item; "": none
    options: Sequence[str] = ()  # of a consultation
    multiple: bool = False
    closes: int = 0
    votes: Sequence[int] = ()  # how people choose, in proportion


@dataclass(frozen=True, slots=True)
class Content:
    """All of it: hosting alliances first among people, the oldest first among items."""

    places: Sequence[Place]
    people: Sequence[Person]
    items: Sequence[Item]


def load(now: int) -> Content:
    """The sample content, moved by whole days so that the newest dated item was shared the day before ``now``."""
    alliances = json.loads((FOLDER / "nodes.json").read_text(encoding="utf-8"))
    places = [_place(one) for one in alliances if "port" in one]
    people = [_person(one, {known["domain"]: known for known in alliances}) for one in _lines("members.jsonl")]
    people.sort(key=lambda one: not one.hosting)
    return Content(places, people, _items(_lines("items.jsonl"), now))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def _place(given: Mapping[str, Any]) -> Place:
    return Place(**{one.name: given[one.name] for one in fields(Place)})


def _person(given: Mapping[str, Any], alliances: Mapping[str, Mapping[str, Any]]) -> Person:
    alliance = alliances[given["acct"].partition("@")[2]]
    kind = ActorKind(given["type"])
    guest = f" Guest from {alliance['name']}." if "guest_of" in alliance and kind is not ActorKind.ORGANIZATION else ""
    return Person(
        acct=given["acct"],
        kind=kind,
        name=given["name"],
        note=f"{given['role']}.{guest}\n\nSample account: this {_NOUNS[kind]} is fictional.",
        topics=frozenset(given["topics"]),
        home=alliance.get("guest_of", alliance["domain"]),
        hosting=kind is ActorKind.ORGANIZATION and "guest_of" not in alliance,
    )


_NOUNS = {ActorKind.PERSON: "person", ActorKind.GROUP: "team", ActorKind.ORGANIZATION: "alliance"}


def _items(given: Sequence[Mapping[str, Any]], now: int) -> list[Item]:
    newest = max(_moment(one["published"]) for one in given if "published" in one)
    later = (now // DAY - newest // DAY - 1) * DAY
    known = PLAIN | {kind.value for kind in SHAPES} | KINDS.keys()
    made = [_item(one, now, later) for one in given if one["type"] in known]
    made.sort(key=lambda one: one.published)
    kept: dict[str, Item] = {}
    for one in made:
        if all(not other or other in kept for other in (one.answers, one.built_on)):
            kept[one.id] = one
    return list(kept.values())


def _moment(written: str) -> int:
    """``2026-09-01T07:30Z`` in milliseconds."""
    return int(datetime.strptime(written, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC).timestamp() * 1000)


def _item(given: Mapping[str, Any], now: int, later: int) -> Item:
    kind = Kind.PLAIN if given["type"] in PLAIN else KINDS.get(given["type"]) or Kind(given["type"])
    known = {one.name for one in fields(SHAPES[kind])} if kind in SHAPES else set[str]()
    words = WORDS.get(kind)
    fresh = given.get("minutes_ago")
    return Item(
        id=given["id"],
        kind=kind,
        author=given["author"],
        published=now - fresh * 60_000 if fresh is not None else _moment(given["published"]) + later,
        language=given["lang"],
        title=given["title"],
        text=_text(given, kind),
        topics=frozenset(given["topics"]),
        fields=_fields(given, known) | ({words: given["content"]} if words else {}) | _times(given, kind, later),
        answers=given.get("inReplyTo", ""),
        built_on=given.get("derivedFrom", "") if kind is Kind.SPREAD else "",
        options=given.get("options", ()),
        multiple=bool(given.get("multiple")),
        closes=now + given.get("days", 0) * DAY // 4,  # open still, some for days and some for a week
        votes=given.get("votes", ()),
    )


def _fields(given: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """The fields of a kind; of what was given up, how it went is why."""
    found = {name: value for name, value in given.items() if name in known}
    if found.get("outcome") == "abandoned" and "result" in found:
        found["reason"] = found.pop("result")
    return found


def _text(given: Mapping[str, Any], kind: Kind) -> str:
    """What stands in the text; most structured kinds say it all in their fields, and a question is a title."""
    told = kind is Kind.PLAIN or WORDS.get(kind) == "" or (kind in TOLD and given["content"] != given["title"])
    return str(given["content"]) if told else ""


def _times(given: Mapping[str, Any], kind: Kind, later: int) -> dict[str, Any]:
    """When and how an event is; it moves with the day on which it was announced, by whole weeks: Fridays stay so."""
    if kind is not Kind.EVENT:
        return {}
    shift = timedelta(weeks=-(-later // (7 * DAY)))
    start, end = (datetime.fromisoformat(given[name]) + shift for name in ("startTime", "endTime"))
    place = "Education centre, Cwm Derwen" if "Cwm Derwen" in given["content"] else "Education centre"
    mode = MODES.get(given["mode"], given["mode"])
    return {
        "start": start.isoformat(timespec="minutes"), "end": end.isoformat(timespec="minutes"),
        "zone": given["timezone"], "mode": mode, "cost": "free", **({} if mode == "online" else {"place": place}),
    }  # fmt: skip
