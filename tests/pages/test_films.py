"""Pages play the films and sounds that members uploaded, without scripts, and take them in forms."""

from __future__ import annotations

import re

import httpx2
import pytest

from node.sharing import uploads
from storage import attachments, posts
from storage.actors import Actor
from storage.attachments import Attachment
from tests import films, pictures
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_attaching import send
from tests.pages.test_pages import paths
from tests.pages.test_pictures import app_of
from tests.serving import Fediverse, Served


async def shared_film(served: Served, author: Actor, data: bytes, alt: str = "A bed") -> str:
    """The page of a post with a film or sound."""
    async with app_of(served, author) as app:
        sent = await app.post("/api/v1/media", files={"file": ("a", data, "")}, data={"description": alt})
        assert sent.status_code == 200, sent.text
        post = await app.post("/api/v1/statuses", json={"status": "Look", "media_ids": [sent.json()["id"]]})
        return str(post.json()["url"])


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    return await fediverse.node("northmoor.example")


@pytest.fixture
async def alice(served: Served) -> Actor:
    return await served.account("alice", name="Alice Moor", note="Nurse")


async def test_a_film_can_be_played_where_its_post_is_shown(served: Served, alice: Actor) -> None:
    url = await shared_film(served, alice, films.film(size=(640, 360)), 'A "bed" <b>')

    async with served.client() as reader:
        for path in (url.removeprefix("https://northmoor.example"), "/", "/@alice"):
            answer = await reader.get(path)
            [film] = re.findall(r"<video .*?</video>", answer.text)
            source, poster = re.findall(r'(?:src|poster)="(/media/[0-9a-f]{32}\.\w+)"', film)
            assert 'controls preload="none"' in film and 'width="640" height="360"' in film and "autoplay" not in film
            assert 'aria-label="A &#34;bed&#34; &lt;b&gt;"' in film
            assert "media-src 'self'" in answer.headers["content-security-policy"]
            assert (await reader.get(source)).headers["content-type"] == "video/mp4"
            assert (await reader.get(poster)).headers["content-type"] == "image/jpeg"


async def test_a_sound_can_be_heard_where_its_post_is_shown(served: Served, alice: Actor) -> None:
    url = await shared_film(served, alice, films.sound(), "")

    async with served.client() as reader:
        page = (await reader.get(url.removeprefix("https://northmoor.example"))).text

    [sound] = re.findall(r"<audio .*?</audio>", page)
    assert 'controls preload="none"' in sound and 'aria-label="Sound that nobody described"' in sound


async def test_films_of_other_servers_are_links(sample: Sample, reader: httpx2.AsyncClient) -> None:
    path = paths(sample)["remote"]
    async with sample.served.database.writing() as db:
        post = (await posts.by_ids(db, [int(path.rpartition("/")[2])]))[int(path.rpartition("/")[2])]
        await attachments.drop(db, post.id)
        far = Attachment(
            0,
            post.id,
            post.author_id,
            0,
            "video/mp4",
            "https://far.example/a.mp4",
            "https://far.example/a.jpg",
            "A bed",
        )
        await attachments.put(db, [far])

    page = (await reader.get(path)).text

    assert '<a href="https://far.example/a.mp4" rel="nofollow noopener noreferrer">Film at' in page
    assert "<video" not in page and "far.example/a.jpg" not in page


async def test_a_film_of_a_form_stands_in_the_post(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        form = (await client.get("/write")).text
        answer = await send(client, "/write", {"text": "Look", "alt1": "A made bed"}, {"picture1": films.film()})
        assert answer.status_code == 303, answer.text
        page = (await client.get(answer.headers["location"])).text

    assert "video/mp4" in form and "Add pictures, a film or a sound" in form
    assert 'aria-label="A made bed"' in page and "<video" in page


async def test_a_film_beside_a_picture_is_kept_while_the_form_says_so(sample: Sample) -> None:
    files = {"picture1": films.film(), "picture2": pictures.jpeg()}
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write", {"text": "Look", "alt1": "A made bed"}, files)
        kept = re.findall(r'name="media\[\]" value="(\d+)"', answer.text)
        rest = {"text": "Look", f"drop-{kept[1]}": "1", "media[]": kept}
        proof = {"proof": hidden(answer.text, "proof"), "key": hidden(answer.text, "key")}
        again = await client.post("/write", data={**proof, **rest})

    assert (answer.status_code, len(kept)) == (422, 2)
    assert "A post takes one film or one sound, and no pictures beside it." in answer.text
    assert again.status_code == 303


async def test_a_film_that_takes_long_is_kept_with_the_form_until_it_is_made(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.0)
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write", {"text": "Look", "alt1": "A made bed"}, {"picture1": films.film()})
        [kept] = re.findall(r'name="media\[\]" value="(\d+)"', answer.text)
        await sample.served.fediverse.quiet(seconds=60)
        proof = {"proof": hidden(answer.text, "proof"), "key": hidden(answer.text, "key")}
        again = await client.post("/write", data={**proof, "text": "Look", "media[]": kept})
        page = (await client.get(again.headers["location"])).text

    assert answer.status_code == 422
    assert "still being worked on" in answer.text and 'value="A made bed"' in answer.text
    assert 'aria-label="A made bed"' in page


async def test_a_node_without_the_extra_asks_for_pictures_alone(fediverse: Fediverse) -> None:
    served = await fediverse.node("northmoor.example", films=False)
    alice = await served.account("alice")
    async with browsing(served, alice) as client:
        form = (await client.get("/write")).text
        answer = await send(client, "/write", {"text": "Look"}, {"picture1": films.sound("wav")})

    assert "Add pictures<" in form and "video/mp4" not in form
    assert answer.status_code == 422 and "takes no films or sounds" in answer.text
