"""A headless Chromium, spoken to in its own protocol: no other package is needed."""

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium")
_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
    " --disable-background-networking --window-size=1600,1200"
    " --remote-debugging-port=0"
).split()
_LIMIT_S = 90


@dataclass
class Page:
    """The one page of the browser."""

    connection: ClientConnection
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def open(self, address: str) -> None:
        self._send("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """What JavaScript answers."""
        told = self._send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """What it answers once that is true; pages come in pieces."""
        end = time.monotonic() + _LIMIT_S
        while time.monotonic() < end:
            found = self.evaluate(expression)
            if found:
                return found
            time.sleep(0.3)
        raise AssertionError(f"never: {expression}\n{self.text()}")

    def wait_for_text(self, words: str) -> str:
        """All that a person reads, once these words are among it."""
        told = f"document.body?.innerText.includes({json.dumps(words)})"
        self.wait_for(told)
        return self.text()

    def text(self) -> str:
        """What a person reads on it."""
        return self.evaluate("document.body ? document.body.innerText : ''")

    def _send(self, method: str, **told: object) -> Any:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": told}
        self.connection.send(json.dumps(message))
        while True:
            answer = json.loads(self.connection.recv(timeout=_LIMIT_S))
            if answer.get("id") == number:
                return answer["result"]


@contextmanager
def browser(profile: Path) -> Generator[Page]:
    """A fresh browser with an empty page."""
    with subprocess.Popen(
        [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            with connect(_address(profile), max_size=None) as connection:
                yield Page(connection)
        finally:
            process.terminate()


def _address(profile: Path) -> str:
    """Where the page listens; the browser writes its port into its profile."""
    file = profile / "DevToolsActivePort"
    end = time.monotonic() + _LIMIT_S
    while time.monotonic() < end:
        if file.exists() and file.read_text().strip():
            port = file.read_text().split()[0]
            pages = httpx.get(f"http://127.0.0.1:{port}/json", timeout=30).json()
            found = [p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"]
            if found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError("the browser did not start")
