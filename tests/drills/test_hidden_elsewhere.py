"""Two nodes over real HTTP: what one hides it serves to nobody, and what it keeps hidden of the other it tells it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import httpx2
import pytest

from node.config import parse
from node.opening import door
from storage import reports
from storage.members import Role
from tests.clients.person import Person, person
from tests.federation.remote import AS2
from tests.pages.conftest import on_a_socket
from tests.serving import Fediverse

CASES = "/api/v1/sharewell/guardian/cases"
RECOGNISABLE = "/api/v1/sharewell/recognisable"
FEDERATION = {"insecure_http": True, "private_peers": ["127.0.0.0/8"]}


@pytest.fixture
async def people(fediverse: Fediverse) -> AsyncGenerator[tuple[Person, Person, Person, Person]]:
    """A member and a guardian of each of two nodes that meet on loopback."""
    client = door(parse({"domain": "localhost", "base_url": "http://localhost", "federation": FEDERATION}))
    async with AsyncExitStack() as stack:
        found: list[Person] = []
        for _ in range(2):
            served = await stack.enter_async_context(on_a_socket(fediverse, client=client))
            found.append(await stack.enter_async_context(person(served, "ward")))
            found.append(await stack.enter_async_context(person(served, "gwen", role=Role.GUARDIAN)))
        yield found[0], found[1], found[2], found[3]
        await client.close()


async def test_what_is_hidden_is_served_to_nobody_and_kept_so_the_other_node_hears_of_it(
    fediverse: Fediverse, people: tuple[Person, Person, Person, Person]
) -> None:
    rosa, guard, sam, other = people
    assert rosa.actor is not None
    handle = f"@ward@{rosa.served.node.config.domain}"
    [found] = (await sam.get("/api/v2/search", q=handle, resolve=True))["accounts"]
    await sam.post(f"/api/v1/accounts/{found['id']}/follow")
    await fediverse.quiet()
    post = await rosa.say("We moved the crash cart of Zanzibar ward.")
    await fediverse.quiet()
    [there] = await sam.get("/api/v1/timelines/home")

    async with httpx2.AsyncClient(headers={"accept": AS2}) as asking:
        before = (await asking.get(post["uri"])).status_code
        await asking.post(f"{rosa.served.site.base_url}{RECOGNISABLE}", json={"status_id": post["id"]})
        hidden = await asking.get(post["uri"])
        outbox = (await asking.get(f"{rosa.actor.uri}/outbox?page=0")).text
        page = await asking.get(post["uri"], headers={"accept": "text/html"})
        [case] = await guard.get(CASES)
        await guard.post(f"{CASES}/{case['id']}/show")
        after = (await asking.get(post["uri"])).status_code

    assert (before, hidden.status_code, page.status_code, after) == (200, 404, 404, 200)
    assert "Zanzibar" not in hidden.text + outbox + page.text

    await sam.post(RECOGNISABLE, status_id=there["id"], comment="It is the ward.")
    [case] = await other.get(CASES)
    await other.post(f"{CASES}/{case['id']}/keep")
    await fediverse.quiet()

    assert await sam.get("/api/v1/timelines/home") == []
    assert await sam.status_of("GET", f"/api/v1/statuses/{there['id']}") == 404
    async with rosa.served.database.reading() as db:
        [kept] = await reports.open_ones(db, limit=9)
    assert (kept.target_id, kept.post_uris) == (rosa.actor.id, f'["{post["uri"]}"]')
    assert kept.comment == (
        f"Somebody may be recognisable in this post, so {sam.served.site.domain} does not show it. Please look at it."
    )
    assert (await rosa.get(f"/api/v1/statuses/{post['id']}"))["id"] == post["id"]  # a Flag hides nothing
