"""Posts in two languages in AS2: ``contentMap`` and ``nameMap`` (AS2 4.7). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from federation import sanitize
from federation.documents import reading
from federation.documents.contents.parts import part
from storage import translations
from storage.posts import Post
from storage.shapes.rules import LONGEST
from storage.shapes.translated import is_language

TITLE = 200  # characters
TRIED = 3  # other languages of a post, of which the first that says anything is kept


def terms(post: Post, html: str, *, titled: bool) -> dict[str, Any]:
    """Both languages of a post; nothing for one in a single language. ``titled``: the title has a place of its own in
    the document, so that it does not stand before the text."""
    other = translations.of(post.fields)
    if other is None or not post.language:
        return {}
    head = f"<p><strong>{escape(other.title)}</strong></p>" if other.title and not titled else ""
    said: dict[str, Any] = {"contentMap": {post.language: html, other.language: head + part("", other.text)}}
    if other.title and post.title:
        said["nameMap"] = {post.language: post.title, other.language: other.title}
    return said


def read(document: Mapping[str, Any]) -> dict[str, str]:
    """What a document says in a second language, the first of several; nothing where the language of its content is
    not known."""
    found = dict(document)
    _content, first = reading.in_language(found, "content")
    texts, names = reading.languages(found.get("contentMap")), reading.languages(found.get("nameMap"))
    if not first or not is_language(first):
        return {}
    others = [code for code in texts if code != first and is_language(code)]
    for code in others[:TRIED]:
        title = sanitize.line(sanitize.plain(names.get(code, "")), TITLE)
        text = _paragraphs(texts[code]).removeprefix(title).strip()[:LONGEST]
        if text:
            return {"language": code, **({"title": title} if title else {}), "text": text}
    return {}


def _paragraphs(html: str) -> str:
    """Plain words, with an empty line between two paragraphs."""
    safe = sanitize.html(html, LONGEST * 4)
    return "\n\n".join(words for one in safe.split("</p>") if (words := sanitize.plain(one)))
