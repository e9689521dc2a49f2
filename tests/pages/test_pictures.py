"""Pages show the pictures that members uploaded, with their words, and load nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest

from storage.actors import Actor
from tests import pictures
from tests.serving import Fediverse, Served


@asynccontextmanager
async def app_of(served: Served, actor: Actor) -> AsyncGenerator[httpx2.AsyncClient]:
    async with await served.as_member(actor) as app:
        yield app


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    return await fediverse.node("northmoor.example")


@pytest.fixture
async def alice(served: Served) -> Actor:
    return await served.account("alice", name="Alice Moor", note="Nurse")


async def shared(served: Served, author: Actor, **more: str) -> str:
    """The page of a post with two pictures, one of them described."""
    async with app_of(served, author) as app:
        ids = []
        for alt in ('A "bed" <b>', ""):
            files = {"file": ("bed.jpg", pictures.jpeg((1280, 720)), "image/jpeg")}
            ids.append((await app.post("/api/v2/media", files=files, data={"description": alt})).json()["id"])
        post = await app.post("/api/v1/statuses", json={"status": "Look", "media_ids": ids, **more})
        return str(post.json()["url"])


async def test_a_post_shows_its_pictures(served: Served, alice: Actor) -> None:
    url = await shared(served, alice)

    async with served.client() as reader:
        for path in (url.removeprefix("https://northmoor.example"), "/", "/@alice"):
            page = (await reader.get(path)).text
            first, second = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
            source = re.search(r'src="(/media/[0-9a-f]{32}\.jpg)"', first)
            assert 'alt="A &#34;bed&#34; &lt;b&gt;"' in first
            assert 'alt="Picture that nobody described"' in second and "figcaption" not in second
            assert 'width="640" height="360" loading="lazy"' in first
            assert source is not None
            assert (await reader.get(source[1])).headers["content-type"] == "image/jpeg"
            assert 'src="http' not in page


async def test_behind_a_warning_pictures_wait_until_it_is_opened(served: Served, alice: Actor) -> None:
    path = (await shared(served, alice, spoiler_text="Wound")).removeprefix("https://northmoor.example")

    async with served.client() as reader:
        page = (await reader.get(path)).text
        front = (await reader.get("/")).text

    before, _, inside = page.partition('<details class="notice">')
    assert ("<figure>" in before, "<figure>" in inside.partition("</details>")[0]) == (False, True)
    assert "<figure>" not in front


async def test_a_member_is_seen_where_they_show_a_picture(served: Served, alice: Actor) -> None:
    async with app_of(served, alice) as app:
        sent = {"avatar": ("me.png", pictures.png((500, 500)), "image/png")}
        account = (await app.patch("/api/v1/accounts/update_credentials", files=sent)).json()

    async with served.client() as reader:
        page = (await reader.get("/@alice")).text

    address = account["avatar"].removeprefix("https://northmoor.example")
    assert f'<img src="{address}" alt="" width="72" height="72" loading="lazy">' in page
