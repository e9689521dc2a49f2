"""What can go wrong with another server. Each class says whose fault it is and what happens next."""

from __future__ import annotations


class FederationError(Exception):
    """Anything another server did or failed to do."""


class Refused(FederationError):
    """The peer sent what we will never take (bad shape, not theirs to say): answer 4xx, do not retry."""

    status = 400


class Unsigned(Refused):
    """No signature, or one that proves nothing: answer 401."""

    status = 401


class Forbidden(Refused):
    """Signed, but not theirs to say, or from a host we do not talk to: answer 403."""

    status = 403


class Gone(Refused):
    """The peer says that it was there and is no more (404, 410): forget it."""

    status = 404


class Unreachable(FederationError):
    """The peer did not answer, or answered 5xx: try again later, see ``outbox.deliver``."""


class Paused(Unreachable):
    """The peer has too much to do: try again, not before ``after`` milliseconds are over."""

    def __init__(self, message: str, *, after: int) -> None:
        super().__init__(message)
        self.after = after


class Forbidding(Unreachable):
    """Our own guard did not let us connect there: private or special address, wrong scheme, wrong port."""
