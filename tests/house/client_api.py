"""Which methods of the Mastodon client API a node serves, read off its routes: ``make endpoints``.

``endpoints.tsv`` names the methods of the documentation's state of July 2026 (version 4.6): method, path, tier (A: five
or more of nine apps call it, B: two to four, C: one) and what is particular about it.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route

from node.app import ROUTES

PAGE = Path("docs/client-api.md")
ENDPOINTS = Path(__file__).with_name("endpoints.tsv")
UNKNOWN = "/api/{rest:path}"  # answers 404 for what is not built
TIERS = {
    "A": "Tier A: nearly every app calls it",
    "B": "Tier B: some apps call it",
    "C": "Tier C: one app calls it",
    "none": "No app was seen to call it",
}
PREFIXES = ("/api/", "/oauth/", "/.well-known/oauth", "/health")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of the API. ``kind``: "", admin, deprecated or removed."""

    method: str
    path: str
    tier: str
    kind: str

    @property
    def key(self) -> tuple[str, str]:
        """As it is compared with a route: parameters without their names."""
        return self.method, re.sub(r":\w+", "{}", self.path)


def endpoints() -> list[Endpoint]:
    """All of the documentation."""
    with ENDPOINTS.open(encoding="utf-8", newline="") as file:
        return [Endpoint(**row) for row in csv.DictReader(file, delimiter="\t")]


def served() -> dict[tuple[str, str], str]:
    """Method and path of each route of the API, as ``Endpoint.key``, to the path as it is written."""
    found: dict[tuple[str, str], str] = {}
    for route in ROUTES:
        if isinstance(route, Route) and route.path.startswith(PREFIXES) and route.path != UNKNOWN:
            for method in (route.methods or set()) - {"HEAD"}:
                found[method, re.sub(r"\{\w+\}", "{}", route.path)] = route.path
    return found


def page() -> str:
    """The page in full."""
    here, known = served(), endpoints()
    lines = [
        "# The client API", "",
        "Which methods of the Mastodon API (its documentation of July 2026, version 4.6) this node serves. What is not",
        "served answers 404 with an error in JSON; nothing is pretended. Made from the routes by",
        "`make endpoints`; a test keeps it so.", "",
        *_summary(here, known),
    ]  # fmt: skip
    for tier, title in TIERS.items():
        lines += ["", f"## {title}", "", "| method | path | |", "|---|---|---|"]
        lines += [_line(here, one) for one in known if one.tier == tier and one.kind not in ("removed", "admin")]
    lines += ["", "## Of the administrators", "", "| method | path | |", "|---|---|---|"]
    lines += [_line(here, one) for one in known if one.kind == "admin"]
    own = sorted((path, method) for (method, key), path in here.items() if (method, key) not in {e.key for e in known})
    lines += ["", "## Beside the documentation", "", "| method | path |", "|---|---|"]
    lines += [f"| {method} | `{path}` |" for path, method in own]
    return "\n".join(lines) + "\n"


def _summary(here: Iterable[tuple[str, str]], known: Iterable[Endpoint]) -> list[str]:
    all_of: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for one in known:
        if one.kind in ("removed", "admin"):
            continue
        all_of[one.tier] += 1
        done[one.tier] += one.key in here
    rows = [f"| {title.partition(':')[0]} | {done[tier]} | {all_of[tier]} |" for tier, title in TIERS.items()]
    return ["| | served | of |", "|---|---:|---:|", *rows]


def _line(here: Iterable[tuple[str, str]], one: Endpoint) -> str:
    about = "served" if one.key in here else "not built"
    return f"| {one.method} | `{one.path}` | {about}{', deprecated' if one.kind == 'deprecated' else ''} |"


if __name__ == "__main__":
    sys.stdout.write(f"{PAGE}\n")
    PAGE.write_text(page(), encoding="utf-8")
