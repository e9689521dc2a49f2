"""What a member does not want to be told of at once is held back everywhere, until its sender is let through."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.device import Device
from tests.clients.person import Json, Person, person
from tests.clients.sockets import opened, token_of
from tests.clients.test_entities import differences
from tests.serving import Served

POLICY, REQUESTS = "/api/v2/notifications/policy", "/api/v1/notifications/requests"
DAY = 24 * 60 * 60


async def treat(who: Person, **rules: str) -> Json:
    answer = await who.web.patch(POLICY, json={f"for_{name}": said for name, said in rules.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(who: Person, **query: Any) -> list[str]:
    return [one["type"] for one in await who.get("/api/v1/notifications", **query)]


async def test_who_is_not_followed_waits_to_be_let_through(served: Served, alice: Person, bob: Person) -> None:
    post = await alice.say("Hello")
    policy = await treat(alice, not_following="filter")
    await Device().subscribe(alice, "https://push.example/1")
    heard: list[int] = []
    end = served.database.listen("notified", heard.append)
    asked = await bob.say("@alice may I?")
    await bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    end()

    async with served.database.reading() as db:
        assert await db.rows("SELECT id FROM jobs WHERE kind = 'push'") == []
    assert (policy["for_not_following"], policy["for_bots"]) == ("filter", "accept")
    assert (await told(alice), (await alice.get("/api/v2/notifications"))["notification_groups"], heard) == ([], [], [])
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 0}
    shown = await alice.get(POLICY)
    assert shown["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 2}
    [request] = await alice.get(REQUESTS)
    assert (request["account"]["acct"], request["notifications_count"]) == ("bob", "2")
    assert request["last_status"]["id"] == post["id"]
    assert await alice.get(f"{REQUESTS}/{request['id']}") == request
    assert (differences("NotificationRequest", request), differences("NotificationPolicy", shown)) == ([], [])
    assert await told(alice, account_id=bob.id, include_filtered="true") == ["favourite", "mention"]
    groups = await alice.get("/api/v2/notifications", account_id=bob.id, include_filtered="true")
    assert len(groups["notification_groups"]) == 2

    assert await alice.post(f"{REQUESTS}/{request['id']}/accept") == {}
    assert (await told(alice), await alice.get(REQUESTS)) == (["favourite", "mention"], [])
    assert await alice.get(f"{REQUESTS}/merged") == {"merged": True}
    await bob.post(f"/api/v1/statuses/{post['id']}/reblog")  # let through for good
    assert (await told(alice))[0] == "reblog"
    assert asked["visibility"] == "public"


async def test_what_is_dismissed_is_forgotten_and_the_next_asks_again(alice: Person, bob: Person) -> None:
    await treat(alice, not_following="filter")
    await bob.say("@alice one")
    [request] = await alice.get(REQUESTS)

    assert await alice.post(f"{REQUESTS}/{request['id']}/dismiss") == {}
    assert (await alice.get(REQUESTS), await told(alice, include_filtered="true")) == ([], [])
    assert await alice.status_of("POST", f"{REQUESTS}/{request['id']}/accept") == 404
    await bob.say("@alice two")
    assert [one["notifications_count"] for one in await alice.get(REQUESTS)] == ["1"]


async def test_several_are_answered_together(served: Served, alice: Person, bob: Person) -> None:
    await treat(alice, not_following="filter")
    async with person(served, "carol") as carol, person(served, "dora") as dora:
        for one in (bob, carol, dora):
            await one.say("@alice hello")
        ids = {one["account"]["acct"]: one["id"] for one in await alice.get(REQUESTS)}
        assert list(ids) == ["dora", "carol", "bob"]
        assert [one["id"] for one in await alice.get(REQUESTS, limit=1, max_id=ids["dora"])] == [ids["carol"]]
        assert await alice.post(f"{REQUESTS}/accept", id=[ids["bob"], ids["carol"]]) == {}
        assert await alice.post(f"{REQUESTS}/dismiss", id=[ids["dora"]]) == {}

    assert (await told(alice), await alice.get(REQUESTS)) == (["mention", "mention"], [])
    assert (await alice.get(POLICY))["summary"] == {"pending_requests_count": 0, "pending_notifications_count": 0}


@pytest.mark.parametrize("sent", [{}, {"id": []}, {"id": ["x"]}, {"id": [{}]}, {"id": ["1"] * 101}])
@pytest.mark.parametrize("what", ["accept", "dismiss"])
async def test_what_names_no_requests_is_refused(alice: Person, what: str, sent: Json) -> None:
    assert await alice.status_of("POST", f"{REQUESTS}/{what}", json=sent) in (404, 422)


async def test_requests_of_others_are_out_of_reach(served: Served, alice: Person, bob: Person) -> None:
    await treat(alice, not_following="filter")
    await bob.say("@alice hello")
    [request] = await alice.get(REQUESTS)
    async with person(served, "carol") as carol:
        for what in ("accept", "dismiss"):
            assert await carol.status_of("POST", f"{REQUESTS}/{request['id']}/{what}") == 404
            await carol.post(f"{REQUESTS}/{what}", id=[request["id"]])
        assert await carol.status_of("GET", f"{REQUESTS}/{request['id']}") == 404

    assert [one["id"] for one in await alice.get(REQUESTS)] == [request["id"]]


@pytest.mark.parametrize(
    ("rule", "passes"),
    [
        ("not_following", "I follow them"), ("not_followers", "they have followed for days"),
        ("new_accounts", "their account is old"), ("private_mentions", "it answers me"), ("bots", "they are a person"),
    ],
)  # fmt: skip
async def test_each_rule_is_about_its_own_accounts(
    served: Served, alice: Person, bob: Person, rule: str, passes: str
) -> None:
    if rule == "bots":
        async with served.database.writing() as db:
            await db.run("UPDATE actors SET kind = 'Service' WHERE handle = 'bob'")
    await treat(alice, **{rule: "filter"})
    said = {"visibility": "direct"} if rule == "private_mentions" else {}
    await bob.say("@alice one", **said)
    assert (await told(alice), len(await alice.get(REQUESTS))) == ([], 1), rule
    match passes:
        case "I follow them":
            await alice.post(f"/api/v1/accounts/{bob.id}/follow")
        case "they have followed for days":
            await bob.post(f"/api/v1/accounts/{alice.id}/follow")
            assert await told(alice) == []
            served.fediverse.clock.advance(seconds=4 * DAY)
        case "their account is old":
            served.fediverse.clock.advance(seconds=31 * DAY)
        case "it answers me":
            mine = await alice.say("@bob yes?", visibility="direct")
            said = {"visibility": "direct", "in_reply_to_id": mine["id"]}
        case _:
            async with served.database.writing() as db:
                await db.run("UPDATE actors SET kind = 'Person' WHERE handle = 'bob'")
    await bob.say("@alice two", **said)

    assert await told(alice) == ["mention"], passes


async def test_what_is_dropped_never_was(alice: Person, bob: Person) -> None:
    await treat(alice, not_following="drop", not_followers="filter")
    await bob.say("@alice hello")

    assert (await told(alice, include_filtered="true"), await alice.get(REQUESTS)) == ([], [])


async def test_what_was_undone_asks_for_nothing(alice: Person, bob: Person) -> None:
    await treat(alice, not_following="filter")
    said = await bob.say("@alice hello")
    await bob.delete(f"/api/v1/statuses/{said['id']}")

    assert await alice.get(REQUESTS) == []
    await bob.say("@alice hello")
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert await alice.get(REQUESTS) == []


async def test_what_is_no_treatment_changes_nothing(alice: Person) -> None:
    await treat(alice, bots="drop")

    for wrong in ("sing", "", ["filter"], {"a": "b"}, 7):
        assert await alice.status_of("PATCH", POLICY, json={"for_not_following": wrong}) == 422
    assert (await alice.get(POLICY))["for_not_following"] == "accept"
    assert (await alice.get(POLICY))["for_bots"] == "drop"


@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
async def test_open_apps_are_told_when_what_was_held_back_is_let_through(
    door: str, alice: Person, bob: Person, several: bool
) -> None:
    await treat(alice, not_following="filter")
    await bob.say("@alice may I?")
    [request] = await alice.get(REQUESTS)
    async with (
        opened(door, token_of(alice), "?stream=user") as home,
        opened(door, token_of(alice), "?stream=user:notification") as told_of,
        opened(door, token_of(bob), "?stream=user") as other,
    ):
        if several:
            await alice.post(f"{REQUESTS}/accept", id=[request["id"]])
        else:
            await alice.post(f"{REQUESTS}/{request['id']}/accept")
        assert [(await one.next())["event"] for one in (home, told_of)] == ["notifications_merged"] * 2
        await other.nothing()


async def test_apps_are_told_nothing_when_it_is_dismissed(door: str, alice: Person, bob: Person) -> None:
    await treat(alice, not_following="filter")
    await bob.say("@alice may I?")
    [request] = await alice.get(REQUESTS)
    async with opened(door, token_of(alice), "?stream=user") as home:
        await alice.post(f"{REQUESTS}/{request['id']}/dismiss")
        await home.nothing()
