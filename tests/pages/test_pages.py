"""Every page: what is the same on all of them, what each kind of post shows, how long it may be kept."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest

from node import assets
from node.sharing import posts as sharing
from storage import actors
from storage.kinds import Kind
from tests.pages.conftest import browsing
from tests.pages.sample import LONG, Sample
from tests.serving import ON_BOTH

LIMIT = 60 * 1024  # bytes of a page without pictures


class Outline(HTMLParser):
    """What a screen reader finds its way by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.landmarks: list[str] = []
        self.ids: list[str] = []
        self.language = self.skip = self.title = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("header", "nav", "main", "footer") or values.get("role") == "search":
            self.landmarks.append(tag)
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "a" and values.get("class") == "skip":
            self.skip = values.get("href") or ""
        if values.get("id"):
            self.ids.append(str(values["id"]))
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def paths(sample: Sample) -> dict[str, str]:
    """Every page that needs no account, by a name."""
    return {
        "home": "/", "everything": "/learn", "notes": "/learn/safety-note", "ideas": "/learn/idea",
        "none of a kind": "/learn/measure", "people": "/connect", "about": "/about", "search": "/search",
        "topics": "/topics", "topic": "/topics/pressure-ulcers", "empty topic": "/topics/sepsis",
        "narrowed": "/search?topic=pressure-ulcers&kind=idea", "not with all": "/search?q=heel&kind=event",
        "found": "/search?q=heel", "not found": "/search?q=nothing-of-the-sort", "tag": "/tags/heels",
        "empty tag": "/tags/nobody", "member": "/@rosa", "team": "/@skin_links", "alliance": "/@alliance",
        "remote member": "/@gethin@cwm.example", "note": sample.href("note"), "sbar": sample.href("sbar"),
        "idea": sample.href("idea"), "abandoned": sample.href("abandoned"), "plain": sample.href("plain"),
        "long": sample.href("long"), "warned": sample.href("warned"), "welsh": sample.href("welsh"),
        "reply": sample.href("reply"), "remote": sample.href("mirror"), "article": sample.href("blog"),
        "followers": "/@rosa/followers", "following": "/@imelda/following",
        "no followers": "/@gethin@cwm.example/followers",
        "collection": f"/collections/{sample.collection}", "empty collection": f"/collections/{sample.empty}",
        "no events": "/events", "no past events": "/events/past", "no consultations": "/consultations",
        "highlights": "/highlights", "a month": "/highlights/2026-10",
        "poll": sample.href("poll"), "sign in": "/sign-in", "signed out": "/sign-out", "missing": "/nothing-here",
    }  # fmt: skip


def own_paths(sample: Sample) -> dict[str, str]:
    """Pages that a member alone has, by a name."""
    about = f"/report?account={sample.rosa.id}&post={sample.posts['note'].id}"
    return {
        "write": "/write", "write a note": "/write/safety-note", "write an idea": "/write/idea",
        "announce an event": "/write/event", "consult": "/write/consultation",
        "notifications": "/notifications", "no such notifications": "/notifications/followers",
        "requests": "/requests", "saved": "/saved", "thanked": "/thanked", "lists": "/lists", "report": about,
        "block": f"/accounts/{sample.rosa.id}/block",
        "report elsewhere": f"/report?account={sample.remote.id}", "own": "/@imelda", "said": "/@rosa?said=muted",
        "settings": "/settings/profile", "apps": "/settings/apps", "browsers": "/settings/sessions",
        "groups": "/groups", "make a group": "/groups/new",
        "data": "/settings/data", "leave": "/settings/leave", "mail": "/settings/mail",
    }  # fmt: skip


def orderly(headings: list[int]) -> bool:
    """One h1, first of its kind, and no level skipped on the way down."""
    return headings.count(1) == 1 and all(b - a <= 1 for a, b in itertools.pairwise(headings))


