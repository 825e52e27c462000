"""What an analyst may read, and what not, tried as that role."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import (
    InsufficientPrivilege,
    ReadOnlySqlTransaction,
    UndefinedTable,
)

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.analysts import grant_reading, known_analysts
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.marts.views import views
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.conftest import administer
from tiktok_pipelines_tests.integration.ingest.rebuilds import change, rebuild
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import order

OPEN = ("tiktok.", "tiktok_mart.")
BUYERS = "tiktok.order_recipients"
READABLE = {
    *(name for name in tables.metadata.tables if name.startswith(OPEN)),
    *views(),
    "tiktok_ops.sync_windows",
    "tiktok_ops.sync_cursors",
} - {BUYERS}
LIKE = "CREATE TABLE {0} AS SELECT 1 AS n"


@pytest.fixture
def own(bare: Commands, postgres: EmbeddedServer, database_url: str) -> Commands:
    """Commands in the home of the server, so that it is their embedded one."""
    home = {"TIKTOK_HOME": str(postgres.home), "TIKTOK_DATABASE_URL": database_url}
    return Commands({**bare.environment, **home})


@pytest.fixture
def dsn(own: Commands, database: Database) -> str:
    """The URL of an analyst; an order is there."""
    commit_order_pages(database, ShopRun("7490000000000000001"), [read([order(1)])])
    return made(own)


def made(commands: Commands, *arguments: str, **more: str) -> str:
    done = commands.run("db", "analyst", *arguments, **more)
    assert done.exit_code == 0, done.output
    (told,) = done.stdout.splitlines()
    return told


def attempt(dsn: str, *statements: str) -> object:
    """The first value of the last statement, as the role of the URL."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def readable(dsn: str) -> set[str]:
    """The tables and views of ours that the role can really read."""
    found: set[str] = set()
    for name in (*tables.metadata.tables, *views()):
        try:
            attempt(dsn, f"SELECT * FROM {name} LIMIT 1")
            found.add(name)
        except (InsufficientPrivilege, UndefinedTable):
            continue
    return found


def test_an_analyst_reads_the_tables_and_the_ledger_and_nothing_else(dsn: str) -> None:
    assert readable(dsn) == READABLE
    assert attempt(dsn, "SELECT current_user") == "tiktok_analyst"
    assert attempt(dsn, "SELECT count(*) FROM tiktok.orders") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tiktok.orders",
        "UPDATE tiktok.orders SET status = 'MINE'",
        "INSERT INTO tiktok_ops.sync_cursors (shop_id, stream) VALUES ('1', 'x')",
        "TRUNCATE tiktok_ops.sync_windows",
        "CREATE TABLE tiktok.mine (n int)",
        "CREATE SCHEMA mine",
    ],
)
def test_an_analyst_writes_nothing_also_when_asking_to(
    dsn: str, statement: str
) -> None:
    with pytest.raises(ReadOnlySqlTransaction):
        attempt(dsn, statement)
    with pytest.raises(InsufficientPrivilege):
        attempt(dsn, "SET default_transaction_read_only = off", statement)


def test_an_analysts_sessions_are_limited(dsn: str) -> None:
    assert attempt(dsn, "SHOW default_transaction_read_only") == "on"
    assert attempt(dsn, "SHOW statement_timeout") == "5min"
    assert attempt(dsn, "SHOW idle_in_transaction_session_timeout") == "10min"


def test_the_limits_hold_in_this_database_alone(
    dsn: str, postgres: EmbeddedServer
) -> None:
    other = postgres.dsn("postgres").replace("postgres@", "tiktok_analyst@")

    assert attempt(dsn, "SELECT 1") == 1
    assert attempt(other, "SHOW statement_timeout") == "0"


def test_tables_and_views_to_come_are_read_where_they_are_for_analysts(
    dsn: str, database: Database
) -> None:
    names = ["tiktok.later", "tiktok_mart.later", "tiktok_ops.later"]
    change(database, *(LIKE.format(name) for name in names))

    assert attempt(dsn, "SELECT n FROM tiktok.later") == 1
    assert attempt(dsn, "SELECT n FROM tiktok_mart.later") == 1
    with pytest.raises(InsufficientPrivilege):
        attempt(dsn, "SELECT n FROM tiktok_ops.later")


def test_a_migration_leaves_an_analyst_what_it_read(
    dsn: str, database: Database, database_url: str
) -> None:
    change(
        database,
        "CREATE TABLE anew (LIKE tiktok_ops.sync_cursors INCLUDING ALL)",
        "DROP TABLE tiktok_ops.sync_cursors CASCADE",
        "ALTER TABLE anew RENAME TO sync_cursors",
        "ALTER TABLE sync_cursors SET SCHEMA tiktok_ops",
    )
    readers = {"tiktok_mart.ops_freshness", "tiktok_mart.ops_completeness"}
    gone = {"tiktok_ops.sync_cursors", *readers}
    assert readable(dsn) == READABLE - gone

    upgrade(database_url)

    assert readable(dsn) == READABLE


