"""README and CONTRIBUTING name commands that there are."""

from __future__ import annotations

import re

import pytest

from node.cli import parser
from tests.house.test_cli import commands
from tests.house.tree import ROOT

PAGES = ("README.md", "CONTRIBUTING.md", ".ci/run", "docs/architecture.md")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_of_a_page_is_in_the_makefile(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^ *)make ([a-z]+)", text, re.MULTILINE))

    assert {target for target in named if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_can_be_used_as_it_says(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    known = set(dict(commands(parser())))
    known |= {command.partition(" ")[0] for command in known}
    named = re.findall(r"(?:`|/|^ *)sharewell ((?:[a-z]+ ?){1,2})", text, re.MULTILINE)

    assert {one.strip() for one in named if one.strip() not in known and one.split()[0] not in known} == set()


def test_every_target_that_help_shows_says_what_it_does() -> None:
    targets = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)

    assert [target for target in targets if not re.search(rf"^{target}:.* ## \w", MAKEFILE, re.MULTILINE)] == []
