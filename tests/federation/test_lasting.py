"""Whether what was shared is still in place: who is asked when, and where the answer goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.sharing import behalf, lasting
from node.sharing.drafts import Draft
from node.surfacing import digests
from node.surfacing.surface import announce
from storage import audit, marks, members, posts, prompts, teams
from storage.actors import ActorKind
from storage.database import Missing
from storage.jobs import Job
from storage.kinds import Kind
from storage.notifications import Reason
from storage.posts import Post
from storage.teams import Place
from tests.clients.guards import BLOCKED, NUMBER, tables_with
from tests.federation.test_events import there, told, two
from tests.federation.test_two_nodes import share
from tests.pages.conftest import browsing, hidden
from tests.serving import ON_BOTH, Fediverse, Served

MONTH = 31 * 24 * 60 * 60  # seconds
HEELS = Draft(
    "", kind=Kind.CASE_STUDY, title="Halving heel ulcers", language="en",
    fields={"aim": "By half.", "did_not_work": "Posters."},
)  # fmt: skip
TRIED = Draft("", kind=Kind.IDEA, title="Red tape", fields={"proposal": "Tape the line.", "stage": "testing"})


async def pass_months(served: Served, number: float) -> None:
    """Let months pass, and have the worker ask twice, as two workers would."""
    served.fediverse.clock.advance(seconds=number * MONTH)
    for _ in range(2):
        await lasting.ask(served.node, Job(0, None, "ask-what-lasts", 0, "", None, "", 0, 0, 0))


async def open_of(served: Served, post: Post) -> int:
    async with served.database.reading() as db:
        return await prompts.open_of(db, post.id)


@ON_BOTH
async def test_the_author_is_asked_once_at_each_age_and_the_answer_goes_to_other_servers(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    post = await share(north, rosa, HEELS)
    await fediverse.quiet()
    await pass_months(north, 2)
    early = await told(north, rosa)
    await pass_months(north, 1)
    once = await told(north, rosa)
    await pass_months(north, 3)  # nobody answered
    async with north.database.reading() as db:
        mail = await digests.contents(db, north.node, rosa.id)

    assert (early, once, await told(north, rosa)) == ([], [Reason.IN_PLACE], [Reason.IN_PLACE])
    assert [(one.words, one.link.rpartition("/")[2]) for one in mail.prompts] == [("After six months", "in-place")]
    async with browsing(north, rosa) as page:
        seen = (await page.get(f"/@rosa/{post.id}")).text
        listed = (await page.get("/notifications")).text
        path = f"/posts/{post.id}/in-place"
        assert (f'action="{path}"' in seen, f'href="{path}"' in listed) == (True, True)
        sent = {"proof": hidden(seen, "proof"), "state": "changed"}
        wordless = await page.post(path, data=sent)
        named = await page.post(path, data={**sent, "said": BLOCKED})
        assert (wordless.status_code, named.status_code, await tables_with(north, NUMBER)) == (422, 422, [])
        fine = await page.post(path, data={**sent, "said": "Two wards of four <b>now</b>."})
        again = await page.post(path, data={**sent, "said": "Once more."})
        after = (await page.get(f"/@rosa/{post.id}")).text
    await fediverse.quiet()

    assert (fine.status_code, again.status_code, await told(north, rosa)) == (303, 404, [])
    assert ("After six months:" in after, "Two wards of four &lt;b&gt;now&lt;/b&gt;." in after) == (True, True)
    assert f'action="{path}"' not in after
    theirs = await there(south, post)
    [line] = marks.of(theirs.fields).in_place
    assert (line.months, line.state, line.said) == (6, "changed", "Two wards of four <b>now</b>.")
    assert "<strong>After six months (" in theirs.html
    assert await told(south, sam) == []
    async with south.client(await south.token(sam, "read")) as app:
        [status] = (await app.get("/api/v1/timelines/home")).json()
        seen = (await app.get(f"/@rosa@north.example/{theirs.id}")).text
    assert [{**one, "at": ""} for one in status["sharewell"]["in_place"]] == [
        {"months": 6, "state": "changed", "said": line.said, "at": ""}
    ]
    assert seen.count("Two wards of four") == 1


async def test_an_app_answers_and_an_edit_keeps_what_was_said(fediverse: Fediverse) -> None:
    north, _south, rosa, _sam = await two(fediverse)
    post = await share(north, rosa, TRIED)
    await pass_months(north, 3)
    path = f"/api/v1/sharewell/statuses/{post.id}/in_place"
    async with north.client(await north.token(rosa, "read write")) as app:
        asked = (await app.get("/api/v1/sharewell/prompts")).json()
        wrong = await app.post(path, json={"state": "gone"})
        status = (await app.post(path, json={"state": "still"})).json()
        answered = (await app.get("/api/v1/sharewell/prompts")).json()
        edited = await app.put(f"/api/v1/statuses/{post.id}", json={"spoiler_text": "Falls"})
        off = (await app.put("/api/v1/sharewell/prompts", json={"asked": False})).json()
        await pass_months(north, 3)
        late = (await app.get("/api/v1/sharewell/prompts")).json()
        silent = (await app.get(f"/@rosa/{post.id}")).text

    assert asked == {"asked": True, "open": [{"status_id": str(post.id), "months": 3}]}
    assert (wrong.status_code, answered["open"]) == (422, [])
    assert status["content"].startswith("<p><strong>After three months (")
    assert edited.json()["sharewell"]["in_place"] == status["sharewell"]["in_place"]
    assert (off, late) == ({"asked": False, "open": []}, {"asked": False, "open": []})
    assert (await told(north, rosa), "in-place" in silent) == ([], False)


async def test_nobody_is_asked_about_what_nobody_tried_or_what_holds_no_more(fediverse: Fediverse) -> None:
    north, _south, rosa, _sam = await two(fediverse)
    new = await share(north, rosa, replace(TRIED, fields={"proposal": "Tape the line."}))
    withdrawn = await share(north, rosa, HEELS)
    replaced = await share(north, rosa, replace(HEELS, fields={**HEELS.fields, "superseded_by": new.uri}))
    hidden_one, gone = await share(north, rosa, HEELS), await share(north, rosa, HEELS)
    note = await share(north, rosa, Draft("Plain words."))
    async with north.database.writing() as db:
        mine = await members.by_id(db, rosa.id)
        await behalf.withdraw(db, north.node, mine, withdrawn.id, "It did not last.")
        await behalf.take_back(db, north.node, rosa.id, gone.id)
        await db.run("UPDATE posts SET visibility = 'hidden' WHERE id = :id", id=hidden_one.id)
    await pass_months(north, 3)
    asked = [await open_of(north, one) for one in (new, withdrawn, replaced, hidden_one, gone, note)]
    async with north.database.writing() as db:
        [_told] = [await behalf.edit(db, north.node, rosa.id, new.id, TRIED, {})]
    await pass_months(north, 10)  # the node was away: the newest question alone
    once = await told(north, rosa)
    newest = await open_of(north, new)
    old = await share(north, rosa, TRIED)
    await pass_months(north, 19)
    many = [await share(north, rosa, TRIED) for _ in range(4)]
    await pass_months(north, 3)
    a_day = [await open_of(north, one) for one in many]
    await pass_months(north, 0.1)
    in_the_end = [await open_of(north, one) for one in many]

    async with north.database.reading() as seen:
        mail = (await digests.contents(seen, north.node, rosa.id)).prompts
    async with north.database.writing() as db:
        await behalf.withdraw(db, north.node, mine, int(mail[0].link.split("/")[-2]), "It did not last.")
    async with north.database.reading() as seen:
        after = (await digests.contents(seen, north.node, rosa.id)).prompts

    assert asked == [0] * 6
    assert (len(mail), len(after), mail[0] in after) == (3, 3, False)
    assert (once, newest) == ([Reason.IN_PLACE], 12)
    assert await open_of(north, old) == 0
    assert (sorted(a_day), in_the_end) == ([0, 3, 3, 3], [3, 3, 3, 3])
    with pytest.raises(Missing):
        async with north.database.writing() as db:
            await lasting.answer(db, north.node, rosa.id, withdrawn.id, "still", "")


async def test_the_leads_of_a_team_are_asked_and_who_left_is_not(fediverse: Fediverse) -> None:
    north, _south, rosa, _sam = await two(fediverse)
    ben, team = await north.account("ben"), await north.account("skin", kind=ActorKind.GROUP)
    async with north.database.writing() as db:
        await teams.put(db, team.id, rosa.id, Place.LEAD, now=north.node.clock())
        await teams.put(db, team.id, ben.id, Place.MEMBER, now=north.node.clock())
    post = await share(north, team, HEELS)
    left = await share(north, ben, HEELS)
    async with north.database.writing() as db:
        await db.run("UPDATE members SET leaving = 1 WHERE actor_id = :id", id=ben.id)
    await pass_months(north, 3)
    asked = await told(north, rosa), await told(north, ben)
    async with north.database.writing() as db:
        announce(north.node, await lasting.answer(db, north.node, rosa.id, post.id, "stopped", "No foam."))
        found = await posts.any_by_id(db, post.id)
        noted = await audit.wrote(db, rosa.id, post.uri)
    await pass_months(north, 3)

    assert (asked, await told(north, rosa)) == (([Reason.IN_PLACE], []), [])
    assert [(one.months, one.state) for one in marks.of(found.fields).in_place] == [(3, "stopped")]
    assert (await open_of(north, post), await open_of(north, left), noted) == (0, 6, False)
