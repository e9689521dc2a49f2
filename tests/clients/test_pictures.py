"""Posts show the pictures that their author uploaded, and nobody else's."""

from __future__ import annotations

import asyncio

from tests import pictures
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.clients.test_media import erased, kept, path_of, upload
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH


def shown(post: Json) -> list[str]:
    return [one["id"] for one in post["media_attachments"]]


async def refused(who: Person, **values: object) -> str:
    """What is said of a post that is not taken."""
    answer = await who.web.post("/api/v1/statuses", json=values)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["error"])


async def test_a_post_shows_its_pictures_in_order(alice: Person, nobody: Person) -> None:
    one, two = await upload(alice, description="A bed"), await upload(alice)

    made = await alice.say("Look", media_ids=[two["id"], one["id"]])

    assert shown(made) == [two["id"], one["id"]]
    assert differences("Status", made) == []
    assert made["media_attachments"][1] == one
    assert (await nobody.get(f"/api/v1/statuses/{made['id']}"))["media_attachments"] == made["media_attachments"]
    assert await alice.status_of("GET", f"/api/v1/media/{one['id']}") == 404
    assert await alice.status_of("DELETE", f"/api/v1/media/{one['id']}") == 422


async def test_pictures_need_no_words(alice: Person) -> None:
    one = await upload(alice)

    answer = await alice.web.post("/api/v1/statuses", data={"media_ids[]": one["id"]})

    assert (answer.status_code, shown(answer.json()), answer.json()["content"]) == (200, [one["id"]], "")


async def test_wrong_pictures_are_refused_by_their_name(alice: Person, bob: Person) -> None:
    mine = [await upload(alice) for _ in range(5)]
    ids = [one["id"] for one in mine]
    used = await alice.say("Look", media_ids=ids[:1])

    assert "At most 4" in await refused(alice, status="x", media_ids=ids)
    assert "another post" in await refused(alice, status="x", media_ids=ids[:1])
    assert "another post" in await refused(bob, status="x", media_ids=ids[1:2])
    assert "no such upload" in await refused(alice, status="x", media_ids=["0"])
    assert "twice" in await refused(alice, status="x", media_ids=[ids[1], ids[1]])
    assert shown(await alice.get(f"/api/v1/statuses/{used['id']}")) == ids[:1]


async def test_of_posts_at_once_one_gets_the_picture(alice: Person) -> None:
    one = await upload(alice)

    answers = await asyncio.gather(
        *(alice.web.post("/api/v1/statuses", json={"status": f"{n}", "media_ids": [one["id"]]}) for n in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 7
    assert [len(shown(post)) for post in await alice.get("/api/v1/timelines/home")] == [1]


async def test_an_edit_changes_words_and_pictures(alice: Person, bob: Person, served: Served) -> None:
    one, two, three = [await upload(alice) for _ in range(3)]
    made = await alice.say("Look", media_ids=[one["id"], two["id"]])

    worded = await alice.edit(made["id"], media_attributes=[{"id": one["id"], "description": "A bed", "focus": "0,1"}])
    form = {"status": "Look", "media_attributes[][id]": two["id"], "media_attributes[][description]": "A chair"}
    by_form = (await alice.web.put(f"/api/v1/statuses/{made['id']}", data=form)).json()
    changed = await alice.edit(made["id"], media_ids=[three["id"], two["id"]])

    first = worded["media_attachments"][0]
    assert (first["description"], first["meta"]["focus"]) == ("A bed", {"x": 0.0, "y": 1.0})
    assert [one["description"] for one in by_form["media_attachments"]] == ["A bed", "A chair"]
    assert (shown(changed), changed["edited_at"] is None) == ([three["id"], two["id"]], False)
    assert await bob.get(f"/api/v1/statuses/{made['id']}") != made
    assert len(await erased(served)) == 4
    assert await bob.status_of("GET", path_of(one["url"])) == 404
    none = await alice.web.put(f"/api/v1/statuses/{made['id']}", data={"status": "Look", "media_ids[]": ""})
    assert (shown(none.json()), await erased(served)) == ([], [])


async def test_an_edit_cannot_take_what_is_not_there_to_take(alice: Person, bob: Person) -> None:
    mine, theirs = await upload(alice), await upload(bob)
    made, other = await alice.say("One", media_ids=[mine["id"]]), await alice.say("Two")

    for ids in ([theirs["id"]], [mine["id"]]):
        answer = await alice.web.put(f"/api/v1/statuses/{other['id']}", json={"status": "Two", "media_ids": ids})
        assert answer.status_code == 422
    assert shown(await alice.get(f"/api/v1/statuses/{made['id']}")) == [mine["id"]]


async def test_a_deleted_post_takes_its_pictures_along(alice: Person, served: Served) -> None:
    one = await upload(alice)
    made = await alice.say("Look", media_ids=[one["id"]])
    assert len(kept(served)) == 2

    deleted = await alice.delete(f"/api/v1/statuses/{made['id']}")

    assert shown(deleted) == [one["id"]]
    assert await erased(served) == []
    async with served.database.reading() as db:
        assert await db.rows("SELECT name FROM files") == []


async def test_a_post_that_waits_keeps_its_pictures(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", safety={"fan_out_delay": 60})
    async with person(served, "alice") as alice:
        one = await upload(alice)
        waiting = await alice.say("Look", media_ids=[one["id"]])
        stolen = await alice.web.post("/api/v1/statuses", json={"status": "x", "media_ids": [one["id"]]})
        fediverse.clock.advance(seconds=61)
        await fediverse.quiet()
        out = await alice.get(f"/api/v1/statuses/{waiting['id']}")

        assert (shown(waiting), stolen.status_code, shown(out)) == ([one["id"]], 422, [one["id"]])
        assert out["id"] != waiting["id"]
        assert len(await erased(served)) == 2


async def test_taking_back_what_waits_takes_its_pictures_along(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", safety={"fan_out_delay": 60})
    async with person(served, "alice") as alice:
        one = await upload(alice, pictures.png())
        waiting = await alice.say("Look", media_ids=[one["id"]])

        await alice.delete(f"/api/v1/statuses/{waiting['id']}")

        assert await erased(served) == []
