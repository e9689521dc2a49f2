from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Forbidding
from federation.guard import NOT_PUBLIC_4, NOT_PUBLIC_6, Guard, Peer, peer, public

OPEN = Guard(insecure_http=True)

# What the special ranges are for, spelled out apart from the code: https://www.iana.org/assignments/iana-ipv4-special-registry
SPECIAL = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"),
    *("240.0.0.0/4", "::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64"),
    *("2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20"),
    *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
]
PRIVATE_4 = [IPv4Network(one) for one in SPECIAL if ":" not in one]


def networks() -> st.SearchStrategy[IPv4Network | IPv6Network]:
    return st.sampled_from([IPv6Network(one) if ":" in one else IPv4Network(one) for one in SPECIAL])


def within(network: IPv4Network | IPv6Network) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    first, last = int(network[0]), int(network[-1])
    return st.integers(first, last).map(type(network[0]))


def spellings(network: IPv4Network) -> st.SearchStrategy[str]:
    """What inet_aton, browsers, resolvers or sloppy parsers take for an address of the network."""
    return st.integers(int(network[0]), int(network[-1])).map(IPv4Address).flatmap(spelled)


def spelled(address: IPv4Address) -> st.SearchStrategy[str]:
    number, parts = int(address), [int(one) for one in str(address).split(".")]
    a, b, c, d = parts
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return st.sampled_from(
        [
            str(address),
            str(number),
            hex(number),
            f"{number:011o}",
            ".".join(f"{one:#x}" for one in parts),
            ".".join(f"{one:04o}" for one in parts),
            f"{a}.{number & 0xFFFFFF}",
            f"{a}.{b}.{c << 8 | d}",
            f"{address}.",
            str(address).translate(wide),
            str(address).replace(".", "。"),
            f"[::ffff:{address}]",
            f"[::{address}]",
            f"[64:ff9b::{address}]",
            f"[64:ff9b:1::{address}]",
            f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
            f"[2001:0:{number >> 16:x}:{number & 0xFFFF:x}::1]",
            f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        ]
    )


@given(networks().flatmap(within), st.sampled_from([80, 443, 8080]))
def test_no_address_of_a_special_range_is_connected_to(address: IPv4Address | IPv6Address, port: int) -> None:
    assert not OPEN.allows(address, port)


@given(st.sampled_from(PRIVATE_4).flatmap(spellings), st.sampled_from(["", ":80", ":8080"]))
def test_no_spelling_of_a_special_address_is_connected_to(host: str, port: str) -> None:
    with pytest.raises(Forbidding):
        OPEN.of_url(f"http://{host}{port}/actor")


@given(networks().flatmap(within))
def test_no_special_address_is_chosen_after_a_name_was_resolved(address: IPv4Address | IPv6Address) -> None:
    origin = OPEN.of_url("https://peer.example/")

    with pytest.raises(Forbidding):
        OPEN.chosen(origin, [str(address)])


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "126.255.255.255", "172.32.0.1", "2606:4700::1111"])
def test_public_addresses_are_connected_to(address: str) -> None:
    assert public(ip_address(address))


def test_our_ranges_hold_no_more_than_the_special_ones_and_the_noted_few() -> None:
    known = {*SPECIAL, "168.63.129.16/32", "192.88.99.0/24", "2001::/23"}

    assert {str(one) for one in (*NOT_PUBLIC_4, *NOT_PUBLIC_6)} <= known


def test_an_address_with_a_zone_is_not_public() -> None:
    assert not public(ip_address("2606:4700::1111%eth0"))


@pytest.mark.parametrize(
    "url",
    [
        "https://user@peer.example/",
        "https://user:word@peer.example/",
        "https://peer.example@127.0.0.1/",
        "https://peer.example./",
        "https://peer.example:/",
        "https://peer.example:0/",
        "https://peer.example:65536/",
        "https://peer..example/",
        "https://-peer.example/",
        "https://peer.example\\@127.0.0.1/",
        "https://peer.example\t/",
        "https://peer.example/ x",
        "https://peer.example/\r\nHost: other",
        "https://p\u00e9er.example/",
        "https://peer\u3002example/",
        "http\u017f://peer.example/",
        "https://%70eer.example/",
        "https:///actor",
        "https://",
        "https:peer.example",
        "//peer.example/",
        "https://[peer.example]/",
        "https://[127.0.0.1]/",
        "https://[v1.127]/",
        "https://peer.example.0x7f/",
        "https://1.2.3.4.5/",
        "https://" + "a" * 64 + ".example/",
        "https://peer.example/" + "a" * 2048,
    ],
)
def test_what_is_not_plainly_spelled_is_not_asked(url: str) -> None:
    with pytest.raises(Forbidding):
        guard = Guard()
        guard.chosen(guard.of_url(url), ["1.1.1.1"])


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://peer.example/", "ftp://peer.example/", "data:,x", "ws://a.b/"]
)
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(Forbidding):
        OPEN.of_url(url)


