"""Quiet times: nothing is pushed or mailed while it is quiet, nothing is lost, and one message follows."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.client import Client
from node.config import parse
from node.surfacing import letters
from node.surfacing.letters import Letter
from storage import jobs
from storage.quiet_times import DAY, NIGHTS, Quiet
from tests.clients.device import Device
from tests.clients.person import person
from tests.clients.test_push import Service, service
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import Relay, relaying
from tests.serving import Fediverse, Served

__all__ = ["service"]
HOUR = 60 * 60 * 1000  # ms
PATH = "/api/v1/sharewell/quiet_times"


def ms(said: str) -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


async def test_a_weekend_is_quiet_and_one_message_follows(fediverse: Fediverse, service: Service, relay: Relay) -> None:
    federation = {"insecure_http": True, "private_peers": [service.peer.place]}
    config = parse({"domain": "here.example", "federation": federation})
    client = Client.of(config.base_url, "", config.federation)
    served: Served = await fediverse.node(
        "here.example", client=client, federation=federation, contact="help@here.example", mail=relay.options()
    )
    fediverse.clock.now = ms("2026-11-27T23:30")  # a Friday, half past twelve in Paris
    async with person(served, "alice") as alice, person(served, "bob") as bob:
        assert alice.actor is not None
        device = Device()
        await device.subscribe(alice, service.peer.url("/1"))
        async with browsing(served, alice.actor) as page:
            form = (await page.get("/settings/quiet")).text
            sent = {"proof": hidden(form, "proof"), "starts": "19:00", "ends": "07:30", "days[]": ["5", "6"]}
            wrong = await page.post("/settings/quiet", data={**sent, "zone": "Mars/Rover", "asked": "1"})
            fine = await page.post("/settings/quiet", data={**sent, "zone": "Europe/Paris", "asked": "1"})
            again = (await page.get("/settings/quiet")).text
        assert (wrong.status_code, fine.status_code) == (422, 303)
        assert ('value="19:00"' in again, 'value="5" checked' in again, 'name="asked" value="1" checked' in again) == (
            True, True, True,
        )  # fmt: skip
        for words in ("one", "two"):
            await bob.say(f"@alice {words}")
        async with served.database.writing() as db:
            for letter in (Letter.ARCHIVE, Letter.SECURED):
                await letters.promise(db, served.node.config, letter, alice.actor.id, now=served.node.clock())
        served.database.signal(jobs.WAKE)
        assert await service.read(device) == []
        fediverse.clock.now = ms("2026-11-30T05:00")  # Monday, six in Paris
        await bob.say("@alice three")
        rota = [{"keyword": "rota", "whole_word": True}]
        await alice.post("/api/v2/filters", title="Rota", context=["notifications"], keywords_attributes=rota)
        await bob.say("@alice the rota")
        assert await service.read(device) == []
        assert [one.message["Subject"].split()[0] for one in relay.taken] == ["How"]
        assert (await alice.get(PATH))["until"] == "2026-11-30T06:30:00Z"
        fediverse.clock.now = ms("2026-11-30T06:31")
        [read] = await service.read(device)
        told = await alice.get("/api/v1/notifications")
        await bob.say("@alice four")
        [at_once] = await service.read(device)

    assert (read["body"], at_once["body"]) == ("@alice three", "@alice four")
    assert len(told) == 4
    assert [one.message["Subject"].split()[0] for one in relay.taken] == ["How", "Your"]
    await client.close()


async def test_an_app_sets_quiet_times_and_ends_them(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example")
    async with person(served, "alice") as alice:
        before = await alice.get(PATH)
        put = await alice.web.put(PATH, json={"starts": "22:00", "ends": "07:00", "days": [6]})
        refused = [
            await alice.status_of("PUT", PATH, json=one)
            for one in (
                {"starts": "25:00", "ends": "07:00"}, {"days": [0, 1, 2, 3, 4, 5, 6]}, {"days": [7]},
                {"starts": "07:00", "ends": "06:30"},
            )
        ]  # fmt: skip
        ended = await alice.delete(PATH)

    assert before == ended == {"starts": None, "ends": None, "days": [], "zone": None, "until": None}
    assert put.json() == {"starts": "22:00", "ends": "07:00", "days": [6], "zone": "Europe/London", "until": None}
    assert refused == [422] * 4


def test_a_night_over_a_change_of_clocks_and_a_weekend_that_joins_it() -> None:
    assert NIGHTS.until(ms("2026-10-24T22:30")) == ms("2026-10-25T07:00")  # 23:30 BST to 7:00 GMT
    weekend = Quiet(18 * 60, 8 * 60, frozenset({5, 6}), "Europe/London")
    assert weekend.until(ms("2026-11-27T17:59")) is None
    assert weekend.until(ms("2026-11-27T18:00")) == ms("2026-11-30T08:00")


@given(
    st.integers(0, DAY - 1),
    st.integers(0, DAY - 1),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.sampled_from(["Europe/London", "Asia/Kathmandu", "America/St_Johns", "UTC"]),
    st.integers(ms("2026-01-01"), ms("2028-01-01")),
)
def test_quiet_ends_once_it_is_over(starts: int, ends: int, days: frozenset[int], zone: str, now: int) -> None:
    quiet = Quiet(starts, ends, days, zone)
    until = quiet.until(now)
    if until is not None:
        assert now < until < now + 9 * 24 * HOUR
        assert quiet.until(until) is None
        assert quiet.until(until - 1) == until
