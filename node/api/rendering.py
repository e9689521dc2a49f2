"""Lists of statuses as JSON: from lines to bytes in a fixed number of queries.

What is the same for all readers is made once and kept on the node's shelf under (id, version), which the list's own
query returns: nothing to invalidate, in any number of processes. What the reader did with a post comes with its line.
Only what is committed may lie there: handlers that write render in a view of its own after the commit, or ``fresh``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import orjson

from federation.documents import pages
from federation.documents.posts import Surroundings
from node.api import approvals, ballots, entities, filter_entities
from node.connecting import moving
from node.context import Node
from node.sharing import standing
from node.shelf import Shelf
from node.surfacing import filtering
from storage import (
    actors,
    apps,
    attachments,
    cards,
    hidden,
    mentions,
    muted_threads,
    polls,
    posts,
    quotes,
    tags,
    timelines,
)
from storage.actors import Actor
from storage.cards import Card
from storage.database import Missing, Reading, listed
from storage.polls import Poll
from storage.posts import Post
from storage.quotes import State
from storage.timelines import Line

_NAMES, _BODY, _ACCOUNT, _APP = "names", "body", "account", "app"
_WHOLE = "whole"  # all three in one, for the account and version that is shown: a page of known posts is 20 look-ups


async def statuses(db: Reading, node: Node, lines: Sequence[Line], *, reader_id: int) -> list[bytes]:
    """The Status of each line, in order."""
    cited = await _quotes(db, node, lines, reader_id)
    shown = await _statuses(db, node, lines, reader_id, cited)
    return [one for one in shown if one is not None]  # None: the page is larger than the shelf


async def _statuses(
    db: Reading, node: Node, lines: Sequence[Line], reader_id: int, cited: Mapping[int, bytes]
) -> list[bytes | None]:
    """The Status of each line; ``cited``: what each post quotes."""
    own = await _all_own(db, node, lines, reader_id) if reader_id and lines else [b""] * len(lines)
    asked = await _asked(db, node, lines, reader_id)
    own = [
        one + asked.get(line.post_id, _NO_POLL) + _approval(line, reader_id)
        for line, one in zip(lines, own, strict=True)
    ]
    shown = [_status(node, line, one, cited) for line, one in zip(lines, own, strict=True)]
    unknown = [line for line, one in zip(lines, shown, strict=True) if one is None]
    if unknown:
        await _shelve_posts(db, node, unknown)
        await _shelve_accounts(db, node, unknown)
        shown = [one or _status(node, line, did, cited) for line, one, did in zip(lines, shown, own, strict=True)]
    return shown


async def status(db: Reading, node: Node, line: Line, *, reader_id: int) -> bytes:
    """The Status of one line. Raises Missing when it is just gone."""
    shown = await statuses(db, node, [line], reader_id=reader_id)
    if not shown:
        raise Missing(str(line.id))
    return shown[0]


@dataclass(frozen=True, slots=True)
class Fresh:
    """The parts of a post that was just shared: on the shelf only once they are committed."""

    line: Line
    names: bytes
    body: bytes
    author: bytes
    poll: bytes
    quote: bytes

    def shown(self) -> bytes:
        """The Status, as its author sees it."""
        return b'%b%b%b%b%b,"reblog":null}' % (
            _joined(self.names, self.body, self.author),
            _own(self.line),
            self.poll,
            _approval(self.line, self.line.author_id),
            self.quote,
        )

    def put(self, node: Node) -> None:
        """Lay them on the shelf."""
        node.shelf.put((_NAMES, self.line.id), self.names)
        node.shelf.put((_BODY, self.line.id, self.line.changed), self.body)
        node.shelf.put((_ACCOUNT, self.line.author_id, self.line.author_changed), self.author)


async def fresh(db: Reading, node: Node, post: Post, author: Actor, around: Surroundings) -> Fresh:
    """The parts of a post that this transaction keeps. Nobody reacted to it yet, and nearly all of it is known."""
    author = await actors.recounted(db, author)
    tagged = await tags.of(db, [post.id]) if around.tags else {}
    shown = await _cards(db, [post])
    body = entities.status_body(
        post,
        attachments=around.attachments,
        mentions=sorted(around.mentions, key=lambda one: one.id),
        tags=tagged.get(post.id, ()),
        app=await _made_with(db, node, post.app_id),
        card=shown.get(post.id),
        base_url=node.site.base_url,
        now=node.clock(),
    )
    line = Line(
        post.id, post.id, post.changed, author.id, author.changed, None, None, False, False, False, False,
        quotes=post.quoting is not None, quote_policy=post.quote_policy,
    )  # fmt: skip
    cited = await _quotes(db, node, [line], author.id)
    return Fresh(
        line,
        orjson.dumps(entities.status_names(post)),
        orjson.dumps(body),
        orjson.dumps(entities.account(author, node.site.base_url)),
        _NO_POLL if around.poll is None else _own_poll(node, post, around.poll),
        cited.get(post.id, _NO_QUOTE),
    )


async def preview(db: Reading, node: Node, post: Post, author: Actor, around: Surroundings, *, note: str = "") -> bytes:
    """The Status of a post that is not out: nobody else sees it, nobody reacted, and it has no address yet. ``note``:
    what is said below its text."""
    if note:
        post = replace(post, html=f"{post.html}<p>{escape(note)}</p>")
    body = entities.status_body(
        post,
        attachments=around.attachments,
        mentions=around.mentions,
        tags=[tags.name_of(one) for one in around.tags],
        app=await _made_with(db, node, post.app_id),
        card=None,
        base_url=node.site.base_url,
        now=node.clock(),
    )
    did = {"favourited": False, "reblogged": False, "bookmarked": False, "pinned": False, "muted": False}
    shown = {**entities.status_names(post), "url": None, **body, **did, "filtered": [], "reblog": None}
    asked = _NO_POLL if around.poll is None else _own_poll(node, post, around.poll)
    approval = approvals.member(post.quote_policy, mine=True, follows=False, signed_in=True)
    cited = _NO_QUOTE
    if around.quote is not None:
        quote = around.quote
        found = quotes.Shown(0, quote.state.value, quote.quoted_id if quote.state is State.ACCEPTED else None)
        cited = (await _whole_quotes(db, node, {0: found}, author.id))[0]
    return orjson.dumps(shown)[:-1] + asked + approval + cited + b',"account":' + account(node, author) + b"}"


_NO_QUOTE = b',"quote":null'


def _approval(line: Line, reader_id: int) -> bytes:
    mine = line.author_id == reader_id
    return approvals.member(line.quote_policy, mine=mine, follows=line.follows, signed_in=reader_id != 0)


async def _quotes(db: Reading, node: Node, lines: Sequence[Line], reader_id: int) -> dict[int, bytes]:
    """The Quotes of lines, as the reader sees them now. Without any that is no query."""
    quoting = {line.post_id for line in lines if line.quotes}
    if not quoting:
        return {}
    found = await quotes.shown_to(db, quoting, reader_id=reader_id, now=node.clock())
    return await _whole_quotes(db, node, found, reader_id)


async def _whole_quotes(db: Reading, node: Node, found: Mapping[int, quotes.Shown], reader_id: int) -> dict[int, bytes]:
    """Each Quote with its Status; what that quotes is only named."""
    ids = {one.quoted_id for one in found.values() if one.quoted_id is not None}
    lines = list((await timelines.some(db, listed(ids), reader_id=reader_id)).values()) if ids else []
    deeper = {line.post_id for line in lines if line.quotes}
    below = await quotes.shown_to(db, deeper, reader_id=reader_id, now=node.clock()) if deeper else {}
    cited = {id: _shallow(one) for id, one in below.items()}
    shown = dict(zip((line.id for line in lines), await _statuses(db, node, lines, reader_id, cited), strict=True))
    return {
        id: b',"quote":{"state":"%b","quoted_status":%b}'
        % (one.state.encode(), shown.get(one.quoted_id or 0) or b"null")
        for id, one in found.items()
    }


def _shallow(one: quotes.Shown) -> bytes:
    """A ShallowQuote."""
    id = b"null" if one.quoted_id is None else b'"%d"' % one.quoted_id
    return b',"quote":{"state":"%b","quoted_status_id":%b}' % (one.state.encode(), id)


async def _made_with(db: Reading, node: Node, app_id: int | None) -> tuple[str, str] | None:
    """Name and website of an app: what it was registered with, for ever."""
    if app_id is None:
        return None
    kept = node.shelf.get(_APP, app_id)
    if kept is None:
        found = (await apps.names(db, listed([app_id]))).get(app_id)
        if found is None:
            return None
        kept = orjson.dumps(found)
        node.shelf.put((_APP, app_id), kept)
    name, website = orjson.loads(kept)
    return name, website


_NO_POLL = b',"poll":null'


def _own_poll(node: Node, post: Post, poll: Poll) -> bytes:
    """The Poll of a post for its author."""
    shown = ballots.entity(poll, post.id, now=node.clock(), emojis=post.emojis, voted=True)
    return b',"poll":' + orjson.dumps(shown)


async def _asked(db: Reading, node: Node, lines: Sequence[Line], reader_id: int) -> dict[int, bytes]:
    """The Polls of lines, as the reader sees them now. Without any that is no query."""
    authors = {line.post_id: line.author_id for line in lines if line.asks}
    if not authors:
        return {}
    found = await polls.of(db, authors, reader_id=reader_id)
    written = await posts.by_ids(db, found)
    now = node.clock()
    shown = {
        id: ballots.entity(
            one, id, now=now, emojis=written[id].emojis, voted=authors[id] == reader_id if reader_id else None
        )
        for id, one in found.items()
        if id in written
    }
    return {id: b',"poll":' + orjson.dumps(one) for id, one in shown.items()}


def account(node: Node, actor: Actor) -> bytes:
    """The Account of an actor, from the shelf; of who moved without the account they moved to, unless that was looked
    up (``look_up_moved``)."""
    kept = node.shelf.get(_ACCOUNT, actor.id, actor.changed)
    if kept is None:
        kept = orjson.dumps(entities.account(actor, node.site.base_url))
        if not actor.moved_to:
            node.shelf.put((_ACCOUNT, actor.id, actor.changed), kept)
    return kept


async def look_up_moved(db: Reading, node: Node, found: Sequence[Actor]) -> None:
    """Have Accounts of these who moved say where to: one query, none where nobody did or all lie on the shelf.

    They are made anew when that account is hidden or deleted (``storage.actors``); its name may be an older one.
    """
    gone = [one for one in found if one.moved_to and node.shelf.get(_ACCOUNT, one.id, one.changed) is None]
    there = await moving.known(db, gone)
    for one in gone:
        made = orjson.dumps(entities.account(one, node.site.base_url, there.get(one.moved_to)))
        node.shelf.put((_ACCOUNT, one.id, one.changed), made)


async def _all_own(db: Reading, node: Node, lines: Sequence[Line], reader_id: int) -> list[bytes]:
    """What is the reader's own of each line: what they did with it, and what of their filters and mutes it meets."""
    shown = [(line.id, line.post_id) for line in lines]
    found = await filtering.matches(db, shown, member_id=reader_id, now=node.clock())
    muted = await muted_threads.of(db, member_id=reader_id, post_ids={line.post_id for line in lines})
    filtered = {
        one: orjson.dumps([filter_entities.filter_result(match) for match in matched]) for one, matched in found.items()
    }
    return [
        _own(line, filtered.get((line.id, line.post_id), b"[]"), muted=line.post_id in muted) for line in lines
    ]  # fmt: skip


