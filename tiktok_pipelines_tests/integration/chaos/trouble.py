"""Everything that goes wrong at the simulated shops, all at once."""

from tiktok_pipelines.simulator import Fault, Simulator
from tiktok_pipelines.simulator.paths import COUPON, PRODUCT, RECORDS

_AT_TIMES = (
    Fault("throttle", rate=0.02, seconds=2),
    Fault("throttle_bare", rate=0.02),
    Fault("server_error", rate=0.03),
    Fault("error_code", rate=0.03),
    Fault("cut_before", rate=0.03),
    Fault("cut_midway", rate=0.02),
    Fault("broken_json", rate=0.02),
    Fault("slow", rate=0.03, seconds=0.3),
)
_BESIDES = (
    Fault("refuse_page_token", rate=0.2),
    Fault("malformed", share=0.1, rate=0.05),
    Fault("lost_token_answer", rate=0.3),
    Fault("clock_skew", seconds=120),
)
_SPOILS = (
    *("unknown_field", "unknown_status", "nulls", "text_numbers", "unstorable"),
    *("masked_buyers", "emptied_recipients", "bad_lines", "number_ids"),
)
# Details of products and coupons have lists that others lack, such as attributes and
# channels: one that lost such a list is an answer like any other.
_LOST_LISTS = [
    Fault("missing_lists", path=path, share=0.15, rate=0.15)
    for path in RECORDS
    if path not in {PRODUCT, COUPON}
]
_EXPIRED, _REVOKED = Fault("expired_token", count=1), Fault("revoked", count=1)
_REVOKED_IN = 5
# A row left out, or the list that holds one row alone, and a count that is one less
# hide each other from every reader.
_IN_TURN = (
    (Fault("moving_rows", rate=0.5), Fault("missing_orders", rate=0.06)),
    (Fault("changing_count", rate=0.05),),
)


def make_trouble(simulator: Simulator, turn: int) -> None:
    """Switch on every fault there is; some take turns, tokens are lost now and then.

    One of those that strike calls at times strikes for sure.
    """
    simulator.faults.clear()
    surely = Fault(_AT_TIMES[turn % len(_AT_TIMES)].kind, count=1)
    for fault in (*_AT_TIMES, *_BESIDES, *_IN_TURN[turn % len(_IN_TURN)], surely):
        simulator.faults.add(fault)
    for kind in _SPOILS:
        simulator.faults.add(Fault(kind, share=0.15, rate=0.15))
    for fault in _LOST_LISTS:
        simulator.faults.add(fault)
    if turn % 3 == 0:
        simulator.faults.add(_EXPIRED)
    if turn == _REVOKED_IN:
        simulator.faults.add(_REVOKED)


def kinds_of_trouble() -> set[str]:
    """The kinds that surely struck; a clock that is wrong strikes nobody in person."""
    in_turn = (fault for some in _IN_TURN for fault in some)
    faults = (*_AT_TIMES, *_BESIDES, *_LOST_LISTS, *in_turn, _EXPIRED, _REVOKED)
    kinds = {fault.kind for fault in faults} | set(_SPOILS)
    return kinds - {"clock_skew", "lost_token_answer"}
