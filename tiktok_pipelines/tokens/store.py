"""Tokens and shops: rows in, rows out; both tokens always in one commit."""

from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr
from sqlalchemy import Connection, RowMapping, Table, text, update
from sqlalchemy.dialects.postgresql import Insert, insert

from tiktok_pipelines.api.auth import TokenGrant
from tiktok_pipelines.api.client import AuthorizedShop
from tiktok_pipelines.errors import ConfigurationError, NeedsConsent
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher

_RHYTHMS = {
    "orders": 15,
    "inventory": 60,
    "products": 60,
    "fulfillment": 60,
    "returns": 60,
    "finance": 1440,
    "tokens": 1440,
}
"""Minutes between two starts of each sync of a new shop."""

UNKNOWN_END = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for an end of consent that TikTok did not tell: it is asked, never assumed.

Source: docs/tiktok-shop-api.md, "OAuth and tokens".
"""


@dataclass(frozen=True, slots=True)
class SellerTokens:
    """Both tokens of one seller, readable; prints without them.

    Attributes:
        given_up: why TikTok takes them no longer and what to do; "" if it does.
    """

    seller: str
    access: SecretStr
    refresh: SecretStr
    access_expires_at: datetime
    refresh_expires_at: datetime
    refreshed_at: datetime
    given_up: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Shop:
    """A row of ``tiktok_ops.shops``; the cipher stays encrypted."""

    shop_id: str
    name: str
    region: str
    seller: str
    cipher: str
    is_enabled: bool
    sync_status: str
    last_error_message: str | None


class TokenStore:
    """Reads and writes the two tables; nobody else does."""

    def __init__(self, database: Database, cipher: TokenCipher) -> None:
        self.database = database
        self._cipher = cipher

    def seller_tokens(self, seller: str) -> SellerTokens:
        """The tokens as they are now.

        Raises:
            NeedsConsent: the seller never consented.
            DecryptionError: no configured key reads them.
        """
        statement = text("SELECT * FROM tiktok_ops.credentials WHERE seller = :seller")
        with self.database.begin() as connection:
            found = connection.execute(statement, {"seller": seller}).mappings()
            row = found.one_or_none()
        if row is None:
            raise NeedsConsent(f"seller {seller} is not connected: run shops connect")
        return self._tokens(row)

    def _tokens(self, row: RowMapping) -> SellerTokens:
        seller = row["seller"]
        return SellerTokens(
            seller,
            self._cipher.decrypt(row["access_token"], f"{seller}'s access token"),
            self._cipher.decrypt(row["refresh_token"], f"{seller}'s refresh token"),
            row["access_expires_at"],
            row["refresh_expires_at"],
            row["refreshed_at"],
            row["last_error_message"] or "",
        )

    @contextmanager
    def refreshing(self, seller: str) -> Generator[None]:
        """Be the only one to replace or give up the tokens of this seller."""
        with self.database.lock(f"refresh {seller}"):
            yield

    def sellers(self) -> Sequence[str]:
        """Every seller that ever consented."""
        statement = text("SELECT seller FROM tiktok_ops.credentials ORDER BY seller")
        with self.database.begin() as connection:
            return connection.execute(statement).scalars().all()

    def save_grant(
        self,
        connection: Connection,
        seller: str,
        grant: TokenGrant,
        *,
        app_key: str,
        now: datetime,
    ) -> None:
        """Store a new consent's tokens in the caller's transaction."""
        row = self._grant_row(grant, app_key, now) | {
            "seller": seller,
            "refresh_expires_at": grant.refresh_expires_at or UNKNOWN_END,
            "last_error_message": None,
        }
        connection.execute(_upsert(tables.credentials, "seller", row))

    def save_refresh(
        self,
        connection: Connection,
        seller: str,
        grant: TokenGrant,
        *,
        app_key: str,
        now: datetime,
    ) -> None:
        """Store refreshed tokens in the caller's transaction.

        They belong to the seller they were asked for, whoever the answer names; what
        it leaves out stays as it was.
        """
        row = self._grant_row(grant, app_key, now)
        told = {name: value for name, value in row.items() if value}
        credentials = tables.credentials
        connection.execute(
            update(credentials)
            .where(credentials.c.seller == seller)
            .values(told | {"last_error_message": None})
        )

    def _grant_row(
        self, grant: TokenGrant, app_key: str, now: datetime
    ) -> dict[str, object]:
        return {
            "seller_name": grant.seller_name,
            "seller_region": grant.seller_base_region,
            "app_key": app_key,
            "access_token": self._cipher.encrypt(grant.access_token),
            "refresh_token": self._cipher.encrypt(grant.refresh_token),
            "access_expires_at": grant.access_expires_at,
            "refresh_expires_at": grant.refresh_expires_at,
            "refreshed_at": now,
            "granted_scopes": list(grant.granted_scopes),
            "token_metadata": dict(grant.metadata),
        }

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
                "cipher": self._cipher.encrypt(shop.cipher),
                "seller": seller,
                "api_version": api_version,
                "sync_status": "idle",
                "last_error_message": None,
                "is_enabled": True,
                "connected_at": now,
            }
            kept = () if shop.cipher else ("cipher",)
            connection.execute(_upsert(tables.shops, "shop_id", row, kept=kept))
            connection.execute(_ADD_RHYTHMS, _rhythm_rows(shop.id))

    def mark_left_out(
        self, connection: Connection, seller: str, named: list[str], *, now: datetime
    ) -> Sequence[str]:
        """Mark the seller's shops that a consent did not name; return their ids."""
        told = {"seller": seller, "named": named, "message": _LEFT_OUT, "now": now}
        return sorted(connection.execute(_MARK_LEFT_OUT, told).scalars().all())

    def shops(self) -> tuple[Shop, ...]:
        """All shops, by id."""
        with self.database.begin() as connection:
            found = connection.execute(_SHOPS).all()
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
        parameters = {"shop_id": shop_id, "is_enabled": is_enabled}
        with self.database.begin() as connection:
            connection.execute(_SET_ENABLED, parameters)

    def shop_cipher(self, shop: Shop) -> SecretStr:
        """The shop's cipher, readable."""
        return self._cipher.decrypt(shop.cipher, f"the cipher of shop {shop.shop_id}")

    def mark_seller_broken(self, seller: str, message: str, now: datetime) -> None:
        """Mark every shop of a seller ``error`` with what to do."""
        parameters = {"seller": seller, "message": message, "now": now}
        with self.database.begin() as connection:
            connection.execute(_BREAK_SELLER, parameters)
            connection.execute(_BREAK_SHOPS, parameters)


