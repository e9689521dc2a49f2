"""Polls of statuses: what an app asks, and the Poll that it is sent. No I/O."""

from __future__ import annotations

from node.api import entities
from node.api.entities import Entity
from node.errors import Invalid
from node.requests import Params, flag, number, texts
from node.sharing.questions import NewPoll
from node.texts import _
from storage.polls import Poll


def asked(values: Params) -> NewPoll | None:
    """``poll[options]``, ``poll[expires_in]``, ``poll[multiple]``, ``poll[hide_totals]``. Raises Invalid."""
    given = values.get("poll")
    if not given:
        return None
    if not isinstance(given, dict):
        raise Invalid(_("poll has options and expires_in."), field="poll")
    if not given.get("expires_in"):
        raise Invalid(_("Say how long the poll is open: poll[expires_in], in seconds."), field="poll")
    options = texts(given, "options")
    return NewPoll(options, number(given, "expires_in", 0), flag(given, "multiple"), flag(given, "hide_totals"))


def entity(kept: Poll, post_id: int, *, now: int, emojis: str = "[]", voted: bool | None = None) -> Entity:
    """A Poll; its id is the post's. ``emojis`` as the post keeps them; ``voted`` None: nobody in particular reads it,
    True: whoever reads it asked."""
    hidden = kept.hidden(now)
    own = {} if voted is None else {"voted": voted or bool(kept.own), "own_votes": list(kept.own)}
    return {
        "id": str(post_id),
        "expires_at": entities.ending(kept.ends),
        "expired": kept.over(now),
        "multiple": kept.multiple is not None,
        "votes_count": kept.votes,
        "voters_count": kept.voters,
        "options": [{"title": one.title, "votes_count": None if hidden else one.votes} for one in kept.options],
        "emojis": entities.emojis(emojis),
        **own,
    }
