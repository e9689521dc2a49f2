"""Posts: what other servers share, and what we share, as AS2 objects. No I/O."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import orjson

from federation import sanitize
from federation.addressing import audience, visibility_of
from federation.documents import attachments as attached
from federation.documents import context, events, kinds, lineage, marks, polls, quotes, reading, translations
from federation.documents.actors import emoji_terms, emojis
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.site import Document, Limits, Site
from federation.vocabulary import OURS
from storage.actors import Actor, ActorKind
from storage.attachments import Attachment
from storage.events import Event as When
from storage.kinds import Kind, dump, load
from storage.marks import laid, of, without
from storage.polls import Poll
from storage.posts import Post, Visibility
from storage.quotes import NEVER, Quote
from storage.records import quick
from storage.shapes.common import Shape
from storage.shapes.event import Event
from storage.shapes.translated import NAME as TRANSLATION
from storage.translations import alone
from storage.translations import of as translation_of

POSTS = frozenset({"Note", "Article", "Page", "Question", "Event", "Video", "Audio", "Image", "Document"})
REVIEWED = f"{OURS}reviewed"  # whole, so that it needs no @context
TITLED = POSTS - {"Note", "Question"}  # their summary is a teaser, on the others it is a warning
WARNING = 1_000  # characters of a content warning


@quick
@dataclass(frozen=True, slots=True)
class RemotePost:
    """What an object says, made safe."""

    uri: str
    attributed_to: str
    type: str
    kind: Kind
    visibility: Visibility
    published: int
    edited: int | None
    url: str
    title: str
    summary: str
    sensitive: bool
    html: str
    text: str
    fields: str
    language: str
    emojis: str
    in_reply_to: str
    to: Sequence[str]
    cc: Sequence[str]
    mentions: Sequence[str]  # ids of actors
    tags: Sequence[str]
    attachments: Sequence[Attachment]
    replies: int | None
    likes: int | None
    boosts: int | None
    poll: Poll | None = None
    quotes: str = ""  # id of what it quotes
    stamp: str = ""  # of what it says allows that
    quote_policy: str = ""
    audience: Sequence[str] = ()  # groups that it says it is for
    event: Event | None = None  # when it is, of what is one
    coming: int | None = None  # how many come to it
    reviewed: bool = False  # its server says that a guardian there read it, and released it


def read(document: Document, author: Actor, *, now: int, limits: Limits) -> RemotePost:
    """The post of an object that ``author`` answers for. Raises Refused."""
    type = reading.type_among(document, POSTS)
    uri = reading.uri(document)
    if not type or not uri or polls.chosen(document):
        raise Refused("not a post we can read")
    # FEP-fe34: an author speaks for itself, and for ids of its own server.
    if author.uri not in reading.uris(document.get("attributedTo"), 8) or not same_origin(uri, author.uri):
        raise Refused("object is not attributed to who sent it")
    kind, fields = _kind(document)
    title = sanitize.line(sanitize.plain(reading.in_language(document, "name")[0]), limits.name)
    if fields is not None and not title:
        title = sanitize.line(reading.text(document.get("title", document.get("sw:title"))), limits.name)
    content, language = reading.in_language(document, "content")
    summary = sanitize.line(
        sanitize.plain(sanitize.html(reading.in_language(document, "summary")[0], limits.html)), 1000
    )
    html, warning = _shown(type, title, content, summary, document, limits, fields)
    to, cc = reading.uris(document.get("to"), limits.tags * 2), reading.uris(document.get("cc"), limits.tags * 2)
    visibility = visibility_of(_named(document.get("to"), to), _named(document.get("cc"), cc), author.followers)
    published, edited = reading.moment(document.get("published")), reading.moment(document.get("updated"))
    mentions, tags = _tags(document, limits)
    poll = polls.read(document, now=now)
    kept = _fields(document, fields, now=now)
    return RemotePost(
        uri=uri,
        attributed_to=author.uri,
        type=type,
        kind=kind,
        visibility=visibility,
        published=min(published if published is not None else now, now),
        edited=min(edited, now) if edited is not None and edited != published else None,
        url=reading.link(document.get("url")) or uri,
        title=title,
        summary=warning,
        sensitive=document.get("sensitive") is True,
        html=html,
        text=_words(title, warning, sanitize.plain(html), *(() if poll is None else poll.titles), *_other(kept)),
        fields=kept,
        language=_language(language),
        emojis=orjson.dumps(emojis(document, limits)).decode(),
        in_reply_to=reading.uri(document.get("inReplyTo")),
        to=to,
        cc=cc,
        mentions=mentions,
        tags=tags,
        attachments=attached.read(document, author, limits),
        replies=reading.count(document.get("replies")),
        likes=reading.count(document.get("likes")),
        boosts=reading.count(document.get("shares")),
        poll=poll,
        audience=reading.uris(document.get("audience"), 8),
        quotes=quotes.quoted(document),
        stamp=quotes.stamp(document),
        event=fields if isinstance(fields, Event) else None,
        coming=events.coming(document),
        quote_policy=NEVER if visibility is Visibility.DIRECT else quotes.policy(document, author),
        reviewed=reading.moment(document.get(REVIEWED)) is not None,
    )


def _kind(document: Document) -> tuple[Kind, Shape | None]:
    """The kind, and its fields; what does not say when it is, is no event."""
    kind = kinds.kind_of(document)
    fields = kinds.fields_of(kind, document)
    return (Kind.PLAIN, None) if isinstance(fields, Event) and not fields.start else (kind, fields)


def _fields(document: Document, fields: Shape | None, *, now: int) -> str:
    """The fields that are kept: of a plain post its second language alone."""
    if fields is None:
        return alone({TRANSLATION: translations.read(document)})
    return laid(dump(fields), marks.read(document, now=now))


def _words(*parts: str) -> str:
    """All that it says, for search."""
    return "\n".join(one for one in parts if one)


def _other(kept: str) -> tuple[str, str]:
    """Title and text in the second language."""
    other = translation_of(kept)
    return ("", "") if other is None else (other.title, other.text)


def _named(value: Any, found: list[str]) -> list[str]:
    """Addresses with the short names of Public, which are no web addresses."""
    short = [one for one in reading.one_or_many(value)[:256] if one in ("as:Public", "Public")]
    return [*found, *short]


def _shown(
    type: str, title: str, content: str, summary: str, document: Document, limits: Limits, fields: Shape | None
) -> tuple[str, str]:
    """The safe HTML, and the content warning."""
    html = sanitize.html(content, limits.html)
    if type not in TITLED:
        return html, summary
    if isinstance(fields, Event):
        warned = document.get("sensitive") is True and "kind" in document
        return kinds.content(Kind.EVENT, title, fields, html), summary if warned else ""
    link = reading.link(document.get("url"))
    head = title_of(title)
    # A kind of ours that is sensitive says its content warning here: its teaser is one of its fields.
    warning = summary if document.get("sensitive") is True and kinds.kind_of(document) is not Kind.PLAIN else ""
    teaser = f"<p>{escape(summary)}</p>" if summary and not html else ""
    more = f'<p><a href="{escape(link)}" rel="{sanitize.REL}">{escape(link)}</a></p>' if link and not html else ""
    return head + (html or teaser + more), warning


def _language(code: str) -> str:
    fine = 2 <= len(code) <= 12 and all(c.isascii() and (c.isalnum() or c == "-") for c in code)
    return code if fine and code != "und" else ""


def _tags(document: Document, limits: Limits) -> tuple[list[str], list[str]]:
    """Ids of who is mentioned, and hashtags: only what ``tag`` says counts, not the text."""
    mentions: dict[str, None] = {}
    tags: dict[str, None] = {}
    for one in reading.objects(document.get("tag"), limits.tags * 8):
        types = reading.types(one)
        if "Mention" in types and len(mentions) < limits.tags:
            href = reading.uri(one.get("href"))
            if href:
                mentions[href] = None
        elif ("Hashtag" in types or "as:Hashtag" in types) and len(tags) < limits.tags:
            name = sanitize.line(reading.text(one.get("name")), 100).lstrip("#")
            if name and (name.isalnum() or all(c.isalnum() or c in "_·-" for c in name)):
                tags[name] = None
    return list(mentions), list(tags)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a post's document needs beside the post."""

    mentions: Sequence[Actor] = ()
    tags: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    poll: Poll | None = None
    quote: Quote | None = None
    when: When | None = None  # of an event, with how many come


