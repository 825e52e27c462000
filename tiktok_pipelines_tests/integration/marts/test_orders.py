"""Shops, orders and their SKUs, and the figures of a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.marts.seeds import seeds
from tiktok_pipelines_tests.integration.marts.books import Books, Row, at, part

ZONES = {row["region"]: row["time_zone"] for row in seeds()["tiktok_mart.regions"].rows}
HALF_HOUR = timedelta(minutes=30)
# Clocks are set in these weeks, in one market or another; in Brazil until 2019, at
# midnight.
WEEKS = ("2018-11-01", "2019-02-14", "2025-03-06", "2025-03-27", "2025-10-24")


def test_a_shop_has_the_facts_of_its_market(books: Books) -> None:
    books.order("A", "2026-01-05 00:00")
    books.order("B", "2026-02-05 00:00")

    found = books.row("dim_shops")

    wanted = {
        "region_name": "Malaysia",
        "is_region_known": True,
        "currency": "MYR",
        "time_zone": "Asia/Kuala_Lumpur",
        "first_order_at": at("2026-01-05"),
        "last_order_at": at("2026-02-05"),
        "has_payments": False,
    }
    assert part(found, *wanted) == wanted
    assert float(found["rounding_unit"]) == 0.01


def test_a_shop_of_an_unknown_market_counts_in_utc(database: Database) -> None:
    shop = Books(database, "S2").open("ZZ")
    shop.order("A", "2026-03-01 23:30")

    assert shop.row("dim_shops")["time_zone"] == "UTC"
    assert not shop.row("dim_shops")["is_region_known"]
    assert shop.row("fct_orders")["created_date"] == date(2026, 3, 1)


@pytest.mark.parametrize("region", ZONES)
def test_a_day_is_that_of_the_shops_clock_also_when_clocks_are_set(
    database: Database, region: str
) -> None:
    shop = Books(database, region).open(region)
    moments = [
        at(week) + timedelta(minutes=30 * n) for week in WEEKS for n in range(500)
    ]
    rows = [
        {
            "shop_id": region,
            "order_id": f"{number}",
            "created_at": moment,
            "paid_at": moment,
            "cancelled_at": moment,
            "synced_at": moment,
        }
        for number, moment in enumerate(moments)
    ]
    with database.begin() as connection:
        connection.execute(insert(tables.orders), rows)

    found = {
        row["created_at"]: (
            row["created_date"],
            row["paid_date"],
            row["cancelled_date"],
        )
        for row in shop.rows("fct_orders")
    }

    zone = ZoneInfo(ZONES[region])
    days = {moment: moment.astimezone(zone).date() for moment in moments}
    assert found == {moment: (day, day, day) for moment, day in days.items()}
    one = days[moments[600]]
    inside = {
        row["created_at"] for row in shop.rows("fct_orders", f"created_date = '{one}'")
    }
    assert inside == {moment for moment, day in days.items() if day == one}


def test_only_what_was_bought_is_a_sale(books: Books) -> None:
    books.order("sold", "2026-03-01 00:00", paid_at=at("2026-03-01 00:05"))
    books.order("cod", "2026-03-01 00:00", "IN_TRANSIT", is_cod=True)
    books.order("held", "2026-03-01 00:00", "ON_HOLD", paid_at=at("2026-03-01 00:05"))
    books.order("unpaid", "2026-03-01 00:00", "UNPAID")
    books.order(
        "cancelled", "2026-03-01 00:00", "CANCELLED", paid_at=at("2026-03-01 00:05")
    )
    paid: Row = {"paid_at": at("2026-03-01 00:05")}
    books.order("sample", "2026-03-01 00:00", is_sample_order=True, **paid)
    books.order("again", "2026-03-01 00:00", is_replacement_order=True, **paid)
    exchange: Row = {"extra": {"is_exchange_order": True}} | paid
    books.order("exchange", "2026-03-01 00:00", **exchange)

    rows = books.rows("fct_orders")

    sales = {row["order_id"] for row in rows if row["is_sale"]}
    paid_for = {row["order_id"] for row in rows if row["is_paid_for"]}
    assert sales == {"sold", "cod", "held"}
    assert paid_for == {"sold", "held", "cancelled"}
    assert {row["order_id"] for row in rows if row["is_repeated"]} == {
        "again",
        "exchange",
    }


def test_units_are_a_count_of_lines(books: Books) -> None:
    books.order("A", "2026-03-01 00:00", currency="MYR")
    books.lines(
        "A",
        {"seller_discount": "1", "sale_price": "9"},
        {"original_price": "12", "seller_discount": "2", "platform_discount": "3"},
        {"status": "CANCELLED"},
        {"sku_id": "K2", "original_price": "5", "sale_price": "5"},
        {"is_gift": True, "original_price": "0", "sale_price": "0"},
    )

    found = {
        (row["sku_id"], row["is_gift"]): part(
            row, "units", "kept_units", "gross_amount", "net_amount", "kept_net_amount"
        )
        for row in books.rows("fct_order_skus")
    }

    def told(*figures: int) -> dict[str, int]:
        names = ("units", "kept_units", "gross_amount", "net_amount", "kept_net_amount")
        return dict(zip(names, figures, strict=True))

    assert found == {
        ("K1", False): told(3, 2, 32, 29, 19),
        ("K2", False): told(1, 1, 5, 5, 5),
        ("K1", True): told(1, 1, 0, 0, 0),
    }


@pytest.fixture
def days(books: Books) -> Books:
    """Three days of March; a day begins at 16:00 UTC of the day before."""
    # sold and paid on the 2nd: 2 units of 10, a discount of 1 each; 25 with shipping
    books.order(
        "A", "2026-03-01 16:00", paid_at=at("2026-03-01 16:05"), total_amount="25"
    )
    books.lines("A", {"seller_discount": "1"}, {"seller_discount": "1"})
    # placed in the last minute of the 2nd, paid on the 3rd; a unit of two is cancelled
    books.order(
        "B", "2026-03-02 15:59", paid_at=at("2026-03-02 16:01"), total_amount="20"
    )
    books.lines("B", {}, {"status": "CANCELLED"})
    # paid on the 2nd, cancelled on the 4th: it stays in the platform's GMV
    books.order(
        "C",
        "2026-03-01 20:00",
        "CANCELLED",
        paid_at=at("2026-03-01 21:00"),
        cancelled_at=at("2026-03-04 01:00"),
        total_amount="7",
    )
    books.lines("C", {"status": "CANCELLED"})
    # never paid, cancelled on the 3rd
    books.order(
        "D",
        "2026-03-02 01:00",
        "CANCELLED",
        cancelled_at=at("2026-03-03 01:00"),
        total_amount="9",
    )
    # a sample, paid with nothing; and goods sent again
    books.order(
        "E", "2026-03-02 01:00", paid_at=at("2026-03-02 01:00"), is_sample_order=True
    )
    books.lines("E", {})
    books.order(
        "F",
        "2026-03-02 01:00",
        paid_at=at("2026-03-02 01:00"),
        is_replacement_order=True,
        total_amount="30",
    )
    books.lines("F", {})
    return books


def by_day(rows: Sequence[Row], *names: str) -> dict[int, tuple[object, ...]]:
    """Some figures by the day of the month."""
    return {row["local_date"].day: tuple(row[name] for name in names) for row in rows}


def test_a_day_counts_each_measure_by_its_own_moment(days: Books) -> None:
    days.add(
        "returns",
        return_id="R",
        order_id="A",
        status="RETURN_OR_REFUND_REQUEST_COMPLETE",
        refund_total="4",
        updated_at=at("2026-03-03 16:00"),
    )
    days.add(
        "cancellations",
        cancellation_id="X",
        order_id="C",
        status="CANCELLATION_REQUEST_COMPLETE",
        refund_total="7",
        updated_at=at("2026-03-04 01:00"),
    )

    rows = days.rows("agg_shop_daily")

    # A and B are sold on the 2nd: 2 + 1 units; 30 before, 28 after the discounts
    placed = ("orders", "units", "gross_sales", "net_sales")
    paid = ("paid_orders", "gmv_platform")
    undone = ("cancelled_orders", "refunds", "refunded_amount")
    assert by_day(rows, *placed) == {2: (2, 3, 30, 28), 3: (0,) * 4, 4: (0,) * 4}
    assert by_day(rows, *paid) == {2: (2, 32), 3: (1, 20), 4: (0, 0)}
    assert by_day(rows, *undone) == {2: (0, 0, 0), 3: (1, 0, 0), 4: (1, 2, 11)}
    assert by_day(rows, "net_sales_after_refunds") == {2: (28,), 3: (0,), 4: (-11,)}
    assert {row["currency"] for row in rows} == {"MYR"}


def test_a_span_of_days_is_the_part_of_all_days(days: Books) -> None:
    whole = days.rows("agg_shop_daily")

    part_of = days.rows(
        "agg_shop_daily", "local_date >= '2026-03-03' AND shop_id = 'S1'"
    )

    assert part_of == [row for row in whole if row["local_date"] >= date(2026, 3, 3)]
    assert len(part_of) == 2


def test_the_days_of_skus_sum_to_those_of_the_shop(days: Books) -> None:
    days.order("G", "2026-03-01 18:00", paid_at=at("2026-03-01 18:00"))
    days.lines("G", {"sku_id": "K2", "product_id": "P2"}, {"is_gift": True})
    days.add(
        "returns",
        return_id="R",
        order_id="A",
        status="RETURN_OR_REFUND_REQUEST_COMPLETE",
        refund_total="10",
        updated_at=at("2026-03-03 16:00"),
    )
    line = {"return_id": "R", "sku_id": "K1", "refund_total": "9"}
    days.add("return_lines", return_line_id="RL", order_id="A", **line)

    rows = days.rows("agg_sku_daily")

    names = ("orders", "units", "gift_units", "gross_sales", "net_sales")
    found = {
        (row["local_date"].day, row["sku_id"]): tuple(row[name] for name in names)
        for row in rows
    }
    assert found == {
        (2, "K1"): (2, 3, 1, 30, 28),
        (2, "K2"): (1, 1, 0, 10, 10),
        (4, "K1"): (0, 0, 0, 0, 0),
    }
    refunds = {
        row["local_date"].day: (row["refunded_units"], row["refunded_amount"])
        for row in rows
        if row["refunded_units"]
    }
    assert refunds == {4: (1, 9)}
    shop = {row["local_date"]: row for row in days.rows("agg_shop_daily")}
    for name in ("units", "gross_sales", "net_sales"):
        sold = sum(row[name] for row in rows if row["local_date"].day == 2)
        assert sold == shop[date(2026, 3, 2)][name]


def test_currencies_are_never_added(days: Books) -> None:
    days.order(
        "H",
        "2026-03-01 18:00",
        paid_at=at("2026-03-01 18:00"),
        currency="USD",
        total_amount="100",
    )

    found = {
        row["currency"]: row["gmv_platform"]
        for row in days.rows("agg_shop_daily", "local_date = '2026-03-02'")
    }

    assert found == {"MYR": 32, "USD": 100}
