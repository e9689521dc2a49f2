"""The words for what a search is narrowed down by: facets and their values."""

from __future__ import annotations

from collections.abc import Mapping

from node.texts import N_, _
from node.words import vocabulary

# By what a search is narrowed down: what each facet is called, and its values; without such a table, their ids.
FACETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "kind": (N_("Kind"), {name: one.many for name, one in vocabulary.KINDS.items()}),
    "topic": (N_("Topic"), {}),
    "evidence": (N_("Evidence"), vocabulary.EVIDENCE),
    "setting": (N_("Where in care"), {}),
    "harm": (N_("Harm"), {**vocabulary.HARM, "not-applicable": N_("Nothing happened: a risk, or good care")}),
    "audience": (N_("For whom"), {}),
    "minutes": (
        N_("Takes"),
        {"short": N_("Under 10 minutes"), "medium": N_("10 to 30 minutes"), "long": N_("Over 30 minutes")},
    ),
    "measure": (N_("Measures"), {"yes": N_("Has a measure")}),
    "place": (N_("Place"), {}),
    "language": (N_("Language"), {}),
    "from": (N_("Where from"), {"here": N_("This node")}),
}


def facet(name: str, value: str) -> str:
    """The value of a facet as people write it."""
    if name == "topic":
        return vocabulary.topic(value)
    if name == "language":
        return vocabulary.LANGUAGES.get(value, value)
    table = FACETS[name][1]
    return _(table[value]) if value in table else vocabulary.words(value)
