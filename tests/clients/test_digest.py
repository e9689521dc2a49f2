"""The weekly mail: chosen on a page or by an app, sent once a week, calm, and ended with one click."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.connecting import digests
from node.connecting.digests import ZONE, next_due
from storage.ids import time_of
from storage.jobs import Job
from tests.clients.person import Person, person
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import Relay, Taken, relaying
from tests.serving import ON_BOTH, Fediverse, Served

WEEK = 7 * 24 * 60 * 60  # seconds
FALLS = {"kind": "safety-note", "title": "Socks", "fields": {"situation": "Socks slip.", "recommendation": "Grips."}}


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


async def node(fediverse: Fediverse, relay: Relay) -> Served:
    return await fediverse.node(
        "here.example", title="Northmoor Coast", contact="help@here.example", mail=relay.options()
    )


async def pass_time(served: Served, seconds: float) -> None:
    """Let time pass, and have the worker do what it does every ten minutes."""
    served.fediverse.clock.advance(seconds=seconds)
    await digests.promise(served.node, Job(1, "", "promise-digests", 0, "", None, "", 0, 0, 0))
    await served.fediverse.quiet()


def plain(taken: Taken) -> str:
    body = taken.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def say(author: Person) -> None:
    await author.say("", sharewell=FALLS)
    await author.say("Who else counts falls by night?")
    await author.say("Only for those who follow me", visibility="private")
    await author.say("A warning goes before it", spoiler_text="Hard to read")


@ON_BOTH
async def test_a_member_chooses_a_day_and_gets_one_mail_a_week_with_what_they_missed(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await node(fediverse, relay)
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        assert imelda.actor is not None
        async with browsing(served, imelda.actor) as page:
            form = (await page.get("/settings/mail")).text
            sent = {"proof": hidden(form, "proof"), "weekly": "1", "weekday": "4", "hour": "7"}
            assert (await page.post("/settings/mail", data=sent)).status_code == 303
            assert 'value="4" selected' in (await page.get("/settings/mail")).text
        assert (await imelda.get("/api/v1/sharewell/digest"))["weekly"] is True
        await pass_time(served, 1)
        assert relay.taken == []
        await say(rosa)
        await say(imelda)
        await pass_time(served, WEEK)

        [taken] = relay.taken
        mail = taken.message
        assert (taken.to, mail["Subject"]) == (["imelda@mail.example"], "Your week on Northmoor Coast")
        html = mail.get_body(("html",))
        assert html is not None
        for body in (plain(taken), html.get_content()):
            assert re.findall(r"Safety note: Socks|Who else counts falls by night\?", body) == [
                "Safety note: Socks", "Who else counts falls by night?",
            ]  # fmt: skip
            assert "@rosa@here.example" in body
            assert "follow me" not in body
            assert "warning" not in body
            assert "@imelda" not in body
        assert "src=" not in html.get_content()


async def test_nothing_to_tell_is_no_mail_and_a_node_that_was_off_sends_one(fediverse: Fediverse, relay: Relay) -> None:
    served = await node(fediverse, relay)
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        await imelda.web.put("/api/v1/sharewell/digest", json={"weekday": 0, "hour": 0})
        await pass_time(served, WEEK)
        assert relay.taken == []
        served.fediverse.clock.advance(seconds=5 * WEEK)
        await say(rosa)
        await pass_time(served, 60)
        await pass_time(served, 60)

    assert len(relay.taken) == 1


async def test_one_click_in_the_mail_program_ends_it_and_a_look_does_not(fediverse: Fediverse, relay: Relay) -> None:
    served = await node(fediverse, relay)
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        await imelda.web.put("/api/v1/sharewell/digest", json={})
        await pass_time(served, 3 * WEEK)
        await say(rosa)
        await pass_time(served, WEEK)
        [taken] = relay.taken
        assert taken.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = urlsplit(taken.message["List-Unsubscribe"].strip(" <>")).path
        async with served.client() as anyone:
            assert "Press the button" in (await anyone.get(path, headers={"accept": "text/html"})).text
            assert (await imelda.get("/api/v1/sharewell/digest"))["weekly"] is True
            wrong = path[:-1] + ("0" if path[-1] != "0" else "1")
            assert (await anyone.post(wrong)).status_code == 404
            assert (await anyone.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
            assert (await anyone.post(path, headers={"accept": "text/html"})).status_code == 200
        assert (await imelda.get("/api/v1/sharewell/digest"))["weekly"] is False
        await say(rosa)
        await pass_time(served, WEEK)

    assert len(relay.taken) == 1


async def test_a_mail_that_the_relay_did_not_take_is_sent_later_with_the_same(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await node(fediverse, relay)
    relay.refusals["MAIL"] = ["451 4.3.0 later"]
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        await imelda.web.put("/api/v1/sharewell/digest", json={})
        await pass_time(served, WEEK)
        await say(rosa)
        await pass_time(served, WEEK)
        assert relay.taken == []
        await pass_time(served, 120)

    assert [("Socks" in one.text) for one in relay.taken] == [True]


async def test_a_question_that_nobody_answered_for_two_days_is_told(fediverse: Fediverse, relay: Relay) -> None:
    served = await node(fediverse, relay)
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        await imelda.web.put("/api/v1/sharewell/digest", json={})
        await rosa.say("", sharewell={"kind": "question", "title": "Who charts days between?"})
        asked = await rosa.say("", sharewell={"kind": "question", "title": "Who has a huddle at three?"})
        await rosa.say("We do", in_reply_to_id=asked["id"])
        ahead = time_of(int(asked["id"])) - fediverse.clock.now  # ids of one process never go back, clocks of tests do
        await pass_time(served, WEEK + max(0, ahead) / 1000)

    worth, _, open_ones = plain(relay.taken[0]).partition("QUESTIONS NOBODY HAS ANSWERED YET")
    assert "Who charts days between?" in open_ones
    assert "Who charts days between?" not in worth
    assert "huddle" not in open_ones


@pytest.mark.parametrize("wrong", [{"weekday": 7}, {"hour": 24}, {"hour": "noon"}, {"weekday": [1]}])
async def test_there_are_seven_days_of_24_hours(fediverse: Fediverse, relay: Relay, wrong: dict[str, object]) -> None:
    served = await node(fediverse, relay)
    async with person(served, "imelda") as imelda:
        answer = await imelda.web.put("/api/v1/sharewell/digest", json=wrong)

        assert answer.status_code == 422
        assert (await imelda.get("/api/v1/sharewell/digest"))["weekly"] is False


async def test_a_node_without_mail_says_so(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example")
    ida = await served.account("ida")
    async with person(served, "imelda") as imelda, browsing(served, ida) as page:
        assert (await imelda.web.put("/api/v1/sharewell/digest", json={})).status_code == 422
        assert "sends no mail" in (await page.get("/settings/mail")).text


@given(st.integers(0, 6), st.integers(0, 23), st.integers(1_700_000_000_000, 2_000_000_000_000))
def test_the_next_is_within_a_week_at_that_hour_of_that_day(weekday: int, hour: int, now: int) -> None:
    due = next_due(weekday, hour, now)
    here = datetime.fromtimestamp(due / 1000, UTC).astimezone(ZONE)

    assert now < due <= now + (WEEK + 3600) * 1000
    assert here.weekday() == weekday
    assert here.hour == hour or (hour == 1 and here.hour == 2)  # the hour that summer time leaves out
    assert here.minute == 0


async def test_what_was_withdrawn_is_not_told_and_who_ended_it_gets_none_that_waits(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await node(fediverse, relay)
    async with person(served, "rosa") as rosa, person(served, "imelda") as imelda:
        await imelda.web.put("/api/v1/sharewell/digest", json={})
        await pass_time(served, WEEK)
        held = await rosa.say("", sharewell=FALLS)
        await rosa.say("Who else counts falls by night?")
        await rosa.edit(held["id"], sharewell={"withdrawn": "Grips slip too."})
        await pass_time(served, WEEK)
        [taken] = relay.taken
        await rosa.say("And by day?")
        relay.refusals["MAIL"] = ["451 4.3.0 later"]
        await pass_time(served, WEEK)
        await imelda.delete("/api/v1/sharewell/digest")
        await pass_time(served, 120)

    assert ("Socks" in plain(taken), "by night" in plain(taken)) == (False, True)
    assert relay.taken == [taken]
