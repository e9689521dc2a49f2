"""Records in, Mastodon API JSON out: https://docs.joinmastodon.org/entities/. No I/O.

What an entity needs is fetched for a whole page before. Ids are strings, times ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import orjson

from node.api import consents, own, playing
from node.connecting.collections import COLLECTIONS
from node.texts import _
from storage.actors import Actor, ActorKind
from storage.attachments import Attachment
from storage.cards import Card
from storage.emojis import Emoji
from storage.featured_tags import Featured
from storage.follows import Follow
from storage.lists import List
from storage.members import Member
from storage.mutes import Mute
from storage.polls import Poll
from storage.posts import Edit, Post
from storage.reports import Report
from storage.tags import name_of
from storage.trends import DAY, History

Entity = dict[str, Any]
MEDIA = {"image": "image", "video": "video", "audio": "audio"}
FIRST = -62_135_596_800_000  # ms of 0001-01-01, the first moment datetime knows
FINAL = 253_402_300_799_000  # ms of 9999-12-31


def time(moment: int) -> str:
    """ISO 8601 with milliseconds."""
    when = datetime.fromtimestamp(min(max(moment, FIRST), FINAL) // 1000, UTC)
    return f"{when.isoformat()[:19]}.{moment % 1000:03d}Z"


def ending(moment: int | None) -> str | None:
    """When something ends; None: it does not."""
    return None if moment is None else time(moment)


def emojis(kept: str) -> list[Entity]:
    """CustomEmoji of what a post or actor keeps."""
    return [_emoji(one["shortcode"], one["url"]) for one in orjson.loads(kept)]


def own_emoji(kept: Emoji) -> Entity:
    """CustomEmoji of this node."""
    return {**_emoji(kept.shortcode, kept.url), "visible_in_picker": True, "category": kept.category or None}


def _emoji(code: str, url: str) -> Entity:
    return {"shortcode": code, "url": url, "static_url": url, "visible_in_picker": False, "category": None}


def account(actor: Actor, base_url: str, there: Actor | None = None) -> Entity:
    """An Account, as everybody may see it; ``there``: the account that it moved to, which says nothing of its own move,
    as in Mastodon."""
    blank = f"{base_url}/static/avatar.png"
    icon, header = actor.icon or blank, actor.header or f"{base_url}/static/header.png"
    hidden = actor.suspended is not None or actor.gone is not None
    return {
        "id": str(actor.id),
        "username": actor.handle,
        "acct": actor.acct,
        "url": actor.url or actor.uri,
        "uri": actor.uri,
        "display_name": "" if hidden else actor.name,
        "note": "" if hidden else actor.summary,
        "avatar": blank if hidden else icon,
        "avatar_static": blank if hidden else icon,
        "avatar_description": "" if hidden else actor.icon_alt,
        "header": header,
        "header_static": header,
        "header_description": "" if hidden else actor.header_alt,
        "locked": actor.locked is not None,
        "fields": [] if hidden else fields(actor),
        "emojis": emojis(actor.emojis),
        "bot": actor.kind in (ActorKind.SERVICE, ActorKind.APPLICATION),
        "group": actor.kind is ActorKind.GROUP,
        "discoverable": actor.discoverable is not None,
        "indexable": actor.indexable is not None,
        "noindex": actor.indexable is None,
        "moved": None if there is None else account(there, base_url),
        "memorial": False,
        "suspended": hidden,
        "limited": False,
        "created_at": time(actor.published - actor.published % 86_400_000),
        "last_status_at": None if actor.last_post is None else time(actor.last_post)[:10],
        "statuses_count": max(actor.posts_count, actor.their_posts or 0),
        "followers_count": max(actor.followers_count, actor.their_followers or 0),
        "following_count": max(actor.following_count, actor.their_following or 0),
        "hide_collections": False,
        **dict.fromkeys(("show_media", "show_media_replies", "show_featured"), True),  # pages show all of it
        "roles": [],
        "sharewell": {"type": actor.kind.value},
        "feature_approval": consents.feature_approval(actor),
    }


def fields(actor: Actor) -> list[Entity]:
    """What they say of themselves, and what this node knows: that their work address is confirmed."""
    said = [field(one["name"], one["value"]) for one in orjson.loads(actor.fields)]
    if not actor.work or actor.work_since is None:
        return said
    return [*said, {"name": _("Work address"), "value": escape(actor.work), "verified_at": time(actor.work_since)}]


def field(name: str, value: str) -> Entity:
    """A Field. That a page links back is not looked up yet, and what other servers say of it is not believed."""
    return {"name": name, "value": value, "verified_at": None}


def own_account(actor: Actor, member: Member, base_url: str, requests: int, there: Actor | None = None) -> Entity:
    """A CredentialAccount: what only the member sees of themselves is in ``source`` and ``role``."""
    return {
        **account(actor, base_url, there),
        "source": {
            "note": actor.summary_source,
            "fields": [field(one["name"], one.get("source", one["value"])) for one in orjson.loads(actor.fields)],
            "privacy": member.visibility,
            "sensitive": member.sensitive is not None,
            "language": member.language,
            "follow_requests_count": requests,
            "hide_collections": False,
            "discoverable": actor.discoverable is not None,
            "indexable": actor.indexable is not None,
            "attribution_domains": orjson.loads(actor.attribution_domains),
            "quote_policy": member.quote_policy,
            "also_known_as_uris": orjson.loads(actor.also_known_as),  # as GoToSocial names it
        },
        "role": role(member),
    }


def role(member: Member) -> Entity:
    """A Role."""
    place = ["member", "guardian", "moderator", "admin"].index(member.role.value)
    return {
        "id": str(place),
        "name": "" if place == 0 else member.role.value.capitalize(),
        "permissions": "0",
        "color": "",
        "highlighted": place > 0,
        "collection_limit": COLLECTIONS,
    }


def attachment(kept: Attachment) -> Entity:
    """A MediaAttachment."""
    meta: Entity = {}
    size: Entity
    if kept.width and kept.height:
        size = {"width": kept.width, "height": kept.height, "size": f"{kept.width}x{kept.height}"}
        meta["original"] = {**size, "aspect": kept.width / kept.height}
    if kept.plays:
        above, original = playing.meta(kept)
        meta = {**above, "original": meta.get("original", {}) | original}
    if kept.small_width and kept.small_height:
        size = {"width": kept.small_width, "height": kept.small_height}
        size |= {"size": f"{kept.small_width}x{kept.small_height}", "aspect": kept.small_width / kept.small_height}
        meta["small"] = size
    if kept.focus:
        x, y = orjson.loads(kept.focus)
        meta["focus"] = {"x": x, "y": y}
    return {
        "id": str(kept.id),
        "type": MEDIA.get(kept.media_type.partition("/")[0], "unknown"),
        "url": kept.url or None,
        "preview_url": kept.preview_url or (None if kept.plays else kept.url or None),
        "remote_url": None if kept.uploaded is not None else kept.url,
        "text_url": None,
        "meta": meta,
        "description": kept.alt or None,
        "blurhash": kept.blurhash or None,
    }


def mention(actor: Actor) -> Entity:
    """A Status::Mention."""
    return {"id": str(actor.id), "username": actor.handle, "acct": actor.acct, "url": actor.url or actor.uri}


def tag(shown: str, base_url: str) -> Entity:
    """A Status::Tag; apps expect its key, in lower case."""
    name = name_of(shown)
    return {"name": name, "url": f"{base_url}/tags/{name}"}


def found_tag(found: tuple[int, str], base_url: str, *, following: bool = False) -> Entity:
    """A Tag: id and name. How much it was used lately is not counted."""
    return {"id": str(found[0]), **tag(found[1], base_url), "history": [], "following": following}


def history(kept: History, today: int, days: int) -> list[Entity]:
    """How much something was used on each of the last ``days`` days, today first; numbers are texts there."""
    found = [(day, *kept.get(day, (0, 0))) for day in range(today, today - days, -1)]
    return [
        {"day": str(day * DAY // 1000), "uses": str(uses), "accounts": str(accounts)} for day, uses, accounts in found
    ]


def featured_tag(kept: Featured, base_url: str) -> Entity:
    """A FeaturedTag; the count is a text there."""
    return {
        "id": str(kept.id),
        **tag(kept.name, base_url),
        "statuses_count": str(kept.posts),
        "last_status_at": None if kept.last is None else time(kept.last)[:10],
    }


def preferences(member: Member) -> Entity:
    """A Preferences."""
    return {
        "posting:default:visibility": member.visibility,
        "posting:default:sensitive": member.sensitive is not None,
        "posting:default:language": member.language or None,
        "posting:default:quote_policy": member.quote_policy,
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
    }


def status_names(post: Post) -> Entity:
    """The part of a Status that says which one it is: a boost has its own."""
    return {
        "id": str(post.id),
        "created_at": time(post.published),
        "uri": post.uri,
        "url": post.url or post.uri,
        "visibility": post.visibility.value,
    }


def preview_card(kept: Card) -> Entity:
    """A PreviewCard. What a page would have apps embed is left out: it is the page's own code."""
    authors = [{"name": kept.author_name, "url": kept.author_url, "account": None}] if kept.author_name else []
    return {
        "url": kept.url,
        "title": kept.title,
        "description": kept.description,
        "language": kept.language or None,
        "type": "link",
        "authors": authors,
        "author_name": kept.author_name,
        "author_url": kept.author_url,
        "provider_name": kept.provider_name,
        "provider_url": kept.provider_url,
        "html": "",
        "width": kept.width,
        "height": kept.height,
        "image": kept.image or None,
        "image_description": kept.image_alt,
        "embed_url": "",
        "blurhash": kept.blurhash or None,
        "published_at": None if kept.published is None else time(kept.published),
        "missing_attribution": None,
    }


