"""Home: the rows of members' home timelines, written when a post arrives.

A stale row never leaks: reading applies ``storage.posts.VISIBLE`` again. ``storage.timelines.home`` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from storage import facets, vocabularies
from storage.database import Reading, Writing, listed
from storage.ids import RANDOM_BITS
from storage.posts import Post

FRESH = 6 * 60 * 60 * 1000  # ms; what arrives later than this after it was shared shows on profile and thread only
KEPT = 800  # rows a member keeps
BACKFILL = 40  # newest posts of somebody just followed
AWAY = 30 * 24 * 60 * 60 * 1000  # ms without a visit after which a member's rows are not kept


# An account on an exclusive list of a member is read there, not at home: ends with whose list and which account.
_EXCLUSIVE: LiteralString = """
      AND NOT EXISTS (SELECT 1 FROM list_accounts JOIN lists ON lists.id = list_accounts.list_id
                      WHERE lists.exclusive IS NOT NULL AND """


# Who follows the hashtag of a topic has all that is about the topic, whatever its own hashtags.
_FOLLOWED_TOPIC: LiteralString = """tags ON tags.name = replace(substr(post_facets.facet, 7), '-', '')
    JOIN tag_follows ON tag_follows.tag_id = tags.id"""


async def spread(db: Writing, post: Post, *, now: int) -> None:
    """Put a new post (or a boost) on the home timelines of its author and of those who follow the author or a hashtag.

    Its hashtags and facets are kept before. Who follows one of them, or a topic that it is about, sees public
    posts from everybody, replies too, but no boosts.

    A reply shows only to those who also follow whom it answers; a boost only to those who want to see boosts, who do
    not block the author, and who have neither the post nor another boost of it among their rows; neither to those who
    mute its author at ``now`` (milliseconds since 1970 UTC).
    """
    if post.boost_of_id is not None:
        await db.run(_SPREAD_BOOST, id=post.id, boost_of_id=post.boost_of_id, booster_id=post.author_id, now=now)
        return
    await db.run(
        _SPREAD,
        id=post.id,
        author_id=post.author_id,
        reply_to_actor_id=post.reply_to_actor_id or 0,
        is_reply=int(post.in_reply_to_uri != ""),
        direct=int(post.visibility.value == "direct"),
        public=int(post.visibility.value == "public"),
        now=now,
    )


# ``recipients`` is not looked at for followers: a follower is one of the circle. Direct posts go to those named only.
_SPREAD = (
    """
    INSERT INTO home (member_id, position, post_id, author_id)
    SELECT reader.actor_id, CAST(:id AS BIGINT), CAST(:id AS BIGINT), CAST(:author_id AS BIGINT)
    FROM follows JOIN members AS reader ON reader.actor_id = follows.follower_id AND reader.home_since IS NOT NULL
    WHERE follows.target_id = :author_id AND follows.accepted IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = reader.actor_id
                      AND mutes.target_id = :author_id AND mutes.ends > :now)
"""
    + _EXCLUSIVE
    + """lists.member_id = reader.actor_id AND list_accounts.actor_id = :author_id)
      AND (:direct = 0 OR EXISTS (
            SELECT 1 FROM recipients WHERE recipients.post_id = :id AND recipients.actor_id = reader.actor_id))
      AND (:is_reply = 0 OR :reply_to_actor_id = :author_id OR :reply_to_actor_id = reader.actor_id OR EXISTS (
            SELECT 1 FROM follows AS also WHERE also.follower_id = reader.actor_id
            AND also.target_id = :reply_to_actor_id AND also.accepted IS NOT NULL))
    UNION
    SELECT members.actor_id, CAST(:id AS BIGINT), CAST(:id AS BIGINT), CAST(:author_id AS BIGINT)
    FROM members WHERE members.actor_id = :author_id AND members.home_since IS NOT NULL
    UNION
    SELECT reader.actor_id, CAST(:id AS BIGINT), CAST(:id AS BIGINT), CAST(:author_id AS BIGINT)
    FROM post_tags JOIN tag_follows ON tag_follows.tag_id = post_tags.tag_id
    JOIN members AS reader ON reader.actor_id = tag_follows.member_id AND reader.home_since IS NOT NULL
    WHERE post_tags.post_id = :id AND :public = 1
    UNION
    SELECT reader.actor_id, CAST(:id AS BIGINT), CAST(:id AS BIGINT), CAST(:author_id AS BIGINT)
    FROM post_facets JOIN """
    + _FOLLOWED_TOPIC
    + """
    JOIN members AS reader ON reader.actor_id = tag_follows.member_id AND reader.home_since IS NOT NULL
    WHERE post_facets.post_id = :id AND post_facets.facet >= 'topic=' AND post_facets.facet < 'topic>' AND :public = 1
    ON CONFLICT DO NOTHING
