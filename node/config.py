"""The node's settings: every option, its type, its default, read once from a TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from federation import guard

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"{LABEL}(\.{LABEL})*(:[0-9]{{1,5}})?")
PROXY = "http://proxy.example:3128"
ROLES = ("web", "worker")
MODES = ("closed", "invitation", "approval", "open")
READERS = ("nobody", "members", "everybody")
DATE = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
TLS = ("starttls", "tls", "none")
LINE = 300  # characters of a line that is shown on pages
HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
# Nothing that could end a header, begin another address or a comment (RFC 5322 3.2.3, without quoted names).
EMAIL = re.compile(
    r"(?!\.)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
# Options that the documentation promises and this version does not have yet, with the value that asks for nothing.
LATER: Mapping[str, object] = {
    "metrics_listen": "",
    "cluster.replicas": "",
    "cluster.replica_lag": 5,
    "cluster.pooler": False,
    "cluster.listen_database": "",
    "media.s3": "",
}


class ConfigError(Exception):
    """The file is not usable; the message names the option and what it must be."""


def _option(default: Any, help: str, *, secret: bool = False) -> Any:
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata={"help": help})
    return field(default=default, metadata={"help": help}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Federation:
    """How we deal with other servers."""

    insecure_http: bool = _option(False, "Speak http to peers: development and closed test networks only.")
    private_peers: list[str] = _option(
        [],
        'The only private addresses we may connect to: "127.0.20.0/24", "127.0.20.0/24:80", "127.0.0.1:9101".',
    )
    ca_file: str = _option("", "An extra certificate authority (PEM) for peers.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one member or address may do."""

    rate: bool = _option(True, "False only for load tests.")


@dataclass(frozen=True, slots=True)
class Safety:
    """Time to think again before a post leaves the node, and people who look."""

    fan_out_delay: int = _option(0, "Seconds before a post leaves the node; its author can take it back until then.")
    hold_first_posts: int = _option(0, "A new member's first posts wait for a guardian: how many; 0: none.")
    hold_pictures: int = _option(
        0, "Posts with pictures wait for a guardian in the first days of a member: how many; 0: none."
    )
    hold_films: bool = _option(False, "Posts with a film or a sound wait for a guardian.")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Proxies in front of the node and between it and the world."""

    trusted: list[str] = _option([], "Addresses whose X-Forwarded-For and X-Forwarded-Proto we believe.")
    outgoing: str = _option("", "An HTTP proxy for everything that leaves, as http://host:port.")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Several processes on PostgreSQL."""

    roles: list[str] = _option(["web", "worker"], 'What this process does: "web", "worker".')
    processes: int = _option(1, "Processes on this host; SQLite allows only 1.")
    name: str = _option("", "This process in shards.owner; empty: host name and process id.")


@dataclass(frozen=True, slots=True)
class Media:
    """Pictures that members upload."""

    size_limit: int = _option(16 << 20, "Largest picture that can be uploaded, in bytes.")


