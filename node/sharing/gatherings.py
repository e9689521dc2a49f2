"""Events and consultations that members share: what is checked beyond their fields, and kept beside their posts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from federation.happenings import Happening
from federation.inbox import attending
from node.context import Node
from node.errors import Invalid
from node.sharing.drafts import Checked
from node.sharing.questions import LONGEST
from node.texts import _
from storage import consultations, events, polls
from storage.database import Reading, Writing
from storage.events import Event as When
from storage.kinds import Kind
from storage.polls import Poll
from storage.posts import Post, Visibility
from storage.shapes.event import Event
from storage.shapes.summary import Summary

FAR = 5 * 366 * 24 * 60 * 60 * 1000  # ms ahead that an event may be
COUNTED = ("here", "elsewhere")  # fields of a summary
HALF_A_YEAR = 183 * 24 * 60 * 60  # seconds that a consultation may be open


def longest(kind: Kind) -> int:
    """Seconds that a poll of this kind of post may be open."""
    return HALF_A_YEAR if kind is Kind.CONSULTATION else LONGEST


def final(old: Post, asked: Poll | None, now: int) -> bool:
    """Whether what a post asked is over for good: apps send the poll along with each edit, and it stays as it ended."""
    return old.kind is Kind.CONSULTATION and asked is not None and asked.over(now)


def check_poll(kind: Kind, *, asks: bool) -> None:
    """Raises Invalid: a consultation asks, an event and a summary do not."""
    if kind is Kind.CONSULTATION and not asks:
        raise Invalid(_("A consultation needs options to choose from."), field="poll")
    if kind in (Kind.EVENT, Kind.SUMMARY) and asks:
        raise Invalid(_("A post of this kind has no poll."), field="poll")


async def fit(db: Reading, node: Node, checked: Checked) -> Checked:
    """The same, if it can be shared now; a summary with how many voted. Raises Invalid."""
    given = checked.structured
    if isinstance(given, Event):
        check_time(given, now=node.clock())
    if not isinstance(given, Summary):
        return checked
    here, elsewhere = await _voters(db, node, checked)
    fields = {**checked.draft.fields, **dict(zip(COUNTED, (here, elsewhere), strict=True))}
    draft = replace(checked.draft, fields=fields)
    return replace(checked, draft=draft, structured=replace(given, here=here, elsewhere=elsewhere))


def check_time(given: Event, *, now: int) -> None:
    """Raises Invalid."""
    if given.starts <= now:
        raise Invalid(_("It begins in the past. Choose a day and time to come."), field="start")
    if given.starts > now + FAR:
        raise Invalid(_("It begins in more than five years. Check the year."), field="start")


async def _voters(db: Reading, node: Node, checked: Checked) -> tuple[int, int]:
    """How many voted in what a summary closes. Raises Invalid when it closes nothing."""
    asked = checked.parent
    kept = None if asked is None else await consultations.one(db, asked.id)
    poll = None if kept is None else await polls.one(db, kept.post_id)
    if asked is None or kept is None or poll is None:
        raise Invalid(_("A summary answers the consultation that it closes."), field="in_reply_to_id")
    if not poll.over(node.clock()):
        raise Invalid(_("The consultation is still open: sum it up when it is over."), field="in_reply_to_id")
    if kept.summary_id is not None:
        raise Invalid(_("This consultation has its summary already. Change that one."), field="in_reply_to_id")
    if checked.visibility is not Visibility.PUBLIC and checked.visibility is not Visibility.UNLISTED:
        raise Invalid(_("A summary is for everyone who could answer."), field="visibility")
    return await consultations.voters(db, asked.id)


def check_author(checked: Checked, author_id: int) -> None:
    """Raises Invalid for a summary of another's consultation."""
    if checked.draft.kind is Kind.SUMMARY and checked.parent is not None and checked.parent.author_id != author_id:
        raise Invalid(_("Only who asked sums it up."), field="in_reply_to_id")


async def keep(db: Writing, post: Post, checked: Checked, now: int) -> When | None:
    """Keep what a new post says of its time, or that it consults."""
    if post.kind is Kind.CONSULTATION:
        await consultations.put(db, post.id)
    given = checked.structured
    if not isinstance(given, Event):
        return None
    when = _when(post.id, given, given.link, now)
    await events.put(db, when)
    return when


def _when(post_id: int, given: Event, link: str, now: int) -> When:
    return When(post_id, given.starts, given.ends, now if given.status else None, given.capacity, link)


async def change(db: Writing, node: Node, old: Post, checked: Checked) -> tuple[bool, list[Happening]]:
    """Keep the new time of an event: whether who comes is to be told of it, and who has a place now. The address to
    join by stays where none is given. Raises Invalid for a new time that is past."""
    given, now = checked.structured, node.clock()
    before = await events.one(db, old.id) if isinstance(given, Event) else None
    if not isinstance(given, Event) or before is None:
        return False, []
    if before.starts != given.starts:
        check_time(given, now=now)
    link = given.link if "link" in checked.draft.fields else before.link
    after = _when(old.id, given, link, now)
    await events.put(db, after)
    moved = (before.starts, before.ends) != (after.starts, after.ends)
    if moved:
        await events.remind_anew(db, old.id)
    seated = await attending.settle(db, node.site, old) if before.capacity != after.capacity else []
    return moved or (before.cancelled is None) != (after.cancelled is None), seated


def kept(old: Post, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The new fields of a post, with what nobody changes: how many voted when it was summed up."""
    if old.kind is not Kind.SUMMARY:
        return dict(fields)
    counted = {name: value for name, value in json.loads(old.fields).items() if name in COUNTED}
    return {name: value for name, value in fields.items() if name not in COUNTED} | counted
