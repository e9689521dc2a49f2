"""Other servers that tests make: documents at addresses, actors with keys, and deliveries signed just as asked."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from typing import Any

import httpx2
import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.types import Receive, Scope, Send

from federation.signing import keys as signing
from federation.signing import messages
from tests.serving import Fediverse, Served, rsa_pair

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = AS + "#Public"
AS2 = "application/activity+json"


@dataclass
class RemoteActor:
    """Somebody on another server."""

    uri: str
    key_uri: str
    public: str
    private: str
    document: dict[str, Any]

    @property
    def inbox(self) -> str:
        return f"{self.uri}/inbox"

    @property
    def followers(self) -> str:
        return f"{self.uri}/followers"

    def note(self, name: str, content: str = "A note.", **more: Any) -> dict[str, Any]:
        """A public Note of this actor."""
        host = self.uri.rpartition("/users/")[0]
        return {
            "@context": AS,
            "id": f"{host}/notes/{name}",
            "type": "Note",
            "attributedTo": self.uri,
            "content": f"<p>{content}</p>",
            "to": [PUBLIC],
            "cc": [self.followers],
            "published": "2026-10-26T06:00:00Z",
            **more,
        }

    def activity(self, type: str, object: Any, name: str = "1", **more: Any) -> dict[str, Any]:
        """An activity of this actor."""
        return {
            "@context": AS, "id": f"{self.uri}#{type.lower()}/{name}", "type": type, "actor": self.uri,
            "object": object, "to": [PUBLIC], **more,
        }  # fmt: skip

    def create(self, note: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The Create of one of this actor's notes."""
        return self.activity("Create", note, name=str(note["id"]), **more)


@dataclass
class Remote:
    """A server whose answers are what the test says."""

    host: str
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)  # activities posted to it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        self.asked.append(target)
        if scope["method"] == "POST":
            body = b""
            while True:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
            self.got.append(orjson.loads(body))
            status, kind, answer = self.pages.get(f"POST {scope['path']}", (202, "text/plain", b""))
        else:
            status, kind, answer = self.pages.get(target) or self.pages.get(scope["path"], (404, "text/plain", b""))
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": answer})

    def serve(self, document: dict[str, Any], *, at: str | None = None, kind: str = AS2, status: int = 200) -> None:
        """Answer with ``document`` at its own id, or at another path."""
        path = str(document["id"]).removeprefix(f"https://{self.host}") if at is None else at
        self.pages[path.partition("#")[0]] = (status, kind, orjson.dumps(document))

    def actor(self, name: str, *, key: int = 0, **more: Any) -> RemoteActor:
        """A Person of this server, served with its WebFinger."""
        uri = f"https://{self.host}/users/{name}"
        public, private = rsa_pair(100 + key)
        document = {
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "name": name.capitalize(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": public},
            **more,
        }
        self.serve(document)
        links = [{"rel": "self", "type": AS2, "href": uri}]
        jrd = {"subject": f"acct:{name}@{self.host}", "links": links}
        path = f"/.well-known/webfinger?resource=acct%3A{name}%40{self.host}"
        self.pages[path] = (200, "application/jrd+json", orjson.dumps(jrd))
        return RemoteActor(uri, f"{uri}#main-key", public, private, document)


def remote(fediverse: Fediverse, host: str) -> Remote:
    """A new server in the fediverse."""
    made = Remote(host)
    fediverse.apps[host] = made
    return made


@dataclass
class Signing:
    """How a delivery is signed; every default is right."""

    headers: Sequence[str] = ("(request-target)", "host", "date", "digest")
    key_uri: str | None = None
    private: str | None = None
    algorithm: str = "rsa-sha256"
    date: str | None = None
    digest: str | None = None
    host: str | None = None
    target: str | None = None
    method: str = "post"
    content_type: str = AS2
    hash: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    named: str | None = None  # the text of headers="…"; "" leaves it out
    extra: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    tampered: bytes | None = None  # the body that is sent instead of the one that was signed


@cache
def _private(pem: str) -> rsa.RSAPrivateKey:
    """Loaded once: the checks take longer than a node takes to answer."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def signed_headers(by: RemoteActor, url: str, body: bytes, how: Signing, *, now: int) -> dict[str, str]:
    """Headers of a draft-cavage delivery, made apart from the code under test."""
    host, _, path = url.partition("://")[2].partition("/")
    values = {
        "host": how.host or host,
        "date": how.date if how.date is not None else formatdate(now / 1000, usegmt=True),
        "digest": how.digest or "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "content-type": how.content_type,
        **how.extra,
    }
    target = f"{how.method} {how.target or '/' + path}"
    lines = [f"{name}: {target if name == '(request-target)' else values.get(name, '')}" for name in how.headers]
    key = _private(how.private or by.private)
    signature = base64.b64encode(key.sign("\n".join(lines).encode(), padding.PKCS1v15(), how.hash)).decode()
    named = " ".join(how.headers) if how.named is None else how.named
    parts = [f'keyId="{how.key_uri or by.key_uri}"', f'algorithm="{how.algorithm}"']
    parts += [f'headers="{named}"'] if named else []
    values["signature"] = ",".join([*parts, f'signature="{signature}"'])
    return {name: value for name, value in values.items() if name not in how.without}


async def deliver(
    to: Served, by: RemoteActor, activity: Any, how: Signing | None = None, *, inbox: str = "/inbox"
) -> httpx2.Response:
    """Post an activity to a node's inbox, signed in draft-cavage."""
    how = how or Signing()
    body = activity if isinstance(activity, bytes) else orjson.dumps(activity)
    url = f"{to.site.base_url}{inbox}"
    headers = signed_headers(by, url, body, how, now=to.node.clock())
    async with to.client() as http:
        return await http.post(url, content=how.tampered if how.tampered is not None else body, headers=headers)


async def deliver_rfc9421(to: Served, by: RemoteActor, activity: Any, *, inbox: str = "/inbox") -> httpx2.Response:
    """Post an activity to a node's inbox, signed as RFC 9421 says."""
    body = orjson.dumps(activity)
    url = f"{to.site.base_url}{inbox}"
    headers = messages.sign_message("POST", url, body, key_id=by.key_uri, private_pem=by.private, now=to.node.clock())
    async with to.client() as http:
        return await http.post(url, content=body, headers=headers)


def weak_pair(bits: int) -> tuple[str, str]:
    """An RSA pair that is too short to prove anything."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signing.public_pem(key.public_key()), private.decode()
