"""POST /api/v1/reports: https://docs.joinmastodon.org/methods/reports/"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.connecting import reports as reporting
from node.connecting.reports import COMMENT, NAMED, Complaint
from node.context import State
from node.errors import Invalid
from node.requests import Params, flag, identifier, params, text, texts
from node.review import recognising
from node.surfacing.surface import announce
from node.texts import _
from storage import actors
from storage.reports import Category


async def create(request: Request[State]) -> Response:
    """Report somebody, with posts of theirs, to the guardians here and, if asked, to those of their own server."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:reports")
        said = _complaint(values)
        domains = texts(values, "forward_to_domains")
        if domains and set(domains) != {(await actors.by_id(db, said.target_id)).domain}:
            wrong = _("A report is forwarded to the server of the account alone.")
            raise Invalid(wrong, field="forward_to_domains")
        member = await actors.by_id(db, caller.id)
        report, target, told = await reporting.report(db, node, member, said)
        told += await recognising.of_report(db, node, member, said)
    announce(node, told)
    return JSONResponse(entities.report(report, target, said.post_ids, said.collection_ids, node.site.base_url))


def _complaint(values: Params) -> Complaint:
    if texts(values, "rule_ids"):
        raise Invalid(_("This node has no rules that a report could name."), field="rule_ids")
    try:
        category = Category(text(values, "category") or Category.OTHER)
    except ValueError as error:
        raise Invalid(_("There is no such category of reports."), field="category") from error
    comment = text(values, "comment")
    if len(comment) > COMMENT:
        raise Invalid(_("At most %(most)d characters.") % {"most": COMMENT}, field="comment")
    target_id, post_ids = identifier(text(values, "account_id")), _ids(values, "status_ids")
    if len(post_ids) > NAMED:
        raise Invalid(_("At most %(most)d posts.") % {"most": NAMED}, field="status_ids")
    collection_ids = _ids(values, "collection_ids")
    if len(collection_ids) > NAMED:
        raise Invalid(_("At most %(most)d collections.") % {"most": NAMED}, field="collection_ids")
    return Complaint(target_id, post_ids, comment, category, flag(values, "forward"), collection_ids)


def _ids(values: Params, name: str) -> list[int]:
    return list(dict.fromkeys(identifier(one) for one in texts(values, name)))


routes = [Route("/api/v1/reports", create, methods=["POST"])]
