"""Quotes, as FEP-044f says them, and as those said them who came before it. No I/O.

https://codeberg.org/fediverse/fep/src/branch/main/fep/044f/fep-044f.md
"""

from __future__ import annotations

from federation.documents import approving, context, reading
from federation.documents.keys import same_origin
from federation.site import Document
from federation.vocabulary import LD_JSON, PUBLIC
from storage.actors import Actor
from storage.posts import Post
from storage.quotes import Quote, parts

AUTHORIZATION, REQUEST = "QuoteAuthorization", "QuoteRequest"
ASKED = "#quote"  # what follows a post's id in the id of the QuoteRequest for it
_LEGACY = ("quoteUri", "quoteUrl", "_misskey_quote")
_REL = "https://misskey-hub.net/ns#_misskey_quote"  # FEP-e232


def quoted(document: Document) -> str:
    """The id of what a post quotes; "" for nothing."""
    named = [reading.uri(document[name]) for name in ("quote", *_LEGACY) if name in document]
    links = [
        reading.uri(one.get("href"))
        for one in reading.objects(document.get("tag"), 64)
        if one.get("rel") == _REL and "Link" in reading.types(one)
    ]
    found = next((one for one in (*named, *links) if one), "")
    return "" if found == reading.uri(document) else found


def stamp(document: Document) -> str:
    """The id of what is said to allow it; "" for nothing."""
    return reading.uri(document.get("quoteAuthorization"))


def policy(document: Document, author: Actor) -> str:
    """Who may quote a post, as ``posts.quote_policy``."""
    automatic, manual = approving.sides(
        document, "canQuote", own=author.uri, followers=author.followers, following=author.following
    ) or ("", "")
    return f"{automatic}/{manual}" if automatic or manual else ""


def policy_terms(post: Post, author: Actor) -> Document:
    """What a post of ours says of who may quote it. The author alone: nobody else."""
    who = {"public": PUBLIC, "followers": author.followers}
    allowed = [who[one] for one in parts(post.quote_policy)[0] if one in who] or [author.uri]
    return {"interactionPolicy": {"canQuote": {"automaticApproval": allowed, "manualApproval": []}}}


def terms(quote: Quote) -> Document:
    """What a post of ours says of what it quotes, for all who can read any of it."""
    said: Document = {"quote": quote.quoted_uri, **dict.fromkeys(_LEGACY, quote.quoted_uri)}
    if quote.stamp:
        said["quoteAuthorization"] = quote.stamp
    return said


def link(quote: Quote) -> Document:
    """The same as a tag: FEP-e232."""
    return {
        "type": "Link", "mediaType": LD_JSON, "rel": _REL, "href": quote.quoted_uri, "name": f"RE: {quote.quoted_uri}",
    }  # fmt: skip


def authorization(uri: str, author: Actor, *, quoting_uri: str, quoted_uri: str) -> Document:
    """That the author of ``quoted_uri`` lets ``quoting_uri`` quote it."""
    return {"@context": context.QUOTE_AUTHORIZATION, **authorization_terms(uri, author, quoting_uri, quoted_uri)}


def authorization_terms(uri: str, author: Actor, quoting_uri: str, quoted_uri: str) -> Document:
    """The same inside of another document."""
    return {
        "id": uri, "type": AUTHORIZATION, "attributedTo": author.uri, "interactingObject": quoting_uri,
        "interactionTarget": quoted_uri,
    }  # fmt: skip


def authorizes(document: Document, *, author: Actor, quoting_uri: str, quoted_uri: str) -> bool:
    """Whether this, found at its own id, is the quoted author's word that one post may quote the other."""
    return (
        AUTHORIZATION in reading.types(document)
        and same_origin(reading.uri(document), author.uri)
        and reading.uris(document.get("attributedTo"), 2) == [author.uri]
        and reading.uris(document.get("interactingObject"), 2) == [quoting_uri]
        and reading.uris(document.get("interactionTarget"), 2) == [quoted_uri]
    )
