"""A poll as a page shows it to a reader: a form to choose by, or how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.words import vocabulary
from storage.polls import Poll


@dataclass(frozen=True, slots=True)
class Answer:
    """One option. ``votes`` None: not shown yet."""

    place: int
    title: str
    votes: int | None
    percent: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a post asks."""

    answers: Sequence[Answer]
    multiple: bool
    open: bool  # for the reader, who has not chosen yet
    over: bool
    hidden: bool
    people: int
    most: int  # what a bar that is full stands for
    left: str  # the time until the end, in words; "" when there is none


def ballot(poll: Poll, *, author_id: int, reader_id: int, now: int) -> Ballot:
    """The poll for this reader (0: nobody is signed in)."""
    over, hidden = poll.over(now), poll.hidden(now)
    people = poll.votes if poll.voters is None or poll.multiple is None else poll.voters
    most = max(people, *(one.votes for one in poll.options), 1)
    return Ballot(
        answers=[
            Answer(place, one.title, None if hidden else one.votes, round(one.votes * 100 / most), place in poll.own)
            for place, one in enumerate(poll.options)
        ],
        multiple=poll.multiple is not None,
        open=not over and bool(reader_id) and reader_id != author_id and not poll.own,
        over=over,
        hidden=hidden,
        people=people,
        most=most,
        left="" if over or poll.ends is None else vocabulary.left(poll.ends - now),
    )
