"""Previews of linked pages, one for each address. A card goes with the last post that links there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing, listed
from storage.ids import LAST
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Card:
    """What a linked page says of itself."""

    id: int
    url: str
    asked: int | None  # when its server was asked last
    title: str = ""
    description: str = ""
    language: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    published: int | None = None
    image: str = ""  # of our media
    image_alt: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""


COLUMNS = (
    "cards.id, cards.url, cards.asked, cards.title, cards.description, cards.language, cards.author_name,"
    " cards.author_url, cards.provider_name, cards.provider_url, cards.published, cards.image, cards.image_alt,"
    " cards.width, cards.height, cards.blurhash"
)


def card(row: Row) -> Card:
    """The record of a row of ``COLUMNS``."""
    return Card(*list(row)[:16])


async def link(db: Writing, post_id: int, url: str) -> Card:
    """Say that a post links to ``url``, first of all; its card, which may not have been asked for yet."""
    await db.run("INSERT INTO cards (url) VALUES (:url) ON CONFLICT DO NOTHING", url=url)
    row = await db.row("SELECT " + COLUMNS + " FROM cards WHERE url = :url", url=url)
    if row is None:
        raise Missing(url)
    await db.run(
        """
        INSERT INTO post_cards (post_id, card_id) VALUES (:post_id, :card_id)
        ON CONFLICT (post_id) DO UPDATE SET card_id = excluded.card_id
        """,
        post_id=post_id,
        card_id=row["id"],
    )
    return card(row)


async def unlink(db: Writing, post_id: int) -> None:
    """The post links nowhere any more."""
    await db.run("DELETE FROM post_cards WHERE post_id = :post_id", post_id=post_id)


async def by_id(db: Reading, card_id: int) -> Card | None:
    """The card with this id, shown or not."""
    row = await db.row("SELECT " + COLUMNS + " FROM cards WHERE id = :card_id", card_id=card_id)
    return None if row is None else card(row)


async def by_url(db: Reading, url: str) -> Card | None:
    """The card of an address, shown or not."""
    row = await db.row("SELECT " + COLUMNS + " FROM cards WHERE url = :url", url=url)
    return None if row is None else card(row)


async def of(db: Reading, post_ids: Iterable[int]) -> dict[int, Card]:
    """The cards that these posts show; one query for all."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """, post_cards.post_id
        FROM post_cards JOIN cards ON cards.id = post_cards.card_id
        WHERE post_cards.post_id IN (SELECT value FROM json_each(:post_ids)) AND cards.shown IS NOT NULL
        """,
        post_ids=listed(post_ids),
    )  # fmt: skip
    return {row["post_id"]: card(row) for row in rows}


async def keep(db: Writing, new: Card, *, shown: bool, now: int) -> bool:
    """Keep what was found, or that there was nothing; False when the card is gone meanwhile."""
    changed = await db.run(
        """
        UPDATE cards SET asked = :now, shown = CAST(:shown AS BIGINT), title = :title, description = :description,
            language = :language, author_name = :author_name, author_url = :author_url,
            provider_name = :provider_name, provider_url = :provider_url, published = CAST(:published AS BIGINT),
            image = :image, image_alt = :image_alt, width = :width, height = :height, blurhash = :blurhash
        WHERE id = :id
        """,
        id=new.id, now=now, shown=now if shown else None, title=new.title, description=new.description,
        language=new.language, author_name=new.author_name, author_url=new.author_url,
        provider_name=new.provider_name, provider_url=new.provider_url, published=new.published, image=new.image,
        image_alt=new.image_alt, width=new.width, height=new.height, blurhash=new.blurhash,
    )  # fmt: skip
    return changed == 1


async def note_asked(db: Writing, card_id: int, *, now: int) -> None:
    """Its server was asked in vain; what was shown before stays."""
    await db.run("UPDATE cards SET asked = :now WHERE id = :card_id", card_id=card_id, now=now)


async def touch_posts(db: Writing, card_id: int) -> None:
    """Say of every post with the card that what a reader sees changed."""
    await db.run(
        """
        UPDATE posts SET changed = changed + 1
        WHERE id IN (SELECT post_id FROM post_cards WHERE card_id = :card_id)
        """,
        card_id=card_id,
    )


async def newest_posts(db: Reading, card_id: int, *, limit: int) -> list[int]:
    """The newest posts with the card."""
    rows = await db.rows(
        """
        SELECT post_id FROM post_cards WHERE card_id = :card_id AND post_id < :before
        ORDER BY post_id DESC LIMIT :limit
        """,
        card_id=card_id,
        before=LAST,
        limit=limit,
    )
    return [row[0] for row in rows]


async def prune(db: Writing) -> int:
    """Forget cards that lost their last two posts at the same moment, so that neither took them along."""
    return await db.run(
        "DELETE FROM cards WHERE NOT EXISTS (SELECT 1 FROM post_cards WHERE post_cards.card_id = cards.id)"
    )
