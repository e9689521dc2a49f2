"""Which posts match a member's filters. What is done with them is the app's: Mastodon 4 leaves nothing out either.

A whole word ends where a letter, digit or underscore does not go on; a keyword that begins or ends with another
character has no such end there. Upper and lower case are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage import filters
from storage.database import Reading
from storage.filters import Filter, Keyword, Whole


@dataclass(frozen=True, slots=True)
class Match:
    """Why a post is filtered."""

    filter: Filter
    word: str | None  # as it stands in the post
    post_ids: Sequence[int]  # the filter's posts that this is


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to look through."""

    shown: str
    folded: str


async def matches(
    db: Reading, shown: Iterable[tuple[int, int]], *, member_id: int, now: int
) -> Mapping[tuple[int, int], Sequence[Match]]:
    """What of the member's filters matches each of ``shown``: (id of the line, id of the post it shows).

    Without filters that is one query, with filters two.
    """
    rules = await filters.active(db, member_id, now=now)
    if not rules:
        return {}
    shown = list(shown)
    words = await filters.words(db, {post_id for _, post_id in shown}) if any(one.keywords for one in rules) else {}
    texts = {post_id: text_of(written) for post_id, written in words.items()}
    found = {one: [match for rule in rules if (match := _match(rule, one, texts.get(one[1])))] for one in shown}
    return {one: matched for one, matched in found.items() if matched}


def _match(rule: Whole, one: tuple[int, int], text: _Text | None) -> Match | None:
    chosen = [kept.post_id for kept in rule.statuses if kept.post_id in one]
    word = None if text is None else first(rule.keywords, text)
    return Match(rule.filter, word, chosen) if chosen or word is not None else None


def text_of(written: str) -> _Text:
    """A text, made ready."""
    shown = unicodedata.normalize("NFC", written)
    return _Text(shown, shown.casefold())


def first(keywords: Iterable[Keyword], text: _Text) -> str | None:
    """What matches in the text, as it stands there; None: nothing.

    Looking for the folded word comes first: it is a hundred times quicker than the pattern, and nearly always finds
    nothing.
    """
    for one in keywords:
        if one.keyword.casefold() in text.folded:
            found = _pattern(one.keyword, one.whole_word is not None).search(text.shown)
            if found is not None:
                return found[0]
    return None


@lru_cache(2048)
def _pattern(keyword: str, whole_word: bool) -> re.Pattern[str]:
    start = r"\b" if whole_word and re.match(r"\w", keyword) else ""
    end = r"\b" if whole_word and re.search(r"\w\Z", keyword) else ""
    return re.compile(start + re.escape(keyword) + end, re.IGNORECASE)
