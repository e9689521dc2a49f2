"""One door out: every request to another server leaves through ``federation.client``, so that the guard sees it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Modules that can speak to another server, and who may use them.
DOORS = {
    "httpx2": {"federation/client.py", "federation/transport.py"},
    "httpx": set[str](),
    "httpcore": set[str](),
    "httpcore2": set[str](),
    "aiohttp": set[str](),
    "requests": set[str](),
    "urllib3": set[str](),
    "urllib.request": set[str](),
    "http.client": set[str](),
    "ftplib": set[str](),
    "xmlrpc": set[str](),
    "websockets": set[str](),
    "starlette.testclient": set[str](),
    "aiosmtplib": {"node/surfacing/mail.py"},  # to the operator's own relay
    "smtplib": set[str](),
}
CALLS = {
    "create_connection": {"federation/dialling.py", "node/demo/folder.py"},  # the demo: is a port of ours taken?
    "open_connection": set[str](),
    "start_tls": {"federation/dialling.py"},
    "sock_connect": set[str](),
    "create_datagram_endpoint": set[str](),
    "getaddrinfo": {"federation/dialling.py"},
}


def modules() -> list[str]:
    found = [path for folder in ("node", "federation", "storage") for path in (ROOT / folder).rglob("*.py")]
    return [str(path.relative_to(ROOT)) for path in sorted(found)]


def imported(tree: ast.AST) -> Iterator[str]:
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)
        elif isinstance(one, ast.ImportFrom) and one.module is not None and not one.level:
            yield one.module
            yield from (f"{one.module}.{alias.name}" for alias in one.names)
        elif isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Constant):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            if name in ("import_module", "__import__"):
                yield str(one.args[0].value)


def called(tree: ast.AST) -> Iterator[str]:
    yield from (one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute))


def other_doors(source: str, module: str) -> list[str]:
    """What a module uses to get out beside the one door."""
    tree = ast.parse(source)
    found = [
        name
        for name in imported(tree)
        for door, allowed in DOORS.items()
        if (name == door or name.startswith(f"{door}.")) and module not in allowed
    ]
    return found + [name for name in called(tree) if module not in CALLS.get(name, {module})]


def test_nothing_leaves_beside_the_one_door() -> None:
    sources = {module: (ROOT / module).read_text(encoding="utf-8") for module in modules()}

    assert {module: found for module, source in sources.items() if (found := other_doors(source, module))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import httpx2",
        "from httpx2 import AsyncClient",
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen",
        "from http import client",
        "import aiohttp.client as web",
        "__import__('requests')",
        "import importlib\nimportlib.import_module('httpcore')",
        "import asyncio\nasyncio.open_connection('peer.example', 443)",
        "async def leave(loop):\n    await loop.create_connection(None, 'peer.example', 443)",
        "def later():\n    from websockets import connect",
    ],
)
def test_another_door_would_be_seen(source: str) -> None:
    assert other_doors(source, "node/api/statuses.py")


def test_the_modules_that_may_go_out_exist() -> None:
    assert {one for allowed in (DOORS | CALLS).values() for one in allowed} <= set(modules())
