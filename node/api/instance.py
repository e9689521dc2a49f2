"""/api/v2/instance and /api/v1/instance: https://docs.joinmastodon.org/methods/instance/"""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node import picturing
from node.connecting import members as use
from node.connecting.tags import FEATURED
from node.context import Node, State
from node.pictures.kinds import FILM_PIXELS, FILM_RATE, PIXELS
from node.sharing import questions
from node.sharing.posts import LENGTH
from node.sharing.uploads import ALT, EACH
from storage import actors, members, peers, posts

MONTH = 30 * 24 * 60 * 60 * 1000  # ms
# The Mastodon version whose client API our gates match; clients read the number in front.
SAYS = f"4.6.0 (compatible; Sharewell {version('sharewell')})"
# Of ``api_versions``; what each number lets apps count on, all of it served: 2 grouped notifications, 3 PKCE and
# ``attribution_domains``, 4 push as standardised and DELETE of media, 5 filters that blur, 6 recommended accounts and
# hashtags, 7 quotes, 8 the profile, 9 words about its pictures, 10 collections.
GATE = 10
CLOSED = {
    "enabled": False, "approval_required": False, "reason_required": None, "message": None, "min_age": None,
    "url": None,
}  # fmt: skip
_OPEN = {"local": "public", "remote": "public"}  # who may read lists of public posts: everybody
HEADERS = {"cache-control": "public, max-age=180"}


def _limits(node: Node) -> dict[str, Any]:
    return {
        "accounts": {
            "max_display_name_length": use.NAME,
            "max_note_length": use.NOTE,
            "max_avatar_description_length": use.ALT,
            "max_header_description_length": use.ALT,
            "max_featured_tags": FEATURED,
            "max_pinned_statuses": 5,
            "max_profile_fields": use.FIELDS,
            "profile_field_name_limit": use.FIELD,
            "profile_field_value_limit": use.FIELD,
        },
        "statuses": {
            "max_characters": LENGTH,
            "max_media_attachments": EACH,
            "characters_reserved_per_url": 23,
            "supported_mime_types": ["text/plain"],
        },
        "media_attachments": {
            "supported_mime_types": list(picturing.types(node)),
            "description_limit": ALT,
            "image_size_limit": node.config.media.size_limit,
            "image_matrix_limit": PIXELS,
            "video_size_limit": picturing.heaviest(node) if node.films is not None else 0,
            "video_frame_rate_limit": FILM_RATE if node.films is not None else 0,
            "video_matrix_limit": FILM_PIXELS if node.films is not None else 0,
        },
        "polls": {
            "max_options": questions.OPTIONS,
            "max_characters_per_option": questions.TITLE,
            "min_expiration": questions.SHORTEST,
            "max_expiration": questions.LONGEST,
        },
        "translation": {"enabled": False},
        "limited_federation": False,
        "timelines_access": dict.fromkeys(("live_feeds", "hashtag_feeds", "trending_link_feeds"), _OPEN),
        "urls": {
            "streaming": _streaming(node),
            "status": None,
            "about": f"{node.site.base_url}/about",
            "privacy_policy": _where(node, "privacy_policy", node.config.about.privacy_policy),
            "terms_of_service": _where(node, "terms_of_service", node.config.about.terms),
        },
        "vapid": {"public_key": node.vapid.public},
    }


def _where(node: Node, name: str, there: str) -> str | None:
    """Where a text of the operator is, if it is."""
    return f"{node.site.base_url}/api/v1/instance/{name}" if there else None


def _registrations(node: Node) -> dict[str, Any]:
    """Whether and how somebody can join; the message is for those who cannot."""
    asked = node.config.registration
    approves = asked.public and node.config.approves
    return {
        "enabled": asked.public,
        "approval_required": approves,
        "reason_required": approves and asked.reason,
        "message": f"<p>{escape(asked.message)}</p>" if asked.message and not asked.public else None,
        "min_age": None,
        "url": None,
    }


def rules(node: Node) -> list[dict[str, Any]]:
    """Rules as the operator wrote them, numbered from 1."""
    written = enumerate(node.config.registration.rules, start=1)
    return [{"id": str(number), "text": text, "hint": "", "translations": {}} for number, text in written]


def _streaming(node: Node) -> str:
    """Where WebSockets are opened: the scheme says ws for http, wss for https."""
    return node.site.base_url.replace("http", "ws", 1)


async def v2(request: Request[State]) -> Response:
    """What this node is and what it takes."""
    node = request.state["node"]
    config = node.config
    async with node.database.reading(stale=True) as db:
        active = await members.count_active(db, since=node.clock() - MONTH)
    return JSONResponse(
        {
            "domain": config.domain,
            "title": config.name,
            "version": SAYS,
            "source_url": "",
            "description": config.description,
            "usage": {"users": {"active_month": active}},
            "thumbnail": {"url": f"{node.site.base_url}/static/header.png", "description": ""},
            "wrapstodon": None,
            "icon": [],
            "languages": ["en"],
            "configuration": _limits(node),
            "registrations": _registrations(node),
            "api_versions": {"mastodon": GATE},
            "contact": {"email": config.contact, "account": None},
            "rules": rules(node),
        },
        headers=HEADERS,
    )


async def v1(request: Request[State]) -> Response:
    """The same in the words of older apps."""
    node = request.state["node"]
    config = node.config
    async with node.database.reading(stale=True) as db:
        here, shared = await actors.count_here(db), await posts.count_here(db)
        known = await peers.count(db)
    return JSONResponse(
        {
            "uri": config.domain,
            "title": config.name,
            "short_description": config.description,
            "description": config.description,
            "email": config.contact,
            "version": SAYS,
            "urls": {"streaming_api": _streaming(node)},
            "stats": {"user_count": here, "status_count": shared, "domain_count": known},
            "thumbnail": f"{node.site.base_url}/static/header.png",
            "languages": ["en"],
            "registrations": config.registration.public,
            "approval_required": config.registration.public and config.approves,
            "invites_enabled": False,
            "configuration": _limits(node),
            "contact_account": None,
            "rules": rules(node),
        },
        headers=HEADERS,
    )


routes = [Route("/api/v2/instance", v2), Route("/api/v1/instance", v1)]
