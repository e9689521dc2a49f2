"""The requests that are measured, as apps and other servers send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from random import Random
from urllib.parse import quote

from bench import words
from bench.http import message
from bench.people import READER, SENDERS, SESSION, TOKENS, actor_uri, key_of
from bench.places import NODE_PORT, NODE_URL
from federation.signing.cavage import sign_request
from node.sessions import COOKIE

ACTIVITY = "application/activity+json"
CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = CONTEXT + "#Public"
HOST = f"127.0.0.1:{NODE_PORT}"
_AGENT = {"User-Agent": "http.rb/5.2.0 (Mastodon/4.4.0; +https://peer.example/)", "Accept-Encoding": "gzip"}


def get(path: str, member: str = "") -> bytes:
    """What an app asks, for a member or for nobody."""
    token = {"Authorization": f"Bearer {TOKENS[member]}"} if member else {}
    return message(f"GET {path} HTTP/1.1", b"", {"Host": HOST, "Accept": "*/*", **_AGENT, **token})


def share(random: Random, member: str, number: int) -> bytes:
    """A member shares a post with hashtags now and then."""
    text = words.text(random) + "".join(f" #{one}" for one in words.tags(random))
    headers = {
        "Host": HOST, "Authorization": f"Bearer {TOKENS[member]}", "Content-Type": "application/json", **_AGENT,
        "Idempotency-Key": f"bench-{number}",
    }  # fmt: skip
    body = json.dumps({"status": text, "visibility": "public", "language": "en"}).encode()
    return message("POST /api/v1/statuses HTTP/1.1", body, headers)


def page(path: str, *, signed_in: bool) -> bytes:
    """What a browser asks: the reader's, or nobody's."""
    cookie = {"Cookie": f"{COOKIE}_{NODE_PORT}={SESSION}"} if signed_in else {}
    return message(f"GET {path} HTTP/1.1", b"", {"Host": HOST, "Accept": "text/html,*/*;q=0.8", **cookie})


def naming(member: str, named: str, number: int) -> bytes:
    """A member names another, who is told."""
    headers = {"Host": HOST, "Authorization": f"Bearer {TOKENS[member]}", "Content-Type": "application/json", **_AGENT}
    body = json.dumps({"status": f"@{named} have a look at number {number}", "language": "en"}).encode()
    return message("POST /api/v1/statuses HTTP/1.1", body, headers)


def upload(member: str, picture: bytes) -> bytes:
    """A member uploads a picture."""
    part = (
        b'--bench\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=bench"}
    headers = {"Host": HOST, "Authorization": f"Bearer {TOKENS[member]}", **kind, **_AGENT}
    return message("POST /api/v2/media HTTP/1.1", part + picture + b"\r\n--bench--\r\n", headers)


def webfinger(handle: str) -> bytes:
    """Another server looks for a member."""
    resource = quote(f"acct:{handle}@{HOST}", safe="")
    headers = {"Host": HOST, "Accept": "application/jrd+json", **_AGENT}
    return message(f"GET /.well-known/webfinger?resource={resource} HTTP/1.1", b"", headers)


def signed_get(path: str, place: int) -> bytes:
    """Another server asks in the name of an actor of its own."""
    signed = sign_request(
        "GET", NODE_URL + path, None, key_id=f"{actor_uri(place)}#main-key", private_pem=key_of(place)[1], now=_now()
    )
    return message(f"GET {path} HTTP/1.1", b"", {**signed, "Accept": ACTIVITY, **_AGENT})


def creates(random: Random) -> Iterator[tuple[str, bytes]]:
    """Ids of new posts by actors that the reader follows, each with the signed request that brings it."""
    for number in count():
        place = number % SENDERS
        uri, note = _note(random, place, number)
        activity = {
            "@context": [CONTEXT, {"sensitive": "as:sensitive", "Hashtag": "as:Hashtag"}],
            "id": f"{uri}/activity", "type": "Create", "actor": actor_uri(place), "published": note["published"],
            "to": note["to"], "cc": note["cc"], "object": note,
        }  # fmt: skip
        body = json.dumps(activity).encode()
        signed = sign_request(
            "POST", f"{NODE_URL}/inbox", body, key_id=f"{actor_uri(place)}#main-key", private_pem=key_of(place)[1],
            now=_now(),
        )  # fmt: skip
        yield uri, message("POST /inbox HTTP/1.1", body, {**signed, **_AGENT})


def _note(random: Random, place: int, number: int) -> tuple[str, dict[str, object]]:
    """A post as Mastodon writes it: a third have hashtags, a fifth a picture, a tenth name the reader."""
    author = actor_uri(place)
    uri = f"{author}/statuses/new{number}"
    text, tags = words.text(random), words.tags(random)
    base = author.rpartition("/users/")[0]
    html = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
    html += "".join(
        f'<a href="{base}/tags/{one}" class="mention hashtag" rel="tag">#<span>{one}</span></a> ' for one in tags
    )
    tag: list[dict[str, str]] = [{"type": "Hashtag", "href": f"{base}/tags/{one}", "name": f"#{one}"} for one in tags]
    cc = [f"{author}/followers"]
    if random.random() < 0.1:
        tag.append({"type": "Mention", "href": f"{NODE_URL}/users/{READER}", "name": f"@{READER}@{HOST}"})
        cc.append(f"{NODE_URL}/users/{READER}")
    picture = {
        "type": "Document", "mediaType": "image/jpeg", "url": f"{base}/media/{number}.jpg",
        "name": "A trolley with red and green drawers.", "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
        "width": 1200, "height": 800, "focalPoint": [0.0, 0.0],
    }  # fmt: skip
    published = datetime.fromtimestamp(_now() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return uri, {
        "id": uri, "type": "Note", "summary": None, "inReplyTo": None, "published": published, "url": uri,
        "attributedTo": author, "to": [PUBLIC], "cc": cc, "sensitive": False, "atomUri": uri, "content": html,
        "contentMap": {"en": html}, "attachment": [picture] if random.random() < 0.2 else [], "tag": tag,
        "replies": {"id": f"{uri}/replies", "type": "Collection"},
    }  # fmt: skip


def _now() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
