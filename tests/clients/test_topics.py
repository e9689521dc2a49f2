"""/api/v1/sharewell/topics and /api/v1/sharewell/search: topics, and posts narrowed down."""

from __future__ import annotations

from typing import Any

from federation import keeping
from node.learning.topics import FRESH
from storage import hidden, topics
from tests.clients.person import Person, person
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import ON_BOTH, Served
from tests.storage import making

pytestmark = ON_BOTH


async def idea(who: Person, title: str, *about: str, **fields: Any) -> dict[str, Any]:
    """Share an idea."""
    said = {"topics": list(about), "proposal": "Do it.", **fields}
    made: dict[str, Any] = await who.say("", sharewell={"kind": "idea", "title": title, "fields": said})
    return made


def ids(found: Any) -> list[str]:
    return [one["id"] for one in found]


async def test_a_topic_lists_what_is_about_it_by_fields_and_by_hashtags(alice: Person, nobody: Person) -> None:
    fields = await idea(alice, "A mirror", "pressure-ulcers")
    tagged = await alice.say("Again #BedSores")
    await alice.say("Again #BedSores", visibility="unlisted")
    await alice.say("About #leave and #data")
    path = "/api/v1/sharewell/topics/pressure-ulcers"

    every = {one["id"]: one for one in await nobody.get("/api/v1/sharewell/topics")}
    one = await nobody.get(path)
    newest = await nobody.web.get(f"{path}/statuses", params={"limit": 1})
    below = newest.headers["link"].partition("max_id=")[2].partition(">")[0]
    rest = await nobody.get(f"{path}/statuses", max_id=below)

    assert every["pressure-ulcers"]["statuses_count"] == 2
    assert every["mental-health"]["statuses_count"] == 0
    assert one["label"] == {"en": "Pressure ulcers", "cy": "Wlserau pwyso"}
    assert (one["tag"]["name"], one["summary"], one["start_here"]) == ("pressureulcers", None, [])
    assert ids([*newest.json(), *rest]) == [tagged["id"], fields["id"]]
    assert await nobody.status_of("GET", "/api/v1/sharewell/topics/nothing/statuses") == 404


async def test_editors_words_are_told_with_who_and_when(alice: Person, nobody: Person, served: Served) -> None:
    made = await idea(alice, "A mirror", "falls")
    assert alice.actor is not None
    async with served.database.writing() as db:
        await topics.say(db, "falls", "What is known.", editor_id=alice.actor.id, now=served.node.clock())
        await topics.start_with(db, "falls", int(made["id"]), editor_id=alice.actor.id, now=served.node.clock())

    one = await nobody.get("/api/v1/sharewell/topics/falls")

    assert (one["summary"]["text"], one["summary"]["by"]) == ("What is known.", "alice")
    assert one["start_here"] == [made["id"]]


async def test_what_is_about_a_followed_topic_comes_home(alice: Person, bob: Person, served: Served) -> None:
    far = await served.fediverse.node("far.example")
    async with person(far, "sam") as sam:
        assert bob.actor is not None and sam.actor is not None
        await follow(served, bob.actor, await known_at(served, sam.actor, far))
        await served.fediverse.quiet()
        followed = await alice.post("/api/v1/sharewell/topics/cannulation/follow")
        await idea(sam, "A label", "cannulation")
        await sam.say("One more #venflon")
        await idea(sam, "Something else", "falls")
        await served.fediverse.quiet()
        home = await alice.get("/api/v1/timelines/home")
        named = await alice.get("/api/v1/followed_tags")
        await alice.post("/api/v1/tags/cannulation/unfollow")
        left = await alice.get("/api/v1/timelines/home")
        again = await alice.get("/api/v1/sharewell/topics/cannulation")

    assert followed["following"] is True
    assert {one["sharewell"].get("title", "") for one in home} == {"", "A label"}
    assert [one["name"] for one in named] == ["cannulation"]
    assert (left, again["following"]) == ([], False)


async def test_an_edit_changes_what_a_post_is_about(alice: Person, nobody: Person) -> None:
    made = await alice.say("About #falls")
    await alice.edit(made["id"], status="About #sepsis")

    falls, sepsis = [await nobody.get(f"/api/v1/sharewell/topics/{one}/statuses") for one in ("falls", "sepsis")]

    assert (falls, ids(sepsis)) == ([], [made["id"]])


async def test_a_deleted_post_is_about_nothing(alice: Person, nobody: Person, served: Served) -> None:
    made = await alice.say("About #falls")
    await alice.delete(f"/api/v1/statuses/{made['id']}")

    async with served.database.reading() as db:
        left = await db.rows("SELECT facet FROM post_facets")

    assert (await nobody.get("/api/v1/sharewell/topics/falls/statuses"), list(left)) == ([], [])


