"""Posts that come out when their author said: /api/v1/scheduled_statuses."""

from __future__ import annotations

from typing import Any

import pytest

from node.api.entities import time
from node.sharing import scheduling
from tests import pictures
from tests.clients.person import Json, Person
from tests.clients.test_entities import differences
from tests.serving import Served

HOUR = 60 * 60 * 1000
LIST = "/api/v1/scheduled_statuses"


def at(served: Served, ms: int = HOUR) -> str:
    return time(served.fediverse.clock.now + ms)


async def later(served: Served, *, ms: int = HOUR + 1000) -> None:
    served.fediverse.clock.advance(seconds=ms / 1000)
    await served.fediverse.quiet()


async def test_it_waits_where_its_author_alone_sees_it(alice: Person, bob: Person, served: Served) -> None:
    """``authz.scheduled_of_others``"""
    when = at(served)
    made = await alice.say("Later #ward", scheduled_at=when, spoiler_text="Hm", visibility="unlisted", language="cy")
    path = f"{LIST}/{made['id']}"

    assert made == await alice.get(path)
    assert [made] == await alice.get(LIST)
    assert differences("ScheduledStatus", made) == []
    assert (made["scheduled_at"], made["params"]["text"], made["params"]["spoiler_text"]) == (when, "Later #ward", "Hm")
    assert (made["params"]["visibility"], made["params"]["language"]) == ("unlisted", "cy")
    assert await bob.get(LIST) == []
    for method in ("GET", "PUT", "DELETE"):
        sent = {"json": {"scheduled_at": at(served, 2 * HOUR)}} if method == "PUT" else {}
        assert await bob.status_of(method, path, **sent) == 404
    assert await bob.status_of("GET", f"/api/v1/statuses/{made['id']}") == 404
    for timeline in ("/api/v1/timelines/home", f"/api/v1/accounts/{alice.id}/statuses"):
        assert await alice.get(timeline) == []
    assert (await bob.get("/api/v2/search", q="later"))["statuses"] == []
    assert [made] == await alice.get(LIST)


async def test_it_comes_out_at_its_time_and_not_before(alice: Person, served: Served) -> None:
    when = at(served)
    made = await alice.say("Later", scheduled_at=when)
    await later(served, ms=HOUR - 5000)
    assert await alice.get("/api/v1/timelines/home") == []

    await later(served, ms=6000)

    [out] = await alice.get("/api/v1/timelines/home")
    assert (out["content"], out["created_at"] >= when) == ("<p>Later</p>", True)
    assert await alice.get(LIST) == []
    assert await alice.status_of("GET", f"{LIST}/{made['id']}") == 404
    assert await alice.status_of("DELETE", f"{LIST}/{made['id']}") == 404


