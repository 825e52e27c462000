"""A receiver in a thread, over real HTTP, and what a test sends to it."""

import itertools
import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.receiver.app import ReceiverApp, build_app
from tiktok_pipelines.receiver.server import config_of
from tiktok_pipelines.settings import Settings

_START_S = 30
_numbers = itertools.count(7_000_000_000_000_000_001)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@dataclass(frozen=True)
class Receiver:
    """Where it answers, and how TikTok would sign for it."""

    app: ReceiverApp
    url: str
    verifier: WebhookVerifier
    http: httpx.Client = field(repr=False)

    def post(
        self, body: bytes, signature: str | bytes | None = None, **headers: str
    ) -> httpx.Response:
        """Send bytes, signed as TikTok does unless told otherwise."""
        told: dict[str, Any] = {"content-type": "application/json", **headers}
        signed = self.verifier.sign(body) if signature is None else signature
        told["authorization"] = signed
        return self.http.post("/webhooks/tiktok", content=body, headers=told)

    def send(self, kind: int = 1, shop_id: str = "7490001", **data: object) -> str:
        """Send an event that is taken; its notification id."""
        name = str(next(_numbers))
        answer = self.post(event(kind, shop_id, name, **data))
        assert answer.status_code == 200
        assert answer.content == b""
        return name


def event(kind: int, shop_id: str, name: str | None = None, **data: object) -> bytes:
    told: dict[str, object] = {
        "type": kind,
        "tts_notification_id": name or str(next(_numbers)),
        "shop_id": shop_id,
        "timestamp": 1_768_046_400,
        "data": data,
    }
    return json.dumps(told).encode()


@contextmanager
def serve_app(app: ReceiverApp) -> Generator[str]:
    """Serve an app in a thread; gives the base URL."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = _Server(config_of(app))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        host, port = listener.getsockname()[:2]
        try:
            yield f"http://{host}:{port}"
        finally:
            server.should_exit = True
            thread.join(_START_S)


@contextmanager
def open_receiver(
    settings: Settings, clock: Clock | None = None
) -> Generator[Receiver]:
    app = build_app(settings, clock=clock)
    secret = settings.app()
    with (
        serve_app(app) as url,
        httpx.Client(base_url=url, timeout=10) as http,
    ):
        yield Receiver(app, url, WebhookVerifier(secret.key, [secret.secret]), http)
