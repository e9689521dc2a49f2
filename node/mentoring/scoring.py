"""How well an offer fits a request: counted in the open, of what the two posts say and nothing else. Pure.

Nobody's standing counts: not who they are, how much they shared, nor what others thought of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.texts import _, ngettext
from storage.boards import OFFER, Board

TOPIC, LEVEL, FORMAT, HOURS = 4, 3, 2, 2  # points: for each topic (three at most), and for what is the same
TOPICS = 3
BEST = 5  # suggestions for one post


@dataclass(frozen=True, slots=True)
class Fit:
    """One post that fits another, how well, and why."""

    board: Board
    points: int
    why: Sequence[str]


def fit(mine: Board, theirs: Board, shared: int) -> Fit:
    """How well two posts fit that share so many topics."""
    points = TOPIC * min(shared, TOPICS)
    why = [ngettext("%(num)s topic in common", "%(num)s topics in common", shared) % {"num": shared}]
    if mine.level and mine.level == theirs.level:
        points += LEVEL
        why.append(_("both for teams") if mine.level == "team" else _("both for one person"))
    if mine.format and mine.format == theirs.format:
        points += FORMAT
        why.append(_("the same way to meet"))
    offered, wanted = (mine, theirs) if mine.direction == OFFER else (theirs, mine)
    if wanted.hours and offered.hours >= wanted.hours:
        points += HOURS
        why.append(_("enough time"))
    return Fit(theirs, points, why)


def best(mine: Board, found: Sequence[tuple[Board, int]]) -> list[Fit]:
    """Those that fit best, the newest first of those that fit equally."""
    fits = [fit(mine, theirs, shared) for theirs, shared in found]
    return sorted(fits, key=lambda one: (-one.points, -one.board.post_id))[:BEST]
