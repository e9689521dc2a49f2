"""Reports that members send on: the other server hears what is wrong, never who says so."""

from __future__ import annotations

from typing import Any

import httpx2
import orjson
import pytest

from federation.fetching import actors as fetch_actors
from federation.fetching import posts as fetch_posts
from storage import actors, peers, reports
from storage.actors import Actor
from storage.peers import Policy
from tests.federation.remote import Remote, RemoteActor, deliver
from tests.federation.test_two_nodes import NOTE, share
from tests.serving import ON_BOTH, Fediverse, Served


async def report(node: Served, member: Actor, target: Actor, **values: Any) -> httpx2.Response:
    async with await node.as_member(member) as app:
        answer = await app.post("/api/v1/reports", json={"account_id": str(target.id), "forward": True, **values})
    await node.fediverse.quiet()
    return answer


@ON_BOTH
@pytest.mark.parametrize("domain", ["south.example", "south.example:8443"])
async def test_a_report_arrives_at_the_other_node_without_who_made_it(fediverse: Fediverse, domain: str) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node(domain)
    rosa, sam = await north.account("rosa"), await south.account("samuel_reporter")
    post = await share(north, rosa, NOTE)
    there, _ = await fetch_posts.by_uri(south.database, south.site, post.uri)
    target = await fetch_actors.by_uri(south.database, south.site, rosa.uri)

    answer = await report(south, sam, target, status_ids=[str(there.id)], comment="Names a patient.")

    assert answer.json()["forwarded"] is True
    async with north.database.reading() as db:
        [kept] = await reports.open_ones(db, limit=10)
        row = await db.row("SELECT uri FROM actors WHERE id = :id", id=kept.reporter_id or 0)
    assert (kept.target_id, kept.comment, kept.post_uris) == (rosa.id, "Names a patient.", f'["{post.uri}"]')
    assert row is not None and row["uri"] == f"https://{domain}/actor"
    sent = [one for one in fediverse.exchanged if one.method == "POST"]
    assert len(sent) == 1
    assert "samuel" not in f"{sent[0].body!r} {dict(sent[0].headers)} {sent[0].url}"


async def test_a_flag_is_said_as_mastodon_says_it(node: Served, alice: Actor, good: Remote, gina: RemoteActor) -> None:
    good.serve(gina.note("1"))
    post, _ = await fetch_posts.by_uri(node.database, node.site, "https://good.test/notes/1")
    there = await fetch_actors.by_uri(node.database, node.site, gina.uri)

    await report(node, alice, there, status_ids=[str(post.id)], comment="Spam.", forward_to_domains=["good.test"])

    [flag] = good.got
    assert flag.pop("id").startswith("https://north.example/actor#flags/")
    del flag["@context"]
    assert flag == {
        "type": "Flag", "actor": "https://north.example/actor", "object": [gina.uri, post.uri], "content": "Spam.",
        "to": [gina.uri],
    }  # fmt: skip


async def test_a_post_for_one_reader_does_not_tell_who_reports(
    node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    note = gina.note("1", to=[alice.uri], cc=[], tag=[{"type": "Mention", "href": alice.uri, "name": "@alice"}])
    await deliver(node, gina, gina.create(note))
    there = await fetch_actors.by_uri(node.database, node.site, gina.uri)
    post, _ = await fetch_posts.by_uri(node.database, node.site, note["id"])

    answer = await report(node, alice, there, status_ids=[str(post.id)])

    assert answer.status_code == 200
    [flag] = good.got
    assert note["id"] not in orjson.dumps(flag).decode()
    async with node.database.reading() as db:
        [kept] = await reports.open_ones(db, limit=10)
    assert kept.post_uris == f'["{note["id"]}"]'


@pytest.mark.parametrize("why", ["not asked", "suspended"])
async def test_a_report_stays_here_when(node: Served, alice: Actor, good: Remote, gina: RemoteActor, why: str) -> None:
    there = await fetch_actors.by_uri(node.database, node.site, gina.uri)
    if why == "suspended":
        async with node.database.writing() as db:
            await peers.decide(db, "good.test", Policy.SUSPENDED, reason="", now=node.node.clock())
            await actors.suspend_host(db, "good.test", now=node.node.clock())

    answer = await report(node, alice, there, forward=why != "not asked")

    assert (answer.status_code, answer.json()["forwarded"], good.got) == (200, False, [])
