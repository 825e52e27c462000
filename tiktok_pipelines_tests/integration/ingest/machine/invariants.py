"""What must hold after every step of versions, pages, quarantine and memory.

Each check gives a list of what contradicts it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from tiktok_pipelines.ingest.group_commit import ROOM
from tiktok_pipelines.transform.encoding import decode, decompress, encode
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.expected import BUYER_FIELDS, moment
from tiktok_pipelines_tests.integration.ingest.machine.snapshot import (
    Key,
    Rows,
)
from tiktok_pipelines_tests.integration.ingest.machine.step import Step
from tiktok_pipelines_tests.integration.ingest.machine.witness import id_of, less
from tiktok_pipelines_tests.integration.ingest.stored import Row

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_WHERE_FROM = frozenset({"raw_page_id", "synced_at"})
_STAYING = ("orders", "order_status_history", "order_recipients")


def sunk_versions(step: Step) -> list[tuple[str, object, object]]:
    """Rows, or the lines of an order, that became older than they were."""
    after = step.after.orders
    return [
        (key[1], version(row), version(after[key]))
        for key, row in step.before.orders.items()
        for version in (_version, _lines_version)
        if key in after and version(after[key]) < version(row)
    ]


def _version(row: Row) -> tuple[datetime, datetime]:
    return row["updated_at"] or _EVER, row["synced_at"]


def _lines_version(row: Row) -> tuple[datetime, datetime]:
    if row["lines_synced_at"] is None:
        return _version(row)
    return row["lines_updated_at"] or _EVER, row["lines_synced_at"]


def statuses_seen_later_than_they_were(step: Step) -> list[Key]:
    before = step.before.tables["order_status_history"]
    after = step.after.tables["order_status_history"]
    return [
        key
        for key, row in before.items()
        if key in after and after[key]["seen_at"] > row["seen_at"]
    ]


def rows_that_vanished(step: Step) -> list[Key]:
    """Lines and customers may go with what they stand for; the others stay."""
    return [
        key
        for name in _STAYING
        for key in step.before.tables[name].keys() - step.after.tables[name].keys()
    ]


def pages_lost_or_changed(step: Step) -> list[int]:
    return [
        number
        for number, page in step.before.pages.items()
        if step.after.pages.get(number) != page
    ]


def rows_without_their_page(step: Step) -> list[tuple[str, Key]]:
    return [
        (name, key)
        for name, found in step.after.tables.items()
        for key, row in found.items()
        if row["raw_page_id"] not in step.after.pages
    ]


def bad_records_that_are_nowhere(step: Step) -> list[object]:
    """Told in a load that ended well, or kept in a page, and not in quarantine."""
    told = [_less_buyer(bad) for bad in step.bad] if step.is_taken else []
    kept = {
        encode(row["content"])
        for row in step.after.quarantine.values()
        if row["stream"] == "orders" and row["reason"] and _is_bool(row["retryable"])
    }
    return [bad for bad in (*told, *_bad_in_new_pages(step)) if encode(bad) not in kept]


def _bad_in_new_pages(step: Step) -> Iterator[object]:
    for number in step.after.pages.keys() - step.before.pages.keys():
        body = cast("Json", decode(decompress(step.after.pages[number]["body"])))
        yield from (record for record in body["orders"] if not id_of(record))


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _less_buyer(bad: Any) -> object:
    """Without buyer data; nobody knows what a bare text says."""
    if isinstance(bad, str):
        return {"text_of_length": len(bad)}
    if isinstance(bad, list):
        return [_less_buyer(item) for item in cast("list[Any]", bad)]
    return less(cast("Json", bad), BUYER_FIELDS) if isinstance(bad, dict) else bad


def bad_lines_that_are_nowhere(step: Step) -> list[str]:
    kept = {
        row["record_key"].partition("/")[0]
        for row in step.after.quarantine.values()
        if row["stream"] == "order_lines" and row["reason"]
    }
    return [
        order_id
        for order_id, told in step.told.items()
        if step.is_taken
        and any(one.has_bad_lines for one in told)
        and order_id not in kept
    ]


def bad_records_that_no_run_named(step: Step) -> list[str]:
    """New in quarantine through a run that ended, which did not fail for it."""
    named = {ended.run_id for ended in step.ended if ended.report.new_bad}
    ended = {ended.run_id for ended in step.ended}
    return [
        row["reason"]
        for number, row in step.after.quarantine.items()
        if number not in step.before.quarantine
        and row["resolved_at"] is None
        and row["run_id"] in ended - named
    ]


def told_orders_that_did_not_land(step: Step) -> list[tuple[str, object]]:
    """Told in a load that ended well, and no row, or an older one."""
    if not step.is_taken:
        return []
    held = {order_id: row for (_, order_id), row in step.after.orders.items()}
    return [
        (order_id, held.get(order_id, {}).get("updated_at"))
        for order_id, told in step.told.items()
        if order_id not in held
        or (held[order_id]["updated_at"] or _EVER)
        < (moment(max(one.updated for one in told)) or _EVER)
    ]


def rewritten_rows(step: Step) -> list[tuple[str, Key]]:
    """Rows that say what they said, and were written again."""
    return [
        (name, key)
        for name, found in step.before.tables.items()
        for key in _rewritten(step.before.xmins[name], step.after.xmins[name])
        if _says(found, key) == _says(step.after.tables[name], key)
    ]


def _rewritten(before: Mapping[Key, str], after: Mapping[Key, str]) -> list[Key]:
    return [key for key, xmin in before.items() if after.get(key, xmin) != xmin]


def _says(found: Rows, key: Key) -> Row:
    return less(found[key], _WHERE_FROM)


def customers_counted_wrong(step: Step) -> list[object]:
    """Customers whose numbers are not those of their orders."""
    placed: dict[object, list[datetime]] = {}
    for row in step.after.orders.values():
        if row["buyer_id"] is not None:
            placed.setdefault(row["buyer_id"], []).append(row["created_at"])
    counted = {
        row["buyer_id"]: (row["order_count"], row["last_order_at"])
        for row in step.after.tables["customers"].values()
    }
    expected = {
        buyer: (len(times), max((at for at in times if at), default=None))
        for buyer, times in placed.items()
    }
    return [
        buyer
        for buyer in counted.keys() | expected.keys()
        if counted.get(buyer) != expected.get(buyer)
    ]


def crowds(step: Step) -> list[tuple[int, int]]:
    """Loads that held more than the pages in line and one a worker, just fetched."""
    return [one for one in step.crowds if one[0] > ROOM + one[1]]
