"""Hints of the privacy guard while a member writes. What is asked is not kept, and no log has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import guarding, pages, sessions
from node.confidentiality import telling
from node.confidentiality.findings import Judgement, Kind, Verdict
from node.confidentiality.guard import Named
from node.context import State
from node.requests import params, text
from node.sharing.posts import LENGTH
from node.texts import _, ngettext

MOST = 5  # pieces of a text that are shown
ELSEWHERE = frozenset([Kind.WHISTLEBLOWING, Kind.SAFEGUARDING])  # what others should hear of first


@dataclass(frozen=True, slots=True)
class Seen:
    """What the guard says of a text that nobody has shared."""

    heading: str
    words: Sequence[str]  # of the text
    advice: str
    now: bool  # it may be happening as they write
    stops: bool


async def hint(request: Request[State]) -> Response:
    """What the guard sees in one field of a form; nothing for who is not signed in (any more): the form says that."""
    values = await params(request)
    me = await sessions.me(request)
    if me is None:
        return Response(status_code=204)
    sessions.check_proof(request, text(values, "proof"))
    name = request.query_params.get("field", "")
    said = text(values, name)[:LENGTH]
    return pages.part(request, "hint", me=me, seen=_seen(said))


def _seen(said: str) -> Seen | None:
    try:
        found = guarding.judged([Named("", said)])
    except guarding.Unread:
        return None
    gravest = found.gravest
    if gravest is None:
        return None
    words = list(dict.fromkeys(said[one.start : one.end] for one in sorted(found.findings)))[:MOST]
    now = gravest.kind is Kind.LIVE_INCIDENT
    return Seen(_heading(gravest.kind, len(words)), words, _advice(found), now, found.verdict is Verdict.BLOCK)


def _heading(kind: Kind, number: int) -> str:
    if kind is Kind.LIVE_INCIDENT:
        return _("Is this happening now?")
    if kind in ELSEWHERE:
        return _("Others should hear of this first")
    if kind is Kind.STAFF_BLAME:
        return _("This is about a person, not about the work")
    return ngettext("This could point to one person", "These could point to one person", number)


def _advice(found: Judgement) -> str:
    gravest = found.gravest
    looks = "" if gravest is None else _("This looks like {what}.").format(what=_(telling.LOOKS_LIKE[gravest.kind]))
    then = {
        Verdict.BLOCK: _("Take it out: it cannot be shared here."),
        Verdict.HOLD: _(
            "Could you say it about the work instead? If you leave it in, a guardian reads this before it appears."
        ),
        Verdict.WARN: _(
            "Could you say it about the work instead? If you leave it in, you are asked once more before it is shared."
        ),
    }
    return f"{looks} {then[found.verdict]}"


routes = [Route("/write/hint", hint, methods=["POST"])]
