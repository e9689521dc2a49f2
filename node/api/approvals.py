"""QuoteApproval: who may quote a post, and whether this reader. https://docs.joinmastodon.org/entities/QuoteApproval/"""

from __future__ import annotations

from functools import lru_cache

import orjson

from node.api.entities import Entity
from node.errors import Invalid
from node.requests import Params, text
from node.texts import _
from storage.quotes import Policy, Verdict, parts, verdict


@lru_cache(1024)  # few policies are ever said
def member(policy: str, *, mine: bool, follows: bool, signed_in: bool) -> bytes:
    """The part of a Status that says it, for its author, who follows its author, or anybody."""
    automatic, manual = parts(policy)
    found = verdict(policy, mine=mine, follows=follows) if signed_in else Verdict.DENIED
    said: Entity = {"automatic": automatic, "manual": manual, "current_user": found.value}
    return b',"quote_approval":' + orjson.dumps(said)


def asked(values: Params, default: str) -> Policy:
    """``quote_approval_policy``. Raises Invalid."""
    try:
        return Policy(text(values, "quote_approval_policy") or default)
    except ValueError as error:
        raise Invalid(_("Choose who may quote: public, followers or nobody."), field="quote_approval_policy") from error
