"""Hashtags that a member follows, and those on their page."""

from __future__ import annotations

from node.errors import Invalid
from node.text import tags_in
from node.texts import _
from storage import featured_tags, home, tag_follows, tags
from storage.database import Missing, Writing
from storage.featured_tags import Featured

FOLLOWED = 500  # of one member
FEATURED = 10


def named(given: str) -> str:
    """The hashtag, with or without #, as it is written. Raises Missing when it is none."""
    name = given.strip().lstrip("#")
    if tags_in(f"#{name}") != [name]:
        raise Missing(given)
    return name


async def follow(db: Writing, member_id: int, name: str) -> int:
    """Have public posts with a hashtag come home from now on; the tag's id. Raises Invalid."""
    tag_id = await tags.known(db, name)
    await tag_follows.add(db, member_id=member_id, tag_id=tag_id)
    if await tag_follows.count(db, member_id) > FOLLOWED:
        raise Invalid(_("At most %s hashtags can be followed.") % FOLLOWED)
    return tag_id


async def unfollow(db: Writing, member_id: int, name: str) -> int:
    """Follow it no longer; what came home for it alone goes."""
    tag_id = await tags.known(db, name)
    if await tag_follows.remove(db, member_id=member_id, tag_id=tag_id):
        await home.forget_tag(db, member_id=member_id, tag_id=tag_id)
    return tag_id


async def feature(db: Writing, member_id: int, name: str) -> Featured:
    """Show a hashtag on the member's page. Raises Invalid."""
    tag_id = await tags.known(db, name)
    await featured_tags.add(db, member_id=member_id, tag_id=tag_id)
    if len(await featured_tags.of(db, member_id)) > FEATURED:
        raise Invalid(_("At most %s hashtags can be featured.") % FEATURED)
    return await featured_tags.by_tag(db, member_id=member_id, tag_id=tag_id)


async def unfeature(db: Writing, member_id: int, name: str) -> int:
    """Show it there no longer; the tag's id."""
    tag_id = await tags.known(db, name)
    for one in await featured_tags.of(db, member_id):
        if one.tag_id == tag_id:
            await featured_tags.remove(db, one.id, member_id=member_id)
    return tag_id
