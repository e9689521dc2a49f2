"""/api/v1/accounts: https://docs.joinmastodon.org/methods/accounts/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.connecting import blocks as blocking
from node.connecting import follows as following
from node.connecting import members as use
from node.connecting import portraits
from node.connecting.members import ProfileChange
from node.connecting.portraits import ROLES
from node.context import Node, State
from node.errors import Invalid
from node.learning import search as finding
from node.requests import Params, bearer_of, flag, identifier, number, params, refuse, text, texts
from node.surfacing.surface import Told, announce
from node.texts import _
from node.uploading import received
from storage import actors, blocks, follows, members, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.media.files import Role
from storage.members import Member
from storage.paging import Page
from storage.posts import Post
from storage.retrying import retrying
from storage.tags import name_of
from storage.timelines import Wanted

RELATIONSHIPS = 80  # asked for at once
MULTIPLE = 40  # accounts asked for at once
WITH_FILES = ("PATCH /api/v1/accounts/update_credentials",)


async def verify_credentials(request: Request[State]) -> Response:
    """Who the token speaks for."""
    node = request.state["node"]
    async with node.database.reading() as db:
        found = await auth.bearer(request, db)
        scope = "profile" if found is not None and "profile" in found.token.scopes.split() else "read:accounts"
        caller = await auth.signed_in(request, db, scope)
        actor = await actors.by_id(db, caller.id)
        waiting = await follows.count_wanting(db, caller.id)
    await auth.note_visit(node, caller)
    return JSONResponse(entities.own_account(actor, caller.member, node.site.base_url, waiting))


async def update_credentials(request: Request[State]) -> Response:
    """Change what the member says of themselves."""
    node = request.state["node"]
    async with node.database.reading() as db:  # asked before anything of the body is read
        await auth.signed_in(request, db, "write:accounts")
    async with received(request, node.media, files=tuple(ROLES), most=node.config.media.size_limit) as form:
        values, files = form
        _refuse_unbuilt(values)
        pictures = await portraits.made(node, files)
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        actor = await actors.by_id(db, caller.id)
        await portraits.put(db, node, caller.id, pictures)
        told = await use.update_profile(db, node, actor, _change(values, actor, caller.member))
        member = await members.by_id(db, caller.id)
        actor = await actors.by_id(db, caller.id)
        waiting = await follows.count_wanting(db, actor.id)
    announce(node, told)
    return JSONResponse(entities.own_account(actor, member, node.site.base_url, waiting))


def _refuse_unbuilt(values: Params) -> None:
    refuse(values, *ROLES, "avatar_description", "header_description")  # pictures come as files of a form
    refuse(values, "bot", "hide_collections", "attribution_domains")
    source = values.get("source")
    if isinstance(source, dict) and text(source, "quote_policy", "nobody") != "nobody":
        refuse(source, "quote_policy")


async def remove_avatar(request: Request[State]) -> Response:
    """Show no avatar."""
    return await _remove(request, Role.AVATAR)


async def remove_header(request: Request[State]) -> Response:
    """Show no header."""
    return await _remove(request, Role.HEADER)


async def _remove(request: Request[State], role: Role) -> Response:
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        told = await portraits.remove(db, node, caller.id, role)
        actor = await actors.by_id(db, caller.id)
        waiting = await follows.count_wanting(db, caller.id)
    announce(node, told)
    return JSONResponse(entities.own_account(actor, caller.member, node.site.base_url, waiting))


def _change(values: Params, actor: Actor, member: Member) -> ProfileChange:
    """The whole profile after the change: what was not sent stays."""
    source = values.get("source")
    source = source if isinstance(source, dict) else {}
    return ProfileChange(
        name=text(values, "display_name", actor.name),
        note=text(values, "note", actor.summary_source),
        fields=_fields(values["fields_attributes"]) if "fields_attributes" in values else None,
        locked=flag(values, "locked", actor.locked is not None),
        discoverable=flag(values, "discoverable", actor.discoverable is not None),
        indexable=flag(values, "indexable", actor.indexable is not None),
        language=text(source, "language", member.language),
        visibility=text(source, "privacy", member.visibility),
        sensitive=flag(source, "sensitive", member.sensitive is not None),
    )


def _fields(given: Any) -> list[tuple[str, str]]:
    rows = list(given.values()) if isinstance(given, dict) else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("fields_attributes must be a list of name and value."), field="fields_attributes")
    return [(text(row, "name"), text(row, "value")) for row in rows if text(row, "name") or text(row, "value")]


async def show(request: Request[State]) -> Response:
    """One account."""
    node = request.state["node"]
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        await auth.reader(request, db, "read:accounts")
        actor = await _actor(request, db)
    return Response(rendering.account(node, actor), media_type=paging.JSON)


async def several(request: Request[State]) -> Response:
    """Accounts by their ids."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:MULTIPLE]]
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        found = await actors.by_ids(db, ids)
    return paging.array([rendering.account(node, found[one]) for one in ids if one in found])


