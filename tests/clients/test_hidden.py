"""A post that somebody is recognisable in is hidden: no answer of any route has a word of it, until it is shown."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from node.app import ROUTES
from storage.members import Role
from tests import pictures
from tests.clients.guards import CASES, HELD, NUMBER, notes_of, refused, tables_with, the_case
from tests.clients.person import Person, person
from tests.federation.remote import AS2, Remote, RemoteActor, deliver, remote
from tests.pages.conftest import browsing
from tests.serving import ON_BOTH, Fediverse, Served

RECOGNISABLE = "/api/v1/sharewell/recognisable"
SECRET = re.compile("zanzibar", re.IGNORECASE)
STATUSES = "/api/v1/statuses"
AT_ONCE = 20


@pytest.fixture
async def gus(served: Served) -> AsyncGenerator[Person]:
    """Another guardian."""
    async with person(served, "gus", role=Role.MODERATOR) as made:
        yield made


@pytest.fixture
def far(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "far.test")


@pytest.fixture
def fay(far: Remote) -> RemoteActor:
    return far.actor("fay", key=1)


async def a_post_in_every_list(alice: Person, bob: Person) -> dict[str, str]:
    """Alice's post, and what others did with it; what it is called in paths."""
    await bob.post(f"/api/v1/accounts/{alice.id}/follow", notify=True)
    await bob.post("/api/v1/tags/zanzibar/follow")
    picture = await alice.web.post(
        "/api/v2/media", files={"file": ("a.png", pictures.png(), "image/png")}, data={"description": "Zanzibar bed"}
    )
    post = await alice.say(
        "@bob of Zanzibar ward #zanzibar", spoiler_text="Zanzibar care", media_ids=[picture.json()["id"]]
    )
    await alice.edit(
        post["id"], status="@bob of Zanzibar ward now #zanzibar", spoiler_text="Zanzibar care",
        media_ids=[picture.json()["id"]],
    )  # fmt: skip
    asked = await alice.say("Zanzibar?", poll={"options": ["Zanzibar one", "two"], "expires_in": 600})
    note = await alice.say(
        "",
        sharewell={
            "kind": "safety-note", "title": "Zanzibar heels",
            "fields": {
                "topics": ["pressure-ulcers"], "settings": ["acute-ward"], "situation": "Zanzibar heels looked fine.",
                "recommendation": "Zanzibar mirror.", "harm": "low", "composite": True,
            },
        },
    )  # fmt: skip
    private = await alice.say("@bob Zanzibar followers", visibility="private")
    direct = await alice.say("@bob Zanzibar direct", visibility="direct")
    for one in (post, note, asked):
        for act in ("favourite", "bookmark", "reblog"):
            await bob.post(f"{STATUSES}/{one['id']}/{act}")
    await alice.post(f"{STATUSES}/{post['id']}/pin")
    reply = await bob.say("@alice thanks", in_reply_to_id=post["id"])
    quoting = await bob.say("Read this", quoted_status_id=post["id"])
    listed = await bob.post("/api/v1/lists", title="Wards")
    await bob.post(f"/api/v1/lists/{listed['id']}/accounts", account_ids=[alice.id])
    told = (await bob.get("/api/v1/notifications"))[0]["id"]
    group = (await bob.get("/api/v2/notifications"))["notification_groups"][0]["group_key"]
    return {
        "post": post["id"], "asked": asked["id"], "note": note["id"], "private": private["id"], "direct": direct["id"],
        "reply": reply["id"], "quoting": quoting["id"], "list": listed["id"], "alice": alice.id, "bob": bob.id,
        "notification": told, "group": group,
    }  # fmt: skip


MINE = ("post", "asked", "note", "private", "direct")  # those of them that are alice's


def paths(words: dict[str, str]) -> Iterator[str]:
    """Every path of the node that is read, with everything that may stand in its places."""
    fill = {
        "id": list(words.values()), "acct": ["alice", "bob"], "name": ["alice", "bob", "zanzibar"],
        "kind": ["safety-note"], "tab": ["replies", "thanks"], "tag": ["zanzibar"], "list_id": [words["list"]],
        "group_key": [words["group"]],
    }  # fmt: skip
    for route in ROUTES:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and "stream" not in route.path:
            places = re.findall(r"\{(\w+)(?::\w+)?\}", route.path)
            for values in itertools.product(*(fill.get(place, [words["post"]]) for place in places)):
                path = route.path
                for place, value in zip(places, values, strict=True):
                    path = re.sub(rf"\{{{place}(?::\w+)?\}}", value, path, count=1)
                yield path


