"""A case study that builds on an idea and shows measures: all its parts arrive together where the idea began."""

from __future__ import annotations

import json
import re
from typing import Any

from storage import lineage, posts
from storage.kinds import Kind
from storage.lineage import Counts
from tests.federation.test_lineage import IDEA, counts, document
from tests.federation.test_measures import POINTS, SAID
from tests.federation.test_two_nodes import share
from tests.serving import Fediverse, Served

CASE: dict[str, Any] = {
    "topics": ["pressure-ulcers"], "settings": ["acute-ward"], "evidence": "local-data", "teaser": "Fewer, in a year.",
    "aim": "Halve heel ulcers on four wards.", "baseline": "3.1 a month & rising", "did_not_work": "Posters.",
    "drivers": {"aim": "Half", "primary": [{"name": "See early", "secondary": ["mirror"]}]}, "advice": "One bay first.",
    "changes": ["Mirror on the trolley"], "pdsa": [{"cycle": 1, "plan": "One bay", "study": "2 fewer", "act": "adapt"}],
}  # fmt: skip
CHART = re.compile(r"<(?:svg|table)\b.*?</(?:svg|table)>", re.DOTALL)


async def charts(served: Served, path: str) -> list[str]:
    """The charts of a page, and the tables of their numbers."""
    async with served.client() as http:
        page = await http.get(path)
    assert page.status_code == 200, page.text
    return [one for one in CHART.findall(page.text) if one.startswith("<table") or 'role="img"' in one]


async def test_a_case_study_with_numbers_that_builds_on_an_idea_arrives_whole(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    app = await south.as_member(sam)
    kept = (await app.post("/api/v1/sharewell/measures", json=SAID)).json()
    changed = {"at": "2025-07", "change": "New mattresses", "why": "On every bed"}
    await app.post(f"/api/v1/sharewell/measures/{kept['id']}/rebases", json=changed)
    fields = {**CASE, "derived_from": idea.uri, "measures": [kept["id"]]}
    own = {"kind": "case-study", "title": "Halving heel ulcers", "fields": fields}

    made = await app.post("/api/v1/statuses", json={"status": "And thank you.", "sharewell": own})
    await fediverse.quiet()

    assert made.status_code == 200, made.text
    status = made.json()
    async with north.database.reading() as db, south.database.reading() as at_home:
        there, here = await posts.by_uri(db, status["uri"]), await posts.by_uri(at_home, status["uri"])
        children = await lineage.counts(db, [idea.id])
    assert (there.kind, there.title, there.fields) == (Kind.CASE_STUDY, here.title, here.fields)
    arrived = json.loads(there.fields)
    [measure] = arrived["measures"]
    assert {**arrived, "measures": [kept["id"]]} == fields
    assert (measure["points"], measure["rebases"][0][:3]) == (POINTS, list(changed.values()))

    said = await document(south, status["uri"])
    assert (said["type"], said["derivedFrom"], said["measures"][0]["type"]) == ("Article", idea.uri, "sw:Measure")
    assert all(words in said["content"] for words in ("Builds on", "Halve heel", "New mattresses", "And thank you."))

    shown = await charts(north, f"/@sam@south.example/{there.id}")
    assert [one[:6] for one in shown] == ["<svg c", "<svg c", "<table"]  # drawn wide and narrow, and its numbers
    assert [one.replace(str(there.id), str(here.id)) for one in shown] == await charts(south, f"/@sam/{here.id}")

    assert children == {idea.id: Counts(built=1)}
    assert await counts(south, idea.uri) == Counts(built=1)
    spread = await document(north, f"{idea.uri}/spread")
    assert (await document(north, spread["first"]))["orderedItems"] == [status["uri"]]
    async with north.client() as http:
        assert "Halving heel ulcers" in (await http.get(f"/@rosa/{idea.id}")).text
