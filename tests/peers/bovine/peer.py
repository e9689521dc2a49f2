"""A server made with bovine for tests: one actor, and a way to make it act.

    HOST=127.0.41.4 PORT=9141 ACTOR=bo python peer.py

It says the same lines as ../fedify/peer.mjs and knows the same verbs. bovine makes, signs, sends and reads; the doors
are aiohttp's, on which bovine builds. It signs and understands draft-cavage signatures only, and answers 401 to others.
"""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from bovine import BovineActor
from bovine.activitystreams import Actor, factories_for_actor_object
from bovine.activitystreams.utils import id_for_object
from bovine.clients import lookup_uri_with_webfinger
from bovine.clients.nodeinfo import fetch_nodeinfo20
from bovine.clients.signed_http import legacy_digest_method_uppercase
from bovine.crypto import build_validate_http_signature_raw, generate_rsa_public_private_key
from bovine.crypto.types import CryptographicIdentifier
from bovine.jsonld import jsonld_cache
from bovine.parse import Activity
from bovine.utils import webfinger_response_json

PLACE = f"{os.environ['HOST']}:{os.environ['PORT']}"
NAME = os.environ.get("ACTOR", "bo")
BASE = f"http://{PLACE}"
ME = f"{BASE}/users/{NAME}"
AS2 = "application/activity+json"

Document = dict[str, Any]

# bovine carries the context of ActivityStreams, asks the network for others, and reads on without what does not come.
NOT_CARRIED = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/v1", "https://w3id.org/security/multikey/v1")
jsonld_cache.cache.update({url: [] for url in NOT_CARRIED})


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def reply(document: Any, status: int = 200, kind: str = AS2) -> web.Response:
    return web.Response(text=json.dumps(document), status=status, content_type=kind)


def described(document: Document) -> Document:
    """What is told of an object."""
    return {name: document.get(name) for name in ("type", "id", "content", "name", "summary", "inReplyTo")}


