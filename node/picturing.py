"""From a file that somebody sent to pictures in their places: what is taken, and what is said of the rest."""

from __future__ import annotations

import asyncio
from pathlib import Path

from node.context import Node
from node.errors import Invalid
from node.pictures.kinds import FRAMES, PIXELS, TYPES, Sort, sort_of
from node.pictures.workshop import Made, Picture, Unmade
from node.texts import _
from storage.media.files import File, Role
from storage.media.folder import new_name


def readable(path: Path) -> Sort:
    """What kind of picture it is, whatever its sender says; reads its first bytes. Raises Invalid."""
    sort = sort_of(path)
    if sort in (Sort.FILM, Sort.SOUND):
        raise Invalid(_("Films and sounds cannot be uploaded to this node. Share a link to where they are."))
    if sort.value not in TYPES:
        raise Invalid(_("This is no picture that can be shown here. Send JPEG, PNG, WebP or GIF."))
    return sort


async def made_of(node: Node, arrived: Path, role: str) -> Made:
    """The pictures made of a file; ``role`` as ``pictures.making.make`` says. Raises Invalid."""
    try:
        return await node.pictures.make(arrived, role, into=await asyncio.to_thread(node.media.arriving))
    except Unmade as unmade:
        raise Invalid(_why(unmade.why)) from unmade


def _why(why: str) -> str:
    """What ``Unmade`` means for who sent it."""
    return {
        "pixels": _("The picture is too large: it has more than %s million pixels.") % (PIXELS // 1_000_000),
        "frames": _("The picture moves too long: at most %s frames.") % FRAMES,
        "time": _("The picture took too long to read."),
    }.get(why, _("The picture cannot be read: the file is damaged or not what it says it is."))


async def keep(node: Node, picture: Picture, role: Role) -> File:
    """Bring a picture that was made to its place, under a name of its own."""
    name = new_name(picture.ending)
    return File(name, role, await asyncio.to_thread(node.media.keep, picture.path, name))
