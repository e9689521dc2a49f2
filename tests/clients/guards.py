"""Texts that the privacy guard stops, holds or warns of, and a look at everything a node keeps."""

from __future__ import annotations

from typing import Any

from tests.clients.person import Json, Person
from tests.serving import Served

NUMBER = "943 476 5919"
BLOCKED = f"Falls on our ward: NHS number {NUMBER}, seen again"
HELD = "My 84-year-old patient fell in bay 3 last Tuesday"
URGENT = "The alarm is going off right now, he is not breathing and nobody is coming"
WARNED = "Lessons from a 103-year-old patient whose skin tear was not seen for two days."
CASES = "/api/v1/sharewell/guardian/cases"


async def refused(who: Person, method: str, path: str, **values: Any) -> Json:
    """The JSON of a request that is not taken."""
    answer = await who.web.request(method, path, json=values)
    assert answer.status_code == 422, f"{answer.status_code} {answer.text}"
    return answer.json()


async def tables_with(served: Served, words: str) -> list[str]:
    """Tables of the node that have these words somewhere."""
    async with served.database.reading() as db:
        if db.dialect == "sqlite":
            names = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        else:
            names = await db.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        found: list[str] = []
        for row in names:
            rows = await db.rows(f"SELECT * FROM {row['name']}")  # pyright: ignore[reportArgumentType]
            found += [row["name"]] if words in str([tuple(one) for one in rows]) else []
    return found


async def the_case(guardian: Person) -> str:
    """The path of the only case that waits."""
    [case] = await guardian.get(CASES)
    return f"{CASES}/{case['id']}"


async def notes_of(who: Person) -> list[str]:
    """The private notes that the node wrote to a member, the newest first."""
    told = await who.get("/api/v1/notifications", types=["mention"])
    return [one["status"]["content"] for one in told if one["account"]["acct"] == who.served.site.node_handle]
