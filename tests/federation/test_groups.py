"""Groups across nodes: joined, left and kept from anywhere; what is sent to them is passed on (FEP-1b12)."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from federation.fetching import actors as fetching
from storage.actors import Actor
from tests.clients.person import Json, Person, person
from tests.serving import ON_BOTH, Fediverse, Served

TEAMS = "/api/v1/sharewell/teams"


@pytest.fixture
async def north(fediverse: Fediverse) -> Served:
    return await fediverse.node("north.example")


@pytest.fixture
async def south(fediverse: Fediverse) -> Served:
    return await fediverse.node("south.example")


@pytest.fixture
async def rosa(north: Served) -> AsyncGenerator[Person]:
    """Who leads the group."""
    async with person(north, "rosa") as made:
        yield made


@pytest.fixture
async def sam(south: Served) -> AsyncGenerator[Person]:
    """Somebody on another node."""
    async with person(south, "sam") as made:
        yield made


async def made(rosa: Person, **more: object) -> Json:
    values = {"username": "skin_links", "display_name": "Skin link nurses", "note": "We look at heels.", **more}
    return await rosa.post(TEAMS, **values)


async def at(who: Person, handle: str) -> str:
    """The id of an account as ``who``'s node knows it."""
    found: Actor = await fetching.by_handle(who.served.database, who.served.site, handle)
    return str(found.id)


async def settle(who: Person) -> None:
    await who.served.fediverse.quiet()


async def home(who: Person) -> list[tuple[str, str]]:
    """What stands at home: who passed it on, and its words."""
    lines = await who.get("/api/v1/timelines/home")
    return [
        (one["account"]["acct"] if one["reblog"] else "", (one["reblog"] or one)["content"].replace("<p>", "")[:12])
        for one in lines
    ]


@ON_BOTH
async def test_somebody_elsewhere_asks_is_let_in_and_leaves(rosa: Person, sam: Person) -> None:
    group = await made(rosa, joining="request")
    there = await at(sam, "skin_links@north.example")

    asked = await sam.post(f"{TEAMS}/{there}/join")
    await settle(sam)
    waiting = await rosa.get(f"{TEAMS}/{group['account']['id']}/waiting")
    [one] = waiting["asked"]
    [told] = await rosa.get("/api/v1/notifications", **{"types[]": "follow_request"})
    await rosa.post(f"{TEAMS}/{group['account']['id']}/requests/{one['id']}/accept")
    await settle(sam)
    inside = await sam.get(f"{TEAMS}/{there}")
    [relation] = await sam.get("/api/v1/accounts/relationships", **{"id[]": there})
    await sam.post(f"{TEAMS}/{there}/leave")
    await settle(sam)

    assert (asked["role"], asked["waiting"], one["acct"]) == (None, "asked", "sam@south.example")
    assert (told["account"]["acct"], told["sharewell"]) == ("sam@south.example", {"reason": "join_asked"})
    assert (inside["role"], inside["waiting"], relation["following"]) == ("member", None, True)
    members = await rosa.get(f"{TEAMS}/{group['account']['id']}/members")
    assert [one["account"]["acct"] for one in members] == ["rosa"]
    assert (await rosa.get(f"/api/v1/accounts/{group['account']['id']}"))["followers_count"] == 1

    for answer, role in (("reject", None), ("authorize", "member")):  # as apps answer what they were told
        await sam.post(f"{TEAMS}/{there}/join")
        await settle(sam)
        await rosa.post(f"/api/v1/follow_requests/{told['account']['id']}/{answer}")
        await settle(sam)
        now = await sam.get(f"{TEAMS}/{there}")
        assert (now["role"], now["waiting"]) == (role, None)


async def test_an_invitation_elsewhere_is_accepted_and_who_is_shown_out_is_out(rosa: Person, sam: Person) -> None:
    group = (await made(rosa, joining="invitation"))["account"]["id"]
    await rosa.post(f"{TEAMS}/{group}/invitations", acct="@sam@south.example")
    await settle(sam)

    [invited] = await sam.get(f"{TEAMS}/invitations")
    await sam.post(f"{TEAMS}/{invited['id']}/invitation/accept")
    await settle(sam)
    members = {one["account"]["acct"]: one for one in await rosa.get(f"{TEAMS}/{group}/members")}
    await rosa.delete(f"{TEAMS}/{group}/members/{members['sam@south.example']['account']['id']}?bar=true")
    await settle(sam)
    shown_out = (await sam.get(f"{TEAMS}/{invited['id']}"))["role"]

    assert set(members) == {"rosa", "sam@south.example"}
    assert shown_out is None
    await sam.post(f"{TEAMS}/{invited['id']}/join")
    await settle(sam)
    assert (await sam.get(f"{TEAMS}/{invited['id']}"))["role"] is None
    assert len(await rosa.get(f"{TEAMS}/{group}/members")) == 1


