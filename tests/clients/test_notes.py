"""Notes about accounts, recommendations, and who is known to whom."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from node.connecting import members
from tests.clients.person import Person, person
from tests.clients.test_accounts import stands
from tests.serving import Served


@pytest.fixture
async def carol(served: Served) -> AsyncGenerator[Person]:
    """A third member."""
    async with person(served, "carol") as made:
        yield made


async def test_a_note_is_for_who_wrote_it_alone(alice: Person, bob: Person, carol: Person) -> None:
    said = await alice.post(f"/api/v1/accounts/{bob.id}/note", comment="Knows about heels")

    assert said["note"] == (await stands(alice, bob))["note"] == "Knows about heels"
    assert [(await stands(who, bob))["note"] for who in (bob, carol)] == ["", ""]
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/note", comment="Knows more"))["note"] == "Knows more"
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/note"))["note"] == ""


async def test_a_note_has_an_end(alice: Person, bob: Person) -> None:
    assert await alice.status_of("POST", f"/api/v1/accounts/{bob.id}/note", json={"comment": "x" * 2001}) == 422


async def test_familiar_followers_are_those_one_follows(alice: Person, bob: Person, carol: Person) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    for one in (alice, bob):
        await one.post(f"/api/v1/accounts/{carol.id}/follow")

    found = await alice.get("/api/v1/accounts/familiar_followers", **{"id[]": [carol.id, bob.id, "99"]})

    assert [(one["id"], [who["id"] for who in one["accounts"]]) for one in found] == [
        (carol.id, [bob.id]), (bob.id, []),
    ]  # fmt: skip


async def test_whom_one_follows_can_be_recommended(alice: Person, bob: Person, nobody: Person) -> None:
    path = f"/api/v1/accounts/{bob.id}"
    stranger = await alice.status_of("POST", f"{path}/pin")
    await alice.post(f"{path}/follow")

    shown = await alice.post(f"{path}/pin")
    listed = await alice.get("/api/v1/endorsements")
    public = await nobody.get(f"/api/v1/accounts/{alice.id}/endorsements")
    await alice.post(f"{path}/unfollow")

    assert (stranger, shown["endorsed"]) == (422, True)
    assert [one["id"] for one in listed] == [one["id"] for one in public] == [bob.id]
    assert await alice.get("/api/v1/endorsements") == []
    assert (await stands(alice, bob))["endorsed"] is False


async def test_what_was_noted_about_somebody_goes_with_them(alice: Person, bob: Person, served: Served) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/note", comment="quokka")
    await bob.post(f"/api/v1/accounts/{alice.id}/note", comment="quokka")
    assert bob.actor is not None

    async with served.database.writing() as db:
        await members.delete(db, served.node, bob.actor)

    async with served.database.reading() as db:
        assert await db.rows("SELECT text FROM notes") == []


OWN = (
    "mutes", "domain_blocks", "notes", "endorsements", "lists", "list_accounts", "filters", "filter_keywords",
    "filter_statuses", "tag_follows", "featured_tags", "muted_threads",
)  # fmt: skip


async def test_what_a_member_kept_goes_with_their_account(alice: Person, bob: Person, served: Served) -> None:
    said = await alice.say("Hello #falls")
    path = f"/api/v1/accounts/{alice.id}"
    for act in ("follow", "pin", "mute"):
        await bob.post(f"{path}/{act}")
    await bob.post(f"{path}/note", comment="quokka")
    await bob.post("/api/v1/domain_blocks", domain="far.example")
    made = await bob.post("/api/v1/lists", title="Wards")
    await bob.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[alice.id])
    words = [{"keyword": "quokka"}]
    kept = await bob.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=words)
    await bob.post(f"/api/v2/filters/{kept['id']}/statuses", status_id=said["id"])
    for act in ("follow", "feature"):
        await bob.post(f"/api/v1/tags/falls/{act}")
    await bob.post(f"/api/v1/statuses/{said['id']}/mute")
    before = await rows_of(served)
    assert bob.actor is not None

    async with served.database.writing() as db:
        await members.delete(db, served.node, bob.actor)

    assert (before, await rows_of(served)) == (dict.fromkeys(OWN, 1), dict.fromkeys(OWN, 0))


async def rows_of(served: Served) -> dict[str, int]:
    async with served.database.reading() as db:
        return {table: len(await db.rows(f"SELECT 1 FROM {table}")) for table in OWN}
