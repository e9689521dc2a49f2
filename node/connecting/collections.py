"""Collections: recommend some accounts together. Who is in one agreed to it, and can take that back.

https://docs.joinmastodon.org/client/collections/, FEP-7aa9
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from federation import featuring as consent
from federation.documents import activities, featuring
from federation.errors import FederationError
from federation.fetching import actors as fetch_actors
from federation.happenings import Collected, Uncollected
from federation.outbox.promise import promise
from node import guarding
from node import text as texts
from node.confidentiality.guard import Named
from node.connecting.tags import named
from node.context import Node
from node.errors import Invalid, NotAllowed, Problem, Problems, TooMany
from node.surfacing import recommending
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, collections, throttle
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.consents import Verdict
from storage.database import Missing, Reading, Writing

COLLECTIONS = 10  # of one member
ACCOUNTS = 25  # in one collection
NAME, DESCRIPTION = 40, 100  # characters
HOUR = 60 * 60 * 1000  # ms
STALE = 24 * HOUR  # after which an account is asked again whether it may be recommended
PUT = 200  # accounts that a member can put into collections in an hour: each elsewhere is a question to another server
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Said:
    """What a collection says of itself."""

    name: str
    description: str
    language: str
    tag: str
    sensitive: bool
    discoverable: bool

    def parts(self) -> list[Named]:
        """Its texts, for the privacy guard."""
        found = [Named("name", self.name), Named("description", self.description), Named("tag_name", self.tag)]
        return [one for one in found if one.text]


def said_by(kept: Collection) -> Said:
    """What a collection says now."""
    return Said(
        kept.name, kept.description, kept.language, kept.tag, kept.sensitive is not None, kept.discoverable is not None
    )


def _line(given: str) -> str:
    return " ".join(texts.clean(given).split())


def _checked(said: Said) -> Said:
    """Raises Problems."""
    said = replace(said, name=_line(said.name), description=_line(said.description), tag=said.tag.strip().lstrip("#"))
    found: list[Problem] = []
    if not said.name:
        found.append(Problem("name", "ERR_BLANK", _("A collection needs a name.")))
    if len(said.name) > NAME:
        found.append(Problem("name", "ERR_TOO_LONG", _("A name has at most %s characters.") % NAME))
    if len(said.description) > DESCRIPTION:
        words = _("A description has at most %s characters.") % DESCRIPTION
        found.append(Problem("description", "ERR_TOO_LONG", words))
    if said.language and not (len(said.language) <= 12 and _LANGUAGE.fullmatch(said.language)):
        words = _("The language must be a code such as en or cy.")
        found.append(Problem("language", "ERR_INVALID", words))
    if said.tag:
        try:
            named(said.tag)
        except Missing:
            found.append(Problem("tag_name", "ERR_INVALID", _("This is no hashtag.")))
    if found:
        raise Problems(found)
    return said


async def _look(db: Reading, node: Node, owner: Actor, said: Said, before: Sequence[Named] = ()) -> None:
    """Raises Stopped, Warned: a collection is public at once."""
    await guarding.look_at_change(db, node, owner.id, said.parts(), before, sort=guarding.Sort.COLLECTION)


def _kept(old: Collection, said: Said, now: int) -> Collection:
    return replace(
        old, name=said.name, description=said.description, language=said.language, tag=said.tag, updated=now,
        sensitive=(old.sensitive or now) if said.sensitive else None,
        discoverable=(old.discoverable or now) if said.discoverable else None,
    )  # fmt: skip


async def freshen(node: Node, actor_ids: Sequence[int]) -> None:
    """Ask the servers of accounts that never said who may recommend them whether they do now. Before the transaction;
    who cannot be asked stays as they are known."""
    async with node.database.reading() as db:
        found = await actors.by_ids(db, actor_ids)
    for one in found.values():
        unsaid = not one.here and not one.feature_policy and one.gone is None
        if unsaid and one.fetched < node.clock() - STALE:
            with suppress(FederationError):
                await fetch_actors.by_uri(node.database, node.site, one.uri, refresh=True)


async def create(
    db: Writing, node: Node, owner: Actor, said: Said, actor_ids: Sequence[int]
) -> tuple[Collection, list[Told]]:
    """Make a collection, with these accounts in it. Raises Invalid, TooMany."""
    said, now = _checked(said), node.clock()
    await _look(db, node, owner, said)
    uri = f"{owner.uri}/featured_collections/{secrets.token_hex(8)}"
    blank = Collection(0, uri, owner.id, "", "", "", "", "", None, None, now, now)
    try:
        made = await collections.add(db, _kept(blank, said, now), most=COLLECTIONS)
    except Missing as full:
        words = _("You can have at most %s collections.") % COLLECTIONS
        raise Problems([Problem("base", "ERR_TOO_MANY", words)]) from full
    if made is None:
        raise Missing(uri)
    told: list[Told] = []
    for one in dict.fromkeys(actor_ids):
        told += (await _put(db, node, owner, made, one))[1]
    document = await recommending.document(db, node, made, owner)
    add = activities.add_collection(owner, made, document, now=now)
    await promise(db, node.site, add, signer=owner, inboxes=await recommending.followers(db, owner), object_uri=uri)
    return made, told


async def mine(db: Reading, owner_id: int, collection_id: int) -> Collection:
    """A collection of the member. Raises Missing, NotAllowed when it is another's."""
    found = await collections.by_id(db, collection_id, reader_id=owner_id)
    if found.owner_id != owner_id:
        raise NotAllowed(_("This action is not allowed"))
    return found