def status_body(
    post: Post,
    *,
    attachments: Sequence[Attachment],
    mentions: Sequence[Actor],
    tags: Sequence[str],
    app: tuple[str, str] | None,
    card: Card | None,
    base_url: str,
    now: int,
) -> Entity:
    """The part of a Status that is the same for every reader and for its boosts, without the account and the poll."""
    made_with = {} if app is None else {"application": {"name": app[0], "website": app[1] or None}}
    return {
        "in_reply_to_id": None if post.in_reply_to_id is None else str(post.in_reply_to_id),
        "in_reply_to_account_id": None if post.reply_to_actor_id is None else str(post.reply_to_actor_id),
        "sensitive": post.sensitive is not None,
        "spoiler_text": post.summary,
        "language": post.language or None,
        "replies_count": max(post.replies_count, post.their_replies or 0),
        "reblogs_count": max(post.boosts_count, post.their_boosts or 0),
        "favourites_count": max(post.likes_count, post.their_likes or 0),
        "quotes_count": post.quotes_count,
        "edited_at": None if post.edited is None else time(post.edited),
        "content": post.html,
        "media_attachments": [attachment(one) for one in attachments],
        "mentions": [mention(one) for one in mentions],
        "tagged_collections": [],  # no link is taken for one
        "tags": [tag(one, base_url) for one in tags],
        "emojis": emojis(post.emojis),
        **made_with,
        "card": None if card is None else preview_card(card),
        "sharewell": own.fields(post, now=now),
    }


