"""Activities as we say them: records in, JSON documents out. No I/O.

Objects are embedded where peers need them whole, Announce has its time, and every activity its own id: see FEDERATION.
"""

from __future__ import annotations

import zlib
from typing import Any

from federation.addressing import audience
from federation.documents import context, featuring, pairing, quotes, reading
from federation.documents.actors import featured_collections
from federation.documents.lineage import AFFECTED
from federation.documents.posts import context_of
from federation.site import Document
from federation.vocabulary import CONTEXT, PUBLIC
from storage.actors import Actor
from storage.check_ins import CheckIn
from storage.collections import Collection
from storage.posts import Post


def _activity(type: str, uri: str, actor: str, object: Any, **more: Any) -> Document:
    return {"@context": CONTEXT, "id": uri, "type": type, "actor": actor, "object": object, **more}


def create(post: Post, author: Actor, document: Document) -> Document:
    """The Create that carries a new post."""
    said = _activity(
        "Create", f"{post.uri}/activity", author.uri, document,
        to=document["to"], cc=document["cc"], published=document["published"],
    )  # fmt: skip
    return {**said, "@context": context_of(post)}


def update(post: Post, author: Actor, document: Document, *, now: int) -> Document:
    """The Update that carries new words of a post."""
    said = _activity(
        "Update", f"{post.uri}#updates/{now}", author.uri, document,
        to=document["to"], cc=document["cc"], published=reading.iso(now),
    )  # fmt: skip
    return {**said, "@context": context_of(post)}


def delete(uri: str, author: Actor) -> Document:
    """The Delete of the post that has this id, or had it."""
    tombstone = {"id": uri, "type": "Tombstone"}
    return _activity("Delete", f"{uri}#delete", author.uri, tombstone, to=[PUBLIC], cc=[author.followers])


def vote(voter: Actor, post: Post, author: Actor, name: str, uri: str) -> Document:
    """The Create of a vote: for the author alone, in no words but the option's."""
    note = {
        "id": uri, "type": "Note", "attributedTo": voter.uri, "to": [author.uri], "name": name, "inReplyTo": post.uri,
    }  # fmt: skip
    return _activity("Create", f"{uri}/activity", voter.uri, note, to=[author.uri])


def follow(follower: Actor, target: Actor, uri: str) -> Document:
    """A Follow; ``uri`` is what its Accept and Undo will name."""
    return _activity("Follow", uri, follower.uri, target.uri, to=[target.uri])


def accept(target: Actor, follow: Document) -> Document:
    """The Accept of a Follow, carrying it whole: some peers match it by id, some by actor."""
    return _answer("Accept", "accepts", target, follow)


def reject(target: Actor, follow: Document) -> Document:
    """The Reject of a Follow, now or later."""
    return _answer("Reject", "rejects", target, follow)


def expect(target: Actor, join: Document) -> Document:
    """The answer to a Join for which there is no place yet; an Accept follows when there is."""
    return _answer("TentativeAccept", "expects", target, join)


def join(member: Actor, event_uri: str, author: Actor, uri: str) -> Document:
    """A Join of an event; ``uri`` is what its Accept will name."""
    return _activity("Join", uri, member.uri, event_uri, to=[author.uri])


def interested(member: Actor, event_uri: str, author: Actor, uri: str) -> Document:
    """That a member may come to an event, as Friendica and Hubzilla say it."""
    return _activity("TentativeAccept", uri, member.uri, event_uri, to=[author.uri])


def leave(member: Actor, event_uri: str, author: Actor, join_uri: str) -> Document:
    """The Leave that ends a Join."""
    return _activity("Leave", f"{join_uri}/leave", member.uri, event_uri, to=[author.uri])


def _answer(type: str, word: str, target: Actor, follow: Document) -> Document:
    inner = {name: follow[name] for name in ("id", "type", "actor", "object") if name in follow}
    number = zlib.crc32(f"{follow.get('id')} {follow.get('actor')}".encode("utf-8", "replace"))
    return _activity(type, f"{target.uri}#{word}/{number}", target.uri, inner, to=[follow.get("actor")])


def undo(actor: Actor, inner: Document) -> Document:
    """The Undo of something, carrying it whole."""
    embedded = {name: value for name, value in inner.items() if name != "@context"}
    said = _activity("Undo", f"{inner['id']}/undo", actor.uri, embedded)
    return said | {name: inner[name] for name in ("to", "cc") if name in inner}


def like(actor: Actor, post: Post, author: Actor, uri: str) -> Document:
    """A Like."""
    return _activity("Like", uri, actor.uri, post.uri, to=[author.uri])


def announce(boost: Post, booster: Actor, original: Post, author: Actor) -> Document:
    """An Announce: a boost."""
    to, cc = audience(booster.followers, boost.visibility, [author.uri])
    return _activity(
        "Announce", boost.uri, booster.uri, original.uri, to=to, cc=cc, published=reading.iso(boost.published)
    )


