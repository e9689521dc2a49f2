"""Who keeps a group without being of its server, both ways (FEP-1b12)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import pytest

from tests.clients.person import Json, Person, person
from tests.federation.remote import deliver, remote
from tests.federation.test_groups import TEAMS, at, made, settle
from tests.pages.conftest import browsing
from tests.serving import Fediverse, Served


@pytest.fixture
async def north(fediverse: Fediverse) -> Served:
    return await fediverse.node("north.example")


@pytest.fixture
async def rosa(north: Served) -> AsyncGenerator[Person]:
    """Who leads the group."""
    async with person(north, "rosa") as found:
        yield found


@pytest.fixture
async def sam(fediverse: Fediverse) -> AsyncGenerator[Person]:
    """Who keeps it from another node."""
    async with person(await fediverse.node("south.example"), "sam") as found:
        yield found


async def boosted(rosa: Person, group: str) -> list[str]:
    """What stands on the group's page."""
    lines = await rosa.get(f"/api/v1/accounts/{group}/statuses")
    return [one["reblog"]["uri"] for one in lines if one["reblog"]]


async def ask_out(sam: Person, there: str, uri: str) -> int:
    """Sam wants a post out of the group, where it stands on their own node."""
    found: Json = await sam.get("/api/v2/search", q=uri, type="statuses", resolve="true")
    post = found["statuses"][0]["id"]
    return await sam.status_of("POST", f"{TEAMS}/{there}/posts/{post}/take-out")


async def test_a_moderator_elsewhere_takes_a_post_out_and_no_longer_when_they_are_none(
    rosa: Person, sam: Person
) -> None:
    group = (await made(rosa, joining="open", posting="anyone"))["account"]["id"]
    there = await at(sam, "skin_links@north.example")
    await sam.post(f"{TEAMS}/{there}/join")
    await settle(sam)
    [member] = [
        one["account"]["id"] for one in await rosa.get(f"{TEAMS}/{group}/members") if one["account"]["acct"] != "rosa"
    ]
    first, second = [await rosa.say(f"@skin_links {one}") for one in ("Heels", "Elbows")]
    await settle(rosa)
    early = await ask_out(sam, there, first["uri"])
    path = f"{TEAMS}/{group}/members/{member}"
    assert (await rosa.web.patch(path, json={"role": "moderator"})).status_code == 200
    await settle(rosa)
    role = (await sam.get(f"{TEAMS}/{there}"))["role"]
    before = await boosted(rosa, group)

    assert sam.actor is not None
    post = (await sam.get("/api/v2/search", q=first["uri"], type="statuses", resolve="true"))["statuses"][0]["id"]
    async with browsing(sam.served, sam.actor) as web:
        page = (await web.get(f"/@rosa@north.example/{post}")).text
    asked = await ask_out(sam, there, first["uri"])
    await settle(sam)
    after = await boosted(rosa, group)
    home = [one["reblog"]["uri"] for one in await sam.get("/api/v1/timelines/home") if one["reblog"]]
    assert (await rosa.web.patch(path, json={"role": "member"})).status_code == 200
    await settle(rosa)
    late = await ask_out(sam, there, second["uri"])

    assert (early, role, asked, late) == (404, "moderator", 200, 404)
    assert "Take it out of the group" in page and "Show under" not in page
    assert before == [second["uri"], first["uri"]]
    assert after == home == [second["uri"]]
    assert (await rosa.get(f"/api/v1/statuses/{first['id']}"))["uri"] == first["uri"]  # it stays its author's


async def test_only_who_is_in_the_collection_is_heard_and_what_they_say_is_passed_on(
    rosa: Person, fediverse: Fediverse
) -> None:
    group = (await made(rosa, joining="open", posting="anyone"))["account"]["id"]
    uri = f"{rosa.served.site.base_url}/users/skin_links"
    far = remote(fediverse, "far.test")
    mod, stranger, listener = (far.actor(name, key=key) for name, key in (("mod", 2), ("eve", 3), ("ann", 4)))
    for one in (mod, listener):
        await deliver(rosa.served, one, one.activity("Join", uri))
    for one in (mod, stranger, listener):
        await deliver(rosa.served, one, one.activity("Follow", uri, name="f"))
    [member] = [
        one["account"]["id"]
        for one in await rosa.get(f"{TEAMS}/{group}/members")
        if one["account"]["acct"] == "mod@far.test"
    ]
    assert (await rosa.web.patch(f"{TEAMS}/{group}/members/{member}", json={"role": "moderator"})).status_code == 200
    posts = [await rosa.say(f"@skin_links {one}") for one in ("Heels", "Elbows", "Backs")]
    await settle(rosa)
    told = [one["object"] for one in far.got if one["type"] == "Announce" and one["actor"] == uri]
    words = "Mrs Alder of bay 4 fell again"
    said = {"cc": [uri], "audience": uri, "summary": words}

    def about(uri: str) -> Json:
        return {"id": uri, "type": "Tombstone", "content": words}

    answers = [
        (await deliver(rosa.served, who, who.activity(type, about(post["uri"]), name=name, **more))).status_code
        for who, type, post, name, more in (
            (stranger, "Delete", posts[0], "1", said),
            (stranger, "Remove", posts[0], "2", {"target": f"{uri}/outbox"}),
            (mod, "Delete", posts[0], "3", said),
            (mod, "Remove", posts[1], "4", {"target": f"{uri}/outbox"}),
            (mod, "Remove", posts[2], "5", {"target": "https://far.test/users/eve/outbox"}),
        )
    ]
    await settle(rosa)
    passed = [one["object"] for one in far.got if one["type"] == "Announce" and one["actor"] == uri][len(told) :]

    named = [one for one in told if isinstance(one, dict) and one["type"] == "Add"]
    assert {(one["object"], one["target"]) for one in named} == {(mod.uri, f"{uri}/collections/moderators")}
    assert answers[0] >= 400
    assert answers[2:] == [202] * 3
    assert await boosted(rosa, group) == [posts[2]["uri"]]
    assert words not in json.dumps(passed)  # nobody read them
    ours = [one for one in passed if isinstance(one, dict)]
    assert {(one["type"], one["actor"], one["object"]) for one in ours} == {
        ("Delete", mod.uri, posts[0]["uri"]), ("Remove", mod.uri, posts[1]["uri"]),
    }  # fmt: skip
