"""Feeds of other sites: every kind is read, and nothing hostile is."""

from __future__ import annotations

import pytest

from federation.documents import feeds
from federation.documents.feeds import Entry
from federation.errors import Refused

HERE = "https://blog.example/feed"
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title>
<entry><id>tag:1</id><title type="html">A &amp;amp; B</title>
<link rel="self" href="/self"/><link href="/one"/><published>2026-01-31T09:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First.</p><script>x()</script>
<p>Second <b>one</b>.</p></div></content>
</entry></feed>"""
RSS_1 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>
<item><title>Old</title><link>https://blog.example/old</link><description>Words</description><dc:date>2026-01-31</dc:date></item>
</rdf:RDF>"""
RSS_2 = """<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><item><title>Ŵyn</title>
<guid>https://blog.example/2</guid><description>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b &amp;lt;3&lt;/p&gt;</description>
<pubDate>Sat, 31 Jan 2026 09:00:00 GMT</pubDate></item><item><link>javascript:alert(1)</link></item></channel></rss>"""
NINE = 1_769_850_000_000  # ms; 2026-01-31T09:00Z


def test_atom_and_rss_are_read() -> None:
    [atom] = feeds.read(ATOM, HERE)
    [old] = feeds.read(RSS_1, HERE)
    pasted, bad = feeds.read(RSS_2, "")

    assert atom == Entry("tag:1", "A & B", "First.\n\nSecond one.", "https://blog.example/one", NINE)
    assert (old.title, old.text, old.link) == ("Old", "Words", "https://blog.example/old")
    assert (pasted.title, pasted.text, pasted.link, pasted.published) == (
        "Ŵyn", "a\n\nb <3", "https://blog.example/2", NINE,
    )  # fmt: skip
    assert bad.link == ""


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE rss [<!ENTITY l0 "ha">' + LAUGHS + b"]><rss><item><title>&l11;</title></item></rss>",
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>&x;</item></channel></rss>',
        b'<!DOCTYPE rss SYSTEM "http://evil.example/x.dtd" [<!ENTITY % p SYSTEM "http://evil.example/"> %p;]><rss/>',
        b"<rss>" + b"<a>" * 100 + b"</a>" * 100 + b"</rss>",
        b"<rss>" + b"<a/>" * 50_000 + b"</rss>",
        b"<html><body>No feed</body></html>",
        b"<rss><channel>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nonsense"?><rss/>',
        b"",
    ],
    ids=["laughs", "file", "outside", "deep", "many", "page", "cut", "binary", "encoding", "empty"],
)
def test_what_is_hostile_or_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        feeds.read(body, HERE)


def test_no_more_than_the_newest_are_read() -> None:
    items = "".join(f"<item><title>{n}</title></item>" for n in range(500))

    assert len(feeds.read(f"<rss><channel>{items}</channel></rss>", "")) == feeds.ENTRIES
