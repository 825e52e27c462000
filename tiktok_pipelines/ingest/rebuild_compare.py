"""Compare the shadow tables with those they mirror, and apply what differs.

All of it happens in one transaction that holds the shop's lock. Rows that come from
elsewhere than the API (``source``) are left out on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, text

from tiktok_pipelines.ingest.rebuild_shadow import REBUILT, SHADOW
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables

_ORIGIN = ("raw_page_id", "synced_at", "lines_synced_at", "part_versions")
_NAMED = 5  # rows named at most, per table and kind

_FROM_API = """NOT EXISTS (
    SELECT FROM tiktok.orders AS f
    WHERE f.shop_id = t.shop_id AND f.order_id = t.order_id AND f.source <> 'api')"""
_SEEN_BY_API = """NOT EXISTS (
    SELECT FROM tiktok.order_status_history AS f
    WHERE (f.shop_id, f.order_id, f.status, f.changed_at)
        = (t.shop_id, t.order_id, t.status, t.changed_at) AND f.source <> 'api')"""
_OURS: Mapping[Table, str] = {
    tables.orders: _FROM_API,
    tables.order_lines: _FROM_API,
    tables.order_status_history: _SEEN_BY_API,
    tables.customers: "true",
}
_IN_SCOPE = f"t.order_id IN (SELECT order_id FROM {SHADOW}.scope)"
_TOUCHED = f"t.buyer_id IN (SELECT buyer_id FROM {SHADOW}.buyers)"

_START = """
    CREATE TEMPORARY TABLE differences_{name} ON COMMIT DROP AS
    SELECT {keys}, CAST('' AS text) AS kind FROM tiktok.{name} WITH NO DATA
"""
# The images are compared, not the values: 1.0 and 1.00 are different amounts.
_FIND = """
    INSERT INTO differences_{name}
    SELECT {keys}, CASE WHEN old.is_there IS NULL THEN 'added'
        WHEN new.is_there IS NULL THEN 'removed'
        WHEN old.content *<> new.content THEN 'changed' ELSE 'moved' END
    FROM ({old}) AS old FULL JOIN ({new}) AS new USING ({keys})
    WHERE old.is_there IS NULL OR new.is_there IS NULL
       OR old.content *<> new.content OR old.origin *<> new.origin
"""
_SIDE = """
    SELECT {keys}, true AS is_there, ROW({content}) AS content, ROW({origin}) AS origin
    FROM {schema}.{name} AS t WHERE t.shop_id = :shop_id AND {ours}
"""
_COUNT = "SELECT kind, count(*) FROM differences_{name} GROUP BY kind"
_NAME = """
    SELECT kind, {place} AS place FROM (
        SELECT *, row_number() OVER (PARTITION BY kind ORDER BY {keys}) AS number
        FROM differences_{name}) AS d
    WHERE number <= :most ORDER BY kind, number
"""
_COLUMNS = """
    SELECT {counts} FROM differences_{name} JOIN tiktok.{name} AS old USING ({keys})
    JOIN {shadow}.{name} AS new USING ({keys}) WHERE kind = 'changed'
"""
_DELETE = """
    DELETE FROM tiktok.{name} AS t USING differences_{name} AS d
    WHERE d.kind = 'removed' AND {same}
"""
_FIND_RECIPIENTS = text("""
    INSERT INTO differences_order_recipients
    SELECT shop_id, order_id, kind
    FROM differences_orders JOIN tiktok.order_recipients USING (shop_id, order_id)
    WHERE kind = 'removed'
""")
_WRITE = """
    INSERT INTO tiktok.{name} ({columns})
    SELECT {columns} FROM {shadow}.{name} JOIN differences_{name} USING ({keys})
    ON CONFLICT ({keys}) DO UPDATE SET {updates}
"""

_TOUCH = text("""
    INSERT INTO tiktok_rebuild.buyers
    SELECT buyer_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND buyer_id IS NOT NULL
      AND order_id IN (SELECT order_id FROM tiktok_rebuild.scope)
    UNION SELECT buyer_id FROM tiktok_rebuild.orders WHERE buyer_id IS NOT NULL
""")
_FORGET_COUNTS = text("DELETE FROM tiktok_rebuild.customers")
_COUNT_AGAIN = text("""
    INSERT INTO tiktok_rebuild.customers (shop_id, buyer_id, first_order_at,
        last_order_at, order_count, extra, raw_page_id, synced_at)
    SELECT :shop_id, t.buyer_id, t.first_at, t.last_at, t.count,
        coalesce(kept.extra, '{}'),
        CASE WHEN kept.is_right THEN kept.raw_page_id ELSE t.page_id END,
        CASE WHEN kept.is_right THEN kept.synced_at ELSE t.synced_at END
    FROM (
        SELECT buyer_id, min(created_at) AS first_at, max(created_at) AS last_at,
            count(*) AS count, max(raw_page_id) AS page_id, max(synced_at) AS synced_at
        FROM (
            SELECT * FROM tiktok_rebuild.orders
            UNION ALL
            SELECT * FROM tiktok.orders
            WHERE shop_id = :shop_id
              AND order_id NOT IN (SELECT order_id FROM tiktok_rebuild.scope)
        ) AS placed
        WHERE buyer_id IN (SELECT buyer_id FROM tiktok_rebuild.buyers)
        GROUP BY buyer_id
    ) AS t
    LEFT JOIN LATERAL (
        SELECT c.extra, c.raw_page_id, c.synced_at,
            (c.first_order_at, c.last_order_at, c.order_count)
                IS NOT DISTINCT FROM (t.first_at, t.last_at, t.count) AS is_right
        FROM tiktok.customers AS c
        WHERE c.shop_id = :shop_id AND c.buyer_id = t.buyer_id
    ) AS kept ON true
