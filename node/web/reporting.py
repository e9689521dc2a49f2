"""Report somebody, or posts of theirs, to the guardians of this node and, if wanted, of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.connecting import reports as reporting
from node.connecting.reports import COMMENT, NAMED, Complaint
from node.context import State
from node.errors import Invalid, NotAllowed
from node.requests import Params, flag, identifier, params, text, texts
from node.review import recognising
from node.surfacing.surface import announce
from node.texts import N_, _
from node.web.cards import Card, cards
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.standing import shown
from storage import actors, timelines
from storage.actors import Actor
from storage.database import Reading, listed
from storage.paging import Page
from storage.reports import Category
from storage.timelines import Wanted

OFFERED = 10  # of the latest posts, to be named in a report
# What a form offers: the category of the report, and what is written before the member's own words.
REASONS: Mapping[str, tuple[Category, str]] = {
    "recognised": (Category.RECOGNISABLE, N_("A patient, relative or colleague could be recognised.")),
    "violation": (Category.VIOLATION, ""),
    "spam": (Category.SPAM, ""),
    "legal": (Category.LEGAL, ""),
    "other": (Category.OTHER, ""),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was chosen and typed, and what is wrong with it."""

    reason: str = ""
    comment: str = ""
    post_ids: Sequence[int] = ()
    forward: bool = False
    wrong: Mapping[str, str] = field(default_factory=dict)


async def form(request: Request[State]) -> Response:
    """The form, about an account; a post that is named is chosen already."""
    me = await reading(request)
    values = await params(request)
    post_id = identifier(text(values, "post"))
    return await _form(request, me, identifier(text(values, "account")), Written(post_ids=[post_id] if post_id else []))


async def _form(request: Request[State], me: Actor, target_id: int, written: Written) -> Response:
    """Raises Missing, NotAllowed."""
    node = request.state["node"]
    if target_id == me.id:
        raise NotAllowed(_("You cannot report yourself."))
    async with node.database.reading() as db:
        target = shown(await actors.by_id(db, target_id))
        offered = await _offered(db, me, target, written.post_ids, now=node.clock())
    return pages.page(
        request,
        "report.html",
        me=me,
        status=422 if written.wrong else 200,
        actor=target,
        cards=offered,
        written=written,
        most=COMMENT,
    )


async def _offered(db: Reading, me: Actor, target: Actor, chosen: Sequence[int], *, now: int) -> list[Card]:
    """Posts of theirs that the member may see: those that are chosen, then the latest."""
    named = await timelines.some(db, listed(chosen[:NAMED]), reader_id=me.id)
    wanted = Wanted(replies=True, boosts=False)
    latest = await timelines.by_author(db, target.id, reader_id=me.id, page=Page(limit=OFFERED), wanted=wanted)
    lines = {one.post_id: one for one in [*named.values(), *latest] if one.author_id == target.id}
    return await cards(db, list(lines.values()), reader_id=me.id, now=now)


async def submit(request: Request[State]) -> Response:
    """Send the report; what is wrong is said beside what was typed."""
    node = request.state["node"]
    me, values = await acting(request)
    target_id = identifier(text(values, "account"))
    written = _written(values)
    if written.wrong:
        return await _form(request, me, target_id, written)
    category, before = REASONS[written.reason]
    comment = " ".join(one for one in (_(before) if before else "", written.comment) if one)
    said = Complaint(target_id, written.post_ids, comment, category, written.forward)
    async with node.database.writing() as db:
        _report, target, told = await reporting.report(db, node, me, said)
        told += await recognising.of_report(db, node, me, said)
    announce(node, told)
    return RedirectResponse(saying(f"/@{target.acct}", "reported"), 303)


def _written(values: Params) -> Written:
    """Raises Invalid for more posts than one report names."""
    reason, comment = text(values, "reason"), text(values, "comment").strip()
    ids = list(dict.fromkeys(identifier(one) for one in texts(values, "post")))
    if len(ids) > NAMED:
        raise Invalid(_("At most %(most)d posts.") % {"most": NAMED}, field="post")
    wrong: dict[str, str] = {}
    if reason not in REASONS:
        wrong["reason"] = _("Choose what is wrong.")
    before = REASONS[reason][1] if reason in REASONS else ""
    room = COMMENT - (len(_(before)) + 1 if before else 0)
    if len(comment) > room:
        wrong["comment"] = _("At most %(most)d characters.") % {"most": room}
    if reason == "other" and not comment:
        wrong["comment"] = _("Say in a few words what is wrong.")
    return Written(reason, comment, ids, flag(values, "forward"), wrong)


routes = [Route("/report", form), Route("/report", submit, methods=["POST"])]
