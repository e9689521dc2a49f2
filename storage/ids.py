"""Ids of posts: 48 bits of milliseconds since 1970, then 15 bits that start at random (63 in all).

Only posts (boosts included) carry such ids, because clients page over them together. Every other table's ids are made
by the database.
"""

from __future__ import annotations

import secrets
import threading

RANDOM_BITS = 15
LAST = (1 << 63) - 1  # sorts after every id that will ever be made

_last = 0
_lock = threading.Lock()  # work on a database may run on its thread


def new_id(now: int) -> int:
    """A fresh id for something that came to be at ``now`` (milliseconds since 1970 UTC).

    Never the same twice in a process and never below one given before for the same or a later moment. Another process
    may give the same: the insert says so and takes ``next_id``.
    """
    global _last
    fresh = now << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    with _lock:
        _last = fresh if fresh > _last else _last + 1
        return _last


def id_at(moment: int) -> int:
    """An id for something that came to be at ``moment``, perhaps long ago (a remote post). May be taken."""
    return max(moment, 0) << RANDOM_BITS | secrets.randbits(RANDOM_BITS)


def time_of(id: int) -> int:
    """The milliseconds since 1970 UTC that ``id`` was made for."""
    return id >> RANDOM_BITS
