"""Everything of a member in one archive (ZIP), written as it is read: it takes as little memory for ten years of posts
as for a day's."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from node.context import Node
from node.portability import documents, tables
from storage.actors import Actor
from storage.media.folder import NAME

PIECE = 256 << 10  # bytes of a file copied together
Come = Callable[[int, int], Awaitable[None]]  # how far it has come: parts done, of how many


async def write(node: Node, member: Actor, path: Path, come: Come) -> int:
    """Write the archive to ``path``; its size in bytes. What ``come`` raises ends it. A file there is replaced."""
    archive = await asyncio.to_thread(_opened, path)
    try:
        await _fill(node, member, _Zip(archive, node.clock()), come)
    except BaseException:
        await asyncio.to_thread(_given_up, archive, path)
        raise
    await asyncio.to_thread(archive.close)
    return (await asyncio.to_thread(path.stat)).st_size


def _opened(path: Path) -> ZipFile:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return ZipFile(path, "w", ZIP_DEFLATED)


def _given_up(archive: ZipFile, path: Path) -> None:
    path.unlink(missing_ok=True)
    if archive.fp is not None:
        archive.fp.close()
        archive.fp = None


class _Zip:
    """Writes one entry after the other, in a thread."""

    def __init__(self, archive: ZipFile, now: int) -> None:
        self._archive = archive
        self._when = datetime.fromtimestamp(now / 1000, UTC).timetuple()[:6]

    def _entry(self, name: str, compression: int) -> ZipInfo:
        entry = ZipInfo(name, self._when)
        entry.compress_type = compression
        entry.external_attr = 0o600 << 16
        return entry

    async def pieces(self, name: str, content: AsyncIterator[bytes]) -> None:
        """An entry that comes in pieces."""
        async with AsyncExitStack() as stack:
            file = self._archive.open(self._entry(name, ZIP_DEFLATED), "w", force_zip64=True)
            stack.push_async_callback(asyncio.to_thread, file.close)
            async for piece in content:
                await asyncio.to_thread(file.write, piece)

    async def copy(self, name: str, source: Path) -> None:
        """A file as it is; pictures do not get smaller."""
        await asyncio.to_thread(self._copy, name, source)

    def _copy(self, name: str, source: Path) -> None:
        try:
            with (
                source.open("rb") as read,
                self._archive.open(self._entry(name, ZIP_STORED), "w", force_zip64=True) as file,
            ):
                shutil.copyfileobj(read, file, PIECE)
        except FileNotFoundError:  # deleted in the meantime
            return


async def _fill(node: Node, member: Actor, archive: _Zip, come: Come) -> None:
    total = 2 * await documents.count(node, member) + 1
    progress = _Progress(come, total)
    await archive.pieces("README.txt", documents.readme(node, member))
    await archive.pieces("actor.json", documents.actor(node, member))
    await archive.pieces("account.json", documents.account(node, member))
    for name in tables.TABLES:
        await archive.pieces(f"{name}.csv", tables.read(node, member, name))
    for name, content in documents.SMALL.items():
        await archive.pieces(name, content(node, member))
    await archive.pieces("outbox.json", documents.outbox(node, member, progress.more))
    await archive.pieces("media.csv", documents.media_table(node, member))
    async for names in documents.pictures(node, member, progress.more):
        for name in _fine(names):
            await archive.copy(f"media/{name}", node.media.place(name))


def _fine(names: Iterable[str]) -> list[str]:
    return [name for name in names if NAME.fullmatch(name)]


class _Progress:
    """Counts what was done and tells it."""

    def __init__(self, come: Come, total: int) -> None:
        self._come, self._total, self._done = come, total, 0

    async def more(self, parts: int) -> None:
        self._done += parts
        await self._come(self._done, max(self._total, self._done))
