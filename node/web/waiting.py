"""What of a member's is not out yet, as their home page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from node.sharing import standing
from node.sharing import waiting as waits
from node.sharing.standing import Standing
from node.web.cards import cut
from storage import pending
from storage.actors import Actor
from storage.database import Reading
from storage.pending import Pending, Reason

LENGTH = 80  # characters of a post that is not out


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post of the reader's that is not out yet."""

    id: int
    said: str
    due: int | None  # when its author wants it to come out; None: in a moment
    standing: Standing | None = None  # of one that guardians read, or gave back


async def of(db: Reading, me: Actor) -> list[Waiting]:
    """The reader's, newest first; two queries more where guardians have any of them."""
    found = await pending.of(db, me.id)
    stands = await standing.of(db, found)
    return [_waiting(one, stands.get(one.id)) for one in found]


def _waiting(one: Pending, stands: Standing | None) -> Waiting:
    due = one.due if one.reason in (Reason.SCHEDULED, Reason.HELD) else None
    return Waiting(one.id, cut(waits.said(one), LENGTH), due, stands)
