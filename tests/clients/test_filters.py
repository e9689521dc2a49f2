"""/api/v2/filters: kept for the member's apps, and said of each post that matches."""

from __future__ import annotations

import pytest

from storage import attachments
from storage.attachments import Attachment
from tests.clients.person import Json, Person
from tests.serving import Served


async def filtering(who: Person, *words: str, **values: Json) -> Json:
    """A new filter of these words."""
    keywords = [{"keyword": one} for one in words]
    sent = {"title": "Words", "context": ["home", "public"], "keywords_attributes": keywords, **values}
    return await who.post("/api/v2/filters", **sent)


async def matched(who: Person, status: Json) -> list[tuple[str, Json, Json]]:
    """What of the filters matches a post: title, words, posts."""
    shown = await who.get(f"/api/v1/statuses/{status['id']}")
    return [(one["filter"]["title"], one["keyword_matches"], one["status_matches"]) for one in shown["filtered"]]


async def test_a_filter_is_made_changed_and_deleted(alice: Person) -> None:
    made = await filtering(alice, "quokka", "wombat", filter_action="hide", expires_in=60)
    path = f"/api/v2/filters/{made['id']}"
    first, second = made["keywords"]
    words = [
        {"id": first["id"], "whole_word": False}, {"id": second["id"], "_destroy": True}, {"keyword": "emu"},
    ]  # fmt: skip
    changed = (await alice.web.put(path, json={"title": "Beasts", "keywords_attributes": words})).json()
    endless = (await alice.web.put(path, json={"expires_in": ""})).json()

    assert (made["filter_action"], made["context"], first["whole_word"]) == ("hide", ["home", "public"], True)
    assert made["expires_at"] == changed["expires_at"] is not None
    assert [(one["keyword"], one["whole_word"]) for one in changed["keywords"]] == [("quokka", False), ("emu", True)]
    assert (changed["title"], changed["filter_action"], endless["expires_at"]) == ("Beasts", "hide", None)
    assert await alice.get("/api/v2/filters") == [await alice.get(path)] == [endless]
    assert await alice.delete(path) == {}
    assert await alice.get("/api/v2/filters") == []


async def test_keywords_and_posts_of_a_filter_can_be_changed_alone(alice: Person, bob: Person) -> None:
    path = f"/api/v2/filters/{(await filtering(alice))['id']}"
    said = await bob.say("Hello")

    word = await alice.post(f"{path}/keywords", keyword="quokka", whole_word="false")
    of_word = f"/api/v2/filters/keywords/{word['id']}"
    renamed = (await alice.web.put(of_word, json={"keyword": "emu"})).json()
    chosen = await alice.post(f"{path}/statuses", status_id=said["id"])
    of_chosen = f"/api/v2/filters/statuses/{chosen['id']}"

    assert renamed == {**word, "keyword": "emu"} == await alice.get(of_word)
    assert (await alice.get(f"{path}/keywords"), await alice.get(f"{path}/statuses")) == ([renamed], [chosen])
    assert await alice.get(of_chosen) == chosen == {"id": chosen["id"], "status_id": said["id"]}
    assert (await alice.delete(of_word), await alice.delete(of_chosen)) == ({}, {})
    assert (await alice.get(f"{path}/keywords"), await alice.get(f"{path}/statuses")) == ([], [])


async def test_forms_say_the_same_as_json(alice: Person) -> None:
    form = [
        ("title", "Words"), ("context[]", "home"), ("context[]", "thread"),
        ("keywords_attributes[][keyword]", "quokka"), ("keywords_attributes[][whole_word]", "false"),
        ("keywords_attributes[][keyword]", "emu"),
    ]  # fmt: skip
    body = "&".join(f"{name.replace('[', '%5B').replace(']', '%5D')}={value}" for name, value in form)
    kind = {"content-type": "application/x-www-form-urlencoded"}

    made = (await alice.web.post("/api/v2/filters", content=body, headers=kind)).json()

    assert [(one["keyword"], one["whole_word"]) for one in made["keywords"]] == [("quokka", False), ("emu", True)]
    assert made["context"] == ["home", "thread"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"context": ["home"]}, 422), ({"title": "x"}, 422), ({"title": "x", "context": ["nowhere"]}, 422),
        ({"title": "x" * 257, "context": ["home"]}, 422), ({"title": "x", "context": ["home"], "expires_in": "x"}, 422),
        ({"title": "x", "context": ["home"], "filter_action": "burn"}, 422),
        ({"title": "x", "context": ["home"], "keywords_attributes": "x"}, 422),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " ", "whole_word": True}]}, 422),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x" * 513}]}, 422),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"id": "1", "keyword": "x"}]}, 404),
    ],
)  # fmt: skip
async def test_a_filter_that_is_none_is_refused_whole(alice: Person, wrong: Json, status: int) -> None:
    assert await alice.status_of("POST", "/api/v2/filters", json=wrong) == status
    assert await alice.get("/api/v2/filters") == []


