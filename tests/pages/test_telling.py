"""The page of what a member was told."""

from __future__ import annotations

import httpx2

from storage.database import Database
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH


async def thank(client: httpx2.AsyncClient, path: str, post_id: int) -> None:
    page = (await client.get(path)).text
    answer = await client.post(
        f"/posts/{post_id}/respond", data={"proof": hidden(page, "proof"), "back": "/", "do": "thank"}
    )
    assert answer.status_code == 303


@ON_BOTH
async def test_what_is_alike_is_one_line_and_new_until_read(sample: Sample) -> None:
    post = sample.posts["sbar"]
    paul = await sample.served.account("paul", name="Paul Reed")
    async with browsing(sample.served, sample.imelda) as one, browsing(sample.served, paul) as two:
        await thank(one, sample.href("sbar"), post.id)
        await thank(two, sample.href("sbar"), post.id)
    async with browsing(sample.served, sample.rosa) as rosa:
        page = (await rosa.get("/notifications/thanks")).text
        values = {"proof": hidden(page, "proof"), "newest": hidden(page, "newest")}
        answer = await rosa.post("/notifications/read", data=values)
        after = (await rosa.get("/notifications")).text

    assert "Paul Reed</a> and 1 other thanked you for:" in page
    assert post.title in page
    assert '<div class="by new">' in page
    assert answer.headers["location"] == "/notifications"
    assert '<div class="by new">' not in after


async def test_each_tab_shows_its_own_and_no_other_is_there(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as one:
        await thank(one, sample.href("sbar"), sample.posts["sbar"].id)
    async with browsing(sample.served, sample.rosa) as rosa:
        assert sample.posts["sbar"].title in (await rosa.get("/notifications/thanks")).text
        assert sample.posts["sbar"].title not in (await rosa.get("/notifications/followers")).text
        assert (await rosa.get("/notifications/gossip")).status_code == 404


async def test_nobody_reads_or_marks_those_of_another(sample: Sample, reader: httpx2.AsyncClient) -> None:
    database: Database = sample.served.database
    assert (await reader.get("/notifications")).status_code in (303, 401)
    async with browsing(sample.served, sample.rosa) as rosa:
        assert (await rosa.post("/notifications/read", data={"newest": "9", "proof": "0" * 64})).status_code == 403

    async with database.reading() as db:
        assert await db.rows("SELECT * FROM markers") == []
