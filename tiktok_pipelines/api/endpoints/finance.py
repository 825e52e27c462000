"""Statements, what they are made of, payouts, and what is not settled yet.

Source: docs/tiktok-shop-api.md, "Finance".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import Search, SortedSearch
from tiktok_pipelines.api.endpoints.table import (
    ORDER_TRANSACTIONS,
    PAYMENT_SEARCH,
    STATEMENT_SEARCH,
    STATEMENT_TRANSACTIONS,
    UNSETTLED_SEARCH,
    WITHDRAWAL_SEARCH,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.timewindow import TimeWindow

WITHDRAWAL_TYPES = ("WITHDRAW", "SETTLE", "TRANSFER", "REVERSE", "PAYMENT", "REFUND")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSearch(SortedSearch):
    """Which statements, by the time they were generated."""

    endpoint = STATEMENT_SEARCH

    generated: TimeWindow | None = None
    sort_field: Literal["statement_time"] = "statement_time"
    payment_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTransactionSearch(SortedSearch):
    """The transactions of one statement; its totals are in the head of each page."""

    endpoint = STATEMENT_TRANSACTIONS

    statement_id: str
    sort_field: Literal["order_create_time"] = "order_create_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSearch(SortedSearch):
    """Which payouts; shops in South East Asia have none."""

    endpoint = PAYMENT_SEARCH

    created: TimeWindow | None = None
    sort_field: Literal["create_time"] = "create_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSearch(Search):
    """Which movements of the seller's balance; every type, unless some are named."""

    endpoint = WITHDRAWAL_SEARCH
    needed: ClassVar = ("types",)

    created: TimeWindow | None = None
    types: Sequence[str] = WITHDRAWAL_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsettledSearch(SortedSearch):
    """Which estimates; a row vanishes once it is settled."""

    endpoint = UNSETTLED_SEARCH

    searched: TimeWindow | None = None
    sort_field: Literal["order_create_time"] = "order_create_time"


FinanceFamily: TypeAlias = (
    StatementSearch
    | StatementTransactionSearch
    | PaymentSearch
    | WithdrawalSearch
    | UnsettledSearch
)


class FinanceCalls(Family[FinanceFamily]):
    """The money of one shop; amounts are signed as received."""

    def order_transactions(self, order_id: str) -> Page:
        """What an order was settled with, by SKU; the order's sums are in the head."""
        return self._access.read(ORDER_TRANSACTIONS, order_id=order_id)