def write(post: Post, author: Actor, around: Surroundings, site: Site) -> Document:
    """One of ours as others read it, without @context where it stands inside an activity (``in_context`` adds it)."""
    to, cc = audience(author.followers, post.visibility, (one.uri for one in around.mentions))
    html = _untitled(post) if post.type in TITLED else post.html
    document: Document = {
        "id": post.uri,
        "type": post.type,
        "attributedTo": author.uri,
        "to": to,
        "cc": cc,
        "published": reading.iso(post.published),
        "url": post.url or post.uri,
        "content": html,
        "sensitive": post.sensitive is not None,
        "tag": _tag_terms(post, around, site) + emoji_terms(post.emojis),
        **quotes.policy_terms(post, author),
        **_audience(around),
    }
    if post.language:
        document["contentMap"] = {post.language: html}
    if post.summary:
        document["summary"] = post.summary
    if post.in_reply_to_uri:
        document["inReplyTo"] = post.in_reply_to_uri
    if post.edited is not None:
        document["updated"] = reading.iso(post.edited)
    if around.attachments:
        document["attachment"] = [attached.terms(one) for one in around.attachments]
    if around.poll is not None:
        document |= polls.terms(around.poll, now=site.clock())
    if around.quote is not None:
        document |= quotes.terms(around.quote)
    document |= _kind_terms(post, html, around, site)
    document |= translations.terms(post, html, titled=post.type in TITLED)
    if post.public:
        document["replies"] = f"{post.uri}/replies"
        document["likes"] = f"{post.uri}/likes"
        document["shares"] = f"{post.uri}/shares"
        document |= lineage.terms(post)
    return document


