"""Share, edit, take back, read: /api/v1/statuses."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.clients.person import Json, Person
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH

NOTE = {
    "kind": "safety-note",
    "title": "Look under the heel",
    "fields": {
        "topics": ["pressure-ulcers"],
        "situation": "Heels looked fine from above.",
        "recommendation": "Lift the leg, use a mirror.",
        "harm": "low",
    },
}


async def count(served: Served) -> int:
    async with served.database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM posts")
    return 0 if row is None else row["n"]


async def test_a_post_is_answered_as_it_is_read_later(alice: Person) -> None:
    made = await alice.say("We moved the crash cart. #safety", spoiler_text="Crash cart", language="en")

    read = await alice.get(f"/api/v1/statuses/{made['id']}")

    assert made == read
    assert (read["spoiler_text"], read["sensitive"], read["language"]) == ("Crash cart", True, "en")
    assert [tag["name"] for tag in read["tags"]] == ["safety"]
    assert read["account"]["statuses_count"] == 1


async def test_a_post_comes_to_its_authors_home(alice: Person) -> None:
    made = await alice.say("We moved the crash cart.")

    assert [one["id"] for one in await alice.get("/api/v1/timelines/home")] == [made["id"]]


async def test_a_safety_note_is_kept_with_its_fields(alice: Person) -> None:
    made = await alice.say("", sharewell=NOTE)

    assert made["sharewell"] == NOTE
    assert "Lift the leg" in made["content"]


async def test_a_safety_note_can_be_sent_as_a_form(alice: Person) -> None:
    answer = await alice.web.post(
        "/api/v1/statuses",
        data={
            "sharewell[kind]": "safety-note",
            "sharewell[title]": "Look under the heel",
            "sharewell[fields][topics][]": ["pressure-ulcers"],
            "sharewell[fields][situation]": "Heels looked fine from above.",
            "sharewell[fields][recommendation]": "Lift the leg, use a mirror.",
            "sharewell[fields][harm]": "low",
        },
    )

    assert answer.json()["sharewell"] == NOTE


async def test_an_unknown_kind_is_refused(alice: Person) -> None:
    answer = await alice.web.post("/api/v1/statuses", json={"status": "x", "sharewell": {"kind": "rumour"}})

    assert answer.status_code == 422


async def test_what_is_not_said_is_as_the_member_prefers(alice: Person) -> None:
    await alice.web.patch(
        "/api/v1/accounts/update_credentials",
        json={"source": {"privacy": "unlisted", "sensitive": True, "language": "cy"}},
    )

    made = await alice.say("Bore da")

    assert (made["visibility"], made["sensitive"], made["language"]) == ("unlisted", True, "cy")


async def test_options_that_are_not_built_are_refused(alice: Person) -> None:
    refused: list[dict[str, Any]] = [
        {"media_attributes": [{"id": "1"}]},
        {"quote_id": "1"}, {"local_only": True}, {"quote_approval_policy": "perhaps"},
        {"content_type": "text/markdown"},
    ]  # fmt: skip

    answers = [await alice.status_of("POST", "/api/v1/statuses", json={"status": "x", **one}) for one in refused]

    assert answers == [422] * len(refused)


async def test_a_reply_is_never_wider_than_what_it_answers(alice: Person) -> None:
    first = await alice.say("Among us", visibility="private")

    reply = await alice.say("Indeed", in_reply_to_id=first["id"], visibility="public")

    assert (reply["visibility"], reply["in_reply_to_id"]) == ("private", first["id"])


async def test_the_same_idempotency_key_is_the_same_post(alice: Person, served: Served) -> None:
    headers = {"idempotency-key": "once"}

    answers = [await alice.web.post("/api/v1/statuses", json={"status": "Once"}, headers=headers) for _ in range(2)]

    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert await count(served) == 1


async def test_twenty_at_once_with_one_key_are_one_post(alice: Person, served: Served) -> None:
    headers = {"idempotency-key": "at once"}

    answers = await asyncio.gather(
        *(alice.web.post("/api/v1/statuses", json={"status": "Once"}, headers=headers) for _ in range(20))
    )

    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["id"] for one in answers}) == 1
    assert await count(served) == 1


async def test_the_same_key_of_another_member_is_another_post(alice: Person, bob: Person) -> None:
    headers = {"idempotency-key": "mine"}

    one = await alice.web.post("/api/v1/statuses", json={"status": "Of Alice"}, headers=headers)
    other = await bob.web.post("/api/v1/statuses", json={"status": "Of Bob"}, headers=headers)

    assert "Of Bob" in other.json()["content"]
    assert one.json()["id"] != other.json()["id"]


async def test_without_a_key_the_same_words_are_two_posts(alice: Person) -> None:
    assert (await alice.say("Again"))["id"] != (await alice.say("Again"))["id"]


async def test_an_edit_changes_what_is_read_and_keeps_what_is_not_sent(alice: Person) -> None:
    made = await alice.say("First words", spoiler_text="Careful", language="en")

    edited = await alice.edit(made["id"], status="Second words")

    assert edited["edited_at"] is not None
    assert (edited["content"], edited["spoiler_text"], edited["language"]) == ("<p>Second words</p>", "Careful", "en")
    assert edited == await alice.get(f"/api/v1/statuses/{made['id']}")


async def test_history_has_every_version_the_first_first(alice: Person) -> None:
    made = await alice.say("One")
    await alice.edit(made["id"], status="Two")
    await alice.edit(made["id"], status="Three", spoiler_text="Now with a warning")

    versions = await alice.get(f"/api/v1/statuses/{made['id']}/history")

    assert [one["content"] for one in versions] == ["<p>One</p>", "<p>Two</p>", "<p>Three</p>"]
    assert [one["spoiler_text"] for one in versions] == ["", "", "Now with a warning"]
    assert [one["created_at"] for one in versions] == sorted({one["created_at"] for one in versions})


async def test_a_post_never_edited_has_one_version(alice: Person) -> None:
    made = await alice.say("One")

    [version] = await alice.get(f"/api/v1/statuses/{made['id']}/history")

    assert (version["content"], version["created_at"]) == (made["content"], made["created_at"])


async def test_the_same_words_again_are_no_edit(alice: Person) -> None:
    made = await alice.say("One")

    edited = await alice.edit(made["id"], status="One")

    assert edited["edited_at"] is None


async def test_an_edit_of_a_field_that_the_text_does_not_show_is_kept(alice: Person) -> None:
    made = await alice.say("", sharewell=NOTE)

    edited = await alice.edit(made["id"], sharewell={"fields": {**NOTE["fields"], "licence": "CC-BY-4.0"}})  # type: ignore[dict-item]

    assert edited["sharewell"]["fields"]["licence"] == "CC-BY-4.0"
    assert edited["sharewell"]["title"] == NOTE["title"]


async def test_the_kind_of_a_post_cannot_be_edited(alice: Person) -> None:
    made = await alice.say("", sharewell=NOTE)

    answer = await alice.web.put(f"/api/v1/statuses/{made['id']}", json={"sharewell": {"kind": "idea"}})

    assert answer.status_code == 422


async def test_source_is_what_was_typed(alice: Person) -> None:
    made = await alice.say("See https://here.example & <b>", spoiler_text="Odd")

    source = await alice.get(f"/api/v1/statuses/{made['id']}/source")

    assert source == {
        "id": made["id"],
        "text": "See https://here.example & <b>",
        "spoiler_text": "Odd",
        "sharewell": {"kind": "plain"},
    }


async def test_others_can_neither_edit_nor_delete_nor_read_the_source(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Mine'))['id']}"

    answers = [
        await bob.status_of("PUT", path, json={"status": "Yours"}),
        await bob.status_of("DELETE", path),
        await bob.status_of("GET", f"{path}/source"),
    ]

    assert answers == [403, 403, 403]
    assert (await alice.get(path))["content"] == "<p>Mine</p>"


async def test_delete_answers_what_was_typed_and_the_post_is_gone(alice: Person) -> None:
    made = await alice.say("Too *soon*", spoiler_text="Hm")

    answer = await alice.delete(f"/api/v1/statuses/{made['id']}")

    assert answer == {**made, "text": "Too *soon*"}
    assert await alice.status_of("GET", f"/api/v1/statuses/{made['id']}") == 404
    assert await alice.get("/api/v1/timelines/home") == []


async def test_what_was_erased_is_scrubbed_from_the_files_soon(alice: Person, served: Served) -> None:
    made = await alice.say("Erase me")
    await alice.delete(f"/api/v1/statuses/{made['id']}")

    async with served.database.reading() as db:
        rows = await db.rows("SELECT kind, due FROM jobs WHERE kind = 'scrub'")

    now = served.node.clock()
    assert [(row["kind"], now < row["due"] <= now + 10_000) for row in rows] == [("scrub", True)]


async def test_deleting_ones_boost_takes_the_boost_back(alice: Person, bob: Person) -> None:
    made = await alice.say("Pass it on")
    boost = await bob.post(f"/api/v1/statuses/{made['id']}/reblog")

    await bob.delete(f"/api/v1/statuses/{boost['id']}")

    assert (await bob.get(f"/api/v1/statuses/{made['id']}"))["reblogs_count"] == 0


async def test_context_has_what_is_answered_and_the_answers_as_a_tree(alice: Person, bob: Person) -> None:
    async def reply(who: Person, to: Json, words: str) -> Json:
        return await who.say(words, in_reply_to_id=to["id"])

    top = await alice.say("top")
    middle = await reply(bob, top, "middle")
    first = await reply(alice, middle, "first")
    second = await reply(bob, middle, "second")
    under_first = await reply(bob, first, "under first")

    context = await bob.get(f"/api/v1/statuses/{middle['id']}/context")

    assert [one["id"] for one in context["ancestors"]] == [top["id"]]
    assert [one["id"] for one in context["descendants"]] == [first["id"], under_first["id"], second["id"]]


async def test_answers_to_a_hidden_answer_are_shown(alice: Person, bob: Person) -> None:
    top = await alice.say("top")
    hidden = await alice.say("between us", in_reply_to_id=top["id"], visibility="private")
    after = await alice.say("for all", in_reply_to_id=hidden["id"], visibility="private")
    async with alice.served.database.writing() as db:
        await db.run("UPDATE posts SET visibility = 'public' WHERE id = :id", id=int(after["id"]))

    context = await bob.get(f"/api/v1/statuses/{top['id']}/context")

    assert [one["id"] for one in context["descendants"]] == [after["id"]]


async def test_several_posts_come_in_the_order_asked_for(alice: Person, bob: Person) -> None:
    made = [await alice.say(str(number)) for number in range(3)]
    secret = await alice.say("secret", visibility="direct")
    ids = [made[2]["id"], secret["id"], made[0]["id"], "99", made[2]["id"]]

    found = await bob.get("/api/v1/statuses", **{"id[]": ids})

    assert [one["id"] for one in found] == [made[2]["id"], made[0]["id"]]


async def test_thanks_saves_and_boosts_are_counted_and_taken_back(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Well done'))['id']}"

    await bob.post(f"{path}/favourite")
    await bob.post(f"{path}/bookmark")
    boost = await bob.post(f"{path}/reblog")
    done = await bob.get(path)
    for act in ("unfavourite", "unbookmark", "unreblog"):
        await bob.post(f"{path}/{act}")
    undone = await bob.get(path)

    assert boost["reblog"] == done
    assert [done[name] for name in ("favourited", "bookmarked", "reblogged")] == [True] * 3
    assert (done["favourites_count"], done["reblogs_count"]) == (1, 1)
    assert [undone[name] for name in ("favourited", "bookmarked", "reblogged")] == [False] * 3
    assert (undone["favourites_count"], undone["reblogs_count"]) == (0, 0)


async def test_acting_twice_counts_once(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Well done'))['id']}"

    await asyncio.gather(*(bob.post(f"{path}/{act}") for act in ("favourite", "reblog") for _ in range(10)))

    done = await bob.get(path)
    assert (done["favourites_count"], done["reblogs_count"]) == (1, 1)


async def test_acting_on_a_boost_is_acting_on_what_it_passes_on(alice: Person, bob: Person) -> None:
    made = await alice.say("Well done")
    boost = await bob.post(f"/api/v1/statuses/{made['id']}/reblog")

    liked = await alice.post(f"/api/v1/statuses/{boost['id']}/favourite")

    assert (liked["id"], liked["favourited"]) == (made["id"], True)


async def test_who_thanked_and_who_passed_it_on(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Well done'))['id']}"
    await bob.post(f"{path}/favourite")
    await bob.post(f"{path}/reblog")

    assert [one["acct"] for one in await alice.get(f"{path}/favourited_by")] == ["bob"]
    assert [one["acct"] for one in await alice.get(f"{path}/reblogged_by")] == ["bob"]


async def test_a_boost_is_as_wide_as_it_was_asked_for(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Well done'))['id']}"

    boost = await bob.post(f"{path}/reblog", visibility="private")

    assert (boost["visibility"], boost["reblog"]["visibility"]) == ("private", "public")
    assert await alice.status_of("GET", f"/api/v1/statuses/{boost['id']}") == 404


async def test_pins_are_first_on_the_profile(alice: Person) -> None:
    made = await alice.say("About us")
    await alice.say("News")

    pinned = await alice.post(f"/api/v1/statuses/{made['id']}/pin")
    shown = await alice.get(f"/api/v1/accounts/{alice.id}/statuses", pinned="true")
    await alice.post(f"/api/v1/statuses/{made['id']}/unpin")

    assert (pinned["pinned"], [one["id"] for one in shown]) == (True, [made["id"]])
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses", pinned="true") == []