def move_uri(actor: Actor, begun: int) -> str:
    """The id of the Move of an actor of ours that began then."""
    return f"{actor.uri}#moves/{begun}"


def move(actor: Actor, target: Actor, *, now: int) -> Document:
    """The Move of an actor of ours to another account (FEP-7628, push mode)."""
    return _activity("Move", move_uri(actor, now), actor.uri, actor.uri, target=target.uri, to=[actor.followers])


def block(actor: Actor, target: Actor, uri: str) -> Document:
    """A Block."""
    return _activity("Block", uri, actor.uri, target.uri, to=[target.uri])


def flag(node_actor: str, uri: str, target: Actor, posts: list[str], comment: str) -> Document:
    """A Flag: a report, sent in the node's own name so that nobody learns who reported."""
    return _activity("Flag", uri, node_actor, [target.uri, *posts], content=comment, to=[target.uri])


def update_actor(actor: Actor, document: Document, *, now: int) -> Document:
    """The Update of what an actor says of itself."""
    inner = {name: value for name, value in document.items() if name != "@context"}
    said = _activity("Update", f"{actor.uri}#updates/{now}", actor.uri, inner, to=[PUBLIC], cc=[actor.followers])
    return {**said, "@context": context.ACTOR}


def delete_actor(actor: Actor) -> Document:
    """The Delete of an actor."""
    return _activity("Delete", f"{actor.uri}#delete", actor.uri, actor.uri, to=[PUBLIC])


def add(actor: Actor, post: Post, *, now: int) -> Document:
    """The Add of a post to those pinned."""
    return _pin("Add", actor, post, now)


def remove(actor: Actor, post: Post, *, now: int) -> Document:
    """The Remove of a post from those pinned."""
    return _pin("Remove", actor, post, now)


def _pin(type: str, actor: Actor, post: Post, now: int) -> Document:
    uri = f"{actor.uri}#pins/{type.lower()}/{post.id}/{now}"
    return _activity(type, uri, actor.uri, post.uri, target=actor.featured, to=[PUBLIC], cc=[actor.followers])


def add_affected(actor: Actor, post: Post, author: Actor, *, now: int) -> Document:
    """The Add of oneself to those who have the problem of a post, too."""
    uri = f"{actor.uri}#affected/add/{post.id}/{now}"
    return _activity("Add", uri, actor.uri, actor.uri, target=f"{post.uri}{AFFECTED}", to=[author.uri])


def remove_affected(actor: Actor, post: Post, author: Actor, *, now: int) -> Document:
    """The Remove of oneself from them."""
    uri = f"{actor.uri}#affected/remove/{post.id}/{now}"
    return _activity("Remove", uri, actor.uri, actor.uri, target=f"{post.uri}{AFFECTED}", to=[author.uri])


def quote_request(post: Post, author: Actor, document: Document, *, quoted_uri: str, asked: Actor) -> Document:
    """The QuoteRequest (FEP-044f) for a post of ours, with the post: whoever answers need not have it yet."""
    said = _activity(
        "QuoteRequest", f"{post.uri}{quotes.ASKED}", author.uri, quoted_uri, instrument=document, to=[asked.uri]
    )
    return {**said, "@context": context.QUOTE_REQUEST}


def accept_quote(target: Actor, request: Document, stamp: str) -> Document:
    """The Accept of a QuoteRequest; ``stamp`` is the id of the QuoteAuthorization."""
    return {**_quote_answer("Accept", "accepts", target, request), "result": stamp}


def reject_quote(target: Actor, request: Document) -> Document:
    """The Reject of a QuoteRequest."""
    return _quote_answer("Reject", "rejects", target, request)


def _quote_answer(type: str, word: str, target: Actor, request: Document) -> Document:
    inner = {**request, "object": reading.uri(request.get("object"))}
    said = _answer(type, word, target, inner)
    said["object"]["instrument"] = reading.uri(request.get("instrument"))
    return {**said, "@context": context.QUOTE_ANSWER}


def delete_authorization(uri: str, author: Actor, *, quoting_uri: str, quoted_uri: str) -> Document:
    """The Delete of a QuoteAuthorization: the quote is allowed no longer."""
    inner = quotes.authorization_terms(uri, author, quoting_uri, quoted_uri)
    said = _activity("Delete", f"{uri}#delete", author.uri, inner, to=[PUBLIC], cc=[author.followers])
    return {**said, "@context": context.QUOTE_AUTHORIZATION}


def add_collection(owner: Actor, kept: Collection, document: Document, *, now: int) -> Document:
    """The Add of a collection, whole, to those of its owner (FEP-7aa9)."""
    said = _activity("Add", f"{kept.uri}#adds/{now}", owner.uri, document, **_in_all(owner))
    return {**said, "@context": context.FEATURING}


