"""What a search for orders asks for.

Source: TikTok Shop API reference, "Get Order List".
"""

from collections.abc import Mapping

from tiktok_pipelines.simulator.asking import Asked, Paging, Query, among, read_body
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.timeline import STATUSES

MAX_WAREHOUSES = 100
_SHIPPING_TYPES = ("TIKTOK", "SELLER", "TIKTOK_DIGITAL", "IN-STORE PICKUP")
_PAGING = Paging(100, sorts=("create_time", "update_time"), descending=True)


def parse_query(params: Mapping[str, str], body: bytes) -> Query:
    """The query of a search.

    Raises:
        Refusal: a parameter is missing, of the wrong type or out of range.
    """
    return _PAGING.read(params, _parse_filter(read_body(body)))


def _parse_filter(body: Asked) -> Wanted:
    is_cancel_asked = body.flag("is_buyer_request_cancel")
    return Wanted(
        created=body.window("create_time"),
        updated=body.window("update_time"),
        among=among(
            order_status=body.choice("order_status", STATUSES),
            shipping_type=body.choice("shipping_type", _SHIPPING_TYPES),
            buyer_user_id=body.text("buyer_user_id"),
            warehouse_ids=body.texts("warehouse_ids", MAX_WAREHOUSES),
            is_buyer_request_cancel=(
                None if is_cancel_asked is None else str(is_cancel_asked)
            ),
        ),
    )
