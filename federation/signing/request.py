"""A request as signatures see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What came in; headers keep their order and repetitions."""

    method: str
    target: str  # path and query, as sent
    headers: Sequence[tuple[str, str]]  # names in lower case
    body: bytes | None

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str | None:
        """The value of a header that came exactly once."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None
