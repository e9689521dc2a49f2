"""Settings: take one's data along, as an archive or as tables, and bring tables from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from node import sessions
from node.context import State
from node.errors import Invalid, NotAllowed, TooLarge
from node.forms.uploading import received
from node.portability import archives as taking
from node.portability import importing, tables
from node.portability.reading import ROWS, SIZE
from node.requests import text
from node.texts import N_, _
from node.web.media import OneRange
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from storage import archives, imports
from storage.actors import Actor
from storage.database import Missing
from storage.imports import Kind

PLACE = "/settings/data"
WITH_FILES = (f"POST {PLACE}/import",)
PRIVATE = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox"}
# Tables that can be fetched by themselves: name and what it is called.
NAMES = (
    ("following", N_("Whom you follow")),
    ("followers", N_("Who follows you")),
    ("lists", N_("Your lists")),
    ("blocks", N_("Whom you block")),
    ("mutes", N_("Whom you mute")),
    ("domain_blocks", N_("Servers you block")),
    ("bookmarks", N_("What you saved")),
)


async def show(request: Request[State]) -> Response:
    """What can be taken along and brought."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State], me: Actor, wrong: dict[str, str] | None = None, status: int = 200, kind: str = ""
) -> Response:
    node = request.state["node"]
    now = node.clock()
    async with node.database.reading() as db:
        archive, brought = await archives.of(db, me.id), await imports.of(db, me.id)
    ready = archive is not None and archive.ready is not None and archive.ends > now
    names = [(name, _(word)) for name, word in NAMES]
    kinds = [(name, word) for name, word in names if name in {one.value for one in Kind}]
    return section(
        request, "data", me=me, status=status, wrong=wrong or {}, names=names, kinds=kinds, kind=kind,
        archive=archive, ready=ready, gathering=archive is not None and archive.waits(now),
        may_ask=archive is None or archive.again(now), brought=brought,
        brought_name=dict(names).get("" if brought is None else brought.kind.value, ""),
        bringing=brought is not None and brought.waits(now), most={"rows": f"{ROWS:,}", "size": SIZE >> 20},
    )  # fmt: skip


async def ask(request: Request[State]) -> Response:
    """Have the archive gathered. Raises NotAllowed."""
    me, _values = await acting(request)
    await taking.ask(request.state["node"], me)
    return RedirectResponse(saying(PLACE, "archive-asked"), 303)


async def archive(request: Request[State]) -> Response:
    """The archive itself. Raises Missing."""
    node = request.state["node"]
    me = await reading(request)
    async with node.database.reading() as db:
        found, place = await taking.fetch(db, node, me)
    try:
        stat = await asyncio.to_thread(place.stat)
    except FileNotFoundError as error:
        raise Missing(found.file) from error
    return OneRange(
        place, filename=f"{me.handle}.zip", headers=PRIVATE, media_type="application/zip", stat_result=stat
    )  # fmt: skip


async def table(request: Request[State]) -> Response:
    """One table. Raises Missing."""
    me = await reading(request)
    name = request.path_params["name"]
    if name not in tables.TABLES:
        raise Missing(name)
    return _file(f"{name}.csv", tables.read(request.state["node"], me, name))


def _file(name: str, content: AsyncIterator[bytes]) -> Response:
    headers = {**PRIVATE, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type="text/csv; charset=utf-8", headers=headers)


async def failed(request: Request[State]) -> Response:
    """The rows of the latest import that could not be done."""
    me = await reading(request)
    return _file("failed.csv", importing.failed(request.state["node"], me))


async def bring(request: Request[State]) -> Response:
    """Take a table in."""
    node = request.state["node"]
    me = await reading(request)  # asked before anything of the body is read
    kind = ""
    try:
        async with received(request, node.media, files=("file",), most=SIZE) as (values, files):
            sessions.check_proof(request, text(values, "proof"))
            kind = text(values, "kind")
            content = await asyncio.to_thread(files["file"].read_bytes) if "file" in files else b""
            if kind not in list(Kind):
                raise Invalid(_("Choose what the file is about."), field="kind")
            if not content:
                raise Invalid(_("Choose a file."), field="file")
            overwrite = text(values, "how") == "overwrite"
            await importing.begin(node, me, Kind(kind), content, overwrite=overwrite)
    except Invalid as error:
        return await _page(request, me, {error.field or "file": str(error)}, 422, kind)
    except TooLarge:
        said = _("The file is too large: at most %s MB.") % (SIZE >> 20)
        return await _page(request, me, {"file": said}, 413, kind)
    except NotAllowed as error:
        return await _page(request, me, {"file": str(error)}, 403, kind)
    return RedirectResponse(saying(f"{PLACE}#import", "import-begun"), 303)


routes = [
    Route(PLACE, show),
    Route(f"{PLACE}/archive", ask, methods=["POST"]),
    Route(f"{PLACE}/archive", archive),
    Route(f"{PLACE}/import", bring, methods=["POST"]),
    Route(f"{PLACE}/failed.csv", failed),
    Route(f"{PLACE}/{{name}}.csv", table),
]
