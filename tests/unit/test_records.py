"""Records made quickly are as the dataclasses they were, except that nothing stops who changes one."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import asdict, dataclass, field, replace

import pytest

from storage.records import quick


@dataclass(frozen=True, slots=True)
class Plain:
    """A ward."""

    name: str
    beds: int = 12
    teams: list[str] = field(default_factory=list)
    site: str = field(kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """A ward."""

    name: str
    beds: int = 12
    teams: list[str] = field(default_factory=list)
    site: str = field(kw_only=True)


def shape(record: type) -> list[tuple[str, object, object]]:
    """The arguments it is made of."""
    return [(one.name, one.kind, one.default) for one in inspect.signature(record).parameters.values()]


def test_it_is_made_of_the_same_arguments() -> None:
    assert shape(Quick) == shape(Plain)
    assert asdict(Quick("Heron", site="Northmoor")) == asdict(Plain("Heron", site="Northmoor"))
    assert repr(Quick("Heron", 8, site="Northmoor")) == repr(Plain("Heron", 8, site="Northmoor")).replace(
        "Plain", "Quick"
    )


@pytest.mark.parametrize("record", [Plain, Quick])
def test_each_has_a_list_of_its_own(record: type[Plain]) -> None:
    first, second = record("Heron", site="Northmoor"), record("Heron", site="Northmoor")
    first.teams.append("falls")

    assert second.teams == []
    assert first != second


def test_what_is_missing_or_in_a_wrong_place_is_an_error() -> None:
    with pytest.raises(TypeError):
        Quick(site="Northmoor")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick("Heron", 12, [], "Northmoor")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Quick("Heron", site="Northmoor").floor = 2  # type: ignore[attr-defined]


def test_it_is_compared_copied_and_changed_as_a_record() -> None:
    one = Quick("Heron", site="Northmoor")

    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert replace(one, beds=8) == Quick("Heron", 8, site="Northmoor") != one


def test_equal_ones_are_one_in_a_set() -> None:
    @quick
    @dataclass(frozen=True, slots=True)
    class Place:
        name: str
        floor: int

    assert len({Place("Heron", 1), Place("Heron", 1), Place("Heron", 2)}) == 2


@dataclass(frozen=True, slots=True)
class Looks:
    """It looks at itself once made."""

    name: str

    def __post_init__(self) -> None:
        """Would not be asked."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Not all of it is given."""

    name: str
    length: int = field(init=False)


@pytest.mark.parametrize("record", [Looks, Counts])
def test_one_that_needs_more_than_its_arguments_is_refused(record: type) -> None:
    with pytest.raises(TypeError, match=f"{record.__name__} is not made of its arguments alone"):
        quick(record)
