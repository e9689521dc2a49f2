"""Which servers we do not talk to. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from storage.peers import Policy


def suspended(policies: Mapping[str, Policy], host: str) -> bool:
    """Whether ``host`` (host[:port], lower case) or a domain above it is suspended."""
    if not policies:
        return False
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if policies.get(host) is Policy.SUSPENDED:
        return True
    parts = name.split(".")
    return any(policies.get(".".join(parts[start:])) is Policy.SUSPENDED for start in range(len(parts)))
