"""A body is the same as JSON, as a form and as multipart, whatever an app writes: to every route that takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from tests import pictures
from tests.clients.device import Device
from tests.clients.person import Json, Person
from tests.clients.test_bad_input import BODIES as ODD_BODIES
from tests.clients.test_bad_input import ODD
from tests.clients.test_scopes import BODIES, PRIVATE, WITH_FILES, prepared, with_mail
from tests.serving import Fediverse, Served

WRITES = [(method, path) for method, path, _scope in PRIVATE if method != "GET"]
# What is sent instead of the least that is enough: booleans, lists, objects.
RICHER: dict[str, dict[str, Any]] = {
    "/api/v1/statuses": {"status": "Hello", "sensitive": True, "language": "en"},
    "/api/v1/accounts/update_credentials": {
        "bot": False, "source": {"privacy": "unlisted", "sensitive": True},
        "fields_attributes": [{"name": "Ward", "value": "7"}, {"name": "Team", "value": "Night"}],
    },
    "/api/v1/accounts/{other}/follow": {"reblogs": False, "notify": True, "languages": []},
    "/api/v1/accounts/{other}/mute": {"notifications": False, "duration": 600},
    "/api/v1/reports": {"account_id": "{other}", "status_ids": [], "forward": False, "category": "spam"},
    "/api/v1/lists": {"title": "Wards", "exclusive": True},
    "/api/v1/lists/{list}/accounts": {"account_ids": ["{followed}"]},
    "/api/v2/filters": {
        "title": "Words", "context": ["home", "public"],
        "keywords_attributes": [{"keyword": "a", "whole_word": True}, {"keyword": "b", "whole_word": False}],
    },
    "/api/v1/polls/{poll}/votes": {"choices": [0]},
    "/api/v1/markers": {"home": {"last_read_id": "{post}"}},
    "/api/v2/notifications/policy": {"for_not_following": "accept"},
    "/api/v1/push/subscription": {
        "subscription": {"endpoint": "https://push.example/", "keys": Device().keys, "standard": True},
        "data": {"alerts": {"mention": True, "follow": False}, "policy": "followed"},
    },
}  # fmt: skip
# What has to be so afterwards: of the answer to what was sent.
THEN: dict[str, dict[str, Any]] = {
    "POST /api/v1/statuses": {"sensitive": True, "language": "en"},
    "PATCH /api/v1/accounts/update_credentials": {"bot": False},
    "POST /api/v1/accounts/{other}/follow": {"showing_reblogs": False, "notifying": True},
    "POST /api/v1/accounts/{other}/mute": {"muting": True, "muting_notifications": False},
    "POST /api/v1/reports": {"category": "spam", "forwarded": False},
    "POST /api/v1/lists": {"title": "Wards", "exclusive": True},
    "POST /api/v2/filters": {"context": ["home", "public"]},
    "POST /api/v1/push/subscription": {"standard": True, "policy": "followed"},
}


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    """A node that answers each of them."""
    return await with_mail(fediverse)


def pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """As a form has it: ``x[]`` for each of a list, ``x[y]`` for an object, ``true`` and ``false`` as words."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from pairs(one, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for one in value:
            yield from pairs(one, f"{name}[]")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def filled(value: Any, words: dict[str, str]) -> Any:
    """The value with ids in the place of names."""
    if isinstance(value, dict):
        return {key: filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    return value.format(**words) if isinstance(value, str) else value


async def sent(me: Person, shape: str, method: str, path: str, words: dict[str, str]) -> httpx2.Response:
    """Ask for one route with a body of this shape, with a slash at the end where it is no JSON."""
    body = filled(RICHER.get(path) or BODIES.get(path, {}), words)
    address = path.format(**words)
    if path in WITH_FILES and method == "POST":
        return await me.web.request(method, address, files={"file": ("a.png", pictures.png(), "image/png")})
    if shape == "json":
        return await me.web.request(method, address, json=body)
    boundary = "x" if shape == "multipart" else ""
    content, kind = _multipart(body) if boundary else _form(body)
    return await me.web.request(method, address + "/", content=content, headers={"content-type": kind})


def _form(body: Json) -> tuple[bytes, str]:
    return urlencode(list(pairs(body))).encode(), "application/x-www-form-urlencoded"


def _multipart(body: Json) -> tuple[bytes, str]:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs(body)]
    return "".join([*parts, "--x--\r\n"]).encode(), "multipart/form-data; boundary=x"


@pytest.mark.parametrize("shape", ["json", "form", "multipart"])
async def test_every_route_takes_every_shape(served: Served, shape: str) -> None:
    me, words = await prepared(served)
    assert me.actor is not None
    async with await served.as_member(me.actor) as web:
        me = Person(me.actor, web, served)
        answers = {f"{method} {path}": await sent(me, shape, method, path, words) for method, path in WRITES}

    assert {name: one.text for name, one in answers.items() if one.status_code != 200} == {}
    for name, wanted in THEN.items():
        said = answers[name].json()
        assert {key: said[key] for key in wanted} == wanted, name
    assert [one["name"] for one in answers["PATCH /api/v1/accounts/update_credentials"].json()["fields"]] == [
        "Ward", "Team",
    ]  # fmt: skip
    assert [one["whole_word"] for one in answers["POST /api/v2/filters"].json()["keywords"]] == [True, False]


async def test_no_route_breaks_on_any_body(served: Served) -> None:
    me, words = await prepared(served)
    assert me.actor is not None
    odd = {name: body for name, body in ODD_BODIES.items() if len(body[1]) < 1000}
    broken = []
    async with await served.as_member(me.actor) as web:
        for method, path in WRITES:
            for name, (headers, body) in odd.items():
                raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
                answer = await web.request(method, path.format(**words), content=body, headers=raw)
                broken += [f"{method} {path}: {name}"] if answer.status_code >= 500 else []

    assert broken == []


async def test_no_route_breaks_on_any_value(served: Served) -> None:
    me, words = await prepared(served)
    assert me.actor is not None
    broken = []
    async with await served.as_member(me.actor) as web:
        for method, path in WRITES:
            whole = filled(RICHER.get(path) or BODIES.get(path, {}), words)
            for name in whole:
                for value in ODD:
                    answer = await web.request(method, path.format(**words), json={**whole, name: value})
                    broken += [f"{method} {path}: {name}={value!r}"] if answer.status_code >= 500 else []

    assert broken == []
