"""Tokens and shops: rows in, rows out; both tokens always in one commit."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr
from sqlalchemy import Connection, RowMapping, text, update

from tiktok_pipelines.api.auth import TokenGrant
from tiktok_pipelines.errors import NeedsConsent
from tiktok_pipelines.storage import tables
from tiktok_pipelines.tokens.shop_store import Shop, ShopStore, upsert_row

__all__ = ["UNKNOWN_END", "SellerTokens", "Shop", "TokenStore"]

UNKNOWN_END = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for an end of consent that TikTok did not tell: it is asked, never assumed.

Source: docs/tiktok-shop-api.md, "OAuth and tokens".
"""


@dataclass(frozen=True, slots=True)
class SellerTokens:
    """Both tokens of one seller, readable; prints without them.

    Attributes:
        given_up: why TikTok takes them no longer and what to do; "" if it does.
        refresh_refused: why TikTok gives no new ones, while these still work; "" if it
            does.
    """

    seller: str
    access: SecretStr
    refresh: SecretStr
    access_expires_at: datetime
    refresh_expires_at: datetime
    refreshed_at: datetime
    given_up: str = field(default="", compare=False)
    refresh_refused: str = field(default="", compare=False)


class TokenStore(ShopStore):
    """Reads and writes the two tables; nobody else does."""

    def seller_tokens(self, seller: str) -> SellerTokens:
        """The tokens as they are now.

        Raises:
            NeedsConsent: the seller never consented.
            DecryptionError: no configured key reads them.
        """
        statement = text("SELECT * FROM tiktok_ops.credentials WHERE seller = :seller")
        row = self.database.transact(
            lambda connection: (
                connection.execute(statement, {"seller": seller})
                .mappings()
                .one_or_none()
            )
        )
        if row is None:
            raise NeedsConsent(f"seller {seller} is not connected: run shops connect")
        return self._tokens(row)

    def _tokens(self, row: RowMapping) -> SellerTokens:
        seller = row["seller"]
        return SellerTokens(
            seller,
            self.cipher.decrypt(row["access_token"], f"{seller}'s access token"),
            self.cipher.decrypt(row["refresh_token"], f"{seller}'s refresh token"),
            row["access_expires_at"],
            row["refresh_expires_at"],
            row["refreshed_at"],
            row["last_error_message"] or "",
            row["refresh_error_message"] or "",
        )

    @contextmanager
    def refreshing(self, seller: str) -> Generator[None]:
        """Be the only one to replace or give up the tokens of this seller.

        Unless the database loses the session meanwhile: see ``Database.lock``.
        """
        with self.database.lock(f"refresh {seller}"):
            yield

    def sellers(self) -> Sequence[str]:
        """Every seller that ever consented."""
        statement = text("SELECT seller FROM tiktok_ops.credentials ORDER BY seller")
        return self.database.transact(
            lambda connection: connection.execute(statement).scalars().all()
        )

    def prove_writable(self, seller: str) -> None:
        """Write the seller's row as it is.

        Before TikTok is asked for tokens that replace the stored ones: a database
        that could not take the new ones must not cost the old ones.

        Raises:
            StorageError: the database is full, read-only or otherwise no home for
                tokens.
        """
        self.execute(_REWRITE, {"seller": seller})

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
            **_NO_ERRORS,
        }
        connection.execute(upsert_row(tables.credentials, "seller", row))

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
        it leaves out stays as it was. Shops that were marked because the old tokens
        seemed to be lost are well again.
        """
        row = self._grant_row(grant, app_key, now)
        told = {name: value for name, value in row.items() if value}
        credentials = tables.credentials
        connection.execute(_HEAL_SHOPS, {"seller": seller})
        connection.execute(
            update(credentials)
            .where(credentials.c.seller == seller)
            .values(told | _NO_ERRORS)
        )

    def _grant_row(
        self, grant: TokenGrant, app_key: str, now: datetime
    ) -> dict[str, object]:
        return {
            "seller_name": grant.seller_name,
            "seller_region": grant.seller_base_region,
            "app_key": app_key,
            "access_token": self.cipher.encrypt(grant.access_token),
            "refresh_token": self.cipher.encrypt(grant.refresh_token),
            "access_expires_at": grant.access_expires_at,
            "refresh_expires_at": grant.refresh_expires_at,
            "refreshed_at": now,
            "granted_scopes": list(grant.granted_scopes),
            "token_metadata": dict(grant.metadata),
        }

    def mark_seller_broken(self, seller: str, message: str, now: datetime) -> None:
        """Mark every shop of a seller ``error`` with what to do."""
        parameters = {"seller": seller, "message": message, "now": now}
        self.execute(_BREAK_SELLER, parameters)

    def note_refresh_refused(self, seller: str, message: str) -> None:
        """Note that TikTok gives a seller no new tokens, while the old ones work."""
        self.execute(_REFUSE_REFRESH, {"seller": seller, "message": message})


_NO_ERRORS = {"last_error_message": None, "refresh_error_message": None}
_REWRITE = text(
    "UPDATE tiktok_ops.credentials SET seller = seller WHERE seller = :seller"
)
_BREAK_SELLER = text("""
    WITH broken AS (
        UPDATE tiktok_ops.credentials
        SET last_error_message = :message, refresh_error_message = NULL
        WHERE seller = :seller
    )
    UPDATE tiktok_ops.shops
    SET sync_status = 'error', last_error_at = :now, last_error_message = :message
    WHERE seller = :seller
""")
_REFUSE_REFRESH = text("""
    UPDATE tiktok_ops.credentials SET refresh_error_message = :message
    WHERE seller = :seller
""")
_HEAL_SHOPS = text("""
    UPDATE tiktok_ops.shops AS shop
    SET sync_status = 'idle', last_error_message = NULL
    FROM tiktok_ops.credentials AS c
    WHERE c.seller = :seller AND shop.seller = c.seller
      AND shop.last_error_message = c.last_error_message
""")
