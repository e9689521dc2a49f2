"""Make a team or a collaborative, say what it is for and how one joins it, close it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from federation.signing import keys as signing
from node import guarding
from node import text as texts
from node.confidentiality.guard import Named
from node.connecting import members as use
from node.connecting.teams import check_lead
from node.context import Node
from node.errors import Invalid, NotAllowed, Problem, Problems, TooMany
from node.surfacing.surface import Told
from node.texts import _
from node.words import vocabulary
from storage import actors, audit, follows, groups, profiles, teams, throttle
from storage.actors import Actor, ActorKind
from storage.database import Reading, Writing
from storage.groups import Joining, Posting, Settings, Sort
from storage.profiles import Description
from storage.teams import Place

LED = 10  # groups that one member leads
MADE = 3  # groups that one member makes in a day
DAY = 24 * 60 * 60 * 1000  # ms
AIM = 300  # characters


@dataclass(frozen=True, slots=True)
class Said:
    """What a group says of itself."""

    name: str
    note: str
    settings: Settings

    def parts(self) -> list[Named]:
        """Its texts, for the privacy guard."""
        found = [Named("display_name", self.name), Named("note", self.note), Named("aim", self.settings.aim)]
        return [one for one in found if one.text]


def said_by(group: Actor, settings: Settings) -> Said:
    """What a group says now."""
    return Said(group.name, group.summary_source, settings)


def _checked(said: Said) -> Said:
    """Raises Problems with all that is wrong."""
    settings = replace(said.settings, aim=" ".join(texts.clean(said.settings.aim).split()))
    if settings.private is not None and settings.posting is Posting.ANYONE:
        settings = replace(settings, posting=Posting.MEMBERS)
    said = Said(" ".join(texts.clean(said.name).split()), texts.clean(said.note), settings)
    found: list[Problem] = []
    if not said.name:
        found.append(Problem("display_name", "ERR_BLANK", _("A group needs a name.")))
    if len(said.name) > use.NAME:
        found.append(Problem("display_name", "ERR_TOO_LONG", _("A name has at most %s characters.") % use.NAME))
    if len(said.note) > use.NOTE:
        found.append(Problem("note", "ERR_TOO_LONG", _("This has at most %s characters.") % use.NOTE))
    said = replace(said, settings=_settled(settings, found))
    if found:
        raise Problems(found)
    return said


def _settled(settings: Settings, found: list[Problem]) -> Settings:
    """What only a collaborative has, another group has not."""
    if settings.private is not None and settings.joining is Joining.OPEN:
        found.append(Problem("joining", "ERR_INVALID", _("A private group is joined by request or invitation.")))
    if settings.sort is not Sort.COLLABORATIVE:
        return replace(settings, aim="", starts=None, ends=None)
    if not settings.aim:
        found.append(Problem("aim", "ERR_BLANK", _("Say what the collaborative wants to achieve.")))
    if len(settings.aim) > AIM:
        found.append(Problem("aim", "ERR_TOO_LONG", _("This has at most %s characters.") % AIM))
    if settings.starts is not None and settings.ends is not None and settings.ends < settings.starts:
        found.append(Problem("ends_on", "ERR_INVALID", _("It cannot end before it starts.")))
    return settings


async def make(node: Node, me: Actor, handle: str, said: Said) -> Actor:
    """A new group that ``me`` leads; its own transaction. Raises Problems, Invalid (``guarding.Stopped`` too),
    TooMany."""
    wrong = use.wrong_handle(handle)
    try:
        said = _checked(said)
    except Problems as problems:
        raise Problems([*([] if wrong is None else [wrong]), *problems.found]) from None
    if wrong is not None:
        raise Problems([wrong])
    rsa = await asyncio.to_thread(signing.generate_rsa)
    ed25519 = await asyncio.to_thread(signing.generate_ed25519)
    async with guarding.asking(node), node.database.writing() as db:
        await _check_limits(db, node, me)
        await guarding.look_at_change(db, node, me.id, said.parts(), (), sort=guarding.Sort.PROFILE)
        now, handle = node.clock(), handle.lower()
        actor_id = await actors.add(db, use.local_profile(node.site, handle, ActorKind.GROUP, now=now), now=now)
        if actor_id is None:
            raise Problems([use.taken()])
        await use.keep_keys(db, node.site.actor_uri(handle), actor_id, rsa=rsa, ed25519=ed25519, now=now)
        await profiles.describe(db, actor_id, _described(node, said, now))
        await groups.put(db, actor_id, said.settings, now=now)
        await teams.put(db, actor_id, me.id, Place.LEAD, now=now)
        uri = f"{me.uri}#follows/{actor_id}/{now}"
        await follows.ask(db, follower_id=me.id, target_id=actor_id, uri=uri, now=now, accepted=now)
        await audit.note(db, "group.make", node.site.actor_uri(handle), actor_id=me.id, now=now)
        return await actors.by_id(db, actor_id)


async def _check_limits(db: Writing, node: Node, me: Actor) -> None:
    """Raises Invalid, TooMany."""
    if await teams.count_led(db, me.id) >= LED:
        raise Invalid(_("You lead %s groups already. Hand one over, or close it, first.") % LED)
    if node.config.limits.rate and await throttle.count(db, f"groups {me.id}", now=node.clock(), window=DAY) > MADE:
        raise TooMany(DAY // 1000)


def _described(node: Node, said: Said, now: int) -> Description:
    """Private groups are in no list, and to follow one is to ask."""
    private = said.settings.private is not None
    summary = texts.html(said.note, mentioned={}, base_url=node.site.base_url)
    return Description(
        said.name, summary, said.note, locked=now if private else None,
        discoverable=None if private else now, indexable=None if private else now, fields=_facts(said.settings),
    )  # fmt: skip


def _facts(settings: Settings) -> str:
    """What a collaborative wants and for how long as fields of its profile, where every server and app reads it."""
    said = [(_("Aim"), settings.aim), (_("When"), vocabulary.span(settings.starts, settings.ends, days=True))]
    return json.dumps([{"name": name, "value": escape(value)} for name, value in said if value], ensure_ascii=False)


async def edit(db: Writing, node: Node, me: Actor, group: Actor, said: Said) -> list[Told]:
    """Say something else of a group. Sort and privacy stay. Raises NotAllowed, Problems, Invalid."""
    await check_lead(db, me, group)
    before = await groups.of(db, group.id)
    if before.closed is not None:
        raise NotAllowed(_("This group is closed."))
    said = _checked(replace(said, settings=replace(said.settings, sort=before.sort, private=before.private)))
    if (
        said.settings.joining is Joining.OPEN
        and before.joining is not Joining.OPEN
        and await groups.shares_with_few(db, group.id)
    ):
        raise Invalid(_("What it shared with few would be for whoever joins: make a new group."), field="joining")
    await guarding.look_at_change(
        db, node, me.id, said.parts(), said_by(group, before).parts(), sort=guarding.Sort.PROFILE
    )  # fmt: skip
    now = node.clock()
    described = _described(node, said, now)
    kept = replace(
        described, fields=group.fields if before.sort is Sort.TEAM else described.fields, emojis=group.emojis,
        icon_alt=group.icon_alt, header_alt=group.header_alt, attribution_domains=group.attribution_domains,
    )  # fmt: skip
    await profiles.describe(db, group.id, kept)
    await groups.put(db, group.id, said.settings, now=now)
    await audit.note(db, "group.edit", group.uri, actor_id=me.id, now=now)
    return await use.say_who(db, node, group.id)


async def close(db: Writing, node: Node, me: Actor, group: Actor) -> bool:
    """Let nobody join or post any more; what is in it stays readable. Raises NotAllowed."""
    await check_lead(db, me, group)
    return await shut(db, node, group, by=me)


async def shut(db: Writing, node: Node, group: Actor, *, by: Actor | None) -> bool:
    """Close a group, as one of its leads or whoever runs the node (None)."""
    settings = await groups.of(db, group.id)
    if settings == Settings():
        await groups.put(db, group.id, settings, now=node.clock())
    closed = await groups.close(db, group.id, now=node.clock())
    if closed:
        await audit.note(db, "group.close", group.uri, actor_id=None if by is None else by.id, now=node.clock())
    return closed


async def check_open(db: Reading, group_ids: Sequence[int]) -> None:
    """Raises NotAllowed for a group that is closed."""
    for one in group_ids:
        if (await groups.of(db, one)).closed is not None:
            raise NotAllowed(_("This group is closed."))
