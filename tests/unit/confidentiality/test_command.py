"""``sharewell guard check FILE.jsonl``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from node.cli import run
from tests.house.tree import ROOT

BLOCKED = '{"id": "a1", "text": "NHS 999 456 7810"}'
ALLOWED = '{"id": 2, "text": "Gofynnwch bob bore: a oes angen y caniwla o hyd?"}'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in a folder without a node."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHAREWELL_CONFIG", raising=False)
    return tmp_path / "texts.jsonl"


def test_each_text_gets_a_line_with_its_verdict_and_findings(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{BLOCKED}\n\n{ALLOWED}\n", encoding="utf-8")

    assert run(["guard", "check", str(file)]) == 0

    out = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in out] == [
        {"id": "a1", "verdict": "block", "findings": [{"kind": "nhs_number", "start": 4, "end": 16}]},
        {"id": 2, "verdict": "allow", "findings": []},
    ]
    assert sorted(os.listdir(file.parent)) == ["texts.jsonl"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not an object"),
        ('{"id": "a"}', "text must be a string"),
        ('{"id": "a", "text": 7}', "text must be a string"),
        ('{"text": "x"}', "id must be a string or a whole number"),
        ('{"id": true, "text": "x"}', "id must be a string or a whole number"),
    ],
)
def test_a_bad_line_is_named_in_one_line(file: Path, capsys: pytest.CaptureFixture[str], line: str, says: str) -> None:
    file.write_text(f"{ALLOWED}\n{line}\n", encoding="utf-8")

    assert run(["guard", "check", str(file)]) == 1

    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert said.err.startswith(f"sharewell: {file}, line 2: {says}")
    assert said.err.count("\n") == 1


def test_a_line_that_is_not_utf8_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(b'{"id": "a", "text": "caf\xe9"}\n')

    assert run(["guard", "check", str(file)]) == 1
    assert "line 1: not UTF-8" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guard", "check", str(file)]) == 1
    assert capsys.readouterr().err == f"sharewell: {file}: No such file or directory\n"


def test_lines_are_answered_as_they_come(file: Path) -> None:
    os.mkfifo(file)
    asked = subprocess.Popen(
        [sys.executable, "-m", "node", "guard", "check", str(file)],
        cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
    )  # fmt: skip

    with file.open("w", encoding="utf-8") as lines:
        assert asked.stdout is not None
        for number in range(3):
            lines.write(json.dumps({"id": number, "text": "x"}) + "\n")
            lines.flush()
            assert json.loads(asked.stdout.readline())["id"] == number
    assert asked.wait() == 0
    asked.stdout.close()
