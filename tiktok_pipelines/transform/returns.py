"""Which fields of a return and its lines have columns of their own.

Source: docs/tiktok-shop-api.md, "Returns".
"""

from collections.abc import Iterator

from tiktok_pipelines.transform.fields import amounts, flags, moments, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import (
    Block,
    Part,
    ReadRow,
    RecordMap,
    of_no_order,
    same,
)
from tiktok_pipelines.transform.refunds import next_action_block, refund_block

LINE = Layout(
    "return_line",
    [
        *texts("sku_id", "seller_sku", "product_name", "sku_name"),
        *texts(
            return_line_id="return_line_item_id", order_line_id="order_line_item_id"
        ),
    ],
    known=frozenset(
        """
        order_line_item_id product_image product_name refund_amount
        return_line_item_id return_sub_line_items seller_sku sku_id sku_name
        """.split()
    ),
    expected=frozenset({"order_line_item_id", "sku_id"}),
)
RETURN = Layout(
    "return",
    [
        *texts("return_id", "order_id", "next_return_id", "combined_return_id"),
        *texts("arbitration_status", "shipment_type", "handover_method"),
        *texts("return_method", previous_return_id="pre_return_id"),
        *texts(status="return_status", type="return_type", initiator="role"),
        *texts(reason="return_reason", reason_text="return_reason_text"),
        *texts(tracking_number="return_tracking_number"),
        *texts(shipping_provider_id="return_provider_id"),
        *texts(shipping_provider="return_provider_name"),
        *texts(shipping_document_type="return_shipping_document_type"),
        *texts(seller_proposed_type="seller_proposed_return_type"),
        *flags("can_buyer_keep_item", "is_combined_return", "is_quick_refund"),
        *flags(is_partial_refund_rejected="buyer_rejected_partial_refund"),
        *moments(created_at="create_time", updated_at="update_time"),
    ],
    known=frozenset(
        """
        arbitration_status buyer_rejected_partial_refund can_buyer_keep_item
        combined_return_id create_time discount_amount handover_method
        is_combined_return is_quick_refund next_return_id order_id partial_refund
        pre_return_id refund_amount return_id return_line_items return_method
        return_provider_id return_provider_name return_reason return_reason_text
        return_shipping_document_type return_status return_tracking_number return_type
        return_warehouse_address role seller_next_action_response
        seller_proposed_return_type shipment_type shipping_fee_amount update_time
        """.split()
    ),
    expected=frozenset(
        "create_time order_id return_line_items return_status update_time".split()
    ),
)
_DISCOUNTS = (
    "product_seller_discount",
    "product_platform_discount",
    "shipping_fee_seller_discount",
    "shipping_fee_platform_discount",
)
_SHIPPING = (
    "seller_paid_return_shipping_fee",
    "platform_paid_return_shipping_fee",
    "buyer_paid_return_shipping_fee",
)
BLOCKS = (
    refund_block("return"),
    next_action_block("return"),
    Block(
        "discount_amount",
        Layout(
            "return",
            [*texts(discount_currency="currency"), *amounts(*_DISCOUNTS)],
            known=frozenset({"currency", *_DISCOUNTS}),
            expected=frozenset(),
            prefix="discount_amount[].",
        ),
        in_list=True,
    ),
    Block(
        "shipping_fee_amount",
        Layout(
            "return",
            [*texts(return_shipping_currency="currency"), *amounts(*_SHIPPING)],
            known=frozenset({"currency", *_SHIPPING}),
            expected=frozenset(),
            prefix="shipping_fee_amount[].",
        ),
        in_list=True,
    ),
    Block(
        "partial_refund",
        Layout(
            "return",
            [
                *texts(partial_refund_currency="currency"),
                *amounts(partial_refund_amount="amount"),
            ],
            known=frozenset({"amount", "currency"}),
            expected=frozenset(),
            prefix="partial_refund.",
        ),
    ),
    Block(
        "return_warehouse_address",
        Layout(
            "return",
            texts(return_warehouse_address="full_address"),
            known=frozenset({"full_address"}),
            expected=frozenset(),
            prefix="return_warehouse_address.",
        ),
    ),
)


def _missed(received: ReadRow) -> Iterator[str]:
    """What every recorded return that is about money has."""
    if "refund_amount" in received and "discount_amount" not in received:
        yield "discount_amount"
    is_sent_back = received.get("return_type") == "RETURN_AND_REFUND"
    if is_sent_back and "shipping_fee_amount" not in received:
        yield "shipping_fee_amount"
    is_pending = str(received.get("return_status")).endswith("REQUEST_PENDING")
    if is_pending and "seller_next_action_response" not in received:
        yield "seller_next_action_response"


_ASKED = ("PENDING", "REJECT", "CANCEL", "COMPLETE", "REFUND_SUCCESS")
STATUSES = frozenset(
    {
        *(f"RETURN_OR_REFUND_REQUEST_{name}" for name in ("PENDING", "SUCCESS")),
        *(f"RETURN_OR_REFUND_REQUEST_{name}" for name in ("CANCEL", "COMPLETE")),
        *(f"REPLACEMENT_REQUEST_{name}" for name in _ASKED),
        *(f"EXCHANGE_REQUEST_{name}" for name in _ASKED),
        *("AWAITING_BUYER_SHIP", "BUYER_SHIPPED_ITEM", "REJECT_RECEIVE_PACKAGE"),
        *("AWAITING_BUYER_RESPONSE", "REFUND_OR_RETURN_REQUEST_REJECT"),
    }
)
FINAL_STATUSES = frozenset(
    name
    for name in STATUSES
    if name.endswith(("_CANCEL", "_COMPLETE", "_REFUND_SUCCESS", "REQUEST_REJECT"))
)
"""A return does not leave them, but for an arbitration."""

RETURNS = RecordMap(
    "returns",
    Part(
        "returns",
        RETURN,
        keys=("return_id",),
        blocks=BLOCKS,
        missed=_missed,
        values={
            "status": STATUSES,
            "type": frozenset(
                {"REFUND", "RETURN_AND_REFUND", "REPLACEMENT", "EXCHANGE"}
            ),
            "initiator": frozenset({"BUYER", "SELLER", "OPERATOR", "SYSTEM"}),
            "arbitration_status": frozenset(
                {"IN_PROGRESS", "SUPPORT_BUYER", "SUPPORT_SELLER", "CLOSED"}
            ),
        },
        parts=(
            Part(
                "return_lines",
                LINE,
                keys=("return_line_id",),
                path="return_line_items",
                place="line_number",
                inherits=same("order_id"),
                blocks=(refund_block("return_line"),),
            ),
        ),
    ),
    noun="return",
)
_BUYERS = frozenset({"images", "note", "videos"})
RETURN_RECORDS = RecordMap(
    "return_histories",
    Part(
        "return_histories",
        Layout(
            "return_history",
            (),
            known=frozenset({"records"}),
            expected=frozenset({"records"}),
        ),
        keys=("return_id",),
        inherits=same("return_id"),
        parts=(
            Part(
                "return_records",
                Layout(
                    "return_record",
                    [
                        *texts("event", "role", "description", "reason_text"),
                        *moments(happened_at="create_time"),
                    ],
                    known=frozenset(
                        "create_time description event reason_text role".split()
                    ),
                    expected=frozenset({"create_time", "event"}),
                ),
                keys=("return_id", "record_number"),
                path="records",
                place="record_number",
            ),
        ),
    ),
    noun="return's history",
    is_whole=True,
    order_ids=of_no_order,
    buyers=_BUYERS,
)
"""What buyer and seller wrote or showed to each other is kept nowhere."""
