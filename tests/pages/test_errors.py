"""Each thing that can go wrong has a page that says what happened and what helps."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from federation.errors import Refused, Unreachable
from node.app import error
from node.errors import Gone, Invalid, NotAllowed, TooLarge, TooMany, Unauthenticated
from node.middleware import REQUEST_ID
from storage.database import Busy, Missing, Unavailable
from tests.pages.conftest import browsing
from tests.pages.sample import Sample

CASES: list[tuple[Exception, int, str]] = [
    (Invalid("Choose a kind."), 422, "Choose a kind."),
    (Missing("1"), 404, "There is no page here"),
    (Gone("1"), 410, "This was taken back"),
    (Unauthenticated(), 401, "Sign in first"),
    (NotAllowed("Only its author can do that."), 403, "Only its author can do that."),
    (TooLarge(), 413, "That is too large"),
    (TooMany(90), 429, "You are going fast"),
    (Busy("locked"), 503, "Something is in the way"),
    (Unavailable("gone away"), 503, "Something is in the way"),
    (Unreachable("cwm.example"), 503, "Something is in the way"),
    (Refused("odd"), 422, "That did not work"),
    (HTTPException(405), 405, "That address does not work"),
    (HTTPException(400), 400, "That address does not work"),
    (RuntimeError("secret cause"), 500, "Something broke on our side"),
]


def request_of(sample: Sample, path: str = "/@rosa") -> Request:
    """A request without a session."""
    scope = {
        "type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "scheme": "https",
        "server": ("northmoor.example", 443), "state": {"node": sample.served.node}, REQUEST_ID: "7f3a19c2",
    }  # fmt: skip
    return Request(scope)


@pytest.mark.parametrize(
    ("raised", "status", "said"), CASES, ids=[f"{type(one).__name__} {status}" for one, status, _ in CASES]
)
async def test_an_error_is_a_page_with_its_status_and_words(
    sample: Sample, raised: Exception, status: int, said: str
) -> None:
    answer = await error(request_of(sample), raised)
    page = bytes(answer.body).decode()

    assert answer.status_code == status
    assert said in page
    assert "<h1>" in page and '<a href="/">Go to the home page</a>' in page
    assert answer.headers["cache-control"] == "private, no-store"
    assert "secret cause" not in page and "locked" not in page


@pytest.mark.parametrize(
    ("raised", "after"), [(TooMany(90), "90"), (Busy("x"), "3"), (Unavailable("x"), "3")], ids=["429", "503", "503 too"]
)
async def test_what_will_pass_says_when_to_come_back(sample: Sample, raised: Exception, after: str) -> None:
    assert (await error(request_of(sample), raised)).headers["retry-after"] == after


@pytest.mark.parametrize("path", ["/api/v1/statuses/1", "/oauth/token", "/.well-known/webfinger", "/nodeinfo/2.0"])
async def test_apps_and_servers_get_json_for_what_nobody_thought_of(sample: Sample, path: str) -> None:
    answer = await error(request_of(sample, path), RuntimeError("secret cause"))

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/json"
    assert b"secret cause" not in answer.body


async def test_only_a_page_of_an_unforeseen_fault_gives_a_number(sample: Sample) -> None:
    broken = await error(request_of(sample), RuntimeError())
    missing = await error(request_of(sample), Missing("1"))

    assert b"7f3a19c2" in broken.body
    assert b"7f3a19c2" not in missing.body


async def test_a_member_reads_what_went_wrong_also_when_the_database_does_not_say_who_they_are(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as member:
        await sample.served.database.close()
        answer = await member.get("/nothing-here")

    assert answer.status_code == 404
    assert "There is no page here" in answer.text
