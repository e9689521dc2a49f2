"""The entries of a list of posts as HTML: made once for all who did the same with a post, and kept on the shelf.

A list's own query returns the version of each post, so nothing on the shelf is ever stale. What differs from reader to
reader, the proof of their session and the page they come back to, is put in when a page is made.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from node import pages
from node.context import Node
from node.shelf import Key
from node.web.cards import Card, cards
from node.web.screening import NONE as NO_SCREEN
from node.web.screening import screen as screened
from storage.database import Reading
from storage.filters import Context
from storage.timelines import Line

_ENTRY = "entry"
PROOF, BACK = (f"{name}-{secrets.token_hex(16)}" for name in ("proof", "back"))  # no text of anybody contains them
_REPLY, _POST = b"r", b"p"
_INNER = b"<template></template>"  # what stands in folded.html for the entry


@dataclass(frozen=True, slots=True)
class Entries:
    """The posts of a list as pages show them."""

    parts: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.parts)

    def shown(self, proof: str, back: str) -> Markup:
        """All of them, with the reader's own in its places. ``back``: the path of the page."""
        whole = b"".join(self.parts).decode()
        return Markup(whole.replace(PROOF, proof).replace(BACK, escape(back)))  # noqa: S704 - made by a template


NONE = Entries(())


async def entries(
    db: Reading,
    node: Node,
    lines: Sequence[Line],
    *,
    reader_id: int,
    level: int = 3,
    replies: bool = True,
    where: Context | None = None,
) -> Entries:
    """The entry of each line, in order, under headings of ``level``; ``replies`` False: without replies, which say
    little apart from what they answer. ``where``: which of the reader's filters hold. What is on the shelf costs no
    query."""
    now = node.clock()
    screen = NO_SCREEN if where is None else await screened(db, lines, where, reader_id=reader_id, now=now)
    lines = screen.lines(lines)
    keys = [_key(line, reader_id, level) for line in lines]
    kept = [node.shelf.get(*key) if _keeps(line) else None for line, key in zip(lines, keys, strict=True)]
    new = [line for line, one in zip(lines, kept, strict=True) if one is None]
    made: dict[int, bytes] = {}
    for card in await cards(db, new, reader_id=reader_id, now=now):
        made[card.line.id] = _rendered(card, reader_id, level)
        if _keeps(card.line):
            node.shelf.put(_key(card.line, reader_id, level), made[card.line.id])
    found = [made.get(line.id, b"") if one is None else one for line, one in zip(lines, kept, strict=True)]
    return Entries(
        [
            _folded(one[1:], screen.folded.get(line.id, ""))
            for line, one in zip(lines, found, strict=True)
            if one and (replies or one[:1] == _POST)
        ]
    )


def _folded(entry: bytes, title: str) -> bytes:
    """An entry under the name of the reader's filter, if there is one."""
    if not title:
        return entry
    inner = entry.strip().removeprefix(b"<li>").removesuffix(b"</li>")
    return pages.render("folded.html", title=title).encode().replace(_INNER, inner)


def _keeps(line: Line) -> bool:
    """Whether an entry stays as it is with its post: a poll goes on, and what is quoted is not for every reader."""
    return not line.asks and not line.quotes


def _key(line: Line, reader_id: int, level: int) -> Key:
    did = line.liked + 2 * line.boosted + 4 * line.bookmarked + 8 * bool(reader_id)
    return (
        _ENTRY, level, did, line.id, line.post_id, line.changed, line.author_changed, line.booster_id or 0,
        line.booster_changed or 0,
    )  # fmt: skip


def _rendered(card: Card, reader_id: int, level: int) -> bytes:
    shown = pages.render("entry.html", card=card, level=level, me=bool(reader_id), proof=PROOF, back=BACK)
    return (_REPLY if card.post.in_reply_to_uri else _POST) + shown.encode()
