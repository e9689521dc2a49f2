"""Atom feeds (RFC 4287): valid, stable, public posts only."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

import httpx2
import pytest

from node.sharing import editing
from node.sharing.drafts import Draft
from storage.posts import Visibility
from tests.pages.sample import Sample
from tests.serving import ON_BOTH

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEEDS = ["/feed.atom", "/@rosa.atom", "/tags/heels.atom"]


def one(parent: ET.Element, name: str) -> str:
    """The text of the one child that there must be."""
    found = parent.findall(ATOM + name)
    assert len(found) == 1, (name, len(found))
    return found[0].text or ""


def link(parent: ET.Element, rel: str) -> str:
    """The address of the one link of this kind."""
    found = [each.get("href", "") for each in parent.findall(ATOM + "link") if each.get("rel") == rel]
    assert len(found) == 1
    return found[0]


def moment(text: str) -> datetime:
    """RFC 3339 with its zone."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("path", FEEDS)
@ON_BOTH
async def test_a_feed_has_all_that_rfc_4287_asks_for(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    answer = await reader.get(path)
    feed = ET.fromstring(answer.content)

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert feed.tag == ATOM + "feed"
    assert one(feed, "id") == link(feed, "self") == f"https://northmoor.example{path}"
    assert one(feed, "title")
    assert feed.findall(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(ATOM + "entry")
    assert entries
    for entry in entries:
        assert one(entry, "id").startswith("https://")
        assert one(entry, "title")
        assert moment(one(entry, "published")) <= moment(one(entry, "updated")) <= moment(one(feed, "updated"))
        assert link(entry, "alternate").startswith("https://northmoor.example/@")
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        content = entry.find(ATOM + "content")
        assert content is not None and content.get("type") in ("html", "text")
    ids = [one(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", FEEDS)
async def test_the_page_of_a_feed_exists(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    feed = ET.fromstring((await reader.get(path)).content)

    assert (await reader.get(link(feed, "alternate"))).status_code == 200


async def test_an_entry_keeps_its_id_when_its_words_change(sample: Sample, reader: httpx2.AsyncClient) -> None:
    before = ET.fromstring((await reader.get("/@imelda.atom")).content)
    sample.served.fediverse.clock.advance(seconds=60)
    async with sample.served.database.writing() as db:
        draft = Draft("Antenatal class: bring a friend.")
        await editing.edit(db, sample.served.node, sample.imelda, sample.posts["plain"].id, draft, {})
    after = ET.fromstring((await reader.get("/@imelda.atom")).content)

    ids = [[one(entry, "id") for entry in feed.findall(ATOM + "entry")] for feed in (before, after)]
    assert ids[0] == ids[1] == [sample.posts["plain"].uri]
    entry = after.find(ATOM + "entry")
    assert entry is not None
    assert moment(one(entry, "updated")) > moment(one(entry, "published"))


async def test_a_feed_carries_public_posts_only(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sample.share("unlisted", sample.rosa, "Not on lists. #Heels", visibility=Visibility.UNLISTED)

    carried = [(await reader.get(path)).text for path in FEEDS]

    assert not any("Not on lists" in text for text in carried)


async def test_behind_a_warning_a_feed_carries_the_warning_only(sample: Sample, reader: httpx2.AsyncClient) -> None:
    text = (await reader.get("/@rosa.atom")).text

    assert "Wound in detail" in text
    assert "three weeks" not in text


async def test_the_feed_of_the_node_has_what_was_shared_here_only(sample: Sample, reader: httpx2.AsyncClient) -> None:
    assert "Guidelines are written" not in (await reader.get("/feed.atom")).text


async def test_a_text_in_another_language_says_so(sample: Sample, reader: httpx2.AsyncClient) -> None:
    feed = ET.fromstring((await reader.get("/@rosa.atom")).content)

    languages = {one(entry, "id"): entry.get(XML_LANG) for entry in feed.findall(ATOM + "entry")}
    assert languages[sample.posts["welsh"].uri] == "cy"


async def test_what_xml_cannot_write_breaks_no_feed(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sample.arrives(
        "odd", "<p>a\x0bb\ufffec &lt;![CDATA[ ]]&gt; \U0001f600</p>", tag=[{"type": "Hashtag", "name": "#odd"}]
    )

    feed = ET.fromstring((await reader.get("/tags/odd.atom")).content)

    assert len(feed.findall(ATOM + "entry")) == 1


async def test_an_empty_feed_is_valid_and_always_the_same(sample: Sample, reader: httpx2.AsyncClient) -> None:
    first = await reader.get("/tags/nobody.atom")
    sample.served.fediverse.clock.advance(seconds=60)
    again = await reader.get("/tags/nobody.atom")

    assert ET.fromstring(first.content).findall(ATOM + "entry") == []
    assert first.content == again.content


async def test_a_feed_that_did_not_change_is_not_sent_again(sample: Sample, reader: httpx2.AsyncClient) -> None:
    first = await reader.get("/feed.atom")
    again = await reader.get("/feed.atom", headers={"if-none-match": f'"x", {first.headers["etag"]}'})

    assert first.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")


async def test_a_tag_with_letters_of_other_scripts_has_a_feed(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sample.share("ŵyn", sample.rosa, "Yr #ŵyn")
    page = (await reader.get("/tags/ŵyn")).text

    found = re.search(r'type="application/atom\+xml" title="[^"]*" href="([^"]*)"', page)
    assert found is not None
    feed = ET.fromstring((await reader.get(found[1])).content)
    assert one(feed, "id") == "https://northmoor.example/tags/%C5%B5yn.atom"
    assert len(feed.findall(ATOM + "entry")) == 1
