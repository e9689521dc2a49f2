"""No two rows get the same id, however many come in one millisecond."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import LiteralString

from storage import actors, ids, posts
from storage.actors import ActorKind, Profile
from storage.database import Database, Value
from storage.kinds import Kind
from storage.migrate import FOLDER
from storage.posts import Post, Visibility

NOW = 1_793_000_000_000
MANY = 5_000
CLOCK_IDS = {"posts", "pending"}

# How each table whose ids the database makes gets as many rows as there are posts, or other actors, in one statement.
AT_ONCE: Mapping[str, LiteralString] = {
    "actors": """INSERT INTO actors (uri, kind, handle, handle_key, domain, published)
        SELECT uri || '#', 'Person', uri, uri, 'b.example', 0 FROM posts""",
    "keys": "INSERT INTO keys (uri, actor_id, kind, public) SELECT uri, :me, 'rsa', '' FROM posts",
    "apps": """INSERT INTO apps (client_id, secret, name, redirect_uris, scopes, created)
        SELECT uri, :bytes, '', '', '', 0 FROM posts""",
    "edits": """INSERT INTO edits (post_id, at, title, summary, html, source, fields)
        SELECT id, 0, '', '', '', '', '' FROM posts""",
    "attachments": """INSERT INTO attachments (post_id, actor_id, media_type, url)
        SELECT id, author_id, '', '' FROM posts""",
    "tags": "INSERT INTO tags (name, shown) SELECT uri, '' FROM posts",
    "likes": "INSERT INTO likes (actor_id, post_id) SELECT author_id, id FROM posts",
    "bookmarks": "INSERT INTO bookmarks (actor_id, post_id) SELECT author_id, id FROM posts",
    "pins": "INSERT INTO pins (actor_id, post_id) SELECT author_id, id FROM posts",
    "follows": """INSERT INTO follows (follower_id, target_id, asked)
        SELECT id, :me, 0 FROM actors WHERE domain = 'b.example'""",
    "blocks": "INSERT INTO blocks (actor_id, target_id) SELECT id, :me FROM actors WHERE domain = 'b.example'",
    "notifications": """INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT author_id, 'like', author_id, id, 0 FROM posts""",
    "activities_out": """INSERT INTO activities_out (uri, signer_id, body, created)
        SELECT uri, author_id, :bytes, 0 FROM posts""",
    "audiences": "INSERT INTO audiences (digest, inboxes, used) SELECT uri, '', 0 FROM posts",
    "recalls": """INSERT INTO recalls (post_id, uri, act, activity, author_id, by_id, kind, created)
        SELECT id, uri, 'corrected', uri, :me, :me, '', 0 FROM posts""",
    "jobs": "INSERT INTO jobs (kind, shard, due) SELECT 'x', 0, 0 FROM posts",
    "reports": "INSERT INTO reports (uri, target_id, created) SELECT uri, author_id, 0 FROM posts",
    "mutes": """INSERT INTO mutes (member_id, target_id, ends)
        SELECT :me, id, 0 FROM actors WHERE domain = 'b.example'""",
    "endorsements": """INSERT INTO endorsements (member_id, target_id)
        SELECT :me, id FROM actors WHERE domain = 'b.example'""",
    "domain_blocks": "INSERT INTO domain_blocks (member_id, domain) SELECT :me, uri FROM posts",
    "lists": "INSERT INTO lists (member_id, title, replies) SELECT :me, uri, 'list' FROM posts",
    "list_accounts": """INSERT INTO list_accounts (list_id, actor_id)
        SELECT (SELECT MIN(id) FROM lists), id FROM actors WHERE domain = 'b.example'""",
    "filters": """INSERT INTO filters (member_id, title, contexts, action, ends)
        SELECT :me, uri, 'home', 'warn', 0 FROM posts""",
    "filter_keywords": """INSERT INTO filter_keywords (filter_id, keyword)
        SELECT (SELECT MIN(id) FROM filters), uri FROM posts""",
    "filter_statuses": """INSERT INTO filter_statuses (filter_id, post_id)
        SELECT (SELECT MIN(id) FROM filters), id FROM posts""",
    "tag_follows": "INSERT INTO tag_follows (member_id, tag_id) SELECT :me, id FROM tags",
    "featured_tags": "INSERT INTO featured_tags (member_id, tag_id) SELECT :me, id FROM tags",
    "topic_starts": "INSERT INTO topic_starts (topic, post_id, chosen) SELECT '', id, 0 FROM posts",
    "conversations": "INSERT INTO conversations (member_id, people) SELECT :me, uri FROM posts",
    "announcements": "INSERT INTO announcements (text, html, published) SELECT uri, '', 0 FROM posts",
    "emojis": "INSERT INTO emojis (shortcode, url) SELECT uri, '' FROM posts",
    "cards": "INSERT INTO cards (url) SELECT uri FROM posts",
    "notification_requests": """INSERT INTO notification_requests (member_id, actor_id, created, updated)
        SELECT :me, id, 0, 0 FROM actors WHERE domain = 'b.example'""",
    "quote_stamps": """INSERT INTO quote_stamps (quoted_id, quoting_uri, actor_id, created)
        SELECT id, uri, author_id, 0 FROM posts""",
    "collections": """INSERT INTO collections (uri, owner_id, name, created, updated)
        SELECT uri, :me, '', 0, 0 FROM posts""",
    "collection_items": """INSERT INTO collection_items (collection_id, actor_id, state, created)
        SELECT (SELECT MIN(id) FROM collections), id, 'pending', 0 FROM actors WHERE domain = 'b.example'""",
    "shared_measures": """INSERT INTO shared_measures (group_id, uri, series, created)
        SELECT :me, uri, '{}', 0 FROM posts""",
    "highlights": """INSERT INTO highlights (owner_id, month, post_id, reason, chosen)
        SELECT :me, '2026-11', id, '', 0 FROM posts""",
    "inquiries": "INSERT INTO inquiries (email, text, written) SELECT uri, '', 0 FROM posts",
    "cases": "INSERT INTO cases (author_id, found, place, opened) SELECT author_id, '[]', 1, 0 FROM posts",
    "concerns": """INSERT INTO concerns (case_id, post_id, comment, at)
        SELECT (SELECT MIN(id) FROM cases), id, '', 0 FROM posts""",
    "measures": "INSERT INTO measures (owner_id, series, created, changed) SELECT :me, '{}', 0, 0 FROM posts",
    "measure_changes": """INSERT INTO measure_changes (measure_id, made, what)
        SELECT (SELECT MIN(id) FROM measures), 0, '{}' FROM posts""",
    "matches": """INSERT INTO matches (uri, mentor_id, mentee_id, proposer_id, state, proposed, heard)
        SELECT uri, :me, :me, :me, 'ended', 0, 0 FROM posts""",
    "check_ins": """INSERT INTO check_ins (match_id, author_id, uri, sort, day, text, written)
        SELECT (SELECT MIN(id) FROM matches), :me, uri, 'check-in', '', '', 0 FROM posts""",
    "attendance": """INSERT INTO attendance (post_id, actor_id, state, asked)
        SELECT (SELECT MIN(post_id) FROM events), id, 'waiting', 0 FROM actors WHERE domain = 'b.example'""",
    "audit": "INSERT INTO audit (at, action) SELECT 0, '' FROM posts",
}
# Those with a key of bytes, which no SQL of both databases makes of a text: row by row.
IN_ROWS: Mapping[str, LiteralString] = {
    "codes": """INSERT INTO codes (code, app_id, member_id, redirect_uri, scopes, expires)
        SELECT :bytes, min(id), :me, '', '', 0 FROM apps""",
    "tokens": "INSERT INTO tokens (token, scopes, created) VALUES (:bytes, '', 0)",
    "push_subscriptions": """INSERT INTO push_subscriptions (token_id, member_id, access_token, endpoint, host, shard,
        public, auth, alerts, policy)
        SELECT id, :me, '', '', '', 0, '', '', '', 'all' FROM tokens WHERE token = :bytes""",
    "invitations": """INSERT INTO invitations (code, kind, uses, created, expires)
        VALUES (:bytes, 'Person', 1, 0, 0)""",
    "passkeys": """INSERT INTO passkeys (member_id, credential, public, counter, name, created)
        VALUES (:me, :bytes, :bytes, 0, '', 0)""",
    "links": """INSERT INTO links (token, member_id, purpose, address, expires)
        VALUES (:bytes, :me, 'reset', '', 0)""",
    "brought": """INSERT INTO brought (member_id, key, title, text, link, at)
        VALUES (:me, :bytes, '', '', '', 0)""",
    "sessions": "INSERT INTO sessions (token, member_id, created, seen) VALUES (:bytes, :me, 0, 0)",
}


def a_remote_post(n: int, author_id: int) -> Post:
    uri = f"https://b.example/notes/{n}"
    return Post(ids.id_at(NOW), uri, author_id, "Note", Kind.PLAIN, Visibility.PUBLIC, NOW)


async def an_actor(database: Database) -> int:
    async with database.writing() as db:
        me = await actors.add(db, Profile("https://a.example/users/ward", ActorKind.PERSON, "ward", "", NOW), now=NOW)
    assert me is not None
    return me


async def column(database: Database, sql: LiteralString) -> list[int]:
    async with database.reading() as db:
        return [row[0] for row in await db.rows(sql)]


async def add_posts(database: Database, me: int) -> None:
    """Local ones, of one millisecond, in one batch."""
    rows: list[dict[str, Value]] = [{"id": ids.new_id(NOW), "uri": f"post {n}", "me": me} for n in range(MANY)]
    async with database.writing() as db:
        await db.many(
            """
            INSERT INTO posts (id, uri, author_id, type, kind, visibility, published)
            VALUES (:id, :uri, :me, 'Note', 'plain', 'public', 0)
            """,
            rows,
        )


async def test_local_posts_of_one_millisecond_have_ids_of_their_own_in_order(database: Database) -> None:
    await add_posts(database, await an_actor(database))

    kept = await column(database, "SELECT CAST(substr(uri, 6) AS BIGINT) FROM posts ORDER BY id")
    assert kept == list(range(MANY))


async def test_remote_posts_of_one_millisecond_have_ids_of_their_own(sqlite_database: Database) -> None:
    me = await an_actor(sqlite_database)

    async with sqlite_database.writing() as db:
        added = [await posts.add(db, a_remote_post(n, me)) for n in range(MANY)]

    assert len({post.id for post in added if post is not None}) == MANY


async def test_the_database_makes_ids_of_their_own_for_rows_of_one_millisecond(database: Database) -> None:
    me = await an_actor(database)
    await add_posts(database, me)

    async with database.writing() as db:
        await db.run(
            """INSERT INTO members (actor_id, email, email_key, password, role, created, seen)
            VALUES (:me, '', '', '', 'member', 0, 0)""",
            me=me,
        )
        await db.run("INSERT INTO events (post_id, starts, ends) SELECT MIN(id), 0, 0 FROM posts")
        for sql in AT_ONCE.values():
            await db.run(sql, me=me, bytes=b"")
        for sql in IN_ROWS.values():
            await db.many(sql, [{"bytes": b"%d" % n, "me": me} for n in range(MANY)])

    for table in (*AT_ONCE, *IN_ROWS):
        found = await column(database, f"SELECT id FROM {table}")
        assert len(set(found)) >= MANY, table


def test_every_table_whose_ids_the_database_makes_is_tested_here() -> None:
    scripts = [file.read_text() for file in FOLDER.glob("*.sql")]
    made = re.compile(r"CREATE TABLE (\w+) \(\s*id\s+BIGINT PRIMARY KEY")

    found = {table for script in scripts for table in made.findall(script)}

    assert found - CLOCK_IDS - {"unscrubbed"} == {*AT_ONCE, *IN_ROWS}
