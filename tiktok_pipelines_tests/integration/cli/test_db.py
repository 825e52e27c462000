"""``db``: the embedded server, its URL, and PostgreSQL's own tools on it."""

import json
import os
import shutil
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from tiktok_pipelines.cli.dagster_home import prepare_dagster
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.databases import ensure_database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.cli.conftest import CommandLine

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def count(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def pid_of(command: CommandLine) -> object:
    return json.loads(command.run("db", "status", "--json").stdout)["pid"]


def test_start_leaves_the_server_running_and_stop_ends_it(fresh: CommandLine) -> None:
    assert fresh.run("db", "start").returncode == 0
    first = pid_of(fresh)
    again = fresh.run("db", "start")
    assert (again.returncode, again.stdout) == (0, "")
    assert pid_of(fresh) == first

    assert fresh.run("db", "stop").returncode == 0
    assert pid_of(fresh) is None
    assert fresh.run("db", "stop").returncode == 0


def test_the_server_is_in_a_session_of_its_own(started: CommandLine) -> None:
    pid = pid_of(started)
    assert isinstance(pid, int)

    assert os.getsid(pid) != os.getsid(0)


def test_start_recovers_after_kill_9(started: CommandLine) -> None:
    pid = pid_of(started)
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)

    assert started.run("db", "start").returncode == 0

    assert pid_of(started) not in (None, pid)


@pytest.mark.parametrize("command", ["url", "upgrade", "psql"])
def test_without_a_server_one_line_names_the_command(
    fresh: CommandLine, command: str
) -> None:
    done = fresh.run("db", command)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().endswith("tiktok-pipelines db start")
    assert "\n" not in done.stderr.strip()


def test_the_url_stands_alone_on_stdout_and_libpq_takes_it(
    started: CommandLine,
) -> None:
    told = started.run("db", "url").stdout

    assert len(told.splitlines()) == 1
    assert count(told.strip(), "SELECT current_database()") == "tiktok"


@pytest.mark.skipif(shutil.which("psql") is None, reason="no psql is installed")
def test_an_installed_psql_takes_the_url(started: CommandLine) -> None:
    done = started.run("db", "psql", "-Atc", "SELECT 6 * 7")

    assert (done.returncode, done.stdout) == (0, "42\n")


def test_psql_of_the_wheel_is_used_when_none_is_installed(started: CommandLine) -> None:
    done = started.run("db", "psql", "-Atc", "SELECT 6 * 7", PATH="/nowhere")

    assert (done.returncode, done.stdout) == (0, "42\n")


def test_upgrade_can_be_repeated(started: CommandLine) -> None:
    assert started.run("db", "upgrade").returncode == 0
    assert started.run("db", "upgrade").returncode == 0

    url = EmbeddedServer(started.home).dsn()
    assert count(url, "SELECT count(*) FROM tiktok.orders") == 0


@pytest.fixture
def dump(started: CommandLine) -> Path:
    """A backup with one shop in it."""
    started.run("db", "upgrade")
    url = EmbeddedServer(started.home).dsn()
    change(url, "DROP TABLE IF EXISTS tiktok_ops.kept")
    change(url, "CREATE TABLE tiktok_ops.kept AS SELECT 1 AS n")
    assert started.run("db", "backup", "dump").returncode == 0
    change(url, "UPDATE tiktok_ops.kept SET n = 2")
    return started.folder / "dump"


def kept(command: CommandLine, database: str = "tiktok") -> object:
    url = EmbeddedServer(command.home).dsn(database)
    return count(url, "SELECT n FROM tiktok_ops.kept")


def test_restore_brings_back_what_was_backed_up(
    started: CommandLine, dump: Path
) -> None:
    done = started.run("db", "restore", dump.name, "--yes")

    assert done.returncode == 0
    assert kept(started) == 1


