"""What a member filters in apps is folded or absent on pages too, in the places they chose and for them alone."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests import pictures
from tests.clients.browser import Browser, browsing
from tests.clients.person import Person
from tests.serving import ON_BOTH, Served

EVERYWHERE = ["home", "notifications", "public", "thread", "account"]
FOLD = re.compile(r"<details class=\"notice\"><summary>Filtered: (.*?)</summary>(.*?)</details>", re.DOTALL)


@pytest.fixture
async def hers(served: Served, alice: Person) -> AsyncGenerator[Browser]:
    """Alice's browser."""
    async with browsing(served, "alice") as made:
        yield made


async def filtered(who: Person, word: str, action: str, *context: str, title: str = "No <b>spiders</b>") -> None:
    words: list[dict[str, Any]] = [{"keyword": word}]
    chosen = list(context) or EVERYWHERE
    await who.post("/api/v2/filters", title=title, context=chosen, filter_action=action, keywords_attributes=words)


async def read(browser: Browser, path: str) -> str:
    answer = await browser.web.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


async def everywhere(alice: Person, bob: Person) -> dict[str, str]:
    """A page of each sort on which Bob's spiders are to read, by the context of its filters."""
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    top = await bob.say("Hello there")
    await bob.say("@alice spiders! #crawling", in_reply_to_id=top["id"])
    await bob.say("Again spiders #crawling")
    return {
        "home": "/", "public": "/tags/crawling", "account": "/@bob",
        "thread": top["url"].removeprefix("https://here.example"), "notifications": "/notifications",
    }  # fmt: skip


@ON_BOTH
async def test_what_is_to_be_hidden_is_absent_and_the_rest_is_there(alice: Person, bob: Person, hers: Browser) -> None:
    places = await everywhere(alice, bob)
    before = {place: "spiders" in await read(hers, path) for place, path in places.items()}
    await filtered(alice, "spiders", "hide")
    after = {place: "spiders" in await read(hers, path) for place, path in places.items()}
    async with browsing(alice.served, "bob") as his:
        others = {place: "spiders" in await read(his, path) for place, path in places.items() if place != "home"}

    assert before == dict.fromkeys(places, True)
    assert after == dict.fromkeys(places, False)
    assert "Hello there" in await read(hers, places["thread"])
    assert others == {"public": True, "account": True, "thread": True, "notifications": False}


@ON_BOTH
async def test_what_is_to_be_warned_of_is_folded_under_the_filters_name(
    alice: Person, bob: Person, hers: Browser
) -> None:
    places = await everywhere(alice, bob)
    await filtered(alice, "spiders", "warn")
    for place, path in places.items():
        page = await read(hers, path)
        folds = FOLD.findall(page)
        assert folds, place
        assert {title for title, _ in folds} == {"No &lt;b&gt;spiders&lt;/b&gt;"}, place
        assert "spiders" not in re.sub(r"<head>.*</head>", "", FOLD.sub("", page), flags=re.DOTALL), place


async def test_each_context_is_its_own(alice: Person, bob: Person, hers: Browser) -> None:
    places = await everywhere(alice, bob)
    for place in places:
        await filtered(alice, "spiders", "hide", place)
        seen = {one: "spiders" in await read(hers, path) for one, path in places.items()}
        [kept] = await alice.get("/api/v2/filters")
        await alice.delete(f"/api/v2/filters/{kept['id']}")
        assert [one for one, there in seen.items() if not there] == [place]


async def test_what_is_ones_own_and_what_is_opened_is_shown(alice: Person, bob: Person, hers: Browser) -> None:
    mine, theirs = await alice.say("My spiders"), await bob.say("Bob's spiders")
    await filtered(alice, "spiders", "hide")

    assert "My spiders" in await read(hers, "/")
    assert "My spiders" in await read(hers, mine["url"].removeprefix("https://here.example"))
    opened = await read(hers, theirs["url"].removeprefix("https://here.example"))
    assert "spiders" in opened
    assert FOLD.findall(opened) == []


async def test_what_is_to_be_blurred_is_folded_where_it_has_pictures(alice: Person, bob: Person, hers: Browser) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    picture = await bob.web.post("/api/v2/media", files={"file": ("a.png", pictures.png(), "image/png")})
    await bob.say("Spiders in words")
    await bob.say("Spiders to see", media_ids=[picture.json()["id"]])
    await filtered(alice, "spiders", "blur")
    page = await read(hers, "/")

    [(_, folded)] = FOLD.findall(page)
    assert "Spiders to see" in folded
    assert "Spiders in words" in FOLD.sub("", page)
