"""What the commands do that only change something; ``node.cli`` reads the arguments.

They load neither the web server nor the pages, which would take longer than what they do.
"""

from __future__ import annotations

import asyncio
import getpass
import secrets
import sys
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from federation.signing import keys as signing_keys
from node.config import DOMAIN, Config
from node.connecting import entering, leaving, passwords, registering, second_step
from node.connecting import members as use
from node.connecting.members import NewAccount
from node.errors import Invalid
from node.oauth import scopes
from node.opening import clock, opened, opened_database
from node.portability import gathering
from node.requests import secret_hash
from node.sharing import announcements as announcing
from node.sharing import emojis as drawing
from node.streams import ANNOUNCED
from node.words import vocabulary
from storage import (
    actors,
    allies,
    announcements,
    audit,
    emojis,
    invitations,
    jobs,
    joined,
    members,
    moves,
    peers,
    sessions,
    tokens,
)
from storage.actors import Actor, ActorKind
from storage.database import Busy, Missing, Reading
from storage.ids import LAST
from storage.members import Member, Role
from storage.peers import Policy

KINDS = {"person": ActorKind.PERSON, "team": ActorKind.GROUP, "organisation": ActorKind.ORGANIZATION}

DAY = 24 * 60 * 60 * 1000  # ms
MOST_USES, LONGEST_DAYS = 10_000, 365  # of an invitation

Options = Mapping[str, Any]
T = TypeVar("T")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def migrate(config: Config, _: Options) -> None:
    """Bring the database up to this version."""
    async with opened_database(config, command=True):
        pass


async def create_account(config: Config, options: Options) -> None:
    """An account that can sign in at once."""
    password = await passwords.hashed(options["password"])
    rsa = await asyncio.to_thread(signing_keys.generate_rsa)
    ed25519 = await asyncio.to_thread(signing_keys.generate_ed25519)
    account = NewAccount(
        handle=options["name"],
        email=options["email"],
        password=password,
        role=Role(options["role"]),
        kind=KINDS[options["kind"]],
    )
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            actor = await use.create(db, node.site, account, rsa=rsa, ed25519=ed25519)
            await audit.note(db, "account.create", actor.uri, actor_id=None, now=node.clock())
        _print(f"@{actor.handle}@{config.domain}")


async def _known(found: Awaitable[T], name: str) -> T:
    try:
        return await found
    except Missing as missing:
        raise Invalid(f"there is no account {name}") from missing


async def _account(db: Reading, name: str) -> tuple[Member, Actor]:
    return await _known(members.with_actor(db, handle=name), name)


async def approve_account(config: Config, options: Options) -> None:
    """Let a member act: one who waits, whose address counts as confirmed by it, or who was disabled."""
    async with opened_database(config, command=True) as database:
        async with database.writing() as db:
            member, actor = await _account(db, options["name"])
            await registering.let_in(db, config, member, now=clock())
            await audit.note(db, "account.approve", actor.uri, actor_id=None, now=clock())
        database.signal(jobs.WAKE)


async def list_waiting(config: Config, _: Options) -> None:
    """Who waits to be let in, the first first: name, since when, whether the address is confirmed, why they join."""
    after = 0
    async with opened_database(config, command=True) as database:
        while True:
            async with database.reading() as db:
                page = await joined.waiting(db, after=after, limit=200)
            for one in page:
                shown = "confirmed" if one.member.confirmed is not None else "not confirmed"
                why = " ".join(one.reason.split())
                _print(f"{one.actor.handle}\t{vocabulary.day(one.member.created)}\t{shown}\t{why}")
            if len(page) < 200:
                return
            after = page[-1].actor.id


async def create_invitation(config: Config, options: Options) -> None:
    """A link to join with, alone on the last line: it is shown once."""
    uses, days = options["uses"], options["days"]
    if not 1 <= uses <= MOST_USES or not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"--uses is 1 to {MOST_USES}, --days is 1 to {LONGEST_DAYS}")
    if config.registration.mode == "closed":
        raise Invalid('nobody can join: set registration.mode to "invitation" (or "approval" or "open") first')
    code = secrets.token_urlsafe(16)
    async with opened_database(config, command=True) as database, database.writing() as db:
        number = await invitations.add(
            db, secret_hash(code), kind=KINDS[options["kind"]], uses=uses, expires=clock() + days * DAY, now=clock()
        )
        await audit.note(db, "invite.create", str(number), actor_id=None, now=clock())
    _print(f"{config.base_url}/join/{code}")


