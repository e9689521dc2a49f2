"""A shared measure of a group elsewhere: asked for at its own id, and believed of its own group alone."""

from __future__ import annotations

from federation import hiding
from federation.documents import reading
from federation.documents import shared as documents
from federation.documents.actors import GROUPS
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.fetching import actors, asking
from federation.site import Site
from storage import shared
from storage.database import Database


async def by_uri(database: Database, site: Site, uri: str) -> str:
    """Keep the shared measure that is found there; its id. Raises Refused, Gone, Forbidden, Unreachable."""
    document = await asking.document(database, site, uri)
    group_uri = reading.uri(document.get("attributedTo"))
    if not documents.is_one(document) or not same_origin(reading.uri(document), group_uri):
        raise Refused("no shared measure")
    group = await actors.by_uri(database, site, group_uri)
    if group.kind not in GROUPS or group.gone is not None or group.suspended is not None:
        raise Refused("shared measure of what is no group")
    said, series, everybody = documents.read(document, group_uri=group.uri)
    if not hiding.may_be_shown(site, series):
        raise Refused("somebody could be recognised in it")
    now = site.clock()
    async with database.writing() as db:
        if not await shared.put(db, group.id, said, series, private=None if everybody else now, now=now):
            raise Refused("too many shared measures of one group")
    return said
