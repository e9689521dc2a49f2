"""The command line: every command of the contract; a user's mistake is one line, never a traceback."""

from __future__ import annotations

import argparse
import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from node.cli import parser, run
from node.config import load
from node.connecting import registering, second_step
from node.connecting.registering import Asked
from node.context import Node
from node.opening import opened
from storage import authenticators, members
from tests.house.tree import ROOT
from tests.postgres import Server

PASSWORD = "correct horse battery"
T = TypeVar("T")
# Every command and option of the contract. Those at the end are named there and not built yet: they say so.
CONTRACT = {
    "init": {
        "--config",
        "--domain",
        "--base-url",
        "--listen",
        "--data",
        "--database",
        "--insecure-http",
        "--private-peer",
    },
    "serve": {"--config"},
    "work": {"--config"},
    "account create": {"--config", "--email", "--password", "--role", "--kind"},
    "account approve": {"--config"},
    "account disable": {"--config"},
    "account password": {"--config"},
    "account second-factor": {"--config", "--off"},
    "account delete": {"--config", "--wait"},
    "account waiting": {"--config"},
    "invite create": {"--config", "--uses", "--days", "--kind"},
    "invite list": {"--config"},
    "invite revoke": {"--config"},
    "emoji add": {"--config", "--category"},
    "emoji list": {"--config"},
    "emoji remove": {"--config"},
    "announcement add": {"--config", "--starts", "--ends", "--all-day"},
    "announcement list": {"--config"},
    "announcement remove": {"--config"},
    "team add": {"--config", "--lead"},
    "team remove": {"--config"},
    "team list": {"--config"},
    "team close": {"--config"},
    "team delete": {"--config"},
    "token create": {"--config", "--scopes"},
    "token revoke": {"--config"},
    "migrate": {"--config"},
    "keys rotate": {"--config"},
    "export": {"--config", "--to"},
    "peer add": {"--config"},
    "peer list": {"--config"},
    "peer remove": {"--config"},
    "archive": {"--config", "--only"},
    "close": {"--config", "--check", "--partly"},
    "account alias": {"--config", "--remove"},
    "demo": {"--config"},
    "guard check": {"--config"},
}
LATER = ("backup", "restore", "bench")


