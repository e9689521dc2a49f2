"""Muting: /api/v1/accounts/:id/mute, /api/v1/mutes, and where the muted are not met."""

from __future__ import annotations

import pytest

from tests.clients.person import Json, Person, person
from tests.clients.test_accounts import stands
from tests.serving import Served

WORD = "quokka"


async def shared(alice: Person, bob: Person) -> tuple[Json, Json]:
    """What Alice said, which Bob, whom she follows, answered with a word and a hashtag."""
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    top = await alice.say("Hello")
    return top, await bob.say(f"A {WORD} #{WORD}", in_reply_to_id=top["id"])


async def met(alice: Person, top: Json, said: Json) -> set[str]:
    """The lists in which Alice meets what was said."""
    context = await alice.get(f"/api/v1/statuses/{top['id']}/context")
    found = {
        "home": await alice.get("/api/v1/timelines/home"),
        "public": await alice.get("/api/v1/timelines/public"),
        "local": await alice.get("/api/v1/timelines/public", local=True),
        "tag": await alice.get(f"/api/v1/timelines/tag/{WORD}"),
        "search": (await alice.get("/api/v2/search", q=WORD))["statuses"],
        "thread": context["descendants"],
        "profile": await alice.get(f"/api/v1/accounts/{said['account']['id']}/statuses"),
    }
    return {place for place, list in found.items() if said["id"] in [one["id"] for one in list]}


ALL = {"home", "public", "local", "tag", "search", "thread", "profile"}


async def test_who_is_muted_is_met_on_their_page_only(alice: Person, bob: Person) -> None:
    top, said = await shared(alice, bob)
    before = await met(alice, top, said)

    muted = await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    while_muted = await met(alice, top, said)
    one = await alice.get(f"/api/v1/statuses/{said['id']}")
    unmuted = await alice.post(f"/api/v1/accounts/{bob.id}/unmute")

    assert (before, while_muted, await met(alice, top, said)) == (ALL, {"profile"}, ALL)
    assert [(found["muting"], found["following"]) for found in (muted, unmuted)] == [(True, True), (False, True)]
    assert one["id"] == said["id"]


async def test_who_is_muted_does_not_learn_of_it(alice: Person, bob: Person) -> None:
    top, _ = await shared(alice, bob)

    await alice.post(f"/api/v1/accounts/{bob.id}/mute")

    assert (await bob.get(f"/api/v1/statuses/{top['id']}"))["id"] == top["id"]
    assert (await stands(bob, alice))["followed_by"] is True


async def test_what_the_muted_post_meanwhile_is_at_home_when_it_ends(alice: Person, bob: Person) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    said = await bob.say("Meanwhile")
    while_muted = await alice.get("/api/v1/timelines/home")

    await alice.post(f"/api/v1/accounts/{bob.id}/unmute")

    assert while_muted == []
    assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [said["id"]]


async def test_unmuting_somebody_not_followed_brings_nothing_home(alice: Person, bob: Person) -> None:
    await bob.say("Hello")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")

    await alice.post(f"/api/v1/accounts/{bob.id}/unmute")

    assert await alice.get("/api/v1/timelines/home") == []


async def test_a_mute_ends_when_it_was_said_to(alice: Person, bob: Person, served: Served) -> None:
    top, said = await shared(alice, bob)
    muted = await alice.post(f"/api/v1/accounts/{bob.id}/mute", duration=3600)
    [listed] = await alice.get("/api/v1/mutes")

    served.fediverse.clock.advance(seconds=3600)

    assert muted["muting_expires_at"] == listed["mute_expires_at"] is not None
    assert await alice.get("/api/v1/mutes") == []
    assert (await stands(alice, bob))["muting"] is False
    assert await met(alice, top, said) == ALL - {"home"}  # until the worker has pruned
    later = await bob.say("Back again")
    assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [later["id"], top["id"]]


@pytest.mark.parametrize(("notifications", "told"), [(True, []), (False, ["mention"])], ids=["quiet", "told"])
async def test_a_mute_is_of_notifications_too_unless_it_says_not(
    alice: Person, bob: Person, notifications: bool, told: list[str]
) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/mute", notifications=notifications)

    await bob.say("@alice look")

    assert [one["type"] for one in await alice.get("/api/v1/notifications")] == told
    assert (await stands(alice, bob))["muting_notifications"] is notifications


async def test_what_was_told_before_is_hidden_while_the_mute_lasts(alice: Person, bob: Person) -> None:
    await bob.say("@alice look")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    hidden = await alice.get("/api/v1/notifications")

    await alice.post(f"/api/v1/accounts/{bob.id}/mute", notifications=False)

    assert (hidden, len(await alice.get("/api/v1/notifications"))) == ([], 1)


async def test_every_post_of_the_muted_is_not_told_of(alice: Person, bob: Person) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow", notify=True)
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    await bob.say("News")

    await alice.post(f"/api/v1/accounts/{bob.id}/unmute")

    assert await alice.get("/api/v1/notifications") == []


async def test_boosts_of_and_by_the_muted_do_not_come_home(alice: Person, bob: Person, served: Served) -> None:
    async with person(served, "carol") as carol:
        for one in (bob, carol):
            await alice.post(f"/api/v1/accounts/{one.id}/follow")
        await alice.post(f"/api/v1/accounts/{bob.id}/mute")
        of_bob, of_carol = await bob.say("Hello"), await carol.say("Hello")
        await carol.post(f"/api/v1/statuses/{of_bob['id']}/reblog")
        await bob.post(f"/api/v1/statuses/{of_carol['id']}/reblog")

        assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [of_carol["id"]]


async def test_nothing_more_is_told_of_a_muted_thread(alice: Person, bob: Person) -> None:
    top = await alice.say("Top")
    first = await bob.say("@alice one", in_reply_to_id=top["id"])
    muted = await alice.post(f"/api/v1/statuses/{first['id']}/mute")

    below = await bob.say("@alice two", in_reply_to_id=first["id"])
    beside = await bob.say("@alice three", in_reply_to_id=top["id"])
    await bob.post(f"/api/v1/statuses/{top['id']}/favourite")
    other = await bob.say("@alice about something else")

    told = await alice.get("/api/v1/notifications")
    assert muted["muted"] is True
    assert [one["status"]["id"] for one in told] == [other["id"], first["id"]]
    for who, expected in ((alice, True), (bob, False)):
        shown = await who.get("/api/v1/statuses", **{"id[]": [top["id"], below["id"], beside["id"], other["id"]]})
        assert [one["muted"] for one in shown] == [expected, expected, expected, False]


async def test_a_thread_can_be_heard_of_again(alice: Person, bob: Person) -> None:
    top = await alice.say("Top")
    reply = await bob.say("@alice one", in_reply_to_id=top["id"])
    for one in (top, top):
        await alice.post(f"/api/v1/statuses/{one['id']}/mute")

    shown = await alice.post(f"/api/v1/statuses/{reply['id']}/unmute")
    again = await bob.say("@alice two", in_reply_to_id=reply["id"])

    assert shown["muted"] is False
    assert [one["status"]["id"] for one in await alice.get("/api/v1/notifications")] == [again["id"], reply["id"]]
