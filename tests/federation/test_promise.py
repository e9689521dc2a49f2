"""What is promised to inboxes: each once, in the shard of its host, and nothing to what is no inbox."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pytest

from federation.outbox.promise import host_of, promise
from storage import jobs
from storage.database import Missing
from storage.jobs import Job
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH


async def promised(node: Served, inboxes: Sequence[str]) -> list[Job]:
    """The deliveries of one activity, before any worker sees them; nothing stays."""
    alice = await node.account("alice")
    found: list[Job] = []
    activity = {"id": "https://north.example/x", "type": "Like", "actor": alice.uri, "object": "https://good.test/1"}
    with pytest.raises(Missing):
        async with node.database.writing() as db:
            await promise(db, node.site, activity, signer=alice, inboxes=inboxes)
            found = await jobs.deliveries(db, range(jobs.SHARDS), after=0, limit=1000)
            raise Missing("only to look")
    return found


async def test_odd_addresses_do_not_keep_the_others_from_being_sent_to(node: Served) -> None:
    odd = [
        "", "https://user@good.test/inbox", "https://good.test:/inbox", "https://good.test:99999/inbox", "nonsense",
        "https://[::1/inbox", "https://münchen.test/inbox", "https://good.test/" + "x" * 5000,
        "https://north.example/inbox", "https://north.example/users/alice/inbox",
    ]  # fmt: skip

    found = await promised(node, [*odd, "https://good.test/inbox", *odd, "https://good.test/inbox"])

    assert [(job.host, orjson.loads(job.payload)) for job in found] == [("good.test", ["https://good.test/inbox"])]


async def test_many_inboxes_are_a_row_for_each_shard_and_none_is_lost(node: Served) -> None:
    inboxes = [f"https://s{number}.test:{443 + number % 3}/inbox" for number in range(500)]

    found = await promised(node, inboxes)

    assert len(found) == len({job.shard for job in found}) <= jobs.SHARDS
    sent = [(job.shard, inbox) for job in found for inbox in orjson.loads(job.payload)]
    assert sorted(inbox for _, inbox in sent) == sorted(inboxes)
    assert all(shard == jobs.shard_of(host_of(inbox)) for shard, inbox in sent)


async def test_nothing_is_kept_for_nobody(node: Served) -> None:
    assert await promised(node, ["", "https://north.example/inbox", "ftp://good.test/inbox"]) == []
