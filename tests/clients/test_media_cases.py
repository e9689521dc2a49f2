"""What uploads got wrong elsewhere: cases of group ``media``, with the names they have there."""

from __future__ import annotations

import os
import struct
import time
import zlib
from typing import Any

import httpx2
import pytest
from PIL import Image

from node.api import entities
from storage import attachments
from storage.attachments import Attachment
from tests import pictures
from tests.clients.person import Person
from tests.clients.test_media import erased, kept, path_of, sent, upload
from tests.federation import loopback
from tests.pictures import MARK
from tests.serving import Served

TRAP = "127.0.20.66"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"
POLYGLOT = b"GIF89a/*" + HTML + b"*/=1;alert(1)"
INERT = "default-src 'none'; sandbox"


async def post(who: Person, data: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg") -> httpx2.Response:
    return await who.web.post("/api/v2/media", files=sent(data, name, media_type))


@pytest.mark.parametrize("case", ["media.control_png"])
async def test_a_plain_picture_can_be_uploaded_and_fetched(alice: Person, nobody: Person, case: str) -> None:
    made = await upload(alice, pictures.png())

    assert pictures.opened((await nobody.web.get(path_of(made["url"]))).content).size == (80, 60)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        pytest.param(SVG, "a.png", "image/png", id="media.upload_svg_as_png"),
        pytest.param(HTML, "a.png", "image/png", id="media.upload_html_as_png"),
        pytest.param(HTML, "a.html", "text/html", id="media.upload_html"),
        pytest.param(b"alert(1)", "a.js", "text/javascript", id="media.upload_js"),
        pytest.param(POLYGLOT, "a.gif", "image/gif", id="media.polyglot"),
        pytest.param(b"\0\0\0\x20ftypisom" + HTML, "a.mp4", "video/mp4", id="media.film"),
        pytest.param(b"%PDF-1.7\n" + HTML, "a.jpg", "image/jpeg", id="media.pdf"),
    ],
)
async def test_what_is_no_picture_is_refused(
    alice: Person, served: Served, data: bytes, name: str, media_type: str
) -> None:
    answer = await post(alice, data, name, media_type)

    assert answer.status_code == 422
    assert answer.json()["error"][0].isupper()  # a sentence that says what is wrong
    assert kept(served) == []


async def test_a_picture_that_is_a_page_too_is_only_a_picture(alice: Person, nobody: Person) -> None:
    made = await upload(alice, pictures.saved(pictures.drawn(), "JPEG", comment=HTML) + HTML)

    served = await nobody.web.get(path_of(made["url"]))

    assert b"script" not in served.content
    assert (served.headers["content-type"], served.headers["content-security-policy"]) == ("image/jpeg", INERT)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.telling_jpeg(), id="media.exif_gps_stripped"),
        pytest.param(pictures.telling_png(), id="media.png_text_stripped"),
    ],
)
async def test_a_picture_does_not_tell_where_it_was_taken(alice: Person, nobody: Person, data: bytes) -> None:
    made = await upload(alice, data)

    for name in ("url", "preview_url"):
        answer = await nobody.web.get(path_of(made[name]))
        assert MARK.encode() not in answer.content
        assert len(pictures.opened(answer.content).getexif()) == 0


