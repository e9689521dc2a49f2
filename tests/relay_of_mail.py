"""A mail relay on loopback: SMTP (RFC 5321) with STARTTLS and AUTH PLAIN, that refuses what it is told to."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

HOST = "127.0.20.71"
LINK = re.compile(r"https?://\S+/(confirm|reset|address)/(\S+)")


@dataclass(frozen=True)
class Taken:
    """A mail that the relay took."""

    sender: str
    to: list[str]
    raw: bytes
    encrypted: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read

    @property
    def text(self) -> str:
        body = self.message.get_body()
        assert body is not None
        return str(body.get_content())

    @property
    def path(self) -> str:
        """The path of the link in it."""
        found = LINK.search(self.text)
        assert found is not None, self.text
        return f"/{found[1]}/{found[2]}"


@dataclass
class Relay:
    """What it took, and how it answers: ``refusals`` maps a verb to the answers of the next times."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    password: str = ""
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    def to(self, address: str) -> list[Taken]:
        """What came for an address, the oldest first."""
        return [one for one in self.taken if address in one.to]

    def options(self, **more: object) -> dict[str, object]:
        """Settings of a node that mails by this relay."""
        return {"host": HOST, "port": self.port, "tls": "none", "sender": "node@here.example", **more}


class _Talk:
    """One connection."""

    def __init__(self, relay: Relay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: bool) -> None:
        self.relay, self.reader, self.writer = relay, reader, writer
        self.encrypted, self.user, self.sender = tls, "", ""
        self.to: list[str] = []

    async def say(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    async def run(self) -> None:
        await self.say("220 relay.example ESMTP")
        while line := (await self.reader.readline()).decode():
            verb = line.split()[0].upper() if line.split() else ""
            self.relay.asked.append(line.strip())
            if waiting := self.relay.refusals.get(verb):
                await self.say(waiting.pop(0))
            elif verb == "QUIT":
                await self.say("221 bye")
                return
            else:
                await self.answer(verb, line)

    async def answer(self, verb: str, line: str) -> None:
        if verb == "EHLO":
            offers = ["relay.example", "AUTH PLAIN"]
            if self.relay.tls is not None and not self.encrypted:
                offers.append("STARTTLS")
            lines = [f"250-{one}" for one in offers[:-1]] + [f"250 {offers[-1]}"]
            await self.say("\r\n".join(lines))
        elif verb == "STARTTLS":
            await self.say("220 go on")
            await self.writer.start_tls(self.relay.tls or ssl.create_default_context())
            self.encrypted = True
        elif verb == "AUTH":
            _, self.user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            await self.say("235 fine" if password == self.relay.password else "535 5.7.8 no")
        elif verb == "MAIL":
            self.sender, self.to = line[line.index("<") + 1 : line.index(">")], []
            await self.say("250 fine")
        elif verb == "RCPT":
            self.to.append(line[line.index("<") + 1 : line.index(">")])
            await self.say("250 fine")
        elif verb == "DATA":
            await self.take()
        else:
            await self.say("250 fine")

    async def take(self) -> None:
        await self.say("354 go on")
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        raw = raw[:-3].replace(b"\r\n..", b"\r\n.")
        if waiting := self.relay.refusals.get("."):
            await self.say(waiting.pop(0))
            return
        self.relay.taken.append(Taken(self.sender, self.to, raw, self.encrypted, self.user))
        await self.say("250 taken")


@asynccontextmanager
async def relaying(*, tls: ssl.SSLContext | None = None, at_once: bool = False) -> AsyncGenerator[Relay]:
    """A relay that answers; ``at_once``: with TLS from the start."""
    relay = Relay(tls=tls)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Talk(relay, reader, writer, at_once).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, HOST, 0, ssl=tls if at_once else None)
    relay.port = server.sockets[0].getsockname()[1]
    async with server:
        yield relay
