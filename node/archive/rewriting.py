"""A page of the node as a page of its archive: no forms, no scripts, links that lead where the archive has something.

What is not changed stays as it was, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

DROPPED = frozenset({"form", "script", "dialog"})  # with all that is in them
_LINKED = {"a": "href", "area": "href", "link": "href", "img": "src", "video": "src", "audio": "src", "source": "src"}
_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; form-action 'none'"
Attributes = list[tuple[str, str | None]]


class Links(HTMLParser):
    """The addresses that a page names, what it says is its original, and its AS2 form."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.canonical = ""
        self.document = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Look at the one attribute that leads on."""
        given = dict(attrs)
        address = given.get(_LINKED.get(tag, ""))
        if not address:
            return
        relation = given.get("rel") or ""
        if tag == "link" and relation == "canonical":
            self.canonical = address
        elif tag == "link" and given.get("type") == "application/activity+json":
            self.document = address
        else:
            self.found.append(address)
        if tag == "video" and given.get("poster"):
            self.found.append(given["poster"] or "")


def links(page: str) -> Links:
    """What a page leads to."""
    found = Links()
    found.feed(page)
    found.close()
    return found


class _Rewriter(HTMLParser):
    def __init__(self, leads: Callable[[str], str | None], notice: str) -> None:
        super().__init__(convert_charrefs=False)
        self._leads = leads
        self._notice = notice
        self._inside: list[str] = []  # what is dropped
        self._unlinked = 0  # links whose end goes too
        self.out: list[str] = []

    def _put(self, text: str) -> None:
        if not self._inside:
            self.out.append(text)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in DROPPED or (tag == "a" and self._leads(dict(attrs).get("href") or "#") == ""):
            self._inside.append(tag)
        if self._inside:
            return
        self._put(self._opened(tag, attrs, self.get_starttag_text() or ""))
        if tag == "head":
            self._put(f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">')
        elif tag == "main":
            self._put(self._notice)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        if tag not in DROPPED:
            self._put(self._opened(tag, attrs, self.get_starttag_text() or ""))

    def _opened(self, tag: str, attrs: Attributes, raw: str) -> str:
        name = _LINKED.get(tag, "")
        address = dict(attrs).get(name) if name else None
        if address is None or (tag == "a" and address.startswith("#")):
            return raw
        lead = self._leads(address)
        if lead is None and tag == "a":
            self._unlinked += 1
            return "<span>"
        if lead is None:
            return raw
        changed = [(one, lead if one == name else self._poster(one, value)) for one, value in attrs]
        kept = "".join(f" {one}" if value is None else f' {one}="{escape(value)}"' for one, value in changed)
        return f"<{tag}{kept}>"

    def _poster(self, name: str, value: str | None) -> str | None:
        return (self._leads(value) or value) if name == "poster" and value else value

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            if tag == self._inside[-1]:
                self._inside.pop()
            return
        if tag == "a" and self._unlinked:  # links do not stand in links
            self._unlinked -= 1
            tag = "span"
        self._put(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._put(data)

    def handle_entityref(self, name: str) -> None:
        self._put(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._put(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._put(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._put(f"<!{decl}>")


def rewritten(page: str, leads: Callable[[str], str | None], notice: str) -> str:
    """The page for the archive. ``leads``: where a link leads there; None: nowhere, and its words stay; "": to a
    door, and they go too. ``notice``: HTML that stands above everything."""
    made = _Rewriter(leads, notice)
    made.feed(page)
    made.close()
    return "".join(made.out)
