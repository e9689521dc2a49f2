"""The command line: ``sharewell COMMAND``. Exit 0 on success, 2 on wrong usage, 1 with one clear line otherwise."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import uvloop

from node.config import Config, ConfigError, load, parse
from node.errors import Invalid, NotAllowed
from node.operating import commands, teaming
from node.operating.template import template
from storage.database import Busy, Missing, Unavailable

# What ``init`` writes for a node that speaks to the world: seconds, and posts of a new member.
SAFE_DELAY, SAFE_HOLD = 60, 5
LATER = ("backup", "restore", "bench")


class Failed(Exception):
    """The command could not do it; the message says why in one line."""


def main() -> None:
    """Run the command that the arguments name."""
    logging.lastResort = (
        logging.NullHandler()
    )  # a command says itself what went wrong, in one line; see commands.serve for a server
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status of a command line."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except ConfigError as error:
        return _say(str(error), 2)
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)
    except (Failed, Invalid, NotAllowed, Missing, Busy, Unavailable) as error:
        return _say(str(error) or type(error).__name__, 1)
    except KeyboardInterrupt:
        return 130


def _say(line: str, status: int) -> int:
    print(f"sharewell: {' '.join(line.split())}", file=sys.stderr)
    return status


def parser() -> argparse.ArgumentParser:
    """Every command and option; see CONTRACT in the documentation."""
    top = argparse.ArgumentParser(prog="sharewell", description="A federated network node for patient safety.")
    top.add_argument("--config", type=Path, default=None, help="default: $SHAREWELL_CONFIG, else ./config.toml")
    kinds = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, about: str, run: Callable[[argparse.Namespace], int | None]) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=about, description=about)
        made.add_argument("--config", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        made.set_defaults(run=run)
        return made

    init = command("init", "Write a complete, commented configuration and make the database.", _init)
    init.add_argument("--domain", required=True, help="after the @ in handles")
    init.add_argument("--base-url", default="", metavar="URL")
    init.add_argument("--listen", default="", metavar="HOST:PORT")
    init.add_argument("--data", default="", metavar="DIR")
    init.add_argument("--database", default="", metavar="URL")
    init.add_argument("--insecure-http", action="store_true", help="speak http to peers: development and tests only")
    init.add_argument("--private-peer", action="append", default=[], metavar="CIDR[:PORT]")
    command("serve", "Serve pages, apps and peers.", _serve)
    command("work", "Work for a serving node, without pages (PostgreSQL).", _work)
    command("migrate", "Bring the database up to this version.", _task(commands.migrate))
    _account_commands(command("account", "Make and change accounts.", _usage))
    _invite_commands(command("invite", "Make links with which people join.", _usage))
    _team_commands(command("team", "Say who is in a team and may write in its name.", _usage))
    _token_commands(command("token", "Give and take back access tokens.", _usage))
    _peer_commands(command("peer", "Say how we deal with other servers.", _usage))
    _emoji_commands(command("emoji", "Give members pictures to write as :name:.", _usage))
    _announcement_commands(command("announcement", "Tell all members something.", _usage))
    keys = command("keys", "Change an account's keys.", _usage).add_subparsers(required=True, metavar="ACTION")
    rotate = _sub(keys, "rotate", _task(commands.rotate_keys))
    rotate.add_argument("name")
    export = command(
        "export", "Write all that the node has of a member into one archive.", _task(commands.export_account)
    )
    export.add_argument("name")
    export.add_argument("--to", type=Path, default=None, metavar="FILE", help="default: NAME.zip in this folder")
    show = command("demo", "Run two nodes with sample content on this machine.", _demo)
    show.add_argument("--folder", type=Path, default=Path(".demo"))
    show.add_argument("--fresh", action="store_true", help="throw what is there away first")
    guard = command("guard", "Ask the privacy guard.", _usage).add_subparsers(required=True, metavar="ACTION")
    _sub(guard, "check", _guard_check).add_argument(
        "file", type=Path, metavar="FILE.jsonl", help='{"id": …, "text": …}'
    )
    close = command("close", "Move accounts to other servers as a file says, before this node closes.", _close)
    close.add_argument("file", type=Path, metavar="FILE.csv", help="on each line a handle here and the new address")
    close.add_argument("--check", action="store_true", help="look at every new account, and move nobody")
    close.add_argument("--partly", action="store_true", help="move whom it can, though others cannot be moved yet")
    static = command("archive", "Write all that everybody may read as files that any web server can serve.", _archive)
    static.add_argument("folder", type=Path, metavar="DIR")
    static.add_argument("--only", default="", metavar="NAME", help="what one account shared, as a team or programme")
    for name in LATER:
        command(name, "Not built yet.", _later).add_argument("rest", nargs="*")
    return top


# What stays is loaded only where it is asked for: the web server, the pages and the sample content take longer to load
# than the other commands take in all, and those have to be quick beside a busy node.


def _serve(options: argparse.Namespace) -> int:
    from node.operating import serving

    return serving.serve(_config(options))


def _work(options: argparse.Namespace) -> int:
    from node.operating import serving

    return serving.work(_config(options))


def _demo(options: argparse.Namespace) -> int:
    from node.demo import running

    return running.run(options.folder, options.fresh)


def _guard_check(options: argparse.Namespace) -> None:
    from node.operating import checking

    try:
        checking.run(options.file, sys.stdout)
    except checking.BadLine as error:
        raise Failed(str(error)) from error


def _sub(actions: Any, name: str, run: Callable[[argparse.Namespace], int | None]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = actions.add_parser(name)
    made.add_argument("--config", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    made.set_defaults(run=run)
    return made


def _account_commands(account: argparse.ArgumentParser) -> None:
    actions = account.add_subparsers(required=True, metavar="ACTION")
    create = _sub(actions, "create", _task(commands.create_account))
    create.add_argument("name")
    create.add_argument("--email", required=True)
    create.add_argument("--password", required=True)
    create.add_argument("--role", choices=("member", "guardian", "moderator", "admin"), default="member")
    create.add_argument("--kind", choices=("person", "team", "organisation"), default="person")
    for action, run in (
        ("approve", commands.approve_account),
        ("disable", commands.disable_account),
    ):
        _sub(actions, action, _task(run)).add_argument("name")
    alias = _sub(actions, "alias", _alias)
    alias.add_argument("name")
    alias.add_argument("address", help="of an earlier account, as name@example.org, whose followers may be brought")
    alias.add_argument("--remove", action="store_true", help="name it no longer")
    delete = _sub(actions, "delete", _task(commands.delete_account))
    delete.add_argument("name")
    delete.add_argument("--wait", action="store_true", help="hide it now, erase it in 7 days unless its member objects")
    _sub(actions, "waiting", _task(commands.list_waiting))
    password = _sub(actions, "password", _task(commands.set_password))
    password.add_argument("name")
    password.add_argument("--password", default="", help="asked for when absent")
    second = _sub(actions, "second-factor", _task(commands.second_factor))
    second.add_argument("name")
    second.add_argument("--off", action="store_true", required=True, help="ask for no code any more at sign-in")


def _invite_commands(invite: argparse.ArgumentParser) -> None:
    actions = invite.add_subparsers(required=True, metavar="ACTION")
    create = _sub(actions, "create", _task(commands.create_invitation))
    create.add_argument("--uses", type=int, default=1, help="how many can join with it")
    create.add_argument("--days", type=int, default=7, help="how long it works")
    create.add_argument("--kind", choices=("person", "team", "organisation"), default="person")
    _sub(actions, "list", _task(commands.list_invitations))
    _sub(actions, "revoke", _task(commands.revoke_invitation)).add_argument("number", type=int)


def _team_commands(team: argparse.ArgumentParser) -> None:
    actions = team.add_subparsers(required=True, metavar="ACTION")
    add = _sub(actions, "add", _task(teaming.add))
    add.add_argument("team")
    add.add_argument("member")
    add.add_argument("--lead", action="store_true", help="adds and removes members, and changes what the team shared")
    remove = _sub(actions, "remove", _task(teaming.remove))
    remove.add_argument("team")
    remove.add_argument("member")
    _sub(actions, "close", _task(teaming.close)).add_argument("team")
    _sub(actions, "delete", _task(teaming.delete)).add_argument("team")
    _sub(actions, "list", _task(teaming.show)).add_argument("team", nargs="?", default="")


def _emoji_commands(emoji: argparse.ArgumentParser) -> None:
    actions = emoji.add_subparsers(required=True, metavar="ACTION")
    add = _sub(actions, "add", _task(commands.add_emoji))
    add.add_argument("name")
    add.add_argument("file", type=Path)
    add.add_argument("--category", default="", help="under which apps show it")
    _sub(actions, "list", _task(commands.list_emojis))
    _sub(actions, "remove", _task(commands.remove_emoji)).add_argument("name")


def _announcement_commands(announcement: argparse.ArgumentParser) -> None:
    actions = announcement.add_subparsers(required=True, metavar="ACTION")
    add = _sub(actions, "add", _task(commands.add_announcement))
    add.add_argument("text", help="plain text; empty lines part paragraphs")
    add.add_argument("--starts", default="", metavar="WHEN", help="when what it announces begins: 2026-12-01T14:30 UTC")
    add.add_argument("--ends", default="", metavar="WHEN", help="when it is over and shown no longer")
    add.add_argument("--all-day", action="store_true", help="it takes whole days: 2026-12-01")
    _sub(actions, "list", _task(commands.list_announcements))
    _sub(actions, "remove", _task(commands.remove_announcement)).add_argument("number", type=int)


def _token_commands(token: argparse.ArgumentParser) -> None:
    actions = token.add_subparsers(required=True, metavar="ACTION")
    create = _sub(actions, "create", _task(commands.create_token))
    create.add_argument("name")
    create.add_argument("--scopes", default="read write follow push")
    _sub(actions, "revoke", _task(commands.revoke_token)).add_argument("token")


def _peer_commands(peer: argparse.ArgumentParser) -> None:
    actions = peer.add_subparsers(required=True, metavar="ACTION")
    add = _sub(actions, "add", _task(commands.add_peer))
    add.add_argument("host")
    add.add_argument("--policy", choices=("allied", "open", "silenced", "suspended"), default="allied")
    add.add_argument("--reason", default="")
    _sub(actions, "remove", _task(commands.remove_peer)).add_argument("host")
    _sub(actions, "list", _task(commands.list_peers))


def _usage(options: argparse.Namespace) -> int:
    return _say(f"{options.command}: say what to do; see sharewell {options.command} --help", 2)


def _archive(options: argparse.Namespace) -> int | None:
    from node.archive import running

    return _task(running.run)(options)


def _close(options: argparse.Namespace) -> int | None:
    from node.operating import closing

    return _task(closing.run)(options)


def _alias(options: argparse.Namespace) -> int | None:
    from node.operating import closing

    return _task(closing.alias)(options)


def _later(options: argparse.Namespace) -> int:
    return _say(f"{options.command} is not built yet in this version", 1)


def _task(work: Callable[[Config, Mapping[str, Any]], Awaitable[None]]) -> Callable[[argparse.Namespace], int | None]:
    def run(options: argparse.Namespace) -> int | None:
        uvloop.run(_awaited(work(_config(options), vars(options))))
        return None

    return run


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _config_path(options: argparse.Namespace) -> Path:
    given: Path | None = options.config
    return given or Path(os.environ.get("SHAREWELL_CONFIG") or "config.toml")


def _config(options: argparse.Namespace) -> Config:
    return load(_config_path(options))


def _init(options: argparse.Namespace) -> int | None:
    path = _config_path(options)
    if path.exists():
        raise Failed(f"{path} is there already; remove it first if you mean to start anew")
    given: dict[str, Any] = {"domain": options.domain}
    for name in ("base_url", "listen", "data", "database"):
        if getattr(options, name):
            given[name] = getattr(options, name)
    if options.insecure_http:
        given["federation.insecure_http"] = True
    else:
        given["safety.fan_out_delay"] = SAFE_DELAY
        given["safety.hold_first_posts"] = SAFE_HOLD
    if options.private_peer:
        given["federation.private_peers"] = options.private_peer
    config = parse(_nested(given), folder=path.resolve().parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(commands.migrate(config, {}))
    path.write_text(template(given), encoding="utf-8")  # last: a second try finds nothing of one that failed
    print(f"wrote {path}; next: sharewell serve --config {path}")
    return None


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for path, value in flat.items():
        section, dot, name = path.rpartition(".")
        (table.setdefault(section, {}) if dot else table)[name] = value
    return table
