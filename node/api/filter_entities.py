"""Filters as JSON: https://docs.joinmastodon.org/entities/Filter/. No I/O."""

from __future__ import annotations

from node.api.entities import Entity, ending
from node.surfacing.filtering import Match
from storage.filters import Action, Chosen, Filter, Keyword, Whole


def filter(kept: Filter) -> Entity:
    """A Filter without what it has, as it stands in a FilterResult."""
    return {
        "id": str(kept.id),
        "title": kept.title,
        "context": kept.contexts.split(),
        "expires_at": ending(kept.until),
        "filter_action": kept.action.value,
    }


def whole_filter(kept: Whole) -> Entity:
    """A Filter with its keywords and posts."""
    return {
        **filter(kept.filter),
        "keywords": [filter_keyword(one) for one in kept.keywords],
        "statuses": [filter_status(one) for one in kept.statuses],
    }


def filter_keyword(kept: Keyword) -> Entity:
    """A FilterKeyword."""
    return {"id": str(kept.id), "keyword": kept.keyword, "whole_word": kept.whole_word is not None}


def filter_status(kept: Chosen) -> Entity:
    """A FilterStatus."""
    return {"id": str(kept.id), "status_id": str(kept.post_id)}


def filter_result(match: Match) -> Entity:
    """A FilterResult."""
    return {
        "filter": filter(match.filter),
        "keyword_matches": None if match.word is None else [match.word],
        "status_matches": [str(one) for one in match.post_ids] or None,
    }


def v1_filter(kept: Filter, word: Keyword) -> Entity:
    """A V1::Filter: one keyword."""
    return {
        "id": str(word.id),
        "phrase": word.keyword,
        "context": kept.contexts.split(),
        "expires_at": ending(kept.until),
        "irreversible": kept.action is Action.HIDE,
        "whole_word": word.whole_word is not None,
    }
