"""A session that is lost: its lock, its commit's answer, the log of calls."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from tiktok_pipelines.api.options import CallRecord
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.ingest.api_log import ApiLog
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.patience import PAUSES_S, Patience
from tiktok_pipelines_tests.integration.conftest import NOW, connect_all
from tiktok_pipelines_tests.integration.ingest.stored import count, rows
from tiktok_pipelines_tests.integration.outages.conftest import WaitingClock, revive
from tiktok_pipelines_tests.integration.outages.dying import (
    LOADS,
    assert_equals_the_truth,
)
from tiktok_pipelines_tests.integration.outages.wire import LossyWire

END_LOCK_HOLDERS = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def test_a_lock_that_was_lost_does_not_fail_what_was_done_under_it(
    database: Database,
) -> None:
    with database.lock("a shop"):
        assert rows(database, END_LOCK_HOLDERS)

    with database.lock("a shop"):
        pass


def test_a_lock_that_was_lost_does_not_hide_the_real_error(database: Database) -> None:
    def fail() -> None:
        with database.lock("a shop"):
            assert rows(database, END_LOCK_HOLDERS)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()


def test_who_waits_for_a_lock_outlasts_a_lost_session(
    database_url: str, clock: WaitingClock
) -> None:
    waiter, holder = Database(database_url, clock=clock), Database(database_url)
    rows(waiter, "SELECT 1")
    taken = threading.Event()

    def take() -> None:
        with waiter.lock("a shop"):
            taken.set()

    thread = threading.Thread(target=take)
    with holder.lock("a shop"):
        thread.start()
        while not rows(holder, END_WAITERS):
            thread.join(timeout=0.02)
        assert not taken.is_set()

    thread.join(timeout=60)
    assert taken.is_set()
    assert clock.pauses == [PAUSES_S[0]]
    waiter.close()
    holder.close()


END_WAITERS = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def wire(database_url: str) -> LossyWire:
    folder = parse_qs(urlsplit(database_url).query)["host"][0]
    return LossyWire(f"{folder}/.s.PGSQL.5432")


@pytest.fixture
def over_the_wire(
    wire: LossyWire, environment: dict[str, str], tmp_path: Path, clock: WaitingClock
) -> Iterator[Pipeline]:
    """A pipeline that reaches its database over the wire."""
    with wire.open() as port:
        place = re.sub(r"@/([^?]*)\?.*", rf"@127.0.0.1:{port}/\1", environment[URL])
        settings = Settings.from_environment(
            environment | {URL: place}, folder=tmp_path
        )
        with open_pipeline(settings, clock=clock, run_id="test") as pipeline:
            yield pipeline


URL = "TIKTOK_DATABASE_URL"


@pytest.mark.parametrize("name", LOADS)
def test_commits_whose_answers_were_lost_are_repeated_and_nothing_stands_twice(
    over_the_wire: Pipeline,
    simulator: Simulator,
    clock: WaitingClock,
    wire: LossyWire,
    name: str,
) -> None:
    connect_all(over_the_wire, simulator)
    wire.to_lose = 8

    report = LOADS[name](over_the_wire, simulator)

    report.raise_if_failed()
    assert wire.lost == 8
    assert clock.pauses
    assert_equals_the_truth(over_the_wire, simulator)


def test_the_log_of_calls_drops_and_counts_what_a_dead_database_cannot_take(
    postgres: EmbeddedServer, database: Database, database_url: str
) -> None:
    rows(database, "SELECT 1")

    postgres.stop()
    with ApiLog(database, "run") as log:
        for _ in range(30):
            log.take(record())
    revive(postgres, database_url)
    with ApiLog(database, "run") as second:
        second.take(record())

    assert log.dropped == 30
    assert second.dropped == 0
    assert count(database, "tiktok_ops.tiktok_api_logs") == 1


def record() -> CallRecord:
    return CallRecord(
        shop_id="",
        method="GET",
        path="/",
        api_version="",
        started_at=NOW,
        duration_s=0.1,
        waited_s=0.0,
        attempt=1,
        http_status=200,
        code=0,
        request_id="",
        error="",
    )


def test_the_acts_of_a_run_wait_two_minutes_in_all_for_one_outage(
    clock: WaitingClock,
) -> None:
    patience = Patience(clock)
    patience.note_answer()

    def pass_time() -> None:
        clock.simulator.clock.advance(timedelta(seconds=clock.pauses[-1]))

    def fail() -> None:
        raise DatabaseUnavailable("away: start it")

    clock.while_waiting = pass_time
    started_at = clock.now()

    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            patience.outlast(fail)

    assert timedelta(seconds=100) < clock.now() - started_at < timedelta(seconds=130)


def test_a_statement_that_was_cancelled_is_not_taken_for_a_lost_server(
    database: Database, clock: WaitingClock
) -> None:
    def too_long() -> None:
        with database.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 20"))
            connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(Exception, match="QueryCanceled 57014"):
        database.outlast(too_long)

    assert clock.pauses == []
