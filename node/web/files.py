"""Files that every page uses: style, font, pictures. They change with a release only."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
KEPT = "public, max-age=86400"


class Static(StaticFiles):
    """The folder ``static``, kept by browsers for a day."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = KEPT
        response.headers["access-control-allow-origin"] = "*"  # apps show our blank pictures
        return response
