"""Mentoring matches: what the other side's server says of them, and of the notes within.

Only the two of a match are heard about it. A place of a post of ours is taken when the match becomes one; where there
is none left by then, the other side is told by an Undo.
"""

from __future__ import annotations

from dataclasses import replace

from federation.documents import activities, pairing, reading
from federation.errors import Refused
from federation.happenings import Happening, Mentored
from federation.inbox.activity import Activity, inner
from federation.outbox.promise import promise
from federation.site import Site
from storage import actors, boards, check_ins, matches
from storage.check_ins import Sort
from storage.database import Missing, Reading, Writing
from storage.matches import Match, State


async def accepted(db: Writing, site: Site, activity: Activity) -> list[Happening] | None:
    """What the Accept of an Offer of ours does; None: it answers none. Raises Refused."""
    match = await _of_answer(db, activity)
    if match is None:
        return None
    own = match.post_of(match.proposer_id)
    if match.state is State.PROPOSED and (own is None or not await boards.take(db, own)):
        await matches.turn_down(db, match.id, State.WITHDRAWN, now=activity.received)
        proposer = await actors.by_id(db, match.proposer_id)
        said = activities.undo_match(proposer, activity.actor, match.uri)
        await promise(db, site, said, signer=proposer, inboxes=[activity.actor.delivery_inbox])
        return []
    held = await matches.accept(db, match.id, now=activity.received)
    return [] if held is None else [Mentored(activity.actor, held)]


async def rejected(db: Writing, activity: Activity) -> list[Happening] | None:
    """What the Reject of an Offer of ours does: it is declined, or the match ends; None: it answers none."""
    match = await _of_answer(db, activity)
    return None if match is None else await _over(db, activity, match, State.DECLINED)


async def undone(db: Writing, activity: Activity) -> list[Happening] | None:
    """What the Undo of an Offer does: it is withdrawn, or the match ends; None: it is about no match."""
    document = inner(activity)
    if not _about_an_offer(document):
        return None
    try:
        match = await matches.by_uri(db, reading.uri(document))
    except Missing:
        return []
    if match.proposer_id != activity.actor.id:
        raise Refused("Undo of another's Offer")
    return await _over(db, activity, match, State.WITHDRAWN)


async def _over(db: Writing, activity: Activity, match: Match, state: State) -> list[Happening]:
    gone = await matches.turn_down(db, match.id, state, now=activity.received)
    if gone is None:
        gone = await matches.end(db, match.id, now=activity.received)
        own = match.post_of(match.other(activity.actor.id))
        if gone is not None and own is not None:
            await boards.give_back(db, own)
            if own == match.request_id:  # it was met
                await boards.close(db, own)
    return [] if gone is None else [Mentored(activity.actor, gone)]


def _about_an_offer(document: dict[str, object]) -> bool:
    types, uri = reading.types(document), reading.uri(document)
    return "Offer" in types or (not types and pairing.PLACE in uri)


async def _of_answer(db: Reading, activity: Activity) -> Match | None:
    """The match that one of ours proposed, and that this answers; None: it answers none. Raises Refused."""
    document = inner(activity)
    if not _about_an_offer(document):
        return None
    try:
        match = await matches.by_uri(db, reading.uri(document))
    except Missing as missing:
        raise Refused("answer to an Offer that is not here") from missing
    if match.asked_id != activity.actor.id:
        raise Refused("answer of another than whom was asked")
    return match


async def noted(db: Writing, site: Site, activity: Activity) -> list[Happening] | None:
    """Keep a note of the other side; None: it is about no match. Raises Refused."""
    match = await _of_target(db, activity)
    if match is None:
        return None
    new = pairing.note(inner(activity), activity.actor, match_id=match.id, now=activity.received)
    if site.judge([("note", new.text)], ()) is not None:  # neither kept nor shown: they are told what to do
        new = replace(new, text="", withheld=activity.received)
    kept = await check_ins.add(db, new)
    if kept is None:
        return []
    if kept.sort is Sort.GOAL and kept.withheld is None:
        await matches.set_goal(db, match.id, kept.text)
    await matches.heard(db, match.id, now=activity.received)
    return [Mentored(activity.actor, match)]


async def unnoted(db: Writing, activity: Activity) -> list[Happening] | None:
    """Remove a note that the other side takes back; None: it is about no match."""
    if await _of_target(db, activity) is None:
        return None
    await check_ins.remove(db, reading.uri(activity.document.get("object")), author_id=activity.actor.id)
    return []


async def _of_target(db: Reading, activity: Activity) -> Match | None:
    uri = reading.uri(activity.document.get("target"))
    if pairing.PLACE not in uri:
        return None
    try:
        match = await matches.by_uri(db, uri)
    except Missing as missing:
        raise Refused("note of a match that is not here") from missing
    if activity.actor.id not in match.parties:
        raise Refused("note of another than the two of the match")
    return match
