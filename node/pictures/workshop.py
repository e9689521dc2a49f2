"""Have pictures and films made: one after the other, by a process that is started when it is needed."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

log = logging.getLogger(__name__)

TIME = 60.0  # seconds for one picture, by the clock
FILM_TIME = 15 * 60.0  # seconds for one film or sound
ROOT = Path(__file__).parents[2]  # where ``node`` is imported from


class Unmade(Exception):
    """Nothing can be made of this file; ``why``: pixels, frames, length, nothing, broken, time."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was made; it is not in its place yet."""

    path: Path
    ending: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one file."""

    original: Picture | None
    small: Picture | None
    blurhash: str
    playing: Mapping[str, Any] | None = None  # of films and sounds, as ``filming.make`` says

    @property
    def paths(self) -> list[Path]:
        return [one.path for one in (self.original, self.small) if one is not None]


class Workshop:
    """The process and who waits for it. ``program``: which module it runs; ``time``: seconds for one file."""

    def __init__(self, program: str = "node.pictures.child", time: float = TIME) -> None:
        self._program, self._time = program, time
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Somebody's picture is being made."""
        return self._turn.locked()

    async def make(self, source: Path, role: str, *, into: Path) -> Made:
        """Make the pictures of a file, in their turn, under names that begin as ``into``. Raises Unmade.

        ``role``: as ``making.make`` says.
        """
        whole, small = into.with_suffix(".whole"), into.with_suffix(".small")
        asked = {"source": str(source), "role": role, "whole": str(whole), "small": str(small)}
        try:
            async with self._turn:
                said = await self._answer(orjson.dumps(asked) + b"\n")
            if "wrong" in said:
                log.info("nothing made why=%s cause=%s", said["wrong"], said.get("cause", ""))
                raise Unmade(said["wrong"])
            return Made(
                _picture(said, "original", whole), _picture(said, "small", small), said.get("blurhash", ""),
                said.get("playing"),
            )  # fmt: skip
        except BaseException:
            for path in (whole, small):
                path.unlink(missing_ok=True)
            raise

    async def _answer(self, line: bytes) -> Mapping[str, Any]:
        """What the process says. One that had just gone to rest is started anew, once. Raises Unmade."""
        for _ in range(2):
            process = await self._started()
            try:
                async with asyncio.timeout(self._time):
                    answer = await _asked(process, line)
            except BaseException as error:
                await self._stop()  # also when whoever asked went away: the next one must not read this answer
                if isinstance(error, TimeoutError):
                    raise Unmade("time") from error
                raise
            if answer:
                found: Mapping[str, Any] = orjson.loads(answer)
                return found
            if await process.wait() != 0:
                break
        log.warning("the process that makes pictures ended program=%s", self._program)
        raise Unmade("broken")

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", self._program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
                env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}, start_new_session=True,
            )  # fmt: skip
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.communicate()

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._stop()


def for_films() -> Workshop | None:
    """Who makes films and sounds; nobody without the extra ``sharewell[video]``."""
    return None if find_spec("av") is None else Workshop("node.pictures.projector", FILM_TIME)


async def _asked(process: Process, line: bytes) -> bytes:
    """Its answer; nothing when it ended."""
    if process.stdin is None or process.stdout is None:
        return b""
    try:
        process.stdin.write(line)
        await process.stdin.drain()
        return await process.stdout.readline()
    except (BrokenPipeError, ConnectionResetError):
        return b""


def _picture(said: Mapping[str, Any], name: str, path: Path) -> Picture | None:
    return Picture(path, **said[name]) if name in said else None
