"""What a stranger can try at the door: bytes that two servers read differently, hosts that are not ours, odd paths.

The cases of group ``web`` that are not tested where they belong more: see docs/security-cases.md.
"""

from __future__ import annotations

import asyncio
import logging
import re
from urllib.parse import urlsplit

import pytest

from tests.clients.person import Person
from tests.serving import Served

EVIL = "evil.example"
SECOND = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
AMBIGUOUS = {
    "length and chunks": f"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SECOND}",
    "two lengths": f"Content-Length: 0\r\nContent-Length: 5\r\n\r\n{SECOND}",
    "a chunk that is no number": f"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{SECOND}",
    "an encoding with a space": f"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{SECOND}",
    "an unknown encoding": f"Transfer-Encoding: chunked, smuggled\r\n\r\n0\r\n\r\n{SECOND}",
    "a length that is no number": f"Content-Length: +5\r\n\r\n{SECOND}",
    "a negative length": f"Content-Length: -1\r\n\r\n{SECOND}",
}


async def said(door: str, request: str) -> str:
    """Everything that is answered until the node hangs up, or has been silent for a while."""
    host, port = door.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode("latin-1"))
    came = b""
    try:
        async with asyncio.timeout(2):
            while more := await reader.read(1 << 16):
                came += more
    except (TimeoutError, ConnectionError):
        pass
    writer.close()
    return came.decode("latin-1")


@pytest.mark.parametrize("case", AMBIGUOUS)
async def test_a_request_of_two_readings_is_refused(door: str, case: str) -> None:
    found = await said(door, f"POST /api/v1/apps HTTP/1.1\r\nHost: x\r\n{AMBIGUOUS[case]}")

    assert re.findall(r"HTTP/1\.1 (\d+)", found)[:1] in ([], ["400"]), found
    assert "HTTP/1.1 200" not in found


@pytest.mark.parametrize("hosts", ["", "Host: a\r\nHost: b\r\n"], ids=["none", "two"])
async def test_a_request_names_one_host(door: str, hosts: str) -> None:
    found = await said(door, f"GET /api/v2/instance HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")

    assert found == "" or found.startswith("HTTP/1.1 400"), found[:200]


async def test_the_host_that_was_asked_stands_nowhere(alice: Person, served: Served) -> None:
    for number in range(3):
        await alice.say(f"Number {number} #ward")
    headers = {"host": EVIL, "x-forwarded-host": EVIL, "x-forwarded-proto": "gopher", "forwarded": f"host={EVIL}"}
    paths = [
        "/api/v1/timelines/home?limit=1", "/api/v2/instance", "/api/v1/accounts/verify_credentials", "/", "/@alice",
        "/users/alice", "/.well-known/webfinger?resource=acct:alice@here.example", "/.well-known/host-meta",
        "/.well-known/nodeinfo", "/.well-known/oauth-authorization-server", "/feed.atom", "/@alice.atom", "/settings",
        "/oauth/authorize", "/nodeinfo/2.0", "/sign-in", "/tags/ward", "/api/v1/timelines/tag/ward?limit=1",
    ]  # fmt: skip

    for path in paths:
        for accept in ("text/html", "application/activity+json"):
            answer = await alice.web.get(path, headers={**headers, "accept": accept})
            assert EVIL not in answer.text + str(answer.headers), path
            assert "gopher" not in answer.text + str(answer.headers), path


async def test_what_operators_look_at_is_not_in_the_open(nobody: Person) -> None:
    for path in (
        "/metrics", "/debug", "/debug/pprof/", "/docs", "/openapi.json", "/redoc", "/.env", "/.git/config",
        "/backup", "/data", "/data/node.db", "/admin", "/server-status", "/sidekiq", "/static/../config.toml",
        "/config.toml", "/static/%2e%2e/%2e%2e/config.py", "/static/", "/media/",
        "/__pycache__/", "/node/config.py", "/phpinfo.php",
    ):  # fmt: skip
        assert await nobody.status_of("GET", path) in (404, 405), path


