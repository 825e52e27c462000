"""Write what a plan of records changes, inside the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table

from tiktok_pipelines.ingest.purged import refuse_purged
from tiktok_pipelines.ingest.records.buyers import write_buyers
from tiktok_pipelines.ingest.records.keys import (
    Key,
    asked_keys,
    key_arrays,
    key_of,
    table_of,
)
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.plan import PageRow, RecordPlan
from tiktok_pipelines.ingest.records.raw import keep_pages, next_page_ids
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.upsert import (
    Written,
    merge_different,
    merge_earlier,
)
from tiktok_pipelines.transform.parts import RecordMap, Row


class RecordWriter:
    """Writes a plan; a page is kept if one of its rows is written.

    Attributes:
        rows: rows written, in all tables, by page of the batch.
        records: records written, by page of the batch.
        kept: the pages that went to ``tiktok_raw.pages``.
    """

    def __init__(
        self,
        connection: Connection,
        target: ShopRun,
        mapping: RecordMap,
        pages: Sequence[RecordPage],
    ) -> None:
        self._connection = connection
        self._target = target
        self._mapping = mapping
        self._pages = pages
        self._page_ids = _page_ids(connection, pages)
        self.rows: Counter[int] = Counter()
        self.records: Counter[int] = Counter()
        self.kept: list[int] = []

    def write(self, plan: RecordPlan) -> None:
        """Write all of it.

        Raises:
            ConfigurationError: the shop was purged since the load began.
            PipelineError: the privacy rules changed since the pages were read.
        """
        refuse_purged(self._connection, self._target)
        self._write_roots(plan)
        for table, rows in plan.parts.items():
            merged = self._merged(table, rows)
            self._count(merge_different(self._connection, *merged))
        for table, replaced in plan.replaced.items():
            self._drop(table, replaced, plan.parts.get(table, ()))
        for table, rows in plan.sights.items():
            self._count(merge_earlier(self._connection, *self._sights(table, rows)))
        written = write_buyers(
            self._connection, self._target, self._pages, plan, self._page_ids
        )
        self.rows.update(written)
        self._keep_pages()

    def _write_roots(self, plan: RecordPlan) -> None:
        root = self._mapping.root
        deletion = {"deleted_at", "deleted_reason"} & {*table_of(root.table).c.keys()}
        listed = dict.fromkeys(sorted(deletion))
        rows = [(page, {**listed, **row}) for page, row in plan.rows]
        written = merge_different(self._connection, *self._merged(root.table, rows))
        self._count(written)
        self._count(written, self.records)
        for page, key, versions in plan.dated:
            self.rows[page] += self._date_parts(key, versions)

    def _merged(
        self, name: str, rows: Iterable[PageRow]
    ) -> tuple[Table, Sequence[Row]]:
        """A table and its rows, each key once: the last one that came."""
        keys = self._mapping.keys_of(name)
        found = {tuple(row[key] for key in keys): (page, row) for page, row in rows}
        made = [self._row(page, row) for page, row in found.values()]
        return self._target.table(table_of(name)), made

    def _sights(
        self, name: str, rows: Iterable[PageRow]
    ) -> tuple[Table, Sequence[Row]]:
        """The same of rows that accumulate: the first one that was seen."""
        seen = sorted(rows, key=_synced_at, reverse=True)
        for _, row in seen:
            row.setdefault("seen_at", row["synced_at"])
        return self._merged(name, seen)

    def _row(self, page: int, row: Row) -> Row:
        """A row made for this transaction, with what says where it comes from."""
        row["shop_id"] = self._target.shop_id
        row["raw_page_id"] = self._page_ids[page]
        return row

    def _count(self, written: Written, counter: "Counter[int] | None" = None) -> None:
        """Add what a merge wrote, told by the ids of pages."""
        counter = self.rows if counter is None else counter
        for page, page_id in enumerate(self._page_ids) if written else ():
            counter[page] += written[page_id]

    def _date_parts(self, key: Key, versions: bytes) -> int:
        """Note of a record's parts alone which answer they come from."""
        root = self._mapping.root
        table = table_of(root.table)
        statement = self._target.sql(
            f"UPDATE {{schema}}.{root.table} AS held"
            " SET part_versions = CAST(:versions AS jsonb)"
            f" FROM {asked_keys(table, root.keys)}"
            f" WHERE held.shop_id = :shop_id AND {_same_keys('held', root.keys)}"
            " AND held.part_versions <> CAST(:versions AS jsonb)"
        )
        asked = {
            "shop_id": self._target.shop_id,
            "versions": versions.decode(),
            **key_arrays(table, root.keys, [key]),
        }
        return self._connection.execute(statement, asked).rowcount

    def _drop(
        self, name: str, replaced: Mapping[Key, int], kept: Sequence[PageRow]
    ) -> None:
        """Delete the rows of records that their newest answers do not have."""
        roots, keys = self._mapping.root.keys, self._mapping.keys_of(name)
        table = table_of(name)
        asked = {
            "shop_id": self._target.shop_id,
            **key_arrays(table, roots, replaced),
            **key_arrays(
                table, keys, (tuple(row[key] for key in keys) for _, row in kept), "own"
            ),
        }
        statement = self._target.sql(_drop_statement(name, roots, keys))
        for row in self._connection.execute(statement, asked).mappings():
            self.rows[replaced[key_of(row, table, roots)]] += 1

    def _keep_pages(self) -> None:
        self.kept = [
            number
            for number, page in enumerate(self._pages)
            if self.rows[number] and page.page_id is None
        ]
        keep_pages(
            self._connection,
            self._target,
            self._mapping.stream,
            [(self._page_ids[number], self._pages[number]) for number in self.kept],
        )


def _page_ids(connection: Connection, pages: Sequence[RecordPage]) -> Sequence[int]:
    """The numbers of pages: their own, or new ones."""
    kept = [page.page_id for page in pages if page.page_id is not None]
    return kept if len(kept) == len(pages) else next_page_ids(connection, len(pages))


def _synced_at(pair: PageRow) -> int:
    synced_at = pair[1]["synced_at"]
    return synced_at if isinstance(synced_at, int) else 0


def _same_keys(alias: str, names: Sequence[str], other: str = "asked") -> str:
    return " AND ".join(f"{alias}.{name} = {other}.{name}" for name in names)


@cache
def _drop_statement(name: str, roots: tuple[str, ...], keys: tuple[str, ...]) -> str:
    table = table_of(name)
    own = asked_keys(table, keys, "own").replace("AS asked", "AS own")
    return (
        f"DELETE FROM {{schema}}.{name} AS held USING {asked_keys(table, roots)}"
        f" WHERE held.shop_id = :shop_id AND {_same_keys('held', roots)}"
        f" AND NOT EXISTS (SELECT FROM {own} WHERE {_same_keys('held', keys, 'own')})"
        f" RETURNING {', '.join(f'held.{root}' for root in roots)}"
    )
