"""Records for storage tests, with what a test does not care about filled in."""

from __future__ import annotations

import itertools
from typing import Any

from storage import actors, follows, members, posts, recipients
from storage.actors import Actor, ActorKind, Profile
from storage.database import Writing
from storage.ids import new_id
from storage.kinds import Kind
from storage.members import Member, Role
from storage.posts import Post, Visibility
from storage.recipients import Circle, Recipient

NOW = 1_793_000_000_000  # ms
_numbers = itertools.count(1)


async def actor(db: Writing, handle: str = "", domain: str = "far.example", **more: Any) -> Actor:
    """An actor elsewhere, or here where ``domain`` is ""."""
    handle = handle or f"a{next(_numbers)}"
    uri = f"https://{domain or 'north.example'}/users/{handle}"
    profile = Profile(
        uri=uri, kind=ActorKind.PERSON, handle=handle, domain=domain, published=NOW, inbox=f"{uri}/inbox",
        followers=f"{uri}/followers", **more,
    )  # fmt: skip
    made = await actors.add(db, profile, now=NOW)
    assert made is not None
    return await actors.by_id(db, made)


async def member(db: Writing, handle: str = "") -> Actor:
    """A member of this node who keeps a home timeline."""
    made = await actor(db, handle, domain="")
    kept = await members.add(
        db,
        Member(
            made.id, f"{made.handle}@mail.example", "x", Role.MEMBER, NOW, NOW, NOW, None, NOW, NOW, NOW, "", "public",
            None, "",
        ),
    )  # fmt: skip
    assert kept
    return made


async def post(db: Writing, author: Actor, *, to: Actor | None = None, **more: Any) -> Post:
    """A post of ``author``; ``to``: for whom a direct one is."""
    id = new_id(NOW)
    values: dict[str, Any] = {
        "id": id, "uri": f"{author.uri}/{id}", "author_id": author.id, "type": "Note", "kind": Kind.PLAIN,
        "visibility": Visibility.PUBLIC, "published": NOW, "html": "<p>Words.</p>", "text": "Words.",
        "local": NOW if author.here else None,
    }  # fmt: skip
    made = await posts.add(db, Post(**{**values, **more}))
    assert made is not None
    if made.visibility is Visibility.PRIVATE:
        await recipients.add(db, made.id, [Recipient(author.id, Circle.FOLLOWERS)])
    if to is not None:
        await recipients.add(db, made.id, [Recipient(to.id, Circle.SELF)])
    return made


async def follow(db: Writing, follower: Actor, target: Actor, *, accepted: int | None = NOW) -> None:
    """A follow that holds, unless ``accepted`` is None."""
    uri = f"{follower.uri}#follows/{target.id}"
    await follows.ask(db, follower_id=follower.id, target_id=target.id, uri=uri, now=NOW, accepted=accepted)
