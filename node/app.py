"""The application: routes, errors, what is opened at the start and closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from federation.inbox import collected
from node import erasure, guarding
from node.activitypub import discovery, inbox, objects
from node.activitypub.negotiation import by_accept
from node.api import (
    about,
    accounts,
    announcements,
    collections,
    conversations,
    digest,
    directory,
    domain_blocks,
    emails,
    experts,
    filters,
    gatherings,
    grouped,
    groups,
    guardian,
    highlights,
    ideas,
    instance,
    lasting,
    lineage,
    lists,
    markers,
    measures,
    narrowed,
    notifications,
    oembed,
    old_filters,
    policy,
    polls,
    preferences,
    profile,
    push,
    questions,
    quiet,
    quotes,
    reactions,
    recalls,
    recognisable,
    relationships,
    reports,
    scheduled,
    search,
    statuses,
    streaming,
    tags,
    teams,
    timelines,
    topics,
    trends,
    userinfo,
)
from node.api import answers as api_answers
from node.api import media as uploading
from node.api import mentoring as mentoring_api
from node.api import shared as shared_api
from node.asking import routing
from node.config import Config
from node.connecting import allying, going_along, leaving, recommended
from node.context import Node, State
from node.errors import STATUS
from node.learning import looking
from node.mentoring import standing as mentoring_posts
from node.middleware import BODY, Around, Larger
from node.oauth import authorize, tokens
from node.opening import opened
from node.pictures.kinds import HEAVIEST
from node.portability import archives, importing
from node.review import heirs, highlighting, inquiries, notes, recalling
from node.routing import Routes
from node.sharing import fetched, proving, quoted, retitling, uploads
from node.sharing import polls as voting
from node.sharing.releasing import release
from node.sharing.scheduling import RELEASE
from node.surfacing import (
    carrying,
    citing,
    falling,
    growing,
    letters,
    linking,
    mail,
    mentoring,
    previews,
    pushing,
    tallies,
)
from node.surfacing.streaming import Streaming
from node.web import (
    access,
    alliances,
    announcing,
    asking,
    authenticator,
    bringing,
    changing,
    contact,
    data,
    feeds,
    hinting,
    interacting,
    joining,
    marking,
    matches,
    moving,
    parting,
    people,
    posters,
    reading,
    recovering,
    reporting,
    responding,
    saved,
    searching,
    second_step,
    security,
    settings,
    showing,
    signing_in,
    sitemaps,
    standing,
    telling,
    writing,
)
from node.web import alike as alike_pages
from node.web import answers as web_answers
from node.web import collections as collection_pages
from node.web import consultations as consultation_pages
from node.web import digest as digest_pages
from node.web import events as event_pages
from node.web import groups as group_pages
from node.web import guardian as guardians
from node.web import highlights as highlight_pages
from node.web import ideas as idea_pages
from node.web import lasting as lasting_pages
from node.web import lineage as lineage_pages
from node.web import measures as measure_pages
from node.web import mentoring as mentoring_pages
from node.web import quiet as quiet_pages
from node.web import recalls as recall_pages
from node.web import recognisable as recognisable_pages
from node.web import shared as shared_pages
from node.web import teams as team_pages
from node.web import topics as topic_pages
from node.web.files import Static
from node.web.media import routes as media_files
from node.worker import Handler, Worker
from storage import jobs
from storage.heirs import RETITLE

_API = ("/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/", "/nodeinfo/")
FILES_AT_ONCE = 4  # that one form may bring: the pictures of a post, or one film
Opening = Callable[[], AbstractAsyncContextManager[Node]]

WORK: Mapping[str, Handler] = {
    inbox.KIND: inbox.take_waiting,
    inbox.FORWARDED: inbox.take_waiting,
    RELEASE: release,
    guarding.TELL: notes.tell_guardians,
    guarding.TELL_AUTHOR: notes.tell_author,
    notes.LATER: notes.tell_guardians,
    inquiries.TELL: inquiries.tell,
    uploads.MAKE: uploads.make,
    uploads.PLAY: uploads.make,
    tallies.TALLY: voting.tally,
    tallies.END: voting.end,
    previews.ASK: linking.ask,
    citing.VERIFY: quoted.verify,
    citing.TELL: quoted.tell,
    collected.READ: recommended.read,
    erasure.SCRUB: erasure.scrub,
    proving.TELL: recalling.tell,
    proving.SEEK: recalling.seek,
    growing.GONE: heirs.tell,
    falling.END: highlighting.end,
    falling.SAY: highlighting.say,
    RETITLE: retitling.retitle,
    growing.LOOK: looking.look,
    mentoring.SAY: mentoring_posts.say,
    mentoring.ASK: routing.route,
    jobs.PUSH: pushing.push,
    leaving.ERASE: leaving.erase,
    allying.ALLY: allying.settle,
    archives.GATHER: archives.gather,
    importing.BRING: importing.bring,
    carrying.CARRY: going_along.carry,
    letters.SEND: mail.send,
}

ROUTES: list[Route | Mount] = [
    *inbox.routes,
    *timelines.routes,
    *statuses.routes,
    *lineage.routes,
    *ideas.routes,
    *lasting.routes,
    *quotes.routes,
    *reactions.routes,
    *discovery.routes,
    *feeds.routes,
    *sitemaps.routes,
    *posters.routes,
    *event_pages.routes,
    *consultation_pages.routes,
    *objects.routes,
    *people.routes,
    *collection_pages.routes,
    Route("/shared-measures/{id}", by_accept(as2=objects.shared_measure, page=shared_pages.show)),
    Route("/collections/{id}", by_accept(as2=objects.collection_page, page=collection_pages.show)),
    *shared_pages.routes,
    *alike_pages.routes,
    *group_pages.routes,
    *team_pages.routes,
    *measure_pages.routes,
    *showing.routes,
    Route("/@{acct}/{id}", by_accept(as2=objects.post, page=reading.post)),
    Route("/@{acct}", by_accept(as2=objects.profile, page=reading.profile)),
    *accounts.routes,
    *emails.routes,
    *relationships.routes,
    *domain_blocks.routes,
    *lists.routes,
    *collections.routes,
    *filters.routes,
    *old_filters.routes,
    *tags.routes,
    *uploading.routes,
    *polls.routes,
    *scheduled.routes,
    *notifications.routes,
    *policy.routes,
    *grouped.routes,
    *conversations.routes,
    *markers.routes,
    *search.routes,
    *streaming.routes,
    *preferences.routes,
    *digest.routes,
    *quiet.routes,
    *profile.routes,
    *push.routes,
    *reports.routes,
    *recognisable.routes,
    *guardian.routes,
    *groups.routes,
    *teams.routes,
    *gatherings.routes,
    *recalls.routes,
    *highlights.routes,
    *measures.routes,
    *shared_api.routes,
    *mentoring_api.routes,
    *experts.routes,
    *questions.routes,
    *instance.routes,
    *about.routes,
    *announcements.routes,
    *oembed.routes,
    *trends.routes,
    *topics.routes,
    *narrowed.routes,
    *directory.routes,
    *tokens.routes,
    *authorize.routes,
    *userinfo.routes,
    *reading.routes,
    *searching.routes,
    *topic_pages.routes,
    *signing_in.routes,
    *second_step.routes,
    *joining.routes,
    *recovering.routes,
    *responding.routes,
    *lineage_pages.routes,
    *lasting_pages.routes,
    *idea_pages.routes,
    *standing.routes,
    *interacting.routes,
    *reporting.routes,
    *contact.routes,
    *recognisable_pages.routes,
    *guardians.routes,
    *recall_pages.routes,
    *highlight_pages.routes,
    *alliances.routes,
    *marking.routes,
    *saved.routes,
    *matches.routes,
    *mentoring_pages.routes,
    *asking.routes,
    *settings.routes,
    *security.routes,
    *authenticator.routes,
    *access.routes,
    *data.routes,
    *bringing.routes,
    *digest_pages.routes,
    *moving.routes,
    *quiet_pages.routes,
    *parting.routes,
    *hinting.routes,
    *writing.routes,
    *changing.routes,
    *telling.routes,
    *announcing.routes,
    *media_files,
    Mount("/static", Static()),
    Route("/api/{rest:path}", api_answers.unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
]


async def error(request: Request[Any], raised: Exception) -> Response:
    """Say what went wrong, to an app in JSON, to a person as a page."""
    if request.url.path.startswith(_API):
        return api_answers.error(request, raised)
    return await web_answers.error(request, raised)


def create_app(config: Config, *, opening: Opening | None = None) -> ASGIApp:
    """The node of these settings as an ASGI application. Tests pass an ``opening`` of their own."""

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[State]:
        async with (opening or (lambda: opened(config)))() as node, working(node):
            yield {"node": node}

    handlers: dict[Any, Any] = dict.fromkeys((*STATUS, HTTPException, Exception), error)
    handlers[tokens.OAuthError] = tokens.oauth_error
    app = Routes(ROUTES, sockets=streaming.SOCKETS, errors=handlers, lifespan=lifespan)
    larger = Larger(
        [
            *uploading.WITH_FILES,
            *accounts.WITH_FILES,
            *profile.WITH_FILES,
            *settings.WITH_FILES,
            *data.WITH_FILES,
            *writing.WITH_FILES,
        ],
        max(config.media.size_limit, HEAVIEST) + config.media.size_limit * (FILES_AT_ONCE - 1) + BODY,
    )
    return Around(app, secure=config.base_url.startswith("https://"), larger=larger)


@asynccontextmanager
async def working(node: Node) -> AsyncGenerator[None]:
    """The streams, and the worker if this process has that role, beside the web."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Streaming(node).run(stop))
        tasks.create_task(fetched.keep_writing(node, stop))
        if "worker" in node.config.cluster.roles:
            tasks.create_task(Worker(node, kinds=WORK).run(stop))
        try:
            yield
        finally:
            stop.set()