async def test_there_is_an_end_to_filters(alice: Person) -> None:
    words = [{"keyword": f"w{n}"} for n in range(499)]
    made = await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=words)
    path = f"/api/v2/filters/{made['id']}/keywords"

    assert [await alice.status_of("POST", path, json={"keyword": f"x{n}"}) for n in range(2)] == [200, 422]
    assert len(await alice.get(path)) == 500


async def test_a_filter_is_its_members_alone(alice: Person, bob: Person) -> None:
    made = await filtering(alice, "quokka")
    said = await bob.say("A quokka")
    hidden = await alice.say("For me", visibility="direct")
    path, word = f"/api/v2/filters/{made['id']}", f"/api/v2/filters/keywords/{made['keywords'][0]['id']}"
    chosen = await alice.post(f"{path}/statuses", status_id=said["id"])
    of_chosen = f"/api/v2/filters/statuses/{chosen['id']}"
    own = await filtering(bob)
    tries = [
        *((method, path) for method in ("GET", "PUT", "DELETE")),
        *((method, f"{path}/{part}") for part in ("keywords", "statuses") for method in ("GET", "POST")),
        *((method, word) for method in ("GET", "PUT", "DELETE")),
        ("GET", of_chosen), ("DELETE", of_chosen), ("GET", f"/api/v1/filters/{made['keywords'][0]['id']}"),
    ]  # fmt: skip
    sent = {"title": "x", "keyword": "x", "status_id": said["id"]}
    stolen = {"keywords_attributes": [{"id": made["keywords"][0]["id"], "keyword": "x"}]}

    assert [await bob.status_of(method, where, json=sent) for method, where in tries] == [404] * len(tries)
    assert await bob.status_of("PUT", f"/api/v2/filters/{own['id']}", json=stolen) == 404
    assert await bob.status_of("POST", f"/api/v2/filters/{own['id']}/statuses", json={"status_id": hidden["id"]}) == 404
    assert await matched(bob, said) == []
    assert await matched(alice, said) == [("Words", ["quokka"], [said["id"]])]


async def test_what_matches_is_said_everywhere_and_nothing_is_left_out(alice: Person, bob: Person) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await filtering(alice, "quokka", filter_action="hide")
    said = await bob.say("@alice the Quokka #beasts")
    await bob.say("Nothing of it @alice")
    context = await alice.get(f"/api/v1/statuses/{said['id']}")
    lists = {
        "home": await alice.get("/api/v1/timelines/home"),
        "public": await alice.get("/api/v1/timelines/public"),
        "tag": await alice.get("/api/v1/timelines/tag/beasts"),
        "profile": await alice.get(f"/api/v1/accounts/{bob.id}/statuses"),
        "search": (await alice.get("/api/v2/search", q="quokka"))["statuses"],
        "told": [one["status"] for one in await alice.get("/api/v1/notifications")],
        "one": [context],
    }

    found = {
        place: {one["id"]: [result["keyword_matches"] for result in one["filtered"]] for one in list}
        for place, list in lists.items()
    }

    assert {place: list[said["id"]] for place, list in found.items()} == {place: [["Quokka"]] for place in lists}
    assert sum(len(results) for list in found.values() for results in list.values()) == len(lists)


async def test_others_are_shown_the_same_post_without_it(alice: Person, bob: Person, nobody: Person) -> None:
    said = await bob.say("A quokka")
    await filtering(alice, "quokka")

    for_alice, for_bob = [await matched(one, said) for one in (alice, bob)]

    assert (for_alice, for_bob) == ([("Words", ["quokka"], None)], [])
    assert "filtered" not in await nobody.get(f"/api/v1/statuses/{said['id']}")


