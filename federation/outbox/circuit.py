"""When to try a host again that failed: pure arithmetic over milliseconds.

The first pauses are seconds. From the third failure in a row on the circuit is open: one delivery is tried per pause,
the others wait. For the first ten minutes of an outage these pauses stay short, so that a peer that was away for a
minute has everything within a minute of its return; later they grow with the length of the outage.
"""

from __future__ import annotations

import secrets

OPENS = 3  # failures in a row
FIRST = 2_000  # ms; the pause after failure n < OPENS is n times this, up to 2.5 times as much
OFTEN = 20_000  # ms; pauses of an open circuit during the first FRESH of an outage, up to half as much again
FRESH = 600_000  # ms
SHARE = 12  # later a pause is the length of the outage so far divided by this
LONGEST = 3_600_000  # ms
ASKED_LONGEST = 6 * 3_600_000  # ms; the longest Retry-After we obey
HEARD = 1_000  # ms between tries because the host was heard, at least


class Circuit:
    """How a host has answered lately."""

    __slots__ = ("asked", "failures", "since", "tried", "until")

    def __init__(self) -> None:
        self.failures = 0  # in a row
        self.since = 0  # when the first of them was
        self.until = 0  # nothing is sent before
        self.tried = 0  # when it failed last
        self.asked = False  # the host itself named ``until``

    @property
    def open(self) -> bool:
        """Whether so many failed in a row that the rest waits."""
        return self.failures >= OPENS

    def failed(self, now: int, *, after: int | None = None) -> None:
        """A delivery failed. ``after`` is how many ms the host asked us to wait (RFC 9110, section 10.2.3)."""
        if not self.failures:
            self.since = now
        self.failures += 1
        self.tried = now
        self.asked = after is not None
        pause = min(after, ASKED_LONGEST) if after is not None else self._pause(now)
        self.until = max(self.until if self.asked else 0, now + pause)

    def resume(self, now: int, *, since: int) -> None:
        """Deliveries were found that wait for this host since ``since``: open, and tried soon."""
        self.failures = max(self.failures, OPENS)
        self.since = since
        self.until = now + secrets.randbelow(FIRST)

    def answered(self) -> None:
        """A delivery was taken: all is well."""
        self.failures = 0
        self.until = 0
        self.asked = False

    def heard(self, now: int) -> bool:
        """The host was seen alive: try it now. False when nothing changes (a Retry-After is obeyed all the same)."""
        if not self.failures or self.asked or self.until <= now:
            return False
        self.until = max(now, self.tried + HEARD)
        return True

    def _pause(self, now: int) -> int:
        if not self.open:
            return _jittered(self.failures * FIRST, percent=150)
        outage = now - self.since
        if outage < FRESH:
            return _jittered(OFTEN, percent=50)
        return _jittered(min(max(OFTEN, outage // SHARE), LONGEST), percent=30)


def alone(attempts: int) -> int:
    """Ms until a delivery that a living host refuses is tried again alone: 1 minute, then 4 times as long each time."""
    return _jittered(min(60_000 * 4 ** min(attempts, 5), 6 * LONGEST), percent=30)


def later(attempts: int) -> int:
    """Ms until a job that is no delivery is tried again: some seconds, then twice as long each time, up to an hour."""
    return _jittered(min(5_000 << min(attempts, 12), LONGEST), percent=30)


def _jittered(pause: int, *, percent: int) -> int:
    return pause + secrets.randbelow(pause * percent // 100 + 1)
