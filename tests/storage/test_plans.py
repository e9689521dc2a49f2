"""Lists stay cheap however much there is: their plans on 20,000 rows read an index, in its order.

What is refused: a scan of a table that is large here, and a sort of more rows than a page.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, LiteralString

import pytest

from storage import (
    activities_out,
    actors,
    admissions,
    affected,
    announcements,
    archives,
    attachments,
    attendance,
    audiences,
    audit,
    authenticators,
    badges,
    blocks,
    boards,
    brought,
    cards,
    cases,
    check_ins,
    collections,
    concerned,
    concerns,
    consultations,
    conversations,
    digests,
    directory,
    domain_blocks,
    endorsements,
    events,
    experts,
    facets,
    featured_tags,
    filters,
    follows,
    groups,
    guardians,
    held,
    hidden,
    highlights,
    ideas,
    imports,
    inquiries,
    invitations,
    jobs,
    joined,
    keys,
    lineage,
    links,
    lists,
    matches,
    measures,
    members,
    mentions,
    moves,
    muted_threads,
    mutes,
    notes,
    notifications,
    passkeys,
    pending,
    pointers,
    polls,
    posts,
    prompts,
    push_subscriptions,
    questions,
    quiet_times,
    quotes,
    reactions,
    recalls,
    received,
    search,
    sessions,
    shards,
    shared,
    sign_ins,
    sitemaps,
    submissions,
    tag_follows,
    tags,
    teams,
    timelines,
    tokens,
    topics,
    trends,
    warned,
)
from storage.boards import Board
from storage.database import Database, Dialect, Missing, Reading, Row, Value, listed
from storage.ids import LAST
from storage.jobs import DELIVER, SHARDS, Held, NewJob
from storage.links import Purpose
from storage.lists import Replies
from storage.media import files
from storage.migrate import FOLDER, migrate
from storage.opening import open_database
from storage.paging import Page
from storage.search import Filters
from storage.shapes.common import EVIDENCE
from storage.timelines import Wanted
from storage.widening import sought
from tests import postgres
from tests.storage.making import NOW

pytestmark = pytest.mark.xdist_group("plans")  # one worker, so that they are filled once
ROWS = 20_000
ACTORS, MEMBERS = 500, 25  # the members are the first ones
SORTED = 2_000  # rows that may be sorted for one answer
LARGE = frozenset(
    ["posts", "home", "likes", "bookmarks", "notifications", "post_tags", "mentions", "jobs", "received", "follows",
     "activities_out", "mutes", "notes", "endorsements", "domain_blocks", "lists",
     "list_accounts", "filters", "filter_keywords", "filter_statuses",
     "tag_follows", "muted_threads", "attachments", "files", "polls", "poll_options", "poll_votes", "poll_voters",
     "pending", "import_rows", "sessions", "passkeys", "recovery_codes", "sign_ins",
     "tokens", "push_subscriptions", "conversations", "conversation_posts",
     "cards", "post_cards", "quotes", "quote_stamps", "announcement_reactions", "announcement_dismissals",
     "cases", "mistaken", "warned", "audiences", "post_audiences", "post_fetchers", "recalls", "recall_inboxes",
     "recall_members", "collections", "collection_items", "hidden", "concerns", "post_facets", "pointers",
     "measures", "measure_changes", "lineage", "lineage_counts", "affected", "ideas", "submissions", "admissions",
     "shared_measures", "shared_series", "prompts",
     "boards", "board_topics", "matches", "check_ins", "expertise", "events", "attendance", "consultations",
     "inquiries", "brought", "highlights"]
)  # fmt: skip
FIRST = NOW << 15
ME, AUTHOR, POST = 3, 300, FIRST + 777
AFTER = Page(before=FIRST + ROWS // 2, limit=20)
REASONS = {0: "scheduled", 5: "scheduled", 10: "held", 15: "returned"}  # of what waits; the rest can be taken back
UP = Page(after=FIRST + ROWS // 2, limit=20, rising=True)


def _rows() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """The statements that fill a database, each with its rows."""
    random = Random(7)
    yield (
        "INSERT INTO actors (id, uri, kind, handle, handle_key, domain, published, inbox, discoverable)"
        " VALUES (:id, :uri, 'Person', :handle, :handle, :domain, 1, :uri, 1)",
        [
            {"id": n, "uri": f"https://h{n % 40}.example/users/a{n}", "handle": f"a{n}",
             "domain": "" if n <= MEMBERS else f"h{n % 40}.example"}
            for n in range(1, ACTORS + 1)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO members (actor_id, email, email_key, password, role, created, seen, home_since, leaving)"
        " VALUES (:id, :mail, :mail, 'x', 'member', 1, 1, 1, :leaving)",
        [{"id": n, "mail": f"m{n}@x", "leaving": n if n % 20 == 0 else None} for n in range(1, MEMBERS + 1)],
    )
    yield (
        "INSERT INTO posts (id, uri, author_id, local, type, kind, visibility, published, text, in_reply_to_id,"
        " in_reply_to_uri, reply_to_actor_id, boost_of_id)"
        " VALUES (:id, :uri, :author, :local, 'Note', :kind, :visibility, 1, :text, :parent, :parent_uri, :answered,"
        " :boost)",
        [_post(random, n) for n in range(ROWS)],
    )
    pairs = {(random.randint(1, ACTORS), random.randint(1, ACTORS)) for _ in range(ROWS)}
    yield (
        "INSERT INTO follows (follower_id, target_id, uri, asked, accepted) VALUES (:one, :other, :uri, 1, :accepted)",
        [
            {"one": one, "other": other, "uri": f"f{one}-{other}", "accepted": 1 if random.random() < 0.95 else None}
            for one, other in pairs
        ],
    )
    yield (
        "INSERT INTO home (member_id, position, post_id, author_id) VALUES (:member, :post, :post, :author)",
        [
            {"member": member, "post": FIRST + n, "author": AUTHOR}
            for member in range(1, MEMBERS + 1)
            for n in random.sample(range(ROWS), 800)
        ],
    )
    yield from _reactions(random)
    yield from _tags()
    yield from _topics()
    yield from _pointers()
    yield from _announcements()
    yield from _trends()
    yield from _polls()
    yield from _gatherings()
    yield from _highlights()
    yield from _quotes()
    yield from _recalls()
    yield from _lineage()
    yield from _relations(random)
    yield from _collections(random)
    yield from _measures()
    yield from _shared()
    yield from _mentoring(random)
    yield from _media()
    yield from _groups()
    yield from _traffic()


def _tags() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Hashtags, each on many posts."""
    yield (
        "INSERT INTO tags (id, name, shown) VALUES (:id, :name, :name)",
        [{"id": n, "name": f"tag{n}"} for n in range(1, 101)],
    )
    yield (
        "INSERT INTO post_tags (tag_id, post_id) VALUES (:tag, :post)",
        [{"tag": 1 + n % 100, "post": FIRST + n} for n in range(ROWS)],
    )


