"""What a post that is not for everybody must not show: the cases of group ``privacy`` that the client API can fail."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.clients.person import Json, Person, person
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH
SECRET = "quokka"


@pytest.fixture
async def stranger(served: Served) -> AsyncGenerator[Person]:
    """Somebody who may read nothing that is not public: signed in."""
    async with person(served, "mallory") as made:
        yield made


async def secret(alice: Person, visibility: str) -> Json:
    """A post that names what nobody else may read; somebody thanked for it and it has a version before."""
    made = await alice.say(f"The first {SECRET} #{SECRET}", visibility=visibility)
    edited = await alice.edit(made["id"], status=f"The {SECRET} #{SECRET}")
    await alice.post(f"/api/v1/statuses/{made['id']}/favourite")
    return edited


PLACES = {
    "status": "/api/v1/statuses/{id}",
    "several": "/api/v1/statuses?id[]={id}",
    "context": "/api/v1/statuses/{id}/context",
    "history": "/api/v1/statuses/{id}/history",
    "source": "/api/v1/statuses/{id}/source",
    "favourited_by": "/api/v1/statuses/{id}/favourited_by",
    "reblogged_by": "/api/v1/statuses/{id}/reblogged_by",
    "account_statuses": "/api/v1/accounts/{account}/statuses",
    "account_replies": "/api/v1/accounts/{account}/statuses?exclude_replies=false",
    "account_pinned": "/api/v1/accounts/{account}/statuses?pinned=true",
    "account_tagged": "/api/v1/accounts/{account}/statuses?tagged={word}",
    "search_text": "/api/v2/search?q={word}",
    "search_url": "/api/v2/search?q={uri}",
    "public_timeline": "/api/v1/timelines/public",
    "tag_timeline": "/api/v1/timelines/tag/{word}",
    "home": "/api/v1/timelines/home",
    "notifications": "/api/v1/notifications",
}


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_a_post_for_others_is_invisible_everywhere(
    alice: Person, stranger: Person, nobody: Person, visibility: str
) -> None:
    post = await secret(alice, visibility)
    words = {"id": post["id"], "account": alice.id, "word": SECRET, "uri": post["uri"]}

    for place, path in PLACES.items():
        for reader in (stranger, nobody):
            answer = await reader.web.get(path.format(**words))
            found = answer.text.replace(f'"name":"{SECRET}"', "")  # the hashtag itself is no secret
            assert answer.status_code < 500, place
            assert "/{id}" not in path or answer.status_code in (401, 404), place
            assert post["id"] not in found, place
            assert f"The {SECRET}" not in found, place


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_nobody_else_can_do_anything_with_it(alice: Person, stranger: Person, visibility: str) -> None:
    post = await secret(alice, visibility)
    acts = (
        "favourite",
        "unfavourite",
        "reblog",
        "unreblog",
        "bookmark",
        "unbookmark",
        "pin",
        "unpin",
        "mute",
        "unmute",
    )

    answers = [await stranger.status_of("POST", f"/api/v1/statuses/{post['id']}/{act}") for act in acts]
    reply = await stranger.status_of("POST", "/api/v1/statuses", json={"status": "What?", "in_reply_to_id": post["id"]})

    assert answers == [404] * len(acts)
    assert reply == 404


async def test_a_follower_reads_a_private_post_and_no_more_once_removed(alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    post = await secret(alice, "private")

    before = [one["id"] for one in await bob.get("/api/v1/timelines/home")]
    await alice.post(f"/api/v1/accounts/{bob.id}/remove_from_followers")

    assert before == [post["id"]]
    assert await bob.get("/api/v1/timelines/home") == []
    assert await bob.status_of("GET", f"/api/v1/statuses/{post['id']}") == 404


async def test_a_direct_post_is_read_by_whom_it_names(alice: Person, bob: Person) -> None:
    post = await alice.say("@bob between us", visibility="direct")

    assert (await bob.get(f"/api/v1/statuses/{post['id']}"))["visibility"] == "direct"
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]


async def test_ones_boost_of_ones_private_post_is_private(alice: Person, stranger: Person) -> None:
    post = await secret(alice, "private")

    boost = await alice.post(f"/api/v1/statuses/{post['id']}/reblog")

    assert boost["visibility"] == "private"
    assert await stranger.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert await stranger.status_of("GET", f"/api/v1/statuses/{boost['id']}") == 404


async def test_a_boost_shows_nothing_to_whom_its_author_blocked(alice: Person, bob: Person, stranger: Person) -> None:
    post = await alice.say(f"The {SECRET}")
    boost = await bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    await alice.post(f"/api/v1/accounts/{stranger.id}/block")

    found = await stranger.get("/api/v1/statuses", **{"id[]": [boost["id"], post["id"]]})

    assert found == []
    assert await stranger.status_of("GET", f"/api/v1/statuses/{boost['id']}") == 404
    assert await stranger.get(f"/api/v1/accounts/{bob.id}/statuses") == []


async def test_whom_one_blocked_sees_nothing_of_one(alice: Person, bob: Person) -> None:
    post = await alice.say(f"The {SECRET}")
    await alice.post(f"/api/v1/accounts/{bob.id}/block")

    assert await bob.status_of("GET", f"/api/v1/statuses/{post['id']}") == 404
    assert await bob.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert (await bob.get("/api/v2/search", q=SECRET))["statuses"] == []


async def test_whom_one_blocked_can_do_nothing_with_one(alice: Person, bob: Person) -> None:
    path = f"/api/v1/statuses/{(await alice.say('Hello'))['id']}"
    await alice.post(f"/api/v1/accounts/{bob.id}/block")

    answers = [await bob.status_of("POST", f"{path}/{act}") for act in ("favourite", "reblog")]
    follow = await bob.status_of("POST", f"/api/v1/accounts/{alice.id}/follow")
    await bob.say("@alice look")

    assert (answers, follow) == ([404, 404], 403)
    assert await alice.get("/api/v1/notifications") == []


async def test_a_deleted_post_is_gone_everywhere(alice: Person, nobody: Person) -> None:
    post = await alice.say(f"The {SECRET} #{SECRET}")
    words = {"id": post["id"], "account": alice.id, "word": SECRET, "uri": post["uri"]}
    await alice.delete(f"/api/v1/statuses/{post['id']}")

    for place, path in PLACES.items():
        assert f"The {SECRET}" not in (await nobody.web.get(path.format(**words))).text, place


async def test_other_peoples_accounts_carry_nothing_of_theirs_alone(alice: Person, bob: Person) -> None:
    account = await bob.get(f"/api/v1/accounts/{alice.id}")

    assert {"source", "role", "email", "locale"} & account.keys() == set()
    assert "mail.example" not in str(account)


async def test_answers_to_members_are_not_kept_by_caches(alice: Person) -> None:
    post = await alice.say("Hello")

    for path in ("/api/v1/timelines/home", f"/api/v1/statuses/{post['id']}", "/api/v1/notifications"):
        assert "no-store" in (await alice.web.get(path)).headers["cache-control"]
