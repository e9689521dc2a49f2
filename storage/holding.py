"""By whom a member does not want to be told of things at once: their policy, and the rule of each part of it in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Writing


class Treatment(StrEnum):
    """What happens to a notification; the words of the Mastodon API."""

    ACCEPT = "accept"
    FILTER = "filter"  # held back, until the member lets its sender through
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Policy:
    """How notifications are treated of some sorts of accounts."""

    not_following: Treatment = Treatment.ACCEPT
    not_followers: Treatment = Treatment.ACCEPT
    new_accounts: Treatment = Treatment.ACCEPT
    private_mentions: Treatment = Treatment.ACCEPT
    limited_accounts: Treatment = Treatment.ACCEPT  # no account is limited on this node: hidden, or not
    bots: Treatment = Treatment.ACCEPT


# Whether a rule of the member's says :word of what ``:actor_id`` does to them at ``:now``. ``members`` is the member,
# ``policy`` their row or nothing. A
# follower counts as one after 3 days, an account is new for 30. What the node itself says is always told.
_SAYS = """(policy.member_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM notification_permissions WHERE notification_permissions.member_id = policy.member_id
                    AND notification_permissions.actor_id = :actor_id)
    AND NOT EXISTS (SELECT 1 FROM actors AS node WHERE node.id = :actor_id AND node.domain = ''
                    AND node.kind = 'Application')
    AND ((policy.not_following = 'WORD' AND NOT EXISTS (
            SELECT 1 FROM follows WHERE follows.follower_id = policy.member_id AND follows.target_id = :actor_id
            AND follows.accepted IS NOT NULL))
        OR (policy.not_followers = 'WORD' AND NOT EXISTS (
            SELECT 1 FROM follows WHERE follows.follower_id = :actor_id AND follows.target_id = policy.member_id
            AND follows.accepted <= CAST(:now AS BIGINT) - 259200000))
        OR (policy.new_accounts = 'WORD' AND EXISTS (
            SELECT 1 FROM actors AS sender WHERE sender.id = :actor_id
            AND sender.published > CAST(:now AS BIGINT) - 2592000000))
        OR (policy.bots = 'WORD' AND EXISTS (
            SELECT 1 FROM actors AS sender WHERE sender.id = :actor_id AND sender.kind IN ('Service', 'Application')))
        OR (policy.private_mentions = 'WORD' AND EXISTS (
            SELECT 1 FROM posts AS private WHERE private.id = CAST(:post_id AS BIGINT) AND private.visibility = 'direct'
            AND private.author_id = :actor_id
            AND (private.reply_to_actor_id IS NULL OR private.reply_to_actor_id <> policy.member_id))
            AND NOT EXISTS (
            SELECT 1 FROM follows WHERE follows.follower_id = policy.member_id AND follows.target_id = :actor_id
            AND follows.accepted IS NOT NULL))))"""
HELD = _SAYS.replace("WORD", "filter")
DROPPED = _SAYS.replace("WORD", "drop")


async def of(db: Reading, member_id: int) -> Policy:
    """The policy of a member."""
    row = await db.row(
        """
        SELECT not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots
        FROM notification_policies WHERE member_id = :member_id
        """,
        member_id=member_id,
    )
    return Policy() if row is None else Policy(*map(Treatment, row))


async def put(db: Writing, member_id: int, new: Policy) -> None:
    """Treat notifications so from now on; those that were held back stay where they are."""
    await db.run(
        """
        INSERT INTO notification_policies (member_id, not_following, not_followers, new_accounts, private_mentions,
            limited_accounts, bots)
        VALUES (:member_id, :not_following, :not_followers, :new_accounts, :private_mentions, :limited_accounts, :bots)
        ON CONFLICT (member_id) DO UPDATE SET not_following = excluded.not_following,
            not_followers = excluded.not_followers, new_accounts = excluded.new_accounts,
            private_mentions = excluded.private_mentions, limited_accounts = excluded.limited_accounts,
            bots = excluded.bots
        """,
        member_id=member_id, not_following=new.not_following.value, not_followers=new.not_followers.value,
        new_accounts=new.new_accounts.value, private_mentions=new.private_mentions.value,
        limited_accounts=new.limited_accounts.value, bots=new.bots.value,
    )  # fmt: skip