def relationship(
    account_id: int,
    *,
    out: Follow | None,
    back: Follow | None,
    blocking: bool,
    blocked_by: bool,
    mute: Mute | None,
    domain_blocking: bool,
    endorsed: bool,
    note: str,
) -> Entity:
    """A Relationship; ``out`` is our follow of them, ``back`` theirs of us."""
    following = out is not None and out.accepted is not None
    return {
        "id": str(account_id),
        "following": following,
        "showing_reblogs": following and out is not None and out.boosts is not None,
        "notifying": following and out is not None and out.notify is not None,
        "languages": None,
        "followed_by": back is not None and back.accepted is not None,
        "blocking": blocking,
        "blocked_by": blocked_by,
        "muting": mute is not None,
        "muting_notifications": mute is not None and mute.notifications is not None,
        "muting_expires_at": None if mute is None else ending(mute.until),
        "requested": out is not None and out.accepted is None,
        "requested_by": back is not None and back.accepted is None,
        "domain_blocking": domain_blocking,
        "endorsed": endorsed,
        "note": note,
    }


def list_(kept: List) -> Entity:
    """A List."""
    return {
        "id": str(kept.id),
        "title": kept.title,
        "replies_policy": kept.replies.value,
        "exclusive": kept.exclusive is not None,
    }


def version(
    edit: Edit,
    author: Entity,
    *,
    emojis: Sequence[Entity] = (),
    files: Sequence[Attachment] = (),
    asked: Poll | None = None,
) -> Entity:
    """A StatusEdit: one version of a post. Files, emojis and the poll are known of the newest only."""
    options = {} if asked is None else {"poll": {"options": [{"title": one} for one in asked.titles]}}
    return {
        "content": edit.html,
        "spoiler_text": edit.summary,
        "sensitive": edit.sensitive is not None,
        "created_at": time(edit.at),
        "account": author,
        "media_attachments": [attachment(one) for one in files],
        "emojis": list(emojis),
        **options,
        "sharewell": {"title": edit.title} if edit.title else {},
    }


def source(post: Post) -> Entity:
    """A StatusSource."""
    return {
        "id": str(post.id),
        "text": post.source,
        "spoiler_text": post.summary,
        "sharewell": own.fields(post, now=0),
    }


def report(
    found: Report, target: Actor, status_ids: Sequence[int], collection_ids: Sequence[int], base_url: str
) -> Entity:
    """A Report, as who made it sees it."""
    return {
        "id": str(found.id),
        "action_taken": found.resolved is not None,
        "action_taken_at": None if found.resolved is None else time(found.resolved),
        "category": found.category.value,
        "comment": found.comment,
        "forwarded": found.forwarded is not None,
        "created_at": time(found.created),
        "status_ids": [str(one) for one in status_ids],
        "collection_ids": [str(one) for one in collection_ids],
        "rule_ids": None,
        "target_account": account(target, base_url),
    }
