"""How many rows the tables hold of a shop, and of days of orders."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Table, TextClause, text

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow


def rows_by_day(
    database: Database, table: Table, shop_id: str, days: Collection[date]
) -> dict[date, int]:
    """Rows of orders created on each day (UTC), 0 where there are none.

    Customers have no day: those are counted who ordered on it.
    """
    if not days:
        return {}
    told = {
        "shop_id": shop_id,
        "start": TimeWindow.of_day(min(days)).start,
        "end": TimeWindow.of_day(max(days) + timedelta(days=1)).start,
    }
    with database.begin() as connection:
        found = connection.execute(_statement(table), told).all()
    counts = {row.day: row.number for row in found}
    return {day: counts.get(day, 0) for day in days}


def _statement(table: Table) -> TextClause:
    counted, joined = "count(*)", ""
    if table is tables.customers:
        counted = "count(DISTINCT o.buyer_id)"
    elif table is not tables.orders:
        joined = f"JOIN {table.schema}.{table.name} AS t USING (shop_id, order_id)"
    return text(f"""
        SELECT (o.created_at AT TIME ZONE 'UTC')::date AS day, {counted} AS number
        FROM tiktok.orders AS o {joined}
        WHERE o.shop_id = :shop_id AND o.created_at >= :start AND o.created_at < :end
        GROUP BY 1
    """)


def rows_of_shop(database: Database, table: Table, shop_id: str) -> int:
    """Rows of a shop in any table of ``tiktok``."""
    statement = text(
        f"SELECT count(*) FROM {table.schema}.{table.name} WHERE shop_id = :shop_id"
    )
    told = {"shop_id": shop_id}
    with database.begin() as connection:
        return connection.execute(statement, told).scalar_one()
