"""Events and consultations on pages: what the page of one shows, and what their forms ask beside their fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from federation.documents.contents.event import zone as zone_words
from node.errors import Invalid
from node.sharing import attending
from node.sharing.attending import Going
from node.sharing.questions import NewPoll
from node.texts import _
from node.web.cards import href
from node.web.forms import EVENT, OPTIONS
from node.web.questions import OTHER
from storage import actors, consultations, polls, posts
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.kinds import Kind
from storage.posts import Post
from storage.shapes.event import HOME
from storage.shapes.rules import WrongField
from storage.shapes.times import Wall, instant

GATHERED = frozenset({Kind.EVENT, Kind.CONSULTATION, Kind.SUMMARY})
LAST_MINUTE = "T23:59"


@dataclass(frozen=True, slots=True)
class Consulted:
    """A consultation as a page shows it. ``here`` None: this node counts nothing of it."""

    over: bool
    closes: int | None
    summary: str  # where what came of it stands; "": nowhere yet
    here: int | None
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a gathering shows beside its card."""

    going: Going | None = None
    zone: str = ""  # as people call it
    over: bool = False
    calendar: str = ""  # the address of its calendar file
    consultation: Consulted | None = None

    @property
    def full(self) -> bool:
        """Whether no place is free."""
        when = None if self.going is None else self.going.when
        return when is not None and when.capacity is not None and when.coming >= when.capacity


async def shown(db: Reading, post: Post, author: Actor, *, reader_id: int, mine: bool, now: int) -> Shown | None:
    """What a post's page shows as a gathering; None: it is none, and costs no query."""
    if post.kind not in GATHERED:
        return None
    if post.kind is Kind.EVENT:
        going = await attending.going(db, post, reader_id, organises=mine and post.local is not None)
        zone = zone_words(json.loads(post.fields or "{}").get("zone", HOME))
        over = going is not None and going.when.ends <= now
        return Shown(going, zone, over, f"{href(post, author)}.ics" if going is not None and post.public else "")
    if post.kind is Kind.CONSULTATION:
        return Shown(consultation=await _consulted(db, post, reader_id=reader_id, now=now))
    return Shown()


async def _consulted(db: Reading, post: Post, *, reader_id: int, now: int) -> Consulted | None:
    kept, poll = await consultations.one(db, post.id), await polls.one(db, post.id)
    if kept is None or poll is None:
        return None
    summary = ""
    if kept.summary_id is not None:
        with suppress(Missing):  # hidden, or not for this reader
            found = await posts.by_id(db, kept.summary_id, reader_id=reader_id)
            summary = href(found, await actors.by_id(db, found.author_id))
    here, elsewhere = await consultations.voters(db, post.id) if post.local is not None else (None, 0)
    return Consulted(poll.over(now), poll.ends, summary, here, elsewhere)


def fields(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a form says in a second language."""
    said = {name.removeprefix("other_"): typed.get(name, "").strip() for name in OTHER}
    return {"translation": {name: one for name, one in said.items() if one}} if said["title"] or said["text"] else {}


def typed_of(post: Post, link: str) -> dict[str, str]:
    """An event as its form shows it."""
    kept = json.loads(post.fields or "{}")
    return {
        "title": post.title, "text": post.source, "topics": ",".join(kept.get("topics", [])), "link": link,
        **{name: str(kept.get(name, "")) for name in EVENT if name != "link"},
        **other(post),
    }  # fmt: skip


def other(post: Post) -> dict[str, str]:
    """The second language of a post as a form shows it."""
    kept = json.loads(post.fields or "{}").get("translation") or {}
    return {name: kept.get(name.removeprefix("other_"), "") for name in OTHER}


def poll(typed: Mapping[str, str], *, multiple: bool, now: int) -> NewPoll:
    """What a consultation asks; it is open until the end of its last day. Raises Invalid."""
    closes = typed.get("closes", "").strip()
    try:
        last = Wall().strict("closes", closes + LAST_MINUTE)
    except WrongField as wrong:
        raise Invalid(_("Write the last day as 2027-01-31."), field="closes") from wrong
    seconds = (instant(last, HOME) - now) // 1000
    if seconds <= 0:
        raise Invalid(_("The last day is past. Choose one to come."), field="closes")
    return NewPoll([typed[name] for name in OPTIONS if typed.get(name, "").strip()], seconds, multiple)


def themes(typed: Mapping[str, str]) -> Sequence[dict[str, str]]:
    """What a form says that people said."""
    found = [
        {part: typed.get(f"{name}{number}", "").strip() for name, part in _THEME} for number in range(1, THEMES + 1)
    ]
    return [one for one in found if any(one.values())]


THEMES = 8
_THEME = (("theme", "name"), ("count", "count"), ("sentence", "sentence"))
SUMMARY = tuple(f"{name}{number}" for number in range(1, THEMES + 1) for name, _part in _THEME)
