"""The actor that speaks for members who give no name: nobody signs in as it. It is made when it is first needed."""

from __future__ import annotations

import asyncio

from federation.signing import keys as signing
from node import text as texts
from node.connecting import members as use
from node.context import Node
from node.texts import _
from storage import actors, members, profiles
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading
from storage.profiles import Description

HANDLES = ("unnamed", "unnamed_member", "member_unnamed")  # the first that was never anybody else's


async def ensure(node: Node) -> Actor:
    """The actor; made, with its keys, if it is not there. Its own transaction. Raises Missing."""
    async with node.database.reading() as db:
        found = await _known(db)
    if found is not None:
        return found
    rsa = await asyncio.to_thread(signing.generate_rsa)
    ed25519 = await asyncio.to_thread(signing.generate_ed25519)
    async with node.database.writing() as db:
        found = await _known(db)  # another process may have been first
        if found is not None:
            return found
        for handle in HANDLES:
            profile = use.local_profile(node.site, handle, ActorKind.PERSON, now=node.clock())
            actor_id = await actors.add(db, profile, now=node.clock())
            if actor_id is not None:
                uri = node.site.actor_uri(handle)
                await use.keep_keys(db, uri, actor_id, rsa=rsa, ed25519=ed25519, now=node.clock())
                await profiles.describe(db, actor_id, _said(node))
                return await actors.by_id(db, actor_id)
        found = await _known(db)
    if found is None:
        raise Missing("every name that speaks for those without one is somebody's")
    return found


def _said(node: Node) -> Description:
    """Not in lists of people; its posts may be found."""
    note = _(
        "Members of this node who give no name. A guardian reads each of these posts before it is shared. Messages to"
        " this account are read by nobody."
    )
    name = _("A member of {node}").format(node=node.config.title or node.config.domain)
    html = texts.html(note, mentioned={}, base_url=node.site.base_url)
    return Description(name[: use.NAME], html, note, discoverable=None, indexable=node.clock())


async def _known(db: Reading) -> Actor | None:
    found = await actors.by_handles(db, {(handle, "") for handle in HANDLES})
    for handle in HANDLES:
        one = found.get((handle, ""))
        if one is None or one.gone is not None or one.kind is not ActorKind.PERSON:
            continue
        try:
            await members.by_id(db, one.id)
        except Missing:
            return one
    return None
