"""Push subscriptions: which notifications an app wants to be sent to its device, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed
from storage.jobs import shard_of
from storage.notifications import Notification, Reason
from storage.records import quick


class Policy(StrEnum):
    """Whose doings are worth a message; the words of the Mastodon API."""

    ALL = "all"
    FOLLOWED = "followed"  # of those whom the member follows
    FOLLOWER = "follower"  # of those who follow the member
    NONE = "none"


@quick
@dataclass(frozen=True, slots=True)
class Wishes:
    """What is sent."""

    alerts: frozenset[str]  # words of ``notifications.Reason``
    policy: Policy


@quick
@dataclass(frozen=True, slots=True)
class Place:
    """Where it is sent, and how it is sealed."""

    endpoint: str
    host: str
    public: str  # base64url
    auth: str  # base64url
    standard: bool


@quick
@dataclass(frozen=True, slots=True)
class Subscription:
    """One app's."""

    id: int
    member_id: int
    access_token: str
    place: Place
    wishes: Wishes


@quick
@dataclass(frozen=True, slots=True)
class Due:
    """A notification that a subscription is still to be sent."""

    subscription: Subscription
    notification: Notification
    locale: str


COLUMNS = (
    "push_subscriptions.id, push_subscriptions.member_id, push_subscriptions.access_token, push_subscriptions.endpoint,"
    " push_subscriptions.host, push_subscriptions.public, push_subscriptions.auth, push_subscriptions.standard,"
    " push_subscriptions.alerts, push_subscriptions.policy"
)
_WIDTH = 10


def _subscription(row: Row) -> Subscription:
    id, member_id, access_token, endpoint, host, public, auth, standard, alerts, policy = list(row)[:_WIDTH]
    place = Place(endpoint, host, public, auth, standard is not None)
    return Subscription(id, member_id, access_token, place, Wishes(frozenset(alerts.split()), Policy(policy)))


def _alerts(wishes: Wishes) -> str:
    return f" {' '.join(sorted(wishes.alerts))} "


async def put(db: Writing, *, token_id: int, member_id: int, access_token: str, place: Place, wishes: Wishes) -> None:
    """Keep the subscription of a token; it takes the place of the one before."""
    await db.run(
        """
        INSERT INTO push_subscriptions (token_id, member_id, access_token, endpoint, host, shard, public, auth,
            standard, alerts, policy)
        VALUES (:token_id, :member_id, :access_token, :endpoint, :host, :shard, :public, :auth, :standard, :alerts,
            :policy)
        ON CONFLICT (token_id) DO UPDATE SET access_token = excluded.access_token, endpoint = excluded.endpoint,
            host = excluded.host, shard = excluded.shard, public = excluded.public, auth = excluded.auth,
            standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy
        """,
        token_id=token_id,
        member_id=member_id,
        access_token=access_token,
        endpoint=place.endpoint,
        host=place.host,
        shard=shard_of(place.host),
        public=place.public,
        auth=place.auth,
        standard=1 if place.standard else None,
        alerts=_alerts(wishes),
        policy=wishes.policy.value,
    )


async def of_token(db: Reading, token_id: int) -> Subscription:
    """The subscription of a token. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM push_subscriptions WHERE token_id = :token_id", token_id=token_id)
    if row is None:
        raise Missing("subscription")
    return _subscription(row)


async def wish(db: Writing, token_id: int, wishes: Wishes) -> None:
    """Keep what is sent from now on."""
    await db.run(
        "UPDATE push_subscriptions SET alerts = :alerts, policy = :policy WHERE token_id = :token_id",
        token_id=token_id,
        alerts=_alerts(wishes),
        policy=wishes.policy.value,
    )


async def remove(db: Writing, token_id: int) -> None:
    """Send this token's app nothing more."""
    await db.run("DELETE FROM push_subscriptions WHERE token_id = :token_id", token_id=token_id)


async def end(db: Writing, subscription: Subscription) -> None:
    """The push service knows this endpoint no more; another that the app gave meanwhile stays."""
    await db.run(
        "DELETE FROM push_subscriptions WHERE id = :id AND endpoint = :endpoint",
        id=subscription.id,
        endpoint=subscription.place.endpoint,
    )


async def forget_all_of(db: Writing, member_id: int) -> None:
    """Forget a member's subscriptions, and what waits to be sent: it names the hosts of their push services."""
    await db.run(
        """
        DELETE FROM jobs
        WHERE kind <> 'deliver' AND kind = 'push'
          AND shard IN (SELECT shard FROM push_subscriptions WHERE member_id = :member_id)
          AND EXISTS (SELECT 1 FROM push_subscriptions WHERE push_subscriptions.member_id = :member_id
                      AND jobs.payload LIKE '[' || push_subscriptions.id || ',%')
        """,
        member_id=member_id,
    )
    await db.run("DELETE FROM push_subscriptions WHERE member_id = :member_id", member_id=member_id)


