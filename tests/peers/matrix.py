"""What works with which peer, as a table at the end of a run: each test here is a row, each peer a column."""

from __future__ import annotations

import re
from typing import Any

FEDIFY, FEDIFY_CAVAGE, BOVINE = "Fedify, RFC 9421", "Fedify, cavage", "bovine, cavage"
PEERS = (FEDIFY, FEDIFY_CAVAGE, BOVINE)
_TEST = re.compile(r"tests/peers/\w+\.py::test_(?P<claim>\w+)\[(?P<peer>[^\]-]+)-?(?P<case>[^\]]*)\]")

Matrix = dict[str, dict[str, str]]


def matrix(reports: list[Any]) -> Matrix:
    """What came of each claim with each peer, from the reports of its tests."""
    found: Matrix = {}
    for one in reports:
        match = _TEST.match(one.nodeid)
        if match is not None and match["peer"] in PEERS:
            claim = " ".join([match["claim"].replace("_", " "), *(["·", match["case"]] if match["case"] else [])])
            found.setdefault(claim, {})[match["peer"]] = "yes" if one.passed else "NO"
    return found


def lines(found: Matrix) -> list[str]:
    """The matrix as a table in Markdown."""
    width = max(map(len, found))
    rows = [["", *PEERS], ["-" * width, *("-" * len(peer) for peer in PEERS)]]
    rows += [[claim, *(by.get(peer, "") for peer in PEERS)] for claim, by in found.items()]
    return ["| " + " | ".join([row[0].ljust(width), *row[1:]]) + " |" for row in rows]


def show(terminal: Any, reports: list[Any]) -> None:
    """Show the matrix of what was run."""
    if found := matrix(reports):
        terminal.section("peers")
        for line in lines(found):
            terminal.write_line(line)
