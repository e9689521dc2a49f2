"""Every text goes through one catalogue, and the catalogue has every text."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from node.texts import DOMAIN, FOLDER, catalogue
from tests.house.catalogue import TEMPLATE, collected, translations, written


def test_the_catalogue_has_the_texts_of_code_and_templates_as_they_are() -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == written(collected()), "run: make catalogue"


def test_texts_are_found_in_code_in_tables_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "code.py").write_text('A = _("called")\nB = {"x": N_("in a table")}\nC = ngettext("one", "many", 2)\n')
    (tmp_path / "web" / "templates" / "page.html").write_text(
        '<p title="{{ _("attribute") }}">{% trans %}a block{% endtrans %}</p>'
    )

    texts = {message.id for message in collected(tmp_path) if message.id}

    assert texts == {"called", "in a table", ("one", "many"), "attribute", "a block"}


def test_a_second_language_needs_no_change_of_code(tmp_path: Path) -> None:
    welsh = Catalog(locale="cy")
    welsh.add("Sign in", "Mewngofnodi")
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{DOMAIN}.mo").open("wb") as out:
        write_mo(out, welsh)

    assert catalogue("cy", tmp_path).gettext("Sign in") == "Mewngofnodi"
    assert catalogue("cy", tmp_path).gettext("Sign out") == "Sign out"


def test_every_translation_is_compiled_as_it_is() -> None:
    for path in translations(FOLDER):
        out = io.BytesIO()
        write_mo(out, read_po(io.BytesIO(path.read_bytes()), locale=path.parent.parent.name))

        assert path.with_suffix(".mo").read_bytes() == out.getvalue(), "run: make catalogue"
