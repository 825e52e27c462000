"""What to ask TikTok for again, read from the call that gave a record."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple, cast

from tiktok_pipelines.clock import from_epoch
from tiktok_pipelines.ingest.ledger import TimeField
from tiktok_pipelines.timewindow import TimeWindow

_TIME_FIELDS: Sequence[TimeField] = ("create_time", "update_time")


class AskedWindow(NamedTuple):
    """A window that a search asked for."""

    time_field: TimeField
    window: TimeWindow


def ids_of(request: Mapping[str, object]) -> Sequence[str]:
    """The orders that a call asked for by id."""
    ids = _part(request, "query").get("ids")
    return ids.split(",") if isinstance(ids, str) and ids else ()


def days_of(request: Mapping[str, object]) -> Sequence[AskedWindow]:
    """The windows of a search, of changes too, in whole UTC days."""
    body = _part(request, "body")
    return [
        AskedWindow(time_field, day)
        for time_field in _TIME_FIELDS
        for day in _days(body.get(f"{time_field}_ge"), body.get(f"{time_field}_lt"))
    ]


def windows_of(request: Mapping[str, object]) -> Sequence[AskedWindow]:
    """The windows of a search, of creation in whole UTC days.

    A day may have been read in pieces; the ledger judges days, and a piece that
    closes must not stand for its day there.
    """
    body = _part(request, "body")
    return [
        asked
        for time_field in _TIME_FIELDS
        for asked in _windows(
            time_field, body.get(f"{time_field}_ge"), body.get(f"{time_field}_lt")
        )
    ]


def _windows(time_field: TimeField, start: object, end: object) -> list[AskedWindow]:
    if time_field == "create_time":
        return [AskedWindow(time_field, day) for day in _days(start, end)]
    window = _window(start, end)
    return [AskedWindow(time_field, window)] if window else []


def _window(start: object, end: object) -> TimeWindow | None:
    if not isinstance(start, int) or not isinstance(end, int) or start >= end:
        return None
    return TimeWindow(from_epoch(start), from_epoch(end))


def _days(start: object, end: object) -> Sequence[TimeWindow]:
    window = _window(start, end)
    if window is None:
        return ()
    first, last = window.start.date(), (window.end - timedelta(seconds=1)).date()
    days = range((last - first).days + 1)
    return [TimeWindow.of_day(first + timedelta(days=number)) for number in days]


def _part(request: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = request.get(name)
    return cast("Mapping[str, object]", part) if isinstance(part, dict) else {}
