"""What an account does no more that goes on elsewhere: all it shared stays as it is, and nothing new comes to it."""

from __future__ import annotations

from node.errors import NotAllowed
from node.texts import _
from storage.actors import Actor


def check_stays(actor: Actor) -> None:
    """Raises NotAllowed for one of ours who has moved."""
    if actor.here and actor.moved_to:
        raise NotAllowed(_("This account has moved to %s. Write there, or take the move back first.") % actor.moved_to)
