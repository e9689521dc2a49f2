"""Every text that people read, through one catalogue, so that a second language needs no rewrite."""

from __future__ import annotations

import gettext as library
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web" / "locale"
DOMAIN = "sharewell"


@cache
def catalogue(locale: str) -> library.NullTranslations:
    """The texts of a locale; English, as written in the code, where there is none."""
    return library.translation(DOMAIN, FOLDER, [locale], fallback=True)


def _(text: str) -> str:
    """A text in the node's language."""
    return catalogue("en_GB").gettext(text)


def N_(text: str) -> str:
    """Marks a text of a table, which is put into the node's language where it is shown."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """A text for one or many in the node's language."""
    return catalogue("en_GB").ngettext(one, many, count)
