"""What comes from other servers passes the privacy check before anybody here sees it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from federation.documents.posts import REVIEWED
from federation.fetching import actors as fetch_actors
from federation.fetching import posts as fetching
from federation.happenings import Withheld
from federation.inbox import receive as receiving
from federation.inbox.dispatch import dispatch
from federation.site import Findings, Named
from node.review import showing
from storage import peers, posts
from storage.jobs import Job
from storage.members import Role
from storage.peers import Policy
from tests.clients.guards import BLOCKED, CASES, HELD, NUMBER, URGENT, WARNED, notes_of, tables_with, the_case
from tests.clients.person import Json, Person, person
from tests.federation.remote import Remote, RemoteActor, deliver
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH

FINE = "Look under the heel: lift the leg, use a mirror."
HOME = "/api/v1/timelines/home"
PUBLIC = "/api/v1/timelines/public"


@pytest.fixture
async def bob(node: Served) -> AsyncGenerator[Person]:
    """A member who follows gina."""
    async with person(node, "bob") as made:
        yield made


@pytest.fixture
async def gwen(node: Served) -> AsyncGenerator[Person]:
    """A guardian."""
    async with person(node, "gwen", role=Role.GUARDIAN) as made:
        yield made


async def follow(bob: Person, node: Served, gina: RemoteActor) -> str:
    """Bob follows gina, whose server agrees; her account's id here."""
    [found] = (await bob.get("/api/v2/search", q="@gina@good.test", resolve=True))["accounts"]
    await bob.post(f"/api/v1/accounts/{found['id']}/follow", notify=True)
    await node.fediverse.quiet()
    asked = {"type": "Follow", "actor": bob.actor.uri if bob.actor else "", "object": gina.uri}
    await deliver(node, gina, gina.activity("Accept", asked))
    return str(found["id"])


async def send(node: Served, by: RemoteActor, note: dict[str, Any], type: str = "Create", name: str = "") -> None:
    said = by.activity(type, note, name=name or f"{type}/{note['id']}")
    assert (await deliver(node, by, said)).status_code == 202
    await node.fediverse.quiet()


def flags(good: Remote) -> list[Json]:
    return [one for one in good.got if one["type"] == "Flag"]