async def list_invitations(config: Config, _: Options) -> None:
    """Every invitation, the newest first: number, kind, how often it was used, until when, whether it works."""
    before = LAST
    async with opened_database(config, command=True) as database:
        while True:
            async with database.reading() as db:
                page = await invitations.newest(db, before=before, limit=200)
            for one in page:
                state = "open" if one.open(clock()) else "revoked" if one.revoked is not None else "over"
                kind = next(name for name, kind in KINDS.items() if kind is one.kind)
                _print(f"{one.id}\t{kind}\t{one.used} of {one.uses}\tuntil {vocabulary.day(one.expires)}\t{state}")
            if len(page) < 200:
                return
            before = page[-1].id


async def revoke_invitation(config: Config, options: Options) -> None:
    """Let nobody join with a link any more."""
    async with opened_database(config, command=True) as database, database.writing() as db:
        if not await invitations.revoke(db, options["number"], now=clock()):
            raise Invalid(f"there is no open invitation {options['number']}")
        await audit.note(db, "invite.revoke", str(options["number"]), actor_id=None, now=clock())


async def disable_account(config: Config, options: Options) -> None:
    """Let a member act no more; sign them out everywhere."""
    async with opened_database(config, command=True) as database, database.writing() as db:
        _, actor = await _account(db, options["name"])
        await members.disable(db, actor.id, now=clock())
        await tokens.revoke_all_of(db, actor.id)
        await sessions.end_all_of(db, actor.id)
        await audit.note(db, "account.disable", actor.uri, actor_id=None, now=clock())


async def delete_account(config: Config, options: Options) -> None:
    """Erase an account with all it shared, and tell peers; with ``wait`` as if its member had asked for it."""
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            _, actor = await _account(db, options["name"])
            if options["wait"]:
                await leaving.begin(db, node, actor)
                return
            await use.delete(db, node, actor)
            await audit.note(db, "account.delete", actor.uri, actor_id=None, now=node.clock())
        with suppress(Busy):  # readers hold it up; the promised job tries again
            await node.database.scrub()
        node.database.signal("jobs")


async def export_account(config: Config, options: Options) -> None:
    """Write all that the node has of a member into one archive, and say where."""
    path = options["to"] or Path(f"{options['name'].lower()}.zip")
    if await asyncio.to_thread(path.exists):
        raise Invalid(f"{path} is there already; say another place with --to")

    async def come(done: int, total: int) -> None:
        return None

    async with opened(config, command=True) as node:
        async with node.database.reading() as db:
            _, actor = await _account(db, options["name"])
        await gathering.write(node, actor, path, come)
        async with node.database.writing() as db:
            await audit.note(db, "account.export", actor.uri, actor_id=None, now=node.clock())
    _print(str(path))


async def set_password(config: Config, options: Options) -> None:
    """A new password; every session and app is signed out."""
    typed = options["password"] or await asyncio.to_thread(_asked_password)
    password = await passwords.hashed(typed)
    async with opened_database(config, command=True) as database:
        async with database.writing() as db:
            _, actor = await _account(db, options["name"])
            await entering.set_password(db, config, actor.id, password, now=clock())
            await audit.note(db, "account.password", actor.uri, actor_id=None, now=clock())
        database.signal(jobs.WAKE)


async def second_factor(config: Config, options: Options) -> None:
    """Let somebody in with the password alone who lost their authenticator app and recovery codes."""
    async with opened_database(config, command=True) as database:
        async with database.writing() as db:
            _, actor = await _account(db, options["name"])
            if not await second_step.switch_off(db, config, actor, by=None, now=clock()):
                raise Invalid(f"{actor.handle} has no second step")
        database.signal(jobs.WAKE)


