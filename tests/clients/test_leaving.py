"""What is left of a member whose account was deleted: nothing they wrote or did."""

from __future__ import annotations

from typing import LiteralString

from node.connecting import members as use
from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Fediverse, Served

ROWS: dict[str, LiteralString] = {
    "pending": "SELECT id FROM pending WHERE author_id = :id",
    "likes": "SELECT id FROM likes WHERE actor_id = :id",
    "bookmarks": "SELECT id FROM bookmarks WHERE actor_id = :id",
    "told": "SELECT id FROM notifications WHERE member_id = :id OR actor_id = :id",
    "conversations": "SELECT id FROM conversations WHERE member_id = :id",
    "markers": "SELECT timeline FROM markers WHERE member_id = :id",
    "follows": "SELECT id FROM follows WHERE follower_id = :id OR target_id = :id",
    "home": "SELECT position FROM home WHERE member_id = :id OR author_id = :id",
}


async def rows(served: Served, actor_id: int) -> dict[str, int]:
    async with served.database.reading() as db:
        return {name: len(await db.rows(sql, id=actor_id)) for name, sql in ROWS.items()}


async def leave(who: Person) -> None:
    assert who.actor is not None
    async with who.served.database.writing() as db:
        await use.delete(db, who.served.node, who.actor)


@ON_BOTH
async def test_nothing_that_a_member_did_outlives_the_account(alice: Person, bob: Person) -> None:
    assert bob.actor is not None
    said = await alice.say("hello")
    await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{said['id']}/bookmark")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await bob.say("@alice between us", visibility="direct")
    await bob.post("/api/v1/markers", home={"last_read_id": said["id"]})
    await alice.say("@bob you are named")
    assert 0 not in {n for name, n in (await rows(bob.served, bob.actor.id)).items() if name != "pending"}

    await leave(bob)

    assert set((await rows(bob.served, bob.actor.id)).values()) == {0}
    assert (await alice.get(f"/api/v1/statuses/{said['id']}"))["favourites_count"] == 0
    assert [one["account"]["acct"] for one in await alice.get("/api/v1/notifications")] == []
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["followers_count"] == 0


@ON_BOTH
async def test_what_waited_to_go_out_never_does(fediverse: Fediverse) -> None:
    slow = await fediverse.node("slow.example", safety={"fan_out_delay": 60})
    async with person(slow, "carol") as carol:
        assert carol.actor is not None
        await carol.say("not out yet, and never will be")
        assert (await rows(slow, carol.actor.id))["pending"] == 1

        await leave(carol)
        fediverse.clock.advance(seconds=61)
        await fediverse.quiet()

    assert (await rows(slow, carol.actor.id))["pending"] == 0
    async with slow.database.reading() as db:
        assert await db.rows("SELECT id FROM posts") == []
