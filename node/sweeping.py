"""Files of media that nothing needs any more go: soon after an erasure, and what a crash left behind each hour."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from node.context import Node
from storage import archives, attachments, cards, imports, pointers, sitemaps
from storage.jobs import Job
from storage.media import files
from storage.media.files import Role

log = logging.getLogger(__name__)

SOME = 500  # files at a time
ORPHANED = 24 * 60 * 60  # seconds after which what belongs to nothing is not on its way to something
UNATTACHED = 24 * 60 * 60 * 1000  # ms that an upload is kept without a post


async def remove_loose(node: Node) -> None:
    """Remove the files whose post, upload or account was erased; their rows last, so that none is forgotten."""
    while True:
        async with node.database.reading() as db:
            names = await files.loose(db, limit=SOME)
        if not names:
            return
        await asyncio.to_thread(node.media.remove, names)
        async with node.database.writing() as db:
            await files.forget(db, names)


async def remove_archives(node: Node) -> None:
    """Remove archives that are nobody's: their time is over, another was asked for, or the account is gone."""
    async for names in _some_archives(node):
        async with node.database.reading() as db:
            known = await archives.known(db, names)
        await asyncio.to_thread(_unlink, [node.archives / one for one in names if one not in known])


async def _some_archives(node: Node) -> AsyncIterator[list[str]]:
    try:
        listing = await asyncio.to_thread(os.scandir, node.archives)
    except FileNotFoundError:
        return
    with listing:
        while names := await asyncio.to_thread(lambda: [one.name for one in islice(listing, SOME)]):
            yield names


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


async def sweep(node: Node, job: Job) -> None:
    """Uploads that no post took, files without a row, rows without a file."""
    async with node.database.writing() as db:
        await attachments.prune(db, before=node.clock() - UNATTACHED)
        await archives.prune(db, now=node.clock())
        await imports.prune(db, now=node.clock())
        await cards.prune(db)
    await remove_loose(node)
    await remove_archives(node)
    await _sweep_folder(node)
    await _sweep_rows(node)


async def _sweep_folder(node: Node) -> None:
    await asyncio.to_thread(node.media.clear_incoming, seconds=ORPHANED)
    older = node.media.older(seconds=ORPHANED)
    while names := await asyncio.to_thread(next, older, None):
        async with node.database.reading() as db:
            known = await files.known(db, names)
        await asyncio.to_thread(node.media.remove, [one for one in names if one not in known])


async def _sweep_rows(node: Node) -> None:
    """Forget rows whose file is not there. When most are missing the folder is, and nothing is believed of it."""
    after, before = "", node.clock() - UNATTACHED
    while True:
        async with node.database.reading() as db:
            found = await files.some(db, after=after, before=before, limit=SOME)
        if not found:
            return
        after = found[-1][0]
        there = await asyncio.to_thread(node.media.there, [name for name, _, _ in found])
        lost = [one for one in found if one[0] not in there]
        if len(lost) * 2 > len(found) and len(found) > 1:
            log.error("media: %d of %d files are missing: is the folder there?", len(lost), len(found))
            return
        async with node.database.writing() as db:
            await attachments.erase(
                db, [id for _, role, id in lost if id is not None and role in (Role.ORIGINAL, Role.SENT)]
            )
            await files.forget(db, [name for name, _, _ in lost])


async def lapse(node: Node, job: Job) -> None:
    """Show of posts that should have been looked at again that they may be out of date, from the day after."""
    today = datetime.fromtimestamp(node.clock() / 1000, UTC).date().isoformat()
    more = True
    while more:
        async with node.database.writing() as db:
            more = await pointers.lapse(db, today=today) > 0


async def divide(node: Node, job: Job) -> None:
    """Begin further pages of the sitemap for the posts that came."""
    while await node.database.write(sitemaps.divide):
        continue
