"""What happens to a rebuild while others write, and when it is killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.rebuild_shadow import shadow_tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.rebuilds import (
    READ,
    REBUILT,
    SHADOWS,
    SHOP,
    after,
    change,
    commit,
    differences,
    held,
    places,
    rebuild,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, scalar, table
from tiktok_pipelines_tests.integration.ingest.test_any_order import (
    Answer,
    batches,
    lives,
)
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    order,
)

LATER = NOON + timedelta(minutes=1)
DELIVERED: Json = {"status": "DELIVERED", "update_time": CREATED + 9 * HOUR}
LOCKED = "SELECT pg_advisory_xact_lock"  # the last transaction has just begun
COMPARED = "SELECT kind, count(*) FROM differences_customers"
APPLIED = "INSERT INTO tiktok.order_lines"


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    """The database, as another process sees it."""
    opened = Database(database_url)
    yield opened
    opened.close()


@settings(
    max_examples=8,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_any_story_is_retold_in_every_column(
    database: Database, data: st.DataObject
) -> None:
    for name in (*(f"tiktok.{name}" for name in held(database)), "tiktok_raw.pages"):
        with database.begin() as connection:
            connection.execute(text(f"DELETE FROM {name}"))
    answers = data.draw(lives())
    for batch in data.draw(batches(answers)):
        land(database, batch[:1])
        land(database, batch[1:])
    before = held(database)
    change(database, "UPDATE tiktok.orders SET status = 'LOST', buyer_id = 'x'")
    change(database, "DELETE FROM tiktok.order_status_history")

    rebuild(database, accepts_removals=True)

    assert held(database) == before


def land(database: Database, answers: Sequence[Answer]) -> None:
    """The answers in one page, asked for when the first of them was."""
    if answers:
        commit(database, *(record for _, record in answers), at=answers[0][0])


def test_what_is_committed_while_pages_are_replayed_is_not_lost(
    database: Database, other: Database
) -> None:
    commit(database, order(1), order(2))

    def sync() -> None:
        commit(other, order(1, **DELIVERED), order(3), at=LATER)

    with after(database, READ, sync):
        report = rebuild(database)

    assert differences(report) == {}
    assert report.shops[0].replayed.pages == 2
    status = "SELECT status FROM tiktok.orders WHERE order_id = :id"
    assert scalar(database, status, id=order(1)["id"]) == "DELIVERED"
    assert count(database, "tiktok.orders") == 3


def test_damage_is_put_right_beside_what_is_committed_meanwhile(
    database: Database, other: Database
) -> None:
    commit(database, order(1), order(2))
    change(database, "UPDATE tiktok.orders SET status = 'LOST'")

    def sync() -> None:
        commit(other, order(3), at=LATER)

    with after(database, READ, sync):
        rebuild(database)

    assert [row["status"] for row in table(database, "tiktok.orders")] == [
        "AWAITING_SHIPMENT"
    ] * 3


def test_a_writer_waits_while_tables_are_compared_and_changed(
    database: Database, other: Database
) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok.orders SET status = 'LOST'")
    with ThreadPoolExecutor(1) as pool:
        early: list[bool] = []

        def sync() -> None:
            landing = pool.submit(
                commit, other, order(1, **DELIVERED), order(2), at=LATER
            )
            early.append(bool(wait([landing], timeout=0.5).done))

        with after(database, COMPARED, sync):
            report = rebuild(database)

    assert early == [False]
    assert report.shops[0].replayed.pages == 1
    statuses = [row["status"] for row in table(database, "tiktok.orders")]
    assert sorted(statuses) == ["AWAITING_SHIPMENT", "DELIVERED"]
    assert rebuild(database).is_equal


KILLED = """
import os, signal, sys
from sqlalchemy import event
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.rebuilds import rebuild

def kill_after(connection, cursor, statement, *rest):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
event.listen(database.engine, "after_cursor_execute", kill_after)
rebuild(database)
"""


@pytest.mark.parametrize("statement", ["customers AS kept", APPLIED])
def test_a_killed_rebuild_leaves_the_tables_and_the_next_one_works(
    database: Database, database_url: str, statement: str
) -> None:
    commit(database, order(1), order(2))
    right = held(database)
    change(
        database,
        "UPDATE tiktok.orders SET status = 'LOST'",
        "DELETE FROM tiktok.order_lines WHERE line_number = 1",
    )
    damaged = places(database)
    command = [sys.executable, "-c", KILLED, database_url, statement]

    killed = subprocess.run(command, capture_output=True, check=False, timeout=240)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert places(database) == damaged
    assert scalar(database, SHADOWS) == 1
    rebuild(database)
    assert held(database) == right
    assert scalar(database, SHADOWS) == 0


def test_nothing_is_changed_when_the_shadow_tables_are_emptied(
    database: Database, other: Database
) -> None:
    commit(database, order(1), order(2))
    before = places(database)

    def crash() -> None:
        """As a server that crashed leaves tables that are not logged."""
        names = ", ".join(f"tiktok_rebuild.{name}" for name in (*REBUILT, "marks"))
        with other.begin() as connection:
            connection.execute(text(f"TRUNCATE {names}"))

    with (
        after(database, LOCKED, crash),
        pytest.raises(PipelineError, match=r"shadow tables.*run the rebuild again"),
    ):
        rebuild(database, accepts_removals=True)

    assert places(database) == before


def test_nothing_is_changed_when_another_rebuild_took_the_shadow_tables(
    database: Database, other: Database
) -> None:
    commit(database, order(1), order(2))
    before = places(database)
    intruder = shadow_tables(other, SHOP.shop_id)

    with (
        after(database, LOCKED, intruder.__enter__),
        pytest.raises(PipelineError, match="another rebuild"),
    ):
        rebuild(database, accepts_removals=True)

    assert places(database) == before


def test_a_shop_whose_pages_are_removed_meanwhile_is_not_written_again(
    database: Database, other: Database
) -> None:
    commit(database, order(1), order(2))

    def purge() -> None:
        names = [f"tiktok.{name}" for name in REBUILT]
        change(other, *(f"DELETE FROM {name}" for name in (*names, "tiktok_raw.pages")))

    with (
        after(database, READ, purge),
        pytest.raises(PipelineError, match=r"removed while.*run the rebuild again"),
    ):
        rebuild(database)

    assert count(database, "tiktok.orders") == 0


def test_a_second_rebuild_waits_and_says_so(
    database: Database, other: Database
) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok.orders SET status = 'LOST'")
    told: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        early: list[bool] = []

        def start_second() -> None:
            second = pool.submit(rebuild, other, log=told.append)
            early.append(bool(wait([second], timeout=0.5).done))

        with after(database, COMPARED, start_second):
            first = rebuild(database)

    assert early == [False]
    assert not first.is_equal
    assert [line for line in told if "another rebuild is at work" in line]
    assert rebuild(database).is_equal
