"""Bring an offer and a request together: propose, accept, decline, withdraw, end. Each is one transaction, in which
what the other server has to hear is promised.

Who writes for a team acts for it; ``audit`` knows who did.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

from federation.documents import activities, pairing
from federation.happenings import Mentored
from federation.outbox.promise import promise
from node import guarding
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed, TooMany
from node.mentoring import scoring
from node.mentoring.scoring import Fit
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, audit, blocks, boards, domain_blocks, matches, posts, teams, throttle
from storage.actors import Actor
from storage.boards import OFFER, Board
from storage.database import Missing, Reading, Writing
from storage.matches import Match, State
from storage.posts import Post

A_DAY = 20  # proposals of one member
DAY = 24 * 60 * 60 * 1000  # ms


async def acting_for(db: Reading, me: Actor) -> list[int]:
    """For whom a member can act: themselves, and the teams they write for."""
    return [me.id, *(one.actor.id for one in await teams.of(db, me.id))]


async def own(db: Reading, me: Actor, match_id: int) -> tuple[Match, Actor]:
    """A match of the member's or of a team of theirs, and whom they act for in it. Raises Missing for others'."""
    match = await matches.by_id(db, match_id)
    mine = [one for one in await acting_for(db, me) if one in match.parties]
    if not mine:
        raise Missing(str(match_id))
    return match, await actors.by_id(db, mine[0])


async def board_of(db: Reading, post_id: int, *, reader_id: int) -> tuple[Post, Board]:
    """A mentoring offer or request the reader may see. Raises Missing."""
    post = await posts.by_id(db, post_id, reader_id=reader_id)
    board = await boards.one(db, post.id)
    if board is None:
        raise Missing(str(post_id))
    return post, board


async def suggestions(db: Reading, me: Actor, post: Post, board: Board, *, now: int) -> list[Fit]:
    """What fits an open offer or request, for whom it is theirs; nothing for others."""
    if board.status != "open" or post.author_id not in await acting_for(db, me):
        return []
    return scoring.best(board, await boards.fitting(db, board, author_id=post.author_id, reader_id=me.id, now=now))


async def propose(
    db: Writing, node: Node, me: Actor, own_id: int, other_id: int, message: str
) -> tuple[Match, list[Told]]:
    """Propose that one's own post and another's come together. Raises Invalid, Missing, NotAllowed, TooMany."""
    now = node.clock()
    mine, my_board = await board_of(db, own_id, reader_id=me.id)
    theirs, their_board = await board_of(db, other_id, reader_id=me.id)
    if mine.author_id not in await acting_for(db, me):
        raise NotAllowed(_("Only its author can do that."))
    if my_board.direction == their_board.direction or mine.author_id == theirs.author_id:
        raise Invalid(_("An offer goes with the request of somebody else."), field="post")
    if my_board.status != "open" or their_board.status != "open":
        raise Invalid(_("One of the two is not open any more."), field="post")
    party, other = await actors.by_id(db, mine.author_id), await actors.by_id(db, theirs.author_id)
    await _check_welcome(db, party, other)
    message = await checked(db, node, me, "message", message)
    if await throttle.count(db, f"mentoring {me.id}", now=now, window=DAY) > A_DAY:
        raise TooMany(DAY // 1000)
    offer, request = (mine, theirs) if my_board.direction == OFFER else (theirs, mine)
    board = their_board if my_board.direction == OFFER else my_board
    another = my_board if board is their_board else their_board
    uri = f"{party.uri}{pairing.PLACE}{secrets.token_hex(8)}"
    new = Match(
        0, uri, offer.id, request.id, offer.author_id, request.author_id, party.id, State.PROPOSED, message, "",
        board.hours or another.hours, board.months or another.months, now, None, None, now,
    )  # fmt: skip
    kept = await matches.propose(db, new)
    if kept is None:
        raise Invalid(_("These two are proposed or matched already."), field="post")
    mentor, mentee = (party, other) if kept.mentor_id == party.id else (other, party)
    document = pairing.terms(
        uri, mentor=mentor.uri, mentee=mentee.uri, offer=offer.uri, request=request.uri, message=message
    )
    await _tell(db, node, party, other, activities.offer_match(party, other, uri, document, now=now))
    await note_deed(db, node, me, party, "propose", kept)
    return kept, await surface(db, node, [Mentored(party, kept)])


async def _check_welcome(db: Reading, party: Actor, other: Actor) -> None:
    shut = await domain_blocks.of(db, member_id=other.id, domains=[party.domain]) if party.domain else []
    if shut or await blocks.either(db, party.id, other.id):
        raise NotAllowed(_("You cannot propose this to them."))


async def checked(db: Writing, node: Node, me: Actor, field: str, text: str) -> str:
    """A text of a match that may be sent. Raises Invalid, and what the privacy guard raises."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > pairing.LONGEST:
        raise Invalid(_("At most %s characters.") % pairing.LONGEST, field=field)
    if text:
        await guarding.look_at_change(db, node, me.id, [Named(field, text)], (), sort=guarding.Sort.MENTORING)
    return text


