"""What the privacy guard does to posts, edits and profiles of members, as apps meet it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from node import guarding
from node.confidentiality import guard
from node.confidentiality.dates import Day
from node.confidentiality.findings import Finding
from node.confidentiality.guard import Named
from node.confidentiality.passage import Passage
from node.errors import Invalid
from tests import pictures
from tests.clients.guards import BLOCKED, CASES, HELD, NUMBER, WARNED, refused, tables_with
from tests.clients.person import Person
from tests.serving import Served

STATUSES = "/api/v1/statuses"
PROFILE = "/api/v1/accounts/update_credentials"
NOTE: dict[str, Any] = {"kind": "safety-note", "title": "Falls", "fields": {"situation": "x", "recommendation": "y"}}


async def test_a_number_of_a_patient_is_not_taken_and_nothing_stored(
    alice: Person, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = await refused(alice, "POST", STATUSES, status=BLOCKED)

    start = BLOCKED.index(NUMBER)
    assert answer == {
        "error": f"Not published: this looks like an NHS number (characters {start + 1}-{start + len(NUMBER)})."
        " Remove it and post again. Nothing was stored.",
        "sharewell": {"guard": [{"kind": "nhs_number", "start": start, "end": start + len(NUMBER), "field": "status"}]},
    }
    assert await tables_with(served, NUMBER) == []
    assert NUMBER not in caplog.text
    assert await alice.get("/api/v1/timelines/home") == []


@pytest.mark.parametrize(
    ("method", "path", "values", "field"),
    [
        ("POST", STATUSES, {"status": BLOCKED, "visibility": "direct"}, "status"),
        ("POST", STATUSES, {"status": "x", "spoiler_text": BLOCKED}, "spoiler_text"),
        ("POST", STATUSES, {"status": "x", "poll": {"options": ["a", BLOCKED[19:]], "expires_in": 600}}, "poll.2"),
        ("POST", STATUSES, {"status": "", "sharewell": NOTE | {"title": BLOCKED}}, "title"),
        ("POST", STATUSES, {"status": "", "sharewell": NOTE | {"fields": NOTE["fields"] | {"situation": BLOCKED}}},
         "fields.situation"),
        ("PATCH", PROFILE, {"display_name": BLOCKED}, "display_name"),
        ("PATCH", PROFILE, {"note": BLOCKED}, "note"),
        ("PATCH", PROFILE, {"fields_attributes": [{"name": "Mine", "value": BLOCKED}]}, "row.1"),
        ("PATCH", PROFILE, {"fields_attributes": [{"name": "", "value": BLOCKED}]}, "row.1"),
        ("PATCH", PROFILE, {"avatar_description": BLOCKED}, "avatar_description"),
        ("PUT", f"{STATUSES}/{{post}}", {"status": BLOCKED}, "status"),
        ("PUT", f"{STATUSES}/{{post}}", {"status": "x", "poll": {"options": ["a", BLOCKED[19:]], "expires_in": 600}},
         "poll.2"),
        ("PUT", "/api/v1/media/{upload}", {"description": BLOCKED}, "description"),
    ],
    ids=["direct", "warning", "poll", "title", "field", "name", "bio", "row", "row without a name", "avatar",
         "edit", "edited poll", "alt"],
)  # fmt: skip
async def test_every_text_is_read(
    alice: Person, served: Served, method: str, path: str, values: dict[str, Any], field: str
) -> None:
    post = await alice.say("Falls")
    files = {"file": ("a.png", pictures.png(), "image/png")}
    upload = (await alice.web.post("/api/v2/media", files=files)).json()

    answer = await refused(alice, method, path.format(post=post["id"], upload=upload["id"]), **values)

    assert [one["field"] for one in answer["sharewell"]["guard"]] == [field]
    assert await tables_with(served, NUMBER) == []


async def test_what_a_picture_shows_is_read_with_its_post(alice: Person, served: Served) -> None:
    files = {"file": ("a.png", pictures.png(), "image/png")}
    upload = (await alice.web.post("/api/v2/media", files=files, data={"description": HELD})).json()

    made = await alice.say("Look", media_ids=[upload["id"]])

    assert "description of picture 1" in made["content"]
    assert await alice.get("/api/v1/timelines/home") == []


async def test_what_is_warned_of_passes_the_second_time(alice: Person, bob: Person, served: Served) -> None:
    first = await refused(alice, "POST", STATUSES, status=WARNED)
    kept = await tables_with(served, "103-year-old")
    others = await refused(bob, "POST", STATUSES, status=WARNED)
    again = await alice.say(WARNED)

    assert first["error"].endswith("Post again within 10 minutes to confirm.")
    assert [one["kind"] for one in first["sharewell"]["guard"]] == ["age_over_89"]
    assert (kept, others["error"]) == ([], first["error"])
    assert again["url"] is not None


async def test_a_warning_is_forgotten_after_ten_minutes(alice: Person, served: Served) -> None:
    await refused(alice, "POST", STATUSES, status=WARNED)
    served.fediverse.clock.advance(seconds=601)

    await refused(alice, "POST", STATUSES, status=WARNED)
    await refused(alice, "POST", STATUSES, status=f"{WARNED} Really.")


async def test_edits_and_profiles_are_asked_twice_too(alice: Person, served: Served) -> None:
    post = await alice.say("Skin tears")
    for method, path, values in (
        ("PUT", f"{STATUSES}/{post['id']}", {"status": WARNED}),
        ("PATCH", PROFILE, {"note": WARNED}),
    ):
        await refused(alice, method, path, **values)
        assert await alice.status_of(method, path, json=values) == 200


async def test_a_change_that_would_be_held_is_refused_in_words(alice: Person) -> None:
    post = await alice.say("A fall")

    edited = await refused(alice, "PUT", f"{STATUSES}/{post['id']}", status=HELD)
    named = await refused(alice, "PATCH", PROFILE, note=HELD)

    for one, way in ((edited, "share it as a new post"), (named, "A profile cannot wait")):
        assert one["error"].startswith("Not changed: this looks like details that together say who it was")
        assert way in one["error"]
        assert one["sharewell"]["guard"][0]["kind"] == "date_place_age"
    assert (await alice.get(f"{STATUSES}/{post['id']}"))["content"] == "<p>A fall</p>"


async def test_what_a_guardian_released_can_be_edited(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)
    [case] = await gwen.get(CASES)
    await gwen.post(f"{CASES}/{case['id']}/release")
    await served.fediverse.quiet()
    out = await alice.get(f"{STATUSES}/{made['id']}")

    edited = await alice.edit(out["id"], status=f"{HELD}. We moved the bed.")

    assert "We moved the bed." in edited["content"]
    await refused(alice, "PUT", f"{STATUSES}/{out['id']}", status=f"{HELD}. Her NHS number is {NUMBER}")


@pytest.mark.parametrize("text", ["Bed 4 Smith", "In bed 4 Doris", "Bed 3: Sheila"])
async def test_a_name_at_the_end_of_a_text_is_no_trouble(
    alice: Person, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    post = await alice.say("A fall")

    shared = await alice.status_of("POST", STATUSES, json={"status": text})
    edited = await alice.status_of("PUT", f"{STATUSES}/{post['id']}", json={"status": text})
    named = await alice.status_of("PATCH", PROFILE, json={"note": text})

    assert (shared, edited in (200, 422), named in (200, 422)) == (200, True, True)
    assert text not in caplog.text


@pytest.mark.parametrize("error", [ZeroDivisionError, RecursionError, TypeError])
async def test_what_a_rule_fails_on_waits_for_a_person_and_no_change_passes(
    alice: Person, served: Served, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    def failing(read: Passage, _days: list[Day]) -> list[Finding]:
        raise error(read.text)

    texts = [Named("status", "We moved the trolley.")]
    async with served.node.database.reading() as db:
        why = await guarding.look(db, served.node, int(alice.id), texts, rules=(*guard.RULES, failing))
        with pytest.raises(Invalid, match="could not read this"):
            await guarding.look_at_change(db, served.node, int(alice.id), texts, [], rules=(failing,))

    assert why is not None
    assert why.words() == "The privacy check is not sure about this, so a guardian reads it."
    assert error.__name__ in caplog.text
    assert "trolley" not in caplog.text
