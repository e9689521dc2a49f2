"""How members stand to others, by the forms of a profile: each can be undone, and the next page says what happened."""

from __future__ import annotations

import re

import httpx2
import pytest

from node.connecting import follows as following
from node.connecting import lists as listing
from storage import actors, blocks, follows, lists, mutes, notes
from storage.actors import Actor
from storage.ids import LAST
from storage.lists import Replies
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, Fediverse

HOUR = 60 * 60


async def do(client: httpx2.AsyncClient, path: str, deed: str, **more: str) -> str:
    """Press a button of a page; the page that follows. The button must be there."""
    page = (await client.get(path)).text
    assert f'name="do" value="{deed}"' in page, deed
    action = re.search(r'action="(/accounts/\d+/act)"', page)
    assert action is not None
    answer = await client.post(action[1], data={"proof": hidden(page, "proof"), "do": deed, **more})
    assert answer.status_code == 303, answer.text
    return (await client.get(answer.headers["location"])).text


async def asks(sample: Sample, who: Actor, target: Actor) -> None:
    async with sample.served.database.writing() as db:
        await following.follow(db, sample.served.node, who, await actors.by_id(db, target.id))


async def lock(sample: Sample, client: httpx2.AsyncClient) -> None:
    """Ask me first: by the form of the settings."""
    page = (await client.get("/settings/profile")).text
    data = {"proof": hidden(page, "proof"), "display_name": "Imelda Farrow", "locked": "1", "visibility": "public"}
    assert (await client.post("/settings/profile", data=data)).status_code == 303


