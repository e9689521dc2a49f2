"""A member's browser and the app beside it: sign in, allow, get a code, trade it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.serving import PASSWORD, Served

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_CODE = re.compile(r'id="code"[^>]* value="([^"]+)"')
VERIFIER = "v" * 50


def challenge(verifier: str = VERIFIER) -> str:
    """RFC 7636 S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class App:
    """A registered app."""

    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True)
class Browser:
    """A browser without scripts."""

    web: httpx2.AsyncClient

    async def register(
        self, *redirect_uris: str, scopes: str = "read write follow push", name: str = "Ward app"
    ) -> App:
        """A new app."""
        uris = list(redirect_uris) or [OUT_OF_BAND]
        answer = await self.web.post(
            "/api/v1/apps", json={"client_name": name, "redirect_uris": uris, "scopes": scopes}
        )
        assert answer.status_code == 200, answer.text
        return App(answer.json()["client_id"], answer.json()["client_secret"], uris[0])

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx2.Response:
        """Fill in the sign-in page."""
        return await self.web.post("/sign-in", data={"login": login, "password": password, "next": "/"})

    async def ask(self, app: App, **more: str) -> httpx2.Response:
        """Open the page that asks whether the app may."""
        asked = {
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "response_type": "code",
            "scope": "read write follow push",
            **more,
        }
        return await self.web.get("/oauth/authorize", params=asked)

    async def decide(self, page: httpx2.Response, decision: str = "allow") -> httpx2.Response:
        """Press a button of that page."""
        assert page.status_code == 200, page.text
        fields = {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}
        return await self.web.post("/oauth/authorize", data={**fields, "decision": decision})

    async def code(self, app: App, **more: str) -> str:
        """The code that an app gets when it is allowed."""
        answer = await self.decide(await self.ask(app, **more))
        if app.redirect_uri == OUT_OF_BAND:
            found = _CODE.search(answer.text)
            assert found is not None, answer.text
            return found[1]
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    async def trade(self, app: App, code: str, /, **more: str | None) -> httpx2.Response:
        """Trade a code for a token; None leaves a value out."""
        sent: dict[str, Any] = {
            "grant_type": "authorization_code",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "code": code,
            **more,
        }
        return await self.web.post(
            "/oauth/token", data={name: value for name, value in sent.items() if value is not None}
        )

    async def token(self, app: App, **more: str) -> str:
        """An access token by the whole flow."""
        answer = await self.trade(app, await self.code(app, **more))
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token


@asynccontextmanager
async def browsing(served: Served, login: str = "") -> AsyncGenerator[Browser]:
    """A fresh browser, signed in as ``login``."""
    async with served.client() as web:
        browser = Browser(web)
        if login:
            answer = await browser.sign_in(login)
            assert answer.status_code == 303, answer.text
        yield browser
