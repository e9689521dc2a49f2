"""Peers: other servers, how we deal with them, and which signatures they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Row, Writing, listed


class Policy(StrEnum):
    """How we deal with a server."""

    OPEN = ""
    SILENCED = "silenced"  # shown to those who follow its people, not in public lists
    ALLIED = "allied"  # what its guardians read and released is shown here without being read again
    SUSPENDED = "suspended"  # nothing is taken from it, sent to it or fetched from it


@dataclass(frozen=True, slots=True)
class Peer:
    """One other server."""

    host: str
    policy: Policy
    reason: str
    signatures: str  # "", cavage, rfc9421
    first_seen: int
    last_seen: int


def _peer(row: Row) -> Peer:
    host, policy, reason, signatures, first_seen, last_seen = row
    return Peer(host, Policy(policy), reason, signatures, first_seen, last_seen)


async def by_host(db: Reading, host: str) -> Peer | None:
    """What we know of a server."""
    row = await db.row(
        "SELECT host, policy, reason, signatures, first_seen, last_seen FROM peers WHERE host = :host", host=host
    )
    return None if row is None else _peer(row)


async def policies(db: Reading) -> dict[str, Policy]:
    """Every server from which less is taken than from any other; few."""
    rows = await db.rows("SELECT host, policy FROM peers WHERE policy IN ('silenced', 'suspended')")
    return {row["host"]: Policy(row["policy"]) for row in rows}


async def allied(db: Reading, host: str) -> bool:
    """Whether we rely on the guardians of a server; of exactly this one, by its name and port."""
    row = await db.row("SELECT 1 AS one FROM peers WHERE host = :host AND policy = 'allied'", host=host)
    return row is not None


async def see(db: Writing, host: str, *, now: int) -> None:
    """Say that a server was alive at ``now``."""
    await db.run(
        """
        INSERT INTO peers (host, first_seen, last_seen) VALUES (:host, :now, :now)
        ON CONFLICT (host) DO UPDATE SET last_seen = excluded.last_seen
        """,
        host=host,
        now=now,
    )


async def takes(db: Writing, host: str, signatures: str, *, now: int) -> None:
    """Remember which signatures a server takes."""
    await db.run(
        """
        INSERT INTO peers (host, signatures, first_seen, last_seen) VALUES (:host, :signatures, :now, :now)
        ON CONFLICT (host) DO UPDATE SET signatures = excluded.signatures
        """,
        host=host,
        signatures=signatures,
        now=now,
    )


async def forms(db: Reading, hosts: Sequence[str]) -> dict[str, str]:
    """The signatures that those of ``hosts`` take of which we know it."""
    rows = await db.rows(
        "SELECT host, signatures FROM peers WHERE signatures <> '' AND host IN (SELECT value FROM json_each(:hosts))",
        hosts=listed(hosts),
    )
    return {row["host"]: row["signatures"] for row in rows}


async def decide(db: Writing, host: str, policy: Policy, *, reason: str, now: int) -> None:
    """Keep how we deal with a server."""
    await db.run(
        """
        INSERT INTO peers (host, policy, reason, first_seen, last_seen) VALUES (:host, :policy, :reason, :now, :now)
        ON CONFLICT (host) DO UPDATE SET policy = excluded.policy, reason = excluded.reason
        """,
        host=host,
        policy=policy.value,
        reason=reason,
        now=now,
    )


async def hosts(db: Reading, *, after: str, limit: int) -> list[Peer]:
    """Servers in the order of their names."""
    rows = await db.rows(
        """
        SELECT host, policy, reason, signatures, first_seen, last_seen FROM peers
        WHERE host > :after ORDER BY host LIMIT :limit
        """,
        after=after,
        limit=limit,
    )
    return [_peer(row) for row in rows]


async def count(db: Reading) -> int:
    """How many servers we know."""
    row = await db.row("SELECT COUNT(*) AS n FROM peers")
    return 0 if row is None else row["n"]