def _asked_password() -> str:
    """Typed unseen, or the first line of what is piped in."""
    return getpass.getpass("New password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


async def create_token(config: Config, options: Options) -> None:
    """A token for a member, alone on the last line."""
    granted = scopes.parse(options["scopes"])
    token = secrets.token_urlsafe(32)
    async with opened_database(config, command=True) as database, database.writing() as db:
        member, actor = await _account(db, options["name"])
        if not member.usable:
            raise Invalid(f"{actor.handle} may not act: confirm, approve or enable the account first")
        await tokens.add(db, secret_hash(token), app_id=None, member_id=actor.id, scopes=granted, now=clock())
        await audit.note(db, "token.create", actor.uri, actor_id=None, now=clock())
    _print(token)


async def revoke_token(config: Config, options: Options) -> None:
    """Take a token back."""
    async with opened_database(config, command=True) as database, database.writing() as db:
        if not await tokens.revoke(db, secret_hash(options["token"])):
            raise Invalid("there is no such token")


async def rotate_keys(config: Config, options: Options) -> None:
    """Give an account new keys and tell its followers."""
    rsa = await asyncio.to_thread(signing_keys.generate_rsa)
    ed25519 = await asyncio.to_thread(signing_keys.generate_ed25519)
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            actor = await _known(actors.by_handle(db, options["name"]), options["name"])
            await use.rotate_keys(db, node, actor, rsa=rsa, ed25519=ed25519)
            await audit.note(db, "keys.rotate", actor.uri, actor_id=None, now=node.clock())
        node.database.signal("jobs")


async def add_peer(config: Config, options: Options) -> None:
    """Say how we deal with a server."""
    policy = Policy("" if options["policy"] == "open" else options["policy"])
    host = options["host"].lower()
    if not DOMAIN.fullmatch(host):
        raise Invalid(f"{host!r} is not a host name")
    async with opened_database(config, command=True) as database, database.writing() as db:
        await peers.decide(db, host, policy, reason=options["reason"], now=clock())
        await allies.promise(db, host, now=clock())
        await actors.suspend_host(db, host, now=clock() if policy is Policy.SUSPENDED else None)
        await moves.renew(db, host)
        await audit.note(db, f"peer.{options['policy']}", host, actor_id=None, now=clock())


async def remove_peer(config: Config, options: Options) -> None:
    """Deal with a server as with any other."""
    await add_peer(config, {**options, "policy": "open", "reason": ""})


async def list_peers(config: Config, _: Options) -> None:
    """Every server we know and how we deal with it."""
    after = ""
    async with opened_database(config, command=True) as database:
        while True:
            async with database.reading() as db:
                page = await peers.hosts(db, after=after, limit=200)
            for one in page:
                _print(f"{one.host}\t{one.policy.value or 'open'}\t{one.reason}")
            if len(page) < 200:
                return
            after = page[-1].host


async def add_emoji(config: Config, options: Options) -> None:
    """Let members write a picture as :name:."""
    async with opened(config, command=True) as node:
        await drawing.add(node, options["name"], options["file"], options["category"])
        async with node.database.writing() as db:
            await audit.note(db, "emoji.add", options["name"], actor_id=None, now=node.clock())
        node.database.signal(jobs.WAKE)


async def list_emojis(config: Config, _: Options) -> None:
    """Every emoji and its category."""
    async with opened_database(config, command=True) as database, database.reading() as db:
        for one in await emojis.everything(db):
            _print(f"{one.shortcode}\t{one.category}\t{one.url}")


async def remove_emoji(config: Config, options: Options) -> None:
    """Take an emoji away; posts that have it show its name."""
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            if not await drawing.remove(db, node, options["name"]):
                raise Invalid(f"there is no emoji {options['name']}")
            await audit.note(db, "emoji.remove", options["name"], actor_id=None, now=node.clock())
        node.database.signal(jobs.WAKE)


async def add_announcement(config: Config, options: Options) -> None:
    """Tell all members something; apps that are open show it within a second. Its number is the last line."""
    async with opened(config, command=True) as node:
        async with node.database.writing() as db:
            number = await announcing.announce(
                db, node, options["text"], starts=options["starts"], ends=options["ends"], all_day=options["all_day"]
            )
            await audit.note(db, "announcement.add", str(number), actor_id=None, now=node.clock())
        node.database.signal(ANNOUNCED, number)
    _print(str(number))


async def list_announcements(config: Config, _: Options) -> None:
    """Every announcement, the oldest first: its number, when it ends, and its text on one line."""
    async with opened_database(config, command=True) as database, database.reading() as db:
        for one in await announcements.everything(db):
            _print(f"{one.id}\t{'' if one.ends is None else vocabulary.iso(one.ends)}\t{' '.join(one.text.split())}")


async def remove_announcement(config: Config, options: Options) -> None:
    """Take an announcement back, with what members thought of it."""
    async with opened_database(config, command=True) as database:
        async with database.writing() as db:
            if options["number"] > LAST or not await announcements.remove(db, options["number"]):
                raise Invalid(f"there is no announcement {options['number']}")
            await audit.note(db, "announcement.remove", str(options["number"]), actor_id=None, now=clock())
        database.signal(ANNOUNCED, options["number"])
