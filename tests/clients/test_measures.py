"""/api/v1/sharewell/measures: numbers are kept, judged, corrected with their dates, and belong to who keeps them."""

from __future__ import annotations

import pytest

from storage import measures, teams
from storage.teams import Place
from tests.clients.guards import HELD
from tests.clients.person import Json, Person
from tests.serving import ON_BOTH, Served

MEASURES = "/api/v1/sharewell/measures"
PASTED = "Month,Falls\nJan 2026,12\nFeb 2026,14\nMar 2026,11\nApr 2026,40"


async def kept(owner: Person, **more: object) -> Json:
    values: dict[str, object] = {"name": " Falls  on wards ", "points": PASTED, "direction": "down", "open": True}
    return await owner.post(MEASURES, **{**values, **more})


@ON_BOTH
async def test_a_measure_is_kept_read_changed_and_deleted(alice: Person, nobody: Person) -> None:
    made = await kept(alice, unit="falls", definition="Every fall that is reported")
    path = f"{MEASURES}/{made['id']}"

    read = await nobody.get(path)
    changed = (await alice.web.patch(path, json={"direction": "up", "screen": True})).json()

    assert (made["name"], made["account_id"], made["open"]) == ("Falls on wards", alice.id, True)
    assert made["points"] == [["2026-01", 12.0], ["2026-02", 14.0], ["2026-03", 11.0], ["2026-04", 40.0]]
    assert read == made
    assert "worse" not in made["judgement"]["headline"] and made["judgement"]["segments"][0]["trial"] is True
    assert (changed["direction"], changed["screen"], changed["points"]) == ("up", True, made["points"])
    assert [one["fields"] for one in await nobody.get(f"{path}/changes")] == [["direction", "screen"]]
    assert await alice.delete(path) == {}
    assert await alice.status_of("GET", path) == 404


@ON_BOTH
async def test_points_are_added_corrected_and_replaced(alice: Person) -> None:
    path = f"{MEASURES}/{(await kept(alice))['id']}"

    added = await alice.post(f"{path}/points", points=[["2026-04", 13], ["2026-05", 12.5]])
    replaced = (await alice.web.put(f"{path}/points", json={"points": [3, 4], "start": "2026-01"})).json()

    assert [one[1] for one in added["points"]] == [12, 14, 11, 13, 12.5]
    assert replaced["points"] == [["2026-01", 3.0], ["2026-02", 4.0]]
    last, first = await alice.get(f"{path}/changes")
    assert (first["corrected"], first["added"]) == ([{"at": "2026-04", "from": 40.0, "to": 13.0}], ["2026-05"])
    assert last["removed"] == ["2026-03", "2026-04", "2026-05"]


async def test_what_happened_and_where_limits_are_redrawn_is_said_by_the_author(alice: Person, bob: Person) -> None:
    path = f"{MEASURES}/{(await kept(alice))['id']}"

    await alice.post(f"{path}/annotations", at="Mar 2026", text="Huddles began")
    made = await alice.post(f"{path}/rebases", at="2026-03", change="New beds", why="Each has a rail")
    refused = await bob.status_of("POST", f"{path}/rebases", json={"at": "2026-02", "change": "x", "why": "y"})
    unsaid = await alice.status_of("POST", f"{path}/rebases", json={"at": "2026-02", "change": "x"})
    nowhere = await alice.status_of("POST", f"{path}/annotations", json={"at": "2027-01", "text": "x"})

    assert made["annotations"] == [{"at": "2026-03", "text": "Huddles began"}]
    [rebase] = made["rebases"]
    assert (rebase["at"], rebase["change"], rebase["why"]) == ("2026-03", "New beds", "Each has a rail")
    assert rebase["created_at"] and [one["start"] for one in made["judgement"]["segments"]] == ["2026-01", "2026-03"]
    assert (refused, unsaid, nowhere) == (403, 422, 422)
    assert (await alice.delete(f"{path}/rebases/2026-03"))["rebases"] == []
    assert (await alice.delete(f"{path}/annotations/2026-03"))["annotations"] == []
    assert await alice.status_of("DELETE", f"{path}/annotations/2026-03") == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"points": "2026-01,3\n2026-02,many"}, "Line 2: “many” is no number."),
        ({"points": [["2026-01", "3"]]}, "must be a number"),
        ({"points": [["2026-01", 1e300]]}, "must be a number"),
        ({"points": [{"at": 1}]}, "Give points as numbers"),
        ({"name": ""}, "Say what is measured."),
        ({"name": "x" * 201}, "At most 200 characters."),
        ({"chart": "pie"}, "Choose one of"),
        ({"baseline": 2}, "Between 3 and 500"),
        ({"as": "999999"}, "no such team"),
        ({"definition": HELD}, "A measure cannot wait for a guardian"),
    ],
    ids=range(10),
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(alice: Person, wrong: dict[str, object], said: str) -> None:
    answer = await alice.web.post(MEASURES, json={"name": "Falls", "points": [1, 2, 3], **wrong})

    assert (answer.status_code, said in answer.json()["error"]) == (422, True), answer.text
    assert await alice.get(f"/api/v1/sharewell/accounts/{alice.id}/measures") == []


