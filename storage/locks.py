"""Locks between the processes that use one SQLite file: ``flock`` on small empty files beside it.

The kernel lets go of them when their process ends, however it ends. Whoever may read the file may lock it, so that a
command run by root and a node run by its own user do not shut each other out.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

LOOK = 0.001  # seconds between looks at a lock that another has


class FileLock:
    """One lock, ours or another process's."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def taken(self) -> bool:
        """Take it; False when another has it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let go of it."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of it for good."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


@contextmanager
def passing(turnstile: FileLock, *, patience: float) -> Generator[None]:
    """Hold ``turnstile``, in a thread. A courtesy: after ``patience`` seconds go on without it."""
    until = time.monotonic() + patience
    while not (ours := turnstile.taken()) and time.monotonic() < until:
        time.sleep(LOOK)
    try:
        yield
    finally:
        if ours:
            turnstile.release()


@asynccontextmanager
async def holding(path: Path) -> AsyncGenerator[None]:
    """Hold the lock at ``path``, however long another has it."""
    lock = FileLock(path)
    try:
        while not lock.taken():  # noqa: ASYNC110 - there is no event between processes
            await asyncio.sleep(LOOK)
        yield
    finally:
        lock.close()
