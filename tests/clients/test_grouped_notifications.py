"""Notifications in groups, and how far a member has read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Served


async def thank(said: dict[str, Any], *people: Person) -> None:
    for one in people:
        await one.post(f"/api/v1/statuses/{said['id']}/favourite")


@ON_BOTH
async def test_thanks_for_one_post_are_one_group(served: Served, alice: Person, bob: Person) -> None:
    first, second = await alice.say("first"), await alice.say("second")
    async with person(served, "carol") as carol:
        await thank(first, bob, carol)
        await thank(second, bob)
        await carol.say("@alice hello")

        found = await alice.get("/api/v2/notifications")

    assert [(one["type"], one["notifications_count"]) for one in found["notification_groups"]] == [
        ("mention", 1),
        ("favourite", 1),
        ("favourite", 2),
    ]
    mention, one, two = found["notification_groups"]
    assert (one["status_id"], two["status_id"]) == (second["id"], first["id"])
    assert two["sample_account_ids"] == [carol.id, bob.id]
    assert int(two["page_min_id"]) < int(two["page_max_id"]) == two["most_recent_notification_id"]
    assert {one["id"] for one in found["accounts"]} == {bob.id, carol.id}
    assert {one["id"] for one in found["statuses"]} == {first["id"], second["id"], mention["status_id"]}


async def test_a_group_is_asked_for_by_its_key_and_forgotten_as_a_whole(
    served: Served, alice: Person, bob: Person
) -> None:
    said = await alice.say("first")
    async with person(served, "carol") as carol:
        await thank(said, bob, carol)
        [group] = (await alice.get("/api/v2/notifications"))["notification_groups"]
        path = f"/api/v2/notifications/{group['group_key']}"

        of_pages = {"page_min_id", "page_max_id", "latest_page_notification_at"}
        alone = {name: value for name, value in group.items() if name not in of_pages}
        assert (await alice.get(path))["notification_groups"] == [alone]
        assert [one["id"] for one in await alice.get(f"{path}/accounts")] == [carol.id, bob.id]
        assert {one["group_key"] for one in await alice.get("/api/v1/notifications")} == {group["group_key"]}

        await alice.post(f"{path}/dismiss")

    assert (await alice.get("/api/v2/notifications"))["notification_groups"] == []
    assert await alice.status_of("GET", path) == 404
    assert await bob.status_of("GET", path) == 404


async def test_what_is_not_to_be_grouped_stays_alone(served: Served, alice: Person, bob: Person) -> None:
    said = await alice.say("first")
    async with person(served, "carol") as carol:
        await thank(said, bob, carol)

    found = await alice.get("/api/v2/notifications", **{"grouped_types[]": ["follow"]})

    assert [one["notifications_count"] for one in found["notification_groups"]] == [1, 1]


async def test_pages_of_groups_meet_every_notification_once(alice: Person, bob: Person) -> None:
    said = [await alice.say(f"post {number}") for number in range(5)]
    for one in said:
        await thank(one, bob)
    seen: list[str] = []
    answer = await alice.web.get("/api/v2/notifications?limit=2")
    while True:
        seen += [one["status_id"] for one in answer.json()["notification_groups"]]
        if "next" not in answer.links:
            break
        answer = await alice.web.get(answer.links["next"]["url"])

    assert seen == [one["id"] for one in reversed(said)]


async def test_only_the_first_account_is_whole_when_asked_so(served: Served, alice: Person, bob: Person) -> None:
    said = await alice.say("first")
    async with person(served, "carol") as carol:
        await thank(said, bob, carol)

        found = await alice.get("/api/v2/notifications", expand_accounts="partial_avatars")

    assert [one["id"] for one in found["accounts"]] == [carol.id]
    assert [(one["id"], "note" in one) for one in found["partial_accounts"]] == [(bob.id, False)]
    assert await alice.status_of("GET", "/api/v2/notifications?expand_accounts=some") == 422


@ON_BOTH
async def test_unread_is_what_came_after_the_marker(alice: Person, bob: Person) -> None:
    said = await alice.say("first")
    await thank(said, bob)
    [told] = await alice.get("/api/v1/notifications")
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 1}

    marked = await alice.post("/api/v1/markers", notifications={"last_read_id": told["id"]})

    assert (marked["notifications"]["last_read_id"], marked["notifications"]["version"]) == (told["id"], 1)
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 0}
    await bob.say("@alice hello")
    assert await alice.get("/api/v2/notifications/unread_count") == {"count": 1}
    assert await alice.get("/api/v1/notifications/unread_count", **{"types[]": "favourite"}) == {"count": 0}


async def test_markers_are_each_member_s_own_and_grow_in_version(alice: Person, bob: Person) -> None:
    await alice.web.post("/api/v1/markers", data={"home[last_read_id]": "7"})
    await alice.post("/api/v1/markers", home={"last_read_id": "9"}, notifications={"last_read_id": 3})

    found = await alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications", "other"]})

    assert {name: (one["last_read_id"], one["version"]) for name, one in found.items()} == {
        "home": ("9", 2),
        "notifications": ("3", 1),
    }
    assert await bob.get("/api/v1/markers", **{"timeline[]": ["home"]}) == {}
    assert await alice.get("/api/v1/markers") == {}


@pytest.mark.parametrize("wrong", [{"home": {}}, {"home": "7"}, {"home": {"last_read_id": "x"}}])
async def test_a_marker_needs_an_id(alice: Person, wrong: dict[str, Any]) -> None:
    assert await alice.status_of("POST", "/api/v1/markers", json=wrong) == 422
