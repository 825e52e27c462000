"""How fresh and how complete the tables are, and what the API was asked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tiktok_pipelines.storage.catalog import ORDER_TABLES
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SUBJECTS
from tiktok_pipelines_tests.integration.marts.books import Books, Row, at, part

MINUTE = timedelta(minutes=1)
PULLED = at("2026-03-02 01:00")


def ago(minutes: float) -> datetime:
    """So many minutes before the present, as the view means it."""
    now = datetime.now(UTC)  # noqa: TID251 - PostgreSQL asks the machine, too
    return now - minutes * MINUTE


def seller(books: Books, **row: Any) -> None:
    books.add(
        "tiktok_ops.credentials",
        seller="seller",
        app_key="-",
        access_token="-",
        refresh_token="-",
        access_expires_at=ago(0),
        refresh_expires_at=ago(0),
        refreshed_at=ago(0),
        **row,
    )


def schedule(books: Books, *, is_active: bool = True) -> None:
    books.add(
        "tiktok_ops.sync_schedules",
        sync="orders",
        interval_minutes=15,
        is_active=is_active,
    )


def freshness(books: Books, table: str = "tiktok.orders") -> Row:
    return books.row("ops_freshness", f"table_name = '{table}'")


@pytest.fixture
def synced(books: Books) -> Books:
    """Orders are synced every 15 minutes: late after an hour."""
    seller(books)
    schedule(books)
    return books


def test_every_table_that_a_sync_fills_is_told(books: Books) -> None:
    rows = books.rows("ops_freshness")

    told = {row["table_name"] for row in rows}
    assert told == {*ORDER_TABLES, *(name for one in SUBJECTS for name in one.tables)}
    assert {row["reason"] for row in rows} == {"off"}


@pytest.mark.parametrize(("minutes", "is_late"), [(59, False), (61, True)])
def test_a_table_is_late_after_three_intervals_and_a_quarter(
    synced: Books, minutes: int, *, is_late: bool
) -> None:
    mark = {"stream": "orders", "watermark": ago(minutes)}
    synced.add("tiktok_ops.sync_cursors", **mark)

    found = freshness(synced)

    assert (found["is_late"], found["reason"]) == (is_late, "late" if is_late else None)
    assert minutes <= found["age_minutes"] < minutes + 1


def test_a_stream_without_a_watermark_goes_by_its_last_success(synced: Books) -> None:
    told = {"tried_at": ago(1), "succeeded_at": ago(1)}
    synced.add("tiktok_ops.sync_states", stream="orders", sync="orders", **told)

    assert freshness(synced)["reason"] is None


@pytest.mark.parametrize(("minutes", "is_late"), [(59, False), (61, True)])
def test_a_stream_of_whole_days_goes_by_its_last_success(
    synced: Books, minutes: int, *, is_late: bool
) -> None:
    """Its watermark is a midnight; the sync of since then asked for all the same."""
    told = {"tried_at": ago(minutes), "succeeded_at": ago(minutes)}
    synced.add("tiktok_ops.sync_states", stream="orders", sync="orders", **told)
    synced.add("tiktok_ops.sync_cursors", stream="orders", watermark=ago(23 * 60))

    found = freshness(synced)

    assert found["is_late"] is is_late
    assert found["fresh_at"] == told["succeeded_at"]


@pytest.mark.parametrize("reason", ["token", "limit", "failed"])
@pytest.mark.parametrize("minutes", [5, 500])
def test_the_reason_is_that_of_the_last_failure(
    synced: Books, reason: str, minutes: int
) -> None:
    told = {"failed_at": ago(1), "reason": reason, "message": "do something"}
    synced.add("tiktok_ops.sync_states", stream="orders", sync="orders", **told)
    synced.add("tiktok_ops.sync_cursors", stream="orders", watermark=ago(minutes))

    found = freshness(synced)

    wanted = {"is_late": minutes == 500, "reason": reason, "message": "do something"}
    assert part(found, *wanted) == wanted


def test_a_shop_that_was_just_connected_is_not_late(database: Database) -> None:
    new = Books(database, "S2").open("MY", connected_at=ago(50))
    schedule(new)

    assert part(freshness(new), "is_late", "reason", "fresh_at") == {
        "is_late": False,
        "reason": None,
        "fresh_at": None,
    }


def test_a_seller_who_must_consent_again_is_told(books: Books) -> None:
    seller(books, last_error_message="consent again")
    schedule(books)

    found = freshness(books)

    assert (found["reason"], found["message"]) == ("token", "consent again")


def test_what_is_switched_off_is_not_late(books: Books) -> None:
    seller(books)
    schedule(books, is_active=False)

    assert part(freshness(books), "is_late", "reason") == {
        "is_late": False,
        "reason": "off",
    }


def window(books: Books, verdict: str, *, minutes: int, **row: Any) -> None:
    finished = PULLED + minutes * MINUTE
    usual: Row = {
        "stream": "orders",
        "time_field": "create_time",
        "window_start": at("2026-03-01"),
        "window_end": at("2026-03-02"),
        "ids_fetched": 0,
        "rows_in_table": 0,
    }
    books.add(
        "tiktok_ops.sync_windows",
        verdict=verdict,
        attempts=1,
        pages=1,
        rows_written=0,
        started_at=finished,
        finished_at=finished,
        **(usual | row),
    )


def still_open(books: Books) -> list[datetime]:
    """The ends of the windows that are open, and for how long is told."""
    rows = books.rows("ops_completeness")
    assert all((row["hours_open"] is None) is row["is_closed"] for row in rows)
    return sorted(row["window_end"] for row in rows if not row["is_closed"])


def test_the_newest_verdict_on_a_window_counts(books: Books) -> None:
    counts = {"api_total_count": 5, "ids_fetched": 3, "rows_in_table": 3}
    window(books, "closed", minutes=0, **(counts | {"api_total_count": 3}))
    window(books, "open", minutes=9, **counts)

    found = books.row("ops_completeness")

    wanted = {"is_closed": False, "missing_count": 2, "window_date": date(2026, 3, 1)}
    assert part(found, *wanted) == wanted
    assert found["hours_open"] > 0


def test_a_count_that_tiktok_does_not_give_leaves_open_what_is_missing(
    books: Books,
) -> None:
    counts = {"api_total_count": None, "ids_fetched": 3, "rows_in_table": 3}
    window(books, "closed", minutes=0, **counts)

    found = books.row("ops_completeness")

    assert part(found, "is_closed", "missing_count", "hours_open") == {
        "is_closed": True,
        "missing_count": None,
        "hours_open": None,
    }


@pytest.mark.parametrize("field", ["listed", "asked"])
def test_what_is_listed_or_asked_is_healed_by_the_next_of_its_stream(
    books: Books, field: str
) -> None:
    """Its windows are the time in which it was read."""
    last = at("2026-03-05")
    window(books, "closed", minutes=0, time_field=field, window_end=at("2026-03-02"))
    window(books, "open", minutes=1, time_field=field, window_end=at("2026-03-03"))
    window(books, "closed", minutes=2, time_field=field, stream="stock")
    window(books, "closed", minutes=2, time_field="update_time")
    assert still_open(books) == [at("2026-03-03")]

    window(
        books,
        "closed",
        minutes=3,
        time_field=field,
        window_start=at("2026-03-04"),
        window_end=last,
    )

    assert still_open(books) == []


def test_windows_of_changes_are_healed_by_the_watermark(books: Books) -> None:
    changes: Row = {"time_field": "update_time"}
    window(books, "open", minutes=0, **changes)
    window(books, "open", minutes=0, window_end=at("2026-03-03"), **changes)
    assert len(still_open(books)) == 2

    books.add("tiktok_ops.sync_cursors", stream="returns", watermark=at("2026-03-09"))
    assert len(still_open(books)) == 2

    books.add("tiktok_ops.sync_cursors", stream="orders", watermark=at("2026-03-02"))
    assert still_open(books) == [at("2026-03-03")]


@pytest.mark.parametrize("field", ["create_time", "statement_time"])
def test_other_windows_are_healed_by_a_later_one_that_contains_them(
    books: Books, field: str
) -> None:
    rolling: Row = {"time_field": field, "stream": "payments"}
    longer = {"window_start": at("2026-02-28"), "window_end": at("2026-03-03")}
    window(books, "closed", minutes=0, **rolling, **longer)
    window(books, "open", minutes=1, **rolling)
    later = {"window_start": at("2026-03-01 00:01"), "window_end": at("2026-03-04")}
    window(books, "closed", minutes=2, **rolling, **later)
    window(books, "open", minutes=2, **rolling, window_end=at("2026-03-05"))
    window(books, "closed", minutes=2, **(rolling | {"stream": "statements"}), **longer)
    assert still_open(books) == [at("2026-03-02"), at("2026-03-05")]

    window(books, "closed", minutes=3, **rolling, window_end=at("2026-03-04"))

    assert still_open(books) == [at("2026-03-05")]


def call(books: Books, when: str, status: int, code: int | None, **row: Any) -> None:
    usual: Row = {"path": "/order/202309/orders/search", "attempt": 1, "waited_ms": 0}
    books.add(
        "tiktok_ops.tiktok_api_logs",
        started_at=at(when),
        method="POST",
        http_status=status,
        code=code,
        **(usual | {"duration_ms": 100} | row),
    )


def test_calls_are_counted_by_day_and_by_what_became_of_them(books: Books) -> None:
    call(books, "2026-03-01 00:00", 200, 0, duration_ms=100)
    call(books, "2026-03-01 23:59", 200, 0, duration_ms=300, waited_ms=1500)
    call(books, "2026-03-01 12:00", 429, 36009002)
    call(books, "2026-03-01 12:00", 401, 105002)
    call(books, "2026-03-01 12:00", 0, None, attempt=2)
    call(books, "2026-03-02 00:00", 200, 0)
    detail = "/product/202309/products/1729000000000000001"
    call(books, "2026-03-02 00:00", 200, 0, path=detail)

    rows = books.rows("ops_api_usage")

    by_call = {(row["usage_date"].day, row["endpoint"]): row for row in rows}
    search = "/order/202309/orders/search"
    products = "/product/202309/products/{id}"
    assert set(by_call) == {(1, search), (2, search), (2, products)}
    wanted = {
        "attempt_count": 5,
        "success_count": 2,
        "limited_count": 1,
        "token_count": 1,
        "failed_count": 1,
        "repeated_count": 1,
        "median_ms": 100,
        "slowest_ms": 300,
    }
    assert part(by_call[1, search], *wanted) == wanted
    assert [float(by_call[1, search][name]) for name in ("seconds", "waited_s")] == [
        0.7,
        1.5,
    ]


def test_short_ids_of_categories_are_ids_too(books: Books) -> None:
    for category in ("600001", "1000000000000001"):
        for asked in ("attributes", "rules"):
            path = f"/product/202309/categories/{category}/{asked}"
            call(books, "2026-03-01 00:00", 200, 0, path=path)
    call(books, "2026-03-01 00:00", 200, 0, path="/product/202309/categories")

    rows = books.rows("ops_api_usage")

    assert {row["endpoint"]: row["attempt_count"] for row in rows} == {
        "/product/202309/categories": 1,
        "/product/202309/categories/{id}/attributes": 2,
        "/product/202309/categories/{id}/rules": 2,
    }
