"""Under which name an app or a form wants a post to stand: ``sharewell[as]``, or ``as``."""

from __future__ import annotations

from node.connecting import unnamed
from node.context import Node
from node.requests import identifier
from node.sharing.behalf import Name

ME, NOBODY = ("", "me"), "nobody"  # beside the id of a team's account


async def wanted(node: Node, said: str) -> Name:
    """What is asked for; whether this member may is seen when it is shared (``behalf.share``). Before the transaction,
    since the actor of those without a name is made when it is first needed."""
    if said in ME:
        return Name()
    if said == NOBODY:
        return Name(unnamed=await unnamed.ensure(node))
    return Name(team_id=identifier(said) or -1)  # -1: no team
