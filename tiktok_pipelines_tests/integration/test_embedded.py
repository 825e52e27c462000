"""The embedded PostgreSQL: started, attached to, stopped, recovered."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.postmaster import Postmaster

START = (
    "import sys, pathlib;"
    "from tiktok_pipelines.storage.embedded import EmbeddedServer;"
    "print(EmbeddedServer(pathlib.Path(sys.argv[1])).start())"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedServer]:
    found = EmbeddedServer(home)
    yield found
    found.stop()


def scalar(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def server_pid(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def test_it_starts_with_both_databases_and_stops(server: EmbeddedServer) -> None:
    assert server.start()

    assert scalar(server.dsn(), "SELECT current_database()") == "tiktok"
    assert scalar(server.dsn("dagster"), "SELECT current_database()") == "dagster"
    assert server.stop()
    assert not server.status().is_running
    assert not server.stop()


def test_it_keeps_what_was_committed_through_a_restart(server: EmbeddedServer) -> None:
    server.start()
    execute(server.dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
    server.stop()

    server.start()

    assert scalar(server.dsn(), "SELECT n FROM kept") == 42


def test_a_second_start_attaches(server: EmbeddedServer) -> None:
    server.start()
    pid = server_pid(server)

    assert not EmbeddedServer(server.home).start()
    assert server_pid(server) == pid


def test_it_is_tuned_safe_and_off_the_network(server: EmbeddedServer) -> None:
    server.start()

    assert scalar(server.dsn(), "SHOW listen_addresses") == ""
    assert scalar(server.dsn(), "SHOW fsync") == "on"
    assert scalar(server.dsn(), "SHOW shared_buffers") == "128MB"
    assert scalar(server.dsn(), "SHOW data_checksums") == "on"
    assert scalar(server.dsn(), "SHOW server_encoding") == "UTF8"
    assert scalar(server.dsn(), "SHOW timezone") == "UTC"
    assert server.data.stat().st_mode & 0o077 == 0


def test_a_refused_statement_leaves_no_value_in_the_log(server: EmbeddedServer) -> None:
    server.start()

    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        scalar(server.dsn(), "SELECT 'Siti Aminah'::integer")

    assert "Siti" not in server.log.read_text()


def test_the_dsn_of_a_stopped_server_names_the_command(server: EmbeddedServer) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"tiktok-pipelines db start$"):
        server.dsn()


def test_the_url_is_known_before_the_server_runs(server: EmbeddedServer) -> None:
    before = server.url()

    server.start()

    assert server.dsn() == before


def test_after_kill_9_the_next_start_recovers(server: EmbeddedServer) -> None:
    server.start()
    execute(server.dsn(), "CREATE TABLE survivor AS SELECT 7 AS n")
    os.kill(server_pid(server), signal.SIGKILL)

    assert server.start()

    assert scalar(server.dsn(), "SELECT n FROM survivor") == 7


def test_after_kill_9_the_dsn_says_that_nothing_runs(server: EmbeddedServer) -> None:
    server.start()
    os.kill(server_pid(server), signal.SIGKILL)
    time.sleep(0.2)

    with pytest.raises(DatabaseUnavailable):
        server.dsn()


def test_a_stale_pid_file_with_someone_elses_number_is_no_server(
    server: EmbeddedServer,
) -> None:
    server.start()
    pid_file = server.data / "postmaster.pid"
    told = pid_file.read_text()
    server.stop()
    # As after a restart of a container, where low numbers are soon used again.
    pid_file.write_text(told.replace(told.split("\n")[0], str(os.getpid()), 1))

    assert not server.status().is_running
    assert not server.stop()
    assert server.start()
    assert scalar(server.dsn(), "SELECT 1") == 1


def test_processes_that_start_a_new_folder_at_once_share_one_server(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", START, str(tmp_path)]

    def start(_: int) -> str:
        return subprocess.run(
            command, capture_output=True, check=True, text=True
        ).stdout.strip()

    with ThreadPoolExecutor(3) as pool:
        told = sorted(pool.map(start, range(3)))

    server = EmbeddedServer(tmp_path)
    try:
        assert told == ["False", "False", "True"]
        assert scalar(server.dsn(), "SELECT 1") == 1
    finally:
        server.stop()


@pytest.mark.parametrize(
    "name",
    ["deep/" * 30, "with space, 'quote' and $sign/"],
    ids=["deep", "odd"],
)
def test_a_home_that_no_socket_can_live_in_works(tmp_path: Path, name: str) -> None:
    server = EmbeddedServer(tmp_path / name / "home")
    with server.running():
        told = Postmaster.of(server.data)
        assert told is not None
        assert scalar(server.dsn(), "SELECT 1") == 1
        assert told.socket_folder.stat().st_mode & 0o077 == 0
        assert str(told.socket_folder) in server.socket_folders()
    assert not told.socket_folder.exists()


def test_a_block_that_owns_the_server_stops_it_unless_it_ran_before(
    server: EmbeddedServer,
) -> None:
    with server.running():
        with server.running():
            pass
        assert server.status().is_running
    assert not server.status().is_running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_started_by_root_it_runs_as_another_user(server: EmbeddedServer) -> None:
    server.start()

    assert server.data.stat().st_uid != 0
    assert Path(f"/proc/{server_pid(server)}").stat().st_uid != 0


def test_a_folder_that_is_no_data_folder_is_left_alone(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.data.mkdir()
    (server.data / "letter.txt").write_text("mine")

    with pytest.raises(ConfigurationError, match="move it away"):
        server.start()
    assert (server.data / "letter.txt").read_text() == "mine"


def test_a_half_made_folder_is_made_again(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")

    with server.running():
        assert scalar(server.dsn(), "SELECT 1") == 1


def test_a_folder_of_another_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(ConfigurationError, match="made by PostgreSQL 12"):
        server.start()


def test_a_home_that_cannot_be_made_is_told_as_a_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match=r"^TIKTOK_HOME"):
        EmbeddedServer(tmp_path / "file" / "home").start()
