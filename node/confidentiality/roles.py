"""Words that make a colleague, an author or a namesake of who is named beside them."""

from __future__ import annotations

from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.words import STAFF

ROLES = listed(
    """
    consultant surgeon nurse sister matron registrar doctor team lead porter clerk manager director pharmacist
    physio chair professor prof author book paper report inquiry review lecture keynote talk speaker chapter study
    editor research trainer facilitator host foundation trust college university secretary minister chaplain
    volunteer ward says writes wrote argues published blog podcast webinar theory model scale score syndrome disease
    law rule charter
    """
)

SURGICAL = listed(
    """
    ortho consultant surgeon registrar orthopaedic surgical clinic theatre list anaesthetist obstetrician urologist
    colorectal ent gynaecologist ophthalmologist operating
    """
)  # a surgeon is a Mr


def is_colleague(read: Passage, first: int, last: int) -> bool:
    """Whether a role stands beside a name."""
    around = read.about(first, first, before=2, after=0) | read.about(last, last, before=0, after=3)
    return bool(around & STAFF) or read.near(first, last, ROLES, before=3, after=3)