class Peer:
    """The server."""

    def __init__(self, session: aiohttp.ClientSession, tasks: asyncio.TaskGroup) -> None:
        public, secret = generate_rsa_public_private_key()
        self.profile: Document = Actor(
            id=ME, preferred_username=NAME, name="A peer made with bovine", inbox=f"{ME}/inbox", outbox=f"{ME}/outbox",
            followers=f"{ME}/followers", public_key=public, public_key_name="main-key",
        ).build()  # fmt: skip
        self.session, self.tasks = session, tasks
        self.actor = BovineActor(
            actor_id=ME, public_key_url=f"{ME}#main-key", secret=secret, digest_method=legacy_digest_method_uppercase
        )
        self.activities, self.objects = factories_for_actor_object(self.profile, lambda: f"{BASE}/{uuid.uuid4()}")
        self.validate = build_validate_http_signature_raw(self.key)
        self.inboxes: dict[str, str] = {}  # of followers
        self.following: dict[str, bool] = {}
        self.marks: dict[str, dict[str, list[str]]] = {}
        self.notes: dict[str, Document] = {}
        self.sent: dict[str, tuple[Document, list[str]]] = {}

    async def key(self, key_id: str) -> CryptographicIdentifier | None:
        owner = await self.actor.get(key_id.partition("#")[0], fail_silently=True)
        return CryptographicIdentifier.from_public_key(owner["publicKey"]) if owner and "publicKey" in owner else None

    async def inbox_of(self, uri: str) -> str:
        inbox: str = (await self.actor.get(uri))["inbox"]
        return inbox

    async def send(self, activity: Document, inboxes: list[str]) -> Document:
        """Deliver it; an answer that is no success raises, so that the test sees it."""
        self.sent[activity["id"]] = (activity, inboxes)
        for inbox in dict.fromkeys(inboxes):
            await self.actor.post(inbox, activity)
        return {"id": activity["id"]}

    async def arrived(self, request: web.Request) -> web.Response:
        """Something came to the inbox."""
        body: bytes = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}

        async def raw() -> bytes:
            return body

        signer = await self.validate(request.method, str(request.url), headers, raw)
        activity = json.loads(body)
        status = 202 if signer is not None and signer == activity["actor"] else 401
        form = "rfc9421" if "signature-input" in headers else "cavage"
        say(event="inbox", path=request.path, status=status, form=form, signer=signer, document=activity)
        if status == 202:
            self.tasks.create_task(self.read_in(activity))
        return reply({}, status)

    async def read_in(self, activity: Document) -> None:
        """Take it in; what cannot be read must not end the server."""
        try:
            await self.take_in(activity)
        except Exception as error:  # whatever went wrong is what the test wants to see
            say(event="error", message=repr(error))

    async def take_in(self, document: Document) -> None:
        """What the activity means to this server."""
        activity, who = Activity(document), document["actor"]
        given = await activity.object_for_create(self.actor.get)
        object = given.data if given is not None else document.get("object")
        if activity.is_follow:
            self.inboxes[who] = await self.inbox_of(who)
            await self.send(self.activities.accept(document).build(), [self.inboxes[who]])
        elif follow := await activity.accept_for_follow(self.actor.get):
            self.following[follow.object_id] = True
        elif document["type"] == "Reject":
            self.following.pop(who, None)
        elif document["type"] in ("Like", "Announce"):
            self.mark(document).append(who)
        elif await activity.undo_of_follow(self.actor.get):
            self.inboxes.pop(who, None)
        elif activity.is_undo and document["object"]["type"] in ("Like", "Announce"):
            self.mark(document["object"]).remove(who)
        say(event="read", id=document["id"], object=described(object) if isinstance(object, dict) else None)

    def mark(self, activity: Document) -> list[str]:
        """Who did the like to the object."""
        about = activity["object"]  # whole, where a group passes an activity on
        about = about["id"] if isinstance(about, dict) else about
        return self.marks.setdefault(about, {"Like": [], "Announce": []})[activity["type"]]

    async def state(self) -> Document:
        return {"followers": list(self.inboxes), "following": self.following, "marks": self.marks}

    async def follow(self, actor: str) -> Document:
        """``actor`` is an id, or a handle, which is looked up by WebFinger."""
        if not actor.startswith("http"):
            acct = f"acct:{actor.lstrip('@')}"
            actor, _ = await lookup_uri_with_webfinger(self.session, acct, domain=f"http://{acct.rpartition('@')[2]}")
        self.following[actor] = False
        return await self.send(self.activities.follow(actor).build(), [await self.inbox_of(actor)])

    async def note(
        self, content: str, summary: str = "", inReplyTo: str = "", to: list[str] | None = None, direct: bool = False,
        picture: Document | None = None, unsent: bool = False,
    ) -> Document:  # fmt: skip
        """``to``: who is mentioned; ``direct``: for them alone. ``picture``: url, name. ``unsent``: kept only."""
        people = [await self.actor.get(one) for one in to or []]
        made = self.objects.note(content=content, summary=summary, in_reply_to=inReplyTo or None)
        made.tag = [{"type": "Mention", "href": one["id"], "name": f"@{one['preferredUsername']}"} for one in people]
        made.attachment = [{"type": "Image", "mediaType": "image/png", **picture}] if picture else []
        (made.to if direct else made.as_public().cc).update(one["id"] for one in people)
        note = made.build()
        self.notes[note["id"]] = note
        inboxes = [*([] if direct else self.inboxes.values()), *(one["inbox"] for one in people)]
        await self.send(self.activities.create(note).build(), [] if unsent else inboxes)
        return {"id": note["id"]}

    async def rename(self, name: str) -> Document:
        self.profile["name"] = name
        update = self.activities.update(self.profile).as_public().build()
        return await self.send(update, list(self.inboxes.values()))

    async def edit(self, id: str, content: str) -> Document:
        note = self.notes[id] = {**self.notes[id], "content": content}
        return await self.send(self.activities.update(note).build(), list(self.inboxes.values()))

    async def erase(self, id: str) -> Document:
        del self.notes[id]
        return await self.send(self.activities.delete(id).as_public().build(), list(self.inboxes.values()))

    async def act(self, type: str, object: str | list[str], to: str, content: str = "") -> Document:
        made = self.activities.custom(type=type, object=object, content=content, to={to})
        return await self.send((made.as_public() if type == "Announce" else made).build(), [await self.inbox_of(to)])

    async def vote(self, about: str, name: str, to: str) -> Document:
        """A vote in the poll ``about`` of the actor ``to``."""
        note = self.objects.note(content="", to={to}, in_reply_to=about).build()
        vote = {**{key: value for key, value in note.items() if key != "content"}, "name": name}
        return await self.send(self.activities.create(vote).build(), [await self.inbox_of(to)])

    async def undo(self, id: str, whole: bool) -> Document:
        """``whole``: with what is undone inside, not only its id."""
        activity, inboxes = self.sent[id]
        if activity["type"] == "Follow":
            self.following.pop(activity["object"], None)
        return await self.send(self.activities.undo(activity, include_activity=whole).build(), inboxes)

    async def read(self, uri: str) -> Document | None:
        found = await self.actor.get(uri, fail_silently=True)
        return described(found) if found else None

    async def walk(self, uri: str) -> list[str | None]:
        """The ids of what a collection holds, page by page."""
        return [id_for_object(one) for one in (await self.actor.get_ordered_collection(uri))["items"]]

    async def software(self, uri: str) -> Any:
        found = await fetch_nodeinfo20(self.session, f"{uri}/nodeinfo/2.0")
        return found and found["software"]["name"]


async def controlled(peer: Peer, request: web.Request) -> web.Response:
    """Make the peer act: POST /_ctl/VERB."""
    verb: Callable[..., Awaitable[Any]] = getattr(peer, request.match_info["verb"])
    return reply(await verb(**await request.json()), kind="application/json")


def doors(peer: Peer) -> web.Application:
    """What other servers see."""

    async def collection(_: web.Request) -> web.Response:
        return reply(
            {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "totalItems": 0}
        )

    async def note(request: web.Request) -> web.Response:
        found = peer.notes.get(f"{BASE}{request.path}")
        return reply(found or {}, 200 if found else 404)

    async def webfinger(_: web.Request) -> web.Response:
        return reply(webfinger_response_json(f"acct:{NAME}@{PLACE}", ME), kind="application/jrd+json")

    async def actor(_: web.Request) -> web.Response:
        return reply(peer.profile)

    async def control(request: web.Request) -> web.Response:
        return await controlled(peer, request)

    app = web.Application()
    app.add_routes([
        web.get("/.well-known/webfinger", webfinger), web.get(f"/users/{NAME}", actor),
        web.post(f"/users/{NAME}/inbox", peer.arrived), web.get(f"/users/{NAME}/{{which}}", collection),
        web.get("/{key}", note), web.post("/_ctl/{verb}", control),
    ])  # fmt: skip
    return app


async def main() -> None:
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        peer = Peer(session, tasks)
        await peer.actor.init(session=session)
        runner = web.AppRunner(doors(peer))
        await runner.setup()
        await web.TCPSite(runner, os.environ["HOST"], int(os.environ["PORT"])).start()
        say(event="ready", actor=ME, handle=f"@{NAME}@{PLACE}", control=f"{BASE}/_ctl")
        await asyncio.Event().wait()


asyncio.run(main())
