"""What a backup or a restore leaves when it is cut off or cannot work."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tiktok_pipelines.cli import pg_tools
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.settings import DatabaseUrl, Settings
from tiktok_pipelines.storage.bundled import tools
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.cli.conftest import PROGRAM, CommandLine

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OLDER, NEWER = 50_000, 2
DROP = "DROP SCHEMA tiktok_ops CASCADE"
RESTORING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'psql'"
)


def numbers(bound: int) -> str:
    """One text column: a row of it that is cut is a row as well."""
    return f"SELECT 'row ' || n AS n FROM generate_series(1, {bound}) AS n"


@pytest.fixture
def box(started: CommandLine) -> Iterator[CommandLine]:
    """With a database of its own that holds one table."""
    server = EmbeddedServer(started.home)
    url = server.dsn("box")
    change(server.dsn(), "CREATE DATABASE box")
    change(url, "CREATE SCHEMA tiktok_ops")
    change(url, f"CREATE TABLE tiktok_ops.kept AS {numbers(OLDER)}")
    settings = {"TIKTOK_DATABASE_URL": url, "TIKTOK_ENCRYPTION_KEYS": KEY}
    # Another home: the running server is an external one for it.
    yield CommandLine(started.folder, started.folder / "home", settings)
    change(server.dsn(), "DROP DATABASE box WITH (FORCE)")


@pytest.fixture
def dump(box: CommandLine) -> Path:
    """A backup; since it was made the table has changed."""
    assert box.run("db", "backup", "dump").returncode == 0
    change(url_of(box), "TRUNCATE tiktok_ops.kept")
    change(url_of(box), f"INSERT INTO tiktok_ops.kept {numbers(NEWER)}")
    return box.folder / "dump"


def url_of(box: CommandLine) -> str:
    return box.environment["TIKTOK_DATABASE_URL"]


def database_of(box: CommandLine) -> DatabaseUrl:
    return Settings.from_environment(box.variables(), folder=box.folder).database_url


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def count(box: CommandLine, query: str = "SELECT count(*) FROM tiktok_ops.kept") -> int:
    with psycopg.connect(url_of(box)) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row
    return int(row[0])


def wait_for(box: CommandLine, query: str, wanted: int) -> None:
    end = time.monotonic() + 120
    while count(box, query) != wanted:
        assert time.monotonic() < end, f"not {wanted}: {query}"
        time.sleep(0.02)


def script_of(dump: Path) -> bytes:
    unpack = [tools() / "pg_restore", "--no-owner", "--file=-", dump]
    return subprocess.run(unpack, capture_output=True, check=True).stdout


def test_a_restore_killed_midway_changes_nothing(box: CommandLine, dump: Path) -> None:
    command = [PROGRAM, "db", "restore", dump.name, "--yes"]
    with psycopg.connect(url_of(box)) as reader:
        # psql has to wait for this reader, so the script fills the pipe and stops.
        reader.execute("SELECT FROM tiktok_ops.kept LIMIT 1")
        restoring = subprocess.Popen(command, env=box.variables(), cwd=box.folder)
        wait_for(box, f"{RESTORING} AND wait_event_type = 'Lock'", 1)
        restoring.kill()
        restoring.wait()
    wait_for(box, RESTORING, 0)

    assert count(box) == NEWER


@pytest.mark.parametrize(
    "last_line",
    [
        b"--\n",
        b"CREATE SCHEMA tiktok_ops;\n",
        b"COPY tiktok_ops.kept (n) FROM stdin;\n",
        b"row 49152\n",
        b"\\.\n",
        b"",
    ],
    ids=["start", "statement", "no row", "in a COPY", "after a COPY", "no COMMIT"],
)
def test_a_script_cut_at_the_end_of_a_line_changes_nothing(
    box: CommandLine, dump: Path, last_line: bytes
) -> None:
    script = script_of(dump)
    cut = script[: script.index(last_line) + len(last_line)] if last_line else script

    done = subprocess.run(
        pg_tools.loader(database_of(box), first=DROP),
        input=cut,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert count(box) == NEWER


def test_a_pg_restore_that_fails_changes_nothing(box: CommandLine, dump: Path) -> None:
    unpack = ["--strict-names", "--table=missing", "--file=-", str(dump)]

    with pytest.raises(StorageError, match="changed nothing"):
        pg_tools.load_script(unpack, database_of(box), first=DROP)

    assert count(box) == NEWER


def test_a_whole_restore_says_what_it_did_in_one_line(
    box: CommandLine, dump: Path
) -> None:
    done = box.run("db", "restore", dump.name, "--yes")

    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert count(box) == OLDER


def test_a_failed_restore_names_its_cause_and_no_dropped_table(
    box: CommandLine,
) -> None:
    url = url_of(box)
    change(url, "CREATE TABLE tiktok_ops.errors AS SELECT 1 AS n")
    change(url, "CREATE TABLE other AS SELECT 1 AS n")
    whole = ["--format=custom", f"--file={box.folder / 'whole'}", f"--dbname={url}"]
    pg_tools.run("pg_dump", whole)

    done = box.run("db", "restore", "whole", "--yes")

    assert done.returncode == 1
    assert 'relation "other" already exists' in done.stderr
    assert count(box) == OLDER


@pytest.mark.parametrize("folder", ["missing", "letter", "/proc"])
def test_a_backup_into_no_writable_folder_tells_the_remedy(
    box: CommandLine, folder: str
) -> None:
    (box.folder / "letter").write_text("Dear database")

    done = box.run("db", "backup", f"{folder}/dump")

    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: {folder}/dump cannot be written (")
    assert "a folder that exists and can be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1