MORE = (
    "/api/v2/search?q=zanzibar&resolve=true", "/api/v2/search?q=of+Zanzibar+ward&type=statuses", "/search?q=zanzibar",
    "/api/v1/statuses?id[]={post}&id[]={asked}&id[]={note}&id[]={private}&id[]={direct}",
    "/api/v1/accounts/{alice}/statuses?pinned=true", "/api/v1/accounts/{alice}/statuses?only_media=true",
    "/api/v1/accounts/{alice}/statuses?tagged=zanzibar", "/api/v1/timelines/public?local=true",
    "/api/v1/timelines/tag/zanzibar", "/api/oembed?url=https://here.example/@alice/{post}",
    "/api/v2/search?q=https://here.example/@alice/{post}", "/users/alice/outbox?page=0", "/report?account={alice}",
    "/report?account={alice}&post={post}", "/write?quote={post}", "/@alice/{post}?replies=0",
    "/authorize_interaction?uri=https://here.example/@alice/{post}", "/api/v1/trends/statuses",
)  # fmt: skip


async def told_of(client: httpx2.AsyncClient, words: dict[str, str], headers: dict[str, str]) -> dict[str, str]:
    """The answers that have the secret in them, by path: what stands around it. The words of a search are the reader's
    own, and so is the name of a hashtag that they ask for."""
    found: dict[str, str] = {}
    for path in [*paths(words), *(one.format(**words) for one in MORE)]:
        if bool(headers) is path.startswith("/api/"):
            continue  # apps ask the API, others for pages and documents by what they accept
        answer = await client.get(path, headers=headers)
        assert answer.status_code < 500, f"{path} {answer.text}"
        whole = re.sub(r'(?:value="|q=|tags/|#|"name":")#?(?:of )?zanzibar(?: ward)?"?', "", answer.text, flags=re.I)
        whole = re.sub(
            r'“zanzibar”|<title>[^<]*</title>|<h1[^>]*>#?zanzibar</h1>|"[^"]*/tags/[^"]*"', "", whole, flags=re.I
        )
        hit = SECRET.search(whole)
        if hit:
            found[path] = whole[max(0, hit.start() - 80) : hit.end() + 40]
    return found


async def readers(served: Served, bob: Person, fay: RemoteActor, stack: AsyncExitStack) -> dict[str, Any]:
    """Who reads: a follower's app and browser, nobody, another server."""
    nobody = await stack.enter_async_context(served.client())
    assert bob.actor is not None
    browser = await stack.enter_async_context(browsing(served, bob.actor))
    return {
        "app": (bob.web, {}), "browser": (browser, {"accept": "text/html"}),
        "nobody": (nobody, {}), "reader": (nobody, {"accept": "text/html"}), "server": (nobody, {"accept": AS2}),
    }  # fmt: skip


async def test_no_answer_of_any_route_has_a_word_of_what_is_hidden(
    served: Served, alice: Person, bob: Person, gwen: Person, fay: RemoteActor
) -> None:
    words = await a_post_in_every_list(alice, bob)
    await served.fediverse.quiet()
    async with AsyncExitStack() as stack:
        before, after, again = dict[str, int](), dict[str, dict[str, str]](), dict[str, int]()
        reading = await readers(served, bob, fay, stack)
        for name, (client, headers) in reading.items():
            before[name] = len(await told_of(client, words, headers))
        for one in MINE:
            assert await bob.post(RECOGNISABLE, status_id=words[one]) == {"hidden": True}
        await served.fediverse.quiet()
        for name, (client, headers) in reading.items():
            after[name] = await told_of(client, words, headers)
        for case in await gwen.get(CASES):
            await gwen.post(f"{CASES}/{case['id']}/show")
        for name, (client, headers) in reading.items():
            again[name] = len(await told_of(client, words, headers))

    assert after == {name: {} for name in after}
    assert all(seen > 8 for seen in before.values()), before  # the test sees what is there
    assert again == before


@ON_BOTH
async def test_its_author_sees_it_with_the_line_that_it_waits_and_others_that_it_is_hidden(
    served: Served, alice: Person, bob: Person, nobody: Person, gwen: Person
) -> None:
    post = await alice.say("Something about Zanzibar ward")
    await bob.get(f"{STATUSES}/{post['id']}")
    path = f"/@alice/{post['id']}"

    await nobody.post(RECOGNISABLE, status_id=post["id"], comment="It is the bed.")
    await served.fediverse.quiet()

    seen = await alice.get(f"{STATUSES}/{post['id']}")
    assert "Hidden for a privacy check" in seen["content"]
    assert seen["visibility"] == "public"  # as it is when it is shown again
    assert [one["id"] for one in await alice.get("/api/v1/timelines/public")] == []
    shown = await nobody.web.get(path, headers={"accept": "text/html"})
    assert (shown.status_code, "Somebody may be recognisable in this post, so it is not shown here." in shown.text) == (
        404, True,
    )  # fmt: skip
    assert await nobody.status_of("GET", path, headers={"accept": AS2}) == 404
    assert "It is hidden until a guardian has read it" in (await notes_of(alice))[0]
    assert ["Zanzibar" in one or "bed" in one for one in await notes_of(gwen)] == [False]
    [case] = await gwen.get(CASES)
    assert (case["reports"], case["comments"], case["hidden"], case["elsewhere"]) == (
        1,
        ["It is the bed."],
        True,
        False,
    )

    await gwen.post(f"{await the_case(gwen)}/show")
    assert (await bob.get(f"{STATUSES}/{post['id']}"))["content"] == "<p>Something about Zanzibar ward</p>"
    assert (await alice.get(f"{STATUSES}/{post['id']}"))["visibility"] == "public"
    assert await nobody.status_of("GET", path, headers={"accept": AS2}) == 200
    assert await tables_with(served, "It is the bed.") == []


