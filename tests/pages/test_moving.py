"""A member moves by the pages, is told what they can do no more, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import httpx2

from storage import follows
from storage.actors import Actor
from tests.federation.test_two_nodes import follow, known_at
from tests.pages.conftest import browsing, hidden
from tests.serving import PASSWORD, Fediverse, Served

PLACE = "/settings/move"
AS2 = {"accept": "application/activity+json"}
HOUR, DAY = 60 * 60, 24 * 60 * 60  # seconds


async def send(client: httpx2.AsyncClient, place: str = PLACE, **values: str) -> httpx2.Response:
    """Fill in one of the forms."""
    return await client.post(place, data={"proof": hidden((await client.get(PLACE)).text, "proof"), **values})


async def move(client: httpx2.AsyncClient, **values: str) -> tuple[int, str]:
    """What comes of the form to move."""
    sure = {"address": "nora@south.example", "password": PASSWORD, "understood": "1"}
    answer = await send(client, **{**sure, **values})
    return answer.status_code, unescape(answer.text)


async def refused(app: httpx2.AsyncClient, path: str, **values: str) -> tuple[int, str]:
    """Why an app is refused."""
    answer = await app.post(path, json=values)
    return answer.status_code, str(answer.json()["error"])


async def test_a_member_moves_shares_nothing_more_and_takes_it_back(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, nora, sam = await north.account("rosa"), await south.account("nora"), await south.account("sam")
    ann = await north.account("ann")
    there = await known_at(south, rosa, north)
    async with browsing(north, rosa) as old, await north.as_member(rosa) as app, north.client() as reader:
        post = (await app.post("/api/v1/statuses", json={"status": "We moved the crash cart."})).json()
        soon = datetime.fromtimestamp(fediverse.clock.now / 1000 + HOUR, UTC).isoformat()
        await app.post("/api/v1/statuses", json={"status": "Not yet.", "scheduled_at": soon})
        for wrong, said in (
            ({"password": "wrong words here"}, "That is not your password."),
            ({"understood": ""}, "Tick the box if you want to move."),
            ({"address": "nobody@south.example"}, "There is no account nobody@south.example."),
            ({"address": "rosa@north.example"}, "This is the account you are in now."),
            ({}, f"sign in there and add {rosa.uri} as an earlier account."),
        ):
            status, page = await move(old, **wrong)
            assert status == 422 and said in page, (wrong, page)
        await _name_each_other(south, nora)

        assert (await move(old))[0] == 303
        await fediverse.quiet()
        page = (await old.get(PLACE)).text
        assert "You have moved" in page and 'href="/@nora@south.example"' in page

        why = f"This account has moved to {nora.uri}. Write there, or take the move back first."
        assert await refused(app, "/api/v1/statuses", status="More.") == (422, why)
        assert await refused(app, f"/api/v1/statuses/{post['id']}/reblog") == (403, why)
        assert await refused(app, f"/api/v1/accounts/{ann.id}/follow") == (403, why)
        assert (await app.get("/api/v1/accounts/verify_credentials")).json()["moved"]["acct"] == "nora@south.example"
        await follow(south, sam, there)
        fediverse.clock.advance(seconds=2 * HOUR)
        await fediverse.quiet()
        async with south.database.reading() as db:
            assert await follows.between(db, follower_id=sam.id, target_id=there.id) is None
        assert len((await app.get("/api/v1/scheduled_statuses")).json()) == 1
        assert "Not yet." not in (await reader.get("/@rosa")).text

        async with browsing(north, rosa) as old:
            assert (await send(old, f"{PLACE}/back")).status_code == 303
            again = await move(old)
        assert again[0] == 403 and "You can move again on" in again[1]
        fediverse.clock.advance(seconds=HOUR)
        await fediverse.quiet()
        assert "movedTo" not in (await reader.get("/users/rosa", headers=AS2)).json()
        assert "Not yet." in (await reader.get("/@rosa")).text

    fediverse.clock.advance(seconds=30 * DAY)
    async with browsing(north, rosa) as old:
        assert (await move(old))[0] == 303


async def _name_each_other(south: Served, nora: Actor) -> None:
    """The new account names the old one as its own, by the form."""
    place = f"{PLACE}/alias"
    async with browsing(south, nora) as new:
        missing = await send(new, place, alias="nobody@north.example")
        own = await send(new, place, alias="nora@south.example")
        named = await send(new, place, alias="@rosa@north.example")
        page = (await new.get(PLACE)).text
        await send(new, place, alias="https://north.example/users/rosa")  # again is once
        actor = (await new.get("/users/nora", headers=AS2)).json()
    assert (missing.status_code, own.status_code, named.status_code) == (422, 422, 303)
    assert "There is no account nobody@north.example." in missing.text and "rosa@north.example" in page
    assert actor["alsoKnownAs"] == ["https://north.example/users/rosa"]
