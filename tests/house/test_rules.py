"""Rules that no linter knows: sizes, the one door out, the one place for HTML, texts that go through the catalogue."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import version

import pytest

from tests.house.tree import PACKAGES, ROOT, calls, files, imports, name, parsed

LINES = 400  # of a module
LENGTH = 60  # lines of a function
MODULES = files(*PACKAGES, "bench", suffix=".py")
OURS = files(*PACKAGES, suffix=".py")
TOLD = {"Invalid", "NotAllowed"}  # errors whose message a member reads
OPERATOR = (
    "node/cli.py",
    "node/operating/",
    "node/config.py",
    "node/archive/",
    "node/demo/",
)  # their messages are for a terminal


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {path: length for path, length in lengths.items() if length > LINES} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    lengths = {
        f"{name(path)}:{one.name}": (one.end_lineno or one.lineno) - one.lineno + 1
        for path in [*MODULES, *files("tests", suffix=".py")]
        for one in ast.walk(parsed(path))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {function: length for function, length in lengths.items() if length > LENGTH} == {}


def test_a_package_holds_a_docstring_and_nothing_else() -> None:
    packages = [path for path in OURS if path.name == "__init__.py"]

    assert [name(path) for path in packages if len(parsed(path).body) != 1 or not ast.get_docstring(parsed(path))] == []


# Commands that only change a row load no web server, and no database driver that is not used: docs/decisions/layers.md.
LATE = {
    "node/cli.py": {
        "from node.operating import serving",
        "from node.operating import checking",
        "from node.operating import closing",
        "from node.archive import running",
        "from node.demo import running",
    },
    "node/connecting/passkeys.py": {"from node.connecting import ceremonies"},
    "storage/opening.py": {"from storage.postgres import open_postgres"},
}


def test_nothing_else_is_imported_late() -> None:
    late = [
        f"{name(path)}: {ast.unparse(one)}"
        for path in OURS
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in ast.walk(function)
        if isinstance(one, ast.Import | ast.ImportFrom) and ast.unparse(one) not in LATE.get(name(path), ())
    ]

    assert late == []


def test_only_sanitize_cleans_html() -> None:
    assert {name(path) for path in OURS if "nh3" in imports(parsed(path))} == {"federation/sanitize.py"}
    assert {
        name(path)
        for path in OURS
        if any(one == "clean" and "bleach" in ast.unparse(call.func) for one, call in calls(parsed(path)))
    } == set()


def test_one_transaction_is_never_opened_inside_another() -> None:
    def opens(block: ast.AST) -> bool:
        return isinstance(block, ast.AsyncWith) and any(
            re.search(r"\.(writing|reading)\(", ast.unparse(item.context_expr)) for item in block.items
        )

    nested = [
        f"{name(path)}:{outer.lineno}"
        for path in OURS
        for outer in ast.walk(parsed(path))
        if isinstance(outer, ast.AsyncWith) and opens(outer)
        for statement in outer.body
        if any(opens(inner) for inner in ast.walk(statement))
    ]

    assert nested == []


def test_the_version_stands_in_one_place() -> None:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    elsewhere = [name(path) for path in OURS if f'"{written}"' in path.read_text(encoding="utf-8")]

    assert elsewhere == []
    assert version("sharewell") == written


def test_the_project_needs_no_folder_beside_it() -> None:
    beside = "../" + "shared"
    naming = {
        name(path) for path in files() if beside.encode() in path.read_bytes() and path.suffix not in (".pyc", ".png")
    }

    assert naming == {".ci/run"}


def test_locked_dependencies_name_no_place_to_take_them_from() -> None:
    locks = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("requirements*.txt"))]

    assert len(locks) == 3
    assert not any("://" in lock or "\n--" in lock for lock in locks)
    assert all("--hash=sha256:" in lock for lock in locks)


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later(word: str) -> None:
    left = [
        name(path)
        for path in files(*PACKAGES, "tests", suffix=".py")
        if re.search(rf"\b{word}\b", path.read_text(encoding="utf-8")) and path.name != "test_rules.py"
    ]

    assert left == []


def test_what_a_member_is_told_went_wrong_goes_through_the_catalogue() -> None:
    untold = [
        f"{name(path)}:{call.lineno}"
        for path in files("node", suffix=".py")
        if not name(path).startswith(OPERATOR)
        for called, call in calls(parsed(path))
        if called in TOLD and call.args and _has_bare_text(call.args[0])
    ]

    assert untold == []


def _has_bare_text(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id in ("_", "ngettext"):
        return False
    if isinstance(argument, ast.BinOp):
        return _has_bare_text(argument.left)
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(argument))
