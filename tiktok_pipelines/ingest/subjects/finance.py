"""Statements, payouts, movements of the balance and estimates: how they are asked for.

Payouts arrive days late and incomplete, so each sync looks back over weeks: what is not
there yet is no fault. Source: docs/tiktok-shop-api.md, "Finance" and "Statements".
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.finance import (
    PaymentSearch,
    StatementSearch,
    WithdrawalSearch,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.ingest.subjects.statement_transactions import (
    StatementTransactions,
)
from tiktok_pipelines.ingest.subjects.unsettled import UnsettledTransactions
from tiktok_pipelines.storage.marts.seeds import has_payments
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.finance_maps import (
    PAYMENTS,
    STATEMENTS,
    TOTALS,
    TRANSACTIONS,
    UNSETTLED,
    UNSETTLED_SUMS,
    WITHDRAWALS,
)

FIRST_DAY = datetime(2023, 7, 1, tzinfo=UTC)
"""TikTok tells of nothing earlier."""
LOOKS_BACK = timedelta(days=60)
"""How long a statement or a payout may take to reach its end."""
_AT_ONCE = timedelta(days=90)


def _statements(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    return shop.finance.pages(StatementSearch(generated=window))


def _payments(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    return shop.finance.pages(PaymentSearch(created=window))


def _withdrawals(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    return shop.finance.pages(WithdrawalSearch(created=window))


FINANCE = (
    Subject(
        STATEMENTS,
        loads=(
            Windows(
                _statements,
                time_field="statement_time",
                step=_AT_ONCE,
                is_counted=False,
                back=LOOKS_BACK,
                not_before=FIRST_DAY,
            ),
        ),
    ),
    Subject(TRANSACTIONS, loads=(StatementTransactions(),)),
    Subject(TOTALS, loads=()),
    Subject(
        PAYMENTS,
        loads=(
            Windows(
                _payments,
                time_field="create_time",
                step=_AT_ONCE,
                is_counted=False,
                back=LOOKS_BACK,
                not_before=FIRST_DAY,
            ),
        ),
        is_for=has_payments,
    ),
    Subject(
        WITHDRAWALS,
        loads=(
            Windows(
                _withdrawals,
                time_field="create_time",
                step=_AT_ONCE,
                back=LOOKS_BACK,
                not_before=FIRST_DAY,
            ),
        ),
    ),
    Subject(UNSETTLED, loads=(UnsettledTransactions(),)),
    Subject(UNSETTLED_SUMS, loads=()),
)
