"""Marks survive being kept with fields and being said in a document."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from federation.documents import marks as documents
from storage import marks
from storage.marks import SAID, Mark, Marks

NOW = 1_793_000_000_000
SAIDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=SAID)
MARK = st.builds(Mark, SAIDS, st.integers(0, NOW // 1000).map(lambda s: s * 1000), st.booleans())
MARKS = st.builds(Marks, st.none() | MARK, st.none() | MARK)
FIELDS = st.dictionaries(st.sampled_from(["situation", "harm", "recommendation"]), st.text(max_size=20)).map(
    lambda one: json.dumps(one) if one else ""
)


@given(FIELDS, MARKS, MARKS)
def test_what_is_laid_with_fields_is_found_and_leaves_them_alone(fields: str, first: Marks, second: Marks) -> None:
    kept = marks.laid(marks.laid(fields, first), second)

    assert marks.of(kept) == second
    assert marks.without(json.loads(kept or "{}")) == json.loads(fields or "{}")


@given(MARKS)
def test_another_node_reads_what_is_said(given_marks: Marks) -> None:
    assert documents.read(documents.terms(given_marks), now=NOW) == given_marks


@given(MARKS)
def test_a_mark_is_no_news_to_who_has_it(given_marks: Marks) -> None:
    assert not given_marks.new_beside(given_marks)
    assert given_marks.new_beside(marks.NONE) == bool(given_marks)


def test_what_cannot_be_read_is_no_mark() -> None:
    for wrong in ("x", {}, {"summary": 1}, {"summary": ""}, [{"summary": "a"}], None):
        assert documents.read({"withdrawn": wrong}, now=NOW) == marks.NONE
    assert documents.read({"sw:withdrawn": {"summary": "No."}}, now=NOW).withdrawn == Mark("No.", NOW)
