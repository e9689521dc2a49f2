"""What the operator announces: in apps, on pages, on streams that are open."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import pytest

from node.errors import Invalid
from node.sharing import announcements, emojis
from node.streams import ANNOUNCED
from node.surfacing.announcing import LOOK
from storage import announcements as kept
from tests import pictures
from tests.clients.browser import browsing
from tests.clients.person import Json, Person, person
from tests.clients.sockets import opened, token_of
from tests.clients.test_entities import differences
from tests.serving import ON_BOTH, Served

AT_MOST = 1.0  # seconds until streams tell it
DAY = 24 * 60 * 60 * 1000  # ms


async def announced(served: Served, text: str = "The lifts are **out** today. #lifts", **more: Any) -> str:
    """The id of an announcement, made as the command makes it: without a word to anybody."""
    async with served.database.writing() as db:
        return str(await announcements.announce(db, served.node, text, **more))


async def put(who: Person, path: str) -> int:
    return await who.status_of("PUT", path)


@ON_BOTH
async def test_members_read_what_is_announced(served: Served, alice: Person, nobody: Person) -> None:
    id = await announced(served, "Nights\n\nSee https://a.org #lifts", starts="2099-12-01T10:00+01:00")
    [found] = await alice.get("/api/v1/announcements")

    assert differences("Announcement", found) == []
    assert (found["id"], found["read"], found["reactions"], found["all_day"]) == (id, False, [], False)
    assert found["content"].startswith("<p>Nights</p><p>See <a ")
    assert (found["starts_at"], found["ends_at"]) == ("2099-12-01T09:00:00.000Z", None)
    assert [one["name"] for one in found["tags"]] == ["lifts"]
    assert await nobody.status_of("GET", "/api/v1/announcements") == 401


@ON_BOTH
async def test_one_that_is_dismissed_is_read_by_that_member_alone(served: Served, alice: Person, bob: Person) -> None:
    id = await announced(served)
    for _ in range(2):
        assert await alice.post(f"/api/v1/announcements/{id}/dismiss") == {}

    assert [one["read"] for one in await alice.get("/api/v1/announcements")] == [True]
    assert [one["read"] for one in await bob.get("/api/v1/announcements")] == [False]
    for other in ("7", "x", str(1 << 70)):
        assert await alice.status_of("POST", f"/api/v1/announcements/{other}/dismiss") == 404


@ON_BOTH
async def test_what_is_over_is_gone(served: Served, alice: Person) -> None:
    day = "2099-12-01"
    id = await announced(served, starts=day, ends=day, all_day=True)
    [found] = await alice.get("/api/v1/announcements")
    async with served.database.writing() as db:
        await db.run("UPDATE announcements SET ends = :now", now=served.node.clock())

    assert (found["all_day"], found["starts_at"][:10], found["ends_at"][:10]) == (True, day, day)
    assert await alice.get("/api/v1/announcements") == []
    assert await put(alice, f"/api/v1/announcements/{id}/reactions/👍") == 404
    assert await alice.status_of("POST", f"/api/v1/announcements/{id}/dismiss") == 404


@ON_BOTH
@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", {}), (" \n ", {}), ("x" * 5001, {}), ("x", {"starts": "soon"}), ("x", {"ends": "1999-01-01"}),
        ("x", {"starts": "2099-12-02", "ends": "2099-12-01"}), ("x", {"all_day": True}),
        ("x", {"starts": "2099-12-01T10:00", "all_day": True}), ("x", {"ends": "9999-12-31T23:59-12:00"}),
        ("x", {"starts": "2099-13-01"}),
    ],
    ids=str,
)  # fmt: skip
async def test_what_makes_no_sense_is_not_announced(served: Served, text: str, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await announced(served, text, **more)


@ON_BOTH
async def test_reactions_are_counted_and_taken_back(served: Served, alice: Person, bob: Person, tmp_path: Path) -> None:
    file = tmp_path / "ok.png"
    file.write_bytes(pictures.png())
    await emojis.add(served.node, "ok_hand", file, "")
    id = await announced(served, "Fine :ok_hand:")
    path = f"/api/v1/announcements/{id}/reactions"
    for who, name in ((alice, "👍"), (bob, "👍"), (bob, "ok_hand"), (bob, "👍")):
        assert await put(who, f"{path}/{name}") == 200
    [found] = await alice.get("/api/v1/announcements")
    await bob.delete(f"{path}/👍")
    await bob.delete(f"{path}/👍")
    [later] = await bob.get("/api/v1/announcements")
    async with served.database.writing() as db:
        assert await emojis.remove(db, served.node, "ok_hand")
    [last] = await bob.get("/api/v1/announcements")

    assert [one["shortcode"] for one in found["emojis"]] == ["ok_hand"]
    first, second = found["reactions"]
    assert [differences("Reaction", one) for one in (first, second)] == [[], []]
    assert (first["name"], first["count"], first["me"], "url" in first) == ("👍", 2, True, False)
    assert (second["name"], second["count"], second["me"]) == ("ok_hand", 1, False)
    assert second["url"] == found["emojis"][0]["url"]
    assert [(one["name"], one["count"], one["me"]) for one in later["reactions"]] == [
        ("ok_hand", 1, True), ("👍", 1, False),
    ]  # fmt: skip
    assert [one["name"] for one in last["reactions"]] == ["👍"]


async def test_only_emoji_are_reactions_and_not_too_many_kinds(served: Served, alice: Person, bob: Person) -> None:
    id = await announced(served)
    path = f"/api/v1/announcements/{id}/reactions"
    no = ("a", "👍👍", "ok_hand", "1", "👍a", "%20", "🇬", "x" * 5000, "%00", "❤️‍", "<b>", "é")
    refused = {one: await put(alice, f"{path}/{one}") for one in no}
    several = ("👍🏽", "❤️", "🇬🇧", "👩‍⚕️", "1️⃣", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "☀", "🫡")
    kept = [await put(alice, f"{path}/{one}") for one in several]
    ninth = await put(bob, f"{path}/👍")
    again = await put(bob, f"{path}/🫡")

    assert refused == dict.fromkeys(no, 422)
    assert kept == [200] * 8
    assert (ninth, again) == (422, 200)
    assert await put(alice, "/api/v1/announcements/77/reactions/👍") == 404


async def told(door: str, who: Person, act: Any) -> tuple[str, Any]:
    """What the member's stream tells of what ``act`` does, in time."""
    async with opened(door, token_of(who), "?stream=user") as reading:
        await act()
        since = time.monotonic()
        said = await reading.event()
        assert time.monotonic() - since < AT_MOST
        await reading.nothing()
    return said


