"""What of a member's is not out yet, as their home page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from node.sharing import standing
from node.sharing import waiting as waits
from node.sharing.standing import Standing
from node.texts import _
from node.web.cards import cut
from storage import actors, pending
from storage.actors import Actor, ActorKind
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
    under: str = ""  # under which name it comes out, if not the reader's


async def of(db: Reading, me: Actor) -> list[Waiting]:
    """The reader's, newest first; two queries more where guardians have any of them, one where one has another name."""
    found = await pending.of(db, me.id)
    stands = await standing.of(db, found)
    others = {one.as_id for one in found if one.as_id is not None}
    names = await actors.by_ids(db, others) if others else {}
    return [_waiting(one, stands.get(one.id), names.get(one.as_id or 0)) for one in found]


def _waiting(one: Pending, stands: Standing | None, name: Actor | None) -> Waiting:
    due = one.due if one.reason in (Reason.SCHEDULED, Reason.HELD) else None
    return Waiting(one.id, cut(waits.said(one), LENGTH), due, stands, "" if name is None else _under(name))


def _under(name: Actor) -> str:
    if name.kind is ActorKind.PERSON:
        return _("Without a name.")
    return _("From {team}.").format(team=name.name or name.handle)