async def test_what_comes_with_a_number_is_hidden_and_its_server_told_at_once_without_a_word_of_it(
    node: Served, good: Remote, gina: RemoteActor, bob: Person, gwen: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await follow(bob, node, gina)
    caplog.set_level(logging.INFO)

    await send(node, gina, gina.note("n1", f"{BLOCKED} @bob", tag=[{"type": "Mention", "href": bob.actor.uri}]))  # type: ignore[union-attr]

    for path in (HOME, PUBLIC, "/api/v1/notifications", "/api/v1/timelines/tag/ward"):
        assert await bob.get(path) == []
    assert (await bob.get("/api/v2/search", q="Falls on our ward"))["statuses"] == []
    [case] = await gwen.get(CASES)
    assert (case["elsewhere"], case["hidden"], case["visibility"]) == (True, True, "public")
    assert case["uri"] == "https://good.test/notes/n1"
    assert NUMBER in case["texts"][0]["text"]
    assert (case["guard"][0]["kind"], case["why"][:36]) == ("nhs_number", "This looks like an NHS number (chara")
    [flag] = flags(good)
    assert flag["actor"] == "https://north.example/actor"
    assert flag["object"] == [gina.uri, "https://good.test/notes/n1"]
    assert flag["content"] == (
        "The privacy check of north.example found what looks like an NHS number, and does not show it. Please look at"
        " it."
    )
    assert NUMBER not in orjson.dumps(flag).decode() + caplog.text
    assert await tables_with(node, NUMBER) in (["posts"], ["posts", "posts_search_content"], ["posts", "posts_search"])
    assert "1 post waits for a guardian" in (await notes_of(gwen))[0]


@pytest.mark.parametrize(
    ("policy", "text", "read", "shown"),
    [
        (Policy.ALLIED, HELD, "2026-10-26T07:33:20Z", True),
        (Policy.OPEN, HELD, "2026-10-26T07:33:20Z", False),
        (Policy.ALLIED, HELD, "yes", False),
        (Policy.ALLIED, BLOCKED, "2026-10-26T07:33:20Z", False),
    ],
    ids=["allied", "any server", "not read there", "a number"],
)
async def test_what_a_guardian_of_an_allied_server_released_is_not_read_again(
    node: Served, gina: RemoteActor, bob: Person, policy: Policy, text: str, read: str, shown: bool
) -> None:
    async with node.database.writing() as db:
        await peers.decide(db, "good.test", policy, reason="", now=1)
    await follow(bob, node, gina)

    await send(node, gina, {**gina.note("n1", text), REVIEWED: read})

    assert [one["uri"] for one in await bob.get(HOME)] == ["https://good.test/notes/n1"] * shown


async def test_shown_it_is_where_it_would_have_been_and_kept_its_server_is_told(
    node: Served, good: Remote, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await follow(bob, node, gina)
    assert bob.actor is not None
    mention = [{"type": "Mention", "href": bob.actor.uri}]
    await send(node, gina, gina.note("n1", HELD, tag=mention, published="2026-10-26T07:33:20Z"))
    await send(node, gina, gina.note("n2", f"{HELD} again"))
    assert (await bob.get(HOME), flags(good)) == ([], [])
    first, second = await gwen.get(CASES)
    node.fediverse.clock.advance(seconds=20 * 60 * 60)

    await gwen.post(f"{CASES}/{first['id']}/show")
    await gwen.post(f"{CASES}/{second['id']}/keep")
    await node.fediverse.quiet()

    assert [one["uri"] for one in await bob.get(HOME)] == [first["uri"]]
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention", "status"]
    assert [one["uri"] for one in await bob.get(PUBLIC)] == [first["uri"]]
    [flag] = flags(good)
    assert (flag["object"], "84" in flag["content"]) == ([gina.uri, second["uri"]], False)
    assert "details that together say who it was: age, day, place" in flag["content"]
    assert await gwen.get(CASES) == []


@pytest.mark.parametrize(
    "more",
    [
        {"summary": BLOCKED},
        {"type": "Article", "name": BLOCKED},
        {
            "attachment": [
                {"type": "Image", "mediaType": "image/png", "url": "https://good.test/a.png", "name": BLOCKED}
            ]
        },
        {"type": "Question", "oneOf": [{"type": "Note", "name": BLOCKED}, {"type": "Note", "name": "No"}]},
        {"tag": [{"type": "Hashtag", "name": "#NHSnumber9434765919"}]},
        {"kind": "sw:SafetyNote", "title": "Falls", "situation": BLOCKED, "recommendation": "Look."},
        {"content": f"<p>{HELD}</p>"},
        {"content": f"<p>{URGENT}</p>"},
    ],
    ids=["warning", "title", "alt", "poll", "tag", "field", "held", "urgent"],
)
async def test_every_text_of_a_post_is_read(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person, more: dict[str, Any]
) -> None:
    note = {**gina.note("n1", FINE), **more}
    if "kind" in more:
        note["@context"] = ["https://www.w3.org/ns/activitystreams", {"sw": "https://w3id.org/sharewell/ns#"}]

    await send(node, gina, note)

    assert await bob.get(PUBLIC) == []
    [case] = await gwen.get(CASES)
    assert (case["elsewhere"], case["urgent"]) == (True, more.get("content") == f"<p>{URGENT}</p>")


async def test_what_its_author_would_be_asked_about_here_and_what_is_fine_come_through(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await send(node, gina, gina.note("n1", FINE))
    await send(node, gina, gina.note("n2", WARNED))

    assert {one["uri"][-2:] for one in await bob.get(PUBLIC)} == {"n1", "n2"}
    assert await gwen.get(CASES) == []


async def test_an_edit_that_says_too_much_hides_the_post_and_one_that_takes_it_out_is_read_by_a_guardian(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await follow(bob, node, gina)
    await send(node, gina, gina.note("n1", FINE))
    [seen] = await bob.get(HOME)

    await send(node, gina, gina.note("n1", BLOCKED, updated="2026-10-26T06:10:00Z"), "Update", "u1")
    assert await bob.get(HOME) == []
    assert await bob.status_of("GET", f"/api/v1/statuses/{seen['id']}/history") == 404
    await send(node, gina, gina.note("n1", f"{FINE} Better.", updated="2026-10-26T06:20:00Z"), "Update", "u2")
    [case] = await gwen.get(CASES)
    assert (case["guard"], case["texts"][0]["text"]) == ([], f"{FINE} Better.")

    await gwen.post(f"{await the_case(gwen)}/show")
    [shown] = await bob.get(HOME)
    history = await bob.get(f"/api/v1/statuses/{seen['id']}/history")
    assert (shown["id"], [NUMBER in one["content"] for one in history]) == (seen["id"], [False])
    assert await tables_with(node, NUMBER) == []


async def test_what_a_guardian_showed_stays_when_other_words_of_it_change(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await send(node, gina, gina.note("n1", HELD))
    await gwen.post(f"{await the_case(gwen)}/show")

    await send(node, gina, gina.note("n1", f"{HELD}. We know why.", updated="2026-10-26T06:10:00Z"), "Update", "u1")

    [shown] = await bob.get(PUBLIC)
    assert "We know why" in shown["content"]
    assert await gwen.get(CASES) == []


async def test_what_is_looked_up_or_passed_on_is_read_first(
    node: Served, good: Remote, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await follow(bob, node, gina)
    good.serve(gina.note("n1", BLOCKED))
    good.serve(gina.note("n2", BLOCKED))
    good.serve(gina.note("n3", BLOCKED))

    found = await bob.get("/api/v2/search", q="https://good.test/notes/n1", resolve=True)
    await deliver(node, gina, gina.activity("Announce", "https://good.test/notes/n2"))
    await send(node, gina, gina.note("n4", FINE, inReplyTo="https://good.test/notes/n3"))

    assert (found["statuses"], [one["uri"][-2:] for one in await bob.get(HOME)]) == ([], ["n4"])
    cases = await gwen.get(CASES)
    assert sorted(one["uri"][-2:] for one in cases) == ["n1", "n2", "n3"]
    [reply] = await bob.get(HOME)
    assert (await bob.get(f"/api/v1/statuses/{reply['id']}/context"))["ancestors"] == []
    assert (await deliver(node, gina, gina.activity("Announce", cases[0]["uri"], name="2"))).status_code == 400


async def test_a_private_message_is_hidden_too_and_not_named_to_moderators_elsewhere(
    node: Served, good: Remote, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    assert bob.actor is not None
    note = gina.note("n1", BLOCKED, tag=[{"type": "Mention", "href": bob.actor.uri}])
    note |= {"to": [bob.actor.uri], "cc": []}

    await send(node, gina, note)

    assert await bob.get("/api/v1/conversations") == []
    [case] = await gwen.get(CASES)
    assert case["visibility"] == "direct"
    assert [one["object"] for one in flags(good)] in ([gina.uri], [[gina.uri]])
    await gwen.post(f"{await the_case(gwen)}/show")
    [talk] = await bob.get("/api/v1/conversations")
    assert NUMBER in talk["last_status"]["content"]


async def test_what_the_check_cannot_read_is_hidden(
    node: Served, good: Remote, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    good.serve(gina.note("n1", FINE))
    unsure = replace(node.site, judge=lambda texts, before: Findings("[]"))

    await fetching.by_uri(node.database, unsure, "https://good.test/notes/n1")

    assert await bob.get(PUBLIC) == []
    [case] = await gwen.get(CASES)
    assert (case["guard"], case["why"]) == ([], "The privacy check is not sure about this, so a guardian reads it.")


async def test_while_a_long_text_is_read_others_can_write(node: Served, good: Remote, gina: RemoteActor) -> None:
    good.serve(gina.note("n1", f"{FINE} " * 200))
    begun, written = threading.Event(), threading.Event()

    def slow(texts: Sequence[Named], before: Sequence[Named]) -> Findings | None:
        begun.set()
        assert written.wait(10)
        return None

    came = asyncio.create_task(
        fetching.by_uri(node.database, replace(node.site, judge=slow), "https://good.test/notes/n1")
    )
    assert await asyncio.to_thread(begun.wait, 10)
    async with node.database.writing() as db:
        await peers.see(db, "other.test", now=1)
    written.set()

    post, _ = await came
    assert post.public


async def test_what_was_judged_before_the_transaction_is_what_is_kept(
    node: Served, good: Remote, gina: RemoteActor
) -> None:
    def never(texts: Sequence[Named], before: Sequence[Named]) -> Findings | None:
        raise AssertionError("judged again")

    actor = await fetch_actors.by_uri(node.database, node.site, gina.uri)
    create = receiving.activity_of(gina.create(gina.note("n1", HELD)), actor, node.site.clock())

    activity = await receiving.judged(node.site, create)
    async with node.database.writing() as db:
        [happened] = await dispatch(db, replace(node.site, judge=never), activity)

    assert isinstance(happened, Withheld)
    async with node.database.reading() as view:
        kept = await posts.by_uri(view, happened.post.uri)
    assert kept.visibility is posts.Visibility.HIDDEN


async def test_a_profile_is_kept_without_the_text_that_has_a_patients_number(
    node: Served, good: Remote, bob: Person, gwen: Person
) -> None:
    rows = [{"type": "PropertyValue", "name": "Desk", "value": "Ring 0131 496 0000"}]
    ida = good.actor("ida", key=2, summary=f"<p>{BLOCKED}</p>", attachment=rows)

    [found] = (await bob.get("/api/v2/search", q="@ida@good.test", resolve=True))["accounts"]
    assert (found["display_name"], found["note"], len(found["fields"])) == ("Ida", "", 1)
    said = {**ida.document, "name": f"Ida {BLOCKED}", "summary": "<p>A nurse. Ring 0131 496 0000.</p>"}
    await send(node, ida, said, "Update", "u1")

    account = await bob.get(f"/api/v1/accounts/{found['id']}")
    assert (NUMBER in str(account), "A nurse. Ring" in account["note"]) == (False, True)
    assert await tables_with(node, NUMBER) == []


async def test_deleted_by_its_author_it_leaves_the_queue(node: Served, gina: RemoteActor, gwen: Person) -> None:
    await send(node, gina, gina.note("n1", BLOCKED))
    assert len(await gwen.get(CASES)) == 1

    await send(node, gina, {"id": "https://good.test/notes/n1", "type": "Tombstone"}, "Delete")

    assert await gwen.get(CASES) == []
    assert await tables_with(node, NUMBER) == []


async def test_a_report_from_another_server_hides_nothing(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    post = await bob.say(FINE)
    assert bob.actor is not None

    await deliver(node, gina, gina.activity("Flag", [bob.actor.uri, post["uri"]], content="A patient is recognisable"))

    assert [one["id"] for one in await bob.get(PUBLIC)] == [post["id"]]
    assert await gwen.get(CASES) == []


async def test_what_guardians_keep_hidden_is_erased_after_a_month_and_stays_refused(
    node: Served, gina: RemoteActor, bob: Person, gwen: Person
) -> None:
    await send(node, gina, gina.note("n1", BLOCKED))
    await send(node, gina, gina.note("n2", f"{BLOCKED} still open"))
    second, first = sorted(await gwen.get(CASES), key=lambda one: one["uri"], reverse=True)
    await gwen.post(f"{CASES}/{first['id']}/keep")
    node.fediverse.clock.advance(seconds=31 * 24 * 60 * 60)

    await showing.sweep(node.node, Job(1, None, "", 0, "", None, "", 0, 0, 0))
    await send(node, gina, gina.note("n1", FINE), name="again")

    assert [one["uri"] for one in await gwen.get(CASES)] == [second["uri"]]
    assert await bob.get(PUBLIC) == []
    async with node.database.reading() as db:
        assert await posts.buried(db, first["uri"]) is not None