async def test_no_address_leads_to_another_site(nobody: Person) -> None:
    for path in (
        f"//{EVIL}", f"//{EVIL}/", f"/\\{EVIL}", f"/web/%2F{EVIL}", f"/%2F{EVIL}/", f"/%5C{EVIL}", f"/@{EVIL}//",
        f"/sign-in?next=//{EVIL}", f"/sign-in?next=https://{EVIL}", f"/sign-in?next=%5C%5C{EVIL}", f"/?next=//{EVIL}",
        f"/authorize_interaction?uri=https://{EVIL}", f"/redirect?url=https://{EVIL}", f"/media/..%2F..%2F{EVIL}",
        f"/oauth/authorize?redirect_uri=https://{EVIL}&client_id=x&response_type=code",
    ):  # fmt: skip
        answer = await nobody.web.get(f"https://here.example{path}", headers={"accept": "text/html"})
        to = urlsplit(answer.headers.get("location", ""))
        assert to.netloc in ("", "here.example"), path
        assert not to.path.startswith(("//", "/\\")), path


async def test_line_breaks_make_no_headers(alice: Person) -> None:
    broken = "%0d%0aX-Made:%20up%0d%0a"
    await alice.say("One")
    await alice.say("Two")
    for path in (
        f"/api/v1/timelines/home?limit=1&x={broken}", f"/sign-in?next=/{broken}", f"/tags/{broken}", f"/@alice{broken}",
        f"/@alice/{broken}", f"/.well-known/webfinger?resource=acct:alice{broken}@here.example", f"/media/{broken}.png",
        f"/oauth/authorize?state={broken}&client_id={broken}&redirect_uri={broken}", f"/search?q={broken}",
        f"/api/v1/accounts/{alice.id}/statuses?limit=1&tagged={broken}",
    ):  # fmt: skip
        answer = await alice.web.get(path)
        assert answer.status_code < 500, path
        assert "x-made" not in answer.headers, path
        assert all("\r" not in value and "\n" not in value for value in answer.headers.values()), path


async def test_each_answer_says_how_it_may_be_read(alice: Person, nobody: Person) -> None:
    for path in ("/", "/@alice", "/sign-in", "/nothing", "/api/v2/instance", "/api/v1/nothing", "/users/alice",
                 "/api/v1/timelines/home", "/static/design.css", "/media/x.png", "/.well-known/nodeinfo"):  # fmt: skip
        headers = (await nobody.web.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"], path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["strict-transport-security"].startswith("max-age="), path  # its address begins with https
        assert "access-control-allow-credentials" not in headers, path
        if path.startswith("/api/"):
            assert headers["content-type"] == "application/json", path


async def test_made_up_methods_are_not_answered_with_what_they_sent(nobody: Person) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "MADEUP"):
        for path in ("/", "/api/v2/instance", "/@alice"):
            answer = await nobody.web.request(method, path, headers={"x-secret": "quokka"})
            assert 400 <= answer.status_code < 500, (method, path)
            assert "quokka" not in answer.text + str(answer.headers)


async def test_nobody_writes_lines_of_the_log(nobody: Person, caplog: pytest.LogCaptureFixture) -> None:
    forged = "%0a2026-11-27 00:00:00,000 ERROR forged%1b[31m"
    with caplog.at_level(logging.DEBUG):
        for path in (f"/api/v1/statuses/{forged}", f"/@x{forged}", f"/{forged}", f"/media/{forged}",
                     f"/.well-known/webfinger?resource=acct:{forged}@here.example"):  # fmt: skip
            await nobody.web.get(path, headers={"user-agent": "x\x1b[31m"})
        await nobody.web.post("/sign-in", data={"login": "a\nERROR forged", "password": "x"})
        await nobody.web.post("/oauth/token", data={"client_id": "a\nERROR forged", "grant_type": "password"})

    ours = [one for one in caplog.records if one.name.startswith(("sharewell", "node", "federation", "storage"))]
    assert [one.getMessage() for one in ours if "\n" in one.getMessage() or "\x1b" in one.getMessage()] == []
