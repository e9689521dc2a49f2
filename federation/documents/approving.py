"""Interaction policies: who may do what with an object or actor, as GoToSocial and FEP-044f say it. No I/O."""

from __future__ import annotations

from typing import Any

from federation.documents import reading
from federation.site import Document
from federation.vocabulary import PUBLIC_NAMES

_SIDES = (("automaticApproval", "always"), ("manualApproval", "approvalRequired"))  # each with its name of before
_MOST = 64  # actors and collections on one side


def sides(document: Document, act: str, *, own: str, followers: str, following: str) -> tuple[str, str] | None:
    """Who may do ``act`` at once, and who may ask: words of the Mastodon API with blanks between. None: not said.

    ``own`` stands for nobody else than the actor itself.
    """
    asked = document.get("interactionPolicy")
    rules = asked.get(act) if isinstance(asked, dict) else None
    if not isinstance(rules, dict):
        return None
    automatic, manual = (_words(rules.get(new, rules.get(old)), own, followers, following) for new, old in _SIDES)
    return automatic, manual


def _words(given: Any, own: str, followers: str, following: str) -> str:
    found: set[str] = set()
    for one in reading.one_or_many(given)[:_MOST]:
        if isinstance(one, str) and one in PUBLIC_NAMES:
            found.add("public")
        elif one == followers and one:
            found.add("followers")
        elif one == following and one:
            found.add("following")
        elif one != own:
            found.add("unsupported_policy")
    return " ".join(sorted(found))
