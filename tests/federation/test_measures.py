"""Measures on their way: numbers whole for another node of ours, a picture and words for everybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from federation.documents import posts as documents
from federation.site import Limits
from storage import posts
from storage.kinds import Kind
from tests.documents.test_corpus import somebody
from tests.federation.remote import AS2
from tests.federation.test_recalls import follower
from tests.serving import Fediverse

NUMBERS = [3.0, 3.4, 3.1, 2.9, 3.3, 3.0, 3.2, 3.1, 2.8, 3.4, 3.0, 3.2, 1.1]
POINTS = [[f"{2024 + (8 + place) // 12}-{(8 + place) % 12 + 1:02}", one] for place, one in enumerate(NUMBERS)]
SAID: dict[str, Any] = {
    "name": "Heel ulcers per 1,000 bed-days", "unit": "per 1,000 bed-days", "direction": "down", "baseline": 12,
    "definition": "Ulcers of category 2 and more", "points": POINTS, "open": True,
}  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "type": "sw:Measure", "name": "Heel ulcers per 1,000 bed-days", "sw:chart": "xmr", "sw:direction": "down",
    "sw:baseline": 12, "points": [["2024-09", 3.0], ["2024-10", 3.4]],
}  # fmt: skip


async def test_a_measure_is_drawn_on_another_node_and_a_picture_to_everybody_else(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    south, sam = await follower(fediverse, "south.example", north, rosa)
    app = await north.as_member(rosa)
    kept = (await app.post("/api/v1/sharewell/measures", json=SAID)).json()
    path = f"/api/v1/sharewell/measures/{kept['id']}"
    await app.post(f"{path}/annotations", json={"at": "2025-03", "text": "Mirrors came"})
    await app.post(f"{path}/rebases", json={"at": "2025-07", "change": "New mattresses", "why": "On every bed"})
    own = {"kind": "measure", "title": "Fewer heel ulcers", "fields": {"measures": [kept["id"]]}}

    made = await app.post("/api/v1/statuses", json={"status": "It was the huddle.", "sharewell": own})
    await fediverse.quiet()

    assert made.status_code == 200, made.text
    status = made.json()
    async with north.client() as http:
        document = (await http.get(status["uri"], headers={"accept": AS2})).json()
        picture = await http.get(status["media_attachments"][0]["url"])
    [measure], [image] = document["measures"], document["attachment"]
    assert (document["type"], document["kind"], "summary" in document) == ("Note", "sw:Measure", False)
    assert (measure["type"], measure["points"], measure["sw:baseline"]) == ("sw:Measure", POINTS, 12)
    assert measure["sw:annotations"] == [{"type": "sw:Annotation", "sw:at": "2025-03", "name": "Mirrors came"}]
    assert measure["sw:rebases"][0]["sw:why"] == "On every bed"
    assert (image["type"], image["mediaType"], image["url"]) == ("Image", "image/png", measure["image"]["url"])
    assert image["name"].startswith("XmR chart: Heel ulcers") and picture.content[:4] == b"\x89PNG"
    assert all(one in document["content"] for one in ("<strong>Measure: Fewer heel ulcers", "It was the huddle."))
    assert measure["sw:finding"].replace("'", "") in document["content"]

    async with south.database.reading() as db:
        there = await posts.by_uri(db, status["uri"])
    assert there.kind is Kind.MEASURE
    assert json.loads(there.fields)["measures"] == status["sharewell"]["fields"]["measures"]
    async with south.client() as http:
        page = (await http.get(f"/@rosa@north.example/{there.id}")).text
    assert page.count('role="img"') == 2 and "New mattresses" in page and '<th scope="row">Sep 2024</th>' in page
    assert sam.here


async def test_what_is_sent_again_shows_the_numbers_as_they_are_then(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    app = await north.as_member(rosa)
    kept = (await app.post("/api/v1/sharewell/measures", json=SAID)).json()
    own = {"kind": "measure", "title": "Fewer heel ulcers", "fields": {"measures": [kept["id"]]}}
    made = (await app.post("/api/v1/statuses", json={"status": "", "sharewell": own})).json()
    await app.post(f"/api/v1/sharewell/measures/{kept['id']}/points", json={"points": [["2025-10", 1.2]]})

    before = (await app.get(f"/api/v1/statuses/{made['id']}")).json()
    again = {"sharewell": {"fields": {"measures": [kept["id"]]}}}
    edited = (await app.put(f"/api/v1/statuses/{made['id']}", json=again)).json()
    words = (await app.put(f"/api/v1/statuses/{made['id']}", json={"status": "Two months now."})).json()

    points = [len(one["sharewell"]["fields"]["measures"][0]["points"]) for one in (before, edited, words)]
    assert points == [13, 14, 14]
    assert [len(one["media_attachments"]) for one in (made, edited, words)] == [1, 1, 1]
    assert made["media_attachments"][0]["url"] != edited["media_attachments"][0]["url"]


async def test_only_who_keeps_a_measure_shows_it(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, ann = await north.account("rosa"), await north.account("ann")
    kept = (await (await north.as_member(rosa)).post("/api/v1/sharewell/measures", json=SAID)).json()
    own = {"kind": "measure", "title": "Fewer heel ulcers", "fields": {"measures": [kept["id"]]}}

    answer = await (await north.as_member(ann)).post("/api/v1/statuses", json={"status": "", "sharewell": own})

    assert (answer.status_code, answer.json()["error"]) == (422, "You have no such measure.")


def read(measures: Any) -> list[dict[str, Any]]:
    author = somebody("https://far.example/users/a")
    document = {
        "id": "https://far.example/1", "type": "Note", "kind": "sw:Measure", "attributedTo": author.uri,
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "content": "<p>x</p>", "title": "Fewer",
        "measures": measures,
    }  # fmt: skip
    back = documents.read(document, author, now=1_893_456_000_000, limits=Limits())
    found: list[dict[str, Any]] = json.loads(back.fields or "{}").get("measures", [])
    return found


def test_the_example_of_a_measure_is_read() -> None:
    assert read([EXAMPLE]) == [
        {
            "name": EXAMPLE["name"], "baseline": 12, "direction": "down", "interval": "month", "chart": "xmr",
            "points": EXAMPLE["points"],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": [["2024-09", 1e300]]}, {"points": [["2024-09", "3"]]}, {"points": [["2024-09", True]]},
        {"points": [[str(one), 1] for one in range(1, 502)]}, {"points": {"2024-09": 3}}, {"points": [["soon", 1]]},
        {"name": None}, {"name": "x" * 201}, {"sw:chart": "pie"}, {"sw:baseline": -1}, {"sw:baseline": 1.5},
        {"sw:annotations": [{"sw:at": "2030-01", "name": "x"}]}, {"sw:annotations": [{"sw:at": {}, "name": "x"}]},
        {"sw:definition": "x" * 2001}, {"sw:definition": ["x"]},
    ],
    ids=range(15),
)  # fmt: skip
def test_a_measure_that_is_not_whole_is_not_shown_and_the_others_are(wrong: dict[str, Any]) -> None:
    assert [one["name"] for one in read([{**EXAMPLE, **wrong}, EXAMPLE])] == [EXAMPLE["name"]]


def test_there_are_not_too_many_measures_and_no_address_is_a_script() -> None:
    found = read([{**EXAMPLE, "url": "javascript:alert(1)", "image": {"url": "data:x"}}] * 9)

    assert (len(found), "url" in found[0], "picture" in found[0]) == (6, False, False)