@ON_BOTH
async def test_while_it_is_hidden_its_author_can_only_delete_it(
    served: Served, alice: Person, bob: Person, far: Remote, fay: RemoteActor
) -> None:
    await deliver(served, fay, fay.activity("Follow", "https://here.example/users/alice"))
    await served.fediverse.quiet()
    post = await alice.say("@bob Zanzibar ward", visibility="direct")
    open_one = await alice.say("Zanzibar ward again")
    await served.fediverse.quiet()
    for one in (post, open_one):
        await bob.post(RECOGNISABLE, status_id=one["id"])
    path = f"{STATUSES}/{open_one['id']}"

    assert await alice.status_of("PUT", path, json={"status": "Another ward"}) == 403
    assert await alice.status_of("POST", f"{path}/reblog") == 403
    assert await alice.status_of("POST", f"{path}/pin") == 422
    assert await alice.status_of("POST", STATUSES, json={"status": "x", "in_reply_to_id": open_one["id"]}) == 422
    assert await alice.status_of("POST", STATUSES, json={"status": "x", "quoted_status_id": open_one["id"]}) == 422
    far.got.clear()
    await alice.delete(path)
    await alice.delete(f"{STATUSES}/{post['id']}")
    await served.fediverse.quiet()

    assert [(one["type"], one["object"]["id"]) for one in far.got] == [("Delete", open_one["uri"])]
    assert await tables_with(served, "Zanzibar") == []


@ON_BOTH
async def test_what_has_not_left_yet_is_stopped_and_leaves_when_it_is_shown_again(
    served: Served, alice: Person, bob: Person, gwen: Person, far: Remote, fay: RemoteActor
) -> None:
    await deliver(served, fay, fay.activity("Follow", "https://here.example/users/alice"))
    await served.fediverse.quiet()
    served.fediverse.down.add("far.test")
    post = await alice.say("Zanzibar ward")
    await bob.post(RECOGNISABLE, status_id=post["id"])
    served.fediverse.down.discard("far.test")
    far.got.clear()
    served.fediverse.clock.advance(seconds=3 * 60 * 60)
    await served.fediverse.quiet()
    stopped = list(far.got)

    await gwen.post(f"{await the_case(gwen)}/show")
    served.fediverse.clock.advance(seconds=60 * 60)
    await served.fediverse.quiet()

    assert stopped == []
    assert [(one["type"], one["object"]["id"]) for one in far.got] == [("Create", post["uri"])]


@ON_BOTH
async def test_a_decision_of_guardians_stands_against_strangers_but_not_a_new_version(
    served: Served, alice: Person, bob: Person, nobody: Person, gwen: Person
) -> None:
    post = await alice.say("Something about Zanzibar ward")
    await nobody.post(RECOGNISABLE, status_id=post["id"])
    await gwen.post(f"{await the_case(gwen)}/show")

    assert await nobody.post(RECOGNISABLE, status_id=post["id"]) == {"hidden": False}
    [case] = await gwen.get(CASES)
    assert (case["hidden"], case["reports"]) == (False, 1)
    assert (await bob.get(f"{STATUSES}/{post['id']}"))["id"] == post["id"]
    await alice.edit(post["id"], status="Other words on Zanzibar ward")
    assert await nobody.post(RECOGNISABLE, status_id=post["id"]) == {"hidden": True}
    answer = await refused(gwen, "POST", f"{await the_case(gwen)}/show", version="7")
    assert "changed it since you opened this page" in answer["error"]

    await gwen.post(f"{await the_case(gwen)}/keep")
    assert await bob.status_of("GET", f"{STATUSES}/{post['id']}") == 404
    assert "keeps it so: somebody may be recognisable" in (await notes_of(alice))[0]
    assert await nobody.post(RECOGNISABLE, status_id=post["id"]) == {"hidden": True}
    assert await gwen.get(CASES) == []  # it is decided