@ON_BOTH
async def test_one_follows_and_stops(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        followed = await do(client, "/@skin_links", "follow")
        ended = await do(client, "/@skin_links", "unfollow")

    assert "Stop following</button>" in followed
    assert 'value="follow">Follow</button>' in ended


@ON_BOTH
async def test_a_mute_ends_by_itself_or_by_a_button(sample: Sample) -> None:
    muted_id = sample.rosa.id
    async with browsing(sample.served, sample.imelda) as client:
        muted = await do(client, "/@rosa", "mute", duration=str(8 * HOUR), notifications="1")
        home = (await client.get("/")).text
        ended = await do(client, "/@rosa", "unmute")
        again = await do(client, "/@rosa", "mute", duration="0")
    async with sample.served.database.reading() as db:
        found = await mutes.of(db, member_id=sample.imelda.id, target_ids=[muted_id], now=sample.served.node.clock())

    assert "You no longer see in lists what they share." in muted
    assert "Muted until 26 Oct 2026" in muted
    assert "Look under the heel" not in home
    assert "You meet them again." in ended
    assert "<h2>Muted</h2>" in again
    assert (found[muted_id].ends, found[muted_id].notifications) == (LAST, None)


@ON_BOTH
async def test_a_block_is_explained_done_and_ended(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        profile = (await client.get("/@rosa")).text
        link = re.search(r'href="(/accounts/\d+/block)"', profile)
        assert link is not None
        blocked = await do(client, link[1], "block")
        async with sample.served.database.reading() as db:
            kept = await blocks.of(db, actor_id=sample.imelda.id, target_ids=[sample.rosa.id])
            follow = await follows.between(db, follower_id=sample.imelda.id, target_id=sample.rosa.id)
        ended = await do(client, "/@rosa", "unblock")

    assert kept == {sample.rosa.id}
    assert follow is None
    assert "You see nothing of each other any more." in blocked
    assert "You have blocked Rosa Quill" in blocked
    assert 'value="follow"' not in blocked
    assert 'value="follow">Follow</button>' in ended


async def test_to_look_at_what_blocking_means_blocks_nobody(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(f"/accounts/{sample.rosa.id}/block")).text
        async with sample.served.database.reading() as db:
            kept = await blocks.of(db, actor_id=sample.imelda.id, target_ids=[sample.rosa.id])

    assert "Block Rosa Quill?" in page
    assert kept == set()


@ON_BOTH
async def test_who_asks_to_follow_is_answered(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        await lock(sample, client)
        await asks(sample, sample.rosa, sample.imelda)
        await asks(sample, sample.team, sample.imelda)
        own = (await client.get("/@imelda")).text
        waiting = (await client.get("/requests")).text
        told = (await client.get("/notifications")).text
        ids = re.findall(r'action="/accounts/(\d+)/act"', waiting)
        proof = hidden(waiting, "proof")
        accepted = await client.post(
            f"/accounts/{sample.rosa.id}/act", data={"proof": proof, "do": "accept", "back": "/requests"}
        )
        after = (await client.get(accepted.headers["location"])).text
        declined = await do(client, "/@skin_links", "decline")
        empty = (await client.get("/requests")).text
        followers = (await client.get("/@imelda/followers")).text
        removed = await do(client, "/@rosa", "remove-follower")
        nobody = (await client.get("/@imelda/followers")).text

    assert 'href="/requests">Follow requests (2)</a>' in own
    assert ids == [str(sample.team.id), str(sample.rosa.id)]
    assert 'href="/requests">Answer</a>' in told
    assert "They follow you now." in after and "Skin Link Nurses" in after
    assert "They do not follow you." in declined
    assert "Nothing is waiting" in empty
    assert "Rosa Quill" in followers and "Skin Link" not in followers
    assert "They follow you no longer." in removed
    assert "Nobody" in nobody


async def test_nobody_lets_themselves_follow(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        await lock(sample, client)
    await asks(sample, sample.rosa, sample.imelda)
    async with browsing(sample.served, sample.rosa) as client:
        asked = (await client.get("/@imelda")).text
        await client.post(
            f"/accounts/{sample.imelda.id}/act", data={"proof": hidden(asked, "proof"), "do": "accept"}
        )  # fmt: skip
        async with sample.served.database.reading() as db:
            follow = await follows.between(db, follower_id=sample.rosa.id, target_id=sample.imelda.id)

    assert "Take the request back" in asked
    assert follow is not None and follow.accepted is None


@ON_BOTH
async def test_a_note_is_for_oneself_alone(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        noted = await do(client, "/@rosa", "note", comment="Met at the <b>falls</b> day")
        later = (await client.get("/@rosa")).text
        emptied = await do(client, "/@rosa", "note", comment=" ")
    async with browsing(sample.served, sample.team) as client:
        other = (await client.get("/@rosa")).text
    async with sample.served.database.reading() as db:
        left = await notes.of(db, member_id=sample.imelda.id, target_ids=[sample.rosa.id])

    assert "Your note is kept." in noted
    assert "Met at the &lt;b&gt;falls&lt;/b&gt; day" in later
    assert "falls" not in other and "falls" not in emptied
    assert left == {}


async def test_what_was_done_is_said_in_our_own_words_alone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        foreign = (await client.get("/@rosa", params={"said": "You won <b>money</b>"})).text
    signed_out = (await reader.get("/@rosa", params={"said": "blocked"})).text

    assert "money" not in foreign
    assert 'class="notice said"' not in foreign + signed_out


@pytest.mark.parametrize(
    "path",
    [
        "/requests",
        "/saved",
        "/thanked",
        "/lists",
        "/lists/1",
        "/settings/profile",
        "/settings/apps",
        "/settings/sessions",
        "/report",
    ],
)
async def test_pages_of_members_are_for_members(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    assert (await reader.get(path)).status_code == 401


async def test_nobody_does_anything_to_themselves(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/@imelda")).text
        proof = hidden((await client.get("/sign-out")).text, "proof")
        statuses = {
            deed: (
                await client.post(f"/accounts/{sample.imelda.id}/act", data={"proof": proof, "do": deed})
            ).status_code
            for deed in ("follow", "mute", "block")
        }

    assert "/accounts/" not in page
    assert set(statuses.values()) == {403}


async def test_followers_and_followed_are_listed_for_everyone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    followers = (await reader.get("/@rosa/followers")).text
    following_page = (await reader.get("/@imelda/following")).text
    remote = (await reader.get("/@gethin@cwm.example/followers")).text

    assert 'href="/@imelda"' in followers
    assert 'href="/@rosa"' in following_page
    assert "Nobody that this node knows of." in remote and "at cwm.example" in remote
    assert (await reader.get("/@nobody/followers")).status_code == 404


@ON_BOTH
async def test_what_is_saved_is_listed_latest_first(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        empty = (await client.get("/saved")).text
        proof = hidden(empty, "proof") if "proof" in empty else hidden((await client.get("/sign-out")).text, "proof")
        for name in ("sbar", "idea"):
            await client.post(f"/posts/{sample.posts[name].id}/respond", data={"proof": proof, "do": "save"})
        page = (await client.get("/saved")).text
    async with browsing(sample.served, sample.rosa) as client:
        other = (await client.get("/saved")).text

    assert "Nothing is saved yet" in empty and "Nothing is saved yet" in other
    assert 0 < page.index("A make-up mirror") < page.index("Two pumps, one socket")


@ON_BOTH
async def test_thanks_and_lists_are_read_on_pages_by_their_member_alone(sample: Sample) -> None:
    async with sample.served.database.writing() as db:
        made = await listing.create(
            db, sample.served.node, sample.imelda, title="Skin", replies=Replies.LIST, exclusive=False
        )
        await lists.put(db, made.id, [sample.rosa.id])
    async with browsing(sample.served, sample.imelda) as client:
        proof = hidden((await client.get("/sign-out")).text, "proof")
        await client.post(f"/posts/{sample.posts['sbar'].id}/respond", data={"proof": proof, "do": "thank"})
        thanked, all_of_them = (await client.get("/thanked")).text, (await client.get("/lists")).text
        one = (await client.get(f"/lists/{made.id}")).text
    async with browsing(sample.served, sample.rosa) as client:
        empty = (await client.get("/thanked")).text
        barred, none = (await client.get(f"/lists/{made.id}")).status_code, (await client.get("/lists")).text

    assert "Press Thanks below a post" in empty
    assert "Two pumps, one socket" in thanked
    assert f'<a href="/lists/{made.id}">Skin</a>' in all_of_them
    assert sample.href("sbar") in one
    assert barred == 404
    assert "No lists yet" in none


async def test_a_block_of_somebody_elsewhere_is_told_to_their_server(fediverse: Fediverse, sample: Sample) -> None:
    wexley = await fediverse.node("wexley.example")
    bob = await wexley.account("bob")
    async with browsing(sample.served, sample.imelda) as client:
        found = await client.get("/authorize_interaction", params={"uri": bob.uri})
        profile = (await client.get(found.headers["location"])).text
        link = re.search(r'href="(/accounts/\d+/block)"', profile)
        assert link is not None
        await do(client, link[1], "block")
    await fediverse.quiet()
    async with browsing(wexley, bob) as client:
        page = (await client.get("/authorize_interaction", params={"uri": sample.imelda.uri})).headers["location"]
        answer = await client.post(
            "/look-up", data={"proof": hidden((await client.get("/sign-out")).text, "proof"), "q": sample.imelda.uri}
        )
        shown = (await client.get(answer.headers["location"])).text
        action = re.search(r'action="(/accounts/\d+/act)"', shown)
        assert action is not None
        refused = await client.post(action[1], data={"proof": hidden(shown, "proof"), "do": "follow"})

    assert page == "/@imelda@northmoor.example"
    assert refused.status_code == 403
    assert "blocked the other" in refused.text


ODD = ["", "0", "-1", "99999999999999999999", "x", "1 OR 1=1", "\x00", "é" * 1000, "[]", "%00"]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_odd_input_is_refused_and_breaks_nothing(sample: Sample, odd: str) -> None:
    act = f"/accounts/{sample.rosa.id}/act"
    forms: list[tuple[str, dict[str, str]]] = [
        (act, {"do": odd}), (act, {"do": "mute", "duration": odd}), (act, {"do[]": odd}),
        (act, {"do": "note", "comment[x]": odd}),
        ("/report", {"account": odd, "reason": odd, "post[]": odd}), ("/report", {"account[]": odd, "reason[a]": odd}),
        ("/settings/profile", {"display_name[]": odd, "locked": odd}), ("/settings/profile", {"visibility": odd}),
        ("/settings/profile/picture", {"picture": odd}), ("/settings/apps/revoke", {"app": odd}),
        ("/settings/sessions/end", {"session": odd}), ("/settings/sessions/end", {"session[]": odd}),
        (f"/accounts/{sample.rosa.id}/from-elsewhere", {"server": odd}), ("/look-up", {"q": odd}),
        (f"/posts/{sample.posts['note'].id}/respond", {"do": "save", "place": odd, "back": odd, "full": odd}),
    ]  # fmt: skip
    pages = [
        "/requests",
        "/saved",
        "/thanked",
        "/lists",
        "/@rosa/followers",
        "/settings/sessions",
        "/report",
        "/authorize_interaction",
    ]
    broken = {}
    async with browsing(sample.served, sample.imelda) as client:
        proof = hidden((await client.get("/sign-out")).text, "proof")
        for script in ("false", "true"):
            for path, data in forms:
                answer = await client.post(path, data={"proof": proof, **data}, headers={"hx-request": script})
                if answer.status_code >= 500:
                    broken[path, str(data)[:40]] = answer.status_code
        for path in pages:
            values = {"max_id": odd, "said": odd, "account": odd, "post": odd, "uri": odd}
            if (answer := await client.get(path, params=values)).status_code >= 500:
                broken[path, odd[:40]] = answer.status_code

    assert broken == {}
