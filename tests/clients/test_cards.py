"""Previews of linked pages, over real sockets: what pages say comes out harmless, and nobody is asked too much."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import escape

import orjson
import pytest

from federation.client import Client
from node import sweeping
from node.learning import trending
from node.surfacing import previews
from storage import ids
from tests import pictures
from tests.clients.person import Json, Person, person
from tests.clients.test_discovery import JOB
from tests.clients.test_entities import differences
from tests.federation.doors import Names, Settings
from tests.federation.loopback import Answer, Asked, Peer, answer, listening, moved
from tests.serving import Fediverse, Served

HTML = "text/html; charset=utf-8"
META = """<!doctype html><html lang="en-GB"><head><title>Plain title</title>
<meta property="og:title" content="Fewer falls &amp; more sleep">
<meta property="og:description" content="How we did it">
<meta property="og:site_name" content="Northmoor News"><meta property="og:image" content="/bed.png">
<meta property="og:image:alt" content="A low bed"><meta name="author" content="Gina">
<meta property="article:published_time" content="2026-10-01T10:00:00Z"></head><body>Words</body></html>"""


# Members' texts become links where their hosts have a name under a domain that exists.
NAMES = {
    "news.com": ["127.0.20.1"], "other.com": ["127.0.20.2"], "trap.com": ["127.0.0.1"], "trap6.com": ["::1"],
    "mapped.com": ["::ffff:127.0.0.1"],
}  # fmt: skip


def at(peer: Peer, path: str, name: str = "news.com") -> str:
    """An address of a server on loopback."""
    return f"http://{name}:{peer.port}{path}"


class Site:
    """A server with pages that a test writes."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = dict(pages)

    def __call__(self, asked: Asked) -> bytes:
        return self.pages.get(asked.target, answer(status=404, type=HTML))


@asynccontextmanager
async def linked(fediverse: Fediverse, answers: Answer | bytes) -> AsyncGenerator[tuple[Served, Peer]]:
    """A node that may ask a server on loopback, and that server."""
    # Ids of posts never go back in one process, so that days only go on from test to test.
    fediverse.clock.now = max(fediverse.clock.now, ids.time_of(ids.new_id(0)) + 1)
    client = Client.of("https://here.example", "", Settings(), resolver=Names(NAMES), timeout=3)
    async with AsyncExitStack() as stack:
        peer = await stack.enter_async_context(listening("127.0.20.1", answers))
        stack.push_async_callback(client.close)
        yield await fediverse.node("here.example", client=client), peer


