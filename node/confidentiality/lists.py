"""Vocabularies written as text."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def in_order(text: str) -> list[str]:
    """The words of a text, in its order."""
    return text.split()
