"""What a member says in the fields of a structured kind, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.errors import Invalid
from node.texts import _
from storage.kinds import SHAPES, TITLE, Kind, complete, read
from storage.shapes.common import Shape
from storage.shapes.rules import WrongField
from storage.shapes.translated import NAME, RULE, check

WORDED = {Kind.BLOG: 20_000}  # kinds whose words are the text of the post, with the characters it may have


def structured(kind: Kind, title: str, fields: Mapping[str, Any]) -> Shape | None:
    """The fields of a kind; None for a plain post. Raises Invalid."""
    if kind is Kind.PLAIN:
        _check_plain(title, fields)
        return None
    if kind not in SHAPES:
        raise Invalid(_("Posts of the kind %s cannot be written here yet.") % kind.value, field="kind")
    if len(title) > TITLE:
        raise Invalid(_("A title has at most %s characters.") % TITLE, field="title")
    try:
        found = read(kind, fields, strict=True)
        if found is not None:
            complete(title, found)
    except WrongField as wrong:
        raise Invalid(str(wrong), field=wrong.field) from wrong
    return found


def _check_plain(title: str, fields: Mapping[str, Any]) -> None:
    """Raises Invalid: all that a plain post can have beside its words is these in a second language."""
    if title or fields.keys() - {NAME}:
        raise Invalid(_("A plain post has no fields; choose a kind."), field="sharewell")
    try:
        said = RULE.strict(NAME, fields.get(NAME) or {})
        if said:
            check(said, titled=False)
    except WrongField as wrong:
        raise Invalid(str(wrong), field=wrong.field) from wrong
