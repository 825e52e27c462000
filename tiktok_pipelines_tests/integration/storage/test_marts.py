"""Views and what comes with them follow their files with each upgrade."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.storage import migrate
from tiktok_pipelines.storage.analysts import Analyst, grant_reading
from tiktok_pipelines.storage.database import Database, driver_connection
from tiktok_pipelines.storage.marts.views import View, views
from tiktok_pipelines.storage.migrate import is_current, upgrade

VIEWS = """
    SELECT n.nspname || '.' || c.relname, c.oid::bigint,
        obj_description(c.oid, 'pg_class')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'tiktok_mart' AND c.relkind = 'v'
"""
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod),
        col_description(a.attrelid, a.attnum)
    FROM pg_attribute AS a
    WHERE a.attrelid = CAST(:view AS regclass) AND a.attnum > 0 ORDER BY a.attnum
"""
SHORT = {"timestamp with time zone": "timestamptz", "double precision": "float8"}
ORDERS = "tiktok_mart.fct_orders"
MIGRATIONS = Path(migrate.__file__).parent / "migrations"
NEXT = """
from alembic import op

revision, down_revision = "9999", "{head}"

def upgrade():
    op.execute("ALTER TABLE tiktok.orders ALTER total_amount TYPE float8")
"""


def asked(database: Database, statement: str, **bound: object) -> list[Any]:
    with database.begin() as connection:
        found = connection.execute(text(statement), bound)
        return list(found.all()) if found.returns_rows else []


def oids(database: Database) -> Mapping[str, int]:
    return {name: oid for name, oid, _ in asked(database, VIEWS)}


def forget(database: Database, name: str) -> None:
    """Let the database have another form of a file."""
    asked(
        database,
        "UPDATE tiktok_ops.mart_versions SET content_hash = 'old' WHERE name = :name",
        name=name,
    )


def readers_of(name: str) -> set[str]:
    """That view and all that read it, worked out by another way."""
    found, size = {name}, 0
    while size < len(found):
        size = len(found)
        found |= {view.name for view in views().values() if view.reads & found}
    return found


def changed(before: Mapping[str, int], after: Mapping[str, int]) -> set[str]:
    return {name for name, oid in after.items() if before.get(name) != oid}


@pytest.mark.parametrize("view", views().values(), ids=list(views()))
def test_a_view_has_the_columns_types_and_comments_of_its_head(
    database: Database, view: View
) -> None:
    found = asked(database, COLUMNS, view=view.name)

    told = [(name, SHORT.get(kind, kind), comment) for name, kind, comment in found]
    assert told == [(c.name, c.type, c.comment) for c in view.facts.columns]
    comments = {name: comment for name, _, comment in asked(database, VIEWS)}
    assert comments[view.name] == view.facts.comment


def test_an_upgrade_with_nothing_new_leaves_everything_alone(
    database: Database, database_url: str
) -> None:
    rows = "SELECT xmin::text, region FROM tiktok_mart.regions UNION ALL"
    rows += " SELECT xmin::text, table_name FROM tiktok_mart.streams UNION ALL"
    rows += " SELECT xmin::text, name FROM tiktok_ops.mart_versions"
    before = oids(database), sorted(asked(database, rows))

    upgrade(database_url)

    assert (oids(database), sorted(asked(database, rows))) == before
    assert is_current(database)


def test_a_changed_file_is_applied_with_all_that_read_it(
    database: Database, database_url: str
) -> None:
    before = oids(database)
    forget(database, ORDERS)
    assert not is_current(database)

    upgrade(database_url)

    assert is_current(database)
    assert changed(before, oids(database)) == readers_of(ORDERS)
    assert "tiktok_mart.agg_sku_daily" in readers_of(ORDERS)
    assert "tiktok_mart.dim_shops" not in readers_of(ORDERS)