@dataclass(frozen=True, slots=True)
class Mail:
    """The relay that mails of the node leave by; its address is trusted as written."""

    host: str = _option("", "The relay that sends the node's mails (SMTP). Empty: no mail is sent.")
    port: int = _option(587, "Its port.")
    tls: str = _option("starttls", 'How the way to it is encrypted: "starttls", "tls" (from the start) or "none".')
    user: str = _option("", "Name to sign in at the relay with; empty: it asks for none.")
    password: str = _option("", "Password for that; better in password_file.", secret=True)
    password_file: str = _option("", "File whose first line is the password.")
    sender: str = _option("", "From address of the mails; empty: contact.")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who may join by themselves."""

    mode: str = _option(
        "closed",
        'Who may join: "closed" (nobody), "invitation" (with a link), "approval" or "open" (without mail as approval).',
    )
    reason: bool = _option(True, "Whoever waits for approval has to say why they want to join.")
    rules: list[str] = _option([], "Rules that whoever joins has to agree to, one or two sentences each.")
    message: str = _option("", "What those who cannot join by themselves are told.")
    work_domains: list[str] = _option(
        [],
        'Whoever confirmed an address of these wears a badge: "trust.example", or ".nhs.example" for all below it.',
    )

    @property
    def public(self) -> bool:
        """Whether somebody without an invitation can ask for an account."""
        return self.mode in ("open", "approval")


@dataclass(frozen=True, slots=True)
class About:
    """What the node tells everybody of itself."""

    privacy_policy: str = _option("", "File with the privacy policy, in plain text.")
    terms: str = _option("", "File with the terms of service, in plain text.")
    terms_date: str = _option("", "From when on these terms hold, as 2026-01-31.")
    blocked_servers: str = _option("nobody", 'Who reads which servers are refused: "nobody", "members", "everybody".')
    report_harm: list[str] = _option(
        [], "Where incidents are reported in your region, one line each; an https:// address at its end is a link."
    )

    @property
    def places(self) -> list[tuple[str, str]]:
        """``report_harm`` as (words, address); "" where there is none."""
        found = [one.rpartition(" https://") for one in self.report_harm]
        return [(words, f"https://{rest}") if words else (rest, "") for words, _, rest in found]


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. A field's ``help`` is what config.example.toml shows."""

    domain: str = field(metadata={"help": "After the @ in handles. Never change it once you federate."})
    base_url: str = _option("", "Where the node answers; empty: https:// and the domain.")
    listen: str = _option("127.0.0.1:8000", "Address and port to listen on.")
    data: str = _option("data", "Folder of database and media; nothing is kept elsewhere.")
    database: str = _option("", "Empty: SQLite in data. Or postgresql://user@host/name.")
    title: str = _option("", "The node's name on pages and in apps; empty: the domain.")
    description: str = _option("", "One or two sentences about who runs the node and for whom.")
    contact: str = _option("", "E-mail address of whoever answers for the node.")
    federation: Federation = field(default_factory=Federation)
    limits: Limits = field(default_factory=Limits)
    safety: Safety = field(default_factory=Safety)
    proxy: Proxy = field(default_factory=Proxy)
    cluster: Cluster = field(default_factory=Cluster)
    media: Media = field(default_factory=Media)
    mail: Mail = field(default_factory=Mail)
    registration: Registration = field(default_factory=Registration)
    about: About = field(default_factory=About)

    @property
    def name(self) -> str:
        """What the node is called."""
        return self.title or self.domain

    @property
    def mails(self) -> bool:
        """Whether the node can send mail."""
        return self.mail.host != ""

    @property
    def approves(self) -> bool:
        """Whether who joins without an invitation waits for approval; always so where no address can be confirmed."""
        return self.registration.mode == "approval" or not self.mails

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


def load(path: Path) -> Config:
    """Read the file; relative paths count from its folder. Raises ConfigError, naming the option."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"no configuration at {path} (make one: sharewell init --config {path} --domain …)"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return parse(table, folder=path.resolve().parent)


def parse(table: Mapping[str, Any], *, folder: Path = Path()) -> Config:
    """Check a table of options and fill in the defaults. Raises ConfigError."""
    values = _section(Config, table, "")
    if "domain" not in values:
        raise ConfigError("domain is missing")
    domain = values["domain"]
    if not DOMAIN.fullmatch(domain):
        raise ConfigError(f"domain must be a lower-case host name, perhaps with a port, not {domain!r}")
    base_url = values.get("base_url") or f"https://{domain}"
    values["base_url"] = _url("base_url", base_url, "https://northmoor.example").lower()
    if "@" in values["base_url"]:
        raise ConfigError("base_url must not hold a password")
    values["data"] = str(folder / values.get("data", "data"))
    if values.get("federation") and values["federation"].ca_file:
        file = _file("federation.ca_file", folder, values["federation"].ca_file)
        values["federation"] = replace(values["federation"], ca_file=file)
    if values.get("mail") and values["mail"].password_file:
        values["mail"] = replace(values["mail"], password=_first_line(folder / values["mail"].password_file))
    if values.get("about"):
        values["about"] = _about(values["about"], folder)
    config = Config(**values)
    _check(config)
    return config


def _about(given: About, folder: Path) -> About:
    if given.blocked_servers not in READERS:
        raise ConfigError(f"about.blocked_servers must be {', '.join(READERS)}, not {given.blocked_servers!r}")
    if (given.terms or given.terms_date) and not (given.terms and DATE.fullmatch(given.terms_date)):
        raise ConfigError("about.terms and about.terms_date (as 2026-01-31) belong together")
    if not all(0 < len(one.strip()) <= LINE and one.isprintable() for one in given.report_harm):
        raise ConfigError(f"about.report_harm must be lines of 1 to {LINE} characters")
    files = [_file(f"about.{name}", folder, getattr(given, name)) for name in ("privacy_policy", "terms")]
    return replace(given, privacy_policy=files[0], terms=files[1])


def _file(name: str, folder: Path, given: str) -> str:
    file = folder / given
    if given and not file.is_file():
        raise ConfigError(f"{name}: there is no file {file}")
    return str(file) if given else ""


def _first_line(file: Path) -> str:
    try:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"mail.password_file: cannot read {file}") from error


def _section(shape: type[Any], table: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    known = {option.name: option for option in fields(shape)}
    values: dict[str, Any] = {}
    for name, value in table.items():
        path = f"{prefix}{name}"
        section = SECTIONS.get(path)
        if path in LATER:
            _wait_for(path, value)
        elif name not in known:
            raise ConfigError(f"unknown option {path}")
        elif section is None:
            values[name] = _checked(path, str(known[name].type), value)
        elif isinstance(value, dict):
            values[name] = section(**_section(section, value, f"{name}."))
        else:
            raise ConfigError(f"{name} must be a table: [{name}]")
    return values


def _wait_for(path: str, value: object) -> None:
    """A configuration may say that it does not want what is not there yet; nothing else is pretended."""
    off = LATER[path]
    if value != off or type(value) is not type(off):
        raise ConfigError(f"{path} is not built yet in this version: leave it out")


SECTIONS: Mapping[str, type[Any]] = {
    "federation": Federation,
    "limits": Limits,
    "safety": Safety,
    "proxy": Proxy,
    "cluster": Cluster,
    "media": Media,
    "mail": Mail,
    "registration": Registration,
    "about": About,
}
WORDS = {"str": "a text", "int": "a whole number", "bool": "true or false", "list[str]": "a list of texts"}


def _checked(name: str, type_name: str, value: Any) -> Any:
    good = {
        "str": isinstance(value, str),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "bool": isinstance(value, bool),
        "list[str]": isinstance(value, list) and all(isinstance(one, str) for one in value),
    }[type_name]
    if not good:
        raise ConfigError(f"{name} must be {WORDS[type_name]}, not {value!r}")
    return value


def _url(name: str, url: str, example: str, schemes: Sequence[str] = ("http", "https")) -> str:
    """An address that is a scheme, a host and perhaps a port, as ``scheme://host:port``."""
    wrong = ConfigError(f"{name} must be like {example}, not {url!r}")
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise wrong from error
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in schemes or not parts.hostname or not port_is_fine or more:
        raise wrong
    return f"{parts.scheme}://{parts.netloc}"


