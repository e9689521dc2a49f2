"""Pages from templates: what is the same on all of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import secrets
from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from node import assets, sessions, shortcodes
from node.middleware import SCRIPTED
from node.texts import _, ngettext
from node.words import done, pairing, times, vocabulary
from storage.actors import Actor, ActorKind

TEMPLATES = Path(__file__).parent / "web" / "templates"
LANGUAGE = "en"  # of our own words on a page
VARY = "Accept, Accept-Encoding, Cookie"
PACKED = 1_000  # bytes of a page from which on it is compressed
QUICKLY = 1  # of zlib's levels: a seventh of the size in a tenth of a millisecond; the best takes three times as long
PADDING = 100  # bytes at most that hide the length of a compressed page
OPEN = "public, max-age=30"  # seconds that a page may be kept which is the same for everyone
# htmx: no styles and no code of its own making, nothing kept on shared computers; an error is shown as its page.
SCRIPTING = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyEnabled": False,
        "historyCacheSize": 0,
        "defaultSettleDelay": 0,
        "responseHandling": [
            {"code": "[23]..", "swap": True},
            {"code": "[45]..", "swap": True, "error": True, "target": "body", "swapOverride": "innerHTML"},
        ],
    }
)
OWN = "private, no-store"  # what a member sees stays out of every cache: wards share computers


@lru_cache(256)
def icon(name: str) -> Markup:
    """One picture of the sprite, beside a word that says the same."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)


def paragraphs(text: str) -> Markup:
    """A plain text as HTML: empty lines part paragraphs."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    shown = "".join(f"<p>{'<br>'.join(escape(line) for line in part.splitlines())}</p>" for part in parts)
    return Markup(shown)  # noqa: S704 - escaped one line above


def initials(actor: Actor) -> str:
    """Two letters for a face."""
    parts = [part for part in (actor.name or actor.handle).replace("/", " ").split() if part[0].isalpha()]
    return (parts[0][0] + parts[-1][0]).upper() if parts else actor.handle[:2].upper()


def picture(url: str) -> str:
    """The address of a picture of ours, without the host: pages show only what comes from where they do."""
    return f"/media/{url.rpartition('/')[2]}"


def shape(actor: Actor) -> str:
    """Teams and alliances have another outline than people."""
    return {ActorKind.GROUP: "team", ActorKind.ORGANIZATION: "org"}.get(actor.kind, "")


def lang(code: str) -> Markup:
    """The attribute for a text in another language than the page's."""
    if not code or code.split("-")[0].lower() == LANGUAGE:
        return Markup("")
    return Markup(' lang="{}"').format(code)


def described(name: str, hint: str, wrong: bool, watched: bool = False) -> Markup:
    """Attributes of a field: where its hint, its error and, if it is watched, what the privacy guard sees stand."""
    parts = [f"{name}-{end}" for end, there in (("h", hint), ("e", wrong), ("g", watched)) if there]
    attributes = [Markup(' aria-describedby="{}"').format(" ".join(parts))] if parts else []
    attributes += [Markup(' aria-invalid="true"')] if wrong else []
    return Markup().join([*attributes, watch(name)] if watched else attributes)


def watch(name: str) -> Markup:
    """Attributes of a field that the privacy guard reads while somebody types."""
    return Markup(
        ' data-quiet hx-post="/write/hint?field={0}" hx-trigger="input changed delay:600ms" hx-target="#{0}-g"'
        ' hx-params="proof,{0}" hx-sync="this:replace"'
    ).format(name)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    shared: dict[str, Any] = {
        "icon": icon,
        "sprite": Markup((TEMPLATES / "icons.svg").read_text(encoding="utf-8").strip()),  # noqa: S704 - our own file
        "asset": assets.address,
        "pairing": pairing,
        "times": times,
        "vocabulary": vocabulary,
        "initials": initials,
        "shape": shape,
        "scripting": SCRIPTING,
        "picture": picture,
        "lang": lang,
        "described": described,
        "watch": watch,
        "pictured": shortcodes.pictured,
        "of_actor": shortcodes.of_actor,
        "named": shortcodes.name,
    }
    made.globals.update(shared)
    made.filters.update(
        day=vocabulary.day,
        moment=vocabulary.moment,
        iso=vocabulary.iso,
        words=vocabulary.words,
        topic=vocabulary.topic,
        paragraphs=paragraphs,
        written_day=vocabulary.written_day,
        lasting=vocabulary.lasting,
        safe_html=Markup,
        host=_host,
    )
    return made


def render(template: str, **values: Any) -> str:
    """The text of a page."""
    return _environment().get_template(template).render(**values)


def page(
    request: Request[Any],
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    me: Actor | None = None,
    **values: Any,
) -> Response:
    """A page of this node; ``me`` is who is signed in."""
    node = request.state["node"]
    proof = "" if me is None else sessions.proof(request)
    said = "" if me is None else done.said(request.query_params.get("said", ""))
    kept = OPEN if me is None and status == 200 else OWN
    given = {"cache-control": kept, "vary": VARY, **(headers or {})}
    scripted = me is not None and "content-security-policy" not in given
    if scripted:
        given["content-security-policy"] = SCRIPTED
    shown = render(
        template, node=node.config, base_url=node.site.base_url, path=request.url.path, me=me, proof=proof, said=said,
        scripted=scripted, **values,
    )  # fmt: skip
    return _packed(request, unless_known(request, HTMLResponse(shown, status, headers=given)))


def _packed(request: Request[Any], response: Response) -> Response:
    """The response, compressed where the reader's browser takes that.

    Its length says nothing of what is in it (BREACH, CVE-2013-3587): the proof in forms is another one each time, and
    a name of random length goes along (Palacios and others, IEEE Access 10, 2022).
    """
    whole = bytes(response.body)
    if len(whole) < PACKED or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    packed = io.BytesIO()
    name = secrets.token_hex(PADDING // 2)[: secrets.randbelow(PADDING)]
    with gzip.GzipFile(name, "wb", QUICKLY, packed, mtime=0) as file:
        file.write(whole)
    response.body = packed.getvalue()
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-encoding"] = "gzip"
    return response


def partly(request: Request[Any]) -> bool:
    """Whether a script asks, which wants the part of the page that changed."""
    return request.headers.get("hx-request") == "true"


def part(request: Request[Any], macro: str, *, me: Actor, **values: Any) -> Response:
    """One form as it is now: the template ``part.html`` with the macro of that name."""
    node = request.state["node"]
    shown = render("part.html", node=node.config, me=me, macro=macro, proof=sessions.proof(request), **values)
    return HTMLResponse(shown, headers={"cache-control": OWN, "vary": "Cookie, HX-Request"})


def unless_known(request: Request[Any], response: Response) -> Response:
    """The response; 304 without its body when it is the same for everyone and the reader has it (RFC 9110 13.1.2)."""
    if response.status_code != 200 or not response.headers["cache-control"].startswith("public"):
        return response
    tag = f'W/"{hashlib.blake2b(bytes(response.body), digest_size=12).hexdigest()}"'
    response.headers["etag"] = tag
    if tag not in (one.strip() for one in request.headers.get("if-none-match", "").split(",")):
        return response
    kept = {name: response.headers[name] for name in ("cache-control", "etag", "vary") if name in response.headers}
    return Response(status_code=304, headers=kept)
