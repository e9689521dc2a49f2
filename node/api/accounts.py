"""/api/v1/accounts: https://docs.joinmastodon.org/methods/accounts/"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, people, rendering
from node.connecting import members as use
from node.connecting import moving, portraits, registering
from node.connecting.members import ProfileChange
from node.connecting.portraits import ROLES
from node.connecting.registering import Asked
from node.context import State
from node.errors import Invalid
from node.forms.uploading import received
from node.guarding import asking
from node.learning import search as finding
from node.requests import (
    Params,
    address_of,
    bearer_of,
    flag,
    identifier,
    number,
    params,
    refuse,
    secret_hash,
    text,
    texts,
)
from node.surfacing.surface import announce
from node.texts import _
from storage import actors, follows, members, timelines, tokens
from storage.actors import Actor
from storage.media.files import Role
from storage.members import Member
from storage.posts import Post
from storage.tags import name_of
from storage.timelines import Wanted

MULTIPLE = 40  # accounts asked for at once
WITH_FILES = ("PATCH /api/v1/accounts/update_credentials",)


async def register(request: Request[State]) -> Response:
    """Make an account for whoever uses an app, and give the app a token that works once the account may act."""
    node = request.state["node"]
    async with node.database.reading() as db:
        app = await auth.app(request, db, "write:accounts")
    values = await params(request)
    asked = Asked(
        username=text(values, "username"),
        email=text(values, "email").strip(),
        password=text(values, "password"),
        agreement=flag(values, "agreement"),
        reason=text(values, "reason"),
        locale=text(values, "locale"),
        invitation=text(values, "invite_code"),
        app_id=app.app_id,
    )
    made = await registering.register(node, asked, address=address_of(request))
    given, now = secrets.token_urlsafe(32), node.clock()
    async with node.database.writing() as db:
        await tokens.add(
            db, secret_hash(given), app_id=app.app_id, member_id=made.actor_id, scopes=app.scopes, now=now
        )  # fmt: skip
    said = {"access_token": given, "token_type": "Bearer", "scope": app.scopes, "created_at": now // 1000}
    return JSONResponse(said, headers={"cache-control": "no-store", "pragma": "no-cache"})


async def verify_credentials(request: Request[State]) -> Response:
    """Who the token speaks for."""
    node = request.state["node"]
    async with node.database.reading() as db:
        found = await auth.bearer(request, db)
        scope = "profile" if found is not None and "profile" in found.token.scopes.split() else "read:accounts"
        caller = await auth.signed_in(request, db, scope)
        actor = await actors.by_id(db, caller.id)
        waiting = await follows.count_wanting(db, caller.id)
        there = await moving.moved_to(db, actor)
    await auth.note_visit(node, caller)
    return JSONResponse(entities.own_account(actor, caller.member, node.site.base_url, waiting, there))


@dataclass(frozen=True, slots=True)
class Changed:
    """A member after a change of their profile."""

    actor: Actor
    member: Member
    waiting: int  # who asks to follow


async def changed(request: Request[State], *, also: Callable[[Params], None] = lambda _: None) -> Changed:
    """Change what the member says of themselves; ``also`` raises for what is wrong besides. Raises Invalid."""
    node = request.state["node"]
    async with node.database.reading() as db:  # asked before anything of the body is read
        await auth.signed_in(request, db, "write:accounts")
    async with received(request, node.media, files=tuple(ROLES), most=node.config.media.size_limit) as form:
        values, files = form
        _refuse_unbuilt(values)
        also(values)
        pictures = await portraits.made(node, files)
    async with asking(node), node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        await portraits.put(db, node, caller.id, pictures)
        actor = await actors.by_id(db, caller.id)
        told = await use.update_profile(db, node, actor, _change(values, actor, caller.member))
        member = await members.by_id(db, caller.id)
        actor = await actors.by_id(db, caller.id)
        waiting = await follows.count_wanting(db, actor.id)
    announce(node, told)
    return Changed(actor, member, waiting)


async def update_credentials(request: Request[State]) -> Response:
    """Change what the member says of themselves."""
    now = await changed(request)
    return JSONResponse(entities.own_account(now.actor, now.member, request.state["node"].site.base_url, now.waiting))


def _refuse_unbuilt(values: Params) -> None:
    refuse(values, *ROLES)  # pictures come as files of a form
    refuse(values, "bot", "hide_collections")


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
        quote_policy=text(source, "quote_policy", member.quote_policy),
        icon_alt=text(values, "avatar_description", actor.icon_alt),
        header_alt=text(values, "header_description", actor.header_alt),
        websites=texts(values, "attribution_domains") if "attribution_domains" in values else None,
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
        reader_id = await auth.reader(request, db, "read:accounts")
        shown = await people.as_read(db, node, [await people.named(request, db)], reader_id)
    return Response(shown[0], media_type=paging.JSON)


async def several(request: Request[State]) -> Response:
    """Accounts by their ids."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:MULTIPLE]]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:accounts")
        found = await actors.by_ids(db, ids)
        kept = [found[one] for one in ids if one in found and finding.is_shown(found[one])]
        return paging.array(await people.as_read(db, node, kept, reader_id))


async def lookup(request: Request[State]) -> Response:
    """The account of a handle that is known here; never asks another server."""
    node = request.state["node"]
    handle, _, domain = text(await params(request), "acct").lstrip("@").partition("@")
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:accounts")
        actor = await actors.by_handle(db, handle, "" if domain.lower() == node.config.domain else domain.lower())
        shown = await people.as_read(db, node, [people.shown(actor)], reader_id)
    return Response(shown[0], media_type=paging.JSON)


async def statuses(request: Request[State]) -> Response:
    """What an account shared and passed on."""
    node = request.state["node"]
    values = await params(request)
    page = paging.page(values)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        actor = await people.named(request, db)
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
    page = people.wanted(request)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        placed = await follows.followers(db, (await people.named(request, db)).id, page)
    return people.answer(request, page, placed)


async def followed(request: Request[State]) -> Response:
    """Whom an account follows."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        placed = await follows.following(db, (await people.named(request, db)).id, page)
    return people.answer(request, page, placed)


async def identity_proofs(request: Request[State]) -> Response:
    """None: Mastodon gave them up in 3.5, and some apps go on asking. Raises Missing for nobody's id."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read:accounts")
        await people.named(request, db)
    return JSONResponse([])


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
        caller = await auth.signed_in(request, db, "read:accounts")
    if flag(values, "resolve") and finding.is_handle(query):
        found = await finding.resolve(node, query)
    async with node.database.reading() as db:
        found_people = await finding.people(db, query, limit=offset + limit, first=found)
        return paging.array(await people.as_read(db, node, found_people[offset:], caller.id))


routes = [
    Route("/api/v1/accounts", register, methods=["POST"]),
    Route("/api/v1/accounts/verify_credentials", verify_credentials),
    Route("/api/v1/accounts/update_credentials", update_credentials, methods=["PATCH"]),
    Route("/api/v1/profile/avatar", remove_avatar, methods=["DELETE"]),
    Route("/api/v1/profile/header", remove_header, methods=["DELETE"]),
    Route("/api/v1/accounts/lookup", lookup),
    Route("/api/v1/accounts/search", search),
    Route("/api/v1/accounts", several, methods=["GET"]),
    Route("/api/v1/accounts/{id}", show),
    Route("/api/v1/accounts/{id}/statuses", statuses),
    Route("/api/v1/accounts/{id}/followers", followers),
    Route("/api/v1/accounts/{id}/following", followed),
    Route("/api/v1/accounts/{id}/identity_proofs", identity_proofs),
]
