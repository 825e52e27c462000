"""Any order of the same answers leaves the same rows; a bad value harms only itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from tiktok_pipelines.api.endpoints.table import STATEMENT_TRANSACTIONS
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.quarantine import list_bad
from tiktok_pipelines.ingest.records.commit import (
    Committed,
    commit_or_quarantine,
    commit_record_pages,
)
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.records.replay import land_kept_records
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.finance_maps import TRANSACTIONS
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines_tests.integration.ingest.stored import Row, count, rows, table
from tiktok_pipelines_tests.integration.records.pages import a_return, line, read
from tiktok_pipelines_tests.unit.transform.samples import CREATED, HOUR, NOON, Json

SHOP = "7490000000000000001"
PROVENANCE = ("raw_page_id", "synced_at", "part_versions")
TABLES = ("returns", "return_lines")


def commit(database: Database, *records: Json, minutes: int = 0) -> Committed:
    """Commit one page."""
    page = read(records, minutes)
    (done,) = commit_record_pages(database, ShopRun(SHOP, "run"), [page])
    return done


def contents(database: Database) -> dict[str, list[Row]]:
    """What the tables say, wherever it came from."""
    return {
        name: [
            {key: value for key, value in row.items() if key not in PROVENANCE}
            for row in table(database, f"tiktok.{name}")
        ]
        for name in TABLES
    }


def empty(database: Database) -> None:
    """Forget all of it."""
    with database.begin() as connection:
        for name in TABLES:
            connection.exec_driver_sql(f"DELETE FROM tiktok.{name}")


ANSWERS: Sequence[tuple[Json, int]] = (
    (a_return(), 0),
    (a_return(return_status="BUYER_SHIPPED_ITEM", update_time=CREATED + 2 * HOUR), 1),
    (
        a_return(
            return_status="BUYER_SHIPPED_ITEM",
            update_time=CREATED + 2 * HOUR,
            return_line_items=[line(1, 2), line(1, 3)],
        ),
        2,
    ),
    (
        a_return(
            return_status="RETURN_OR_REFUND_REQUEST_COMPLETE",
            update_time=CREATED + 3 * HOUR,
            return_line_items=...,
        ),
        3,
    ),
)


def test_any_order_of_the_answers_leaves_the_same_rows(database: Database) -> None:
    found: list[dict[str, list[Row]]] = []
    for order in permutations(ANSWERS):
        empty(database)
        for record, minutes in order:
            commit(database, record, minutes=minutes)
        found.append(contents(database))

    assert all(one == found[0] for one in found)
    (held,) = found[0]["returns"]
    assert held["status"] == "RETURN_OR_REFUND_REQUEST_COMPLETE"
    assert {row["line_number"] for row in found[0]["return_lines"]} == {1, 2}
    assert len(found[0]["return_lines"]) == 2


def test_a_record_told_twice_in_one_commit_is_of_the_first_answer(
    database: Database,
) -> None:
    """As it would be if each page had come by itself."""
    told = [read([a_return(1)]), read([a_return(1), a_return(2)], 5)]

    commit_record_pages(database, ShopRun(SHOP, "run"), told)

    asked = {
        row["return_id"]: row["synced_at"] for row in table(database, "tiktok.returns")
    }
    assert sorted(asked.values()) == [NOON, NOON + timedelta(minutes=5)]
    assert asked[str(a_return(1)["return_id"])] == NOON


def test_answers_of_the_same_moment_leave_the_same_rows_in_any_order(
    database: Database,
) -> None:
    answers = (
        a_return(1, return_line_items=[line(1, 1)]),
        a_return(1, return_type="REPLACEMENT", return_line_items=[line(1, 2)]),
    )
    found: list[dict[str, list[Row]]] = []
    for order in permutations(answers):
        empty(database)
        for record in order:
            commit(database, record)
        found.append(contents(database))

    assert found[0] == found[1]


def test_answers_of_one_batch_leave_the_same_rows(database: Database) -> None:
    for record, minutes in ANSWERS:
        commit(database, record, minutes=minutes)
    one_by_one = contents(database)
    empty(database)

    pages = [read([record], minutes) for record, minutes in reversed(ANSWERS)]
    commit_record_pages(database, ShopRun(SHOP, "run"), pages)

    assert contents(database) == one_by_one


def test_the_same_page_twice_changes_nothing(database: Database) -> None:
    first = commit(database, a_return(1), a_return(2))

    again = commit(database, a_return(1), a_return(2))

    assert (first.rows_written, first.is_kept) == (4, True)
    assert (again.rows_written, again.is_kept) == (0, False)
    assert count(database, "tiktok_raw.pages") == 1


def test_a_line_that_is_gone_is_deleted_with_the_newer_answer(
    database: Database,
) -> None:
    commit(database, a_return(1, return_line_items=[line(1, 1), line(1, 2)]))

    done = commit(database, a_return(1, return_line_items=[line(1, 2)]), minutes=1)

    (held,) = rows(database, "SELECT return_line_id FROM tiktok.return_lines")
    assert held["return_line_id"] == line(1, 2)["return_line_item_id"]
    assert done.rows_written == 3  # the return, the line that moved up, the lost one


def test_bad_lines_leave_the_lines_known_earlier(database: Database) -> None:
    commit(database, a_return(1, return_line_items=[line(1, 1), line(1, 2)]))

    commit(database, a_return(1, return_line_items=[line(1, 2), None]), minutes=1)

    assert count(database, "tiktok.return_lines") == 2
    (bad,) = rows(database, "SELECT * FROM tiktok_ops.quarantine_records")
    assert (bad["stream"], bad["resolved_at"]) == ("return_lines", None)


def test_a_good_answer_resolves_what_was_bad(database: Database) -> None:
    commit(database, a_return(1, return_line_items=[None]))

    commit(database, a_return(1), minutes=1)

    (bad,) = rows(database, "SELECT * FROM tiktok_ops.quarantine_records")
    assert bad["resolved_at"] is not None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_value_that_postgresql_refuses_harms_only_its_record(
    database: Database, place: int
) -> None:
    records = [a_return(number) for number in (1, 2, 3)]
    records[place]["more"] = Decimal("1E+200000")  # beyond what a number holds

    done = commit_or_quarantine(database, ShopRun(SHOP, "run"), [read(records)])

    assert count(database, "tiktok.returns") == 2
    assert sum(len(committed.new_bad) for _, committed in done) == 1
    (bad,) = rows(database, "SELECT * FROM tiktok_ops.quarantine_records")
    assert bad["record_key"] == records[place]["return_id"]
    assert bad["retryable"] is False


def a_transaction(head: Json, minutes: int = 0) -> RecordPage:
    """A statement's transaction, as an answer with that head gave it."""
    page = Page(
        records=[{"id": "T1", "type": "ORDER", "settlement_amount": "5"}],
        total_count=1,
        next_page_token="",
        endpoint=STATEMENT_TRANSACTIONS,
        request={
            "method": "GET",
            "path": STATEMENT_TRANSACTIONS.path.replace("{statement_id}", "S1"),
            "query": {},
            "body": {},
        },
        body=b"{}",
        fetched_at=NOON + timedelta(minutes=minutes),
        request_id="test",
        path_ids={"statement_id": "S1"},
        head=head,
    )
    return read_record_page(TRANSACTIONS, page, KEEP_ALL)