def test_another_database_of_the_embedded_server_is_the_one_worked_on(
    started: CommandLine, dump: Path
) -> None:
    own = EmbeddedServer(started.home).dsn()
    change(own, "DROP DATABASE IF EXISTS side WITH (FORCE)")
    change(own, "CREATE DATABASE side")
    url = EmbeddedServer(started.home).dsn("side")

    done = [
        started.run("db", *arguments, TIKTOK_DATABASE_URL=url)
        for arguments in (
            ("upgrade",),
            ("restore", dump.name, "--yes"),
            ("backup", "of_side"),
            ("psql", "-Atc", "UPDATE tiktok_ops.kept SET n = 3"),
            ("url",),
        )
    ]

    assert [each.returncode for each in done] == [0] * len(done)
    assert done[-1].stdout.strip() == url
    assert (kept(started), kept(started, "side")) == (2, 3)
    assert (started.folder / "of_side").exists()


def test_a_database_that_is_missing_is_named(started: CommandLine, dump: Path) -> None:
    url = EmbeddedServer(started.home).dsn("nowhere")

    done = started.run("db", "restore", dump.name, "--yes", TIKTOK_DATABASE_URL=url)

    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_restore_asks_before_it_drops_anything(
    started: CommandLine, dump: Path
) -> None:
    done = started.run("db", "restore", dump.name)

    assert done.returncode == 2
    assert "tiktok_ops.kept" in done.stderr
    assert "--yes" in done.stderr
    assert kept(started) == 2


def test_restoring_a_cut_dump_changes_nothing(started: CommandLine, dump: Path) -> None:
    dump.write_bytes(dump.read_bytes()[:-200])

    done = started.run("db", "restore", dump.name, "--yes")

    assert done.returncode == 1
    assert "changed nothing" in done.stderr
    assert kept(started) == 2


def test_a_file_that_is_no_dump_is_refused(started: CommandLine) -> None:
    (started.folder / "letter").write_text("Dear database")

    done = started.run("db", "restore", "letter", "--yes")

    assert done.returncode == 1
    assert "changed nothing" in done.stderr


def test_a_backup_is_private_and_replaces_no_file_unasked(
    started: CommandLine, dump: Path
) -> None:
    before = dump.read_bytes()

    again = started.run("db", "backup", dump.name)

    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    assert again.returncode == 2
    assert dump.read_bytes() == before
    assert started.run("db", "backup", dump.name, "--overwrite").returncode == 0


def test_the_embedded_server_is_not_started_for_an_external_database(
    fresh: CommandLine,
) -> None:
    url = "postgresql://user:hush@127.0.0.1:1/shop"

    done = fresh.run("db", "start", TIKTOK_DATABASE_URL=url)

    assert done.returncode == 2
    assert "TIKTOK_DATABASE_URL names an external server" in done.stderr
    assert "hush" not in done.stderr


def test_an_external_server_gets_a_database_for_dagster(
    started: CommandLine, tmp_path: Path
) -> None:
    told = EmbeddedServer(started.home).dsn("dagster")
    # Another home: the running server is an external one for it.
    settings = Settings.from_environment(
        {
            "TIKTOK_DATABASE_URL": told,
            "TIKTOK_ENCRYPTION_KEYS": KEY,
            "TIKTOK_HOME": str(tmp_path / "other"),
        },
        folder=tmp_path,
    )

    prepare_dagster(settings)
    prepare_dagster(settings)

    url = settings.dagster_database_url
    assert count(url.libpq, "SELECT current_database()") == "dagster_dagster"


def test_a_user_who_may_not_create_databases_is_told_what_is_needed(
    started: CommandLine,
) -> None:
    url = EmbeddedServer(started.home).dsn()
    change(url, "DROP ROLE IF EXISTS guest")
    change(url, "CREATE ROLE guest LOGIN")

    with pytest.raises(ConfigurationError, match='CREATE DATABASE "wanted"'):
        ensure_database(url.replace("postgres@", "guest@"), "wanted")