async def test_the_privacy_guard_reads_what_is_written_into_a_chart(alice: Person) -> None:
    path = f"{MEASURES}/{(await kept(alice))['id']}"

    answer = await alice.web.post(f"{path}/annotations", json={"at": "2026-02", "text": "NHS number 999 000 0018"})

    assert answer.status_code == 422 and answer.json()["sharewell"]["guard"]
    assert (await alice.get(path))["annotations"] == []


@ON_BOTH
async def test_a_team_keeps_measures_together(alice: Person, bob: Person, nobody: Person, served: Served) -> None:
    team = await served.account("skin_links")
    assert alice.actor is not None
    async with served.database.writing() as db:
        await teams.put(db, team.id, alice.actor.id, Place.MEMBER, now=1)

    made = await kept(alice, **{"as": str(team.id), "open": False})
    path = f"{MEASURES}/{made['id']}"

    assert made["account_id"] == str(team.id)
    assert [await one.status_of("GET", path) for one in (alice, bob, nobody)] == [200, 404, 404]
    listed = f"/api/v1/sharewell/accounts/{team.id}/measures"
    assert [len(await one.get(listed)) for one in (alice, bob, nobody)] == [1, 0, 0]
    await alice.web.patch(path, json={"open": True})
    assert [len(await one.get(listed)) for one in (alice, bob, nobody)] == [1, 1, 1]
    assert [await bob.status_of(one, path) for one in ("PATCH", "DELETE")] == [403, 403]
    own = {"kind": "measure", "title": "Fewer falls", "fields": {"measures": [made["id"]]}, "as": str(team.id)}
    status = await alice.post("/api/v1/statuses", status="", sharewell=own)
    assert (status["account"]["id"], len(status["media_attachments"])) == (str(team.id), 1)


async def test_who_joins_an_open_group_does_not_get_its_measures(alice: Person, bob: Person) -> None:
    teams_at = "/api/v1/sharewell/teams"
    made = await alice.post(teams_at, username="wards", display_name="Wards", joining="open")
    group = made["account"]["id"]
    measure = await kept(alice, **{"as": group, "open": False})
    path = f"{MEASURES}/{measure['id']}"
    await bob.post(f"{teams_at}/{group}/join")

    assert [await bob.status_of(one, path) for one in ("GET", "PATCH", "DELETE")] == [404] * 3
    assert (await bob.web.post(MEASURES, json={"name": "Falls", "points": [1, 2, 3], "as": group})).status_code == 422
    assert await alice.status_of("GET", path) == 200
    few = {"status": "For few", "visibility": "private", "sharewell": {"as": group}}
    assert (await alice.web.post("/api/v1/statuses", json=few)).status_code == 422


async def test_the_files_of_a_measure_are_whose_measure_it_is(alice: Person, nobody: Person) -> None:
    made = await kept(alice, open=False)
    paths = [made[name].removeprefix("https://here.example") for name in ("csv_url", "svg_url", "png_url")]

    mine, theirs = [[await one.web.get(path) for path in paths] for one in (alice, nobody)]

    assert [one.headers["content-type"] for one in mine] == ["text/csv; charset=utf-8", "image/svg+xml", "image/png"]
    assert [one.status_code for one in theirs] == [404] * 3


async def test_small_numbers_are_warned_of(alice: Person) -> None:
    small, large = await kept(alice, points="Jan 2026,2\nFeb 2026,7"), await kept(alice)

    assert [one["at"] for one in small["warnings"]] == [["2026-01"]]
    assert large["warnings"] == []


async def test_numbers_are_judged_for_anybody_and_not_kept(nobody: Person, served: Served) -> None:
    said = await nobody.post("/api/v1/sharewell/charts", name="x", points=[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 9])

    assert "Point 12 is above the upper limit." in said["judgement"]["headline"]
    async with served.database.reading() as db:
        assert await db.rows("SELECT id FROM measures") == []


async def test_who_is_new_shows_a_measure_in_a_post_first(alice: Person, served: Served) -> None:
    held = served.node.config.safety
    object.__setattr__(held, "hold_first_posts", 5)
    assert alice.actor is not None
    async with served.database.writing() as db:
        await db.run("UPDATE members SET trusted = NULL WHERE actor_id = :id", id=alice.actor.id)

    answer = await alice.web.post(MEASURES, json={"name": "Falls", "points": [1, 2, 3], "open": True})
    alone = await kept(alice, open=False)

    assert "A guardian reads the first posts of a new member." in answer.json()["error"]
    assert alone["open"] is False


async def test_there_is_a_most(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MOST", 1)
    await kept(alice)

    assert await alice.status_of("POST", MEASURES, json={"name": "x", "points": [1, 2, 3]}) == 422


async def test_what_waits_for_a_guardian_comes_out_with_its_numbers(
    alice: Person, gwen: Person, served: Served
) -> None:
    made = await kept(alice)
    own = {"kind": "measure", "title": "Fewer falls", "fields": {"measures": [made["id"]]}}
    waiting = await alice.post("/api/v1/statuses", status=HELD, sharewell=own)
    await alice.delete(f"{MEASURES}/{made['id']}")

    [case] = await gwen.get("/api/v1/sharewell/guardian/cases")
    await gwen.post(f"/api/v1/sharewell/guardian/cases/{case['id']}/release")
    await served.fediverse.quiet()

    out = await alice.get(f"/api/v1/statuses/{waiting['id']}")
    assert out["id"] != waiting["id"]
    [copy] = out["sharewell"]["fields"]["measures"]
    assert (copy["points"], len(out["media_attachments"])) == (made["points"], 1)
