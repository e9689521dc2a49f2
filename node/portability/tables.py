"""What a member has here as tables (CSV), in the form in which Mastodon exports and imports them."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from node.context import Node
from storage import blocks, domain_blocks, follows, lists, mutes, reactions
from storage.actors import Actor
from storage.database import Reading
from storage.ids import LAST
from storage.paging import Page

SOME = 200  # rows read together
Row = Sequence[str]
Found = tuple[int, list[Row]]  # the id to page by, and the rows of it


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, as far as it names them, and a page of its rows."""

    columns: Row
    page: Callable[[Reading, Node, Actor, int], Awaitable[list[Found]]]


def address(node: Node, actor: Actor) -> str:
    """``name@domain``, for people of this node too: the file is read elsewhere."""
    return f"{actor.handle}@{actor.domain or node.config.domain}"


async def _following(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await follows.following(db, member.id, Page(before=before, limit=SOME))
    how = await follows.of(db, follower_id=member.id, target_ids=[actor.id for _, actor in found])
    shown = {id: (_word(one.boosts is not None), _word(one.notify is not None)) for id, one in how.items()}
    return [
        (place, [(address(node, actor), *shown.get(actor.id, ("true", "false")), "")]) for place, actor in found
    ]  # fmt: skip


def _word(yes: bool) -> str:
    return "true" if yes else "false"


async def _followers(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await follows.followers(db, member.id, Page(before=before, limit=SOME))
    return [(place, [(address(node, actor),)]) for place, actor in found]


async def _blocks(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await blocks.newest(db, member.id, Page(before=before, limit=SOME))
    return [(place, [(address(node, actor),)]) for place, actor in found]


async def _mutes(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await mutes.newest(db, member.id, Page(before=before, limit=SOME), now=node.clock())
    return [(one.id, [(address(node, actor), _word(one.notifications is not None))]) for one, actor in found]


async def _domain_blocks(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await domain_blocks.newest(db, member.id, Page(before=before, limit=SOME))
    return [(place, [(domain,)]) for place, domain in found]


async def _bookmarks(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    found = await reactions.saved_uris(db, member.id, before=before, limit=SOME)
    return [(place, [(uri,)]) for place, uri in found]


async def _lists(db: Reading, node: Node, member: Actor, before: int) -> list[Found]:
    """Page by page of the accounts of each list: which list, and where in it, is one number."""
    of_member = await lists.of(db, member.id)
    if not of_member:
        return []
    chosen, before = (len(of_member) - 1, LAST) if before == LAST else divmod(before, LAST)
    if chosen >= len(of_member):
        return []
    one = of_member[chosen]
    found = await lists.accounts(db, one.id, Page(before=before, limit=SOME))
    rows: list[Found] = [(chosen * LAST + place, [(one.title, address(node, actor))]) for place, actor in found]
    if len(found) < SOME and chosen:
        rows.append((chosen * LAST - 1, []))  # on to the list before
    return rows


TABLES: Mapping[str, Table] = {
    "following": Table(("Account address", "Show boosts", "Notify on new posts", "Languages"), _following),
    "followers": Table(("Account address",), _followers),
    "blocks": Table((), _blocks),
    "mutes": Table(("Account address", "Hide notifications"), _mutes),
    "domain_blocks": Table((), _domain_blocks),
    "lists": Table((), _lists),
    "bookmarks": Table((), _bookmarks),
}


def written(rows: Iterable[Row]) -> bytes:
    """Rows as CSV."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


async def read(node: Node, member: Actor, name: str) -> AsyncIterator[bytes]:
    """The table of this name, a page at a time. Raises KeyError."""
    table = TABLES[name]
    if table.columns:
        yield written([table.columns])
    async for rows in pages(node, member, table):
        yield written(rows)


async def pages(node: Node, member: Actor, table: Table) -> AsyncIterator[list[Row]]:
    """The rows, newest first, some at a time; each some is a view of its own, so that nothing is held up."""
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await table.page(db, node, member, before)
        if not found:
            return
        before = found[-1][0]
        yield [row for _, rows in found for row in rows]
