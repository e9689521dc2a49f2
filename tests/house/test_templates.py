"""What the templates may hold: no script and no style of their own, and no text that the catalogue does not know."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.house.tree import files, name

TEMPLATES = files("node/web/templates", suffix=".html")
SAID = {"alt", "aria-label", "aria-description", "content", "placeholder", "title"}  # attributes people read
TRANS = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
NAMES = {"Sharewell"}  # not translated
# Words for machines.
MACHINES = {
    "width=device-width, initial-scale=1", "noindex", "nofollow", "no-referrer", "1", "allow", "deny", "0; url=",
}  # fmt: skip
WORDS = re.compile(r"[^\W\d_]{2,}")


class Page(HTMLParser):
    """What a person would read of a page, and what would run in it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.running: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for attribute, value in attrs:
            if attribute in SAID:
                self.texts.append(value or "")
            if attribute == "style" or attribute.startswith("on") or (value or "").strip().startswith("javascript:"):
                self.running.append(f"<{tag} {attribute}>")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.running.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(template: str) -> Page:
    """A template without what is filled in and what goes through the catalogue."""
    page = Page()
    page.feed(CODE.sub("", TRANS.sub("", template)))
    page.close()
    return page


def untold(page: Page) -> list[str]:
    """Texts that are words and stand in the template as they are."""
    said = [text.strip() for text in page.texts]
    return [text for text in said if WORDS.search(text) and text not in MACHINES | NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_text_of_a_template_goes_through_the_catalogue(path: Path) -> None:
    assert untold(read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_no_script_and_no_style_of_its_own(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8")).running == []


@pytest.mark.parametrize(
    ("template", "texts", "running"),
    [
        ("<p>Hello</p>", ["Hello"], []),
        ('<p>{{ _("Hello") }} · 3</p>', [], []),
        ("<p>{% trans %}Hello <b>you</b>{% endtrans %}</p>", [], []),
        ('<img alt="A ward">', ["A ward"], []),
        ('<p style="color:red" onclick="x()"></p>', [], ["<p style>", "<p onclick>"]),
        ("<script>1</script>", [], ["<script>"]),
        ('<a href="javascript:x()"></a>', [], ["<a href>"]),
    ],
    ids=["bare text", "looked up", "block", "attribute", "inline", "script", "javascript address"],
)
def test_these_checks_see_what_they_look_for(template: str, texts: list[str], running: list[str]) -> None:
    page = read(template)

    assert (untold(page), page.running) == (texts, running)


def test_a_link_that_leads_elsewhere_is_followed_by_nobody_for_us() -> None:
    outward = re.compile(r'<a [^>]*href="{{ (?:card|actor)\.[^"]*(?:uri|url)[^>]*>')
    found = [link for path in TEMPLATES for link in outward.findall(path.read_text(encoding="utf-8"))]

    assert found
    assert [link for link in found if 'rel="nofollow noopener noreferrer"' not in link] == []
