"""Posts in their undo time: their author sees them, nobody else, and can take them back."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    """A node where posts wait for a minute."""
    return await fediverse.node("here.example", safety={"fan_out_delay": 60})


@pytest.fixture
async def reader(served: Served) -> AsyncGenerator[Person]:
    async with person(served, "reader") as made:
        yield made


async def come_out(served: Served) -> None:
    served.fediverse.clock.advance(seconds=61)
    await served.fediverse.quiet()


async def test_only_its_author_sees_a_post_that_waits(alice: Person, reader: Person) -> None:
    made = await alice.say("Is this right? #safety", spoiler_text="Hm", language="en")
    path = f"/api/v1/statuses/{made['id']}"

    assert await alice.get(path) == made
    assert (made["content"].startswith("<p>Is this right?"), made["url"], made["spoiler_text"]) == (True, None, "Hm")
    assert await reader.status_of("GET", path) == 404
    assert await reader.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert await alice.get("/api/v1/timelines/home") == []


async def test_taking_it_back_answers_the_words_and_leaves_nothing(alice: Person, served: Served) -> None:
    made = await alice.say("Too soon")

    taken = await alice.delete(f"/api/v1/statuses/{made['id']}")
    await come_out(served)

    assert taken["text"] == "Too soon"
    assert await alice.status_of("GET", f"/api/v1/statuses/{made['id']}") == 404
    assert await alice.get("/api/v1/timelines/home") == []


async def test_once_out_the_id_it_had_answers_with_the_post(alice: Person, reader: Person, served: Served) -> None:
    made = await alice.say("Now")
    await come_out(served)

    out = await alice.get(f"/api/v1/statuses/{made['id']}")
    liked = await alice.post(f"/api/v1/statuses/{made['id']}/favourite")

    assert (out["content"], out["id"] != made["id"], out["url"]) == ("<p>Now</p>", True, out["uri"])
    assert (liked["id"], liked["favourited"]) == (out["id"], True)
    assert (await reader.get(f"/api/v1/statuses/{out['id']}"))["id"] == out["id"]
    assert await reader.status_of("GET", f"/api/v1/statuses/{made['id']}") == 404


async def test_the_same_key_is_the_same_post_before_and_after(alice: Person, served: Served) -> None:
    sent = {"json": {"status": "Once"}, "headers": {"idempotency-key": "once"}}
    first = (await alice.web.post("/api/v1/statuses", **sent)).json()  # type: ignore[arg-type]
    again = (await alice.web.post("/api/v1/statuses", **sent)).json()  # type: ignore[arg-type]
    await come_out(served)

    after = (await alice.web.post("/api/v1/statuses", **sent)).json()  # type: ignore[arg-type]

    assert again["id"] == first["id"]
    assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [after["id"]]


async def test_a_thread_of_posts_that_wait_comes_out_as_a_thread(alice: Person, served: Served) -> None:
    first = await alice.say("One")
    second = await alice.say("Two", in_reply_to_id=first["id"])
    await come_out(served)
    served.fediverse.clock.advance(seconds=60)
    await served.fediverse.quiet()

    top = await alice.get(f"/api/v1/statuses/{first['id']}")
    reply = await alice.get(f"/api/v1/statuses/{second['id']}")

    assert reply["in_reply_to_id"] == top["id"]


async def test_others_cannot_take_it_back(alice: Person, reader: Person, served: Served) -> None:
    made = await alice.say("Mine")

    assert await reader.status_of("DELETE", f"/api/v1/statuses/{made['id']}") == 404
    await come_out(served)
    assert (await alice.get(f"/api/v1/statuses/{made['id']}"))["content"] == "<p>Mine</p>"
