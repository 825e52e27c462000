"""Which fields of a cancellation and its lines have columns of their own.

Source: docs/tiktok-shop-api.md, "Cancellations".
"""

from collections.abc import Iterator

from tiktok_pipelines.transform.fields import flags, moments, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Part, ReadRow, RecordMap, same
from tiktok_pipelines.transform.refunds import next_action_block, refund_block

LINE = Layout(
    "cancellation_line",
    [
        *texts("sku_id", "seller_sku", "product_name", "sku_name"),
        *texts(
            cancellation_line_id="cancel_line_item_id",
            order_line_id="order_line_item_id",
        ),
    ],
    known=frozenset(
        """
        cancel_line_item_id cancel_sub_line_items order_line_item_id product_image
        product_name refund_amount seller_sku sku_id sku_name
        """.split()
    ),
    expected=frozenset({"order_line_item_id", "sku_id"}),
)
CANCELLATION = Layout(
    "cancellation",
    [
        *texts("order_id", cancellation_id="cancel_id", status="cancel_status"),
        *texts(type="cancel_type", initiator="role", reason="cancel_reason"),
        *texts(reason_text="cancel_reason_text"),
        *flags("should_replenish_stock"),
        *moments(created_at="create_time", updated_at="update_time"),
    ],
    known=frozenset(
        """
        cancel_id cancel_line_items cancel_reason cancel_reason_text cancel_status
        cancel_type create_time order_id refund_amount role
        seller_next_action_response should_replenish_stock update_time
        """.split()
    ),
    expected=frozenset(
        "cancel_line_items cancel_status create_time order_id update_time".split()
    ),
)
STATUSES = frozenset(
    f"CANCELLATION_REQUEST_{name}"
    for name in ("PENDING", "SUCCESS", "CANCEL", "CANCELLED", "COMPLETE")
)
FINAL_STATUSES = STATUSES - {
    "CANCELLATION_REQUEST_PENDING",
    "CANCELLATION_REQUEST_SUCCESS",
}
"""A cancellation does not leave them."""


def _missed(received: ReadRow) -> Iterator[str]:
    is_pending = received.get("cancel_status") == "CANCELLATION_REQUEST_PENDING"
    if is_pending and "seller_next_action_response" not in received:
        yield "seller_next_action_response"


CANCELLATIONS = RecordMap(
    "cancellations",
    Part(
        "cancellations",
        CANCELLATION,
        keys=("cancellation_id",),
        blocks=(refund_block("cancellation"), next_action_block("cancellation")),
        missed=_missed,
        values={
            "status": STATUSES,
            "type": frozenset({"CANCEL", "BUYER_CANCEL", "REQUEST_CANCEL_REFUND"}),
            "initiator": frozenset({"BUYER", "SELLER", "SYSTEM", "OPERATOR"}),
        },
        parts=(
            Part(
                "cancellation_lines",
                LINE,
                keys=("cancellation_line_id",),
                path="cancel_line_items",
                place="line_number",
                inherits=same("order_id"),
                blocks=(refund_block("cancellation_line"),),
            ),
        ),
    ),
    noun="cancellation",
)
