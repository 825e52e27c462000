"""What may be answered to requests, and asked for orders, as rows.

Source: docs/tiktok-shop-api.md, "Reject reasons".
"""

from tiktok_pipelines.transform.fields import texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Part, RecordMap

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
