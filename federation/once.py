"""Ask only once: what is being asked now is shared, what was asked in vain a moment ago is not asked again.

Thirty deliveries that name the same dead key are one fetch, not thirty (CVE-2026-34148).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from federation.errors import FederationError

SECONDS = 5.0  # how long a failure is remembered
REMEMBERED = 1024  # failures; the oldest are forgotten first

T = TypeVar("T")


class Once(Generic[T]):
    """Questions under way, and those that failed just now."""

    def __init__(self, clock: Callable[[], float], *, seconds: float = SECONDS, most: int = REMEMBERED) -> None:
        """``clock`` gives seconds."""
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._asking: dict[str, asyncio.Future[T]] = {}
        self._failed: dict[str, tuple[float, type[FederationError], str]] = {}  # oldest first; no traceback, no body

    async def once(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        """What ``ask`` finds, or what it found for somebody who asked at the same time. Raises what it raises."""
        while (asking := self._asking.get(key)) is not None:
            await asyncio.wait([asking])
            if not asking.cancelled():
                return self._told(asking)
        self._fresh(key)
        answer = self._asking[key] = asyncio.get_running_loop().create_future()
        try:
            found = await ask()
        except FederationError as error:
            self._remember(key, error)
            answer.set_exception(error)
            raise
        else:
            answer.set_result(found)
            return found
        finally:
            answer.cancel()  # given up: who waits asks anew; failed: nobody else needs to have heard it
            del self._asking[key]

    def _told(self, asking: asyncio.Future[T]) -> T:
        error = asking.exception()
        if isinstance(error, FederationError):
            raise type(error)(str(error)) from error
        return asking.result()

    def _fresh(self, key: str) -> None:
        if key not in self._failed:
            return
        until, kind, why = self._failed[key]
        if self._clock() < until:
            raise kind(why)
        del self._failed[key]

    def _remember(self, key: str, error: FederationError) -> None:
        if len(self._failed) >= self._most:
            del self._failed[next(iter(self._failed))]
        self._failed[key] = (self._clock() + self._seconds, type(error), str(error))