"""
)
_SPREAD_BOOST = (
    """
    INSERT INTO home (member_id, position, post_id, author_id, booster_id)
    SELECT reader.actor_id, CAST(:id AS BIGINT), posts.id, posts.author_id, CAST(:booster_id AS BIGINT)
    FROM follows JOIN members AS reader ON reader.actor_id = follows.follower_id AND reader.home_since IS NOT NULL
    JOIN posts ON posts.id = :boost_of_id
    WHERE follows.target_id = :booster_id AND follows.accepted IS NOT NULL AND follows.boosts IS NOT NULL
      AND posts.author_id <> reader.actor_id
      AND NOT EXISTS (SELECT 1 FROM home WHERE home.post_id = :boost_of_id AND home.member_id = reader.actor_id)
      AND NOT EXISTS (SELECT 1 FROM blocks
                      WHERE blocks.actor_id = reader.actor_id AND blocks.target_id = posts.author_id)
      AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = reader.actor_id
                      AND mutes.target_id IN (posts.author_id, :booster_id) AND mutes.ends > :now)
      AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                      WHERE domain_blocks.member_id = reader.actor_id AND actors.id = posts.author_id)
"""
    + _EXCLUSIVE
    + """lists.member_id = reader.actor_id AND list_accounts.actor_id = :booster_id)
    UNION
    SELECT members.actor_id, CAST(:id AS BIGINT), posts.id, posts.author_id, CAST(:booster_id AS BIGINT)
    FROM members JOIN posts ON posts.id = :boost_of_id
    WHERE members.actor_id = :booster_id AND members.home_since IS NOT NULL
    ON CONFLICT DO NOTHING
"""
)


async def spread_among(db: Writing, post: Post, group_ids: Iterable[int], *, now: int) -> None:
    """Put a post that is for the members of private groups on their home timelines."""
    await db.run(
        """
        INSERT INTO home (member_id, position, post_id, author_id)
        SELECT reader.actor_id, CAST(:id AS BIGINT), CAST(:id AS BIGINT), CAST(:author_id AS BIGINT)
        FROM memberships JOIN members AS reader
            ON reader.actor_id = memberships.actor_id AND reader.home_since IS NOT NULL
        WHERE memberships.group_id IN (SELECT value FROM json_each(:group_ids))
          AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = reader.actor_id
                          AND mutes.target_id = :author_id AND mutes.ends > :now)
        ON CONFLICT DO NOTHING
        """,
        id=post.id,
        author_id=post.author_id,
        group_ids=listed(group_ids),
        now=now,
    )


async def backfill(db: Writing, *, member_id: int, author_id: int, now: int) -> None:
    """Put the newest posts of somebody the member follows (again) and does not mute on their home timeline."""
    await db.run(
        """
        INSERT INTO home (member_id, position, post_id, author_id)
        SELECT CAST(:member_id AS BIGINT), newest.id, newest.id, CAST(:author_id AS BIGINT)
        FROM (SELECT posts.id, posts.visibility, posts.in_reply_to_uri, posts.reply_to_actor_id FROM posts
              WHERE posts.author_id = :author_id AND posts.boost_of_id IS NULL
              ORDER BY posts.id DESC LIMIT :backfill) AS newest
        WHERE EXISTS (SELECT 1 FROM members WHERE members.actor_id = :member_id AND members.home_since IS NOT NULL)
          AND EXISTS (SELECT 1 FROM follows WHERE follows.follower_id = :member_id AND follows.target_id = :author_id
                      AND follows.accepted IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :member_id AND mutes.target_id = :author_id
                          AND mutes.ends > :now)
"""
        + _EXCLUSIVE
        + """lists.member_id = :member_id AND list_accounts.actor_id = :author_id)
          AND (newest.visibility <> 'direct' OR EXISTS (
                SELECT 1 FROM recipients WHERE recipients.post_id = newest.id AND recipients.actor_id = :member_id))
          AND (newest.in_reply_to_uri = '' OR newest.reply_to_actor_id IN (:author_id, :member_id) OR EXISTS (
                SELECT 1 FROM follows AS also WHERE also.follower_id = :member_id
                AND also.target_id = newest.reply_to_actor_id AND also.accepted IS NOT NULL))
        ON CONFLICT DO NOTHING
        """,
        member_id=member_id,
        author_id=author_id,
        backfill=BACKFILL,
        now=now,
    )


async def forget(db: Writing, *, member_id: int, author_id: int) -> None:
    """Take everything an actor wrote or passed on off a member's home timeline (unfollow, block, mute)."""
    await db.run(
        """
        DELETE FROM home WHERE author_id = :author_id AND member_id = :member_id AND booster_id IS NULL
        """,
        member_id=member_id,
        author_id=author_id,
    )
    await db.run(
        "DELETE FROM home WHERE booster_id = :author_id AND member_id = :member_id",
        member_id=member_id,
        author_id=author_id,
    )


