"""Two processes that serve one node on PostgreSQL: what happens at one is told at the other within a second."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.clients.sockets import Reading, opened
from tests.drills.rig import Rig, rig
from tests.postgres import free_port

pytestmark = pytest.mark.xdist_group("drills")
AT_MOST = 1.0  # seconds


@asynccontextmanager
async def two(tmp_path: Path, postgres_url: str) -> AsyncGenerator[tuple[Rig, str]]:
    """The node, and host:port where a second process serves it that does no jobs."""
    async with rig(tmp_path, database=postgres_url) as one:
        await one.serve()
        place = f"127.0.0.1:{free_port()}"
        settings = one.write("second.toml", roles=["web"])
        settings.write_text(settings.read_text().replace(f'listen = "127.0.0.1:{one.port}"', f'listen = "{place}"'))
        await one.start("serve", name="second.toml")
        yield one, place


async def timed(reading: Reading) -> tuple[str, float]:
    """The next event, and how long it took."""
    since = time.monotonic()
    event = (await reading.next())["event"]
    return event, time.monotonic() - since


async def test_what_happens_at_one_process_is_told_at_the_other(postgres_url: str, tmp_path: Path) -> None:
    async with two(tmp_path, postgres_url) as (one, place):
        sender, reader = ({"authorization": f"Bearer {token}"} for token in one.tokens[:2])
        async with (
            httpx2.AsyncClient(base_url=one.base, headers=sender, timeout=60) as here,
            httpx2.AsyncClient(base_url=f"http://{place}", headers=reader, timeout=60) as there,
            opened(place, one.tokens[1], "?stream=public") as public,
            opened(place, one.tokens[1], "?stream=user:notification") as told,
            opened(place, one.tokens[1], "?stream=direct") as direct,
            opened(place, one.tokens[0], "?stream=user") as mine,
        ):
            said = (await here.post("/api/v1/statuses", json={"status": "@member1 hello"})).json()
            assert said["id"]
            found = {"public": await timed(public), "told": await timed(told)}
            await here.put(f"/api/v1/statuses/{said['id']}", json={"status": "@member1 hello again"})
            found["edited"] = await timed(public)
            await here.post("/api/v1/statuses", json={"status": "@member1 only you", "visibility": "direct"})
            found["direct"] = await timed(direct)
            while (await mine.next())["event"] != "update":
                pass
            await here.post("/api/v2/filters", json={"title": "x", "context": ["home"]})
            since = time.monotonic()
            while (await mine.next())["event"] != "filters_changed":
                pass
            found["filters"] = ("filters_changed", time.monotonic() - since)

            code, number = await one.command("announcement", "add", "The lifts are out")
            found["announced"] = await timed(mine)
            reaction = await there.put(f"/api/v1/announcements/{number.split()[-1]}/reactions/👍")
            found["reaction"] = await timed(mine)
            removed, _ = await one.command("announcement", "remove", number.split()[-1])
            found["removed"] = await timed(mine)
            assert (code, reaction.status_code, removed) == (0, 200, 0)

            blocked = await there.post(f"/api/v1/accounts/{said['account']['id']}/block")
            await here.post("/api/v1/statuses", json={"status": "unseen"})
            assert blocked.status_code == 200
            await public.nothing()

            code, _ = await one.command("token", "revoke", one.tokens[1])
            since = time.monotonic()
            closed = await public.closed()
            found["closed"] = (str(closed), time.monotonic() - since)

    assert code == 0
    assert {name: event for name, (event, _) in found.items()} == {
        "public": "update", "told": "notification", "edited": "status.update", "direct": "conversation",
        "filters": "filters_changed", "announced": "announcement", "reaction": "announcement.reaction",
        "removed": "announcement.delete", "closed": "1008",
    }  # fmt: skip
    assert {name: seconds for name, (_, seconds) in found.items() if seconds > AT_MOST} == {}
