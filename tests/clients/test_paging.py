"""Lists in pages: following the Link header loses nothing and repeats nothing, downwards and upwards."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest

from tests.clients.person import Person, person
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH
MANY = 11
_LINK = re.compile(r'<([^>]+)>; rel="(next|prev)"')


async def pages(who: Person, path: str, direction: str = "next") -> list[str]:
    """The ids of all pages from ``path`` on, a page's own order kept."""
    found: list[list[str]] = []
    while path:
        answer = await who.web.get(path)
        assert answer.status_code == 200, answer.text
        found.append([one["id"] for one in answer.json()])
        links = {rel: url for url, rel in _LINK.findall(answer.headers.get("link", ""))}
        path = links.get(direction, "")
        assert path == "" or path.startswith("https://here.example/api/")
        assert len(found) < 2 * MANY
    ordered = found if direction == "next" else found[::-1]
    return [one for page in ordered for one in page]


@pytest.fixture
async def full(served: Served, alice: Person, bob: Person) -> AsyncGenerator[dict[str, tuple[Person, str]]]:
    """Every list with eleven entries: whose, and where."""
    for number in range(MANY):
        post = await alice.say(f"wombat {number} #safety")
        for act in ("favourite", "bookmark", "reblog"):
            await bob.post(f"/api/v1/statuses/{post['id']}/{act}")
    await alice.web.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    popular = (await alice.say("popular"))["id"]
    for number in range(MANY):
        async with person(served, f"fan{number}") as fan:
            await fan.post(f"/api/v1/accounts/{bob.id}/follow")
            await bob.post(f"/api/v1/accounts/{fan.id}/follow")
            await fan.post(f"/api/v1/accounts/{alice.id}/follow")
            await fan.post(f"/api/v1/statuses/{popular}/favourite")
            await fan.post(f"/api/v1/statuses/{popular}/reblog")
            await alice.post(f"/api/v1/accounts/{fan.id}/block")
            await alice.post(f"/api/v1/accounts/{fan.id}/unblock")
            await fan.post(f"/api/v1/accounts/{alice.id}/follow")
    yield {
        "home": (alice, "/api/v1/timelines/home"),
        "public": (alice, "/api/v1/timelines/public"),
        "local": (bob, "/api/v1/timelines/public?local=true"),
        "tag": (bob, "/api/v1/timelines/tag/safety"),
        "statuses": (bob, f"/api/v1/accounts/{alice.id}/statuses"),
        "boosts": (alice, f"/api/v1/accounts/{bob.id}/statuses"),
        "tagged": (bob, f"/api/v1/accounts/{alice.id}/statuses?tagged=safety"),
        "favourites": (bob, "/api/v1/favourites"),
        "bookmarks": (bob, "/api/v1/bookmarks"),
        "notifications": (bob, "/api/v1/notifications"),
        "followers": (alice, f"/api/v1/accounts/{bob.id}/followers"),
        "following": (alice, f"/api/v1/accounts/{bob.id}/following"),
        "requests": (alice, "/api/v1/follow_requests"),
        "favourited_by": (bob, f"/api/v1/statuses/{popular}/favourited_by"),
        "reblogged_by": (bob, f"/api/v1/statuses/{popular}/reblogged_by"),
    }


async def test_walking_down_and_up_again_meets_everything_once(full: dict[str, tuple[Person, str]]) -> None:
    for name, (who, path) in full.items():
        joint = "&" if "?" in path else "?"
        whole = [one["id"] for one in (await who.web.get(f"{path}{joint}limit=40")).json()]
        assert len(whole) >= MANY, name
        down = await pages(who, f"{path}{joint}limit=3")
        last = (await who.web.get(f"{path}{joint}limit={len(whole)}")).headers["link"]
        bottom = re.search(r"max_id=(\d+)", last)
        assert bottom is not None
        up = await pages(who, f"{path}{joint}limit=3&min_id={int(bottom[1]) - 1}", "prev")

        assert down == whole, name
        assert up == whole, name


async def test_since_id_is_the_newest_page_above(alice: Person) -> None:
    made = [(await alice.say(str(number)))["id"] for number in range(6)]

    found = await alice.get("/api/v1/timelines/home", since_id=made[1], limit=2)

    assert [one["id"] for one in found] == [made[5], made[4]]


async def test_min_id_is_the_page_just_above(alice: Person) -> None:
    made = [(await alice.say(str(number)))["id"] for number in range(6)]

    found = await alice.get("/api/v1/timelines/home", min_id=made[1], limit=2)

    assert [one["id"] for one in found] == [made[3], made[2]]


async def test_after_the_last_page_there_is_no_next(alice: Person) -> None:
    made = [(await alice.say(str(number)))["id"] for number in range(3)]

    full = (await alice.web.get("/api/v1/timelines/home", params={"limit": 2})).headers["link"]
    rest = (await alice.web.get("/api/v1/timelines/home", params={"limit": 2, "max_id": made[1]})).headers["link"]

    assert ('rel="next"' in full, 'rel="next"' in rest) == (True, False)


async def test_pins_are_one_page(alice: Person) -> None:
    await alice.post(f"/api/v1/statuses/{(await alice.say('About'))['id']}/pin")

    assert "link" not in (await alice.web.get(f"/api/v1/accounts/{alice.id}/statuses?pinned=true")).headers


async def test_an_empty_page_has_no_links(alice: Person) -> None:
    assert "link" not in (await alice.web.get("/api/v1/timelines/home")).headers
