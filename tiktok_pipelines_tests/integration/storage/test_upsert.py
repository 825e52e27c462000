"""COPY and guarded merges: newer wins, equal is not rewritten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.copy import copy_rows
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.storage.upsert import (
    Load,
    Written,
    add_or_merge,
    merge_different,
    merge_earlier,
    merge_newer,
    qualified,
)

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Row = dict[str, Any]


def order(number: int = 1, **changes: object) -> Row:
    return {
        "shop_id": "7",
        "order_id": str(number),
        "status": "UNPAID",
        "updated_at": NOON,
        "total_amount": "12.30",
        "extra": dumps({"note": "ünïcode", "big": 2**70}),
        "raw_page_id": 1,
        "synced_at": NOON,
        **changes,
    }


def seen(**changes: object) -> Row:
    return {
        "shop_id": "7",
        "order_id": "1",
        "status": "UNPAID",
        "changed_at": NOON,
        "seen_at": NOON,
        "source": "api",
        "raw_page_id": 1,
        "synced_at": NOON,
        **changes,
    }


def on_its_way(rows: Sequence[Row]) -> list[Row]:
    """Rows with their moments as numbers."""
    return [
        {
            name: microseconds(value) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def newer(database: Database, rows: Sequence[Row]) -> int:
    with database.begin() as connection:
        return merge_newer(connection, tables.orders, on_its_way(rows)).total()


def different(database: Database, rows: Sequence[Row]) -> int:
    with database.begin() as connection:
        return merge_different(connection, tables.orders, on_its_way(rows)).total()


def earlier(database: Database, rows: Sequence[Row]) -> int:
    with database.begin() as connection:
        return merge_earlier(
            connection, tables.order_status_history, on_its_way(rows)
        ).total()


def stored(database: Database, columns: str = "status, synced_at") -> list[object]:
    statement = text(f"SELECT {columns} FROM tiktok.orders ORDER BY order_id")
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def transactions(database: Database) -> dict[str, str]:
    """The transaction that wrote each row: it changes with every rewrite."""
    statement = text("SELECT order_id, xmin::text FROM tiktok.orders")
    with database.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


def test_rows_are_added_with_every_type_exact(database: Database) -> None:
    assert newer(database, [order(), order(2)]) == 2

    columns = "order_id, updated_at, total_amount, extra->>'note', extra->>'big'"
    assert stored(database, columns)[0] == (
        "1",
        NOON,
        Decimal("12.30"),
        "ünïcode",
        str(2**70),
    )


@pytest.mark.parametrize("merge", [newer, different])
def test_unchanged_rows_are_not_rewritten(database: Database, merge: Any) -> None:
    merge(database, [order(1), order(2)])
    before = transactions(database)
    again = {"raw_page_id": 2, "synced_at": NOON + HOUR}

    written = merge(database, [order(1, **again), order(2, status="ON_HOLD", **again)])

    after = transactions(database)
    assert written == 1
    assert after["1"] == before["1"]
    assert after["2"] != before["2"]


@pytest.mark.parametrize(
    "older",
    [
        {"updated_at": NOON - HOUR, "synced_at": NOON + HOUR},
        {"updated_at": NOON, "synced_at": NOON - HOUR},
        {"updated_at": None, "synced_at": NOON + HOUR},
    ],
    ids=["updated before", "read before", "never updated"],
)
def test_an_older_version_does_not_overwrite(database: Database, older: Row) -> None:
    newer(database, [order()])

    assert newer(database, [order(status="OLD", **older)]) == 0
    assert stored(database) == [("UNPAID", NOON)]


@pytest.mark.parametrize(
    "later",
    [
        {"updated_at": NOON + HOUR, "synced_at": NOON - HOUR},
        {"updated_at": NOON, "synced_at": NOON + HOUR},
    ],
    ids=["updated later", "read later"],
)
def test_a_newer_version_overwrites(database: Database, later: Row) -> None:
    newer(database, [order()])

    assert newer(database, [order(status="NEW", **later)]) == 1
    assert stored(database) == [("NEW", later["synced_at"])]


def test_any_version_is_newer_than_none(database: Database) -> None:
    newer(database, [order(updated_at=None, synced_at=NOON + HOUR)])

    assert newer(database, [order(status="NEW")]) == 1


def test_a_difference_replaces_whatever_the_version(database: Database) -> None:
    different(database, [order()])

    assert different(database, [order(status="NEW", updated_at=NOON - HOUR)]) == 1
    assert stored(database, "status") == [("NEW",)]


def test_a_value_that_becomes_null_is_a_difference(database: Database) -> None:
    different(database, [order()])

    assert different(database, [order(total_amount=None)]) == 1
    assert different(database, [order(total_amount=None)]) == 0


def test_columns_that_rows_do_not_name_keep_their_value(database: Database) -> None:
    newer(database, [order(currency="MYR")])

    newer(database, [order(status="NEW", synced_at=NOON + HOUR)])

    assert stored(database, "currency, source") == [("MYR", "api")]


def test_the_first_sight_of_a_status_is_kept(database: Database) -> None:
    earlier(database, [seen()])

    assert earlier(database, [seen(seen_at=NOON + HOUR)]) == 0
    assert earlier(database, [seen(seen_at=NOON - HOUR)]) == 1
    assert earlier(database, [seen(seen_at=NOON - HOUR)]) == 0


def test_no_rows_need_no_statement(database: Database) -> None:
    assert newer(database, []) == 0
    assert different(database, []) == 0


def test_two_merges_of_one_transaction_do_not_mix(database: Database) -> None:
    with database.begin() as connection:
        first = merge_newer(connection, tables.orders, on_its_way([order(1)]))
        second = merge_newer(connection, tables.orders, on_its_way([order(2)]))

    assert (first, second) == ({1: 1}, {1: 1})


def test_what_was_written_is_told_by_page(database: Database) -> None:
    newer(database, [order(1)])
    changes = [order(1, raw_page_id=2), order(2, raw_page_id=2)]

    with database.begin() as connection:
        written = merge_newer(
            connection,
            tables.orders,
            on_its_way([*changes, order(3, raw_page_id=3)]),
        )

    assert written == {2: 1, 3: 1}


def load_of(rows: Sequence[Row]) -> Load:
    """Rows of orders as values in an order."""
    on_wire = on_its_way(rows)
    cells = [tuple(row.values()) for row in on_wire]
    return Load(tables.orders, tuple(on_wire[0]), cells, merge_newer)


def added(database: Database, *loads: Load) -> Sequence[Written]:
    with database.begin() as connection:
        return add_or_merge(connection, loads)


def test_new_rows_are_added_with_every_type_exact(database: Database) -> None:
    rows = [order(1), order(2, raw_page_id=2, updated_at=None, total_amount=None)]

    assert added(database, load_of(rows)) == [{1: 1, 2: 1}]
    columns = "order_id, updated_at, total_amount, extra->>'note', extra->>'big'"
    assert stored(database, columns) == [
        ("1", NOON, Decimal("12.30"), "ünïcode", str(2**70)),
        ("2", None, None, "ünïcode", str(2**70)),
    ]


@given(
    amounts=st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=7).map(
            lambda amount: f"{amount:f}"
        )
        | st.from_regex(r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,20})?", fullmatch=True),
        min_size=1,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_amounts_are_added_to_the_last_digit(
    database: Database, amounts: list[str]
) -> None:
    rows = [order(n, total_amount=amount) for n, amount in enumerate(amounts)]

    with database.begin() as connection:
        connection.execute(text("TRUNCATE tiktok.orders"))
        add_or_merge(connection, [load_of(rows)])
        found = connection.execute(
            text("SELECT total_amount::text, order_id FROM tiktok.orders")
        ).all()

    told = {int(row.order_id): row.total_amount for row in found}
    assert [told[n] for n in range(len(rows))] == [plain(amount) for amount in amounts]


def plain(amount: str) -> str:
    """As PostgreSQL prints it, which knows no negative zero."""
    return amount if Decimal(amount) else amount.lstrip("-")


def test_if_a_row_was_there_after_all_every_load_is_merged(database: Database) -> None:
    newer(database, [order(1, status="OLD", synced_at=NOON - HOUR), order(2)])
    history = Load(
        tables.order_status_history,
        tuple(seen()),
        [tuple(row.values()) for row in on_its_way([seen(raw_page_id=7)])],
        merge_earlier,
    )

    written = added(
        database, history, load_of([order(1), order(2), order(3, raw_page_id=3)])
    )

    assert written == [{7: 1}, {1: 1, 3: 1}]
    assert stored(database, "order_id, status") == [
        ("1", "UNPAID"),
        ("2", "UNPAID"),
        ("3", "UNPAID"),
    ]


def test_no_rows_may_be_copied(database: Database) -> None:
    with database.begin() as connection:
        copy_rows(connection, qualified(tables.pages), [*tables.pages.columns], [])

    assert stored(database) == []


def test_no_rows_are_added_without_a_statement(database: Database) -> None:
    empty = replace(load_of([order()]), rows=())

    assert added(database, empty) == [{}]
