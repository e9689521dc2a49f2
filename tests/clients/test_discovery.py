"""Trends, the directory and suggestions: real figures of what this node saw, of those who want to be found."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from node.learning import trending
from storage import ids
from storage.jobs import Job
from tests.clients.person import Person, person
from tests.clients.test_entities import differences
from tests.serving import Fediverse, Served

JOB = Job(0, None, "count-trends", 0, "", None, "", 0, 0, 0)
DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def later(fediverse: Fediverse) -> None:
    """Ids of posts never go back in one process, so that days only go on from test to test."""
    fediverse.clock.now = max(fediverse.clock.now, ids.time_of(ids.new_id(0)) // DAY // 1000 * DAY * 1000 + DAY * 1000)


async def hide(who: Person) -> None:
    assert await who.status_of("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": False}) == 200


async def names(who: Person, path: str, **query: Any) -> list[str]:
    return [one["name"] for one in await who.get(path, **query)]


async def test_a_hashtag_is_a_trend_by_how_many_accounts_use_it(
    served: Served, alice: Person, bob: Person, nobody: Person
) -> None:
    await alice.say("Yesterday #falls")
    served.fediverse.clock.advance(seconds=DAY)
    for _ in range(3):
        await alice.say("One alone is no trend: #loud")
    await alice.say("Look #falls #Handover")
    await bob.say("Indeed #falls")
    await bob.say("And again #falls #handover")
    await alice.say("#falls between us", visibility="private")
    assert await nobody.get("/api/v1/trends/tags") == []

    await trending.count(served.node, JOB)

    first, second = await nobody.get("/api/v1/trends/tags")
    assert (first["name"], second["name"]) == ("falls", "handover")
    assert [(one["uses"], one["accounts"]) for one in first["history"]] == [("3", "2"), ("1", "1"), *[("0", "0")] * 5]
    assert [int(one["day"]) % DAY for one in first["history"]] == [0] * 7
    assert (differences("Tag", first), differences("Tag::History", first["history"][0])) == ([], [])
    assert await names(nobody, "/api/v1/trends", offset=1) == ["handover"]
    answer = await nobody.web.get("/api/v1/trends/tags", params={"limit": 1})
    assert [one["name"] for one in answer.json()] == ["falls"]
    assert 'offset=1>; rel="next"' in answer.headers["link"]


async def test_who_does_not_want_to_be_found_makes_no_trend(
    served: Served, alice: Person, bob: Person, nobody: Person
) -> None:
    for one in (alice, bob):
        await one.say("Look #falls")
    await hide(bob)
    post = await bob.say("Hidden")
    async with person(served, "cara") as cara:
        for one in (alice, cara):
            await one.post(f"/api/v1/statuses/{post['id']}/favourite")

    await trending.count(served.node, JOB)

    assert (await nobody.get("/api/v1/trends/tags"), await nobody.get("/api/v1/trends/statuses")) == ([], [])


async def test_what_is_erased_is_no_trend_any_more(served: Served, alice: Person, bob: Person, nobody: Person) -> None:
    one, other = await alice.say("Look #falls"), await bob.say("Look #falls")
    for who in (alice, bob):
        await who.post(f"/api/v1/statuses/{one['id']}/favourite")
    await trending.count(served.node, JOB)
    assert len(await nobody.get("/api/v1/trends/statuses")) == 1

    await alice.delete(f"/api/v1/statuses/{one['id']}")
    await bob.delete(f"/api/v1/statuses/{other['id']}")
    assert await nobody.get("/api/v1/trends/statuses") == []
    await trending.count(served.node, JOB)

    assert await nobody.get("/api/v1/trends/tags") == []


async def test_a_post_is_a_trend_by_likes_and_boosts_until_it_is_old(
    served: Served, alice: Person, bob: Person, nobody: Person
) -> None:
    liked, boosted, private = (
        await alice.say("Liked"), await alice.say("Boosted"), await alice.say("Ours", visibility="unlisted"),
    )  # fmt: skip
    async with person(served, "cara") as cara:
        for one in (bob, cara):
            await one.post(f"/api/v1/statuses/{liked['id']}/favourite")
            await one.post(f"/api/v1/statuses/{boosted['id']}/reblog")
            await one.post(f"/api/v1/statuses/{private['id']}/favourite")

    await trending.count(served.node, JOB)

    found = await nobody.get("/api/v1/trends/statuses")
    assert [one["content"] for one in found] == ["<p>Boosted</p>", "<p>Liked</p>"]
    assert differences("Status", found[0]) == []
    assert [one["id"] for one in await nobody.get("/api/v1/trends/statuses", offset=1)] == [liked["id"]]
    await bob.post(f"/api/v1/accounts/{alice.id}/mute")
    assert await bob.get("/api/v1/trends/statuses") == []
    served.fediverse.clock.advance(seconds=4 * DAY)
    await trending.count(served.node, JOB)
    assert await nobody.get("/api/v1/trends/statuses") == []


async def test_the_directory_lists_who_wants_to_be_found(
    served: Served, alice: Person, bob: Person, nobody: Person
) -> None:
    async with person(served, "cara") as cara:
        await hide(cara)
        await cara.say("Not me")
    await alice.say("First")
    served.fediverse.clock.advance(seconds=DAY)
    await bob.say("Later")
    async with served.database.writing() as db:
        await db.run(
            "INSERT INTO actors (uri, kind, handle, handle_key, domain, published, discoverable, last_post)"
            " VALUES ('https://far.example/far', 'Person', 'far', 'far', 'far.example', 1, 1, 1)"
        )

    def accts(found: list[Any]) -> list[str]:
        return [one["acct"] for one in found]

    path = "/api/v1/directory"
    assert accts(await nobody.get(path)) == ["bob", "alice", "far@far.example"]
    assert accts(await nobody.get(path, order="new")) == ["far@far.example", "bob", "alice"]
    assert accts(await nobody.get(path, local="true")) == ["bob", "alice"]
    assert accts(await nobody.get(path, local="true", order="new", offset=1)) == ["alice"]
    assert differences("Account", (await nobody.get(path))[0]) == []
    assert await nobody.status_of("GET", path, params={"order": "loudest"}) == 422
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert accts(await alice.get(path, local="true")) == ["alice"]
    assert accts(await bob.get(path, local="true")) == ["bob"]


async def test_friends_of_friends_are_suggested_then_whom_most_follow(served: Served, alice: Person) -> None:
    async with AsyncExitStack() as stack:
        friend, far, known, shy = [
            await stack.enter_async_context(person(served, one)) for one in ("friend", "far", "known", "shy")
        ]
        popular = await stack.enter_async_context(person(served, "popular"))
        await hide(shy)
        for who, target in ((alice, friend), (alice, known), (friend, far), (friend, known), (friend, shy)):
            await who.post(f"/api/v1/accounts/{target.id}/follow")
        for who in (far, shy):
            await who.post(f"/api/v1/accounts/{popular.id}/follow")

    found = await alice.get("/api/v2/suggestions")
    assert [one["account"]["acct"] for one in found] == ["far", "popular"]
    assert found[0]["sources"] == ["friends_of_friends", "most_followed"]
    assert (found[1]["source"], found[1]["sources"]) == ("global", ["most_followed"])
    assert [differences("Suggestion", one) for one in found] == [[], []]
    assert [one["acct"] for one in await alice.get("/api/v1/suggestions", limit=1)] == ["far"]

    for _ in range(2):
        assert await alice.delete(f"/api/v1/suggestions/{far.id}") == {}
    assert [one["acct"] for one in await alice.get("/api/v1/suggestions")] == ["popular"]
    assert await alice.status_of("DELETE", "/api/v1/suggestions/1234567") == 404


@pytest.mark.parametrize("path", ["/api/v1/trends/tags", "/api/v1/trends/statuses", "/api/v1/directory"])
async def test_offset_and_limit_that_are_none_are_refused_kindly(nobody: Person, path: str) -> None:
    for wrong in ("x", "1e9", "-"):
        assert await nobody.status_of("GET", path, params={"offset": wrong}) == 422
    for strange in ("-1", "99999999999999999999999"):
        assert await nobody.status_of("GET", path, params={"offset": strange, "limit": strange}) == 200
