"""Members report: /api/v1/reports."""

from __future__ import annotations

from typing import Any

import pytest

from node.connecting.reports import DAILY
from storage import reports
from storage.reports import Category, Report
from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH


async def kept(served: Served) -> list[Report]:
    async with served.database.reading() as db:
        return await reports.open_ones(db, limit=100)


async def test_a_report_is_kept_for_the_guardians(served: Served, alice: Person, bob: Person) -> None:
    post = await bob.say("Buy my cure.")

    made = await alice.post(
        "/api/v1/reports", account_id=bob.id, status_ids=[post["id"]], comment="Sells a cure.", category="spam"
    )

    [report] = await kept(served)
    assert (report.category, report.comment, report.post_uris) == (Category.SPAM, "Sells a cure.", f'["{post["uri"]}"]')
    assert alice.actor is not None and report.reporter_id == alice.actor.id
    account = made.pop("target_account")
    assert account["id"] == bob.id
    created = made.pop("created_at")
    assert created.startswith("2026-10-2")
    assert made == {
        "id": str(report.id), "action_taken": False, "action_taken_at": None, "category": "spam",
        "comment": "Sells a cure.", "forwarded": False, "status_ids": [post["id"]], "collection_ids": [],
        "rule_ids": None,
    }  # fmt: skip


async def test_a_report_as_a_form_says_the_same(served: Served, alice: Person, bob: Person) -> None:
    post = await bob.say("Hello")

    form = {"account_id": bob.id, "status_ids[]": [post["id"]], "forward": "true"}
    answer = await alice.web.post("/api/v1/reports/", data=form)

    assert (answer.status_code, answer.json()["status_ids"], answer.json()["forwarded"]) == (200, [post["id"]], False)


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "nobody": ({"account_id": "7"}, 404),
    "no account": ({"account_id": ""}, 404),
    "odd account": ({"account_id": {"x": 1}}, 422),
    "rules, which there are none of": ({"rule_ids": ["1"]}, 422),
    "a collection that is not": ({"collection_ids": ["7"]}, 404),
    "unknown category": ({"category": "boring"}, 422),
    "long comment": ({"comment": "x" * 1001}, 422),
    "another server": ({"forward": True, "forward_to_domains": ["other.example"]}, 422),
    "a post that is not": ({"status_ids": ["7"]}, 404),
    "many posts": ({"status_ids": [str(one) for one in range(51)]}, 422),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_reported_is_refused(served: Served, alice: Person, bob: Person, case: str) -> None:
    values, status = REFUSED[case]

    answer = await alice.web.post("/api/v1/reports", json={"account_id": bob.id, **values})

    assert (answer.status_code, await kept(served)) == (status, [])
    assert answer.json()["error"]


async def test_posts_of_others_and_unseen_ones_are_not_named(served: Served, alice: Person, bob: Person) -> None:
    mine = await alice.say("Mine")
    hidden = await bob.say("For followers", visibility="private")

    for one in (mine, hidden):
        body = {"account_id": bob.id, "status_ids": [one["id"]]}
        assert await alice.status_of("POST", "/api/v1/reports", json=body) == 404
    assert await kept(served) == []


async def test_nobody_reports_themselves(alice: Person) -> None:
    assert await alice.status_of("POST", "/api/v1/reports", json={"account_id": alice.id}) == 403


async def test_a_member_makes_only_so_many_reports_in_a_day(fediverse: Fediverse) -> None:
    served = await fediverse.node("strict.example", limits={"rate": True})
    async with person(served, "alice") as alice, person(served, "bob") as bob:
        for _ in range(DAILY):
            await alice.post("/api/v1/reports", account_id=bob.id)

        assert await alice.status_of("POST", "/api/v1/reports", json={"account_id": bob.id}) == 429
        assert await bob.status_of("POST", "/api/v1/reports", json={"account_id": alice.id}) == 200


async def test_nobody_reads_reports_in_an_app(served: Served, alice: Person, bob: Person) -> None:
    await alice.post("/api/v1/reports", account_id=bob.id, comment="Quokka")

    for path in ("/api/v1/reports", "/api/v1/reports/1", "/api/v1/admin/reports", "/api/v1/admin/reports/1"):
        for reader in (alice, bob):
            answer = await reader.web.get(path)
            assert answer.status_code in (404, 405), path
            assert "Quokka" not in answer.text
