"""``/tiktok/connect`` and ``/tiktok/callback``: sellers come in by themselves.

A state is good once, for minutes, and in the browser that began. A callback without
one began in Seller Center: it is parked until a person confirms it, elsewhere.
Source: docs/tiktok-shop-api.md, "Hosts".
"""

import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tiktok_pipelines.api.auth import consent_link
from tiktok_pipelines.api.webhooks import storable
from tiktok_pipelines.assembly import open_pipeline, open_store
from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.errors import (
    ConfigurationError,
    NeedsConsent,
    PipelineError,
)
from tiktok_pipelines.receiver.limits import SourceLimit
from tiktok_pipelines.receiver.pages import page
from tiktok_pipelines.receiver.webhook import source_of
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.tokens.consents import STATE_LIFE, ConsentStore, ParkedCallback

COOKIE = "tiktok_connect"
_LONGEST, _LONGEST_REGION = 2000, 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Consents:
    """What the two pages do; each opens what it needs and closes it again."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)

    @contextmanager
    def _opened(self) -> Generator[ConsentStore]:
        with open_store(self.settings, self.clock) as store:
            yield ConsentStore(store.database, store.cipher, self.clock)

    def begin(self, region: str, browser: str) -> str:
        """The consent page's address for this browser, with a fresh state.

        Raises:
            PipelineError: a setting is missing, or the database is away.
        """
        urls = {
            "us": self.settings.consent_url_us,
            "row": self.settings.consent_url_row,
        }
        service_id = self.settings.consent_service_id()
        state = secrets.token_urlsafe(32)
        with self._opened() as consents:
            consents.begin(state, browser)
        return consent_link(urls[region], service_id, state)

    def is_ours(self, state: str, browser: str) -> bool:
        """Whether the state was given to this browser lately; it is used up by that."""
        with self._opened() as consents:
            return consents.take(state, browser)

    def connect(self, code: str) -> list[str]:
        """Exchange a code; the names of the shops that it let in.

        Raises:
            PipelineError: it was not exchanged.
        """
        with open_pipeline(self.settings, clock=self.clock) as pipeline:
            connected = pipeline.connector.connect(code)
            return [f"{shop.name} ({shop.region})" for shop in connected]

    def park(self, code: str, region: str, source: str) -> bool:
        """Keep a code for a person to confirm; False if too many wait already."""
        with self._opened() as consents:
            return consents.park(ParkedCallback(code, region, source))


def consent_routes(consents: Consents, limit: SourceLimit) -> list[Route]:
    """The two pages.

    Of states a source gets only so many: too many push the oldest out.
    """
    pages = _Pages(consents)
    states = SourceLimit(time.monotonic, per_second=0.1, burst=60)
    return [
        Route("/tiktok/connect", _limited(pages.connect, states), methods=["GET"]),
        Route("/tiktok/callback", _limited(pages.callback, limit), methods=["GET"]),
    ]


Handler = Callable[[Request], Awaitable[Response]]


def _limited(handle: Handler, limit: SourceLimit) -> Handler:
    """A handler that tells failures as a page, and serves a source not too often.

    Both pages change something, so HEAD is refused: a look must use no state up.
    """

    async def handle_within_limit(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(status_code=405, headers={"Allow": "GET"})
        if not limit.allows(source_of(request.scope)):
            return page(429, "Too many requests", "Try again in a minute.")
        try:
            return await handle(request)
        except PipelineError as error:
            _log.warning("%s: %s", request.url.path, error)
            return page(
                503,
                "That did not work",
                "Nothing was connected. Try again in a few minutes, or tell the "
                "person who runs this service; its log says what went wrong.",
            )

    return handle_within_limit


@dataclass(frozen=True, slots=True)
class _Pages:
    consents: Consents

    async def connect(self, request: Request) -> Response:
        region = request.query_params.get("region", "row").lower()
        if region not in ("us", "row"):
            return page(400, "Unknown region", "The region is us or row.")
        browser = secrets.token_urlsafe(32)
        link = await run_in_threadpool(self.consents.begin, region, browser)
        response = RedirectResponse(link, 302)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        is_https = self.consents.settings.redirect_uri.startswith("https:")
        response.set_cookie(
            COOKIE,
            browser,
            max_age=int(STATE_LIFE.total_seconds()),
            path="/tiktok",
            secure=is_https,
            httponly=True,
            samesite="lax",
        )
        return response

    async def callback(self, request: Request) -> Response:
        asked = {name: value[:_LONGEST] for name, value in request.query_params.items()}
        code, state = asked.get("code", ""), asked.get("state", "")
        is_refused = bool(asked.get("error")) or code in ("", "null")
        if not state:
            if is_refused:
                return _not_agreed()
            region = storable(asked.get("shop_region", ""))[:_LONGEST_REGION]
            return await self._park(request, code, region)
        browser = request.cookies.get(COOKIE, "")
        if not await run_in_threadpool(self.consents.is_ours, state, browser):
            return page(
                400,
                "This link is not good any more",
                "It works once, for ten minutes, in the browser that began. Begin "
                "again where you found the link.",
            )
        return _not_agreed() if is_refused else await self._connect(code)

    async def _connect(self, code: str) -> Response:
        try:
            shops = await run_in_threadpool(self.consents.connect, code)
        except (NeedsConsent, ConfigurationError) as error:
            _log.warning("a consent was not exchanged: %s", error)
            return page(
                400,
                "Not connected",
                "TikTok does not take this consent. Begin again where you found the "
                "link.",
            )
        return page(200, "Connected", *(shops or ["This consent names no shop."]))

    async def _park(self, request: Request, code: str, region: str) -> Response:
        source = source_of(request.scope)
        parked = await run_in_threadpool(self.consents.park, code, region, source)
        if not parked:
            return page(429, "Too many wait", "Try again in half an hour.")
        _log.warning(
            "a consent without a state waits: tiktok-pipelines shops callbacks"
        )
        return page(
            202,
            "Almost done",
            "The person who runs this service must confirm it within 30 minutes.",
        )


def _not_agreed() -> Response:
    return page(200, "Not connected", "The consent was not given; nothing changed.")
