"""The folder of files that every page uses."""

from __future__ import annotations

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from node.assets import FOLDER, version

KEPT = "public, max-age=86400"
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"


class Static(StaticFiles):
    """The folder ``static``. What is asked for by its version never changes; the rest is kept for a day."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named = response.status_code in (200, 304) and scope["query_string"] == f"v={version(path)}".encode()
        response.headers["cache-control"] = KEPT_FOR_GOOD if named else KEPT
        response.headers["access-control-allow-origin"] = "*"  # apps show our blank pictures
        return response
