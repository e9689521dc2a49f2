"""A member's app: requests that must succeed, and their JSON."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from storage.actors import Actor
from storage.members import Role
from tests.serving import Served

Json = Any


@dataclass(frozen=True)
class Person:
    """An app that speaks for ``actor``, or for nobody."""

    actor: Actor | None
    web: httpx2.AsyncClient
    served: Served

    @property
    def id(self) -> str:
        """The account's id, as apps know it."""
        assert self.actor is not None
        return str(self.actor.id)

    async def get(self, path: str, **query: Any) -> Json:
        """The JSON of a GET that succeeds."""
        return _fine(await self.web.get(path, params=query))

    async def post(self, path: str, **values: Any) -> Json:
        """The JSON of a POST that succeeds; ``values`` go as JSON."""
        return _fine(await self.web.post(path, json=values))

    async def say(self, status: str, **values: Any) -> Json:
        """Share a post."""
        return await self.post("/api/v1/statuses", status=status, **values)

    async def edit(self, status_id: str, **values: Any) -> Json:
        """Edit a post."""
        return _fine(await self.web.put(f"/api/v1/statuses/{status_id}", json=values))

    async def delete(self, path: str) -> Json:
        """The JSON of a DELETE that succeeds."""
        return _fine(await self.web.delete(path))

    async def status_of(self, method: str, path: str, **more: Any) -> int:
        """The HTTP status of a request."""
        response = await self.web.request(method, path, **more)
        return response.status_code


def _fine(answer: httpx2.Response) -> Json:
    assert answer.status_code == 200, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


@asynccontextmanager
async def person(
    served: Served, handle: str, *, scopes: str = "read write follow push", role: Role = Role.MEMBER
) -> AsyncGenerator[Person]:
    """A new member with an app of these scopes."""
    actor = await served.account(handle, role=role)
    async with served.client(await served.token(actor, scopes)) as web:
        yield Person(actor, web, served)
