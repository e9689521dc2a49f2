"""Direct posts, by who takes part."""

from __future__ import annotations

from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Served


@ON_BOTH
async def test_each_set_of_people_is_one_conversation(served: Served, alice: Person, bob: Person) -> None:
    async with person(served, "carol") as carol:
        await alice.say("@bob first", visibility="direct")
        last = await bob.say("@alice second", visibility="direct")
        both = await alice.say("@bob @carol for both of you", visibility="direct")
        await alice.say("@bob for everybody")

        mine = await alice.get("/api/v1/conversations")

        assert [[one["acct"] for one in talk["accounts"]] for talk in mine] == [["bob", "carol"], ["bob"]]
        assert [talk["last_status"]["id"] for talk in mine] == [both["id"], last["id"]]
        assert [talk["unread"] for talk in mine] == [False, True]
        assert [talk["unread"] for talk in await carol.get("/api/v1/conversations")] == [True]
        assert len(await bob.get("/api/v1/conversations")) == 2


async def test_a_conversation_is_marked_and_forgotten_by_its_member_alone(alice: Person, bob: Person) -> None:
    await alice.say("@bob first", visibility="direct")
    [talk] = await bob.get("/api/v1/conversations")
    path = f"/api/v1/conversations/{talk['id']}"

    assert (await bob.post(f"{path}/read"))["unread"] is False
    assert (await bob.post(f"{path}/unread"))["unread"] is True
    assert await alice.status_of("POST", f"{path}/read") == 404
    assert await alice.status_of("DELETE", path) == 404
    await bob.delete(path)
    assert await bob.get("/api/v1/conversations") == []
    assert len(await alice.get("/api/v1/conversations")) == 1

    await alice.say("@bob again", visibility="direct")
    [anew] = await bob.get("/api/v1/conversations")
    assert (anew["unread"], "again" in anew["last_status"]["content"]) == (True, True)


@ON_BOTH
async def test_a_post_taken_back_leaves_the_one_before_and_then_nothing(alice: Person, bob: Person) -> None:
    first = await alice.say("@bob first", visibility="direct")
    second = await alice.say("@bob second", visibility="direct")

    await alice.delete(f"/api/v1/statuses/{second['id']}")
    [talk] = await bob.get("/api/v1/conversations")
    assert talk["last_status"]["id"] == first["id"]

    await alice.delete(f"/api/v1/statuses/{first['id']}")
    assert await bob.get("/api/v1/conversations") == []


async def test_conversations_come_in_pages(served: Served, alice: Person) -> None:
    for number in range(5):
        async with person(served, f"friend{number}"):
            await alice.say(f"@friend{number} hello", visibility="direct")
    seen: list[str] = []
    answer = await alice.web.get("/api/v1/conversations?limit=2")
    while answer.json():
        seen += [talk["accounts"][0]["acct"] for talk in answer.json()]
        if "next" not in answer.links:
            break
        answer = await alice.web.get(answer.links["next"]["url"])

    assert seen == [f"friend{number}" for number in reversed(range(5))]


@ON_BOTH
async def test_an_old_app_gets_direct_posts_in_one_list(served: Served, alice: Person, bob: Person) -> None:
    said = [await alice.say(f"@bob {number}", visibility="direct") for number in range(3)]
    answer = await bob.say("@alice yes", visibility="direct", in_reply_to_id=said[0]["id"])
    await alice.say("@bob for everybody")
    await alice.say("@bob for those who follow", visibility="private")
    newest = [one["id"] for one in (answer, *said[::-1])]
    async with person(served, "carol") as carol:
        await carol.say("@bob from Carol", visibility="direct")
        await bob.post(f"/api/v1/accounts/{carol.id}/mute")
        found: list[list[str]] = []
        for who in (alice, bob):
            page = await who.web.get("/api/v1/timelines/direct?limit=2")
            seen = [one["id"] for one in page.json()]
            while "next" in page.links:
                page = await who.web.get(page.links["next"]["url"])
                seen += [one["id"] for one in page.json()]
            found.append(seen)
        up = await alice.get("/api/v1/timelines/direct", min_id=said[0]["id"], limit=2)

        assert found == [newest, newest]
        assert [one["id"] for one in up] == newest[1:3]
        assert [one["account"]["acct"] for one in await carol.get("/api/v1/timelines/direct")] == ["carol"]
