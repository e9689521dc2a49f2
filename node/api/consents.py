"""FeatureApproval: who may put an account into a collection. https://docs.joinmastodon.org/entities/FeatureApproval/

What an Account says of it is for anybody who is signed in; where one looks for people, ``tailored`` says it to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from storage import consents, follows
from storage.actors import Actor
from storage.consents import Verdict, parts, policy_of
from storage.database import Reading


def feature_approval(actor: Actor, *, mine: bool = False, follows: bool = False, followed: bool = False) -> Any:
    """A FeatureApproval, to the account itself, to who follows it, and to whom it follows."""
    policy = policy_of(actor)
    automatic, manual = parts(policy)
    found = consents.verdict(policy, mine=mine, follows=follows, followed=followed)
    if actor.gone is not None or actor.suspended is not None:
        found = Verdict.DENIED
    return {"automatic": automatic, "manual": manual, "current_user": found.value}


async def tailored(db: Reading, shown: Sequence[tuple[Actor, bytes]], reader_id: int) -> list[bytes]:
    """Accounts as one reader has them: those whose policy depends on who follows whom say what it says to them."""
    ids = [actor.id for actor, _body in shown if reader_id and _depends(actor, reader_id)]
    if not ids:
        return [body for _actor, body in shown]
    mine = await follows.of(db, follower_id=reader_id, target_ids=ids)
    theirs = await follows.by(db, target_id=reader_id, follower_ids=ids)
    return [_again(actor, body, reader_id, mine, theirs) if actor.id in ids else body for actor, body in shown]


def _depends(actor: Actor, reader_id: int) -> bool:
    automatic, manual = parts(policy_of(actor))
    return actor.id == reader_id or ("public" not in automatic and bool(automatic or manual))


def _again(actor: Actor, body: bytes, reader_id: int, mine: Any, theirs: Any) -> bytes:
    out, back = mine.get(actor.id), theirs.get(actor.id)
    said = feature_approval(
        actor,
        mine=actor.id == reader_id,
        follows=out is not None and out.accepted is not None,
        followed=back is not None and back.accepted is not None,
    )
    plain = orjson.dumps(feature_approval(actor)) + b"}"  # it is the last part of an Account
    return body.removesuffix(plain) + orjson.dumps(said) + b"}" if body.endswith(plain) else body
