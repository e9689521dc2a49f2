"""Notifications that are alike, told once: thanks for one post, boosts of one post, new followers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.notifications import Notification, Reason

GROUPED = frozenset({Reason.LIKE, Reason.BOOST, Reason.FOLLOW})
TOGETHER = 12 * 60 * 60 * 1000  # ms: for half a day


@dataclass(frozen=True, slots=True)
class Group:
    """Notifications that are alike, newest first."""

    key: str
    told: Sequence[Notification]


def key_of(one: Notification, grouped: frozenset[Reason] = GROUPED) -> str:
    """Which group it is of: reason, post and half day; or it is alone."""
    if one.reason not in grouped:
        return f"ungrouped-{one.id}"
    about = "" if one.post_id is None else f"{one.post_id}-"
    return f"{one.reason.value}-{about}{one.created // TOGETHER}"


def groups_of(told: Iterable[Notification], grouped: frozenset[Reason] = GROUPED) -> list[Group]:
    """The groups, the one with the newest first."""
    found: dict[str, list[Notification]] = {}
    for one in told:
        found.setdefault(key_of(one, grouped), []).append(one)
    return [Group(key, of) for key, of in found.items()]