def lying_png() -> bytes:
    """A PNG that says it has 2^31 - 1 pixels each way."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.saved(Image.new("1", (30_000, 30_000)), "PNG"), id="media.pixel_bomb"),
        pytest.param(lying_png(), id="media.lying_dimensions"),
        pytest.param(pictures.jpeg()[:400], id="media.truncated"),
        pytest.param(b"", id="media.empty"),
        pytest.param(pictures.png()[:16], id="media.truncated_head"),
    ],
)
async def test_what_would_hurt_is_refused_soon(alice: Person, served: Served, data: bytes) -> None:
    await upload(alice)
    began, there = time.monotonic(), kept(served)

    answer = await post(alice, data)

    assert answer.status_code == 422
    assert time.monotonic() - began < 5
    assert kept(served) == there
    await upload(alice)


@pytest.mark.parametrize("case", ["media.oversize"])
@pytest.mark.parametrize("announced", [True, False])
async def test_too_much_is_refused_and_not_kept(alice: Person, served: Served, case: str, announced: bool) -> None:
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    read = 0

    async def body() -> Any:
        nonlocal read
        yield start + pictures.jpeg()
        for _ in range(60):
            read += 1
            yield os.urandom(1024) * 1024

    headers = {"content-type": "multipart/form-data; boundary=x"}
    if announced:
        headers["content-length"] = str(60 << 20)
    answer = await alice.web.post("/api/v2/media", content=body(), headers=headers)

    assert answer.status_code == 413
    assert read <= 18 if not announced else read <= 60
    assert kept(served) == []


@pytest.mark.parametrize("case", ["media.oversize"])
async def test_other_routes_take_no_more_than_before(alice: Person, case: str) -> None:
    files = {"file": ("a.jpg", b"x" * (2 << 20), "image/jpeg")}

    for method, path in (("POST", "/api/v1/statuses"), ("PUT", "/api/v1/statuses/1"), ("POST", "/api/v1/reports")):
        assert await alice.status_of(method, path, files=files) == 413


NAMES = [
    "../../../etc/passwd",
    "a\x00b.jpg",
    "a\r\nSet-Cookie: x=1",
    "é" * 300,
    "x" * 300 + ".jpg",
    "..",
    "/",
    '"; x="',
]


@pytest.mark.parametrize("case", ["media.filename_traversal"])
async def test_names_that_people_give_files_go_nowhere(
    alice: Person, nobody: Person, served: Served, case: str
) -> None:
    for name in NAMES:
        start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n'
        answer = await alice.web.post(
            "/api/v2/media", content=start + pictures.png() + b"\r\n--x--\r\n",
            headers={"content-type": "multipart/form-data; boundary=x"},
        )  # fmt: skip
        assert answer.status_code in (200, 422), name
        if answer.status_code == 200:
            shown = await nobody.web.get(path_of(answer.json()["url"]))
            assert path_of(answer.json()["url"]).removeprefix("/media/").removesuffix(".png").isalnum()
            assert not {"content-disposition", "set-cookie"} & set(shown.headers)

    assert all(served.node.media.path in one.parents for one in kept(served))
    assert {one.suffix for one in kept(served)} == {".png", ".jpg"}


def crafted(case: str, trap: str) -> bytes:
    """A file that makes some processors fetch ``trap``."""
    return {
        "msl": f'<?xml version="1.0"?><image><read filename="{trap}"/><write filename="/tmp/x"/></image>',
        "hls_file": f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\n{trap}\n#EXT-X-ENDLIST\n",
        "svg_image": f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{trap}"/></svg>',
        "xxe": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "{trap}">]><svg><text>&y;</text></svg>',
        "dash": f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{trap}</BaseURL></MPD>',
    }[case].encode()


@pytest.mark.parametrize(
    "case", ["msl", "hls_file", "svg_image", "xxe", "dash"], ids=lambda one: f"media.processor_{one}"
)
async def test_no_file_makes_the_node_fetch_something(alice: Person, case: str) -> None:
    async with loopback.listening(TRAP) as trap:
        data = crafted(case, trap.url("/x"))
        for start in (b"", b"\xff\xd8\xff\xe0", b"GIF89a", b"\x89PNG\r\n\x1a\n"):
            assert (await post(alice, start + data)).status_code == 422
        await upload(alice, pictures.saved(pictures.drawn(), "PNG", xmp=data))

        assert trap.connections == 0


@pytest.mark.parametrize("case", ["media.no_cookies_needed_or_set"])
async def test_files_know_no_cookies(alice: Person, nobody: Person, case: str) -> None:
    made = await upload(alice)

    answer = await nobody.web.get(path_of(made["url"]))

    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


@pytest.mark.parametrize("case", ["media.range_abuse"])
async def test_a_thousand_ranges_get_the_file_once(alice: Person, nobody: Person, case: str) -> None:
    made = await upload(alice)
    whole = (await nobody.web.get(path_of(made["url"]))).content

    answer = await nobody.web.get(path_of(made["url"]), headers={"range": "bytes=" + ",".join(["0-"] * 1000)})

    assert (answer.status_code, answer.content) == (200, whole)


@pytest.mark.parametrize("case", ["media.path_traversal_url"])
async def test_no_address_leads_out_of_the_folder(alice: Person, nobody: Person, served: Served, case: str) -> None:
    made = await upload(alice)
    (served.node.media.path.parent / "secret.png").write_bytes(b"secret")
    name = path_of(made["url"]).removeprefix("/media/")

    for path in (
        "/media/../secret.png", "/media/..%2fsecret.png", "/media/%2e%2e/secret.png", "/media/%2e%2e%2fsecret.png",
        "/media/..%5csecret.png", "/media/....//secret.png", f"/media/{name[:2]}/{name}", f"/media/{name}%00.html",
        f"/media/./{name}/../../secret.png", "/static/../../media/secret.png", "/static/..%2f..%2fconfig.py",
    ):  # fmt: skip
        url = httpx2.URL(served.site.base_url).copy_with(raw_path=path.encode())
        answer = await nobody.web.get(url)
        assert 400 <= answer.status_code < 500, path
        assert b"secret" not in answer.content.replace(b"/secret.png", b"")


@pytest.mark.parametrize("case", ["media.attach_others"])
async def test_bob_cannot_attach_what_alice_uploaded(alice: Person, bob: Person, case: str) -> None:
    made = await upload(alice)

    answer = await bob.web.post("/api/v1/statuses", json={"status": "Mine", "media_ids": [made["id"]]})

    assert answer.status_code == 422
    assert await bob.get("/api/v1/timelines/home") == []


@pytest.mark.parametrize("case", ["media.update_others"])
async def test_bob_cannot_touch_what_alice_uploaded(alice: Person, bob: Person, served: Served, case: str) -> None:
    made = await upload(alice, description="A bed")
    path = f"/api/v1/media/{made['id']}"

    assert await bob.status_of("GET", path) == 404
    assert await bob.status_of("PUT", path, json={"description": "x"}) == 404
    assert await bob.status_of("PUT", path, files={"thumbnail": ("t.png", pictures.png(), "image/png")}) == 404
    assert await bob.status_of("DELETE", path) == 404
    assert await alice.get(path) == made
    assert len(await erased(served)) == 2


@pytest.mark.parametrize("case", ["media.reuse_attached"])
async def test_an_upload_belongs_to_one_post(alice: Person, case: str) -> None:
    made = await upload(alice)
    await alice.say("One", media_ids=[made["id"]])

    assert await alice.status_of("POST", "/api/v1/statuses", json={"status": "2", "media_ids": [made["id"]]}) == 422


@pytest.mark.parametrize("case", ["media.ids_unguessable_url"])
async def test_addresses_are_no_counter(alice: Person, case: str) -> None:
    made = [await upload(alice) for _ in range(4)]

    names = {path_of(one[which])[7:39] for one in made for which in ("url", "preview_url")}

    assert len(names) == 8
    assert len({name[:4] for name in names}) > 4
    assert not any(one["id"] == path_of(one["url"])[7:].partition(".")[0] for one in made)


@pytest.mark.parametrize("case", ["media.remote_svg", "media.remote_endless"])
async def test_files_of_other_servers_are_neither_fetched_nor_served(
    alice: Person, nobody: Person, served: Served, case: str
) -> None:
    made = await alice.say("Look")
    async with served.database.writing() as db:
        assert alice.actor is not None
        far = Attachment(0, int(made["id"]), alice.actor.id, 0, "image/svg+xml", "https://far.example/a.svg")
        await attachments.put(db, [far])
        [kept_one] = (await attachments.of(db, [int(made["id"])]))[int(made["id"])]

    page = (await nobody.web.get(made["url"].removeprefix("https://here.example"))).text
    shown = entities.attachment(kept_one)

    assert (shown["url"], shown["preview_url"]) == ("https://far.example/a.svg", "https://far.example/a.svg")
    assert "<img" not in page
    assert not any("a.svg" in one.url for one in served.fediverse.exchanged)
