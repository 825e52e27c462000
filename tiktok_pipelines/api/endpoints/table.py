"""The one table of every call that the project makes.

A path names the version that is used. A test compares each line with a description
of the API; deviations stand there with their reasons.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call: what it takes and what it gives.

    Attributes:
        takes_cipher: whether ``shop_cipher`` belongs to it; elsewhere it is refused.
        max_page_size: 0 when the call is not paged.
        max_ids: ids per call; 0 when it takes none.
        records_key: where in ``data`` the records are.
        id_key: where in a record its id is.
        is_write: whether the call changes anything for the seller.
        idempotency: where the call takes an idempotency key, if it does.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    takes_cipher: bool
    max_page_size: int = 0
    max_ids: int = 0
    records_key: str = ""
    id_key: str = "id"
    is_write: bool = False
    idempotency: Literal["none", "query", "body"] = "none"

    @property
    def version(self) -> str:
        """The version in the path, such as ``202309``."""
        return self.path.split("/")[2]


# The two calls of the auth host are no writes: after a lost answer, asking again is
# the only way to learn what became of the code or the refresh token.
TOKEN_GET = Endpoint(
    name="token_get", method="GET", path="/api/v2/token/get", takes_cipher=False
)
TOKEN_REFRESH = Endpoint(
    name="token_refresh", method="GET", path="/api/v2/token/refresh", takes_cipher=False
)

AUTHORIZED_SHOPS = Endpoint(
    name="authorized_shops",
    method="GET",
    path="/authorization/202309/shops",
    takes_cipher=False,
    records_key="shops",
)

ORDER_SEARCH = Endpoint(
    name="order_search",
    method="POST",
    path="/order/202309/orders/search",
    takes_cipher=True,
    max_page_size=100,
    records_key="orders",
)
ORDER_DETAIL = Endpoint(
    name="order_detail",
    method="GET",
    path="/order/202507/orders",
    takes_cipher=True,
    max_ids=50,
    records_key="orders",
)

ENDPOINTS: tuple[Endpoint, ...] = (
    TOKEN_GET,
    TOKEN_REFRESH,
    AUTHORIZED_SHOPS,
    ORDER_SEARCH,
    ORDER_DETAIL,
)
