"""The shops that a seller's token covers.

Source: docs/tiktok-shop-api.md, "Get Authorized Shops".
"""

from dataclasses import dataclass

from pydantic import SecretStr

from tiktok_pipelines.api.decoding import as_list, as_object, as_text
from tiktok_pipelines.api.endpoints.table import AUTHORIZED_SHOPS
from tiktok_pipelines.api.transport import Call, TokenSource, Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedShop:
    """One shop; a cross-border seller has one for each market.

    Attributes:
        cipher: names the shop in calls; empty if TikTok gave none, and then its
            calls are refused until the seller authorises again.
        code: the shop's code in Seller Center.
    """

    id: str
    name: str
    region: str
    seller_type: str
    cipher: SecretStr
    code: str


def authorized_shops(
    transport: Transport, tokens: TokenSource
) -> tuple[AuthorizedShop, ...]:
    """Every shop of the token's seller, in the order received.

    An entry without an id is passed over: nothing could be asked about it, and the
    seller's other shops are good.
    """
    answer = transport.call(Call(endpoint=AUTHORIZED_SHOPS), tokens)
    shops = as_list(answer.data.get(AUTHORIZED_SHOPS.records_key))
    return tuple(shop for entry in shops if (shop := _shop(entry)) is not None)


def _shop(entry: object) -> AuthorizedShop | None:
    told = {name: as_text(value) for name, value in as_object(entry).items()}
    if not told.get("id"):
        return None
    return AuthorizedShop(
        id=told["id"],
        name=told.get("name", ""),
        region=told.get("region", ""),
        seller_type=told.get("seller_type", ""),
        cipher=SecretStr(told.get("cipher", "")),
        code=told.get("code", ""),
    )
