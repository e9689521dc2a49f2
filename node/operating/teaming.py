"""``sharewell team``: who is in a team; ``node.cli`` reads the arguments."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from node.config import Config
from node.connecting import groups, members
from node.connecting import teams as use
from node.errors import Invalid
from node.opening import opened
from storage import actors, audit, jobs, teams
from storage.actors import Actor
from storage.database import Busy, Missing, Reading
from storage.teams import Place

Options = Mapping[str, Any]


async def add(config: Config, options: Options) -> None:
    """Let a member be in a team, or lead it."""
    async with opened(config, command=True) as node, node.database.writing() as db:
        team = await _team(db, options["team"])
        await use.add(db, node, team, options["member"], Place.LEAD if options["lead"] else Place.MEMBER, by=None)


async def remove(config: Config, options: Options) -> None:
    """Let a member be in a team no longer."""
    async with opened(config, command=True) as node, node.database.writing() as db:
        team = await _team(db, options["team"])
        try:
            await use.remove(db, node, team, await actors.by_handle(db, options["member"]), by=None)
        except Missing as missing:
            raise Invalid(f"{options['member']} is not in {team.handle}") from missing


async def close(config: Config, options: Options) -> None:
    """Let nobody join a team or post to it any more; everything in it stays readable."""
    async with opened(config, command=True) as node, node.database.writing() as db:
        await groups.shut(db, node, await _team(db, options["team"]), by=None)


async def delete(config: Config, options: Options) -> None:
    """Erase a team with all it shared, and tell peers."""
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            team = await _team(db, options["team"])
            await members.delete(db, node, team)
            await audit.note(db, "account.delete", team.uri, actor_id=None, now=node.clock())
        with suppress(Busy):  # readers hold it up; the promised job tries again
            await node.database.scrub()
        node.database.signal(jobs.WAKE)


async def show(config: Config, options: Options) -> None:
    """Who is in a team, or in each: team, member, what they are there."""
    async with opened(config, command=True) as node, node.database.reading() as db:
        if options["team"]:
            team = await _team(db, options["team"])
            found = [(team.handle, one) for one in await teams.members(db, team.id)]
        else:
            found = await teams.everybody(db)
    for name, one in found:
        sys.stdout.write(f"{name}\t{one.actor.handle}\t{one.place.value}\n")


async def _team(db: Reading, name: str) -> Actor:
    try:
        return await use.by_handle(db, name)
    except Missing as missing:
        raise Invalid(f"there is no team {name}") from missing
