"""A rebuild of some days of creation: theirs are right after it, others untouched."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.rebuild import RebuildReport, RebuildRequest
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.ingest.records.commit import commit_record_pages
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.records.rebuild_scope import dated_by
from tiktok_pipelines.ingest.subjects import ALL, BY_NAME
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import new_database
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.cases import tables_of
from tiktok_pipelines_tests.integration.records.pages import a_return, line, read
from tiktok_pipelines_tests.integration.records.stories import World, lived, world
from tiktok_pipelines_tests.unit.transform.samples import CREATED

DATED = {one.name: column for one in ALL if (column := dated_by(one.mapping))}
SHOP = "7490000000000000001"
A_DAY = 86400


@pytest.fixture(scope="module")
def lively(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Shops that were read while they lived on."""
    home = tmp_path_factory.mktemp("lively")
    with new_database(postgres) as url, world(url, home) as opened:
        lived(opened)
        yield opened


def rebuild(
    database: Database, name: str, days: CreationDays, *, is_dry_run: bool = False
) -> RebuildReport:
    """Rebuild a subject, of some days."""
    request = RebuildRequest(days=days, is_dry_run=is_dry_run)
    mapping = BY_NAME[name].mapping
    return rebuild_records(database, mapping, request, log=lambda _: None)


def change(database: Database, statement: str, **told: object) -> None:
    """Do something to the tables."""
    with database.begin() as connection:
        connection.execute(text(statement), told)


def test_what_has_a_day_of_creation_can_be_limited_to_days() -> None:
    assert {"returns", "cancellations", "packages", "products"} <= DATED.keys()
    assert {"payments", "withdrawals", "statements"} <= DATED.keys()
    assert not {"warehouses", "brands", "inventory", "order_prices"} & DATED.keys()


@pytest.mark.parametrize("name", DATED)
def test_only_the_days_that_are_named_are_put_right(lively: World, name: str) -> None:
    database, subject = lively.pipeline.database, BY_NAME[name]
    root, column = subject.mapping.root, DATED[name]
    day: date = scalar(
        database,
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY"
        f" ({column} AT TIME ZONE 'UTC')::date) FROM tiktok.{root.table}",
    )
    before = [tables_of(database, subject, one) for one in lively.shop_ids]
    change(database, f"UPDATE tiktok.{root.table} SET extra = CAST('[1]' AS jsonb)")

    rebuild(database, name, CreationDays(day, day))

    left = rows(
        database,
        f"SELECT DISTINCT extra = '[1]' AS wrong, ({column} AT TIME ZONE 'UTC')::date"
        f" = :day AS named FROM tiktok.{root.table} WHERE {column} IS NOT NULL",
        day=day,
    )
    assert {row["wrong"] for row in left if row["named"]} == {False}
    assert {row["wrong"] for row in left if not row["named"]} <= {True}
    rebuild(database, name, CreationDays())
    assert [tables_of(database, subject, one) for one in lively.shop_ids] == before


@pytest.mark.parametrize("name", DATED)
def test_rows_that_were_lost_come_back_with_their_parts(
    lively: World, name: str
) -> None:
    database, subject = lively.pipeline.database, BY_NAME[name]
    before = [tables_of(database, subject, one) for one in lively.shop_ids]
    for table in subject.mapping.tables():
        change(database, f"DELETE FROM tiktok.{table}")

    rebuild(database, name, CreationDays(date(2000, 1, 1), date(2100, 1, 1)))

    assert [tables_of(database, subject, one) for one in lively.shop_ids] == before


def test_a_subject_without_days_is_refused(lively: World) -> None:
    days = CreationDays(date(2026, 1, 5))

    with pytest.raises(ConfigurationError, match="Leave --from and --to out"):
        rebuild(lively.pipeline.database, "warehouses", days)


def test_a_line_that_another_return_holds_by_now_stays_with_it(
    database: Database,
) -> None:
    moved = line(1, 1)
    older = a_return(1, return_line_items=[moved])
    newer = a_return(2, create_time=CREATED + 2 * A_DAY, return_line_items=[moved])
    for minutes, record in enumerate((older, newer)):
        page = read([record], minutes)
        commit_record_pages(database, ShopRun(SHOP, "run"), [page])
    day = datetime.fromtimestamp(CREATED, UTC).date()

    report = rebuild(database, "returns", CreationDays(day, day), is_dry_run=True)

    held = scalar(database, "SELECT return_id FROM tiktok.return_lines")
    assert held == newer["return_id"]
    assert report.is_equal
