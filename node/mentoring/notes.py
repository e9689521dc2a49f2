"""What the two of a match write to each other: check-ins, the goal, a closing note. Sent to the other alone, by the
other's server kept for them; nobody else reads it, here or there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from federation.documents import activities
from federation.documents.reading import iso
from federation.happenings import Mentored
from federation.outbox.promise import promise
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.mentoring import matching
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, check_ins, matches
from storage.actors import Actor
from storage.check_ins import CheckIn, Sort
from storage.database import Missing, Reading, Writing
from storage.matches import Match, State

_DAY = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Whole:
    """A match as one of the two reads it."""

    match: Match
    party: Actor  # whom the reader acts for
    other: Actor
    notes: Sequence[CheckIn]


async def read(db: Reading, me: Actor, match_id: int) -> Whole:
    """A match with its notes, for one of the two. Raises Missing."""
    match, party = await matching.own(db, me, match_id)
    other = await actors.by_id(db, match.other(party.id))
    return Whole(match, party, other, await check_ins.of(db, match.id))


async def write(
    db: Writing, node: Node, me: Actor, match_id: int, sort: Sort, text: str, day: str = ""
) -> tuple[CheckIn, list[Told]]:
    """Add a note. ``day``: of what it tells, YYYY-MM-DD; "": today. Raises Invalid, Missing, and what the privacy guard
    raises."""
    match, party = await matching.own(db, me, match_id)
    now = node.clock()
    if match.state is not State.ACCEPTED:
        raise Invalid(_("You can write here while the match holds."), field="text")
    if day and not _DAY.fullmatch(day):
        raise Invalid(_("Write the date as 2027-11-20."), field="day")
    text = await matching.checked(db, node, me, "text", text)
    if not text:
        raise Invalid(_("Write something first."), field="text")
    uri = f"{party.uri}#mentoring-notes/{secrets.token_hex(8)}"
    kept = await check_ins.add(
        db, CheckIn(0, match.id, party.id, uri, sort, day or iso(now)[:10], text, None, now)
    )  # fmt: skip
    if kept is None:
        raise Invalid(_("There is no more room: a match has at most %s notes.") % check_ins.MOST, field="text")
    if sort is Sort.GOAL:
        await matches.set_goal(db, match.id, text)
    await matches.heard(db, match.id, now=now)
    await matching.note_deed(db, node, me, party, "note", match)
    other = await actors.by_id(db, match.other(party.id))
    if not other.here:
        said = activities.add_note(kept, party, other, match.uri)
        await promise(db, node.site, said, signer=party, inboxes=[other.delivery_inbox], object_uri=kept.uri)
    return kept, await surface(db, node, [Mentored(party, match)])


async def take_back(db: Writing, node: Node, me: Actor, match_id: int, note_id: int) -> None:
    """Erase a note of one's own, on both sides. Raises Missing, NotAllowed."""
    match, party = await matching.own(db, me, match_id)
    found = await check_ins.by_id(db, note_id)
    if found.match_id != match.id:
        raise Missing(str(note_id))
    if found.author_id != party.id or await check_ins.remove(db, found.uri, author_id=party.id) is None:
        raise NotAllowed(_("Only its author can do that."))
    if found.sort is Sort.GOAL and match.goal == found.text:
        await matches.set_goal(db, match.id, "")
    other = await actors.by_id(db, match.other(party.id))
    if not other.here:
        said = activities.remove_note(found.uri, party, other, match.uri)
        await promise(db, node.site, said, signer=party, inboxes=[other.delivery_inbox], object_uri=found.uri)
