"""What the operator announces to members, and what members do with it: dismiss it, react to it with an emoji."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from node import shortcodes
from node import text as texts
from node.context import Node
from node.errors import Invalid
from node.sharing import emojis
from node.streams import ANNOUNCED
from node.surfacing.surface import Told
from node.texts import _
from storage import announcements
from storage import emojis as drawn
from storage.announcements import Announcement
from storage.database import Reading, Writing

LENGTH = 5_000  # characters
KINDS = 8  # different emoji under one announcement, as Mastodon has it
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = timedelta(milliseconds=1)

# One emoji as people see it: a flag of two letters, a key, or pictures with what changes them, joined to one. Blocks of
# https://www.unicode.org/Public/emoji/ that have characters shown as pictures; the few others in them do no harm.
_PICTURE = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    r"\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170-\U0001f189\U0001f18e\U0001f191-\U0001f19a"
    r"\U0001f201-\U0001f251\U0001f300-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]{1,8}\U000e007f)?"
)
_EMOJI = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE}){{0,4}}", re.ASCII
)


def moment(written: str, *, end: bool = False) -> int:
    """Milliseconds since 1970 of a day or time in ISO 8601, in UTC where it names no place. Raises Invalid.

    A day is meant from its first moment, as an ``end`` to its last.
    """
    try:
        if DAY.fullmatch(written):
            day = datetime.combine(date.fromisoformat(written), datetime.min.time(), UTC)
            found = day + timedelta(days=1) - _MOMENT if end else day
        else:
            found = datetime.fromisoformat(written)
            found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return round(found.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("%s is no day or time like 2026-12-01 or 2026-12-01T14:30.") % written) from error


async def announce(
    db: Writing, node: Node, written: str, *, starts: str = "", ends: str = "", all_day: bool = False
) -> int:
    """Announce a plain text to all members; its id. Raises Invalid."""
    text = texts.clean(written)
    if not text:
        raise Invalid(_("An announcement needs a text."))
    if len(text) > LENGTH:
        raise Invalid(_("At most %s characters.") % LENGTH)
    if all_day and not all(DAY.fullmatch(one) for one in (starts, ends) if one):
        raise Invalid(_("What takes whole days starts and ends on a day like 2026-12-01."))
    if all_day and not (starts or ends):
        raise Invalid(_("Say on which day it starts or ends."))
    first = moment(starts) if starts else None
    last = moment(ends, end=True) if ends else None
    now = node.clock()
    if last is not None and last <= max(now, first or 0):
        raise Invalid(_("It cannot end before it starts, or before now."))
    html = texts.html(text, mentioned={}, base_url=node.config.base_url)
    new = Announcement(0, text, html, await shortcodes.used(db, text), first, last, now if all_day else None, now)
    return await announcements.add(db, new)


async def current(db: Reading, node: Node, member_id: int) -> list[Announcement]:
    """What stands for a member, with what they dismissed, the oldest first."""
    return await announcements.standing(db, member_id=member_id, now=node.clock())


async def dismiss(db: Writing, node: Node, member_id: int, id: int) -> list[Told]:
    """The member has read it. Raises Missing."""
    await announcements.dismiss(db, id, member_id=member_id, now=node.clock())
    return []


async def react(db: Writing, node: Node, member_id: int, id: int, name: str) -> list[Told]:
    """Show an emoji under it, of Unicode or of this node. Raises Missing, Invalid."""
    if not _EMOJI.fullmatch(name) and not (emojis.NAME.fullmatch(name) and await drawn.named(db, [name])):
        raise Invalid(_("This is no emoji of this node."), field="name")
    kept = await announcements.react(db, id, member_id=member_id, name=name, kinds=KINDS, now=node.clock())
    if not kept:
        raise Invalid(_("There are %s different emoji already: choose one of them.") % KINDS, field="name")
    return [Told(ANNOUNCED, id)]


async def unreact(db: Writing, node: Node, member_id: int, id: int, name: str) -> list[Told]:
    """Take it back. Raises Missing."""
    await announcements.unreact(db, id, member_id=member_id, name=name, now=node.clock())
    return [Told(ANNOUNCED, id)]
