"""A member of whom nothing may be told, what they write for a team and without a name, and where to look for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from node.api.entities import time
from node.connecting import teams as use
from node.requests import secret_hash
from storage import tokens
from storage.actors import ActorKind
from storage.members import Role
from storage.teams import Place
from tests import pictures
from tests.clients.guards import CASES, HELD, URGENT
from tests.clients.person import Json, Person, person
from tests.serving import Fediverse, Served

ID = 987_654_321  # no other number of the node contains it
HANDLE, NAME, APP = "quokkalina", "Zanzibar Quartz", "Quartzpad"
MARKS = (HANDLE, NAME, APP, str(ID))
HOUR = 60 * 60  # seconds
STATUSES = "/api/v1/statuses"


@dataclass
class Story:
    """Two nodes, who is on them, and what was written."""

    here: Served
    there: Served
    writer: Person
    bob: Person  # in the team, follows it
    gwen: Person  # a guardian
    carol: Person  # on the other node, follows the team and who speaks for nobody
    team: Person  # its own account
    posts: dict[str, Json]  # as the writer got them

    @property
    def ours(self) -> tuple[Person, ...]:
        """Everybody on the node but the writer."""
        return self.bob, self.gwen, self.team

    async def later(self, *, seconds: float) -> None:
        """Let time pass."""
        self.here.fediverse.clock.advance(seconds=seconds)
        await self.here.fediverse.quiet()


def told(text: str) -> list[str]:
    """Which marks of the writer stand in a text."""
    return [mark for mark in MARKS if mark.lower() in text.lower()]


async def _next_id(served: Served) -> None:
    """Let the next actor have the id that nobody can mistake."""
    async with served.database.writing() as db:
        if db.dialect == "postgres":
            await db.row(f"SELECT setval(pg_get_serial_sequence('actors', 'id'), {ID - 1})")  # pyright: ignore[reportArgumentType]
        else:
            await db.run(
                "INSERT INTO actors (id, uri, kind, handle, handle_key, domain, published, gone)"
                " VALUES (:id, 'https://far.example/x', 'Person', 'x', 'x', 'far.example', 0, 1)",
                id=ID - 1,
            )


async def _app(served: Served) -> int:
    async with served.client() as web:
        made = await web.post("/api/v1/apps", json={"client_name": APP, "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})
        assert made.status_code == 200
    async with served.database.reading() as db:
        row = await db.row("SELECT MAX(id) AS id FROM apps")
    assert row is not None
    return int(row["id"])


@asynccontextmanager
async def the_writer(served: Served) -> AsyncGenerator[Person]:
    """The member, with an app of their own. In no list of people, where they would stand rightly."""
    await _next_id(served)
    app_id = await _app(served)
    actor = await served.account(HANDLE, name=NAME)
    assert actor.id == ID
    async with served.database.writing() as db:
        await db.run("UPDATE actors SET discoverable = NULL WHERE id = :id", id=ID)
        token = f"token-of-{HANDLE}"
        scopes = "read write follow push"
        await tokens.add(db, secret_hash(token), app_id=app_id, member_id=ID, scopes=scopes, now=served.node.clock())
    async with served.client(token) as web:
        yield Person(actor, web, served)


@asynccontextmanager
async def told_story(fediverse: Fediverse) -> AsyncGenerator[Story]:
    """The nodes and people; nothing is written yet."""
    here, there = await fediverse.node("here.example"), await fediverse.node("there.example")
    async with AsyncExitStack() as stack:
        bob = await stack.enter_async_context(person(here, "bob"))
        gwen = await stack.enter_async_context(person(here, "gwen", role=Role.GUARDIAN))
        carol = await stack.enter_async_context(person(there, "carol"))
        account = await here.account("skin_links", kind=ActorKind.GROUP, name="Skin link nurses")
        team = Person(account, await stack.enter_async_context(await here.as_member(account)), here)
        writer = await stack.enter_async_context(the_writer(here))
        async with here.database.writing() as db:
            for handle, place in ((HANDLE, Place.MEMBER), ("bob", Place.MEMBER)):
                await use.add(db, here.node, account, handle, place, by=None)
        await bob.post(f"/api/v1/accounts/{account.id}/follow")
        yield Story(here, there, writer, bob, gwen, carol, team, {})


async def follow_from_there(story: Story, acct: str) -> None:
    """Let carol follow an account of the other node."""
    found = await story.carol.get("/api/v2/search", q=acct, resolve="true", type="accounts")
    await story.carol.post(f"/api/v1/accounts/{found['accounts'][0]['id']}/follow")
    await story.here.fediverse.quiet()


async def picture(who: Person) -> str:
    """An upload; the file says who took it."""
    files = {"file": (f"{NAME}.jpg", _signed_jpeg(), "image/jpeg")}
    sent = await who.web.post("/api/v2/media", files=files, data={"description": "A heel, with a mirror"})
    await who.served.fediverse.quiet()
    return str(sent.json()["id"])


def _signed_jpeg() -> bytes:
    """A picture whose metadata names the writer."""
    telling = pictures.telling()
    telling["exif"][0x013B] = NAME  # Artist
    return pictures.saved(pictures.drawn(), "JPEG", **telling, comment=NAME.encode())


async def say(story: Story, key: str, status: str, *, unnamed: bool = False, **more: object) -> Json:
    """Write as the team, or without a name."""
    name = "nobody" if unnamed else story.team.id
    story.posts[key] = await story.writer.say(status, sharewell={"as": name}, **more)
    return story.posts[key]


async def wait_for_guardians(story: Story) -> None:
    """Write what guardians have to read, and what comes out later."""
    when = time(story.here.fediverse.clock.now + HOUR * 1000)
    await say(story, "unnamed", "We were afraid to say it", unnamed=True, media_ids=[await picture(story.writer)])
    await say(story, "returned", "And this too", unnamed=True)
    await say(story, "held", HELD)
    await say(story, "urgent", URGENT)
    await say(story, "later", "In an hour", scheduled_at=when, media_ids=[await picture(story.writer)])
    await say(story, "unnamed later", "In an hour, without a name", unnamed=True, scheduled_at=when)
    taken = await say(story, "taken back", "Not this", unnamed=True)
    await story.writer.delete(f"{STATUSES}/{taken['id']}")
    await story.here.fediverse.quiet()


async def decide(story: Story) -> None:
    """Let the guardian release all but one, and time pass."""
    for case in await story.gwen.get(CASES):
        if case["texts"][0]["text"] == "And this too":
            await story.gwen.post(f"{CASES}/{case['id']}/return", reason="Say less of the place.")
        else:
            await story.gwen.post(f"{CASES}/{case['id']}/release")
    await story.later(seconds=HOUR + 10)
    for key in ("unnamed", "held", "urgent", "later", "unnamed later"):
        story.posts[key] = await story.writer.get(f"{STATUSES}/{story.posts[key]['id']}")


async def write_at_once(story: Story) -> None:
    """Write what comes out as it is written, in every form; change one and take one back."""
    asked = await story.bob.say("Does anybody use mirrors?")
    await say(story, "plain", "@bob @carol@there.example look at #heels", media_ids=[await picture(story.writer)])
    await say(story, "poll", "Which?", poll={"options": ["Torch", "Mirror"], "expires_in": 600})
    await say(story, "reply", "We do", in_reply_to_id=asked["id"])
    await say(story, "followers", "For followers", visibility="private")
    await say(story, "direct", "@bob for you", visibility="direct")
    await say(story, "quote", "Read this", quoted_status_id=asked["id"])
    await say(story, "gone", "Gone soon")
    await story.writer.edit(story.posts["plain"]["id"], status="@bob look at #heels and elbows")
    await story.writer.delete(f"{STATUSES}/{story.posts['gone']['id']}")
    await story.bob.post(f"{STATUSES}/{story.posts['plain']['id']}/favourite")
    await story.bob.say("Thank you", in_reply_to_id=story.posts["plain"]["id"])
    await story.here.fediverse.quiet()


async def everything(story: Story) -> None:
    """All of it, followed from the other node."""
    await follow_from_there(story, "skin_links@here.example")
    await write_at_once(story)
    await wait_for_guardians(story)
    await follow_from_there(story, "unnamed@here.example")
    await decide(story)


async def columns(served: Served) -> dict[str, list[Json]]:
    """Where in the database the writer stands: table and column, and the rows."""
    found: dict[str, list[Json]] = {}
    async with served.database.reading() as db:
        if db.dialect == "sqlite":
            names = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        else:
            names = await db.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        for table in (row["name"] for row in names):
            rows: Any = await db.rows(f"SELECT * FROM {table}")  # pyright: ignore[reportArgumentType]
            for values in (dict(zip(row.keys(), row, strict=True)) for row in rows):
                for name, value in values.items():
                    if value == ID or told(value.decode("latin-1") if isinstance(value, bytes) else str(value)):
                        found.setdefault(f"{table}.{name}", []).append(values)
    return found
