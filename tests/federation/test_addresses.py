"""What the address of a page answers to a server that wants ActivityStreams."""

from __future__ import annotations

import httpx2

from federation.fetching import posts as fetch_posts
from storage import posts
from storage.posts import Post
from tests.federation.remote import AS2, Remote, RemoteActor, deliver
from tests.federation.test_two_nodes import NOTE, share
from tests.serving import ON_BOTH, Served


async def asked(node: Served, path: str) -> httpx2.Response:
    async with node.client() as web:
        return await web.get(path, headers={"accept": AS2})


async def here(node: Served, good: Remote, note: dict[str, object]) -> Post:
    good.serve(note)
    return (await fetch_posts.by_uri(node.database, node.site, str(note["id"])))[0]


@ON_BOTH
async def test_a_post_of_another_server_is_found_at_its_own_id(node: Served, good: Remote, gina: RemoteActor) -> None:
    post = await here(node, good, gina.note("1", url="https://good.test/@gina/1"))

    for acct in ("gina@good.test", "Gina@GOOD.test"):
        answer = await asked(node, f"/@{acct}/{post.id}")

        assert (answer.status_code, answer.headers["location"]) == (303, "https://good.test/notes/1")
        assert "accept" in answer.headers["vary"].lower()


async def test_a_post_is_not_found_under_another_name(node: Served, good: Remote, gina: RemoteActor) -> None:
    post = await here(node, good, gina.note("1"))
    victor = good.actor("victor", key=3)
    await here(node, good, victor.note("2"))

    for acct in ("victor@good.test", "gina@other.test", "gina@"):
        assert (await asked(node, f"/@{acct}/{post.id}")).status_code == 404, acct
    for odd in ("0", "7", "x", "9" * 40):
        assert (await asked(node, f"/@gina@good.test/{odd}")).status_code == 404, odd


async def test_nobody_learns_the_id_of_a_post_that_is_not_public(node: Served, good: Remote, gina: RemoteActor) -> None:
    alice = await node.account("alice")
    note = gina.note("1", to=[alice.uri], cc=[], tag=[{"type": "Mention", "href": alice.uri}])
    await deliver(node, gina, gina.create(note))
    async with node.database.reading() as db:
        post = await posts.by_uri(db, note["id"])

    answer = await asked(node, f"/@gina@good.test/{post.id}")

    assert (answer.status_code, "location" in answer.headers) == (404, False)


async def test_the_full_name_of_one_of_ours_leads_to_the_id(node: Served) -> None:
    rosa = await node.account("rosa")
    post = await share(node, rosa, NOTE)

    answer = await asked(node, f"/@rosa@north.example/{post.id}")

    assert (answer.status_code, answer.headers["location"]) == (303, post.uri)
