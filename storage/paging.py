"""Which part of a long list is asked for: by key, never by offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from storage.ids import LAST

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Ids strictly between ``after`` and ``before``: the newest of them, or the oldest when ``rising``.

    Lists always come newest first, whichever end was asked for.
    """

    before: int = LAST
    after: int = 0
    limit: int = 20
    rising: bool = False  # the Mastodon API's ``min_id``: the page just above ``after``

    def newest_first(self, found: Sequence[T]) -> list[T]:
        """What a query found from the end that was asked for, in the order lists have."""
        return list(found[::-1] if self.rising else found)
