"""Sellers and what they authorise: codes, access tokens, refresh tokens.

Source: TikTok Shop API reference, "OAuth and tokens": a code lives 30 minutes and works
once, expiries are absolute Unix seconds, a refresh returns a new refresh token. Assumed
(unknown in public): the old refresh token is refused after a refresh, the old access
token lives on until it expires, and a refused refresh answers 36004004.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tiktok_pipelines.simulator.clock import SimulatedClock
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.refusals import Refusal, bad_request
from tiktok_pipelines.simulator.shop import Shop

SCOPES = (
    "seller.authorization.info",
    "seller.shop.info",
    "seller.order.info",
    "seller.order.ext_ref.read",
    "seller.fulfillment.basic",
    "seller.logistics",
    "seller.fbt.info",
    "seller.product.basic",
    "seller.return_refund.basic",
    "seller.finance.info",
    "seller.promotion.info",
)
_CODE_LIFE_S = int(timedelta(minutes=30).total_seconds())


@dataclass(frozen=True, slots=True)
class Seller:
    """Who owns shops and lets an app in."""

    id: str
    name: str
    region: str
    open_id: str
    shops: tuple[Shop, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code, an access token or a refresh token stands for."""

    seller: Seller
    scopes: tuple[str, ...]
    expires_at: int
    ends_at: int = 0
    is_revoked: bool = False


class Authorizations:
    """Every code and token that was handed out, and what has become of it."""

    def __init__(self, config: SimulatorConfig, clock: SimulatedClock) -> None:
        self._config = config
        self._clock = clock
        self._issued = 0
        self._started_at = clock.epoch()
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def new_code(self, seller: Seller, scopes: Sequence[str]) -> str:
        """What the consent page does when the seller agrees."""
        code = self._secret_text("TTP_")
        expires_at = self._clock.epoch() + _CODE_LIFE_S
        self._codes[code] = Grant(seller, tuple(scopes), expires_at)
        return code

    def find(self, access_token: str) -> Grant | None:
        """The grant of an access token, whether it is still good or not."""
        return self._access.get(access_token)

    def seller_of(self, params: Mapping[str, str]) -> Seller | None:
        """Whose tokens a call of the auth host is about, if the code or token lives."""
        grant = self._refresh.get(params.get("refresh_token", ""))
        grant = grant or self._codes.get(params.get("auth_code", ""))
        return grant.seller if grant else None

    def expire_access_tokens(self, seller: Seller | None) -> None:
        """Let the access tokens of one seller, or of all, run out now."""
        now = self._clock.epoch()
        for token, grant in self._access.items():
            if seller in (None, grant.seller) and grant.expires_at > now:
                self._access[token] = replace(grant, expires_at=now)

    def revoke(self, seller: Seller) -> None:
        """The seller withdraws the authorisation: every token of his is dead."""
        for known in (self._access, self._refresh, self._codes):
            for text, grant in known.items():
                if grant.seller == seller:
                    known[text] = replace(grant, is_revoked=True)

    def exchange(self, params: Mapping[str, str]) -> dict[str, object]:
        """A code becomes tokens: the ``data`` of Get token.

        Raises:
            Refusal: wrong app, or the code is unknown, used or expired.
        """
        self._check_app(params, ("authorized_code",))
        grant = self._take(self._codes, params.get("auth_code", ""), name="auth_code")
        ends_at = self._clock.epoch() + self._config.refresh_token_life_s
        return self._issue(replace(grant, ends_at=ends_at))

    def refresh(self, params: Mapping[str, str]) -> dict[str, object]:
        """A refresh token becomes new tokens; the authorisation's end stays.

        Raises:
            Refusal: wrong app, or the token is unknown, used, expired or revoked.
        """
        self._check_app(params, ("refresh_token", "authorized_code"))
        token = params.get("refresh_token", "")
        return self._issue(self._take(self._refresh, token, name="refresh_token"))

    def _check_app(self, params: Mapping[str, str], grants: Sequence[str]) -> None:
        if params.get("app_key") != self._config.app_key:
            raise _refused(bad_request("invalid app_key"))
        if params.get("app_secret") != self._config.app_secret:
            raise _refused(bad_request("invalid app_secret"))
        if params.get("grant_type") not in grants:
            raise _refused(bad_request(f"invalid grant_type, expected {grants[0]}"))

    def _take(self, known: dict[str, Grant], text: str, *, name: str) -> Grant:
        grant = known.pop(text, None)
        is_good = grant is not None and not grant.is_revoked
        if grant is None or not is_good or grant.expires_at <= self._clock.epoch():
            message = f"{name} is invalid, used or expired"
            raise _refused(Refusal(36004004, message))
        return grant

    def _issue(self, grant: Grant) -> dict[str, object]:
        now = self._clock.epoch()
        access, refresh = self._secret_text("ROW_"), self._secret_text("ROW_")
        expires_at = min(now + self._config.access_token_life_s, grant.ends_at)
        self._access[access] = replace(grant, expires_at=expires_at)
        self._refresh[refresh] = replace(grant, expires_at=grant.ends_at)
        return {
            "access_token": access,
            "access_token_expire_in": expires_at,
            "refresh_token": refresh,
            "refresh_token_expire_in": grant.ends_at,
            "open_id": grant.seller.open_id,
            "seller_name": grant.seller.name,
            "seller_base_region": grant.seller.region,
            "user_type": 0,
            "granted_scopes": list(grant.scopes),
        }

    def _secret_text(self, prefix: str) -> str:
        """Text that repeats with config and start, so that runs can be compared."""
        self._issued += 1
        text = f"{self._config.app_secret}|{self._started_at}|{self._issued}"
        return prefix + hashlib.sha256(text.encode()).hexdigest()


def _refused(refusal: Refusal) -> Refusal:
    """The auth host's form: an error in the envelope, HTTP status 200."""
    return Refusal(refusal.code, refusal.message, http_status=200)
