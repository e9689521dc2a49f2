"""Who writes for a team, or without a name, stands in ``audit`` and beside what waits, and nowhere else.

A member whose name, handle, address, app and number are like nothing else writes in every form. Then whatever others
can ask for, get or keep is searched for them, and so is the database.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest

from node.review import overdue
from storage.jobs import Job
from tests.clients.guards import CASES, notes_of
from tests.clients.person import Json, Person
from tests.clients.sockets import listening, opened, token_of
from tests.clients.test_taking_along import gathered
from tests.clients.writing import (
    HANDLE,
    HOUR,
    ID,
    MARKS,
    NAME,
    Story,
    columns,
    decide,
    everything,
    told,
    told_story,
    wait_for_guardians,
    write_at_once,
)
from tests.pages.conftest import browsing
from tests.serving import ON_BOTH, Fediverse

AS2 = {"accept": "application/activity+json"}
STATUSES = "/api/v1/statuses"
# Where the member stands as the member they are, whatever they write.
THEIRS = {
    "actors.id", "actors.uri", "actors.handle", "actors.handle_key", "actors.name", "actors.url", "actors.inbox",
    "actors.outbox", "actors.followers", "actors.following", "actors.featured", "keys.uri", "keys.actor_id",
    "members.actor_id", "members.email", "members.email_key", "apps.name", "tokens.member_id", "memberships.actor_id",
}  # fmt: skip
# Where the node's notes to them stand (what was decided; they name no post): the column of the note.
NOTES = {
    "posts": "id", "mentions": "post_id", "recipients": "post_id", "notifications": "post_id",
    "conversations": "last_post_id", "conversation_posts": "post_id", "home": "post_id",
}  # fmt: skip
API = (
    "/api/v1/statuses/{id}", "/api/v1/statuses/{id}/context", "/api/v1/statuses/{id}/history",
    "/api/v1/statuses/{id}/source", "/api/v1/statuses/{id}/favourited_by", "/api/v1/statuses/{id}/reblogged_by",
    "/api/v1/statuses/{id}/quotes",
)  # fmt: skip
LISTS = (
    "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true",
    "/api/v1/timelines/tag/heels", "/api/v1/accounts/{team}", "/api/v1/accounts/{team}/statuses",
    "/api/v1/accounts/{team}/followers", "/api/v1/accounts/{team}/following", "/api/v1/accounts/{unnamed}",
    "/api/v1/accounts/{unnamed}/statuses", "/api/v1/accounts/{unnamed}/followers", "/api/v1/notifications",
    "/api/v2/notifications", "/api/v1/conversations", "/api/v1/scheduled_statuses", "/api/v1/favourites",
    "/api/v1/directory", "/api/v1/directory?local=true&order=new", "/api/v1/instance", "/api/v2/instance",
    "/api/v1/instance/activity", "/api/v1/instance/peers", "/api/v1/trends", "/api/v1/trends/statuses",
    "/api/v2/suggestions", "/api/v2/search?q=heels", "/api/v2/search?q=skin", "/api/v2/search?q=unnamed",
    "/api/v1/accounts/search?q=skin", "/api/v1/media/{media}", "/api/v1/polls/{poll}", CASES,
    "/api/v1/sharewell/teams", "/api/oembed?url={url}",
)  # fmt: skip
PAGES = (
    "/", "/learn", "/connect", "/about", "/guardian", "/@skin_links", "/@unnamed", "/@skin_links.atom",
    "/@unnamed.atom", "/feed.atom", "/tags/heels", "/tags/heels.atom", "/search?q=heels", "/@skin_links/followers",
    "/@skin_links/following", "/notifications", "/settings/data",
)  # fmt: skip
DOCUMENTS = (
    "/users/skin_links", "/users/skin_links/outbox", "/users/skin_links/outbox?page=true",
    "/users/skin_links/followers", "/users/skin_links/followers?page=true", "/users/skin_links/following",
    "/users/skin_links/collections/featured", "/users/unnamed", "/users/unnamed/outbox",
    "/users/unnamed/outbox?page=true", "/users/unnamed/followers", "/actor", "/actor/outbox", "/nodeinfo/2.1",
    "/.well-known/nodeinfo", "/.well-known/host-meta",
    "/.well-known/webfinger?resource=acct:skin_links@here.example",
    "/.well-known/webfinger?resource=acct:unnamed@here.example",
)  # fmt: skip


@pytest.fixture
async def story(fediverse: Fediverse) -> AsyncGenerator[Story]:
    async with told_story(fediverse) as made:
        yield made


def words(story: Story) -> dict[str, str]:
    """What stands for {…} in addresses."""
    post = story.posts["plain"]
    return {
        "team": story.team.id, "unnamed": story.posts["unnamed"]["account"]["id"], "url": post["url"],
        "media": post["media_attachments"][0]["id"], "poll": story.posts["poll"]["poll"]["id"],
    }  # fmt: skip


async def test_no_app_is_told(story: Story) -> None:
    await everything(story)
    ids = [post["id"] for post in story.posts.values()]
    paths = [path.format(**words(story)) for path in LISTS] + [one.format(id=id) for one in API for id in ids]
    found = 0

    async with story.here.client() as web:
        nobody = Person(None, web, story.here)
        for reader in (*story.ours, nobody):
            for path in paths:
                answer = await reader.web.get(path)
                assert answer.status_code < 500, path
                assert told(answer.text + str(answer.headers)) == [], (path, answer.text)
                found += answer.status_code == 200
    assert found > 200


async def test_no_page_feed_or_document_tells(story: Story) -> None:
    await everything(story)
    posts = [urlsplit(post["url"]).path for post in story.posts.values() if post.get("url")]
    assert len(posts) > 8
    documents = [*DOCUMENTS, *posts, *(f"{one}/{part}" for one in posts for part in ("activity", "replies", "likes"))]

    async with story.here.client() as web:
        for path in (*PAGES, *posts):
            assert told((await web.get(path)).text) == [], path
        for path in documents:
            assert told((await web.get(path, headers=AS2)).text) == [], path
    for who in story.ours:
        assert who.actor is not None
        async with browsing(story.here, who.actor) as web:
            for path in (*PAGES, *posts):
                assert told((await web.get(path)).text) == [], (who.actor.handle, path)


async def test_no_file_tells(story: Story) -> None:
    await everything(story)
    files = [one for post in story.posts.values() for one in post.get("media_attachments", ())]
    assert len(files) >= 3

    async with story.here.client() as web:
        for file in files:
            for url in (file["url"], file["preview_url"]):
                answer = await web.get(url)
                assert answer.status_code == 200
                assert told(url + str(answer.headers) + answer.content.decode("latin-1")) == []


async def test_nothing_that_was_delivered_tells(story: Story) -> None:
    await everything(story)
    sent = [one for one in story.here.fediverse.exchanged if "there.example" in one.url]
    bodies = " ".join(one.body.decode() for one in sent)

    assert len([one for one in sent if one.method == "POST"]) >= 8
    for text in ("skin_links", "/users/unnamed", "We were afraid", "In an hour", "Tombstone"):
        assert text in bodies
    for one in story.here.fediverse.exchanged:
        assert told(one.url + str(one.headers) + one.body.decode("latin-1")) == []
    assert {key for one in sent for key in re.findall(r'keyId="([^"]*)"', str(one.headers))} <= {
        f"https://here.example/{name}#main-key" for name in ("actor", "users/skin_links", "users/unnamed", "users/bob")
    }
    assert told(json.dumps(await story.carol.get("/api/v1/timelines/home"))) == []


async def test_no_archive_tells(story: Story) -> None:
    await everything(story)

    for who in story.ours:
        archive: ZipFile = await gathered(who)
        for name in archive.namelist():
            assert told(name + archive.read(name).decode("latin-1")) == [], name
    own = await gathered(story.writer)
    texts = b" ".join(own.read(name) for name in own.namelist())
    assert b"heels and elbows" not in texts


async def test_no_stream_and_no_log_tells(story: Story, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[str] = []
    async with listening(story.here) as door:
        queries = [(token_of(who), "?stream=user") for who in story.ours] + [("", "?stream=public:local")]
        for token, query in queries:
            async with opened(door, token, query) as reading:
                await write_at_once(story)
                try:
                    while len(heard) < 1_000:
                        heard.append(json.dumps(await reading.next()))
                except TimeoutError:
                    pass
    await wait_for_guardians(story)
    await decide(story)

    assert len(heard) > 12
    assert [one for one in heard if told(one)] == []
    asked = ("httpx2", "httpcore2", "PIL")  # what the test itself asks and draws
    ours = [one for one in caplog.records if one.name.partition(".")[0] not in asked]
    assert [one.getMessage() for one in ours if told(one.getMessage() + str(one.exc_info))] == []


async def knowing(story: Story) -> dict[str, list[Json]]:
    """Columns, and their rows, in which the writer stands otherwise than as a member or in notes of the node to them.

    Those are theirs alone to read. The index of search is what ``posts`` has.
    """
    notes = await _notes(story)
    found = {one: rows for one, rows in (await columns(story.here)).items() if one not in THEIRS}
    left: dict[str, list[Json]] = {}
    for one, rows in found.items():
        table = one.partition(".")[0]
        if table.startswith("posts_search"):
            continue
        place = NOTES.get(table)
        left[one] = [row for row in rows if place is None or row[place] not in notes]
    return {one: rows for one, rows in left.items() if rows}


async def _notes(story: Story) -> set[int]:
    """Posts of the node's own actor."""
    async with story.here.database.reading() as db:
        rows = await db.rows(
            "SELECT posts.id AS id FROM posts JOIN actors ON actors.id = posts.author_id"
            " WHERE actors.kind = 'Application' AND actors.domain = ''"
        )
    return {row["id"] for row in rows}


