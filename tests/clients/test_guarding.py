"""What the privacy guard does to posts, edits and profiles of members, as apps meet it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from storage.members import Role
from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH

NUMBER = "943 476 5919"
BLOCKED = f"Falls on our ward: NHS number {NUMBER}, seen again"
HELD = "My 84-year-old patient Doris Whitlock fell in bay 3 last Tuesday"
CASES = "/api/v1/sharewell/guardian/cases"


@pytest.fixture
async def gwen(served: Served) -> AsyncGenerator[Person]:
    """A guardian with an app."""
    async with person(served, "gwen", role=Role.GUARDIAN) as made:
        yield made


@pytest.fixture
async def gus(served: Served) -> AsyncGenerator[Person]:
    """Another guardian."""
    async with person(served, "gus", role=Role.GUARDIAN) as made:
        yield made


async def everything(served: Served) -> str:
    """All that the database has, as text."""
    async with served.database.reading() as db:
        if db.dialect == "sqlite":
            tables = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        else:
            tables = await db.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        return ""


async def test_a_number_of_a_patient_is_not_taken_and_nothing_stored(alice: Person, served: Served) -> None:
    answer = await alice.web.post("/api/v1/statuses", json={"status": BLOCKED})

    start = BLOCKED.index(NUMBER)
    assert answer.status_code == 422
    assert answer.json() == {
        "error": f"Not published: this looks like an NHS number (characters {start + 1}-{start + len(NUMBER)})."
        " Remove it and post again. Nothing was stored.",
        "sharewell": {"guard": [{"kind": "nhs_number", "start": start, "end": start + len(NUMBER), "field": "status"}]},
    }


async def test_held(alice: Person, bob: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)
    await served.fediverse.quiet()
    print(made)
    [case] = await gwen.get(CASES)
    print(case)
    print(await gwen.get("/api/v1/notifications"))
    out = await gwen.post(f"{CASES}/{case['id']}/release")
    print(out)
    await served.fediverse.quiet()
    print(await alice.get(f"/api/v1/statuses/{made['id']}"))
    print(await alice.get("/api/v1/notifications"))
    assert 0
