"""Polls in AS2: ``oneOf`` or ``anyOf`` of a Question, and the Note that is a vote. No I/O.

https://docs.joinmastodon.org/spec/activitypub/#Question, FEP-9967
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation import sanitize
from federation.documents import reading
from federation.site import Document
from storage.polls import Option, Poll

OPTIONS = 50  # of one poll that we look at
TITLE = 500  # characters of an option


def read(document: Document, *, now: int) -> Poll | None:
    """What a Question asks; None when it has no options, or is none."""
    if "Question" not in reading.types(document):
        return None
    multiple = "oneOf" not in document and "anyOf" in document
    given = reading.objects(document.get("anyOf" if multiple else "oneOf"), OPTIONS)
    options: dict[str, Option] = {}
    for one in given:
        title = spoken(reading.in_language(one, "name")[0])
        if title and title not in options:
            options[title] = Option(title, reading.count(one.get("replies")) or 0)
    if not options:
        return None
    ends = reading.moment(document.get("closed"))
    if ends is None:
        ends = reading.moment(document.get("endTime"))
    if ends is None and document.get("closed"):
        ends = now
    return Poll(
        options=list(options.values()),
        multiple=now if multiple else None,
        ends=ends,
        voters=reading.count(document.get("votersCount")),
        told=now,
    )


def spoken(name: str) -> str:
    """An option in plain words, without markup however it was wrapped: what votes are matched by."""
    return sanitize.line(sanitize.plain(sanitize.plain(name)), TITLE)


def terms(poll: Poll, *, now: int) -> Document:
    """What the document of a post says of its poll."""
    hidden = poll.hidden(now)
    options: list[Document] = [
        {
            "type": "Note",
            "name": one.title,
            "replies": {"type": "Collection"} | ({} if hidden else {"totalItems": one.votes}),
        }
        for one in poll.options
    ]
    said: Document = {"oneOf" if poll.multiple is None else "anyOf": options}
    if poll.ends is not None:
        said["endTime"] = reading.iso(poll.ends)
        if poll.over(now):
            said["closed"] = reading.iso(poll.ends)
    if poll.voters is not None:
        said["votersCount"] = poll.voters
    return said


def chosen(document: Mapping[str, Any]) -> str:
    """What a vote chooses: the name of a Note that answers something and says nothing. "" for what is no vote."""
    found = dict(document)
    if "Note" not in reading.types(found) or not reading.uri(found.get("inReplyTo")):
        return ""
    if any(found.get(name) for name in ("content", "contentMap", "attachment", "summary")):
        return ""
    return spoken(reading.in_language(found, "name")[0])
