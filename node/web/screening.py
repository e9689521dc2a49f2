"""A member's filters on pages: what they want hidden is absent, what they want to be warned of is folded.

What apps would blur is folded too, where it has files: a page without scripts has no other way. What members wrote
themselves stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from node.surfacing import filtering
from node.web.cards import Card
from storage import attachments
from storage.database import Reading
from storage.filters import Action, Context
from storage.timelines import Line


@dataclass(frozen=True, slots=True)
class Screen:
    """What of a page a reader's filters hide, and what they fold, by the ids of lines."""

    hidden: Collection[int] = ()
    folded: Mapping[int, str] = field(default_factory=dict)  # to the names of the filters

    def lines(self, some: Sequence[Line]) -> list[Line]:
        """Those that are left."""
        return [one for one in some if one.id not in self.hidden]

    def cards(self, some: Sequence[Card], *, but: int = 0) -> list[Card]:
        """Those that are left, folded where they are to be. ``but``: the post whose page it is stays as it is."""
        return [
            replace(one, filtered=self.folded.get(one.line.id, "")) if one.post.id != but else one
            for one in some
            if one.line.id not in self.hidden or one.post.id == but
        ]


NONE = Screen()


async def screen(db: Reading, lines: Sequence[Line], where: Context, *, reader_id: int, now: int) -> Screen:
    """What the reader's filters of this context make of these lines: one query, with filters two or three."""
    if not reader_id:
        return NONE
    asked = [(one.id, one.post_id) for one in lines if one.author_id != reader_id]
    found = await filtering.matches(db, asked, member_id=reader_id, now=now) if asked else {}
    hidden: set[int] = set()
    folded: dict[int, str] = {}
    blurred: dict[tuple[int, int], str] = {}
    for place, matched in found.items():
        meant = {one.filter.action: one.filter.title for one in matched if where in one.filter.contexts.split()}
        if Action.HIDE in meant:
            hidden.add(place[0])
        elif Action.WARN in meant:
            folded[place[0]] = meant[Action.WARN]
        elif Action.BLUR in meant:
            blurred[place] = meant[Action.BLUR]
    seen = await attachments.of(db, [post_id for _, post_id in blurred]) if blurred else {}
    folded |= {id: title for (id, post_id), title in blurred.items() if post_id in seen}
    return Screen(hidden, folded)
