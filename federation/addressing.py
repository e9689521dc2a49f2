"""Visibility, as members know it, to ``to`` and ``cc``, as servers say it; there and back. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from federation.vocabulary import PUBLIC, PUBLIC_NAMES
from storage.posts import Visibility


def audience(followers: str, visibility: Visibility, mentioned: Iterable[str]) -> tuple[list[str], list[str]]:
    """``to`` and ``cc`` of a post: ``followers`` is the author's collection, ``mentioned`` the ids of those named."""
    named = list(dict.fromkeys(mentioned))
    match visibility:
        case Visibility.PUBLIC:
            return [PUBLIC], [followers, *named]
        case Visibility.UNLISTED:
            return [followers], [PUBLIC, *named]
        case Visibility.PRIVATE:
            return [followers], named
        case Visibility.DIRECT:
            return named, []
        case Visibility.HIDDEN:
            return [], []


def visibility_of(to: Sequence[str], cc: Sequence[str], followers: str) -> Visibility:
    """Who a document is for. One that names nobody is for nobody but those it reached: direct."""
    if any(one in PUBLIC_NAMES for one in to):
        return Visibility.PUBLIC
    if any(one in PUBLIC_NAMES for one in cc):
        return Visibility.UNLISTED
    if followers and (followers in to or followers in cc):
        return Visibility.PRIVATE
    return Visibility.DIRECT
