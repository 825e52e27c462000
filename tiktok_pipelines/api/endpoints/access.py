"""What the calls of one shop share: the transport, the shop's cipher, its tokens."""

from dataclasses import dataclass, field

from pydantic import SecretStr

from tiktok_pipelines.api.endpoints.endpoint import Endpoint, Value
from tiktok_pipelines.api.pages import Page, page_of
from tiktok_pipelines.api.transport import Call, TokenSource, Transport


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """The way to one shop's data."""

    transport: Transport = field(repr=False)
    shop_id: str
    cipher: SecretStr
    tokens: TokenSource = field(repr=False)

    def read(self, endpoint: Endpoint, /, **given: Value) -> Page:
        """Call an endpoint that reads records, with parameters by TikTok's names."""
        parameters = endpoint.place(given)
        call = Call(
            endpoint=endpoint,
            shop_id=self.shop_id,
            cipher=self.cipher,
            path_ids=parameters.path_ids,
            query=parameters.query,
            body=parameters.body,
        )
        return page_of(call, self.transport.call(call, self.tokens))
