"""How each stream of a shop is doing: ``tiktok_ops.sync_states``, and the shop itself.

Why a stream failed is told as a class: ``token`` (the seller or the key must act),
``limit`` (TikTok let us wait too long), ``failed`` (anything else). A stream that is
late without having failed is told by its age.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from tiktok_pipelines.errors import (
    AuthorizationError,
    DecryptionError,
    NeedsConsent,
    PipelineError,
    RateLimitedError,
    TokenExpiredError,
)
from tiktok_pipelines.tokens.shops import ConnectedShops

TOKEN, LIMIT, FAILED = "token", "limit", "failed"
_OF_TOKENS = (AuthorizationError, DecryptionError, NeedsConsent, TokenExpiredError)
_LONGEST = 2000

_NOTE_SUCCESS = text("""
    INSERT INTO tiktok_ops.sync_states (shop_id, stream, sync, tried_at, succeeded_at)
    SELECT shop_id, :stream, :sync, :now, :now
    FROM tiktok_ops.shops WHERE shop_id = :shop_id
    ON CONFLICT (shop_id, stream) DO UPDATE
    SET sync = excluded.sync, tried_at = excluded.tried_at,
        succeeded_at = excluded.succeeded_at, reason = NULL, message = NULL
""")
_NOTE_FAILURE = text("""
    INSERT INTO tiktok_ops.sync_states
        (shop_id, stream, sync, tried_at, failed_at, reason, message)
    SELECT shop_id, :stream, :sync, :now, :now, :reason, :message
    FROM tiktok_ops.shops WHERE shop_id = :shop_id
    ON CONFLICT (shop_id, stream) DO UPDATE
    SET sync = excluded.sync, tried_at = excluded.tried_at,
        failed_at = excluded.failed_at, reason = excluded.reason,
        message = excluded.message
""")
_OTHERS = text("""
    SELECT message FROM tiktok_ops.sync_states
    WHERE shop_id = :shop_id AND stream <> :stream AND reason IS NOT NULL
    ORDER BY failed_at DESC LIMIT 1
""")


def reason_of(error: PipelineError) -> str:
    """The class of a failure."""
    if isinstance(error, _OF_TOKENS):
        return TOKEN
    return LIMIT if isinstance(error, RateLimitedError) else FAILED


@dataclass(frozen=True, slots=True)
class SyncStates:
    """Tells how one stream of one shop is doing, and with it the shop."""

    shops: ConnectedShops
    shop_id: str
    stream: str
    sync: str

    @contextmanager
    def told(self) -> Generator[None]:
        """Say that a sync works, and at the end of the block how it went.

        A failure is noted as well as may be, and goes on.
        """
        now = self.shops.clock.now()
        try:
            self.shops.set_status(self.shop_id, "syncing")
            yield
            self._note_success()
        except PipelineError as error:
            self._note_failure(error, now)
            raise

    def _note_success(self) -> None:
        """The shop is idle, unless another stream of it stands still."""
        asked = {
            "shop_id": self.shop_id,
            "stream": self.stream,
            "sync": self.sync,
            "now": self.shops.clock.now(),
        }

        def note(connection: Connection) -> str | None:
            connection.execute(_NOTE_SUCCESS, asked)
            other = {name: asked[name] for name in ("shop_id", "stream")}
            return connection.execute(_OTHERS, other).scalar_one_or_none()

        other = self.shops.store.database.transact(note)
        status = "idle" if other is None else "error"
        self.shops.set_status(self.shop_id, status, message=other)

    def _note_failure(self, error: PipelineError, now: datetime) -> None:
        message = str(error)[:_LONGEST]
        asked = {
            "shop_id": self.shop_id,
            "stream": self.stream,
            "sync": self.sync,
            "now": now,
            "reason": reason_of(error),
            "message": message,
        }
        try:
            self.shops.store.database.transact(
                lambda connection: connection.execute(_NOTE_FAILURE, asked)
            )
            self.shops.set_status(self.shop_id, "error", error_at=now, message=message)
        except PipelineError as second:
            error.add_note(f"its status could not be noted: {second}")
