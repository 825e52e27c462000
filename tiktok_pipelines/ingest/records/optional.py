"""Loads of what TikTok does not serve every shop.

A scope that the seller did not grant, a service that the shop does not use: there a
refusal is no failure. The ledger says so, and each sync asks again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tiktok_pipelines.errors import ApiError, AuthorizationError, NotServed
from tiktok_pipelines.ingest.cursors import move_cursor
from tiktok_pipelines.ingest.ledger import (
    Counts,
    Verdict,
    WindowResult,
    record_window,
)
from tiktok_pipelines.ingest.records.known import listed_records
from tiktok_pipelines.ingest.records.subject import Load, Work
from tiktok_pipelines.timewindow import TimeWindow

NOT_THERE = "not there for this shop"
"""How the note of such a refusal begins."""
_NO_SCOPE = frozenset({105005, 66009315})
_FIRST_OF_SERVICES = 10_000_000
_OF_THE_GATEWAY = frozenset({36_004, 36_009, 98_001})
"""Thousands of codes that mean the call, whatever it asks for.

Source: docs/tiktok-shop-api.md, "What is not there for every shop".
"""
_NOTHING = Counts(None, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class IfServed:
    """A load that TikTok may refuse a shop for good.

    Once there is something in the tables a refusal is a failure all the same: else
    what is there would grow old, and nobody would see it.

    Attributes:
        ledger: which stream tells of a refusal; "" for that of the subject.
    """

    load: Load
    ledger: str = ""

    @property
    def name(self) -> str:
        """What ledger and watermark call the load."""
        return self.load.name

    def run(self, work: Work) -> None:
        """Load it, or note that there is nothing to load; see ``Load``."""
        started_at = work.clock.now()
        try:
            self.load.run(work)
        except ApiError as error:
            if not _means_the_shop(error) or _is_held(work):
                raise
            self._note(work, error, started_at)

    def _note(self, work: Work, error: ApiError, started_at: datetime) -> None:
        stream, shop_id = self.ledger or work.stream, work.target.shop_id
        result = _nothing(_reason_of(error), started_at, work.clock.now())
        work.log(f"shop {shop_id}: {work.nouns}: {result.verdict.note}")
        work.results.append(result)
        record_window(work.database, work.target, stream, result)
        move_cursor(
            work.database,
            work.target,
            stream,
            watermark=started_at,
            now=result.finished_at,
        )


def _means_the_shop(error: ApiError) -> bool:
    """Whether it is refused for what the shop is, not for how it was asked."""
    if isinstance(error, AuthorizationError):
        return error.code in _NO_SCOPE
    if isinstance(error, NotServed):
        return True
    is_of_a_service = error.code >= _FIRST_OF_SERVICES
    return (
        is_of_a_service
        and not error.retryable
        and error.code // 1000 not in _OF_THE_GATEWAY
    )


def _is_held(work: Work) -> bool:
    return bool(
        work.database.transact(
            lambda connection: listed_records(connection, work.target, work.mapping)
        )
    )


def _reason_of(error: ApiError) -> str:
    if error.code in _NO_SCOPE:
        return f"{NOT_THERE}: its seller did not grant the scope"
    return f"{NOT_THERE}: TikTok refuses it with code {error.code}"


def _nothing(note: str, started_at: datetime, finished_at: datetime) -> WindowResult:
    """A line of the ledger that is complete, as there is nothing."""
    start = started_at.replace(microsecond=0)
    end = max(finished_at.replace(microsecond=0), start + timedelta(seconds=1))
    return WindowResult(
        window=TimeWindow(start, end),
        time_field="listed",
        counts=_NOTHING,
        verdict=Verdict(is_closed=True, note=note),
        attempts=1,
        pages=0,
        rows_written=0,
        orders_written=0,
        pages_kept=0,
        days=frozenset(),
        new_bad=(),
        started_at=started_at,
        finished_at=finished_at,
    )
