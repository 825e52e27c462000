"""Fill the tables with orders of former years: copies of encoded rows, by SQL.

A copy has ids, buyers and times of its own, so that indexes grow as they do in life.
"""

from pathlib import Path
from typing import Any

import psycopg

from bench import limit

_IDS = frozenset({"order_id", "line_id", "buyer_id"})
_APART = 10**13  # between the ids of two copies: they keep their 18 digits
_DAYS = 90
_COLUMNS = """
    SELECT attname, atttypid::regtype::text FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_COUNT_CUSTOMERS = """
    INSERT INTO tiktok.customers (shop_id, buyer_id, first_order_at, last_order_at,
        order_count, synced_at)
    SELECT shop_id, buyer_id, min(created_at), max(created_at), count(*), max(synced_at)
    FROM tiktok.orders WHERE buyer_id IS NOT NULL GROUP BY shop_id, buyer_id
"""


def fill(database_url: str, folder: Path, copies: int) -> None:
    """Add so many copies of the rows in the folder to empty tables."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in limit.TABLES:
            _take(connection, folder, table)
            statement = _copying(connection, table).encode()
            for number in range(1, copies + 1):
                connection.execute(statement, {"number": number})
        connection.execute(_COUNT_CUSTOMERS)
        connection.execute("VACUUM (ANALYZE)")


def _take(connection: psycopg.Connection[Any], folder: Path, table: str) -> None:
    """The encoded rows in a temporary table."""
    model = f"CREATE TEMPORARY TABLE model_{table} (LIKE tiktok.{table})"
    connection.execute(model.encode())
    copying = f"COPY model_{table} FROM STDIN (FORMAT BINARY)".encode()
    for file in limit.files_of(folder, table):
        with connection.cursor().copy(copying) as copy:
            copy.write(file.read_bytes())


def _copying(connection: psycopg.Connection[Any], table: str) -> str:
    columns = connection.execute(_COLUMNS, [f"tiktok.{table}"]).fetchall()
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(_value(name, kind) for name, kind in columns)
    return f"INSERT INTO tiktok.{table} ({names}) SELECT {values} FROM model_{table}"


def _value(name: str, kind: str) -> str:
    if name in _IDS:
        return f"({name}::numeric - %(number)s * {_APART})::text"
    if kind == "timestamp with time zone":
        return f"{name} - %(number)s * interval '{_DAYS} days'"
    return name
