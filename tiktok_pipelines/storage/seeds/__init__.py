"""Tables whose rows come with the program: one CSV file each, named as the table.

The file is the truth: each upgrade of the database leaves the table as the file is.
What is set for one installation belongs in ``tiktok_ops``, not here.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from importlib import resources

from psycopg import sql
from sqlalchemy import Connection, Table

from tiktok_pipelines.storage.database import driver_connection
from tiktok_pipelines.storage.tables import regions
from tiktok_pipelines.storage.upsert import qualified

SEEDS: Sequence[Table] = (regions,)

_SOW = """
    WITH sown AS (SELECT * FROM jsonb_populate_recordset(CAST(NULL AS {table}), %s)),
    dropped AS (DELETE FROM {table} WHERE {key} NOT IN (SELECT {key} FROM sown))
    INSERT INTO {table} AS kept SELECT * FROM sown
    ON CONFLICT ({key}) DO UPDATE SET {updates}
    WHERE ROW(kept.*) IS DISTINCT FROM ROW(excluded.*)
"""


def rows_of(table: Table) -> Iterator[dict[str, str]]:
    """The rows of a table's file, as text by column."""
    file = resources.files(__name__) / f"{table.name}.csv"
    yield from csv.DictReader(file.read_text("utf-8").splitlines())


def sow(connection: Connection) -> None:
    """Leave each table as its file is; rows that are so already are not rewritten.

    A table that no migration has made yet is passed over: its migration is in drafting.
    """
    driver = driver_connection(connection)
    for table in SEEDS:
        found = driver.execute("SELECT to_regclass(%s)", (table.fullname,)).fetchone()
        if found != (None,):
            rows = json.dumps(list(rows_of(table)))
            driver.execute(_statement(table), (rows,))


def _statement(table: Table) -> sql.Composed:
    (key,) = table.primary_key.columns
    columns = (sql.Identifier(one.name) for one in table.columns if one is not key)
    return sql.SQL(_SOW).format(
        table=qualified(table),
        key=sql.Identifier(key.name),
        updates=sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(column) for column in columns
        ),
    )
