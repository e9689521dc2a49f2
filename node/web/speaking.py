"""Which language a reader would rather read: what their browser says (RFC 9110, 12.5.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from node.web.cards import Card
from storage.translations import Translation

LONGEST = 500  # characters of the header that are looked at
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,30})?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*")


def rather(said: str, among: Sequence[str]) -> str:
    """The one of these languages that ``said``, an Accept-Language, puts first; else the first of them."""
    wanted: list[tuple[float, str]] = []
    for one in said[:LONGEST].split(","):
        found = _RANGE.fullmatch(one)
        if found is not None:
            wanted.append((-float(found[2] or 1), found[1].lower()))
    for less, language in sorted(wanted, key=lambda one: one[0]):
        for code in among:
            if less and code.partition("-")[0].lower() == language:
                return code
    return among[0]


def theirs(said: str, card: Card) -> Translation | None:
    """The second language of a post, if that is what the reader would rather read."""
    post, other = card.post, card.translation
    if other is None or rather(said, [post.language or "en", other.language]) != other.language:
        return None
    return other
