"""What the tables hold of records: asked before pages are written."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, RowMapping

from tiktok_pipelines.ingest.records.keys import (
    Key,
    asked_keys,
    key_arrays,
    key_of,
    table_of,
)
from tiktok_pipelines.ingest.records.plan import KnownRecord
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.lookup import by_key
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.versions import Version


def known_records(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    keys: Collection[Key],
) -> Mapping[Key, KnownRecord]:
    """What is held of some records."""
    if not keys:
        return {}
    root = mapping.root
    table = table_of(root.table)
    statement = target.sql(_statement(root.table, root.keys))
    asked = {"shop_id": target.shop_id, **key_arrays(table, root.keys, keys)}
    found = connection.execute(statement, asked).mappings()
    return {key_of(row, table, root.keys): _known(row) for row in found}


def known_marks(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    column: str,
    keys: Collection[Key],
) -> Mapping[Key, object]:
    """What a column of the root holds for some records."""
    root = mapping.root
    table = table_of(root.table)
    names = ", ".join(f"held.{name}" for name in root.keys)
    statement = target.sql(
        f"SELECT {names}, held.{column} AS mark FROM {_held(root.table, root.keys)}"
    )
    asked = {"shop_id": target.shop_id, **key_arrays(table, root.keys, keys)}
    found = connection.execute(statement, asked).mappings()
    return {key_of(row, table, root.keys): row["mark"] for row in found}


def count_records(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    keys: Collection[Key],
) -> int:
    """How many of some records are rows."""
    root = mapping.root
    table = table_of(root.table)
    statement = target.sql(f"SELECT count(*) FROM {_held(root.table, root.keys)}")
    asked = {"shop_id": target.shop_id, **key_arrays(table, root.keys, keys)}
    return connection.execute(statement, asked).scalar_one()


def listed_records(connection: Connection, target: ShopRun, mapping: RecordMap) -> int:
    """How many rows are not marked as deleted."""
    table = mapping.root.table
    is_listed = "TRUE"
    if "deleted_at" in table_of(table).columns:
        is_listed = "deleted_at IS NULL"
    statement = target.sql(
        f"SELECT count(*) FROM {{schema}}.{table}"
        f" WHERE shop_id = :shop_id AND {is_listed}"
    )
    return connection.execute(statement, {"shop_id": target.shop_id}).scalar_one()


@cache
def _statement(name: str, keys: tuple[str, ...]) -> str:
    table = table_of(name)
    absent = [
        f"CAST(NULL AS timestamptz) AS {column}"
        for column in ("updated_at", "deleted_at")
        if column not in table.columns
    ]
    present = [
        f"held.{column}"
        for column in ("updated_at", "deleted_at", "synced_at", "content_hash")
        if column in table.columns
    ]
    own = [f"held.{key}" for key in keys]
    listed = ", ".join([*own, *present, *absent, "held.part_versions"])
    return f"SELECT {listed} FROM {_held(name, keys)}"


@cache
def _held(name: str, keys: tuple[str, ...]) -> str:
    """Rows ``held`` of a table with the keys asked for, as SQL."""
    found = by_key(f"{{schema}}.{name}", keys)
    return f"{asked_keys(table_of(name), keys)} CROSS JOIN {found} AS held"


def _known(row: RowMapping) -> KnownRecord:
    version = Version.of(row["updated_at"], row["synced_at"])
    if row["deleted_at"] is not None:
        deleted = Version.of(row["updated_at"], row["deleted_at"])
        version = max(version, deleted)
    told = cast("Mapping[str, Any]", row["part_versions"])
    return KnownRecord(
        version,
        row["content_hash"],
        {table: Version(*numbers) for table, numbers in told.items()},
        is_deleted=row["deleted_at"] is not None,
    )