def _check(config: Config) -> None:
    host, _, port = config.listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"listen must be host:port, not {config.listen!r}")
    if config.database and not config.database.startswith(("postgresql://", "postgres://")):
        raise ConfigError("database must be empty (SQLite) or a postgresql:// URL")
    if config.base_url.startswith("http://") and not config.federation.insecure_http:
        raise ConfigError("base_url is http: set federation.insecure_http = true (development only) or use https")
    for one in config.federation.private_peers:
        try:
            guard.peer(one)
        except ValueError as error:
            raise ConfigError(f"federation.private_peers: {error}") from error
    for name in ("fan_out_delay", "hold_first_posts", "hold_pictures"):
        if getattr(config.safety, name) < 0:
            raise ConfigError(f"safety.{name} must be 0 or more")
    if config.media.size_limit < 1:
        raise ConfigError("media.size_limit must be 1 or more")
    _check_mail(config)
    _check_registration(config.registration)
    _check_proxy(config.proxy)
    _check_cluster(config)


def _check_mail(config: Config) -> None:
    mail = config.mail
    if not mail.host:
        return
    if not HOST.fullmatch(mail.host) or not 0 < mail.port <= 65535:
        raise ConfigError(f"mail.host must be the name or address of a relay, not {mail.host!r} port {mail.port}")
    if mail.tls not in TLS:
        raise ConfigError(f"mail.tls must be {', '.join(TLS)}, not {mail.tls!r}")
    if not EMAIL.fullmatch(mail.sender or config.contact):
        raise ConfigError("mail.sender must be an e-mail address; without it contact is taken, which is none")


def _check_registration(given: Registration) -> None:
    if given.mode not in MODES:
        raise ConfigError(f"registration.mode must be {', '.join(MODES)}, not {given.mode!r}")
    if not all(DOMAIN.fullmatch(one.removeprefix(".")) for one in given.work_domains):
        raise ConfigError("registration.work_domains must be host names in lower case")


def _check_proxy(proxy: Proxy) -> None:
    for one in proxy.trusted:
        try:
            ip_network(one, strict=False)
        except ValueError as error:
            raise ConfigError(f"proxy.trusted must be addresses or networks, not {one!r}") from error
    if proxy.outgoing and urlsplit(_url("proxy.outgoing", proxy.outgoing, PROXY, ("http",))).port is None:
        raise ConfigError(f"proxy.outgoing must be like {PROXY}, not {proxy.outgoing!r}")


def _check_cluster(config: Config) -> None:
    unknown = sorted(set(config.cluster.roles) - set(ROLES))
    if unknown:
        raise ConfigError(f"cluster.roles may be {' and '.join(ROLES)} in this version, not {', '.join(unknown)}")
    count = config.cluster.processes
    if count < 1:
        raise ConfigError("cluster.processes must be 1 or more")
    if count > 1 and not config.database:
        raise ConfigError(f"cluster.processes = {count} needs PostgreSQL (database): SQLite allows only 1")
    if count > 1:
        raise ConfigError(f"cluster.processes = {count} is not built yet: start `sharewell work` beside `serve`")
