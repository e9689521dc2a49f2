"""Posts in a team's name, and without any: /api/v1/sharewell/teams and ``sharewell[as]``."""

from __future__ import annotations

import asyncio

import pytest

from node.api.entities import time
from node.connecting import members
from node.connecting import teams as use
from storage.actors import Actor, ActorKind
from storage.members import Role
from storage.teams import Place
from tests import pictures
from tests.clients.guards import CASES, HELD, notes_of, refused, the_case
from tests.clients.person import Json, Person, person
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH

STATUSES = "/api/v1/statuses"
TEAMS = "/api/v1/sharewell/teams"
HOUR = 60 * 60


@pytest.fixture
async def team(served: Served, alice: Person, bob: Person) -> Actor:
    """A team that alice is in and bob leads."""
    return await made(served, "skin_links", (alice, Place.MEMBER), (bob, Place.LEAD))


async def made(served: Served, name: str, *people: tuple[Person, Place]) -> Actor:
    team = await served.account(name, kind=ActorKind.GROUP, name="Skin link nurses")
    async with served.database.writing() as db:
        for one, place in people:
            assert one.actor is not None
            await use.add(db, served.node, team, one.actor.handle, place, by=None)
    return team


async def as_team(who: Person, team: Actor, status: str = "Look at heels", **more: object) -> Json:
    return await who.say(status, sharewell={"as": str(team.id)}, **more)


async def later(served: Served, *, seconds: float) -> None:
    served.fediverse.clock.advance(seconds=seconds)
    await served.fediverse.quiet()