_SHOPS = text("""
    SELECT shop_id, coalesce(name, ''), coalesce(region, ''), seller, cipher,
           is_enabled, sync_status, last_error_message
    FROM tiktok_ops.shops ORDER BY shop_id
""")
_SET_ENABLED = text(
    "UPDATE tiktok_ops.shops SET is_enabled = :is_enabled WHERE shop_id = :shop_id"
)
_ADD_RHYTHMS = text("""
    INSERT INTO tiktok_ops.sync_schedules (shop_id, sync, interval_minutes)
    VALUES (:shop_id, :sync, :interval_minutes)
    ON CONFLICT (shop_id, sync) DO NOTHING
""")
_BREAK_SELLER = text("""
    UPDATE tiktok_ops.credentials SET last_error_message = :message
    WHERE seller = :seller
""")
_BREAK_SHOPS = text("""
    UPDATE tiktok_ops.shops
    SET sync_status = 'error', last_error_at = :now, last_error_message = :message
    WHERE seller = :seller
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


def _upsert(
    table: Table, key: str, row: dict[str, object], *, kept: Collection[str] = ()
) -> Insert:
    """Insert a row, or overwrite all but the columns kept."""
    statement = insert(table).values(row)
    news = {name: value for name, value in row.items() if name not in kept}
    return statement.on_conflict_do_update(index_elements=[key], set_=news)
