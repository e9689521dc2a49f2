"""What members do on pages: thanks, passing on, saving, replies, follows; each a form that proves where it is from."""

from __future__ import annotations

import re

import httpx2
import pytest

from storage import posts
from storage.posts import Visibility
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH


async def press(client: httpx2.AsyncClient, path: str, do: str, **more: str) -> httpx2.Response:
    """Press a button of the row below a post on its page."""
    page = (await client.get(path)).text
    action = re.search(r'action="(/posts/\d+/respond)" id="respond"', page)
    assert action is not None
    assert f'value="{do}"' in page
    return await client.post(
        action[1], data={"proof": hidden(page, "proof"), "back": hidden(page, "back"), "do": do, **more}
    )


@pytest.mark.parametrize(
    ("do", "undo", "word"),
    [("thank", "unthank", "Thanks <b>1</b>"), ("pass-on", "stop-passing-on", "Pass on <b>1</b>")],
    ids=["thanks", "passing on"],
)  # fmt: skip
@ON_BOTH
async def test_a_response_counts_and_can_be_taken_back(sample: Sample, do: str, undo: str, word: str) -> None:
    path = sample.href("sbar")
    async with browsing(sample.served, sample.imelda) as client:
        answer = await press(client, path, do)
        done = (await client.get(path)).text
        await press(client, path, undo)
        undone = (await client.get(path)).text

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#respond")
    assert re.search(rf'value="{undo}" aria-pressed="true">.*?{word}', done)
    assert re.search(rf'value="{do}" aria-pressed="false">', undone)


async def test_a_saved_post_is_saved_for_oneself_alone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    path = sample.href("sbar")
    async with browsing(sample.served, sample.imelda) as client:
        before = (await reader.get(path)).text
        await press(client, path, "save")
        mine = (await client.get(path)).text

    assert 'value="unsave" aria-pressed="true"' in mine
    assert (await reader.get(path)).text == before


