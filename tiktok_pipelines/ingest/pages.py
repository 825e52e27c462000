"""A page as fetched → what the tables take from it, before any database work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.transform.encoding import compress, encode
from tiktok_pipelines.transform.orders import BadRecord, Note, OrderRows, read_order
from tiktok_pipelines.transform.unstorable import (
    may_be_unstorable,
    replace_unstorable,
)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of orders, mapped; ``kept`` are its records less buyer data."""

    orders: Sequence[OrderRows]
    bad: Sequence[BadRecord]
    notes: Sequence[tuple[str, Note]]
    kept: Sequence[object]
    total_count: int | None
    next_page_token: str
    request: Mapping[str, object]
    request_id: str
    fetched_at: datetime

    @property
    def body(self) -> bytes:
        """The answer's data less buyer data, as ``tiktok_raw.pages`` keeps it."""
        data = {
            "orders": self.kept,
            "total_count": self.total_count,
            "next_page_token": self.next_page_token,
        }
        return compress(encode(data))


def read_order_page(page: Page) -> OrderPage:
    """Map every record of a page; a bad one harms only itself."""
    suspicious = may_be_unstorable(page.body)
    orders: list[OrderRows] = []
    bad: list[BadRecord] = []
    notes: list[tuple[str, Note]] = []
    kept: list[object] = []
    for record in page.records:
        clean, replaced = replace_unstorable(record) if suspicious else (record, ())
        result, harmless = read_order(clean, page.fetched_at)
        kept.append(harmless)
        if isinstance(result, BadRecord):
            bad.append(result)
            continue
        orders.append(result)
        bad.extend(result.bad_lines)
        characters = [Note("order", "replaced_characters", path) for path in replaced]
        notes.extend((result.order_id, note) for note in (*result.notes, *characters))
    return OrderPage(
        orders,
        bad,
        notes,
        kept,
        page.total_count,
        page.next_page_token,
        page.request,
        page.request_id,
        page.fetched_at,
    )