async def test_the_team_is_the_author_and_audit_alone_knows_who_wrote(
    alice: Person, team: Actor, served: Served
) -> None:
    before = (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"]

    post = await as_team(alice, team)

    assert (post["account"]["id"], post["uri"]) == (str(team.id), f"https://here.example/@skin_links/{post['id']}")
    assert "application" not in post
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert [one["id"] for one in await alice.get(f"/api/v1/accounts/{team.id}/statuses")] == [post["id"]]
    mine = await alice.get(f"/api/v1/accounts/{alice.id}")
    assert (before, mine["statuses_count"], mine["last_status_at"]) == (0, 0, None)
    async with served.database.reading() as db:
        rows = await db.rows("SELECT actor_id, subject FROM audit WHERE action = 'post.as'")
    assert [tuple(row) for row in rows] == [(int(alice.id), post["uri"])]


async def test_who_is_in_no_such_team_writes_nothing_for_it(
    gwen: Person, alice: Person, bob: Person, team: Actor
) -> None:
    for said in (str(team.id), bob.id, "99", "everybody", "-1"):
        answer = await refused(gwen, "POST", STATUSES, status="x", sharewell={"as": said})
        assert answer["error"] == "You are in no such team."
    assert (await alice.say("x", sharewell={"as": "me"}))["account"]["id"] == alice.id
    assert (await alice.say("x", sharewell={"as": alice.id}))["account"]["id"] == alice.id
    assert await alice.get(f"/api/v1/accounts/{team.id}/statuses") == []


async def test_writer_and_lead_change_and_take_back_and_no_one_else(
    alice: Person, bob: Person, gwen: Person, team: Actor, served: Served
) -> None:
    async with served.database.writing() as db:
        await use.add(db, served.node, team, "gwen", Place.MEMBER, by=None)
    first, second = await as_team(alice, team, "One"), await as_team(alice, team, "Two")

    assert await gwen.status_of("PUT", f"{STATUSES}/{first['id']}", json={"status": "x"}) == 403
    assert await gwen.status_of("DELETE", f"{STATUSES}/{first['id']}") == 403
    assert await gwen.status_of("GET", f"{STATUSES}/{first['id']}/source") == 403
    assert (await alice.get(f"{STATUSES}/{first['id']}/source"))["text"] == "One"
    edited = await alice.edit(str(first["id"]), status="One, again")
    assert (edited["content"], edited["account"]["id"]) == ("<p>One, again</p>", str(team.id))
    assert (await bob.edit(str(first["id"]), status="One, by the lead"))["content"] == "<p>One, by the lead</p>"
    assert (await alice.delete(f"{STATUSES}/{first['id']}"))["text"] == "One, by the lead"
    assert (await bob.delete(f"{STATUSES}/{second['id']}"))["text"] == "Two"
    assert await alice.get(f"/api/v1/accounts/{team.id}/statuses") == []


async def test_who_left_the_team_changes_nothing_more(alice: Person, bob: Person, team: Actor) -> None:
    post = await as_team(alice, team)
    await bob.delete(f"{TEAMS}/{team.id}/members/{alice.id}")

    assert await alice.status_of("DELETE", f"{STATUSES}/{post['id']}") == 403
    assert await alice.status_of("POST", STATUSES, json={"status": "x", "sharewell": {"as": str(team.id)}}) == 422


async def test_one_key_of_a_writer_is_one_post_and_another_writer_has_their_own(
    alice: Person, bob: Person, team: Actor
) -> None:
    sent: Json = {"json": {"status": "Once", "sharewell": {"as": str(team.id)}}, "headers": {"idempotency-key": "k"}}
    answers = [(await who.web.post(STATUSES, **sent)).json()["id"] for who in (alice, alice, bob, bob)]

    assert (answers[0], answers[2]) == (answers[1], answers[3])
    assert answers[0] != answers[2]


async def test_pictures_become_the_teams(alice: Person, bob: Person, team: Actor, served: Served) -> None:
    files = {"file": ("p.png", pictures.png(), "image/png")}
    sent = [(await alice.web.post("/api/v2/media", files=files)).json()["id"] for _ in range(2)]

    post = await as_team(alice, team, media_ids=sent[:1])
    changed = await alice.edit(str(post["id"]), status="With another", media_ids=sent)

    assert [one["id"] for one in changed["media_attachments"]] == sent
    async with served.database.reading() as db:
        rows = await db.rows("SELECT actor_id FROM attachments")
    assert {row["actor_id"] for row in rows} == {team.id}
    assert await bob.status_of("POST", STATUSES, json={"status": "x", "media_ids": sent[:1]}) == 422


async def test_for_few_it_is_for_who_is_in_the_team_too(alice: Person, bob: Person, gwen: Person, team: Actor) -> None:
    post = await as_team(alice, team, visibility="private")

    for who, status in ((alice, 200), (bob, 200), (gwen, 404)):
        assert await who.status_of("GET", f"{STATUSES}/{post['id']}") == status


async def test_what_waits_for_its_time_is_its_writers(alice: Person, bob: Person, team: Actor, served: Served) -> None:
    when = time(served.fediverse.clock.now + HOUR * 1000)
    files = {"file": ("p.png", pictures.png(), "image/png")}
    sent = (await alice.web.post("/api/v2/media", files=files)).json()["id"]
    made = await as_team(alice, team, "Later", scheduled_at=when, media_ids=[sent])

    assert made["params"]["sharewell"] == {"as": str(team.id)}
    assert [one["id"] for one in made["media_attachments"]] == [sent]
    assert await alice.get("/api/v1/scheduled_statuses") == [made]
    assert await bob.get("/api/v1/scheduled_statuses") == []
    await later(served, seconds=HOUR + 1)
    [out] = await alice.get(f"/api/v1/accounts/{team.id}/statuses")

    assert [one["id"] for one in out["media_attachments"]] == [sent]
    async with served.database.reading() as db:
        rows = await db.rows("SELECT author_id, as_id, post_id FROM pending")
    assert [tuple(row) for row in rows] == [(team.id, None, int(out["id"]))]
    assert (await alice.get(f"{STATUSES}/{made['id']}"))["id"] == out["id"]
    assert await bob.status_of("GET", f"{STATUSES}/{made['id']}") == 404
    assert (await alice.delete(f"{STATUSES}/{out['id']}"))["text"] == "Later"


async def test_while_it_can_be_undone_its_writer_undoes_it(fediverse: Fediverse) -> None:
    served = await fediverse.node("there.example", safety={"fan_out_delay": 60})
    async with person(served, "alice") as alice, person(served, "bob") as bob:
        team = await made(served, "skin_links", (alice, Place.MEMBER), (bob, Place.LEAD))
        first, second = await as_team(alice, team, "One"), await as_team(alice, team, "Two")
        assert first["account"]["id"] == str(team.id)
        assert await bob.status_of("DELETE", f"{STATUSES}/{first['id']}") == 404
        await alice.delete(f"{STATUSES}/{first['id']}")
        await later(served, seconds=61)

        assert [one["content"] for one in await bob.get(f"/api/v1/accounts/{team.id}/statuses")] == ["<p>Two</p>"]
        assert (await alice.get(f"{STATUSES}/{second['id']}"))["url"] is not None


async def test_guardians_see_the_team_and_its_writer_decides_nothing(gwen: Person, bob: Person, served: Served) -> None:
    team = await made(served, "skin_links", (gwen, Place.MEMBER))
    made_ = await as_team(gwen, team, HELD)
    assert "Held for a privacy check" in made_["content"]
    [own] = await gwen.get(CASES)
    path = await the_case(gwen)
    assert await gwen.status_of("POST", f"{path}/release") == 403
    async with person(served, "gus", role=Role.MODERATOR) as gus:
        [case] = await gus.get(CASES)
        await gus.post(f"{path}/release")
        await served.fediverse.quiet()

    assert (own["mine"], case["mine"], case["account"]["id"]) == (True, False, str(team.id))
    assert len(await bob.get(f"/api/v1/accounts/{team.id}/statuses")) == 1
    assert any("released it" in one for one in await notes_of(gwen))
    async with served.database.reading() as db:
        rows = await db.rows("SELECT author_id FROM cases")
    assert [row["author_id"] for row in rows] == [team.id]


async def test_a_returned_one_comes_back_to_its_writer(
    alice: Person, bob: Person, gwen: Person, team: Actor, served: Served
) -> None:
    made_ = await as_team(alice, team, HELD)
    await gwen.post(f"{await the_case(gwen)}/return", reason="Leave the bay out.")

    back = await alice.get(f"{STATUSES}/{made_['id']}")
    assert "A guardian returned this" in back["content"]
    assert "Leave the bay out." in back["content"]
    assert await bob.status_of("GET", f"{STATUSES}/{made_['id']}") == 404


async def test_a_guardian_who_wrote_for_a_team_does_not_decide_whether_it_is_shown(
    alice: Person, gwen: Person, served: Served, team: Actor
) -> None:
    async with served.database.writing() as db:
        await use.add(db, served.node, team, "gwen", Place.MEMBER, by=None)
    out = await as_team(gwen, team, "A seal on each mattress")
    await alice.post("/api/v1/sharewell/recognisable", status_id=out["id"])
    path = await the_case(gwen)

    assert await gwen.status_of("POST", f"{path}/show") == await gwen.status_of("POST", f"{path}/keep") == 403
    assert await alice.status_of("GET", f"{STATUSES}/{out['id']}") == 404
    async with person(served, "gus", role=Role.GUARDIAN) as gus:
        assert (await gus.post(f"{path}/show"))["outcome"] == "shown"


async def test_a_new_member_is_new_in_a_team_too_and_nothing_says_so(fediverse: Fediverse) -> None:
    served = await fediverse.node("there.example", safety={"hold_first_posts": 2})
    async with person(served, "nia") as nia, person(served, "gwen", role=Role.GUARDIAN) as gwen:
        async with served.database.writing() as db:
            await db.run("UPDATE members SET trusted = NULL WHERE actor_id = :id", id=int(nia.id))
        team = await made(served, "skin_links", (nia, Place.MEMBER))
        waiting = [await as_team(nia, team, f"Hello {n}") for n in range(2)]
        cases = await gwen.get(CASES)
        for case in cases:
            await gwen.post(f"{CASES}/{case['id']}/release")
        third = await nia.say("Hello again")

    assert all("A guardian reads this before anybody else sees it." in one["content"] for one in waiting)
    assert [(one["newcomer"], one["why"]) for one in cases] == [
        (False, "A guardian reads this before anybody else sees it.")
    ] * 2
    assert third["url"] is not None


async def test_who_is_in_a_team_is_for_its_members_and_its_leads_change_it(
    alice: Person, bob: Person, gwen: Person, team: Actor
) -> None:
    path = f"{TEAMS}/{team.id}/members"

    assert [(one["account"]["acct"], one["role"]) for one in await alice.get(path)] == [
        ("alice", "member"), ("bob", "lead"),
    ]  # fmt: skip
    assert await gwen.status_of("GET", path) == await gwen.status_of("POST", path, json={"acct": "gwen"}) == 404
    assert await alice.status_of("POST", path, json={"acct": "gwen"}) == 403
    assert await alice.status_of("DELETE", f"{path}/{bob.id}") == 403
    assert [one["role"] for one in await bob.post(path, acct="gwen@here.example")] == ["member", "lead", "member"]
    assert [one["role"] for one in await bob.post(path, acct="@gwen", role="lead")] == ["member", "lead", "lead"]
    await alice.delete(f"{path}/{alice.id}")
    assert (await gwen.get(TEAMS))["as"] == [str(team.id)]
    assert await alice.get(TEAMS) == {"teams": [], "as": ["nobody"]}
    for wrong in ({"acct": "nobody"}, {"acct": "skin_links"}, {"acct": "gwen", "role": "king"}):
        assert await bob.status_of("POST", path, json=wrong) == 422
    assert await bob.status_of("DELETE", f"{path}/{alice.id}") == 404


async def test_who_is_removed_gets_back_what_was_not_out(
    alice: Person, bob: Person, gwen: Person, team: Actor, served: Served
) -> None:
    when = time(served.fediverse.clock.now + HOUR * 1000)
    await as_team(alice, team, "Later", scheduled_at=when)
    held = await as_team(alice, team, HELD)
    await bob.delete(f"{TEAMS}/{team.id}/members/{alice.id}")
    await later(served, seconds=2 * HOUR)

    assert await bob.get(f"/api/v1/accounts/{team.id}/statuses") == []
    assert await gwen.get(CASES) == []
    assert "You are not in the team any more" in (await alice.get(f"{STATUSES}/{held['id']}"))["content"]


async def test_who_leaves_takes_what_waits_along_and_the_team_keeps_the_rest(
    alice: Person, bob: Person, gwen: Person, team: Actor, served: Served
) -> None:
    out = await as_team(alice, team)
    await as_team(alice, team, HELD)
    assert alice.actor is not None
    async with served.database.writing() as db:
        await members.delete(db, served.node, alice.actor)

    assert await gwen.get(CASES) == []
    assert [one["id"] for one in await bob.get(f"/api/v1/accounts/{team.id}/statuses")] == [out["id"]]
    assert [one["account"]["acct"] for one in await bob.get(f"{TEAMS}/{team.id}/members")] == ["bob"]
    assert (await bob.delete(f"{STATUSES}/{out['id']}"))["text"] == "Look at heels"


async def test_a_team_that_is_deleted_takes_all_along(alice: Person, gwen: Person, team: Actor, served: Served) -> None:
    await as_team(alice, team)
    await as_team(alice, team, HELD)
    async with served.database.writing() as db:
        await members.delete(db, served.node, team)

    assert await gwen.get(CASES) == []
    assert await alice.get(TEAMS) == {"teams": [], "as": ["nobody"]}
    assert await alice.status_of("POST", STATUSES, json={"status": "x", "sharewell": {"as": str(team.id)}}) == 422
    async with served.database.reading() as db:
        for table in ("pending", "cases", "memberships"):
            assert await db.rows(f"SELECT * FROM {table}") == [], table  # pyright: ignore[reportArgumentType]


async def test_one_key_many_times_at_once_is_one_post(alice: Person, team: Actor, served: Served) -> None:
    sent: Json = {"json": {"status": "Once", "sharewell": {"as": str(team.id)}}, "headers": {"idempotency-key": "k"}}

    answers = await asyncio.gather(*(alice.web.post(STATUSES, **sent) for _ in range(20)))

    assert len({answer.json()["id"] for answer in answers}) == 1
    async with served.database.reading() as db:
        assert len(await db.rows("SELECT * FROM audit WHERE action = 'post.as'")) == 1


async def test_it_is_put_off_by_its_writer(alice: Person, bob: Person, team: Actor, served: Served) -> None:
    first, second = (time(served.fediverse.clock.now + hours * HOUR * 1000) for hours in (1, 3))
    made_ = await as_team(alice, team, "Later", scheduled_at=first)
    path = f"/api/v1/scheduled_statuses/{made_['id']}"

    moved = [await who.status_of("PUT", path, json={"scheduled_at": second}) for who in (bob, alice)]
    await later(served, seconds=2 * HOUR)
    early = await bob.get(f"/api/v1/accounts/{team.id}/statuses")
    await later(served, seconds=2 * HOUR)

    assert (moved, early) == ([404, 200], [])
    assert len(await bob.get(f"/api/v1/accounts/{team.id}/statuses")) == 1


async def test_what_the_team_may_not_see_is_not_answered_for_it(
    alice: Person, bob: Person, gwen: Person, team: Actor
) -> None:
    await alice.post(f"/api/v1/accounts/{gwen.id}/follow")
    private = await gwen.say("For those who follow me", visibility="private")

    sent = {"status": "x", "in_reply_to_id": private["id"], "sharewell": {"as": str(team.id)}}

    assert await alice.status_of("POST", STATUSES, json=sent) == 404  # it would say who of the team follows her
