"""An admitted call on its way: whose it is, what it asks for, which faults mean it."""

from collections.abc import Callable
from dataclasses import dataclass

from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.faults import Target
from tiktok_pipelines.simulator.page_tokens import peek_record_id
from tiktok_pipelines.simulator.sellers import Seller
from tiktok_pipelines.simulator.simulator import Visit


@dataclass(frozen=True, slots=True)
class Errand:
    """One admitted call.

    Attributes:
        visit: what ``Simulator.around`` is told of it.
        target: what faults look at.
        seller: None where a code or token of the auth host is unknown.
        data: gives the JSON of ``data``, or raises ``Refusal``.
        former: the same for the last record of the page before.
        is_signed: False for calls of the auth host.
    """

    visit: Visit
    target: Target
    seller: Seller | None
    data: Callable[[], bytes]
    former: Callable[[], bytes]
    is_signed: bool


def api_errand(endpoint: Endpoint, call: Call, *, admission: Admission) -> Errand:
    """A signed call. One that means no shop counts for all shops of the seller."""
    shop, seller, now = admission.for_shop, admission.grant.seller, admission.now
    token = call.params.get("page_token", "")
    shops = seller.shops if shop is None else (shop,)
    shop_ids = [one.id for one in shops]
    return Errand(
        visit=Visit(endpoint.method, endpoint.path, shop.id if shop else ""),
        target=Target(endpoint.path, shop_ids, has_page_token=bool(token)),
        seller=seller,
        data=lambda: endpoint.answer(call, admission),
        former=lambda: (
            endpoint.former(shop, peek_record_id(token), now) if shop else b"{}"
        ),
        is_signed=True,
    )


def token_errand(
    path: str, seller: Seller | None, *, data: Callable[[], bytes]
) -> Errand:
    """A call of the auth host, which counts for all shops of the seller."""
    shop_ids = [shop.id for shop in seller.shops] if seller else []
    return Errand(
        visit=Visit("GET", path, ""),
        target=Target(path, shop_ids),
        seller=seller,
        data=data,
        former=lambda: b"{}",
        is_signed=False,
    )
