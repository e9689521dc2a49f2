"""Move an idea to another stage: an edit of it, which followers see."""

from __future__ import annotations

import json

from node.errors import Invalid
from node.sharing.drafts import Draft
from node.texts import _
from storage import marks
from storage.kinds import Kind, load
from storage.posts import Post
from storage.shapes.common import Shape
from storage.shapes.idea import STAGES, Idea


def check(old: Post, new: Shape | None) -> None:
    """Raises Invalid when an idea is given up without a word why. One that was written down as given up needs none."""
    had = load(old.kind, old.fields)
    if isinstance(had, Idea) and isinstance(new, Idea) and had.stage != new.stage == "abandoned" and not new.reason:
        raise Invalid(_("Say why you stopped."), field="reason")


def moved(old: Post, stage: str, reason: str) -> Draft:
    """The idea in the same words, at another stage; for ``behalf.edit``. ``reason``: why it is abandoned. Raises
    Invalid."""
    if old.kind is not Kind.IDEA:
        raise Invalid(_("Only ideas go through stages."), field="stage")
    if stage not in STAGES:
        raise Invalid(_("Choose how far it is."), field="stage")
    fields = marks.without(json.loads(old.fields or "{}"))
    fields |= {"stage": stage, "reason": reason.strip() if stage == "abandoned" else ""}
    return Draft(
        old.source,
        title=old.title,
        summary=old.summary,
        sensitive=old.sensitive is not None,
        language=old.language,
        fields={name: value for name, value in fields.items() if value not in ("", None)},
    )
