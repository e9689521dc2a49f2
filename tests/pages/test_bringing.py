"""A blog is brought from its feed: drafts that the member alone sees, shared one by one, and none twice."""

from __future__ import annotations

import re

import httpx2
from starlette.types import Receive, Scope, Send

from node.connecting import teams
from storage.actors import ActorKind
from storage.teams import Place
from tests.clients.guards import NUMBER, tables_with
from tests.pages.conftest import browsing, hidden
from tests.serving import ON_BOTH, Fediverse, Served

FEED = """<rss version="2.0"><channel>
<item><title>Kitchens and wounds</title><link>/kitchens</link><description>&lt;p&gt;Guidelines are written for a
bed.&lt;/p&gt;&lt;p&gt;Kitchens have none.&lt;/p&gt;</description></item>
<item><title>Whose heel</title><guid>2</guid><description>NHS number {number}, seen again</description></item>
<item><title>Mirrors</title><guid>3</guid><description>A mirror in the bag.</description></item>
</channel></rss>"""


class Blog:
    """A site with a feed, which remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        kind = b"text/html" if scope["path"] == "/" else b"application/rss+xml; charset=utf-8"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": FEED.format(number=NUMBER).encode()})


async def _bring(client: httpx2.AsyncClient, **values: str) -> httpx2.Response:
    proof = hidden((await client.get("/brought")).text, "proof")
    return await client.post("/brought", data={"proof": proof, **values})


def _drafts(page: str) -> list[str]:
    return re.findall(r'href="(/write/blog\?draft=\d+)"', page)


async def _shared(served: Served) -> list[str]:
    async with served.client() as stranger:
        found = (await stranger.get("/api/v1/timelines/public")).json()
    return [one["account"]["acct"] for one in found]


@ON_BOTH
async def test_entries_wait_for_their_author_and_are_shared_once(fediverse: Fediverse) -> None:
    served, blog = await fediverse.node("north.example"), Blog()
    fediverse.apps["blog.example.org"] = blog
    rosa, ben = await served.account("rosa"), await served.account("ben")
    team = await served.account("wards", kind=ActorKind.GROUP)
    async with served.database.writing() as db:
        await teams.add(db, served.node, team, "rosa", Place.LEAD, by=None)

    async with browsing(served, rosa) as author, browsing(served, ben) as other:
        first = await _bring(author, url="https://blog.example.org/feed")
        second = await _bring(author, pasted=FEED.format(number=NUMBER))
        kitchens, mirrors = _drafts(second.text)
        nothing = await _shared(served)
        foreign = await other.get(kitchens), _drafts((await other.get("/brought")).text)
        form = (await author.get(kitchens)).text
        values = {name: hidden(form, name) for name in ("proof", "key", "draft")}
        words = re.search(r'<textarea id="text"[^>]*>([^<]*)</textarea>', form)
        assert words is not None
        blogged = {**values, "title": "Kitchens and wounds", "text": words[1], "sure": "1", "as": str(team.id)}
        stopped = await author.post("/write/blog", data={**blogged, "text": f"NHS number {NUMBER}"})
        made = [await author.post("/write/blog", data=blogged) for _ in range(2)]
        async with served.database.reading() as seen:  # what was cut from the entry leaves the files too
            scrubs = len(await seen.rows("SELECT id FROM jobs WHERE kind = 'scrub'"))
        proof = hidden((await author.get("/brought")).text, "proof")
        left = await author.post(f"/brought/{mirrors.partition('=')[2]}/leave", data={"proof": proof})
        again = await _bring(author, url="https://blog.example.org/feed")
        page = (await other.get(made[0].headers["location"])).text

    assert "2 entries were brought. 1 was left:" in first.text
    assert "0 entries were brought. 2 were brought before" in second.text
    assert (nothing, foreign[0].status_code, foreign[1]) == ([], 404, [])
    assert words[1] == (
        "Guidelines are written for a\nbed.\n\nKitchens have none.\n\nFirst published: https://blog.example.org/kitchens"
    )
    assert stopped.status_code == 422 and 'name="draft"' in stopped.text
    assert ([one.status_code for one in made], scrubs) == ([303, 303], 1)
    assert made[0].headers["location"] == made[1].headers["location"]
    assert "Kitchens have none." in page
    assert 'href="https://blog.example.org/kitchens"' in page
    assert await _shared(served) == ["wards"]
    assert left.status_code == 303
    assert (_drafts(again.text), "0 entries were brought." in again.text) == ([], True)
    assert blog.asked == ["/feed", "/feed"]
    assert await tables_with(served, NUMBER) == await tables_with(served, "A mirror in the bag.") == []


async def test_what_is_no_feed_or_not_ours_to_ask_is_said(fediverse: Fediverse) -> None:
    served = await fediverse.node("north.example", limits={"rate": True})
    fediverse.apps["blog.example.org"] = Blog()
    rosa = await served.account("rosa")

    async with browsing(served, rosa) as author:
        feeds: list[dict[str, str]] = [
            {}, {"url": "https://blog.example.org/"}, {"url": "http://127.0.0.1/feed"}, {"url": "file:///etc/passwd"},
            {"url": "https://nobody.example/feed"}, {"pasted": "Some words"}, {"pasted": "<rss/>"},
        ]  # fmt: skip
        wrong = [await _bring(author, **values) for values in feeds]
        many = [(await _bring(author, pasted="<rss/>")).status_code for _ in range(6)]
    async with served.client() as stranger:
        assert (await stranger.get("/brought")).status_code in (303, 401)

    assert [one.status_code for one in wrong] == [422] * 7
    assert all("<title>Error:" in one.text for one in wrong)
    assert ">Some words</textarea>" in wrong[5].text
    assert many == [422, 422, 422, 422, 429, 429]
