"""Whom a request of an app speaks for, and whether it may: https://docs.joinmastodon.org/api/oauth-scopes/"""

from __future__ import annotations

from starlette.requests import Request

from node.connecting import members as members_use
from node.context import Node, State
from node.errors import NotAllowed, Unauthenticated, Unconfirmed
from node.requests import bearer_of, secret_hash
from node.texts import _
from storage import tokens
from storage.database import Reading
from storage.members import Member
from storage.tokens import Bearer, Token


class Caller:
    """A member, and the token of the app that acts for them."""

    __slots__ = ("id", "member", "token")

    def __init__(self, token: Token, member: Member) -> None:
        self.id = member.actor_id
        self.token = token
        self.member = member


def may(scopes: str, wanted: str) -> bool:
    """Whether granted ``scopes`` cover ``wanted``: "read" covers "read:statuses"; "follow" is the old name of some."""
    granted = scopes.split()
    broad = wanted.partition(":")[0]
    if wanted in granted or broad in granted:
        return True
    follow = {"read:follows", "write:follows", "read:blocks", "write:blocks", "read:mutes", "write:mutes"}
    return "follow" in granted and wanted in follow


async def bearer(request: Request[State], db: Reading) -> Bearer | None:
    """The token's owner, None when no token came. Raises Unauthenticated when it is not valid (any more)."""
    token = bearer_of(request)
    if token is None:
        return None
    found = await tokens.bearer(db, secret_hash(token))
    if found is None:
        raise Unauthenticated("The access token is invalid")
    return found


def check_usable(member: Member) -> None:
    """Raises NotAllowed, Unconfirmed for a member who may not act (yet)."""
    if member.disabled is not None:
        raise NotAllowed(_("Your account was closed."))
    if member.leaving is not None:
        raise NotAllowed(_("Your account is about to be deleted. Sign in on the node's pages to keep it."))
    if member.confirmed is None:
        raise Unconfirmed(_("Your e-mail address is not confirmed yet: open the link in the mail we sent you."))
    if member.approved is None:
        raise NotAllowed(_("Your account waits to be let in by whoever runs this node."))


async def signed_in(request: Request[State], db: Reading, scope: str) -> Caller:
    """The member this request speaks for. Raises Unauthenticated, NotAllowed."""
    found = await bearer(request, db)
    if found is None:
        raise Unauthenticated("The access token is invalid")
    if found.member is None:
        raise Unauthenticated("This method requires an authenticated user")
    check_usable(found.member)
    if not may(found.token.scopes, scope):
        raise NotAllowed(_("This action is outside the authorized scopes"))
    return Caller(found.token, found.member)


async def app(request: Request[State], db: Reading, scope: str) -> Token:
    """The token with which an app speaks for itself. Raises Unauthenticated, NotAllowed."""
    found = await bearer(request, db)
    if found is None:
        raise Unauthenticated("The access token is invalid")
    if found.member is not None or found.token.app_id is None or not may(found.token.scopes, scope):
        raise NotAllowed(_("This action is outside the authorized scopes"))
    return found.token


async def reader(request: Request[State], db: Reading, scope: str) -> int:
    """The actor id of whoever reads; 0 without a token. Raises Unauthenticated, NotAllowed."""
    found = await bearer(request, db)
    if found is None or found.member is None:
        return 0
    check_usable(found.member)
    if not may(found.token.scopes, scope):
        raise NotAllowed(_("This action is outside the authorized scopes"))
    return found.member.actor_id


async def note_visit(node: Node, caller: Caller) -> None:
    """Keep that the member is here."""
    await members_use.note_visit(node, caller.member)
