"""What others write is only text: names, titles, warnings, alternative texts, fields, HTML, addresses. In a browser."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from federation.documents import actors as documents
from storage import actors, profiles
from storage.kinds import Kind
from storage.profiles import Description
from tests.browser import Browser
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import sign_in

PAYLOADS = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '"><svg onload="document.title=\'owned\'">',
    "' autofocus onfocus='document.title=1",
    "</title></textarea></style><script>document.title='owned'</script>",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "{{ 7 * 7 }}{% raw %}",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<iframe srcdoc=\"<script>top.document.title='owned'</script>\"></iframe>",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0;url=https://evil.example>",
    '<p hx-post="/accounts/1/act" hx-trigger="load" data-hx-vals="{}"><a hx-get="/sign-out" hx-on:click="1">x</a></p>',
    "\u202egnp.exe\u2066<b>x</b>",
]
ADDRESSES = [
    "javascript:document.title='owned'", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "https://cwm.example/\" onclick=\"document.title='owned'",
    "//evil.example/x", "file:///etc/passwd",
]  # fmt: skip
# Whatever could run or load something, or send somebody's input elsewhere.
ALIVE = """(() => {
  const own = location.origin;
  const bad = [];
  for (const e of document.querySelectorAll("*")) {
    if (["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "BASE", "IMG", "VIDEO", "AUDIO", "MATH", "APPLET"]
      .includes(e.tagName.toUpperCase())) bad.push(e.outerHTML.slice(0, 120));
    if (e.tagName === "META" && e.httpEquiv) bad.push(e.outerHTML.slice(0, 120));
    if (e.tagName === "FORM" && new URL(e.action).origin !== own) bad.push(e.outerHTML.slice(0, 120));
    for (const a of e.attributes)
      if (/^(on|hx-|data-hx-|style$|srcdoc$)/.test(a.name)) bad.push(e.outerHTML.slice(0, 120));
    if (e.href && typeof e.href === "string" && e.tagName === "A"
      && !["http:", "https:", "mailto:"].includes(new URL(e.href).protocol)) bad.push(e.outerHTML.slice(0, 120));
  }
  return bad;
})()"""


async def hostile(sample: Sample, payload: str) -> list[str]:
    """Put the payload wherever members and other servers can write; the pages it must be on."""
    async with sample.served.database.writing() as db:
        said = Description(payload[:60], summary="", summary_source="", discoverable=1, indexable=1)
        await profiles.describe(db, sample.rosa.id, said)
    await sample.share(
        "h-note", sample.rosa, payload, kind=Kind.SAFETY_NOTE, title=payload[:200], summary=payload,
        fields={"situation": payload, "recommendation": payload},
    )  # fmt: skip
    await sample.share("h-plain", sample.rosa, payload)
    tag: list[dict[str, Any]] = [{"type": "Hashtag", "name": f"#{payload}", "href": "javascript:alert(1)"}]
    files = [
        {"type": "Document", "mediaType": "image/png", "url": f"https://cwm.example/{number}.png", "name": payload}
        for number in range(2)
    ] + [{"type": "Document", "mediaType": payload[:90], "url": "javascript:alert(1)", "name": payload}]
    await sample.arrives("h-remote", f"<p>x</p>{payload}", tag=tag, attachment=files, summary=payload)
    await sample.arrives("h-article", payload, type="Article", name=payload, url="javascript:alert(1)")
    await sample.arrives(
        "h-kind", payload, kind="sw:SafetyNote", title=payload, situation=payload, topic=[payload], harm=payload,
        setting=[payload], licence="javascript:alert(1)",
    )  # fmt: skip
    names = ("h-note", "h-plain", "h-remote", "h-article", "h-kind")
    return ["/", "/learn", "/learn/safety-note", "/connect", "/@rosa", "/@gethin@cwm.example", *map(sample.href, names)]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
async def test_what_others_write_runs_nothing(shown: Sample, browser: Browser, payload: str) -> None:
    base = shown.served.site.base_url
    alive: dict[str, list[str]] = {}
    async with browser.page(bypass_csp=True) as page:  # the policy alone would stop it too: this is about the HTML
        for path in await hostile(shown, payload):
            await page.open(base + path)
            if found := await page.evaluate(ALIVE):
                alive[path] = found
            assert "owned" not in await page.evaluate("document.title.split(' – ').pop()")
        await page.open(f"{base}/search?{urlencode({'q': payload})}")
        found = await page.evaluate(ALIVE)
        await page.open(f"{base}/sign-in")
        dialogs = page.dialogs

    assert alive == {}
    assert found == []
    assert dialogs == []


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
async def test_no_address_of_others_is_more_than_a_web_address(shown: Sample, browser: Browser, address: str) -> None:
    base = shown.served.site.base_url
    await shown.arrives(
        "a-post", f'<p><a href="{address}">here</a></p>', url=address,
        attachment=[{"type": "Document", "mediaType": "image/png", "url": address, "name": "A"}],
    )  # fmt: skip
    async with browser.page(bypass_csp=True) as page:
        await page.open(base + shown.href("a-post"))
        alive = await page.evaluate(ALIVE)
        links = await page.evaluate("[...document.querySelectorAll('main a[href]')].map(e => e.protocol)")

    assert alive == []
    assert set(links) <= {"http:", "https:"}


async def test_a_hostile_profile_of_another_server_is_only_text(shown: Sample, browser: Browser) -> None:
    payload = PAYLOADS[2]
    document = {
        "id": "https://cwm.example/users/eve", "type": "Person", "preferredUsername": "eve", "name": payload,
        "summary": "".join(PAYLOADS), "url": "javascript:alert(1)", "inbox": "https://cwm.example/users/eve/inbox",
        "icon": {"type": "Image", "url": "javascript:alert(1)"}, "movedTo": "javascript:alert(1)",
        "attachment": [
            {"type": "PropertyValue", "name": payload, "value": one} for one in ("".join(PAYLOADS[:6]), *PAYLOADS[6:8])
        ],
    }  # fmt: skip
    site, now = shown.served.site, shown.served.node.clock()
    read = documents.read(document, domain="cwm.example", now=now, limits=site.limits)
    async with shown.served.database.writing() as db:
        assert await actors.add(db, read.profile, now=now) is not None
    async with browser.page(bypass_csp=True) as page:
        status = await page.open(f"{site.base_url}/@eve@cwm.example")
        alive = await page.evaluate(ALIVE)

    assert status == 200
    assert alive == []


async def test_what_an_app_calls_itself_runs_nothing(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    alive = {}
    async with browser.page(bypass_csp=True) as page, shown.served.client() as client:
        await sign_in(page, base)
        for payload in PAYLOADS:
            made = await client.post(
                "/api/v1/apps",
                json={"client_name": payload[:100], "redirect_uris": "https://app.example/back"},
            )
            asked = {
                "client_id": made.json()["client_id"],
                "redirect_uri": "https://app.example/back",
                "response_type": "code",
                "state": payload,
            }
            await page.open(f"{base}/oauth/authorize?{urlencode(asked)}")
            if found := await page.evaluate(ALIVE):
                alive[payload] = found

    assert alive == {}


async def test_this_test_sees_what_is_alive(shown: Sample, browser: Browser) -> None:
    seen = []
    async with browser.page(bypass_csp=True) as page:
        await page.open(f"{shown.served.site.base_url}/about")
        for html in ("<img src=x>", "<p onclick=1>", "<a href='javascript:1'>", "<form action=https://evil.example>"):
            await page.evaluate(f"document.querySelector('main').innerHTML = {json.dumps(html)}")
            seen.append(len(await page.evaluate(ALIVE)))

    assert seen == [1, 1, 1, 1]
