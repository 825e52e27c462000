"""The finance of a simulated shop becomes rows and comes back, with nothing odd."""

from collections.abc import Mapping

import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.transform.finance_maps import (
    PAYMENTS,
    STATEMENTS,
    TOTALS,
    TRANSACTIONS,
    UNSETTLED,
    UNSETTLED_SUMS,
    WITHDRAWALS,
)
from tiktok_pipelines.transform.order_money import ORDER_PRICES, ORDER_TRANSACTIONS
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.recorded import samples_of
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json

CONFIG = SimulatorConfig(shops=1, orders=60, days=60, markets=("GB",), now=NOON)
GIVEN = {"statement_id": "S1", "order_id": "O1", "currency": "GBP"}


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(CONFIG)


def given_back(mapping: RecordMap, received: Mapping[str, object]) -> Json:
    """The record from the rows that it became; fails if anything was odd."""
    rows, _ = read_record(mapping, dict(received), NOON, GIVEN)
    assert isinstance(rows, RecordRows), rows
    assert (rows.bad, rows.notes) == ([], [])
    return give_back_record(mapping, rows.row, rows.parts)


@pytest.mark.parametrize(
    ("mapping", "subject"),
    [
        (STATEMENTS, "statements"),
        (PAYMENTS, "payments"),
        (WITHDRAWALS, "withdrawals"),
        (UNSETTLED, "unsettled"),
        (ORDER_TRANSACTIONS, "order_transactions"),
        (ORDER_PRICES, "order_prices"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_simulated_record_is_given_back(
    simulator: Simulator, mapping: RecordMap, subject: str
) -> None:
    records = simulator.truth(simulator.shops[0].id, subject)

    assert records
    assert [given_back(mapping, one) for one in records] == records


def test_each_simulated_transaction_is_given_back_with_its_statements_head(
    simulator: Simulator,
) -> None:
    truth: list[Json] = simulator.truth(simulator.shops[0].id, "statement_transactions")
    rows: list[Json] = [row for one in truth for row in one.get("transactions", [])]
    heads = [
        {name: value for name, value in one.items() if name != "transactions"}
        for one in truth
    ]

    assert rows
    assert [given_back(TOTALS, head) for head in heads] == heads
    assert [given_back(TRANSACTIONS, row) for row in rows] == rows


def test_a_settlement_with_another_count_than_rows_is_odd(
    simulator: Simulator,
) -> None:
    truth = simulator.truth(simulator.shops[0].id, "order_transactions")
    settled = next(one for one in truth if one["total_count"])
    short = {**settled, "total_count": 9}

    rows, _ = read_record(ORDER_TRANSACTIONS, short, NOON)

    assert isinstance(rows, RecordRows)
    assert [str(note) for note in rows.notes] == [
        "lost_field order_transaction.sku_transactions"
    ]


def test_the_published_head_of_estimates_is_given_back() -> None:
    (sample,) = samples_of("unsettled_transaction")
    head = {**sample.data()}
    del head["transactions"], head["next_page_token"]

    rows, _ = read_record(UNSETTLED_SUMS, head, NOON)

    assert isinstance(rows, RecordRows)
    assert rows.notes == []
    assert given_back(UNSETTLED_SUMS, head) == head


def test_the_published_head_of_transactions_is_given_back() -> None:
    (sample,) = samples_of("statement_transactions")
    head = {**sample.data()}
    del head["transactions"], head["next_page_token"]

    assert given_back(TOTALS, head) == head
