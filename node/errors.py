"""What a member can be told went wrong, and the one table that says which HTTP status that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.errors import Refused, Unreachable
from storage.database import Busy, Missing, Unavailable


class Invalid(ValueError):
    """The member's input cannot be used; the message is shown to them. ``field`` names the form's field, if one."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a form."""

    field: str
    code: str  # as the Mastodon API names it: ERR_TAKEN, ERR_BLANK, …
    text: str  # for who fills in the form


class Problems(Invalid):
    """Fields of a form that cannot be used."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(" ".join(one.text for one in found), field=found[0].field)
        self.found = found


class Unauthenticated(Exception):
    """No valid token or session came with the request."""


class NotAllowed(Exception):
    """Signed in, but this is not theirs to do; the message is shown to them."""


class Unconfirmed(NotAllowed):
    """Their password is right, and nobody has shown yet that the address is theirs."""


class Leaving(NotAllowed):
    """Their password is right, and their account is about to be deleted; ``token`` is the end of a link to keep it."""

    def __init__(self, message: str, token: str) -> None:
        super().__init__(message)
        self.token = token


class Gone(Missing):
    """It was here, and was taken back by who shared it."""


class Hidden(Missing):
    """It is here, and nobody but guardians may see it until they decided."""


class TooMany(Exception):
    """Too many tries; ``after`` is seconds until the next may succeed."""

    def __init__(self, after: int) -> None:
        super().__init__(after)
        self.after = after


class TooLarge(Exception):
    """More was sent than is taken; nothing of it was kept."""


STATUS: Mapping[type[Exception], int] = {
    Invalid: 422,
    Gone: 410,
    Missing: 404,
    Unauthenticated: 401,
    NotAllowed: 403,
    TooLarge: 413,
    TooMany: 429,
    Busy: 503,
    Unavailable: 503,
    Refused: 422,
    Unreachable: 503,
}
