"""Nothing is signalled inside a transaction: it would be heard before it is true, and NOTIFY there locks the server."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = [file for folder in ("node", "federation", "storage") for file in sorted((ROOT / folder).rglob("*.py"))]


def _calls(node: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in names:
            yield inner


def signalled_inside(source: str) -> list[int]:
    """Lines that signal within an ``async with ….writing()`` or ``….reading()``."""
    blocks = (
        block
        for block in ast.walk(ast.parse(source))
        if isinstance(block, ast.AsyncWith)
        and any(_calls_any(item.context_expr, {"writing", "reading"}) for item in block.items)
    )
    return [call.lineno for block in blocks for line in block.body for call in _calls(line, {"signal"})]


def _calls_any(node: ast.AST, names: set[str]) -> bool:
    return next(_calls(node, names), None) is not None


def test_nothing_is_signalled_inside_a_transaction() -> None:
    found = [f"{file.relative_to(ROOT)}:{line}" for file in OURS for line in signalled_inside(file.read_text())]

    assert found == []


def test_only_the_wire_notifies() -> None:
    found = [file.relative_to(ROOT).as_posix() for file in OURS if "pg_notify" in file.read_text()]

    assert found == ["storage/listening.py"]


def test_the_wire_opens_no_transaction() -> None:
    text = (ROOT / "storage" / "listening.py").read_text()

    assert not _calls_any(ast.parse(text), {"writing", "transaction"})