@pytest.mark.parametrize("moved", [2 * HOUR, HOUR // 2], ids=["later", "sooner"])
async def test_it_can_be_put_off(alice: Person, served: Served, moved: int) -> None:
    made = await alice.say("Later", scheduled_at=at(served))
    when = at(served, moved)

    answer = await alice.web.put(f"{LIST}/{made['id']}", json={"scheduled_at": when})
    await later(served, ms=min(HOUR, moved) + 1000 if moved < HOUR else HOUR + 1000)
    first = await alice.get("/api/v1/timelines/home")
    await later(served, ms=2 * HOUR)

    assert (answer.status_code, answer.json()) == (200, {**made, "scheduled_at": when})
    assert len(first) == (1 if moved < HOUR else 0)
    assert len(await alice.get("/api/v1/timelines/home")) == 1


async def test_taken_back_it_never_comes(alice: Person, served: Served) -> None:
    made = await alice.say("Later", scheduled_at=at(served))

    assert await alice.delete(f"{LIST}/{made['id']}") == {}
    await later(served)

    assert await alice.get("/api/v1/timelines/home") == await alice.get(LIST) == []
    async with served.database.reading() as db:
        assert await db.rows("SELECT * FROM pending") == []


async def test_times_that_cannot_be_are_refused(alice: Person, served: Served) -> None:
    made = await alice.say("Later", scheduled_at=at(served))
    times: list[Any] = [at(served, 290_000), at(served, -HOUR), "soon", "2030-13-01T00:00:00Z", ["x"], {"a": 1},
                        at(served, 6 * 366 * 24 * HOUR), "9" * 30]  # fmt: skip

    for one in times:
        for method, path in (("POST", "/api/v1/statuses"), ("PUT", f"{LIST}/{made['id']}")):
            answer = await alice.web.request(method, path, json={"status": "x", "scheduled_at": one})
            assert (answer.status_code, bool(answer.json()["error"])) == (422, True), (method, one)
    changed = await alice.status_of("PUT", f"/api/v1/statuses/{made['id']}", json={"scheduled_at": at(served)})
    assert changed in (404, 422)
    assert await alice.get(LIST) == [made]
    assert (await alice.say("Now", scheduled_at=""))["content"] == "<p>Now</p>"


async def test_what_is_wrong_is_said_when_it_is_written(alice: Person, served: Served) -> None:
    wrong: list[dict[str, Any]] = [
        {"status": ""}, {"status": "x" * 5001}, {"status": "x", "poll": {"options": ["a"], "expires_in": 600}},
        {"status": "x", "media_ids": ["9"]},
    ]  # fmt: skip

    for one in wrong:
        assert await alice.status_of("POST", "/api/v1/statuses", json={**one, "scheduled_at": at(served)}) == 422
    assert await alice.get(LIST) == []


async def test_pictures_and_polls_wait_with_it(alice: Person, served: Served) -> None:
    files = {"file": ("a.png", pictures.png(), "image/png")}
    upload = (await alice.web.post("/api/v2/media", files=files)).json()
    asked = {"options": ["a", "b"], "expires_in": 600, "multiple": True, "hide_totals": False}

    pictured = await alice.say("Look", scheduled_at=at(served), media_ids=[upload["id"]])
    polled = await alice.say("Which?", scheduled_at=at(served), poll=asked)
    taken = await alice.status_of("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [upload["id"]]})
    await later(served)
    poll, picture = await alice.get("/api/v1/timelines/home")

    assert ([one["id"] for one in pictured["media_attachments"]], pictured["params"]["media_ids"]) == (
        [upload["id"]], [upload["id"]],
    )  # fmt: skip
    assert (polled["params"]["poll"], taken) == (asked, 422)
    if poll["poll"] is None:
        poll, picture = picture, poll
    assert [one["id"] for one in picture["media_attachments"]] == [upload["id"]]
    assert poll["poll"]["expires_at"] > time(served.fediverse.clock.now + 500_000)
    assert differences("ScheduledStatus", polled) == differences("ScheduledStatus", pictured) == []


async def test_the_same_key_is_one_post_before_and_after(alice: Person, served: Served) -> None:
    sent: dict[str, Any] = {
        "json": {"status": "Once", "scheduled_at": at(served)}, "headers": {"idempotency-key": "once"},
    }  # fmt: skip

    first, again = [(await alice.web.post("/api/v1/statuses", **sent)).json() for _ in range(2)]
    await later(served)
    after = (await alice.web.post("/api/v1/statuses", **sent)).json()

    assert first == again
    assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [after["id"]]


async def test_the_list_is_paged(alice: Person, served: Served) -> None:
    made: list[Json] = [await alice.say(f"{n}", scheduled_at=at(served, HOUR + n)) for n in range(5)]
    ids = [one["id"] for one in made][::-1]

    first = await alice.web.get(LIST, params={"limit": 2})
    rest = await alice.web.get(first.headers["link"].partition("<")[2].partition(">")[0])
    up = await alice.get(LIST, min_id=ids[4], limit=2)

    assert [one["id"] for one in first.json()] == ids[:2]
    assert [one["id"] for one in rest.json()] == ids[2:4]
    assert [one["id"] for one in up] == [ids[2], ids[3]]


async def test_too_many_are_refused(alice: Person, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "EACH_DAY", 2)
    monkeypatch.setattr(scheduling, "TOTAL", 3)

    async def ask(days: int) -> int:
        sent = {"status": "x", "scheduled_at": f"2026-11-{days:02d}T12:00:00Z"}
        return await alice.status_of("POST", "/api/v1/statuses", json=sent)

    assert [await ask(1), await ask(1), await ask(1)] == [200, 200, 422]
    one, *_ = await alice.get(LIST)
    same = await alice.status_of("PUT", f"{LIST}/{one['id']}", json={"scheduled_at": "2026-11-01T13:00:00Z"})
    assert [same, await ask(2), await ask(2)] == [200, 200, 422]


async def test_nothing_answers_what_waits_for_its_time(alice: Person, served: Served) -> None:
    made = await alice.say("Later", scheduled_at=at(served))

    for more in ({}, {"scheduled_at": at(served, 2 * HOUR)}):
        sent = {"status": "x", "in_reply_to_id": made["id"], **more}
        assert await alice.status_of("POST", "/api/v1/statuses", json=sent) == 404
