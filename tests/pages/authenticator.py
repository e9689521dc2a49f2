"""An authenticator app on a phone, and a member who sets it up and signs in with it as people do."""

from __future__ import annotations

import base64
import re
from html import unescape

import httpx2
from pyotp.totp import TOTP

from tests.pages.conftest import hidden
from tests.serving import PASSWORD, Clock

APP = "/settings/security/app"
_SECRET = re.compile(r'<code class="handle">([A-Z2-7 ]+)</code>')
_CODE = re.compile(r"<li><code>([a-z2-7-]+)</code></li>")


class Phone:
    """Makes codes of one secret; each is another, as if half a minute went by."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self.secret, self._clock = secret, clock
        base64.b32decode(secret)

    def code(self, *, seconds: int = 0) -> str:
        """What it shows now, or showed then."""
        return TOTP(self.secret).at(self._clock.now // 1000 + seconds)

    def next(self) -> str:
        """The next code, when it is time for it."""
        self._clock.advance(seconds=30)
        return self.code()


async def start(client: httpx2.AsyncClient, clock: Clock) -> tuple[Phone, str]:
    """Give the password and take the picture; the page after it."""
    proof = hidden((await client.get(APP)).text, "proof")
    answer = await client.post(APP, data={"proof": proof, "present": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, APP), answer.text
    page = (await client.get(APP)).text
    found = _SECRET.search(page)
    assert found is not None, page
    return Phone(found[1].replace(" ", ""), clock), page


async def set_up(client: httpx2.AsyncClient, clock: Clock) -> tuple[Phone, list[str]]:
    """Turn the second step on; the phone and the recovery codes."""
    phone, page = await start(client, clock)
    answer = await client.post(f"{APP}/confirm", data={"proof": hidden(page, "proof"), "code": phone.code()})
    assert answer.status_code == 200, answer.text
    return phone, codes(answer.text)


def codes(page: str) -> list[str]:
    """The recovery codes on a page."""
    return [unescape(one) for one in _CODE.findall(page)]


async def password(client: httpx2.AsyncClient, login: str = "imelda", **more: str) -> httpx2.Response:
    """Send the first form of a sign-in."""
    return await client.post("/sign-in", data={"login": login, "password": PASSWORD, **more})


async def second(client: httpx2.AsyncClient, code: str) -> httpx2.Response:
    """Send the second."""
    return await client.post("/sign-in/second", data={"code": code})
