"""The server dies in the middle of a load, and comes back or does not."""

import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import psycopg
import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.patience import PAUSES_S
from tiktok_pipelines_tests.integration.outages.conftest import WaitingClock, revive
from tiktok_pipelines_tests.integration.outages.dying import (
    LOADS,
    AtSearch,
    assert_equals_the_truth,
    assert_nothing_is_half_written,
    assert_watermark_is_true,
    backfill,
    kill,
    kill_child,
    stop,
    stop_at_once,
    sync,
    watermark,
)

DEATHS = {
    "stopped": stop,
    "stopped at once": stop_at_once,
    "killed": kill,
    "child killed": kill_child,
}


@pytest.mark.parametrize("die", DEATHS.values(), ids=DEATHS)
def test_a_backfill_outlasts_a_server_that_comes_back(
    pipeline: Pipeline,
    simulator: Simulator,
    clock: WaitingClock,
    postgres: EmbeddedServer,
    database_url: str,
    die: Callable[[EmbeddedServer], None],
) -> None:
    death = AtSearch(3, lambda: die(postgres))
    simulator.around = death.around
    clock.while_waiting = lambda: revive(postgres, database_url)

    report = backfill(pipeline, simulator)

    report.raise_if_failed()
    assert clock.pauses
    assert len(report.closed) == 3
    assert_equals_the_truth(pipeline, simulator)


def test_a_sync_outlasts_a_server_that_comes_back_and_loses_only_its_lock(
    pipeline: Pipeline,
    simulator: Simulator,
    clock: WaitingClock,
    postgres: EmbeddedServer,
    database_url: str,
) -> None:
    simulator.around = AtSearch(3, lambda: stop(postgres)).around
    clock.while_waiting = lambda: revive(postgres, database_url)

    report = sync(pipeline, simulator)

    report.raise_if_failed()
    assert clock.pauses
    assert_equals_the_truth(pipeline, simulator)
    again = sync(pipeline, simulator, "again")
    assert again.syncs[simulator.shops[0].id].rows_written == 0


@pytest.mark.parametrize("name", LOADS)
def test_a_server_that_stays_away_is_told_and_the_next_run_completes(
    pipeline: Pipeline,
    simulator: Simulator,
    clock: WaitingClock,
    postgres: EmbeddedServer,
    database_url: str,
    name: str,
) -> None:
    simulator.around = AtSearch(3, lambda: stop(postgres)).around

    report = LOADS[name](pipeline, simulator)

    assert report.failures
    assert {type(error) for _, error in report.failures} == {DatabaseUnavailable}
    assert "db start" in str(report.failures[0][1])
    assert report.failures[0][1].retryable
    assert sum(clock.pauses) >= sum(PAUSES_S)
    revive(postgres, database_url)
    assert_watermark_is_true(pipeline, simulator)
    assert_nothing_is_half_written(pipeline)
    LOADS[name](pipeline, simulator, "next").raise_if_failed()
    assert_equals_the_truth(pipeline, simulator)


def test_a_watermark_stays_where_it_was_when_the_server_stays_away(
    pipeline: Pipeline,
    simulator: Simulator,
    postgres: EmbeddedServer,
    database_url: str,
) -> None:
    sync(pipeline, simulator).raise_if_failed()
    before = watermark(pipeline, simulator)
    simulator.around = AtSearch(1, lambda: stop(postgres)).around

    report = sync(pipeline, simulator, "again")

    assert report.failures
    revive(postgres, database_url)
    assert watermark(pipeline, simulator) == before


def test_a_server_that_was_never_there_is_not_waited_for(
    unconnected: Pipeline,
    clock: WaitingClock,
    postgres: EmbeddedServer,
) -> None:
    postgres.stop()

    with pytest.raises(DatabaseUnavailable):
        unconnected.shops.all()

    assert clock.pauses == []


@pytest.mark.parametrize("name", LOADS)
def test_a_load_whose_sessions_are_ended_at_random_leaves_the_right_rows(
    pipeline: Pipeline,
    simulator: Simulator,
    clock: WaitingClock,
    database_url: str,
    name: str,
) -> None:
    clock.while_waiting = lambda: time.sleep(0.02)

    with sessions_ended(database_url) as ending:
        while ending.is_alive():
            LOADS[name](pipeline, simulator).raise_if_failed()

    assert clock.pauses
    assert_equals_the_truth(pipeline, simulator)


END_WRITERS = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE relation = 'tiktok.orders'::regclass AND NOT granted
"""
SESSIONS = """
    SELECT pid FROM pg_stat_activity
    WHERE application_name = 'tiktok' AND datname = current_database()
"""


@contextmanager
def sessions_ended(url: str) -> Generator[threading.Thread]:
    """End sessions beside a load, while the thread lives that is given."""
    is_over = threading.Event()
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE tiktok.orders IN EXCLUSIVE MODE")
        thread = threading.Thread(target=end_sessions, args=(connection, is_over))
        thread.start()
        try:
            yield thread
        finally:
            is_over.set()
            thread.join(timeout=60)


def end_sessions(connection: psycopg.Connection, is_over: threading.Event) -> None:
    """End one that writes for sure, being kept waiting; then half of all, by chance."""
    while not connection.execute(END_WRITERS).fetchall():
        if is_over.wait(0.02):
            return
    connection.commit()
    connection.autocommit = True
    chance = random.Random(7)
    for _ in PAUSES_S[1:]:  # fewer in all than any act is tried, or chance decides
        if is_over.wait(chance.uniform(0.03, 0.3)):
            return
        found = connection.execute(SESSIONS).fetchall()
        for pid in chance.sample(found, k=(len(found) + 1) // 2):
            connection.execute("SELECT pg_terminate_backend(%s)", pid)