@ON_BOTH
async def test_every_page_has_one_h1_a_language_a_skip_link_and_landmarks(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    wrong = {}
    for name, path in paths(sample).items():
        outline = Outline((await reader.get(path)).text)
        found = (
            orderly(outline.headings), outline.language, outline.skip, "main" in outline.ids,
            {"header", "nav", "main", "footer", "form"} <= set(outline.landmarks),
            len(outline.ids) == len(set(outline.ids)),
        )  # fmt: skip
        if found != (True, "en-GB", "#main", True, True, True):
            wrong[name] = (found, outline.headings)

    assert wrong == {}


async def test_every_page_of_a_member_has_one_h1_and_unique_ids(sample: Sample) -> None:
    wrong = {}
    async with browsing(sample.served, sample.imelda) as client:
        for name, path in {**paths(sample), **own_paths(sample)}.items():
            outline = Outline((await client.get(path)).text)
            if path != "/sign-in" and not (orderly(outline.headings) and len(outline.ids) == len(set(outline.ids))):
                wrong[name] = outline.headings

    assert wrong == {}


async def test_no_two_pages_have_the_same_title(sample: Sample, reader: httpx2.AsyncClient) -> None:
    titles = {name: Outline((await reader.get(path)).text).title for name, path in paths(sample).items()}

    assert len(set(titles.values())) == len(titles), titles
    assert all(title.endswith(" – Northmoor Coast") for title in titles.values())


async def test_no_page_is_larger_than_60_kb(sample: Sample, reader: httpx2.AsyncClient) -> None:
    for number in range(25):
        await sample.share(f"more {number}", sample.rosa, LONG * 4)

    sizes = {name: len((await reader.get(path)).content) for name, path in paths(sample).items()}
    async with browsing(sample.served, sample.imelda) as client:
        sizes |= {f"{name}, signed in": len((await client.get(path)).content) for name, path in paths(sample).items()}

    assert {name: size for name, size in sizes.items() if size > LIMIT} == {}


async def test_a_safety_note_shows_what_happens_what_helps_and_what_it_is(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    page = (await reader.get(sample.href("note"))).text

    assert "<p>Heels looked fine from above.</p><p>In the dim light" in page
    assert re.search(r"<h3>What helps</h3>\s*<div class=\"text\"><p>Lift the leg", page)
    assert "Minor or short-lived harm" in page
    assert "Drawn from several events" in page
    assert "<dd>It worked for us, no chart yet</dd>" in page
    assert "<dd>CC BY 4.0</dd>" in page
    assert "Acute ward" in page


async def test_a_safety_note_shows_what_was_written_beside_its_fields_once(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    page = (await reader.get(sample.href("note"))).text

    assert page.count("We wrote it on the skin chart.") == 1


async def test_sbar_shows_its_four_parts_under_their_names(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("sbar"))).text

    assert re.findall(r"<h2>(Situation|Background|Assessment|Recommendation)</h2>", page) == [
        "Situation", "Background", "Assessment", "Recommendation",
    ]  # fmt: skip


async def test_an_idea_says_its_stage_in_words(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("idea"))).text

    assert 'aria-label="Stage: tested, 3 of 5"' in page
    assert page.count('class="done"') == 3
    assert 'aria-current="step">Tested' in page


async def test_an_abandoned_idea_says_so_with_the_same_rank(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("abandoned"))).text

    assert re.search(r'class="out abandoned">.*?Abandoned</span>', page)


@pytest.mark.parametrize("where", ["own page", "list"])
async def test_what_is_behind_a_warning_is_closed_until_it_is_opened(
    sample: Sample, reader: httpx2.AsyncClient, where: str
) -> None:
    page = (await reader.get(sample.href("warned") if where == "own page" else "/@rosa")).text

    closed = re.findall(r"<details class=\"notice\"><summary>.*?</details>", page, re.DOTALL)
    assert any("Wound in detail" in one and "healed within three weeks" in one for one in closed)
    assert page.count("healed within three weeks") == 1
    assert "<details open" not in page


async def test_the_title_of_a_warned_post_says_the_warning_only(sample: Sample, reader: httpx2.AsyncClient) -> None:
    head = (await reader.get(sample.href("warned"))).text.partition("</head>")[0]

    assert "Wound in detail" in head
    assert "three weeks" not in head


async def test_pictures_of_other_servers_are_links_with_their_words(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("mirror"))).text

    assert '<a href="https://cwm.example/1.jpg" rel="nofollow noopener noreferrer">Picture at cwm.example</a>' in page
    assert "A mirror</p>" in page
    assert "Nobody described it." in page
    assert "<img" not in page
    assert "<video" not in page


