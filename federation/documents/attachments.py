"""Pictures, films and sounds of posts in AS2. No I/O."""

from __future__ import annotations

import json
import re
from typing import Any

from federation.documents import reading
from federation.documents.actors import picture_terms
from federation.site import Document, Limits
from storage.actors import Actor
from storage.attachments import Attachment

_LASTS = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?")  # ISO 8601, as PeerTube
MEDIA = {"Image": "image/*", "Video": "video/*", "Audio": "audio/*", "Document": ""}


def read(document: Document, author: Actor, limits: Limits) -> list[Attachment]:
    """The files of a post of ``author``, in their order."""
    found: list[Attachment] = []
    sources = [*reading.one_or_many(document.get("attachment"))[: limits.attachments * 4]]
    if reading.type_among(document, frozenset({"Article", "Page", "Event"})):
        sources += reading.one_or_many(document.get("image"))[:1]
    for one in sources:
        made = _read(one, author, len(found)) if isinstance(one, dict) else None
        if made is not None:
            found.append(made)
        if len(found) >= limits.attachments:
            break
    return found


def _read(one: dict[str, Any], author: Actor, place: int) -> Attachment | None:
    type = reading.type_among(one, frozenset(MEDIA))
    if not type:
        return None
    media_type = reading.text(one.get("mediaType")) or MEDIA[type]
    url = one.get("url", one.get("href"))
    for inner in reading.one_or_many(url)[:16]:
        if isinstance(inner, dict) and isinstance(inner.get("mediaType"), str):
            media_type = inner["mediaType"]
            break
    address = next(
        (
            found
            for inner in reading.one_or_many(url)[:16]
            if (found := inner if isinstance(inner, str) else inner.get("href") if isinstance(inner, dict) else None)
            and isinstance(found, str)
            and reading.web(found)
        ),
        "",
    )
    if not address or len(media_type) > 100:
        return None
    blurhash = reading.text(one.get("blurhash"))
    return Attachment(
        id=0, post_id=None, actor_id=author.id, place=place, media_type=media_type, url=address,
        alt=reading.text(one.get("name"))[:1500] or reading.text(one.get("summary"))[:1500],
        blurhash=blurhash if len(blurhash) <= 100 and blurhash.isascii() else "", width=_size(one.get("width")),
        height=_size(one.get("height")), focus=_focus(one.get("focalPoint")),
        preview_url=_poster(one) if type != "Image" else "", playing=_playing(one.get("duration")),
    )  # fmt: skip


def _poster(one: dict[str, Any]) -> str:
    """The picture that stands for a film or sound until it plays: its ``icon``, as Mastodon reads it."""
    icon = next(iter(reading.one_or_many(one.get("icon"))), None)
    address = icon.get("url") if isinstance(icon, dict) else icon
    return address if isinstance(address, str) and reading.web(address) else ""


def _playing(value: Any) -> str:
    """How long it lasts, as ``storage.attachments`` keeps it; "": it does not say."""
    found = _LASTS.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if found is None:
        return ""
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    lasts = round(hours * 3600 + minutes * 60 + seconds, 3)
    return json.dumps({"duration": lasts}) if 0 < lasts < 1_000_000 else ""


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000 else None


def _focus(value: Any) -> str:
    if not isinstance(value, list) or len(value) != 2:
        return ""
    fine = all(isinstance(one, int | float) and not isinstance(one, bool) and -1 <= one <= 1 for one in value)
    return json.dumps(value) if fine else ""


def terms(one: Attachment) -> Document:
    """One of ours as others read it."""
    type = {"image": "Image", "video": "Video", "audio": "Audio"}.get(one.media_type.partition("/")[0], "Document")
    said: Document = {"type": type, "mediaType": one.media_type, "url": one.url, "name": one.alt}
    if one.blurhash:
        said["blurhash"] = one.blurhash
    if one.width and one.height:
        said |= {"width": one.width, "height": one.height}
    if one.focus:
        said["focalPoint"] = json.loads(one.focus)
    if one.playing:
        said["duration"] = f"PT{json.loads(one.playing)['duration']}S"
    if one.plays and one.preview_url:
        said["icon"] = picture_terms(one.preview_url)
    return said
