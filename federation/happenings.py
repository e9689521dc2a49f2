"""What an inbox handler reports to its caller: facts, already kept, that members may want to hear of.

Handlers return these instead of calling into ``node``: federation must not know who listens. The use cases of our own
members report the same facts, so that one place decides who is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.actors import Actor
from storage.cases import Case
from storage.collections import Collection
from storage.matches import Match
from storage.posts import Post


@dataclass(frozen=True, slots=True)
class Posted:
    """``post`` is new here. ``mentioned`` are the actors it names, ours and others."""

    author: Actor
    post: Post
    mentioned: Sequence[Actor] = ()
    parent: Post | None = None  # what it answers, when that is here
    quoted: Post | None = None  # what it quotes, when that is here and may be shown
    document: Mapping[str, Any] | None = None  # the activity that its author said it with, if it came so
    errand: int = 0  # how many quotes led to it: 0, it came by itself


@dataclass(frozen=True, slots=True)
class Withheld:
    """``post`` of another server came, or was changed, and is hidden: guardians have ``case`` to decide."""

    author: Actor
    post: Post
    case: Case
    sure: bool  # what was found can be nothing else


@dataclass(frozen=True, slots=True)
class Boosted:
    """``booster`` passed ``original`` on; ``boost`` is the row of it."""

    booster: Actor
    boost: Post
    original: Post


@dataclass(frozen=True, slots=True)
class Unboosted:
    """The boost ``boost`` of ``original_id`` was taken back and is gone."""

    boost: Post


@dataclass(frozen=True, slots=True)
class Liked:
    """``actor`` liked ``post``."""

    actor: Actor
    post: Post


@dataclass(frozen=True, slots=True)
class Unliked:
    """``actor`` no longer likes ``post``."""

    actor: Actor
    post: Post


@dataclass(frozen=True, slots=True)
class Requested:
    """``actor`` asks to follow ``target``, who approves by hand."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Applied:
    """``actor`` asks to be in ``group`` of this node."""

    actor: Actor
    group: Actor


@dataclass(frozen=True, slots=True)
class Followed:
    """``actor`` now follows ``target``."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Accepted:
    """``target`` elsewhere let ``actor`` of ours follow; the posts that come from now on are for ``actor``."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """``actor`` no longer follows ``target`` (or took the request back, or was refused or removed)."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Edited:
    """The words of ``post`` changed; ``post`` is what it is now."""

    author: Actor
    post: Post
    mentioned: Sequence[Actor] = ()
    marked: bool = False  # it bears a new mark: corrected, or withdrawn
    moved: bool = False  # an event that is at another time or place now, or does not take place


@dataclass(frozen=True, slots=True)
class Quoted:
    """``post`` of ``author``, known before, may show now that it quotes ``quoted``."""

    author: Actor
    post: Post
    quoted: Post


@dataclass(frozen=True, slots=True)
class Requoted:
    """What ``post``, of another server, says of what it quotes changed, and nothing else."""

    post: Post


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether ``post`` may show what it quotes was decided elsewhere: allowed, or allowed no longer."""

    post: Post


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody voted in the poll of ``post``. Who is nobody's business."""

    post: Post


@dataclass(frozen=True, slots=True)
class Tallied:
    """The author's server said how the poll of ``post`` stands."""

    post: Post


@dataclass(frozen=True, slots=True)
class Ended:
    """The poll of ``post`` is over."""

    post: Post


@dataclass(frozen=True, slots=True)
class Seated:
    """Those of ours who waited for a place at the event ``post`` have one."""

    post: Post
    actor_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Erased:
    """A post is gone; what it was."""

    post: Post
    recalled: bool = False  # members who did something with it are told otherwise
    said: dict[str, Any] | None = None  # the Delete of one of ours
    groups: Sequence[Actor] = ()  # that passed it on


@dataclass(frozen=True, slots=True)
class Renewed:
    """What ``actor`` says of itself changed."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Left:
    """``actor`` was deleted, with everything it shared."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Moved:
    """``actor`` goes on as ``target``, which says so too."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Blocked:
    """``actor`` blocks ``target``; follows both ways have ended."""

    actor: Actor
    target: Actor


@dataclass(frozen=True, slots=True)
class Collected:
    """``owner`` put these accounts into a collection; or what it says of itself changed, and they are in it."""

    owner: Actor
    collection: Collection
    actor_ids: Sequence[int]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Uncollected:
    """An account is in a collection no longer."""

    collection_id: int
    actor_id: int


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody reported ``target``; the report is kept under ``report_id``."""

    report_id: int
    target: Actor


@dataclass(frozen=True, slots=True)
class Mentored:
    """``actor`` did something about a mentoring match: proposed, answered or ended it, or wrote within it."""

    actor: Actor
    match: Match


@dataclass(frozen=True, slots=True)
class Invited:
    """``author`` of another server asks ``expert_id`` of ours to answer the question ``post``."""

    author: Actor
    post: Post
    expert_id: int


@dataclass(frozen=True, slots=True)
class Moderated:
    """``keeper``, of another server, took ``post`` out of ``groups`` of ours, which they keep, by saying ``said``."""

    keeper: Actor
    post: Post
    groups: Sequence[Actor]
    said: dict[str, Any]


Happening = (
    Posted
    | Withheld
    | Boosted
    | Unboosted
    | Liked
    | Unliked
    | Requested
    | Applied
    | Followed
    | Accepted
    | Unfollowed
    | Edited
    | Quoted
    | Requoted
    | Answered
    | Voted
    | Tallied
    | Ended
    | Seated
    | Erased
    | Renewed
    | Left
    | Moved
    | Blocked
    | Collected
    | Uncollected
    | Reported
    | Mentored
    | Invited
    | Moderated
)