async def test_a_text_in_another_language_says_which(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("welsh"))).text

    assert re.search(r'lang="cy"><p>Mae&#39;r gyfradd|lang="cy"><p>Mae\'r gyfradd', page)


async def test_headings_of_an_article_stay_below_its_title(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("blog"))).text

    assert re.findall(r"<h1[^>]*>([^<]*)", page) == ["Wounds in kitchens"]
    assert "<h2>Kitchens</h2>" in page
    assert page.count("<strong>Wounds in kitchens") == 0


async def test_lists_show_the_first_words_of_a_long_post(sample: Sample, reader: httpx2.AsyncClient) -> None:
    listed = (await reader.get("/@skin_links")).text
    whole = (await reader.get(sample.href("long"))).text

    assert listed.count("Heels looked fine") < 7
    assert whole.count("Heels looked fine") >= 12


async def test_replies_stand_below_what_they_answer(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("note"))).text

    places = [page.index(text) for text in ("Which torch?", "Level 0", "Level 7")]
    assert "Drych sawdl" in page
    assert places == sorted(places)


async def test_a_reply_shows_what_it_answers_above_it(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(sample.href("deep 1"))).text

    above = page.partition("<article")[0]
    places = [above.index(text) for text in ("Look under the heel", "Which torch?", "Level 0")]
    assert places == sorted(places)


async def test_a_long_thread_comes_in_pages_and_loses_no_reply(sample: Sample, reader: httpx2.AsyncClient) -> None:
    parent = sample.posts["idea"]
    for number in range(120):
        await sample.share(f"r{number}", sample.imelda, f"Reply number {number}.", in_reply_to_id=parent.id)

    read, path = [], sample.href("idea")
    while path:
        page = (await reader.get(path)).text
        read += re.findall(r"Reply number (\d+)\.", page)
        more = re.search(r'href="([^"]*\?replies=[^"#]*)', page)
        path = more[1] if more else ""

    assert read == [str(number) for number in range(120)]


async def test_older_pages_lose_nothing(sample: Sample, reader: httpx2.AsyncClient) -> None:
    for number in range(45):
        await sample.share(f"n{number}", sample.team, f"Number {number}.")

    read, path = [], "/@skin_links"
    while path:
        page = (await reader.get(path)).text
        read += re.findall(r"Number (\d+)\.", page)
        more = re.search(r'href="([^"]*)" rel="next"', page)
        path = more[1] if more else ""

    assert read == [str(number) for number in reversed(range(45))]


async def test_pinned_posts_come_first_on_a_profile(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get("/@rosa")).text

    assert page.index(">Pinned</h2>") < page.index("A make-up mirror") < page.index(">Shared</h2>")


@pytest.mark.parametrize(
    ("path", "kind", "shape"), [("/@rosa", "Member", "face big"), ("/@skin_links", "Team", "face team big"),
                                ("/@alliance", "Alliance", "face org big")],
    ids=["member", "team", "alliance"],
)  # fmt: skip
async def test_faces_tell_people_teams_and_alliances_apart(
    sample: Sample, reader: httpx2.AsyncClient, path: str, kind: str, shape: str
) -> None:
    page = (await reader.get(path)).text

    assert f'class="{shape}"' in page
    assert re.search(rf'<p class="small muted">{kind} ·', page)


async def test_a_remote_profile_says_where_the_full_record_is(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get("/@gethin@cwm.example")).text

    assert '<a class="button second" href="https://cwm.example/@gethin" rel="nofollow noopener noreferrer">' in page
    assert '<link rel="canonical" href="https://cwm.example/@gethin">' in page
    assert "<b>1412</b> followers" in page


