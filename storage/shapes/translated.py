"""The words of a post in a second language: how they are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from storage.shapes.rules import Parts, WrongField

NAME = "translation"  # in ``posts.fields``
PARTS = ("language", "title", "text")
RULE = Parts(PARTS)
_LANGUAGE = re.compile(r"(?!und$)[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")
_CODE = 12  # characters of a language


def check(given: Mapping[str, str], *, titled: bool) -> None:
    """Raises WrongField when a part is missing."""
    wanted = {"language", "text", "title"} if titled else {"language", "text"}
    if not wanted <= given.keys():
        if titled:
            raise WrongField(NAME, "Give the language, the title and the text of the other language.")
        raise WrongField(NAME, "Give the language and the text of the other language.")
    if not is_language(given["language"]):
        raise WrongField(NAME, "The language must be a code such as en or cy.")


def is_language(code: str) -> bool:
    """Whether this is a language, as codes say it."""
    return len(code) <= _CODE and _LANGUAGE.fullmatch(code) is not None
