"""The floor: the same rows, encoded beforehand, into the same tables.

For each 1,000 orders one transaction: COPY BINARY to temporary tables, then a merge.
No HTTP, no decoding, no question, no ledger. ``encode`` takes the rows out of tables
that our own load filled; the process loads them: ``python -m bench.limit FOLDER URL``.
"""

import json
import sys
from pathlib import Path
from typing import Any

import psycopg

_BATCH = 1_000
TABLES = ("orders", "order_lines", "order_status_history", "order_recipients")
_PLAN = "plan.json"

_NUMBER_ORDERS = f"""
    CREATE TEMPORARY TABLE batch AS
    SELECT shop_id, order_id,
           (row_number() OVER (ORDER BY created_at, order_id) - 1) / {_BATCH} AS number
    FROM tiktok.orders
"""
_TAKE_BATCH = """
    COPY (SELECT t.* FROM tiktok.{table} AS t JOIN batch USING (shop_id, order_id)
          WHERE batch.number = {number} ORDER BY t.order_id)
    TO STDOUT (FORMAT BINARY)
"""
_COLUMNS = """
    SELECT attname, attnum = ANY(conkey) FROM pg_attribute
    JOIN pg_constraint ON conrelid = attrelid AND contype = 'p'
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def encode(database_url: str, folder: Path) -> None:
    """Take the rows of the tables out, in files of 1,000 orders."""
    folder.mkdir()
    with psycopg.connect(database_url) as connection:
        connection.execute(_NUMBER_ORDERS.encode())
        connection.execute("CREATE INDEX ON batch (number)")
        connection.execute("ANALYZE batch")
        found = connection.execute("SELECT count(DISTINCT number) FROM batch")
        batches = int((found.fetchone() or (0,))[0])
        merges = {table: _merge(connection, table) for table in TABLES}
        for number in range(batches):
            for table in TABLES:
                _take(connection, table, number, folder)
    (folder / _PLAN).write_text(json.dumps({"batches": batches, "merges": merges}))


def _take(
    connection: psycopg.Connection[Any], table: str, number: int, folder: Path
) -> None:
    statement = _TAKE_BATCH.format(table=table, number=number).encode()
    with (
        connection.cursor().copy(statement) as copy,
        _file(folder, table, number).open("wb") as file,
    ):
        for part in copy:
            file.write(part)


def _merge(connection: psycopg.Connection[Any], table: str) -> str:
    columns = connection.execute(_COLUMNS, [f"tiktok.{table}"]).fetchall()
    keys = ", ".join(name for name, is_key in columns if is_key)
    names = ", ".join(name for name, _ in columns)
    updates = ", ".join(
        f"{name} = excluded.{name}" for name, is_key in columns if not is_key
    )
    return (
        f"INSERT INTO tiktok.{table} ({names}) SELECT {names} FROM stage_{table}"
        f" ON CONFLICT ({keys}) DO UPDATE SET {updates}"
    )


def files_of(folder: Path, table: str) -> list[Path]:
    """The encoded rows of a table."""
    return sorted(folder.glob(f"?????-{table}"))


def _file(folder: Path, table: str, number: int) -> Path:
    return folder / f"{number:05}-{table}"


def main(folder: Path, database_url: str) -> None:
    plan = json.loads((folder / _PLAN).read_text())
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(
                f"CREATE TEMPORARY TABLE stage_{table} (LIKE tiktok.{table})"
                " ON COMMIT DELETE ROWS".encode()
            )
        for number in range(plan["batches"]):
            with connection.transaction():
                _load(connection, folder, number, plan["merges"])


def _load(
    connection: psycopg.Connection[Any],
    folder: Path,
    number: int,
    merges: dict[str, str],
) -> None:
    with connection.cursor() as cursor:
        for table, merge in merges.items():
            copying = f"COPY stage_{table} FROM STDIN (FORMAT BINARY)".encode()
            with cursor.copy(copying) as copy:
                copy.write(_file(folder, table, number).read_bytes())
            cursor.execute(merge.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
