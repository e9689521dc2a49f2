"""The forms of structured posts: what each asks, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.texts import N_
from node.words import pairing, vocabulary
from storage.kinds import Kind
from storage.shapes.rules import ADDRESS, LINE, LONGEST

OTHER = ("other_language", "other_title", "other_text")  # the second language


class How(StrEnum):
    """How an answer is given."""

    BOX = "box"  # several lines
    LINE = "line"
    DATE = "date"
    ADDRESS = "url"
    CHOICE = "choice"  # one of few
    SELECT = "select"  # one of many
    SEVERAL = "several"
    CHECK = "check"
    LINES = "lines"  # one thing a line
    TREE = "tree"
    ROWS = "rows"
    HIDDEN = "hidden"  # it came with the link to the form; the label says so


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form; ``name``: the field, or with a dot a part of one."""

    name: str
    label: str
    hint: str = ""
    how: How = How.BOX
    rows: int = 4
    most: int = LONGEST
    default: str = ""

    @property
    def id(self) -> str:
        """Its name in the page."""
        return self.name.replace(".", "-")

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen."""
        more = {"level": pairing.levels, "format": pairing.formats}
        return more[self.name]() if self.name in more else vocabulary.choices(self.name)


@dataclass(frozen=True, slots=True)
class Form:
    """A form to write one kind of post."""

    kind: Kind
    heading: str
    lead: str
    share: str  # the button
    questions: Sequence[Question]
    what: str = ""  # it is for, where one chooses what to write
    worded: bool = False  # the words of the post are asked for
    page: str = "write_kind.html"
    more: Sequence[str] = OTHER  # inputs that are no fields

    @property
    def asked(self) -> Sequence[Question]:
        """All its questions."""
        return (*self.questions, *COMMON)


TITLE_LINE = Question(
    "title", N_("Sum it up in one line"), N_("What you would say to a colleague in the corridor."), How.LINE, most=90
)
ABOUT = (
    Question("topics", N_("Topic"), how=How.SELECT),
    Question("settings", N_("Where"), how=How.SELECT),
)
TEASER = Question(
    "teaser", N_("Two sentences for lists"), N_("What it is about, and why one should read on."), How.LINE, most=LINE
)
MENTORING = (
    Question(
        "title", N_("Sum it up in one line"), N_("For example: Mentor wanted for idle cannulas."), How.LINE, most=90
    ),
    Question(
        "details",
        N_("What should they know?"),
        N_("Where you are and what you have tried. No names, and nobody's stories."),
    ),
    Question("level", N_("Who is it for?"), how=How.CHOICE),
    Question("format", N_("How would you meet?"), how=How.CHOICE),
    Question("hours_a_month", N_("Hours a month"), N_("One or two is usually enough."), How.LINE, most=3),
    Question("months", N_("For how many months"), "", How.LINE, most=3),
)
GOAL = Question(
    "goal", N_("To what end?"), N_("What would be different afterwards, if you know it already."), How.LINE, most=200
)
COMMON = (
    Question("evidence", N_("How do you know?"), how=How.SELECT),
    Question("strength", N_("How strong is the remedy?"), N_("The strongest first."), How.SELECT),
    Question("licence", N_("Who may use it"), how=How.SELECT, default=vocabulary.LICENCE),
    Question(
        "review_by", N_("Look at it again by"), N_("After that day it is marked: it may be out of date."), How.DATE
    ),
)
REPLACED = Question(
    "superseded_by",
    N_("A newer post replaces it"),
    N_("The address of that post. Both say so from then on."),
    How.ADDRESS,
    most=ADDRESS,
)
