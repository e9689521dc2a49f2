"""Whether somebody may put an account into a collection of theirs (FEP-7aa9)."""

from __future__ import annotations

from storage import blocks, consents, follows
from storage.actors import Actor
from storage.consents import Verdict
from storage.database import Reading


async def verdict(db: Reading, target: Actor, owner: Actor) -> Verdict:
    """What the account's policy says to ``owner``. Of two of whom one blocks the other, neither may."""
    if target.gone is not None or target.suspended is not None or await blocks.either(db, target.id, owner.id):
        return Verdict.DENIED
    policy, mine = consents.policy_of(target), target.id == owner.id
    automatic, manual = consents.parts(policy)
    words = {*automatic, *manual}
    follows_them = "followers" in words and await _holds(db, owner, target)
    followed = "following" in words and await _holds(db, target, owner)
    return consents.verdict(policy, mine=mine, follows=follows_them, followed=followed)


async def _holds(db: Reading, follower: Actor, target: Actor) -> bool:
    found = await follows.between(db, follower_id=follower.id, target_id=target.id)
    return found is not None and found.accepted is not None