async def test_who_is_not_asked_in_is_refused(rosa: Person, sam: Person) -> None:
    await made(rosa, joining="invitation")
    there = await at(sam, "skin_links@north.example")

    await sam.post(f"{TEAMS}/{there}/join")
    await settle(sam)

    found = await sam.get(f"{TEAMS}/{there}")
    assert (found["role"], found["waiting"]) == (None, None)


@ON_BOTH
async def test_a_post_from_elsewhere_reaches_who_follows_the_group_once(
    rosa: Person, sam: Person, fediverse: Fediverse
) -> None:
    group = (await made(rosa, joining="open"))["account"]["id"]
    west = await fediverse.node("west.example")
    async with person(west, "wendy") as wendy:
        for who in (sam, wendy):
            await who.post(f"{TEAMS}/{await at(who, 'skin_links@north.example')}/join")
            await settle(who)
        post = await sam.say("Look under heels @skin_links@north.example")
        await settle(sam)

        assert await home(rosa) == [("skin_links", "Look under h")]
        assert await home(wendy) == [("skin_links@north.example", "Look under h")]
        assert len([one for one in await home(sam) if one[1] == "Look under h"]) == 1
        reply = await wendy.say(
            "We do too @skin_links@north.example",
            in_reply_to_id=(await wendy.get("/api/v1/timelines/home"))[0]["reblog"]["id"],
        )
        await settle(wendy)
        thread = await sam.get(f"/api/v1/statuses/{post['id']}/context")
        assert [one["uri"] for one in thread["descendants"]] == [reply["uri"]]
        assert len(await home(rosa)) == 1

        await sam.edit(post["id"], status="Look under elbows @skin_links@north.example")
        await settle(sam)
        assert (await home(wendy))[-1][1] == "Look under e"
        await sam.delete(f"/api/v1/statuses/{post['id']}")
        await settle(sam)
        assert (await home(rosa), [one for one in await home(wendy) if "Look" in one[1]]) == ([], [])
    assert (await rosa.get(f"/api/v1/accounts/{group}/statuses")) == []


async def test_a_strangers_first_post_waits_for_who_keeps_the_group(rosa: Person, sam: Person) -> None:
    group = (await made(rosa, posting="anyone"))["account"]["id"]
    await sam.say("First one @skin_links@north.example")
    await settle(sam)
    before = await home(rosa)

    [waiting] = await rosa.get(f"{TEAMS}/{group}/posts")
    await rosa.post(f"{TEAMS}/{group}/posts/{waiting['id']}/let-in")
    await sam.say("Second one @skin_links@north.example")
    await settle(sam)

    assert before == []
    assert {one[1] for one in await home(rosa)} == {"Second one <", "First one <s"}
    await rosa.post(f"{TEAMS}/{group}/posts/{waiting['id']}/take-out")
    assert [one[1] for one in await home(rosa)] == ["Second one <"]
    assert (await rosa.get(f"/api/v1/statuses/{waiting['id']}"))["content"].startswith("<p>First one")


async def test_a_group_for_members_and_a_closed_one_pass_on_nothing_of_others(rosa: Person, sam: Person) -> None:
    group = (await made(rosa, posting="members"))["account"]["id"]
    await sam.say("Not in it @skin_links@north.example")
    await settle(sam)
    await rosa.say("In it @skin_links")
    closed = await rosa.post(f"{TEAMS}/{group}/close")
    await rosa.say("Too late @skin_links")

    assert closed["closed_at"] is not None
    passed = await rosa.get(f"/api/v1/accounts/{group}/statuses")
    assert [one["reblog"]["content"][3:8] for one in passed] == ["In it"]


async def private(rosa: Person, sam: Person) -> tuple[str, str]:
    """A private group with both in it: its id here and there."""
    group = (await made(rosa, private=True, joining="invitation"))["account"]["id"]
    await rosa.post(f"{TEAMS}/{group}/invitations", acct="sam@south.example")
    await settle(sam)
    [there] = await sam.get(f"{TEAMS}/invitations")
    await sam.post(f"{TEAMS}/{there['id']}/invitation/accept")
    await settle(sam)
    return group, there["id"]


SECRET = "Between ourselves"


