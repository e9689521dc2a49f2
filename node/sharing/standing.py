"""How a post stands that a guardian reads first, or gave back: what its author is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node import guarding
from node.confidentiality.findings import Finding
from node.guarding import Why
from node.texts import _
from storage import cases
from storage.cases import Case
from storage.database import Reading
from storage.pending import Pending, Reason

KEPT = 7 * 24 * 60 * 60 * 1000  # ms that its author sees a post which was returned


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a post is between its author and the guardians."""

    line: str  # how it stands
    why: str  # the reason for it
    found: Sequence[Finding] = ()


def why(case: Case) -> Why:
    """Why it waits."""
    return Why(guarding.load(case.found), case.newcomer is not None)


async def of(db: Reading, waiting: Sequence[Pending]) -> dict[int, Standing]:
    """How posts stand that guardians read, by their ids. Without any that is no query."""
    held = {one.id: one.reason for one in waiting if one.reason in (Reason.HELD, Reason.RETURNED)}
    found = await cases.of(db, held.keys()) if held else {}
    return {id: _standing(case, held[id]) for id, case in found.items()}


def _standing(case: Case, reason: Reason) -> Standing:
    reasons = why(case)
    if reason is Reason.RETURNED:
        said = _("A guardian returned this. You can copy it for 7 days; nobody else can see it.")
        return Standing(said, case.reason, reasons.found)
    return Standing(_("Held for a privacy check, usually less than a day."), reasons.words(), reasons.found)


async def words(db: Reading, waiting: Pending) -> str:
    """What is said below the text of a post that waits for a guardian; "" for any other."""
    found = (await of(db, [waiting])).get(waiting.id)
    return "" if found is None else f"{found.line} {found.why}"