def test_a_view_that_somebody_dropped_is_made_again(
    database: Database, database_url: str
) -> None:
    before = oids(database)
    asked(database, f"DROP VIEW {ORDERS} CASCADE")
    assert not is_current(database)

    upgrade(database_url)

    assert oids(database).keys() == before.keys()
    assert is_current(database)


def test_a_view_whose_file_is_gone_goes(database: Database, database_url: str) -> None:
    asked(database, "CREATE VIEW tiktok_mart.former AS SELECT 1 AS n")
    asked(database, "CREATE VIEW tiktok_mart.own AS SELECT 1 AS n")
    remember = "INSERT INTO tiktok_ops.mart_versions VALUES (:name, '-', now())"
    asked(database, remember, name="tiktok_mart.former")

    upgrade(database_url)

    assert oids(database).keys() == {*views(), "tiktok_mart.own"}


def test_facts_changed_by_hand_come_back(database: Database, database_url: str) -> None:
    rows = "SELECT * FROM tiktok_mart.regions ORDER BY region"
    before = asked(database, rows)
    asked(database, "UPDATE tiktok_mart.regions SET currency = 'X' WHERE region = 'MY'")
    asked(database, "DELETE FROM tiktok_mart.regions WHERE region = 'SG'")
    asked(database, "UPDATE tiktok_mart.regions SET region = 'ZZ' WHERE region = 'VN'")

    upgrade(database_url)

    assert asked(database, rows) == before


def test_views_of_others_are_never_dropped(
    database: Database, database_url: str
) -> None:
    asked(database, f"CREATE VIEW public.own AS SELECT order_id FROM {ORDERS}")
    before = oids(database)
    forget(database, ORDERS)

    with pytest.raises(ConfigurationError, match=r"view own .*drop it, run .* upgrade"):
        upgrade(database_url)

    assert oids(database) == before
    assert asked(database, "SELECT * FROM public.own") == []


def one_more_migration(folder: Path) -> Path:
    """The migrations, and behind them one that no view survives."""
    shutil.copytree(MIGRATIONS, folder)
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions" / "9999_next.py").write_text(NEXT.format(head=head))
    return folder


def test_views_step_aside_while_tables_are_altered(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    before = oids(database)

    upgrade(database_url, one_more_migration(tmp_path / "migrations"))

    assert changed(before, oids(database)) == set(before)
    kinds = {name: kind for name, kind, _ in asked(database, COLUMNS, view=ORDERS)}
    assert kinds["total_amount"] == "double precision"


@pytest.fixture
def reader(database: Database) -> Iterator[str]:
    """An analyst's role, and one of whom only the database's owner knows."""
    asked(database, "CREATE ROLE mart_reader")
    asked(database, "CREATE ROLE mart_guest")
    with database.begin() as connection:
        grant_reading(driver_connection(connection), Analyst("mart_reader"))
    asked(database, "GRANT USAGE ON SCHEMA tiktok_mart TO mart_guest")
    asked(database, f"GRANT SELECT ON {ORDERS} TO mart_guest")
    yield "mart_reader"
    for role in ("mart_reader", "mart_guest"):
        asked(database, f"DROP OWNED BY {role}")
        asked(database, f"DROP ROLE {role}")


def count_as(url: str, role: str, view: str) -> int:
    with psycopg.connect(url) as connection:
        connection.execute(f"SET ROLE {role}".encode())
        row = connection.execute(f"SELECT count(*) FROM {view}".encode()).fetchone()
        assert row is not None
        return int(row[0])


def test_who_read_a_view_reads_it_when_it_was_made_anew(
    database: Database, database_url: str, reader: str
) -> None:
    forget(database, "tiktok_mart.dim_shops")  # nearly all read it

    upgrade(database_url)

    assert {count_as(database_url, reader, view) for view in views()} == {0}
    assert count_as(database_url, "mart_guest", ORDERS) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        count_as(database_url, "mart_guest", "tiktok_mart.dim_shops")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        count_as(database_url, reader, "tiktok.order_recipients")