async def test_what_is_said_in_a_private_group_is_for_its_members_alone(
    rosa: Person, sam: Person, north: Served, south: Served
) -> None:
    group, known = await private(rosa, sam)
    async with person(north, "maria") as maria, person(north, "otto") as otto, person(south, "susi") as susi:
        await rosa.post(f"{TEAMS}/{group}/members", acct="maria")
        for who in (otto, susi):  # whom it concerns not: they follow its author, and asked the group
            await who.post(f"/api/v1/accounts/{await at(who, 'rosa@north.example')}/follow")
            await who.post(f"/api/v1/accounts/{await at(who, 'skin_links@north.example')}/follow")
        await settle(sam)
        post = await rosa.say(f"{SECRET} @skin_links", visibility="direct")
        await settle(sam)

        for who in (maria, sam):
            assert [one[1][:7] for one in await home(who)] == ["Between"], who.id
        for who, account in ((otto, group), (susi, known)):
            for path in (
                "timelines/home", "timelines/public", "notifications", "conversations", "timelines/direct",
                f"accounts/{account}/statuses", f"accounts/{await at(who, 'rosa@north.example')}/statuses",
                "trends/statuses",
            ):  # fmt: skip
                assert SECRET not in str(await who.get(f"/api/v1/{path}")), path
            assert SECRET not in str(await who.get("/api/v2/search", q="Between ourselves"))
        assert await otto.status_of("GET", f"/api/v1/statuses/{post['id']}") == 404
        followers = await otto.get(f"/api/v1/accounts/{group}/followers")
        following = await susi.get(f"/api/v1/accounts/{sam.id}/following")
        assert (followers, following) == ([], [])
        await _nobody_reads(north, post)
        assert [
            one for one in north.fediverse.exchanged if SECRET in one.body.decode() and "Announce" in one.body.decode()
        ] == []

        reply = await maria.say("So do we", in_reply_to_id=post["id"], visibility="direct")
        await settle(sam)
        there = {one["uri"]: one["id"] for one in await sam.get("/api/v1/timelines/home")}
        thread = await sam.get(f"/api/v1/statuses/{there[post['uri']]}/context")
        assert [one["uri"] for one in thread["descendants"]] == [reply["uri"]]
        await rosa.delete(f"{TEAMS}/{group}/members/{maria.id}")
        assert await maria.status_of("GET", f"/api/v1/statuses/{post['id']}") == 404


async def _nobody_reads(north: Served, post: Json) -> None:
    path = post["uri"].removeprefix("https://north.example")
    paths = [
        path, "/@rosa", "/@skin_links", "/@rosa.atom", "/@skin_links.atom", "/users/rosa/outbox?page=0", "/learn", "/",
        "/users/skin_links/outbox?page=0",
        "/users/skin_links/followers?page=0", "/@skin_links/followers",
        "/users/skin_links/collections/featured",
        "/search?q=ourselves", f"{path}/replies?page=0",
    ]  # fmt: skip
    async with north.client() as web:
        for one in paths:
            for accept in ("text/html", "application/activity+json"):
                answer = await web.get(one, headers={"accept": accept})
                assert SECRET not in answer.text, one
                assert "sam@" not in answer.text and "/users/sam" not in answer.text, one


async def test_who_is_not_in_a_private_group_says_nothing_to_it(rosa: Person, sam: Person, south: Served) -> None:
    group, _there = await private(rosa, sam)
    async with person(south, "susi") as susi:
        await susi.post(f"/api/v1/accounts/{await at(susi, 'skin_links@north.example')}/follow")
        await susi.say("Let me in @skin_links@north.example", visibility="direct")
        await susi.say("Let me in too @skin_links@north.example")
        await settle(susi)

        assert await home(rosa) == []
        [asks] = (await rosa.get(f"{TEAMS}/{group}/waiting"))["asked"]
        assert asks["acct"] == "susi@south.example"
        await rosa.post(f"{TEAMS}/{group}/requests/{asks['id']}/accept")
        await settle(susi)
        await susi.say("Now I am @skin_links@north.example", visibility="direct")
        await settle(susi)
        assert [one[1] for one in await home(rosa)] == ["Now I am <sp"]


async def test_who_may_write_in_the_name_of_a_group(rosa: Person, north: Served) -> None:
    wide = (await made(rosa, username="wide", joining="open"))["account"]["id"]
    narrow = (await made(rosa, username="narrow", joining="invitation", private=True))["account"]["id"]
    async with person(north, "maria") as maria:
        await maria.post(f"{TEAMS}/{wide}/join")
        await rosa.post(f"{TEAMS}/{narrow}/members", acct="maria")

        async def as_group(who: Person, group: str, **more: str) -> int:
            sent = {"status": "Ours", "sharewell": {"as": group}, **more}
            return await who.status_of("POST", "/api/v1/statuses", json=sent)

        found = [await as_group(maria, wide), await as_group(rosa, wide), await as_group(maria, narrow)]
        private = await maria.say("For us", sharewell={"as": narrow}, visibility="private")
        mine = [one["account"]["acct"] for one in (await maria.get(TEAMS))["teams"]]
        await rosa.post(f"{TEAMS}/{wide}/close")

        assert found == [422, 200, 422]
        assert mine == ["narrow"]
        assert await rosa.status_of("GET", f"/api/v1/statuses/{private['id']}") == 200
        assert await as_group(rosa, wide) == 422
