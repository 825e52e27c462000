"""What must hold of the ledger and the watermark after every step.

Each check gives a list of what contradicts it.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.expected import moment
from tiktok_pipelines_tests.integration.ingest.machine.snapshot import Snapshot
from tiktok_pipelines_tests.integration.ingest.machine.step import Step
from tiktok_pipelines_tests.integration.ingest.stored import Row

FIRST_SYNC_DAYS = 5
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def closed_rows_that_do_not_agree(step: Step) -> list[Row]:
    """Ledger rows closed without reason."""
    return [
        row
        for row in _new_windows(step)
        if row["verdict"] == "closed"
        and not row["note"]
        and len({row[name] for name in _COUNTS}) > 1
    ]


_COUNTS = ("api_total_count", "ids_fetched", "rows_in_table")


def _new_windows(step: Step) -> Iterator[Row]:
    for number, row in step.after.ledger.items():
        if number not in step.before.ledger:
            yield row


def lost_from_closed_days(step: Step) -> list[str]:
    """Orders that were there when their day was closed, and are nowhere."""
    held = step.after.order_ids
    closed = [
        (row["window_start"], min(row["window_end"], row["started_at"]))
        for row in step.after.ledger.values()
        if row["verdict"] == "closed" and row["time_field"] == "create_time"
    ]
    lost = [
        order_id
        for order_id, order in step.truth.items()
        if order_id not in held
        and any(start <= _time(order["create_time"]) < end for start, end in closed)
    ]
    return _not_hidden(lost, step)


def _not_hidden(lost: list[str], step: Step) -> list[str]:
    """Nothing if records without an id may be what seems to be lost."""
    return lost if len(lost) > step.after.hidden_at_most else []


def lost_before_the_watermark(step: Step) -> list[str]:
    """Orders that changed before the watermark, and are other rows, or none.

    Left out are those that will be asked for again.
    """
    after = step.after
    watermark = after.cursors.get("orders", _EVER)
    held = {order_id: row for (_, order_id), row in after.orders.items()}
    lost = [
        order_id
        for order_id, order in step.truth.items()
        if _time(order["update_time"]) < watermark
        and order_id not in after.doubts
        and not _is_in_state(held.get(order_id, {}), order)
    ]
    return _not_hidden(lost, step)


def _is_in_state(row: Row, order: Json) -> bool:
    state = (row.get("updated_at"), row.get("status"))
    return state == (_time(order["update_time"]), order["status"])


def _time(seconds: int) -> datetime:
    found = moment(seconds)
    assert found is not None
    return found


def watermarks_that_went_back(step: Step) -> list[str]:
    return [
        stream
        for stream, watermark in step.before.cursors.items()
        if step.after.cursors.get(stream, _EVER) < watermark
    ]


def watermark_over_windows_not_closed(step: Step) -> list[tuple[datetime, datetime]]:
    """From where to where the watermark moved without a closed window below it."""
    reached = step.after.cursors.get("orders")
    start = step.before.cursors.get("orders")
    if reached is None or reached == start:
        return []
    closed = [
        (row["window_start"], row["window_end"], row["started_at"])
        for row in _new_windows(step)
        if (row["verdict"], row["time_field"]) == ("closed", "update_time")
    ]
    if start is None:
        begun = min((row[2] for row in closed), default=step.now)
        start = begun - timedelta(days=FIRST_SYNC_DAYS, seconds=-1)
    covered = reached
    while below := [row for row in closed if row[0] < covered <= row[1]]:
        covered = min(row[0] for row in below)
    return [(start, covered)] if covered > start else []


def days_closed_twice_by_a_run(step: Step) -> list[tuple[object, ...]]:
    """A run that goes on leaves alone the days that it closed before."""
    closed = Counter(
        (row["run_id"], row["window_start"], row["window_end"])
        for row in step.after.ledger.values()
        if (row["verdict"], row["time_field"]) == ("closed", "create_time")
    )
    return [window for window, count in closed.items() if count > 1]


def reports_that_call_open_windows_closed(step: Step) -> list[object]:
    found: list[object] = []
    for ended in step.ended:
        closed = {
            (row["window_start"], row["window_end"])
            for row in step.after.ledger.values()
            if row["run_id"] == ended.run_id
            and (row["verdict"], row["time_field"]) == ("closed", "create_time")
        }
        claimed = {(w.start, w.end) for _, w in ended.report.closed}
        if not ended.report.failures:
            claimed |= {(window.start, window.end) for window in ended.days}
        found += claimed - closed
    return found


def days_whose_newest_verdict_is_open(now: Snapshot) -> set[date]:
    """By the ledger, read in the test's own way; what one moment says twice is out."""
    newest: dict[date, tuple[datetime, set[str]]] = {}
    for row in now.ledger.values():
        if row["time_field"] != "create_time":
            continue
        day, at = row["window_start"].date(), row["finished_at"]
        held = newest.get(day)
        if held is None or at > held[0]:
            newest[day] = (at, {row["verdict"]})
        elif at == held[0]:
            held[1].add(row["verdict"])
    return {day for day, (_, verdicts) in newest.items() if verdicts == {"open"}}
