"""Filters: what a member does not want to read, kept for their apps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from node import text as texts
from node.errors import Invalid
from node.texts import _
from storage import filters
from storage.database import Writing
from storage.filters import Action, Chosen, Context, Filter, Keyword
from storage.ids import LAST

FILTERS = 50  # of one member
KEYWORDS = 500  # in all of them: each is looked for in each post of a page
STATUSES = 500
TITLE = 256  # characters
WORD = 512
LONGEST = 100 * 365 * 24 * 60 * 60  # seconds; longer is for good


@dataclass(frozen=True, slots=True)
class Word:
    """What is to happen to a keyword: added (``id`` 0), changed, or taken out."""

    id: int
    keyword: str | None  # None: as it was
    whole_word: bool | None
    gone: bool = False


def checked(filter: Filter) -> Filter:
    """The filter, if it can be kept. Raises Invalid."""
    title = " ".join(texts.clean(filter.title).split())
    if not title or len(title) > TITLE:
        raise Invalid(_("A filter needs a title of at most %s characters.") % TITLE, field="title")
    contexts = filter.contexts.split()
    if not contexts or not set(contexts) <= {one.value for one in Context}:
        raise Invalid(_("context must be some of: %s.") % ", ".join(Context), field="context")
    return replace(filter, title=title, contexts=" ".join(dict.fromkeys(contexts)))


def action(given: str) -> Action:
    """What an app is to do with what matches. Raises Invalid."""
    try:
        return Action(given)
    except ValueError as error:
        raise Invalid(_("filter_action must be warn, hide or blur."), field="filter_action") from error


def ends(seconds: int, *, now: int) -> int:
    """When a filter ends that is to hold for so long."""
    return now + seconds * 1000 if seconds <= LONGEST else LAST


async def keep(db: Writing, filter: Filter, words: Sequence[Word]) -> Filter:
    """Keep a new filter (``id`` 0) or a changed one, and its keywords. Raises Invalid, Missing."""
    filter = checked(filter)
    if filter.id == 0:
        filter = await filters.add(db, filter)
    else:
        await filters.change(db, filter)
    for one in words:
        await _put(db, filter, one)
    await _within(db, filter.member_id)
    return filter


async def _put(db: Writing, filter: Filter, word: Word) -> Keyword:
    if word.id == 0:
        new = Keyword(0, filter.id, _word(word.keyword or ""), None if word.whole_word is False else 1)
        return await filters.add_keyword(db, new)
    old = await filters.keyword(db, word.id, member_id=filter.member_id)
    if word.gone:
        await filters.remove_keyword(db, old.id)
        return old
    keyword = old.keyword if word.keyword is None else _word(word.keyword)
    whole_word = old.whole_word if word.whole_word is None else 1 if word.whole_word else None
    new = replace(old, keyword=keyword, whole_word=whole_word)
    await filters.change_keyword(db, new)
    return new


def _word(given: str) -> str:
    word = texts.clean(given)
    if not word or len(word) > WORD:
        raise Invalid(_("A keyword has 1 to %s characters.") % WORD, field="keyword")
    return word


async def put(db: Writing, filter: Filter, word: Word) -> Keyword:
    """Add or change one keyword. Raises Invalid, Missing."""
    kept = await _put(db, filter, word)
    await _within(db, filter.member_id)
    return kept


async def choose(db: Writing, filter: Filter, post_id: int) -> Chosen:
    """Put one post into a filter. Raises Invalid."""
    kept = await filters.add_status(db, filter_id=filter.id, post_id=post_id)
    await _within(db, filter.member_id)
    return kept


async def _within(db: Writing, member_id: int) -> None:
    """Raises Invalid when there are too many now; the transaction then keeps nothing."""
    for found, most in zip(await filters.count(db, member_id), (FILTERS, KEYWORDS, STATUSES), strict=True):
        if found > most:
            raise Invalid(_("At most %(filters)s filters with %(keywords)s keywords and %(posts)s posts.")
                          % {"filters": FILTERS, "keywords": KEYWORDS, "posts": STATUSES})  # fmt: skip
