"""What a node says of itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage import activity, ids, peers
from storage.peers import Policy
from tests import pictures
from tests.clients.person import Person, person
from tests.clients.test_entities import differences
from tests.serving import Fediverse, Served


async def test_the_servers_a_node_has_met_are_named_but_not_those_it_refuses(served: Served, nobody: Person) -> None:
    async with served.database.writing() as db:
        for host in ("a.example", "b.example"):
            await peers.see(db, host, now=1)
        await peers.decide(db, "c.example", Policy.SUSPENDED, reason="", now=1)

    assert await nobody.get("/api/v1/instance/peers") == ["a.example", "b.example"]


async def test_what_there_is_none_of_is_an_empty_list(alice: Person, nobody: Person) -> None:
    assert await nobody.get("/api/v1/instance/rules") == []
    assert await nobody.get("/api/v1/instance/translation_languages") == {}
    assert await alice.get("/api/v1/announcements") == []
    assert await nobody.get("/api/v1/instance/extended_description") == {"updated_at": None, "content": ""}


async def test_how_busy_the_weeks_were_is_counted(served: Served, alice: Person, bob: Person, nobody: Person) -> None:
    clock, week = served.fediverse.clock, 7 * 24 * 60 * 60
    monday = activity.start_of(activity.week_of(max(clock.now, ids.time_of(ids.new_id(0)))) + 2)
    clock.now = monday + 1
    await alice.say("One")
    await alice.say("Between us", visibility="private")
    for _ in range(3):
        await alice.get("/api/v1/timelines/home")
    clock.now = monday + week * 1000
    await alice.say("Two")
    await alice.say("Three")
    for one in (alice, bob, alice):
        await one.get("/api/v1/timelines/home")

    found = await nobody.get("/api/v1/instance/activity")

    assert len(found) == 12
    assert [int(one["week"]) * 1000 for one in found[:2]] == [monday + week * 1000, monday]
    assert [(one["statuses"], one["logins"]) for one in found[:3]] == [("2", "2"), ("1", "1"), ("0", "0")]
    assert {type(value) for one in found for value in one.values()} == {str}
    assert sum(int(one["registrations"]) for one in found) in (0, 2)


@pytest.mark.parametrize(
    ("readers", "answers"), [("nobody", [404, 404]), ("members", [401, 200]), ("everybody", [200, 200])]
)
async def test_who_may_reads_which_servers_are_refused(fediverse: Fediverse, readers: str, answers: list[int]) -> None:
    served = await fediverse.node("here.example", about={"blocked_servers": readers})
    path = "/api/v1/instance/domain_blocks"
    async with served.database.writing() as db:
        await peers.decide(db, "bad.example", peers.Policy.SUSPENDED, reason="ours alone", now=1)
        await peers.decide(db, "loud.example", peers.Policy.SILENCED, reason="", now=1)
    async with person(served, "alice") as alice, served.client() as web:
        found = [await web.get(path), await alice.web.get(path)]

    assert [one.status_code for one in found] == answers
    if answers[1] == 200:
        first, second = found[1].json()
        assert (first["domain"], first["severity"], first["comment"]) == ("bad.example", "suspend", None)
        assert first["digest"] == hashlib.sha256(b"bad.example").hexdigest()
        assert (second["domain"], second["severity"]) == ("loud.example", "silence")
        assert differences("DomainBlock", first) == []


async def test_texts_of_the_operator_are_shown_where_there_are_any(fediverse: Fediverse, tmp_path: Path) -> None:
    privacy, terms = tmp_path / "privacy.txt", tmp_path / "terms.txt"
    privacy.write_text("We keep little.\n\n<script>alert(1)</script>", encoding="utf-8")
    terms.write_text("Be kind.", encoding="utf-8")
    about = {"privacy_policy": str(privacy), "terms": str(terms), "terms_date": "2026-01-31"}
    served = await fediverse.node("here.example", about=about)
    async with served.client() as web:
        policy = (await web.get("/api/v1/instance/privacy_policy")).json()
        found = (await web.get("/api/v1/instance/terms_of_service")).json()
        same = (await web.get("/api/v1/instance/terms_of_service/2026-01-31")).json()
        other = await web.get("/api/v1/instance/terms_of_service/2025-01-31")
        urls = (await web.get("/api/v2/instance")).json()["configuration"]["urls"]

    assert policy["content"] == "<p>We keep little.</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert (differences("PrivacyPolicy", policy), differences("TermsOfService", found)) == ([], [])
    assert (found["content"], found["effective_date"], found["effective"]) == ("<p>Be kind.</p>", "2026-01-31", True)
    assert (same, other.status_code) == (found, 404)
    assert urls["privacy_policy"].startswith("https://here.example/")


async def test_texts_that_are_not_there_are_not_found(nobody: Person) -> None:
    for path in ("privacy_policy", "terms_of_service", "terms_of_service/2026-01-31"):
        assert await nobody.status_of("GET", f"/api/v1/instance/{path}") == 404
    json = await nobody.web.get("/health", headers={"accept": "application/json"})
    assert (json.json(), (await nobody.web.get("/health")).text) == ({"status": "OK"}, "OK")


async def test_a_member_reads_and_changes_their_profile(alice: Person) -> None:
    fields = [{"name": "a", "value": "b"}]
    sent = {"display_name": "Alice <b>", "note": "Nurse", "locked": True, "fields_attributes": fields}
    changed = await alice.web.patch("/api/v1/profile", json=sent)
    found = await alice.get("/api/v1/profile")

    assert changed.json() == found
    assert differences("Profile", found) == []
    assert (found["display_name"], found["note"], found["locked"]) == ("Alice <b>", "Nurse", True)
    assert (found["avatar"], found["fields"]) == (None, [{"name": "a", "value": "b", "verified_at": None}])
    picture = {"avatar": ("a.png", pictures.png(), "image/png")}
    assert (await alice.web.patch("/api/v1/profile", files=picture)).json()["avatar"].startswith("https://")
    for wrong in ({"show_media": False}, {"avatar_description": "x" * 151}, {"attribution_domains": ["a b"]}):
        assert await alice.status_of("PATCH", "/api/v1/profile", json=wrong) == 422
