"""The seller's authorisation: the consent link, code to tokens, refresh.

Stores nothing. The auth host takes its secrets in the query, so no address of it may
be logged or stand in an exception. Source: docs/tiktok-shop-api.md, "OAuth and tokens".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from pydantic import SecretStr

from tiktok_pipelines.api.answers import Answer
from tiktok_pipelines.api.app import App
from tiktok_pipelines.api.decoding import as_int, as_list, as_text
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.endpoints.table import TOKEN_GET, TOKEN_REFRESH
from tiktok_pipelines.api.error_table import Action
from tiktok_pipelines.api.exchange import Exchange, Outgoing, Tries
from tiktok_pipelines.api.options import CallOptions
from tiktok_pipelines.api.rate_limit import LimitKey
from tiktok_pipelines.clock import from_epoch
from tiktok_pipelines.errors import NeedsConsent, TransportError

_DEFAULT_ACCESS_LIFE = timedelta(days=7)
_GRANT_IS_OVER = frozenset({Action.ASK_CONSENT, Action.REPLACE_TOKEN})
_FIRST_EPOCH = 10**9  # a smaller number cannot be a time of this century: a duration
_NAMED = frozenset(
    {
        "access_token",
        "access_token_expire_in",
        "refresh_token",
        "refresh_token_expire_in",
        "open_id",
        "seller_name",
        "seller_base_region",
        "user_type",
        "granted_scopes",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGrant:
    """What the auth host grants; both tokens are new and belong into one commit.

    Attributes:
        refresh_expires_at: the end of the seller's authorisation; None if not told.
        user_type: 0 seller, 1 creator, 3 partner.
        metadata: every other field received, tokens excluded.
    """

    access_token: SecretStr
    access_expires_at: datetime
    refresh_token: SecretStr
    refresh_expires_at: datetime | None = None
    open_id: str = ""
    seller_name: str = ""
    seller_base_region: str = ""
    user_type: int | None = None
    granted_scopes: tuple[str, ...] = ()
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])


def consent_link(consent_url: str, service_id: str, state: str) -> str:
    """Where a seller authorises the app; ``state`` comes back with the code."""
    query = {"service_id": service_id, "state": state}
    return str(httpx.URL(consent_url).copy_merge_params(query))


class AuthClient:
    """Talks to the auth host for one app; threads may share it."""

    def __init__(
        self,
        app: App,
        http: httpx.Client,
        *,
        base_url: str,
        options: CallOptions | None = None,
    ) -> None:
        self._app = app
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._options = options or CallOptions()
        self._exchange = Exchange(http, self._options)

    def exchange(self, code: str) -> TokenGrant:
        """Tokens for the code of a consent: good once, within 30 minutes.

        Raises:
            NeedsConsent: the code is used up, too old or wrong.
            ApiError: no understandable answer, or a refusal that is not the code's
                fault: app, IP address, a code that nobody knows.
        """
        answer = self._ask(
            TOKEN_GET,
            SecretStr(code),
            names=("auth_code", "authorized_code"),
        )
        return _grant(answer, TOKEN_GET, replaced=SecretStr(""))

    def refresh(self, refresh_token: SecretStr) -> TokenGrant:
        """New tokens for a refresh token, which this uses up.

        Without an answer it is asked again: the only way to learn what happened. One
        seller's token must not be refreshed by two at the same time.

        Raises:
            NeedsConsent: the token is over; only the seller can help.
            ApiError: no understandable answer, or a refusal that is not the token's
                fault: app, IP address, a code that nobody knows.
        """
        answer = self._ask(
            TOKEN_REFRESH,
            refresh_token,
            names=("refresh_token", "refresh_token"),
        )
        return _grant(answer, TOKEN_REFRESH, replaced=refresh_token)

    def _ask(
        self, endpoint: Endpoint, secret: SecretStr, *, names: tuple[str, str]
    ) -> Answer:
        """Ask with a secret; ``names`` are its parameter and the grant type."""
        name, grant_type = names
        query = {
            "app_key": self._app.key,
            "app_secret": self._app.secret.get_secret_value(),
            name: secret.get_secret_value(),
            "grant_type": grant_type,
        }
        outgoing = Outgoing(
            endpoint=endpoint,
            path=endpoint.path,
            limit=LimitKey(self._app.key, "", endpoint.name),
            build=lambda: self._http.build_request(
                endpoint.method, self._base_url + endpoint.path, params=query
            ),
            auth=None,
            secrets=(self._app.secret, secret),
        )
        tries = Tries(self._options.retry, repeatable=True)
        outcome = self._exchange.outcome_of(outgoing, tries)
        if isinstance(outcome, Answer):
            return outcome
        if outcome.action in _GRANT_IS_OVER:
            # The error's text ends with the remedy.
            raise NeedsConsent(str(outcome.error)) from outcome.error
        raise outcome.error


def _grant(answer: Answer, endpoint: Endpoint, *, replaced: SecretStr) -> TokenGrant:
    """Read a grant leniently: the old tokens may be gone, so these must not be lost."""
    data = answer.data
    access_token = as_text(data.get("access_token"))
    refresh_token = as_text(data.get("refresh_token")) or replaced.get_secret_value()
    if not access_token or not refresh_token:
        raise TransportError(
            "the answer holds no tokens: try again later",
            path=endpoint.path,
            request_id=answer.request_id,
        )
    by_default = answer.sent_at + _DEFAULT_ACCESS_LIFE
    access_ends = _moment(data.get("access_token_expire_in"), answer) or by_default
    scopes = (as_text(scope) for scope in as_list(data.get("granted_scopes")))
    return TokenGrant(
        access_token=SecretStr(access_token),
        access_expires_at=access_ends,
        refresh_token=SecretStr(refresh_token),
        refresh_expires_at=_moment(data.get("refresh_token_expire_in"), answer),
        open_id=as_text(data.get("open_id")),
        seller_name=as_text(data.get("seller_name")),
        seller_base_region=as_text(data.get("seller_base_region")),
        user_type=as_int(data.get("user_type")),
        granted_scopes=tuple(scope for scope in scopes if scope),
        metadata=_metadata(data),
    )


def _moment(value: object, answer: Answer) -> datetime | None:
    """An expiry: Unix seconds, despite the name; None if there is none."""
    number = as_int(value)
    if not number or number < 0 or number >= 10**11:
        return None
    if number < _FIRST_EPOCH:
        return answer.sent_at + timedelta(seconds=number)
    return from_epoch(number)


def _metadata(data: Mapping[str, object]) -> Mapping[str, object]:
    return {
        name: value
        for name, value in data.items()
        if name not in _NAMED and "token" not in name and "secret" not in name
    }
