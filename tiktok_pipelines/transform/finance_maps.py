"""How statements, transactions, payouts and estimates become rows."""

from collections.abc import Iterator
from typing import cast

from tiktok_pipelines.transform import known_components as known
from tiktok_pipelines.transform.components import components, missed_breakdowns
from tiktok_pipelines.transform.fields import numbers
from tiktok_pipelines.transform.finance_fields import (
    ESTIMATE,
    PAYMENT,
    STATEMENT,
    STATEMENT_TOTALS,
    TOTALS_BREAKDOWN,
    TRANSACTION,
    UNSETTLED_TOTALS,
    WITHDRAWAL,
    money_block,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import (
    Block,
    Derived,
    Part,
    ReadRow,
    RecordMap,
    Row,
    same,
)
from tiktok_pipelines.transform.readers import MICROSECONDS, read_time

_PAYOUT = frozenset({"FAILED", "PAID", "PROCESSING"})
_DAY_US = 86400 * MICROSECONDS
_COPIED = ("settlement_expected_at", *(field.column for field in ESTIMATE.fields))
_COMPONENT_KEYS = ("transaction_id", "component_group", "component")
TRANSACTION_TYPES = frozenset(
    """
    BILL_PAYMENT_(NEGATIVE_BALANCE) CHARGE_BACK COFUNDED_CREATOR_REWARDS
    CUSTOMER_SERVICE_COMPENSATION DEDUCTIONS_INCURRED_BY_SELLER
    FBT_WAREHOUSE_SERVICE_FEE GMV_PAYMENT_FOR_ADS LOGISTICS_REIMBURSEMENT
    NET_EARNINGS_BALANCE ORDER OTHER_ADJUSTMENT PLATFORM_COMMISSION_ADJUSTMENT
    PLATFORM_COMMISSION_COMPENSATION PLATFORM_COMPENSATION PLATFORM_PENALTY
    PLATFORM_REIMBURSEMENT PROMOTION_ADJUSTMENT REBATE RESERVE SAMPLE_SHIPPING_FEE
    SELLER_MISSION_REWARD SHIPPING_FEE_ADJUSTMENT SHIPPING_FEE_COMPENSATION
    SHIPPING_FEE_REBATE STAMP_DUTY
    """.split()
)


def breakdowns(kind: str) -> tuple[Block, ...]:
    """The breakdowns of an object: no column is theirs, but unknown names are noted."""

    def block(path: str, names: frozenset[str], *below: Block, at: str = "") -> Block:
        known_names = names | frozenset(one.path for one in below)
        layout = Layout(kind, (), known_names, frozenset(), f"{at}{path}.")
        return Block(path, layout, blocks=below)

    fee_tax, shipping = "fee_tax_breakdown", "shipping_cost_breakdown"
    explained = "supplementary_component"
    return (
        block("revenue_breakdown", known.REVENUE),
        block(
            shipping,
            known.SHIPPING,
            block(explained, known.SHIPPING_SUPPLEMENTARY, at=f"{shipping}."),
        ),
        block(
            fee_tax,
            frozenset(),
            block("fee", known.FEE, at=f"{fee_tax}."),
            block("tax", known.TAX, at=f"{fee_tax}."),
        ),
        block(explained, known.SUPPLEMENTARY),
    )


def _time_in(row: ReadRow, words: str, column: str) -> Row:
    """The moment in a text, where it is one: Unix seconds."""
    return {column: read_time(row[words])[0]}


def _day_of(row: ReadRow) -> Row:
    """The UTC day on which it was asked for."""
    seen_at = cast("int", row["synced_at"])
    return {"snapshot_at": seen_at - seen_at % _DAY_US}


def _copy_of_the_day(_: ReadRow, row: ReadRow) -> Iterator[Row]:
    """The estimate under the UTC day on which it was asked for."""
    yield {**{name: row[name] for name in _COPIED}, **_day_of(row)}


STATEMENTS = RecordMap(
    "statements",
    Part(
        "statements",
        STATEMENT,
        keys=("statement_id",),
        values={"payment_status": _PAYOUT},
    ),
    noun="statement",
)
TOTALS = RecordMap(
    "statement_totals",
    Part(
        "statement_totals",
        STATEMENT_TOTALS,
        keys=("statement_id",),
        blocks=(Block("total_settlement_breakdown", TOTALS_BREAKDOWN),),
        others=numbers(transaction_count="total_count"),
    ),
    noun="head of a statement's transactions",
)
TRANSACTIONS = RecordMap(
    "statement_transactions",
    Part(
        "statement_transactions",
        TRANSACTION,
        keys=("transaction_id",),
        inherits=same("statement_id", "currency"),
        adds=lambda row: _time_in(row, "estimated_release_time", "reserve_release_at"),
        values={"type": TRANSACTION_TYPES},
        missed=missed_breakdowns,
        blocks=breakdowns("statement_transaction"),
        derived=(Derived("transaction_components", _COMPONENT_KEYS, components),),
    ),
    noun="transaction",
)
PAYMENTS = RecordMap(
    "payments",
    Part(
        "payments",
        PAYMENT,
        keys=("payment_id",),
        values={"status": _PAYOUT},
        blocks=tuple(
            Block(path, money_block(path, amount, currency))
            for path, amount, currency in (
                ("amount", "amount", "currency"),
                ("settlement_amount", "settlement_amount", "settlement_currency"),
                ("reserve_amount", "reserve_amount", "reserve_currency"),
                (
                    "payment_amount_before_exchange",
                    "amount_before_exchange",
                    "before_exchange_currency",
                ),
            )
        ),
    ),
    noun="payment",
)
WITHDRAWALS = RecordMap(
    "withdrawals",
    Part(
        "withdrawals",
        WITHDRAWAL,
        keys=("withdrawal_id",),
        values={
            "status": frozenset({"FAILED", "PROCESSING", "SUCCESS"}),
            "type": frozenset(
                {"PAYMENT", "REFUND", "REVERSE", "SETTLE", "TRANSFER", "WITHDRAW"}
            ),
        },
    ),
    noun="withdrawal",
)
UNSETTLED = RecordMap(
    "unsettled_transactions",
    Part(
        "unsettled_transactions",
        ESTIMATE,
        keys=("transaction_id",),
        blocks=breakdowns("unsettled_transaction"),
        missed=missed_breakdowns,
        adds=lambda row: _time_in(
            row, "estimated_settlement", "settlement_expected_at"
        ),
        derived=(
            Derived("unsettled_components", _COMPONENT_KEYS, components),
            Derived(
                "unsettled_snapshots",
                ("transaction_id", "snapshot_at"),
                _copy_of_the_day,
                accumulate=True,
                is_dated=True,
            ),
        ),
    ),
    noun="estimate",
)
UNSETTLED_SUMS = RecordMap(
    "unsettled_totals",
    Part(
        "unsettled_totals",
        UNSETTLED_TOTALS,
        keys=("snapshot_at",),
        others=numbers(transaction_count="total_count"),
        adds=_day_of,
    ),
    noun="head of the estimates",
)
