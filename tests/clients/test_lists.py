"""/api/v1/lists and /api/v1/timelines/list."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.clients.person import Json, Person, person
from tests.serving import Served


@pytest.fixture
async def carol(served: Served) -> AsyncGenerator[Person]:
    """A third member."""
    async with person(served, "carol") as made:
        yield made


async def listed(alice: Person, *others: Person, **values: str | bool) -> Json:
    """A new list of Alice's with these on it, whom she follows."""
    made = await alice.post("/api/v1/lists", title="Wards", **values)
    for one in others:
        await alice.post(f"/api/v1/accounts/{one.id}/follow")
    await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[one.id for one in others])
    return made


async def ids(who: Person, path: str, **query: str) -> list[str]:
    return [one["id"] for one in await who.get(path, **query)]


async def test_a_list_is_made_changed_and_deleted(alice: Person, bob: Person) -> None:
    made = await alice.post("/api/v1/lists", title="  Wards ")
    path = f"/api/v1/lists/{made['id']}"
    renamed = (await alice.web.put(path, json={"title": "Units", "replies_policy": "none"})).json()
    quiet = (await alice.web.put(path, data={"exclusive": "true"})).json()

    assert made == {"id": made["id"], "title": "Wards", "replies_policy": "list", "exclusive": False}
    assert renamed == {**made, "title": "Units", "replies_policy": "none"}
    assert quiet == await alice.get(path) == {**renamed, "exclusive": True}
    assert (await alice.get("/api/v1/lists"), await bob.get("/api/v1/lists")) == ([quiet], [])
    assert await alice.delete(path) == {}
    assert await alice.get("/api/v1/lists") == []


@pytest.mark.parametrize(
    "wrong", [{}, {"title": " "}, {"title": "x" * 201}, {"title": "x", "replies_policy": "some"}],
    ids=["nothing", "blank", "long", "policy"],
)  # fmt: skip
async def test_a_list_that_is_none_is_refused(alice: Person, wrong: dict[str, str]) -> None:
    assert await alice.status_of("POST", "/api/v1/lists", json=wrong) == 422


async def test_there_is_an_end_to_lists(alice: Person) -> None:
    for _ in range(50):
        await alice.post("/api/v1/lists", title="Wards")

    assert await alice.status_of("POST", "/api/v1/lists", json={"title": "Wards"}) == 422


async def test_a_list_is_its_members_alone(alice: Person, bob: Person, carol: Person) -> None:
    made = await listed(alice, carol)
    path = f"/api/v1/lists/{made['id']}"
    sent = {"title": "Mine", "account_ids": [bob.id]}
    tries = [
        ("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/accounts"), ("POST", f"{path}/accounts"),
        ("DELETE", f"{path}/accounts"), ("GET", f"/api/v1/timelines/list/{made['id']}"),
    ]  # fmt: skip

    assert [await bob.status_of(method, where, json=sent) for method, where in tries] == [404] * len(tries)
    assert await ids(alice, f"{path}/accounts") == [carol.id]


async def test_only_whom_one_follows_can_be_listed(alice: Person, bob: Person) -> None:
    made = await alice.post("/api/v1/lists", title="Wards")
    path = f"/api/v1/lists/{made['id']}/accounts"

    assert await alice.status_of("POST", path, json={"account_ids": [bob.id]}) == 404
    assert await alice.status_of("POST", path, json={"account_ids": ["99"]}) == 404
    assert await alice.get(path) == []


async def test_accounts_come_and_go(alice: Person, bob: Person, carol: Person) -> None:
    made = await listed(alice, bob, carol)
    path = f"/api/v1/lists/{made['id']}/accounts"
    both = await ids(alice, path, limit="0")
    of_bob = await alice.get(f"/api/v1/accounts/{bob.id}/lists")

    await alice.web.request("DELETE", path, params={"account_ids[]": bob.id})
    one = await ids(alice, path)
    await alice.post(f"/api/v1/accounts/{carol.id}/unfollow")

    assert (sorted(both), of_bob, one, await ids(alice, path)) == (sorted([bob.id, carol.id]), [made], [carol.id], [])
    assert await alice.get(f"/api/v1/accounts/{bob.id}/lists") == []