def _status(node: Node, line: Line, own: bytes, cited: Mapping[int, bytes]) -> bytes | None:
    """The Status of a line as far as its parts are on the shelf; ``own`` is its reader's part. A boost itself quotes
    nothing."""
    shown = _whole(node.shelf, line.post_id, line, line.author_id, line.author_changed)
    if shown is None:
        return None
    quote = cited.get(line.post_id, _NO_QUOTE)
    if line.booster_id is None:
        return b'%b%b%b,"reblog":null}' % (shown, own, quote)
    passed_on = _whole(node.shelf, line.id, line, line.booster_id, line.booster_changed or 0)
    if passed_on is None:
        return None
    return b'%b%b%b,"reblog":%b%b%b,"reblog":null}}' % (passed_on, own, _NO_QUOTE, shown, own, quote)


def _whole(shelf: Shelf, id: int, line: Line, actor_id: int, actor_changed: int) -> bytes | None:
    """What ``line`` shows, under ``id`` and as the words of the actor: author or booster. Its end is open."""
    kept = shelf.get(_WHOLE, id, line.changed, actor_changed)
    if kept is not None:
        return kept
    names, body = shelf.get(_NAMES, id), shelf.get(_BODY, line.post_id, line.changed)
    account = shelf.get(_ACCOUNT, actor_id, actor_changed)
    if names is None or body is None or account is None:
        return None
    made = _joined(names, body, account)
    shelf.put((_WHOLE, id, line.changed, actor_changed), made)
    return made


