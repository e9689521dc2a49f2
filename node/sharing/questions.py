"""What a member asks in a poll: checked, kept with its post, changed with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from federation import sanitize
from federation.documents.polls import spoken
from node.errors import Invalid
from node.surfacing import tallies
from node.texts import _
from storage import polls
from storage.database import Writing
from storage.polls import Option, Poll
from storage.records import quick

OPTIONS = 8  # of one poll
TITLE = 100  # characters of an option
SHORTEST, LONGEST = 5 * 60, 2_629_746  # seconds that a poll is open: five minutes, a month


@quick
@dataclass(frozen=True, slots=True)
class NewPoll:
    """What a member asks."""

    options: Sequence[str]
    seconds: int  # that it is open
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """What an edit makes of a post's poll; None: it has none from now on."""

    poll: NewPoll | None


def checked(new: NewPoll, longest: int = LONGEST) -> NewPoll:
    """The same, if it can be asked, for at most ``longest`` seconds. Raises Invalid."""
    options = [sanitize.line(one, TITLE + 1) for one in new.options]
    options = [one for one in options if one]
    if len(options) < 2:
        raise Invalid(_("A poll needs at least two options."), field="poll")
    if len(options) > OPTIONS:
        raise Invalid(_("A poll has at most %s options.") % OPTIONS, field="poll")
    if any(len(one) > TITLE for one in options):
        raise Invalid(_("An option has at most %s characters.") % TITLE, field="poll")
    if len({spoken(one).casefold() for one in options}) < len(options):
        raise Invalid(_("Two options of the poll are the same."), field="poll")
    if new.seconds < SHORTEST:
        raise Invalid(_("A poll is open for at least five minutes."), field="poll")
    if new.seconds > longest:
        words = (
            _("A poll is open for at most a month.") if longest == LONGEST else _("It is open for half a year at most.")
        )
        raise Invalid(words, field="poll")
    return NewPoll(options, new.seconds, new.multiple, new.hide_totals)


def made(new: NewPoll, *, now: int) -> Poll:
    """The poll that begins now."""
    return Poll(
        options=[Option(one) for one in new.options],
        multiple=now if new.multiple else None,
        hide_totals=now if new.hide_totals else None,
        ends=now + new.seconds * 1000,
        told=now,
    )


async def keep(db: Writing, post_id: int, poll: Poll | None, *, now: int) -> None:
    """Keep the poll of a new post."""
    if poll is not None:
        await polls.put(db, post_id, poll)
        await tallies.promise_end(db, post_id, poll.ends, now=now)


async def change(db: Writing, post_id: int, had: Poll | None, poll: Poll | None, *, now: int) -> Poll | None:
    """What a post asks after an edit. Other options, or another number of choices, are another question: the votes
    go; a new end leaves them."""
    if poll is not None and had is not None and _asks_the_same(had, poll):
        await polls.change_end(db, post_id, ends=poll.ends, hide_totals=poll.hide_totals)
        await tallies.promise_end(db, post_id, poll.ends, now=now)
        return await polls.one(db, post_id)
    if had is not None:
        await polls.drop(db, post_id)
    await keep(db, post_id, poll, now=now)
    return poll


def _asks_the_same(had: Poll, poll: Poll) -> bool:
    return had.titles == poll.titles and (had.multiple is None) == (poll.multiple is None)