@ON_BOTH
async def test_who_reports_without_end_is_stopped(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", limits={"rate": True})
    async with person(served, "alice") as alice, person(served, "bob") as bob, served.client() as web:
        made = [await alice.say(f"Ward {n}") for n in range(31)]
        said = [await web.post(RECOGNISABLE, json={"status_id": one["id"]}) for one in made[:21]]
        own = [await bob.status_of("POST", RECOGNISABLE, json={"status_id": one["id"]}) for one in made]

    assert [one.status_code for one in said] == [200] * 20 + [429]
    assert own == [200] * 30 + [429]


@ON_BOTH
async def test_a_comment_with_a_number_is_refused_and_kept_nowhere(
    served: Served, alice: Person, nobody: Person, bob: Person, caplog: pytest.LogCaptureFixture
) -> None:
    post = await alice.say("Something about Zanzibar ward")
    caplog.set_level(logging.DEBUG)

    answer = await refused(nobody, "POST", RECOGNISABLE, status_id=post["id"], comment=f"It is NHS number {NUMBER}")

    assert "This looks like an NHS number." in answer["error"]
    assert await tables_with(served, NUMBER) == []
    assert NUMBER not in caplog.text
    assert (await bob.get(f"{STATUSES}/{post['id']}"))["id"] == post["id"]
    assert await alice.status_of("POST", RECOGNISABLE, json={"status_id": post["id"]}) == 403  # one's own
    assert await nobody.status_of("POST", RECOGNISABLE, json={"status_id": "77"}) == 404
    private = await alice.say("Between us", visibility="private")
    assert await nobody.status_of("POST", RECOGNISABLE, json={"status_id": private["id"]}) == 404


@ON_BOTH
async def test_twenty_at_once_hide_it_once_and_twenty_guardians_show_it_once(
    served: Served, alice: Person, bob: Person, nobody: Person, gwen: Person, gus: Person
) -> None:
    post = await alice.say("Something about Zanzibar ward")
    followers = (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"]

    said = await asyncio.gather(
        *(nobody.web.post(RECOGNISABLE, json={"status_id": post["id"]}) for _ in range(AT_ONCE))
    )
    hidden_count = (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"]
    [case] = await gwen.get(CASES)
    path = await the_case(gwen)
    shown = await asyncio.gather(
        *(
            one.web.post(f"{path}/{deed}")
            for one in (gwen, gus)
            for deed in ("show", "keep")
            for _ in range(AT_ONCE // 4)
        )
    )

    assert {one.status_code for one in said} == {200}
    assert case["reports"] == AT_ONCE
    assert sorted(one.status_code for one in shown) == [200] + [403] * (AT_ONCE - 1)
    assert (followers, hidden_count) == (1, 0)


@ON_BOTH
async def test_nobody_asks_for_what_is_hidden(alice: Person) -> None:
    for wanted in ("hidden", "Hidden"):
        assert await alice.status_of("POST", STATUSES, json={"status": "x", "visibility": wanted}) == 422
    post = await alice.say("x")
    answer = await alice.web.post(f"{STATUSES}/{post['id']}/reblog", json={"visibility": "hidden"})
    assert answer.status_code == 422
    answer = await alice.web.patch("/api/v1/accounts/update_credentials", json={"source": {"privacy": "hidden"}})
    assert answer.status_code == 422


@ON_BOTH
async def test_a_members_report_that_somebody_is_recognisable_hides_the_posts_it_names(
    served: Served, alice: Person, bob: Person, gwen: Person
) -> None:
    post, other = await alice.say("Something about Zanzibar ward"), await alice.say("Of no ward")

    said = {"account_id": alice.id, "status_ids": [post["id"]], "category": "recognisable", "comment": "Bed"}
    report = await bob.post("/api/v1/reports", **said)

    assert (report["category"], report["status_ids"]) == ("recognisable", [post["id"]])
    assert await bob.status_of("GET", f"{STATUSES}/{post['id']}") == 404
    assert (await bob.get(f"{STATUSES}/{other['id']}"))["id"] == other["id"]
    assert [one["uri"] for one in await gwen.get(CASES)] == [post["uri"]]


@ON_BOTH
async def test_what_others_send_waits_behind_what_members_wrote_and_people_reported(
    served: Served, fay: RemoteActor, bob: Person, nobody: Person, gwen: Person
) -> None:
    await deliver(served, fay, fay.create(fay.note("n1", HELD)))
    await bob.say(HELD)
    seen = await bob.say("Something about Zanzibar ward")
    await nobody.post(RECOGNISABLE, status_id=seen["id"])

    found = [(one["account"]["acct"], one["reports"]) for one in await gwen.get(CASES)]

    assert found == [("bob", 1), ("bob", 0), ("fay@far.test", 0)]
