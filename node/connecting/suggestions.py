"""Whom a member may want to follow: whom those follow whom they follow, then the members whom most follow."""

from __future__ import annotations

from enum import StrEnum

from storage import directory
from storage.actors import Actor
from storage.database import Reading

FRIENDS = 200  # of friends of friends, before those are taken out whom the member knows


class Source(StrEnum):
    """Why somebody is suggested; the words of the Mastodon API."""

    FRIENDS = "friends_of_friends"
    POPULAR = "most_followed"


async def found(db: Reading, member_id: int, *, now: int, limit: int) -> list[tuple[Actor, list[Source]]]:
    """Accounts to suggest, each with why."""
    near = await directory.followed_by_followed(db, member_id, limit=FRIENDS)
    popular = await directory.popular_here(db)
    order = list(dict.fromkeys([*near, *popular]))
    shown = await directory.unknown_to(db, member_id, order, now=now)
    why = {Source.FRIENDS: set(near), Source.POPULAR: set(popular)}
    picked = [shown[id] for id in order if id in shown][:limit]
    return [(one, [source for source, ids in why.items() if one.id in ids]) for one in picked]
