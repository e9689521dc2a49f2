"""A badge says that a work address is confirmed: of listed domains alone, while its member wants it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.config import ConfigError, parse
from node.connecting import badges, changing
from storage import members
from storage.actors import Actor
from storage.jobs import Job
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import Relay, relaying
from tests.serving import ON_BOTH, Fediverse, Served

WORK = {"work_domains": ["trust.example", ".nhs.example"]}


async def _move(served: Served, relay: Relay, actor: Actor, email: str) -> None:
    """A member wants another address, and opens the link that came there."""
    async with served.database.reading() as db:
        member = await members.by_id(db, actor.id)
    await changing.wish_address(served.node, member, email)
    await served.fediverse.quiet()
    await changing.take_address(served.node, relay.to(email)[0].path.rpartition("/")[2])


async def _verified(served: Served, actor: Actor) -> list[Any]:
    async with served.client() as reader:
        found = (await reader.get(f"/api/v1/accounts/{actor.id}")).json()["fields"]
    return [(one["value"], one["verified_at"] is not None) for one in found]


@ON_BOTH
async def test_a_confirmed_work_address_is_shown_while_it_holds(fediverse: Fediverse) -> None:
    async with relaying() as relay:
        served = await fediverse.node("north.example", mail=relay.options(), registration=WORK)
        rosa = await served.account("rosa")
        async with browsing(served, rosa) as author, served.client() as reader:
            before = [await _verified(served, rosa), "Work address" in (await author.get("/settings/profile")).text]
            await _move(served, relay, rosa, "rosa@ward.nhs.example")
            shown, page = await _verified(served, rosa), (await reader.get("/@rosa")).text
            settings = (await author.get("/settings/profile")).text
            form = {"proof": hidden(settings, "proof")}
            await author.post("/settings/profile/work", data={**form, "show": "0"})
            kept_back, blank = await _verified(served, rosa), (await reader.get("/@rosa")).text
            await author.post("/settings/profile/work", data={**form, "show": "1"})
            again = await _verified(served, rosa)
            without = replace(served.node, config=replace(served.node.config, registration=parse_without()))
            await badges.sweep(served.node, JOB)
            still = await _verified(served, rosa)
            await badges.sweep(without, JOB)
            taken = await _verified(served, rosa)
            await _move(served, relay, rosa, "rosa@home.example")
            moved = await _verified(served, rosa)

    assert before == [[], False]
    assert shown == again == still == [("ward.nhs.example", True)]
    assert "ward.nhs.example" in page and "confirmed," in page and "rosa@ward" not in page
    assert "Your page says that your address at ward.nhs.example is confirmed." in settings
    assert (kept_back, "nhs.example" in blank) == ([], False)
    assert (taken, moved) == ([], [])


JOB = Job(0, None, "settle-badges", 0, "", None, "", 0, 0, 0)


def parse_without() -> Any:
    """The settings of a node that lists nothing."""
    return parse({"domain": "north.example"}).registration


def test_only_listed_domains_count_and_what_is_none_stops_the_start() -> None:
    config = parse({"domain": "north.example", "registration": WORK})
    found = {
        one: badges.domain_of(config, f"rosa@{one}")
        for one in ("trust.example", "TRUST.example", "a.trust.example", "nhs.example", "b.nhs.example", "xnhs.example",
                    "nhs.example.evil.example", "")
    }  # fmt: skip

    assert [one for one, domain in found.items() if domain] == ["trust.example", "TRUST.example", "b.nhs.example"]
    with pytest.raises(ConfigError, match=r"registration\.work_domains"):
        parse({"domain": "north.example", "registration": {"work_domains": ["@trust.example"]}})