def commands(top: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that there is, with its parser."""
    below = [one for one in top._actions if isinstance(one, argparse._SubParsersAction)]
    if path and not below:
        yield path, top
    for action in below:
        for name, made in action.choices.items():
            yield from commands(made, f"{path} {name}".strip())


@pytest.mark.parametrize("command", CONTRACT)
def test_every_command_of_the_contract_has_its_options(command: str) -> None:
    made = dict(commands(parser()))[command]

    assert CONTRACT[command] <= set(made._option_string_actions)


def test_there_is_no_command_that_the_contract_does_not_name() -> None:
    assert set(dict(commands(parser()))) == {*CONTRACT, *LATER}


@pytest.mark.parametrize("command", ["", *sorted({path.partition(" ")[0] for path in CONTRACT} | CONTRACT.keys())])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run([*command.split(), "--help"])

    assert ended.value.code == 0
    assert f"usage: sharewell {command}".strip() in capsys.readouterr().out


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with one account, that is not running."""
    folder = tmp_path_factory.mktemp("node")
    at = ["--config", str(folder / "config.toml")]
    assert run([*at, "init", "--domain", "ward.example"]) == 0
    assert run([*at, "account", "create", "maria", "--email", "maria@ward.example", "--password", PASSWORD]) == 0
    (folder / "not.toml").write_text("domain = ")
    (folder / "unknown.toml").write_text('domain = "ward.example"\ncolour = "red"\n')
    (folder / "type.toml").write_text('domain = "ward.example"\n[limits]\nrate = "no"\n')
    (folder / "two.toml").write_text('domain = "ward.example"\n[cluster]\nprocesses = 2\n')
    (folder / "file").write_text("")
    (folder / "data-is-a-file.toml").write_text('domain = "ward.example"\nlisten = "127.0.0.1:0"\ndata = "file"\n')
    (folder / "postgres.toml").write_text(
        'domain = "ward.example"\nlisten = "127.0.0.1:0"\ndatabase = "postgresql://nobody@127.0.0.1:1/none"\n'
    )
    (folder / "address.toml").write_text('domain = "ward.example"\nlisten = "203.0.113.1:8000"\n')
    (folder / "database").mkdir()
    (folder / "database" / "sharewell.db").write_text("This is a letter and not a database. " * 200)
    (folder / "no-database.toml").write_text(
        'domain = "ward.example"\nlisten = "127.0.0.1:0"\ndata = "database"\n'  # 8000 may be another test's
    )
    return folder


ACCOUNT = f"--email ann@ward.example --password {PASSWORD.replace(' ', '_')}"


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        ("serve --config {home}/nowhere.toml", 2, "no configuration at {home}/nowhere.toml (make one: sharewell init"),
        ("serve --config {home}", 2, "cannot read {home}"),
        ("serve --config {home}/not.toml", 2, "{home}/not.toml is not TOML"),
        ("serve --config {home}/unknown.toml", 2, "unknown option colour"),
        ("migrate --config {home}/type.toml", 2, "limits.rate must be true or false, not 'no'"),
        ("serve --config {home}/two.toml", 2, "cluster.processes = 2 needs PostgreSQL (database)"),
        ("work", 2, "work needs PostgreSQL"),
        ("init --domain ward.example", 1, "{home}/config.toml is there already"),
        ("init --config {home}/new.toml --domain Ward!", 2, "domain must be a lower-case host name"),
        ("init --config {home}/new.toml --domain a.example --data {home}/file", 1, "cannot keep data in {home}/file"),
        ("init --config /proc/x/new.toml --domain a.example", 1, "/proc/x: No such file or directory"),
        ("init --config {home}/new.toml --domain a.example --database mysql://x", 2, "database must be empty (SQLite)"),
        ("serve --config {home}/data-is-a-file.toml", 1, "cannot keep data in {home}/file"),
        ("serve --config {home}/postgres.toml", 1, "cannot open the database: "),
        ("migrate --config {home}/postgres.toml", 1, "cannot open the database: "),
        ("serve --config {home}/no-database.toml", 1, "cannot open the database: "),
        ("serve --config {home}/address.toml", 1, "cannot listen on 203.0.113.1:8000: Cannot assign requested address"),
        (f"account create maria {ACCOUNT}", 1, "This name is taken"),
        (f"account create ann-lee {ACCOUNT}", 1, "A name has 1 to 30 letters"),
        (f"account create actor {ACCOUNT}", 1, "This name is"),
        ("account create ann --email ann --password long_enough_it_is", 1, "This is not an e-mail address"),
        ("account create ann --email ann@ward.example --password short", 1, "A password has 8 to 256 characters"),
        ("account create ann --email maria@ward.example --password long_enough_it_is", 1, "Somebody has an account"),
        ("account approve nobody", 1, "there is no account nobody"),
        ("account disable nobody", 1, "there is no account nobody"),
        ("account delete nobody", 1, "there is no account nobody"),
        ("account password nobody --password long_enough_it_is", 1, "there is no account nobody"),
        ("account password maria --password short", 1, "A password has 8 to 256 characters"),
        ("account second-factor nobody --off", 1, "there is no account nobody"),
        ("account second-factor maria --off", 1, "maria has no second step"),
        ("announcement add x --ends soon", 1, "soon is no day or time like 2026-12-01"),
        ("announcement add x --all-day", 1, "Say on which day it starts or ends."),
        ("announcement remove 7", 1, "there is no announcement 7"),
        ("announcement remove 99999999999999999999", 1, "there is no announcement 9"),
        ("team add nobody maria", 1, "there is no team nobody"),
        ("team add maria maria", 1, "there is no team maria"),
        ("team remove nobody maria", 1, "there is no team nobody"),
        ("team list nobody", 1, "there is no team nobody"),
        ("team close nobody", 1, "there is no team nobody"),
        ("team delete maria", 1, "there is no team maria"),
        ("token create nobody", 1, "there is no account nobody"),
        ("token create maria --scopes fly", 1, "Unknown scope: fly"),
        ("token revoke nothing", 1, "there is no such token"),
        ("keys rotate nobody", 1, "there is no account nobody"),
        ("close {home}/not.toml", 1, "line 1: a handle here and a new address, with a comma between"),
        ("account alias nobody x@y.example", 1, "there is no account nobody"),
        ("archive kept --only nobody", 1, "there is no account nobody"),
        ("archive .", 1, "is not empty; name a new folder"),
        ("peer add no_host!", 1, "'no_host!' is not a host name"),
        *((f"{command} x", 1, f"{command} is not built yet in this version") for command in LATER),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_in_one_line(
    home: Path, capfd: pytest.CaptureFixture[str], command: str, status: int, says: str
) -> None:
    words = command.format(home=home).split()
    at = [] if "--config" in words else ["--config", str(home / "config.toml")]

    ended = run([*at, *words])

    said = capfd.readouterr()
    assert ended == status
    assert said.err.startswith("sharewell: ")
    assert says.format(home=home) in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    "command",
    [
        "",
        "dance",
        "serve --quickly",
        "init",
        "account",
        "account create ann",
        "account second-factor maria",
        "account create ann --email a@b.example --password long_enough_it_is --role king",
        "account create ann --email a@b.example --password long_enough_it_is --kind robot",
        "token",
        "keys rotate",
        "peer add a.example --policy love",
    ],
)
def test_wrong_usage_ends_with_2_and_shows_the_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(command.split())

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: sharewell")


