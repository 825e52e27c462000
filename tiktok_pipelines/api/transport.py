"""One call of the API: sign, wait, send, retry, open the envelope.

What the calls are is listed in ``endpoints/``; paging is the matter of ``pages.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx
import msgspec
from pydantic import SecretStr

from tiktok_pipelines.api.answers import Answer, PartialFailure
from tiktok_pipelines.api.app import App
from tiktok_pipelines.api.endpoints.endpoint import Endpoint, Value
from tiktok_pipelines.api.error_table import CONNECT_REMEDY
from tiktok_pipelines.api.exchange import Exchange, Outgoing, Tries
from tiktok_pipelines.api.options import CallOptions, CallRecord
from tiktok_pipelines.api.rate_limit import LimitKey
from tiktok_pipelines.api.signing import RequestSigner
from tiktok_pipelines.errors import NeedsConsent, TokenExpiredError

__all__ = [
    "Answer",
    "Call",
    "CallOptions",
    "CallRecord",
    "PartialFailure",
    "TokenSource",
    "Transport",
]


class TokenSource(Protocol):
    """Where a seller's access token comes from; safe to share between threads."""

    def current(self) -> SecretStr:
        """The token to use now."""
        ...

    def replace(self, refused: SecretStr) -> SecretStr:
        """A newer token than the refused one; refreshes if nobody else did.

        Raises:
            NeedsConsent: there is none to be had without the seller.
        """
        ...

    def give_up(self, refused: SecretStr, message: str) -> None:
        """Note that a newer token was refused too: the seller must act."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of one endpoint.

    Attributes:
        shop_id: whom it is about, for limits and records; never sent.
        cipher: sent only to endpoints that take it.
        path_ids: the ids that the path names.
        query: lists become one value joined by commas; None and "" are left out.
        body: sent as JSON; an empty one is not sent at all.
        idempotency_key: makes a write safe to repeat, where the endpoint takes one.
    """

    endpoint: Endpoint
    shop_id: str = ""
    cipher: SecretStr | None = None
    path_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, Value] = field(default_factory=dict[str, Value])
    body: Mapping[str, object] = field(default_factory=dict[str, object])
    idempotency_key: str = ""

    @property
    def path(self) -> str:
        """The path as sent.

        Raises:
            ValueError: an id that it names is missing, or is none.
        """
        return self.endpoint.path_of(self.path_ids)

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice is as good as once."""
        return not self.endpoint.is_write or self._sends_key("query", "body")

    def wire_query(self) -> dict[str, str]:
        """The query as sent, but for what signs and names the shop."""
        query = {name: as_query_text(value) for name, value in self.query.items()}
        if self._sends_key("query"):
            query["idempotency_key"] = self.idempotency_key
        return {name: text for name, text in query.items() if text}

    def wire_body(self) -> dict[str, object]:
        """The body as sent; empty means none."""
        body = {name: value for name, value in self.body.items() if value is not None}
        if self._sends_key("body"):
            body["idempotency_key"] = self.idempotency_key
        return body

    def _sends_key(self, *places: str) -> bool:
        return bool(self.idempotency_key) and self.endpoint.idempotency in places


def as_query_text(value: Value) -> str:
    """A query value as TikTok reads it: lists joined by commas, booleans in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return ",".join(value)


class Transport:
    """Calls one API host for one app; threads may share it."""

    def __init__(
        self, app: App, http: httpx.Client, *, base_url: str, options: CallOptions
    ) -> None:
        self._app = app
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._options = options
        self._exchange = Exchange(http, options)
        self._signer = RequestSigner(app, options.clock)

    def call(self, call: Call, tokens: TokenSource) -> Answer:
        """Call until there is an answer; a refused token is replaced once.

        Raises:
            NeedsConsent: the token is refused even after it was replaced.
            ApiError: the call failed for good; its type tells what to do.
        """
        tries = Tries(self._options.retry, repeatable=call.is_repeatable)
        token = tokens.current()
        answer = self._unless_refused(call, token, tries)
        if answer is None:
            token = tokens.replace(token)
            answer = self._unless_refused(call, token, tries)
        if answer is None:
            message = (
                f"{call.endpoint.path}: the access token is refused although it was "
                f"just replaced: {CONNECT_REMEDY}"
            )
            tokens.give_up(token, message)
            raise NeedsConsent(message)
        return answer

    def _unless_refused(
        self, call: Call, token: SecretStr, tries: Tries
    ) -> Answer | None:
        """The answer; None if the token is refused."""
        try:
            return self._exchange.until_answered(self._outgoing(call, token), tries)
        except TokenExpiredError:
            return None

    def _outgoing(self, call: Call, token: SecretStr) -> Outgoing:
        cipher = call.cipher if call.endpoint.takes_cipher else None
        if call.endpoint.takes_cipher and cipher is None:
            raise ValueError(f"{call.endpoint.name} needs the cipher of a shop")
        return Outgoing(
            endpoint=call.endpoint,
            path=call.path,
            limit=LimitKey(self._app.key, call.shop_id, call.endpoint.name),
            build=lambda: self._request(call, token, cipher),
            auth=self._signer,
            secrets=(self._app.secret, token, *([cipher] if cipher else [])),
        )

    def _request(
        self, call: Call, token: SecretStr, cipher: SecretStr | None
    ) -> httpx.Request:
        query = call.wire_query()
        if cipher:
            query["shop_cipher"] = cipher.get_secret_value()
        body = call.wire_body()
        return self._http.build_request(
            call.endpoint.method,
            self._base_url + call.path,
            params=query,
            content=msgspec.json.encode(body) if body else None,
            headers={
                "Content-Type": "application/json",
                "x-tts-access-token": token.get_secret_value(),
            },
        )
