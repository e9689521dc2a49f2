"""Posts that wait for guardians: who sees them, who decides, and what becomes of them, as apps meet it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator

import pytest

from node.api.entities import time
from node.connecting import members
from node.review import overdue
from storage.jobs import Job
from storage.members import Role
from tests import films
from tests.clients.guards import CASES, HELD, URGENT, notes_of, refused, tables_with, the_case
from tests.clients.person import Json, Person, person
from tests.clients.test_media import upload
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH

STATUSES = "/api/v1/statuses"
HOUR = 60 * 60
AT_ONCE = 20


@pytest.fixture
async def gus(served: Served) -> AsyncGenerator[Person]:
    """Another guardian."""
    async with person(served, "gus", role=Role.MODERATOR) as made:
        yield made


async def later(served: Served, *, seconds: float) -> None:
    served.fediverse.clock.advance(seconds=seconds)
    await served.fediverse.quiet()


async def test_a_held_post_is_seen_by_its_author_and_guardians_alone(
    alice: Person, bob: Person, gwen: Person, served: Served
) -> None:
    made = await alice.say(HELD, visibility="unlisted")
    await served.fediverse.quiet()
    [case] = await gwen.get(CASES)

    assert made == await alice.get(f"{STATUSES}/{made['id']}")
    assert (made["url"], made["visibility"]) == (None, "unlisted")
    assert "Held for a privacy check, usually less than a day. This looks like details" in made["content"]
    for path in (f"{STATUSES}/{made['id']}", f"/@alice/{made['id']}"):
        assert await bob.status_of("GET", path) == await gwen.status_of("GET", path) == 404
    assert await alice.get("/api/v1/timelines/home") == await bob.get("/api/v1/timelines/public") == []
    assert (await bob.get("/api/v2/search", q="bay"))["statuses"] == []
    assert case["texts"] == [{"field": "status", "text": HELD}]
    assert (case["account"]["acct"], case["urgent"], case["newcomer"], case["mine"]) == ("alice", False, False, False)
    assert [one["kind"] for one in case["guard"]] == ["date_place_age"]


async def test_members_and_strangers_have_no_queue(alice: Person, bob: Person, nobody: Person, gwen: Person) -> None:
    await alice.say(HELD)
    path = await the_case(gwen)

    for who, status in ((alice, 403), (bob, 403), (nobody, 401)):
        assert await who.status_of("GET", CASES) == status
        for deed in ("claim", "release", "return", "second", "no-finding"):
            assert await who.status_of("POST", f"{path}/{deed}", json={"reason": "x", "kind": "x"}) == status
    assert await gwen.status_of("POST", f"{CASES}/99/release") == 404
    assert len(await gwen.get(CASES)) == 1


async def test_released_it_comes_out_as_a_new_post_and_its_author_is_told(
    alice: Person, bob: Person, gwen: Person, served: Served
) -> None:
    made = await alice.say(HELD)

    decided = await gwen.post(f"{await the_case(gwen)}/release")
    await served.fediverse.quiet()

    out = await alice.get(f"{STATUSES}/{made['id']}")
    assert (decided["outcome"], await gwen.get(CASES)) == ("released", [])
    assert (out["content"], out["id"] != made["id"]) == (f"<p>{HELD}</p>", True)
    assert [one["id"] for one in await bob.get("/api/v1/timelines/public")] == [out["id"]]
    [note] = await notes_of(alice)
    assert "released it. It comes out now." in note
    assert HELD not in note


async def test_returned_its_author_sees_it_with_the_reason_for_a_week(
    alice: Person, bob: Person, gwen: Person, served: Served
) -> None:
    made = await alice.say(HELD)
    path = await the_case(gwen)
    await refused(gwen, "POST", f"{path}/return", reason=" ")
    await refused(gwen, "POST", f"{path}/return", reason="Drop NHS number 943 476 5919")

    await gwen.post(f"{path}/return", reason="Drop the age and the bay.")
    await later(served, seconds=6 * 24 * HOUR)
    await overdue.sweep(served.node, sweeping())

    shown = await alice.get(f"{STATUSES}/{made['id']}")
    assert HELD in shown["content"]
    assert "Drop the age and the bay." in shown["content"]
    assert await bob.status_of("GET", f"{STATUSES}/{made['id']}") == 404
    assert ["Drop the age and the bay." in one for one in await notes_of(alice)] == [True]
    await later(served, seconds=2 * 24 * HOUR)
    await overdue.sweep(served.node, sweeping())
    assert await alice.status_of("GET", f"{STATUSES}/{made['id']}") == 404
    assert await tables_with(served, HELD) == []
    assert await alice.get("/api/v1/timelines/home") == []


async def test_what_nobody_decides_on_comes_back_after_30_days(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)
    path = await the_case(gwen)
    await later(served, seconds=29 * 24 * HOUR)
    await overdue.sweep(served.node, sweeping())
    waiting = len(await gwen.get(CASES))
    await later(served, seconds=2 * 24 * HOUR)

    await overdue.sweep(served.node, sweeping())
    await overdue.sweep(served.node, sweeping())

    shown = await alice.get(f"{STATUSES}/{made['id']}")
    assert (waiting, await gwen.get(CASES)) == (1, [])
    assert await gwen.status_of("POST", f"{path}/release") == 403
    assert "came back to you" in shown["content"]
    assert "No guardian decided on it within 30 days." in shown["content"]
    [note] = await notes_of(alice)
    assert "No guardian decided within 30 days" in note
    await later(served, seconds=8 * 24 * HOUR)
    await overdue.sweep(served.node, sweeping())
    assert await tables_with(served, HELD) == []


def sweeping() -> Job:
    return Job(0, None, "sweep-cases", 0, "", None, "", 0, 0, 0)


async def test_its_author_takes_it_back(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)

    taken = await alice.delete(f"{STATUSES}/{made['id']}")

    assert (taken["text"], await gwen.get(CASES)) == (HELD, [])
    assert await tables_with(served, HELD) == []
    async with served.database.reading() as db:
        assert [row["outcome"] for row in await db.rows("SELECT outcome FROM cases")] == ["taken-back"]


async def test_of_many_guardians_one_releases_and_it_comes_out_once(alice: Person, served: Served) -> None:
    await alice.say(HELD)
    guardians = [await served.account(f"g{n}", role=Role.GUARDIAN) for n in range(AT_ONCE)]
    clients = [served.client(await served.token(one)) for one in guardians]
    [case] = (await clients[0].get(CASES)).json()

    answers = await asyncio.gather(*(one.post(f"{CASES}/{case['id']}/release") for one in clients))
    await served.fediverse.quiet()

    assert Counter(one.status_code for one in answers) == {200: 1, 403: AT_ONCE - 1}
    assert [one["content"] for one in await alice.get("/api/v1/timelines/home")] == [f"<p>{HELD}</p>"]
    assert len(await notes_of(alice)) == 1
    for one in clients:
        await one.aclose()


async def test_a_claim_keeps_others_away_for_a_quarter_of_an_hour(
    alice: Person, gwen: Person, gus: Person, served: Served
) -> None:
    await alice.say(HELD)
    path = await the_case(gwen)

    claimed = await gwen.post(f"{path}/claim")
    early = [await gus.status_of("POST", f"{path}/{deed}", json={"reason": "x"}) for deed in ("claim", "release")]
    await later(served, seconds=15 * 60 + 1)

    assert (claimed["claimed_by"], early) == (gwen.id, [403, 403])
    assert (await gus.post(f"{path}/claim"))["claimed_by"] == gus.id
    assert await gwen.status_of("POST", f"{path}/release") == 403


async def test_a_second_guardian_decides_alone(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(HELD)
    path = await the_case(gwen)
    alone = await refused(gwen, "POST", f"{path}/second")

    async with person(served, "gus", role=Role.GUARDIAN) as gus:
        await gwen.post(f"{path}/second")
        assert alone["error"] == "There is no other guardian on this node."
        assert await gwen.status_of("POST", f"{path}/release") == 403
        assert "second opinion" in (await notes_of(gus))[0]
        assert (await gus.post(f"{path}/release"))["outcome"] == "released"


async def test_nobody_decides_on_their_own_post(gwen: Person, gus: Person, served: Served) -> None:
    await gwen.say(HELD)
    path = await the_case(gwen)

    for deed in ("claim", "release", "return", "second", "no-finding"):
        sent = {"reason": "x", "kind": "date_place_age"}
        assert await gwen.status_of("POST", f"{path}/{deed}", json=sent) == 403, deed
    assert [one["mine"] for one in await gwen.get(CASES)] == [True]
    assert (await gus.post(f"{path}/release"))["outcome"] == "released"


async def test_what_may_be_happening_now_comes_first(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(HELD)
    await alice.say(URGENT)

    found = await gwen.get(CASES)

    assert [(one["urgent"], one["texts"][0]["text"]) for one in found] == [(True, URGENT), (False, HELD)]


async def test_guardians_are_told_once_an_hour_and_no_word_of_it(alice: Person, gwen: Person, served: Served) -> None:
    for _ in range(3):
        await alice.say(HELD)
        await served.fediverse.quiet()
    first = await notes_of(gwen)
    await later(served, seconds=HOUR + 10)

    second = await notes_of(gwen)

    assert ("1 post waits for a guardian" in first[0], len(first)) == (True, 1)
    assert ("3 posts wait for a guardian" in second[0], len(second)) == (True, 2)
    assert all("fell" not in one for one in second)


async def test_what_may_be_happening_now_is_told_at_once(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(HELD)
    await served.fediverse.quiet()
    await alice.say(URGENT)
    await served.fediverse.quiet()

    notes = await notes_of(gwen)
    assert ["happening now" in one for one in notes] == [True, False], notes


async def test_held_until_its_time_it_comes_out_at_the_later_of_the_two(
    alice: Person, gwen: Person, served: Served
) -> None:
    when = time(served.fediverse.clock.now + 2 * HOUR * 1000)
    first = await alice.say(HELD, scheduled_at=when)
    listed = await alice.get("/api/v1/scheduled_statuses")
    await later(served, seconds=HOUR)
    await gwen.post(f"{await the_case(gwen)}/release")
    await served.fediverse.quiet()
    early = await alice.get("/api/v1/timelines/home")
    notes = await notes_of(alice)
    await later(served, seconds=HOUR + 10)

    assert (first["scheduled_at"], listed, early) == (when, [first], [])
    assert ["at the time you chose" in one for one in notes] == [True, False], notes
    assert "A post that you wrote for later is held" in notes[1]
    assert len(await alice.get("/api/v1/timelines/home")) == 1


async def test_past_its_time_it_still_waits_for_a_guardian(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD, scheduled_at=time(served.fediverse.clock.now + 3 * HOUR * 1000))
    sooner = {"scheduled_at": time(served.fediverse.clock.now + HOUR * 1000)}
    assert await alice.status_of("PUT", f"/api/v1/scheduled_statuses/{made['id']}", json=sooner) == 200
    await later(served, seconds=2 * HOUR)
    before = await alice.get("/api/v1/timelines/home")

    await gwen.post(f"{await the_case(gwen)}/release")
    await served.fediverse.quiet()

    assert (before, len(await alice.get("/api/v1/timelines/home"))) == ([], 1)


async def test_what_waits_cannot_be_answered_yet(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)

    answer = await refused(alice, "POST", STATUSES, status="More", in_reply_to_id=made["id"])

    assert answer["error"] == "What you answer is not out yet: a guardian reads it first. Answer it then."


async def test_after_the_release_there_is_time_to_take_it_back(fediverse: Fediverse) -> None:
    served = await fediverse.node("there.example", safety={"fan_out_delay": 60})
    async with person(served, "alice") as alice, person(served, "gwen", role=Role.GUARDIAN) as gwen:
        made = await alice.say(HELD)
        await later(served, seconds=70)
        await gwen.post(f"{await the_case(gwen)}/release")
        await served.fediverse.quiet()
        early = await alice.get(f"{STATUSES}/{made['id']}")
        await later(served, seconds=61)

        assert (early["id"], early["content"]) == (made["id"], f"<p>{HELD}</p>")
        assert (await alice.get(f"{STATUSES}/{made['id']}"))["url"] is not None


async def test_the_first_posts_of_a_new_member_wait(fediverse: Fediverse) -> None:
    served = await fediverse.node("there.example", safety={"hold_first_posts": 2})
    async with (
        person(served, "nia") as nia, person(served, "old") as old,
        person(served, "gwen", role=Role.GUARDIAN) as gwen,
    ):  # fmt: skip
        async with served.database.writing() as db:  # as who joined by themselves
            await db.run("UPDATE members SET trusted = NULL WHERE actor_id <> :id", id=int(old.id))
        known, own = await old.say("Hello"), await gwen.say("Hello too")
        waiting = [await nia.say(f"Hello {n}") for n in range(2)]
        cases = await gwen.get(CASES)
        await gwen.post(f"{CASES}/{cases[0]['id']}/release")
        waiting.append(await nia.say("Hello 2"))
        await gwen.post(f"{CASES}/{cases[1]['id']}/release")
        fourth = await nia.say("Hello again")

    assert None not in (known["url"], own["url"])
    assert ["first posts of a new member" in one["content"] for one in waiting] == [True] * 3
    assert [(one["newcomer"], one["guard"]) for one in cases] == [(True, [])] * 2
    assert fourth["url"] is not None


async def test_a_new_member_changes_nothing_that_a_guardian_read(fediverse: Fediverse) -> None:
    served = await fediverse.node("there.example", safety={"hold_first_posts": 2})
    async with person(served, "nia") as nia, person(served, "gwen", role=Role.GUARDIAN) as gwen:
        async with served.database.writing() as db:
            await db.run("UPDATE members SET trusted = NULL WHERE actor_id = :id", id=int(nia.id))
        await nia.say("Hello")
        await gwen.post(f"{await the_case(gwen)}/release")
        await served.fediverse.quiet()
        [out] = await nia.get(f"/api/v1/accounts/{nia.id}/statuses")

        told = await refused(nia, "PUT", f"{STATUSES}/{out['id']}", status="Nobody read this")
        same = await nia.web.put(f"{STATUSES}/{out['id']}", json={"status": "Hello", "language": "cy"})

    assert "read by a guardian" in told["error"]
    assert (same.status_code, same.json()["content"], same.json()["language"]) == (200, "<p>Hello</p>", "cy")


async def test_pictures_of_new_members_wait_and_films_of_all_where_the_node_says_so(fediverse: Fediverse) -> None:
    safety = {"hold_pictures": 7, "hold_films": True}
    served = await fediverse.node("there.example", safety=safety)
    async with person(served, "nia") as nia, person(served, "old") as old:
        async with served.database.writing() as db:
            await db.run("UPDATE members SET trusted = NULL WHERE actor_id = :id", id=int(nia.id))

        words = await nia.say("No picture")
        hers, theirs = [await who.say("See", media_ids=[(await upload(who))["id"]]) for who in (nia, old)]
        fresh = (await upload(nia))["id"]
        added = await refused(nia, "PUT", f"{STATUSES}/{words['id']}", status="No picture", media_ids=[fresh])
        await later(served, seconds=8 * 24 * HOUR)
        grown = await nia.say("See", media_ids=[fresh])
        sent = await old.web.post("/api/v1/media", files={"file": ("a.mp4", films.film(), "video/mp4")})
        film = await old.say("Watch", media_ids=[sent.json()["id"]])

    assert [one["url"] is None for one in (words, hers, theirs, grown, film)] == [False, True, False, False, True]
    assert "Pictures of new members are looked at" in hers["content"]
    assert "a guardian looks at new pictures" in added["error"]
    assert "Films and sounds are gone through" in film["content"]


async def test_what_was_no_finding_is_counted_once(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(HELD)
    path = await the_case(gwen)

    await refused(gwen, "POST", f"{path}/no-finding", kind="phone")
    said: list[Json] = [await gwen.post(f"{path}/no-finding", kind="date_place_age") for _ in range(2)]

    assert [one["no_finding"] for one in said] == [["date_place_age"]] * 2
    async with served.database.reading() as db:
        assert len(await db.rows("SELECT * FROM mistaken")) == 1


async def test_everything_is_written_down_without_a_word_of_it(alice: Person, gwen: Person, served: Served) -> None:
    made = await alice.say(HELD)
    path = await the_case(gwen)
    await gwen.post(f"{path}/claim")
    await gwen.post(f"{path}/return", reason="Drop the age.")

    async with served.database.reading() as db:
        rows = await db.rows("SELECT actor_id, action, subject FROM audit WHERE action LIKE 'case%' ORDER BY id")
    case = f"case {path.rpartition('/')[2]}"
    assert [tuple(row) for row in rows] == [
        (int(alice.id), "case.open", f"post {made['id']}"),
        (int(gwen.id), "case.claim", case),
        (int(gwen.id), "case.return", case),
    ]


async def test_who_leaves_takes_their_cases_along(alice: Person, gwen: Person, served: Served) -> None:
    await alice.say(HELD)
    assert alice.actor is not None
    async with served.database.writing() as db:
        await members.delete(db, served.node, alice.actor)

    assert await gwen.get(CASES) == []
    assert await tables_with(served, HELD) == []
    async with served.database.reading() as db:
        assert await db.rows("SELECT * FROM cases") == []


async def test_the_notes_of_the_node_can_be_answered_and_do_nothing(
    alice: Person, gwen: Person, served: Served
) -> None:
    await alice.say(HELD)
    await gwen.post(f"{await the_case(gwen)}/release")
    await served.fediverse.quiet()
    [told] = await alice.get("/api/v1/notifications", types=["mention"])
    note = told["status"]["id"]

    answer = await alice.say("Thank you", in_reply_to_id=note, visibility="direct")
    await alice.post(f"{STATUSES}/{note}/favourite")

    assert (answer["in_reply_to_id"], answer["visibility"]) == (note, "direct")
    assert await gwen.status_of("GET", f"{STATUSES}/{note}") == 404
    assert served.fediverse.exchanged == []


async def test_a_private_message_is_read_too(alice: Person, bob: Person, gwen: Person, served: Served) -> None:
    await alice.say(f"@bob {HELD}", visibility="direct")
    [case] = await gwen.get(CASES)
    before = await bob.get("/api/v1/conversations")

    await gwen.post(f"{CASES}/{case['id']}/release")
    await served.fediverse.quiet()

    assert (case["visibility"], before) == ("direct", [])
    [talk] = await bob.get("/api/v1/conversations")
    assert talk["last_status"]["visibility"] == "direct"
    assert await gwen.status_of("GET", f"{STATUSES}/{talk['last_status']['id']}") == 404


async def test_what_the_node_says_reaches_who_hears_of_few(alice: Person, gwen: Person, served: Served) -> None:
    for who in (alice, gwen):
        policy = {"for_not_following": "drop", "for_private_mentions": "drop", "for_bots": "filter"}
        assert await who.status_of("PATCH", "/api/v2/notifications/policy", json=policy) == 200

    await alice.say(HELD)
    await served.fediverse.quiet()
    await gwen.post(f"{await the_case(gwen)}/release")

    assert (len(await notes_of(gwen)), len(await notes_of(alice))) == (1, 1)
