"""Fields of structured kinds: strict for members, lenient for other servers, and the same again when they come back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.kinds import RULES, SHAPES, Kind, complete, dump, load, read
from storage.shapes.case_study import CaseStudy
from storage.shapes.nested import drivers_of, drivers_text
from storage.shapes.rules import WrongField

KINDS = sorted(SHAPES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
# Pieces of what fits, so that not everything that is made is refused at the first look.
PIECES = st.sampled_from(
    ["adopt", "2027-11-20", "2027-02-31", "PT2M", "2:30", "https://a.example/x", "https://[", "falls", "acute-ward",
     "3", "tool", {"plan": "x", "act": "adapt"}, {"plan": "x", "cycle": 9}, {"name": "See", "secondary": ["mirror"]},
     {"aim": "Half", "primary": [{"name": "See", "secondary": ["mirror"]}]}, {"primary": ["a", {"secondary": ["b"]}]},
     {"0": {"do": "y"}}, ["a", "b"], "a\nb", True, 7, 7.0, {"situation": "x"}, "2027-11-20T09:00+02:00"],
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(data=st.data(), kind=st.sampled_from(KINDS), strict=st.booleans())
def test_any_json_in_any_field_is_read_or_refused_by_name(data: st.DataObject, kind: Kind, strict: bool) -> None:
    value = JSON | PIECES | st.lists(PIECES | JSON, max_size=3)
    said = {name: data.draw(value, label=name) for name in data.draw(st.lists(st.sampled_from(sorted(RULES[kind]))))}

    try:
        found = read(kind, said, strict=strict)
    except WrongField as wrong:
        assert strict
        assert wrong.field.partition(".")[0] in said
        return

    assert found is not None
    assert load(kind, dump(found)) == found
    assert not strict or read(kind, json.loads(dump(found)), strict=True) == found  # others may know newer words


@pytest.mark.parametrize(
    ("kind", "name", "value", "kept"),
    [
        ("resource", "minutes", "12", 12),
        ("resource", "minutes", 0, None),
        ("resource", "minutes", True, None),
        ("resource", "source", "https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("resource", "source", "javascript:alert(1)", None),
        ("resource", "source", "https://me:secret@a.example/", None),
        ("resource", "source", "a.example", None),
        ("resource", "audience", ["leaders"], ("leaders",)),
        ("video", "duration", "2:30", "PT2M30S"),
        ("video", "duration", "1:02:03", "PT1H2M3S"),
        ("video", "duration", "PT90S", "PT1M30S"),
        ("video", "duration", "long", None),
        ("alert-signpost", "action_by", "2027-02-31", None),
        ("case-study", "changes", "One card\n\nCall the same day", ("One card", "Call the same day")),
        ("case-study", "pdsa", [{"plan": "a", "act": "adapt"}], ({"cycle": 1, "plan": "a", "act": "adapt"},)),
        ("case-study", "pdsa", {"0": {"plan": "a"}}, ({"cycle": 1, "plan": "a"},)),
        ("case-study", "pdsa", [{}, {"plan": ""}], ()),
        ("case-study", "pdsa", [{"plan": "a", "act": "repeat"}], None),
        ("case-study", "pdsa", [{"who": "a"}], None),
        ("case-study", "pdsa", [{"plan": "a"}] * 13, None),
        (
            "case-study", "drivers", "See early\n- mirror\n- huddle\nMove more",
            {"primary": ({"name": "See early", "secondary": ("mirror", "huddle")}, {"name": "Move more"})},
        ),
        ("case-study", "drivers", {"primary": [{"name": "a", "secondary": ["x"] * 13}]}, None),
        (
            "case-study", "measures", [{"name": "Falls", "points": [["2027-02", 3], ["2027-01", 4]]}],
            ({"name": "Falls", "direction": "none", "interval": "month", "chart": "xmr",
              "points": [["2027-01", 4.0], ["2027-02", 3.0]]},),
        ),
        ("case-study", "measures", [{"points": [["2027-01", 4]]}], None),
        ("case-study", "measures", [{"name": "Falls"}] * 7, None),
    ],
)  # fmt: skip
def test_what_a_member_writes_is_kept_or_refused(kind: str, name: str, value: Any, kept: Any) -> None:
    if kept is None:
        with pytest.raises(WrongField) as wrong:
            read(Kind(kind), {name: value}, strict=True)
        assert wrong.value.field.partition(".")[0] == name
    else:
        assert getattr(read(Kind(kind), {name: value}, strict=True), name) == kept


def test_a_wrong_part_of_a_row_is_named() -> None:
    with pytest.raises(WrongField) as wrong:
        read(Kind.CASE_STUDY, {"pdsa": [{"plan": "a"}, {"act": "repeat"}]}, strict=True)

    assert wrong.value.field == "pdsa.2.act"


def test_of_another_servers_rows_stays_what_can_be_used() -> None:
    said = {"pdsa": [{"plan": "a", "act": "repeat", "who": "x"}, 7, {"act": "adopt"}], "aim": "x", "minutes": 3}

    found = read(Kind.CASE_STUDY, said, strict=False)

    assert isinstance(found, CaseStudy)
    assert found.pdsa == ({"cycle": 1, "plan": "a"}, {"cycle": 2, "act": "adopt"})


def test_all_fields_together_have_a_limit() -> None:
    long = dict.fromkeys(("aim", "baseline", "did_not_work", "advice", "cost", "equity"), "x" * 4_900)
    rows = [{"plan": "x" * 1_000, "do": "x" * 1_000}] * 8

    with pytest.raises(WrongField, match="All together"):
        read(Kind.CASE_STUDY, {**long, "pdsa": rows}, strict=True)


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("case-study", {"aim": "Half."}, "did_not_work"),
        ("case-study", {"did_not_work": "Posters."}, "aim"),
        ("resource", {"minutes": 3}, "description"),
        ("alert-signpost", {"reference": "A-1"}, "source"),
        ("video", {"captions": True}, "transcript"),
        ("video", {"captions": False, "transcript": "Open the valve."}, "captions"),
        ("thanks", {"whom": "The night team"}, "deed"),
    ],
)
def test_what_makes_a_kind_has_to_be_said(kind: str, said: dict[str, Any], field: str) -> None:
    found = read(Kind(kind), said, strict=True)
    assert found is not None

    with pytest.raises(WrongField) as wrong:
        complete("Title", found)
    assert wrong.value.field == field


def test_a_tree_written_as_lines_is_the_same_again() -> None:
    lines = "See early\n- mirror\n- skin huddle\nMove more"

    assert drivers_text(drivers_of(lines)) == lines
