"""The host of an inbox: what decides who waits for whom, and whose silence it is."""

from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from federation.documents import reading
from federation.errors import Forbidding
from federation.guard import Guard
from federation.outbox.promise import host_of

OPEN = Guard(insecure_http=True, private_peers=["0.0.0.0/0", "::/0"])

HOSTS = {
    "https://good.test/inbox": "good.test",
    "http://good.test/inbox": "good.test",
    "https://good.test:443/inbox": "good.test",
    "http://good.test:80/inbox": "good.test",
    "https://good.test:0443/inbox": "good.test",
    "https://good.test:80/inbox": "good.test:80",
    "http://good.test:443/inbox": "good.test:443",
    "https://good.test:8443/inbox": "good.test:8443",
    "https://GOOD.Test/Inbox": "good.test",
    "HTTPS://good.test": "good.test",
    "https://xn--mnchen-3ya.test/inbox": "xn--mnchen-3ya.test",
    "https://good.test/inbox#x": "good.test",
    "https://good.test#@evil.test/inbox": "good.test",
    "https://good.test?@evil.test/inbox": "good.test",
    "https://good.test/@evil.test:99/inbox": "good.test",
    "https://192.0.2.7/inbox": "192.0.2.7",
    "https://[2606:4700::1111]/inbox": "[2606:4700::1111]",
    "https://[2606:4700::1111]:8443/inbox": "[2606:4700::1111]:8443",
    "https://[2606:4700::AB]:443/inbox": "[2606:4700::ab]",
}  # fmt: skip


@pytest.mark.parametrize("url", HOSTS)
def test_the_host_of_an_inbox(url: str) -> None:
    assert host_of(url) == HOSTS[url]


NONE = {
    "nothing": "",
    "no scheme": "good.test/inbox",
    "relative": "//good.test/inbox",
    "file": "file:///etc/passwd",
    "ftp": "ftp://good.test/inbox",
    "javascript": "javascript:alert(1)",
    "another scheme with http in it": "xhttps://good.test/inbox",
    "no host": "https:///inbox",
    "only a port": "https://:443/inbox",
    "user": "https://good.test@evil.test/inbox",
    "user and password": "https://a:b@good.test/inbox",
    "user and backslash": "https://good.test\\@evil.test/inbox",
    "backslash": "https://good.test\\inbox",
    "empty port": "https://good.test:/inbox",
    "port 0": "https://good.test:0/inbox",
    "port 65536": "https://good.test:65536/inbox",
    "negative port": "https://good.test:-1/inbox",
    "port of letters": "https://good.test:x/inbox",
    "port in other digits": "https://good.test:٤٤٣/inbox",
    "IPv6 that does not end": "https://[2606:4700::1111/inbox",
    "IPv6 without brackets": "https://2606:4700::1111/inbox",
    "IPv4 in brackets": "https://[192.0.2.7]/inbox",
    "IPv6 with a zone": "https://[fe80::1%25eth0]/inbox",
    "IPvFuture": "https://[v1.x]/inbox",
    "number": "https://3221225991/inbox",
    "hex": "https://0xc0000207/inbox",
    "short IPv4": "https://127.1/inbox",
    "Unicode host": "https://münchen.test/inbox",
    "fullwidth dot": "https://good\uff0etest/inbox",
    "sharp s": "https://faß.test/inbox",
    "escaped host": "https://good%2Etest/inbox",
    "trailing dot": "https://good.test./inbox",
    "two dots": "https://good..test/inbox",
    "blank before": " https://good.test/inbox",
    "line break in the host": "https://go\nod.test/inbox",
    "tab in the scheme": "ht\ttps://good.test/inbox",
    "blank in the path": "https://good.test/in box",
    "NUL": "https://good.test/\x00",
    "Unicode path": "https://good.test/\u00fc",
    "long label": f"https://{'a' * 64}.test/inbox",
    "long name": f"https://{'a.' * 127}test/inbox",
    "huge": "https://good.test/" + "x" * 1_000_000,
    "many brackets": "https://" + "[" * 1000 + "good.test/inbox",
}  # fmt: skip


@pytest.mark.parametrize("url", NONE.values(), ids=NONE)
def test_what_is_no_inbox_has_no_host(url: str) -> None:
    assert host_of(url) == ""


def pieces() -> st.SearchStrategy[str]:
    """URLs and what is nearly one."""
    part = st.sampled_from(
        [
            *("https", "http", "HTTP", "://", ":", "/", "//", "@", "#", "?", "\\", "[", "]", "%", "%40", ".", ".."),
            *("443", "80", "0", "65536", "good.test", "EVIL.test", "::1", "2606:4700::1111", "127.1", "0x7f", "ß"),
            *("\uff0e", "。", " ", "\t", "\n", "\x00", "inbox", "user", "-", "_", "xn--"),
        ]
    )
    return st.lists(part | st.text(max_size=3), max_size=9).map("".join).map(lambda rest: f"https://{rest}") | st.lists(
        part, max_size=9
    ).map("".join)


@given(pieces())
@example("https://good.test:/inbox")
@example("https://user@good.test/inbox")
def test_what_has_a_host_is_what_the_client_can_post_to(url: str) -> None:
    try:
        origin = OPEN.of_url(url)
    except Forbidding:
        assert host_of(url) == ""
    else:
        assert host_of(url) == str(origin) != ""


@given(pieces())
def test_the_host_of_an_inbox_names_the_same_place_as_the_inbox(url: str) -> None:
    host = host_of(url)

    if host:
        there = OPEN.of_url(url)
        assert host == host.lower()
        assert OPEN.of_url(f"{there.scheme}://{host}/inbox") == there


@given(st.integers(0, 2**128 - 1).map(IPv6Address), st.integers(1, 65535))
def test_an_address_and_its_port_are_told_apart(address: IPv6Address, port: int) -> None:
    assert host_of(f"https://[{address}]:{port}/inbox") == (f"[{address}]" if port == 443 else f"[{address}]:{port}")


@given(st.from_regex(r"https?://([a-z0-9-]{1,20}\.){1,3}[a-z]{2,10}(:[1-9][0-9]{0,3})?/[a-z]{0,9}", fullmatch=True))
def test_an_inbox_that_was_let_in_keeps_the_origin_it_was_let_in_with(url: str) -> None:
    host = host_of(url)

    assert reading.web(url)
    if host:  # names that begin or end with a hyphen are no hosts
        scheme, _, rest = url.partition("://")
        written = rest.partition("/")[0]
        usual = {"https": ":443", "http": ":80"}[scheme]
        assert written in (host, host + usual)
