"""A request as signatures see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What came in."""

    method: str
    target: str  # path and query, as sent
    headers: Mapping[str, Sequence[str]]  # by name in lower case; repeated ones in their order
    body: bytes | None

    def all(self, name: str) -> Sequence[str]:
        """Every value of a header."""
        return self.headers.get(name, ())

    def one(self, name: str) -> str | None:
        """The value of a header that came exactly once."""
        found = self.headers.get(name, ())
        return found[0] if len(found) == 1 else None


def by_name(headers: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """The headers of a ``SignedRequest``; names are in lower case already."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found
