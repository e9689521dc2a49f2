"""Mentoring and asking on pages: written by a form, matched, kept between the two, found, and answered."""

from __future__ import annotations

import httpx2

from storage.actors import Actor
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH

WANTED = {
    "title": "Mentor wanted for idle cannulas", "details": "We count 41% idle.", "topics": "cannulation",
    "level": "team", "format": "video-call", "hours_a_month": "1", "months": "4", "visibility": "public", "sure": "1",
}  # fmt: skip
OFFERED = {**WANTED, "title": "Pair your ward with a mentor ward", "details": "A count each week.", "places": "2"}


async def write(browser: httpx2.AsyncClient, kind: str, said: dict[str, str]) -> str:
    page = await browser.get(f"/write/{kind}")
    form = {"proof": hidden(page.text, "proof"), "key": hidden(page.text, "key"), **said}
    answer = await browser.post(f"/write/{kind}", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def post_form(browser: httpx2.AsyncClient, page: str, action: str, **said: str) -> httpx2.Response:
    proof = hidden((await browser.get(page)).text, "proof")
    return await browser.post(action, data={"proof": proof, **said})


def number(path: str) -> str:
    return path.rpartition("/")[2].partition("?")[0]


async def test_two_members_are_matched_write_to_each_other_and_nobody_else_reads_it(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    served: Served = sample.served
    async with browsing(served, sample.imelda) as imelda, browsing(served, sample.rosa) as rosa:
        wrong = await imelda.get("/write/mentoring-request")
        form = {"proof": hidden(wrong.text, "proof"), "key": "k", **WANTED, "topics": "", "hours_a_month": "900"}
        refused = await imelda.post("/write/mentoring-request", data=form)
        request, offer = await write(imelda, "mentoring-request", WANTED), await write(rosa, "mentoring-offer", OFFERED)
        board = (await reader.get("/mentoring?topic=cannulation&level=team")).text
        elsewhere = (await reader.get("/mentoring?topic=falls")).text
        fits = (await imelda.get(f"/mentoring/posts/{number(request)}")).text
        answer = (await rosa.get(f"/mentoring/posts/{number(request)}")).text

        stopped = await post_form(
            imelda, f"/mentoring/posts/{number(request)}", "/mentoring/propose", mine=number(request),
            theirs=number(offer), about=number(request), chosen=number(offer), message="NHS number 943 476 5919",
        )  # fmt: skip
        proposed = await post_form(
            imelda, f"/mentoring/posts/{number(request)}", "/mentoring/propose", mine=number(request),
            theirs=number(offer), about=number(request), chosen=number(offer), message="Could you do Tuesdays?",
        )  # fmt: skip
        match = proposed.headers["location"].partition("?")[0]
        told = (await rosa.get("/notifications")).text
        mine = await post_form(imelda, match, f"{match}/act", do="accept")
        accepted = await post_form(rosa, match, f"{match}/act", do="accept")
        twice = await post_form(rosa, match, f"{match}/act", do="accept")
        await post_form(rosa, match, f"{match}/write", sort="goal", text="Fewer than 20% idle on Fridays.", day="")
        await post_form(imelda, match, f"{match}/write", sort="check-in", text="41% to 29%.", day="2026-10-20")
        bad = await post_form(imelda, match, f"{match}/write", sort="check-in", text="x", day="soon")
        whole = (await rosa.get(match)).text
        numbers = (await reader.get("/mentoring/numbers")).text
        over = await post_form(rosa, match, f"{match}/act", do="end")

    assert refused.status_code == 422 and "Write a whole number from 1 to 40." in refused.text
    assert all(one in board for one in (WANTED["title"], OFFERED["title"], "1 hour a month, 4 months"))
    assert "Nothing fits what you chose." in elsewhere
    assert OFFERED["title"] in fits and "1 topic in common, both for teams, the same way to meet" in fits
    assert "Answer with an offer of yours" in answer and OFFERED["title"] in answer
    assert stopped.status_code == 422 and "NHS number 943 476 5919" in stopped.text
    assert "Mentoring: news from" in told and '</a> · <a class="do" href="/mentoring/matches">' in told
    assert (mine.status_code, accepted.status_code, twice.status_code) == (403, 303, 422)
    assert all(one in whole for one in ("Goal: Fewer than 20% idle on Fridays.", "41% to 29%.", ">20 Oct 2026<"))
    assert bad.status_code == 422 and "Write the date as" in bad.text
    assert "<dd>4</dd>" in numbers
    assert over.status_code == 303
    async with browsing(served, sample.alliance) as stranger:
        assert (await stranger.get(match)).status_code == 404
    assert (await reader.get(match)).status_code in (303, 401)


async def test_who_can_be_asked_is_found_and_the_author_says_what_answered(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    served: Served = sample.served
    async with browsing(served, sample.imelda) as imelda, browsing(served, sample.rosa) as rosa:
        said = {"topics[]": "cannulation", "role": "nurse", "region": "wales"}
        kept = await post_form(rosa, "/settings/expertise", "/settings/expertise", **said)
        wrong = await post_form(rosa, "/settings/expertise", "/settings/expertise", **{**said, "role": "wizard"})
        found = (await reader.get("/experts?q=venflon&role=nurse")).text
        none = (await reader.get("/experts?topic=cannulation&region=scotland")).text
        profile = (await reader.get("/@rosa")).text
        form = {"title": "How do you count?", "details": "Weekly.", "topics": "cannulation"}
        question = await write(imelda, "question", {**form, "visibility": "public", "sure": "1"})
        await served.fediverse.quiet()
        told = (await rosa.get("/notifications")).text
        listed, early = (await reader.get("/questions")).text, (await reader.get("/questions?unanswered=1")).text
    served.fediverse.clock.advance(seconds=49 * 3600)
    async with browsing(served, sample.imelda) as imelda, browsing(served, sample.rosa) as rosa:
        late = (await reader.get("/questions?unanswered=1")).text
        reply = await post_form(rosa, question, f"/posts/{number(question)}/reply", text="On Fridays.", key="r1")
        chosen = await post_form(
            imelda,
            question,
            f"/questions/{number(question)}/answer",
            reply=reply.headers["location"].rpartition("-")[2],
        )  # fmt: skip
        page, after = (await reader.get(question)).text, (await reader.get("/questions?unanswered=1")).text
        theirs = await post_form(rosa, question, f"/questions/{number(question)}/answer", reply="0")
        await post_form(imelda, question, f"/questions/{number(question)}/answer", reply="0")
        taken_back = (await reader.get(question)).text

    assert (kept.status_code, wrong.status_code) == (303, 422)
    assert "Rosa Quill" in found and "Nobody is found" in none and "Ask me about:" in profile
    assert "asks what you may know:" in told
    assert "How do you count?" in listed and "How do you count?" in late
    assert "How do you count?" not in early and "How do you count?" not in after
    assert chosen.status_code == 303 and page.count("On Fridays.") == 2 and "This answered it" in page
    assert theirs.status_code == 403 and "This answered it" not in taken_back


async def test_a_team_answers_by_whoever_writes_for_it(sample: Sample, reader: httpx2.AsyncClient) -> None:
    served: Served = sample.served
    await write_for(served, sample.team, sample.rosa)
    async with browsing(served, sample.imelda) as imelda, browsing(served, sample.rosa) as rosa:
        offer = await write(rosa, "mentoring-offer", {**OFFERED, "as": str(sample.team.id)})
        request = await write(imelda, "mentoring-request", WANTED)
        proposed = await post_form(
            imelda, f"/mentoring/posts/{number(request)}", "/mentoring/propose", mine=number(request),
            theirs=number(offer), about=number(request), chosen=number(offer), message="",
        )  # fmt: skip
        match = proposed.headers["location"].partition("?")[0]
        told = (await rosa.get("/notifications")).text
        accepted = await post_form(rosa, match, f"{match}/act", do="accept")
        listed = (await rosa.get("/mentoring/matches")).text
        closed = await post_form(rosa, match, f"/mentoring/posts/{number(offer)}/stand", do="close")
        stranger = await post_form(imelda, match, f"/mentoring/posts/{number(offer)}/stand", do="open")

    assert "Mentoring: news from" in told and accepted.status_code == 303 and "Under way" in listed
    assert (closed.status_code, stranger.status_code) == (303, 404)
    async with served.database.reading() as db:
        rows = await db.rows("SELECT actor_id FROM audit WHERE action = 'mentoring.accept-as'")
    assert [row[0] for row in rows] == [sample.rosa.id]


async def write_for(served: Served, team: Actor, member: Actor) -> None:
    from node.connecting import teams as use
    from storage.teams import Place

    async with served.database.writing() as db:
        await use.add(db, served.node, team, member.handle, Place.MEMBER, by=None)