def test_a_port_that_is_taken_is_named(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (home / "taken.toml").write_text(f'domain = "ward.example"\nlisten = "127.0.0.1:{port}"\n')

        ended = run(["serve", "--config", str(home / "taken.toml")])

    assert (ended, capfd.readouterr().err) == (
        1,
        f"sharewell: cannot listen on 127.0.0.1:{port}: Address already in use\n",
    )


@pytest.mark.parametrize(
    ("user", "database", "says"),
    [
        ("sharewell", "nowhere", 'database "nowhere" does not exist'),
        ("nobody", "postgres", 'role "nobody" does not exist'),
    ],
)
def test_what_postgres_refuses_is_said_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], postgres_server: Server, user: str, database: str, says: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'domain = "ward.example"\ndatabase = "{postgres_server.url(database, user)}"\n')

    ended = run(["migrate", "--config", str(path)])

    expected = f"sharewell: cannot open the database: 127.0.0.1:{postgres_server.port}: {says}\n"
    assert (ended, capfd.readouterr().err) == (1, expected)


def test_an_init_that_failed_leaves_nothing_in_the_way_of_a_second(tmp_path: Path) -> None:
    at = ["--config", str(tmp_path / "config.toml"), "init", "--domain", "ward.example"]

    assert run([*at, "--database", "postgresql://nobody@127.0.0.1:1/none"]) == 1
    assert run(at) == 0


