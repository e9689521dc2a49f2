"""Collections: accounts that somebody recommends together, each of which agreed to it.

``items`` says who is shown to whom. An account that took its consent back stays as ``revoked``, so that it is not asked
again; it is shown to nobody and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Missing, Reading, Row, Value, Writing, listed
from storage.paging import Page
from storage.records import quick


class State(StrEnum):
    """Whether an account agreed to be in a collection; the words of the Mastodon API."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


@quick
@dataclass(frozen=True, slots=True)
class Collection:
    """Some accounts, recommended together."""

    id: int  # 0: not kept yet
    uri: str
    owner_id: int
    url: str  # "": ours, made of the id
    name: str
    description: str  # plain text
    language: str
    tag: str  # a hashtag, without #
    sensitive: int | None
    discoverable: int | None
    created: int
    updated: int
    fetched: int | None = None

    @property
    def here(self) -> bool:
        """A member made it."""
        return self.fetched is None


@quick
@dataclass(frozen=True, slots=True)
class Item:
    """One account in a collection."""

    id: int
    collection_id: int
    actor_id: int
    state: State
    created: int
    uri: str = ""
    stamp: str = ""


COLUMNS = (
    "collections.id, collections.uri, collections.owner_id, collections.url, collections.name,"
    " collections.description, collections.language, collections.tag, collections.sensitive,"
    " collections.discoverable, collections.created, collections.updated, collections.fetched"
)
ITEM = (
    "collection_items.id, collection_items.collection_id, collection_items.actor_id, collection_items.state,"
    " collection_items.created, collection_items.uri, collection_items.stamp"
)
# ``:reader_id`` may read a collection of an owner who is there and does not block them.
_READABLE = """EXISTS (SELECT 1 FROM actors WHERE actors.id = collections.owner_id
              AND actors.gone IS NULL AND actors.suspended IS NULL)
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = collections.owner_id
                      AND blocks.target_id = :reader_id)"""


def _collection(row: Row) -> Collection:
    return Collection(*row)


def _item(row: Iterable[object]) -> Item:
    id, collection_id, actor_id, state, created, uri, stamp = row
    return Item(id, collection_id, actor_id, State(state), created, uri, stamp)  # type: ignore[arg-type]  # as columns are


def _values(new: Collection) -> dict[str, Value]:
    return {
        "name": new.name, "description": new.description, "language": new.language, "tag": new.tag,
        "sensitive": new.sensitive, "discoverable": new.discoverable, "updated": new.updated, "url": new.url,
        "fetched": new.fetched,
    }  # fmt: skip


async def add(db: Writing, new: Collection, *, most: int) -> Collection | None:
    """Keep a new collection; None when its uri is taken. Raises Missing when its owner has ``most`` already."""
    # Those who add at the same time wait here for each other: a count alone would let each of them through.
    await db.run("UPDATE actors SET changed = changed WHERE id = :owner_id", owner_id=new.owner_id)
    if await count(db, new.owner_id) >= most:
        raise Missing(new.uri)
    row = await db.row(
        """
        INSERT INTO collections (uri, owner_id, url, name, description, language, tag, sensitive, discoverable,
            created, updated, fetched)
        VALUES (:uri, :owner_id, :url, :name, :description, :language, :tag, :sensitive, :discoverable, :created,
            :updated, :fetched)
        ON CONFLICT DO NOTHING RETURNING """
        + COLUMNS,
        uri=new.uri,
        owner_id=new.owner_id,
        created=new.created,
        **_values(new),
    )
    return None if row is None else _collection(row)


async def change(db: Writing, new: Collection) -> None:
    """Keep what a collection says now. Its owner never changes."""
    await db.run(
        """
        UPDATE collections SET name = :name, description = :description, language = :language, tag = :tag,
            sensitive = :sensitive, discoverable = :discoverable, updated = :updated, url = :url, fetched = :fetched
        WHERE id = :id
        """,
        id=new.id,
        **_values(new),
    )


async def remove(db: Writing, collection_id: int) -> bool:
    """Forget a collection with who is in it; False when somebody did so before."""
    return await db.run("DELETE FROM collections WHERE id = :collection_id", collection_id=collection_id) == 1


async def count(db: Reading, owner_id: int) -> int:
    """How many collections somebody has."""
    row = await db.row("SELECT COUNT(*) AS n FROM collections WHERE owner_id = :owner_id", owner_id=owner_id)
    return 0 if row is None else row["n"]


