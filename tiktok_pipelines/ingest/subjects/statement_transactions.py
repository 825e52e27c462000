"""What statements are made of: read statement by statement, until it adds up.

TikTok tells some transactions of a statement days after the statement. So one is read
again in each sync while it is young, and for weeks while its transactions do not make
what it settles. Source: docs/tiktok-shop-api.md, "Statements".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.finance import StatementTransactionSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import IncompleteWindow
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.records.doubts import (
    Doubt,
    doubted_ids,
    resolve_if_settled,
)
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.windows import Windows, pull_window
from tiktok_pipelines.ingest.subjects.heads import write_head
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.finance_maps import TOTALS

TIME_FIELD = "statement_day"
"""What the ledger calls it: each of these windows has a verdict of its own."""
_DAY = timedelta(days=1)
_UNCUT = 10**9
_MOST_DOUBTED = 500

_UNREAD = text("""
    SELECT s.statement_id, coalesce(s.statement_at, s.synced_at) AS statement_at
    FROM tiktok.statements s
    LEFT JOIN tiktok.statement_totals h USING (shop_id, statement_id)
    WHERE s.shop_id = :shop_id AND (
        :is_full OR h.statement_id IS NULL
        OR s.statement_at > :now - interval '5 days'
        OR s.statement_id = ANY(:doubted)
        OR s.statement_at > :now - interval '60 days' AND s.settlement_amount <> (
            SELECT coalesce(sum(t.settlement_amount), 0)
            FROM tiktok.statement_transactions t
            WHERE t.shop_id = s.shop_id AND t.statement_id = s.statement_id
        )
    )
    ORDER BY statement_at, statement_id
""")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement, and when it was made."""

    statement_id: str
    statement_at: datetime

    @property
    def day(self) -> TimeWindow:
        """The day that it is about."""
        end = self.statement_at.replace(microsecond=0)
        return TimeWindow(end - _DAY, end)


class StatementTransactions:
    """The transactions of statements that are new, young or do not add up yet.

    Each statement is a window of the ledger: the day that it is about.
    """

    name = ""

    def run(self, work: Work) -> None:
        """Read them; one that is not whole does not keep the others.

        Raises:
            IncompleteWindow: TikTok's count and what came differ for a statement.
        """
        started_at = work.clock.now()
        broken: list[WindowResult] = []

        def pull(statement: _Statement, stop: Stop) -> WindowResult:
            return _pull(work.below(stop), statement)

        def done(result: WindowResult) -> None:
            work.results.append(result)
            if not result.verdict.is_closed:
                broken.append(result)

        in_order(
            _unread(work, started_at),
            pull,
            done,
            workers=work.workers,
            stop=work.stop,
        )
        resolve_if_settled(work, work.stream, before=started_at)
        if broken:
            raise IncompleteWindow(
                f"{work.nouns} of {broken[0].window} are not complete:"
                f" {broken[0].verdict.note}; {len(broken)} statements are read again"
                " by the next sync"
            )


def _unread(work: Work, now: datetime) -> Sequence[_Statement]:
    doubted = [
        statement_id
        for stream in (work.stream, TOTALS.stream)
        for statement_id in doubted_ids(work, stream, before=now, count=_MOST_DOUBTED)
    ]
    asked = {
        "shop_id": work.target.shop_id,
        "now": now,
        "is_full": work.is_full,
        "doubted": doubted,
    }
    with work.database.begin() as connection:
        rows = connection.execute(_UNREAD, asked).all()
    return [_Statement(*row) for row in rows]


def _pull(work: Work, statement: _Statement) -> WindowResult:
    """Read one statement's transactions, then what heads them.

    The head comes last and tells that they were read: it is written only once they are
    in the table, as many as TikTok counts.
    """
    last: list[Page] = []

    def search(shop: ShopClient, _: TimeWindow) -> Iterator[Page]:
        query = StatementTransactionSearch(statement_id=statement.statement_id)
        for page in shop.finance.pages(query):
            last[:] = [page]
            yield page

    way = Windows(
        search,
        time_field=TIME_FIELD,
        most=_UNCUT,
        doubted_as=statement.statement_id,
    )
    (result,) = pull_window(way, work, statement.day)
    if not last or not result.verdict.is_closed:
        return result
    page = last[0]
    doubt = Doubt(TOTALS.stream, (statement.statement_id,), page.fetched_at)
    head = write_head(work, TOTALS, page, doubt)
    return replace(
        result,
        rows_written=result.rows_written + head.rows_written,
        new_bad=(*result.new_bad, *head.new_bad),
    )
