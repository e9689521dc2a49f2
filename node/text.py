"""Members' plain text to safe HTML: paragraphs, links, mentions, hashtags. Pure."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import Any

from bleach.linkifier import Linker

from storage.actors import Actor

MENTIONS = 20  # in one text
TAGS = 30
# A name after an @ or # that does not stand inside a word or an address. The sign comes first: it is looked for at
# once, where a look back would be tried at each character.
_MENTION = re.compile(
    r"@(?<![\w/@.]@)([a-zA-Z0-9_](?:[a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9_])?)"
    r"(?:@([a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?(?::[0-9]{1,5})?))?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_TAG = re.compile(r"#(?<![\w/&#]#)(\w{1,100})")
SHOWN = 40  # characters of an address that are shown
REL = "nofollow noopener noreferrer"


def clean(text: str) -> str:
    """A member's text as it is kept: NFC, Unix line ends, no control characters, no lone surrogates."""
    text = text.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def mentions_in(text: str) -> list[str]:
    """Handles that the text names, each once: ``name`` or ``name@domain``, as typed."""
    found = (f"{one[1]}@{one[2].lower()}" if one[2] else one[1] for one in _MENTION.finditer(text))
    return list(dict.fromkeys(found))[:MENTIONS]


def tags_in(text: str) -> list[str]:
    """Hashtags of the text without #, each once; a number alone is none."""
    found: dict[str, str] = {}
    for one in _TAG.finditer(text):
        if not one[1].isdigit() and not one[1].replace("_", "").isdigit():
            found.setdefault(one[1].lower(), one[1])
    return list(found.values())[:TAGS]


def html(text: str, *, mentioned: Mapping[str, Actor], base_url: str) -> str:
    """Safe HTML of a cleaned text. ``mentioned``: whom the handles of ``mentions_in`` name, as far as known."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{_paragraph(one.strip(), mentioned, base_url)}</p>" for one in paragraphs)


def _paragraph(text: str, mentioned: Mapping[str, Actor], base_url: str) -> str:
    """Links are found in the escaped text first; names and tags only in what is left between them."""
    linked = _linked(escape(text, quote=False))
    parts = re.split(r"(<a [^>]*>.*?</a>)", linked)
    return "".join(
        part if part.startswith("<a ") else _names(part, mentioned, base_url).replace("\n", "<br>") for part in parts
    )


def _linked(text: str) -> str:
    if "://" not in text:  # the linker would read it as HTML, and find no whole address in it
        return text
    with _LINKING:
        linked: str = _LINKER.linkify(text)
    return linked


def _names(text: str, mentioned: Mapping[str, Actor], base_url: str) -> str:
    def mention(match: re.Match[str]) -> str:
        handle = f"{match[1]}@{match[2].lower()}" if match[2] else match[1]
        actor = mentioned.get(handle)
        if actor is None:
            return match[0]
        url = escape(actor.url or actor.uri)
        name = escape(actor.handle)
        return f'<span class="h-card"><a href="{url}" class="u-url mention">@<span>{name}</span></a></span>'

    def tag(match: re.Match[str]) -> str:
        if match[1].replace("_", "").isdigit():
            return match[0]
        url = escape(f"{base_url}/tags/{match[1].lower()}")
        return f'<a href="{url}" class="mention hashtag" rel="tag">#<span>{match[1]}</span></a>'

    pieces = re.split(r"(<span class=\"h-card\">.*?</span></a></span>)", _MENTION.sub(mention, text))
    return "".join(piece if piece.startswith("<span class") else _TAG.sub(tag, piece) for piece in pieces)


Attributes = MutableMapping[Any, str]


def _attributes(attributes: Attributes, new: bool = False, /) -> Attributes:
    """Only whole addresses become links, shown without what one need not read."""
    href = attributes.get((None, "href"), "")
    if not new or not href.startswith(("https://", "http://")) or not attributes["_text"].startswith("http"):
        return None  # type: ignore[return-value]  # bleach drops a link for None; its stubs do not say so
    attributes[(None, "rel")] = REL
    attributes[(None, "target")] = "_blank"
    shown = href.partition("://")[2].removeprefix("www.")
    attributes["_text"] = shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
    return attributes


_LINKER = Linker(callbacks=[_attributes], skip_tags=None, parse_email=False)
_LINKING = threading.Lock()  # a linker reads one text at a time


def plain(parts: Sequence[str]) -> str:
    """What search reads of a post: its title, warning and text."""
    return "\n".join(one for one in parts if one)