def test_http_is_spoken_only_where_the_operator_allows_it() -> None:
    assert OPEN.of_url("http://peer.example/").port == 80
    with pytest.raises(Forbidding):
        Guard().of_url("http://peer.example/")


def test_the_spelling_of_scheme_and_host_does_not_matter() -> None:
    assert Guard().of_url("HTTPS://Peer.Example/x") == Guard().of_url("https://peer.example:443/y")


@pytest.mark.parametrize("port", [21, 22, 25, 53, 110, 143, 465, 587, 993, 1023])
def test_a_privileged_port_of_a_public_address_is_refused(port: int) -> None:
    assert not Guard().allows(ip_address("1.1.1.1"), port)


@pytest.mark.parametrize("port", [443, 80, 1024, 8443, 65535])
def test_the_ports_of_public_servers_are_allowed(port: int) -> None:
    assert Guard().allows(ip_address("1.1.1.1"), port)


@pytest.mark.parametrize(
    ("entry", "address", "port", "allowed"),
    [
        ("127.0.20.0/24", "127.0.20.9", 80, True),
        ("127.0.20.0/24", "127.0.20.9", 22, True),
        ("127.0.20.0/24", "127.0.21.9", 80, False),
        ("127.0.20.0/24:80", "127.0.20.9", 80, True),
        ("127.0.20.0/24:80", "127.0.20.9", 81, False),
        ("127.0.0.1:9101", "127.0.0.1", 9101, True),
        ("127.0.0.1:9101", "127.0.0.1", 9102, False),
        ("127.0.0.1:9101", "127.0.0.2", 9101, False),
        ("10.1.2.3", "10.1.2.3", 5000, True),
        ("[fd00::]/8:443", "fd12::1", 443, True),
        ("[fd00::]/8:443", "fd12::1", 80, False),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]", "::1", 8000, True),
        ("fd00::/8", "fd12::1", 8000, True),
        ("127.0.0.0/8", "::ffff:127.0.0.1", 80, False),
        ("0.0.0.0/0", "::1", 80, False),
    ],
)
def test_private_peers_allow_what_they_list_and_nothing_else(
    entry: str, address: str, port: int, allowed: bool
) -> None:
    assert Guard(private_peers=[entry]).allows(ip_address(address), port) is allowed


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "localhost",
        "peer.example:80",
        "127.0.20.1/24",
        "127.0.20.0/33",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:http",
        "127.0.0.1:",
        "127.1",
        "[::1",
        "[127.0.0.1]:80",
        "fd00::/8:443x",
        " 127.0.0.1",
    ],
)
def test_a_wrong_entry_of_private_peers_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="is not a network like") as raised:
        Guard(private_peers=[entry])
    assert repr(entry) in str(raised.value)


def peers() -> st.SearchStrategy[Peer]:
    four = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
        lambda pair: IPv4Network((pair[0] >> (32 - pair[1]) << (32 - pair[1]), pair[1]))
    )
    six = st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128)).map(
        lambda pair: IPv6Network((pair[0] >> (128 - pair[1]) << (128 - pair[1]), pair[1]))
    )
    return st.builds(Peer, st.one_of(four, six), st.one_of(st.none(), st.integers(1, 65535)))


@given(peers())
def test_private_peers_are_read_as_they_are_written(entry: Peer) -> None:
    assert peer(str(entry)) == entry


@given(st.text(max_size=40))
def test_any_text_is_a_private_peer_or_a_value_error(text: str) -> None:
    try:
        peer(text)
    except ValueError as error:
        assert "is not a network like" in str(error)


@given(st.text(max_size=60))
def test_any_text_after_the_scheme_is_a_place_or_forbidden(text: str) -> None:
    try:
        origin = OPEN.of_url(f"http://{text}")
    except Forbidding:
        return
    assert origin.host in text.lower()
