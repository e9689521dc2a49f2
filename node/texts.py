"""Every text that people read, through one catalogue, so that a second language needs no rewrite.

The texts stand in the code and the templates, in British English; ``make catalogue`` collects them for translators. A
language is ``web/locale/cy/LC_MESSAGES/sharewell.po`` with its compiled ``.mo`` beside it.
"""

from __future__ import annotations

import gettext as library
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web" / "locale"
DOMAIN = "sharewell"
LOCALE = "en_GB"


@cache
def catalogue(locale: str, folder: Path = FOLDER) -> library.NullTranslations:
    """The texts of a locale; English, as written in the code, where there is none."""
    return library.translation(DOMAIN, folder, [locale], fallback=True)


def _(text: str) -> str:
    """A text in the node's language."""
    return catalogue(LOCALE).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """A text for one or many in the node's language."""
    return catalogue(LOCALE).ngettext(one, many, count)


def N_(text: str) -> str:  # gettext's own name for it
    """Mark a text in a table for the catalogue; ``_`` looks it up where it is shown."""
    return text
