"""/media: the files that members uploaded, each under a name that nobody can guess.

Whoever knows a name may have the file, as on all servers of this kind: other servers show it to those they show the
post. A file never changes; after it was erased it is not found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from node.context import State
from storage.database import Missing
from storage.media.folder import NAME

TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4",
    "m4a": "audio/mp4",
}  # fmt: skip
HEADERS: Mapping[str, str] = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}


class OneRange(FileResponse):
    """A file, or one range of it. Who lists ranges, which may overlap, gets all of it."""

    max_ranges = 1
    chunk_size = 256 << 10  # bytes: each part read is a hop to a thread, which costs more than its bytes


async def show(request: Request[State]) -> Response:
    """One file. Raises Missing, for what is no name of a picture too."""
    name = request.path_params["name"]
    media_type = TYPES.get(name.rpartition(".")[2])
    if media_type is None or not NAME.fullmatch(name):
        raise Missing(name)
    place = request.state["node"].media.place(name)
    try:
        found = await asyncio.to_thread(place.stat)
    except FileNotFoundError as error:
        raise Missing(name) from error
    return OneRange(place, headers=HEADERS, media_type=media_type, stat_result=found)


routes = [Route("/media/{name}", show)]
