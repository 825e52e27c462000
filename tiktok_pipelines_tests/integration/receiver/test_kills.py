"""``kill -9`` of the receiver and of PostgreSQL: what was acknowledged is there, once.

A control that acknowledges before the commit must fail the same test.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from cryptography.fernet import Fernet

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.conftest import folder_in_memory
from tiktok_pipelines_tests.integration.receiver.lives import (
    Process,
    Senders,
    free_port,
    verifier_of,
)
from tiktok_pipelines_tests.integration.receiver.processes import (
    serve_hastily,
    serve_honestly,
)
from tiktok_pipelines_tests.waiting import until

KILLS = 20
SEED = 20260110


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """A server of the test's own, with fsync as ever: it is going to be killed."""
    with (
        TemporaryDirectory(prefix="tiktok-kill-", dir=folder_in_memory()) as folder,
        EmbeddedServer(Path(folder)).running() as running,
    ):
        upgrade(running.dsn())
        yield running


@pytest.fixture
def environment(server: EmbeddedServer, tmp_path: Path) -> Mapping[str, str]:
    return {
        "TIKTOK_APP_KEY": "key",
        "TIKTOK_APP_SECRET": "secret",
        "TIKTOK_SERVICE_ID": "1",
        "TIKTOK_DATABASE_URL": server.url(),
        "TIKTOK_HOME": str(tmp_path),
        "TIKTOK_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }


def lost_and_doubled(server: EmbeddedServer, senders: Senders) -> tuple[set[str], int]:
    """Acknowledged events that are not in the table, and how many are there twice."""
    with psycopg.connect(server.dsn()) as connection:
        keys = [
            row[0]
            for row in connection.execute(
                "SELECT dedupe_key FROM tiktok_ops.webhook_events"
            )
        ]
    return senders.taken - set(keys), len(keys) - len(set(keys))


Serve = Callable[[Mapping[str, str], int], None]


def kill_receivers(serve: Serve, environment: Mapping[str, str], kills: int) -> Senders:
    """Kill the receiver under load, again and again."""
    chance, port = random.Random(SEED), free_port()
    url = f"http://127.0.0.1:{port}/webhooks/tiktok"
    process = Process(serve, environment, port)
    senders = Senders(url, verifier_of(environment))
    process.start()
    try:
        with senders.sending():
            for _ in range(kills):
                taken = len(senders.taken)
                until(lambda taken=taken: len(senders.taken) > taken + 20)
                time.sleep(chance.random() * 0.1)
                process.kill()
                process.start()
    finally:
        process.kill()
    return senders


def kill_postgres(server: EmbeddedServer) -> None:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not server.status().is_running)


def test_what_was_acknowledged_outlives_the_receiver(
    server: EmbeddedServer, environment: Mapping[str, str]
) -> None:
    senders = kill_receivers(serve_honestly, environment, KILLS)

    assert len(senders.taken) > 20 * KILLS
    assert lost_and_doubled(server, senders) == (set(), 0)


def test_the_same_test_finds_a_receiver_that_acknowledges_early(
    server: EmbeddedServer, environment: Mapping[str, str]
) -> None:
    senders = kill_receivers(serve_hastily, environment, KILLS)

    lost, _ = lost_and_doubled(server, senders)
    assert lost


def test_what_was_acknowledged_outlives_postgresql(
    server: EmbeddedServer, environment: Mapping[str, str]
) -> None:
    chance, port = random.Random(SEED), free_port()
    process = Process(serve_honestly, environment, port)
    senders = Senders(
        f"http://127.0.0.1:{port}/webhooks/tiktok", verifier_of(environment)
    )
    process.start()
    try:
        with senders.sending():
            for _ in range(KILLS):
                taken = len(senders.taken)
                until(lambda taken=taken: len(senders.taken) > taken + 20)
                time.sleep(chance.random() * 0.1)
                kill_postgres(server)
                time.sleep(chance.random() * 0.3)
                server.start()
    finally:
        process.kill()

    assert len(senders.taken) > 20 * KILLS
    assert lost_and_doubled(server, senders) == (set(), 0)
    assert senders.slowest_s < 3


def test_an_absent_database_is_503_in_time_and_200_as_soon_as_it_is_back(
    server: EmbeddedServer, environment: Mapping[str, str]
) -> None:
    port = free_port()
    process = Process(serve_honestly, environment, port)
    url = f"http://127.0.0.1:{port}/webhooks/tiktok"
    senders = Senders(url, verifier_of(environment), count=4)
    process.start()
    try:
        kill_postgres(server)
        with senders.sending():
            until(lambda: senders.statuses.get(503, 0) >= 8)
            assert 200 not in senders.statuses
            server.start()
            back = time.monotonic()
            until(lambda: bool(senders.taken))
            waited_s = time.monotonic() - back
    finally:
        process.kill()

    assert senders.slowest_s < 2.9
    assert waited_s < 2.9


def test_a_database_that_hangs_is_503_in_time(
    server: EmbeddedServer, environment: Mapping[str, str]
) -> None:
    port = free_port()
    process = Process(serve_honestly, environment, port)
    url = f"http://127.0.0.1:{port}/webhooks/tiktok"
    senders = Senders(url, verifier_of(environment), count=4)
    process.start()
    stopped = backends(server)
    try:
        with senders.sending():
            until(lambda: len(senders.taken) > 10)
            for pid in stopped + backends(server):
                os.kill(pid, signal.SIGSTOP)
            until(lambda: senders.statuses.get(503, 0) >= 8)
            for pid in stopped + backends(server):
                os.kill(pid, signal.SIGCONT)
            taken = len(senders.taken)
            until(lambda: len(senders.taken) > taken)
    finally:
        process.kill()

    assert senders.slowest_s < 2.9
    assert lost_and_doubled(server, senders) == (set(), 0)


def backends(server: EmbeddedServer) -> list[int]:
    """The receiver's sessions, as processes."""
    pids: list[int] = []
    pid = server.status().pid
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            told = (folder / "cmdline").read_bytes().decode(errors="replace")
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except (OSError, IndexError):
            continue
        if parent == str(pid) and " tiktok " in told:
            pids.append(int(folder.name))
    return pids