async def by_id(db: Reading, collection_id: int, *, reader_id: int) -> Collection:
    """A collection, if the reader may see it. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM collections WHERE collections.id = :collection_id AND " + _READABLE,
        collection_id=collection_id,
        reader_id=reader_id,
    )
    if row is None:
        raise Missing(str(collection_id))
    return _collection(row)


async def by_ids(db: Reading, ids: Iterable[int], *, reader_id: int) -> dict[int, Collection]:
    """Those of these collections that the reader may see, by id; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM collections
        WHERE collections.id IN (SELECT value FROM json_each(:collection_ids)) AND """ + _READABLE,
        collection_ids=listed(ids), reader_id=reader_id,
    )  # fmt: skip
    return {row[0]: _collection(row) for row in rows}


async def by_uri(db: Reading, uri: str) -> Collection:
    """The collection of an id, whoever may see it. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM collections WHERE uri = :uri", uri=uri)
    if row is None:
        raise Missing(uri)
    return _collection(row)


_OF = (
    "SELECT " + COLUMNS + """ FROM collections
    WHERE collections.owner_id = :owner_id AND collections.id < :before AND collections.id > :after
      AND (:hidden = 1 OR collections.discoverable IS NOT NULL) AND """
    + _READABLE
)  # fmt: skip
_IN = (
    "SELECT " + COLUMNS + """ FROM collections
    JOIN collection_items ON collection_items.collection_id = collections.id
    WHERE collection_items.actor_id = :actor_id AND collection_items.state = 'accepted'
      AND collection_items.collection_id < :before AND collection_items.collection_id > :after AND """
    + _READABLE
)  # fmt: skip


async def of(db: Reading, owner_id: int, page: Page, *, reader_id: int) -> list[Collection]:
    """Somebody's collections, made last first; those that are not on their page only for themselves."""
    values: dict[str, Value] = {
        "owner_id": owner_id, "before": page.before, "after": page.after, "limit": page.limit,
        "hidden": int(owner_id == reader_id), "reader_id": reader_id,
    }  # fmt: skip
    if page.rising:
        rows = await db.rows(_OF + " ORDER BY collections.id LIMIT :limit", **values)
    else:
        rows = await db.rows(_OF + " ORDER BY collections.id DESC LIMIT :limit", **values)
    return page.newest_first([_collection(row) for row in rows])


async def featuring(db: Reading, actor_id: int, page: Page, *, reader_id: int) -> list[Collection]:
    """The collections that an account is in, made last first."""
    values: dict[str, Value] = {
        "actor_id": actor_id, "before": page.before, "after": page.after, "limit": page.limit, "reader_id": reader_id,
    }  # fmt: skip
    if page.rising:
        rows = await db.rows(_IN + " ORDER BY collection_items.collection_id LIMIT :limit", **values)
    else:
        rows = await db.rows(_IN + " ORDER BY collection_items.collection_id DESC LIMIT :limit", **values)
    return page.newest_first([_collection(row) for row in rows])


_ITEMS = """
    FROM collection_items
    JOIN collections ON collections.id = collection_items.collection_id
    JOIN actors ON actors.id = collection_items.actor_id
    WHERE collection_items.collection_id IN (SELECT value FROM json_each(:collection_ids))
      AND collections.id IN (SELECT value FROM json_each(:collection_ids))
      AND (collection_items.state = 'accepted'
           OR (collection_items.state = 'pending' AND collections.owner_id = :reader_id))
      AND actors.gone IS NULL AND actors.suspended IS NULL
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :reader_id AND blocks.target_id = actors.id)
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = actors.id AND blocks.target_id = :reader_id)
    ORDER BY collection_items.collection_id, collection_items.id
"""


async def items(db: Reading, collection_ids: Iterable[int], *, reader_id: int) -> dict[int, list[Item]]:
    """Who is in these collections as a reader sees them, put there first first; one query for all."""
    rows = await db.rows("SELECT " + ITEM + _ITEMS, collection_ids=listed(collection_ids), reader_id=reader_id)
    found: dict[int, list[Item]] = {}
    for row in rows:
        found.setdefault(row["collection_id"], []).append(_item(row))
    return found


async def accounts(db: Reading, collection_id: int, *, reader_id: int) -> list[tuple[Item, Actor]]:
    """Who is in one collection as a reader sees it, with their accounts."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, collection_items.id AS item_id, collection_items.collection_id,
            collection_items.actor_id, collection_items.state, collection_items.created AS put, collection_items.uri
            AS item_uri, collection_items.stamp
        """ + _ITEMS,
        collection_ids=listed([collection_id]), reader_id=reader_id,
    )  # fmt: skip
    return [
        (
            Item(
                row["item_id"], row["collection_id"], row["actor_id"], State(row["state"]), row["put"],
                row["item_uri"], row["stamp"],
            ),
            actors.actor(row),
        )
        for row in rows
    ]  # fmt: skip


