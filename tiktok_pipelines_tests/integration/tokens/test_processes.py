"""Eight processes that need a new token at the same moment, and one that is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, connect_all
from tiktok_pipelines_tests.integration.ingest.stored import rows
from tiktok_pipelines_tests.integration.tokens.test_broken_sellers import (
    REFRESH,
    read_all,
    refreshes,
)

ABOUT_TO_END = """
    UPDATE tiktok_ops.credentials
    SET refreshed_at = now() - interval '7 days',
        access_expires_at = now() + interval '1 hour'
    RETURNING 1
"""


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """In real time, as processes have no other clock; one seller with one shop."""
    return SimulatorConfig(shops=1, orders=5, days=2, rate_per_second=LIMITLESS)


@pytest.fixture
def connected(settings: Settings, simulator: Simulator) -> Iterator[Pipeline]:
    with open_pipeline(settings) as opened:
        connect_all(opened, simulator)
        yield opened


@contextmanager
def asking(
    number: int, simulator: Simulator, environment: dict[str, str]
) -> Generator[subprocess.Popen[str]]:
    """Processes that ask for the shop's orders."""
    module = "tiktok_pipelines_tests.integration.tokens.asking"
    command = [sys.executable, "-m", module, str(number), simulator.shops[0].id]
    with subprocess.Popen(
        command,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process


def ask_at_once(
    number: int, simulator: Simulator, environment: dict[str, str]
) -> list[str]:
    with asking(number, simulator, environment) as process:
        told, complaints = process.communicate(timeout=240)
    assert not complaints
    return told.splitlines()


async def slowly(visit: Visit, answer: Answer) -> Response:
    """Answer a refresh late enough for everyone else to want one too."""
    if visit.path == REFRESH:
        await asyncio.sleep(0.5)
    return answer()


@pytest.mark.usefixtures("connected")
def test_eight_processes_that_find_an_expired_token_refresh_once(
    simulator: Simulator, environment: dict[str, str]
) -> None:
    simulator.around = slowly
    simulator.expire_access_tokens()

    told = ask_at_once(8, simulator, environment)

    assert told == ["ok"] * 8
    assert refreshes(simulator) == 1
    assert simulator.refusals[105002] > 1  # several had found it expired


def test_eight_processes_with_a_token_about_to_end_refresh_once(
    connected: Pipeline, simulator: Simulator, environment: dict[str, str]
) -> None:
    simulator.around = slowly
    rows(connected.database, ABOUT_TO_END)

    told = ask_at_once(8, simulator, environment)

    assert told == ["ok"] * 8
    assert refreshes(simulator) == 1
    assert simulator.refusals == {}


def test_a_process_killed_before_it_stored_new_tokens_costs_no_sync(
    connected: Pipeline,
    simulator: Simulator,
    environment: dict[str, str],
    database_url: str,
) -> None:
    before = connected.shops.store.seller_tokens(simulator.sellers[0].open_id)
    rows(connected.database, ABOUT_TO_END)

    with psycopg.connect(database_url) as other:
        kill_between_answer_and_storing(simulator, environment, other)

    assert read_all(connected, simulator.sellers[0]) == []
    tokens = connected.shops.store.seller_tokens(before.seller)
    assert (tokens.access, tokens.refresh) == (before.access, before.refresh)
    assert "shops connect" in tokens.refresh_refused
    assert simulator.refusals == {36004004: 1}


def kill_between_answer_and_storing(
    simulator: Simulator,
    environment: dict[str, str],
    other: psycopg.Connection[tuple[object, ...]],
) -> None:
    """Hold the row once TikTok has answered, and kill whoever waits to write it."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path == REFRESH:
            other.execute("SELECT 1 FROM tiktok_ops.credentials FOR UPDATE")
        return response

    plainly, simulator.around = simulator.around, around
    with asking(1, simulator, environment) as process:
        wait_until_someone_waits(other)
        os.killpg(process.pid, signal.SIGKILL)
    simulator.around = plainly
    assert refreshes(simulator) == 1
    other.rollback()


def wait_until_someone_waits(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database() AND query LIKE '%access_token%'"
    )
    for _ in range(600):
        connection.execute("SELECT pg_stat_clear_snapshot()")
        row = connection.execute(waiting.encode()).fetchone()
        if row and row[0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody came to store new tokens")
