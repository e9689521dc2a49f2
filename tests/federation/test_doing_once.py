"""What a worker read of its jobs may be over when it has read it: nothing is done again for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from node.context import Node
from storage import activities_out, jobs, shards
from storage.jobs import REDELIVER, Job, NewJob
from tests.serving import Fediverse, OpenDatabase, Served

KIND = "knock"
KEPT, LEFT = 1, 40  # a shard that a worker keeps when a second one comes, and one that it hands over
HOST = next(host for n in range(99) if jobs.shard_of(host := f"away{n}.example") < LEFT - 10)


async def nothing() -> None:
    """What happens meanwhile, mostly."""


@dataclass
class Late:
    """A real database that gives a worker what it read of its jobs only after ``meanwhile``."""

    real: Any
    meanwhile: Callable[[], Awaitable[None]] = nothing
    written: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @asynccontextmanager
    async def reading(self, *, stale: bool = False) -> AsyncGenerator[Any]:
        async with self.real.reading(stale=stale) as db:
            yield LateReading(db, self)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Any]:
        async with self.real.writing() as db:
            yield db
        self.written.set()


@dataclass
class LateReading:
    """One view of it."""

    real: Any
    late: Late

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def rows(self, sql: Any, /, **values: Any) -> Any:
        found = await self.real.rows(sql, **values)
        if "kind <> 'deliver'" in sql and found:
            await self.late.meanwhile()
        return found


@dataclass
class Knocks:
    """Work that begins, and ends when it may."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    done: list[str] = field(default_factory=list)

    async def work(self, node: Node, job: Job) -> None:
        self.begun.set()
        await self.may_end.wait()
        self.done.append(job.payload)

    async def until(self, payload: str) -> None:
        """A later turn than all before has done this."""
        async with asyncio.timeout(10):
            while payload not in self.done:  # noqa: ASYNC110 - a worker does not tell
                await asyncio.sleep(0.002)


@dataclass
class Watched:
    """A node whose worker reads late."""

    served: Served
    late: Late
    knocks: Knocks

    async def promise(self, *new: NewJob) -> None:
        async with self.served.database.writing() as db:
            await jobs.add_many(db, new, now=self.served.node.clock())
        self.served.database.signal(jobs.WAKE)

    async def hand_over(self) -> None:
        """A second worker comes, and the first has handed over what is not its share any more."""
        async with self.late.real.writing() as db:
            await shards.renew(db, "another", now=self.served.node.clock())
        async with asyncio.timeout(10):
            while await self.owner(LEFT):  # noqa: ASYNC110 - a worker does not tell
                await asyncio.sleep(0.002)

    async def owner(self, shard: int) -> str:
        async with self.late.real.reading() as db:
            [row] = await db.rows("SELECT owner FROM shards WHERE shard = :shard", shard=shard)
        return str(row["owner"])


@pytest.fixture
async def watched(opening: OpenDatabase, tmp_path: Path) -> AsyncGenerator[Watched]:
    made: list[Late] = []

    @asynccontextmanager
    async def late() -> AsyncGenerator[Any]:
        async with opening() as real:
            made.append(Late(real))
            yield made[0]

    fediverse, knocks = Fediverse(late, tmp_path), Knocks()
    served = await fediverse.node("here.example", work={KIND: knocks.work})
    yield Watched(served, made[0], knocks)
    await fediverse.close()


async def test_what_ends_while_the_worker_reads_is_not_begun_again(watched: Watched) -> None:
    async def meanwhile() -> None:
        if watched.knocks.begun.is_set() and not watched.knocks.may_end.is_set():
            watched.late.written.clear()
            watched.knocks.may_end.set()
            await watched.late.written.wait()

    watched.late.meanwhile = meanwhile
    await watched.promise(NewJob(KIND, "first"))
    await watched.knocks.until("first")
    await watched.promise(NewJob(KIND, "second"))
    await watched.knocks.until("second")

    assert watched.knocks.done == ["first", "second"]


async def test_what_is_handed_over_while_the_worker_reads_is_left_to_who_took_it(watched: Watched) -> None:
    async def meanwhile() -> None:
        if not watched.knocks.may_end.is_set():
            watched.knocks.may_end.set()
            await watched.hand_over()

    watched.late.meanwhile = meanwhile
    await watched.promise(NewJob(KIND, "theirs", shard=LEFT))
    async with asyncio.timeout(10):
        await watched.knocks.may_end.wait()
    await watched.promise(NewJob(KIND, "ours", shard=KEPT))
    await watched.knocks.until("ours")

    assert watched.knocks.done == ["ours"]


async def test_what_is_written_off_at_a_hand_over_while_the_worker_reads_is_not_sent_again(watched: Watched) -> None:
    got: list[str] = []
    may_answer = asyncio.Event()

    async def away(scope: Scope, receive: Receive, send: Send) -> None:
        got.append(orjson.loads((await receive())["body"])["id"])
        await may_answer.wait()
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def meanwhile() -> None:
        if got and not may_answer.is_set():
            may_answer.set()
            await watched.hand_over()

    async def send_alone(name: str) -> None:
        uri = f"https://here.example/{name}"
        async with watched.served.database.writing() as db:
            body = orjson.dumps({"id": uri, "type": "Like", "object": "https://x.example/1"})
            new = await activities_out.add(db, uri=uri, object_uri="", signer_id=rosa.id, body=body, now=1)
        to = orjson.dumps([f"https://{HOST}/inbox"]).decode()
        await watched.promise(NewJob(REDELIVER, to, HOST, due=1, activity_id=new))

    watched.served.fediverse.apps[HOST] = away
    rosa = await watched.served.account("rosa")
    watched.late.meanwhile = meanwhile
    await send_alone("first")
    async with asyncio.timeout(10):
        await may_answer.wait()
    await send_alone("second")
    await watched.served.fediverse.quiet()

    assert got == ["https://here.example/first", "https://here.example/second"]
