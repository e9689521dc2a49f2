"""/api/v1/tags, /api/v1/followed_tags, /api/v1/featured_tags."""

from __future__ import annotations

import pytest

from node import erasure
from storage import home
from storage.jobs import Job
from tests.clients.person import Person, person
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH


async def at_home(who: Person) -> list[str]:
    return [one["id"] for one in await who.get("/api/v1/timelines/home")]


async def test_public_posts_with_a_followed_tag_come_home(alice: Person, bob: Person) -> None:
    tag = await alice.post("/api/v1/tags/Falls/follow")
    top = await bob.say("Nothing")
    said = await bob.say("About #FALLS", in_reply_to_id=top["id"])
    for visibility in ("unlisted", "private", "direct"):
        await bob.say("About #falls", visibility=visibility)

    assert (tag["name"], tag["following"]) == ("falls", True)
    assert await at_home(alice) == [said["id"]]
    assert await at_home(bob) != []


async def test_a_post_comes_home_once_for_author_and_tags(alice: Person, bob: Person) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    for name in ("falls", "heels"):
        await alice.post(f"/api/v1/tags/{name}/follow")

    said = await bob.say("About #falls and #heels")

    assert await at_home(alice) == [said["id"]]


async def test_posts_of_other_servers_come_home_for_a_tag(alice: Person, bob: Person, served: Served) -> None:
    far = await served.fediverse.node("far.example")
    async with person(far, "sam") as sam:
        assert bob.actor is not None and sam.actor is not None
        await follow(served, bob.actor, await known_at(served, sam.actor, far))
        await served.fediverse.quiet()
        await alice.post("/api/v1/tags/falls/follow")

        await sam.say("About #falls")
        await served.fediverse.quiet()

    assert [one["account"]["acct"] for one in await alice.get("/api/v1/timelines/home")] == ["sam@far.example"]


async def test_what_came_for_a_tag_alone_goes_with_it(alice: Person, bob: Person) -> None:
    for name in ("falls", "heels"):
        await alice.post(f"/api/v1/tags/{name}/follow")
    own = await alice.say("My #falls")
    await bob.say("About #falls")
    both = await bob.say("About #falls and #heels")

    tag = await alice.post("/api/v1/tags/falls/unfollow")

    assert tag["following"] is False
    assert await at_home(alice) == [both["id"], own["id"]]


async def test_blocked_and_muted_authors_do_not_come_home_for_a_tag(alice: Person, bob: Person) -> None:
    await alice.post("/api/v1/tags/falls/follow")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    await bob.say("About #falls")
    muted = await at_home(alice)
    await alice.post(f"/api/v1/accounts/{bob.id}/unmute")

    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    await bob.say("About #falls")

    assert (muted, await at_home(alice)) == ([], [])


async def test_a_home_made_anew_has_followed_tags(alice: Person, bob: Person, served: Served) -> None:
    await alice.post("/api/v1/tags/falls/follow")
    said = await bob.say("About #falls")
    await bob.say("About #falls", visibility="unlisted")
    assert alice.actor is not None

    async with served.database.writing() as db:
        await home.rebuild(db, member_id=alice.actor.id, now=served.node.clock())

    assert await at_home(alice) == [said["id"]]


async def test_followed_tags_are_listed_newest_first(alice: Person, bob: Person) -> None:
    for name in ("falls", "heels", "sepsis"):
        await alice.post(f"/api/v1/tags/{name}/follow")

    first = await alice.web.get("/api/v1/followed_tags", params={"limit": 2})
    place = first.headers["link"].partition("max_id=")[2].partition(">")[0]
    rest = await alice.get("/api/v1/followed_tags", max_id=place)

    assert [one["name"] for one in [*first.json(), *rest]] == ["sepsis", "heels", "falls"]
    assert await bob.get("/api/v1/followed_tags") == []


async def test_a_tag_says_whether_it_is_followed(alice: Person, bob: Person, nobody: Person) -> None:
    await bob.say("About #falls")
    await alice.post("/api/v1/tags/falls/follow")

    shown = [await who.get("/api/v1/tags/falls") for who in (alice, bob, nobody)]
    found = (await alice.get("/api/v2/search", q="falls"))["hashtags"]

    assert [one["following"] for one in [*shown, *found]] == [True, False, False, True]
    assert (await nobody.get("/api/v1/tags/neverseen"))["name"] == "neverseen"


@pytest.mark.parametrize("name", ["two words", "123", "%23", "a-b"])
async def test_what_is_no_tag_cannot_be_followed(alice: Person, name: str) -> None:
    assert await alice.status_of("POST", f"/api/v1/tags/{name}/follow") == 404
    assert await alice.get("/api/v1/followed_tags") == []


async def test_a_followed_tag_outlives_its_posts(alice: Person, bob: Person, served: Served) -> None:
    said = await bob.say("About #falls and #heels")
    await alice.post("/api/v1/tags/falls/follow")
    await bob.delete(f"/api/v1/statuses/{said['id']}")

    await erasure.scrub(served.node, Job(1, None, "scrub", 0, "", None, "", 0, 0, 0))

    assert [one["name"] for one in await alice.get("/api/v1/followed_tags")] == ["falls"]
    async with served.database.reading() as db:
        assert [row["name"] for row in await db.rows("SELECT name FROM tags")] == ["falls"]


async def test_tags_on_ones_page(alice: Person, nobody: Person) -> None:
    for text in ("#falls", "#falls #heels", "#sepsis"):
        await alice.say(text)
    suggested = await alice.get("/api/v1/featured_tags/suggestions")

    first = await alice.post("/api/v1/featured_tags", name="#falls")
    await alice.post("/api/v1/tags/heels/feature")
    shown = await nobody.get(f"/api/v1/accounts/{alice.id}/featured_tags")
    await alice.delete(f"/api/v1/featured_tags/{first['id']}")
    await alice.post("/api/v1/tags/heels/unfeature")

    assert [one["name"] for one in suggested] == ["falls", "heels", "sepsis"]
    assert (first["name"], first["statuses_count"], first["last_status_at"]) == ("falls", "2", "2026-10-26")
    assert [one["name"] for one in shown] == ["falls", "heels"]
    assert await alice.get("/api/v1/featured_tags") == []


async def test_tags_on_ones_page_are_few_and_ones_own(alice: Person, bob: Person) -> None:
    made = [await alice.post("/api/v1/featured_tags", name=f"tag{n}") for n in range(10)]

    more = await alice.status_of("POST", "/api/v1/featured_tags", json={"name": "more"})
    none = await alice.status_of("POST", "/api/v1/featured_tags", json={"name": "no tag"})
    others = await bob.status_of("DELETE", f"/api/v1/featured_tags/{made[0]['id']}")

    assert (more, none, others) == (422, 422, 404)
    assert len(await alice.get("/api/v1/featured_tags")) == 10
