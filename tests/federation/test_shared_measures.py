"""Shared measures: a collaborative says once what is counted, teams on any node show their own numbers against it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

import pytest

from tests.clients.person import Json, Person, person
from tests.federation.remote import AS2, deliver, remote
from tests.federation.test_groups import TEAMS, at, settle
from tests.federation.test_measures import POINTS
from tests.pages.conftest import browsing
from tests.serving import ON_BOTH, Fediverse, Served

SHARED = "/api/v1/sharewell/shared_measures"
MEASURES = "/api/v1/sharewell/measures"
DEFINED = {
    "name": "Falls per 1,000 bed-days", "definition": "Every fall to the floor, seen or not", "unit": "per 1,000",
    "direction": "down",
}  # fmt: skip


@pytest.fixture
async def north(fediverse: Fediverse) -> Served:
    return await fediverse.node("north.example")


@pytest.fixture
async def rosa(north: Served) -> AsyncGenerator[Person]:
    """Who leads the collaborative."""
    async with person(north, "rosa") as made:
        yield made


@pytest.fixture
async def sam(fediverse: Fediverse) -> AsyncGenerator[Person]:
    """Who leads a team on another node."""
    async with person(await fediverse.node("south.example"), "sam") as made:
        yield made


async def collaborative(rosa: Person, **more: object) -> str:
    values = {
        "username": "falls", "display_name": "Falls", "kind": "collaborative", "aim": "Half as many falls",
        "starts_on": "2026-11-01", "joining": "open", **more,
    }  # fmt: skip
    made = await rosa.post(TEAMS, **values)
    return str(made["account"]["id"])


async def team(sam: Person, there: str, name: str = "ward_9") -> str:
    """A team of sam's, which joins the group."""
    made = await sam.post(TEAMS, username=name, display_name="Ward 9", joining="request")
    id = str(made["account"]["id"])
    await sam.post(f"{TEAMS}/{there}/join", **{"as": id})
    await settle(sam)
    return id


async def show(who: Person, definition: str, points: Sequence[object] = POINTS, **more: object) -> Json:
    """Keep numbers against a shared measure, and share them in a post."""
    given = {"shared": definition, "points": points, "open": True, "unit": "per week", **more}
    kept = await who.post(MEASURES, **given)
    own = {"kind": "measure", "title": "Our falls", "fields": {"measures": [kept["id"]]}, **more}
    said = await who.say("", sharewell=own)
    await settle(who)
    return {"measure": kept, "post": said}


async def shown(who: Person, definition: Json) -> list[str]:
    """Whose numbers stand against it, where it was said."""
    return [one["account"]["acct"] for one in (await who.get(f"{SHARED}/{definition['id']}"))["results"]]


async def test_a_team_elsewhere_stands_beside_the_others_after_one_delivery_until_it_leaves(
    rosa: Person, sam: Person, north: Served
) -> None:
    group = await collaborative(rosa)
    early = await rosa.post(f"{TEAMS}/{group}/measures", **DEFINED)
    there = await at(sam, "falls@north.example")
    ward = await team(sam, there)
    late = await rosa.post(f"{TEAMS}/{group}/measures", **{**DEFINED, "name": "Injuries"})
    await settle(rosa)
    known = await sam.get(f"{TEAMS}/{there}/measures")
    async with north.client() as web:
        document = (await web.get(early["uri"], headers={"accept": AS2})).json()
        actor = (await web.get("/users/falls", headers={"accept": AS2})).json()

    theirs = await show(sam, early["uri"], **{"as": ward})
    await show(rosa, early["id"], [["2026-01", 1], ["2026-02", 1.2], ["2026-03", 0.9]])
    rows = (await rosa.get(f"{SHARED}/{early['id']}"))["results"]
    when = {"start": "2026-12-04T12:30", "end": "2026-12-04T13:10"}
    await rosa.say("@falls", sharewell={"kind": "event", "title": "Learning day", "fields": when})

    assert [(one["uri"], one["definition"]) for one in known] == [
        (one["uri"], DEFINED["definition"]) for one in (late, early)
    ]
    assert (document["type"], document["attributedTo"], document["sw:unit"]) == ("sw:Measure", actor["id"], "per 1,000")
    assert actor["sharedMeasures"] == f"{actor['id']}/shared_measures"
    counted = theirs["measure"]
    assert (counted["unit"], counted["direction"], counted["shared"]) == ("per 1,000", "down", early["uri"])
    rows.sort(key=lambda one: one["account"]["acct"])
    assert [one["account"]["acct"] for one in rows] == ["rosa", "ward_9@south.example"]
    assert rows[1]["measure"]["points"] == POINTS
    assert rosa.actor is not None
    async with browsing(north, rosa.actor) as web:
        page = (await web.get("/@falls")).text
        table = (await web.get(f"/shared-measures/{early['id']}")).text
    timetable = page.partition('id="timetable"')[2].partition("</section>")[0]
    assert "Learning day" in timetable and "Friday 4 Dec 2026, 12:30 to 13:10" in timetable
    assert page.count('class="small-chart"') == table.count('class="small-chart"') == 2
    assert 'href="/@ward_9@south.example/' in page and rows[1]["measure"]["judgement"]["headline"] in table
    # One scale: the chart of three points shows the same values beside its axis as the one of thirteen.
    charts = [one.partition("</svg>")[0] for one in table.split('class="small-chart"')[1:]]
    assert len({tuple(re.findall('text-anchor="end">([^<]+)', one)) for one in charts}) == 1

    await sam.delete(f"/api/v1/statuses/{theirs['post']['id']}")
    await settle(sam)
    gone = await shown(rosa, early)
    await show(sam, early["uri"], **{"as": ward})
    back = await shown(rosa, early)
    await rosa.delete(f"{SHARED}/{late['id']}")
    await settle(rosa)
    await sam.post(f"{TEAMS}/{there}/leave", **{"as": ward})
    await settle(sam)
    left = await shown(rosa, early)

    assert (gone, sorted(back), left) == (["rosa"], ["rosa", "ward_9@south.example"], ["rosa"])
    assert [one["uri"] for one in await sam.get(f"{TEAMS}/{there}/measures")] == [early["uri"]]


