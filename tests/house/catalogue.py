"""Collect every text of code and templates for translators. ``python -m tests.house.catalogue`` writes the file."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from node.texts import DOMAIN, FOLDER

NODE = FOLDER.parent.parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2")]
OPTIONS = {"web/templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
HEADER = "# Every text of Sharewell's pages, errors and mails. Made by `make catalogue`; do not edit.\n#"

UNSAID = tuple(
    f'"{name}: '
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)  # what changes without a text, or says nothing


def collected(folder: Path = NODE) -> Catalog:
    """Every text below a folder, with the files it is in."""
    # No dates and no line numbers: the file changes when a text does, and for nothing else.
    catalogue = Catalog(project="Sharewell", header_comment=HEADER, charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("translators:",), strip_comment_tags=True
    )
    for file, _line, text, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(text, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def written(catalogue: Catalog) -> str:
    """The catalogue as a .pot file."""
    out = io.BytesIO()
    write_po(out, catalogue, width=116, include_lineno=False, omit_header=False, sort_by_file=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSAID))


def translations(folder: Path = FOLDER) -> Iterable[Path]:
    """The .po files that there are."""
    return sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def main() -> int:
    """Write the template anew, bring every translation up to it and compile it."""
    FOLDER.mkdir(exist_ok=True)
    template = collected()
    TEMPLATE.write_text(written(template), encoding="utf-8")
    for path in translations():
        translation = read_po(io.BytesIO(path.read_bytes()), locale=path.parent.parent.name)
        translation.update(template)
        with path.open("wb") as out:
            write_po(out, translation, width=116, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, translation)
    return 0


if __name__ == "__main__":
    sys.exit(main())
