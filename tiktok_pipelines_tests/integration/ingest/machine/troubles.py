"""What goes wrong in the stories, and which of it does not go together."""

from datetime import timedelta

from tiktok_pipelines.simulator import Fault

CALLS = (
    Fault("throttle", rate=0.3, count=5),
    Fault("throttle_bare", count=2),
    Fault("server_error", rate=0.3, count=5),
    Fault("server_error", path="/order/*", count=7, code=503),  # one more than tries
    Fault("error_code", rate=0.3, count=5),
    Fault("cut_before", rate=0.3, count=5),
    Fault("expired_token", count=1),
    Fault("revoked", count=1),
    Fault("lost_token_answer", count=1),
    Fault("refuse_page_token", rate=0.3, count=5),
    Fault("clock_skew", seconds=900),
    Fault("clock_skew", seconds=-900),
    Fault("broken_json", rate=0.3, count=5),
    Fault("cut_midway", rate=0.3, count=5),
    Fault("slow", seconds=0.02, count=5),
)
PAGES = (
    Fault("moving_rows", count=4),
    Fault("moving_rows", rate=0.3),
    Fault("changing_count", count=12),
    Fault("changing_count", rate=0.5),
    Fault("missing_orders", count=9),
    Fault("missing_orders", rate=0.3),
)
ORDERS = (
    Fault("unknown_field", share=0.5),
    Fault("unknown_status", share=0.3),
    Fault("nulls", share=0.5),
    Fault("missing_lists", share=0.5),
    Fault("text_numbers", share=0.5),
    Fault("unstorable", share=0.5),
    Fault("bad_lines", share=0.5),
    Fault("number_ids", share=0.5),
    Fault("malformed", share=0.2),
)
BUYERS = tuple(
    Fault(kind, share=share)
    for kind in ("masked_buyers", "emptied_recipients")
    for share in (0.5, 1.0)
)
EXCLUDES = {
    "changing_count": frozenset({"moving_rows", "missing_orders"}),
    "moving_rows": frozenset({"changing_count"}),
    "missing_orders": frozenset({"changing_count"}),
}
"""Together they can agree on a number that is wrong: nobody could find that out."""
BELIEVED = frozenset({"unknown_field", "unknown_status"})
BELIEVED_AFTER = timedelta(hours=20)
"""A new field or value that has come for a day is believed: the API has changed."""
