"""What federation needs to know of the node it works for; made by node from its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Document = dict[str, Any]  # an AS2 document as JSON
Signer = Callable[[str, str, bytes | None], Mapping[str, str]]  # method, url, body -> headers


Named = tuple[str, str]  # a text of a post: its field, the text


@dataclass(frozen=True, slots=True)
class Findings:
    """Why a text may not be shown until a guardian has read it."""

    found: str  # as ``storage.cases`` keeps it: kinds and places, no words
    urgent: bool = False  # it may be happening now
    sure: bool = False  # a number that can be no other than a patient's


# What the node's privacy check finds in texts, and was not in those of before; None: they may be shown. No I/O.
Judge = Callable[[Sequence[Named], Sequence[Named]], Findings | None]


class Found(Protocol):
    """A document and where it was found."""

    @property
    def document(self) -> Document: ...

    @property
    def url(self) -> str:
        """The final URL, after redirects."""
        ...


class Answered(Protocol):
    """What a peer answered to a POST."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


class Out(Protocol):
    """The one door out: ``federation.client.Client``."""

    async def get_document(self, url: str, *, signer: Signer | None = None) -> Found:
        """An AS2 document. Raises Refused, Gone, Unreachable, Forbidding."""
        ...

    async def get_json(self, url: str, *, accept: str) -> Found:
        """Another JSON document (JRD, NodeInfo). Raises as ``get_document``."""
        ...

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Post a signed activity. Raises Unreachable, Forbidding."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What we take from one peer at once."""

    body: int = 1 << 20  # bytes of an activity
    depth: int = 32  # of nested JSON
    html: int = 100_000  # characters of one text
    name: int = 500  # characters of a display name or title
    tags: int = 64  # hashtags, mentions, emojis each
    attachments: int = 32
    fields: int = 16  # of a profile
    uri: int = 2048


@dataclass(frozen=True, slots=True)
class Site:
    """The node as federation sees it."""

    domain: str  # after the @ in handles
    base_url: str  # no slash at the end
    clock: Callable[[], int]  # milliseconds since 1970 UTC
    out: Out
    node_key: tuple[str, str]  # key id and private PEM of the node's own actor, for signed GETs
    judge: Judge
    limits: Limits = field(default_factory=Limits)

    def ours(self, uri: str) -> bool:
        """Whether ``uri`` is one of this node."""
        return uri == self.base_url or uri.startswith(self.base_url + "/")

    def actor_uri(self, handle: str) -> str:
        """The AS2 id of the actor ``handle`` here."""
        return f"{self.base_url}/users/{handle}"

    def post_uri(self, handle: str, post_id: int) -> str:
        """The AS2 id and page of a post here."""
        return f"{self.base_url}/@{handle}/{post_id}"

    def stamp_uri(self, handle: str, stamp_id: int) -> str:
        """The AS2 id of what allows a quote of a post here."""
        return f"{self.base_url}/users/{handle}/quote_authorizations/{stamp_id}"

    def feature_stamp_uri(self, handle: str, item_id: int) -> str:
        """The AS2 id of what lets an actor here be in a collection."""
        return f"{self.base_url}/users/{handle}/feature_authorizations/{item_id}"

    def media_url(self, name: str) -> str:
        """Where a file that a member uploaded is served."""
        return f"{self.base_url}/media/{name}"

    @property
    def node_actor(self) -> str:
        """The AS2 id of the node's own actor."""
        return f"{self.base_url}/actor"

    @property
    def node_handle(self) -> str:
        """What stands before the @ of the node's own actor: its domain, without a port, which no handle has."""
        return self.domain.partition(":")[0]

    @property
    def shared_inbox(self) -> str:
        """Where peers post what concerns several of us."""
        return f"{self.base_url}/inbox"
