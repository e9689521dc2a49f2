"""Follow from another server: where somebody without an account here follows what they found on a page."""

from __future__ import annotations

from urllib.parse import quote

from federation.errors import FederationError, Forbidden, Forbidding, Refused, Unreachable
from federation.fetching import webfinger
from node.context import Node
from node.errors import Invalid, TooMany
from node.texts import _
from storage import throttle

LENGTH = 320  # characters of what is typed
WINDOW = 10 * 60 * 1000  # ms
TRIES = 60  # of one address, which a whole hospital may share, in a window: each asks another server


async def place_for(node: Node, typed: str, uri: str, *, address: str) -> str:
    """Where whoever ``typed`` a handle or a server goes on to follow ``uri``. Raises Invalid, TooMany.

    The place is what the server of that handle says by WebFinger, so nobody is led to where they did not want to go.
    """
    name, domain = _named(typed)
    if domain == node.site.domain:
        return f"{node.site.base_url}/authorize_interaction?uri={quote(uri, safe='')}"
    if node.config.limits.rate:
        async with node.database.writing() as db:
            if await throttle.count(db, f"elsewhere {address}", now=node.clock(), window=WINDOW) > TRIES:
                raise TooMany(WINDOW // 1000)
    try:
        template = await webfinger.subscribe(node.database, node.site, name or domain, domain)
    except (Unreachable, Forbidden) as error:
        raise Invalid(_unfound(error), field="server") from error
    except FederationError as error:
        raise Invalid(_untold(name), field="server") from error
    return template.replace("{uri}", quote(uri, safe=""))


def _named(typed: str) -> tuple[str, str]:
    """Name and domain; without a name, only the server was typed. Raises Invalid."""
    text = typed.strip().removeprefix("https://").removeprefix("http://").rstrip("/")
    text = text.removeprefix("acct:").removeprefix("@")
    if "/@" in text:  # the address of a profile
        host, _slash, name = text.partition("/@")
        text = f"{name.partition('/')[0]}@{host}" if "@" not in name else name
    name, at, domain = text.rpartition("@")
    domain = domain.lower()
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        if len(typed) > LENGTH or (at and not name) or "." not in domain.partition(":")[0]:
            raise Refused("no server")
        return name, webfinger.split(f"{name or 'x'}@{domain}")[1]
    except (Refused, UnicodeError) as error:
        wrong = _("Write your server, like mastodon.example, or your whole name there, like @you@mastodon.example.")
        raise Invalid(wrong, field="server") from error


def _unfound(error: FederationError) -> str:
    if isinstance(error, Forbidden | Forbidding):
        return _("This node does not speak to that server.")
    return _("We could not find that server. Check how it is spelled, or try again later.")


def _untold(name: str) -> str:
    if not name:
        return _("That server does not say where its people follow. Write your whole name there, @you and the server.")
    return _("That server does not know this name, or does not say where its people follow. Check how it is spelled.")
