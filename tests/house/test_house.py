"""The house's own tools: what tests need, runs that skip nothing, a package that has everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs
from tests.house.test_commands import PATIENCE, asked, running, said_first, stopped
from tests.house.tree import ROOT
from tests.postgres import free_port


@pytest.mark.parametrize(
    ("marks", "status"), [("@pytest.mark.skip", 1), ("", 0)], ids=["with a skipped test", "with none"]
)
def test_a_run_that_skipped_a_test_has_failed(tmp_path: Path, marks: str, status: int) -> None:
    text = f"import pytest\n\n{marks}\ndef test_one():\n    pass\n\ndef test_two():\n    pass\n"
    (tmp_path / "test_some.py").write_text(text)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", os.devnull, f"--rootdir={tmp_path}", tmp_path],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert (ran.returncode, "2 passed" in ran.stdout) == (status, status == 0)


def test_tests_of_one_group_run_in_one_process(tmp_path: Path) -> None:
    mark = '@pytest.mark.xdist_group("one")\n@pytest.mark.parametrize("number", range(6))\n'
    (tmp_path / "test_some.py").write_text(f"import pytest\n\n{mark}def test_one(number):\n    pass\n")

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", "-c", os.devnull,
         f"--rootdir={tmp_path}", tmp_path],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    passed = [line.split()[0] for line in ran.stdout.splitlines() if "PASSED" in line]
    assert (len(passed), len(set(passed))) == (6, 1)


def test_what_cannot_be_had_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere() -> Path:
        raise needs.Absent("A moon is missing: wait for the night")

    tried: list[str] = []
    monkeypatch.setattr(needs, "NEEDS", (("a moon", nowhere, lambda: tried.append("a moon")),))

    assert needs.main() == 1
    assert tried == ["a moon"]
    assert capsys.readouterr().err == "A moon is missing: wait for the night\n"


def test_what_is_missing_is_installed_and_then_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "moon"

    def find() -> Path:
        if not program.exists():
            raise needs.Absent("A moon is missing")
        return program

    needs.prepare((("Moon", find, program.touch),))

    assert capsys.readouterr().out == f"installing Moon\nMoon: {program}\n"


def test_node_js_is_new_enough_for_the_peers() -> None:
    said = subprocess.run([needs.node() / "node", "--version"], capture_output=True, text=True, check=True).stdout

    assert int(said.lstrip("v").partition(".")[0]) >= needs.NODE


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project installed from a copy, as ``pip install .`` does, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("a package")
    source, target = folder / "source of it", folder / "installed"
    source.mkdir()
    for name in ("node", "federation", "storage"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    install = [
        "install",
        "-qq",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(target),
        str(source),
    ]
    subprocess.run([sys.executable, "-m", "pip", *install], timeout=PATIENCE, check=True)
    return target


def test_a_package_has_every_file_that_the_folders_have(package: Path) -> None:
    def below(folder: Path) -> set[str]:
        return {
            path.relative_to(folder).as_posix()
            for part in ("node", "federation", "storage")
            for path in (folder / part).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    assert below(package) == below(ROOT)


def test_a_package_serves_from_where_it_is_installed(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, config = free_port(), tmp_path / "config.toml"
    monkeypatch.setenv("PYTHONPATH", str(package))
    made = subprocess.run(
        [package / "bin" / "sharewell", "init", "--config", config, "--domain", f"localhost:{port}",
         "--base-url", f"http://localhost:{port}", "--listen", f"127.0.0.1:{port}", "--insecure-http"],
        cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    where = [sys.executable, "-c", "import node; print(node.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()

    with running(config, "serve", folder=tmp_path) as process:
        said = said_first(process)
        answers = [asked(port, path) for path in ("/", "/static/design.css", "/nodeinfo/2.1")]
        ended = stopped(process)

    assert (made.returncode, made.stderr) == (0, "")
    assert Path(found).is_relative_to(package)
    assert said == f"http://localhost:{port}\n"
    assert answers == [200, 200, 200]
    assert ended == (0, "", "")
