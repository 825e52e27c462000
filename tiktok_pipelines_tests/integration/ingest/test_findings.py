"""Quarantine and drift, written with the rows of their page."""

from datetime import timedelta

import pytest

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, table
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON, line, order

SHOP = ShopRun("7490000000000000001", "run-1")


@pytest.mark.parametrize(
    "bad",
    [order(9, id=""), order(9, id=None), None, "order", [order(9)]],
    ids=["no id", "null id", "null", "text", "list"],
)
def test_a_bad_record_is_quarantined_and_its_neighbours_land(
    database: Database, bad: object
) -> None:
    (done,) = commit_order_pages(database, SHOP, [read([order(1), bad, order(2)])])

    kept = table(database, "tiktok_ops.quarantine_records")[0]
    assert count(database, "tiktok.orders") == 2
    assert done.new_bad == (kept["reason"],)
    assert (kept["stream"], kept["retryable"], kept["run_id"]) == (
        "orders",
        True,
        "run-1",
    )
    assert "Aminah" not in repr(kept)
    assert kept["request"] == read([]).request


def test_a_bad_line_is_quarantined_and_its_order_lands(database: Database) -> None:
    received = order(1, line_items=[line(1, 1), line(1, 2, id="")])

    commit_order_pages(database, SHOP, [read([received])])

    kept = table(database, "tiktok_ops.quarantine_records")[0]
    assert (kept["stream"], kept["record_key"]) == (
        "order_lines",
        f"{order(1)['id']}/2",
    )
    assert kept["content"] == line(1, 2, id="")
    assert (
        count(database, "tiktok.orders") == count(database, "tiktok.order_lines") == 1
    )


def test_a_bad_record_met_again_is_not_new(database: Database) -> None:
    commit_order_pages(database, SHOP, [read([order(9, id="")])])

    later = NOON + timedelta(hours=1)
    (again,) = commit_order_pages(database, SHOP, [read([order(9, id="")], later)])

    assert again.new_bad == ()
    seen = rows(
        database,
        "SELECT first_seen_at, last_seen_at FROM tiktok_ops.quarantine_records",
    )
    assert seen == [{"first_seen_at": NOON, "last_seen_at": later}]


def test_drift_is_noted_once_with_an_example(database: Database) -> None:
    page = read(
        [order(1, tier="gold"), order(2, tier="silver"), order(3, status="NEW")]
    )

    commit_order_pages(database, SHOP, [page])

    noted = {
        (row["kind"], row["path"], row["value"], row["example"])
        for row in table(database, "tiktok_ops.api_drift")
    }
    assert noted == {
        ("unknown_field", "tier", "", order(1)["id"]),
        ("new_value", "status", "NEW", order(3)["id"]),
    }


def test_drift_met_again_is_dated_once_an_hour(database: Database) -> None:
    for minutes, note in ((0, "a"), (30, "b"), (90, "c")):
        received = order(1, tier="gold", seller_note=note)
        page = read([received], NOON + timedelta(minutes=minutes))
        commit_order_pages(database, SHOP, [page])

    noted = table(database, "tiktok_ops.api_drift")[0]
    assert noted["first_seen_at"] == NOON
    assert noted["last_seen_at"] == NOON + timedelta(minutes=90)


@pytest.mark.parametrize(
    "odd",
    [
        {"create_time": 10**30},
        {"update_time": "never"},
        {"payment": [1]},
        {"payment": {"total_amount": "9" * 60}},
        {"status": {"name": "UNPAID"}},
        {"user_id": []},
        {"recipient_address": "somewhere"},
        {"packages": {"a": [None]}},
        {"seller_note": "x" * 100_000},
        {"status": "S" * 5_000},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_odd_values_land_with_their_neighbours(
    database: Database, odd: dict[str, object]
) -> None:
    (done,) = commit_order_pages(database, SHOP, [read([order(1, **odd), order(2)])])

    assert done.new_bad == ()
    assert count(database, "tiktok.orders") == 2
