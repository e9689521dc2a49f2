"""Commands beside a node on SQLite that has all the work it can do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.drills.rig import rig

pytestmark = pytest.mark.xdist_group("drills")
PROMPT = 30.0  # seconds; the plan says 2, on a machine that does nothing else


async def test_an_account_is_made_under_full_load(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()
        load = await one.loaded("first", enough=40)
        before = len(one.taken) + len(one.shared)

        began = time.monotonic()
        made = await one.command(
            "account", "create", "late", "--email", "late@mail.example", "--password", "long enough"
        )
        took = time.monotonic() - began
        meanwhile = len(one.taken) + len(one.shared) - before
        await load.ended()

        assert made == (0, f"@late@127.0.0.1:{one.port}\n")
        assert took < PROMPT
        assert meanwhile > 0
        assert len(await one.rows("SELECT id FROM actors WHERE handle = 'late'")) == 1
        assert await one.lost() == []