def _joined(names: bytes, body: bytes, account: bytes) -> bytes:
    return b'%b,%b,"account":%b' % (names[:-1], body[1:-1], account)


_WORDS = {True: b"true", False: b"false"}
_OWN = {
    did: b',"favourited":%b,"reblogged":%b,"bookmarked":%b,"pinned":%b,"muted":%b,"filtered":'
    % tuple(_WORDS[one] for one in did)
    for did in itertools.product((False, True), repeat=5)
}


def _own(line: Line, filtered: bytes = b"[]", *, muted: bool = False) -> bytes:
    return _OWN[line.liked, line.boosted, line.bookmarked, line.pinned, muted] + filtered


async def _shelve_posts(db: Reading, node: Node, lines: Sequence[Line]) -> None:
    """Make the parts of posts that are not on the shelf: one query for each sort of thing, never one for a post."""
    shelf = node.shelf
    bodies = {one.post_id for one in lines if shelf.get(_BODY, one.post_id, one.changed) is None}
    names = {one.post_id for one in lines if shelf.get(_NAMES, one.post_id) is None}
    names |= {one.id for one in lines if one.booster_id is not None and shelf.get(_NAMES, one.id) is None}
    if not bodies and not names:
        return
    found = await posts.by_ids(db, bodies | names)
    whole = await hidden.of(db, found)
    for post_id, was in whole.items():  # its author alone sees it; names stay as they are when it is shown again
        found[post_id] = replace(standing.hidden(found[post_id]), visibility=was.visibility)
    for post_id in names & found.keys():
        _shelve_names(node, found[post_id])
    await _shelve_bodies(db, node, [found[post_id] for post_id in bodies if post_id in found])


