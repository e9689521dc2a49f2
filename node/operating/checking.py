"""``sharewell guard check FILE.jsonl``: what the privacy guard says of each text of a file, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from node.confidentiality import guard
from node.confidentiality.findings import Finding


class BadLine(Exception):
    """A line that is no object with an ``id`` and a ``text``; the message names file and line."""


def run(path: Path, out: TextIO) -> None:
    """Judge a file of JSON objects line by line, however long it is."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                out.write(json.dumps(_judged(_read(line, f"{path}, line {number}"))) + "\n")


def _read(line: bytes, where: str) -> dict[str, Any]:
    try:
        read: object = json.loads(line)
    except UnicodeDecodeError as error:
        raise BadLine(f"{where}: not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine(f"{where}: not JSON: {error}") from error
    if not isinstance(read, dict):
        raise BadLine(f"{where}: not an object")
    if not isinstance(read.get("text"), str):
        raise BadLine(f"{where}: text must be a string")
    if isinstance(read.get("id"), bool) or not isinstance(read.get("id"), str | int):
        raise BadLine(f"{where}: id must be a string or a whole number")
    return read


def _judged(read: dict[str, Any]) -> dict[str, Any]:
    judgement = guard.check(read["text"])
    return {"id": read["id"], "verdict": judgement.verdict, "findings": list(_findings(judgement.findings))}


def _findings(found: tuple[Finding, ...]) -> Iterator[dict[str, Any]]:
    for one in found:
        yield {"kind": one.kind, "start": one.start, "end": one.end}
