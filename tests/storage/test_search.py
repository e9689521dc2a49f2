"""Search by words and their synonyms, and by facets; pages of topics. On both databases."""

from __future__ import annotations

from typing import Any

import pytest

from storage import facets, home, search, tag_follows, tags, timelines, topics
from storage.actors import Actor
from storage.database import Database, Reading, Writing
from storage.ids import LAST
from storage.kinds import Kind
from storage.migrate import FOLDER
from storage.paging import Page
from storage.posts import Visibility
from storage.search import Filters, Hits
from storage.widening import sought
from tests.storage.making import NOW, actor, member, post

ALL = Page(limit=20)


async def said(
    db: Writing, author: Actor, text: str, *, fields: str = "", said_tags: tuple[str, ...] = (), **more: Any
) -> int:
    """A post that was kept with its facets; its id."""
    made = await post(db, author, text=text, fields=fields, **more)
    await tags.put(db, made.id, said_tags)
    await facets.put(db, made.id, fields, said_tags)
    return made.id


async def found(db: Reading, query: str, filters: Filters | None = None, *, reader_id: int = 0) -> list[int]:
    hits = await _hits(db, query, filters, reader_id)
    return [one.id for one in hits.found]


async def _hits(db: Reading, query: str, filters: Filters | None, reader_id: int) -> Hits:
    return await search.hits(
        db, sought(query), filters or Filters(), reader_id=reader_id, now=NOW, before=LAST, limit=50
    )


# Words that are typed, and texts: which of them are found, the same on both databases.
ALIKE = [
    ("ulcer", "Pressure ulcers on heels", True), ("ulcers", "One ulcer", True), ("venflon", "An old cannula", True),
    ("venflons", "An old cannula", True), ("cannulas", "A Venflon again", True), ("iv access", "Cannula care", True),
    ("pressure sores", "Pressure ulcers", True), ("Wlserau pwyso", "Pressure ulcers", True),
    ("pressure ulcer", "Wlserau pwyso ar y ward", True), ("bed sores at night", "Pressure damage at night", True),
    ("bed sores at night", "Pressure damage by day", False), ('"pressure sores"', "Pressure ulcers", False),
    ('"pressure sores"', "No pressure sores here", True), ('"pressure sores"', "Sores under pressure", False),
    ("falling", "She falls", True), ("catheters", "A catheter", True), ("infected", "An infection", True),
    ("nurses", "Nursing notes", True), ("the ward", "Ward round", True), ("what is on the ward", "Ward round", True),
    ("hee", "Heels", True), ("insulin", "An opioid", False), ("medicines", "Medication safety", True),
    ("deteriorating", "Deterioration", True), ("left over stock", "stocks left", True),
    ("look-alike", "Look alike boxes", True), ("xyz venflon", "cannula", False), ("VTE", "A blood clot", True),
]  # fmt: skip


async def test_both_databases_find_the_same(database: Database) -> None:
    async with database.writing() as db:
        alice = await member(db, "alice")
        made = {text: await said(db, alice, text) for text in dict.fromkeys(text for _, text, _ in ALIKE)}

    async with database.writing() as db:
        wrong = [
            (query, text, expected)
            for query, text, expected in ALIKE
            if (made[text] in await found(db, query)) is not expected
        ]

    assert wrong == []


async def test_a_search_for_a_topic_finds_what_is_about_it_in_other_words(database: Database) -> None:
    async with database.writing() as db:
        alice = await member(db, "alice")
        about = await said(db, alice, "Do you still need it?", fields='{"topics":["cannulation"]}', kind=Kind.IDEA)
        tagged = await said(db, alice, "A line again", said_tags=("Venflon",))
        await said(db, alice, "Nothing of that")
        words = await said(db, alice, "The cannula nobody needed")

    async with database.writing() as db:
        assert await found(db, "venflon") == [words, tagged, about]
        assert await found(db, '"venflon"') == []
        assert await found(db, "venflon need") == [words]


