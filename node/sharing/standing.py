"""How a post stands that a guardian reads first, or gave back: what its author is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from node import guarding, slips
from node.guarding import Why
from node.sharing import waiting as waits
from node.slips import Passage
from node.texts import _
from storage import attachments, cases
from storage.attachments import Attachment
from storage.cases import Case, Outcome
from storage.database import Reading
from storage.pending import Pending, Reason
from storage.posts import Post

KEPT = 7 * 24 * 60 * 60 * 1000  # ms that its author sees a post which was returned

GIVEN_BACK = (Outcome.RETURNED, Outcome.OVERDUE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a post is between its author and the guardians."""

    line: str  # how it stands
    why: str  # the reason for it
    texts: Sequence[Passage]  # with what was found
    returned: bool = False


def why(case: Case, files: Sequence[Attachment]) -> Why:
    """Why it waits."""
    plays = any(one.plays for one in files) if files else None
    return Why(slips.load(case.found), case.newcomer is not None, case.as_id is not None, case.reported, plays)


def line() -> str:
    """What the author of a post is told that is out and hidden."""
    return _("Hidden for a privacy check: somebody may be recognisable in this. Guardians and you alone see it.")


def hidden(post: Post) -> Post:
    """A hidden post as apps show it to its author: with a line that says so."""
    return replace(post, html=f"{post.html}<p>{escape(line())}</p>")


async def of(db: Reading, waiting: Sequence[Pending]) -> dict[int, Standing]:
    """How posts stand that guardians read, by their ids. Without any that is no query."""
    held = {one.id: one for one in waiting if one.reason in (Reason.HELD, Reason.RETURNED)}
    if not held:
        return {}
    files = await attachments.of_pending(db, held)
    found = await cases.of(db, held)
    shown = {id: _standing(case, held[id], files.get(id, [])) for id, case in found.items()}
    for id, one in held.items():
        if one.reason is Reason.RETURNED and (id not in found or found[id].outcome not in GIVEN_BACK):
            said = _("You are not in the team any more, so this was not shared. You can copy it for 7 days.")
            shown[id] = Standing(said, "", passages(one, files.get(id, []), Why(())), returned=True)
    return shown


def _standing(case: Case, waiting: Pending, files: Sequence[Attachment]) -> Standing:
    reasons = why(case, files)
    texts = passages(waiting, files, reasons)
    if waiting.reason is Reason.RETURNED:
        said = _("A guardian returned this. You can copy it for 7 days; nobody else can see it.")
        if case.outcome == Outcome.OVERDUE:
            said = _("This came back to you. You can copy it for 7 days; nobody else can see it.")
        return Standing(said, case.reason, texts, returned=True)
    return Standing(_("Held for a privacy check, usually less than a day."), reasons.words(), texts)


def passages(waiting: Pending, files: Sequence[Attachment], why: Why) -> list[Passage]:
    """Every text of a post that waits, with what was found."""
    draft = waits.draft_of(waiting)
    options = () if draft.poll is None else draft.poll.options
    alts = [file.alt for file in files]
    texts = guarding.parts(draft.text, draft.title, draft.summary, draft.fields, options, alts)
    seen = {one.field for one in why.found}
    return slips.passages([one for one in texts if one.field in seen or one.field not in guarding.CODES], why.found)


async def words(db: Reading, waiting: Pending) -> str:
    """What is said below the text of a post that waits for a guardian; "" for any other."""
    found = (await of(db, [waiting])).get(waiting.id)
    return "" if found is None else f"{found.line} {found.why}"
