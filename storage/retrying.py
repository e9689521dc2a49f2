"""Do a piece of work on the database again when others were in its way or the server went away (SCALE rule 2)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from storage.database import Busy, Unavailable, Unknown, Unreached, Writing

PATIENCE = 5.0  # seconds in all
FIRST_PAUSE = 0.05  # seconds, doubled each time and jittered
LONGEST_PAUSE = 1.0

T = TypeVar("T")


class Writable(Protocol):
    """The part of a ``Database`` that is needed here."""

    async def write(self, work: Callable[[Writing], Coroutine[Any, Any, T]], /, *, long: bool = False) -> T: ...


async def retrying(
    database: Writable, work: Callable[[Writing], Coroutine[Any, Any, T]], *, keyed: bool, long: bool = False
) -> T:
    """What ``work`` returns, run in a transaction of its own and run again when nothing of it was kept.

    ``work`` and ``long`` as in ``Database.write``; it changes nothing but the database. ``keyed``: doing it twice
    is doing it once (``ON CONFLICT DO NOTHING`` on a key that the caller made before), so that it is also run again
    when nobody knows whether it was kept. Raises Unavailable after five seconds, Unknown when work without a key may
    be kept.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    longest = FIRST_PAUSE
    while True:
        failed: Exception
        try:
            return await database.write(work, long=long)
        except (Busy, Unreached) as error:
            failed = error
        except Unknown as error:
            if not keyed:
                raise
            failed = error
        pause = random.uniform(longest / 2, longest)  # noqa: S311 - no secret
        if loop.time() + pause >= end:
            raise Unavailable(f"given up after {PATIENCE:g} s: {failed}") from failed
        await asyncio.sleep(pause)
        longest = min(2 * longest, LONGEST_PAUSE)
