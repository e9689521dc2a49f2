"""Messages to apps' devices, by the push services that the apps name: jobs promised with the notification.

What they say is read on locked screens, so it is little: docs/decisions/push.md.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Mapping, Sequence

import orjson

from federation import webpush
from federation.client import Answer
from federation.errors import Forbidding, Paused, Unreachable
from federation.guard import spelled
from federation.outbox import circuit
from federation.webpush import Device, Vapid
from node.context import Node
from node.surfacing import filtering
from node.texts import LOCALE, N_, catalogue
from storage import actors, jobs, marks, node_keys, posts, push_subscriptions, quiet_times, timelines
from storage.actors import Actor
from storage.database import Database, Missing, Reading, listed
from storage.filters import Context
from storage.jobs import Job, NewJob
from storage.notifications import Reason
from storage.posts import Post
from storage.push_subscriptions import Due

TTL = 48 * 60 * 60  # seconds that a push service keeps it for a device that is off; later it is no news
TRIED = 10  # notifications of a quiet time, the newest, of which the first that may be told is
TITLE = 100  # characters
BODY = 140
ICON = 1_000
LANGUAGE = "en"
TITLES: Mapping[Reason, str] = {
    Reason.MENTION: N_("%(name)s wrote to you"),
    Reason.STATUS: N_("%(name)s shared something"),
    Reason.BOOST: N_("%(name)s passed your post on"),
    Reason.FOLLOW: N_("%(name)s follows you now"),
    Reason.FOLLOW_REQUEST: N_("%(name)s asks to follow you"),
    Reason.LIKE: N_("%(name)s thanked you for your post"),
    Reason.UPDATE: N_("%(name)s changed what you passed on"),
    Reason.POLL: N_("A poll by %(name)s is over"),
    Reason.QUOTE: N_("%(name)s quoted your post"),
    Reason.QUOTED_UPDATE: N_("%(name)s changed what you quoted"),
    Reason.COLLECTED: N_("%(name)s recommends you in a collection"),
    Reason.COLLECTION_UPDATE: N_("%(name)s changed a collection that you are in"),
    Reason.MENTORING: N_("Mentoring: news from %(name)s"),
    Reason.MENTORING_QUIET: N_("How is it going with %(name)s?"),
    Reason.ASKED: N_("%(name)s asks what you may know"),
    Reason.ANSWER: N_("Your reply answered the question of %(name)s"),
    Reason.EVENT_CHANGED: N_("%(name)s changed an event that you come to"),
    Reason.EVENT_PLACE: N_("You have a place at an event by %(name)s"),
    Reason.EVENT_SOON: N_("An event by %(name)s is soon"),
    Reason.LINEAGE: N_("%(name)s did something with what you shared"),
    Reason.MOVED: N_("%(name)s has moved to another account"),
    Reason.SUMMARY: N_("%(name)s says what came of a consultation"),
    Reason.IN_PLACE: N_("Is it still in place?"),
    Reason.JOIN_ASKED: N_("%(name)s asks to be in a group that you look after"),
    Reason.POST_WAITS: N_("A post by %(name)s waits for you to let it into a group"),
}
WITHDRAWN = N_("%(name)s: withdrawn, do not use it any more")
CORRECTED = N_("%(name)s corrected this")
UNSAID = N_("Not for everybody: open the app to read it.")
_LATER = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})

log = logging.getLogger(__name__)


async def ensure_key(database: Database, contact: str) -> Vapid:
    """The node's key for push services, made at the first start; ``contact``: mailto: or https:."""
    async with database.reading() as db:
        private = await node_keys.by_name(db, node_keys.VAPID)
    if private is None:
        async with database.writing() as db:
            await node_keys.add(db, node_keys.VAPID, webpush.generate())
        async with database.reading() as db:
            private = await node_keys.by_name(db, node_keys.VAPID)
    if private is None:
        raise Missing(node_keys.VAPID)
    return Vapid(private, contact)


async def push(node: Node, job: Job) -> None:
    """Send one notification to one device; while it is quiet for the member, the newest of all that came, when that is
    over. Raises Unreachable, to be tried again."""
    subscription_id, notification_id, *late = orjson.loads(job.payload)
    now = node.clock()
    async with node.database.reading() as db:
        ids = [notification_id]
        if late:
            ids = await push_subscriptions.newest(db, subscription_id, after=notification_id - 1, limit=TRIED)
        found = await _first(db, node, subscription_id, ids, now=now)
        quiet = None if found is None else await quiet_times.of(db, found[0].subscription.member_id)
    if found is None:
        return
    due, message = found
    if not late and now > due.notification.created + TTL * 1000:
        return
    until = None if quiet is None else quiet.until(now)
    if until is not None:
        await _wait(node, job, due, until)
        return
    try:
        answer = await _send(node, due, message, now=now)
    except Forbidding as error:
        log.info("no message to host=%s: %s", job.host, error)
        return
    except Unreachable:
        await _hold(node, job, circuit.later(job.attempts))
        raise
    await _heed(node, job, due, answer)


async def _first(
    db: Reading, node: Node, subscription_id: int, ids: Sequence[int], *, now: int
) -> tuple[Due, bytes] | None:
    """The first of these notifications that the member would see in the app, and what its message says."""
    for one in ids:
        due = await push_subscriptions.due(db, subscription_id, one, now=now)
        message = None if due is None else await _message(db, node, due)
        if due is not None and message is not None:
            return due, message
    return None


