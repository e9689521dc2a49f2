"""Events and consultations on pages: announced, joined, changed, cancelled, in a calendar; asked and summed up."""

from __future__ import annotations

import html
import re

import httpx2

from storage import consultations, events
from storage.actors import Actor
from storage.kinds import Kind
from storage.posts import Post
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_writing import newest, send
from tests.serving import Fediverse

EVENT = {
    "title": "Friday count clinic", "text": "Bring your count of 20.", "start": "2026-12-04T12:30",
    "end": "2026-12-04T13:10", "zone": "Europe/London", "mode": "both", "place": "Education centre, Cwm Derwen",
    "link": "https://meet.example/secret", "capacity": "1", "cost": "free", "recording": "slides",
    "topics": "cannulation", "visibility": "public", "sure": "1", "other_language": "cy", "other_title": "Clinig",
    "other_text": "Dewch â’ch cyfrif.",
}  # fmt: skip
ASKED = {
    "title": "What should this network give you first?", "text": "We decide in January.", "option1": "People to ask",
    "option2": "Tools", "option7": "Charts", "multiple": "1", "closes": "2026-11-05", "visibility": "public",
    "sure": "1",
}  # fmt: skip


async def made(sample: Sample, author: Actor, path: str, values: dict[str, str]) -> Post:
    async with browsing(sample.served, author) as client:
        answer = await send(client, path, values)
    assert answer.status_code == 303, answer.text
    return (await newest(sample.served, author.id))[0]


async def press(client: httpx2.AsyncClient, page: str, path: str) -> httpx2.Response:
    shown = (await client.get(page)).text
    return await client.post(path, data={"proof": hidden(shown, "proof")}, follow_redirects=True)


async def test_an_event_is_announced_joined_left_and_cancelled(sample: Sample, reader: httpx2.AsyncClient) -> None:
    imelda, other = sample.imelda, sample.rosa
    post = await made(sample, imelda, "/write/event", EVENT)
    page = f"/@{imelda.handle}/{post.id}"

    public = html.unescape((await reader.get(page)).text)
    for words in (
        "Friday 4 Dec 2026, 12:30 to 13:10", "(UK time)", "Online and in person: Education centre, Cwm Derwen",
        "0 of 1 taken", "Bring your count of 20.", "Only slides are shared afterwards",
        '<details><summary lang="cy">Cymraeg: Clinig</summary>',
        "Dewch â’ch cyfrif.",
    ):  # fmt: skip
        assert words in public
    assert "meet.example" not in public and "Who comes" not in public
    listed = (await reader.get("/events")).text
    assert "Friday count clinic" in listed and "Friday 4 December 2026, 12:30" in listed
    assert "Friday count clinic" in (await reader.get("/events?topic=cannulation")).text
    assert "Friday count clinic" not in (await reader.get("/events?topic=falls")).text
    assert "Friday count clinic" not in (await reader.get("/events/past")).text

    async with browsing(sample.served, other) as client:
        before = (await client.get(page)).text
        joined = html.unescape((await press(client, page, f"/events/{post.id}/join")).text)
        left = (await press(client, page, f"/events/{post.id}/leave")).text
        await press(client, page, f"/events/{post.id}/join")
    async with browsing(sample.served, imelda) as client:
        organiser = html.unescape((await client.get(page)).text)
        off = (await press(client, f"/events/{post.id}/change", f"/events/{post.id}/cancel")).text
    assert "meet.example" not in before + left and "Come to this event" in before + left
    assert "https://meet.example/secret" in joined and "You have a place." in joined
    assert "Who comes" in organiser and f"/@{other.handle}" in organiser and "meet.example" in organiser
    assert "This event does not take place." in off
    async with browsing(sample.served, other) as client:
        told = (await client.get("/notifications")).text
    assert "Cancelled:" in told and "Friday count clinic" in told


async def test_a_new_time_is_kept_and_what_was_not_asked_stays(sample: Sample) -> None:
    post = await made(sample, sample.imelda, "/write/event", EVENT)
    async with browsing(sample.served, sample.imelda) as client:
        form = (await client.get(f"/events/{post.id}/change")).text
        values = {**EVENT, "proof": hidden(form, "proof"), "start": "2026-12-05T12:30", "end": "2026-12-05T13:00"}
        answer = await client.post(f"/events/{post.id}/change", data=values)
        bad = await client.post(f"/events/{post.id}/change", data={**values, "end": "2026-12-01T13:00"})

    assert 'value="https://meet.example/secret"' in form and "Dewch â’ch cyfrif." in html.unescape(form)
    assert (answer.status_code, bad.status_code) == (303, 422)
    assert "It ends after it begins." in bad.text
    async with sample.served.database.reading() as db:
        when = await events.one(db, post.id)
    assert when is not None and (when.starts, when.link) == (1_796_473_800_000, "https://meet.example/secret")


WRONG = [
    ("/write/event", {**EVENT, "start": "2026-01-01T10:00", "end": "2026-01-01T11:00"}, "start", "in the past"),
    ("/write/event", {**EVENT, "start": "soon"}, "start", "Write the day and time"),
    ("/write/event", {**EVENT, "start": ""}, "start", "Say when it begins."),
    ("/write/event", {**EVENT, "end": "2026-12-04T12:00"}, "end", "It ends after it begins."),
    ("/write/event", {**EVENT, "zone": "Moon/Base"}, "zone", "Choose a time zone"),
    ("/write/event", {**EVENT, "capacity": "9999999"}, "capacity", "whole number from 1"),
    ("/write/event", {**EVENT, "link": "meet me"}, "link", "whole web address"),
    ("/write/event", {**EVENT, "other_text": ""}, "other_text", "Give the language"),
    ("/write/event", {**EVENT, "text": "Ask for Mrs Anne Porter, NHS number 943 476 5919."}, "text", "NHS number"),
    ("/write/event", {**EVENT, "place": "Bedside, NHS number 943 476 5919"}, "place", "NHS number"),
    ("/write/consultation", {**ASKED, "closes": "2026-01-01"}, "closes", "The last day is past"),
    ("/write/consultation", {**ASKED, "closes": "later"}, "closes", "Write the last day"),
    ("/write/consultation", {**ASKED, "closes": "2028-01-01"}, "option1", "half a year"),
    ("/write/consultation", {**ASKED, "option2": "", "option7": ""}, "option1", "at least two options"),
    ("/write/consultation", {**ASKED, "title": ""}, "title", "Give it a title."),
]  # fmt: skip


