"""From a file that somebody sent to pictures, films and sounds in their places: what is taken, what is said else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from node.context import Node
from node.errors import Invalid
from node.pictures.kinds import (
    FILM_LENGTH,
    FILM_PIXELS,
    FILM_TYPES,
    FRAMES,
    HEAVIEST,
    PIXELS,
    SOUND_LENGTH,
    SOUND_TYPES,
    TYPES,
    Sort,
    sort_by,
    sort_of,
)
from node.pictures.workshop import Made, Picture, Unmade, Workshop
from node.texts import _
from storage.media.files import File, Role
from storage.media.folder import new_name

PLAYED = (Sort.FILM, Sort.SOUND)


def types(node: Node) -> Sequence[str]:
    """Types of the files that can be uploaded."""
    return TYPES if node.films is None else (*TYPES, *FILM_TYPES, *SOUND_TYPES)


def heaviest(node: Node) -> int:
    """Bytes of the largest file that can be uploaded."""
    return max(node.config.media.size_limit, 0 if node.films is None else HEAVIEST)


def weighed(node: Node) -> Callable[[bytes], int]:
    """How many bytes a file may have, by its first ones."""
    limit = node.config.media.size_limit
    return lambda head: heaviest(node) if sort_by(head) in PLAYED else limit


def readable(path: Path) -> Sort:
    """What kind of picture it is, whatever its sender says; reads its first bytes. Raises Invalid."""
    sort = sort_of(path)
    if sort in PLAYED:
        raise Invalid(_("This must be a picture, not a film or a sound."))
    if sort.value not in TYPES:
        raise Invalid(_("This is no picture that can be shown here. Send JPEG, PNG, WebP or GIF."))
    return sort


def playable(node: Node, path: Path) -> Sort:
    """As ``readable``, for what may also be a film or a sound. Raises Invalid."""
    sort = sort_of(path)
    if sort in PLAYED:
        if node.films is None:
            raise Invalid(_("This node takes no films or sounds. Share a link to where they are."))
        return sort
    if sort.value not in TYPES and node.films is not None:
        raise Invalid(
            _(
                "This cannot be shown here. Send a picture (JPEG, PNG, WebP, GIF), a film (MP4, MOV, WebM) "
                "or a sound (MP3, M4A, AAC, Ogg, FLAC, WAV)."
            )
        )
    return readable(path)


async def made_of(node: Node, arrived: Path, role: str) -> Made:
    """The pictures made of a file; ``role`` as ``pictures.making.make`` says. Raises Invalid."""
    return await _made(node, node.pictures, arrived, role, _why)


async def drawn(node: Node, drawing: bytes) -> Made:
    """The picture of a chart, of what ``learning.charts.drawing`` says lies where (JSON). Raises Invalid."""
    place = await asyncio.to_thread(node.media.arriving)
    try:
        await asyncio.to_thread(place.write_bytes, drawing)
        return await _made(node, node.pictures, place, "chart", _why)
    finally:
        await asyncio.to_thread(place.unlink, missing_ok=True)


async def played_of(node: Node, arrived: Path, role: str = "post") -> Made:
    """The film or sound made of a file, with a picture of a film; nothing if it is only to "look". Raises Invalid."""
    if node.films is None:
        raise Invalid(_("This node takes no films or sounds. Share a link to where they are."))
    return await _made(node, node.films, arrived, role, _why_not_played)


async def _made(node: Node, workshop: Workshop, arrived: Path, role: str, why: Callable[[str], str]) -> Made:
    try:
        return await workshop.make(arrived, role, into=await asyncio.to_thread(node.media.arriving))
    except Unmade as unmade:
        raise Invalid(why(unmade.why)) from unmade


def _why(why: str) -> str:
    """What ``Unmade`` means for who sent a picture."""
    return {
        "pixels": _("The picture is too large: it has more than %s million pixels.") % (PIXELS // 1_000_000),
        "frames": _("The picture moves too long: at most %s frames.") % FRAMES,
        "time": _("The picture took too long to read."),
    }.get(why, _("The picture cannot be read: the file is damaged or not what it says it is."))


def _why_not_played(why: str) -> str:
    """What ``Unmade`` means for who sent a film or sound."""
    return {
        "pixels": _("The film is too large: a frame has more than %s million pixels.") % (FILM_PIXELS // 1_000_000),
        "frames": _("The film has too many frames."),
        "length": _("It is too long: films last at most %(film)s minutes, sounds %(sound)s.")
        % {"film": FILM_LENGTH // 60, "sound": SOUND_LENGTH // 60},
        "nothing": _("There is neither a film nor a sound in this file."),
        "time": _("The film or sound took too long to read. A shorter or smaller one may do."),
    }.get(why, _("The film or sound cannot be read: the file is damaged, or of a kind that is not known here."))


async def keep(node: Node, picture: Picture, role: Role) -> File:
    """Bring what was made to its place, under a name of its own."""
    name = new_name(picture.ending)
    return File(name, role, await asyncio.to_thread(node.media.keep, picture.path, name))
