"""Pictures with what is written on pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx2

from storage import attachments
from tests import pictures
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_writing import NOTE
from tests.serving import ON_BOTH

_KEPT = re.compile(r'name="media\[\]" value="(\d+)"')


async def send(
    client: httpx2.AsyncClient, path: str, values: Mapping[str, str], files: Mapping[str, bytes], key: str = ""
) -> httpx2.Response:
    """As a browser sends the form: an empty file for each field in which nothing was chosen."""
    page = (await client.get(path)).text
    sent = {
        f"picture{one}": ("bed.jpg" if f"picture{one}" in files else "", files.get(f"picture{one}", b""))
        for one in range(1, 5)
    }
    proof = {"proof": hidden(page, "proof"), "key": key or hidden(page, "key")}
    return await client.post(path, data={**proof, **values}, files=sent)


@ON_BOTH
async def test_pictures_of_a_form_stand_in_the_post_with_their_words(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    words = {"text": "Look at this", "alt1": "A made bed", "alt2": "A trolley"}
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write", words, {"picture1": pictures.jpeg(), "picture2": pictures.png()})
        note = await send(client, "/write/safety-note", {**NOTE, "alt3": "A chart"}, {"picture3": pictures.png()})
    page = (await reader.get(answer.headers["location"])).text

    assert page.index('alt="A made bed"') < page.index('alt="A trolley"')
    assert 'alt="A chart"' in (await reader.get(note.headers["location"])).text


async def test_pictures_stay_when_the_form_is_shown_again(sample: Sample, reader: httpx2.AsyncClient) -> None:
    files = {"picture1": pictures.jpeg(), "picture2": b"no picture", "picture3": pictures.png()}
    words = {"text": "", "alt1": "A bed", "alt2": "A chart", "alt3": "A trolley"}
    async with browsing(sample.served, sample.imelda) as client:
        again = await send(client, "/write", words, files)
        kept = _KEPT.findall(again.text)
        rest = {"text": "Look", f"alt-{kept[0]}": "A made bed", f"drop-{kept[1]}": "1"}
        answer = await client.post(
            "/write",
            data={"proof": hidden(again.text, "proof"), "key": hidden(again.text, "key"), "media[]": kept, **rest},
        )
    page = (await reader.get(answer.headers["location"])).text

    assert again.status_code == 422
    assert (len(kept), 'href="#picture3"' in again.text, 'value="A chart"' in again.text) == (2, True, True)
    assert answer.status_code == 303
    assert ('alt="A made bed"' in page, "A trolley" in page) == (True, False)


async def test_pictures_of_others_and_of_other_posts_are_not_taken(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        first = await send(client, "/write", {"text": "Mine", "alt1": "A bed"}, {"picture1": pictures.jpeg()})
        async with sample.served.database.reading() as db:
            [row] = await db.rows("SELECT id FROM attachments WHERE uploaded IS NOT NULL ORDER BY id DESC LIMIT 1")
            mine = await attachments.uploads(db, [row["id"]], actor_id=sample.imelda.id)
        second = await send(client, "/write", {"text": "Once more", "media[]": str(row["id"])}, {})
    async with browsing(sample.served, sample.rosa) as other:
        theirs = await send(other, "/write", {"text": "Not mine", "media[]": str(row["id"])}, {})
    seen = [(await reader.get(one.headers["location"])).text for one in (first, second, theirs)]

    assert list(mine) == [row["id"]]
    assert ["A bed" in one for one in seen] == [True, False, False]


async def test_the_same_form_with_a_picture_sent_twice_is_one_post(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        words = {"text": "Look", "alt1": "A bed"}
        places = [
            (await send(client, "/write", words, {"picture1": pictures.jpeg()}, key="one")).headers["location"]
            for _ in range(2)
        ]

    assert places[0] == places[1]


async def test_a_form_that_is_not_ours_brings_no_file(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        form = {"picture1": ("bed.jpg", pictures.jpeg())}
        answer = await client.post("/write", data={"proof": "0" * 64, "text": "Look"}, files=form)
        async with sample.served.database.reading() as db:
            rows = await db.rows("SELECT id FROM attachments WHERE uploaded IS NOT NULL")

    assert answer.status_code == 403
    assert not rows
