"""WebFinger (RFC 7033): from handles to actors, and back to be sure."""

from __future__ import annotations

import re
from urllib.parse import quote

from federation.documents import reading
from federation.errors import FederationError, Refused
from federation.fetching import asking
from federation.site import Document, Site
from federation.vocabulary import ACTIVITY_JSON
from storage.database import Database

SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
JRD = "application/jrd+json, application/json"
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?")


def split(handle: str) -> tuple[str, str]:
    """``name`` and ``domain`` of ``@name@domain``, ``name@domain`` or ``acct:name@domain``. Raises Refused."""
    name, _, domain = handle.strip().removeprefix("acct:").lstrip("@").partition("@")
    domain = domain.lower()
    if not name or len(name) > 64 or not _DOMAIN.fullmatch(domain):
        raise Refused("not a handle")
    return name, domain


async def actor_uri(database: Database, site: Site, name: str, domain: str) -> str:
    """The id of the actor that ``name@domain`` is. Raises Refused, Unreachable."""
    found = await _jrd(database, site, name, domain)
    for link in reading.objects(found.get("links"), 32):
        kind = reading.text(link.get("type"))
        if link.get("rel") == "self" and (kind == ACTIVITY_JSON or kind.startswith("application/ld+json")):
            href = reading.uri(link.get("href"))
            if href:
                return href
    raise Refused("WebFinger names no actor")


async def subscribe(database: Database, site: Site, name: str, domain: str) -> str:
    """Where people of that server follow what they saw elsewhere: a template of a web address with ``{uri}`` in it.

    OStatus 1.0, as Mastodon and others still say it. Raises Refused when it says none, Unreachable.
    """
    found = await _jrd(database, site, name, domain)
    for link in reading.objects(found.get("links"), 32):
        template = reading.text(link.get("template"))
        if link.get("rel") == SUBSCRIBE and "{uri}" in template and reading.web(template.replace("{uri}", "")):
            return template
    raise Refused("WebFinger names no place to follow from")


async def _jrd(database: Database, site: Site, name: str, domain: str) -> Document:
    scheme = "http" if site.base_url.startswith("http://") else "https"
    url = f"{scheme}://{domain}/.well-known/webfinger?resource={quote(f'acct:{name}@{domain}', safe='')}"
    await asking.allowed(database, site, url)
    return (await site.out.get_json(url, accept=JRD)).document


async def domain_of(database: Database, site: Site, uri: str, name: str) -> str:
    """What stands after the @ of the actor ``uri``: the host of its id, or another that proves it names this actor."""
    host = asking.host_of(uri)
    try:
        found = await _jrd(database, site, name, host)
        said_name, said_domain = split(reading.text(found.get("subject")))
        if said_domain == host or said_name.lower() != name.lower():
            return host
        if said_domain == site.domain or await actor_uri(database, site, said_name, said_domain) != uri:
            return host
    except FederationError:
        return host
    return said_domain
