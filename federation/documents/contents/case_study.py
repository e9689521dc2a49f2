"""What a case study says to everybody else. Its title stands above, as that of any article."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from federation.documents.contents import measured
from federation.documents.contents.parts import linked, rows, section
from storage.shapes.case_study import CaseStudy

_ACTS = {"adopt": "Adopted", "adapt": "Adapted", "abandon": "Abandoned"}


def content(label: str, title: str, given: CaseStudy) -> str:
    """Its sections in the order in which they are read; one that says nothing is left out."""
    del label
    changes = rows("What we changed", [linked(one) for one in given.changes])
    parts = [f"<p><strong>{escape(title)}</strong></p>", section("Aim", given.aim), section("Before", given.baseline)]
    parts += [_drivers(given.drivers), changes, section("What did not work", given.did_not_work)]
    parts += [
        section("What we would tell you", given.advice),
        rows("Tests, in order", [_cycle(one) for one in given.pdsa]),
    ]
    if given.measures:
        parts.append(f"<h2>Measures</h2>{measured.content(given.measures)}")
    parts += [section("Cost", given.cost), section("For whom it was better or worse", given.equity)]
    return "".join([*parts, section("What would not travel", given.would_not_travel)])


def teaser(given: CaseStudy, words: str) -> str:
    """What stands below the title in lists."""
    return given.teaser or given.aim or words


def _cycle(one: Mapping[str, Any]) -> str:
    said = [f"{label}: {linked(one[name])}" for name, label in _PARTS if one.get(name)]
    act = f"<strong>{_ACTS[one['act']]}</strong>" if one.get("act") in _ACTS else ""
    return "<br>".join([*said, act] if act else said)


_PARTS = (("plan", "Plan"), ("do", "Do"), ("study", "Study"))


def _drivers(tree: Mapping[str, Any] | None) -> str:
    if tree is None:
        return ""
    lead = f"<p>{linked(tree['aim'])}</p>" if tree.get("aim") else ""
    found = "".join(f"<li>{linked(one['name'])}{_below(one)}</li>" for one in tree.get("primary", ()))
    return f"<h2>What drives it</h2>{lead}<ul>{found}</ul>" if found else f"<h2>What drives it</h2>{lead}"


def _below(one: Mapping[str, Any]) -> str:
    found = "".join(f"<li>{linked(each)}</li>" for each in one.get("secondary", ()))
    return f"<ul>{found}</ul>" if found else ""
