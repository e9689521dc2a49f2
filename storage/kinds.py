"""Kinds of posts, and the records and vocabularies of the structured ones. No SQL."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing is shared."""

    PLAIN = "plain"
    SAFETY_NOTE = "safety-note"
    IDEA = "idea"
    CASE_STUDY = "case-study"
    RESOURCE = "resource"
    ALERT_SIGNPOST = "alert-signpost"
    QUESTION = "question"
    CONSULTATION = "consultation"
    EVENT = "event"
    BLOG = "blog"
    VIDEO = "video"
    THANKS = "thanks"
    MENTORING_OFFER = "mentoring-offer"
    MENTORING_REQUEST = "mentoring-request"
    SPREAD = "spread"
    MEASURE = "measure"
