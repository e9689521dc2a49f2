"""Which part of a long list is asked for: by key, never by offset."""

from __future__ import annotations

from dataclasses import dataclass

from storage.ids import LAST


@dataclass(frozen=True, slots=True)
class Page:
    """Ids strictly between ``after`` and ``before``: the newest of them, or the oldest when ``rising``.

    Lists always come newest first, whichever end was asked for.
    """

    before: int = LAST
    after: int = 0
    limit: int = 20
    rising: bool = False  # the Mastodon API's ``min_id``: the page just above ``after``
