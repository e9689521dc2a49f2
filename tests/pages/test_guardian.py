"""Held, stopped and warned of on pages: the writer's forms and home, and the guardians' page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import httpx2
import pytest

from storage.actors import Actor
from storage.members import Role
from tests.clients.guards import BLOCKED, HELD, NUMBER, URGENT, WARNED, tables_with
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_writing import NOTE, send
from tests.serving import ON_BOTH


@pytest.fixture
async def gwen(sample: Sample) -> Actor:
    """A guardian."""
    return await sample.served.account("gwen", role=Role.GUARDIAN)


@pytest.fixture
async def guardian(sample: Sample, gwen: Actor) -> AsyncGenerator[httpx2.AsyncClient]:
    """Her browser."""
    async with browsing(sample.served, gwen) as client:
        yield client


@pytest.fixture
async def writer(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """A member's browser."""
    async with browsing(sample.served, sample.imelda) as client:
        yield client


async def press(client: httpx2.AsyncClient, action: str, **values: str) -> httpx2.Response:
    page = (await client.get("/guardian")).text
    return await client.post(action, data={"proof": hidden(page, "proof"), **values})


async def deed(client: httpx2.AsyncClient, name: str) -> str:
    """The address of the first button of this name on the guardians' page."""
    found = re.search(rf'action="(/guardian/\d+/{name})"', (await client.get("/guardian")).text)
    assert found is not None
    return found[1]


async def test_what_is_stopped_is_shown_with_marks_and_nothing_typed_is_lost(
    sample: Sample, writer: httpx2.AsyncClient
) -> None:
    answer = await send(writer, "/write/safety-note", {**NOTE, "situation": BLOCKED})

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f'<mark class="found">{NUMBER}</mark>' in answer.text
    assert "Nothing was stored or sent." in answer.text
    for words in (f">{BLOCKED}</textarea>", NOTE["recommendation"], NOTE["title"], '<a href="#situation">'):
        assert words in answer.text
    assert re.search(r'id="sure"[^>]* checked', answer.text)
    assert await tables_with(sample.served, NUMBER) == []


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"text": BLOCKED}, "text"),
        ({"text": "x", "summary": BLOCKED}, "summary"),
        ({"text": "x", "option1": "a", "option2": BLOCKED[19:]}, "option2"),
    ],
    ids=["text", "warning", "option"],
)
async def test_it_is_said_at_its_field(writer: httpx2.AsyncClient, values: dict[str, str], place: str) -> None:
    answer = await send(writer, "/write", values)

    assert answer.status_code == 422
    assert f'<a href="#{place}">Not published: this looks like an NHS number' in answer.text
    assert re.search(rf'id="{place}"[^>]* aria-invalid="true"', answer.text)


async def test_a_warning_passes_with_the_second_press(writer: httpx2.AsyncClient) -> None:
    first = await send(writer, "/write", {"text": WARNED})
    values = {"proof": hidden(first.text, "proof"), "key": hidden(first.text, "key"), "text": WARNED}
    second = await writer.post("/write", data=values)

    assert (first.status_code, ">Post anyway</button>" in first.text, second.status_code) == (422, True, 303)
    assert '<mark class="found">103-year-old</mark>' in first.text
    assert WARNED in (await writer.get(second.headers["location"])).text


@ON_BOTH
async def test_held_it_stands_at_home_with_marks_and_can_be_taken_back(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    answer = await send(writer, "/write", {"text": HELD})
    home = (await writer.get("/")).text
    back = re.search(r'action="(/waiting/\d+/take-back)"', home)
    assert back is not None

    assert answer.headers["location"] == "/#waiting"
    assert "Held for a privacy check, usually less than a day." in home
    assert f'<mark class="found">{HELD[3:]}</mark>' in home
    assert HELD not in (await reader.get("/learn")).text
    await writer.post(back[1], data={"proof": hidden(home, "proof")})
    assert "Nothing is waiting" in (await guardian.get("/guardian")).text
    assert HELD[3:] not in (await writer.get("/")).text


@ON_BOTH
async def test_a_guardian_releases_it(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await send(writer, "/write", {"text": HELD})
    page = (await guardian.get("/guardian")).text

    answer = await press(guardian, await deed(guardian, "release"))
    await sample.served.fediverse.quiet()

    assert f'<mark class="found">{HELD[3:]}</mark>' in page
    assert "Imelda" in page
    assert answer.status_code == 303
    assert "Released. Its author is told." in (await guardian.get(answer.headers["location"])).text
    assert HELD in (await reader.get(f"/@{sample.imelda.handle}")).text


async def test_a_guardian_returns_it_and_says_why(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient
) -> None:
    await send(writer, "/write", {"text": HELD})
    action = await deed(guardian, "return")
    silent = await press(guardian, action, reason="")

    await press(guardian, action, reason="Drop the age <and> the bay.")

    home = (await writer.get("/")).text
    assert (silent.status_code, "Say why" in silent.text) == (422, True)
    assert "A guardian returned this." in home
    assert "Drop the age &lt;and&gt; the bay." in home
    assert "Delete it" in home
    numbers = re.findall(r"<td>([^<]*)</td>", (await guardian.get("/guardian")).text)
    assert numbers[:4] == ["1", "0", "1", "0.0"]


async def test_a_claim_is_shown_to_others(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient
) -> None:
    await send(writer, "/write", {"text": HELD})
    await press(guardian, await deed(guardian, "claim"))
    other = await sample.served.account("gus", role=Role.ADMIN, name="Gus")
    async with browsing(sample.served, other) as client:
        page = (await client.get("/guardian")).text

    assert "gwen is looking at it, until" in page
    assert "/release" not in page
    assert "You are looking at it" in (await guardian.get("/guardian")).text


async def test_what_was_no_finding_is_counted(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient
) -> None:
    await send(writer, "/write", {"text": HELD})

    answer = await press(guardian, await deed(guardian, "no-finding"), kind="date_place_age")

    page = (await guardian.get(answer.headers["location"])).text
    assert "counted: details that together say who it was" in page
    assert "age, day, place (1)" in page


async def test_what_may_be_happening_now_comes_first(writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient) -> None:
    await send(writer, "/write", {"text": HELD})
    await send(writer, "/write", {"text": URGENT})

    page = (await guardian.get("/guardian")).text

    assert page.index("This may be happening now") < page.index("fell in bay 3")
    assert "Ring first, then decide" in page


async def test_the_page_is_for_guardians(sample: Sample, writer: httpx2.AsyncClient) -> None:
    proof = hidden((await writer.get("/")).text, "proof")

    assert (await writer.get("/guardian")).status_code == 403
    assert (await writer.post("/guardian/1/release", data={"proof": proof})).status_code == 403
    async with sample.served.client() as nobody:
        assert (await nobody.get("/guardian")).status_code in (303, 401)


async def test_a_form_of_another_site_decides_nothing(
    sample: Sample, writer: httpx2.AsyncClient, guardian: httpx2.AsyncClient
) -> None:
    await send(writer, "/write", {"text": HELD})
    action = await deed(guardian, "release")

    assert (await guardian.post(action, data={"proof": "x"})).status_code == 403
    assert "1 post waits" in (await guardian.get("/guardian")).text
