"""Shops: rows in, rows out; their ciphers encrypted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects.postgresql import Insert, insert

from tiktok_pipelines.api.client import AuthorizedShop
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher

_RHYTHMS = {
    "orders": 15,
    "inventory": 60,
    "products": 60,
    "fulfillment": 60,
    "returns": 60,
    "finance": 360,
    "tokens": 1440,
}
"""Minutes between two starts of each sync of a new shop."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A row of ``tiktok_ops.shops``; the cipher stays encrypted.

    Attributes:
        last_error_message: what failed in the shop; else what its seller has to do
            before the tokens end; None if all is well.
    """

    shop_id: str
    name: str
    region: str
    seller: str
    cipher: str
    is_enabled: bool
    sync_status: str
    last_error_message: str | None


class ShopStore:
    """Reads and writes ``tiktok_ops.shops``."""

    def __init__(self, database: Database, cipher: TokenCipher) -> None:
        self.database = database
        self.cipher = cipher

    def save_shops(
        self,
        connection: Connection,
        seller: str,
        shops: Sequence[AuthorizedShop],
        *,
        api_version: str,
        now: datetime,
    ) -> None:
        """Store every shop of a seller, enabled, with its rhythms.

        A shop named without a cipher keeps the one it has.
        """
        for shop in shops:
            row: dict[str, object] = {
                "shop_id": shop.id,
                "name": shop.name,
                "region": shop.region,
                "seller_type": shop.seller_type,
                "code": shop.code,
                "cipher": self.cipher.encrypt(shop.cipher),
                "seller": seller,
                "api_version": api_version,
                "sync_status": "idle",
                "last_error_message": None,
                "is_enabled": True,
                "connected_at": now,
                "consent_ends_at": None,
            }
            kept = () if shop.cipher else ("cipher",)
            connection.execute(upsert_row(tables.shops, "shop_id", row, kept=kept))
            connection.execute(_ADD_RHYTHMS, _rhythm_rows(shop.id))

    def mark_left_out(
        self, connection: Connection, seller: str, named: list[str], *, now: datetime
    ) -> Sequence[str]:
        """Mark the seller's shops that a consent did not name; return their ids."""
        told = {"seller": seller, "named": named, "message": _LEFT_OUT, "now": now}
        return sorted(connection.execute(_MARK_LEFT_OUT, told).scalars().all())

    def shops(self) -> tuple[Shop, ...]:
        """All shops, by id."""
        found = self.database.transact(
            lambda connection: connection.execute(_SHOPS).all()
        )
        return tuple(Shop(*row) for row in found)

    def get(self, shop_id: str) -> Shop:
        """One shop.

        Raises:
            ConfigurationError: no such shop is connected.
        """
        for shop in self.shops():
            if shop.shop_id == shop_id:
                return shop
        raise ConfigurationError(
            f"shop {shop_id} is not connected: see tiktok-pipelines shops list"
        )

    def set_enabled(self, shop_id: str, *, is_enabled: bool) -> None:
        """Switch the syncs of a shop on or off."""
        self.get(shop_id)
        self.execute(_SET_ENABLED, {"shop_id": shop_id, "is_enabled": is_enabled})

    def shop_cipher(self, shop: Shop) -> SecretStr:
        """The shop's cipher, readable."""
        return self.cipher.decrypt(shop.cipher, f"the cipher of shop {shop.shop_id}")

    def execute(self, statement: TextClause, parameters: Mapping[str, object]) -> None:
        """One statement that may run twice, in a transaction of its own."""
        self.database.transact(
            lambda connection: connection.execute(statement, parameters)
        )


_SHOPS = text("""
    SELECT shop.shop_id, coalesce(shop.name, ''), coalesce(shop.region, ''),
           shop.seller, shop.cipher, shop.is_enabled, shop.sync_status,
           coalesce(shop.last_error_message, c.refresh_error_message,
               'the seller''s authorisation ends on ' ||
               to_char(shop.consent_ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') ||
               ': tiktok-pipelines shops connect')
    FROM tiktok_ops.shops AS shop
    LEFT JOIN tiktok_ops.credentials AS c ON c.seller = shop.seller
    ORDER BY shop.shop_id
""")
_SET_ENABLED = text(
    "UPDATE tiktok_ops.shops SET is_enabled = :is_enabled WHERE shop_id = :shop_id"
)
_ADD_RHYTHMS = text("""
    INSERT INTO tiktok_ops.sync_schedules (shop_id, sync, interval_minutes)
    VALUES (:shop_id, :sync, :interval_minutes)
    ON CONFLICT (shop_id, sync) DO NOTHING
""")
_LEFT_OUT = (
    "the seller's last consent does not name this shop: let its owner authorise it,"
    " tiktok-pipelines shops connect, or switch it off, tiktok-pipelines shops disable"
)
_MARK_LEFT_OUT = text("""
    UPDATE tiktok_ops.shops
    SET sync_status = 'error', last_error_at = :now, last_error_message = :message
    WHERE seller = :seller AND shop_id <> ALL(:named)
    RETURNING shop_id
""")


def _rhythm_rows(shop_id: str) -> list[dict[str, object]]:
    return [
        {"shop_id": shop_id, "sync": sync, "interval_minutes": minutes}
        for sync, minutes in _RHYTHMS.items()
    ]


def upsert_row(
    table: Table, key: str, row: dict[str, object], *, kept: Collection[str] = ()
) -> Insert:
    """Insert a row, or overwrite all but the columns kept."""
    statement = insert(table).values(row)
    news = {name: value for name, value in row.items() if name not in kept}
    return statement.on_conflict_do_update(index_elements=[key], set_=news)
