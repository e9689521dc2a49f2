"""/api/v1/sharewell/highlights: who may choose which posts, how many, and what they may say of them."""

from __future__ import annotations

from node.connecting import teams
from storage.actors import ActorKind
from storage.teams import Place
from tests.clients.guards import BLOCKED, refused
from tests.clients.person import Person
from tests.serving import Served

API = "/api/v1/sharewell/highlights"


async def test_editors_choose_public_posts_a_few_a_month_with_a_reason(
    alice: Person, gwen: Person, nobody: Person
) -> None:
    shared = [await alice.say(f"Number {n}") for n in range(4)]
    private = await alice.say("For few", visibility="private")
    ids = [one["id"] for one in shared]

    no_editor = await alice.status_of("POST", API, json={"status_id": ids[0], "reason": "Mine"})
    unknown = await gwen.status_of("POST", API, json={"status_id": "12345", "reason": "Read it"})
    wrong = [await refused(gwen, "POST", API, status_id=ids[0], reason=reason) for reason in ("", "x" * 501, BLOCKED)]
    unseen = await gwen.status_of("POST", API, json={"status_id": private["id"], "reason": "Read it"})
    made = [await gwen.post(API, status_id=one, reason=f"Because of {one}") for one in ids[:3]]
    full = await refused(gwen, "POST", API, status_id=ids[3], reason="Read it")
    newest = await nobody.web.get(API, params={"limit": 2})
    below = newest.headers["link"].partition("max_id=")[2].partition(">")[0]
    rest = await nobody.get(API, max_id=below)

    assert (no_editor, unknown, unseen) == (403, 404, 404)
    assert [one["error"].partition(".")[0] for one in wrong[:2]] == [
        "Say in your own words why others should read it", "At most 500 characters"
    ]  # fmt: skip
    assert "NHS number" in wrong[2]["error"]
    assert full["error"] == "A month has at most 3 highlights. Withdraw one first."
    assert [one["status"]["id"] for one in [*newest.json(), *rest]] == ids[2::-1]
    assert [one["id"] for one in await nobody.get(API, month="2026-10")] == [one["id"] for one in made[::-1]]
    assert await nobody.get(API, month="2026-09") == []
    assert await alice.status_of("DELETE", f"{API}/{made[0]['id']}") == 403
    await gwen.delete(f"{API}/{made[0]['id']}")
    assert (await gwen.post(API, status_id=ids[3], reason="Now there is room"))["status"]["id"] == ids[3]


async def test_who_leads_a_team_chooses_for_it_and_others_do_not(
    alice: Person, bob: Person, gwen: Person, nobody: Person, served: Served
) -> None:
    team = await served.account("skin_links", kind=ActorKind.GROUP, name="Skin Link Nurses")
    async with served.database.writing() as db:
        await teams.add(db, served.node, team, "alice", Place.LEAD, by=None)
        await teams.add(db, served.node, team, "bob", Place.MEMBER, by=None)
    post = await bob.say("A mirror on every trolley")

    by_member = await bob.status_of("POST", API, json={"status_id": post["id"], "reason": "x", "as": str(team.id)})
    by_editor = await gwen.status_of("POST", API, json={"status_id": post["id"], "reason": "x", "as": str(team.id)})
    made = await alice.post(API, status_id=post["id"], reason="It costs nothing.", **{"as": str(team.id)})
    said, passed_on = sorted(await nobody.get(f"/api/v1/accounts/{team.id}/statuses"), key=lambda one: one["id"])

    assert (by_member, by_editor) == (403, 403)
    assert made["account"]["acct"] == "skin_links"
    assert (made["note_id"], passed_on["reblog"]["id"]) == (said["id"], post["id"])
    assert await nobody.get(API) == []
    assert [one["id"] for one in await nobody.get(API, **{"as": str(team.id)})] == [made["id"]]
    await alice.delete(f"{API}/{made['id']}")
    assert await nobody.get(f"/api/v1/accounts/{team.id}/statuses") == []
