"""What an account does no more that goes on elsewhere: all it shared stays as it is, and nothing new comes to it."""

from __future__ import annotations

from node.errors import Invalid, NotAllowed
from node.texts import _
from storage.actors import Actor


def check_stays(actor: Actor) -> None:
    """Raises NotAllowed for one of ours who has moved."""
    if actor.here and actor.moved_to:
        raise NotAllowed(_said(actor))


def check_takes(target: Actor) -> None:
    """Raises NotAllowed for who has moved, here or elsewhere: nobody new comes to them."""
    if target.moved_to:
        raise NotAllowed(_("This account has moved to %s. Follow it there.") % target.moved_to)


def check_writes(author: Actor) -> None:
    """The same, as something that is wrong with what was written, which a form then keeps. Raises Invalid."""
    if author.here and author.moved_to:
        raise Invalid(_said(author), field="status")


def _said(actor: Actor) -> str:
    return _("This account has moved to %s. Write there, or take the move back first.") % actor.moved_to