async def test_what_is_wrong_is_said_beside_what_was_typed(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        for path, values, field, words in WRONG:
            answer = await send(client, path, values)

            assert answer.status_code == 422, words
            shown = html.unescape(answer.text)
            assert re.search(rf'id="{field}-e">.*{re.escape(words)}', shown), re.findall(r'id="[a-z0-9_]+-e">.*', shown)
            assert values["title"] in shown and values.get("other_title", "") in shown


async def test_a_calendar_has_the_event_for_everybody_without_the_way_in(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    post = await made(sample, sample.imelda, "/write/event", EVENT)
    private = await made(sample, sample.imelda, "/write/event", {**EVENT, "title": "Inside", "visibility": "private"})

    one = await reader.get(f"/@{sample.imelda.handle}/{post.id}.ics")
    feed = await reader.get("/events.ics")
    hidden_one = await reader.get(f"/@{sample.imelda.handle}/{private.id}.ics")
    none = await reader.get(f"/@{sample.imelda.handle}/1.ics")

    assert one.headers["content-type"] == "text/calendar; charset=utf-8"
    plain = one.text.replace("\r\n ", "")
    for line in (
        "DTSTART;TZID=Europe/London:20261204T123000", "SUMMARY:Friday count clinic", f"UID:{post.uri}",
        "LOCATION:Education centre\\, Cwm Derwen", "STATUS:CONFIRMED",
    ):  # fmt: skip
        assert f"{line}\r\n" in plain
    assert "BEGIN:VTIMEZONE" in plain and plain.count("BEGIN:VEVENT") == 1 and "Bring your count" in plain
    assert (
        "Friday count clinic" in feed.text and "Inside" not in feed.text and "meet.example" not in one.text + feed.text
    )
    assert (hidden_one.status_code, none.status_code) == (404, 404)


async def test_a_consultation_is_asked_answered_closed_and_summed_up(
    fediverse: Fediverse, sample: Sample, reader: httpx2.AsyncClient
) -> None:
    imelda, other = sample.imelda, sample.rosa
    post = await made(sample, imelda, "/write/consultation", ASKED)
    page = f"/@{imelda.handle}/{post.id}"
    assert (post.kind, post.type) == (Kind.CONSULTATION, "Question")
    shown = (await reader.get(page)).text
    assert "Open until 5 Nov 2026" in shown and "We decide in January." in shown and "Charts" in shown
    assert ASKED["title"] in (await reader.get("/consultations")).text
    async with browsing(sample.served, other) as client:
        proof = hidden((await client.get(page)).text, "proof")
        voted = await client.post(f"/posts/{post.id}/vote", data={"proof": proof, "choice[]": ["0", "2"]})
        theirs = await client.get(f"/consultations/{post.id}/summary")
    assert (voted.status_code, theirs.status_code) == (303, 403)

    fediverse.clock.advance(seconds=20 * 24 * 60 * 60)
    await fediverse.quiet()
    assert ASKED["title"] in (await reader.get("/consultations/without-summary")).text
    values = {"theme1": "People to ask", "count1": "12", "sentence1": "You want names.", "theme4": "Nothing else",
              "did": "We opened the finder.", "sure": "1"}  # fmt: skip
    async with browsing(sample.served, imelda) as client:
        path = f"/consultations/{post.id}/summary"
        wrong = await send(client, path, {**values, "count1": "many"})
        unsure = await send(client, path, {**values, "sure": ""})
        blocked = await send(client, path, {**values, "sentence1": "He is 943 476 5919 by NHS number."})
        answer = await send(client, path, values)
    assert [one.status_code for one in (wrong, unsure, blocked, answer)] == [422, 422, 422, 303]
    assert "whole number" in wrong.text and "NHS number" in blocked.text

    summary = html.unescape((await reader.get(answer.headers["location"])).text)
    for words in (
        "You said",
        "People to ask",
        "(12)",
        "You want names.",
        "We opened the finder.",
        "1 person voted here",
    ):
        assert words in summary
    assert f'href="{page}"' in summary
    assert f'href="{answer.headers["location"]}"' in (await reader.get(page)).text
    assert ASKED["title"] in (await reader.get("/consultations/closed")).text
    assert ASKED["title"] not in (await reader.get("/consultations/without-summary")).text
    async with browsing(sample.served, imelda) as client:
        front = html.unescape((await client.get("/")).text)
    assert "<b>We did:</b>" in front and f"You said, we did: {ASKED['title']}" not in front
    async with browsing(sample.served, other) as client:
        assert "says what came of a consultation that you answered" in (await client.get("/notifications")).text
    async with sample.served.database.reading() as db:
        kept = await consultations.one(db, post.id)
    assert kept is not None and kept.summary_id is not None


async def test_what_is_not_there_is_said_so(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        proof = hidden((await client.get("/write")).text, "proof")
        for path in ("/events/0/join", "/events/99/join", "/events/x/leave", "/events/99/cancel"):
            assert (await client.post(path, data={"proof": proof})).status_code == 404