async def test_facets_narrow_a_search_down(database: Database) -> None:
    rich = """{"topics":["falls"],"settings":["theatre","hospice"],"evidence":"local-data","audience":["leaders"],
               "minutes":8}"""
    async with database.writing() as db:
        alice = await member(db, "alice")
        wanted = await said(db, alice, "Falls at night", fields=rich, kind=Kind.RESOURCE, language="en-GB")
        other = await said(db, alice, "Falls by day", fields='{"topics":["falls"]}', kind=Kind.IDEA, language="cy")
        away = await actor(db, indexable=NOW)
        remote = await said(db, away, "Falls away", fields='{"topics":["falls"]}', kind=Kind.IDEA)
        shy = await actor(db)
        await said(db, shy, "Falls unseen", fields='{"topics":["falls"]}', kind=Kind.IDEA)

    every = {
        Filters(facets=("topic=falls",)): [remote, other, wanted],
        Filters(facets=("topic=falls",), here=True): [other, wanted],
        Filters(facets=("minutes=short", "audience=leaders", "evidence=local-data")): [wanted],
        Filters(facets=("setting=theatre", "harm=low")): [],
        Filters(kind="idea"): [remote, other],
        Filters(language="en"): [wanted],
        Filters(language="cy", here=True): [other],
    }
    async with database.writing() as db:
        for filters, expected in every.items():
            assert await found(db, "", filters) == expected, filters
            assert await found(db, "falls", filters) == expected, filters
        counted = await facets.counts(db, [wanted, other])
        some = await found(db, "night", Filters(facets=("topic=falls",)))
        every_one = await found(db, "")

    assert (some, every_one) == ([wanted], [remote, other, wanted])
    assert counted["topic=falls"] == 2
    assert counted["setting=hospice"] == counted["minutes=short"] == 1


