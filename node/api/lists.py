"""/api/v1/lists and /api/v1/timelines/list: https://docs.joinmastodon.org/methods/lists/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, people, rendering
from node.connecting import lists as use
from node.context import State
from node.errors import Invalid
from node.requests import Params, flag, identifier, params, text, texts
from node.texts import _
from storage import actors, lists, timelines
from storage.database import Reading, Writing
from storage.lists import List, Replies
from storage.paging import Page
from storage.retrying import retrying


async def all_of(request: Request[State]) -> Response:
    """The member's lists."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:lists")
        found = await lists.of(db, caller.id)
    return JSONResponse([entities.list_(one) for one in found])


async def of_account(request: Request[State]) -> Response:
    """The member's lists that an account is on."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:lists")
        actor = await people.named(request, db)
        found = await lists.of_account(db, member_id=caller.id, actor_id=actor.id)
    return JSONResponse([entities.list_(one) for one in found])


async def show(request: Request[State]) -> Response:
    """One list."""
    node = request.state["node"]
    async with node.database.reading() as db:
        found = await _list(request, db, "read:lists")
    return JSONResponse(entities.list_(found))


async def _list(request: Request[State], db: Reading, scope: str) -> List:
    caller = await auth.signed_in(request, db, scope)
    return await lists.by_id(db, identifier(request.path_params["id"]), member_id=caller.id)


def _replies(values: Params, default: Replies) -> Replies:
    try:
        return Replies(text(values, "replies_policy", default.value))
    except ValueError as error:
        raise Invalid(_("replies_policy must be list, followed or none."), field="replies_policy") from error


async def create(request: Request[State]) -> Response:
    """Make a list."""
    node = request.state["node"]
    values = await params(request)
    replies, exclusive = _replies(values, Replies.LIST), flag(values, "exclusive")

    async def work(db: Writing) -> List:
        caller = await auth.signed_in(request, db, "write:lists")
        member = await actors.by_id(db, caller.id)
        return await use.create(
            db, node, member, title=text(values, "title"), replies=replies, exclusive=exclusive
        )  # fmt: skip

    return JSONResponse(entities.list_(await retrying(node.database, work, keyed=False)))


async def _act(request: Request[State], act: Callable[[Writing, List], Awaitable[List | None]]) -> Response:
    """Do something with the list of the path; answer what it is then, if it is."""
    node = request.state["node"]

    async def work(db: Writing) -> List | None:
        return await act(db, await _list(request, db, "write:lists"))

    after = await retrying(node.database, work, keyed=True)
    return JSONResponse({} if after is None else entities.list_(after))


async def change(request: Request[State]) -> Response:
    """Change a list; what is not sent stays."""
    node = request.state["node"]
    values = await params(request)

    async def act(db: Writing, old: List) -> List:
        return await use.change(
            db, node, old, title=text(values, "title", old.title), replies=_replies(values, old.replies),
            exclusive=flag(values, "exclusive", old.exclusive is not None),
        )  # fmt: skip

    return await _act(request, act)


async def delete(request: Request[State]) -> Response:
    """Forget a list."""
    node = request.state["node"]

    async def act(db: Writing, old: List) -> None:
        await use.delete(db, node, old)

    return await _act(request, act)


async def accounts(request: Request[State]) -> Response:
    """Who is on a list; ``limit`` 0: all."""
    node = request.state["node"]
    everyone = request.query_params.get("limit") == "0"
    page = Page(limit=use.ACCOUNTS) if everyone else people.wanted(request)
    async with node.database.reading() as db:
        placed = await lists.accounts(db, (await _list(request, db, "read:lists")).id, page)
    return people.answer(request, page, placed)


async def put(request: Request[State]) -> Response:
    """Put accounts on a list."""
    wanted = await _wanted(request)

    async def act(db: Writing, chosen: List) -> None:
        await use.put(db, chosen, wanted)

    return await _act(request, act)


async def take(request: Request[State]) -> Response:
    """Take accounts off a list."""
    node = request.state["node"]
    wanted = await _wanted(request)

    async def act(db: Writing, chosen: List) -> None:
        await use.take(db, node, chosen, wanted)

    return await _act(request, act)


async def _wanted(request: Request[State]) -> list[int]:
    return list(dict.fromkeys(identifier(one) for one in texts(await params(request), "account_ids")[: use.ACCOUNTS]))


async def timeline(request: Request[State]) -> Response:
    """What the accounts of a list shared and passed on."""
    node = request.state["node"]
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        chosen = await _list(request, db, "read:lists")
        lines = await timelines.of_list(db, chosen, page=page, now=node.clock())
        shown = await rendering.statuses(db, node, lines, reader_id=chosen.member_id)
    return paging.array(shown, paging.links(request, page, [line.id for line in lines]))


routes = [
    Route("/api/v1/lists", all_of, methods=["GET"]),
    Route("/api/v1/lists", create, methods=["POST"]),
    Route("/api/v1/lists/{id}", show, methods=["GET"]),
    Route("/api/v1/lists/{id}", change, methods=["PUT"]),
    Route("/api/v1/lists/{id}", delete, methods=["DELETE"]),
    Route("/api/v1/lists/{id}/accounts", accounts, methods=["GET"]),
    Route("/api/v1/lists/{id}/accounts", put, methods=["POST"]),
    Route("/api/v1/lists/{id}/accounts", take, methods=["DELETE"]),
    Route("/api/v1/accounts/{id}/lists", of_account),
    Route("/api/v1/timelines/list/{id}", timeline),
]
