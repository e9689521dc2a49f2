"""Measures in AS2: ``sw:Measure``, with its points, and what it says of them. Pure.

A copy in a post has plain names (``storage.series.dumped``); here they get their terms, and lose them again. What is
read is checked where kinds are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from federation.documents.reading import iso, moment, objects, text, types, uri, web
from federation.site import Document
from federation.vocabulary import OURS
from storage.series import ANNOTATIONS, REBASES, TOGETHER

TYPE = "sw:Measure"
DEFINED_BY = "sw:definedBy"  # the id of the shared measure that numbers are against
_SAME = (
    "definition", "numerator", "denominator", "unit", "direction", "interval", "chart", "baseline", "screen", "shift",
    "trend", "finding",
)  # fmt: skip


def terms(measures: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Copies of measures as members of a document."""
    return [_written(one) for one in measures]


def _written(given: Mapping[str, Any]) -> Document:
    said: Document = {"type": TYPE, "name": given["name"]}
    said |= {f"sw:{name}": given[name] for name in _SAME if given.get(name) not in (None, "", 0, False)}
    said["points"] = given["points"]
    if given.get("annotations"):
        said["sw:annotations"] = [
            {"type": "sw:Annotation", "sw:at": at, "name": words} for at, words in given["annotations"]
        ]  # fmt: skip
    if given.get("rebases"):
        said["sw:rebases"] = [_rebase(*one) for one in given["rebases"]]
    if given.get("shared"):
        said[DEFINED_BY] = given["shared"]
    if given.get("url"):
        said["url"] = given["url"]
    if given.get("picture"):
        said["image"] = {"type": "Image", "mediaType": "image/png", "url": given["picture"]}
    return said


def _rebase(at: str, change: str, why: str, made: int) -> Document:
    said: Document = {"type": "sw:Rebase", "sw:at": at, "name": change, "sw:why": why}
    return {**said, "published": iso(made)} if made else said


def read(value: Any) -> list[dict[str, Any]]:
    """Measures of a document with plain names; what is in them is not checked yet."""
    found = [_plain(one) for one in objects(value, TOGETHER) if TYPE in _types(one) or "points" in _plain(one)]
    return [_read(one) for one in found]


def _types(one: Document) -> list[str]:
    return [name.replace(OURS, "sw:") for name in types(one)]


def _plain(one: Document) -> dict[str, Any]:
    return {term.removeprefix("sw:").removeprefix(OURS): value for term, value in one.items()}


def _read(one: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: one[name] for name in ("name", "points", *_SAME) if name in one}
    url, image = one.get("url"), one.get("image")
    if isinstance(url, str) and web(url):
        said["url"] = url
    picture = image.get("url") if isinstance(image, dict) else None
    if isinstance(picture, str) and web(picture):
        said["picture"] = picture
    shared = uri(one.get("definedBy"))
    if shared and web(shared):
        said["shared"] = shared
    # One more than may be, so that too many are found to be.
    notes = [_plain(each) for each in objects(one.get("annotations"), ANNOTATIONS + 1)]
    bases = [_plain(each) for each in objects(one.get("rebases"), REBASES + 1)]
    said["annotations"] = [[each.get("at"), text(each.get("name"))] for each in notes]
    said["rebases"] = [
        [each.get("at"), text(each.get("name")), text(each.get("why")), moment(each.get("published")) or 0]
        for each in bases
    ]
    return said
