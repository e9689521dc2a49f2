"""Structured kinds in apps: read from plain text, named across nodes, replaced by newer ones, out of date."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from node import sweeping
from storage import pointers
from storage.jobs import Job
from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Fediverse, Served

NOTE = "Safety note: Look under the heel\nHeels looked fine from above.\nWhat helps: a mirror\n#PressureUlcers"
FIELDS = {"source": "https://a.example/card"}
RESOURCE = {"kind": "resource", "title": "Score card", "fields": FIELDS}


@ON_BOTH
async def test_a_first_line_makes_a_safety_note_which_is_shown_back(alice: Person) -> None:
    made = await alice.say(NOTE)

    assert made["sharewell"] == {
        "kind": "safety-note",
        "title": "Look under the heel",
        "fields": {
            "topics": ["pressure-ulcers"], "situation": "Heels looked fine from above.", "recommendation": "a mirror",
        },
        "understood": True,
    }  # fmt: skip
    assert "<strong>What helps:</strong> a mirror" in made["content"]
    assert {one["name"].lower() for one in made["tags"]} == {"safetynote", "pressureulcers"}
    assert (await alice.get(f"/api/v1/statuses/{made['id']}/source"))["text"] == NOTE


async def test_its_text_is_edited_as_it_was_typed(alice: Person) -> None:
    made = await alice.say(NOTE)

    edited = await alice.edit(made["id"], status=NOTE.replace("a mirror", "a torch").replace("Look", "Look well"))
    again = await alice.edit(made["id"], sensitive=True)

    assert edited["sharewell"]["title"] == "Look well under the heel"
    assert edited["sharewell"]["fields"]["recommendation"] == "a torch"
    assert (again["sharewell"], again["content"]) == (edited["sharewell"], edited["content"])


@pytest.mark.parametrize(
    "change", [{"sharewell": {"kind": "plain"}}, {"status": NOTE.partition(": ")[2]}], ids=["said", "edited"]
)
async def test_it_can_be_made_a_plain_post_with_every_word(alice: Person, change: dict[str, Any]) -> None:
    made = await alice.say(NOTE)

    plain = await alice.edit(made["id"], **change)

    assert plain["sharewell"] == {"kind": "plain"}
    assert all(words in plain["content"] for words in ("Look under the heel", "Heels looked", "What helps: a mirror"))


async def test_whoever_says_plain_is_not_understood_otherwise(alice: Person) -> None:
    said = await alice.say(NOTE, sharewell={"kind": "plain"})
    answer = await alice.say(NOTE, in_reply_to_id=said["id"])

    assert [one["sharewell"] for one in (said, answer)] == [{"kind": "plain"}] * 2


async def test_the_kind_of_a_form_stays(alice: Person) -> None:
    made = await alice.say("", sharewell=RESOURCE)

    answer = await alice.web.put(f"/api/v1/statuses/{made['id']}", json={"sharewell": {"kind": "plain"}})

    assert answer.status_code == 422


@pytest.mark.parametrize("typed", [True, False], ids=["as text", "as fields"])
async def test_thanks_tell_a_team_on_another_node(fediverse: Fediverse, typed: bool) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    async with person(north, "rosa") as rosa, person(south, "porters") as porters:
        if typed:
            await rosa.say("Thanks to @porters@south.example: you found the blocked corridor.")
        else:
            fields = {"whom": "@porters@south.example", "deed": "you found the blocked corridor."}
            await rosa.say("", sharewell={"kind": "thanks", "title": "To the porters", "fields": fields})
        await fediverse.quiet()

        [told] = await porters.get("/api/v1/notifications")

    assert (told["type"], told["status"]["sharewell"]["kind"]) == ("mention", "thanks")
    assert told["status"]["sharewell"]["fields"]["deed"] == "you found the blocked corridor."
    assert 'class="u-url mention"' in told["status"]["content"]


async def _lapse(served: Served) -> None:
    await sweeping.lapse(served.node, Job(0, None, "lapse", 0, "", None, "", 0, 0, 0))


@ON_BOTH
async def test_after_its_day_a_post_says_that_it_may_be_out_of_date(alice: Person, served: Served) -> None:
    today = (await alice.say("today"))["created_at"][:10]
    fields = {**FIELDS, "review_by": today}
    made = await alice.say("", sharewell={**RESOURCE, "fields": fields})
    before = await alice.get(f"/api/v1/statuses/{made['id']}")

    served.fediverse.clock.advance(seconds=24 * 60 * 60)
    await _lapse(served)
    after = await alice.get(f"/api/v1/statuses/{made['id']}")
    async with served.database.writing() as db:
        again = await pointers.lapse(db, today="9999-12-31")

    assert "outdated" not in before["sharewell"]
    assert after["sharewell"]["outdated"] is True
    assert again == 0


async def test_the_page_of_a_newer_post_is_kept_as_its_id(alice: Person, bob: Person) -> None:
    old, new = await alice.say("", sharewell=RESOURCE), await alice.say("", sharewell=RESOURCE)
    base = old["url"].rpartition("/@")[0]

    await alice.edit(old["id"], sharewell={"fields": {**FIELDS, "superseded_by": f"{base}/@alice/{new['id']}"}})

    async with alice.served.database.reading() as db:
        [found] = await pointers.at(db, "superseded_by", new["uri"], reader_id=0, limit=5)
    assert str(found.id) == old["id"]
    pages = [(await bob.web.get(one["url"])).text for one in (old, new)]
    assert "A newer post replaces this one" in pages[0]
    assert f"/@alice/{new['id']}" in pages[0]
    assert "This replaces" in pages[1]
    itself = {"fields": {**FIELDS, "superseded_by": new["uri"]}}
    assert await alice.status_of("PUT", f"/api/v1/statuses/{new['id']}", json={"sharewell": itself}) == 422


async def test_20_at_once_find_out_of_date_what_lapsed_once(alice: Person, served: Served) -> None:
    fields = {**FIELDS, "review_by": "2020-01-01"}
    made = await alice.say("", sharewell={**RESOURCE, "fields": fields})

    async def lapse() -> None:
        async with served.database.writing() as db:
            await pointers.lapse(db, today="2021-01-01")

    await asyncio.gather(*(lapse() for _ in range(20)))

    async with served.database.reading() as db:
        row = await db.row("SELECT changed FROM posts WHERE id = :id", id=int(made["id"]))
    assert row is not None
    assert row["changed"] == 2
