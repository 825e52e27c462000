"""The log of API calls, written off the hot path by one thread."""

import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, insert, text

from tiktok_pipelines.api.options import CallRecord
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

_BATCH = 500
_GATHER_S = 0.5
_ROOM = 20_000  # records that may wait: past it they are counted, not kept

_HOLD_SHOPS = text("""
    SELECT shop_id FROM tiktok_ops.shops WHERE shop_id = ANY(:ids) FOR KEY SHARE
""")


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls of the API, and the seconds waited to keep its limits."""

    calls: int = 0
    waited_s: float = 0.0

    def plus(self, record: CallRecord) -> "Usage":
        """One call more."""
        return Usage(self.calls + 1, self.waited_s + record.waited_s)


class ApiLog:
    """Takes call records without waiting and writes them in batches.

    A load never waits for its log, nor fails because of it: what cannot be written
    is dropped and counted in ``dropped``. ``usage_of`` tells what a shop has cost.
    """

    def __init__(self, database: Database, run_id: str = "") -> None:
        self.dropped = 0
        self._usage: dict[str, Usage] = {}
        self._counting = threading.Lock()
        self._database = database
        self._run_id = run_id
        self._closing = threading.Event()
        self._queue: queue.SimpleQueue[CallRecord | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._queue.put(None)
        self._thread.join(timeout=30)

    def take(self, record: CallRecord) -> None:
        """Take note of an attempt; returns at once."""
        with self._counting:
            self._usage[record.shop_id] = self.usage_of(record.shop_id).plus(record)
        if self._queue.qsize() < _ROOM:
            self._queue.put(record)
        else:
            self.dropped += 1

    def usage_of(self, shop_id: str) -> Usage:
        """What was asked for a shop since the log was opened."""
        return self._usage.get(shop_id, Usage())

    def _write_all(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._next_batch()
            if batch:
                self._write(batch)
                self._closing.wait(_GATHER_S)  # the first at once, the next together

    def _next_batch(self) -> tuple[Sequence[CallRecord], bool]:
        """Wait for a record, then take what else is there."""
        batch: list[CallRecord] = []
        record = self._queue.get()
        while record is not None:
            batch.append(record)
            if len(batch) == _BATCH or self._queue.empty():
                return batch, True
            record = self._queue.get()
        return batch, False

    def _write(self, batch: Sequence[CallRecord]) -> None:
        rows = [_row(record, self._run_id) for record in batch]
        try:
            with self._database.begin() as connection:
                kept = _of_connected(connection, rows)
                if kept:
                    connection.execute(insert(tables.tiktok_api_logs), kept)
        except PipelineError:
            self.dropped += len(batch)


def _of_connected(
    connection: Connection, rows: Sequence[Mapping[str, object]]
) -> Sequence[Mapping[str, object]]:
    """Rows of shops that still are: one that was purged comes back in no log.

    The shops found cannot be purged before the transaction ends.
    """
    asked = {"ids": list({row["shop_id"] for row in rows})}
    present = {None, *connection.execute(_HOLD_SHOPS, asked).scalars()}
    return [row for row in rows if row["shop_id"] in present]


def _row(record: CallRecord, run_id: str) -> dict[str, object]:
    return {
        "shop_id": record.shop_id or None,
        "started_at": record.started_at,
        "method": record.method,
        "path": record.path,
        "api_version": record.api_version,
        "attempt": record.attempt,
        "http_status": record.http_status,
        "code": record.code,
        "request_id": record.request_id,
        "duration_ms": round(record.duration_s * 1000),
        "waited_ms": round(record.waited_s * 1000),
        "error": record.error or None,
        "run_id": run_id,
    }
