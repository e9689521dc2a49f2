"""Sitemaps: search engines are shown what everybody may find, in pages that stay as they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import httpx2

from node import sweeping
from storage import hidden, sitemaps
from storage.database import Value
from storage.ids import id_at
from storage.jobs import Job
from storage.posts import Visibility
from tests.pages.sample import Sample

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "https://northmoor.example"


async def _places(reader: httpx2.AsyncClient, path: str) -> list[str]:
    answer = await reader.get(path)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    return [one.text or "" for one in ET.fromstring(answer.content).iter(MAP + "loc")]


async def test_search_engines_are_shown_what_its_page_lets_them_index(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    gone = await sample.share("found", sample.rosa, "Somebody may be recognised in this.")
    await sample.share("aside", sample.rosa, "Not on lists.", visibility=Visibility.UNLISTED)
    shy = await sample.served.account("shy")
    await sample.share("shy", shy, "I would rather not be found.")
    async with sample.served.database.writing() as db:
        await hidden.hide(db, gone.id, unseen=False, now=sample.served.node.clock())
        await db.run("UPDATE actors SET indexable = NULL WHERE id = :id", id=shy.id)

    robots = (await reader.get("/robots.txt")).text
    index = await _places(reader, "/sitemap.xml")
    first = await _places(reader, "/sitemaps/posts-0.xml")
    standing = await _places(reader, "/sitemaps/topics.xml")

    assert f"\nSitemap: {HOST}/sitemap.xml\n" in robots
    assert index == [f"{HOST}/sitemaps/topics.xml", f"{HOST}/sitemaps/posts-0.xml"]
    for post in sample.posts.values():
        page = await reader.get(f"/@{'x'}/{post.id}", follow_redirects=True)
        found = (
            page.status_code == 200
            and 'content="noindex"' not in page.text
            and post.visibility is Visibility.PUBLIC
            and post.local is not None
        )
        assert any(one.endswith(f"/{post.id}") for one in first) == found, post
    assert {f"{HOST}/", f"{HOST}/topics/falls", f"{HOST}/@skin_links", f"{HOST}/@alliance"} <= set(standing)
    assert f"{HOST}/@rosa" not in standing
    for one in standing:
        assert (await reader.get(one.removeprefix(HOST))).status_code == 200, one


async def test_a_full_page_stays_and_another_begins(sample: Sample, reader: httpx2.AsyncClient) -> None:
    before = len(await _places(reader, "/sitemaps/posts-0.xml"))
    start = id_at(sample.served.node.clock())
    new = (
        "INSERT INTO posts (id, uri, author_id, local, type, kind, visibility, published)"
        " VALUES (:id, :uri, :author, 1, 'Note', 'plain', 'public', 1)"
    )
    rows: list[dict[str, Value]] = [
        {"id": start + n, "uri": f"u{n}", "author": sample.rosa.id} for n in range(2 * sitemaps.SIZE)
    ]
    async with sample.served.database.writing() as db:
        await db.many(new, rows)
    job = Job(0, None, "divide-sitemap", 0, "", None, "", 0, 0, 0)

    await sweeping.divide(sample.served.node, job)
    pages = [one.removeprefix(HOST) for one in await _places(reader, "/sitemap.xml") if "posts-" in one]
    listed = [await _places(reader, one) for one in pages]
    await sweeping.divide(sample.served.node, job)
    again = [one.removeprefix(HOST) for one in await _places(reader, "/sitemap.xml") if "posts-" in one]
    nowhere = [await reader.get(f"/sitemaps/posts-{one}.xml") for one in ("7", "00", "x", str(1 << 70))]

    assert [len(one) for one in listed[1:]] == [
        sitemaps.SIZE,
        before + 2 * sitemaps.SIZE - len(listed[0]) - sitemaps.SIZE,
    ]
    ids = [int(re.sub(r".*/", "", one)) for one in (place for page in listed for place in page)]
    assert ids == sorted(set(ids))
    assert len(ids) == before + 2 * sitemaps.SIZE
    assert again == pages
    assert {one.status_code for one in nowhere} == {404}
