"""Quote a post, read who quotes it, allow it or not: as apps meet it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.clients.test_queries import queries
from tests.serving import Served


@pytest.fixture
async def carol(served: Served) -> AsyncGenerator[Person]:
    """A third member."""
    async with person(served, "carol") as made:
        yield made


async def quote(who: Person, status: Json, words: str = "Worth reading", **values: Any) -> Json:
    return await who.say(words, quoted_status_id=status["id"], **values)


async def refused(who: Person, status: Json, **values: Any) -> tuple[int, str]:
    answer = await who.web.post("/api/v1/statuses", json={"status": "x", "quoted_status_id": status["id"], **values})
    return answer.status_code, answer.json()["error"]


async def read(who: Person, status: Json) -> Json:
    return await who.get(f"/api/v1/statuses/{status['id']}")


async def test_a_quote_shows_what_it_quotes(alice: Person, bob: Person, nobody: Person) -> None:
    first = await alice.say("Look under the heel")

    made = await quote(bob, first)

    assert made["quote"]["state"] == "accepted"
    assert made["quote"]["quoted_status"]["content"] == "<p>Look under the heel</p>"
    assert await read(bob, made) == made
    assert (await read(nobody, made))["quote"]["quoted_status"]["id"] == first["id"]
    assert differences("Status", made) == []
    assert differences("Quote", made["quote"]) == []
    assert differences("QuoteApproval", made["quote_approval"]) == []
    assert made["content"].startswith('<p class="quote-inline">RE: <a href="')
    assert (await read(alice, first))["quotes_count"] == 1
    assert (first["quote"], first["quotes_count"]) == (None, 0)


async def test_a_quote_within_a_quote_is_only_named(alice: Person, bob: Person) -> None:
    first = await alice.say("One")
    second = await quote(bob, first, "Two")
    third = await quote(alice, second, "Three")

    inner = third["quote"]["quoted_status"]

    assert inner["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    assert differences("ShallowQuote", inner["quote"]) == []


async def test_a_boost_of_a_quote_has_it_once(alice: Person, bob: Person) -> None:
    made = await quote(bob, await alice.say("One"))

    boost = await alice.post(f"/api/v1/statuses/{made['id']}/reblog")

    assert (boost["quote"], boost["reblog"]["quote"]["state"]) == (None, "accepted")


async def test_who_may_quote_is_said_and_kept(alice: Person, bob: Person, nobody: Person) -> None:
    said = {one: await alice.say(one, quote_approval_policy=one) for one in ("public", "followers", "nobody")}

    async def of(who: Person) -> list[str]:
        return [(await read(who, one))["quote_approval"]["current_user"] for one in said.values()]

    assert [one["quote_approval"]["automatic"] for one in said.values()] == [["public"], ["followers"], []]
    assert await of(alice) == ["automatic"] * 3
    assert await of(bob) == ["automatic", "denied", "denied"]
    assert await of(nobody) == ["denied"] * 3
    assert await refused(bob, said["followers"]) == (422, "Its author does not let you quote this post.")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    assert await of(bob) == ["automatic", "automatic", "denied"]
    assert (await quote(bob, said["followers"]))["quote"]["state"] == "accepted"
    assert (await refused(bob, said["nobody"]))[0] == 422
    assert (await quote(alice, said["nobody"]))["quote"]["state"] == "accepted"


async def test_what_is_not_for_all_is_quoted_by_its_author_alone(alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    private = await alice.say("For followers", visibility="private")
    direct = await alice.say("@bob for you", visibility="direct")
    public = await alice.say("For all")

    assert (await refused(bob, private))[0] == 422
    assert (await refused(bob, direct))[0] == 422
    assert (await refused(alice, direct))[0] == 422
    assert (await refused(bob, {"id": "1"}))[0] == 404
    assert (await refused(bob, public, visibility="direct"))[0] == 422
    assert (await refused(bob, public, quote_approval_policy="perhaps"))[0] == 422
    own = await quote(alice, private)
    assert (own["visibility"], own["quote"]["state"], own["quote_approval"]["automatic"]) == ("private", "accepted", [])
    to_her = await quote(bob, public, "@alice look", visibility="direct")
    assert to_her["quote"]["state"] == "accepted"


async def test_readers_see_no_more_than_the_state_of_what_is_not_for_them(
    alice: Person, bob: Person, carol: Person, nobody: Person
) -> None:
    private = await alice.say("For followers", visibility="private")
    hidden = await quote(alice, private, "@bob look", visibility="direct")
    shown = await quote(bob, await alice.say("For all"))

    assert (await read(bob, hidden))["quote"] == {"state": "unauthorized", "quoted_status": None}
    await carol.post(f"/api/v1/accounts/{alice.id}/mute")
    muted = (await read(carol, shown))["quote"]
    assert (muted["state"], muted["quoted_status"]["account"]["acct"]) == ("muted_account", "alice")
    await carol.post(f"/api/v1/accounts/{alice.id}/block")
    assert (await read(carol, shown))["quote"] == {"state": "blocked_account", "quoted_status": None}
    await carol.post(f"/api/v1/accounts/{alice.id}/unblock")
    await alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert (await read(carol, shown))["quote"] == {"state": "unauthorized", "quoted_status": None}
    assert (await read(nobody, shown))["quote"]["state"] == "accepted"


async def test_quotes_are_listed_in_pages(alice: Person, bob: Person, carol: Person, nobody: Person) -> None:
    first = await alice.say("One")
    made = [await quote(bob, first, f"Quote {n}") for n in range(3)]
    secret = await quote(bob, first, "Mine alone", visibility="private")

    page = await carol.web.get(f"/api/v1/statuses/{first['id']}/quotes", params={"limit": 2})
    rest = await carol.web.get(page.links["next"]["url"])

    assert [one["id"] for one in [*page.json(), *rest.json()]] == [one["id"] for one in made[::-1]]
    assert secret["id"] in [one["id"] for one in await bob.get(f"/api/v1/statuses/{first['id']}/quotes")]
    assert await nobody.status_of("GET", f"/api/v1/statuses/{first['id']}/quotes") == 401


async def test_a_quote_is_revoked_by_the_author_of_what_is_quoted(
    served: Served, alice: Person, bob: Person, carol: Person
) -> None:
    first = await alice.say("One")
    made = await quote(bob, first)
    path = f"/api/v1/statuses/{first['id']}/quotes/{made['id']}/revoke"

    assert await carol.status_of("POST", path) == 403
    revoked = await alice.post(path)
    again = await alice.post(path)

    assert revoked["quote"] == again["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await read(bob, made))["quote"]["state"] == "revoked"
    assert (await read(alice, first))["quotes_count"] == 0
    assert await alice.get(f"/api/v1/statuses/{first['id']}/quotes") == []
    assert await alice.status_of("POST", f"/api/v1/statuses/{made['id']}/quotes/{first['id']}/revoke") == 403
    await served.fediverse.quiet()


async def test_what_was_quoted_is_deleted(alice: Person, bob: Person) -> None:
    first = await alice.say("One")
    made = await quote(bob, first)

    await alice.delete(f"/api/v1/statuses/{first['id']}")

    assert (await read(bob, made))["quote"] == {"state": "deleted", "quoted_status": None}
    second = await alice.say("Two")
    other = await quote(bob, second)
    await bob.delete(f"/api/v1/statuses/{other['id']}")
    assert (await read(alice, second))["quotes_count"] == 0


async def test_the_policy_changes_without_an_edit(alice: Person, bob: Person) -> None:
    first = await alice.say("One")
    made = await quote(bob, first)
    path = f"/api/v1/statuses/{first['id']}/interaction_policy"

    changed = (await alice.web.put(path, json={"quote_approval_policy": "nobody"})).json()

    assert (changed["quote_approval"]["automatic"], changed["edited_at"]) == ([], None)
    assert (await refused(bob, first))[0] == 422
    assert (await read(bob, made))["quote"]["state"] == "accepted"
    assert await bob.status_of("PUT", path, json={"quote_approval_policy": "public"}) == 403
    assert await alice.status_of("PUT", path, json={"quote_approval_policy": "x"}) == 422
    edited = await alice.edit(first["id"], status="One!", quote_approval_policy="followers")
    assert (edited["quote_approval"]["automatic"], edited["content"]) == (["followers"], "<p>One!</p>")
    same = await alice.edit(first["id"], status="One!", quote_approval_policy="public")
    assert (same["quote_approval"]["automatic"], same["edited_at"]) == (["public"], edited["edited_at"])


async def test_an_edit_keeps_the_quote(alice: Person, bob: Person) -> None:
    first, second = await alice.say("One"), await alice.say("Two")
    made = await quote(bob, first)

    edited = await bob.edit(made["id"], status="Truly worth reading", quoted_status_id=first["id"])

    assert edited["quote"]["quoted_status"]["id"] == first["id"]
    assert "quote-inline" in edited["content"] and "Truly" in edited["content"]
    answer = await bob.web.put(f"/api/v1/statuses/{made['id']}", json={"status": "x", "quoted_status_id": second["id"]})
    assert answer.status_code == 422


async def test_members_are_told_of_quotes_and_of_what_they_quoted(alice: Person, bob: Person) -> None:
    first = await alice.say("One")
    made = await quote(bob, first)
    await alice.edit(first["id"], status="One, and more")
    await quote(alice, first)

    told = {one["type"]: one for one in await alice.get("/api/v1/notifications")}
    his = {one["type"]: one for one in await bob.get("/api/v1/notifications")}

    assert list(told) == ["quote"]
    assert (told["quote"]["status"]["id"], told["quote"]["account"]["acct"]) == (made["id"], "bob")
    assert list(his) == ["quoted_update"]
    assert (his["quoted_update"]["status"]["id"], his["quoted_update"]["account"]["acct"]) == (made["id"], "alice")


async def test_the_preference_is_the_default(alice: Person, bob: Person) -> None:
    assert (await alice.get("/api/v1/preferences"))["posting:default:quote_policy"] == "public"

    answer = await alice.web.patch(
        "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "followers"}}
    )

    assert answer.json()["source"]["quote_policy"] == "followers"
    assert (await alice.say("One"))["quote_approval"]["automatic"] == ["followers"]
    assert (await alice.get("/api/v1/preferences"))["posting:default:quote_policy"] == "followers"
    wrong = await alice.web.patch("/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "x"}})
    assert wrong.status_code == 422


async def test_a_post_that_waits_quotes_too(served: Served, alice: Person, bob: Person) -> None:
    first = await alice.say("One")
    later = await quote(bob, first, scheduled_at="2027-01-01T12:00:00Z", quote_approval_policy="nobody")

    assert str(later["params"]["quoted_status_id"]) == first["id"]
    assert later["params"]["quote_approval_policy"] == "nobody"
    seen = await bob.get(f"/api/v1/statuses/{later['id']}")
    assert seen["quote"]["quoted_status"]["id"] == first["id"]
    served.fediverse.clock.advance(seconds=90 * 24 * 3600)
    await served.fediverse.quiet()
    out = await bob.get(f"/api/v1/statuses/{later['id']}")
    assert (out["quote"]["state"], out["quote_approval"]["automatic"]) == ("accepted", [])


async def test_a_quote_needs_no_words_of_its_own(alice: Person, bob: Person) -> None:
    made = await quote(bob, await alice.say("One"), "")

    assert made["quote"]["state"] == "accepted"


async def test_a_page_of_quotes_takes_the_same_number_of_queries(served: Served, alice: Person, bob: Person) -> None:
    plain = await queries(served, alice, "GET", "/api/v1/timelines/public")
    firsts = [await alice.say(f"One {n}") for n in range(6)]
    without = await queries(served, alice, "GET", "/api/v1/timelines/public")
    await quote(bob, firsts[0])
    few = await queries(served, alice, "GET", "/api/v1/timelines/public")
    for one in firsts:
        await quote(bob, one)

    assert await queries(served, alice, "GET", "/api/v1/timelines/public") == few
    assert few <= without * 2
    assert plain <= without
