"""Posts without a name: a guardian reads each, and the node's own voice carries it."""

from __future__ import annotations

from node.connecting import teams
from storage.actors import ActorKind
from storage.members import Role
from storage.teams import Place
from tests import pictures
from tests.clients.guards import CASES, WARNED, notes_of, refused, the_case
from tests.clients.person import Json, Person, person
from tests.serving import ON_BOTH, PASSWORD, Served

pytestmark = ON_BOTH

STATUSES = "/api/v1/statuses"
UNNAMED = {"as": "nobody"}
WORDS = "We were afraid to say that the pump was set wrong."


async def out(who: Person, gwen: Person, served: Served, status: str = WORDS, **more: object) -> Json:
    """A post without a name that a guardian released."""
    made = await who.say(status, sharewell=UNNAMED, **more)
    await gwen.post(f"{await the_case(gwen)}/release")
    await served.fediverse.quiet()
    return await who.get(f"{STATUSES}/{made['id']}")


async def test_a_guardian_reads_it_and_does_not_know_whose_it_is(alice: Person, gwen: Person, served: Served) -> None:
    people = (await gwen.get("/nodeinfo/2.1"))["usage"]["users"]["total"]
    made = await alice.say(WORDS, sharewell=UNNAMED)
    [case] = await gwen.get(CASES)

    assert (await gwen.get("/nodeinfo/2.1"))["usage"]["users"]["total"] == people == 2
    assert "A guardian reads this before anybody else sees it." in made["content"]
    assert (case["account"]["acct"], case["account"]["display_name"]) == ("unnamed", "A member of here.example")
    assert (case["mine"], case["newcomer"], case["guard"]) == (False, False, [])
    assert case["why"] == "A guardian reads this before anybody else sees it."
    assert await gwen.status_of("GET", f"{STATUSES}/{made['id']}") == 404


async def test_it_comes_out_under_the_nodes_own_voice(
    alice: Person, bob: Person, gwen: Person, nobody: Person, served: Served
) -> None:
    files = {"file": ("p.png", pictures.png(), "image/png")}
    sent = (await alice.web.post("/api/v2/media", files=files)).json()["id"]
    post = await out(alice, gwen, served, media_ids=[sent])

    assert (post["account"]["acct"], post["account"]["bot"]) == ("unnamed", False)
    assert [one["id"] for one in post["media_attachments"]] == [sent]
    assert [one["id"] for one in await nobody.get("/api/v1/timelines/public")] == [post["id"]]
    assert (await nobody.web.get(f"/@unnamed/{post['id']}")).status_code == 200
    assert any("released it" in one for one in await notes_of(alice))
    people = await nobody.get("/api/v1/directory", local="true")
    assert "unnamed" not in [one["acct"] for one in people]
    await bob.post(f"/api/v1/accounts/{post['account']['id']}/follow")
    second = await out(alice, gwen, served, "Another")
    assert [one["id"] for one in await bob.get("/api/v1/timelines/home")][:1] == [second["id"]]


async def test_its_writer_alone_takes_it_back_and_nobody_changes_what_a_guardian_read(
    alice: Person, bob: Person, gwen: Person, served: Served
) -> None:
    post = await out(alice, gwen, served)
    path = f"{STATUSES}/{post['id']}"

    for who in (bob, gwen):
        assert await who.status_of("PUT", path, json={"status": "x"}) == 403
        assert await who.status_of("DELETE", path) == 403
    changed = await refused(alice, "PUT", path, status="In other words")
    assert changed["error"] == "A guardian read it as it is. Delete it, and write it anew."
    assert (await alice.delete(path))["text"] == WORDS
    assert await alice.status_of("GET", path) == 404


async def test_it_can_be_taken_back_while_it_waits(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(WORDS, sharewell=UNNAMED)

    await alice.delete(f"{STATUSES}/{made['id']}")

    assert await gwen.get(CASES) == []
    async with served.database.reading() as db:
        assert await db.rows("SELECT id FROM pending") == []
        [case] = await db.rows("SELECT author_id, closed_by FROM cases")
    assert int(alice.id) not in tuple(case)


async def test_what_is_returned_comes_back_to_its_writer(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(WORDS, sharewell=UNNAMED)
    await gwen.post(f"{await the_case(gwen)}/return", reason="Say less of the place.")

    assert "Say less of the place." in (await alice.get(f"{STATUSES}/{made['id']}"))["content"]
    assert any("Say less of the place." in one for one in await notes_of(alice))


async def test_without_another_guardian_there_is_none_to_post_it(alice: Person, served: Served) -> None:
    answer = await refused(alice, "POST", STATUSES, status="x", sharewell=UNNAMED)
    assert answer["error"] == "Without a name a guardian posts it for you, and this node has no other guardian."

    async with person(served, "gwen", role=Role.GUARDIAN) as gwen:
        assert await gwen.status_of("POST", STATUSES, json={"status": "x", "sharewell": UNNAMED}) == 422
        assert (await alice.get("/api/v1/sharewell/teams"))["as"] == ["nobody"]


async def test_it_is_for_everyone(alice: Person, gwen: Person) -> None:
    for visibility in ("private", "direct"):
        sent = {"status": "x", "sharewell": UNNAMED, "visibility": visibility}
        assert await alice.status_of("POST", STATUSES, json=sent) == 422
    assert await gwen.get(CASES) == []


async def test_a_warning_is_for_its_writer_and_what_remembers_it_is_gone_with_the_post(
    alice: Person, gwen: Person, served: Served
) -> None:
    team = await served.account("skin_links", kind=ActorKind.GROUP)
    async with served.database.writing() as db:
        for name in ("alice", "gwen"):
            await teams.add(db, served.node, team, name, Place.MEMBER, by=None)
    sent = {"status": WARNED, "sharewell": {"as": str(team.id)}}

    asked = [await who.status_of("POST", STATUSES, json=sent) for who in (alice, gwen, alice)]

    assert asked == [422, 422, 200]
    async with served.database.reading() as db:
        assert [row["author_id"] for row in await db.rows("SELECT author_id FROM warned")] == [int(gwen.id)]


async def test_nobody_signs_in_as_nobody(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(WORDS, sharewell=UNNAMED)
    async with served.client() as web:
        answer = await web.post("/sign-in", data={"login": "unnamed", "password": PASSWORD})
    assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)


async def test_a_name_that_was_somebodys_is_not_the_nodes_voice(alice: Person, gwen: Person, served: Served) -> None:
    async with served.database.writing() as db:  # who had the name before it was kept for the node
        await db.run("UPDATE actors SET handle = 'unnamed', handle_key = 'unnamed' WHERE id = :id", id=int(alice.id))
        await db.run("UPDATE actors SET uri = 'https://here.example/users/unnamed' WHERE id = :id", id=int(alice.id))

    made = await alice.say(WORDS, sharewell=UNNAMED)
    again = await alice.say("Another", sharewell=UNNAMED)

    assert made["account"]["acct"] == again["account"]["acct"] == "unnamed_member"
