"""/api/v1/collections: who is recommended agreed to it, and takes it back when they like."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest

from node.connecting import collections as use
from node.connecting import members
from tests.clients.guards import HELD
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH


@pytest.fixture
async def carol(served: Served) -> AsyncGenerator[Person]:
    """A third member."""
    async with person(served, "carol") as made:
        yield made


async def collected(owner: Person, *others: Person, **more: object) -> Json:
    """A new collection of ``owner`` with these in it."""
    values: dict[str, object] = {"name": "Wards", "discoverable": True, **more}
    made = await owner.post("/api/v1/collections", account_ids=[one.id for one in others], **values)
    return made["collection"]


def who(collection: Json) -> list[str]:
    return [one["account_id"] for one in collection["items"]]


async def names(reader: Person, path: str) -> list[str]:
    return [one["name"] for one in (await reader.get(path))["collections"]]


async def test_a_collection_is_made_read_changed_and_deleted(alice: Person, bob: Person, nobody: Person) -> None:
    said = {"description": "Tom & Jerry <b>", "language": "en", "tag_name": "#Falls", "sensitive": True}
    made = await collected(alice, bob, name=" Who writes  of falls ", **said)
    path = f"/api/v1/collections/{made['id']}"
    read = await nobody.get(path)
    changed = (await alice.web.patch(path, json={"name": "Falls", "sensitive": "false", "tag_name": ""})).json()

    assert differences("Collection", made) == differences("CollectionItem", made["items"][0]) == []
    assert (made["name"], made["description"]) == ("Who writes of falls", "Tom &amp; Jerry &lt;b&gt;")
    assert (made["account_id"], made["local"], made["item_count"]) == (alice.id, True, 1)
    assert (made["tag"]["name"], made["sensitive"], made["language"]) == ("falls", True, "en")
    assert ([one["id"] for one in read["accounts"]], read["collection"]) == ([alice.id, bob.id], made)
    assert {**changed["collection"], "updated_at": ""} == {
        **made, "name": "Falls", "sensitive": False, "tag": None, "updated_at": ""
    }  # fmt: skip
    assert await alice.delete(path) == {}
    assert await nobody.status_of("GET", path) == 404


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({}, "name", "ERR_BLANK"),
        ({"name": "x" * 41}, "name", "ERR_TOO_LONG"),
        ({"name": "x", "description": "x" * 101}, "description", "ERR_TOO_LONG"),
        ({"name": "x", "language": "English"}, "language", "ERR_INVALID"),
        ({"name": "x", "tag_name": "two words"}, "tag_name", "ERR_INVALID"),
    ],
)
async def test_what_is_wrong_with_a_collection_is_said_by_field(
    alice: Person, wrong: dict[str, str], field: str, code: str
) -> None:
    answer = await alice.web.post("/api/v1/collections", json=wrong)

    assert answer.status_code == 422
    assert [one["error"] for one in answer.json()["error"]["details"][field]] == [code]
    assert (await alice.get(f"/api/v1/accounts/{alice.id}/collections"))["collections"] == []


async def test_a_collection_may_have_forty_and_a_hundred_characters(alice: Person) -> None:
    made = await collected(alice, name="x" * 40, description="y" * 100)

    assert (len(made["name"]), len(made["description"])) == (40, 100)


async def test_there_is_an_end_to_collections(alice: Person) -> None:
    for _ in range(use.COLLECTIONS):
        await collected(alice)

    answer = await alice.web.post("/api/v1/collections", json={"name": "One more"})

    assert (answer.status_code, list(answer.json()["error"]["details"])) == (422, ["base"])


async def test_who_does_not_want_to_be_found_is_in_no_collection(alice: Person, bob: Person, carol: Person) -> None:
    await bob.web.patch("/api/v1/accounts/update_credentials", json={"discoverable": False})
    await carol.web.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    path = f"/api/v1/collections/{(await collected(alice))['id']}/items"

    async def approval(of: Person) -> Json:
        return (await alice.get(f"/api/v1/accounts/{of.id}"))["feature_approval"]

    refused = [await alice.status_of("POST", path, json={"account_id": one.id}) for one in (bob, carol)]
    before = await approval(carol)
    await alice.post(f"/api/v1/accounts/{carol.id}/follow")
    await carol.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    after = await approval(carol)
    added = await alice.post(path, account_id=carol.id)

    assert refused == [422, 422]
    assert await approval(bob) == {"automatic": [], "manual": [], "current_user": "denied"}
    assert before == {"automatic": ["followers"], "manual": [], "current_user": "denied"}
    assert after == {**before, "current_user": "automatic"}
    assert (await approval(alice))["current_user"] == "automatic"
    assert added["collection_item"]["state"] == "accepted"


@pytest.mark.parametrize("blocker", ["alice", "bob"])
async def test_of_two_of_whom_one_blocks_the_other_neither_recommends_the_other(
    alice: Person, bob: Person, carol: Person, blocker: str
) -> None:
    mine, theirs = await collected(alice, bob, carol), await collected(bob, alice)
    one, other = (alice, bob) if blocker == "alice" else (bob, alice)
    await one.post(f"/api/v1/accounts/{other.id}/block")

    again = await alice.status_of("POST", f"/api/v1/collections/{mine['id']}/items", json={"account_id": bob.id})

    assert again == 422
    assert who((await carol.get(f"/api/v1/collections/{mine['id']}"))["collection"]) == [carol.id]
    assert who((await carol.get(f"/api/v1/collections/{theirs['id']}"))["collection"]) == []
    assert await names(alice, f"/api/v1/accounts/{alice.id}/in_collections") == []
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == []


async def test_whoever_is_recommended_takes_it_back_for_good(alice: Person, bob: Person, carol: Person) -> None:
    made = await collected(alice, bob, carol)
    path = f"/api/v1/collections/{made['id']}/items"
    [his, hers] = [one["id"] for one in made["items"]]

    not_mine = [await bob.status_of("POST", f"{path}/{hers}/revoke"), await bob.status_of("DELETE", f"{path}/{his}")]
    done = await bob.post(f"{path}/{his}/revoke")
    again = await alice.status_of("POST", path, json={"account_id": bob.id})
    gone = await alice.status_of("DELETE", f"{path}/{his}")
    taken = await alice.delete(f"{path}/{hers}")
    back = await alice.post(path, account_id=carol.id)

    assert not_mine == [403, 403]
    assert (done, again, gone, taken) == ({}, 422, 404, {})
    assert who((await alice.get(f"/api/v1/collections/{made['id']}"))["collection"]) == [carol.id]
    assert back["collection_item"]["account_id"] == carol.id


async def test_another_may_change_nothing_and_unknown_accounts_are_refused(alice: Person, bob: Person) -> None:
    made = await collected(alice, bob)
    path = f"/api/v1/collections/{made['id']}"

    theirs = [
        await bob.status_of("PATCH", path, json={"name": "Mine"}),
        await bob.status_of("DELETE", path),
        await bob.status_of("POST", f"{path}/items", json={"account_id": bob.id}),
    ]
    unknown = [await alice.web.post(f"{path}/items", json=one) for one in ({"account_id": "12345"}, {}, {"x": 1})]
    twice = await alice.status_of("POST", f"{path}/items", json={"account_id": bob.id})

    assert theirs == [403, 403, 403]
    assert [one.status_code for one in unknown] == [422, 422, 422]
    assert unknown[1].json()["error"] == "`account_id` parameter is missing"
    assert twice == 422
    assert await alice.get(path) == await bob.get(path)


async def test_what_only_a_link_shows_is_on_no_list_of_others(alice: Person, bob: Person, nobody: Person) -> None:
    await collected(alice, bob, name="Open")
    hidden = await collected(alice, bob, name="Hidden", discoverable=False)
    path = f"/api/v1/accounts/{alice.id}/collections"

    assert await names(alice, path) == ["Hidden", "Open"]
    assert await names(bob, path) == await names(nobody, path) == ["Open"]
    assert await names(bob, f"/api/v1/accounts/{bob.id}/in_collections") == ["Hidden", "Open"]
    assert await alice.status_of("GET", f"/api/v1/accounts/{bob.id}/in_collections") == 403
    assert (await nobody.get(f"/api/v1/collections/{hidden['id']}"))["collection"]["discoverable"] is False


async def test_collections_come_page_by_page(alice: Person) -> None:
    for n in range(5):
        await collected(alice, name=f"Ward {n}")
    path = f"/api/v1/accounts/{alice.id}/collections"

    async def walk(start: str) -> list[list[str]]:
        pages, url = [], start
        while url:
            answer = await alice.web.get(url)
            pages.append([one["name"][-1] for one in answer.json()["collections"]])
            following = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
            url = "" if following is None else following[1]
        return [one for one in pages if one]

    assert await walk(f"{path}?limit=2") == [["4", "3"], ["2", "1"], ["0"]]
    assert await walk(f"{path}?limit=2&offset=1") == [["3", "2"], ["1", "0"]]


async def test_the_privacy_guard_reads_what_a_collection_says(alice: Person) -> None:
    made = await collected(alice)

    held = await alice.web.post("/api/v1/collections", json={"name": "Wards", "description": HELD[:100]})
    changed = await alice.web.patch(f"/api/v1/collections/{made['id']}", json={"description": HELD[:100]})
    number = await alice.web.post("/api/v1/collections", json={"name": "NHS number 943 476 5919"})
    again = await alice.web.post("/api/v1/collections", json={"name": "NHS number 943 476 5919"})

    assert [one.status_code for one in (held, changed, number, again)] == [422] * 4, held.text
    assert [bool(one.json()["sharewell"]["guard"]) for one in (held, changed, number)] == [True] * 3
    assert "collection" in held.json()["error"].lower()
    assert await names(alice, f"/api/v1/accounts/{alice.id}/collections") == ["Wards"]


async def test_a_member_is_told_that_they_are_recommended_and_of_a_change(alice: Person, bob: Person) -> None:
    made = await collected(alice, bob)
    first = await bob.get("/api/v1/notifications")
    await alice.web.patch(f"/api/v1/collections/{made['id']}", json={"name": "Beds"})
    second = await bob.get("/api/v1/notifications")
    await alice.delete(f"/api/v1/collections/{made['id']}")

    assert [(one["type"], one["account"]["id"]) for one in first] == [("added_to_collection", alice.id)]
    assert differences("Notification", first[0]) == differences("Collection", first[0]["collection"]) == []
    assert [one["type"] for one in second] == ["collection_update", "added_to_collection"]
    assert [one["collection"]["name"] for one in second] == ["Beds", "Beds"]
    assert await bob.get("/api/v1/notifications") == []


async def test_an_app_that_knows_no_collections_is_told_in_words(alice: Person, bob: Person) -> None:
    made = await collected(alice, bob, name="Wards & beds")
    [plain] = await bob.get("/api/v1/notifications", **{"supported_types[]": "added_to_collection"})
    [told] = await bob.get("/api/v1/notifications", **{"supported_types[]": "mention"})
    [group] = (await bob.get("/api/v2/notifications", **{"supported_types[]": "mention"}))["notification_groups"]
    one = await bob.get(f"/api/v2/notifications/{group['group_key']}")

    assert "fallback" not in plain
    assert differences("NotificationFallback", told["fallback"]) == []
    assert "Wards &amp; beds" in told["fallback"]["details"]
    assert made["url"] in told["fallback"]["details"]
    assert group["fallback"] == told["fallback"]
    assert group["collection"]["id"] == made["id"]
    assert one["notification_groups"][0]["type"] == "added_to_collection"


async def test_an_account_that_is_deleted_leaves_no_collection_and_no_place(alice: Person, bob: Person) -> None:
    mine, theirs = await collected(alice, bob), await collected(bob, alice)
    assert alice.actor is not None
    async with alice.served.database.writing() as db:
        await members.delete(db, alice.served.node, alice.actor)

    assert await bob.status_of("GET", f"/api/v1/collections/{mine['id']}") == 404
    assert who((await bob.get(f"/api/v1/collections/{theirs['id']}"))["collection"]) == []


async def test_there_is_an_end_to_accounts_put_in_within_an_hour(
    fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use, "PUT", 2)
    node = await fediverse.node("limits.example", limits={"rate": True})
    async with person(node, "alice") as alice, person(node, "bob") as bob:
        path = f"/api/v1/collections/{(await collected(alice))['id']}/items"
        found = []
        for _ in range(3):
            answer = await alice.web.post(path, json={"account_id": bob.id})
            found.append(answer.status_code)
            if answer.status_code == 200:
                await alice.delete(f"{path}/{answer.json()['collection_item']['id']}")

    assert found == [200, 200, 429]


async def test_a_collection_is_reported_with_its_owner(alice: Person, bob: Person, carol: Person) -> None:
    made, hers = await collected(bob), await collected(carol)

    said = await alice.post("/api/v1/reports", account_id=bob.id, collection_ids=[made["id"]])
    other = await alice.status_of(
        "POST", "/api/v1/reports", json={"account_id": bob.id, "collection_ids": [hers["id"]]}
    )

    assert (said["collection_ids"], said["status_ids"], other) == ([made["id"]], [], 404)
