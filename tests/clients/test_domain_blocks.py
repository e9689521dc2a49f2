"""/api/v1/domain_blocks: a whole server out of sight, both ways."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from storage import follows
from storage.actors import Actor
from tests.clients.person import Json, Person, person
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import Fediverse, Served

WORD = "quokka"


@pytest.fixture
async def far(fediverse: Fediverse, served: Served) -> Served:
    """Another server."""
    return await fediverse.node("far.example")


@pytest.fixture
async def sam(far: Served) -> AsyncGenerator[Person]:
    """Somebody there."""
    async with person(far, "sam") as made:
        yield made


async def befriended(served: Served, far: Served, alice: Person, sam: Person) -> tuple[Actor, Actor]:
    """Alice and Sam follow each other; each as the other's server knows them."""
    assert alice.actor is not None and sam.actor is not None
    there, here = await known_at(served, sam.actor, far), await known_at(far, alice.actor, served)
    await follow(served, alice.actor, there)
    await follow(far, sam.actor, here)
    await served.fediverse.quiet()
    return there, here


async def met(alice: Person, there: Actor) -> set[str]:
    """Where Alice meets posts of Sam."""
    found = {
        "home": await alice.get("/api/v1/timelines/home"),
        "public": await alice.get("/api/v1/timelines/public"),
        "tag": await alice.get(f"/api/v1/timelines/tag/{WORD}"),
        "search": (await alice.get("/api/v2/search", q=WORD))["statuses"],
        "profile": await alice.get(f"/api/v1/accounts/{there.id}/statuses"),
        "notifications": await alice.get("/api/v1/notifications", **{"types[]": "mention"}),
    }
    return {place for place, list in found.items() if list}


async def test_nothing_of_a_blocked_server_is_met(
    served: Served, far: Served, alice: Person, sam: Person, nobody: Person
) -> None:
    there, _ = await befriended(served, far, alice, sam)
    await sam.say(f"@alice@here.example the {WORD} #{WORD}")
    await served.fediverse.quiet()
    before = await met(alice, there)

    answer = await alice.post("/api/v1/domain_blocks", domain="far.example")

    assert before == {"home", "public", "tag", "search", "profile", "notifications"}
    assert (answer, await met(alice, there)) == ({}, set())
    assert len(await nobody.get("/api/v1/timelines/public")) == 1
    assert await alice.get("/api/v1/domain_blocks") == ["far.example"]


async def test_follows_both_ways_end_on_both_servers(served: Served, far: Served, alice: Person, sam: Person) -> None:
    there, here = await befriended(served, far, alice, sam)
    assert alice.actor is not None and sam.actor is not None

    await alice.post("/api/v1/domain_blocks", domain="@FAR.example")
    await served.fediverse.quiet()

    [stands] = await alice.get("/api/v1/accounts/relationships", **{"id[]": there.id})
    assert [stands[name] for name in ("domain_blocking", "following", "followed_by")] == [True, False, False]
    async with far.database.reading() as db:
        assert await follows.between(db, follower_id=sam.actor.id, target_id=here.id) is None
        assert await follows.between(db, follower_id=here.id, target_id=sam.actor.id) is None


async def test_nobody_can_follow_across_a_block(served: Served, far: Served, alice: Person, sam: Person) -> None:
    assert alice.actor is not None and sam.actor is not None
    there, here = await known_at(served, sam.actor, far), await known_at(far, alice.actor, served)
    await alice.post("/api/v1/domain_blocks", domain="far.example")

    out = await alice.status_of("POST", f"/api/v1/accounts/{there.id}/follow")
    await follow(far, sam.actor, here)
    await served.fediverse.quiet()

    assert out == 403
    assert await alice.get(f"/api/v1/accounts/{alice.id}/followers") == []
    async with far.database.reading() as db:
        assert await follows.between(db, follower_id=sam.actor.id, target_id=here.id) is None


async def test_a_blocked_server_tells_nothing_new(served: Served, far: Served, alice: Person, sam: Person) -> None:
    there, _ = await befriended(served, far, alice, sam)
    await alice.post("/api/v1/domain_blocks", domain="far.example")
    await served.fediverse.quiet()
    await sam.say("@alice@here.example look")
    await served.fediverse.quiet()

    await alice.web.request("DELETE", "/api/v1/domain_blocks", json={"domain": "far.example"})

    assert [one["type"] for one in await alice.get("/api/v1/notifications", **{"types[]": "mention"})] == []
    assert await met(alice, there) == {"public", "profile"}
    assert await alice.get("/api/v1/domain_blocks") == []


async def test_a_boost_of_a_blocked_servers_post_does_not_come_home(
    served: Served, far: Served, alice: Person, bob: Person, sam: Person
) -> None:
    assert bob.actor is not None and sam.actor is not None
    await follow(served, bob.actor, await known_at(served, sam.actor, far))
    await served.fediverse.quiet()
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await alice.post("/api/v1/domain_blocks", domain="far.example")
    await sam.say("Hello")
    await served.fediverse.quiet()
    [seen] = await bob.get("/api/v1/timelines/home")

    await bob.post(f"/api/v1/statuses/{seen['id']}/reblog")

    assert await alice.get("/api/v1/timelines/home") == []


@pytest.mark.parametrize(
    ("domain", "status"),
    [("here.example", 403), ("", 422), ("no domain", 422), ("<b>", 422), ("a" * 300, 422)],
    ids=["own", "none", "spaces", "markup", "long"],
)
async def test_what_is_no_other_server_is_not_blocked(alice: Person, domain: str, status: int) -> None:
    assert await alice.status_of("POST", "/api/v1/domain_blocks", json={"domain": domain}) == status
    found: Json = await alice.get("/api/v1/domain_blocks")
    assert found == []