def test_buyer_data_in_a_table_made_anew_stays_closed(
    dsn: str, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        analysts = known_analysts(connection)
        connection.execute(f"DROP TABLE {BUYERS}".encode())
        connection.execute(LIKE.format(BUYERS).encode())
        for analyst in analysts:
            grant_reading(connection, analyst)

    assert [analyst.role for analyst in analysts] == ["tiktok_analyst"]
    assert readable(dsn) == READABLE


def test_a_rebuild_leaves_an_analyst_what_it_read(dsn: str, database: Database) -> None:
    change(database, "UPDATE tiktok.orders SET status = 'LOST'")

    assert rebuild(database).shops[0].is_applied

    assert readable(dsn) == READABLE
    status = attempt(dsn, "SELECT status FROM tiktok.orders")
    assert status == "AWAITING_SHIPMENT"


@pytest.mark.parametrize("extra", [(), ("--with-buyers",)], ids=["without", "with"])
def test_a_restore_leaves_an_analyst_what_it_read(
    own: Commands, dsn: str, extra: tuple[str, ...], tmp_path: Path
) -> None:
    dsn = made(own, *extra)
    before = readable(dsn)
    dump = str(tmp_path / "dump")
    assert own.run("db", "backup", dump).exit_code == 0

    done = own.run("db", "restore", dump, "--yes")

    assert done.exit_code == 0, done.output
    assert readable(dsn) == before == READABLE | ({BUYERS} if extra else set())


def test_buyer_data_is_read_on_request_and_as_long_as_it_is_asked_for(
    own: Commands, dsn: str
) -> None:
    made(own, "--with-buyers")
    assert readable(dsn) == READABLE | {BUYERS}

    assert made(own) == dsn
    assert readable(dsn) == READABLE


def test_another_name_is_another_analyst(own: Commands, dsn: str) -> None:
    other = made(own, "--role", 'An O\'Dd "one"', "--with-buyers")

    assert BUYERS in readable(other)
    assert readable(dsn) == READABLE


def test_machines_get_the_role_and_its_url(own: Commands, dsn: str) -> None:
    done = own.run("db", "analyst", "--json")

    assert json.loads(done.stdout) == {
        "role": "tiktok_analyst",
        "with_buyers": False,
        "is_new": False,
        "dsn": dsn,
    }


def test_the_owner_is_made_no_analyst(own: Commands, database_url: str) -> None:
    done = own.run("db", "analyst", "--role", "postgres")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "pass --role with another name" in done.stderr
    assert attempt(database_url, "SHOW default_transaction_read_only") == "off"


@pytest.mark.parametrize(
    "power",
    [
        "GRANT pg_read_all_data TO mighty",
        "GRANT SELECT (name) ON tiktok.order_recipients TO PUBLIC",
        "GRANT INSERT ON tiktok_raw.pages TO PUBLIC",
    ],
)
def test_a_role_that_may_more_by_other_ways_is_named_and_left_alone(
    own: Commands, postgres: EmbeddedServer, database: Database, power: str
) -> None:
    administer(postgres, "DROP ROLE IF EXISTS mighty", "CREATE ROLE mighty")
    change(database, power)

    done = own.run("db", "analyst", "--role", "mighty")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "the role mighty may do more than an analyst" in done.stderr
    found = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'mighty'"
    assert attempt(postgres.dsn("postgres"), found) is False
    with database.begin() as connection:
        granted = "SELECT has_table_privilege('mighty', 'tiktok.orders', 'SELECT')"
        may = connection.exec_driver_sql(granted).scalar_one()
    assert may is power.startswith("GRANT pg_read_all_data")


def test_without_tables_the_remedy_is_told(
    own: Commands, postgres: EmbeddedServer
) -> None:
    administer(
        postgres,
        "DROP DATABASE IF EXISTS tableless",
        "CREATE DATABASE tableless",
    )
    url = postgres.dsn("tableless")

    done = own.run("db", "analyst", "--role", "nobody", TIKTOK_DATABASE_URL=url)

    assert done.exit_code == 2
    assert done.stderr.strip().endswith("tiktok-pipelines db upgrade")


def test_a_user_who_may_make_no_roles_is_told_who_may(
    own: Commands, postgres: EmbeddedServer, database_url: str
) -> None:
    administer(postgres, "DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    url = database_url.replace("postgres@", "guest@")

    done = own.run("db", "analyst", "--role", "another", TIKTOK_DATABASE_URL=url)

    assert (done.exit_code, done.stdout) == (2, "")
    assert 'ALTER USER "guest" CREATEROLE' in done.stderr
