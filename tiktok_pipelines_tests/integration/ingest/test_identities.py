"""What sums to what: violations are found and told with their age, others are not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from tiktok_pipelines.ingest.identities import Mismatch, mismatches
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import IDENTITIES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = [identity.name for identity in IDENTITIES]
DAY = timedelta(days=1)


class Books:
    """The tables of one shop, filled by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, table: str, **row: object) -> None:
        base: dict[str, Any] = {"shop_id": "S", "synced_at": NOW, "currency": "GBP"}
        found = tables.metadata.tables[f"tiktok.{table}"]
        values = {
            name: value for name, value in (base | row).items() if name in found.columns
        }
        with self.database.begin() as connection:
            connection.execute(insert(found).values(values))

    def statement(
        self, number: int, amount: str, *, age: timedelta, **row: Any
    ) -> None:
        told = {"statement_at": NOW - age, "settlement_amount": amount}
        self.add("statements", statement_id=f"ST{number}", **told, **row)

    def transaction(self, number: int, statement: int, **amounts: str) -> None:
        keys = {"transaction_id": f"T{number}", "statement_id": f"ST{statement}"}
        self.add("statement_transactions", **keys, **amounts)

    def component(
        self, number: int, group: str, name: str, amount: str, *, is_summed: bool = True
    ) -> None:
        self.add(
            "transaction_components",
            transaction_id=f"T{number}",
            statement_id="ST1",
            component_group=group,
            component=name,
            amount=amount,
            is_summed=is_summed,
        )

    def payment(self, number: int, amount: str, *, age: timedelta) -> None:
        told = {"created_at": NOW - age, "settlement_currency": "GBP"}
        key = {"payment_id": f"P{number}", "settlement_amount": amount}
        self.add("payments", **key, **told)

    def found(self, name: str) -> list[Mismatch]:
        return list(mismatches(self.database, name, NOW))


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


@pytest.mark.parametrize("identity", NAMES)
def test_nothing_at_all_adds_up(database: Database, identity: str) -> None:
    assert mismatches(database, identity, NOW) == []


def order(books: Books, sub_total: str, *prices: str, currency: str = "GBP") -> None:
    books.add("orders", order_id="O1", sub_total=sub_total, currency=currency)
    for place, price in enumerate(prices):
        books.add("order_lines", line_id=f"L{place}", order_id="O1", sale_price=price)


@pytest.mark.parametrize(
    ("sub_total", "currency", "differs"),
    [
        ("3.00", "GBP", False),
        ("3.01", "GBP", False),
        ("3.02", "GBP", True),
        ("4", "VND", False),
        ("5", "VND", True),
    ],
)
def test_lines_sum_to_the_order_within_a_rounding_unit(
    books: Books, sub_total: str, currency: str, *, differs: bool
) -> None:
    order(books, sub_total, "1.50", "1.50", currency=currency)

    assert bool(books.found("lines_add_up")) is differs


def test_an_order_whose_line_has_no_price_is_not_judged(books: Books) -> None:
    order(books, "9", "1.50")
    books.add("order_lines", line_id="L9", order_id="O1", sale_price=None)

    assert books.found("lines_add_up") == []


def test_price_lines_sum_to_the_orders_price(books: Books) -> None:
    books.add("order_prices", order_id="O1", payment="3", subtotal="2", total="3")
    for line in ("L1", "L2"):
        told = {"payment": "1.50", "subtotal": "1.50", "total": "1.50"}
        books.add("order_price_lines", line_id=line, order_id="O1", **told)

    (found,) = books.found("price_lines_add_up")

    assert (found.figure, found.told, found.found) == ("subtotal", 2, Decimal("3.00"))


def test_components_sum_to_each_figure_of_the_transaction(books: Books) -> None:
    books.statement(1, "75", age=10 * DAY)
    sums = {"revenue_amount": "100", "shipping_cost_amount": "-5"}
    books.transaction(1, 1, settlement_amount="75", fee_tax_amount="-20", **sums)
    books.component(1, "revenue", "subtotal_before_discount_amount", "110")
    books.component(1, "revenue", "seller_discount_amount", "-10")
    books.component(1, "shipping", "actual_shipping_fee_amount", "-5")
    books.component(1, "fee", "platform_commission_amount", "-12")
    books.component(1, "tax", "vat_amount", "-8")
    books.component(1, "supplementary", "any", "99", is_summed=False)
    before_tax = "affiliate_commission_amount_before_pit"
    books.component(1, "fee", before_tax, "-99", is_summed=False)

    assert books.found("components_add_up") == []

    books.component(1, "fee", "moon_fee_amount", "-1")
    (found,) = books.found("components_add_up")
    assert (found.record, found.figure, found.found) == ("T1", "fee_tax_amount", -21)
    assert not found.waits


def test_figures_that_do_not_make_the_settlement_are_found(books: Books) -> None:
    books.statement(1, "75", age=10 * DAY)
    books.transaction(1, 1, settlement_amount="75", adjustment_amount="70")

    (found,) = books.found("components_add_up")

    assert (found.figure, found.told, found.found) == ("settlement_amount", 75, 70)


def test_transactions_sum_to_the_statement(books: Books) -> None:
    books.statement(1, "75", age=10 * DAY)
    books.transaction(1, 1, settlement_amount="50")
    books.transaction(2, 1, settlement_amount="25")
    books.statement(2, "10", age=9 * DAY)
    books.transaction(3, 2, settlement_amount="9")

    (found,) = books.found("transactions_add_up")

    assert (found.record, found.told, found.found) == ("ST2", 10, 9)
    assert found.in_words(NOW) == (
        "S ST2: settlement_amount is 10, its parts make 9 GBP; for 9 days"
    )


def test_a_young_statement_waits_for_its_transactions(books: Books) -> None:
    books.statement(1, "75", age=2 * DAY)
    books.statement(2, "75", age=6 * DAY)

    found = {one.record: one.waits for one in books.found("transactions_add_up")}

    assert found == {"ST1": True, "ST2": False}


def test_statements_sum_to_the_payout(books: Books) -> None:
    books.statement(0, "1", age=100 * DAY)
    books.statement(1, "75", age=30 * DAY, payment_id="P1")
    books.statement(2, "-5", age=29 * DAY, payment_id="P1")
    books.statement(3, "8", age=20 * DAY, payment_id="P2")
    books.payment(1, "70", age=25 * DAY)
    books.payment(2, "9", age=15 * DAY)

    (found,) = books.found("statements_add_up")

    assert (found.record, found.told, found.found) == ("P2", 9, 8)
    assert found.since == NOW - 15 * DAY


def test_a_payout_of_days_before_the_first_statement_is_not_judged(
    books: Books,
) -> None:
    books.statement(1, "75", age=20 * DAY, payment_id="P1")
    books.payment(1, "99", age=15 * DAY)

    assert books.found("statements_add_up") == []


def test_a_payout_that_tiktok_does_not_tell_of_waits_and_is_then_found(
    books: Books,
) -> None:
    books.statement(0, "1", age=200 * DAY)
    books.payment(1, "0", age=15 * DAY)
    books.statement(1, "75", age=20 * DAY, payment_id="P8")
    books.statement(2, "60", age=40 * DAY, payment_id="P9")

    found = {one.record: one.waits for one in books.found("statements_add_up")}

    assert found == {"P8": True, "P9": False}


def test_a_shop_without_any_payout_is_asked_for_none(books: Books) -> None:
    books.statement(1, "75", age=90 * DAY, payment_id="P8")

    assert books.found("statements_add_up") == []
