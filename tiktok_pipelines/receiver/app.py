"""The app: which request goes where, and what starts and ends with it."""

import asyncio
import time
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.receiver.body import Receive, Scope
from tiktok_pipelines.receiver.inbox import Inbox
from tiktok_pipelines.receiver.limits import SourceLimit
from tiktok_pipelines.receiver.oauth import Consents, consent_routes
from tiktok_pipelines.receiver.rejects import Rejects
from tiktok_pipelines.receiver.webhook import Send, WebhookEndpoint
from tiktok_pipelines.settings import Settings

WEBHOOKS_PATH = "/webhooks/tiktok"
_GOOD_FOR_S = 1.0


@dataclass(slots=True)
class ReceiverApp:
    """Everything on the public port."""

    inbox: Inbox
    webhook: WebhookEndpoint
    others: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the server's start and end."""
        if scope["type"] == "http":
            is_event = scope["path"] == WEBHOOKS_PATH
            await (self.webhook if is_event else self.others)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.inbox.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.inbox.stop()
        await send({"type": "lifespan.shutdown.complete"})


def build_app(
    settings: Settings, *, inbox: Inbox | None = None, clock: Clock | None = None
) -> ReceiverApp:
    """The app of the settings; connects when it is started.

    Raises:
        ConfigurationError: what it needs is not set.
        DatabaseNotStarted: the embedded server does not run.
    """
    app = settings.app()
    verifier = WebhookVerifier(app.key, (app.secret, *settings.former_app_secrets))
    clock, limit = clock or SystemClock(), SourceLimit(time.monotonic)
    inbox = inbox or Inbox(
        settings.database_url.libpq, app.key, rejects=Rejects(time.monotonic)
    )
    routes = [
        Route("/healthz", _Health(inbox)),
        *consent_routes(Consents(settings, clock), limit),
    ]
    webhook = WebhookEndpoint(
        verifier, inbox, limit, now=lambda: clock.now().timestamp()
    )
    return ReceiverApp(inbox, webhook, Starlette(routes=routes))


class _Health:
    """``GET /healthz``: whether an event would land now; tells nothing else.

    It asks on the connection that lands events, so one answer is good for a second.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._asking = asyncio.Lock()
        self._is_up = False
        self._asked_at = -_GOOD_FOR_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_up = await self._is_inbox_up()
        told = {
            "status": "ok" if is_up else "the database is away",
            "is_refusing": self._inbox.rejects.is_alarming,
        }
        response: Response = JSONResponse(told, 200 if is_up else 503)
        await response(scope, receive, send)

    async def _is_inbox_up(self) -> bool:
        async with self._asking:
            if time.monotonic() - self._asked_at >= _GOOD_FOR_S:
                self._is_up = await self._inbox.ping()
                self._asked_at = time.monotonic()
            return self._is_up
