"""What members upload: looked at, made anew, described, and kept until a post takes it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from node import erasure, guarding, picturing
from node import text as texts
from node.context import Node
from node.errors import Invalid, TooMany
from node.pictures.kinds import Sort
from node.pictures.workshop import Made, Picture
from node.picturing import PLAYED
from node.texts import _
from storage import attachments, jobs, throttle
from storage.attachments import Attachment
from storage.database import Missing, Reading, Writing
from storage.jobs import Job, NewJob
from storage.media import files
from storage.media.files import File, Role
from storage.media.folder import new_name

MAKE = "make-pictures"  # the job
PLAY = "make-film"  # the job, for films and sounds: one at a time, so that pictures do not wait for them
PROJECTOR = "films.invalid"  # what stands for a host in such jobs: of one host the worker does one at a time
WAITING = 8  # films and sounds that wait for the worker, about; more are refused
PATIENCE = 45.0  # seconds that a request waits for a film which is wanted at once
ALT = 1_500  # characters
EACH = 4  # files of a post
WINDOW, UPLOADS, FILMS = 30 * 60 * 1000, 100, 20  # ms; uploads of one member in it, and films and sounds


@dataclass(frozen=True, slots=True)
class Description:
    """What a picture shows in words, and which point of it must be seen."""

    alt: str = ""
    focus: str = ""  # JSON [x, y]; "": none


def description(alt: str, focus: str) -> Description:
    """As a member gives them; ``focus`` is "x,y", each -1 to 1. Raises Invalid.

    What may stand nowhere is not kept even until a post takes the picture; the rest is judged with the post.
    """
    alt = texts.clean(alt)
    if len(alt) > ALT:
        raise Invalid(_("A description has at most %s characters.") % ALT, field="description")
    guarding.refuse(alt, "description")
    if not focus.strip():
        return Description(alt)
    try:
        x, y = (float(part) for part in focus.split(","))
    except ValueError as error:
        raise Invalid(_("The focus must be two numbers, as 0.0,0.0."), field="focus") from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Invalid(_("The focus must be two numbers, as 0.0,0.0."), field="focus")
    return Description(alt, orjson.dumps([max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y))]).decode())


async def take(
    node: Node, actor_id: int, arrived: Path, said: Description, *, at_once: bool = False
) -> tuple[int, Attachment | None]:
    """Keep what a member sent: its id, and the attachment, or None while it is still to be made.

    Pictures are made now if nobody waits for theirs, or ``at_once``; films and sounds only ``at_once``, and if that
    takes no longer than ``PATIENCE``; else by the worker. Raises Invalid, TooMany.
    """
    sort = await asyncio.to_thread(picturing.playable, node, arrived)
    if node.config.limits.rate:
        async with node.database.writing() as db:
            if await throttle.count(db, f"upload {actor_id}", now=node.clock(), window=WINDOW) > UPLOADS:
                raise TooMany(WINDOW // 1000)
            if sort in PLAYED and await throttle.count(db, f"film {actor_id}", now=node.clock(), window=WINDOW) > FILMS:
                raise TooMany(WINDOW // 1000)
    if sort in PLAYED:
        made = await _soon(node, arrived, at_once)
    else:
        made = None if node.pictures.busy and not at_once else await picturing.made_of(node, arrived, "post")
    if made is None:
        return await _leave(node, actor_id, arrived, sort, said), None
    kept = await _keep(node, made)
    async with node.database.writing() as db:
        id = await attachments.add_upload(
            db, actor_id=actor_id, media_type=sort.value, alt=said.alt, focus=said.focus, now=node.clock()
        )
        await _show(db, node, id, made, kept)
        found = await attachments.upload(db, id, actor_id=actor_id)
    return id, found


async def put(node: Node, actor_id: int, made: Made, said: Description) -> tuple[int, str]:
    """Keep a picture that was made here: its id as an upload, and its address."""
    kept = await _keep(node, made)
    async with node.database.writing() as db:
        id = await attachments.add_upload(
            db, actor_id=actor_id, media_type=Sort.PNG.value, alt=said.alt, focus=said.focus, now=node.clock()
        )
        await _show(db, node, id, made, kept)
        return id, (await attachments.upload(db, id, actor_id=actor_id)).url


async def _soon(node: Node, arrived: Path, at_once: bool) -> Made | None:
    """The film or sound, if it is wanted ``at_once`` and takes no longer than we wait. Else it is looked at, unless
    others are being made, so that most of what can never be shown is refused here. Raises Invalid."""
    if node.films is not None and node.films.busy and not at_once:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            made = await picturing.played_of(node, arrived, "post" if at_once else "look")
    except TimeoutError:
        return None
    return made if at_once else None


async def _leave(node: Node, actor_id: int, arrived: Path, sort: Sort, said: Description) -> int:
    """Keep the file as it came, for the worker. Raises Invalid when too many films wait."""
    if sort in PLAYED:
        async with node.database.reading() as db:
            if await _waiting(db, node) >= WAITING:
                raise Invalid(_("Films of others are still being worked on; try again in a few minutes."))
    name = new_name("upload")
    size = await asyncio.to_thread(node.media.keep, arrived, name)
    async with node.database.writing() as db:
        id = await attachments.add_upload(
            db, actor_id=actor_id, media_type=sort.value, alt=said.alt, focus=said.focus, now=node.clock()
        )
        await files.put(db, [File(name, Role.SENT, size, attachment_id=id)], now=node.clock())
        job = NewJob(PLAY, str(id), PROJECTOR) if sort in PLAYED else NewJob(MAKE, payload=str(id))
        await jobs.add(db, job, now=node.clock())
    node.database.signal(jobs.WAKE)
    return id


async def _waiting(db: Reading, node: Node) -> int:
    """How many films and sounds wait for the worker."""
    due = await jobs.due(db, [jobs.shard_of(PROJECTOR)], now=node.clock(), limit=WAITING * 8)
    return sum(one.kind == PLAY for one in due)


async def make(node: Node, job: Job) -> None:
    """Make an upload that was left for the worker; nothing when it is gone or made."""
    id = int(job.payload)
    async with node.database.reading() as db:
        found, name = await attachments.any_upload(db, id), await files.sent(db, id)
    if found is None or name is None or found.url or found.refused:
        return
    try:
        place = node.media.place(name)
        plays = job.kind == PLAY
        made = await picturing.played_of(node, place) if plays else await picturing.made_of(node, place, "post")
    except Invalid as wrong:
        async with node.database.writing() as db:
            await attachments.refuse(db, id, str(wrong))
            await files.let_go(db, attachment_id=id, role=Role.SENT)
            await erasure.promise(db, now=node.clock())
        return
    kept = await _keep(node, made)
    async with node.database.writing() as db:
        await files.let_go(db, attachment_id=id, role=Role.SENT)
        await _show(db, node, id, made, kept)
        await erasure.promise(db, now=node.clock())


async def _keep(node: Node, made: Made) -> dict[Role, File]:
    kept: dict[Role, File] = {}
    for role, picture in ((Role.ORIGINAL, made.original), (Role.SMALL, made.small)):
        if picture is not None:
            kept[role] = await picturing.keep(node, picture, role)
    return kept


async def _show(db: Writing, node: Node, id: int, made: Made, kept: Mapping[Role, File]) -> None:
    original, small = made.original, made.small
    if original is None:
        raise Missing(str(id))
    shown = Attachment(
        id=id, post_id=None, actor_id=0, place=0, media_type=original.media_type,
        url=node.site.media_url(kept[Role.ORIGINAL].name), blurhash=made.blurhash, width=original.width or None,
        height=original.height or None, playing="" if made.playing is None else orjson.dumps(made.playing).decode(),
    )  # fmt: skip
    if small is not None:
        url = node.site.media_url(kept[Role.SMALL].name)
        shown = replace(shown, preview_url=url, small_width=small.width, small_height=small.height)
    if await attachments.show(db, shown):
        # Another small picture may have come meanwhile; ours is then a file without a row, which is swept away.
        own = await attachments.any_upload(db, id)
        rows = [
            File(one.name, one.role, one.size, attachment_id=id)
            for one in kept.values()
            if own is not None and node.site.media_url(one.name) in (own.url, own.preview_url)
        ]
        await files.put(db, rows, now=node.clock())


async def describe(
    node: Node, actor_id: int, id: int, *, alt: str | None, focus: str | None, thumbnail: Path | None
) -> Attachment:
    """New words, another point, another small picture for an upload; None: as it was. Raises Invalid, Missing."""
    async with node.database.reading() as db:
        await attachments.upload(db, id, actor_id=actor_id)  # nothing is made for who may not say so
    small: tuple[Picture, File] | None = None
    if thumbnail is not None:
        await asyncio.to_thread(picturing.readable, thumbnail)
        picture = (await picturing.made_of(node, thumbnail, "thumbnail")).small
        small = None if picture is None else (picture, await picturing.keep(node, picture, Role.SMALL))
    async with node.database.writing() as db:
        old = await attachments.upload(db, id, actor_id=actor_id)
        said = description(old.alt if alt is None else alt, focus or "")
        await attachments.describe(db, id, alt=said.alt, focus=old.focus if focus is None else said.focus)
        if small is not None:
            await _show_small(db, node, old, *small)
        return await attachments.upload(db, id, actor_id=actor_id)


async def _show_small(db: Writing, node: Node, old: Attachment, picture: Picture, file: File) -> None:
    if not old.url and not old.plays:
        raise Invalid(_("This is still being worked on; try again in a moment."), field="thumbnail")
    await files.let_go(db, attachment_id=old.id, role=Role.SMALL)
    await files.put(db, [File(file.name, file.role, file.size, attachment_id=old.id)], now=node.clock())
    url = node.site.media_url(file.name)
    await attachments.show_small(db, old.id, preview_url=url, width=picture.width, height=picture.height)
    await erasure.promise(db, now=node.clock())


async def take_back(db: Writing, node: Node, actor_id: int, id: int) -> None:
    """Erase an upload that no post has. Raises Missing, and Invalid when one has it."""
    try:
        found = await attachments.upload(db, id, actor_id=actor_id)
    except Missing:
        if await attachments.uploads(db, [id], actor_id=actor_id):
            raise Invalid(_("A post shows this; change or delete the post.")) from None
        raise
    await attachments.erase(db, [found.id])
    await erasure.promise(db, now=node.clock())


async def wanted(
    db: Reading, actor_id: int, ids: Sequence[int], *, post_id: int | None = None, waited_id: int | None = None
) -> list[Attachment]:
    """The uploads that a post is to show. ``post_id``, ``waited_id``: what the post has already. Raises Invalid."""
    if len(ids) > EACH:
        raise Invalid(_("At most %s pictures.") % EACH, field="media_ids")
    if not ids:
        return []
    if len(set(ids)) != len(ids):
        raise Invalid(_("The same picture twice."), field="media_ids")
    found = await attachments.uploads(db, ids, actor_id=actor_id)
    for id in ids:
        one = found.get(id)
        if one is None or one.post_id not in (None, post_id) or one.pending_id not in (None, waited_id):
            raise Invalid(_("There is no such upload, or another post has it."), field="media_ids")
        if one.refused:
            raise Invalid(one.refused, field="media_ids")
        if not one.url:
            raise Invalid(_working(one), field="media_ids")
    if len(ids) > 1 and any(one.plays for one in found.values()):
        raise Invalid(_("A post takes one film or one sound, and no pictures beside it."), field="media_ids")
    return [found[id] for id in ids]


def _working(one: Attachment) -> str:
    if one.plays:
        return _("The film or sound is still being worked on. Nothing is lost: send this again in a minute.")
    return _("A picture is still being worked on; try again in a moment.")