async def _heard_alone(story: Story) -> int:
    """How many replies somebody in the team was told of, and others in it were not."""
    async with story.here.database.reading() as db:
        row = await db.row(
            """
            SELECT COUNT(*) AS n FROM notifications JOIN memberships ON memberships.actor_id = notifications.member_id
            JOIN posts ON posts.id = notifications.post_id AND posts.reply_to_actor_id = memberships.group_id
            WHERE (SELECT COUNT(*) FROM notifications AS other WHERE other.post_id = notifications.post_id
                   AND other.reason = notifications.reason) < 2
            """
        )
    return 0 if row is None else row["n"]


@ON_BOTH
async def test_while_it_waits_its_own_row_and_case_know(story: Story) -> None:
    before = await knowing(story)
    await wait_for_guardians(story)
    found = await knowing(story)

    assert set(before) == {"audit.subject"}  # "team.add": who is in which team
    assert set(found) == {"audit.subject", "pending.author_id", "cases.author_id", "audit.actor_id"}
    assert all(row["closed"] is None for row in found["cases.author_id"])
    for case in await story.gwen.get(CASES):
        assert told(json.dumps(case)) == []
        assert case["account"]["acct"] in ("skin_links", "unnamed")
    assert story.gwen.actor is not None
    async with browsing(story.here, story.gwen.actor) as web:
        page = (await web.get("/guardian")).text
    assert "who wrote it stays unknown to you" in page
    assert told(page) == []


