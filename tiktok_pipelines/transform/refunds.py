"""``refund_amount``, as returns, cancellations and their lines have it.

Source: docs/tiktok-shop-api.md, "Returns" and "Cancellations".
"""

from tiktok_pipelines.transform.fields import amounts, moments, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block

_AMOUNTS = (
    "refund_total",
    "refund_subtotal",
    "refund_shipping_fee",
    "refund_tax",
    "retail_delivery_fee",
    "buyer_service_fee",
)


def refund_block(kind: str) -> Block:
    """The block of an object that notes call ``kind``."""
    layout = Layout(
        kind,
        [*texts("currency"), *amounts(*_AMOUNTS)],
        known=frozenset({"currency", *_AMOUNTS}),
        expected=frozenset({"currency", "refund_total"}),
        prefix="refund_amount.",
    )
    return Block("refund_amount", layout)


def next_action_block(kind: str) -> Block:
    """What the seller is to do next, and until when; one at a time, in a list."""
    fields = [*texts(next_action="action"), *moments(next_action_due_at="deadline")]
    layout = Layout(
        kind,
        fields,
        known=frozenset({"action", "deadline"}),
        expected=frozenset(),
        prefix="seller_next_action_response[].",
    )
    return Block("seller_next_action_response", layout, in_list=True)
