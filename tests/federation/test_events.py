"""Events and consultations between servers: who comes, who waits, what changes, and what came of a question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from federation.keeping import erase_actor
from node.errors import Invalid
from node.sharing import attending, editing, reminding
from node.sharing import polls as voting
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from node.surfacing.surface import announce
from storage import attendance, consultations, events, notifications, posts
from storage.actors import Actor
from storage.attendance import State
from storage.events import Event
from storage.jobs import Job
from storage.kinds import Kind
from storage.notifications import Reason
from storage.paging import Page
from storage.posts import Post
from tests.federation.remote import AS, RemoteActor, deliver, remote
from tests.federation.test_two_nodes import follow, known_at, share
from tests.pages.conftest import browsing, hidden
from tests.serving import ON_BOTH, Fediverse, Served

DAY = 24 * 60 * 60  # seconds
CLINIC = Draft(
    "Bring your count of 20.", kind=Kind.EVENT, title="Friday count clinic",
    fields={"start": "2026-12-04T12:30", "end": "2026-12-04T13:10", "capacity": 1, "link": "https://meet.example/room"},
)  # fmt: skip
ASKED = Draft(
    "", kind=Kind.CONSULTATION, title="What first?", poll=NewPoll(["People to ask", "Tools"], 7 * DAY)
)  # fmt: skip


async def two(fediverse: Fediverse) -> tuple[Served, Served, Actor, Actor]:
    """Rosa of the north, whom Sam of the south follows."""
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()
    return north, south, rosa, sam


async def there(served: Served, post: Post) -> Post:
    async with served.database.reading() as db:
        return await posts.by_uri(db, post.uri)


async def join(served: Served, member: Actor, post: Post) -> State:
    found = await there(served, post)
    async with served.database.writing() as db:
        state, told = await attending.join(db, served.node, member, found.id)
    announce(served.node, told)
    return state


async def leave(served: Served, member: Actor, post: Post) -> None:
    found = await there(served, post)
    async with served.database.writing() as db:
        told = await attending.leave(db, served.node, member, found.id)
    announce(served.node, told)


async def state(served: Served, member: Actor, post: Post) -> State | None:
    found = await there(served, post)
    async with served.database.reading() as db:
        held = await attendance.one(db, found.id, member.id)
    return None if held is None else held.state


async def when(served: Served, post: Post) -> Event:
    found = await there(served, post)
    async with served.database.reading() as db:
        event = await events.one(db, found.id)
    assert event is not None
    return event


async def told(served: Served, member: Actor) -> list[Reason]:
    async with served.database.reading() as db:
        found = await notifications.newest(db, member.id, Page(), now=served.node.clock())
    return [one.reason for one in found if one.reason is not Reason.FOLLOW]


async def change(served: Served, author: Actor, post: Post, **fields: Any) -> None:
    draft = replace(CLINIC, fields={**CLINIC.fields, **fields})
    del draft.fields["link"]  # type: ignore[attr-defined]
    async with served.database.writing() as db:
        _, told = await editing.edit(db, served.node, author, post.id, draft, {})
    announce(served.node, told)


@ON_BOTH
async def test_a_place_is_given_waited_for_left_and_given_on(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    ben, una = await north.account("ben"), await south.account("una")
    post = await share(north, rosa, CLINIC)
    await fediverse.quiet()

    first = await join(south, sam, post)
    await fediverse.quiet()
    second, third = await join(north, ben, post), await join(south, una, post)
    await fediverse.quiet()

    assert (first, second, third) == (State.ASKED, State.WAITING, State.ASKED)
    assert (await state(south, sam, post), await state(south, una, post)) == (State.JOINED, State.WAITING)
    event = await when(north, post)
    assert (event.joined, event.waiting) == (1, 2)

    await leave(south, sam, post)
    await fediverse.quiet()
    assert (await state(north, ben, post), await told(north, ben)) == (State.JOINED, [Reason.EVENT_PLACE])

    await leave(north, ben, post)
    await fediverse.quiet()
    assert (await state(south, una, post), await told(south, una)) == (State.JOINED, [Reason.EVENT_PLACE])
    assert (await state(south, sam, post), (await when(north, post)).waiting) == (None, 0)


async def test_who_comes_is_told_of_a_new_time_and_that_it_is_off(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    ben = await north.account("ben")
    post = await share(north, rosa, replace(CLINIC, fields={**CLINIC.fields, "capacity": 2}))
    await fediverse.quiet()
    await join(south, sam, post)
    await join(north, ben, post)
    await fediverse.quiet()

    await change(north, rosa, post, capacity=2, place="By the lift")
    await fediverse.quiet()
    quiet = await told(south, sam)
    await change(north, rosa, post, capacity=2, start="2026-12-04T14:00", end="2026-12-04T15:00")
    await fediverse.quiet()
    moved = await when(south, post)
    assert quiet == []
    assert (await told(south, sam), await told(north, ben)) == ([Reason.EVENT_CHANGED], [Reason.EVENT_CHANGED])
    assert (moved.starts, (await when(north, post)).link) == (1_796_392_800_000, "https://meet.example/room")

    await change(north, rosa, post, capacity=2, status="cancelled")
    await fediverse.quiet()
    assert (await when(south, post)).cancelled is not None
    assert await told(south, sam) == [Reason.EVENT_CHANGED]
    try:
        await join(south, await south.account("una"), post)
        raise AssertionError("joined what does not take place")
    except Invalid:
        pass


async def test_the_way_in_never_leaves_the_node(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    post = await share(north, rosa, CLINIC)
    await fediverse.quiet()
    await join(south, sam, post)
    await fediverse.quiet()

    assert (await when(north, post)).link == "https://meet.example/room"
    assert not any(b"meet.example" in one.body for one in fediverse.exchanged)
    async with north.client() as http:
        for path in (f"/@rosa/{post.id}", f"/api/v1/statuses/{post.id}", f"/events/{post.id}/join"):
            assert "meet.example" not in (await http.get(path, follow_redirects=True)).text


@ON_BOTH
async def test_interest_takes_no_place_and_crosses_servers(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    ben, una = await north.account("ben"), await north.account("una")
    post = await share(north, rosa, CLINIC)
    await fediverse.quiet()
    far = await there(south, post)
    path = "/api/v1/sharewell/events"

    async with await north.as_member(ben) as app, await south.as_member(sam) as far_app, browsing(north, una) as page:
        answers = [(await app.post(f"{path}/{post.id}/interested")).json() for _ in range(2)]
        await far_app.post(f"{path}/{far.id}/interested")
        form = {"proof": hidden((await page.get(f"/@rosa/{post.id}")).text, "proof")}
        noted = await page.post(f"/events/{post.id}/interested", data=form)
        await fediverse.quiet()
        shown = (await page.get(noted.headers["location"])).text
        counted = (await app.get(f"{path}/{post.id}")).json()
        await change(north, rosa, post, start="2026-12-04T14:00", end="2026-12-04T15:00")
        await fediverse.quiet()
        heard = [await told(south, sam), await told(north, ben)]
        came = (await far_app.post(f"{path}/{far.id}/join")).json()["attendance"]
        await fediverse.quiet()
        second = (await app.post(f"{path}/{post.id}/join")).json()  # was interested first, and asks second
        await page.post(f"/events/{post.id}/leave", data=form)
        await far_app.post(f"{path}/{far.id}/leave")
        await far_app.post(f"{path}/{far.id}/interested")
        await far_app.post(f"{path}/{far.id}/leave")
        await fediverse.quiet()

    assert [(one["attendance"], one["interested_count"], one["link"]) for one in answers] == [
        ("interested", 1, None)
    ] * 2
    assert "You are interested." in shown and "3 people are interested" in shown
    assert (counted["interested_count"], counted["coming_count"], counted["waiting_count"]) == (3, 0, 0)
    assert heard == [[Reason.EVENT_CHANGED], [Reason.EVENT_CHANGED]]
    assert (came, second["attendance"], second["interested_count"]) == ("asked", "waiting", 1)
    event = await when(north, post)
    assert (event.interested, event.joined, event.waiting) == (0, 1, 0)
    assert (await state(north, ben, post), await state(south, sam, post)) == (State.JOINED, None)


async def test_join_and_leave_of_another_server_are_answered(
    fediverse: Fediverse, node: Served, alice: Actor, gina: RemoteActor
) -> None:
    post = await share(node, alice, CLINIC)
    hugo = remote(fediverse, "other.test").actor("hugo", key=2)
    joins = [one.activity("Join", post.uri) for one in (gina, hugo)]

    for one, activity in zip((gina, hugo), joins, strict=True):
        assert (await deliver(node, one, activity)).status_code == 202
    assert (await deliver(node, gina, joins[0])).status_code == 202  # our answer was lost
    left = gina.activity("Leave", post.uri)
    assert (await deliver(node, gina, left)).status_code == 202
    assert (await deliver(node, gina, joins[0])).status_code == 202  # comes late: it stays left
    await fediverse.quiet()

    event = await when(node, post)
    assert (event.joined, event.waiting) == (1, 0)
    said = [
        (one["type"], one["object"]["actor"], one["object"]["id"])
        for host in ("good.test", "other.test")
        for one in fediverse.apps[host].got  # type: ignore[attr-defined]
    ]
    assert sorted(set(said)) == sorted(
        [("Accept", gina.uri, joins[0]["id"]), ("TentativeAccept", hugo.uri, joins[1]["id"]),
         ("Accept", hugo.uri, joins[1]["id"])]
    )  # fmt: skip


async def test_nobody_answers_a_join_for_an_event_of_another_server(
    fediverse: Fediverse, node: Served, alice: Actor, gina: RemoteActor
) -> None:
    far = gina.note("far") | {"type": "Event", "name": "Far", "startTime": "2026-12-04T12:30:00Z"}
    assert (await deliver(node, gina, gina.create(far))).status_code == 202
    async with node.database.reading() as db:
        post = await posts.by_uri(db, "https://good.test/notes/far")
    await join(node, alice, post)
    await fediverse.quiet()
    async with node.database.reading() as db:
        held = await attendance.one(db, post.id, alice.id)
    assert held is not None
    mallory = remote(fediverse, "evil.test").actor("mallory", key=3)
    asked = {"id": held.uri, "type": "Join", "actor": alice.uri, "object": post.uri}

    forged = await deliver(node, mallory, mallory.activity("Accept", asked))
    before = await state(node, alice, post)
    fair = await deliver(node, gina, gina.activity("Accept", {**asked, "@context": AS}))

    assert (forged.status_code >= 400, before) == (True, State.ASKED)
    assert (fair.status_code, await state(node, alice, post)) == (202, State.JOINED)


async def test_a_join_of_what_is_over_or_no_event_is_refused(
    fediverse: Fediverse, node: Served, alice: Actor, gina: RemoteActor
) -> None:
    post = await share(node, alice, CLINIC)
    plain = await share(node, alice, Draft("No event."))
    fediverse.clock.advance(seconds=60 * DAY)

    over = await deliver(node, gina, gina.activity("Join", post.uri))
    none = await deliver(node, gina, gina.activity("Join", plain.uri, name="2"))
    await fediverse.quiet()

    assert (over.status_code, none.status_code >= 400) == (202, True)
    assert [one["type"] for one in fediverse.apps["good.test"].got] == ["Reject"]  # type: ignore[attr-defined]


async def test_a_reminder_comes_once_the_day_before_and_a_freed_place_is_given_on(fediverse: Fediverse) -> None:
    north, _south, rosa, _sam = await two(fediverse)
    ben, una = await north.account("ben"), await north.account("una")
    post = await share(north, rosa, CLINIC)
    for one in (ben, una):
        await join(north, one, post)
    job = Job(0, None, "remind-of-events", 0, "", None, "", 0, 0, 0)
    await reminding.sweep(north.node, job)
    early = await told(north, ben)

    fediverse.clock.now = (await when(north, post)).starts - DAY * 1000 + 60_000
    for _ in range(2):
        await reminding.sweep(north.node, job)
    reminded = await told(north, ben)
    async with north.database.writing() as db:
        await erase_actor(db, ben.id, now=north.node.clock())
    await reminding.sweep(north.node, job)

    assert (early, reminded) == ([], [Reason.EVENT_SOON])
    assert await told(north, una) == [Reason.EVENT_PLACE]
    assert (await state(north, ben, post), await state(north, una, post)) == (None, State.JOINED)


async def conclude(served: Served, author: Actor, asked: Post, **more: Any) -> Post:
    fields = {"themes": [{"name": "People to ask", "count": 1, "sentence": "You want names."}], "did": "A finder."}
    draft = Draft(
        "", kind=Kind.SUMMARY, title=asked.title, in_reply_to_id=asked.id, fields={**fields, **more}
    )  # fmt: skip
    return await share(served, author, draft)


@ON_BOTH
async def test_votes_come_from_elsewhere_and_the_summary_goes_there(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    ben, una = await north.account("ben"), await south.account("una")
    asked = await share(north, rosa, ASKED)
    await fediverse.quiet()
    for served, member in ((south, sam), (north, ben)):
        found = await there(served, asked)
        async with served.database.writing() as db:
            announce(served.node, await voting.vote(db, served.node, member, found.id, [0]))
    answer = Draft("Names, please.", in_reply_to_id=(await there(south, asked)).id)
    await share(south, una, answer)
    await fediverse.quiet()
    try:
        await conclude(north, rosa, asked)
        raise AssertionError("summed up while it was open")
    except Invalid:
        pass

    fediverse.clock.advance(seconds=8 * DAY)
    await fediverse.quiet()
    summary = await conclude(north, rosa, asked, here=99)
    await fediverse.quiet()

    for served in (north, south):
        found = await there(served, summary)
        assert '"here":1,"elsewhere":1' in found.fields
        assert "2 people voted: 1 where it was asked, 1 elsewhere." in found.html
        async with served.database.reading() as db:
            kept = await consultations.one(db, (await posts.by_uri(db, asked.uri)).id)
        assert kept is not None and kept.summary_id == found.id
    assert Reason.SUMMARY in await told(south, sam) and Reason.SUMMARY in await told(north, ben)
    assert Reason.SUMMARY in await told(south, una)


@ON_BOTH
async def test_a_consultation_closed_early_is_closed_everywhere_and_stays_so(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    ben = await north.account("ben")
    first, second = await share(north, rosa, ASKED), await share(north, rosa, replace(ASKED, title="And then?"))
    await fediverse.quiet()
    far = await there(south, first)
    async with south.database.writing() as db:
        announce(south.node, await voting.vote(db, south.node, sam, far.id, [1]))
    await fediverse.quiet()
    close = f"/consultations/{first.id}/close"

    async with browsing(north, rosa) as author, browsing(north, ben) as other, north.client() as stranger:
        page = (await author.get(f"/@rosa/{first.id}")).text
        seen = [close in (await one.get(f"/@rosa/{first.id}")).text for one in (author, other, stranger)]
        proof = hidden((await other.get(f"/@rosa/{first.id}")).text, "proof")
        theirs = (await other.post(close, data={"proof": proof})).status_code
        closed = await author.post(close, data={"proof": hidden(page, "proof")})
        after = (await author.get(closed.headers["location"])).text
    await fediverse.quiet()
    async with await north.as_member(rosa) as app, await north.as_member(ben) as stranger:
        path = "/api/v1/sharewell/consultations"
        refused = [(await one.post(f"{path}/{first.id}/close")).status_code for one in (app, stranger)]
        over = [(await app.post(f"{path}/{second.id}/close")).json()["over"], (await app.get(path)).json()]
        poll = {"options": ["Nothing", "Else"], "expires_in": 600}
        edited = await app.put(f"/api/v1/statuses/{first.id}", json={"status": "More words.", "poll": poll})
    await fediverse.quiet()

    assert (seen, theirs, closed.status_code) == ([True, False, False], 403, 303)
    assert "Write the summary" in after and close not in after
    assert (refused, over, edited.status_code) == ([422, 403], [True, []], 200)
    assert [one["title"] for one in edited.json()["poll"]["options"]] == ["People to ask", "Tools"]
    assert edited.json()["poll"]["expired"] is True
    async with await south.as_member(sam) as app:
        shown = (await app.get(f"/api/v1/polls/{far.id}")).json()
        late = await app.post(f"/api/v1/polls/{far.id}/votes", json={"choices": [0]})
    assert (shown["expired"], [one["votes_count"] for one in shown["options"]], late.status_code) == (True, [0, 1], 422)
    assert await told(south, sam) == [Reason.POLL]
    summary = await conclude(north, rosa, first)
    assert '"here":0,"elsewhere":1' in summary.fields


async def test_only_who_asked_sums_it_up_once(fediverse: Fediverse) -> None:
    north, _south, rosa, _sam = await two(fediverse)
    ben = await north.account("ben")
    asked = await share(north, rosa, ASKED)
    fediverse.clock.advance(seconds=8 * DAY)
    await fediverse.quiet()

    refused: list[str] = []
    for author in (ben, rosa, rosa):
        try:
            await conclude(north, author, asked)
        except Invalid as error:
            refused.append(str(error))

    assert refused == ["Only who asked sums it up.", "This consultation has its summary already. Change that one."]


async def test_times_that_make_no_sense_are_refused_in_words(node: Served, alice: Actor) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "start": {"start": "2026-01-01T10:00", "end": "2026-01-01T11:00"},
        "end": {"end": "2026-12-04T12:30"},
        "zone": {"zone": "Mars/Olympus"},
        "capacity": {"capacity": 10**9},
        "place": {"mode": "in-person"},
        "link": {"link": "javascript:alert(1)"},
    }
    for field, values in wrong.items():
        async with node.database.writing() as db:
            try:
                await sharing.publish(
                    db, node.node, alice, replace(CLINIC, fields={**CLINIC.fields, **values}), {}
                )  # fmt: skip
                raise AssertionError(field)
            except Invalid as error:
                assert error.field == field
    async with node.database.writing() as db:
        try:
            gap = {"start": "2027-03-28T01:30", "end": "2027-03-28T04:00"}
            await sharing.publish(db, node.node, alice, replace(CLINIC, fields={**CLINIC.fields, **gap}), {})
            raise AssertionError("a time that is skipped")
        except Invalid as error:
            assert error.field == "start"
