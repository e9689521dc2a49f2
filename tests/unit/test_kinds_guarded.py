"""The privacy guard reads every text of every field of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from node import guarding
from node.confidentiality.findings import Verdict
from node.sharing.drafts import Checked, Draft
from storage.kinds import RULES, Kind, read
from storage.posts import Visibility
from storage.shapes.addresses import Addresses
from storage.shapes.common import Shape
from storage.shapes.measured import Measured
from storage.shapes.nested import Lines, Rows, Tree
from storage.shapes.rules import Address, Line, Parts, Text
from tests.clients.guards import BLOCKED

SHORT = " ".join(BLOCKED.split())


def places(rule: Any) -> list[Any]:
    """Values of a field, each with the number of a patient in another of its texts."""
    if isinstance(rule, Rows):
        return [[{}, {part: value}] for part, inner in rule.parts.items() for value in places(inner)]
    if isinstance(rule, Tree):
        return [
            {"aim": SHORT}, {"primary": [{"name": SHORT}]}, {"primary": [{"name": "x", "secondary": ["y", SHORT]}]},
        ]  # fmt: skip
    if isinstance(rule, Parts):
        return [{one: SHORT} for one in rule.names]
    if isinstance(rule, Lines):
        return [["x", SHORT]]
    if isinstance(rule, Line) or (isinstance(rule, Text) and not rule.choices):
        return [SHORT]
    if isinstance(rule, Measured):
        points = [["2027-01", 4]]
        said = ({"definition": SHORT}, {"points": points, "annotations": [["2027-01", SHORT]]})
        return [[{"name": "x"}, {"name": "x", **one}] for one in said]
    return [f"https://a.example/?q={SHORT.replace(' ', '+')}"] if isinstance(rule, Address | Addresses) else []


def verdict(rule: Any) -> Verdict:
    """In an address a number is written as addresses are, and may be another: a guardian looks."""
    return Verdict.HOLD if isinstance(rule, Address | Addresses) else Verdict.BLOCK


CASES = [
    pytest.param(kind, name, value, verdict(rule), id=f"{kind.value} {name} {place}")
    for kind, rules in RULES.items()
    for name, rule in rules.items()
    if kind is not Kind.EVENT or name not in guarding.SET  # nobody says anything in them, and they do not leave
    for place, value in enumerate(places(rule))
]


@pytest.mark.parametrize(("kind", "name", "value", "expected"), CASES)
def test_a_number_of_a_patient_is_seen_wherever_it_stands(kind: Kind, name: str, value: Any, expected: Verdict) -> None:
    shape = read(kind, {name: value}, strict=True)
    assert isinstance(shape, Shape)
    checked = Checked(Draft("", kind=kind, title="x", fields={name: value}), shape, [], {}, None, Visibility.PUBLIC)

    found = guarding.judged(checked.parts())

    assert found.verdict is expected
    assert {one.field for one in found.findings} == {f"fields.{name}"}


def test_the_table_knows_every_kind_with_words() -> None:
    assert {case.values[0] for case in CASES} == RULES.keys()