async def _wait(node: Node, job: Job, due: Due, until: int) -> None:
    """Promise one message for when it is not quiet any more; it stands for all that come before."""
    about = [due.subscription.id, due.notification.id, 1]
    key = f"push after {due.subscription.id} {until}"
    late = NewJob(
        jobs.PUSH, payload=orjson.dumps(about).decode(), host=job.host, key=key, due=until, promised=until
    )  # fmt: skip
    async with node.database.writing() as db:
        await jobs.add(db, late, now=node.clock())


async def _heed(node: Node, job: Job, due: Due, answer: Answer) -> None:
    """Do what an answer asks for. Raises Unreachable."""
    if answer.status in _GONE:
        async with node.database.writing() as db:
            await push_subscriptions.end(db, due.subscription)
    elif answer.status >= 500 or answer.status in _LATER:
        asked = answer.headers.get("retry-after", "")
        after = min(int(asked) * 1000, circuit.ASKED_LONGEST) if asked.isdecimal() and len(asked) < 7 else 0
        await _hold(node, job, max(circuit.later(job.attempts), after))
        raise Paused(f"{job.host} answered {answer.status}", after=after)
    elif answer.status >= 300:
        log.info("message refused host=%s status=%d", job.host, answer.status)


async def _hold(node: Node, job: Job, pause: int) -> None:
    """Whatever else waits for this push service waits longer: one try at a time tells whether it is back."""
    async with node.database.writing() as db:
        await jobs.hold(db, job, until=node.clock() + pause)


async def _send(node: Node, due: Due, message: bytes, *, now: int) -> Answer:
    """Raises Forbidding, Unreachable."""
    place = due.subscription.place
    device = Device.read(place.public, place.auth)
    sealed = webpush.seal(device, message) if place.standard else webpush.seal_as_drafted(device, message)
    origin = spelled(place.endpoint)
    headers = {
        **node.vapid.signed(sealed, f"{origin.scheme}://{origin}", standard=place.standard, now=now // 1000),
        "Content-Type": "application/octet-stream",
        "Accept": "*/*",
        "TTL": str(TTL),
        "Urgency": "normal",
        "Topic": _topic(due),  # a message that is sent twice takes its own place
    }
    return await node.client.post(place.endpoint, sealed.body, headers)


def _topic(due: Due) -> str:
    """RFC 8030 5.4: at most 32 characters; the same for the same message, and says nothing else."""
    about = f"{due.subscription.place.auth} {due.notification.id}"
    return base64.urlsafe_b64encode(hashlib.sha256(about.encode()).digest()[:24]).decode()


async def _message(db: Reading, node: Node, due: Due) -> bytes | None:
    """What the app reads, in the words of the Mastodon API; None when the member would not see it in the app."""
    told = due.notification
    post = None
    if told.post_id is not None:
        member_id = told.member_id
        if told.post_id not in await timelines.some(db, listed([told.post_id]), reader_id=member_id):
            return None
        if await _filtered(db, told.post_id, member_id, now=node.clock()):
            return None
        post = (await posts.by_ids(db, {told.post_id})).get(told.post_id)
    who = (await actors.by_ids(db, {told.actor_id})).get(told.actor_id)
    return None if who is None else written(node.site.base_url, due, who, post)


async def _filtered(db: Reading, post_id: int, member_id: int, *, now: int) -> bool:
    """Whether one of the member's filters for notifications matches: nobody can hide it on a locked screen."""
    found = await filtering.matches(db, [(post_id, post_id)], member_id=member_id, now=now)
    contexts = [match.filter.contexts.split() for matched in found.values() for match in matched]
    return any(Context.NOTIFICATIONS in one for one in contexts)


def written(base_url: str, due: Due, who: Actor, post: Post | None) -> bytes:
    """The JSON that is sealed: at most ``webpush.MOST`` bytes."""
    say = catalogue(due.locale or LOCALE).gettext
    icon = who.icon if who.icon and len(who.icon) <= ICON else f"{base_url}/static/avatar.png"
    name = _short(who.name or f"@{who.acct}", TITLE)
    return orjson.dumps(
        {
            "access_token": due.subscription.access_token,
            "preferred_locale": due.locale or LANGUAGE,
            "notification_id": due.notification.id,  # a number here, as apps decode it
            "notification_type": due.notification.reason.word,
            "icon": icon,
            "title": say(_title(due.notification.reason, post)) % {"name": name},
            "body": f"@{who.acct}"[:BODY] if post is None else _body(post, say(UNSAID)),
        }
    )


def _title(reason: Reason, post: Post | None) -> str:
    """What happened: of a change that a mark tells of, what that says."""
    bears = marks.NONE if post is None or reason is not Reason.UPDATE else marks.of(post.fields)
    if bears.withdrawn is not None:
        return WITHDRAWN
    return TITLES[reason] if bears.correction is None else CORRECTED


def _body(post: Post, unsaid: str) -> str:
    """The beginning of what everybody may read, or its warning; of anything else not a word."""
    return _short(post.summary or post.title or post.text, BODY) if post.public else unsaid


def _short(text: str, most: int) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
