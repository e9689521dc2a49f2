"""The project as files and as syntax trees, for the tests of its house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("node", "federation", "storage")
# Made by commands, or by a person for themselves: no part of the project.
MADE = frozenset({".git", ".venv", ".demo", ".node", "build", "dist", "node_modules", "__pycache__", "data"})


def files(*folders: str, suffix: str = "") -> list[Path]:
    """The project's own files below these folders, or all of them."""
    return sorted(_below([ROOT / folder for folder in folders] or [ROOT], suffix))


def _below(starts: list[Path], suffix: str) -> Iterator[Path]:
    for start in starts:
        if not start.exists():
            continue
        for path in start.iterdir():
            hidden_cache = path.name.startswith(".") and path.name.endswith("cache")
            if path.name in MADE or hidden_cache or path.name.endswith(".egg-info") or path.is_symlink():
                continue
            if path.is_dir():
                yield from _below([path], suffix)
            elif path.name.endswith(suffix):
                yield path


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """The file as it is called in the project."""
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the last part of what is called."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Call):
            match one.func:
                case ast.Name(id=called) | ast.Attribute(attr=called):
                    yield called, one
                case _:
                    pass


def imports(tree: ast.AST) -> set[str]:
    """Every module that is imported, as ``package.module``; of ``from a import b`` both ``a`` and ``a.b``."""
    found: set[str] = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            found |= {alias.name for alias in one.names}
        elif isinstance(one, ast.ImportFrom) and one.module:
            found |= {one.module, *(f"{one.module}.{alias.name}" for alias in one.names)}
    return found