def test_init_writes_all_options_and_remembers_what_was_given(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "config.toml"

    ended = run(["init", "--config", str(path), "--domain", "ward.example", "--private-peer", "10.1.0.0/16:80"])

    written = path.read_text()
    example = (ROOT / "config.example.toml").read_text()
    options = [line.lstrip("#").partition(" = ")[0] for line in example.splitlines() if " = " in line]
    assert ended == 0
    assert all(f"\n{option} = " in written or f"\n#{option} = " in written for option in options)
    assert 'domain = "ward.example"' in written
    assert "fan_out_delay = 60" in written
    assert 'private_peers = ["10.1.0.0/16:80"]' in written
    assert (path.parent / "data" / "sharewell.db").exists()


def test_a_node_for_tests_sends_at_once(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"

    run(["init", "--config", str(path), "--domain", "localhost:8001", "--insecure-http",
         "--base-url", "http://localhost:8001"])  # fmt: skip

    assert "#fan_out_delay = 0" in path.read_text()
    assert "insecure_http = true" in path.read_text()


def test_config_is_taken_before_and_after_the_command_and_from_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(home / "config.toml")

    ended = [
        run(["--config", path, "peer", "list"]),
        run(["peer", "--config", path, "list"]),
        run(["peer", "list", "--config", path]),
    ]
    monkeypatch.setenv("SHAREWELL_CONFIG", path)
    ended.append(run(["peer", "list"]))

    assert ended == [0, 0, 0, 0]
    assert capsys.readouterr().err == ""


def test_a_token_stands_alone_on_the_last_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--config", str(home / "config.toml")]

    run([*at, "token", "create", "maria", "--scopes", "read"])
    token = capsys.readouterr().out.splitlines()[-1]

    assert len(token) == 43
    assert run([*at, "token", "revoke", token]) == 0
    assert run([*at, "token", "revoke", token]) == 1


def test_a_peer_that_was_decided_about_is_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--config", str(home / "config.toml")]

    run([*at, "peer", "add", "loud.example", "--policy", "silenced", "--reason", "advertising"])
    run([*at, "peer", "list"])

    assert capsys.readouterr().out == "loud.example\tsilenced\tadvertising\n"
    run([*at, "peer", "remove", "loud.example"])
    run([*at, "peer", "list"])
    assert "silenced" not in capsys.readouterr().out


def open_to(folder: Path, mode: str) -> list[str]:
    """The arguments that name a node which people join in this way."""
    path = folder / f"{mode}.toml"
    path.write_text(f'domain = "ward.example"\ndata = "data"\n[registration]\nmode = "{mode}"\n', encoding="utf-8")
    return ["--config", str(path)]


def test_an_announcement_is_made_listed_and_taken_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--config", str(home / "config.toml"), "announcement"]
    assert run([*at, "add", "The lifts are out\n\nUse the stairs", "--ends", "2099-12-01T14:30"]) == 0
    number = capsys.readouterr().out.splitlines()[-1]
    assert run([*at, "list"]) == 0
    listed = capsys.readouterr().out
    removed = [run([*at, "remove", number]) for _ in range(2)]
    assert run([*at, "list"]) == 0

    said = capsys.readouterr()
    assert listed == f"{number}\t2099-12-01T14:30:00Z\tThe lifts are out Use the stairs\n"
    assert (removed, said.out) == ([0, 1], "")
    assert said.err == f"sharewell: there is no announcement {number}\n"


def test_who_is_in_a_team_is_said_by_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--config", str(home / "config.toml")]
    new = ["--email", "ward7@ward.example", "--password", PASSWORD, "--kind", "team"]
    assert run([*at, "account", "create", "ward7", *new]) == 0
    capsys.readouterr()
    at = [*at, "team"]

    done = [run([*at, "add", "ward7", "maria", *more]) for more in ([], ["--lead"])]
    wrong = [run([*at, "add", "ward7", name]) for name in ("nobody", "ward7")]
    done += [run([*at, "list"]), run([*at, "list", "ward7"])]
    removed = [run([*at, "remove", "ward7", "maria"]) for _ in range(2)]
    done.append(run([*at, "list"]))

    said = capsys.readouterr()
    assert (done, wrong, removed) == ([0] * 5, [1, 1], [0, 1])
    assert said.out == "ward7\tmaria\tlead\n" * 2
    assert said.err.splitlines() == [
        "sharewell: Nobody on this node has that name.",
        "sharewell: Only people with an account here can be in a team.",
        "sharewell: maria is not in ward7",
    ]


def test_an_invitation_is_made_listed_and_taken_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = open_to(home, "invitation")

    assert run([*at, "invite", "create", "--uses", "3", "--days", "2", "--kind", "team"]) == 0
    link = capsys.readouterr().out.splitlines()[-1]
    run([*at, "invite", "list"])
    number, kind, used, until, state = capsys.readouterr().out.splitlines()[0].split("\t")

    assert re.fullmatch(r"https://ward\.example/join/[\w-]{22}", link)
    assert (kind, used, until.partition(" ")[0], state) == ("team", "0 of 3", "until", "open")
    assert [run([*at, "invite", "revoke", number]) for _ in range(2)] == [0, 1]
    capsys.readouterr()
    run([*at, "invite", "list"])
    listed = capsys.readouterr().out
    assert listed.splitlines()[0].endswith("revoked")
    assert link.rpartition("/")[2] not in listed


@pytest.mark.parametrize("more", [["--uses", "0"], ["--days", "366"], ["--uses", "10001"]])
def test_an_invitation_has_bounds(home: Path, capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    assert run([*open_to(home, "invitation"), "invite", "create", *more]) == 1
    assert "--uses is 1 to 10000" in capsys.readouterr().err


def test_a_closed_node_makes_no_invitation_that_would_not_work(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--config", str(home / "config.toml"), "invite", "create"]) == 1
    assert "registration.mode" in capsys.readouterr().err


def test_who_waits_is_listed_and_let_in_or_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = open_to(home, "approval")

    async def join() -> None:
        async with opened(load(Path(at[1])), command=True) as node:
            for name in ("rosa", "imelda"):
                asked = Asked(name, f"{name}@ward.example", PASSWORD, agreement=True, reason="Ward 4,\nnights.")
                await registering.register(node, asked, address="127.0.0.1")

    asyncio.run(join())
    run([*at, "account", "waiting"])
    before = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    done = [run([*at, "token", "create", "rosa"]), run([*at, "account", "approve", "rosa"])]
    done += [run([*at, "token", "create", "rosa"]), run([*at, "account", "delete", "imelda"])]
    capsys.readouterr()
    run([*at, "account", "waiting"])
    after = capsys.readouterr().out
    again = run([*at, "account", "create", "imelda", "--email", "imelda@ward.example", "--password", PASSWORD])

    assert [(one[0], one[2], one[3]) for one in before] == [
        ("rosa", "not confirmed", "Ward 4, nights."), ("imelda", "not confirmed", "Ward 4, nights.")
    ]  # fmt: skip
    assert (done, after, again) == ([1, 0, 0, 0], "", 0)


def test_who_lost_the_second_step_is_let_in_by_command_and_it_is_written_down(tmp_path: Path) -> None:
    at = ["--config", str(tmp_path / "config.toml")]
    assert run([*at, "init", "--domain", "ward.example"]) == 0
    assert run([*at, "account", "create", "maria", "--email", "maria@ward.example", "--password", PASSWORD]) == 0

    async def node(act: Callable[[Node, int], Awaitable[T]]) -> T:
        async with opened(load(Path(at[1])), command=True) as made:
            async with made.database.reading() as db:
                _, actor = await members.with_actor(db, handle="maria")
            return await act(made, actor.id)

    async def turn_on(made: Node, actor_id: int) -> None:
        await second_step.start(made, actor_id)
        async with made.database.writing() as db:
            kept = await authenticators.of(db, actor_id)
            assert kept is not None
            assert await authenticators.confirm(db, actor_id, kept.secret, step=1, now=1)

    async def look(made: Node, actor_id: int) -> tuple[bool, list[tuple[str, int | None]]]:
        async with made.database.reading() as db:
            rows = await db.rows("SELECT action, actor_id FROM audit ORDER BY id")
            return await second_step.asked(db, actor_id), [(row["action"], row["actor_id"]) for row in rows]

    asyncio.run(node(turn_on))
    before, _ = asyncio.run(node(look))
    ended = run([*at, "account", "second-factor", "maria", "--off"])
    after, audited = asyncio.run(node(look))

    assert (before, ended, after) == (True, 0, False)
    assert audited[-1] == ("account.second-step.off", None)
