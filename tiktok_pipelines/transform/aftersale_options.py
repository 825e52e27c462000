"""What may be answered to requests, and asked for orders, as rows.

Source: docs/tiktok-shop-api.md, "Reject reasons" and "Aftersale eligibility".
"""

from tiktok_pipelines.transform.fields import documents, flags, numbers, texts, words
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Part, RecordMap, same

REJECT_REASONS = RecordMap(
    "reject_reasons",
    Part(
        "reject_reasons",
        Layout(
            "reject_reason",
            texts(reason="name", reason_text="text"),
            known=frozenset({"name", "text"}),
            expected=frozenset({"text"}),
        ),
        keys=("reason",),
    ),
    noun="reject reason",
)

REQUEST = Part(
    "aftersale_eligibility_requests",
    Layout(
        "aftersale_eligibility_request",
        [*texts("request_type", "ineligible_reason"), *flags(is_eligible="eligible")],
        known=frozenset(
            """
            available_reason_names eligible ineligible_code ineligible_reason
            order_line_items_ids order_line_list request_type
            """.split()
        ),
        expected=frozenset({"request_type", "eligible"}),
    ),
    keys=("order_id", "sku_number", "request_number"),
    path="line_item_eligibility",
    place="request_number",
    inherits=same("sku_id"),
    others=[
        *numbers("ineligible_code"),
        *documents(
            order_line_ids="order_line_items_ids", order_lines="order_line_list"
        ),
        *words(available_reasons="available_reason_names"),
    ],
    values={
        "request_type": frozenset({"CANCEL", "REFUND", "RETURN", "RETURN_AND_REFUND"})
    },
)
ELIGIBILITIES = RecordMap(
    "aftersale_eligibilities",
    Part(
        "aftersale_eligibilities",
        Layout(
            "aftersale_eligibility",
            (),
            known=frozenset({"sku_eligibility"}),
            expected=frozenset({"sku_eligibility"}),
        ),
        keys=("order_id",),
        inherits=same("order_id"),
        parts=(
            Part(
                "aftersale_eligibility_skus",
                Layout(
                    "aftersale_eligibility_sku",
                    texts("sku_id"),
                    known=frozenset({"line_item_eligibility", "sku_id"}),
                    expected=frozenset({"line_item_eligibility", "sku_id"}),
                ),
                keys=("order_id", "sku_number"),
                path="sku_eligibility",
                place="sku_number",
                missing_is_none=True,
                parts=(REQUEST,),
            ),
        ),
    ),
    noun="order's aftersale eligibility",
    is_whole=True,
)
