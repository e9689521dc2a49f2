"""What a page says of itself is read in little time, whatever it is, and the right link of a post is found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.documents import pages

URL = "https://far.example/a"
PARTS = st.lists(
    st.sampled_from(["<meta ", "property=", '"og:title"', "content=", "'", '"', ">", "<", "title", "é", "\x00"])
)


@pytest.mark.parametrize("bad", ["<meta ", '<meta "', "<meta a='", "<title", "<meta content=", "<link a ", "<html <"])
def test_a_page_made_to_be_slow_is_read_soon(bad: str) -> None:
    begun = time.process_time()
    pages.read((bad * (pages.HEAD // len(bad))).encode(), "text/html", URL)

    assert time.process_time() - begun < 2


@given(PARTS)
def test_any_page_can_be_read(parts: list[str]) -> None:
    page = pages.read("".join(parts).encode(), "text/html", URL)

    assert len(page.title) <= pages.TITLE and page.provider_url == "https://far.example"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p><a href="https://a.example/x#y" rel="nofollow">a</a> <a href="https://b.example/">b</a></p>', "https://a.example/x"),
        ('<a href="https://a.example/@x" class="u-url mention">@x</a> <a href="https://b.example/">b</a>', "https://b.example/"),
        ('<a href="https://a.example/tags/x" class="mention hashtag" rel="tag">#x</a>', ""),
        ('<a href="https://a.example/?a=1&amp;b=2">a</a>', "https://a.example/?a=1&b=2"),
        ('<a href="mailto:a@a.example">a</a>', ""),
        ("no link", ""),
    ],
    ids=["first", "not who is named", "no hashtag", "entities", "no page", "none"],
)  # fmt: skip
def test_the_first_link_is_found(html: str, found: str) -> None:
    assert pages.first_link(html) == found


def test_words_come_in_the_pages_own_letters() -> None:
    said = '<html><head><meta charset="iso-8859-1"><title>Caf\xe9</title>'.encode("latin-1")

    assert pages.read(said, "text/html", URL).title == "Café"
