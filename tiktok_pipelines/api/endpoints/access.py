"""What the calls of one shop share: the transport, the shop's cipher, its tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from tiktok_pipelines.api.endpoints.table import Endpoint
from tiktok_pipelines.api.pages import Page, page_of
from tiktok_pipelines.api.transport import Call, QueryValue, TokenSource, Transport


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """The way to one shop's data."""

    transport: Transport = field(repr=False)
    shop_id: str
    cipher: SecretStr
    tokens: TokenSource = field(repr=False)

    def page(
        self,
        endpoint: Endpoint,
        query: Mapping[str, QueryValue],
        *,
        body: Mapping[str, object] | None = None,
    ) -> Page:
        """Call an endpoint that reads records."""
        call = Call(
            endpoint=endpoint,
            shop_id=self.shop_id,
            cipher=self.cipher,
            query=query,
            body=body or {},
        )
        return page_of(call, self.transport.call(call, self.tokens))
