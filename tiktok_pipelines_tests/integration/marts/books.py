"""Tables of one shop, filled by hand, and what the views make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

Row = dict[str, Any]
SHOP = "S1"


def at(written: str) -> datetime:
    """A moment, UTC: ``2026-03-01 12:00``."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """A shop; times are UTC, amounts are written as texts."""

    database: Database
    shop_id: str = SHOP
    currency: str = "MYR"

    def open(self, region: str, **row: Any) -> "Books":
        """Write the shop itself down."""
        self.add(
            "tiktok_ops.shops",
            name=f"Shop {self.shop_id}",
            region=region,
            cipher="-",
            seller="seller",
            api_version="202309",
            **row,
        )
        return self

    def add(self, table: str, **row: Any) -> None:
        """One row; the shop, a currency and a time of loading come by themselves."""
        found = tables.metadata.tables[table if "." in table else f"tiktok.{table}"]
        base: Row = {
            "shop_id": self.shop_id,
            "currency": self.currency,
            "synced_at": at("2026-01-01"),
        }
        values = {
            name: value for name, value in (base | row).items() if name in found.columns
        }
        assert row.keys() <= values.keys(), row.keys() - values.keys()
        with self.database.begin() as connection:
            connection.execute(insert(found).values(values))

    def order(
        self, order_id: str, created: str, status: str = "COMPLETED", **row: Any
    ) -> None:
        self.add(
            "orders", order_id=order_id, created_at=at(created), status=status, **row
        )

    def lines(self, order_id: str, *lines: Mapping[str, object]) -> None:
        """Units of an order; without more each is of SKU K1 and costs 10."""
        for place, line in enumerate(lines, 1):
            usual = {"sku_id": "K1", "original_price": "10", "sale_price": "10"}
            key = {"line_id": f"{order_id}-{place}", "order_id": order_id}
            self.add("order_lines", **(usual | key | dict(line)))

    def rows(self, view: str, where: str = "true") -> Sequence[Row]:
        """What a view tells, numbers without trailing zeros."""
        statement = text(
            f"SELECT * FROM tiktok_mart.{view} WHERE {where} ORDER BY 1, 2"
        )
        with self.database.begin() as connection:
            found = connection.execute(statement).mappings().all()
        return [{name: _plain(value) for name, value in row.items()} for row in found]

    def row(self, view: str, where: str = "true") -> Row:
        """The only row."""
        (found,) = self.rows(view, where)
        return found


def _plain(value: object) -> object:
    """Decimals as the numbers they are: 10.00 is 10."""
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def part(row: Row, *names: str) -> Row:
    """Some of a row's columns."""
    return {name: row[name] for name in names}
