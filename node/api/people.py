"""Accounts that a request names, and pages of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from node.api import consents, paging, rendering
from node.context import Node, State
from node.learning import search as finding
from node.requests import identifier
from storage import actors
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.paging import Page

MOST = 80  # accounts on one page


async def named(request: Request[State], db: Reading) -> Actor:
    """The account of the path. Raises Missing."""
    return shown(await actors.by_id(db, identifier(request.path_params["id"])))


def shown(actor: Actor) -> Actor:
    """The node's own actor and deleted accounts are nobody to look at. Raises Missing."""
    if not finding.is_shown(actor):
        raise Missing(str(actor.id))
    return actor


def wanted(request: Request[State]) -> Page:
    """Which part of a list of accounts is asked for."""
    return paging.page(request.query_params, default=40, most=MOST)


async def as_read(db: Reading, node: Node, found: Sequence[Actor], reader_id: int) -> list[bytes]:
    """Accounts as one reader has them; 0: nobody who is known."""
    await rendering.look_up_moved(db, node, found)
    return await consents.tailored(db, [(one, rendering.account(node, one)) for one in found], reader_id)


def answer(request: Request[State], page: Page, placed: Sequence[tuple[int, Actor]]) -> Response:
    """A page of accounts, each given with the id to page by."""
    node = request.state["node"]
    links = paging.links(request, page, [place for place, _ in placed])
    return paging.array([rendering.account(node, actor) for _, actor in placed], links)