def _shelve_names(node: Node, post: Post) -> None:
    node.shelf.put((_NAMES, post.id), orjson.dumps(entities.status_names(post)))


async def _shelve_bodies(db: Reading, node: Node, wanted: Sequence[Post]) -> None:
    if not wanted:
        return
    ids = [one.id for one in wanted]
    files = await attachments.of(db, ids)
    named = await mentions.of(db, ids)
    tagged = await tags.of(db, ids)
    shown = await _cards(db, wanted)
    app_ids = {one.app_id for one in wanted if one.app_id is not None}
    made_with = await apps.names(db, listed(app_ids)) if app_ids else {}
    for one in wanted:
        body = entities.status_body(
            one,
            attachments=files.get(one.id, ()),
            mentions=named.get(one.id, ()),
            tags=tagged.get(one.id, ()),
            app=None if one.app_id is None else made_with.get(one.app_id),
            card=shown.get(one.id),
            base_url=node.site.base_url,
            now=node.clock(),
        )
        node.shelf.put((_BODY, one.id, one.changed), orjson.dumps(body))


async def _cards(db: Reading, wanted: Sequence[Post]) -> dict[int, Card]:
    """The previews that posts show. Without a link that is no query."""
    linking = [one.id for one in wanted if one.public and pages.first_link(one.html)]
    return await cards.of(db, linking) if linking else {}


async def _shelve_accounts(db: Reading, node: Node, lines: Sequence[Line]) -> None:
    shelf = node.shelf
    wanted = {one.author_id for one in lines if shelf.get(_ACCOUNT, one.author_id, one.author_changed) is None}
    wanted |= {
        one.booster_id
        for one in lines
        if one.booster_id is not None and shelf.get(_ACCOUNT, one.booster_id, one.booster_changed or 0) is None
    }
    if not wanted:
        return
    versions = {one.author_id: one.author_changed for one in lines}
    versions |= {one.booster_id: one.booster_changed or 0 for one in lines if one.booster_id is not None}
    found = await actors.by_ids(db, wanted)
    there = await moving.known(db, list(found.values()))
    for actor_id, actor in found.items():
        made = orjson.dumps(entities.account(actor, node.site.base_url, there.get(actor.moved_to)))
        shelf.put((_ACCOUNT, actor_id, versions[actor_id]), made)