async def forget_tag(db: Writing, *, member_id: int, tag_id: int) -> None:
    """Take what came for a hashtag alone, which is not followed any more, off the member's home timeline."""
    await db.run(
        """
        DELETE FROM home WHERE member_id = :member_id AND author_id <> :member_id AND booster_id IS NULL
          AND (EXISTS (SELECT 1 FROM post_tags WHERE post_tags.tag_id = :tag_id AND post_tags.post_id = home.post_id)
               OR EXISTS (SELECT 1 FROM post_facets JOIN tags ON tags.id = :tag_id
                          WHERE post_facets.post_id = home.post_id AND post_facets.facet >= 'topic='
                          AND post_facets.facet < 'topic>'
                          AND tags.name = replace(substr(post_facets.facet, 7), '-', '')))
          AND NOT EXISTS (SELECT 1 FROM post_tags JOIN tag_follows ON tag_follows.tag_id = post_tags.tag_id
                          WHERE post_tags.post_id = home.post_id AND tag_follows.member_id = :member_id)
          AND NOT EXISTS (SELECT 1 FROM post_facets JOIN """
        + _FOLLOWED_TOPIC
        + """
                          WHERE post_facets.post_id = home.post_id AND post_facets.facet >= 'topic='
                          AND post_facets.facet < 'topic>' AND tag_follows.member_id = :member_id)
          AND NOT EXISTS (SELECT 1 FROM follows WHERE follows.follower_id = :member_id
                          AND follows.target_id = home.author_id AND follows.accepted IS NOT NULL)
        """,
        member_id=member_id,
        tag_id=tag_id,
    )


async def forget_list(db: Writing, *, member_id: int, list_id: int) -> None:
    """Take everything the accounts of a list wrote or passed on off the member's home timeline."""
    await db.run(
        """
        DELETE FROM home WHERE member_id = :member_id AND COALESCE(booster_id, author_id) IN (
            SELECT list_accounts.actor_id FROM list_accounts WHERE list_accounts.list_id = :list_id)
        """,
        member_id=member_id,
        list_id=list_id,
    )


async def forget_domain(db: Writing, *, member_id: int, domain: str) -> None:
    """Take everything that came from a server off a member's home timeline."""
    await db.run(
        """
        DELETE FROM home WHERE member_id = :member_id AND EXISTS (
            SELECT 1 FROM actors WHERE actors.id IN (home.author_id, home.booster_id) AND actors.domain = :domain)
        """,
        member_id=member_id,
        domain=domain,
    )


async def trim(db: Writing, *, member_id: int) -> int:
    """Keep a member's newest rows only; how many went."""
    return await db.run(_TRIM, member_id=member_id, kept=KEPT)


async def trim_some(db: Writing, *, after: int, limit: int) -> list[int]:
    """``trim`` the next members with ids above ``after``; their ids, in order."""
    rows = await db.rows(
        """
        SELECT actor_id FROM members WHERE actor_id > :after AND home_since IS NOT NULL ORDER BY actor_id LIMIT :limit
        """,
        after=after,
        limit=limit,
    )
    member_ids = [row["actor_id"] for row in rows]
    await db.many(_TRIM, [{"member_id": member_id, "kept": KEPT} for member_id in member_ids])
    return member_ids


_TRIM: LiteralString = """
    DELETE FROM home WHERE member_id = :member_id AND position <= (
        SELECT position FROM home WHERE member_id = :member_id ORDER BY position DESC LIMIT 1 OFFSET :kept)
"""


async def drop(db: Writing, *, member_id: int) -> None:
    """Forget a member's rows: away for long. ``rebuild`` makes them again."""
    await db.run("DELETE FROM home WHERE member_id = :member_id", member_id=member_id)


async def rebuild(db: Writing, *, member_id: int, now: int) -> None:
    """Make a member's rows from what those they follow shared and passed on, and from the hashtags they follow."""
    await drop(db, member_id=member_id)
    await db.run(_REBUILD, member_id=member_id, kept=KEPT, now=now)
    await db.run(
        _REBUILD_TAGS, member_id=member_id, kept=KEPT, oldest=(now - AWAY) << RANDOM_BITS,
        topics=listed(await _topics_of(db, member_id)),
    )  # fmt: skip
    await db.run(_REBUILD_BOOSTS, member_id=member_id, now=now)
    await trim(db, member_id=member_id)


async def _topics_of(db: Reading, member_id: int) -> list[str]:
    """The facets of the topics that a member follows: those whose hashtags they follow."""
    rows = await db.rows(
        """
        SELECT tags.name FROM tag_follows JOIN tags ON tags.id = tag_follows.tag_id
        WHERE tag_follows.member_id = :member_id
        """,
        member_id=member_id,
    )
    named = {one.hashtag.lower(): facets.facet(facets.TOPIC, one.id) for one in vocabularies.topics().values()}
    return [named[row["name"]] for row in rows if row["name"] in named]


