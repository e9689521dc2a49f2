"""How fast this machine is, in what the figures are made of, to read figures of two machines side by side.

Taken before anything is measured, each the best of some rounds: a machine that others use is slower in between.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from federation.signing import keys

ROUNDS = 9


def taken(pem: str) -> dict[str, float]:
    """Microseconds of CPU: an RSA-2048 signature, a round trip to a thread, a row read, a turn of plain Python."""
    return {
        "RSA-2048 signature": _best(lambda: keys.sign(pem, b"x" * 300), 60),
        "round trip to a thread": _hop(),
        "one row of SQLite": _row(),
        "1,000 turns of a loop": _best(lambda: sum(range(1_000)), 300),
    }


def _best(work: Callable[[], object], times: int) -> float:
    work()
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _turn in range(times):
            work()
        found.append((time.process_time() - began) / times * 1e6)
    return min(found)


def _row() -> float:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE some (id INTEGER PRIMARY KEY, text TEXT)")
    db.execute("INSERT INTO some VALUES (1, 'x')")
    try:
        return _best(lambda: db.execute("SELECT id, text FROM some WHERE id = ?", (1,)).fetchall(), 1_000)
    finally:
        db.close()


def _hop() -> float:
    async def hops() -> float:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as threads:
            found = []
            for _ in range(ROUNDS):
                began = time.process_time()
                for _turn in range(500):
                    await loop.run_in_executor(threads, int)
                found.append((time.process_time() - began) / 500 * 1e6)
        return min(found)

    return asyncio.run(hops())
