"""Other people's HTML and names, made safe. The only module that cleans HTML; a house test keeps it so."""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape

import nh3

TAGS = {
    "p", "br", "span", "a", "em", "strong", "b", "i", "u", "s", "del", "ins", "code", "pre", "blockquote", "ul", "ol",
    "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ruby", "rt", "rp", "sub", "sup", "small", "dl", "dt", "dd",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "lang"}, "span": {"lang"}, "p": {"lang"}, "ol": {"start", "reversed"}}
CLASSES = {
    "p": {"quote-inline"},
    "a": {"mention", "hashtag", "u-url", "h-card", "status-link", "unhandled-link"},
    "span": {"h-card", "invisible", "ellipsis", "mention", "hashtag", "quote-inline"},
}
SCHEMES = {"http", "https", "mailto", "tel", "gemini", "ipfs", "magnet", "matrix", "xmpp"}
REL = "nofollow noopener noreferrer"
MARKS = 3_000  # tags of one text; what a parser of HTML does with open elements grows with their square
SPACE = re.compile(r"[ \t]+")
_BREAKS = re.compile(r"<(?:br|/p|/li|/h[1-6]|/blockquote|/pre|/div|/tr|/dd|/dt)\b[^>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# Whole elements: a paragraph, which holds no other, or a span around one link.
_QUOTED = re.compile(
    r'<p class="quote-inline">.{0,5000}?</p>'
    r'|<span class="quote-inline">(?:<br>)?[^<>]{0,99}<a [^<>]{0,5000}>(?:[^<>]|</?span[^<>]{0,99}>){0,5000}</a>'
    r"</span>",
    re.DOTALL,
)
# Marks that turn the direction of what stands around a name, and other characters that show nothing.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes=SCHEMES,
    url_relative="deny",  # it would lead to a page of ours
    link_rel=REL,
    strip_comments=True,
    clean_content_tags={"script", "style", "noscript", "template", "iframe", "object", "math", "svg", "title"},
)


def html(text: str, limit: int) -> str:
    """Safe HTML of at most ``limit`` characters of source; the words alone of what has more than ``MARKS``. Cleaning it
    again changes nothing."""
    if not text:
        return ""
    if len(text) > limit:
        return "<p>" + escape(plain(_cleaned(text[:limit]))) + " …</p>"
    return _cleaned(text)


def _cleaned(text: str) -> str:
    if text.count("<") > MARKS:
        text = f"<p>{escape(plain(text))}</p>"
    return _CLEANER.clean(text)


def escaped(text: str) -> str:
    """Plain words as HTML that says the same; lines stay lines."""
    return escape(text).replace("\n", "<br>")


def plain(safe: str) -> str:
    """The words of HTML that is safe already, for search and summaries."""
    return unescape(_TAG.sub("", _BREAKS.sub("\n", safe))).strip()


def unquoted(safe: str) -> str:
    """Safe HTML without the link that stands for what is quoted, where a reader is shown that anyway."""
    return _QUOTED.sub("", safe) if "quote-inline" in safe else safe


def line(text: str, limit: int) -> str:
    """A name or title: one line, no control, no direction marks, no markup meaning; at most ``limit`` characters."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():  # nothing hides in it
        return SPACE.sub(" ", text[: limit * 4]).strip()[:limit]
    shown = "".join(" " if c in "\n\r\t" else c for c in text[: limit * 4])
    kept = "".join(c for c in shown if c in "\u200d\ufe0f" or unicodedata.category(c) not in _HIDDEN)
    return SPACE.sub(" ", kept).strip()[:limit]
