"""What a post builds on is named in its text; not any more when that is hidden or taken back, on any node."""

from __future__ import annotations

import json
from typing import Any

from federation import keeping
from node.sharing.drafts import Draft
from storage import hidden, posts
from storage.kinds import Kind
from storage.posts import Post
from tests.clients.person import Person, person
from tests.federation.remote import AS2
from tests.federation.test_two_nodes import follow, known_at, share
from tests.serving import ON_BOTH, Fediverse, Served

TITLE = "Mirror for Gwyneth"
IDEA = Draft("", kind=Kind.IDEA, title=TITLE, fields={"proposal": "Tie a wide mirror to each trolley."})
CALL = Draft("", kind=Kind.CHALLENGE, title=TITLE, fields={"question": "How do we see heels?"})


async def tried(who: Person, uri: str, title: str) -> dict[str, Any]:
    """A post of somebody who tried it, which they edited once."""
    fields = {"derived_from": uri, "outcome": "adapted", "what_changed": "A pocket mirror.", "result": "Fine."}
    made: dict[str, Any] = await who.say("And well.", sharewell={"kind": "spread", "title": title, "fields": fields})
    await who.edit(made["id"], status="And very well.")
    return made


async def said(served: Served, who: Person, uri: str) -> str:
    """All that is shown of a post: to apps, as it is and was; as a page; to other servers."""
    async with served.database.reading() as db:
        post = await posts.by_uri(db, uri)
    path = f"/api/v1/statuses/{post.id}"
    parts = [json.dumps([await who.get(path), await who.get(f"{path}/history")])]
    async with served.client() as http:
        if post.local is not None:
            parts += [(await http.get(uri, headers={"accept": one})).text for one in ("text/html", AS2)]
    return "".join(parts)


async def now(served: Served, uri: str) -> str:
    async with served.database.reading() as db:
        return (await posts.by_uri(db, uri)).html


async def finds(who: Person, q: str) -> set[str]:
    found = await who.get("/api/v2/search", q=q, type="statuses")
    return {one["uri"] for one in found["statuses"]}


async def hide(served: Served, post: Post, *, yes: bool) -> None:
    async with served.database.writing() as db:
        await (hidden.hide(db, post.id, unseen=False, now=1) if yes else hidden.show(db, post.id))
    await served.fediverse.quiet()


@ON_BOTH
async def test_the_title_of_what_is_hidden_or_taken_back_stands_in_no_other_post(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa = await north.account("rosa")
    async with person(north, "sam") as sam, person(south, "wim") as wim:
        assert sam.actor is not None and wim.actor is not None
        await follow(south, wim.actor, await known_at(south, sam.actor, north))
        await fediverse.quiet()
        idea = await share(north, rosa, IDEA)
        here = (await tried(sam, idea.uri, "Ours"))["uri"]
        there = (await tried(wim, idea.uri, TITLE))["uri"]
        await fediverse.quiet()
        assert TITLE in await said(north, sam, here) and TITLE in await said(south, wim, there)
        assert await finds(sam, "Gwyneth") == {idea.uri, here, there}

        await hide(north, idea, yes=True)
        assert TITLE not in await said(north, sam, here) + await said(north, sam, there)
        assert TITLE not in await now(south, here)
        assert "Builds on" in await said(north, sam, here) and "And very well." in await now(south, here)
        assert await finds(sam, "Gwyneth") == set()
        assert TITLE in await said(south, wim, there)  # there it is not hidden

        await hide(north, idea, yes=False)
        assert TITLE in await now(north, here) and TITLE in await now(south, here)
        client = await north.as_member(rosa)
        await client.delete(f"/api/v1/statuses/{idea.id}")
        await fediverse.quiet()

        for served, who in ((north, sam), (south, wim)):
            for uri in (here, there):
                assert TITLE not in await said(served, who, uri), (served.site.domain, uri)
            assert await finds(who, "Gwyneth") == set()
        assert "Adapted: a post" in await said(south, wim, there)


async def test_so_it_is_with_a_call_that_an_idea_answers_and_whose_author_leaves(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa = await north.account("rosa")
    async with person(north, "sam") as sam:
        call = await share(north, rosa, CALL)
        fields = {"proposal": "Lift them.", "challenge": call.uri}
        idea = (await sam.say("", sharewell={"kind": "idea", "title": "Lift", "fields": fields}))["uri"]
        assert TITLE in await said(north, sam, idea)

        async with north.database.writing() as db:
            await keeping.erase_actor(db, rosa.id, now=north.node.clock())
        await fediverse.quiet()

        told = await said(north, sam, idea)
        assert (TITLE in told, "Answers" in told) == (False, True)