# Whether a subscription wants a notification.
_WISHED = """push_subscriptions.alerts LIKE '% ' || CASE
        WHEN notifications.reason IN ('event_changed', 'event_place', 'event_soon', 'summary', 'in_place') THEN 'update'
        WHEN notifications.reason IN ('lineage', 'post_waits') THEN 'mention'
        WHEN notifications.reason = 'join_asked' THEN 'follow_request'
        ELSE notifications.reason END || ' %'
      AND (push_subscriptions.policy = 'all'
           OR (push_subscriptions.policy = 'followed' AND EXISTS (
                SELECT 1 FROM follows WHERE follows.follower_id = notifications.member_id
                AND follows.target_id = notifications.actor_id AND follows.accepted IS NOT NULL))
           OR (push_subscriptions.policy = 'follower' AND EXISTS (
                SELECT 1 FROM follows WHERE follows.follower_id = notifications.actor_id
                AND follows.target_id = notifications.member_id AND follows.accepted IS NOT NULL)))"""


async def promise(db: Writing, notification_ids: Iterable[int], *, now: int) -> int:
    """Have these notifications sent to whoever wants them: a job each. How many."""
    return await db.run(
        """
        INSERT INTO jobs (key, kind, shard, host, payload, due, attempts, promised)
        SELECT 'push ' || push_subscriptions.id || ' ' || notifications.id, 'push', push_subscriptions.shard,
            push_subscriptions.host, '[' || push_subscriptions.id || ',' || notifications.id || ']', 0, 0,
            CAST(:now AS BIGINT)
        FROM notifications JOIN push_subscriptions ON push_subscriptions.member_id = notifications.member_id
        WHERE notifications.id IN (SELECT value FROM json_each(:notification_ids)) AND """
        + _WISHED
        + """
        ON CONFLICT DO NOTHING
        """,
        notification_ids=listed(notification_ids),
        now=now,
    )


async def newest(db: Reading, subscription_id: int, *, after: int, limit: int) -> list[int]:
    """Ids of the notifications above ``after`` that a subscription wants, the newest first."""
    rows = await db.rows(
        """
        SELECT notifications.id FROM push_subscriptions
        JOIN notifications ON notifications.member_id = push_subscriptions.member_id
        WHERE push_subscriptions.id = :subscription_id AND notifications.id > :after
          AND notifications.filtered IS NULL AND """
        + _WISHED
        + """
        ORDER BY notifications.id DESC LIMIT :limit
        """,
        subscription_id=subscription_id,
        after=after,
        limit=limit,
    )
    return [row["id"] for row in rows]


# A member who may act, and somebody the member wants to be told of.
_STILL = """members.confirmed IS NOT NULL AND members.approved IS NOT NULL AND members.disabled IS NULL
      AND own.gone IS NULL AND own.suspended IS NULL AND actors.gone IS NULL AND actors.suspended IS NULL
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = own.id AND blocks.target_id = actors.id)
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = actors.id AND blocks.target_id = own.id)
      AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = own.id AND mutes.target_id = actors.id
                      AND mutes.notifications IS NOT NULL AND mutes.ends > :now)
      AND NOT EXISTS (SELECT 1 FROM domain_blocks WHERE domain_blocks.member_id = own.id
                      AND domain_blocks.domain = actors.domain)"""


async def due(db: Reading, subscription_id: int, notification_id: int, *, now: int) -> Due | None:
    """What is to be sent, if it is still wanted, and by somebody who may still read it."""
    row = await db.row(
        "SELECT " + COLUMNS + """, members.locale, notifications.reason, notifications.actor_id, notifications.post_id,
            notifications.created
        FROM push_subscriptions JOIN notifications ON notifications.member_id = push_subscriptions.member_id
        JOIN tokens ON tokens.id = push_subscriptions.token_id
        JOIN members ON members.actor_id = push_subscriptions.member_id
        JOIN actors AS own ON own.id = members.actor_id JOIN actors ON actors.id = notifications.actor_id
        WHERE push_subscriptions.id = :subscription_id AND notifications.id = :notification_id
          AND tokens.member_id = members.actor_id AND """ + _STILL + " AND " + _WISHED,
        subscription_id=subscription_id,
        notification_id=notification_id,
        now=now,
    )  # fmt: skip
    if row is None:
        return None
    subscription = _subscription(row)
    locale, reason, actor_id, post_id, created = list(row)[_WIDTH:]
    told = Notification(notification_id, subscription.member_id, Reason(reason), actor_id, post_id, created)
    return Due(subscription, told, locale)
