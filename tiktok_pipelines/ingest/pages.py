"""A page as fetched → what the tables take from it, before any database work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from tiktok_pipelines.api.decoding import Records, decode_json, text_in
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.transform.documented_orders import read_documented
from tiktok_pipelines.transform.encoding import compress, encode
from tiktok_pipelines.transform.notes import BadRecord, Note
from tiktok_pipelines.transform.orders import (
    OrderRows,
    read_order,
    too_deep,
    unreadable,
)
from tiktok_pipelines.transform.privacy import PrivacyPolicy
from tiktok_pipelines.transform.unstorable import (
    may_be_unstorable,
    replace_unstorable,
)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of orders, mapped; ``kept`` are its records less buyer data, as JSON.

    ``policy`` was applied to its buyer data. ``page_id`` is set if it is read back
    from ``tiktok_raw.pages``.
    """

    orders: Sequence[OrderRows]
    bad: Sequence[BadRecord]
    notes: Sequence[tuple[str, Note]]
    kept: Sequence[msgspec.Raw] = field(repr=False)
    total_count: int | None
    next_page_token: str
    request: Mapping[str, object]
    request_id: str
    fetched_at: datetime
    policy: PrivacyPolicy
    page_id: int | None = None

    @property
    def body(self) -> bytes:
        """The answer's data less buyer data, as ``tiktok_raw.pages`` keeps it."""
        data = {
            "orders": self.kept,
            "total_count": self.total_count,
            "next_page_token": self.next_page_token,
        }
        return compress(encode(data))


def read_order_page(page: Page, policy: PrivacyPolicy) -> OrderPage:
    """Map every record of a page; a bad one harms only itself.

    Of buyer data only what the policy allows leaves this function.
    """
    suspicious = may_be_unstorable(page.body)
    records = page.records
    orders: list[OrderRows] = []
    bad: list[BadRecord] = []
    notes: list[tuple[str, Note]] = []
    kept: list[msgspec.Raw] = []
    for record in records.raw if isinstance(records, Records) else records:
        result, harmless, replaced = _read(page, record, suspicious=suspicious)
        kept.append(harmless)
        if isinstance(result, BadRecord):
            bad.append(result)
            continue
        orders.append(_less_private(result, policy))
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
        policy,
    )


def _read(
    page: Page, record: object, *, suspicious: bool
) -> tuple[OrderRows | BadRecord, msgspec.Raw, Sequence[str]]:
    """The rows of a record, what may be kept of it, and where characters changed.

    ``suspicious``: there may be characters that PostgreSQL refuses.
    """
    if isinstance(record, msgspec.Raw):
        found = None if suspicious else read_documented(record, page.fetched_at)
        if found:
            return *found, ()
        try:
            record = decode_json(bytes(record))
        except ValueError:
            size = len(bytes(record))
            return *unreadable(text_in(record, "id"), size), ()
    try:
        clean, replaced = replace_unstorable(record) if suspicious else (record, ())
        return *read_order(clean, page.fetched_at), replaced
    except RecursionError:
        return *too_deep(record), ()


def _less_private(rows: OrderRows, policy: PrivacyPolicy) -> OrderRows:
    if rows.buyer is None or not policy.rules:
        return rows
    return replace(rows, buyer=policy.apply(rows.buyer))
