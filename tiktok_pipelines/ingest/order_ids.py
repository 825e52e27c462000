"""Read single orders by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.ingest.tally import Tally
from tiktok_pipelines.ingest.window_pull import OrderLoad, take_page

IDS_AT_ONCE = 50
_ABOUT_AN_ID = frozenset({21008111, 36009004, 98001004})
"""Codes that may mean one id of a call only.

Source: docs/tiktok-shop-api.md, "Error codes".
"""


@dataclass(frozen=True, slots=True)
class IdResult:
    """What reading orders by id found."""

    found: int
    missing: tuple[str, ...]
    rows_written: int
    pages_kept: int
    days: frozenset[date]
    new_bad: tuple[str, ...]


def load_by_id(load: OrderLoad, order_ids: Sequence[str]) -> IdResult:
    """Read single orders again, at most 50 a call.

    Ids that TikTok does not answer are returned as missing; their rows stay.
    """
    tally = Tally()
    wanted = list(dict.fromkeys(order_ids))
    for start in range(0, len(wanted), IDS_AT_ONCE):
        _read_ids(load, wanted[start : start + IDS_AT_ONCE], tally)
    return IdResult(
        found=len(tally.ids),
        missing=tuple(name for name in wanted if name not in tally.ids),
        rows_written=tally.rows_written,
        pages_kept=tally.pages_kept,
        days=frozenset(tally.days),
        new_bad=tuple(tally.new_bad),
    )


def _read_ids(load: OrderLoad, order_ids: Sequence[str], tally: Tally) -> None:
    """Read some orders; an id that spoils the call is left out, not its neighbours."""
    load.stop.raise_if_asked()
    try:
        for page in load.source.detail(order_ids):
            take_page(load, page, tally).result()
    except ApiError as error:
        if error.code not in _ABOUT_AN_ID:
            raise
        half = len(order_ids) // 2
        for part in (order_ids[:half], order_ids[half:]) if half else ():
            _read_ids(load, part, tally)