async def test_a_boost_matches_as_what_it_shows(alice: Person, bob: Person) -> None:
    said = await bob.say("A quokka")
    await filtering(alice, "quokka")
    boost = await bob.post(f"/api/v1/statuses/{said['id']}/reblog")

    shown = await alice.get(f"/api/v1/statuses/{boost['id']}")

    assert [one["keyword_matches"] for one in shown["filtered"]] == [["quokka"]]
    assert shown["filtered"] == shown["reblog"]["filtered"]


async def test_warnings_and_what_files_show_are_looked_through(alice: Person, bob: Person, served: Served) -> None:
    warned = await bob.say("Hello", spoiler_text="A quokka")
    pictured = await bob.say("Hello")
    async with served.database.writing() as db:
        assert bob.actor is not None
        file = Attachment(0, int(pictured["id"]), bob.actor.id, 0, "image/png", "https://m.example/a.png", alt="An emu")
        await attachments.put(db, [file])
    await filtering(alice, "quokka", "emu")

    assert await matched(alice, warned) == [("Words", ["quokka"], None)]
    assert await matched(alice, pictured) == [("Words", ["emu"], None)]


async def test_an_edit_is_looked_through_anew(alice: Person, bob: Person) -> None:
    said = await bob.say("A quokka")
    await filtering(alice, "quokka")
    before = await matched(alice, said)

    await bob.edit(said["id"], status="A beast")

    assert (len(before), await matched(alice, said)) == (1, [])


async def test_a_filter_ends_when_it_was_said_to(alice: Person, bob: Person, served: Served) -> None:
    said = await bob.say("A quokka")
    await filtering(alice, "quokka", expires_in=60)
    before = await matched(alice, said)

    served.fediverse.clock.advance(seconds=61)

    assert (len(before), await matched(alice, said)) == (1, [])
    assert len(await alice.get("/api/v2/filters")) == 1


async def test_apps_of_old_can_read_filters(alice: Person) -> None:
    await filtering(alice, "quokka", filter_action="hide")

    [old] = await alice.get("/api/v1/filters")

    assert (old["phrase"], old["irreversible"], old["context"]) == ("quokka", True, ["home", "public"])
    assert await alice.get(f"/api/v1/filters/{old['id']}") == old


async def test_apps_before_mastodon_4_write_filters_too(alice: Person) -> None:
    made = await alice.post(
        "/api/v1/filters", phrase="quokka", context=["home", "thread"], irreversible="true", whole_word=True,
        expires_in=60,
    )  # fmt: skip
    path = f"/api/v1/filters/{made['id']}"
    changed = (await alice.web.put(path, json={"phrase": "emu", "context": ["public"], "expires_in": ""})).json()
    [whole] = await alice.get("/api/v2/filters")

    assert (made["phrase"], made["context"], made["irreversible"]) == ("quokka", ["home", "thread"], True)
    assert made["expires_at"] is not None
    assert changed == {**made, "phrase": "emu", "context": ["public"], "expires_at": None} == await alice.get(path)
    assert (whole["title"], whole["filter_action"], whole["context"]) == ("quokka", "hide", ["public"])
    assert [(one["keyword"], one["whole_word"]) for one in whole["keywords"]] == [("emu", True)]
    assert await alice.delete(path) == {}
    assert (await alice.get("/api/v1/filters"), await alice.get("/api/v2/filters")) == ([], [])


async def test_what_an_old_app_cannot_see_of_a_filter_it_does_not_change(alice: Person) -> None:
    made = await filtering(alice, "quokka", "wombat")
    first, second = made["keywords"]
    path = f"/api/v1/filters/{first['id']}"

    refused = await alice.web.put(path, json={"phrase": "emu", "context": ["home"]})
    renamed = (await alice.web.put(path, json={"phrase": "emu"})).json()
    await alice.delete(path)

    assert (refused.status_code, renamed["phrase"]) == (422, "emu")
    [left] = await alice.get("/api/v2/filters")
    assert [one["id"] for one in left["keywords"]] == [second["id"]]


@pytest.mark.parametrize(
    "wrong", [{}, {"phrase": ""}, {"phrase": "x", "context": ["away"]}, {"phrase": "x"}, {"phrase": "x" * 9_000}]
)
async def test_what_is_no_old_filter_is_refused_by_name(alice: Person, wrong: Json) -> None:
    answer = await alice.web.post("/api/v1/filters", json=wrong)

    assert answer.status_code == 422
    assert await alice.get("/api/v2/filters") == []
