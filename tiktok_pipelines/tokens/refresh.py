"""One refresh, however many processes need it.

A refresh uses its token up, so an answer that is lost, with the connection or with
this process, may leave a refresh token that TikTok refuses. The access token works on,
and so do the syncs; when it has ended, nothing goes without the seller.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from pydantic import SecretStr

from tiktok_pipelines.api.auth import AuthClient, TokenGrant
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import ApiError, NeedsConsent
from tiktok_pipelines.tokens.store import SellerTokens, TokenStore

LONGEST_MARGIN = timedelta(hours=36)
_PATIENCE = timedelta(minutes=10)
_log = logging.getLogger(__name__)


def is_due(tokens: SellerTokens, now: datetime) -> bool:
    """Whether less than 36 hours or a tenth of its life is left of the access token."""
    life = tokens.access_expires_at - tokens.refreshed_at
    return now >= tokens.access_expires_at - min(LONGEST_MARGIN, life / 10)


@dataclass(slots=True)
class SellerTokenSource:
    """The access token of one seller, as the client asks for it.

    Threads and processes may share a seller: whoever holds the database lock
    refreshes, the others find the new token when it is their turn.
    """

    store: TokenStore
    auth: AuthClient
    clock: Clock
    app_key: str
    seller: str
    _held: SellerTokens | None = field(default=None, init=False, repr=False)
    _try_again_at: datetime | None = field(default=None, init=False, repr=False)

    def current(self) -> SecretStr:
        """A token that is good for a while yet.

        Raises:
            NeedsConsent: the seller's consent is over; its shops are marked, and
                TikTok is not asked again until the seller connects anew.
            ApiError: TikTok was asked and gave neither tokens nor a clear refusal.
            DecryptionError: no configured key reads the stored token.
        """
        held = self._held
        if held is None or self._wants_refresh(held):
            held = self._held = self._renewed_early(held)
        return held.access

    @property
    def concern(self) -> str:
        """What the seller must do although the token works; "" if nothing."""
        return self._held.refresh_refused if self._held else ""

    def _wants_refresh(self, held: SellerTokens) -> bool:
        now = self.clock.now()
        return is_due(held, now) and not self._postponed(now)

    def _postponed(self, now: datetime) -> bool:
        return self._try_again_at is not None and now < self._try_again_at

    def _renewed_early(self, held: SellerTokens | None) -> SellerTokens:
        """Tokens refreshed in time; those still good if that fails for now."""
        now = self.clock.now()
        try:
            tokens = self._renewed(refused=None)
        except ApiError as error:
            held = held or self._stored()
            if not error.retryable or held.access_expires_at <= now + _PATIENCE:
                raise
            self._try_again_at = now + _PATIENCE
            return held
        if tokens.refresh_refused:
            _log.warning("%s", tokens.refresh_refused)
            self._try_again_at = now + _PATIENCE
        return tokens

    def replace(self, refused: SecretStr) -> SecretStr:
        """A newer token than the one TikTok refused; refreshes if nobody did.

        Raises:
            NeedsConsent: as in ``current``; so are ApiError and DecryptionError.
        """
        self._held = None
        held = self._held = self._renewed(refused)
        return held.access

    def give_up(self, refused: SecretStr, message: str) -> None:
        """Mark the seller, unless a newer token than the refused one came in."""
        self._held = None
        with self.store.refreshing(self.seller):
            tokens = self.store.seller_tokens(self.seller)
            if tokens.access == refused and not tokens.given_up:
                self._mark_broken(message)

    def _renewed(self, refused: SecretStr | None) -> SellerTokens:
        tokens = self._stored()
        if self._is_good(tokens, refused):
            return tokens
        with self.store.refreshing(self.seller):
            tokens = self._stored()
            if self._is_good(tokens, refused):
                return tokens
            self._refresh(tokens, refused)
            return self.store.seller_tokens(self.seller)

    def _stored(self) -> SellerTokens:
        """The tokens as stored; a dead authorisation is not tried again."""
        tokens = self.store.seller_tokens(self.seller)
        if tokens.given_up:
            raise NeedsConsent(tokens.given_up)
        return tokens

    def _is_good(self, tokens: SellerTokens, refused: SecretStr | None) -> bool:
        if refused is not None:
            return tokens.access != refused
        now = self.clock.now()
        if tokens.refresh_refused:  # asked once more when the access token has ended
            return now < tokens.access_expires_at
        return not is_due(tokens, now)

    def _refresh(self, tokens: SellerTokens, refused: SecretStr | None) -> None:
        """Ask for new tokens and store them, if there is a place for them."""
        now = self.clock.now()
        self.store.prove_writable(self.seller)
        try:
            grant = self._asked(tokens, now)
        except NeedsConsent as error:
            self._take_refusal(tokens, refused, error)
            return
        save = partial(
            self.store.save_refresh,
            seller=self.seller,
            grant=grant,
            app_key=self.app_key,
            now=now,
        )
        self.store.database.transact(save)

    def _take_refusal(
        self, tokens: SellerTokens, refused: SecretStr | None, error: NeedsConsent
    ) -> None:
        """Go on with the access token if it is good yet, and say what must be done.

        Raises:
            NeedsConsent: it is not, so the seller and its shops are marked.
        """
        if self.store.seller_tokens(self.seller).refresh != tokens.refresh:
            return  # the lock was lost with its session, and someone refreshed
        if refused is None and self.clock.now() < tokens.access_expires_at:
            self.store.note_refresh_refused(self.seller, _told(tokens))
            return
        message = f"seller {self.seller}: {error}"
        self._mark_broken(message)
        raise NeedsConsent(message) from error

    def _mark_broken(self, message: str) -> None:
        self.store.mark_seller_broken(self.seller, message, self.clock.now())

    def _asked(self, tokens: SellerTokens, now: datetime) -> TokenGrant:
        if tokens.refresh_expires_at > now:
            return self.auth.refresh(tokens.refresh)
        raise NeedsConsent(
            "the authorization has expired: run tiktok-pipelines shops connect"
        )


def _told(tokens: SellerTokens) -> str:
    """Consent is needed, and until when there is time."""
    return (
        f"TikTok refuses to refresh the tokens of seller {tokens.seller}: the syncs go"
        f" on until {tokens.access_expires_at:%Y-%m-%d %H:%M} UTC; let the seller"
        " authorise again before that: tiktok-pipelines shops connect"
    )
