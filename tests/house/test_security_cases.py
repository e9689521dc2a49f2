"""The table of security cases names tests that there are."""

from __future__ import annotations

import ast
import re

from tests.house.tree import ROOT, parsed

ROW = re.compile(r"^\| `([a-z]+\.[a-z0-9_]+)` \| (?:`([\w/]+\.py)::(test_\w+)`|not built: .+) \|$")
GROUPS = {"html", "media", "oauth", "web", "authz", "privacy"}


def rows() -> list[tuple[str, str, str]]:
    """Case, file and test; the last two are empty for what is not built."""
    lines = (ROOT / "docs/security-cases.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|") and line not in ("| case | test |", "|---|---|")]
    found = [(line, ROW.fullmatch(line)) for line in table]
    assert [line for line, match in found if match is None] == []
    return [(match[1], match[2] or "", match[3] or "") for _, match in found if match is not None]


def _defined(file: str) -> set[str]:
    """The names of the tests in a file."""
    made = ast.FunctionDef | ast.AsyncFunctionDef
    return {one.name for one in ast.walk(parsed(ROOT / file)) if isinstance(one, made)}


def test_every_case_is_named_once() -> None:
    cases = [case for case, _, _ in rows()]

    assert len(cases) == len(set(cases)) > 200
    assert {case.partition(".")[0] for case in cases} == GROUPS


def test_every_test_of_a_case_exists() -> None:
    assert [f"{case}: {file}::{test}" for case, file, test in rows() if file and test not in _defined(file)] == []
