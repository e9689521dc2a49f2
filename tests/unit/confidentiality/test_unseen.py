"""The texts of three ``unseen`` files, which no rule was written for: in counts alone, so that none ever is.

The fifth is read, and stands in ``test_figures``.
"""

from __future__ import annotations

from tests.unit.confidentiality.corpus import figures, texts


def test_the_guard_does_as_it_should_on_texts_that_no_rule_was_written_for() -> None:
    seen = figures([*texts("../unseen"), *texts("../unseen_second"), *texts("../unseen_third")])

    assert round(seen.precision, 3) >= 0.90
    assert round(seen.recall, 3) >= 0.87
    assert seen.false_blocks == ()
