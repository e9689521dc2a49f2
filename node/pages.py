"""Pages from templates: what is the same on all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from node.texts import N_, _, ngettext
from storage.actors import Actor, ActorKind

TEMPLATES = Path(__file__).parent / "web" / "templates"
KINDS = {
    "safety-note": (N_("Safety note"), "note"),
    "idea": (N_("Idea"), "idea"),
    "case-study": (N_("Case study"), "case"),
    "resource": (N_("Resource"), "resource"),
    "alert-signpost": (N_("Alert signpost"), "alert"),
    "question": (N_("Question"), "question"),
    "consultation": (N_("Consultation"), "poll"),
    "event": (N_("Event"), "event"),
    "blog": (N_("Blog"), "blog"),
    "video": (N_("Video"), "video"),
    "thanks": (N_("Thanks"), "thanks"),
    "mentoring-offer": (N_("Mentoring offer"), "mentor"),
    "mentoring-request": (N_("Mentoring request"), "mentor"),
    "spread": (N_("Spread"), "elsewhere"),
    "measure": (N_("Measure"), "case"),
    "plain": (N_("Post"), "pen"),
    "reply": (N_("Reply"), "reply"),
}
HARM = {
    "none": N_("No harm"),
    "low": N_("Minor or short-lived harm"),
    "moderate": N_("Moderate harm"),
    "severe": N_("Severe harm"),
    "fatal": N_("Death"),
    "near-miss": N_("Caught in time"),
}
STAGES = ("new", "testing", "tested", "adopted", "spreading", "abandoned")
STAGE_WORDS = {
    "new": N_("New"),
    "testing": N_("Testing"),
    "tested": N_("Tested"),
    "adopted": N_("Adopted"),
    "spreading": N_("Spreading"),
    "abandoned": N_("Abandoned"),
}


def icon(name: str) -> Markup:
    """One picture of the sprite, beside a word that says the same."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)


def day(moment: int) -> str:
    """``18 Sep 2026``."""
    when = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{when.day} {when:%b %Y}"


def iso(moment: int) -> str:
    """RFC 3339, for machines."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(identifier: str) -> str:
    """``pressure-ulcers`` as people write it."""
    return identifier.replace("-", " ").capitalize()


def initials(actor: Actor) -> str:
    """Two letters for a face."""
    parts = [part for part in (actor.name or actor.handle).replace("/", " ").split() if part[0].isalpha()]
    return (parts[0][0] + parts[-1][0]).upper() if parts else actor.handle[:2].upper()


def shape(actor: Actor) -> str:
    """Teams and alliances have another outline than people."""
    return {ActorKind.GROUP: "team", ActorKind.ORGANIZATION: "org"}.get(actor.kind, "")


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
    known: dict[str, Any] = {
        "icon": icon,
        "sprite": Markup((TEMPLATES / "icons.svg").read_text(encoding="utf-8").strip()),  # noqa: S704 - our own file
        "KINDS": KINDS,
        "HARM": HARM,
        "STAGES": STAGES,
        "STAGE_WORDS": STAGE_WORDS,
        "initials": initials,
        "shape": shape,
    }
    made.globals.update(known)
    made.filters.update(day=day, iso=iso, words=words, safe_html=Markup)
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
    shown = render(template, node=node.config, base_url=node.site.base_url, path=request.url.path, me=me, **values)
    cache = "private, no-cache" if me is not None else "public, max-age=30"
    said = {"cache-control": cache if status == 200 else "no-store", "vary": "Accept, Cookie", **(headers or {})}
    return HTMLResponse(shown, status, headers=said)