@ON_BOTH
async def test_streams_tell_at_once_what_is_announced_thought_of_it_and_taken_back(
    served: Served, door: str, alice: Person, bob: Person
) -> None:
    old = await announced(served, "Before")
    await asyncio.sleep(2 * LOOK)  # so that it is no news

    async def again() -> None:
        await announced(served, "Now")

    event, found = await told(door, alice, again)
    assert (event, found["content"], {"read", "me"} & found.keys()) == ("announcement", "<p>Now</p>", set())
    path = f"/api/v1/announcements/{old}/reactions/👍"
    counted = [await told(door, alice, lambda: put(bob, path)), await told(door, alice, lambda: bob.delete(path))]
    assert counted == [
        ("announcement.reaction", {"name": "👍", "count": count, "announcement_id": old}) for count in (1, 0)
    ]

    async def remove() -> None:
        async with served.database.writing() as db:
            assert await kept.remove(db, int(old))

    assert await told(door, alice, remove) == ("announcement.delete", int(old))


async def test_other_streams_hear_nothing_of_it(served: Served, door: str, alice: Person) -> None:
    async with (
        opened(door, token_of(alice), "?stream=user:notification") as told_of,
        opened(door, "", "?stream=public") as public,
    ):
        await announced(served)
        served.node.database.signal(ANNOUNCED)
        await told_of.nothing()
        await public.nothing()


@ON_BOTH
async def test_a_member_reads_it_on_the_home_page_until_they_say_so(served: Served, alice: Person) -> None:
    id = await announced(served, "Lifts <b>out</b>", starts="2099-12-01", ends="2099-12-01", all_day=True)
    async with browsing(served, "alice") as browser:
        page = (await browser.web.get("/")).text
        [proof] = set(re.findall(r'name="proof" value="([^"]+)"', page))
        answer = await browser.web.post(f"/announcements/{id}/dismiss", data={"proof": proof})
        after = (await browser.web.get("/")).text
        forged = await browser.web.post(f"/announcements/{id}/dismiss", data={"proof": "x"})
    async with served.client() as web:
        open_page = (await web.get("/")).text

    assert "Lifts &lt;b&gt;out&lt;/b&gt;" in page
    assert ">1 Dec 2099</p>" in page
    assert (answer.status_code, forged.status_code) == (303, 403)
    assert "Lifts" not in after
    assert "Lifts" not in open_page
    assert [one["read"] for one in await alice.get("/api/v1/announcements")] == [True]


async def test_what_a_member_thought_of_it_goes_with_them(served: Served, bob: Person) -> None:
    id = await announced(served)
    async with person(served, "carol") as carol:
        await put(carol, f"/api/v1/announcements/{id}/reactions/👍")
        assert carol.actor is not None
        async with served.database.writing() as db:
            await db.run("DELETE FROM members WHERE actor_id = :id", id=carol.actor.id)
    found: Json = await bob.get("/api/v1/announcements")
    assert found[0]["reactions"] == []
