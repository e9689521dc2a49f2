"""Workers share what is to be done: none does it twice, and what one of them leaves another finishes, in order."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import orjson
import pytest

from node.config import load
from node.opening import opened_database
from storage.actors import ActorKind, Profile
from storage.jobs import SHARDS
from storage.shards import LEASE
from tests.drills.rig import SETTLED, Process, Rig, now, rig, until
from tests.federation import loopback
from tests.federation.loopback import Asked, Peer

HOSTS = 16
JOBS = int(os.environ.get("SHAREWELL_JOBS", "2000"))  # deliveries; 20,000 in the drill of the plan
RUNS = int(os.environ.get("SHAREWELL_RUNS", "1"))  # 10 there
IN_HAND = 400  # deliveries promised and not made, when a worker is killed
LATER = float(os.environ.get("SHAREWELL_LATER", "15"))  # seconds from a lease to the end of its work; 5 there
pytestmark = pytest.mark.xdist_group("drills")


@dataclass
class Followers:
    """Servers with one actor each, who follows the members; what came to them."""

    peers: list[Peer] = field(default_factory=list)
    got: dict[str, list[str]] = field(default_factory=dict)  # by host: posts whose Create came, in order

    def answer(self, asked: Asked) -> bytes:
        activity = orjson.loads(asked.body)
        if activity["type"] == "Create":
            self.got[asked.headers["host"]].append(activity["object"]["id"])
        return loopback.answer(status=202)

    @property
    def made(self) -> int:
        """Deliveries."""
        return sum(len(posts) for posts in self.got.values())

    def have(self, uris: Sequence[str]) -> bool:
        """Whether each of these posts came to each host."""
        return self.made >= len(uris) * len(self.peers) and all(set(uris) <= set(got) for got in self.got.values())


@asynccontextmanager
async def followers(one: Rig) -> AsyncGenerator[Followers]:
    """Servers that listen, and that the node knows."""
    made = Followers()
    config = load(one.folder / "config.toml")
    async with AsyncExitStack() as stack:
        for number in range(HOSTS):
            peer = await stack.enter_async_context(loopback.listening(f"127.0.31.{20 + number}", made.answer))
            made.peers.append(peer)
            made.got[peer.place] = []
        async with opened_database(config, command=True) as database, database.writing() as db:
            for peer in made.peers:
                uri = peer.url("/users/reader")
                await one.befriend(
                    db, Profile(uri, ActorKind.PERSON, "reader", peer.place, now(), inbox=f"{uri}/inbox")
                )
        yield made


async def post(one: Rig, name: str, numbers: Iterator[int]) -> list[list[str]]:
    """Each member shares one after another while there are numbers; the posts of each in their order."""

    async def share(http: httpx2.AsyncClient, token: str) -> list[str]:
        keys = []
        for number in numbers:
            keys.append(f"{name} {number}")
            await one.share(http, token, keys[-1])
        return [one.shared[key] for key in keys]

    async with httpx2.AsyncClient(timeout=60) as http:
        return await asyncio.gather(*(share(http, token) for token in one.tokens))


async def shared_by(one: Rig, workers: int) -> list[int]:
    """How many shards each worker holds, once so many hold one."""
    found: list[int] = []
    async with asyncio.timeout(SETTLED):
        while len(found) < workers:
            await asyncio.sleep(0.5)
            rows = await one.rows("SELECT COUNT(*) AS n FROM shards WHERE owner <> '' GROUP BY owner")
            found = [row["n"] for row in rows]
    return found


async def share_out(one: Rig, followed: Followers) -> None:
    """Deliveries in several runs; each must be made once."""
    for run in range(RUNS):
        posts = await post(one, f"run {run}", iter(range(JOBS // HOSTS)))
        uris = list(itertools.chain.from_iterable(posts))
        assert await until(partial(followed.have, uris), seconds=SETTLED + JOBS / 50)
        for host, got in followed.got.items():
            assert Counter(got) == Counter(uris), host
            got.clear()
        for peer in followed.peers:
            peer.asked.clear()


async def left(one: Rig) -> int:
    """Deliveries in the table."""
    [row] = await one.rows("SELECT COUNT(*) AS n FROM jobs WHERE kind IN ('deliver', 'redeliver')")
    return int(row["n"])


async def test_one_worker_with_all_shards_delivers_each_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as one, followers(one) as followed:
        served = await one.serve()
        assert await shared_by(one, 1) == [SHARDS]

        await share_out(one, followed)

        assert await served.stop() == 0
        assert await left(one) == 0


async def test_two_workers_deliver_each_once_without_a_deadlock(postgres_url: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=postgres_url) as one, followers(one) as followed:
        one.write("work.toml", roles=["worker"])
        running = [await one.serve(), await one.start("work", name="work.toml")]
        assert await shared_by(one, 2) == [SHARDS // 2] * 2

        await share_out(one, followed)

        assert [await process.stop() for process in running] == [0, 0]
        assert await left(one) == 0
        [seen] = await one.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert seen["deadlocks"] == 0


async def held_by(one: Rig, worker: Process) -> int:
    """Deliveries in the shards of a worker."""
    [row] = await one.rows(
        """
        SELECT COUNT(*) AS n FROM jobs JOIN shards ON shards.shard = jobs.shard
        WHERE jobs.kind = 'deliver' AND shards.owner LIKE :name
        """,
        name=f"%:{worker.pid}",
    )
    return int(row["n"])


async def test_what_a_killed_worker_had_in_hand_is_done_after_its_lease(postgres_url: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=postgres_url, roles=["web"]) as one, followers(one) as followed:
        one.write("work.toml", roles=["worker"])
        await one.serve()
        worker = await one.start("work", name="work.toml")
        await one.start("work", name="work.toml")
        assert await shared_by(one, 2) == [SHARDS // 2] * 2
        dead = asyncio.Event()
        numbers = itertools.takewhile(lambda _: not dead.is_set(), itertools.count())
        posting = asyncio.create_task(post(one, "first", numbers))
        assert await until(lambda: len(one.shared) * HOSTS - followed.made > IN_HAND)

        await worker.kill()
        began = time.monotonic()
        dead.set()
        posts = await posting
        held = await held_by(one, worker)
        uris = list(itertools.chain.from_iterable(posts))
        came = await until(partial(followed.have, uris))
        took = time.monotonic() - began

        assert held > 0
        assert came
        assert took < LEASE / 1000 + LATER
        for host, got in followed.got.items():
            first = list(dict.fromkeys(got))
            for ours in posts:
                assert [uri for uri in first if uri in ours] == ours, host
