"""Products, SKUs, and how long stock lasts."""

from datetime import date
from typing import Any

import pytest

from tiktok_pipelines_tests.integration.marts.books import Books, Row, at, part

SALE = at("2026-03-01 00:00")


def stock(books: Books, snapshot: str, **available: int | None) -> None:
    """A snapshot; names are SKU and warehouse: K1_W1."""
    times = {"snapshot_at": at(snapshot), "seen_at": at(snapshot)}
    for name, units in available.items():
        sku_id, warehouse_id = name.split("_")
        key = {"sku_id": sku_id, "warehouse_id": warehouse_id}
        books.add("inventory_snapshots", available=units, committed=1, **key, **times)


def sell(books: Books, order_id: str, created: str, units: int, **row: Any) -> None:
    books.order(order_id, created, **row)
    one: Row = {}
    books.lines(order_id, *[one] * units)


def test_a_day_ends_with_its_last_snapshot(books: Books) -> None:
    stock(books, "2026-03-01 16:00", K1_W1=50, K1_W2=0)  # the first of the 2nd
    stock(books, "2026-03-02 15:00", K1_W1=9, K1_W2=5)  # the last of the 2nd
    stock(books, "2026-03-02 16:00", K1_W1=0, K1_W2=None)

    rows = books.rows("fct_stock_daily")

    found = {row["local_date"]: row for row in rows}
    assert sorted(found) == [date(2026, 3, 2), date(2026, 3, 3)]
    second, third = found[date(2026, 3, 2)], found[date(2026, 3, 3)]
    wanted = {
        "available": 14,
        "committed": 2,
        "warehouse_count": 2,
        "empty_warehouse_count": 0,
        "is_out_of_stock": False,
        "snapshot_at": at("2026-03-02 15:00"),
    }
    assert part(second, *wanted) == wanted
    assert (third["available"], third["is_out_of_stock"]) == (0, True)
    assert (third["cover_days"], third["is_low"]) == (0, True)


def test_an_hour_that_is_not_whole_hides_nothing(books: Books) -> None:
    """A pass over the stock that ended early; later an event about one warehouse."""
    stock(books, "2026-03-01 20:00", K1_W1=50, K1_W2=60, K2_W1=70, K3_W1=4)
    stock(books, "2026-03-02 14:00", K1_W1=9, K2_W1=5)
    stock(books, "2026-03-02 15:00", K1_W1=8)

    found = {row["sku_id"]: row for row in books.rows("fct_stock_daily")}

    names = ("available", "committed", "warehouse_count", "snapshot_at")
    assert {sku: tuple(part(row, *names).values()) for sku, row in found.items()} == {
        "K1": (68, 2, 2, at("2026-03-02 15:00")),
        "K2": (5, 1, 1, at("2026-03-02 14:00")),
        "K3": (4, 1, 1, at("2026-03-01 20:00")),
    }


def test_cover_days_go_by_the_sales_of_28_days(books: Books) -> None:
    stock(books, "2026-03-29 12:00", K1_W1=21, K2_W1=5)
    sell(books, "first", "2026-03-01 16:00", 10)  # the first moment of the 28 days
    sell(books, "before", "2026-03-01 15:59", 100)
    sell(books, "last", "2026-03-29 15:59", 4)
    sell(books, "after", "2026-03-29 16:00", 100)
    sell(books, "cancelled", "2026-03-20 00:00", 100, status="CANCELLED")
    sell(books, "sample", "2026-03-20 00:00", 100, is_sample_order=True)

    found = {row["sku_id"]: row for row in books.rows("fct_stock_daily")}

    wanted = {"sold_units": 14, "daily_units": 0.5, "cover_days": 42, "is_low": False}
    assert part(found["K1"], *wanted) == wanted
    assert part(found["K2"], "sold_units", "cover_days", "is_low") == {
        "sold_units": 0,
        "cover_days": None,
        "is_low": False,
    }


def test_stock_for_less_than_the_threshold_is_low(books: Books) -> None:
    stock(books, "2026-03-29 12:00", K1_W1=6)
    sell(books, "sold", "2026-03-20 00:00", 14)  # half a unit a day: twelve days

    found = books.row("fct_stock_daily")

    assert (found["cover_days"], found["is_low"]) == (12, True)


@pytest.fixture
def shelf(books: Books) -> Books:
    books.add("products", product_id="P1", title="Shirt", status="ACTIVATE")
    books.add(
        "products", product_id="P2", title="Old", status="DELETED", deleted_at=SALE
    )
    for sku_id, price in (("K1", "5"), ("K2", "7")):
        books.add("skus", sku_id=sku_id, product_id="P1", price=price, status="NORMAL")
    books.add("skus", sku_id="K3", product_id="P1", price="1", deleted_at=SALE)
    books.add("skus", sku_id="K4", product_id="P1", price="6", status="DEACTIVATED")
    books.add("skus", sku_id="K5", product_id="P2", price="9")
    for warehouse_id, units in (("W1", 3), ("W2", 4)):
        books.add(
            "inventory_levels",
            sku_id="K1",
            product_id="P1",
            warehouse_id=warehouse_id,
            available=units,
            committed=1,
            snapshot_at=SALE,
        )
    return books


def test_a_product_tells_its_prices_and_its_stock(shelf: Books) -> None:
    found = {row["product_id"]: row for row in shelf.rows("dim_products")}

    wanted = {
        "is_on_sale": True,
        "sku_count": 3,
        "lowest_price": 5,
        "highest_price": 7,
        "available": 7,
        "committed": 2,
    }
    assert part(found["P1"], *wanted) == wanted
    assert part(found["P2"], "is_on_sale", "available") == {
        "is_on_sale": False,
        "available": None,
    }


def test_a_sku_is_on_sale_if_nothing_stands_against_it(shelf: Books) -> None:
    found = {row["sku_id"]: row for row in shelf.rows("dim_skus")}

    assert {name for name, row in found.items() if row["is_on_sale"]} == {"K1", "K2"}
    assert {name for name, row in found.items() if row["deleted_at"]} == {"K3", "K5"}
    wanted = {
        "product_title": "Shirt",
        "price": 5,
        "available": 7,
        "warehouse_count": 2,
    }
    assert part(found["K1"], *wanted) == wanted
