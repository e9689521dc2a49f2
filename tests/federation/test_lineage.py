"""Ideas go from node to node: what became of them is seen where they began, and only what is really said counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx2

from federation.documents import activities
from federation.outbox.promise import promise
from node.connecting import teams
from node.learning import looking
from node.sharing.drafts import Draft
from storage import hidden, lineage, posts
from storage.actors import Actor, ActorKind
from storage.kinds import Kind
from storage.lineage import Counts
from storage.paging import Page
from storage.posts import Post
from storage.teams import Place
from tests.federation.remote import AS2
from tests.federation.test_two_nodes import share
from tests.pages.conftest import browsing
from tests.pages.conftest import hidden as field_of
from tests.serving import ON_BOTH, Fediverse, Served

IDEA = Draft(
    "", kind=Kind.IDEA, title="A mirror on every trolley", fields={"proposal": "Tie a wide mirror to each trolley."}
)


async def tried(served: Served, by: Actor, uri: str, outcome: str, **fields: Any) -> httpx2.Response:
    """What an app says of an idea that its member tried."""
    client = await served.as_member(by)
    own = {
        "kind": "spread", "title": f"Mirror: {outcome}",
        "fields": {"derived_from": uri, "outcome": outcome, **fields},
    }  # fmt: skip
    return await client.post("/api/v1/statuses", json={"status": "", "sharewell": own})


async def counts(served: Served, uri: str) -> Counts:
    async with served.database.reading() as db:
        post = await posts.by_uri(db, uri)
        return (await lineage.counts(db, [post.id])).get(post.id, lineage.NONE)


async def document(served: Served, uri: str) -> dict[str, Any]:
    async with served.client() as http:
        found: dict[str, Any] = (await http.get(uri, headers={"accept": AS2})).json()
    return found


@ON_BOTH
async def test_what_became_of_an_idea_on_two_other_nodes_is_seen_where_it_began(fediverse: Fediverse) -> None:
    north, south, west = [await fediverse.node(f"{name}.example") for name in ("north", "south", "west")]
    rosa, sam, wim = await north.account("rosa"), await south.account("sam"), await west.account("wim")
    idea = await share(north, rosa, IDEA)

    adapted = await tried(south, sam, idea.uri, "adapted", what_changed="A pocket mirror.", result="Used daily.")
    abandoned = await tried(west, wim, idea.uri, "abandoned", reason="The mirrors walked.")
    await fediverse.quiet()

    assert (adapted.status_code, abandoned.status_code) == (200, 200), adapted.text
    assert await counts(north, idea.uri) == Counts(adapted=1, abandoned=1)
    told = await document(north, f"{idea.uri}/spread")
    assert (told["totalItems"], told["adapted"], told["abandoned"]) == (2, 1, 1)
    listed = await document(north, told["first"])
    assert set(listed["orderedItems"]) == {adapted.json()["uri"], abandoned.json()["uri"]}
    client = await north.as_member(rosa)
    mentioned = (await client.get("/api/v1/notifications", params={"types[]": "mention"})).json()
    assert {one["status"]["uri"] for one in mentioned} == {adapted.json()["uri"], abandoned.json()["uri"]}
    assert [(one["type"], one["sharewell"]) for one in mentioned] == [("mention", {"reason": "lineage"})] * 2
    child = await document(south, adapted.json()["uri"])
    assert "Builds on" in child["content"]
    assert idea.uri in child["content"]
    assert "inReplyTo" not in child
    assert child["derivedFrom"] == idea.uri


async def heard(served: Served, member: Actor) -> list[str]:
    """What is new of the ideas of a member or their team, in the words of the page; all is read then."""
    async with browsing(served, member) as browser:
        page = (await browser.get("/notifications/thanks")).text
        read = {name: field_of(page, name) for name in ("proof", "newest")}
        await browser.post("/notifications/read", data=read)
    return re.findall(r"New: </span><a [^>]*>[^<]*</a> (plans to try|adopted|adapted) what you shared:", page)


async def test_a_child_that_changes_its_mind_or_is_deleted_leaves_the_count(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    team, ben = await north.account("wards", kind=ActorKind.GROUP), await north.account("ben")
    async with north.database.writing() as db:
        await teams.add(db, north.node, team, "ben", Place.MEMBER, by=None)
    sam = await south.account("sam")
    idea = await share(north, team, IDEA)
    made = (await tried(south, sam, idea.uri, "interested")).json()
    await fediverse.quiet()
    assert await counts(north, idea.uri) == Counts(interested=1)
    first = await heard(north, ben)

    client = await south.as_member(sam)
    fields = {"derived_from": idea.uri, "outcome": "adopted", "result": "It works."}
    edited = await client.put(f"/api/v1/statuses/{made['id']}", json={"sharewell": {"fields": fields}})
    await fediverse.quiet()
    assert edited.status_code == 200, edited.text
    assert await counts(north, idea.uri) == await counts(south, idea.uri) == Counts(adopted=1)
    then = await heard(north, ben)
    more = {"status": "More.", "sharewell": {"fields": fields}}
    words = await client.put(f"/api/v1/statuses/{made['id']}", json=more)
    await fediverse.quiet()
    last = await heard(north, ben)
    assert words.status_code == 200, words.text
    assert (first, then, last) == (["plans to try"], ["adopted"], [])

    await client.delete(f"/api/v1/statuses/{made['id']}")
    await fediverse.quiet()
    assert await counts(north, idea.uri) == await counts(south, idea.uri) == lineage.NONE


async def test_what_is_wrong_with_a_spread_is_said(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, sam = await north.account("rosa"), await north.account("sam")
    idea = await share(north, rosa, IDEA)
    plain = await share(north, rosa, Draft("Just words."))
    hidden = await share(north, rosa, Draft("", kind=Kind.IDEA, title="Mine", fields={"proposal": "Wait."},
                                            visibility=posts.Visibility.PRIVATE))  # fmt: skip

    wrong: list[tuple[str, str, dict[str, str]]] = [
        (idea.uri, "abandoned", {}),
        (idea.uri, "adapted", {}),
        (idea.uri, "sold", {}),
        (plain.uri, "adopted", {}),
        (hidden.uri, "adopted", {}),
        (f"{idea.uri}0", "adopted", {}),
        ("https://nowhere.example/idea", "adopted", {}),
        ("no address", "adopted", {}),
    ]
    for uri, outcome, fields in wrong:
        assert (await tried(north, sam, uri, outcome, **fields)).status_code == 422, (uri, outcome)
    assert await counts(north, idea.uri) == lineage.NONE


async def met(served: Served, by: Actor, uri: str) -> Post:
    """The post, after a member looked for it and at its page, and the servers concerned were asked."""
    client = await served.as_member(by)
    await client.get("/api/v2/search", params={"q": uri, "resolve": "true"})
    async with served.database.reading() as db:
        return await posts.by_uri(db, uri)


async def test_who_holds_an_idea_of_another_node_asks_it_what_builds_on_it(fediverse: Fediverse) -> None:
    north, south, west = [await fediverse.node(f"{name}.example") for name in ("north", "south", "west")]
    rosa, sam, wim = await north.account("rosa"), await south.account("sam"), await west.account("wim")
    idea = await share(north, rosa, IDEA)
    child = (await tried(south, sam, idea.uri, "adapted", what_changed="A pocket mirror.")).json()["uri"]
    await fediverse.quiet()
    there = await met(west, wim, idea.uri)
    assert await counts(west, idea.uri) == lineage.NONE

    await looking.promise(west.node, [there.id])
    await fediverse.quiet()

    assert await counts(west, idea.uri) == Counts(adapted=1)
    tree = (await (await west.as_member(wim)).get(f"/api/v1/sharewell/statuses/{there.id}/lineage")).json()
    [shown] = tree["children"]
    assert (shown["uri"], shown["outcome"], shown["what_changed"]) == (child, "adapted", "A pocket mirror.")
    assert shown["account"]["acct"] == "sam@south.example"
    [parent] = (await (await west.as_member(wim)).get(f"/api/v1/sharewell/statuses/{shown['id']}/lineage")).json()[
        "parents"
    ]
    assert parent["uri"] == idea.uri


async def test_a_post_that_does_not_name_the_idea_does_not_count_whoever_lists_it(fediverse: Fediverse) -> None:
    north, south, west = [await fediverse.node(f"{name}.example") for name in ("north", "south", "west")]
    rosa, sam, wim = await north.account("rosa"), await south.account("sam"), await west.account("wim")
    idea, other = await share(west, wim, IDEA), await share(south, sam, IDEA)
    there = await met(west, wim, other.uri)
    async with west.database.writing() as db:  # its server lies
        await lineage.keep(db, replace(there, fields=f'{{"derived_from":"{idea.uri}"}}'), new=False)
    known = await met(north, rosa, idea.uri)

    await looking.promise(north.node, [known.id])
    await fediverse.quiet()

    async with north.database.reading() as db:
        assert (await posts.by_uri(db, other.uri)).kind is Kind.IDEA
        assert await lineage.children(db, known.id, reader_id=rosa.id, page=Page()) == []


async def test_a_case_elsewhere_that_builds_on_an_idea_stands_on_its_page_after_one_delivery(
    fediverse: Fediverse,
) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    client = await south.as_member(sam)
    fields = {"proposal": "The same for backs.", "derived_from": idea.uri, "same_problem": [idea.uri]}
    own = {"kind": "idea", "title": "A mirror for backs", "fields": fields}
    made = await client.post("/api/v1/statuses", json={"status": "", "sharewell": own})
    await fediverse.quiet()

    assert made.status_code == 200, made.text
    assert await counts(north, idea.uri) == Counts(built=1)
    async with north.client() as http:
        assert "A mirror for backs" in (await http.get(f"/@rosa/{idea.id}")).text


@ON_BOTH
async def test_who_has_the_problem_too_is_counted_where_the_idea_lives(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    there = await met(south, sam, idea.uri)
    client, path = await south.as_member(sam), f"/api/v1/sharewell/statuses/{there.id}/affected"

    first, again = (await client.post(path)).json(), (await client.post(path)).json()
    await fediverse.quiet()
    assert (first, again) == ({"id": str(there.id), "affected": True, "count": 1},) * 2
    assert await counts(north, idea.uri) == Counts(affected=1)
    told = await document(north, f"{idea.uri}/affected")
    assert told["totalItems"] == 1
    assert (await document(north, told["first"]))["items"] == []
    async with north.database.reading() as db:
        assert (await posts.by_uri(db, idea.uri)).likes_count == 0

    assert (await client.delete(path)).json()["count"] == 0
    await fediverse.quiet()
    assert await counts(north, idea.uri) == lineage.NONE
    plain = await share(south, sam, Draft("Just words."))
    assert (await client.post(f"/api/v1/sharewell/statuses/{plain.id}/affected")).status_code == 422


async def test_nobody_counts_another_as_affected(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    there = await met(south, sam, idea.uri)
    other = await south.account("other")
    said = activities.add_affected(other, there, rosa, now=fediverse.clock())
    async with south.database.writing() as db:
        await promise(db, south.site, {**said, "actor": sam.uri}, signer=sam, inboxes=["https://north.example/inbox"])
    await fediverse.quiet()

    assert await counts(north, idea.uri) == lineage.NONE


async def test_who_built_on_it_is_told_of_corrections_and_of_its_end_on_their_own_node(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    child = (await tried(south, sam, idea.uri, "adopted")).json()
    await fediverse.quiet()

    mine = await north.as_member(rosa)
    await mine.put(f"/api/v1/statuses/{idea.id}", json={"sharewell": {"correction": "Small mirrors break."}})
    await fediverse.quiet()
    client = await south.as_member(sam)
    told = (await client.get("/api/v1/notifications")).json()
    assert [(one["type"], one["status"]["uri"]) for one in told] == [("update", idea.uri)]

    await mine.delete(f"/api/v1/statuses/{idea.id}")
    await fediverse.quiet()
    [note] = (await client.get("/api/v1/conversations")).json()
    assert "was taken back" in note["last_status"]["content"]
    assert child["id"] in note["last_status"]["content"]
    page = (await client.get(f"/api/v1/sharewell/statuses/{child['id']}/lineage")).json()
    assert page["parents"] == [{"uri": idea.uri}]


async def test_a_stage_and_the_answer_to_a_call_are_seen_on_the_other_node(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    wanted = Draft("", kind=Kind.CHALLENGE, title="Seeing heels", fields={"question": "How do we see them?"})
    call = await share(north, rosa, wanted)
    client, mine = await south.as_member(sam), await north.as_member(rosa)
    own = {"kind": "idea", "title": "A torch", "fields": {"proposal": "Carry one.", "challenge": call.uri}}
    made = (await client.post("/api/v1/statuses", json={"status": "", "sharewell": own})).json()
    await fediverse.quiet()
    [answer] = (await mine.get(f"/api/v1/sharewell/challenges/{call.id}/ideas")).json()
    assert answer["uri"] == made["uri"]

    bare = await client.post(f"/api/v1/sharewell/statuses/{made['id']}/stage", json={"stage": "abandoned"})
    moved = await client.post(f"/api/v1/sharewell/statuses/{made['id']}/stage", json={"stage": "testing"})
    foreign = await mine.post(f"/api/v1/sharewell/statuses/{answer['id']}/stage", json={"stage": "adopted"})
    await fediverse.quiet()

    assert (bare.status_code, moved.status_code, foreign.status_code) == (422, 200, 403)
    assert moved.json()["sharewell"]["fields"]["stage"] == "testing"
    [seen] = (await mine.get("/api/v1/sharewell/ideas", params={"stage": "testing"})).json()
    assert (seen["uri"], seen["edited_at"] is not None) == (made["uri"], True)
    assert len((await mine.get(f"/api/v1/statuses/{seen['id']}/history")).json()) == 2
    assert (await mine.get("/api/v1/sharewell/ideas", params={"stage": "new"})).json() == []
    assert (await mine.get("/api/v1/sharewell/ideas", params={"stage": "sold"})).status_code == 422


async def test_a_spread_in_which_a_patient_could_be_recognised_is_hidden_and_does_not_count(
    fediverse: Fediverse,
) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    child = (await tried(south, sam, idea.uri, "adopted", result="It works.")).json()
    await fediverse.quiet()
    assert await counts(north, idea.uri) == Counts(adopted=1)
    async with south.database.reading() as db:
        post, author = await posts.any_by_id(db, int(child["id"])), sam
    said = await document(south, post.uri)
    told = {**said, "result": "It works for NHS number 943 476 5919.", "updated": "2030-01-01T00:00:00Z"}
    async with south.database.writing() as db:
        update = activities.update(post, author, told, now=fediverse.clock())
        await promise(db, south.site, update, signer=author, inboxes=["https://north.example/inbox"])
    await fediverse.quiet()

    assert await counts(north, idea.uri) == lineage.NONE
    assert (await document(north, f"{idea.uri}/spread"))["totalItems"] == 0


async def test_a_typed_idea_that_becomes_a_plain_post_is_no_idea_on_either_node(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    apps = await north.as_member(rosa), await south.as_member(sam)
    typed = "Idea: A torch for heels\nCarry one, @rosa@north.example."
    made = (await apps[1].post("/api/v1/statuses", json={"status": typed})).json()
    await fediverse.quiet()
    listed = [(await app.get("/api/v1/sharewell/ideas", params={"stage": "new"})).json() for app in apps]
    assert [[one["uri"] for one in some] for some in listed] == [[made["uri"]]] * 2

    await apps[1].put(f"/api/v1/statuses/{made['id']}", json={"sharewell": {"kind": "plain"}})
    await fediverse.quiet()

    assert [(await app.get("/api/v1/sharewell/ideas", params={"stage": "new"})).json() for app in apps] == [[], []]


async def test_a_hidden_or_deleted_link_breaks_the_line_and_leaves_the_rest(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, sam = await north.account("rosa"), await north.account("sam")
    idea = await share(north, rosa, IDEA)
    middle = (await tried(north, sam, idea.uri, "adapted", what_changed="A pocket mirror.", result="Fine.")).json()
    beside = (await tried(north, sam, idea.uri, "interested")).json()
    below = (await tried(north, rosa, middle["uri"], "adopted", result="It works.")).json()
    app = await north.as_member(await north.account("reader"))

    async def line(post_id: Any) -> tuple[list[str], list[str]]:
        found = (await app.get(f"/api/v1/sharewell/statuses/{post_id}/lineage")).json()
        return [one["uri"] for one in found["parents"]], [one["uri"] for one in found["children"]]

    async def spread(uri: str) -> tuple[int, list[str]]:
        told = await document(north, f"{uri}/spread")
        return told["totalItems"], (await document(north, told["first"]))["orderedItems"]

    whole = [await line(idea.id), await line(below["id"]), await spread(idea.uri)]
    async with north.database.writing() as db:
        await hidden.hide(db, int(middle["id"]), unseen=False, now=1)
    broken = [await line(idea.id), await line(below["id"]), await spread(idea.uri)]
    own = await north.as_member(sam)
    await own.delete(f"/api/v1/statuses/{middle['id']}")
    await fediverse.quiet()

    assert whole == [
        ([], [beside["uri"], middle["uri"]]), ([middle["uri"], idea.uri], []), (2, [beside["uri"], middle["uri"]]),
    ]  # fmt: skip
    assert broken == [([], [beside["uri"]]), ([middle["uri"]], []), (1, [beside["uri"]])]  # no more than what it says
    assert [await line(idea.id), await line(below["id"]), await spread(idea.uri)] == broken
    assert await counts(north, idea.uri) == Counts(interested=1)