async def lookup(request: Request[State]) -> Response:
    """The account of a handle that is known here; never asks another server."""
    node = request.state["node"]
    handle, _, domain = text(await params(request), "acct").lstrip("@").partition("@")
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        actor = await actors.by_handle(db, handle, "" if domain.lower() == node.config.domain else domain.lower())
        _shown(actor)
    return Response(rendering.account(node, actor), media_type=paging.JSON)


async def _actor(request: Request[State], db: Reading) -> Actor:
    return _shown(await actors.by_id(db, identifier(request.path_params["id"])))


def _shown(actor: Actor) -> Actor:
    """The node's own actor and deleted accounts are nobody to look at. Raises Missing."""
    if not finding.is_shown(actor):
        raise Missing(str(actor.id))
    return actor


async def statuses(request: Request[State]) -> Response:
    """What an account shared and passed on."""
    node = request.state["node"]
    values = await params(request)
    page = paging.page(values)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        actor = await _actor(request, db)
        if flag(values, "pinned"):
            lines = await timelines.pinned(db, actor.id, reader_id=reader_id)
        elif tag := text(values, "tagged"):
            refuse(values, "exclude_replies", "only_media")
            lines = await timelines.tagged_by(db, actor.id, name_of(tag), reader_id=reader_id, page=page)
        else:
            wanted = Wanted(
                replies=not flag(values, "exclude_replies"),
                boosts=not flag(values, "exclude_reblogs"),
                media_only=flag(values, "only_media"),
            )
            lines = await timelines.by_author(db, actor.id, reader_id=reader_id, page=page, wanted=wanted)
        shown = await rendering.statuses(db, node, lines, reader_id=reader_id)
    links = {} if flag(values, "pinned") else paging.links(request, page, [line.id for line in lines])
    return paging.array(shown, links)


async def followers(request: Request[State]) -> Response:
    """Who follows an account."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=40, most=80)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        placed = await follows.followers(db, (await _actor(request, db)).id, page)
    return _accounts(request, node, page, placed)


async def followed(request: Request[State]) -> Response:
    """Whom an account follows."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=40, most=80)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        placed = await follows.following(db, (await _actor(request, db)).id, page)
    return _accounts(request, node, page, placed)


async def requests(request: Request[State]) -> Response:
    """Who asks to follow the member."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=40, most=80)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        placed = await follows.wanting(db, caller.id, page)
    return _accounts(request, node, page, placed)


async def blocked(request: Request[State]) -> Response:
    """Whom the member blocks."""
    node = request.state["node"]
    page: Page = paging.page(request.query_params, default=40, most=80)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:blocks")
        placed = await blocks.newest(db, caller.id, page)
    return _accounts(request, node, page, placed)


def _accounts(request: Request[State], node: Node, page: Page, placed: Sequence[tuple[int, Actor]]) -> Response:
    links = paging.links(request, page, [place for place, _ in placed])
    return paging.array([rendering.account(node, actor) for _, actor in placed], links)


async def relationships(request: Request[State]) -> Response:
    """How the member stands to each of these accounts."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:RELATIONSHIPS]]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        shown = await _relationships(db, caller.id, ids)
    return JSONResponse(shown)


async def _relationships(db: Reading, me: int, ids: Sequence[int]) -> list[entities.Entity]:
    known = await actors.by_ids(db, ids)
    out = await follows.of(db, follower_id=me, target_ids=ids)
    back = await follows.by(db, target_id=me, follower_ids=ids)
    blocking = await blocks.of(db, actor_id=me, target_ids=ids)
    blocked_by = await blocks.by(db, target_id=me, actor_ids=ids)
    return [
        entities.relationship(
            one, out=out.get(one), back=back.get(one), blocking=one in blocking, blocked_by=one in blocked_by
        )
        for one in dict.fromkeys(ids)
        if one in known
    ]


