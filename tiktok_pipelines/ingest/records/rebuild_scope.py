"""What a rebuild of a subject covers, if not all: records by the day that dates them.

Most records name their creation, a statement the time it was made. What is asked for
by the id of something else, and lists without times, have no such day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Table, text

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.archive import pages_of
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.ingest.rebuild_shadow import SHADOW
from tiktok_pipelines.ingest.records.archive import read_kept_records
from tiktok_pipelines.ingest.records.deletions import is_deletion
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.parts import RecordMap

_DATING = ("created_at", "statement_at")
_OF_TABLE = f"""
    INSERT INTO {SHADOW}.scope
    SELECT {{key}} FROM tiktok.{{root}}
    WHERE shop_id = :shop_id AND {{column}} >= :start AND {{column}} < :end
"""
_OF_PAGE = text(f"""
    INSERT INTO {SHADOW}.scope SELECT unnest(CAST(:ids AS text[]))
    ON CONFLICT DO NOTHING
""")
_COVERED = text(f"SELECT order_id FROM {SHADOW}.scope WHERE order_id = ANY(:ids)")
_IN_SCOPE = f"IN (SELECT order_id FROM {SHADOW}.scope)"


def dated_by(mapping: RecordMap) -> str | None:
    """The column that gives records of a subject a day; None if none does."""
    root = mapping.root
    told = {item.column for item in (*root.layout.fields, *root.others)}
    is_plain = len(root.keys) == 1
    return next((name for name in _DATING if is_plain and name in told), None)


def fill_scope(
    database: Database, mapping: RecordMap, shop_id: str, days: CreationDays
) -> None:
    """Note the records of these days that the table or a page knows.

    Raises:
        ConfigurationError: the subject's records have no day.
    """
    column = dated_by(mapping)
    if column is None:
        raise ConfigurationError(no_days(mapping))
    (key,) = mapping.root.keys
    root = mapping.root.table
    statement = text(_OF_TABLE.format(key=key, root=root, column=column))
    told = {"shop_id": shop_id, "start": days.start, "end": days.end}
    with database.begin() as connection:
        connection.execute(statement, told)
    for ids in _ids_in_pages(database, mapping, shop_id, days, column=column):
        with database.begin() as connection:
            connection.execute(_OF_PAGE, {"ids": ids})


def no_days(mapping: RecordMap) -> str:
    """Why a subject cannot be limited to days, and what to do."""
    name = mapping.stream.replace("_", "-")
    return (
        f"rebuild {name} cannot be limited to days: TikTok tells no day of creation of"
        " its records. Leave --from and --to out: all of them are compared, and only"
        " what differs is written"
    )


def _ids_in_pages(
    database: Database,
    mapping: RecordMap,
    shop_id: str,
    days: CreationDays,
    *,
    column: str,
) -> Iterator[Sequence[str]]:
    since = days.fetched_since
    for kept in pages_of(database, shop_id, stream=mapping.stream, since=since):
        if not is_deletion(kept.request):
            records = read_kept_records(mapping, kept).records
            yield sorted({r.record_id for r in records if days.holds(r.row[column])})


def covered_of(connection: Connection, page: RecordPage) -> RecordPage:
    """A page with the records that are covered, whatever those say now."""
    ids = sorted({rows.record_id for rows in page.records})
    covered = set(connection.execute(_COVERED, {"ids": ids}).scalars())
    records = [rows for rows in page.records if rows.record_id in covered]
    return replace(page, records=records)


def limit_of(mapping: RecordMap, table: Table) -> str:
    """Which rows of a table are compared, as SQL about ``t``: those of its records.

    A row whose key another record holds by now is that one's.
    """
    (key,) = mapping.root.keys
    keys = [column.name for column in table.primary_key.columns]
    same = " AND ".join(f"o.{name} = t.{name}" for name in keys)
    return (
        f"t.{key} {_IN_SCOPE} AND NOT EXISTS (SELECT FROM tiktok.{table.name} AS o"
        f" WHERE {same} AND o.{key} NOT {_IN_SCOPE})"
    )
