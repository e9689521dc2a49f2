"""Events and consultations in apps: as statuses, and what Mastodon has no word for beside them."""

from __future__ import annotations

from typing import Any

import pytest

from storage import events
from tests.clients.person import person
from tests.serving import Fediverse, Served

EVENTS = "/api/v1/sharewell/events"
CONSULTATIONS = "/api/v1/sharewell/consultations"
CLINIC: dict[str, Any] = {
    "kind": "event",
    "title": "Friday count clinic",
    "fields": {
        "start": "2026-12-04T12:30", "end": "2026-12-04T13:10", "capacity": 1, "topics": ["cannulation"],
        "link": "https://meet.example/room",
    },
}  # fmt: skip


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    return await fediverse.node("north.example")


async def test_an_event_is_joined_waited_for_and_left(served: Served) -> None:
    async with person(served, "rosa") as rosa, person(served, "ben") as ben, person(served, "una") as una:
        made = await rosa.say("Bring your count.", sharewell=CLINIC)
        path = f"{EVENTS}/{made['id']}"

        first, second = await ben.post(f"{path}/join"), await una.post(f"{path}/join")
        people = await rosa.get(f"{path}/attendees")
        refused = await ben.web.get(f"{path}/attendees")
        left = await ben.post(f"{path}/leave")
        now, told = await una.get(path), await una.get("/api/v1/notifications")
        filtered = await una.get("/api/v1/notifications", **{"types[]": "mention"})
        async with served.client() as nobody:
            listed = (await nobody.get(EVENTS, params={"topic": "cannulation"})).json()
            none = (await nobody.get(EVENTS, params={"past": "true"})).json()
            wrong = await nobody.get(EVENTS, params={"topic": "x"})

    assert "link" not in made["sharewell"]["fields"] and "Friday 4 December 2026" in made["content"]
    assert (first["attendance"], first["link"], first["coming_count"]) == ("joined", "https://meet.example/room", 1)
    assert (second["attendance"], second["link"], second["waiting_count"]) == ("waiting", None, 1)
    assert ([one["username"] for one in people["joined"]], [one["username"] for one in people["waiting"]]) == (
        ["ben"], ["una"],
    )  # fmt: skip
    assert (refused.status_code, left["attendance"], left["link"]) == (403, None, None)
    assert (now["attendance"], now["starts_at"]) == ("joined", "2026-12-04T12:30:00.000Z")
    assert [(one["type"], one["sharewell"]) for one in told] == [("update", {"reason": "event_place"})]
    assert filtered == []
    assert [(one["id"], one["status"]["id"], one["attendance"]) for one in listed] == [(made["id"], made["id"], None)]
    assert (none, wrong.status_code) == ([], 422)


async def test_an_edit_keeps_the_way_in_and_a_new_one_replaces_it(served: Served) -> None:
    async with person(served, "rosa") as rosa:
        made = await rosa.say("Bring your count.", sharewell=CLINIC)
        kept = {name: value for name, value in CLINIC["fields"].items() if name != "link"}

        await rosa.edit(made["id"], status="Bring it.", sharewell={"fields": kept})
        async with served.database.reading() as db:
            same = await events.one(db, int(made["id"]))
        new = {"fields": {**kept, "link": "https://meet.example/2"}}
        await rosa.edit(made["id"], status="Bring it.", sharewell=new)
        async with served.database.reading() as db:
            other = await events.one(db, int(made["id"]))

    assert same is not None and same.link == "https://meet.example/room"
    assert other is not None and other.link == "https://meet.example/2"


async def test_a_consultation_is_voted_in_and_summed_up(fediverse: Fediverse, served: Served) -> None:
    asked = {"kind": "consultation", "title": "What first?"}
    async with person(served, "rosa") as rosa, person(served, "ben") as ben:
        poll = {"options": ["People", "Tools"], "expires_in": 7 * 24 * 3600}
        made = await rosa.say("We decide in January.", poll=poll, sharewell=asked)
        alone = await rosa.web.post("/api/v1/statuses", json={"status": "x", "sharewell": asked})
        await ben.post(f"/api/v1/polls/{made['poll']['id']}/votes", choices=[1])
        before = await ben.get(CONSULTATIONS, stage="open")
        fediverse.clock.advance(seconds=8 * 24 * 3600)
        await fediverse.quiet()
        over = await ben.get(CONSULTATIONS, stage="without_summary")
        fields = {"themes": [{"name": "Tools", "count": 1, "sentence": "Ready made."}], "did": "A shelf of them."}
        words = {"kind": "summary", "title": "What first?", "fields": fields}
        bad = {**words, "fields": {**fields, "themes": [{"name": "", "count": -1}]}}
        refused = await rosa.web.post(
            "/api/v1/statuses", json={"status": "", "in_reply_to_id": made["id"], "sharewell": bad}
        )
        summary = await rosa.say("", in_reply_to_id=made["id"], sharewell=words)
        edited = await rosa.edit(
            summary["id"], status="", sharewell={"fields": {**fields, "did": "Two shelves.", "here": 77}}
        )
        one, closed = await ben.get(f"{CONSULTATIONS}/{made['id']}"), await ben.get(CONSULTATIONS, stage="closed")
        told = [one["type"] for one in await ben.get("/api/v1/notifications")]

    assert (alone.status_code, refused.status_code) == (422, 422)
    assert [[one["id"] for one in some] for some in (before, over, closed)] == [[made["id"]]] * 3
    assert (one["voters_here"], one["voters_elsewhere"], one["over"]) == (1, 0, True)
    assert one["summary"]["id"] == summary["id"]
    assert summary["sharewell"]["fields"] == {**fields, "here": 1, "elsewhere": 0}
    assert edited["sharewell"]["fields"] == {**fields, "did": "Two shelves.", "here": 1, "elsewhere": 0}
    assert sorted(told) == ["poll", "update"]