async def test_the_row_in_a_list_leads_back_to_the_same_place(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/learn/safety-note")).text
        id = sample.posts["sbar"].id
        form = re.search(rf'action="/posts/{id}/respond".*?name="back" value="([^"]*)"', page)
        assert form is not None
        answer = await client.post(
            f"/posts/{id}/respond", data={"proof": hidden(page, "proof"), "back": form[1], "do": "thank"}
        )

    assert answer.headers["location"] == f"/learn/safety-note#post-{id}"
    assert f'id="post-{id}"' in page


async def test_nobody_is_sent_elsewhere_after_a_response(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await press(client, sample.href("sbar"), "thank", back="//evil.example/")

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/posts/{id}/respond", "/posts/{id}/reply", "/accounts/{actor}/act", "/look-up"])
@pytest.mark.parametrize("proof", ["", "0" * 64])
async def test_another_site_can_do_nothing_for_a_member(sample: Sample, path: str, proof: str) -> None:
    address = path.format(id=sample.posts["sbar"].id, actor=sample.rosa.id)
    data = {"proof": proof, "do": "thank", "text": "Hello", "q": "@a@b.example"}
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.post(address, data=data)

    async with sample.served.database.reading() as db:
        found = await posts.by_id(db, sample.posts["sbar"].id, reader_id=0)
    assert answer.status_code == 403
    assert (found.likes_count, found.replies_count) == (0, 0)


@pytest.mark.parametrize("path", ["/posts/{id}/respond", "/posts/{id}/reply", "/accounts/{actor}/act", "/look-up"])
async def test_who_is_not_signed_in_is_told_to(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    address = path.format(id=sample.posts["sbar"].id, actor=sample.rosa.id)

    answer = await reader.post(address, data={"do": "thank", "text": "Hello"})

    assert answer.status_code == 401
    assert 'href="/sign-in">Sign in</a>' in answer.text


async def test_a_reader_without_account_gets_no_buttons_and_no_script(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    pages = [(await reader.get(path)).text for path in ("/", "/@rosa", sample.href("note"))]

    forms = {re.sub(r"\d+", "N", one) for page in pages for one in re.findall(r'method="post" action="([^"]+)"', page)}
    assert forms == {"/accounts/N/from-elsewhere", "/posts/N/from-elsewhere"}
    assert not any("<script" in page for page in pages)


@pytest.mark.parametrize("do", ["", "like", "delete"])
async def test_an_unknown_deed_is_refused(sample: Sample, do: str) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        proof = hidden((await client.get("/sign-out")).text, "proof")
        answers = [
            await client.post(f"/posts/{sample.posts['sbar'].id}/respond", data={"proof": proof, "do": do}),
            await client.post(f"/accounts/{sample.rosa.id}/act", data={"proof": proof, "do": do}),
        ]

    assert [one.status_code for one in answers] == [422, 422]


async def test_what_one_may_not_see_one_cannot_respond_to(sample: Sample) -> None:
    bob = await sample.served.account("bob")
    async with browsing(sample.served, bob) as client:
        proof = hidden((await client.get("/sign-out")).text, "proof")
        id = sample.posts["private"].id
        answers = [
            await client.post(f"/posts/{id}/respond", data={"proof": proof, "do": "thank"}),
            await client.post(f"/posts/{id}/reply", data={"proof": proof, "text": "Hm"}),
        ]

    async with sample.served.database.reading() as db:
        found = await posts.any_by_id(db, id)
    assert [one.status_code for one in answers] == [404, 404]
    assert (found.likes_count, found.replies_count) == (0, 0)


@ON_BOTH
async def test_a_reply_is_written_below_a_post_and_stands_there(sample: Sample) -> None:
    path = sample.href("sbar")
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(path)).text
        answer = await client.post(
            f"/posts/{sample.posts['sbar'].id}/reply",
            data={"proof": hidden(page, "proof"), "key": hidden(page, "key"), "text": "We labelled the socket."},
        )
        after = (await client.get(path)).text

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{path}#post-")
    assert f'id="{answer.headers["location"].partition("#")[2]}"' in after
    assert "We labelled the socket." in after


async def test_a_reply_sent_twice_is_one_reply(sample: Sample) -> None:
    path = sample.href("sbar")
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(path)).text
        data = {"proof": hidden(page, "proof"), "key": hidden(page, "key"), "text": "Once."}
        places = [
            (await client.post(f"/posts/{sample.posts['sbar'].id}/reply", data=data)).headers["location"]
            for _ in range(2)
        ]
        after = (await client.get(path)).text

    assert places[0] == places[1]
    assert after.count("<p>Once.</p>") == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [("", "Write something first."), ("x" * 5001, "At most 5000 characters.")],
    ids=["empty", "long"],
)
async def test_a_reply_that_cannot_be_kept_stays_in_the_form(sample: Sample, written: str, said: str) -> None:
    path = sample.href("sbar")
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(path)).text
        answer = await client.post(
            f"/posts/{sample.posts['sbar'].id}/reply",
            data={"proof": hidden(page, "proof"), "key": hidden(page, "key"), "text": written},
        )

    assert answer.status_code == 422
    assert answer.text.count(said) == 2
    assert "<title>Error: " in answer.text
    assert f">{written}</textarea>" in answer.text


async def test_a_reply_to_followers_is_for_no_more_than_the_post_was(sample: Sample) -> None:
    path = sample.href("private")
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(path)).text
        answer = await client.post(
            f"/posts/{sample.posts['private'].id}/reply", data={"proof": hidden(page, "proof"), "text": "Between us."}
        )

    made = int(answer.headers["location"].rpartition("-")[2])
    async with sample.served.database.reading() as db:
        found = await posts.any_by_id(db, made)
    assert found.visibility is Visibility.PRIVATE


async def test_a_post_for_followers_cannot_be_passed_on(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(sample.href("private"))).text
        answer = await client.post(
            f"/posts/{sample.posts['private'].id}/respond", data={"proof": hidden(page, "proof"), "do": "pass-on"}
        )

    assert "Pass on" not in page
    assert answer.status_code == 403


