"""A real Chromium, spoken to by the Chrome DevTools Protocol: https://chromedevtools.github.io/devtools-protocol/

One process for the session, one private window (browser context) for each page opened: no cookies are shared.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests import needs

PATIENCE = 30  # seconds for any one answer of the browser
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-extensions", "--disable-dev-shm-usage", "--password-store=basic", "--remote-debugging-port=0",
    "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
)  # fmt: skip
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27}

# what the browser answers when the page was left between the question and the answer
LEFT = ("Inspected target navigated or closed", "Execution context was destroyed", "Cannot find context with specified")

Answer = dict[str, Any]


class PageLeft(RuntimeError):
    """The page that was asked gave way to another before it answered."""


@contextmanager
def running() -> Generator[str]:
    """A Chromium without a window; the address it is spoken to at."""
    folder = Path(tempfile.mkdtemp(prefix="sharewell-browser-"))
    command = [str(needs.browser()), *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield _address(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stderr is not None:
            process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _address(process: subprocess.Popen[bytes]) -> str:
    said: list[bytes] = []
    for line in process.stderr or ():
        said.append(line)
        if line.startswith(b"DevTools listening on "):
            return line.decode().rpartition(" ")[2].strip()
    raise RuntimeError(f"Chromium did not start: {b''.join(said[-5:]).decode(errors='replace')}")


class Browser:
    """The connection of one test."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._pages: dict[str, Page] = {}

    async def call(self, method: str, session: str | None = None, /, **params: Any) -> Answer:
        """Ask the browser something; its answer."""
        id = next(self._ids)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[id] = answer
        said: Answer = {"id": id, "method": method, "params": params}
        if session is not None:
            said["sessionId"] = session
        await self._socket.send(json.dumps(said))
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def listen(self) -> None:
        """Take what the browser says to whom it concerns, for ever."""
        async for text in self._socket:
            said = json.loads(text)
            if "id" in said:
                answer = self._asked.pop(said["id"])
                if answer.done():
                    continue
                if "error" in said:
                    reason: str = said["error"]["message"]
                    answer.set_exception((PageLeft if reason.startswith(LEFT) else RuntimeError)(reason))
                else:
                    answer.set_result(said["result"])
            elif (page := self._pages.get(said.get("sessionId", ""))) is not None:
                page.heard(said["method"], said["params"])

    @asynccontextmanager
    async def page(
        self,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        bypass_csp: bool = False,
    ) -> AsyncGenerator[Page]:
        """A page in a private window of its own. ``scripts`` False: JavaScript is switched off."""
        context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        try:
            target = await self.call("Target.createTarget", url="about:blank", browserContextId=context)
            attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
            page = self._pages[attached["sessionId"]] = Page(self, attached["sessionId"])
            for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
                await page.call(f"{domain}.enable")
            await page.resize(width, height)
            await page.colours(dark=dark)
            if not scripts:
                await page.call("Emulation.setScriptExecutionDisabled", value=True)
            if bypass_csp:
                await page.call("Page.setBypassCSP", enabled=True)
            yield page
        finally:
            await self.call("Target.disposeBrowserContext", browserContextId=context)

    async def opened_by(self, page: Page) -> Page:
        """The window that a page opened."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = (await self.call("Target.getTargets"))["targetInfos"]
                own = await page.call("Target.getTargetInfo")
                opened = [one for one in found if one.get("openerId") == own["targetInfo"]["targetId"]]
                if opened:
                    break
                await asyncio.sleep(0.02)
        attached = await self.call("Target.attachToTarget", targetId=opened[0]["targetId"], flatten=True)
        other = self._pages[attached["sessionId"]] = Page(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            await other.call(f"{domain}.enable")
        return other


@dataclass
class Page:
    """One page: what it shows, what it asked for, what went wrong on it."""

    _browser: Browser
    _session: str
    problems: list[str] = field(default_factory=list)  # errors on the console, broken rules of the CSP, exceptions
    statuses: dict[str, int] = field(default_factory=dict)
    dialogs: list[str] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)  # request id: address
    _loaded: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def requests(self) -> list[str]:
        """Every address that was asked for; not what the policy stopped."""
        return list(self._asked.values())

    async def call(self, method: str, **params: Any) -> Answer:
        """Ask the browser something about this page."""
        return await self._browser.call(method, self._session, **params)

    def heard(self, method: str, params: Mapping[str, Any]) -> None:
        """Keep what the browser reports."""
        match method:
            case "Network.requestWillBeSent":
                self._asked[params["requestId"]] = params["request"]["url"]
            case "Network.loadingFailed" if params.get("blockedReason"):
                self._asked.pop(params["requestId"], None)
            case "Network.responseReceived":
                self.statuses[params["response"]["url"]] = params["response"]["status"]
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                if params["entry"]["source"] != "network":  # a page that answers 404 is no fault of its own
                    self.problems.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(params["exceptionDetails"].get("text")))
            case "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue":
                self.problems.append(json.dumps(params["issue"]["details"]["contentSecurityPolicyIssueDetails"]))
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])
            case "Page.loadEventFired":
                self._loaded.set()
            case _:
                pass

    async def resize(self, width: int, height: int) -> None:
        """Another window, in CSS pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    async def colours(self, *, dark: bool) -> None:
        """What the reader prefers."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[feature])

    async def open(self, url: str) -> int:
        """Go to an address; the status of what came in the end."""
        self._loaded.clear()
        said = await self.call("Page.navigate", url=url)
        if "errorText" in said:
            raise RuntimeError(f"{url}: {said['errorText']}")
        await self.loaded()
        return self.statuses.get((await self.url()).partition("#")[0], 0)

    async def loaded(self) -> None:
        """Wait until the page that is under way is there."""
        async with asyncio.timeout(PATIENCE):
            await self._loaded.wait()

    async def url(self) -> str:
        """Where the page is now."""
        history = await self.call("Page.getNavigationHistory")
        found: str = history["entries"][history["currentIndex"]]["url"]
        return found

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; promises are waited for."""
        said = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise RuntimeError(str(said["exceptionDetails"].get("exception", {}).get("description")))
        return said["result"].get("value")

    async def until(self, expression: str, *, seconds: float = 10) -> None:
        """Wait until an expression is true, on this page or the one that it gives way to meanwhile."""
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(PageLeft):
                    if await self.evaluate(expression):
                        return
                await asyncio.sleep(0.02)

    async def press(self, key: str, *, leads_on: bool = False) -> None:
        """Press a key (``KEYS``); ``leads_on``: wait for the page it leads to."""
        if leads_on:
            self._loaded.clear()
        text = {"Enter": "\r", " ": " "}.get(key)
        common = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": KEYS[key]}
        await self.call(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            **common,
            **({"text": text} if text else {}),
        )
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        if leads_on:
            await self.loaded()

    async def write(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def click(self, selector: str, *, leads_on: bool = True) -> None:
        """Click in the middle of the first element; ``leads_on``: wait for the page it leads to."""
        # Not before the font is there: what is about to be clicked would move from under the pointer.
        place = await self.evaluate(
            "document.fonts.ready.then(() => {"
            f" const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2] })"
        )
        if leads_on:
            self._loaded.clear()
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )  # fmt: skip
        if leads_on:
            await self.loaded()

    async def cookies(self) -> list[Answer]:
        """The cookies of this window."""
        found: list[Answer] = (await self.call("Network.getCookies"))["cookies"]
        return found

    async def screenshot(self, path: Path) -> None:
        """The whole page as PNG."""
        said = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(said["data"]))


@asynccontextmanager
async def connected(address: str) -> AsyncGenerator[Browser]:
    """A connection to the session's browser."""
    async with connect(address, max_size=None, proxy=None, compression=None) as socket:
        browser = Browser(socket)
        listening = asyncio.create_task(browser.listen())
        try:
            yield browser
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
