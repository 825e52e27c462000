"""A receiver as a process that is killed, and senders that note what it took."""

import itertools
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess

import httpx
from pydantic import SecretStr

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines_tests.integration.receiver.served import event
from tiktok_pipelines_tests.waiting import until


@dataclass
class Process:
    """A receiver that can be killed and started again.

    Forked from a server that has imported everything, so that a start takes no time.
    """

    serve: Callable[[Mapping[str, str], int], None]
    environment: Mapping[str, str]
    port: int
    process: ForkServerProcess | None = None

    def start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([self.serve.__module__])
        told = (dict(self.environment), self.port)
        self.process = context.Process(target=self.serve, args=told)
        self.process.start()
        until(self.answers)

    def answers(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/webhooks/tiktok"
            return httpx.get(url, timeout=2).status_code == 405
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Senders:
    """Send events as fast as they are taken; ``taken`` are those answered 200."""

    url: str
    verifier: WebhookVerifier
    count: int = 8
    sent: int = 0
    taken: set[str] = field(default_factory=set[str])
    slowest_s: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict[int, int])
    _numbers: "itertools.count[int]" = field(
        default_factory=lambda: itertools.count(8_000_000_000_000_000_001)
    )
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def sending(self) -> Generator["Senders"]:
        threads = [threading.Thread(target=self._send) for _ in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _note_time(self, begun: float) -> None:
        """How long an answer took, or was waited for in vain."""
        self.slowest_s = max(self.slowest_s, time.monotonic() - begun)

    def _send(self) -> None:
        with httpx.Client(timeout=5) as http:
            while not self._stop.is_set():
                name = str(next(self._numbers))
                body = event(1, "749", name, order_id="1")
                headers = {"authorization": self.verifier.sign(body)}
                begun = time.monotonic()
                try:
                    answer = http.post(self.url, content=body, headers=headers)
                except httpx.TimeoutException:
                    self._note_time(begun)
                    continue
                except httpx.HTTPError:  # the receiver was killed
                    time.sleep(0.01)
                    continue
                finally:
                    self.sent += 1
                self._note_time(begun)
                status = answer.status_code
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status == 200:
                    self.taken.add(name)
                else:
                    time.sleep(0.01)


def verifier_of(environment: Mapping[str, str]) -> WebhookVerifier:
    secret = SecretStr(environment["TIKTOK_APP_SECRET"])
    return WebhookVerifier(environment["TIKTOK_APP_KEY"], [secret])
