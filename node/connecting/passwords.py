"""Passwords: made unreadable and compared, two at a time and beside what else the process does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from node.errors import Invalid
from node.texts import _

SHORTEST, LONGEST = 8, 256  # characters of a password
AT_ONCE = 2  # of 64 MiB each: whoever sends many passwords takes neither all memory nor all processors

# RFC 9106 4, second recommendation (64 MiB), with one pass fewer lanes: about 60 ms in a thread.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=2)
_THREADS = ThreadPoolExecutor(AT_ONCE, "passwords")
T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """What ``work`` returns, which takes a processor: here, a few at a time."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def too_short() -> str:
    """What somebody is told whose password is too short or too long."""
    return _("A password has %(least)s to %(most)s characters.") % {"least": SHORTEST, "most": LONGEST}


def hash_password(password: str) -> str:
    """argon2id of a password; takes about 60 ms: call it by ``aside``. Raises Invalid."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(too_short(), field="password")
    return _HASHER.hash(password)


async def hashed(password: str) -> str:
    """argon2id of a password. Raises Invalid."""
    return await aside(lambda: hash_password(password))


@cache
def _nobody() -> str:
    """What a password is compared with where there is no account; made when it is first needed, in its thread."""
    return _HASHER.hash("nobody has this password")


async def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; None: there is no account, which takes as long to say."""
    return await aside(lambda: _fits(kept, password))


def _fits(kept: str | None, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(_nobody() if kept is None else kept, password)
    except (VerificationError, InvalidHashError):
        return False