async def asked(served: Served) -> None:
    """Let the pause pass that is made before pages are asked."""
    served.fediverse.clock.advance(seconds=previews.SPREAD // 1000 + 1)
    await served.fediverse.quiet()


async def card_of(who: Person, post: Json) -> Json:
    return (await who.get(f"/api/v1/statuses/{post['id']}"))["card"]


async def rows(served: Served) -> list[int]:
    async with served.database.reading() as db:
        found = [await db.row("SELECT COUNT(*) AS n FROM " + one) for one in ("cards", "post_cards", "files")]
    return [0 if one is None else one["n"] for one in found]


async def test_a_post_is_shown_with_the_page_it_links_to_first(fediverse: Fediverse) -> None:
    site = Site({"/a": answer(META.encode(), type=HTML), "/bed.png": answer(pictures.png(), type="image/png")})
    async with linked(fediverse, site) as (served, peer), person(served, "alice") as alice:
        post = await alice.say(f"Read {at(peer, '/a')}#top and {at(peer, '/b')}")
        assert await card_of(alice, post) is None
        await asked(served)
        card = await card_of(alice, post)
        again = await alice.say(f"Again {at(peer, '/a')}")
        image = await alice.web.get(card["image"])

    assert differences("PreviewCard", card) == []
    assert {name: card[name] for name in ("url", "title", "description", "language", "type", "html", "embed_url")} == {
        "url": at(peer, "/a"), "title": "Fewer falls & more sleep", "description": "How we did it",
        "language": "en-GB", "type": "link", "html": "", "embed_url": "",
    }  # fmt: skip
    assert (card["provider_name"], card["provider_url"]) == ("Northmoor News", at(peer, ""))
    assert card["authors"] == [{"name": "Gina", "url": "", "account": None}]
    assert (card["published_at"], card["image_description"]) == ("2026-10-01T10:00:00.000Z", "A low bed")
    assert card["image"].startswith("https://here.example/media/")
    assert (image.status_code, image.headers["content-type"][:6], card["width"] > 0) == (200, "image/", True)
    assert again["card"] == card  # one card for an address, known at once
    assert peer.targets == ["/a", "/bed.png"]


async def test_only_what_everybody_may_read_makes_a_node_ask(fediverse: Fediverse) -> None:
    async with linked(fediverse, answer(META.encode(), type=HTML)) as (served, peer), person(served, "alice") as alice:
        await alice.say(f"Between us {at(peer, '/secret')}", visibility="private")
        post = await alice.say(f"Between us {at(peer, '/secret')}", visibility="direct")
        await asked(served)
        shown = await card_of(alice, post)
        found = await rows(served)

    assert (shown, peer.connections, found[:2]) == (None, 0, [0, 0])


async def test_a_card_goes_with_its_last_post(fediverse: Fediverse) -> None:
    site = Site({"/a": answer(META.encode(), type=HTML), "/bed.png": answer(pictures.png(), type="image/png")})
    async with linked(fediverse, site) as (served, peer), person(served, "alice") as alice:
        one, other = [await alice.say(f"Read {at(peer, '/a')} {n}") for n in range(2)]
        await asked(served)
        card = await card_of(alice, one)
        assert await rows(served) == [1, 2, 1]
        await alice.delete(f"/api/v1/statuses/{one['id']}")
        assert (await rows(served))[:2] == [1, 1]
        await alice.edit(other["id"], status=f"Read {at(peer, '/b')}")
        async with served.database.reading() as db:
            assert [row["url"] for row in await db.rows("SELECT url FROM cards")] == [at(peer, "/b")]
        await alice.edit(other["id"], status="Nothing to read")
        assert (await rows(served))[:2] == [0, 0]
        await sweeping.remove_loose(served.node)
        gone = await alice.web.get(card["image"])
        left = await rows(served)

    assert (gone.status_code, left) == (404, [0, 0, 0])


async def test_a_page_is_asked_once_and_again_after_a_week(fediverse: Fediverse) -> None:
    site = Site({"/a": answer(META.encode(), type=HTML)})
    async with linked(fediverse, site) as (served, peer), person(served, "alice") as alice:
        for _ in range(4):
            await alice.say(f"Read {at(peer, '/a')}")
        first = await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        assert peer.targets.count("/a") == 1
        site.pages["/a"] = answer(META.replace("Fewer", "No").encode(), type=HTML)
        fediverse.clock.advance(seconds=previews.FRESH / 1000)
        await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        card = await card_of(alice, first)

    assert (peer.targets.count("/a"), card["title"]) == (2, "No falls & more sleep")


async def test_apps_that_listen_hear_of_a_card(fediverse: Fediverse) -> None:
    async with (
        linked(fediverse, answer(META.encode(), type=HTML)) as (served, peer),
        person(served, "alice") as alice,
    ):
        heard: list[int] = []
        post = await alice.say(f"Read {at(peer, '/a')}")
        end = served.database.listen("edited", heard.append)
        await asked(served)
        end()

    assert heard == [int(post["id"])]


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "\u202etxt.exe",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "</title><script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("words", [pytest.param(one, id=f"html.preview_card-{n}") for n, one in enumerate(HOSTILE)])
async def test_a_hostile_page_makes_a_harmless_card(fediverse: Fediverse, words: str) -> None:
    names = ["og:title", "og:description", "og:site_name", "author", "og:image", "article:author", "og:image:alt"]
    tags = "".join(f'<meta property="{name}" content="Words {escape(words)}">' for name in names)
    tags += f'<meta property="og:url" content="{escape(words)}"><meta property="og:video" content="{escape(words)}">'
    page = f'<html lang="{escape(words)}"><head><title>Title</title>{tags}</head></html>'
    async with linked(fediverse, answer(page.encode(), type=HTML)) as (served, peer), person(served, "alice") as alice:
        post = await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        card = await card_of(alice, post)

    assert card["title"].startswith("Words")
    assert (card["url"], card["image"], card["language"], card["html"]) == (at(peer, "/a"), None, None, "")
    whole = orjson.dumps(card).decode()
    assert not [one for one in ("<script", "<img", "<svg", "onerror=alert(1)>", "\u202e") if one in whole]
    assert card["author_url"] == "" or card["author_url"].startswith(("https://", "http://news.com"))


async def test_oembed_adds_what_the_page_does_not_say_and_only_of_its_own_server(fediverse: Fediverse) -> None:
    said = {"version": "1.0", "type": "video", "title": "A film", "author_name": "Gina", "author_url": "https://g.example/",
            "provider_name": "Films", "html": "<script>alert(1)</script>"}  # fmt: skip
    link = '<link rel="alternate" type="application/json+oembed" href="{}">'
    site = Site({"/more": answer(orjson.dumps(said), type="application/json")})
    async with (
        linked(fediverse, site) as (served, peer),
        person(served, "alice") as alice,
        listening("127.0.20.2", site) as other,
    ):
        site.pages["/a"] = answer(f"<title></title>{link.format('/more')}".encode(), type=HTML)
        foreign = f"<title>Ours</title>{link.format(at(other, '/more', 'other.com'))}"
        site.pages["/b"] = answer(foreign.encode(), type=HTML)
        one, two = [await alice.say(at(peer, path)) for path in ("/a", "/b")]
        await asked(served)
        first, second = await card_of(alice, one), await card_of(alice, two)
        assert other.connections == 0

    assert (first["title"], first["author_name"], first["author_url"]) == ("A film", "Gina", "https://g.example/")
    assert (first["provider_name"], first["html"], first["type"]) == ("Films", "", "link")
    assert (second["title"], second["author_name"]) == ("Ours", "")


@pytest.mark.parametrize("place", ["http://trap.com:{port}/", "http://trap6.com:{port}/", "http://mapped.com:{port}/"])
@pytest.mark.parametrize("way", ["linked", "redirect", "image", "oembed"])
async def test_a_link_never_leads_into_our_own_network(fediverse: Fediverse, place: str, way: str) -> None:
    async with listening("127.0.0.1", answer(META.encode(), type=HTML)) as trap:
        inside = place.format(port=trap.port)
        page = f'<title>Fine</title><meta property="og:image" content="{inside}">'
        oembed = f'<title>Fine</title><link rel="alternate" type="application/json+oembed" href="{inside}">'
        site = Site({
            "/redirect": moved(inside), "/image": answer(page.encode(), type=HTML),
            "/oembed": answer(oembed.encode(), type=HTML),
        })  # fmt: skip
        async with linked(fediverse, site) as (served, peer), person(served, "alice") as alice:
            post = await alice.say(f"Read {inside if way == 'linked' else at(peer, f'/{way}')}")
            await asked(served)
            card = await card_of(alice, post)

        assert trap.connections == 0
        assert (card or {}).get("title") == ("Fine" if way in ("image", "oembed") else None)


@pytest.mark.parametrize(
    "given",
    [
        answer(b"x" * (1 << 20) + b"x", type=HTML), answer(META.encode(), type="application/pdf"),
        answer(META.encode(), type=""), answer(META.encode(), status=403, type=HTML), moved("/a"), answer(type=HTML),
        answer(b"\xff\xfe\x00<title>", type="text/html; charset=nonsense"),
    ],
    ids=["too large", "no page", "no type", "refused", "in circles", "empty", "no text"],
)  # fmt: skip
async def test_what_cannot_be_read_makes_no_card_and_is_not_asked_again(fediverse: Fediverse, given: bytes) -> None:
    async with linked(fediverse, given) as (served, peer), person(served, "alice") as alice:
        post = await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        before = len(peer.asked)
        await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        card = await card_of(alice, post)

    assert (card, len(peer.asked)) == (None, before)


@pytest.mark.parametrize(
    "image",
    [
        answer(b"<svg onload='alert(1)'/>", type="image/svg+xml"), answer(b"<script>", type="image/png"),
        answer(b"\x89PNG" + b"x" * (5 << 20), type="image/png"), answer(status=500, type="image/png"),
    ],
    ids=["svg", "html as png", "too large", "broken"],
)  # fmt: skip
async def test_an_image_that_cannot_be_made_anew_is_left_out(fediverse: Fediverse, image: bytes) -> None:
    site = Site({"/a": answer(META.encode(), type=HTML), "/bed.png": image})
    async with linked(fediverse, site) as (served, peer), person(served, "alice") as alice:
        post = await alice.say(f"Read {at(peer, '/a')}")
        await asked(served)
        card = await card_of(alice, post)

    assert (card["title"], card["image"], card["blurhash"]) == ("Fewer falls & more sleep", None, None)


async def test_pages_that_many_accounts_link_to_are_trends(fediverse: Fediverse) -> None:
    async with (
        linked(fediverse, answer(META.encode(), type=HTML)) as (served, peer),
        person(served, "alice") as alice,
        person(served, "bob") as bob,
    ):
        mine, theirs = [await who.say(f"Read {at(peer, '/a')}") for who in (alice, bob)]
        await bob.say(f"Loud {at(peer, '/b')}")
        await bob.say(f"Loud {at(peer, '/b')}")
        await asked(served)
        await trending.count(served.node, JOB)
        [found] = await alice.get("/api/v1/trends/links")
        posts = await alice.get("/api/v1/timelines/link", url=at(peer, "/a"))
        older = await alice.get("/api/v1/timelines/link", url=at(peer, "/a"), max_id=theirs["id"])
        nothing = await alice.status_of("GET", "/api/v1/timelines/link", params={"url": at(peer, "/c")})

    assert (found["url"], found["history"][0]["uses"], found["history"][0]["accounts"]) == (at(peer, "/a"), "2", "2")
    assert differences("Trends::Link", found, "PreviewCard") == []
    assert [one["id"] for one in posts] == [theirs["id"], mine["id"]]
    assert ([one["id"] for one in older], nothing) == ([mine["id"]], 404)
