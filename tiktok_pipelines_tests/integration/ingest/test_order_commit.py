"""One page of orders in one transaction: what lands, and what is not rewritten."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

import psycopg
import pytest
from sqlalchemy import event

from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.ingest.order_commit import Committed, commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import (
    contents,
    count,
    kept_bodies,
    orders_as_received,
    rows,
    scalar,
    table,
)
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    address,
    emptied,
    golden_orders,
    line,
    masked,
    order,
)

SHOP = ShopRun("7490000000000000001", "run-1")
LATER = NOON + timedelta(minutes=1)
DELIVERED: Json = {"status": "DELIVERED", "update_time": CREATED + 9 * HOUR}


def commit(
    database: Database, *records: object, at: datetime = NOON, shop: ShopRun = SHOP
) -> Committed:
    (done,) = commit_order_pages(database, shop, [read(records, at)])
    return done


def transactions(database: Database) -> list[dict[str, object]]:
    statements = [
        f"SELECT '{name}' AS name, xmin::text, ctid::text FROM tiktok.{name}"
        for name in contents(database)
    ]
    return rows(database, " UNION ALL ".join(statements) + " ORDER BY 1, 3")


def test_a_page_lands_with_its_rows(database: Database) -> None:
    done = commit(database, order(1), order(2))

    assert done.orders_written == 2
    assert done.rows_written == 2 + 4 + 2 + 2 + 2  # with history, recipients, customers
    assert done.is_kept
    assert done.days == {datetime(2026, 1, 5, tzinfo=UTC).date()}
    assert orders_as_received(database, SHOP.shop_id) == {
        received["id"]: received for received in (order(1), order(2))
    }


def test_every_golden_sample_survives_the_database(database: Database) -> None:
    samples = golden_orders()
    by_id = {received["id"]: received for received in samples.values()}

    commit(database, *by_id.values())

    assert orders_as_received(database, SHOP.shop_id) == by_id


def test_numbers_survive_the_database(database: Database) -> None:
    received = order(
        id=2**63 + 7,
        seller_note={"weight": Decimal("0.10000000000000000001"), "big": 2**70},
        payment={"currency": "IDR", "total_amount": "12345678901234567890.10"},
    )

    commit(database, received)

    again = orders_as_received(database, SHOP.shop_id)
    assert again == {str(2**63 + 7): received}


def test_committing_twice_writes_no_row_and_keeps_no_page(database: Database) -> None:
    commit(database, order(1), order(2, payment_auth_code="A1"))
    before = transactions(database)

    again = commit(database, order(1), order(2, payment_auth_code="A1"))

    assert again == Committed(0, 0, is_kept=False, days=frozenset(), new_bad=())
    assert transactions(database) == before
    assert count(database, "tiktok_raw.pages") == 1


def test_the_same_content_read_later_rewrites_nothing(database: Database) -> None:
    commit(database, order(1))
    before = transactions(database)

    again = commit(database, order(1), at=LATER)

    assert (again.rows_written, again.is_kept) == (0, False)
    assert transactions(database) == before


def test_a_change_rewrites_its_order_alone(database: Database) -> None:
    commit(database, order(1), order(2))
    before = table(database, "tiktok.orders")

    done = commit(database, order(1, **DELIVERED), order(2), at=LATER)

    after = table(database, "tiktok.orders")
    changed = [row["order_id"] for row in after if row not in before]
    assert changed == [order(1)["id"]]
    assert done.orders_written == 1


def test_each_row_names_the_page_that_changed_it(database: Database) -> None:
    commit(database, order(1), order(2))
    commit(database, order(1, **DELIVERED), order(2), at=LATER)

    found = rows(
        database,
        "SELECT o.order_id, p.fetched_at FROM tiktok.orders AS o"
        " JOIN tiktok_raw.pages AS p ON p.page_id = o.raw_page_id ORDER BY 1",
    )
    assert [row["fetched_at"] for row in found] == [LATER, NOON]


def test_a_late_answer_does_not_overwrite_a_newer_order(database: Database) -> None:
    commit(database, order(1, **DELIVERED), at=LATER)

    commit(database, order(1), at=LATER + timedelta(hours=1))

    assert scalar(database, "SELECT status FROM tiktok.orders") == "DELIVERED"


def test_each_status_that_was_seen_stands_in_the_history(database: Database) -> None:
    commit(database, order(1), at=LATER)
    commit(database, order(1, **DELIVERED), at=LATER)
    commit(database, order(1), at=NOON)

    history = rows(
        database,
        "SELECT status, changed_at, seen_at FROM tiktok.order_status_history"
        " ORDER BY changed_at",
    )
    assert [tuple(row.values()) for row in history] == [
        ("AWAITING_SHIPMENT", datetime(2026, 1, 5, 9, tzinfo=UTC), NOON),
        ("DELIVERED", datetime(2026, 1, 5, 17, tzinfo=UTC), LATER),
    ]


def test_a_line_that_left_the_list_leaves_the_table(database: Database) -> None:
    commit(database, order(1), order(2))

    commit(database, order(1, line_items=[line(1, 2)], **DELIVERED), at=LATER)

    left = rows(database, "SELECT line_id FROM tiktok.order_lines ORDER BY line_id")
    assert [row["line_id"] for row in left] == sorted(
        [line(1, 2)["id"], line(2, 1)["id"], line(2, 2)["id"]]
    )


@pytest.mark.parametrize("no_list", [..., None, []], ids=["missing", "null", "empty"])
def test_an_answer_without_lines_keeps_those_known(
    database: Database, no_list: object
) -> None:
    commit(database, order(1))

    commit(database, order(1, line_items=no_list, **DELIVERED), at=LATER)

    assert count(database, "tiktok.order_lines") == 2


def test_detail_fields_survive_a_later_search(database: Database) -> None:
    commit(database, order(1, payment_auth_code="A1"))

    commit(database, order(1, **DELIVERED), at=LATER)

    code = "SELECT extra ->> 'payment_auth_code' FROM tiktok.orders"
    assert scalar(database, code) == "A1"


def test_a_detail_read_before_the_newest_search_still_adds(database: Database) -> None:
    commit(database, order(1, **DELIVERED), at=LATER)

    done = commit(database, order(1, payment_auth_code="A1"), at=NOON)

    found = rows(
        database,
        "SELECT extra ->> 'payment_auth_code' AS code, status FROM tiktok.orders",
    )
    assert found == [{"code": "A1", "status": "DELIVERED"}]
    assert done.is_kept


@pytest.mark.parametrize("later", [masked(1), emptied(), ..., None], ids=str)
def test_a_clear_recipient_is_never_lost(database: Database, later: object) -> None:
    commit(database, order(1))

    commit(database, order(1, recipient_address=later, **DELIVERED), at=LATER)

    row = table(database, "tiktok.order_recipients")[0]
    assert (row["name"], row["postal_code"]) == ("Aminah Recipient1", "43000")


def test_a_recipient_that_becomes_clear_is_filled_in(database: Database) -> None:
    commit(database, order(1, recipient_address=masked(1)))

    commit(database, order(1), at=LATER)

    row = table(database, "tiktok.order_recipients")[0]
    assert row["phone"] == address(1)["phone_number"]


def test_pages_kept_hold_no_buyer_data(database: Database) -> None:
    secret: Json = {
        "buyer_nickname": "aminah_01",
        "buyer_avatar": "https://example.invalid/face.jpeg",
        "cpf": "123.456.789-09",
        "cpf_name": "Aminah Souza",
    }

    commit(database, order(1, **secret), order(2, id="", **secret), ["odd"])

    everything = f"{kept_bodies(database)}{tables_without_buyers(database)}"
    values = [*texts_of(secret), *texts_of(address(1)), *texts_of(address(2))]
    values += [order(1)["buyer_email"], order(2)["buyer_email"], "**twice**"]
    assert [value for value in values if value in everything] == []
    assert "fragile" in everything


def tables_without_buyers(database: Database) -> list[str]:
    names = ("tiktok.orders", "tiktok.order_lines", "tiktok_ops.quarantine_records")
    return [repr(table(database, name)) for name in (*names, "tiktok_ops.api_drift")]


def texts_of(value: object) -> list[str]:
    """Every text in a document that is long enough to search for."""
    if isinstance(value, dict):
        parts = cast("list[object]", [*value.values()])
        return [text for item in parts for text in texts_of(item)]
    if isinstance(value, list):
        return [text for item in cast("list[object]", value) for text in texts_of(item)]
    return [value] if isinstance(value, str) and len(value) > 4 else []


def test_the_tables_can_be_filled_again_from_the_pages(database: Database) -> None:
    commit(database, order(1, payment_auth_code="A1"), order(2))
    commit(database, order(1, **DELIVERED), order(3), at=LATER)
    before = contents(database)
    pages = rows(
        database, "SELECT fetched_at, page_id FROM tiktok_raw.pages ORDER BY 2"
    )
    bodies = kept_bodies(database)
    with database.begin() as connection:
        for name in before:
            connection.exec_driver_sql(f"TRUNCATE tiktok.{name}")

    for page, body in zip(pages, bodies, strict=True):
        commit(database, *body["orders"], at=page["fetched_at"])

    after = contents(database)
    assert after["order_recipients"] == []
    assert {**after, "order_recipients": ()} == {**before, "order_recipients": ()}


def test_shops_do_not_touch_each_other(database: Database) -> None:
    other = ShopRun("7490000000000000002", "run-1")
    commit(database, order(1))

    commit(database, order(1, **DELIVERED), at=LATER, shop=other)

    statuses = rows(database, "SELECT shop_id, status FROM tiktok.orders ORDER BY 1")
    assert [row["status"] for row in statuses] == ["AWAITING_SHIPMENT", "DELIVERED"]


KILLED = """
import os, signal, sys
from sqlalchemy import event
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import order

def kill_after(connection, cursor, statement, *rest):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
event.listen(database.engine, "after_cursor_execute", kill_after)
commit_order_pages(database, ShopRun("7490000000000000001"), [read([order(1)])])
print("done")
"""


@pytest.mark.parametrize("statement", ["nextval", "INTO tiktok.customers"])
def test_a_killed_transaction_leaves_nothing(
    database: Database, database_url: str, statement: str
) -> None:
    command = [sys.executable, "-c", KILLED, database_url, statement]

    killed = subprocess.run(command, capture_output=True, check=False, timeout=240)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert count(database, "tiktok_raw.pages") == 0
    assert [name for name, held in contents(database).items() if held] == []
    assert commit(database, order(1)).orders_written == 1


def test_a_transaction_whose_session_ends_leaves_nothing(database: Database) -> None:
    event.listen(database.engine, "before_cursor_execute", end_at_customers)

    with pytest.raises(DatabaseUnavailable):
        commit(database, order(1))

    event.remove(database.engine, "before_cursor_execute", end_at_customers)
    assert [name for name, held in contents(database).items() if held] == []


def end_at_customers(
    _connection: object, cursor: psycopg.Cursor[object], statement: str, *_: object
) -> None:
    if "INTO tiktok.customers" in statement:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
