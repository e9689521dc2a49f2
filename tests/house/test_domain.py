"""The table of what was promised has a row for each promise, and names tests that there are."""

from __future__ import annotations

import ast
import re

from tests.house.tree import ROOT, parsed

ROW = re.compile(r"^\| ([0-9]+) \| [^|]+ \| [^|]+ \| (`[\w/]+\.py::test_\w+`(?:, `[\w/]+\.py::test_\w+`)*) \|[^|]*\|$")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
PROMISES = 28


def rows() -> list[tuple[int, str, str]]:
    """Number, file and test, of each test that a row names."""
    lines = (ROOT / "docs/domain.md").read_text(encoding="utf-8").splitlines()
    found = [(line, ROW.fullmatch(line)) for line in lines if re.match(r"\| [0-9]", line)]
    assert [line for line, match in found if match is None] == []
    return [
        (int(match[1]), file, test) for _, match in found if match is not None for file, test in NAMED.findall(match[2])
    ]


def test_every_promise_has_a_row() -> None:
    assert list(dict.fromkeys(number for number, _, _ in rows())) == list(range(1, PROMISES + 1))


def test_every_test_of_a_promise_exists() -> None:
    made = ast.FunctionDef | ast.AsyncFunctionDef
    lost = [
        f"{number}: {file}::{test}"
        for number, file, test in rows()
        if test not in {one.name for one in ast.walk(parsed(ROOT / file)) if isinstance(one, made)}
    ]

    assert lost == []
