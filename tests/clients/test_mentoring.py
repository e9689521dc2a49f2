"""Mentoring, experts and questions by the API: /api/v1/sharewell/mentoring, experts, questions."""

from __future__ import annotations

import json

import httpx2

from tests.clients.guards import refused
from tests.clients.pairing import pair
from tests.clients.person import Person
from tests.clients.test_taking_along import gathered
from tests.serving import Served

BASE = "/api/v1/sharewell/mentoring"


async def test_the_board_what_fits_and_the_match_as_apps_read_them(alice: Person, bob: Person, served: Served) -> None:
    ids = await pair(alice, bob)

    offers = await alice.get(BASE, direction="offer", topic="falls", level="team")
    requests = await bob.get(BASE, direction="request", limit=2)
    fits = await alice.get(f"{BASE}/{ids['wanted2']}/suggestions")
    whole = await bob.get(f"{BASE}/matches/{ids['match']}")
    numbers = await alice.get(f"{BASE}/numbers")

    assert [one["id"] for one in offers] == [ids["offered"]]
    assert offers[0]["sharewell"]["fields"]["places"] == 3
    assert [one["sharewell"]["kind"] for one in requests] == ["mentoring-request"] * 2
    assert fits == [
        {"status_id": ids["offered"], "points": 9,
         "why": ["1 topic in common", "both for teams", "the same way to meet"]},
    ]  # fmt: skip
    assert [whole[name] for name in ("state", "offer_id", "request_id", "proposed_by_me")] == [
        "accepted", ids["offered"], ids["wanted"], False,
    ]  # fmt: skip
    assert [(one["sort"], one["text"]) for one in whole["notes"]] == [("check-in", "First call.")]
    assert (numbers["offers_open"], numbers["matched"], numbers["proposed"]) == (1, 1, 2)
    told = await bob.get("/api/v1/notifications", **{"types[]": "mentoring"})
    assert [(one["type"], one["account"]["id"], one["status"]["id"]) for one in told] == [
        ("mentoring", alice.id, ids["offered"]),
    ]  # fmt: skip


async def test_what_cannot_be_is_said_and_others_read_nothing(alice: Person, bob: Person, gwen: Person) -> None:
    ids = await pair(alice, bob)
    matches = f"{BASE}/matches"

    again = await refused(alice, "POST", matches, mine=ids["wanted"], theirs=ids["offered"])
    same = await refused(alice, "POST", matches, mine=ids["wanted2"], theirs=ids["wanted3"])
    told = await refused(alice, "POST", f"{matches}/{ids['match']}/notes", text="NHS number 943 476 5919")

    assert again["error"] == "One of the two is not open any more."
    assert same["error"] == "An offer goes with the request of somebody else."
    assert "NHS number" in told["error"]
    for method, path in (("GET", ids["match"]), ("POST", f"{ids['match']}/end"), ("POST", f"{ids['match']}/notes")):
        assert (await gwen.web.request(method, f"{matches}/{path}", json={"text": "x"})).status_code == 404
    assert (await gwen.web.post(f"{BASE}/{ids['wanted']}/close")).status_code == 404
    assert await gwen.get(matches) == []
    assert (await gwen.web.post(matches, json={"mine": ids["wanted2"], "theirs": ids["offered"]})).status_code == 403
    assert (await alice.web.post(f"{matches}/{ids['match2']}/decline", json={})).status_code == 200
    assert (await alice.web.post(f"{matches}/{ids['match2']}/accept", json={})).status_code == 422


async def test_experts_are_found_and_the_answer_is_in_the_status(alice: Person, bob: Person, served: Served) -> None:
    kept = await alice.web.put(
        "/api/v1/sharewell/expertise", json={"topics": ["cannulation"], "settings": ["acute-ward"], "role": "nurse"}
    )
    wrong = await alice.web.put("/api/v1/sharewell/expertise", json={"topics": ["wizardry"]})
    found = await bob.get("/api/v1/sharewell/experts", q="venflon", role="nurse")
    ids = await pair(alice, bob)
    path = f"/api/v1/sharewell/questions/{ids['question']}/answer"
    answered = await alice.post(path, status_id=ids["answer"])
    open_again: httpx2.Response = await alice.web.delete(path)

    assert kept.json() == {"topics": ["cannulation"], "settings": ["acute-ward"], "role": "nurse", "region": None}
    assert wrong.status_code == 422
    assert [(one["id"], one["expertise"]["topics"]) for one in found] == [(alice.id, ["cannulation"])]
    assert answered["sharewell"]["fields"]["accepted_answer"].endswith(ids["answer"])
    assert "accepted_answer" not in open_again.json()["sharewell"]["fields"]
    assert [one["id"] for one in await bob.get("/api/v1/sharewell/questions")] == [ids["question"]]
    assert await bob.get("/api/v1/sharewell/questions", unanswered="true") == []


async def test_a_member_takes_their_matches_along(alice: Person, bob: Person) -> None:
    await pair(alice, bob)

    archive = await gathered(alice)

    found = {one["state"]: one for one in json.loads(archive.read("mentoring.json"))}
    assert [(one["what"], one["text"]) for one in found["accepted"]["notes"]] == [("check-in", "First call.")]
    assert found["accepted"]["mentee"] == "https://here.example/users/alice"
