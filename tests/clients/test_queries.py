"""A page of many posts takes no more queries than a page of few, and a post takes few."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

import httpx2

from node.app import create_app
from node.shelf import Shelf
from storage.database import Database, Dialect, Reading, Row, Value, Writing
from tests.clients.person import Person
from tests.serving import Served, with_state

MANY = 20


@dataclass
class Counted:
    """A session that says what it was asked."""

    db: Any
    asked: list[str]

    @property
    def dialect(self) -> Dialect:
        found: Dialect = self.db.dialect
        return found

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        self.asked.append(sql)
        found: Sequence[Row] = await self.db.rows(sql, **values)
        return found

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        self.asked.append(sql)
        found: Row | None = await self.db.row(sql, **values)
        return found

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        self.asked.append(sql)
        changed: int = await self.db.run(sql, **values)
        return changed

    async def many(self, sql: LiteralString, rows: Sequence[Mapping[str, Value]], /) -> None:
        self.asked.append(sql)
        await self.db.many(sql, rows)


@dataclass
class Counting:
    """A database whose sessions do."""

    database: Database
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    @asynccontextmanager
    async def reading(self, *, stale: bool = False) -> AsyncGenerator[Reading]:
        async with self.database.reading(stale=stale) as db:
            yield Counted(db, self.asked)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Writing]:
        async with self.database.writing() as db:
            yield Counted(db, self.asked)

    async def read(self, work: Callable[[Reading], Coroutine[Any, Any, Any]], /, *, stale: bool = False) -> Any:
        return await self.database.read(lambda db: work(Counted(db, self.asked)), stale=stale)

    async def write(self, work: Callable[[Writing], Coroutine[Any, Any, Any]], /, *, long: bool = False) -> Any:
        return await self.database.write(lambda db: work(Counted(db, self.asked)), long=long)


async def queries(served: Served, who: Person, method: str, path: str, **sent: Any) -> int:
    """How many queries a request takes on a node that has nothing on its shelf."""
    counting = Counting(served.database)
    node = replace(served.node, database=counting, shelf=Shelf())
    app = with_state(create_app(node.config), {"node": node})
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url=served.site.base_url, headers=who.web.headers
    ) as web:
        answer = await web.request(method, path, **sent)
    assert answer.status_code == 200, answer.text
    return len(counting.asked)


async def test_pages_take_the_same_number_of_queries_however_long(served: Served, alice: Person, bob: Person) -> None:
    root = await alice.say("root #tag @bob")
    paths = [
        "/api/v1/timelines/home?limit={}", "/api/v1/timelines/public?limit={}", "/api/v1/timelines/tag/tag?limit={}",
        f"/api/v1/statuses/{root['id']}/context?limit={{}}", f"/api/v1/accounts/{alice.id}/statuses?limit={{}}",
        "/api/v1/favourites?limit={}", "/api/v1/notifications?limit={}", "/api/v2/search?q=number&limit={}",
    ]  # fmt: skip

    async def share(number: int) -> None:
        said = await alice.say(f"number {number} #tag{number} #tag @bob", in_reply_to_id=root["id"])
        await alice.post(f"/api/v1/statuses/{said['id']}/favourite")
        await bob.post(f"/api/v1/statuses/{said['id']}/favourite")

    for number in range(2):
        await share(number)
    few = [await queries(served, alice, "GET", path.format(MANY)) for path in paths]
    for number in range(2, MANY):
        await share(number)
    many = [await queries(served, alice, "GET", path.format(MANY)) for path in paths]

    assert many == few
    assert max(many) <= 12


async def test_a_post_takes_few_queries(served: Served, alice: Person) -> None:
    assert await queries(served, alice, "POST", "/api/v1/statuses", json={"status": "Hello #ward"}) <= 10