Act = Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]


async def _act(request: Request[State], scope: str, act: Act) -> Response:
    """Do something between the member and the account of the path; answer how they stand now."""
    node = request.state["node"]

    async def work(db: Writing) -> tuple[list[Told], list[entities.Entity]]:
        caller = await auth.signed_in(request, db, scope)
        target = await _actor(request, db)
        told = await act(db, node, await actors.by_id(db, caller.id), target)
        return told, await _relationships(db, caller.id, [target.id])

    told, [shown] = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse(shown)


async def follow(request: Request[State]) -> Response:
    """Follow, or change how."""
    values = await params(request)
    refuse(values, "languages")
    boosts = flag(values, "reblogs") if "reblogs" in values else None
    notify = flag(values, "notify") if "notify" in values else None

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        return await following.follow(db, node, me, target, boosts=boosts, notify=notify)

    return await _act(request, "write:follows", act)


async def unfollow(request: Request[State]) -> Response:
    """End a follow or take a request back."""
    return await _act(request, "write:follows", following.unfollow)


async def remove_follower(request: Request[State]) -> Response:
    """Let somebody follow no longer."""
    return await _act(request, "write:follows", following.remove_follower)


async def authorize(request: Request[State]) -> Response:
    """Let somebody follow."""
    return await _act(request, "write:follows", following.accept)


async def reject(request: Request[State]) -> Response:
    """Do not let somebody follow."""
    return await _act(request, "write:follows", following.reject)


async def block(request: Request[State]) -> Response:
    """See nothing of somebody, and be seen by them no more."""
    return await _act(request, "write:blocks", blocking.block)


async def unblock(request: Request[State]) -> Response:
    """End a block."""
    return await _act(request, "write:blocks", blocking.unblock)


async def search(request: Request[State]) -> Response:
    """Accounts by the start of their handle or name; ``resolve``: asked of another server when it is a whole handle."""
    node = request.state["node"]
    values = await params(request)
    refuse(values, "following")
    query = text(values, "q").strip()[: finding.QUERY]
    limit = number(values, "limit", 40, least=1, most=80)
    offset = number(values, "offset", 0, most=finding.DEEPEST)
    found: Actor | Post | None = None
    async with node.database.reading() as db:
        await auth.signed_in(request, db, "read:accounts")
    if flag(values, "resolve") and finding.is_handle(query):
        found = await finding.resolve(node, query)
    async with node.database.reading() as db:
        people = await finding.people(db, query, limit=offset + limit, first=found)
    return paging.array([rendering.account(node, one) for one in people[offset:]])


routes = [
    Route("/api/v1/accounts/verify_credentials", verify_credentials),
    Route("/api/v1/accounts/update_credentials", update_credentials, methods=["PATCH"]),
    Route("/api/v1/profile/avatar", remove_avatar, methods=["DELETE"]),
    Route("/api/v1/profile/header", remove_header, methods=["DELETE"]),
    Route("/api/v1/accounts/relationships", relationships),
    Route("/api/v1/accounts/lookup", lookup),
    Route("/api/v1/accounts/search", search),
    Route("/api/v1/accounts", several, methods=["GET"]),
    Route("/api/v1/accounts/{id}", show),
    Route("/api/v1/accounts/{id}/statuses", statuses),
    Route("/api/v1/accounts/{id}/followers", followers),
    Route("/api/v1/accounts/{id}/following", followed),
    Route("/api/v1/accounts/{id}/follow", follow, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unfollow", unfollow, methods=["POST"]),
    Route("/api/v1/accounts/{id}/remove_from_followers", remove_follower, methods=["POST"]),
    Route("/api/v1/accounts/{id}/block", block, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unblock", unblock, methods=["POST"]),
    Route("/api/v1/follow_requests", requests),
    Route("/api/v1/follow_requests/{id}/authorize", authorize, methods=["POST"]),
    Route("/api/v1/follow_requests/{id}/reject", reject, methods=["POST"]),
    Route("/api/v1/blocks", blocked),
]
