"""Fields that name other posts by their AS2 ids. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.shapes.rules import MANY, Address, WrongField

ADDRESS = re.compile(r"https?://[!-~]{1,2000}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Ids of other posts."""

    def strict(self, name: str, value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list | tuple) else [value]
        if len(given) > MANY:
            raise WrongField(name, f"At most {MANY}.")
        return tuple(dict.fromkeys(found for one in given if (found := Address().strict(name, one))))

    def lenient(self, name: str, value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list | tuple) else [value]
        ids = [one.get("id", one.get("@id")) if isinstance(one, Mapping) else one for one in given[:MANY]]
        return tuple(dict.fromkeys(one for one in ids if isinstance(one, str) and ADDRESS.fullmatch(one)))
