"""What a node says of itself."""

from __future__ import annotations

from storage import peers
from storage.peers import Policy
from tests.clients.person import Person
from tests.serving import Served


async def test_the_servers_a_node_has_met_are_named_but_not_those_it_refuses(served: Served, nobody: Person) -> None:
    async with served.database.writing() as db:
        for host in ("a.example", "b.example"):
            await peers.see(db, host, now=1)
        await peers.decide(db, "c.example", Policy.SUSPENDED, reason="", now=1)

    assert await nobody.get("/api/v1/instance/peers") == ["a.example", "b.example"]


async def test_what_there_is_none_of_is_an_empty_list(alice: Person, nobody: Person) -> None:
    assert await nobody.get("/api/v1/instance/rules") == []
    assert await nobody.get("/api/v1/instance/translation_languages") == {}
    assert await alice.get("/api/v1/announcements") == []
    assert await nobody.get("/api/v1/instance/extended_description") == {"updated_at": None, "content": ""}
