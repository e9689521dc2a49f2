"""/api/oembed: what everybody may read of ours can be embedded elsewhere, harmlessly; nothing else."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.clients.person import Person
from tests.serving import Fediverse

PATH = "/api/oembed"


async def test_a_post_of_ours_is_embedded_as_a_quotation(alice: Person, nobody: Person) -> None:
    post = await alice.say("Hello <b>all</b> #ward", language="en")

    found = await nobody.get(PATH, url=post["url"], maxwidth=300)

    assert {name: found[name] for name in ("type", "version", "author_name", "width", "height", "provider_name")} == {
        "type": "rich", "version": "1.0", "author_name": "alice", "width": 300, "height": None,
        "provider_name": "here.example",
    }  # fmt: skip
    assert found["author_url"] == post["account"]["url"]
    assert found["html"].startswith(
        f'<blockquote class="sharewell-embed" cite="{post["url"]}" lang="en"><p>Hello &lt;b&gt;'
    )
    assert f'<a href="{post["url"]}">' in found["html"]
    assert "<script" not in found["html"]


async def test_the_page_of_a_post_says_where_its_oembed_is(alice: Person, nobody: Person) -> None:
    for visibility, there in (("public", True), ("unlisted", True)):
        post = await alice.say("Hello", visibility=visibility)
        page = (await nobody.web.get(post["url"], headers={"accept": "text/html"})).text
        link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
        assert (link is not None) is there
        assert link is not None
        assert (await nobody.web.get(unescape(link[1]))).json()["type"] == "rich"


async def test_of_a_post_with_a_warning_the_warning_is_shown(alice: Person, nobody: Person) -> None:
    post = await alice.say("Gruesome", spoiler_text="A wound <i>")

    found = await nobody.get(PATH, url=post["url"])

    assert "<p>A wound &lt;i&gt;</p>" in found["html"]
    assert "Gruesome" not in found["html"] + found["title"]


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_for_everybody_is_not_embedded(alice: Person, visibility: str) -> None:
    post = await alice.say("Between us", visibility=visibility)

    assert await alice.status_of("GET", PATH, params={"url": post["url"]}) == 404


async def test_what_is_no_post_of_ours_is_not_found(fediverse: Fediverse, alice: Person, nobody: Person) -> None:
    post = await alice.say("Hello")
    id = post["id"]
    for wrong in (
        f"https://far.example/@alice/{id}", f"https://here.example/@bob/{id}", "https://here.example/@alice/1", "x",
        f"https://here.example.far.example/@alice/{id}", "https://here.example/@alice", "javascript:alert(1)",
    ):  # fmt: skip
        assert await nobody.status_of("GET", PATH, params={"url": wrong}) == 404, wrong
    assert await nobody.status_of("GET", PATH) == 422
    assert await nobody.status_of("GET", PATH, params={"url": post["url"], "format": "xml"}) == 501