async def test_each_who_comes_is_told_what_is_counted(rosa: Person, fediverse: Fediverse) -> None:
    group = await collaborative(rosa)
    made = await rosa.post(f"{TEAMS}/{group}/measures", **DEFINED)
    uri = f"{rosa.served.site.base_url}/users/falls"
    servers = [remote(fediverse, f"{name}.test") for name in ("far", "near")]

    for there in servers:
        who = there.actor("ann")
        await deliver(rosa.served, who, who.activity("Follow", uri))
    await settle(rosa)

    told = [[one["object"]["id"] for one in there.got if one["type"] == "Add"] for there in servers]
    assert told == [[made["uri"]]] * 2


async def test_nobody_stands_there_who_is_not_in_the_group_and_only_who_keeps_it_says_what_counts(
    rosa: Person, sam: Person, fediverse: Fediverse
) -> None:
    group = await collaborative(rosa, joining="request")
    made = await rosa.post(f"{TEAMS}/{group}/measures", **DEFINED)
    await show(sam, made["uri"])  # found by its address, and sam is in nothing
    far = remote(fediverse, "far.test")
    mallory, other = far.actor("mallory", key=2), far.actor("group", key=3, type="Group")
    measure = {"type": "sw:Measure", "name": "Ours", "points": POINTS, "sw:definedBy": made["uri"]}
    forged = mallory.note("1", kind="sw:Measure", title="Best", measures=[measure], cc=[f"{rosa.served.site.base_url}"])
    stolen = {**DEFINED, "type": "sw:Measure", "id": made["uri"], "attributedTo": other.uri, "to": forged["to"]}

    answers = [
        (await deliver(rosa.served, who, said)).status_code
        for who, said in (
            (mallory, mallory.create(forged)),
            (other, other.activity("Add", stolen, target=f"{other.uri}/shared_measures")),
            (other, other.activity("Remove", made["uri"], target=f"{other.uri}/shared_measures")),
        )
    ]
    wrong = [
        await rosa.web.post(f"{TEAMS}/{group}/measures", json={**DEFINED, "definition": ""}),
        await rosa.web.post(MEASURES, json={"shared": "https://nowhere.test/1", "points": [1, 2, 3]}),
    ]
    async with person(rosa.served, "tom") as tom:
        stranger = await tom.status_of("POST", f"{TEAMS}/{group}/measures", json=DEFINED)

    assert answers[1] in (400, 403, 404, 422)
    assert await shown(rosa, made) == []
    assert (await rosa.get(f"{SHARED}/{made['id']}"))["name"] == DEFINED["name"]
    assert [one.status_code for one in wrong] == [422, 422]
    assert stranger == 403


@ON_BOTH
async def test_what_a_private_group_counts_is_for_who_is_in_it(rosa: Person, north: Served) -> None:
    group = await collaborative(rosa, joining="request", private=True)
    made = await rosa.post(f"{TEAMS}/{group}/measures", **DEFINED)
    own = await rosa.post(MEASURES, shared=made["id"], points=POINTS[:4])
    said = {"kind": "measure", "title": "Ours", "fields": {"measures": [own["id"]]}}
    await rosa.say("@falls", visibility="direct", sharewell=said)

    async with person(north, "tom") as tom:
        there = [
            await tom.status_of("GET", f"{SHARED}/{made['id']}"),
            await tom.status_of("GET", f"/shared-measures/{made['id']}"),
            await tom.status_of("GET", f"/shared-measures/{made['id']}", headers={"accept": AS2}),
        ]
        listed = await tom.get(f"{TEAMS}/{group}/measures")
    async with north.client() as web:
        collection = (await web.get("/users/falls/shared_measures", headers={"accept": AS2})).json()

    assert (there, listed, collection["totalItems"]) == ([404] * 3, [], 0)
    assert await shown(rosa, made) == ["rosa"]