async def test_a_search_says_where_it_stopped(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", (3, 3))
    async with database.writing() as db:
        alice = await member(db, "alice")
        first = await said(db, alice, "Wombat", kind=Kind.IDEA)
        made = [await said(db, alice, "Wombat") for _ in range(6)]
        last = await said(db, alice, "Wombat", kind=Kind.IDEA)

    async def ideas(before: int, enough: int) -> tuple[list[int], int | None]:
        async with database.reading() as db:
            hits = await search.hits(
                db, sought("wombat"), Filters(kind="idea"), reader_id=0, now=NOW, before=before, limit=9, enough=enough
            )
        return [one.id for one in hits.found], hits.end

    assert await ideas(LAST, 1) == ([last], made[4])
    assert await ideas(LAST, 2) == ([last], made[1])
    assert await ideas(made[1], 2) == ([first], None)


async def test_what_is_hidden_or_not_public_is_on_no_list_of_a_topic(database: Database) -> None:
    falls = '{"topics":["falls"]}'
    async with database.writing() as db:
        alice, bob = await member(db, "alice"), await member(db, "bob")
        shown = await said(db, alice, "Falls", fields=falls)
        hidden = await said(db, alice, "Falls", fields=falls, visibility=Visibility.HIDDEN)
        await post(db, alice, text="Falls", fields=falls, visibility=Visibility.UNLISTED)

    async with database.writing() as db:
        lists = [
            await topics.newest(db, "falls", reader_id=bob.id, now=NOW, page=ALL),
            await found(db, "", Filters(facets=("topic=falls",)), reader_id=bob.id),
        ]
        await facets.replace(db, hidden, "", ())

    assert lists == [[shown], [shown]]


async def test_a_topics_page_has_the_best_evidence_and_alerts_that_hold(database: Database) -> None:
    async with database.writing() as db:
        alice = await member(db, "alice")

        async def one(evidence: str) -> int:
            return await said(db, alice, "x", fields=f'{{"topics":["falls"],"evidence":"{evidence}"}}')

        async def alert(by: str) -> int:
            fields = f'{{"topics":["falls"],"action_by":"{by}"}}'
            return await said(db, alice, "x", fields=fields, kind=Kind.ALERT_SIGNPOST)

        chart, study, again = await one("local-data"), await one("research"), await one("research")
        await one("untested")
        _late, soon, later = await alert("2026-11-01"), await alert("2026-12-01"), await alert("2027-01-01")
        undated = await said(db, alice, "x", fields='{"topics":["falls"]}', kind=Kind.ALERT_SIGNPOST)

    async with database.writing() as db:
        best = await topics.best(db, "falls", reader_id=0, now=NOW, limit=3)
        alerts = await topics.alerts(db, "falls", reader_id=0, now=NOW, today="2026-11-28")
        counts = await topics.topic_counts(db, ["falls", "sepsis"])

    assert best == [(again, "research"), (study, "research"), (chart, "local-data")]
    assert alerts == [soon, later, undated]
    assert counts == {"falls": 8, "sepsis": 0}


async def test_editors_say_where_to_start(database: Database) -> None:
    async with database.writing() as db:
        alice = await member(db, "alice")
        first, second, direct = [
            (await post(db, alice, visibility=visibility)).id
            for visibility in (Visibility.PUBLIC, Visibility.PUBLIC, Visibility.DIRECT)
        ]
        added = [
            await topics.start_with(db, "falls", one, editor_id=alice.id, now=NOW)
            for one in (second, first, second, direct)
        ]
        await topics.say(db, "falls", "Old", editor_id=alice.id, now=NOW)
        await topics.say(db, "falls", "New", editor_id=alice.id, now=NOW + 1)

    async with database.writing() as db:
        assert added == [True, True, False, False]
        assert await topics.starts(db, "falls", reader_id=0) == [second, first]
        assert await topics.summary(db, "falls") == topics.Summary("New", alice.id, NOW + 1)
        assert await topics.start_without(db, "falls", second)
        await topics.say(db, "falls", "", editor_id=alice.id, now=NOW)
        assert await topics.starts(db, "falls", reader_id=0) == [first]
        assert await topics.summary(db, "falls") is None


async def test_what_is_about_a_followed_topic_comes_home_whatever_its_hashtags(database: Database) -> None:
    async with database.writing() as db:
        alice, away = await member(db, "alice"), await actor(db)
        tag_id = await tags.known(db, "PressureUlcers")
        await tag_follows.add(db, member_id=alice.id, tag_id=tag_id)
        fields = await post(db, away, fields='{"topics":["pressure-ulcers"]}')
        await facets.put(db, fields.id, fields.fields, ())
        tagged = await post(db, away)
        await tags.put(db, tagged.id, ["BedSores"])
        await facets.put(db, tagged.id, "", ["BedSores"])
        other = await post(db, away, fields='{"topics":["falls"]}')
        await facets.put(db, other.id, other.fields, ())

        for one in (fields, tagged, other):
            await home.spread(db, one, now=NOW)
    expected = [tagged.id, fields.id]

    async with database.writing() as db:
        came = [one.id for one in await timelines.home(db, reader_id=alice.id, page=ALL, now=NOW)]
        await home.rebuild(db, member_id=alice.id, now=NOW)
        again = [one.id for one in await timelines.home(db, reader_id=alice.id, page=ALL, now=NOW)]
        await tag_follows.remove(db, member_id=alice.id, tag_id=tag_id)
        await home.forget_tag(db, member_id=alice.id, tag_id=tag_id)
        left = await timelines.home(db, reader_id=alice.id, page=ALL, now=NOW)

    assert (came, again, left) == (expected, expected, [])


async def test_posts_from_before_there_were_facets_have_them(database: Database) -> None:
    fields = '{"topics":["falls","sepsis"],"settings":["theatre"],"harm":"low","evidence":"research","stage":"new"}'
    async with database.writing() as db:
        alice = await member(db, "alice")
        structured = (await post(db, alice, fields=fields, kind=Kind.IDEA)).id
        await post(db, alice, fields=fields, kind=Kind.IDEA, visibility=Visibility.DIRECT)
        await post(db, alice, fields='{"topics":[]}', kind=Kind.IDEA)
        tagged = (await post(db, alice)).id
        await tags.put(db, tagged, ["PressureUlcers"])

    whole = (FOLDER / "0055_facets.sql").read_text()
    await database.script(whole[whole.index("INSERT") :])
    await database.script((FOLDER / f"0055_facets.{database.dialect}.sql").read_text())

    async with database.reading() as db:
        rows = await db.rows("SELECT post_id, facet FROM post_facets ORDER BY post_id, facet")
    said = [*(f"topic={one}" for one in ("falls", "sepsis")), "setting=theatre", "harm=low", "evidence=research"]
    assert sorted((row["post_id"], row["facet"]) for row in rows) == sorted(
        [(structured, one) for one in said] + [(tagged, "topic=pressure-ulcers")]
    )
