"""Events and consultations on their way: as the kept examples; and events of other software as they are meant."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from federation.documents import posts as documents
from federation.documents.posts import RemotePost
from federation.site import Limits
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from storage.kinds import Kind
from tests.documents.test_corpus import somebody
from tests.documents.test_kinds import FOLDER, OWN, SINCE, document_of
from tests.serving import START, Fediverse

LATER = 1_893_456_000_000  # ms
PLACE = os.environ.get("SHAREWELL_DOCUMENTS", "")
EVENT = Draft(
    "Bring your count of 20.", kind=Kind.EVENT, title="Friday count clinic", language="en-GB",
    fields={"start": "2026-12-04T12:30", "end": "2026-12-04T13:10", "zone": "Europe/London", "mode": "online",
            "cost": "free", "link": "https://meet.example/secret-room"},
)  # fmt: skip
POLL = Draft(
    "", kind=Kind.CONSULTATION, title="What should this network give you first?", language="en-GB",
    poll=NewPoll(
        ["People to ask", "Ready-made tools", "Charts and data", "A place to share failures"], 21 * 24 * 3600, True
    ),
)  # fmt: skip
FEP = {"timezone", "joinMode", "eventStatus", "attendees", "nameMap", "cost"}  # FEP-8a8e, and other words of ours


def read(document: dict[str, Any]) -> RemotePost:
    return documents.read(document, somebody(document["attributedTo"]), now=LATER, limits=Limits())


async def test_an_event_says_what_the_example_says(fediverse: Fediverse) -> None:
    example = json.loads((FOLDER / "event.json").read_text())

    said = await document_of(fediverse, EVENT)

    own = OWN | SINCE | FEP | {"sensitive", "location", "tag"}
    assert {term: value for term, value in said.items() if term not in own} == {
        term: value for term, value in example.items() if term not in own
    }
    assert said["location"]["type"] == "VirtualLocation" and said["location"]["url"].endswith("/join")
    assert "secret-room" not in json.dumps(said)
    assert (said["timezone"], said["eventStatus"], said["attendees"]["totalItems"]) == (
        "Europe/London", "EventScheduled", 0,
    )  # fmt: skip


async def test_a_consultation_says_what_the_example_says(fediverse: Fediverse) -> None:
    example = json.loads((FOLDER / "poll.json").read_text())

    said = await document_of(fediverse, POLL)

    own = OWN | SINCE | {"sensitive", "endTime", "tag"}
    assert {term: value for term, value in said.items() if term not in own} == {
        term: value for term, value in example.items() if term not in own
    }
    ends = datetime.fromisoformat(said["endTime"]).timestamp() * 1000
    assert ends == pytest.approx(START + 21 * 24 * 3_600_000, abs=10_000)


async def test_another_node_reads_an_event_back_whole_but_for_the_way_in(fediverse: Fediverse) -> None:
    both = {"language": "cy", "title": "Clinig cyfrif", "text": "Dewch â’ch cyfrif."}
    fields = {**EVENT.fields, "mode": "both", "place": "Education centre, Cwm Derwen", "capacity": 40,
              "recording": "slides", "topics": ["cannulation"], "translation": both}  # fmt: skip

    said = await document_of(fediverse, Draft(EVENT.text, Kind.EVENT, EVENT.title, language="en-GB", fields=fields))

    back = read(said)
    assert json.loads(back.fields) == {name: value for name, value in fields.items() if name != "link"}
    assert said["contentMap"]["cy"] == "<p>Dewch â’ch cyfrif.</p>" and said["nameMap"]["cy"] == "Clinig cyfrif"
    assert back.html.startswith(
        "<p><strong>Friday count clinic</strong></p><p>Friday 4 December 2026, 12:30 to 13:10 (UK time), online and at"
    )


async def test_a_cancelled_event_says_so_in_words_and_terms(fediverse: Fediverse) -> None:
    said = await document_of(
        fediverse, Draft("Bring it.", Kind.EVENT, "Clinic", fields={**EVENT.fields, "status": "cancelled"})
    )

    assert said["eventStatus"] == "EventCancelled"
    assert said["summary"].startswith("Cancelled: Friday 4 December 2026")


def known(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((Path(PLACE) / name).read_text())
    inner: dict[str, Any] = document["object"]
    return inner


def test_events_of_other_software_are_read() -> None:
    if not PLACE:
        return
    gancio = read(known("gancio/test_fixtures_gancio-event-activity.json"))
    mobilizon = read(known("mobilizon/test_fixtures_mobilizon-post-activity.json"))

    assert gancio.kind is mobilizon.kind is Kind.EVENT
    assert json.loads(gancio.fields) == {
        "start": "2021-07-14T17:30", "end": "2021-07-14T18:30", "zone": "Etc/GMT-2", "mode": "in-person",
        "place": "Colosseo",
    }  # fmt: skip
    assert json.loads(mobilizon.fields) == {
        "start": "2018-02-12T14:08", "zone": "UTC", "mode": "in-person",
        "place": "Locaux de Framasoft, 10 Rue Jangot, Lyon, Auvergne Rhône Alpes, 69007, France",
    }  # fmt: skip
    assert "14:08 (UTC), at Locaux de Framasoft" in mobilizon.html


HOSTILE: dict[str, dict[str, Any]] = {
    "no start": {"startTime": None},
    "no time": {"startTime": "tomorrow"},
    "absurd capacity": {"startTime": "2026-12-04T12:30:00Z", "maximumAttendeeCapacity": 10**15},
    "unknown zone": {"startTime": "2026-12-04T12:30:00Z", "timezone": "../../etc/passwd"},
    "ends before": {"startTime": "2026-12-04T12:30:00Z", "endTime": "2020-01-01T00:00:00Z"},
    "strange place": {"startTime": "2026-12-04T12:30:00Z", "location": [1, None, {"type": 7, "name": ["x"]}]},
    "far": {"startTime": "9999-12-31T23:59:59Z", "timezone": "Asia/Tokyo"},
    "way in": {
        "startTime": "2026-12-04T12:30:00Z",
        "link": "https://evil.example/",
        "sw:link": "https://evil.example/",
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_makes_no_sense_is_left_out(name: str) -> None:
    example = json.loads((FOLDER / "event.json").read_text())

    back = read({**example, "kind": "sw:Event", **HOSTILE[name]})

    fields = json.loads(back.fields or "{}")
    assert back.kind is (Kind.PLAIN if name in ("no start", "no time", "far") else Kind.EVENT)
    assert "capacity" not in fields and "link" not in fields
    assert fields.get("zone") in (None, "Europe/London", "UTC")
    assert "evil.example" not in back.html + back.fields
