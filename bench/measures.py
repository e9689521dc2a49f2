"""What is measured, each on a node that answers: some runs of many operations, and CPU and wall time of each run."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from random import Random

from bench import asking, pictures, proof
from bench.http import Answer, ask, ask_all, message
from bench.people import FAN, READER, SENDERS, WRITER, key_of
from bench.places import CONTROL, HOSTS, NODE_PORT, NODE_URL
from bench.processes import Running
from bench.seed import World

NODE = ("127.0.0.1", NODE_PORT)
SETTLES = 0.3  # seconds after the last answer: what is done only then counts too
WARM = 100  # operations before the first run
UPLOADS = 60  # reads that are done in the place of one upload
PAGES = 40  # posts on a page, where all are looked for
ROUND = 400  # other posts that may stand between them


@dataclass(frozen=True, slots=True)
class Run:
    """Some operations done one after another or side by side."""

    operations: int
    cpu: float  # seconds of all the node's processes
    wall: float  # seconds until the last was done

    @property
    def each(self) -> float:
        """CPU ms of one."""
        return self.cpu * 1000 / self.operations

    @property
    def rate(self) -> float:
        """Of them in a second."""
        return self.operations / self.wall


@dataclass(slots=True)
class Bench:
    """A node with known data, and how much is asked of it."""

    node: Running
    world: World
    runs: int
    operations: int
    in_flight: int
    random: Random = field(default_factory=lambda: Random(7))
    numbers: Iterator[int] = field(default_factory=count)

    async def timed(self, operations: int, work: Callable[[], Awaitable[None]]) -> Run:
        """One run of ``work``."""
        cpu, began = self.node.cpu, time.monotonic()
        await work()
        wall = time.monotonic() - began
        await asyncio.sleep(SETTLES)
        return Run(operations, self.node.cpu - cpu, wall)

    async def reads(self, requests: Sequence[bytes], fine: Callable[[Answer], bool]) -> list[Run]:
        """Runs of these requests over and over; every answer is looked at, after the time is taken."""
        found = []
        for run in range(self.runs + 1):
            asked = list(islice(cycle(requests), self.operations if run else WARM))
            answers: list[Answer] = []

            async def work(asked: list[bytes] = asked, answers: list[Answer] = answers) -> None:
                answers += await ask_all(NODE, asked, at_once=self.in_flight)

            found.append(await self.timed(len(asked), work))
            _all_fine(answers, fine)
        return found[1:]


def _all_fine(answers: Sequence[Answer], fine: Callable[[Answer], bool]) -> None:
    wrong = next((one for one in answers if one.status not in (200, 202) or not fine(one)), None)
    if wrong is not None:
        raise RuntimeError(f"not what was asked for: {wrong.status} {wrong.body[:500]!r}")


async def inbox(bench: Bench) -> list[Run]:
    """Signed Creates by known actors, until each is in the home timeline of a follower."""
    coming = asking.creates(bench.random)
    found = []
    for run in range(bench.runs + 1):
        sent = dict(islice(coming, bench.operations // 2 if run else SENDERS))
        answers: list[Answer] = []

        async def work(sent: dict[str, bytes] = sent, answers: list[Answer] = answers) -> None:
            answers += await ask_all(NODE, list(sent.values()), at_once=16)

        found.append(await bench.timed(len(sent), work))
        _all_fine(answers, lambda one: one.status == 202)
        await _at_home(set(sent))
    return found[1:]


async def _at_home(wanted: set[str]) -> None:
    """Raises RuntimeError unless these posts are among the newest of the reader's home timeline."""
    seen: set[str] = set()
    older = ""
    while wanted - seen and len(seen) < len(wanted) + ROUND:
        answer = await ask(NODE, asking.get(f"/api/v1/timelines/home?limit={PAGES}{older}", READER))
        page = json.loads(answer.body)
        seen.update(one["uri"] for one in page)
        if len(page) < PAGES:
            break
        older = f"&max_id={page[-1]['id']}"
    if wanted - seen:
        raise RuntimeError(f"{len(wanted - seen)} of {len(wanted)} posts are not at home")


async def fan_out(bench: Bench) -> list[Run]:
    """One post to 512 inboxes on 512 hosts."""
    found = []
    for _ in range(bench.runs + 1):
        await ask(CONTROL, message("POST /forget HTTP/1.1", b""))

        async def work() -> None:
            answer = await ask(NODE, asking.share(bench.random, FAN, next(bench.numbers)))
            _all_fine([answer], lambda one: one.status == 200)
            await ask(CONTROL, message(f"GET /when/{HOSTS} HTTP/1.1", b""))

        async with asyncio.timeout(60):
            found.append(await bench.timed(HOSTS, work))
        await _check_deliveries()
    return found[1:]


async def _got() -> dict[str, int]:
    got: dict[str, int] = json.loads((await ask(CONTROL, message("GET /count HTTP/1.1", b""))).body)
    return got


