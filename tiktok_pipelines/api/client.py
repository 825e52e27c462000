"""The client: one object per shop, one attribute per family of calls."""

import httpx
from pydantic import SecretStr

from tiktok_pipelines.api.app import App
from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.events import EventCalls
from tiktok_pipelines.api.endpoints.fbt import FbtCalls
from tiktok_pipelines.api.endpoints.finance import FinanceCalls
from tiktok_pipelines.api.endpoints.fulfillment import FulfillmentCalls
from tiktok_pipelines.api.endpoints.inventory import InventoryCalls
from tiktok_pipelines.api.endpoints.orders import OrderCalls
from tiktok_pipelines.api.endpoints.products import ProductCalls
from tiktok_pipelines.api.endpoints.promotions import PromotionCalls
from tiktok_pipelines.api.endpoints.returns import ReturnCalls
from tiktok_pipelines.api.endpoints.shops import AuthorizedShop, authorized_shops
from tiktok_pipelines.api.http_client import build_http_client
from tiktok_pipelines.api.options import CallOptions
from tiktok_pipelines.api.transport import TokenSource, Transport

__all__ = [
    "App",
    "AuthorizedShop",
    "ShopClient",
    "TikTokShopClient",
    "build_http_client",
]


class ShopClient:
    """The calls of one shop."""

    def __init__(self, access: ShopAccess) -> None:
        self.shop_id = access.shop_id
        self.events = EventCalls(access)
        self.orders = OrderCalls(access)
        self.products = ProductCalls(access)
        self.inventory = InventoryCalls(access)
        self.fbt = FbtCalls(access)
        self.fulfillment = FulfillmentCalls(access)
        self.returns = ReturnCalls(access)
        self.finance = FinanceCalls(access)
        self.promotions = PromotionCalls(access)


class TikTokShopClient:
    """The API for one app; tokens come in with each use. Threads may share it.

    Whoever passes ``http`` closes it.
    """

    def __init__(
        self,
        app: App,
        http: httpx.Client,
        *,
        base_url: str,
        options: CallOptions | None = None,
    ) -> None:
        self._transport = Transport(
            app, http, base_url=base_url, options=options or CallOptions()
        )

    def authorized_shops(self, tokens: TokenSource) -> tuple[AuthorizedShop, ...]:
        """Every shop that the token covers, each with its cipher."""
        return authorized_shops(self._transport, tokens)

    def shop(
        self, shop_id: str, *, cipher: SecretStr, tokens: TokenSource
    ) -> ShopClient:
        """The client of one shop; asks nothing of the network."""
        return ShopClient(ShopAccess(self._transport, shop_id, cipher, tokens))