""")


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows of one table that are not as the pages tell.

    ``moved`` rows say the same and name another page or fetch. ``columns`` counts the
    changed rows by column; ``rows`` names a few by kind, by key less the shop.
    """

    table: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    columns: Mapping[str, int] = field(default_factory=dict[str, int])
    rows: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def total(self) -> int:
        """All rows that differ."""
        return self.added + self.removed + self.changed + self.moved


def find_differences(
    connection: Connection, target: ShopRun, *, is_limited: bool
) -> tuple[TableDifference, ...]:
    """Compare every table; the differences found wait for ``apply_differences``.

    ``is_limited``: only orders in scope and their buyers are compared. Of recipients
    only those are told whose orders will be removed.
    """
    connection.execute(text("SET LOCAL work_mem = '64MB'"))  # the shop's writers wait
    if is_limited:
        for statement in (_TOUCH, _FORGET_COUNTS, _COUNT_AGAIN):
            connection.execute(statement, {"shop_id": target.shop_id})
    return (
        *(
            find_in_table(
                connection, target, table, ours=_ours(table, is_limited=is_limited)
            )
            for table in REBUILT
        ),
        _find_recipients(connection),
    )


def apply_differences(connection: Connection) -> None:
    """Make the tables what the shadows are; rows that are equal are not rewritten.

    Orders that are removed take their buyer data along: nobody would find it again.
    """
    connection.execute(text(_formatted(_DELETE, tables.order_recipients)))
    for table in REBUILT:
        apply_to_table(connection, table)


def apply_to_table(connection: Connection, table: Table) -> None:
    """Make one table what its shadow is, as far as it was found to differ."""
    connection.execute(text(_formatted(_DELETE, table)))
    connection.execute(text(_formatted(_WRITE, table)))


def find_in_table(
    connection: Connection, target: ShopRun, table: Table, *, ours: str = "true"
) -> TableDifference:
    """Compare one table with its shadow; ``ours``: which rows, as SQL about ``t``."""
    sides = {
        side: _formatted(_SIDE, table, schema=schema, ours=ours)
        for side, schema in (("old", "tiktok"), ("new", SHADOW))
    }
    connection.execute(text(_formatted(_START, table)))
    find = text(_formatted(_FIND, table, **sides))
    connection.execute(find, {"shop_id": target.shop_id})
    return _told(connection, table)


def _find_recipients(connection: Connection) -> TableDifference:
    table = tables.order_recipients
    connection.execute(text(_formatted(_START, table)))
    connection.execute(_FIND_RECIPIENTS)
    return _told(connection, table)


def _ours(table: Table, *, is_limited: bool) -> str:
    if not is_limited:
        return _OURS[table]
    limit = _TOUCHED if table is tables.customers else _IN_SCOPE
    return f"{_OURS[table]} AND {limit}"


def _told(connection: Connection, table: Table) -> TableDifference:
    found = connection.execute(text(_formatted(_COUNT, table)))
    counts = {str(kind): int(rows) for kind, rows in found}
    return TableDifference(
        f"tiktok.{table.name}",
        **counts,
        columns=_columns(connection, table) if counts.get("changed") else {},
        rows=_named(connection, table) if counts else {},
    )


def _columns(connection: Connection, table: Table) -> Mapping[str, int]:
    """How many of the changed rows differ in each column."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE ROW(old.{name}) IS DISTINCT FROM ROW(new.{name}))"
        f" AS {name}"
        for name in _content(table)
    )
    found = connection.execute(text(_formatted(_COLUMNS, table, counts=counts)))
    return {name: n for name, n in found.mappings().one().items() if n}


def _named(connection: Connection, table: Table) -> Mapping[str, Sequence[str]]:
    place = " || ' ' || ".join(name for name in _keys(table) if name != "shop_id")
    statement = text(_formatted(_NAME, table, place=place))
    named: dict[str, list[str]] = {}
    for kind, row in connection.execute(statement, {"most": _NAMED}):
        named.setdefault(kind, []).append(row)
    return named


def _formatted(template: str, table: Table, **more: str) -> str:
    """SQL about one table; its names come from ``storage/tables/``."""
    names = [column.name for column in table.columns]
    others = [name for name in names if name not in _keys(table)]
    return template.format(
        name=table.name,
        shadow=SHADOW,
        keys=", ".join(_keys(table)),
        same=" AND ".join(f"t.{name} = d.{name}" for name in _keys(table)),
        columns=", ".join(names),
        content=", ".join(f"t.{name}" for name in _content(table)),
        origin=", ".join(f"t.{name}" for name in _ORIGIN if name in names),
        updates=", ".join(f"{name} = excluded.{name}" for name in others),
        **more,
    )


def _keys(table: Table) -> Sequence[str]:
    return [column.name for column in table.primary_key.columns]


def _content(table: Table) -> Sequence[str]:
    """The columns that say something, not where it comes from."""
    outside = {*_keys(table), *_ORIGIN}
    return [column.name for column in table.columns if column.name not in outside]
