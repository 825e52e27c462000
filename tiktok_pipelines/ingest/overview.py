"""What landed, for people: figures per shop, and sales by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SUBJECTS

_SHOPS = text("""
    SELECT shop.shop_id, coalesce(shop.name, ''), coalesce(shop.region, ''),
           shop.sync_status,
           (SELECT count(*) FROM tiktok.orders AS o
            WHERE o.shop_id = shop.shop_id) AS orders,
           (SELECT count(*) FROM tiktok.order_lines AS l
            WHERE l.shop_id = shop.shop_id) AS lines,
           (SELECT coalesce(max(currency), '') FROM tiktok.orders AS o
            WHERE o.shop_id = shop.shop_id) AS currency,
           (SELECT watermark FROM tiktok_ops.sync_cursors AS c
            WHERE c.shop_id = shop.shop_id AND c.stream = 'orders') AS watermark,
           (SELECT count(DISTINCT w.window_start) FROM tiktok_ops.sync_windows AS w
            WHERE w.shop_id = shop.shop_id AND w.time_field = 'create_time'
              AND w.verdict = 'closed') AS days_closed
    FROM tiktok_ops.shops AS shop WHERE shop.is_enabled ORDER BY shop.shop_id
""")
_GMV = text("""
    SELECT (created_at AT TIME ZONE 'UTC')::date AS day, sum(total_amount) AS amount
    FROM tiktok.orders
    WHERE shop_id = :shop_id AND created_at >= :since
      AND status NOT IN ('UNPAID', 'CANCELLED')
      AND is_sample_order IS NOT TRUE AND is_replacement_order IS NOT TRUE
    GROUP BY 1 ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class ShopOverview:
    """One enabled shop; ``days_closed`` are creation days proven complete."""

    shop_id: str
    name: str
    region: str
    sync_status: str
    orders: int
    lines: int
    currency: str
    watermark: datetime | None
    days_closed: int


def shop_overviews(database: Database) -> Sequence[ShopOverview]:
    """Every enabled shop."""
    with database.begin() as connection:
        rows = connection.execute(_SHOPS).all()
    return [ShopOverview(*row) for row in rows]


def gmv_by_day(
    database: Database, shop_id: str, since: datetime
) -> dict[date, Decimal]:
    """Amounts that buyers pay, by creation day (UTC), in the shop's currency.

    Unpaid, cancelled, sample and replacement orders do not count.
    """
    parameters = {"shop_id": shop_id, "since": since}
    with database.begin() as connection:
        rows = connection.execute(_GMV, parameters).all()
    return {row.day: row.amount for row in rows}


def records_by_subject(database: Database) -> dict[str, int]:
    """How many records each subject beside orders has, in all shops together."""
    with database.begin() as connection:
        return {
            subject.name: connection.execute(
                text(f"SELECT count(*) FROM {subject.tables[0]}")
            ).scalar_one()
            for subject in SUBJECTS
        }