async def accept(db: Writing, node: Node, me: Actor, match_id: int) -> tuple[Match, list[Told]]:
    """Accept a proposal: a place of each post of ours is taken. Raises Invalid, Missing, NotAllowed."""
    match, party = await own(db, me, match_id)
    party = await _asked(db, me, match, party)
    other = await actors.by_id(db, match.proposer_id)
    held = await matches.accept(db, match.id, now=node.clock())
    if held is None:
        raise Invalid(_("This was answered or withdrawn before."))
    await _take(db, held.post_of(party.id), _("Your post is closed, or has no place left."))
    if other.here:
        await _take(db, held.post_of(other.id), _("Theirs is closed, or has no place left."))
    elif held.post_of(other.id) is None:
        raise Invalid(_("What they wrote is deleted."))
    await _tell(db, node, party, other, activities.accept_match(party, other, match.uri))
    await note_deed(db, node, me, party, "accept", held)
    return held, await surface(db, node, [Mentored(party, held)])


async def _asked(db: Reading, me: Actor, match: Match, party: Actor) -> Actor:
    """Who has to answer, if the member acts for them. Raises NotAllowed."""
    if party.id == match.asked_id:
        return party
    if match.asked_id in await acting_for(db, me):
        return await actors.by_id(db, match.asked_id)
    raise NotAllowed(_("The other side answers this."))


async def _take(db: Writing, post_id: int | None, otherwise: str) -> None:
    if post_id is None or not await boards.take(db, post_id):
        raise Invalid(otherwise)


async def decline(db: Writing, node: Node, me: Actor, match_id: int) -> tuple[Match, list[Told]]:
    """Say no to a proposal. Raises Invalid, Missing, NotAllowed."""
    match, party = await own(db, me, match_id)
    party = await _asked(db, me, match, party)
    gone = await matches.turn_down(db, match.id, State.DECLINED, now=node.clock())
    if gone is None:
        raise Invalid(_("This was answered or withdrawn before."))
    proposer = await actors.by_id(db, match.proposer_id)
    await _tell(db, node, party, proposer, activities.reject_match(party, proposer, match.uri))
    await note_deed(db, node, me, party, "decline", gone)
    return gone, await surface(db, node, [Mentored(party, gone)])


async def end(db: Writing, node: Node, me: Actor, match_id: int) -> tuple[Match, list[Told]]:
    """End a match, or withdraw one's proposal; no reason is asked for. Raises Invalid, Missing, NotAllowed."""
    match, party = await own(db, me, match_id)
    if match.state is State.PROPOSED:
        if party.id != match.proposer_id:
            raise NotAllowed(_("Decline it, if you do not want it."))
        gone = await matches.turn_down(db, match.id, State.WITHDRAWN, now=node.clock())
    else:
        gone = await matches.end(db, match.id, now=node.clock())
    if gone is None:
        raise Invalid(_("This is over."))
    other = await actors.by_id(db, match.other(party.id))
    if gone.state is State.ENDED:
        await over(db, gone)
    if party.id == match.proposer_id:
        said = activities.undo_match(party, other, match.uri)
    else:
        said = activities.reject_match(party, other, match.uri)
    await _tell(db, node, party, other, said)
    await note_deed(db, node, me, party, "end", gone)
    return gone, await surface(db, node, [Mentored(party, gone)])


async def over(db: Writing, match: Match) -> None:
    """An offer of ours has a place again; a request of ours that was met is closed, until its author opens it."""
    if match.offer_id is not None:
        await boards.give_back(db, match.offer_id)
    if match.request_id is not None:
        await boards.give_back(db, match.request_id)
        await boards.close(db, match.request_id)


async def _tell(db: Writing, node: Node, party: Actor, other: Actor, said: dict[str, object]) -> None:
    if not other.here:
        await promise(db, node.site, said, signer=party, inboxes=[other.delivery_inbox])


async def note_deed(db: Writing, node: Node, me: Actor, party: Actor, deed: str, match: Match) -> None:
    """Write down who did it where a team did."""
    if party.id != me.id:
        await audit.note(db, f"mentoring.{deed}-as", match.uri, actor_id=me.id, now=node.clock())


Deed = Callable[[Writing, Node, Actor, int], Awaitable[tuple[Match, list[Told]]]]
DEEDS: Mapping[str, Deed] = {"accept": accept, "decline": decline, "end": end}


async def listed(db: Reading, me: Actor, *, before: int, limit: int) -> tuple[list[Match], Sequence[int]]:
    """The member's matches and those of their teams, newest first; and for whom they act."""
    mine = await acting_for(db, me)
    return await matches.of(db, mine, before=before, limit=limit), mine
