"""Which addresses and ports we may connect to. No I/O.

Others tell us where to fetch from; without this they could make the node ask its own database or its cloud's metadata
service (CWE-918). Public unicast addresses are allowed, and exactly what ``federation.private_peers`` lists.
Sources: the IANA special-purpose address registries (RFC 6890, as of 2025). Python's ``is_global`` is not used: it
changed within 3.11 and knows neither NAT64 nor 6to4 as ways to a private address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from federation.errors import Forbidding

Address = IPv4Address | IPv6Address

PORTS: dict[str, int] = {"https": 443, "http": 80}
UNPRIVILEGED = 1024  # below it only 443 and 80: no mail relay, no SSH
URL_LENGTH = 2048

NOT_PUBLIC_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the node itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by number, but a virtual machine's host in Azure
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is global unicast: ::, ::1, mapped, compatible, NAT64, ULA, link-local, multicast lie outside.
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds an IPv4 address
        "3fff::/20",  # documentation
    )
)

_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
# "1", "127.1", "0x7f.1": inet_aton and browsers read them as IPv4 (https://url.spec.whatwg.org/#ends-in-a-number-checker)
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PLAIN = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~%]+", re.ASCII | re.IGNORECASE)
_DOTTED = re.compile(r"([0-9.]+(?:/[0-9]{1,2})?)(?::([0-9]{1,5}))?")
_BRACKETED = re.compile(r"\[([0-9a-fA-F.]*:[0-9a-fA-F:.]+)\](/[0-9]{1,3})?(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes: what connections are pooled by."""

    scheme: str
    host: str  # lower case; IPv6 without brackets
    port: int

    def __str__(self) -> str:
        """As it is written in a URL: no port where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def literal(self) -> Address | None:
        """The address, when the host is written as one."""
        return _literal(self.host)


@dataclass(frozen=True, slots=True)
class Peer:
    """A private network the operator lets us connect to."""

    network: IPv4Network | IPv6Network
    port: int | None = None  # None: every port

    def __str__(self) -> str:
        if self.port is None:
            return str(self.network)
        if isinstance(self.network, IPv4Network):
            return f"{self.network}:{self.port}"
        return f"[{self.network.network_address}]/{self.network.prefixlen}:{self.port}"


def peer(text: str) -> Peer:
    """An entry of ``private_peers``: "127.0.20.0/24", "127.0.0.1:9101", "[fd00::]/8:443". Raises ValueError."""
    try:
        if match := _BRACKETED.fullmatch(text):
            return _peer(IPv6Network(match[1] + (match[2] or "")), match[3])
        if match := _DOTTED.fullmatch(text):
            return _peer(IPv4Network(match[1]), match[2])
        return Peer(IPv6Network(text))
    except ValueError as error:
        like = '"127.0.20.0/24", "127.0.0.1:9101" or "[fd00::]/8:443"'
        raise ValueError(f"{text!r} is not a network like {like} ({error})") from error


def _peer(network: IPv4Network | IPv6Network, port: str | None) -> Peer:
    if port is not None and not 0 < int(port) < 65536:
        raise ValueError("no such port")
    return Peer(network, None if port is None else int(port))


def public(address: Address) -> bool:
    """Whether an address is one host on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in one for one in NOT_PUBLIC_4)
    return address.scope_id is None and address in PUBLIC_6 and not any(address in one for one in NOT_PUBLIC_6)


def usual(port: int) -> bool:
    """Whether a public server may be asked at this port."""
    return port in (80, 443) or UNPRIVILEGED <= port < 65536


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def spelled(url: str) -> Origin:
    """Where ``url`` leads, whether or not we may go there: the one reading of it.

    Raises Forbidding for what is not plainly spelled: no user, no blanks, no Unicode, no number that is read as an
    address, since two readers of a doubtful URL may see two hosts in it.
    """
    if len(url) > URL_LENGTH or not _PLAIN.fullmatch(url):
        raise Forbidding("not a plain web address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Forbidding("not a plain web address") from error
    if "@" in parts.netloc or "%" in parts.netloc or parts.netloc.endswith(":") or port == 0:
        raise Forbidding("not a plain web address")
    if parts.netloc.startswith("[") and not isinstance(_literal(host), IPv6Address):
        raise Forbidding("not an address")
    return _origin(parts.scheme, host, port)


def _origin(scheme: str, host: str, port: int | None) -> Origin:
    if scheme not in PORTS:
        raise Forbidding(f"{scheme}: is not of the web")
    if (not _NAME.fullmatch(host) or _NUMBER.fullmatch(host)) and _literal(host) is None:
        raise Forbidding("not a host name")
    return Origin(scheme, host, PORTS[scheme] if port is None else port)


class Guard:
    """What the settings allow."""

    def __init__(self, *, insecure_http: bool = False, private_peers: Sequence[str] = ()) -> None:
        """Raises ValueError for an entry of ``private_peers`` that is none."""
        self._schemes = ("https", "http") if insecure_http else ("https",)
        self._peers = tuple(peer(one) for one in private_peers)

    def of_url(self, url: str) -> Origin:
        """Where ``url`` leads, if we may connect there; names are judged by ``chosen`` once they are resolved.

        Raises Forbidding: not plainly spelled, another scheme than ours, or a literal address that is out of bounds.
        """
        return self._allowed(spelled(url))

    def origin(self, scheme: str, host: str, port: int | None) -> Origin:
        """The same for a URL that was taken apart already. Raises Forbidding."""
        return self._allowed(_origin(scheme, host, port))

    def _allowed(self, origin: Origin) -> Origin:
        if origin.scheme not in self._schemes:
            raise Forbidding(f"{origin.scheme}: is not spoken here")
        if origin.literal is not None:
            self.chosen(origin, [origin.host])
        return origin

    def chosen(self, origin: Origin, addresses: Sequence[str]) -> list[Address]:
        """Those of a host's addresses that we may connect to, at this port. Raises Forbidding when there is none."""
        found = [one for one in map(_literal, addresses) if one is not None and self.allows(one, origin.port)]
        if not found:
            raise Forbidding(f"{origin.host}:{origin.port} is not on the public internet, nor among private_peers")
        return found

    def allows(self, address: Address, port: int) -> bool:
        """Whether we may connect to this address and port."""
        if any(one.port in (None, port) and address in one.network for one in self._peers):
            return True
        return usual(port) and public(address)