def _pointers() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Where structured posts point."""
    terms = ("source", "review_by", "superseded_by")
    yield (
        "INSERT INTO pointers (post_id, term, target) VALUES (:post, :term, :target)",
        [
            {
                "post": FIRST + n,
                "term": term,
                "target": f"20{26 + n % 3}-01-01" if term == "review_by" else f"h{n % 40}.example:/?",
            }
            for n in range(0, ROWS, 5)
            for term in terms
        ],
    )


def _reactions(random: Random) -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """What actors did with posts."""
    some = [(random.randint(1, ACTORS), FIRST + random.randrange(ROWS)) for _ in range(ROWS)]
    both: list[dict[str, Value]] = [{"actor": actor, "post": post} for actor, post in dict.fromkeys(some)]
    yield "INSERT INTO likes (actor_id, post_id) VALUES (:actor, :post)", both
    yield "INSERT INTO bookmarks (actor_id, post_id) VALUES (:actor, :post)", both
    yield "INSERT INTO mentions (actor_id, post_id) VALUES (:actor, :post)", both
    yield (
        "INSERT INTO notifications (member_id, reason, actor_id, post_id, created)"
        " VALUES (:member, 'favourite', :actor, :post, 1)",
        [{"member": random.randint(1, MEMBERS), **one} for one in both],
    )
    pairs = [{"member": 1 + n % MEMBERS, "actor": n} for n in range(1, ACTORS + 1)]
    yield (
        "INSERT INTO notification_requests (member_id, actor_id, created, updated) VALUES (:member, :actor, 1, 1)",
        [{**one} for one in pairs],
    )
    yield (
        "INSERT INTO notifications (member_id, reason, actor_id, post_id, created, filtered)"
        " VALUES (:member, 'mention', :actor, :post, 1, 1)",
        [{**one, "post": FIRST + n} for one in pairs for n in range(10)],
    )


def _topics() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Half of all posts are structured: each is about two of ten topics, one of them far more common."""
    yield (
        "INSERT INTO post_facets (facet, post_id) VALUES (:facet, :post)",
        [
            {"facet": facet, "post": FIRST + n}
            for n in range(0, ROWS, 2)
            for facet in (
                "topic=falls", f"topic=t{n % 9}", f"setting=s{n % 7}", f"evidence={EVIDENCE[n // 2 % 7]}",
                f"harm=h{n % 5}",
            )
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO topic_starts (topic, post_id, chosen) VALUES (:topic, :post, 1)",
        [{"topic": f"t{n % 41}", "post": FIRST + n} for n in range(300)],
    )


def _announcements() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """What was announced over the years, and what all members thought of it."""
    yield (
        "INSERT INTO announcements (id, text, html, ends, published) VALUES (:n, 'Words', '', :ends, 1)",
        [{"n": n, "ends": None if n > 195 else 1} for n in range(1, 201)],
    )
    each = [{"n": n, "member": member} for n in range(1, 201) for member in range(1, MEMBERS + 1)]
    yield (
        "INSERT INTO announcement_reactions (announcement_id, name, member_id) VALUES (:n, :name, :member)",
        [{**one, "name": f"e{kind}"} for one in each for kind in range(4)],
    )
    yield (
        "INSERT INTO announcement_dismissals (announcement_id, member_id) VALUES (:n, :member)",
        [{**one} for one in each],
    )


def _trends() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """What is used most, and linked to."""
    numbers = range(1, 1_001)
    yield "INSERT INTO cards (id, url, shown) VALUES (:n, :url, 1)", [{"n": n, "url": f"u{n}"} for n in numbers]
    yield (
        "INSERT INTO post_cards (post_id, card_id) VALUES (:post, :card)",
        [{"post": FIRST + n, "card": 1 + n % 1_000} for n in range(0, ROWS, 2)],
    )
    yield (
        "INSERT INTO trending_links (card_id, place, history) VALUES (:n, :n, '{}')",
        [{"n": n} for n in numbers[:100]],
    )
    yield (
        "INSERT INTO trending_tags (tag_id, place, history) VALUES (:n, :n, '{}')",
        [{"n": n} for n in range(1, 101)],
    )
    yield (
        "INSERT INTO trending_posts (post_id, place) VALUES (:post, :place)",
        [{"post": FIRST + 3 * n, "place": n} for n in range(100)],
    )


def _highlights() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Three a month in each of ten lists, for a hundred months."""
    yield (
        "INSERT INTO highlights (owner_id, month, post_id, reason, chosen)"
        " VALUES (:owner, :month, :post, 'Read it', 1)",
        [
            {"owner": 1 + n % 10, "month": f"20{n // 360 + 10}-{n // 30 % 12 + 1:02}", "post": FIRST + 5 * n}
            for n in range(3_000)
        ],
    )


def _gatherings() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Every fourth post is an event, half of them to come; every tenth consults."""
    yield (
        "INSERT INTO events (post_id, starts, ends, link) VALUES (:post, :at, :ends, '')",
        [
            {"post": FIRST + n, "at": NOW + (n - ROWS // 2) * 60_000, "ends": NOW + (n - ROWS // 2) * 60_000 + 9}
            for n in range(0, ROWS, 4)
        ],
    )
    yield (
        "INSERT INTO attendance (post_id, actor_id, state, asked) VALUES (:post, :actor, :state, 1)",
        [
            {"post": FIRST + n // 4 * 4, "actor": 1 + (n % 4) * 100 + n // 4 % 90,
             "state": "waiting" if n % 4 == 3 else "joined"}
            for n in range(ROWS)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO consultations (post_id, summary_id) VALUES (:post, :summary)",
        [{"post": FIRST + n, "summary": FIRST + n + 1 if n % 20 else None} for n in range(0, ROWS, 10)],
    )


def _polls() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Every tenth post asks something."""
    asking = [FIRST + n for n in range(0, ROWS, 10)]
    yield "INSERT INTO polls (post_id, told) VALUES (:post, 1)", [{"post": one} for one in asking]
    yield (
        "INSERT INTO poll_options (post_id, place, title) VALUES (:post, :place, 'Yes')",
        [{"post": one, "place": place} for one in asking for place in range(3)],
    )
    yield (
        "INSERT INTO pending (id, author_id, reason, due, payload, created, post_id)"
        " VALUES (:id, :author, :reason, :due, '', 1, :post)",
        [
            {"id": FIRST + n, "author": 1 + n % MEMBERS, "reason": REASONS.get(n % 20, "undo"), "due": NOW + n,
             "post": FIRST + n if n % 3 else None}
            for n in range(ROWS)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO cases (id, pending_id, post_id, author_id, found, place, opened, closed, outcome)"
        " VALUES (:n, :pending, :post, :author, '[]', :place, :n, :closed, :outcome)",
        [
            {"n": n + 1, "pending": FIRST + n if n % 2 else None, "post": None if n % 2 else FIRST + n,
             "author": 1 + n % MEMBERS, "place": 0 if n % 50 == 0 else 1,
             "closed": None if n % 10 == 0 else n + 99, "outcome": "" if n % 10 == 0 else "released"}
            for n in range(ROWS)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO hidden (post_id, visibility, since) VALUES (:post, 'public', :n)",
        [{"post": FIRST + n, "n": n} for n in range(0, ROWS, 4)],
    )
    yield (
        "INSERT INTO concerns (case_id, post_id, comment, at) VALUES (:n, :post, '', :n)",
        [{"post": FIRST + n, "n": n + 1} for n in range(0, ROWS, 2)],
    )
    yield (
        "INSERT INTO mistaken (case_id, kind, at) VALUES (:n, 'dob', :n)", [{"n": n} for n in range(1, ROWS)]
    )  # fmt: skip
    yield (
        "INSERT INTO warned (author_id, digest, until) VALUES (:author, :digest, :n)",
        [{"author": 1 + n % MEMBERS, "digest": f"{n:064x}", "n": n} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO memberships (group_id, actor_id, role, since) VALUES (:team, :actor, 'member', 1)",
        [{"team": 1 + n % MEMBERS, "actor": 1 + n // MEMBERS} for n in range(MEMBERS * 40)],
    )
    yield (
        "INSERT INTO audit (at, actor_id, action, subject) VALUES (:n, :actor, 'post.as', :uri)",
        [{"n": n, "actor": 1 + n % MEMBERS, "uri": f"https://x/{n}"} for n in range(ROWS)],
    )
    votes: list[dict[str, Value]] = [{"post": one, "actor": 1 + n % ACTORS} for one in asking for n in range(one % 9)]
    yield "INSERT INTO poll_voters (post_id, actor_id) VALUES (:post, :actor)", votes
    yield "INSERT INTO poll_votes (post_id, actor_id, place) VALUES (:post, :actor, 1)", votes


def _recalls() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    numbers = range(1, ROWS)
    yield (
        "INSERT INTO audiences (id, digest, inboxes, used) VALUES (:n, :digest, '[]', :n)",
        [{"n": n, "digest": f"d{n}"} for n in numbers],
    )
    yield (
        "INSERT INTO post_audiences (post_id, audience_id) VALUES (:post, :n)",
        [{"post": FIRST + n, "n": n} for n in numbers],
    )
    yield (
        "INSERT INTO post_fetchers (post_id, host, key_uri) VALUES (:post, :host, 'k')",
        [{"post": FIRST + n // 20, "host": f"h{n % 20}.example"} for n in numbers],
    )
    yield (
        "INSERT INTO recalls (id, post_id, uri, act, activity, author_id, by_id, kind, created)"
        " VALUES (:n, :n, :uri, 'corrected', :uri, :author, 1, 'idea', 1)",
        [{"n": n, "uri": f"https://x/{n}", "author": n % ACTORS + 1} for n in numbers],
    )
    yield (
        "INSERT INTO recall_inboxes (recall_id, inbox, host, state, at) VALUES (:recall, :inbox, :host, 'promised', 1)",
        [{"recall": n // 40 + 1, "inbox": f"https://h{n}/inbox", "host": f"h{n}"} for n in numbers],
    )
    yield (
        "INSERT INTO recall_members (recall_id, member_id, did) VALUES (:recall, :member, 'saved')",
        [{"recall": n, "member": member} for n in numbers[: ROWS // 20] for member in range(1, 21)],
    )


def _quotes() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Every third post quotes the one before it; many quote the same one."""
    quoting = range(2, ROWS, 3)
    yield (
        "INSERT INTO quotes (post_id, quoted_id, quoted_uri, state, stamp)"
        " VALUES (:post, :quoted, :uri, :state, :stamp)",
        [
            {"post": FIRST + n, "quoted": FIRST + (777 if n % 7 == 0 else n - 1), "uri": f"https://x/p/{n - 1}",
             "state": "accepted" if n % 5 else "pending", "stamp": f"https://x/s/{n}"}
            for n in quoting
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO quote_stamps (quoted_id, quoting_uri, actor_id, created) VALUES (:quoted, :uri, :actor, 1)",
        [{"quoted": FIRST + n - 1, "uri": f"https://x/p/{n}", "actor": 1 + n % ACTORS} for n in quoting],
    )


def _lineage() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Every other post builds on one before it, many on the same; ideas at their stages."""
    yield (
        "INSERT INTO lineage (child_id, parent_uri, parent_id, author_id, outcome, counted)"
        " VALUES (:child, :uri, :parent, :author, :outcome, 0)",
        [
            {"child": FIRST + n, "uri": f"https://x/p/{n - 1}", "parent": FIRST + (777 if n % 14 == 0 else n - 1),
             "author": 1 + n % ACTORS, "outcome": "same" if n % 10 == 0 else "adopted"}
            for n in range(2, ROWS, 2)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO affected (post_id, actor_id) VALUES (:post, :actor)",
        [{"post": FIRST + n // 10, "actor": 1 + n % ACTORS} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO lineage_counts (post_id, adopted) VALUES (:post, 1)",
        [{"post": FIRST + n} for n in range(1, ROWS, 2)],
    )
    yield (
        "INSERT INTO ideas (post_id, stage, call_uri) VALUES (:post, :stage, :call)",
        [
            {"post": FIRST + n, "stage": ("new", "testing", "tested", "adopted")[n % 4],
             "call": f"https://x/call/{n % 50}" if n % 3 == 0 else ""}
            for n in range(ROWS)
        ],
    )  # fmt: skip


def _collections(random: Random) -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Recommended accounts."""
    yield (
        "INSERT INTO collections (id, uri, owner_id, name, created, updated, discoverable)"
        " VALUES (:n, :uri, :owner, 'Wards', 1, 1, 1)",
        [{"n": n, "uri": f"https://x/c{n}", "owner": 1 + n % ACTORS} for n in range(1, 2_001)],
    )
    yield (
        "INSERT INTO collection_items (collection_id, actor_id, state, created, stamp)"
        " VALUES (:collection, :actor, 'accepted', 1, :stamp)",
        [
            {"collection": n, "actor": actor, "stamp": f"https://x/s{n}/{actor}"}
            for n in range(1, 2_001)
            for actor in random.sample(range(1, ACTORS + 1), 10)
        ],
    )


def _measures() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Measures with what was changed."""
    yield (
        "INSERT INTO measures (id, owner_id, series, created, changed, opened)"
        """ VALUES (:n, :owner, '{"name":"Falls"}', 1, 1, 1)""",
        [{"n": n, "owner": 1 + n % ACTORS} for n in range(1, 2_001)],
    )
    yield (
        "INSERT INTO measure_changes (measure_id, made, what)"
        """ VALUES (:measure, 1, '{"fields":[],"added":[],"removed":[],"corrected":{}}')""",
        [{"measure": 1 + n % 2_000} for n in range(ROWS)],
    )


def _shared() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """What groups have counted, and who shows numbers against it."""
    yield (
        "INSERT INTO shared_measures (group_id, uri, series, created)"
        """ VALUES (:team, :uri, '{"name":"Falls"}', 1)""",
        [{"team": 1 + n % ACTORS, "uri": f"https://x/shared-measures/{n}"} for n in range(5 * ACTORS)],
    )
    yield (
        "INSERT INTO shared_series (definition, author_id, post_id) VALUES (:uri, :author, :post)",
        [
            {"uri": f"https://x/shared-measures/{n % 1_000}", "author": 1 + n % ACTORS, "post": FIRST + n}
            for n in range(ROWS)
        ],
    )


def _mentoring(random: Random) -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Offers and requests, matches, and who can be asked."""
    ids = [FIRST + n for n in range(5_000)]
    yield (
        "INSERT INTO boards (post_id, direction, level, local, status, said)"
        " VALUES (:id, :direction, 'team', 1, 'open', 'open')",
        [{"id": one, "direction": random.choice(("offer", "request"))} for one in ids],
    )
    yield (
        "INSERT INTO board_topics (topic, post_id) VALUES (:topic, :id)",
        [{"topic": f"topic{random.randrange(40)}", "id": one} for one in ids],
    )
    yield (
        "INSERT INTO matches (id, uri, mentor_id, mentee_id, proposer_id, state, proposed, heard)"
        " VALUES (:n, :uri, :one, :other, :one, 'accepted', 1, 1)",
        [
            {"n": n, "uri": f"https://x/m{n}", "one": 1 + n % ACTORS, "other": 1 + (n * 7) % ACTORS}
            for n in range(1, 5_001)
        ],
    )
    yield (
        "INSERT INTO check_ins (match_id, author_id, uri, sort, day, text, written)"
        " VALUES (:match, 1, :uri, 'check-in', '', '', 1)",
        [{"match": 1 + n % 5_000, "uri": f"https://x/n{n}"} for n in range(10_000)],
    )
    yield "INSERT INTO experts (actor_id, role) VALUES (:n, 'nurse')", [{"n": n} for n in range(1, ACTORS + 1)]
    yield (
        "INSERT INTO expertise (word, sort, actor_id) VALUES (:word, 'topic', :n)",
        [{"word": f"topic{n % 40}", "n": n} for n in range(1, ACTORS + 1)],
    )


async def _fitting(db: Reading) -> object:
    board = Board(FIRST + 7, "request", "team", "", 0, 0, 1, 0, 1, "open", "open")
    return await boards.fitting(db, board, author_id=AUTHOR, reader_id=ME, now=NOW)


def _relations(random: Random) -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """How members stand to others, beside follows."""
    yield (
        "INSERT INTO mutes (member_id, target_id, ends) VALUES (:one, :other, :ends)",
        [
            {"one": member, "other": other, "ends": LAST if other % 3 else NOW + other}
            for member in range(1, MEMBERS + 1)
            for other in random.sample(range(1, ACTORS + 1), 200)
        ],
    )
    pairs: list[dict[str, Value]] = [{"one": one, "other": n} for one in range(1, MEMBERS + 1) for n in range(100, 200)]
    yield "INSERT INTO notes (member_id, target_id, text) VALUES (:one, :other, 'Words')", pairs
    yield "INSERT INTO endorsements (member_id, target_id) VALUES (:one, :other)", pairs
    yield (
        "INSERT INTO domain_blocks (member_id, domain) VALUES (:one, :domain)",
        [{"one": one, "domain": f"h{n}.example"} for one in range(1, MEMBERS + 1) for n in range(30, 1_000)],
    )
    yield (
        "INSERT INTO lists (id, member_id, title, replies) VALUES (:n, :member, 'Wards', 'list')",
        [{"n": n, "member": 1 + (n - 1) % MEMBERS} for n in range(1, 1_000)],
    )
    yield (
        "INSERT INTO archives (member_id, file, asked) VALUES (:n, :file, :n)",
        [{"n": n, "file": f"{n}.zip"} for n in range(1, MEMBERS + 1)],
    )
    yield (
        "INSERT INTO imports (member_id, kind, asked, total) VALUES (:n, 'following', :n, 100)",
        [{"n": n} for n in range(1, MEMBERS + 1)],
    )
    yield (
        "INSERT INTO import_rows (member_id, line, subject, cells, done, problem)"
        " VALUES (:member, :line, :subject, '[]', :done, :problem)",
        [
            {"member": 1 + n % MEMBERS, "line": 1 + n // MEMBERS, "subject": f"a{n}@x.example",
             "done": NOW if n % 3 else None, "problem": "" if n % 11 else "not found"}
            for n in range(ROWS)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO list_accounts (list_id, actor_id) VALUES (:list, :other)",
        [{"list": n, "other": other} for n in range(1, 1_000) for other in random.sample(range(1, ACTORS + 1), 20)],
    )
    yield (
        "INSERT INTO filters (id, member_id, title, contexts, action, ends)"
        " VALUES (:n, :member, 'Words', 'home', 'warn', :ends)",
        [{"n": n, "member": 1 + n % MEMBERS, "ends": LAST} for n in range(1, 1_000)],
    )
    numbers: list[dict[str, Value]] = [{"n": n, "filter": 1 + n % 999, "post": FIRST + n} for n in range(1, 5_000)]
    yield "INSERT INTO filter_keywords (id, filter_id, keyword) VALUES (:n, :filter, 'word')", numbers
    yield "INSERT INTO filter_statuses (id, filter_id, post_id) VALUES (:n, :filter, :post)", numbers
    some: list[dict[str, Value]] = [
        {"member": member, "tag": tag} for member in range(1, MEMBERS + 1) for tag in random.sample(range(1, 101), 40)
    ]
    yield "INSERT INTO tag_follows (member_id, tag_id) VALUES (:member, :tag)", some
    yield "INSERT INTO featured_tags (member_id, tag_id) VALUES (:member, :tag)", some[::10]
    yield (
        "INSERT INTO muted_threads (member_id, post_id) VALUES (:member, :post)",
        [{"member": 1 + n % MEMBERS, "post": FIRST + n} for n in range(1, 5_000)],
    )


def _media() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Uploads, of which few have no post, and their files."""
    yield ("INSERT INTO inquiries (email, text, written) VALUES ('', 'Words', :n)", [{"n": n} for n in range(2_000)])
    yield (
        "INSERT INTO brought (id, member_id, key, title, text, link, at, done)"
        " VALUES (:n, :member, :key, 'Words', '', '', :n, :done)",
        [{"n": n, "member": 1 + n % MEMBERS, "key": b"%d" % n, "done": n if n % 20 else None} for n in range(1, 5_000)],
    )
    yield (
        "INSERT INTO digests (member_id, weekday, hour, due) VALUES (:n, 4, 7, :due)",
        [{"n": n, "due": NOW + n} for n in range(1, MEMBERS + 1)],
    )
    yield (
        "INSERT INTO prompts (post_id, author_id, due, months, asked) VALUES (:post, :author, :due, 3, :asked)",
        [
            {"post": FIRST + n, "author": 1 + n % MEMBERS, "due": NOW - 5_000 + n, "asked": NOW - 15_000 + n}
            for n in range(1, ROWS)
        ],
    )
    yield (
        "INSERT INTO attachments (id, post_id, actor_id, media_type, url, uploaded)"
        " VALUES (:n, :post, :actor, 'image/png', 'x', :n)",
        [{"n": n, "post": FIRST + n if n % 200 else None, "actor": 1 + n % MEMBERS} for n in range(1, ROWS)],
    )
    yield (
        "INSERT INTO files (name, role, attachment_id, size, created) VALUES (:name, 'original', :attachment, 1, :n)",
        [{"name": f"{n:032x}.png", "attachment": n if n % 200 else None, "n": n} for n in range(1, ROWS)],
    )


def _groups() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """What was sent to groups, and who waits for them."""
    yield (
        "INSERT INTO submissions (group_id, post_id, state, created) VALUES (:team, :post, :state, 1)",
        [
            {"team": 100 + n % 300, "post": FIRST + n, "state": "passed" if n % 40 else "waiting"}
            for n in range(0, ROWS, 4)
        ],
    )
    yield (
        "INSERT INTO admissions (group_id, actor_id, way, uri, created) VALUES (:team, :actor, :way, '', 1)",
        [
            {"team": 100 + n % 300, "actor": 1 + n // 300, "way": "asked" if n % 2 else "invited"}
            for n in range(ROWS // 2)
        ],
    )


def _traffic() -> Iterator[tuple[LiteralString, list[dict[str, Value]]]]:
    """Who comes in, what came in and what is to go out."""
    yield (
        "INSERT INTO sessions (token, member_id, agent, created, seen) VALUES (:token, :member, 'x', 1, :seen)",
        [{"token": b"%d" % n, "member": 1 + n % MEMBERS, "seen": NOW - n} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO passkeys (member_id, credential, public, counter, name, created)"
        " VALUES (:member, :token, :token, 0, '', 1)",
        [{"token": b"%d" % n, "member": 1 + n % MEMBERS} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO recovery_codes (member_id, code) VALUES (:member, :token)",
        [{"token": b"%d" % n, "member": 1 + n % MEMBERS} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO sign_ins (token, member_id, target, expires) VALUES (:token, :member, '/', :end)",
        [{"token": b"%d" % n, "member": 1 + n % MEMBERS, "end": NOW + n} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO tokens (id, token, member_id, scopes, created) VALUES (:n, :token, :member, 'push', 1)",
        [{"n": n, "token": b"%d" % n, "member": 1 + n % MEMBERS} for n in range(1, ROWS)],
    )
    yield (
        "INSERT INTO push_subscriptions (id, token_id, member_id, access_token, endpoint, host, shard, public, auth,"
        " alerts, policy) VALUES (:n, :n, :member, '', '', 'push.example', 1, '', '', ' mention ', 'all')",
        [{"n": n, "member": 1 + n % MEMBERS} for n in range(1, ROWS // 2)],
    )
    yield (
        "INSERT INTO conversations (id, member_id, people, last_post_id) VALUES (:n, :member, :people, :post)",
        [{"n": n, "member": 1 + n % MEMBERS, "people": str(n), "post": FIRST + n} for n in range(1, ROWS // 2)],
    )
    yield (
        "INSERT INTO conversation_posts (conversation_id, post_id) VALUES (:n, :post)",
        [{"n": n, "post": FIRST + n} for n in range(1, ROWS // 2)],
    )
    yield (
        "INSERT INTO received (uri, arrived, actor_id) VALUES (:uri, :arrived, :actor)",
        [{"uri": f"https://x/{n}", "arrived": n, "actor": 1 + n % ACTORS} for n in range(ROWS)],
    )
    yield (
        "INSERT INTO activities_out (id, uri, object_uri, signer_id, body, created)"
        " VALUES (:n, :uri, :uri, 1, :body, 1)",
        [{"n": n, "uri": f"https://x/{n}", "body": b"{}"} for n in range(1, ROWS + 1)],
    )
    yield (
        "INSERT INTO jobs (kind, shard, host, activity_id, due, promised) VALUES (:kind, :shard, :host, :n, :due, 1)",
        [
            {"kind": "deliver" if n % 10 else "redeliver", "shard": n % 64, "host": f"h{n % 400}.example",
             "n": n, "due": 0 if n % 10 and n % 3 else jobs.PARKED if n % 10 else 1 + n}
            for n in range(1, ROWS + 1)
        ],
    )  # fmt: skip


def _post(random: Random, n: int) -> dict[str, Value]:
    author = random.randint(1, ACTORS)
    parent = FIRST + random.randrange(n) if n and random.random() < 0.3 else None
    boost = FIRST + random.randrange(n) if n and parent is None and random.random() < 0.1 else None
    return {
        "id": FIRST + n, "uri": f"https://x/p/{n}", "author": author, "local": 1 if author <= MEMBERS else None,
        "kind": "plain" if n % 20 else "safety-note",
        "visibility": "public" if random.random() < 0.8 else "private",
        "text": f"words of post {n}" if n % 500 else "falls prevention", "parent": parent,
        "parent_uri": "" if parent is None else f"https://x/p/{parent - FIRST}",
        "answered": None if parent is None else 1 + parent % ACTORS, "boost": boost,
    }  # fmt: skip


async def _fill(database: Database) -> None:
    for statement, rows in _rows():
        statement += " ON CONFLICT DO NOTHING"
        for start in range(0, len(rows), 2_000):
            async with database.writing() as db:
                if database.dialect == "postgres":  # no triggers, no references: the rows are what counts here
                    await db.run("SET LOCAL session_replication_role = replica")
                await db.many(statement, rows[start : start + 2_000])
    if database.dialect == "sqlite":
        async with database.writing() as db:
            await db.run("ANALYZE")
    else:
        await database.scrub()  # VACUUM, so that statistics and visibility are as after a night
        async with database.writing() as db:
            await db.run("ANALYZE")


@pytest.fixture(scope="module")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "plans.db"

    async def make() -> None:
        database = await open_database(path)
        try:
            await migrate(database)
            await _fill(database)
        finally:
            await database.close()

    with asyncio.Runner() as runner:
        runner.run(make())
    return path


@pytest.fixture(scope="module")
def filled_postgres(postgres_server: postgres.Server) -> str:
    async def make() -> str:
        url = postgres_server.url(await postgres_server.fresh())
        database = await open_database(url)
        try:
            await _fill(database)
        finally:
            await database.close()
        return url

    with asyncio.Runner() as runner:
        return runner.run(make())


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> str | Path:
    """Where the filled database of a dialect is: one for all tests, which read and change nothing."""
    found: str | Path = request.getfixturevalue(f"filled_{request.param}")
    return found


class Explaining:
    """A view that runs each query, and keeps how the database says it does so. Satisfies ``Reading``."""

    def __init__(self, db: Reading) -> None:
        self._db = db
        self.plans: list[tuple[str, Any]] = []

    @property
    def dialect(self) -> Dialect:
        return self._db.dialect

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        if self.dialect == "sqlite":
            plan = await self._db.rows("EXPLAIN QUERY PLAN " + sql, **values)
            self.plans.append((sql, [row["detail"] for row in plan]))
        else:
            row = await self._db.row("EXPLAIN (FORMAT JSON) " + sql, **values)
            assert row is not None
            self.plans.append((sql, json.loads(row[0])[0]["Plan"]))
        return await self._db.rows(sql, **values)

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        found = await self.rows(sql, **values)
        return found[0] if found else None


async def _recounted(db: Reading) -> object:
    return await actors.recounted(db, await actors.by_id(db, ME))


def _bad_sqlite(details: Sequence[str]) -> list[str]:
    bad = [one for one in details if (m := re.match(r"SCAN (\w+)", one)) and m[1] in LARGE and "VIRTUAL" not in one]
    # A sort of what one post has around it, or of one thread, is small by nature.
    return bad + [one for one in details if one == "USE TEMP B-TREE FOR ORDER BY"]


def _bad_postgres(plan: Mapping[str, Any]) -> list[str]:
    bad = []
    if plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") in LARGE:
        bad.append(f"Seq Scan of {plan['Relation Name']} as {plan['Alias']}")
    if plan["Node Type"] in ("Sort", "Incremental Sort"):
        rows = max(inner["Plan Rows"] for inner in plan["Plans"])
        if rows > SORTED:
            bad.append(f"Sort of {rows} rows")
    return bad + [one for inner in plan.get("Plans", ()) for one in _bad_postgres(inner)]


List = Callable[[Reading], Awaitable[object]]
# What 0077 fills in while everybody waits for the upgrade.
_ASKED = (
    (FOLDER / "0077_prompts.sql").read_text().partition("INTO prompts (post_id, author_id, due)")[2].partition(";")[0]
)
LISTS: dict[str, List] = {
    "authors to be asked": lambda db: db.rows(_ASKED),  # pyright: ignore[reportArgumentType] - our own file
    "home": lambda db: timelines.home(db, reader_id=ME, page=AFTER, now=NOW),
    "home upwards": lambda db: timelines.home(db, reader_id=ME, page=UP, now=NOW),
    "public": lambda db: timelines.public(db, reader_id=ME, page=AFTER, now=NOW),
    "public upwards": lambda db: timelines.public(db, reader_id=0, page=UP, now=NOW),
    "public here": lambda db: timelines.public(db, reader_id=ME, page=AFTER, now=NOW, local=True),
    "public elsewhere": lambda db: timelines.public(db, reader_id=ME, page=AFTER, now=NOW, local=False),
    "letters": inquiries.oldest,
    "letters, counted": inquiries.count,
    "a badge": lambda db: badges.of(db, ME),
    "badges": lambda db: badges.worn(db, after=1, limit=200),
    "entries to share": lambda db: brought.newest(db, ME, before=LAST, limit=20),
    "an entry to share": lambda db: brought.by_id(db, 7, member_id=ME),
    "entries to share, counted": lambda db: brought.count(db, ME),
    "pages of the sitemap": sitemaps.firsts,
    "a page of the sitemap": lambda db: sitemaps.posts(db, first=FIRST + 100, end=FIRST + 4_000),
    "where a page of the sitemap ends": lambda db: sitemaps.end_of(db, FIRST + 100),
    "teams of the sitemap": sitemaps.teams,
    "kind": lambda db: timelines.of_kind(db, "safety-note", reader_id=ME, page=AFTER, now=NOW),
    "tag": lambda db: timelines.tagged(db, "tag7", reader_id=ME, page=AFTER, now=NOW),
    "tag upwards": lambda db: timelines.tagged(db, "tag7", reader_id=ME, page=UP, now=NOW),
    "author": lambda db: timelines.by_author(db, AUTHOR, reader_id=ME, page=AFTER, wanted=Wanted()),
    "author without": lambda db: timelines.by_author(
        db, AUTHOR, reader_id=0, page=AFTER, wanted=Wanted(replies=False, boosts=False)
    ),
    "board": lambda db: boards.open_ones(db, "offer", reader_id=ME, page=AFTER, now=NOW),
    "board of a topic": lambda db: boards.open_ones(
        db, "request", topic="topic7", level="team", reader_id=ME, page=AFTER, now=NOW
    ),
    "board of some": lambda db: boards.open_of(db, [AUTHOR, ME], "offer", limit=20),
    "what fits": lambda db: _fitting(db),
    "topics of a board": lambda db: boards.topics_of(db, [POST]),
    "posts that do not say how they stand": lambda db: boards.unsaid(db, limit=50),
    "matches": lambda db: matches.of(db, [AUTHOR], limit=40),
    "match by its Offer": lambda db: matches.by_uri(db, "https://x/m7"),
    "notes of a match": lambda db: check_ins.of(db, 7),
    "inboxes of matches": lambda db: matches.inboxes_of(db, AUTHOR),
    "experts": lambda db: experts.found(db, reader_id=ME, limit=20),
    "experts of a topic": lambda db: experts.found(db, topic="topic7", role="nurse", reader_id=ME, limit=20),
    "what some can be asked": lambda db: experts.of(db, [AUTHOR, ME]),
    "questions": lambda db: questions.newest(db, unanswered=False, reader_id=ME, page=AFTER, now=NOW),
    "unanswered questions": lambda db: questions.newest(db, unanswered=True, reader_id=ME, page=AFTER, now=NOW),
    "author and tag": lambda db: timelines.tagged_by(db, AUTHOR, "tag7", reader_id=ME, page=AFTER),
    "pinned": lambda db: timelines.pinned(db, AUTHOR, reader_id=ME),
    "liked": lambda db: timelines.liked(db, reader_id=ME, page=Page()),
    "bookmarked": lambda db: timelines.bookmarked(db, reader_id=ME, page=Page()),
    "one": lambda db: timelines.one(db, POST, reader_id=ME),
    "some": lambda db: timelines.some(db, listed([POST, POST + 1]), reader_id=ME),
    "post": lambda db: posts.by_id(db, FIRST + 778, reader_id=AUTHOR),
    "posts": lambda db: posts.by_ids(db, [POST, POST + 1]),
    "replies": lambda db: posts.replies_to(db, POST, after=0, limit=40),
    "interested": lambda db: posts.interested_inboxes(db, POST),
    "likers": lambda db: reactions.likers(db, POST, Page()),
    "boosters": lambda db: reactions.boosters(db, POST, Page()),
    "followers": lambda db: follows.followers(db, AUTHOR, Page()),
    "following": lambda db: follows.following(db, ME, Page()),
    "follow requests": lambda db: follows.wanting(db, ME, Page()),
    "follower inboxes": lambda db: follows.follower_inboxes(db, ME),
    "relationships": lambda db: follows.of(db, follower_id=ME, target_ids=[1, 2, AUTHOR]),
    "blocks": lambda db: blocks.newest(db, ME, Page()),
    "domain blocks": lambda db: domain_blocks.newest(db, ME, Page()),
    "domain blocks of some": lambda db: domain_blocks.of(db, member_id=ME, domains=["h1.example"]),
    "directory": lambda db: directory.found(db, reader_id=ME, now=NOW, here=False, newest=False, offset=20, limit=40),
    "directory of the newest": lambda db: directory.found(
        db, reader_id=ME, now=NOW, here=False, newest=True, offset=20, limit=40
    ),
    "directory here": lambda db: directory.found(
        db, reader_id=ME, now=NOW, here=True, newest=False, offset=20, limit=40
    ),
    "popular members": directory.popular_here,
    "cards of posts": lambda db: cards.of(db, range(FIRST, FIRST + 20)),
    "posts of a card": lambda db: timelines.linking(db, 7, reader_id=ME, page=AFTER, now=NOW),
    "newest posts of a card": lambda db: cards.newest_posts(db, 7, limit=50),
    "trending links": lambda db: trends.links(db, offset=20, limit=20),
    "trending tags": lambda db: trends.tags(db, offset=20, limit=20),
    "trending posts": lambda db: trends.posts(db, reader_id=ME, now=NOW, offset=20, limit=20),
    "endorsements": lambda db: endorsements.newest(db, ME, Page()),
    "collections": lambda db: collections.of(db, AUTHOR, Page(), reader_id=ME),
    "collections upwards": lambda db: collections.of(db, AUTHOR, Page(rising=True), reader_id=ME),
    "collections with an account": lambda db: collections.featuring(db, ME, Page(), reader_id=ME),
    "collections with an account, upwards": lambda db: collections.featuring(db, ME, Page(rising=True), reader_id=ME),
    "collection": lambda db: collections.by_id(db, 7, reader_id=ME),
    "collection by uri": lambda db: collections.by_uri(db, "https://x/c7"),
    "count of collections": lambda db: collections.count(db, ME),
    "who is in collections": lambda db: collections.items(db, range(1, 41), reader_id=ME),
    "who is in a collection": lambda db: collections.accounts(db, 7, reader_id=ME),
    "all that was in a collection": lambda db: collections.every(db, 7),
    "place in a collection": lambda db: collections.place(db, collection_id=7, actor_id=AUTHOR),
    "some collections": lambda db: collections.by_ids(db, range(1, 41), reader_id=ME),
    "place in collections": lambda db: collections.item(db, 7),
    "in collections of another": lambda db: collections.featured_by(db, owner_id=ME, actor_id=AUTHOR),
    "measures": lambda db: measures.of(db, AUTHOR, Page(), reader_id=ME),
    "names of measures": lambda db: measures.names(db, AUTHOR, reader_id=ME, limit=10),
    "shared measures of a group": lambda db: shared.of(db, AUTHOR, reader_id=ME),
    "shared measures by their ids": lambda db: shared.by_uris(db, ["https://x/shared-measures/7"], reader_id=ME),
    "numbers against shared measures": lambda db: shared.results(
        db, AUTHOR, ["https://x/shared-measures/299", "https://x/shared-measures/799"], reader_id=ME
    ),
    "who of us follows somebody": lambda db: follows.followed_here(db, AUTHOR),
    "measures upwards": lambda db: measures.of(db, AUTHOR, Page(rising=True), reader_id=ME),
    "measure": lambda db: measures.by_id(db, 7, reader_id=ME),
    "some measures": lambda db: measures.by_ids(db, range(1, 7), reader_id=ME),
    "count of measures": lambda db: measures.count(db, ME),
    "changes of measures": lambda db: measures.changes_of(db, range(1, 101)),
    "changes of a measure": lambda db: measures.changes(db, 7),
    "notes": lambda db: notes.of(db, member_id=ME, target_ids=[1, 2, AUTHOR]),
    "with a domain": lambda db: follows.with_domain(db, ME, "h1.example", limit=50),
    "familiar": lambda db: follows.familiar(db, member_id=ME, target_ids=[AUTHOR, AUTHOR + 1]),
    "lists": lambda db: lists.of(db, ME),
    "browsers": lambda db: sessions.of(db, ME, b"x", now=NOW),
    "apps": lambda db: tokens.grants(db, ME),
    "lists with an account": lambda db: lists.of_account(db, member_id=ME, actor_id=AUTHOR),
    "accounts of a list": lambda db: lists.accounts(db, ME, Page()),
    "list": lambda db: timelines.of_list(db, lists.List(ME, ME, "Wards", Replies.LIST, None), page=AFTER, now=NOW),
    "list upwards": lambda db: timelines.of_list(
        db, lists.List(ME, ME, "Wards", Replies.FOLLOWED, None), page=UP, now=NOW
    ),
    "conversations with a post": lambda db: conversations.holding(db, [POST, POST + 1], [ME, ME + 1]),
    "direct posts": lambda db: conversations.posts_of(db, ME, AFTER),
    "direct posts upwards": lambda db: conversations.posts_of(db, ME, UP),
    "conversations": lambda db: conversations.some(db, ME, [1, 2, 3]),
    "filters": lambda db: filters.of(db, ME),
    "active filters": lambda db: filters.active(db, ME, now=NOW),
    "words": lambda db: filters.words(db, [POST, POST + 1]),
    "count of filters": lambda db: filters.count(db, ME),
    "followed tags": lambda db: tag_follows.newest(db, ME, Page()),
    "followed tags of some": lambda db: tag_follows.of(db, member_id=ME, tag_ids=[1, 2, 3]),
    "featured tags": lambda db: featured_tags.of(db, ME),
    "suggested tags": lambda db: featured_tags.suggested(db, ME, limit=10),
    "muted threads": lambda db: muted_threads.of(db, member_id=ME, post_ids=[POST, POST + 1, POST + 2]),
    "mutes": lambda db: mutes.newest(db, ME, Page(), now=NOW),
    "mutes of some": lambda db: mutes.of(db, member_id=ME, target_ids=[1, 2, AUTHOR], now=NOW),
    "requests": lambda db: held.newest(db, ME, Page()),
    "notifications held back": lambda db: held.count(db, ME),
    "notifications of an account": lambda db: notifications.newest(db, ME, Page(), now=NOW, of_id=AUTHOR),
    "notifications": lambda db: notifications.newest(db, ME, Page(), now=NOW),
    "notifications of a reason": lambda db: notifications.newest(
        db, ME, Page(), now=NOW, reasons=listed(["favourite"])
    ),
    "actor": lambda db: actors.by_handle(db, "a300", "h20.example"),
    "actors": lambda db: actors.by_ids(db, [1, 2, 3]),
    "counters of an actor": _recounted,
    "found": lambda db: actors.found(db, start="a3", limit=20),
    "mentions": lambda db: mentions.of(db, [POST, POST + 1]),
    "tags": lambda db: tags.of(db, [POST, POST + 1]),
    "tags starting": lambda db: tags.starting(db, "tag1", limit=10),
    "search of a rare word": lambda db: search.posts(db, "prevention", reader_id=ME, now=NOW, before=1 << 62, limit=20),
    "search of a common word": lambda db: search.posts(db, "words", reader_id=ME, now=NOW, before=1 << 62, limit=20),
    "search with synonyms": lambda db: _hits(db, "venflon words"),
    "search for a topic": lambda db: _hits(db, "falls"),
    "search of a common word by facets": lambda db: _hits(db, "words", Filters("idea", "en", True, ("topic=falls",))),
    "posts by facets": lambda db: _hits(db, "", Filters(facets=("topic=falls", "evidence=research", "harm=h2"))),
    "posts by a facet that is rare": lambda db: _hits(db, "", Filters(facets=("topic=sepsis",))),
    "posts of a kind by language": lambda db: _hits(db, "", Filters("safety-note", "cy")),
    "posts by language": lambda db: _hits(db, "", Filters(language="cy")),
    "posts here by language": lambda db: _hits(db, "", Filters(language="cy", here=True)),
    "facets, counted": lambda db: facets.counts(db, range(FIRST, FIRST + 500)),
    "topics, counted": lambda db: topics.topic_counts(db, ["falls", "t3", "sepsis"]),
    "posts about a topic": lambda db: topics.newest(db, "falls", reader_id=ME, now=NOW, page=AFTER),
    "posts about a topic upwards": lambda db: topics.newest(db, "falls", reader_id=ME, now=NOW, page=UP),
    "best evidence": lambda db: topics.best(db, "falls", reader_id=ME, now=NOW, limit=5),
    "what numbers say": lambda db: topics.measured(db, "falls", reader_id=ME, now=NOW, limit=3),
    "alerts": lambda db: topics.alerts(db, "falls", reader_id=ME, now=NOW, today="2026-11-28"),
    "where to start": lambda db: topics.starts(db, "t3", reader_id=ME),
    "highlights": lambda db: highlights.newest(db, 1, reader_id=ME, page=AFTER),
    "highlights upwards": lambda db: highlights.newest(db, 1, reader_id=ME, page=UP),
    "highlights of a month": lambda db: highlights.of_month(db, 1, "2015-03", reader_id=ME),
    "months with highlights": lambda db: highlights.months(db, 1),
    "where a post is a highlight": lambda db: highlights.of_post(db, FIRST + 50, reader_id=ME),
    "highlights of an editor": lambda db: highlights.chosen_by(db, ME),
    "one highlight": lambda db: highlights.one(db, 7, reader_id=ME),
    "whether a post was chosen": lambda db: highlights.chosen(db, FIRST + 50),
    "whether any is loose": highlights.loose,
    "highlights pinned": lambda db: highlights.pinned_before(db, 1, keep=3),
    "people here": lambda db: directory.count_here(db, actors.ActorKind.PERSON, most=1_000),
    "teams of a server": lambda db: directory.known_at(db, actors.ActorKind.GROUP, "h3.example", limit=12),
    "summary of a topic": lambda db: topics.summary(db, "falls"),
    "who waits": lambda db: joined.waiting(db, after=0, limit=200),
    "invitations": lambda db: invitations.newest(db, before=LAST, limit=200),
    "link": lambda db: links.by_token(db, b"x", Purpose.RESET, now=NOW),
    "passkeys": lambda db: passkeys.of(db, ME),
    "key of a server": lambda db: keys.owner_unless_shut(db, "https://a7.example#key", '["a7.example", "example"]'),
    "passkey": lambda db: passkeys.by_credential(db, b"x"),
    "authenticator": lambda db: authenticators.of(db, ME),
    "recovery codes": lambda db: authenticators.codes_left(db, ME),
    "way in": lambda db: sign_ins.by_token(db, b"x", now=NOW),
    "who is to be erased": lambda db: members.overdue(db, now=members.WAIT + 20, limit=200),
    "all of an author": lambda db: posts.all_by(db, AUTHOR, after=0, limit=100),
    "all of an author, counted": lambda db: posts.count_by(db, AUTHOR),
    "addresses of thanks": lambda db: reactions.liked_uris(db, ME, before=LAST, limit=100),
    "addresses of what is saved": lambda db: reactions.saved_uris(db, ME, before=LAST, limit=100),
    "announcements": lambda db: announcements.standing(db, member_id=ME, now=NOW),
    "versions of announcements": lambda db: announcements.versions(db, now=NOW),
    "announcements by id": lambda db: announcements.by_ids(db, [1, 199]),
    "reactions to announcements": lambda db: announcements.reactions(db, [196, 199], member_id=ME),
    "all notes": lambda db: notes.all_of(db, ME, after=0, limit=100),
    "choices": lambda db: polls.votes_of(db, ME, after=0, limit=100),
    "all that waits": lambda db: pending.all_by(db, ME, before=LAST, limit=100),
    "digests that are due": lambda db: digests.due(db, now=NOW, limit=100),
    "prompts that are due": lambda db: prompts.due(db, now=NOW, limit=200),
    "prompts of a member": lambda db: prompts.open_for(db, 5, since=NOW, limit=3),
    "prompts of authors": lambda db: prompts.asked_since(db, [3, 5], since=NOW),
    "prompt about a post": lambda db: prompts.open_of(db, POST),
    "quiet times": lambda db: quiet_times.of(db, 5),
    "digest of a member": lambda db: digests.of(db, 5),
    "archives that are somebody's": lambda db: archives.known(db, ["7.zip"]),
    "members who follow": lambda db: moves.followers(db, AUTHOR, after=0, limit=20),
    "members who block": lambda db: moves.blockers(db, AUTHOR, after=0, limit=20),
    "where somebody moved": lambda db: moves.of(db, AUTHOR),
    "rows to bring": lambda db: imports.waiting(db, ME, limit=20),
    "rows that failed": lambda db: imports.failed(db, ME, after=0, limit=200),
    "rows about some": lambda db: imports.named(db, ME, ["a7@x.example", "a8@x.example"]),
    "account by address": lambda db: members.with_actor(db, email="m1@mail.example", handle="a1"),
    "attachments": lambda db: attachments.of(db, [POST, POST + 1]),
    "upload": lambda db: attachments.upload(db, 200, actor_id=1),
    "uploads": lambda db: attachments.uploads(db, [200, 400], actor_id=1),
    "file as sent": lambda db: files.sent(db, 7),
    "files without an owner": lambda db: files.loose(db, limit=100),
    "files that are known": lambda db: files.known(db, [f"{7:032x}.png"]),
    "files in order": lambda db: files.some(db, after="8", before=LAST, limit=100),
    "polls": lambda db: polls.of(db, [FIRST + n for n in range(0, 200, 10)], reader_id=ME),
    "lineage": lambda db: lineage.counts(db, [FIRST + n for n in range(0, 200, 10)]),
    "lineage below": lambda db: lineage.children(db, POST, reader_id=ME, page=AFTER),
    "lineage below upwards": lambda db: lineage.children(db, POST, reader_id=ME, page=UP),
    "lineage far below": lambda db: lineage.below(db, [POST, FIRST + 3], reader_id=ME),
    "lineage above": lambda db: lineage.above(db, FIRST + 4_000, reader_id=ME),
    "who wrote the same": lambda db: lineage.same_inboxes(db, POST),
    "lineage of the same": lambda db: lineage.same(db, POST, reader_id=ME, limit=10),
    "lineage here": lambda db: lineage.here(db, ["https://x/p/1", "https://x/p/2"]),
    "lineage to look at": lambda db: lineage.stale(db, [POST, FIRST + 3], before=NOW, limit=5),
    "lineage of members": lambda db: lineage.heirs_here(db, "https://x/p/9", after=0, limit=20),
    "lineage affects": lambda db: affected.said(db, post_id=POST, actor_id=ME),
    "lineage at a stage": lambda db: ideas.at_stage(db, "tested", reader_id=ME, page=AFTER, now=NOW),
    "lineage at a stage upwards": lambda db: ideas.at_stage(db, "tested", reader_id=ME, page=UP, now=NOW),
    "lineage of a call": lambda db: ideas.answering(db, "https://x/call/3", reader_id=ME, page=AFTER, now=NOW),
    "quotes": lambda db: quotes.of(db, [FIRST + n for n in range(0, 200, 10)]),
    "quotes as read": lambda db: quotes.shown_to(db, [FIRST + n for n in range(0, 200, 10)], reader_id=ME, now=NOW),
    "who quotes": lambda db: quotes.quoting(db, POST, reader_id=ME, page=AFTER, now=NOW),
    "who quotes upwards": lambda db: quotes.quoting(db, POST, reader_id=ME, page=UP, now=NOW),
    "what allows a quote": lambda db: quotes.stamp_by_id(db, 7),
    "scheduled": lambda db: pending.scheduled(db, ME, AFTER),
    "scheduled upwards": lambda db: pending.scheduled(db, ME, UP),
    "scheduled, counted": lambda db: pending.count_scheduled(db, ME, since=NOW, until=NOW + 9),
    "what guardians have to read": lambda db: cases.queue(db, limit=20),
    "what guardians have to read, counted": lambda db: cases.count_open(db),
    "cases of what waits": lambda db: cases.of(db, [FIRST + 10, FIRST + 30]),
    "what waits, by ids": lambda db: pending.by_ids(db, [FIRST + 10, FIRST + 30]),
    "files of what waits": lambda db: attachments.of_pending(db, [FIRST + 10, FIRST + 30]),
    "what is hidden": lambda db: hidden.some(db, [FIRST + 10, FIRST + 30]),
    "what was kept hidden": lambda db: hidden.kept(db, before=NOW, limit=50),
    "what people say": lambda db: concerns.comments(db, [10, 30], each=10),
    "a post that a guardian read": lambda db: concerns.read_before(db, FIRST + 10, version=0),
    "a post that waits for a guardian": lambda db: concerns.waits(db, FIRST + 10),
    "what was no finding": lambda db: cases.mistaken(db, [10, 30]),
    "a month of guardians": lambda db: cases.numbers(db, since=5_000, until=5_200),
    "findings that were none in a month": lambda db: cases.mistakes(db, since=5_000, until=5_200),
    "guardians": lambda db: guardians.all_of_them(db),
    "teams of a member": lambda db: teams.of(db, ME),
    "who is in a team": lambda db: teams.members(db, AUTHOR),
    "what somebody is in a team": lambda db: teams.place(db, AUTHOR, ME),
    "teams here of a member": lambda db: teams.every(db, ME),
    "who keeps a team": lambda db: teams.moderators(db, AUTHOR),
    "groups somebody leads": lambda db: teams.count_led(db, ME),
    "members elsewhere of private groups": lambda db: teams.inboxes(db, ME, [AUTHOR]),
    "private groups with somebody": lambda db: teams.private_with(db, ME, [AUTHOR]),
    "what a group is": lambda db: groups.of(db, AUTHOR),
    "groups that take posts": lambda db: groups.taking(db, ["https://h20.example/users/a300"]),
    "who asks to be in a group": lambda db: admissions.of_group(db, AUTHOR, admissions.Way.ASKED),
    "invitations of a member": lambda db: admissions.invitations_of(db, ME),
    "who waits for a member": lambda db: admissions.waiting_for(db, ME),
    "what waits for a member in groups": lambda db: admissions.kept_by(
        db, ME, actor_ids=range(1, 200), post_ids=range(1, 200)
    ),
    "what waits between two": lambda db: admissions.between(db, AUTHOR, ME),
    "who of a server asks to be in a group": lambda db: admissions.room_to_ask(db, AUTHOR, "h7.example"),
    "which groups of a server ask somebody in": lambda db: admissions.room_to_invite(db, ME, "h7.example"),
    "what was asked with an activity": lambda db: admissions.named(db, "https://x/7", by_id=ME),
    "what was joined with an activity": lambda db: teams.joined_as(db, ME, "https://x/7"),
    "who of a server is in a group": lambda db: teams.room_for(db, AUTHOR, "h7.example"),
    "what of a server waits for a group": lambda db: submissions.room(db, AUTHOR, author_id=7, domain="h7.example"),
    "groups that passed a post on": lambda db: submissions.passed_by(db, "https://x/7"),
    "whether a group knows an author": lambda db: submissions.known(db, AUTHOR, 7),
    "what waits for a group": lambda db: submissions.waiting(db, AUTHOR),
    "groups that a member keeps": lambda db: submissions.kept_with(db, POST, author_id=AUTHOR, member_id=ME),
    "groups of a post": lambda db: submissions.groups_of(db, POST),
    "who wrote": lambda db: audit.wrote(db, ME, "https://x/7"),
    "what was asked for": lambda db: pending.asked(db, AUTHOR, "k", writer_id=ME),
    "where a post went": lambda db: audiences.of(db, POST),
    "where posts of an author went": lambda db: audiences.of_author(db, AUTHOR),
    "who asked for a post": lambda db: audiences.fetchers(db, FIRST + 77),
    "what points at a page": lambda db: pointers.at(db, "source", "h7.example:/?", reader_id=ME, limit=5),
    "what is out of date": lambda db: pointers.lapsing(db, today="2027-01-01"),
    "recalls": lambda db: recalls.newest(db, before=LAST, limit=30),
    "recalls of an author": lambda db: recalls.newest_of(db, AUTHOR, before=LAST, limit=30),
    "how a post was taken back": lambda db: recalls.taken_back(db, 7),
    "servers of a recall": lambda db: recalls.hosts(db, 7, after="", limit=100),
    "servers of recalls, counted": lambda db: recalls.counts(db, listed([7, 8, 9])),
    "servers that are looked for": lambda db: recalls.sought(db, 7),
    "who is to be told of a recall": lambda db: concerned.to_tell(db, 7, after=0, limit=20),
    "a warning": lambda db: warned.was(db, ME, "x", now=NOW),
    "events to come of a group": lambda db: events.of_group(db, AUTHOR, reader_id=ME, now=NOW, limit=5),
    "events to come": lambda db: events.coming(db, reader_id=ME, now=NOW, after=None, limit=20),
    "past events": lambda db: events.past(db, reader_id=ME, now=NOW, before=None, limit=20),
    "events about a topic": lambda db: events.coming(db, reader_id=ME, now=NOW, after=None, limit=20, tag="tag7"),
    "past events about a topic": lambda db: events.past(db, reader_id=ME, now=NOW, before=None, limit=20, tag="tag7"),
    "an event": lambda db: events.one(db, FIRST + 8),
    "ways in": lambda db: events.links_of(db, ME),
    "who comes": lambda db: attendance.of(db, FIRST + 8, attendance.State.JOINED, after=0, limit=200),
    "where somebody comes": lambda db: attendance.by(db, ME, before=LAST, limit=100),
    "how it stands with somebody": lambda db: attendance.of_member(db, [FIRST + 8, FIRST + 12], ME),
    "where the news of an event go": lambda db: attendance.inboxes(db, FIRST + 8),
    "places that were left": lambda db: attendance.unsettled(db, now=NOW, limit=20),
    "open consultations": lambda db: consultations.still_open(db, reader_id=ME, now=NOW, before=LAST, limit=20),
    "consultations that are over": lambda db: consultations.without_summary(
        db, reader_id=ME, now=NOW, before=LAST, limit=20
    ),
    "consultations with a summary": lambda db: consultations.concluded(db, reader_id=ME, before=LAST, limit=20),
    "who answered, counted": lambda db: consultations.voters(db, FIRST + 770),
    "who answered elsewhere": lambda db: consultations.answerers_inboxes(db, FIRST + 770),
    "voters elsewhere": lambda db: polls.voter_inboxes(db, FIRST + 770),
    "a message that is due": lambda db: push_subscriptions.due(db, 7, 7, now=NOW),
    "deliveries": lambda db: jobs.deliveries(db, range(8), after=0, limit=1000),
    "deliveries that came late": lambda db: jobs.delivery_ids(db, range(8), after=100, until=900),
    "jobs by ids": lambda db: jobs.by_ids(db, [1, 2, 3]),
    "due": lambda db: jobs.due(db, range(8), now=NOW, limit=64),
    "due beside messages": lambda db: jobs.due(db, range(8), now=NOW, limit=64, told=["push.example"]),
    "parked": lambda db: jobs.parked(db, ["h1.example", "h2.example"], each=1000),
    "outgoing": lambda db: activities_out.by_ids(db, [1, 2, 3]),
    "about": lambda db: activities_out.about(db, "https://x/7", signer_id=1),
    "received": lambda db: received.waiting(db, "https://x/7"),
}


async def _hits(db: Reading, query: str, filters: Filters | None = None) -> object:
    return await search.hits(db, sought(query), filters or Filters(), reader_id=ME, now=NOW, before=LAST, limit=500)


# Sorted on purpose: one thread, what waits for some hosts, a page of each account of a list, a few rows.
SMALL = {
    "due", "due beside messages", "parked", "mentions", "tags", "thread", "outgoing", "about", "pinned", "found",
    "familiar", "list", "list upwards", "featured tags", "suggested tags", "attachments", "polls", "browsers", "apps",
    "who waits", "guardians", "a month of guardians", "findings that were none in a month", "files of what waits",
    "servers of a recall", "servers of recalls, counted", "account by address", "direct posts", "direct posts upwards",
    "what people say", "lineage far below", "what fits", "who asks to be in a group",
    "events about a topic", "past events about a topic", "prompts of a member",
    # At most ``search.SCANNED``, whatever there is:
    "search of a rare word", "search of a common word", "search with synonyms", "search for a topic",
    "search of a common word by facets", "posts by facets", "posts by a facet that is rare",
    "posts of a kind by language", "posts by language", "posts here by language",
}  # fmt: skip


@pytest.mark.parametrize("list", LISTS.items(), ids=LISTS)
async def test_list_reads_an_index_in_its_order(place: str | Path, list: tuple[str, List]) -> None:
    name, run = list
    database = await open_database(place)
    try:
        async with database.reading() as db:
            seen = Explaining(db)
            with suppress(Missing):
                await run(seen)
    finally:
        await database.close()

    bad = [
        (one, sql)
        for sql, plan in seen.plans
        for one in (_bad_sqlite(plan) if database.dialect == "sqlite" else _bad_postgres(plan))
        if not (name in SMALL and "SCAN" not in one.upper())
    ]
    assert seen.plans
    assert bad == []


async def test_finishing_reads_no_other_jobs(postgres_database: Database) -> None:
    async with postgres_database.writing() as db:
        await db.run("ANALYZE jobs")  # while it is empty, as it mostly is
        await shards.renew(db, "worker", now=NOW)
        held = Held("worker", await shards.take(db, "worker", most=SHARDS, now=NOW))
        await jobs.add_many(db, [NewJob(DELIVER, "[]", f"h{n}.example") for n in range(ROWS)], now=NOW)
    async with postgres_database.reading() as db:
        found = await jobs.deliveries(db, held.epochs, after=0, limit=20)

    async with postgres_database.writing() as db:
        before = await _jobs_read(db)
        done = await jobs.finish(db, [job.id for job in found], held)
        read = await _jobs_read(db) - before

    assert done == 20
    assert read < 100


async def test_what_waits_behind_the_next_deliveries_is_not_read(postgres_database: Database) -> None:
    async with postgres_database.writing() as db:
        await db.run("ANALYZE jobs")
        await jobs.add_many(db, [NewJob(DELIVER, "[]", f"h{n}.example") for n in range(ROWS)], now=NOW)

    async with postgres_database.reading() as db:
        before = await _jobs_read(db)
        found = await jobs.deliveries(db, range(0, SHARDS, 2), after=0, limit=20)
        read = await _jobs_read(db) - before

    assert len(found) == 20
    assert read < 200


async def _jobs_read(db: Reading) -> int:
    """How many rows of ``jobs`` this connection has read."""
    row = await db.row("SELECT seq_tup_read + idx_tup_fetch AS n FROM pg_stat_xact_user_tables WHERE relname = 'jobs'")
    assert row is not None
    return int(row["n"])
