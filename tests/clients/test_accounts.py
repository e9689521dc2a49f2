"""/api/v1/accounts: how members stand to each other, and what they say of themselves."""

from __future__ import annotations

from tests.clients.person import Json, Person


async def stands(who: Person, to: Person) -> Json:
    [found] = await who.get("/api/v1/accounts/relationships", **{"id[]": to.id})
    return found


async def test_following_again_changes_only_what_is_said(alice: Person, bob: Person) -> None:
    path = f"/api/v1/accounts/{alice.id}/follow"

    first = await bob.post(path)
    quiet = await bob.post(path, reblogs=False)
    loud = await bob.post(path, notify=True)

    assert [(one["showing_reblogs"], one["notifying"]) for one in (first, quiet, loud)] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip
    assert await stands(bob, alice) == loud


async def test_who_asked_to_hear_of_every_post_does(alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow", notify=True)

    await alice.say("News")

    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["status"]


async def test_boosts_of_whom_one_follows_without_them_do_not_come_home(alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow", reblogs=False)
    mine = await bob.say("Mine")

    await alice.post(f"/api/v1/statuses/{mine['id']}/reblog")

    assert [one["id"] for one in await bob.get("/api/v1/timelines/home")] == [mine["id"]]


async def test_who_is_locked_is_asked_first(alice: Person, bob: Person) -> None:
    await alice.web.patch("/api/v1/accounts/update_credentials", data={"locked": "true"})

    asked = await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    [waiting] = await alice.get("/api/v1/follow_requests")
    seen = await stands(alice, bob)
    await alice.post(f"/api/v1/follow_requests/{bob.id}/authorize")

    assert (asked["requested"], asked["following"], seen["requested_by"]) == (True, False, True)
    assert waiting["id"] == bob.id
    assert (await stands(bob, alice))["following"] is True
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["source"]["follow_requests_count"] == 0


async def test_a_request_can_be_turned_down_and_taken_back(alice: Person, bob: Person) -> None:
    await alice.web.patch("/api/v1/accounts/update_credentials", data={"locked": "true"})
    path = f"/api/v1/accounts/{alice.id}"

    await bob.post(f"{path}/follow")
    await alice.post(f"/api/v1/follow_requests/{bob.id}/reject")
    turned_down = await stands(bob, alice)
    await bob.post(f"{path}/follow")
    taken_back = await bob.post(f"{path}/unfollow")

    assert [(one["requested"], one["following"]) for one in (turned_down, taken_back)] == [(False, False)] * 2
    assert await alice.get("/api/v1/notifications") == []


async def test_blocking_ends_following_both_ways(alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")

    blocked = await alice.post(f"/api/v1/accounts/{bob.id}/block")

    assert [blocked[name] for name in ("blocking", "following", "followed_by")] == [True, False, False]
    assert (await stands(bob, alice))["blocked_by"] is True
    assert [one["id"] for one in await alice.get("/api/v1/blocks")] == [bob.id]
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/unblock"))["blocking"] is False


async def test_a_profile_is_kept_as_it_is_said_and_shown_as_text(alice: Person, bob: Person) -> None:
    sent = {
        "display_name": "Alice <b>", "note": "Nurse.\nSee https://ward.example.org",
        "fields_attributes[0][name]": "Ward", "fields_attributes[0][value]": "<i>7</i>",
        "source[privacy]": "unlisted", "source[language]": "cy",
    }  # fmt: skip

    own = (await alice.web.patch("/api/v1/accounts/update_credentials", data=sent)).json()
    shown = await bob.get(f"/api/v1/accounts/{alice.id}")

    assert (own["source"]["note"], own["source"]["language"]) == ("Nurse.\nSee https://ward.example.org", "cy")
    assert own["source"]["fields"] == [{"name": "Ward", "value": "<i>7</i>", "verified_at": None}]
    assert (shown["display_name"], "<i>" in shown["fields"][0]["value"]) == ("Alice <b>", False)
    assert '<a href="https://ward.example.org"' in shown["note"]


async def test_what_is_not_sent_stays_in_a_profile(alice: Person) -> None:
    await alice.web.patch("/api/v1/accounts/update_credentials", json={"note": "Nurse", "locked": True})

    changed = (await alice.web.patch("/api/v1/accounts/update_credentials", json={"display_name": "A"})).json()

    assert (changed["source"]["note"], changed["locked"], changed["display_name"]) == ("Nurse", True, "A")


async def test_options_that_are_not_built_are_refused(alice: Person, bob: Person) -> None:
    refused = [
        ("PATCH", "/api/v1/accounts/update_credentials", {"bot": True}),
        ("PATCH", "/api/v1/accounts/update_credentials", {"hide_collections": "true"}),
        ("PATCH", "/api/v1/accounts/update_credentials", {"source": {"quote_policy": "perhaps"}}),
        ("POST", f"/api/v1/accounts/{bob.id}/follow", {"languages": ["en"]}),
        ("GET", "/api/v1/accounts/search?q=x&following=true", {}),
        ("GET", f"/api/v1/accounts/{bob.id}/statuses?tagged=x&only_media=true", {}),
        ("GET", "/api/v1/timelines/public?only_media=true", {}),
        ("GET", "/api/v1/timelines/tag/x?any[]=y", {}),
        ("GET", "/api/v1/timelines/tag/x?remote=true", {}),
    ]

    answers = [await alice.status_of(method, path, json=sent or None) for method, path, sent in refused]

    assert answers == [422] * len(refused)


async def test_options_that_are_off_are_not_asked_for(alice: Person) -> None:
    off = {"bot": False, "hide_collections": "false", "avatar": "", "source": {"quote_policy": "nobody"}}

    assert await alice.status_of("PATCH", "/api/v1/accounts/update_credentials", json=off) == 200


async def test_lists_of_an_account_can_be_narrowed(alice: Person, bob: Person) -> None:
    first = await alice.say("First #one")
    other = await bob.say("Other")
    reply = await alice.say("Reply", in_reply_to_id=other["id"])
    boost = await alice.post(f"/api/v1/statuses/{other['id']}/reblog")
    path = f"/api/v1/accounts/{alice.id}/statuses"

    async def ids(**query: str) -> list[str]:
        return [one["id"] for one in await bob.get(path, **query)]

    assert await ids() == [boost["id"], reply["id"], first["id"]]
    assert await ids(exclude_replies="true") == [boost["id"], first["id"]]
    assert await ids(exclude_reblogs="1") == [reply["id"], first["id"]]
    assert await ids(only_media="true") == []
    assert await ids(tagged="#One") == [first["id"]]


async def test_a_body_is_read_with_get_too(alice: Person, bob: Person) -> None:
    """As Mastodon.py asks for familiar followers."""
    answer = await alice.web.request("GET", "/api/v1/accounts/familiar_followers", json={"id": [bob.id]})

    assert answer.json() == [{"id": bob.id, "accounts": []}]