async def test_a_reply_that_waits_says_so(sample: Sample) -> None:
    slow = await sample.served.fediverse.node("slow.example", safety={"fan_out_delay": 60})
    rosa = await slow.account("rosa")
    async with browsing(slow, rosa) as client:
        page = await client.post(
            "/api/v1/statuses", json={"status": "Hello"}, headers={"authorization": f"Bearer {await slow.token(rosa)}"}
        )
        assert page.status_code == 200
        slow.fediverse.clock.advance(seconds=61)
        await slow.fediverse.quiet()
        shown = (await client.get("/@rosa")).text
        path = re.search(r'href="(/@rosa/\d+)#replies"', shown)
        assert path is not None
        form = (await client.get(path[1])).text
        answer = await client.post(
            f"/posts/{path[1].rpartition('/')[2]}/reply", data={"proof": hidden(form, "proof"), "text": "In a minute."}
        )
        kept = (await client.get(answer.headers["location"])).text

    assert answer.headers["location"] == f"{path[1]}?waiting=1"
    assert "Your reply was kept" in kept
    assert "In a minute." not in kept


@ON_BOTH
async def test_following_and_stopping_is_one_button_each(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        before = (await client.get("/@skin_links")).text
        proof = hidden(before, "proof")
        place = f"/accounts/{sample.team.id}/act"
        answer = await client.post(place, data={"proof": proof, "do": "follow"})
        following = (await client.get("/@skin_links")).text
        home = (await client.get("/")).text
        await client.post(place, data={"proof": proof, "do": "unfollow"})
        after = (await client.get("/@skin_links")).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/@skin_links")
    assert 'value="follow">Follow</button>' in before and 'value="follow">Follow</button>' in after
    assert 'value="unfollow">Stop following</button>' in following
    assert "<b>1</b> follower<" in following
    assert "Silent bleeps" in home


async def test_nobody_can_follow_themselves(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as client:
        page = (await client.get("/@rosa")).text
        proof = hidden((await client.get("/sign-out")).text, "proof")
        answer = await client.post(f"/accounts/{sample.rosa.id}/act", data={"proof": proof, "do": "follow"})

    assert f"/accounts/{sample.rosa.id}/act" not in page
    assert answer.status_code == 403


async def test_a_team_on_another_node_is_looked_up_followed_and_read(sample: Sample) -> None:
    fediverse = sample.served.fediverse
    wexley = await fediverse.node("wexley.example")
    theatres = await wexley.account("theatres", name="Wexley Theatres")
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/search", params={"q": "@theatres@wexley.example"})).text
        found = await client.post(
            "/look-up", data={"proof": hidden(page, "proof"), "q": "@theatres@wexley.example"}
        )  # fmt: skip
        profile = (await client.get(found.headers["location"])).text
        action = re.search(r'action="(/accounts/\d+/act)"', profile)
        assert action is not None
        await client.post(action[1], data={"proof": hidden(profile, "proof"), "do": "follow"})
        asked = (await client.get(found.headers["location"])).text
        await fediverse.quiet()
        accepted = (await client.get(found.headers["location"])).text

    async with wexley.database.reading() as db:
        followers = (await db.row("SELECT COUNT(*) AS n FROM follows WHERE target_id = :id", id=theatres.id) or {})["n"]
    assert found.headers["location"] == "/@theatres@wexley.example"
    assert "Take the request back" in asked
    assert "Stop following" in accepted
    assert followers == 1


async def test_what_cannot_be_looked_up_is_said_without_blame(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        proof = hidden((await client.get("/sign-out")).text, "proof")
        answer = await client.post("/look-up", data={"proof": proof, "q": "@nobody@nowhere.example"})

    assert answer.status_code == 422
    assert "That server did not answer, or knows nothing under this name." in answer.text


async def test_a_reader_without_account_makes_the_node_ask_nobody(sample: Sample, reader: httpx2.AsyncClient) -> None:
    before = len(sample.served.fediverse.exchanged)
    page = (await reader.get("/search", params={"q": "@theatres@wexley.example"})).text

    assert "Look it up" not in page
    assert len(sample.served.fediverse.exchanged) == before


async def test_pages_and_api_share_what_a_response_does(sample: Sample) -> None:
    client = await sample.served.as_member(sample.imelda)
    async with browsing(sample.served, sample.imelda) as pages:
        await press(pages, sample.href("sbar"), "thank")
        await press(pages, sample.href("sbar"), "save")
    status = (await client.get(f"/api/v1/statuses/{sample.posts['sbar'].id}")).json()
    await client.aclose()

    assert (status["favourited"], status["bookmarked"], status["favourites_count"]) == (True, True, 1)
