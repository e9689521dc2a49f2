"""Ideas go from node to node: what became of them is seen where they began, and only what is really said counts."""

from __future__ import annotations

from typing import Any

import httpx2

from node.sharing.drafts import Draft
from storage import lineage, posts
from storage.actors import Actor
from storage.kinds import Kind
from storage.lineage import Counts
from tests.federation.remote import AS2
from tests.federation.test_two_nodes import share
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
    mentioned = [one["status"]["uri"] for one in (await client.get("/api/v1/notifications")).json()]
    assert set(mentioned) == {adapted.json()["uri"], abandoned.json()["uri"]}
    child = await document(south, adapted.json()["uri"])
    assert "Builds on" in child["content"]
    assert idea.uri in child["content"]
    assert "inReplyTo" not in child
    assert child["derivedFrom"] == idea.uri


async def test_a_child_that_changes_its_mind_or_is_deleted_leaves_the_count(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    idea = await share(north, rosa, IDEA)
    made = (await tried(south, sam, idea.uri, "interested")).json()
    await fediverse.quiet()
    assert await counts(north, idea.uri) == Counts(interested=1)

    client = await south.as_member(sam)
    fields = {"derived_from": idea.uri, "outcome": "adopted", "result": "It works."}
    edited = await client.put(f"/api/v1/statuses/{made['id']}", json={"sharewell": {"fields": fields}})
    await fediverse.quiet()
    assert edited.status_code == 200, edited.text
    assert await counts(north, idea.uri) == await counts(south, idea.uri) == Counts(adopted=1)

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
