"""Tables that come with the program are in the database as their files have them."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, text

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines.storage.seeds import SEEDS, rows_of
from tiktok_pipelines.storage.tables import regions

SPOIL = text("""
    UPDATE tiktok_mart.regions SET timezone = 'UTC' WHERE region = 'MY';
    DELETE FROM tiktok_mart.regions WHERE region = 'SG';
    INSERT INTO tiktok_mart.regions
    SELECT 'XX', name, currency, currency_decimals, timezone, is_sea, is_tax_included,
           has_payments, ready_within_hours, handed_over_within_hours,
           delivered_within_hours, low_cover_days, basis
    FROM tiktok_mart.regions WHERE region = 'VN'
""")
VERSIONS = text("SELECT region, xmin::text FROM tiktok_mart.regions")


def in_database(database: Database, table: Table) -> list[dict[str, str]]:
    with database.begin() as connection:
        found = connection.execute(table.select()).mappings()
        return [
            {name: str(value).removesuffix(".0") for name, value in row.items()}
            for row in found
        ]


def as_told(row: dict[str, str]) -> dict[str, str]:
    flags = {"true": "True", "false": "False"}
    return {name: flags.get(value, value) for name, value in row.items()}


def by_key(rows: list[dict[str, str]], table: Table) -> list[dict[str, str]]:
    (key,) = table.primary_key.columns
    return sorted(rows, key=lambda row: row[key.name])


@pytest.mark.parametrize("table", SEEDS, ids=lambda table: str(table.name))
def test_a_new_database_has_what_the_file_has(database: Database, table: Table) -> None:
    told = [as_told(row) for row in rows_of(table)]

    assert len(told) > 5
    assert by_key(in_database(database, table), table) == by_key(told, table)


def test_an_upgrade_leaves_the_table_as_the_file_is(
    database: Database, database_url: str
) -> None:
    before = in_database(database, regions)
    with database.begin() as connection:
        connection.execute(SPOIL)
    assert by_key(in_database(database, regions), regions) != by_key(before, regions)

    upgrade(database_url)

    assert by_key(in_database(database, regions), regions) == by_key(before, regions)


def test_an_upgrade_rewrites_no_row_that_is_so_already(
    database: Database, database_url: str
) -> None:
    def versions() -> set[tuple[str, str]]:
        with database.begin() as connection:
            return {(row[0], row[1]) for row in connection.execute(VERSIONS)}

    before = versions()

    upgrade(database_url)

    assert versions() == before


@pytest.mark.parametrize(
    "row", list(rows_of(regions)), ids=lambda row: str(row["region"])
)
def test_a_market_has_a_real_time_zone_and_limits_in_order(row: dict[str, str]) -> None:
    limits = [
        int(row[f"{step}_within_hours"])
        for step in ("ready", "handed_over", "delivered")
    ]

    assert ZoneInfo(row["timezone"]).key == row["timezone"]
    assert len(row["currency"]) == 3
    assert 0 < limits[0] <= limits[1] <= limits[2]


def test_the_markets_of_south_east_asia_are_all_there() -> None:
    found = {row["region"] for row in rows_of(regions) if row["is_sea"] == "true"}

    assert found == {"MY", "SG", "TH", "VN", "PH", "ID"}
    whole = {r["region"] for r in rows_of(regions) if r["currency_decimals"] == "0"}
    assert whole == {"VN", "ID", "JP"}