async def test_a_search_is_narrowed_down_and_counts(alice: Person, nobody: Person) -> None:
    study = await idea(alice, "Mirror", "pressure-ulcers", evidence="research", settings=["acute-ward"])
    guess = await idea(alice, "Torch", "pressure-ulcers", evidence="untested")
    plain = await alice.say("bed sores by night")

    found = await nobody.get("/api/v1/sharewell/search", q="pressure sores")
    proven = await nobody.get("/api/v1/sharewell/search", topic="pressure-ulcers", evidence="research")
    nothing = await nobody.get("/api/v1/sharewell/search", q="torch", evidence="research")
    wrong = [
        await nobody.status_of("GET", "/api/v1/sharewell/search", params={name: value})
        for name, value in (("kind", "x"), ("from", "there"), ("language", "English"), ("minutes", "9"), ("topic", "ä"))
    ]

    assert ids(found["statuses"]) == [plain["id"], guess["id"], study["id"]]
    assert "bed sores" in found["also_searched_for"]
    assert found["topic"] == "pressure-ulcers"
    assert found["facets"]["kind"] == [{"value": "idea", "label": "Ideas", "count": 2}]
    assert {one["value"]: one["count"] for one in found["facets"]["evidence"]} == {"research": 1, "untested": 1}
    assert (found["counted"], found["there_may_be_more"]) == (3, False)
    assert ids(proven["statuses"]) == [study["id"]]
    assert (nothing["statuses"], nothing["facets"]) == ([], {})
    assert wrong == [422] * 5


async def test_paging_a_narrowed_search_loses_nothing(alice: Person) -> None:
    made = [(await idea(alice, f"Idea {number}", "falls"))["id"] for number in range(5)][::-1]

    first = await alice.web.get("/api/v1/sharewell/search", params={"topic": "falls", "limit": 2})
    seen, link = ids(first.json()["statuses"]), first.headers.get("link", "")
    while link:
        more = await alice.web.get(link.partition("<")[2].partition(">")[0])
        seen, link = [*seen, *ids(more.json()["statuses"])], more.headers.get("link", "")
    whole = await alice.web.get("/api/v1/sharewell/search", params={"topic": "falls"})

    assert seen == made
    assert "link" not in whole.headers


async def test_mastodons_search_finds_what_means_the_same(alice: Person, nobody: Person) -> None:
    made = await alice.say("An old cannula")

    loose, exact = [await nobody.get("/api/v2/search", q=q, type="statuses") for q in ("venflon", '"venflon"')]

    assert (ids(loose["statuses"]), exact["statuses"]) == ([made["id"]], [])


async def test_what_an_editor_wrote_stays_the_nodes_and_names_nobody_who_left(
    alice: Person, gwen: Person, nobody: Person, served: Served
) -> None:
    made = await idea(alice, "A mirror", "falls")
    assert gwen.actor is not None
    async with served.database.writing() as db:
        await topics.say(db, "falls", "What is known.", editor_id=gwen.actor.id, now=served.node.clock())
        await topics.start_with(db, "falls", int(made["id"]), editor_id=gwen.actor.id, now=served.node.clock())
        await keeping.erase_actor(db, gwen.actor.id, now=served.node.clock())

    one = await nobody.get("/api/v1/sharewell/topics/falls")
    async with served.database.reading() as db:
        kept = await db.rows("SELECT editor_id FROM topic_summaries UNION ALL SELECT editor_id FROM topic_starts")

    assert (one["summary"]["text"], one["summary"]["by"]) == ("What is known.", None)
    assert (one["start_here"], [row["editor_id"] for row in kept]) == ([made["id"]], [None, None])


async def test_a_hidden_post_is_counted_and_begun_with_nowhere(alice: Person, nobody: Person, served: Served) -> None:
    made = [await idea(alice, f"Idea {n}", "falls", evidence="research") for n in range(2)]
    assert alice.actor is not None
    first, now = int(made[0]["id"]), served.node.clock()
    async with served.database.writing() as db:
        await topics.say(db, "falls", "What is known.", editor_id=alice.actor.id, now=now)
        await topics.start_with(db, "falls", first, editor_id=alice.actor.id, now=now)

    async def shown() -> tuple[int, int, int, list[str], str]:
        served.fediverse.clock.advance(seconds=FRESH / 1000)
        every = {one["id"]: one["statuses_count"] for one in await nobody.get("/api/v1/sharewell/topics")}
        found = await nobody.get("/api/v1/sharewell/search", topic="falls")
        facets = {one["value"]: one["count"] for one in found["facets"]["evidence"]}
        topic = await nobody.get("/api/v1/sharewell/topics/falls")
        page = (await nobody.web.get("/topics/falls")).text
        assert "What is known." in page
        return every["falls"], found["counted"], facets["research"], topic["start_here"], page

    before = await shown()
    async with served.database.writing() as db:
        await hidden.hide(db, first, unseen=False, now=now)
    during = await shown()
    async with served.database.writing() as db:
        others = [await making.post(db, alice.actor) for _ in range(topics.STARTS)]
        added = [await topics.start_with(db, "falls", one.id, editor_id=alice.actor.id, now=now) for one in others]
        for one in others:
            await topics.start_without(db, "falls", one.id)
        await hidden.show(db, first)
    after = await shown()

    assert (before[:4], during[:4], after[:4]) == ((2, 2, 2, [str(first)]), (1, 1, 1, []), (2, 2, 2, [str(first)]))
    assert ("Idea 0" in before[4], "Idea 0" in during[4]) == (True, False)
    assert added == [True] * topics.STARTS
