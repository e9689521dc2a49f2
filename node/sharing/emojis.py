"""Custom emoji of this node: made from files of the operator."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import replace
from pathlib import Path

from node import erasure, picturing
from node.context import Node
from node.errors import Invalid
from node.texts import _
from storage import announcements, emojis
from storage.database import Writing
from storage.media import files
from storage.media.files import Role

NAME = re.compile(r"[a-zA-Z0-9_]{2,64}")
CATEGORY = 100  # characters
LARGEST = 1 << 20  # bytes of the file


async def add(node: Node, name: str, file: Path, category: str) -> None:
    """Make an emoji of a picture; one of this name gets the new picture. Raises Invalid."""
    if not NAME.fullmatch(name):
        raise Invalid(_("A name has 2 to 64 letters, digits or _."), field="name")
    category = " ".join(category.split())
    if len(category) > CATEGORY:
        raise Invalid(_("A category has at most %s characters.") % CATEGORY, field="category")
    arrived = await asyncio.to_thread(_copied, file, node.media.arriving())
    try:
        await asyncio.to_thread(picturing.readable, arrived)
        made = await picturing.made_of(node, arrived, "thumbnail")
    finally:
        await asyncio.to_thread(arrived.unlink, missing_ok=True)
    if made.small is None:
        raise Invalid(_("The picture cannot be read: the file is damaged or not what it says it is."))
    kept = await picturing.keep(node, made.small, Role.EMOJI)
    async with node.database.writing() as db:
        id = await emojis.put(db, shortcode=name, category=category, url=node.site.media_url(kept.name))
        await files.let_go_of_emoji(db, id)
        await files.put(db, [replace(kept, emoji_id=id)], now=node.clock())
        await erasure.promise(db, now=node.clock())


def _copied(file: Path, place: Path) -> Path:
    """Raises Invalid."""
    try:
        if file.stat().st_size > LARGEST:
            raise Invalid(_("An emoji has at most %s kB.") % (LARGEST >> 10), field="file")
        shutil.copyfile(file, place)
    except OSError as error:
        raise Invalid(_("%(file)s cannot be read.") % {"file": file}, field="file") from error
    return place


async def remove(db: Writing, node: Node, name: str) -> bool:
    """Forget an emoji and its picture; False when there is none of this name."""
    gone = await emojis.remove(db, name)
    if gone:
        await announcements.forget(db, name)
        await erasure.promise(db, now=node.clock())
    return gone