def test_what_the_head_of_an_answer_adds_is_news_though_the_record_is_the_same(
    database: Database,
) -> None:
    target = ShopRun(SHOP, "run")
    commit_record_pages(database, target, [a_transaction({})])

    commit_record_pages(
        database, target, [a_transaction({"currency": "GBP"}, minutes=1)]
    )

    (found,) = table(database, "tiktok.statement_transactions")
    assert found["currency"] == "GBP"


def test_a_kept_record_that_lacks_the_head_of_its_answer_is_left_to_be_asked_for(
    database: Database,
) -> None:
    content = {"id": "T1", "settlement_amount": "5"}
    bad = BadRecord("statement_transactions", "T1", "was refused", content)
    page = replace(a_transaction({}), records=(), bad=(bad,))
    commit_record_pages(database, ShopRun(SHOP, "run"), [page])

    landed = land_kept_records(
        database, list_bad(database), policy_of=lambda _: KEEP_ALL, run_id="replay"
    )

    assert [*landed] == []
    assert len(list_bad(database)) == 1
    assert count(database, "tiktok.statement_transactions") == 0


def test_what_may_be_a_part_of_a_record_is_not_landed_as_one(
    database: Database,
) -> None:
    """External orders are called as the table of what a lookup lists."""
    content = {"id": 7, "platform": "SHOPIFY"}
    bad = BadRecord("external_orders", "57/0", "has no key of its own", content)
    page = replace(
        a_transaction({}),
        records=(),
        bad=(bad,),
        request={
            "method": "GET",
            "path": "/order/202406/orders/57/external_orders",
            "query": {"platform": "SHOPIFY"},
        },
    )
    commit_record_pages(database, ShopRun(SHOP, "run"), [page])

    landed = land_kept_records(
        database, list_bad(database), policy_of=lambda _: KEEP_ALL, run_id="replay"
    )

    assert [*landed] == []
    assert count(database, "tiktok.external_order_lookups") == 0
