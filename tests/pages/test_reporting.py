"""Report by a form: the guardians get what was said, the other server what it was asked to, and nobody who asked."""

from __future__ import annotations

import re

import pytest

from storage import reports
from storage.reports import Category, Report
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, Fediverse, Served


async def kept(served: Served) -> list[Report]:
    async with served.database.reading() as db:
        return await reports.open_ones(db, limit=10)


async def report(sample: Sample, target_id: int, **said: object) -> tuple[int, str]:
    """Fill in the form; the status, and the page that follows."""
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/report", params={"account": str(target_id)})).text
        data = {"proof": hidden(page, "proof"), "account": hidden(page, "account"), **said}
        answer = await client.post("/report", data=data)
        if answer.status_code != 303:
            return answer.status_code, answer.text
        return 303, (await client.get(answer.headers["location"])).text


@ON_BOTH
async def test_a_report_reaches_the_guardians(sample: Sample) -> None:
    note, idea = sample.posts["note"], sample.posts["idea"]

    said = {"reason": "recognised", "comment": "The bed number.", "post[]": [str(note.id), str(idea.id)]}
    status, page = await report(sample, sample.rosa.id, **said)

    found = await kept(sample.served)
    assert (status, "The guardians have your report." in page) == (303, True)
    assert [(one.reporter_id, one.target_id, one.category, one.forwarded) for one in found] == [
        (sample.imelda.id, sample.rosa.id, Category.RECOGNISABLE, None)
    ]
    assert found[0].comment == "A patient, relative or colleague could be recognised. The bed number."
    assert note.uri in found[0].post_uris and idea.uri in found[0].post_uris


@pytest.mark.parametrize(
    ("reason", "category"),
    [("spam", Category.SPAM), ("violation", Category.VIOLATION), ("legal", Category.LEGAL), ("other", Category.OTHER)],
)
async def test_each_reason_is_a_category(sample: Sample, reason: str, category: Category) -> None:
    await report(sample, sample.rosa.id, reason=reason, comment="Why")

    assert [(one.category, one.comment) for one in await kept(sample.served)] == [(category, "Why")]


async def test_from_a_post_that_post_is_chosen(sample: Sample) -> None:
    path = sample.href("note")
    async with browsing(sample.served, sample.imelda) as client:
        link = re.search(r'href="(/report\?[^"]+)"', (await client.get(path)).text)
        assert link is not None
        form = (await client.get(link[1].replace("&amp;", "&"))).text

    chosen = re.findall(r'name="post\[\]" value="(\d+)" checked', form)
    assert chosen == [str(sample.posts["note"].id)]


async def test_no_post_of_somebody_else_is_offered(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        asked = {"account": str(sample.rosa.id), "post": str(sample.posts["blog"].id)}
        form = (await client.get("/report", params=asked)).text

    assert "Wounds in kitchens" not in form


async def test_no_post_is_offered_that_the_member_may_not_see(sample: Sample) -> None:
    bob = await sample.served.account("bob")
    async with browsing(sample.served, bob) as client:
        asked = {"account": str(sample.rosa.id), "post": str(sample.posts["direct"].id)}
        form = (await client.get("/report", params=asked)).text

    assert str(sample.posts["direct"].id) not in form
    assert "zebrafish" not in form


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Choose what is wrong."), ({"reason": "like"}, "Choose what is wrong."),
        ({"reason": "other"}, "Say in a few words what is wrong."),
        ({"reason": "spam", "comment": "x" * 1001}, "At most 1000 characters."),
        ({"reason": "recognised", "comment": "x" * 1000}, "At most 946 characters."),
    ],
    ids=["nothing", "unknown", "no words", "long", "long with ours before it"],
)  # fmt: skip
async def test_what_is_wrong_is_said_beside_what_was_typed(sample: Sample, said: dict[str, str], words: str) -> None:
    status, page = await report(sample, sample.rosa.id, **{"comment": "", **said})

    assert status == 422
    assert words in page
    assert said.get("comment", "") in page
    assert await kept(sample.served) == []


async def test_a_post_of_somebody_else_is_not_taken(sample: Sample) -> None:
    status, _page = await report(sample, sample.rosa.id, reason="spam", **{"post[]": str(sample.posts["plain"].id)})

    assert status == 404
    assert await kept(sample.served) == []


@pytest.mark.parametrize("forward", [True, False])
async def test_the_other_server_hears_of_it_only_when_asked_and_not_from_whom(
    fediverse: Fediverse, sample: Sample, forward: bool
) -> None:
    wexley = await fediverse.node("wexley.example")
    bob = await wexley.account("bob")
    async with browsing(sample.served, sample.imelda) as client:
        place = (await client.get("/authorize_interaction", params={"uri": bob.uri})).headers["location"]
        link = re.search(r'href="/report\?account=(\d+)"', (await client.get(place)).text)
    assert link is not None

    await report(sample, int(link[1]), reason="spam", comment="Adverts", **({"forward": "1"} if forward else {}))
    await fediverse.quiet()

    arrived = await kept(wexley)
    assert [(one.comment, one.target_id) for one in arrived] == ([("Adverts", bob.id)] if forward else [])
    assert not any(b"users/imelda" in one.body for one in fediverse.exchanged if one.method == "POST")


async def test_nobody_reports_themselves_or_nobody(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        own = await client.get("/report", params={"account": str(sample.imelda.id)})
        none = await client.get("/report", params={"account": "77777"})
        unproved = await client.post("/report", data={"account": str(sample.rosa.id), "reason": "spam"})

    assert (own.status_code, none.status_code, unproved.status_code) == (403, 404, 403)