async def put(db: Writing, new: Item, *, most: int) -> Item | None:
    """Put an account into a collection; None when it is there, or was and took itself out. Raises Missing when the
    collection holds ``most`` already, or is gone."""
    # The collection's row is what those wait for who put at the same time.
    moved = await db.run(
        "UPDATE collections SET updated = :now WHERE id = :collection_id",
        now=new.created,
        collection_id=new.collection_id,
    )
    row = await db.row(
        "SELECT COUNT(*) AS n FROM collection_items WHERE collection_id = :collection_id AND state <> 'revoked'",
        collection_id=new.collection_id,
    )
    if not moved or row is None or row["n"] >= most:
        raise Missing(str(new.collection_id))
    row = await db.row(
        """
        INSERT INTO collection_items (collection_id, actor_id, state, created, uri, stamp)
        VALUES (:collection_id, :actor_id, :state, :created, :uri, :stamp)
        ON CONFLICT DO NOTHING RETURNING """
        + ITEM,
        collection_id=new.collection_id,
        actor_id=new.actor_id,
        state=new.state.value,
        created=new.created,
        uri=new.uri,
        stamp=new.stamp,
    )
    return None if row is None else _item(row)


async def item(db: Reading, item_id: int) -> Item:
    """One account in a collection. Raises Missing."""
    row = await db.row("SELECT " + ITEM + " FROM collection_items WHERE id = :item_id", item_id=item_id)
    if row is None:
        raise Missing(str(item_id))
    return _item(row)


async def place(db: Reading, *, collection_id: int, actor_id: int) -> Item | None:
    """Where an account stands in a collection, revoked or not."""
    row = await db.row(
        "SELECT " + ITEM + " FROM collection_items WHERE collection_id = :collection_id AND actor_id = :actor_id",
        collection_id=collection_id,
        actor_id=actor_id,
    )
    return None if row is None else _item(row)


async def every(db: Reading, collection_id: int) -> list[Item]:
    """All that is kept of who is in a collection, whatever its state."""
    rows = await db.rows(
        "SELECT " + ITEM + " FROM collection_items WHERE collection_id = :collection_id ORDER BY id",
        collection_id=collection_id,
    )
    return [_item(row) for row in rows]


async def name_item(db: Writing, item_id: int, *, uri: str, stamp: str) -> None:
    """Keep by what its server names an account in a collection elsewhere, and what allows it."""
    await db.run(
        "UPDATE collection_items SET uri = :uri, stamp = :stamp WHERE id = :item_id",
        item_id=item_id,
        uri=uri,
        stamp=stamp,
    )


async def accept(db: Writing, item_id: int, *, stamp: str) -> bool:
    """The account agreed; False when it had, or took it back."""
    changed = await db.run(
        """
        UPDATE collection_items SET state = 'accepted', stamp = :stamp WHERE id = :item_id AND state = 'pending'
        """,
        item_id=item_id,
        stamp=stamp,
    )
    return changed == 1


async def revoke(db: Writing, item_id: int) -> bool:
    """The account wants out, for good; False when it was out."""
    changed = await db.run(
        "UPDATE collection_items SET state = 'revoked' WHERE id = :item_id AND state <> 'revoked'", item_id=item_id
    )
    return changed == 1


async def revoke_stamp(db: Writing, stamp: str, *, actor_id: int) -> list[Item]:
    """An account elsewhere took back what it allowed under this uri; those it changed."""
    rows = await db.rows(
        """
        UPDATE collection_items SET state = 'revoked'
        WHERE stamp = :stamp AND stamp <> '' AND actor_id = :actor_id AND state <> 'revoked'
        RETURNING """
        + ITEM,
        stamp=stamp,
        actor_id=actor_id,
    )
    return [_item(row) for row in rows]


async def take(db: Writing, item_id: int, *, now: int) -> bool:
    """Take an account out, as the owner wishes; False when it was out, or took itself out."""
    row = await db.row(
        "DELETE FROM collection_items WHERE id = :item_id AND state <> 'revoked' RETURNING collection_id",
        item_id=item_id,
    )
    if row is None:
        return False
    await db.run("UPDATE collections SET updated = :now WHERE id = :id", id=row["collection_id"], now=now)
    return True


_BETWEEN = (
    "SELECT " + ITEM + ", " + COLUMNS + """ FROM collections
    JOIN collection_items ON collection_items.collection_id = collections.id
    WHERE collections.owner_id = :owner_id AND collection_items.actor_id = :actor_id
      AND collection_items.state <> 'revoked'
    """
)  # fmt: skip


async def featured_by(db: Reading, *, owner_id: int, actor_id: int) -> list[tuple[Item, Collection]]:
    """Where an account is in collections of one owner."""
    rows = await db.rows(_BETWEEN, owner_id=owner_id, actor_id=actor_id)
    return [(_item(list(row)[:7]), Collection(*list(row)[7:])) for row in rows]


async def drop(db: Writing, item_ids: Sequence[int]) -> None:
    """Forget some accounts in collections, whatever their state."""
    await db.run(
        "DELETE FROM collection_items WHERE id IN (SELECT value FROM json_each(:item_ids))", item_ids=listed(item_ids)
    )


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget an account's collections, and take it out of those of others."""
    await db.run("DELETE FROM collection_items WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM collections WHERE owner_id = :actor_id", actor_id=actor_id)