def remove_collection(owner: Actor, kept: Collection, *, now: int) -> Document:
    """The Remove of a collection from those of its owner."""
    return _activity("Remove", f"{kept.uri}#removes/{now}", owner.uri, kept.uri, **_in_all(owner))


def _in_all(owner: Actor) -> Document:
    return {"target": featured_collections(owner), "to": [PUBLIC], "cc": [owner.followers]}


def update_collection(owner: Actor, kept: Collection, document: Document, *, now: int) -> Document:
    """The Update of what a collection says of itself."""
    uri = f"{kept.uri}#updates/{now}"
    said = _activity("Update", uri, owner.uri, document, to=[PUBLIC], cc=[owner.followers])
    return {**said, "@context": context.FEATURING}


def put_item(owner: Actor, kept: Collection, document: Document) -> Document:
    """The Add of an account to a collection."""
    uri = f"{document['id']}#add"
    said = _activity("Add", uri, owner.uri, document, target=kept.uri, to=[PUBLIC], cc=[owner.followers])
    return {**said, "@context": context.FEATURING}


def take_item(owner: Actor, kept: Collection, item_uri: str) -> Document:
    """The Remove of an account from a collection."""
    uri = f"{item_uri}#remove"
    return _activity("Remove", uri, owner.uri, item_uri, target=kept.uri, to=[PUBLIC], cc=[owner.followers])


def feature_request(owner: Actor, kept: Collection, item_uri: str, asked: Actor) -> Document:
    """The FeatureRequest: whether an account elsewhere wants to be in a collection."""
    said = _activity(
        "FeatureRequest", f"{item_uri}{featuring.ASKED}", owner.uri, asked.uri, instrument=kept.uri, to=[asked.uri]
    )
    return {**said, "@context": context.FEATURE_REQUEST}


def accept_feature(target: Actor, request: Document, stamp: str) -> Document:
    """The Accept of a FeatureRequest; ``stamp`` is the id of the FeatureAuthorization."""
    said = _answer("Accept", "accepts", target, {**request, "object": target.uri})
    return {**_of_request(said, request), "result": stamp}


def reject_feature(target: Actor, request: Document) -> Document:
    """The Reject of a FeatureRequest."""
    return _of_request(_answer("Reject", "rejects", target, {**request, "object": target.uri}), request)


def _of_request(said: Document, request: Document) -> Document:
    said["object"]["instrument"] = reading.uri(request.get("instrument"))
    return {**said, "@context": context.FEATURE_REQUEST}


def delete_feature(uri: str, actor: Actor, collection_uri: str) -> Document:
    """The Delete of a FeatureAuthorization: the actor wants to be in the collection no longer."""
    inner = featuring.authorization_terms(uri, actor, collection_uri)
    said = _activity("Delete", f"{uri}#delete", actor.uri, inner, to=[PUBLIC])
    return {**said, "@context": context.FEATURE_AUTHORIZATION}


def offer_match(proposer: Actor, other: Actor, uri: str, document: Document, *, now: int) -> Document:
    """The Offer of a mentoring match; ``document``: as ``pairing.terms`` makes it."""
    said = _activity("Offer", uri, proposer.uri, document, to=[other.uri], published=reading.iso(now))
    return {**said, "@context": context.PAIRING}


def accept_match(actor: Actor, proposer: Actor, uri: str) -> Document:
    """The Accept of such an Offer."""
    return _answer("Accept", "accepts", actor, _offer(uri, proposer))


def reject_match(actor: Actor, proposer: Actor, uri: str) -> Document:
    """The Reject of such an Offer: it is declined, or what was agreed ends."""
    return _answer("Reject", "rejects", actor, _offer(uri, proposer))


def undo_match(proposer: Actor, other: Actor, uri: str) -> Document:
    """The Undo of such an Offer: it is withdrawn, or what was agreed ends."""
    return _activity("Undo", f"{uri}/undo", proposer.uri, _offer(uri, proposer), to=[other.uri])


def _offer(uri: str, proposer: Actor) -> Document:
    return {"id": uri, "type": "Offer", "actor": proposer.uri, "object": f"{uri}{pairing.MATCH}"}


def add_note(note: CheckIn, author: Actor, other: Actor, match_uri: str) -> Document:
    """The Add of a note to a match, for the other alone."""
    document = pairing.note_terms(note, author, other)
    said = _activity("Add", f"{note.uri}/add", author.uri, document, target=match_uri, to=[other.uri])
    return {**said, "@context": context.PAIRING}


def remove_note(note_uri: str, author: Actor, other: Actor, match_uri: str) -> Document:
    """The Remove of a note from a match."""
    return _activity("Remove", f"{note_uri}/remove", author.uri, note_uri, target=match_uri, to=[other.uri])


def invite(post: Post, author: Actor, expert: Actor) -> Document:
    """The Invite of an expert to answer a question."""
    return _activity("Invite", f"{post.uri}#invites/{expert.id}", author.uri, post.uri, to=[expert.uri])
