"""What is asked before anything else: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from federation.errors import Gone, Refused
from federation.site import Document, Site
from federation.vocabulary import ACTIVITY_JSON, CONTEXT
from storage import actors
from storage.actors import ActorKind, Place
from storage.database import Reading

RESOURCE_LENGTH = 512  # characters
SERVICE = CONTEXT + "#Service"  # FEP-d556
APPLICATION = CONTEXT + "#Application"  # FEP-2677
PROFILE = "http://webfinger.net/rel/profile-page"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"  # where our members follow what another server shows them
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema"
VERSIONS = ("2.0", "2.1")
HOST_META = """<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" template="{template}"/>
</XRD>
"""


async def webfinger(db: Reading, site: Site, resource: str, rels: Sequence[str]) -> Document:
    """The JRD of a resource: a handle, an actor's id or page, or the node itself (FEP-d556).

    ``rels`` filters the links; unknown ones are no error (RFC 7033 4.3). Raises Refused for what is no resource, Gone
    for what is not here.
    """
    if not resource or len(resource) > RESOURCE_LENGTH or not resource.isprintable():
        raise Refused("resource is missing or cannot be read")
    if resource.rstrip("/") == site.base_url:
        return _jrd(site.base_url + "/", [], [_link(SERVICE, ACTIVITY_JSON, site.node_actor)], rels)
    handle = _handle(site, resource)
    if handle in (site.node_handle, site.domain):
        return _node(site, rels)
    found = await actors.place_of(db, handle)
    if found is None or found.away:
        raise Gone("nobody here is called so")
    return _node(site, rels) if found.kind is ActorKind.APPLICATION else _actor(site, found, rels)


def _handle(site: Site, resource: str) -> str:
    """The name in a resource. Raises Refused, Gone when it is of another server."""
    scheme, colon, rest = resource.partition(":")
    if scheme.lower() in ("http", "https") and colon:
        return _of_url(site, resource)
    text = rest if scheme.lower() == "acct" and colon else resource
    name, at, domain = text.removeprefix("@").rpartition("@")
    if not at or not name:
        raise Refused("resource is no handle")
    if domain.lower() not in (site.domain, urlsplit(site.base_url).netloc):
        raise Gone("this handle belongs to another server")
    return name


def _of_url(site: Site, url: str) -> str:
    if not site.ours(url):
        raise Gone("this address belongs to another server")
    path = url.removeprefix(site.base_url).rstrip("/")
    if path == "/actor":
        return site.node_handle
    for start in ("/users/", "/@"):
        name = path.removeprefix(start)
        if path.startswith(start) and name and "/" not in name:
            return name
    raise Gone("no actor lives at this address")


def _actor(site: Site, found: Place, rels: Sequence[str]) -> Document:
    page = found.url or found.uri
    links = [_link("self", ACTIVITY_JSON, found.uri), _link(PROFILE, "text/html", page), _subscribe(site)]
    return _jrd(f"acct:{found.handle}@{site.domain}", [page, found.uri], links, rels)


def _node(site: Site, rels: Sequence[str]) -> Document:
    about = _link(PROFILE, "text/html", f"{site.base_url}/about")
    links = [_link("self", ACTIVITY_JSON, site.node_actor), about, _subscribe(site)]
    return _jrd(f"acct:{site.node_handle}@{site.domain}", [site.node_actor], links, rels)


def _link(rel: str, type: str, href: str) -> dict[str, str]:
    return {"rel": rel, "type": type, "href": href}


def _subscribe(site: Site) -> dict[str, str]:
    return {"rel": SUBSCRIBE, "template": f"{site.base_url}/authorize_interaction?uri={{uri}}"}


def _jrd(subject: str, aliases: list[str], links: list[dict[str, str]], rels: Sequence[str]) -> Document:
    kept = [one for one in links if not rels or one["rel"] in rels]
    return {"subject": subject, "aliases": aliases, "links": kept}


def host_meta(site: Site) -> str:
    """The XRD that says where WebFinger is asked (RFC 6415)."""
    return HOST_META.format(template=escape(_template(site)))


def host_meta_json(site: Site) -> Document:
    """The same as JSON."""
    return {"links": [{"rel": "lrdd", "template": _template(site)}]}


def _template(site: Site) -> str:
    return f"{site.base_url}/.well-known/webfinger?resource={{uri}}"


def nodeinfo_links(site: Site) -> Document:
    """Where NodeInfo is, and the node's own actor (FEP-2677)."""
    links = [{"rel": f"{SCHEMA}/{one}", "href": f"{site.base_url}/nodeinfo/{one}"} for one in VERSIONS]
    return {"links": [*links, {"rel": APPLICATION, "href": site.node_actor}]}


@dataclass(frozen=True, slots=True)
class Numbers:
    """How large the node is."""

    accounts: int
    active_month: int
    active_half_year: int
    posts: int


def nodeinfo(
    version: str, *, software: str, name: str, description: str, numbers: Numbers, registrations: bool
) -> dict[str, Any]:
    """NodeInfo of ``version`` (2.0 or 2.1), only what is true; ``software`` is our version."""
    return {
        "version": version,
        "software": {"name": "sharewell", "version": software},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": registrations,
        "usage": {
            "users": {
                "total": numbers.accounts,
                "activeMonth": numbers.active_month,
                "activeHalfyear": numbers.active_half_year,
            },
            "localPosts": numbers.posts,
        },
        "metadata": {"nodeName": name, "nodeDescription": description},
    }
