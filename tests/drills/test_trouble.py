"""A node in trouble says so, keeps what it acknowledged, and goes on when the trouble is over."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.drills.rig import Rig, rig, until

FILLING = "word " * 400  # so that a small disk is full soon
pytestmark = pytest.mark.xdist_group("drills")


async def statuses(one: Rig, http: httpx2.AsyncClient, name: str) -> tuple[int, int]:
    """What a post of a member and an activity of another server are answered."""
    shared = await one.share(http, one.tokens[0], f"post {name}", f"Post {name}. " + FILLING)
    return shared.status_code, await one.create(http, one.people[0], name)


async def test_a_locked_database_is_busy_and_loses_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60) as http:
            with closing(sqlite3.connect(tmp_path / "data" / "sharewell.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                shared, delivered = await asyncio.gather(
                    one.share(http, one.tokens[0], "while locked"), one.create(http, one.people[0], "locked")
                )
                other.execute("ROLLBACK")
            after = await statuses(one, http, "after")
            again = await one.share(http, one.tokens[0], "while locked")

        assert (shared.status_code, delivered) == (503, 503)
        assert int(shared.headers["retry-after"]) > 0
        assert after == (200, 202)
        assert again.status_code == 200
        assert await one.lost() == []
        assert len(await one.kept()) == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A file system of 16 MB, which only root may make."""
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path) -> None:
    async with rig(small_disk) as one:
        await one.serve()
        ballast = small_disk / "ballast"
        async with httpx2.AsyncClient(timeout=60) as http:
            before = await statuses(one, http, "before")
            with ballast.open("wb") as file:
                file.write(b"x" * (shutil.disk_usage(small_disk).free - 300_000))
            full: set[tuple[int, int]] = set()
            for number in range(400):
                full.add(await statuses(one, http, f"full-{number}"))
                if (503, 503) in full:
                    break
            ballast.unlink()
            after = await statuses(one, http, "after")

        assert before == (200, 202)
        assert (503, 503) in full
        assert {status for pair in full for status in pair} <= {200, 202, 503}
        assert after == (200, 202)
        assert await one.lost() == []


async def test_each_answer_comes_after_a_sync_that_others_share(tmp_path: Path) -> None:
    assert shutil.which("strace"), "strace is missing: install the package strace"
    log = tmp_path / "calls"
    async with rig(tmp_path) as one:
        served = await one.serve()
        trace = await asyncio.create_subprocess_exec(
            "strace", "-f", "-q", "-s", "24", "-e", "trace=fdatasync,fsync,write,writev,sendto,sendmsg",
            "-o", str(log), "-p", str(served.pid), stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert await until(log.exists)
            await asyncio.sleep(0.5)  # until it has the threads too
            async with httpx2.AsyncClient(timeout=60) as http:
                for number in range(5):
                    assert await statuses(one, http, f"alone-{number}") == (200, 202)
                alone = log.read_text()
                for turn in range(5):
                    await asyncio.gather(
                        *(one.share(http, one.tokens[n % 3], f"together {turn} {n}") for n in range(16))
                    )
        finally:
            trace.terminate()
            await trace.wait()
        together = log.read_text()[len(alone) :]

    # An answer is written only after a sync that began after the answer before it.
    answers = re.findall(r"f(?:data)?sync\(|\"HTTP/1\.1 20[02]", alone)
    kinds = ["sync" if "sync" in one else "answer" for one in answers]
    assert kinds.count("answer") == 10
    assert all(kinds[place - 1] == "sync" for place, kind in enumerate(kinds) if kind == "answer")
    shared = len(re.findall(r"f(?:data)?sync\(", together))
    assert len(re.findall(r"\"HTTP/1\.1 200", together)) == 80
    assert 5 <= shared < 80


async def test_a_server_that_was_away_gets_everything_in_order_when_it_is_seen_again(tmp_path: Path) -> None:
    away = float(os.environ.get("SHAREWELL_AWAY", "12"))  # seconds; the drill of the plan is 40
    async with rig(tmp_path) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60) as http:
            await one.share(http, one.tokens[0], "before")
            assert await one.undelivered() == set()
            one.down = True
            for number in range(12):
                await one.share(http, one.tokens[0], f"away {number}")
                await asyncio.sleep(away / 12)
            missed = set(one.shared.values()) - one.arrived()

            one.down = False
            assert await one.create(http, one.people[0], "back") == 202
            came = await until(lambda: set(one.shared.values()) <= one.arrived(), seconds=60)

        order = [activity["object"]["id"] for activity in one.got if activity["type"] == "Create"]
        assert len(missed) == 12
        assert came
        assert list(dict.fromkeys(order)) == list(one.shared.values())


async def test_two_processes_tell_one_server_everything_in_order(postgres_url: str, tmp_path: Path) -> None:
    rank = {"Create": 0, "Update": 1, "Delete": 2}
    posts = int(os.environ.get("SHAREWELL_POSTS", "150"))  # 500 in the drill of the plan
    async with rig(tmp_path, database=postgres_url) as one:
        one.write("work.toml", roles=["worker"])
        await one.serve()
        await one.start("work", name="work.toml")
        async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {one.tokens[0]}"}) as http:

            async def whole(number: int) -> str:
                shared = await one.share(http, one.tokens[0], f"post {number}")
                place = f"{one.base}/api/v1/statuses/{shared.json()['id']}"
                assert (await http.put(place, data={"status": f"Better words {number}."})).status_code == 200
                assert (await http.delete(place)).status_code == 200
                return str(shared.json()["uri"])

            uris: list[str] = []
            for start in range(0, posts, 15):
                uris += await asyncio.gather(*(whole(number) for number in range(start, start + 15)))
        deleted = {uri: f"{uri}#delete" for uri in uris}
        ended = await until(
            lambda: {each["id"] for each in one.got if each["type"] == "Delete"} >= set(deleted.values())
        )

        seen: dict[str, list[int]] = {}
        for activity in one.got:
            if activity["type"] in rank:
                seen.setdefault(activity["object"]["id"], []).append(rank[activity["type"]])
        assert ended
        assert [uri for uri in uris if seen[uri] != sorted(seen[uri])] == []
        assert await one.kept() == {}
