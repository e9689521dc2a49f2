"""The settings: complete, checked at the start, and shown as they are in config.example.toml."""

from __future__ import annotations

import string
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.config import LATER, SECTIONS, Config, ConfigError, load, parse
from node.operating.template import template
from tests.house.tree import ROOT

EXAMPLE = ROOT / "config.example.toml"
SAFE = {
    "domain": "northmoor.example",
    "base_url": "https://northmoor.example",
    "safety.fan_out_delay": 60,
    "safety.hold_first_posts": 5,
}
NAMES = {one.name for one in fields(Config)} | {path.partition(".")[0] for path in LATER}


def test_the_example_shows_every_option_as_the_code_has_it() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == template(SAFE)


def test_the_example_is_a_configuration() -> None:
    assert load(EXAMPLE).domain == "northmoor.example"


def test_an_option_that_is_commented_out_shows_its_default() -> None:
    shown = tomllib.loads(template(SAFE).replace("\n#", "\n").replace("\n ", "\n# "))

    assert parse(shown) == parse(
        {"domain": "northmoor.example", "safety": {"fan_out_delay": 60, "hold_first_posts": 5}}
    )


def test_a_configuration_that_names_one_key_is_complete() -> None:
    config = parse({"domain": "ward.example"}, folder=Path("/srv/sharewell"))

    assert (config.base_url, config.address, config.data) == (
        "https://ward.example",
        ("127.0.0.1", 8000),
        "/srv/sharewell/data",
    )


def test_the_contract_as_it_is_documented_is_a_configuration() -> None:
    documented = """
        domain = "northmoor.example"
        base_url = "https://northmoor.example"
        listen = "127.0.0.1:8000"
        data = "data"
        database = ""
        metrics_listen = ""
        [federation]
        insecure_http = false
        private_peers = ["127.0.20.0/24", "127.0.20.0/24:80", "127.0.0.1:9101"]
        ca_file = ""
        [limits]
        rate = true
        [safety]
        fan_out_delay = 0
        hold_first_posts = 0
        [proxy]
        trusted = []
        outgoing = ""
        [cluster]
        [mail]
        [media]
        """

    assert parse(tomllib.loads(documented)).federation.private_peers[2] == "127.0.0.1:9101"


@given(name=st.text(string.ascii_lowercase + "_", min_size=1), section=st.sampled_from(["", *SECTIONS]))
def test_an_unknown_key_stops_the_start_and_is_named(name: str, section: str) -> None:
    path = f"{section}.{name}" if section else name
    known = NAMES if not section else {one.name for one in fields(SECTIONS[section])}
    if name in known or path in LATER:
        return
    table: dict[str, Any] = {"domain": "ward.example", **({section: {name: 1}} if section else {name: 1})}

    with pytest.raises(ConfigError, match=rf"unknown option {path}$"):
        parse(table)


@pytest.mark.parametrize("path", LATER)
def test_what_is_documented_and_not_built_is_refused_by_its_name(path: str) -> None:
    section, dot, name = path.rpartition(".")
    wanted = f"{LATER[path]}1"

    with pytest.raises(ConfigError, match=rf"^{path} is not built yet"):
        parse({"domain": "ward.example", **({section: {name: wanted}} if dot else {name: wanted})})


