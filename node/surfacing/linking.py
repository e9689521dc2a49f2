"""Ask a linked page what it is, by the one door out, and keep it as a card. See docs/decisions/cards.md."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace

from federation.documents import pages
from federation.documents.pages import Page
from federation.errors import FederationError, Unreachable
from node import erasure, picturing
from node.context import Node
from node.errors import Invalid
from node.pictures.kinds import TYPES
from node.streams import EDITED
from node.surfacing.previews import FRESH
from storage import cards
from storage.cards import Card
from storage.jobs import Job
from storage.media import files
from storage.media.files import File, Role

PAGE = 1 << 20  # bytes of a page, unpacked
IMAGE = 4 << 20  # bytes of its image
TRIES = 3  # that a server gets which does not answer
TOLD = 50  # posts whose readers are told at once that there is a card now
HTML = ("text/html", "application/xhtml+xml")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """The image of a page, made anew, in its place."""

    file: File
    width: int
    height: int
    blurhash: str


async def ask(node: Node, job: Job) -> None:
    """Ask for one page. Raises Unreachable, to be tried again."""
    async with node.database.reading() as db:
        card = await cards.by_id(db, int(job.payload))
    if card is None or (card.asked is not None and card.asked > node.clock() - FRESH):
        return
    try:
        page = await _page(node, card.url)
    except FederationError as error:
        if isinstance(error, Unreachable) and job.attempts + 1 < TRIES:
            raise
        log.info("no card id=%d: %s", card.id, error)
        async with node.database.writing() as db:
            await cards.note_asked(db, card.id, now=node.clock())
        return
    image = await _image(node, page.image) if page.title and page.image else None
    await _keep(node, card, page, image)


async def _page(node: Node, url: str) -> Page:
    """What a page says of itself. Raises FederationError."""
    found = await node.client.get_file(url, accept=", ".join(HTML), kinds=HTML, limit=PAGE)
    page = await asyncio.to_thread(pages.read, found.body, found.content_type, found.url)
    if not page.oembed:
        return page
    try:
        more = await node.client.get_json(page.oembed, accept="application/json")
    except FederationError as error:
        log.info("no oEmbed: %s", error)
        return page
    return pages.with_oembed(page, more.document, found.url)


async def _image(node: Node, url: str) -> Shown | None:
    """The image of a page; None when there is none that can be shown here."""
    try:
        found = await node.client.get_file(url, accept=", ".join(TYPES), kinds=TYPES, limit=IMAGE)
    except FederationError as error:
        log.info("no image of a card: %s", error)
        return None
    path = await asyncio.to_thread(node.media.arriving)
    try:
        await asyncio.to_thread(path.write_bytes, found.body)
        await asyncio.to_thread(picturing.readable, path)
        made = await picturing.made_of(node, path, "post")
    except Invalid as wrong:
        log.info("no image of a card: %s", wrong)
        return None
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    if made.original is not None:
        await asyncio.to_thread(made.original.path.unlink, missing_ok=True)
    if made.small is None:
        return None
    small = made.small
    return Shown(await picturing.keep(node, small, Role.CARD), small.width, small.height, made.blurhash)


async def _keep(node: Node, card: Card, page: Page, image: Shown | None) -> None:
    """Keep what was found; tell the readers of the newest posts. Without a title there is nothing to show."""
    new = replace(
        card, title=page.title, description=page.description, language=page.language, author_name=page.author_name,
        author_url=page.author_url, provider_name=page.provider_name, provider_url=page.provider_url,
        published=page.published, image="" if image is None else node.site.media_url(image.file.name),
        image_alt=page.image_alt if image is not None else "", width=0 if image is None else image.width,
        height=0 if image is None else image.height, blurhash="" if image is None else image.blurhash,
    )  # fmt: skip
    now = node.clock()
    async with node.database.writing() as db:
        there = await cards.keep(db, new, shown=page.title != "", now=now)
        if there:
            await files.let_go_of_card(db, card.id)
        if image is not None:  # of a card that is gone: a file of nothing, which is swept away
            await files.put(db, [replace(image.file, card_id=card.id if there else None)], now=now)
        if card.image or not there:
            await erasure.promise(db, now=now)
        await cards.touch_posts(db, card.id)
        told = await cards.newest_posts(db, card.id, limit=TOLD) if page.title else []
    for post_id in told:
        node.database.signal(EDITED, post_id)