@ON_BOTH
async def test_once_it_is_out_audit_alone_knows(story: Story) -> None:
    await everything(story)
    found = await knowing(story)

    heard = found.pop("notifications.member_id")  # as everybody in the team: of replies to what it shared
    assert set(found) == {"audit.subject", "audit.actor_id", "pending.author_id"}
    assert {row["reason"] for row in heard} == {"mention"}
    assert await _heard_alone(story) == 0
    assert [row["reason"] for row in found["pending.author_id"]] == ["returned"]  # for a week, to be copied
    assert {row["action"] for row in found["audit.subject"]} == {"team.add member"}
    assert not any("skin" in note or "unnamed" in note for note in await notes_of(story.writer))
    out = {post["uri"] for key, post in story.posts.items() if post.get("url") and key != "taken back"}
    wrote = {row["subject"] for row in found["audit.actor_id"] if row["action"] == "post.as"}
    assert len(out) > 8
    assert out <= wrote
    await story.later(seconds=8 * 24 * HOUR)
    await overdue.sweep(story.here.node, Job(1, None, "sweep", 0, "", None, "", 0, 0, 0))
    assert set(await knowing(story)) == {"audit.subject", "audit.actor_id", "notifications.member_id"}


async def test_nothing_of_the_writer_moves(story: Story) -> None:
    async def seen() -> list[str]:
        async with story.here.client() as web:
            paths = (f"/api/v1/accounts/{ID}", f"/api/v1/accounts/{ID}/statuses", f"/@{HANDLE}", f"/@{HANDLE}.atom")
            answers = [(await web.get(path)).text for path in paths]
            own = [f"/users/{HANDLE}", f"/users/{HANDLE}/outbox"]
            return answers + [(await web.get(path, headers=AS2)).text for path in own]

    before = await seen()
    await everything(story)

    assert await seen() == before
    assert NAME in before[0]


def test_the_marks_are_found_where_they_are() -> None:
    assert told(f"x {HANDLE.upper()} {NAME} {ID}1 Quartzpad") == list(MARKS)
