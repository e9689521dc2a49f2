"""Avatars and headers: what a member shows beside their name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from node import erasure, picturing
from node.connecting import members
from node.context import Node
from node.surfacing.surface import Told
from storage import profiles
from storage.database import Writing
from storage.media import files
from storage.media.files import File, Role

ROLES: Mapping[str, Role] = {"avatar": Role.AVATAR, "header": Role.HEADER}


async def made(node: Node, sent: Mapping[str, Path]) -> list[File]:
    """The pictures made of the files ``avatar`` and ``header``, in their places. Raises Invalid."""
    for path in sent.values():
        await asyncio.to_thread(picturing.readable, path)
    found: list[File] = []
    for name, path in sent.items():
        picture = (await picturing.made_of(node, path, name)).original
        if picture is not None:
            found.append(await picturing.keep(node, picture, ROLES[name]))
    return found


async def put(db: Writing, node: Node, actor_id: int, new: Sequence[File]) -> None:
    """Show these; what was shown before is erased. That others hear of it is the caller's."""
    if not new:
        return
    await files.let_go_of_actor(db, actor_id, [one.role for one in new])
    await files.put(db, [replace(one, actor_id=actor_id) for one in new], now=node.clock())
    urls = {one.role: node.site.media_url(one.name) for one in new}
    await profiles.show(db, actor_id, icon=urls.get(Role.AVATAR), header=urls.get(Role.HEADER))
    await erasure.promise(db, now=node.clock())


async def remove(db: Writing, node: Node, actor_id: int, role: Role) -> list[Told]:
    """Show none, and tell those who follow."""
    await files.let_go_of_actor(db, actor_id, [role])
    await profiles.show(
        db, actor_id, icon="" if role is Role.AVATAR else None, header="" if role is Role.HEADER else None
    )
    await erasure.promise(db, now=node.clock())
    return await members.say_who(db, node, actor_id)
