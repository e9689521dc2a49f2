"""Anybody writes to those who run the node; guardians and the operator get it, and nobody else."""

from __future__ import annotations

import asyncio
import re

import httpx2

from storage.members import Role
from tests.clients.guards import NUMBER, tables_with
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import relaying
from tests.serving import ON_BOTH, Fediverse, Served

WORDS = "Your page on heels does not open on our screens."
LETTER = {"text": WORDS, "email": "sister@ward.example", "nothing": ""}


async def _from(served: Served, host: str, letter: dict[str, str]) -> httpx2.Response:
    """Somebody at a network address sends a letter."""
    transport = httpx2.ASGITransport(served.app, raise_app_exceptions=False, client=(host, 1))
    async with httpx2.AsyncClient(transport=transport, base_url=served.site.base_url) as client:
        return await client.post("/contact", data=letter)


@ON_BOTH
async def test_a_letter_goes_to_guardians_and_the_operator_and_is_erased_when_it_is_seen_to(
    fediverse: Fediverse,
) -> None:
    async with relaying() as relay:
        served = await fediverse.node("north.example", contact="help@north.example", mail=relay.options())
        gwen = await served.account("gwen", role=Role.GUARDIAN)
        async with served.client() as stranger, browsing(served, gwen) as guardian:
            form = (await stranger.get("/contact")).text
            sent = await stranger.post("/contact", data=LETTER)
            thanks = (await stranger.get(sent.headers["location"])).text
            await fediverse.quiet()

            queue = (await guardian.get("/guardian")).text
            told = (await guardian.get("/notifications")).text
            [mail] = relay.to("help@north.example")
            action = re.search(r'action="(/guardian/letters/\d+/done)"', queue)
            assert action is not None
            for wrong in (await stranger.post(action[1]), await guardian.post(action[1])):
                assert wrong.status_code in (303, 401, 403)
            kept = await tables_with(served, WORDS)
            done = await guardian.post(action[1], data={"proof": hidden(queue, "proof")})
            after = (await guardian.get("/guardian")).text

    assert "Nobody watches this form" in form and 'href="/about#report"' in form
    assert (sent.status_code, "Thank you for writing" in thanks) == (303, True)
    assert WORDS in queue and "mailto:sister@ward.example" in queue
    assert "1 letter to those who run this node waits" in told and WORDS not in told
    assert WORDS in mail.text and "Answer to: sister@ward.example" in mail.text
    assert kept == ["inquiries"]
    assert (done.status_code, WORDS in after) == (303, False)
    assert await tables_with(served, WORDS) == []


async def test_what_is_no_letter_is_kept_nowhere(fediverse: Fediverse) -> None:
    served = await fediverse.node("north.example", limits={"rate": True})
    numbered = f"The NHS number {NUMBER} stands on your page."

    stopped = await _from(served, "192.0.2.1", {"text": numbered, "email": "a@b.example"})
    empty = await _from(served, "192.0.2.1", {"text": " "})
    nowhere = await _from(served, "192.0.2.1", {"text": WORDS, "email": "a@b.example\r\nBcc: x@y.example"})
    trapped = await _from(served, "192.0.2.1", {"text": numbered, "nothing": "https://pills.example"})
    async with served.database.writing(), asyncio.timeout(2):  # a letter that is refused waits for nobody
        again = await _from(served, "192.0.2.1", {"text": numbered})
    before = await tables_with(served, WORDS)
    of_one = [(await _from(served, "2001:db8::1", LETTER)).status_code for _ in range(6)]
    neighbour = await _from(served, "2001:db8::2", LETTER)
    others = [(await _from(served, f"192.0.3.{n}", LETTER)).status_code for n in range(60)]
    async with served.database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM inquiries")

    assert (stopped.status_code, "NHS number" in stopped.text, "nothing was kept or sent" in stopped.text) == (
        422, True, True,
    )  # fmt: skip
    assert f">{numbered}</textarea>" in stopped.text
    assert (empty.status_code, nowhere.status_code, again.status_code) == (422, 422, 422)
    assert (trapped.status_code, trapped.headers["location"], before) == (303, "/contact?done", [])
    assert of_one == [303] * 5 + [429]
    assert neighbour.status_code == 429
    assert others == [303] * 55 + [429] * 5
    assert row is not None and row["n"] == 60
    assert await tables_with(served, NUMBER) == []