async def _check_deliveries() -> None:
    got = await _got()
    if got != {"count": HOSTS, "hosts": HOSTS}:
        raise RuntimeError(f"not once to each host: {got}")
    for head, body in json.loads((await ask(CONTROL, message("GET /samples HTTP/1.1", b""))).body):
        proof.check(head, body, key_id=f"{NODE_URL}/users/{FAN}#main-key", public=key_of(2)[0])


async def share(bench: Bench) -> list[Run]:
    """A member posts; nine members here follow, nobody elsewhere."""
    found = []
    for run in range(bench.runs + 1):
        many = bench.operations // 3 if run else WARM // 2
        asked = [asking.share(bench.random, WRITER, next(bench.numbers)) for _ in range(many)]
        answers: list[Answer] = []

        async def work(asked: list[bytes] = asked, answers: list[Answer] = answers) -> None:
            answers += await ask_all(NODE, asked, at_once=bench.in_flight)

        found.append(await bench.timed(many, work))
        _all_fine(answers, lambda one: b'"id":' in one.body)
    return found[1:]


async def home(bench: Bench) -> list[Run]:
    """Twenty posts of the home timeline: the newest ten pages in turn."""
    older = ["", *(f"&max_id={one}" for one in bench.world.pages)]
    requests = [asking.get(f"/api/v1/timelines/home?limit=20{one}", READER) for one in older]
    return await bench.reads(requests, lambda one: len(json.loads(one.body)) == 20)


async def context(bench: Bench) -> list[Run]:
    """The twenty posts around one: ten threads in turn."""
    requests = [asking.get(f"/api/v1/statuses/{one}/context", READER) for one in bench.world.threads]
    return await bench.reads(requests, lambda one: sum(map(len, json.loads(one.body).values())) == 20)


async def notifications(bench: Bench) -> list[Run]:
    """Twenty mentions by one member."""
    await ask_all(NODE, [asking.naming(WRITER, READER, number) for number in range(WARM // 2)], at_once=1)
    request = asking.get("/api/v1/notifications?limit=20", READER)
    return await bench.reads([request], lambda one: len(json.loads(one.body)) == 20)


async def _share_some(bench: Bench) -> list[str]:
    """Twenty posts of each of two members; who they are."""
    members = [READER, WRITER]
    asked = [asking.share(bench.random, one, next(bench.numbers)) for one in members for _ in range(20)]
    _all_fine(await ask_all(NODE, asked, at_once=1), lambda one: b'"id":' in one.body)
    return members


async def account(bench: Bench) -> list[Run]:
    """The newest posts of an account, as an app shows it: two members in turn."""
    requests = []
    for handle in await _share_some(bench):
        found = json.loads((await ask(NODE, asking.get(f"/api/v1/accounts/lookup?acct={handle}", READER))).body)
        requests.append(asking.get(f"/api/v1/accounts/{found['id']}/statuses?limit=20", READER))
    return await bench.reads(requests, lambda one: len(json.loads(one.body)) == 20)


async def profile(bench: Bench) -> list[Run]:
    """The same as a page, for a reader who is not signed in."""
    requests = [asking.page(f"/@{handle}", signed_in=False) for handle in await _share_some(bench)]
    return await bench.reads(requests, lambda one: one.body.count(b"<article") >= 10)


async def home_page(bench: Bench) -> list[Run]:
    """The home timeline of a member as a page."""
    return await bench.reads([asking.page("/", signed_in=True)], lambda one: one.body.count(b"<article") >= 10)


async def upload(bench: Bench) -> list[Run]:
    """A photograph of 2 MP, one after the other."""
    picture = pictures.photograph(bench.random)
    found = []
    for run in range(bench.runs + 1):
        asked = [asking.upload(WRITER, picture)] * (bench.operations // UPLOADS if run else 2)
        answers: list[Answer] = []

        async def work(asked: list[bytes] = asked, answers: list[Answer] = answers) -> None:
            answers += await ask_all(NODE, asked, at_once=1)

        found.append(await bench.timed(len(asked), work))
        _all_fine(answers, lambda one: b'"blurhash":"' in one.body)
    return found[1:]


async def actor(bench: Bench) -> list[Run]:
    """A member as other servers read it, asked for with a signature: three members, 64 who ask."""
    requests = [
        asking.signed_get(f"/users/{handle}", place)
        for place, handle in zip(range(SENDERS), cycle((READER, WRITER, FAN)), strict=False)
    ]
    return await bench.reads(requests, lambda one: b'"publicKey"' in one.body)


async def webfinger(bench: Bench) -> list[Run]:
    """Where a handle lives."""
    requests = [asking.webfinger(handle) for handle in (READER, WRITER, FAN)]
    return await bench.reads(requests, lambda one: b'"subject"' in one.body)


# In the order in which they are done: what only reads comes before what adds.
MEASURES: Mapping[str, Callable[[Bench], Awaitable[list[Run]]]] = {
    "webfinger": webfinger,
    "actor": actor,
    "home": home,
    "context": context,
    "account": account,
    "profile": profile,
    "home-page": home_page,
    "notifications": notifications,
    "upload": upload,
    "share": share,
    "inbox": inbox,
    "fan-out": fan_out,
}
