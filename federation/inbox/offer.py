"""Offer: somebody elsewhere proposes that two come together, one as the other's mentor."""

from __future__ import annotations

from federation.documents import activities, pairing
from federation.errors import Refused
from federation.happenings import Happening, Mentored
from federation.inbox.activity import Activity, inner
from federation.outbox.promise import promise
from federation.site import Site
from storage import actors, blocks, boards, domain_blocks, matches, posts, throttle
from storage.actors import Actor
from storage.boards import DIRECTIONS, OFFER, REQUEST, Board
from storage.database import Missing, Reading, Writing
from storage.matches import Match, State
from storage.posts import Post

A_DAY = 20  # Offers of one actor
DAY = 24 * 60 * 60 * 1000  # ms


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the proposal, for one of ours to answer; refuse it at once when it can come to nothing. Raises Refused."""
    document, now = inner(activity), activity.received
    if not pairing.is_match(document):
        return []
    said = pairing.proposed(activity.id, document, activity.actor)
    offer, offered = await _post(db, said.offer_uri, OFFER)
    request, asked = await _post(db, said.request_uri, REQUEST)
    mentor, mentee = await actors.by_id(db, offer.author_id), await actors.by_id(db, request.author_id)
    if (mentor.uri, mentee.uri) != (said.mentor_uri, said.mentee_uri):
        raise Refused("Offer with a post of another")
    other, board = (mentee, asked) if mentor.id == activity.actor.id else (mentor, offered)
    if activity.actor.id not in (mentor.id, mentee.id) or not other.here or other.suspended or other.gone:
        raise Refused("Offer to somebody who is not here")
    message = said.message
    if message and site.judge([("message", message)], ()) is not None:
        message = ""
    new = Match(
        0, activity.id, offer.id, request.id, mentor.id, mentee.id, activity.actor.id, State.PROPOSED, message, "",
        asked.hours or offered.hours, asked.months or offered.months, now, None, None, now,
    )  # fmt: skip
    kept_away = await _kept_away(db, activity.actor, other)
    if not kept_away:
        await _check(db, activity, offer if other.id == mentor.id else request)
    if kept_away or board.status != "open":
        reject = activities.reject_match(other, activity.actor, activity.id)
        await promise(db, site, reject, signer=other, inboxes=[activity.actor.delivery_inbox])
        return []
    kept = await matches.propose(db, new)
    return [] if kept is None else [Mentored(activity.actor, kept)]


async def _check(db: Writing, activity: Activity, ours: Post) -> None:
    """Whether its actor may see the post of ours, and does not propose too much. Raises Refused."""
    try:
        await posts.by_id(db, ours.id, reader_id=activity.actor.id)
    except Missing as missing:
        raise Refused("Offer with a post that is not here") from missing
    if await throttle.count(db, f"offers {activity.actor.id}", now=activity.received, window=DAY) > A_DAY:
        raise Refused("too many Offers in a day")


async def _post(db: Reading, uri: str, direction: str) -> tuple[Post, Board]:
    try:
        post = await posts.by_uri(db, uri)
    except Missing as missing:
        raise Refused("Offer with a post that is not here") from missing
    board = await boards.one(db, post.id)
    if board is None or DIRECTIONS.get(post.kind) != direction:
        raise Refused(f"Offer with a post that is no mentoring {direction}")
    return post, board


async def _kept_away(db: Reading, proposer: Actor, other: Actor) -> bool:
    if await blocks.either(db, proposer.id, other.id):
        return True
    return bool(await domain_blocks.of(db, member_id=other.id, domains=[proposer.domain]))