@pytest.mark.parametrize("path", LATER)
def test_saying_that_what_is_not_built_is_not_wanted_is_fine(path: str) -> None:
    section, dot, name = path.rpartition(".")

    parse({"domain": "ward.example", **({section: {name: LATER[path]}} if dot else {name: LATER[path]})})


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("", "domain is missing"),
        ("domain = 1", "domain must be a text, not 1"),
        ("domain = ''", "domain must be a lower-case host name"),
        ("domain = 'Ward.example'", "domain must be a lower-case host name"),
        ("domain = 'https://ward.example'", "domain must be a lower-case host name"),
        ("domain = 'a..example'", "domain must be a lower-case host name"),
        ("base_url = 'ftp://a.example'", "base_url must be like https://northmoor.example"),
        ("base_url = 'https://a.example/node'", "base_url must be like https://northmoor.example"),
        ("base_url = 'https://a.example?x=1'", "base_url must be like https://northmoor.example"),
        ("base_url = 'https://me:pw@a.example'", "base_url must not hold a password"),
        ("base_url = 'https://a.example:99999'", "base_url must be like https://northmoor.example"),
        ("base_url = 'http://a.example'", "set federation.insecure_http = true"),
        ("listen = '8000'", "listen must be host:port"),
        ("listen = '127.0.0.1:99999'", "listen must be host:port"),
        ("database = 'mysql://x'", "database must be empty (SQLite) or a postgresql:// URL"),
        ("data = true", "data must be a text"),
        ("federation = 1", "federation must be a table"),
        ("[federation]\ninsecure_http = 1", "federation.insecure_http must be true or false"),
        ("[federation]\nprivate_peers = '10.0.0.0/8'", "federation.private_peers must be a list of texts"),
        ("[federation]\nprivate_peers = ['10.0.0.0/99']", "federation.private_peers: '10.0.0.0/99' is not a network"),
        ("[federation]\nca_file = 'nowhere.pem'", "federation.ca_file: there is no file"),
        ("[about]\nreport_harm = ['']", "about.report_harm must be lines of 1 to 300 characters"),
        ("[safety]\nfan_out_delay = true", "safety.fan_out_delay must be a whole number"),
        ("[safety]\nfan_out_delay = -1", "safety.fan_out_delay must be 0 or more"),
        ("[mail]\nhost = 'a b'", "mail.host must be the name or address of a relay"),
        ("[mail]\nhost = 'r.example'\nport = 0", "mail.host must be the name or address of a relay"),
        ("[mail]\nhost = 'r.example'\ntls = 'perhaps'", "mail.tls must be starttls, tls, none, not 'perhaps'"),
        ("[mail]\nhost = 'r.example'", "mail.sender must be an e-mail address"),
        ("[mail]\nhost = 'r.example'\nsender = 'a@b.example, c@d.example'", "mail.sender must be an e-mail address"),
        ("[mail]\npassword_file = 'nowhere'", "mail.password_file: cannot read"),
        ("[registration]\nmode = 'all'", "registration.mode must be closed, invitation, approval, open, not 'all'"),
        ("[media]\nsize_limit = 0", "media.size_limit must be 1 or more"),
        ("[proxy]\ntrusted = ['the gateway']", "proxy.trusted must be addresses or networks"),
        ("[proxy]\noutgoing = 'proxy.example'", "proxy.outgoing must be like http://proxy.example:3128"),
        ("[proxy]\noutgoing = 'http://proxy.example'", "proxy.outgoing must be like http://proxy.example:3128"),
        ("[cluster]\nroles = ['streaming']", "cluster.roles may be web and worker in this version"),
        ("[cluster]\nprocesses = 0", "cluster.processes must be 1 or more"),
        ("[cluster]\nprocesses = 2", "cluster.processes = 2 needs PostgreSQL (database): SQLite allows only 1"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_named(toml: str, says: str) -> None:
    table = tomllib.loads(toml)

    with pytest.raises(ConfigError) as stopped:
        parse({"domain": "ward.example", **table} if toml and "domain" not in table else table)

    assert says in str(stopped.value)
    assert "\n" not in str(stopped.value)


@given(st.text(max_size=200))
def test_whatever_a_file_holds_it_is_a_configuration_or_says_what_is_wrong(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    try:
        parse(table)
    except ConfigError as error:
        assert str(error)


def test_domain_and_base_url_may_carry_a_port() -> None:
    config = parse(
        {"domain": "localhost:8001", "base_url": "http://LOCALHOST:8001/", "federation": {"insecure_http": True}}
    )

    assert (config.domain, config.base_url) == ("localhost:8001", "http://localhost:8001")