async def change(db: Writing, node: Node, owner: Actor, old: Collection, said: Said) -> tuple[Collection, list[Told]]:
    """Say something else of a collection; who is in it is told. Raises Invalid."""
    said, now = _checked(said), node.clock()
    if said == said_by(old):
        return old, []
    await _look(db, node, owner, said, said_by(old).parts())
    new = _kept(old, said, now)
    await collections.change(db, new)
    placed = await collections.accounts(db, new.id, reader_id=0)
    update = activities.update_collection(owner, new, featuring.write(new, owner, placed, node.site), now=now)
    inboxes = await recommending.followers(db, owner, *(actor for _item, actor in placed))
    await promise(db, node.site, update, signer=owner, inboxes=inboxes)
    return new, await surface(db, node, [Collected(owner, new, [actor.id for _item, actor in placed], changed=True)])


async def delete(db: Writing, node: Node, owner: Actor, kept: Collection) -> list[Told]:
    """Take a collection back; nobody is told of it any more."""
    placed = await collections.accounts(db, kept.id, reader_id=owner.id)
    if not await collections.remove(db, kept.id):
        return []
    said = activities.remove_collection(owner, kept, now=node.clock())
    inboxes = await recommending.followers(db, owner, *(actor for _item, actor in placed))
    await promise(db, node.site, said, signer=owner, inboxes=inboxes)
    return []


async def put(db: Writing, node: Node, owner: Actor, kept: Collection, actor_id: int) -> tuple[Item, list[Told]]:
    """Put an account into a collection; of another server it is asked first. Raises Invalid, TooMany."""
    item, told = await _put(db, node, owner, kept, actor_id)
    if item.state is State.ACCEPTED:
        target = await actors.by_id(db, actor_id)
        said = activities.put_item(owner, kept, featuring.item_terms(kept, item, target, node.site))
        await promise(db, node.site, said, signer=owner, inboxes=await recommending.followers(db, owner))
    return item, told


async def _put(db: Writing, node: Node, owner: Actor, kept: Collection, actor_id: int) -> tuple[Item, list[Told]]:
    """Raises Invalid, TooMany."""
    try:
        target = await actors.by_id(db, actor_id)
    except Missing as missing:
        raise Invalid(_("This account is not known here."), field="account_id") from missing
    if await consent.verdict(db, target, owner) not in (Verdict.AUTOMATIC, Verdict.MANUAL):
        words = _("@%s does not want to be in collections, or their server does not know them.") % target.acct
        raise Invalid(words, field="account_id")
    await _count(db, node, owner)
    state = State.ACCEPTED if target.here else State.PENDING
    try:
        item = await collections.put(db, Item(0, kept.id, target.id, state, node.clock()), most=ACCOUNTS)
    except Missing as full:
        raise Invalid(_("At most %s accounts in a collection.") % ACCOUNTS, field="account_id") from full
    if item is None:
        words = _("@%s is in this collection already, or does not want to be in it any more.") % target.acct
        raise Invalid(words, field="account_id")
    if state is State.PENDING:
        said = activities.feature_request(owner, kept, featuring.item_uri(kept, item), target)
        await promise(db, node.site, said, signer=owner, inboxes=[target.inbox])
        return item, []
    return item, await surface(db, node, [Collected(owner, kept, [target.id])])


async def _count(db: Writing, node: Node, owner: Actor) -> None:
    """Raises TooMany."""
    if not node.config.limits.rate:
        return
    if await throttle.count(db, f"collect {owner.id}", now=node.clock(), window=HOUR) > PUT:
        raise TooMany(HOUR // 1000)


async def take(db: Writing, node: Node, owner: Actor, kept: Collection, item_id: int) -> list[Told]:
    """Take an account out of a collection. Raises Missing."""
    item = await _item(db, kept, item_id)
    if not await collections.take(db, item.id, now=node.clock()):
        raise Missing(str(item_id))
    await recommending.removed(db, node, owner, kept, item, await actors.by_id(db, item.actor_id))
    return await surface(db, node, [Uncollected(kept.id, item.actor_id)])


async def revoke(db: Writing, node: Node, member: Actor, kept: Collection, item_id: int) -> list[Told]:
    """Take oneself out of somebody's collection, for good. Raises Missing, NotAllowed."""
    item = await _item(db, kept, item_id)
    if item.actor_id != member.id:
        raise NotAllowed(_("This action is not allowed"))
    if not await collections.revoke(db, item.id):
        return []
    if kept.here:
        owner = await actors.by_id(db, kept.owner_id)
        await recommending.removed(db, node, owner, kept, item, member)
    await recommending.withdrawn(db, node, member, kept, item)
    return await surface(db, node, [Uncollected(kept.id, member.id)])


async def _item(db: Reading, kept: Collection, item_id: int) -> Item:
    found = await collections.item(db, item_id)
    if found.collection_id != kept.id:
        raise Missing(str(item_id))
    return found