async def test_pages_name_their_activitystreams_document_and_feed(sample: Sample, reader: httpx2.AsyncClient) -> None:
    post, profile = (await reader.get(sample.href("note"))).text, (await reader.get("/@rosa")).text

    as2 = 'rel="alternate" type="application/activity+json" href="{}"'
    assert as2.format(sample.posts["note"].uri) in post
    assert as2.format(sample.rosa.uri) in profile
    assert 'type="application/atom+xml" title="Rosa Quill" href="/@rosa.atom"' in profile


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
async def test_one_address_is_a_page_or_a_document_by_accept(
    sample: Sample, reader: httpx2.AsyncClient, accept: str
) -> None:
    page = await reader.get(sample.href("note"), headers={"accept": accept})
    document = await reader.get(sample.href("note"), headers={"accept": "application/activity+json"})

    assert page.headers["content-type"].startswith("text/html")
    assert document.json()["id"] == sample.posts["note"].uri
    assert "Accept" in page.headers["vary"] and "Accept" in document.headers["vary"]


async def test_a_post_asked_for_under_another_name_redirects_to_its_page(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    wrong = await reader.get(f"/@imelda/{sample.posts['mirror'].id}")

    assert (wrong.status_code, wrong.headers["location"]) == (301, sample.href("mirror"))


@pytest.mark.parametrize("path", ["/@rosa@northmoor.example", "/@Rosa"])
async def test_a_profile_has_one_address(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    answer = await reader.get(path)

    assert (answer.status_code, answer.headers["location"]) == (301, "/@rosa")


@ON_BOTH
async def test_what_is_not_here_is_404(sample: Sample, reader: httpx2.AsyncClient) -> None:
    absent = [
        "/nothing", "/@nobody", "/@rosa/1", "/@rosa/x", "/@rosa/99999999999999999999", "/@northmoor.example",
        "/learn/nothing", "/learn/plain", "/tags", "/@nobody.atom", "/@gethin@cwm.example.atom", "/static/no.css",
        "/@x%00y",
    ]  # fmt: skip

    answers = {path: await reader.get(path) for path in absent}

    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(absent, 404)
    assert all("There is no page here" in one.text for one in answers.values())


@ON_BOTH
async def test_odd_addresses_are_never_an_error_of_ours(sample: Sample, reader: httpx2.AsyncClient) -> None:
    odd = [
        "/?max_id=-1", "/?max_id=x'", "/search?q=%00", "/search?q=%22%27%3B--", "/search?q=" + "a+" * 300,
        "/search?q=%ED%A0%80", "/tags/%00.atom", "/tags/%F0%9F%98%80", "/tags/..%2f..", "/tags/" + "x" * 3000,
        "/@a@b@c", "/@%ED%A0%80", "/learn?kind=%27", f"{sample.href('note')}?replies=x",
        f"{sample.href('note')}?replies=999999",
    ]  # fmt: skip

    statuses = {path[:60]: (await reader.get(path)).status_code for path in odd}

    assert {path: status for path, status in statuses.items() if status >= 500} == {}


async def test_a_post_that_was_taken_back_is_410(sample: Sample, reader: httpx2.AsyncClient) -> None:
    path = sample.href("plain")
    async with sample.served.database.writing() as db:
        await sharing.take_back(db, sample.served.node, sample.imelda, sample.posts["plain"].id)

    answer = await reader.get(path)

    assert answer.status_code == 410
    assert "This was taken back" in answer.text
    assert "Kettle" not in answer.text


async def test_a_closed_account_is_410_and_a_suspended_one_404(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with sample.served.database.writing() as db:
        await actors.erase(db, sample.team.id, now=1)
        await actors.suspend(db, sample.remote.id, now=1)

    statuses = [(await reader.get(path)).status_code for path in ("/@skin_links", "/@gethin@cwm.example")]

    assert statuses == [410, 404]


async def test_a_suspended_account_is_on_no_page(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with sample.served.database.writing() as db:
        await actors.suspend(db, sample.team.id, now=1)

    listed = [(await reader.get(path)).text for path in ("/", "/learn", "/connect", "/search?q=skin", "/learn/idea")]

    assert not any("Skin Link Nurses" in page or "Silent bleeps" in page for page in listed)


async def test_a_page_for_everyone_is_not_sent_again_unchanged(sample: Sample, reader: httpx2.AsyncClient) -> None:
    first = await reader.get("/@rosa")
    again = await reader.get("/@rosa", headers={"if-none-match": first.headers["etag"]})
    await sample.share("new", sample.rosa, "Something new.")
    changed = await reader.get("/@rosa", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=30"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["vary"] == "Accept, Accept-Encoding, Cookie"
    assert changed.status_code == 200


async def test_what_a_member_sees_is_in_no_cache(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        kept = {path: (await client.get(path)).headers["cache-control"] for path in ("/", "/learn", "/@rosa", "/x")}

    assert set(kept.values()) == {"private, no-store"}


async def test_the_address_of_the_style_changes_with_the_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "design.css").write_text("a{}")
    assets.version.cache_clear()
    first = assets.address("design.css")
    (tmp_path / "design.css").write_text("b{}")
    assets.version.cache_clear()
    second = assets.address("design.css")
    assets.version.cache_clear()

    assert first != second
    assert first.startswith("/static/design.css?v=")


async def test_the_style_of_this_version_is_kept_for_good_and_another_for_a_day(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    page = (await reader.get("/")).text
    found = re.search(r'rel="stylesheet" href="([^"]+)"', page)
    assert found is not None
    now, old, bare = [await reader.get(path) for path in (found[1], "/static/design.css?v=old", "/static/design.css")]

    assert now.status_code == old.status_code == bare.status_code == 200
    assert now.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert old.headers["cache-control"] == bare.headers["cache-control"] == "public, max-age=86400"


async def test_pages_allow_no_script_no_frame_and_no_other_origin(sample: Sample, reader: httpx2.AsyncClient) -> None:
    headers = (await reader.get("/")).headers

    rules = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["style-src"] == rules["img-src"] == rules["font-src"] == rules["form-action"] == "'self'"
    assert rules["media-src"] == "'self'"
    assert set(rules) == {
        "default-src", "base-uri", "frame-ancestors", "style-src", "img-src", "font-src", "form-action", "media-src",
    }  # fmt: skip
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


async def test_a_list_of_replies_alone_is_not_shown_as_what_is_new(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get("/")).text

    assert "Level 3" not in page
    assert "Look under the heel" in page


async def test_the_list_of_a_kind_has_that_kind_only(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get("/learn/idea")).text

    assert "A make-up mirror" in page and "Silent bleeps" in page
    assert "Look under the heel" not in page and "Antenatal" not in page


async def test_search_finds_words_and_people(sample: Sample, reader: httpx2.AsyncClient) -> None:
    words, people = (await reader.get("/search?q=mirror")).text, (await reader.get("/search?q=ros")).text

    assert "A make-up mirror on every skin trolley" in words
    assert 'href="/@rosa">Rosa Quill</a>' in people


async def test_searching_goes_on_to_older_matches(sample: Sample, reader: httpx2.AsyncClient) -> None:
    for number in range(25):
        await sample.share(f"k{number}", sample.team, f"Kumquat number {number}.")
    first = (await reader.get("/search?q=kumquat")).text
    more = re.search(r'href="([^"]*)" rel="next"', first)
    assert more is not None
    second = (await reader.get(more[1].replace("&amp;", "&"))).text

    found = re.findall(r"Kumquat number (\d+)\.", first + second)
    assert sorted(map(int, found)) == list(range(25))


async def test_home_of_an_empty_node_says_what_comes_here(sample: Sample) -> None:
    empty = await sample.served.fediverse.node("empty.example")
    async with empty.client() as client:
        pages = {path: await client.get(path) for path in ("/", "/learn", "/learn/idea", "/connect")}

    assert "Nothing is here yet" in pages["/"].text
    assert "Nobody is here yet" in pages["/connect"].text
    assert {answer.status_code for answer in pages.values()} == {200}


async def test_a_broken_page_gives_a_number_to_tell_and_nothing_else(
    sample: Sample, reader: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with sample.served.database.writing() as db:
        await db.run("UPDATE posts SET fields = '{' WHERE id = :id", id=sample.posts["note"].id)

    answer = await reader.get(sample.href("note"))

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert any(f"request={answer.headers['x-request-id']}" in one.getMessage() for one in caplog.records)
    assert not re.search(r"Traceback|json|sqlite|File &#34;", answer.text)


async def test_a_kind_that_only_a_newer_node_knows_is_shown_by_its_text(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    post = await sample.arrives("future", "<p>From the future.</p>", kind="sw:TimeTravel", title="Hm")

    assert post.kind is Kind.PLAIN
    assert "From the future." in (await reader.get(sample.href("future"))).text
