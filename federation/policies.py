"""Which servers we do not talk to. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from storage.peers import Policy


def names(host: str) -> list[str]:
    """What a policy for ``host`` (host[:port], lower case) may stand under: itself, its name, the domains above."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    parts = name.split(".")
    return list(dict.fromkeys([host, *(".".join(parts[start:]) for start in range(len(parts)))]))


def suspended(policies: Mapping[str, Policy], host: str) -> bool:
    """Whether ``host`` (host[:port], lower case) or a domain above it is suspended."""
    return bool(policies) and any(policies.get(one) is Policy.SUSPENDED for one in names(host))
