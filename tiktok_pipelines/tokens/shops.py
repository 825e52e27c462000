"""The connected shops, each with a client that has its token and cipher."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from tiktok_pipelines.api.auth import AuthClient
from tiktok_pipelines.api.client import ShopClient, TikTokShopClient
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import NeedsConsent, PipelineError
from tiktok_pipelines.tokens.refresh import SellerTokenSource
from tiktok_pipelines.tokens.store import Shop, TokenStore

_SET_STATUS = text("""
    UPDATE tiktok_ops.shops
    SET sync_status = :status,
        last_error_at = coalesce(:error_at, last_error_at),
        last_error_message = :message
    WHERE shop_id = :shop_id
""")


@dataclass(slots=True)
class ConnectedShops:
    """Every shop that a seller let us read, and clients for them."""

    store: TokenStore
    auth: AuthClient
    client: TikTokShopClient
    clock: Clock
    app_key: str
    _sources: dict[str, SellerTokenSource] = field(
        default_factory=dict[str, SellerTokenSource], init=False, repr=False
    )

    def all(self) -> tuple[Shop, ...]:
        """All shops, by id."""
        return self.store.shops()

    def enabled(self) -> tuple[Shop, ...]:
        """The shops that are synced."""
        return tuple(shop for shop in self.all() if shop.is_enabled)

    def get(self, shop_id: str) -> Shop:
        """One shop, connected or a ConfigurationError that says so."""
        return self.store.get(shop_id)

    def client_of(self, shop_id: str) -> ShopClient:
        """A client for one shop; shops of one seller share a token source."""
        shop = self.get(shop_id)
        tokens = self.tokens_of(shop.seller)
        cipher = self.store.shop_cipher(shop)
        return self.client.shop(shop_id, cipher=cipher, tokens=tokens)

    def tokens_of(self, seller: str) -> SellerTokenSource:
        """The token source of one seller."""
        if seller not in self._sources:
            self._sources[seller] = SellerTokenSource(
                self.store, self.auth, self.clock, self.app_key, seller
            )
        return self._sources[seller]

    def refresh_due(self) -> Sequence[tuple[str, PipelineError | None]]:
        """Refresh every token that is due; return (seller, what failed).

        A seller's failure, of whatever kind, leaves the others to be refreshed. A
        refusal counts as one although the old token works for a while yet.
        """
        return [(seller, self._refreshed(seller)) for seller in self.store.sellers()]

    def _refreshed(self, seller: str) -> PipelineError | None:
        source = self.tokens_of(seller)
        try:
            source.current()
        except PipelineError as error:
            return error
        return NeedsConsent(source.concern) if source.concern else None

    def set_status(
        self,
        shop_id: str,
        status: str,
        *,
        error_at: datetime | None = None,
        message: str | None = None,
    ) -> None:
        """Say what a shop's sync is doing: ``idle``, ``syncing`` or ``error``."""
        parameters = {
            "shop_id": shop_id,
            "status": status,
            "error_at": error_at,
            "message": message,
        }
        self.store.database.transact(
            lambda connection: connection.execute(_SET_STATUS, parameters)
        )
