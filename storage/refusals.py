"""What PostgreSQL's and asyncpg's errors mean to us: one table.

An error that is not in it (a broken constraint, a wrong query) is a bug or the caller's own business and stays as it
is. https://www.postgresql.org/docs/15/errcodes-appendix.html
"""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from storage.database import Busy, Unavailable, Unknown, Unreached

# All that asyncpg raises. InternalClientError and its kinds are not PostgresErrors; TimeoutError is an OSError.
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
OURS = (asyncpg.DataError, asyncpg.ClientConfigurationError)  # a wrong value, a wrong URL

Refusal = type[Busy] | type[Unavailable]

# The most exact entry counts: a whole SQLSTATE, else its class (the first two characters).
SQLSTATES: Mapping[str, Refusal] = {
    "40001": Busy,  # serialisation failed
    "40P01": Busy,  # deadlock
    "55P03": Busy,  # a lock was not free within lock_timeout
    "08": Unreached,  # connection refused, broken
    "25006": Unreached,  # the server takes no writes (any more)
    "25P03": Unreached,  # idle in a transaction for too long: the server hung up
    "53": Unavailable,  # resources: 53100 disk full, 53200 memory
    "53300": Unreached,  # no connection left
    "57": Unavailable,  # intervention: cancelled, database dropped
    "57P01": Unreached,  # the server stops
    "57P02": Unreached,  # the server crashed
    "57P03": Unreached,  # the server starts
    "57P05": Unreached,  # idle for too long: the server hung up
    "58": Unavailable,  # input and output of the server's own
    "28": Unavailable,  # who we are is not accepted
    "3D": Unavailable,  # no such database
}
# In answer to COMMIT these leave open whether it is kept: the server may say them after it kept everything.
OPEN = frozenset({"57P01", "57P02", "57P05", "57014"})


def refusal(error: Exception, *, closed: bool, committing: bool = False) -> Refusal | None:
    """What ``error`` is to us; None: it stays what it is.

    ``closed``: the connection is gone. ``committing``: it came in place of COMMIT's answer.
    """
    if isinstance(error, asyncpg.PostgresError):
        return _said(error, committing=committing)
    if isinstance(error, OURS):
        return None
    if committing:
        return Unknown
    if isinstance(error, TimeoutError) and not closed:
        return Unavailable  # the statement took too long; again it would take as long
    if closed or isinstance(error, OSError | asyncpg.InternalClientError):
        return Unreached
    return None  # asyncpg was used wrongly


def _said(error: asyncpg.PostgresError, *, committing: bool) -> Refusal | None:
    """What the server said."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return Busy  # another process migrated meanwhile; the next try prepares the statement again
    code = str(error.sqlstate or "")
    if committing and (code in OPEN or code.startswith("08")):
        return Unknown
    return SQLSTATES.get(code) or SQLSTATES.get(code[:2])
