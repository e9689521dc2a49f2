"""What a page of the web says of itself in its head: OpenGraph, plain meta tags, and where its oEmbed is. Pure.

Everything here was written by whoever made the page: words come out as plain text, addresses as whole web addresses.
Only the beginning of a page is looked at, by patterns whose every part is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from federation import sanitize
from federation.documents import reading
from federation.site import Document

HEAD = 256 << 10  # bytes that are looked at
TITLE, DESCRIPTION, NAME, ALT = 300, 500, 100, 1_500  # characters
TYPE = "application/json+oembed"
# What is inside a tag; possessive, so that nothing is ever tried twice.
_INNER = r"""(?:[^<>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,100}+"""
_TAG = re.compile(rf"<(meta|link|html)\b({_INNER})>|<(title)\b[^<>]{{0,200}}>([^<]{{0,2000}})|<(body)\b", re.IGNORECASE)
_PAIR = re.compile(r"""([a-zA-Z:_-]{1,40})\s{0,8}=\s{0,8}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'<>=]{1,2000}))""")
_CHARSET = re.compile(rb"""charset\s{0,4}=\s{0,4}["']?([a-zA-Z0-9_-]{1,30})""", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8}){0,2}")
_PLAIN = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a few words. "": it does not say."""

    title: str = ""
    description: str = ""
    language: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    published: int | None = None
    image: str = ""  # where it is
    image_alt: str = ""
    oembed: str = ""  # where it says more, on the same server


def read(body: bytes, content_type: str, url: str) -> Page:
    """The page found at ``url``."""
    meta, links, title, language = _head(_text(body[:HEAD], content_type))
    parts = urlsplit(url)

    def said(*names: str) -> str:
        return next((meta[one] for one in names if meta.get(one)), "")

    return Page(
        title=_line(said("og:title", "twitter:title") or title, TITLE),
        description=_line(said("og:description", "description", "twitter:description"), DESCRIPTION),
        language=_language(said("og:locale") or language),
        author_name=_line(said("author", "article:author_name"), NAME),
        author_url=_address(said("article:author"), url),
        provider_name=_line(said("og:site_name"), NAME),
        provider_url=f"{parts.scheme}://{parts.netloc}",
        published=reading.moment(said("article:published_time")),
        image=_address(said("og:image:secure_url", "og:image", "og:image:url", "twitter:image"), url),
        image_alt=_line(said("og:image:alt", "twitter:image:alt"), ALT),
        oembed=_oembed(links, url),
    )


def with_oembed(page: Page, document: Document, url: str) -> Page:
    """The page with what its oEmbed (https://oembed.com) adds; its HTML is never used."""

    def words(name: str, limit: int) -> str:
        return _line(reading.text(document.get(name)), limit)

    def address(name: str) -> str:
        return _address(reading.text(document.get(name)), url)

    return Page(
        title=page.title or words("title", TITLE),
        description=page.description,
        language=page.language,
        author_name=page.author_name or words("author_name", NAME),
        author_url=page.author_url or address("author_url"),
        provider_name=page.provider_name or words("provider_name", NAME),
        provider_url=page.provider_url,
        published=page.published,
        image=page.image or address("thumbnail_url"),
        image_alt=page.image_alt,
    )


def _text(body: bytes, content_type: str) -> str:
    declared = _CHARSET.search(content_type.encode("utf-8", "replace")) or _CHARSET.search(body[:2048])
    try:
        return body.decode(declared[1].decode("ascii") if declared else "utf-8", "replace")
    except (LookupError, ValueError):  # no such charset, or one that is no text's
        return body.decode("utf-8", "replace")


def _head(text: str) -> tuple[Mapping[str, str], list[Mapping[str, str]], str, str]:
    """Meta tags by name, the first of each; links; the title; the language."""
    meta: dict[str, str] = {}
    links: list[Mapping[str, str]] = []
    title = language = ""
    for found in _TAG.finditer(text):
        name, inner, _title, words, body = found.groups()
        if body:
            break
        if words is not None:
            title = title or unescape(words)
            continue
        pairs = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _PAIR.finditer(inner or "")}
        if name.lower() == "link":
            links.append(pairs)
        elif name.lower() == "html":
            language = language or pairs.get("lang", "")
        else:
            key = (pairs.get("property") or pairs.get("name") or "").lower()
            meta.setdefault(key, pairs.get("content", ""))
    return meta, links, title, language


def _line(text: str, limit: int) -> str:
    return sanitize.line(sanitize.plain(sanitize.html(text, limit * 8)), limit)


def _language(said: str) -> str:
    code = said.replace("_", "-")
    return code if len(code) <= 12 and _LANGUAGE.fullmatch(code) else ""


def _address(said: str, url: str) -> str:
    """A whole address on the web, if it is one where the page stands."""
    if not said or len(said) > reading.URI_LENGTH:
        return ""
    try:
        found = urljoin(url, said.strip())
    except ValueError:
        return ""
    return found if reading.web(found) else ""


def _oembed(links: list[Mapping[str, str]], url: str) -> str:
    """Where the page says more; only on its own server, which speaks for nobody else."""
    for one in links:
        if one.get("type", "").lower() == TYPE and "alternate" in one.get("rel", "").lower().split():
            found = _address(one.get("href", ""), url)
            if found and urlsplit(found)[:2] == urlsplit(url)[:2]:
                return found
    return ""


_LINK = re.compile(r"<a\b([^<>]{0,5000})>")


def first_link(html: str) -> str:
    """The first address that safe HTML of ours links to, leaving out people, hashtags and what it quotes. "" for
    none."""
    for found in _LINK.finditer(sanitize.unquoted(html)):
        pairs = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _PAIR.finditer(found[1])}
        classes = pairs.get("class", "").split()
        if {"mention", "hashtag", "u-url"} & set(classes) or "tag" in pairs.get("rel", "").split():
            continue
        address = pairs.get("href", "").partition("#")[0]
        if reading.web(address):
            return address
    return ""
