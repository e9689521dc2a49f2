"""/api/v2/search."""

from __future__ import annotations

from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH


async def test_posts_people_and_hashtags_are_found(alice: Person, nobody: Person) -> None:
    made = await alice.say("Pressure ulcers again #ulcers")

    found = await nobody.get("/api/v2/search", q="ulcer")
    people = await nobody.get("/api/v2/search", q="ali")

    assert [one["id"] for one in found["statuses"]] == [made["id"]]
    assert [one["name"] for one in found["hashtags"]] == ["ulcers"]
    assert [one["acct"] for one in people["accounts"]] == ["alice"]


async def test_a_type_is_looked_for_alone(alice: Person) -> None:
    await alice.say("alice in wards #alice")

    found = await alice.get("/api/v2/search", q="alice", type="hashtags")

    assert [len(found[name]) for name in ("accounts", "statuses", "hashtags")] == [0, 0, 1]


async def test_the_address_of_what_is_here_finds_it(alice: Person, nobody: Person) -> None:
    made = await alice.say("Here")

    post = await nobody.get("/api/v2/search", q=made["url"])
    profile = await nobody.get("/api/v2/search", q=made["account"]["url"])
    actor = await nobody.get("/api/v2/search", q=made["account"]["uri"])

    assert [one["id"] for one in post["statuses"]] == [made["id"]]
    assert [[one["id"] for one in found["accounts"]] for found in (profile, actor)] == [[alice.id], [alice.id]]


async def test_the_nodes_own_actor_is_nobody_to_find(served: Served, nobody: Person) -> None:
    found = await nobody.get("/api/v2/search", q=served.site.node_actor)

    assert found["accounts"] == []


async def test_members_find_what_is_elsewhere(alice: Person, fediverse: Fediverse) -> None:
    south = await fediverse.node("south.example")
    async with person(south, "sam") as sam:
        made = await sam.say("From the south")

        post = await alice.get("/api/v2/search", q=made["url"], resolve="true")
        who = await alice.get("/api/v2/search", q="@sam@south.example", resolve="true")
        again = await alice.get("/api/v1/accounts/search", q="sam@south.example", resolve="true")

    assert [one["uri"] for one in post["statuses"]] == [made["uri"]]
    assert [one["acct"] for one in who["accounts"]] == ["sam@south.example"]
    assert [one["acct"] for one in again] == ["sam@south.example"]


async def test_nobody_makes_the_node_ask_elsewhere(
    nobody: Person, alice: Person, served: Served, fediverse: Fediverse
) -> None:
    await fediverse.node("south.example")
    async with person(served, "reader", scopes="read:statuses") as narrow:
        answers = [
            await nobody.status_of("GET", "/api/v2/search", params={"q": "https://south.example/@sam", "resolve": "1"}),
            await narrow.status_of("GET", "/api/v2/search", params={"q": "https://south.example/@sam", "resolve": "1"}),
            await nobody.status_of("GET", "/api/v2/search", params={"q": "https://south.example/@sam"}),
            await alice.status_of("GET", "/api/v2/search", params={"q": "https://south.example/@sam"}),
            await nobody.status_of("GET", "/api/v2/search", params={"q": "sam", "offset": "1"}),
        ]

    assert answers == [401, 403, 200, 200, 401]
    assert fediverse.exchanged == []


async def test_results_can_be_skipped_and_paged(alice: Person) -> None:
    made = [(await alice.say(f"wombat {number}"))["id"] for number in range(5)][::-1]

    skipped = await alice.get("/api/v2/search", q="wombat", limit=2, offset=2, type="statuses")
    below = await alice.get("/api/v2/search", q="wombat", limit=2, max_id=made[2], type="statuses")

    assert [one["id"] for one in skipped["statuses"]] == made[2:4]
    assert [one["id"] for one in below["statuses"]] == made[3:5]


async def test_options_that_are_not_built_are_refused(alice: Person) -> None:
    refused = [
        {"following": "true"}, {"account_id": "1"}, {"min_id": "1"}, {"type": "polls"}, {"offset": "201"},
    ]  # fmt: skip

    answers = [await alice.status_of("GET", "/api/v2/search", params={"q": "x", **one}) for one in refused]

    assert answers == [422] * len(refused)


async def test_an_empty_search_finds_nothing(alice: Person) -> None:
    assert await alice.get("/api/v2/search", q="  ") == {"accounts": [], "statuses": [], "hashtags": []}