async def test_a_list_shows_what_its_accounts_share_and_pass_on(
    alice: Person, bob: Person, carol: Person, served: Served
) -> None:
    made = await listed(alice, bob, carol)
    async with person(served, "dora") as dora:
        strange = await dora.say("Of a stranger")
    own = await alice.say("Mine")
    said = [await bob.say("One"), await carol.say("Two", visibility="private"), await bob.say("Three")]
    boost = await bob.post(f"/api/v1/statuses/{strange['id']}/reblog")
    path = f"/api/v1/timelines/list/{made['id']}"

    everything = await ids(alice, path)
    first = await alice.web.get(path, params={"limit": 2})
    rest = await ids(alice, path, max_id=first.json()[-1]["id"])
    up = await ids(alice, path, min_id=said[0]["id"], limit="2")

    assert everything == [boost["id"], said[2]["id"], said[1]["id"], said[0]["id"]]
    assert [one["id"] for one in first.json()] + rest == everything
    assert up == [said[2]["id"], said[1]["id"]]
    assert 'rel="next"' in first.headers["link"]
    assert own["id"] not in everything


async def test_a_list_shows_no_more_than_its_member_may_see(alice: Person, bob: Person, carol: Person) -> None:
    made = await listed(alice, bob, carol)
    await bob.say("@carol between us", visibility="direct")
    muted = await carol.say("Hello")
    await bob.post(f"/api/v1/statuses/{muted['id']}/reblog")
    path = f"/api/v1/timelines/list/{made['id']}"
    before = len(await alice.get(path))

    await alice.post(f"/api/v1/accounts/{carol.id}/mute")

    assert (before, await alice.get(path)) == (2, [])


@pytest.mark.parametrize(
    ("policy", "shown"),
    [("none", ["to me", "to self"]), ("list", ["to listed", "to me", "to self"]),
     ("followed", ["to followed", "to listed", "to me", "to self"])],
)  # fmt: skip
async def test_replies_are_shown_as_the_list_says(
    alice: Person, bob: Person, carol: Person, served: Served, policy: str, shown: list[str]
) -> None:
    made = await listed(alice, bob, carol, replies_policy=policy)
    async with person(served, "dora") as followed, person(served, "eve") as stranger:
        await alice.post(f"/api/v1/accounts/{followed.id}/follow")
        people = {"me": alice, "self": bob, "listed": carol, "followed": followed, "stranger": stranger}
        for name, one in people.items():
            top = await one.say("top")
            await bob.say(f"to {name}", in_reply_to_id=top["id"])

    found = await alice.get(f"/api/v1/timelines/list/{made['id']}")

    said = [one["content"].removeprefix("<p>").removesuffix("</p>") for one in found]
    assert sorted(one for one in said if one != "top") == shown


async def test_who_is_on_an_exclusive_list_is_not_at_home(alice: Person, bob: Person, carol: Person) -> None:
    before = await bob.say("Before")
    made = await listed(alice, bob)
    path = f"/api/v1/lists/{made['id']}"
    at_home = [await ids(alice, "/api/v1/timelines/home")]

    await alice.web.put(path, json={"exclusive": True})
    after = await bob.say("After")
    boosted = await carol.say("Passed on")
    await bob.post(f"/api/v1/statuses/{boosted['id']}/reblog")
    at_home.append(await ids(alice, "/api/v1/timelines/home"))
    on_list = await ids(alice, f"/api/v1/timelines/list/{made['id']}")
    await alice.delete(path)

    assert at_home == [[before["id"]], []]
    assert on_list[1:] == [after["id"], before["id"]]
    assert (await ids(alice, "/api/v1/timelines/home"))[1:] == [after["id"], before["id"]]


async def test_who_leaves_an_exclusive_list_is_at_home_again(alice: Person, bob: Person) -> None:
    made = await listed(alice, bob, exclusive=True)
    said = await bob.say("Hello")
    apart = await ids(alice, "/api/v1/timelines/home")

    path = f"/api/v1/lists/{made['id']}/accounts"
    await alice.web.request("DELETE", path, json={"account_ids": [bob.id]})

    assert (apart, await ids(alice, "/api/v1/timelines/home")) == ([], [said["id"]])