_REBUILD: LiteralString = (
    """
    INSERT INTO home (member_id, position, post_id, author_id)
    SELECT CAST(:member_id AS BIGINT), posts.id, posts.id, posts.author_id FROM posts
    WHERE posts.boost_of_id IS NULL AND posts.author_id IN (
            SELECT target_id FROM follows WHERE follower_id = :member_id AND accepted IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :member_id
                            AND mutes.target_id = follows.target_id AND mutes.ends > :now)
"""
    + _EXCLUSIVE
    + """lists.member_id = :member_id AND list_accounts.actor_id = follows.target_id)
            UNION ALL SELECT CAST(:member_id AS BIGINT))
      AND (posts.visibility <> 'direct' OR posts.author_id = :member_id OR EXISTS (
            SELECT 1 FROM recipients WHERE recipients.post_id = posts.id AND recipients.actor_id = :member_id))
      AND (posts.in_reply_to_uri = '' OR posts.reply_to_actor_id = posts.author_id
           OR posts.author_id = :member_id OR posts.reply_to_actor_id = :member_id
           OR EXISTS (SELECT 1 FROM follows AS also WHERE also.follower_id = :member_id
                      AND also.target_id = posts.reply_to_actor_id AND also.accepted IS NOT NULL))
    ORDER BY posts.id DESC LIMIT :kept
    ON CONFLICT DO NOTHING
"""
)
_REBUILD_TAGS: LiteralString = """
    INSERT INTO home (member_id, position, post_id, author_id)
    SELECT CAST(:member_id AS BIGINT), posts.id, posts.id, posts.author_id FROM posts
    WHERE posts.id IN (
            SELECT post_tags.post_id FROM tag_follows JOIN post_tags ON post_tags.tag_id = tag_follows.tag_id
            WHERE tag_follows.member_id = :member_id AND post_tags.post_id > :oldest
            UNION SELECT post_facets.post_id FROM post_facets
            WHERE post_facets.post_id > :oldest AND post_facets.facet IN (SELECT value FROM json_each(:topics)))
      AND posts.visibility = 'public'
    ORDER BY posts.id DESC LIMIT :kept
    ON CONFLICT DO NOTHING
"""
# Boosts as old as the posts that were kept; of several of one post the first, as if they had come one by one.
_REBUILD_BOOSTS: LiteralString = (
    """
    INSERT INTO home (member_id, position, post_id, author_id, booster_id)
    SELECT CAST(:member_id AS BIGINT), boost.id, posts.id, posts.author_id, boost.author_id
    FROM posts AS boost JOIN posts ON posts.id = boost.boost_of_id
    WHERE boost.id IN (
            SELECT MIN(each.id) FROM follows JOIN posts AS each ON each.author_id = follows.target_id
            WHERE follows.follower_id = :member_id AND follows.accepted IS NOT NULL AND follows.boosts IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :member_id
                              AND mutes.target_id = follows.target_id AND mutes.ends > :now)
"""
    + _EXCLUSIVE
    + """lists.member_id = :member_id AND list_accounts.actor_id = follows.target_id)
              AND each.boost_of_id IS NOT NULL
              AND each.id > (SELECT COALESCE(MIN(position), 0) FROM home WHERE member_id = :member_id)
            GROUP BY each.boost_of_id)
      AND posts.author_id <> :member_id
      AND NOT EXISTS (SELECT 1 FROM home WHERE home.post_id = posts.id AND home.member_id = :member_id)
      AND NOT EXISTS (SELECT 1 FROM blocks
                      WHERE blocks.actor_id = :member_id AND blocks.target_id = posts.author_id)
      AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :member_id
                      AND mutes.target_id = posts.author_id AND mutes.ends > :now)
      AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors ON actors.domain = domain_blocks.domain
                      WHERE domain_blocks.member_id = :member_id AND actors.id = posts.author_id)
    ON CONFLICT DO NOTHING
"""
)


async def holders(db: Reading, positions: Iterable[int], member_ids: Iterable[int]) -> dict[int, list[int]]:
    """Which of these members have which of these posts and boosts at home: position to members."""
    rows = await db.rows(
        """
        SELECT position, member_id FROM home
        WHERE member_id IN (SELECT value FROM json_each(:member_ids))
          AND position IN (SELECT value FROM json_each(:position_ids))
        """,
        member_ids=listed(member_ids),
        position_ids=listed(positions),
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["position"], []).append(row["member_id"])
    return found


async def take_back(db: Writing, *, position: int) -> None:
    """Take a boost off all home timelines."""
    await db.run("DELETE FROM home WHERE position = :position AND booster_id IS NOT NULL", position=position)
