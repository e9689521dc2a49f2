"""Ask, vote, read how it stands, be told when it is over: /api/v1/polls."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.clients.person import Json, Person
from tests.clients.test_entities import differences
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH

ASKED = {"options": ["Torch", "Mirror", "Both"], "expires_in": 3600}


async def ask(who: Person, words: str = "What helps?", **poll: Any) -> Json:
    return await who.say(words, poll={**ASKED, **poll})


async def vote(who: Person, poll_id: str, *choices: int) -> tuple[int, Json]:
    answer = await who.web.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": list(choices)})
    return answer.status_code, answer.json()


async def later(served: Served, seconds: int) -> None:
    served.fediverse.clock.advance(seconds=seconds)
    await served.fediverse.quiet()


def counts(poll: Json) -> list[int | None]:
    return [one["votes_count"] for one in poll["options"]]


async def test_a_poll_is_answered_as_it_is_read_later(alice: Person, bob: Person, nobody: Person) -> None:
    made = await ask(alice)
    poll = made["poll"]

    assert await alice.get(f"/api/v1/statuses/{made['id']}") == made
    assert await alice.get(f"/api/v1/polls/{poll['id']}") == poll
    assert [one["title"] for one in poll["options"]] == ASKED["options"]
    assert (poll["voted"], poll["own_votes"], poll["multiple"], poll["expired"]) == (True, [], False, False)
    assert (poll["votes_count"], poll["voters_count"], counts(poll)) == (0, 0, [0, 0, 0])
    assert (await bob.get(f"/api/v1/statuses/{made['id']}"))["poll"]["voted"] is False
    assert "voted" not in (await nobody.get(f"/api/v1/statuses/{made['id']}"))["poll"]
    assert "voted" not in await nobody.get(f"/api/v1/polls/{poll['id']}")
    assert differences("Poll", poll) == []
    assert [differences("Poll::Option", one) for one in poll["options"]] == [[], [], []]
    assert (await alice.say("No poll"))["poll"] is None


async def test_polls_come_as_forms_and_multipart(alice: Person) -> None:
    form = {"status": "x", "poll[options][]": ["a", "b"], "poll[expires_in]": "300", "poll[multiple]": "true"}

    plain = (await alice.web.post("/api/v1/statuses", data=form)).json()
    parts: list[Any] = [("poll[options][]", (None, "a")), ("poll[options][]", (None, "b"))]
    parts += [(name, (None, value)) for name, value in form.items() if isinstance(value, str)]
    multipart = (await alice.web.post("/api/v1/statuses", files=parts)).json()

    for made in (plain, multipart):
        assert ([one["title"] for one in made["poll"]["options"]], made["poll"]["multiple"]) == (["a", "b"], True)


async def test_what_is_no_poll_is_refused(alice: Person) -> None:
    wrong: list[Any] = [
        "x", ["a", "b"], {"options": ["a", "b"]}, {"options": ["a"], "expires_in": 600},
        {"options": ["a", " "], "expires_in": 600}, {"options": ["a", "A"], "expires_in": 600},
        {"options": ["a", "b"], "expires_in": 299}, {"options": ["a", "b"], "expires_in": 2_629_747},
        {"options": ["a", "b"], "expires_in": "soon"}, {"options": ["a", "b" * 101], "expires_in": 600},
        {"options": [str(n) for n in range(9)], "expires_in": 600}, {"options": [{"a": 1}, [2]], "expires_in": 600},
        {"options": ["a", "b"], "expires_in": 600, "multiple": "perhaps"},
        {"options": ["a", "b"], "expires_in": {"x": 1}},
    ]  # fmt: skip

    answers = [await alice.web.post("/api/v1/statuses", json={"status": "x", "poll": one}) for one in wrong]

    assert [one.status_code for one in answers] == [422] * len(wrong)
    assert all(one.json()["error"] for one in answers)


async def test_a_vote_counts_once_and_only_its_voter_sees_what_it_was(
    alice: Person, bob: Person, nobody: Person
) -> None:
    poll_id = (await ask(alice))["poll"]["id"]

    status, voted = await vote(bob, poll_id, 1)
    again = await vote(bob, poll_id, 2)

    assert (status, counts(voted), voted["voted"], voted["own_votes"]) == (200, [0, 1, 0], True, [1])
    assert (voted["votes_count"], voted["voters_count"]) == (1, 1)
    assert again[0] == 422
    for who in (alice, nobody):
        seen = await who.get(f"/api/v1/polls/{poll_id}")
        assert (counts(seen), seen.get("own_votes", [])) == ([0, 1, 0], [])


async def test_several_may_be_chosen_where_the_poll_says_so(alice: Person, bob: Person) -> None:
    one, several = (await ask(alice))["poll"]["id"], (await ask(alice, multiple=True))["poll"]["id"]

    assert (await vote(bob, one, 0, 1))[0] == 422
    status, voted = await vote(bob, several, 2, 0)

    assert (status, counts(voted), voted["own_votes"]) == (200, [1, 0, 1], [0, 2])
    assert (voted["votes_count"], voted["voters_count"]) == (2, 1)


async def test_what_is_no_vote_is_refused(alice: Person, bob: Person) -> None:
    made = await ask(alice)
    poll_id = made["poll"]["id"]
    plain = await alice.say("No poll")

    assert (await vote(alice, poll_id, 0))[0] == 422
    wrong: list[dict[str, Any]] = [
        {}, {"choices": []}, {"choices": [3]}, {"choices": ["-1"]}, {"choices": ["x"]}, {"choices": [0, 0]},
        {"choices": {"a": {"b": 1}}}, {"choices": 10**18}, {"choices": ["0", None, [1], "½"]},
    ]  # fmt: skip

    for sent in wrong:
        answer = await bob.web.post(f"/api/v1/polls/{poll_id}/votes", json=sent)
        assert (answer.status_code, bool(answer.json()["error"])) == (422, True), sent
    assert (await vote(bob, plain["id"], 0))[0] == 404
    assert await bob.status_of("GET", f"/api/v1/polls/{plain['id']}") == 404
    assert await bob.status_of("GET", "/api/v1/polls/x") == 404
    assert counts(await bob.get(f"/api/v1/polls/{poll_id}")) == [0, 0, 0]


async def test_nobody_votes_in_a_poll_they_cannot_see(alice: Person, bob: Person) -> None:
    """``authz.poll_vote_private``"""
    made = await ask(alice, "Among us")
    hidden = await alice.say("Among us", poll=ASKED, visibility="private")

    assert (await vote(bob, hidden["poll"]["id"], 0))[0] == 404
    assert await bob.status_of("GET", f"/api/v1/polls/{hidden['poll']['id']}") == 404
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert (await vote(bob, made["poll"]["id"], 0))[0] == 404


async def test_twenty_at_once_count_as_one(alice: Person, bob: Person) -> None:
    poll_id = (await ask(alice, multiple=True))["poll"]["id"]

    answers = await asyncio.gather(*(vote(bob, poll_id, n % 3) for n in range(20)))

    assert Counter(status for status, _ in answers) == {200: 1, 422: 19}
    seen = await alice.get(f"/api/v1/polls/{poll_id}")
    assert (seen["votes_count"], seen["voters_count"]) == (1, 1)


async def test_hidden_counts_are_shown_at_the_end(alice: Person, bob: Person, served: Served) -> None:
    poll_id = (await ask(alice, hide_totals=True))["poll"]["id"]
    _, voted = await vote(bob, poll_id, 1)

    before = await alice.get(f"/api/v1/polls/{poll_id}")
    await later(served, 3601)

    assert counts(voted) == counts(before) == [None, None, None]
    after = await alice.get(f"/api/v1/polls/{poll_id}")
    assert (counts(after), after["expired"]) == ([0, 1, 0], True)
    assert (await vote(bob, poll_id, 1))[0] == 422


async def test_who_asked_and_who_voted_are_told_of_the_end_once(alice: Person, bob: Person, served: Served) -> None:
    made = await ask(alice)
    await vote(bob, made["poll"]["id"], 0)
    await later(served, 3500)
    assert await bob.get("/api/v1/notifications") == []

    await later(served, 101)
    await later(served, 3600)

    for who in (alice, bob):
        [told] = await who.get("/api/v1/notifications")
        assert (told["type"], told["status"]["id"], told["account"]["id"]) == ("poll", made["id"], alice.id)
        assert told["status"]["poll"]["expired"] is True
        [group] = (await who.get("/api/v2/notifications"))["notification_groups"]
        assert (group["type"], group["status_id"]) == ("poll", made["id"])
    assert await bob.get("/api/v1/notifications", **{"exclude_types[]": "poll"}) == []


async def test_the_end_is_told_when_it_comes_though_it_was_put_off(alice: Person, bob: Person, served: Served) -> None:
    made, other = await ask(alice), await ask(alice)
    await vote(bob, made["poll"]["id"], 0)
    await alice.edit(made["id"], poll={**ASKED, "expires_in": 7200})

    await later(served, 3700)
    [early] = await alice.get("/api/v1/notifications")
    await later(served, 3600)
    [told] = await bob.get("/api/v1/notifications")

    assert (early["status"]["id"], told["status"]["id"]) == (other["id"], made["id"])


async def test_who_muted_whoever_asked_is_not_told(alice: Person, bob: Person, served: Served) -> None:
    made = await ask(alice)
    await vote(bob, made["poll"]["id"], 0)
    await bob.post(f"/api/v1/accounts/{alice.id}/mute")
    await later(served, 3700)

    await bob.post(f"/api/v1/accounts/{alice.id}/unmute")

    assert await bob.get("/api/v1/notifications") == []


async def test_other_options_take_the_votes_away_and_another_end_does_not(
    alice: Person, bob: Person, served: Served
) -> None:
    made = await ask(alice)
    poll_id = made["poll"]["id"]
    await vote(bob, poll_id, 0)

    words = await alice.edit(made["id"], status="What helps most?")
    longer = await alice.edit(made["id"], poll={**ASKED, "expires_in": 7200})
    await later(served, 3700)
    still = await bob.get(f"/api/v1/polls/{poll_id}")
    other = await alice.edit(made["id"], poll={**ASKED, "options": ["Light", "Mirror"]})
    voted = await vote(bob, poll_id, 1)
    none = await alice.edit(made["id"], poll=None)

    assert counts(words["poll"]) == counts(longer["poll"]) == [1, 0, 0]
    assert (still["expired"], still["own_votes"]) == (False, [0])
    assert (counts(other["poll"]), [one["title"] for one in other["poll"]["options"]]) == ([0, 0], ["Light", "Mirror"])
    assert (voted[0], none["poll"]) == (200, None)
    assert await bob.get("/api/v1/notifications") == []


async def test_the_newest_version_says_what_was_asked(alice: Person) -> None:
    made = await ask(alice)

    [only] = await alice.get(f"/api/v1/statuses/{made['id']}/history")

    assert [one["title"] for one in only["poll"]["options"]] == ASKED["options"]
    assert differences("StatusEdit", only) == []


async def test_a_post_has_pictures_or_a_poll(alice: Person) -> None:
    from tests import pictures

    files = {"file": ("a.png", pictures.png(), "image/png")}
    upload = (await alice.web.post("/api/v2/media", files=files)).json()
    made = await ask(alice)

    both = await alice.status_of(
        "POST", "/api/v1/statuses", json={"status": "x", "poll": ASKED, "media_ids": [upload["id"]]}
    )
    added = await alice.status_of("PUT", f"/api/v1/statuses/{made['id']}", json={"media_ids": [upload["id"]]})

    assert (both, added) == (422, 422)


async def test_a_boost_shows_the_poll_to_vote_in(alice: Person, bob: Person) -> None:
    made = await ask(alice)

    boost = await bob.post(f"/api/v1/statuses/{made['id']}/reblog")
    status, _ = await vote(bob, boost["id"], 0)

    assert boost["reblog"]["poll"]["id"] == made["id"]
    assert status == 200


async def test_votes_go_with_the_account_and_with_the_post(alice: Person, bob: Person, served: Served) -> None:
    from federation.keeping import erase_actor

    made, gone = await ask(alice), await ask(alice)
    for one in (made, gone):
        await vote(bob, one["poll"]["id"], 1)
    await alice.delete(f"/api/v1/statuses/{gone['id']}")
    assert bob.actor is not None

    async with served.database.writing() as db:
        await erase_actor(db, bob.actor.id, now=served.node.clock())

    assert counts(await alice.get(f"/api/v1/polls/{made['poll']['id']}")) == [0, 0, 0]
    async with served.database.reading() as db:
        assert await db.rows("SELECT * FROM poll_votes") == await db.rows("SELECT * FROM poll_voters") == []
        assert [row["post_id"] for row in await db.rows("SELECT post_id FROM polls")] == [int(made["id"])]


async def test_words_of_options_are_found_and_filtered(alice: Person, bob: Person) -> None:
    made = await ask(alice)
    await bob.post(
        "/api/v2/filters", title="x", context=["public"], keywords_attributes=[{"keyword": "mirror"}]
    )  # fmt: skip

    found = await bob.get("/api/v2/search", q="mirror")

    assert [one["id"] for one in found["statuses"]] == [made["id"]]
    assert len(found["statuses"][0]["filtered"]) == 1


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_the_node_says_what_a_poll_may_be(nobody: Person, version: str) -> None:
    limits = (await nobody.get(f"/api/{version}/instance"))["configuration"]["polls"]

    assert limits == {
        "max_options": 8, "max_characters_per_option": 100, "min_expiration": 300, "max_expiration": 2_629_746,
    }  # fmt: skip