def _kind_terms(post: Post, html: str, around: Surroundings, site: Site) -> Document:
    """What a structured post says beside its text."""
    said: Document = {}
    fields = without(json.loads(post.fields or "{}"))
    if post.kind is not Kind.PLAIN:
        said |= {"kind": kinds.name_of(post.kind), "title": post.title}
        said |= kinds.terms(post.kind, fields) | marks.terms(of(post.fields))
    if post.type in TITLED:
        said |= {"name": post.title, "summary": escape(post.summary or _teaser(post, html), quote=False)}
    if post.kind is Kind.EVENT:
        join = f"{site.base_url}/events/{post.id}/join"
        said |= events.terms(fields, post.title, post.language, join=join, when=around.when)
    return said


def title_of(title: str) -> str:
    """HTML of the title that stands before the text of an article."""
    return f"<p><strong>{escape(title)}</strong></p>" if title else ""


def _untitled(post: Post) -> str:
    """The text of an article without its title, and of an event without its time: they have places of their own."""
    fields = load(post.kind, post.fields) if post.kind is Kind.EVENT else None
    if fields is not None:
        return kinds.written_of(post.kind, post.title, fields, post.html)
    return post.html.replace(title_of(post.title), "", 1)


def _teaser(post: Post, html: str) -> str:
    return kinds.teaser(post.kind, load(post.kind, post.fields), sanitize.plain(html))


def _audience(around: Surroundings) -> Document:
    """The group that a post is for (FEP-1b12)."""
    return next(({"audience": one.uri} for one in around.mentions if one.kind is ActorKind.GROUP), {})


_CONTEXTS = {Kind.PLAIN: context.NOTE, Kind.EVENT: context.EVENT, Kind.SUMMARY: context.SUMMARY}


def context_of(post: Post) -> Any:
    """The @context for a post's document, and for an activity that carries it."""
    if post.quoting is not None:
        return context.QUOTING_NOTE if post.kind is Kind.PLAIN else context.QUOTING
    return _CONTEXTS.get(post.kind, context.STRUCTURED)


def _tag_terms(post: Post, around: Surroundings, site: Site) -> list[Document]:
    mentions: list[Document] = [
        {"type": "Mention", "href": one.uri, "name": f"@{one.handle}@{one.domain or site.domain}"}
        for one in around.mentions
    ]
    links = [] if around.quote is None else [quotes.link(around.quote)]
    links += lineage.links(post)
    return (
        mentions
        + links
        + [{"type": "Hashtag", "name": f"#{one}", "href": f"{site.base_url}/tags/{one.lower()}"} for one in around.tags]
    )
