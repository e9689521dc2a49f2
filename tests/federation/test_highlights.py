"""Highlights of the month across nodes: what who follows an alliance gets, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from node.connecting import leaving, teams
from node.sharing import behalf, marking
from node.surfacing.surface import announce
from storage import members
from storage.actors import Actor, ActorKind
from storage.members import Role
from storage.posts import Post
from storage.teams import Place
from tests.clients.person import Person
from tests.federation.test_two_nodes import NOTE, follow, known_at, share
from tests.serving import ON_BOTH, Fediverse, Served

API = "/api/v1/sharewell/highlights"
AS2 = {"accept": "application/activity+json"}


@dataclass
class Region:
    """A node with an alliance, of which somebody on another node reads; ``gwen`` and ``sam`` are their apps."""

    north: Served
    south: Served
    rosa: Actor
    alliance: Actor
    gwen: Person
    sam: Person

    async def quiet(self) -> None:
        await self.north.fediverse.quiet()

    async def home(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.sam.get("/api/v1/timelines/home")
        return found

    async def featured(self) -> list[dict[str, Any]]:
        """What Mastodon asks of a profile it has just met."""
        async with self.north.client() as web:
            actor = (await web.get(self.alliance.uri, headers=AS2)).json()
            found: list[dict[str, Any]] = (await web.get(actor["featured"], headers=AS2)).json()["orderedItems"]
        return found

    async def highlight(self, post: Post, reason: str) -> dict[str, Any]:
        made: dict[str, Any] = await self.gwen.post(API, status_id=str(post.id), reason=reason)
        await self.quiet()
        return made


@asynccontextmanager
async def region(fediverse: Fediverse) -> AsyncGenerator[Region]:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    alliance = await north.account("alliance", kind=ActorKind.ORGANIZATION, name="North Alliance")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.GUARDIAN)
    sam = await south.account("sam")
    await follow(south, sam, await known_at(south, alliance, north))
    await fediverse.quiet()
    async with AsyncExitStack() as stack:
        apps = [
            Person(one, await stack.enter_async_context(await at.as_member(one)), at)
            for one, at in ((gwen, north), (sam, south))
        ]
        yield Region(north, south, rosa, alliance, *apps)


@ON_BOTH
async def test_who_follows_the_alliance_gets_the_highlights_of_its_members(fediverse: Fediverse) -> None:
    async with region(fediverse) as here:
        post = await share(here.north, here.rosa, NOTE)
        made = await here.highlight(post, "Every ward has heels.")
        said, passed_on = sorted(await here.home(), key=lambda one: one["reblog"] is not None)
        [pinned] = await here.featured()
        async with await here.north.as_member(here.rosa) as web:
            told = (await web.get("/api/v1/notifications")).json()
        profile = await here.sam.get(f"/api/v1/accounts/{said['account']['id']}/statuses", pinned="true")

        assert (made["month"], made["status"]["uri"], made["account"]) == ("2026-10", post.uri, None)
        assert (passed_on["account"]["acct"], passed_on["reblog"]["uri"]) == ("alliance@north.example", post.uri)
        assert said["account"]["acct"] == "alliance@north.example"
        assert "Highlight of October 2026: Look under the heel" in said["content"]
        assert "Every ward has heels." in said["content"]
        assert post.uri in said["content"]
        assert [one["username"] for one in said["mentions"]] == ["rosa"]
        # https://github.com/mastodon/mastodon/blob/main/app/services/activitypub/fetch_featured_collection_service.rb
        assert (pinned["type"], pinned["id"], pinned["attributedTo"]) == ("Note", said["uri"], here.alliance.uri)
        assert [one["uri"] for one in profile] == [said["uri"]]
        assert {one["type"] for one in told} >= {"mention", "reblog"}
        assert all(one["account"]["acct"] == "alliance" for one in told)

        fediverse.clock.advance(seconds=60)
        again = await here.highlight(post, "Every ward has two heels.")
        [changed] = [one for one in await here.home() if one["reblog"] is None]

        assert (again["id"], again["reason"]) == (made["id"], "Every ward has two heels.")
        assert (changed["uri"], changed["edited_at"] is not None) == (said["uri"], True)
        assert "Every ward has two heels." in changed["content"]

        await here.gwen.delete(f"{API}/{made['id']}")
        await here.quiet()

        assert (await here.home(), await here.featured(), await here.gwen.get(API)) == ([], [], [])
        async with here.north.database.reading() as db:
            noted = await db.rows("SELECT action, subject FROM audit WHERE action LIKE 'highlight.%' ORDER BY id")
        assert [tuple(row) for row in noted] == [
            (f"highlight.{one}", post.uri) for one in ("choose", "change", "withdraw")
        ]
        async with here.north.database.writing() as db:
            await db.run("UPDATE actors SET moved_to = 'https://else.example/a' WHERE handle = 'alliance'")
        moved = await here.gwen.status_of("POST", API, json={"status_id": str(post.id), "reason": "Again."})
        assert (moved, await here.home()) == (422, [])


@ON_BOTH
async def test_a_highlight_goes_with_its_post(fediverse: Fediverse) -> None:
    titles = ("Gone", "Hidden", "Withdrawn")
    async with region(fediverse) as here:
        node, rosa = here.north.node, here.rosa
        gone, hidden, withdrawn = [await share(here.north, rosa, replace(NOTE, title=one)) for one in titles]
        for one in (gone, hidden, withdrawn):
            await here.highlight(one, "Read it.")

        async def shown() -> list[str]:
            """Titles of those that the node shows."""
            async with here.north.client() as web:
                listed = [one["status"]["sharewell"]["title"] for one in (await web.get(API)).json()]
                pages = [(await web.get(path)).text for path in ("/highlights", "/highlights.atom")]
            assert all([one for one in titles if one in page] == listed[::-1] for page in pages)
            return listed[::-1]

        async def said() -> set[str]:
            """Titles of those of which notes are left: on the other node, and pinned."""
            await here.quiet()
            notes = [one["content"] for one in await here.home() if one["reblog"] is None]
            assert len(notes) == len(await here.featured())
            return {title for title in titles for one in notes if f"2026: {title}" in one}

        assert (await shown(), await said()) == (list(titles), set(titles))
        async with here.north.database.writing() as db:
            _, told = await behalf.take_back(db, node, rosa.id, gone.id)
        announce(node, told)
        assert (await shown(), await said()) == (["Hidden", "Withdrawn"], {"Hidden", "Withdrawn"})
        await here.gwen.post("/api/v1/sharewell/recognisable", status_id=str(hidden.id))
        assert (await shown(), await said()) == (["Withdrawn"], {"Withdrawn"})
        async with here.north.database.writing() as db:
            member = await members.by_id(db, rosa.id)
            _, told = await marking.withdraw(db, node, member, withdrawn, "It fell over.", mine=True)
        announce(node, told)
        assert (await shown(), await said()) == ([], set())
        async with here.north.database.reading() as seen:
            assert await seen.rows("SELECT id FROM highlights") == []


async def test_what_is_said_of_a_highlight_names_it_as_its_author_does_now(fediverse: Fediverse) -> None:
    async with region(fediverse) as here:
        post = await share(here.north, here.rosa, NOTE)
        await here.highlight(post, "Every ward has heels.")
        async with here.north.database.writing() as db:
            told = await behalf.edit(db, here.north.node, here.rosa.id, post.id, replace(NOTE, title="Heels"), {})
        announce(here.north.node, told)
        await here.quiet()
        [said] = [one["content"] for one in await here.home() if one["reblog"] is None]

        assert ("Highlight of October 2026: Heels<" in said, "Look under" in said) == (True, False)
        assert "Every ward has heels." in said

        assert here.sam.actor is not None and here.gwen.actor is not None
        await follow(here.north, here.gwen.actor, await known_at(here.north, here.sam.actor, here.south))
        await here.quiet()
        theirs = await share(here.south, here.sam.actor, replace(NOTE, title="Pumps fell"))
        await here.quiet()
        [there] = await here.gwen.get("/api/v1/timelines/home")
        await here.gwen.post(API, status_id=there["id"], reason="It happens everywhere.")
        await here.quiet()
        async with here.south.database.writing() as db:
            new = replace(NOTE, title="@gwen@north.example look")
            told = await behalf.edit(db, here.south.node, here.sam.actor.id, theirs.id, new, {})
        announce(here.south.node, told)
        await here.quiet()
        async with here.north.database.reading() as seen:
            [note] = await seen.rows("SELECT text FROM posts WHERE text LIKE '%happens everywhere%'")

        assert note["text"].startswith("Highlight of October 2026\n")
        assert ("Pumps" in note["text"], "gwen" in note["text"]) == (False, False)


async def test_a_highlight_of_a_list_whose_account_is_leaving_goes_with_its_post_and_holds_up_no_other(
    fediverse: Fediverse,
) -> None:
    async with region(fediverse) as here:
        assert here.gwen.actor is not None
        node, team = here.north.node, await here.north.account("links", kind=ActorKind.GROUP)
        async with here.north.database.writing() as db:
            await teams.add(db, node, team, "gwen", Place.LEAD, by=None)
        of_team, of_node = [await share(here.north, here.rosa, replace(NOTE, title=one)) for one in ("One", "Two")]
        await here.gwen.post(API, status_id=str(of_team.id), reason="Read it.", **{"as": str(team.id)})
        await here.highlight(of_node, "Read it.")
        async with here.north.database.writing() as db:
            await leaving.begin(db, node, team)
            said = [await behalf.take_back(db, node, here.rosa.id, one.id) for one in (of_team, of_node)]
        announce(node, [one for _post, told in said for one in told])
        await here.quiet()
        async with here.north.database.reading() as seen:
            left = await seen.rows("SELECT id FROM highlights")
            notes = await seen.rows("SELECT text FROM posts WHERE text LIKE '%Highlight of%'")

        assert (await here.home(), left, notes) == ([], [], [])


async def test_what_was_shared_elsewhere_can_be_a_highlight_and_its_author_hears_of_it(fediverse: Fediverse) -> None:
    async with region(fediverse) as here:
        assert here.sam.actor is not None and here.gwen.actor is not None
        await follow(here.north, here.gwen.actor, await known_at(here.north, here.sam.actor, here.south))
        await here.quiet()
        await here.sam.say("Two pumps came with one socket.")
        await here.quiet()
        [there] = await here.gwen.get("/api/v1/timelines/home")

        await here.gwen.post(API, status_id=there["id"], reason="It happens everywhere.")
        await here.quiet()
        told = await here.sam.get("/api/v1/notifications")
        mention = next(one for one in told if one["type"] == "mention")

        assert {one["type"] for one in told} >= {"mention", "reblog"}
        assert "Highlight of October 2026" in mention["status"]["content"]
        assert "It happens everywhere." in mention["status"]["content"]


async def test_without_an_alliance_the_node_shows_them_and_tells_the_author(fediverse: Fediverse) -> None:
    north = await fediverse.node("north.example")
    rosa, gwen = await north.account("rosa"), await north.account("gwen", role=Role.ADMIN)
    post = await share(north, rosa, NOTE)

    async with await north.as_member(gwen) as web, await north.as_member(rosa) as hers:
        made = (await web.post(API, json={"status_id": str(post.id), "reason": "Read it."})).json()
        page = (await web.get("/highlights")).text
        [told] = (await hers.get("/api/v1/notifications")).json()

    assert (made["note_id"], "Look under the heel" in page) == (None, True)
    assert (told["type"], told["status"]["visibility"]) == ("mention", "direct")
    assert "/highlights/2026-10" in told["status"]["content"]
