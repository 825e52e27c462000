"""The inbox's one connection: its statements, and how it comes back."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.types.array import ListBinaryDumper
from psycopg.types.string import BytesBinaryDumper, StrBinaryDumper

from tiktok_pipelines.receiver.rejects import Reject
from tiktok_pipelines.receiver.rows import Row

CHANNEL = "tiktok_webhooks"
"""Who listens on it learns that events have landed."""
_CONNECTS_WITHIN_S = 2
_MOST_REJECTS = 10_000
_INSERT = f"""
    WITH landed AS (
        INSERT INTO tiktok_ops.webhook_events (
            app_key, dedupe_key, event_type, event_name, shop_id, account, pushed_at,
            received_at, body, headers, status, error, delivery_seconds)
        SELECT %b::text, r.dedupe_key, r.event_type, r.event_name, r.shop_id, r.account,
            to_timestamp(r.pushed_at), to_timestamp(r.received_at), r.body,
            r.headers::jsonb, r.status, r.error,
            round((r.received_at - r.pushed_at)::numeric, 3)
        FROM unnest(%b::text[], %b::int4[], %b::text[], %b::text[], %b::text[],
            %b::float8[], %b::float8[], %b::bytea[], %b::text[], %b::text[], %b::text[])
            AS r (dedupe_key, event_type, event_name, shop_id, account, pushed_at,
                received_at, body, headers, status, error)
        ON CONFLICT (app_key, dedupe_key) DO NOTHING
        RETURNING status
    )
    SELECT pg_notify('{CHANNEL}', '') FROM landed WHERE status = 'pending' LIMIT 1
"""
_KEEP_REJECTS = """
    INSERT INTO tiktok_ops.webhook_rejects (received_at, source, reason, reject_count,
        body_bytes, body_sha256, header_names)
    VALUES (to_timestamp(%b::float8), %b, %b, %b, %b, %b, %b)
"""
_TRIM_REJECTS = """
    DELETE FROM tiktok_ops.webhook_rejects
    WHERE reject_id <= (SELECT max(reject_id) FROM tiktok_ops.webhook_rejects) - %b
"""


class InboxConnection:
    """Opens by itself when it is used; ``forget`` it after it failed."""

    def __init__(self, url: str, app_key: str) -> None:
        self._url = url
        self._app_key = app_key
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> psycopg.AsyncConnection[Any]:
        """The connection, opened if there is none.

        A commit that is acknowledged must be on disk, whatever the server's default.

        Raises:
            psycopg.Error: there is no server, or no table.
        """
        async with self._opening:
            if self._connection is None:
                opened = await psycopg.AsyncConnection[Any].connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=_CONNECTS_WITHIN_S,
                    application_name="tiktok receiver",
                    keepalives_idle=5,
                    keepalives_interval=2,
                    keepalives_count=2,
                    tcp_user_timeout=5_000,
                    prepare_threshold=1,
                )
                for kind, dumper in _BINARY.items():
                    opened.adapters.register_dumper(kind, dumper)
                await opened.execute("SET synchronous_commit = on")
                self._connection = opened
            return self._connection

    async def insert(self, rows: Sequence[Row]) -> None:
        """Land rows in one transaction; those that are there already stay as they are.

        Raises:
            psycopg.Error: nothing of it was landed, or the answer was lost.
        """
        connection = self._connection or await self.open()
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(_INSERT, [self._app_key, *columns])

    async def keep_rejects(self, rejects: Sequence[Reject]) -> None:
        """Note some of what was refused; the oldest make room.

        Raises:
            psycopg.Error: nothing of it was noted.
        """
        connection = await self.open()
        for each in rejects:
            await connection.execute(_KEEP_REJECTS, list(each))
        await connection.execute(_TRIM_REJECTS, [_MOST_REJECTS])

    async def ping(self) -> None:
        """Ask for nothing.

        Raises:
            psycopg.Error: nobody answers.
        """
        connection = await self.open()
        try:
            await connection.execute("SELECT 1")
        except psycopg.OperationalError:
            await self.forget()
            raise

    async def forget(self) -> None:
        """Let go of a connection that failed."""
        lost, self._connection = self._connection, None
        if lost is not None:
            with suppress(psycopg.Error, OSError):
                await lost.close()

    async def close(self) -> None:
        """End."""
        await self.forget()


_BINARY: dict[type, type[Any]] = {
    list: ListBinaryDumper,
    bytes: BytesBinaryDumper,
    str: StrBinaryDumper,
}
