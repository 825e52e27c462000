"""Published identities of the money: where what should add up does not.

What they promise stands in ``subjects.py``. Each holds within a rounding unit of the
currency. What TikTok tells late is no violation at first: it waits. Source:
docs/tiktok-shop-api.md, "Money" and "Statements".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import RowMapping, TextClause, text

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.marts.seeds import whole_currencies

WAITS = timedelta(days=5)
"""How long transactions and payouts may be late before that is a violation."""
LOOKS_BACK = timedelta(days=180)
"""How old a statement may be for its transactions to be added up again."""
_LISTED = 500
_PAYOUT_SPANS = timedelta(days=31)
"""A payout is made at most so long after the first day that it pays."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure that TikTok told, and the sum that it should be.

    ``found`` is None where there is nothing to add up yet. ``waits``: TikTok may still
    tell the rest.
    """

    shop_id: str
    record: str
    figure: str
    currency: str | None
    told: Decimal
    found: Decimal | None
    since: datetime
    waits: bool

    def in_words(self, now: datetime) -> str:
        """For a person, with its age."""
        summed = "nothing yet" if self.found is None else f"{self.found:f}"
        return (
            f"{self.shop_id} {self.record}: {self.figure} is {self.told:f}, its parts"
            f" make {summed} {self.currency or ''}".rstrip()
            + f"; for {max(now - self.since, timedelta(0)).days} days"
        )


def mismatches(database: Database, identity: str, now: datetime) -> Sequence[Mismatch]:
    """What does not add up: what cannot wait first, the oldest first; at most 500.

    ``identity`` is a name of ``subjects.IDENTITIES``.
    """
    statement = _FOUND[identity]
    parameters: Mapping[str, object] = {
        "now": now,
        "waits": WAITS,
        "looks_back": LOOKS_BACK,
        "spans": _PAYOUT_SPANS,
        "whole": list(whole_currencies()),
        "listed": _LISTED,
    }
    names = set(statement.compile().params)
    told = {name: value for name, value in parameters.items() if name in names}
    rows = database.transact(
        lambda connection: connection.execute(statement, told).mappings().all()
    )
    return [_mismatch(row) for row in rows]


def _mismatch(row: RowMapping) -> Mismatch:
    return Mismatch(**row)


_UNIT = "CASE WHEN currency = ANY(:whole) THEN 1 ELSE 0.01 END"
_DIFFERENT = f"""
    SELECT shop_id, record, figure, currency, told, found, since, waits
    FROM compared WHERE abs(told - found) > {_UNIT} OR (found IS NULL AND told <> 0)
    ORDER BY waits, since, record, figure LIMIT :listed
"""

_LINES = text(f"""
    WITH compared AS (
        SELECT shop_id, order_id AS record, 'sub_total' AS figure, o.currency,
               o.sub_total AS told, l.total AS found,
               coalesce(o.updated_at, o.synced_at) AS since, false AS waits
        FROM tiktok.orders o JOIN (
            SELECT shop_id, order_id, sum(sale_price) AS total
            FROM tiktok.order_lines GROUP BY shop_id, order_id
            HAVING count(*) = count(sale_price)
        ) l USING (shop_id, order_id)
    ) {_DIFFERENT}
""")

_PRICES = text(f"""
    WITH lines AS (
        SELECT shop_id, order_id, sum(payment) AS payment, sum(subtotal) AS subtotal,
               sum(total) AS total
        FROM tiktok.order_price_lines GROUP BY shop_id, order_id
    ), compared AS (
        SELECT p.shop_id, p.order_id AS record, figure, p.currency, told, found,
               p.synced_at AS since, false AS waits
        FROM tiktok.order_prices p JOIN lines l USING (shop_id, order_id)
        CROSS JOIN LATERAL (VALUES
            ('payment', p.payment, l.payment),
            ('subtotal', p.subtotal, l.subtotal),
            ('total', p.total, l.total)
        ) AS figures (figure, told, found)
        WHERE found IS NOT NULL
    ) {_DIFFERENT}
""")

_COMPONENTS = text(f"""
    WITH lately AS (
        SELECT shop_id, t.transaction_id, t.currency, t.settlement_amount,
               t.revenue_amount, t.shipping_cost_amount, t.fee_tax_amount,
               t.adjustment_amount, s.statement_at
        FROM tiktok.statements s
        JOIN tiktok.statement_transactions t USING (shop_id, statement_id)
        WHERE s.statement_at > :now - :looks_back
    ), parts AS (
        SELECT c.shop_id, c.transaction_id,
               sum(c.amount) FILTER (WHERE component_group = 'revenue') AS revenue,
               sum(c.amount) FILTER (WHERE component_group = 'shipping') AS shipping,
               sum(c.amount) FILTER (WHERE component_group IN ('fee', 'tax')) AS fee_tax
        FROM tiktok.transaction_components c
        JOIN lately t USING (shop_id, transaction_id)
        WHERE c.is_summed GROUP BY c.shop_id, c.transaction_id
    ), compared AS (
        SELECT t.shop_id, t.transaction_id AS record, figure, t.currency, told, found,
               t.statement_at AS since, false AS waits
        FROM lately t LEFT JOIN parts p USING (shop_id, transaction_id)
        CROSS JOIN LATERAL (VALUES
            ('revenue_amount', t.revenue_amount, p.revenue),
            ('shipping_cost_amount', t.shipping_cost_amount, p.shipping),
            ('fee_tax_amount', t.fee_tax_amount, p.fee_tax),
            ('settlement_amount', t.settlement_amount,
             coalesce(t.revenue_amount, 0) + coalesce(t.shipping_cost_amount, 0)
             + coalesce(t.fee_tax_amount, 0) + coalesce(t.adjustment_amount, 0))
        ) AS figures (figure, told, found)
    ) {_DIFFERENT}
""")

_TRANSACTIONS = text(f"""
    WITH parts AS (
        SELECT shop_id, statement_id, sum(t.settlement_amount) AS total
        FROM tiktok.statement_transactions t
        JOIN tiktok.statements s USING (shop_id, statement_id)
        WHERE s.statement_at > :now - :looks_back
        GROUP BY shop_id, statement_id
    ), compared AS (
        SELECT s.shop_id, s.statement_id AS record, 'settlement_amount' AS figure,
               s.currency, s.settlement_amount AS told, p.total AS found,
               s.statement_at AS since, s.statement_at > :now - :waits AS waits
        FROM tiktok.statements s LEFT JOIN parts p USING (shop_id, statement_id)
        WHERE s.statement_at > :now - :looks_back
    ) {_DIFFERENT}
""")

_STATEMENTS = text(f"""
    WITH parts AS (
        SELECT shop_id, payment_id, min(currency) AS currency,
               sum(settlement_amount) AS total, max(statement_at) AS statement_at
        FROM tiktok.statements WHERE payment_id <> ''
        GROUP BY shop_id, payment_id
    ), known AS (
        SELECT shop_id, min(statement_at) + :spans AS since FROM tiktok.statements
        GROUP BY shop_id
    ), compared AS (
        SELECT p.shop_id, p.payment_id AS record, 'settlement_amount' AS figure,
               p.settlement_currency AS currency, p.settlement_amount AS told,
               s.total AS found, p.created_at AS since,
               p.created_at > :now - :waits AS waits
        FROM tiktok.payments p JOIN known k USING (shop_id)
        LEFT JOIN parts s USING (shop_id, payment_id)
        WHERE p.created_at >= k.since
        UNION ALL
        SELECT s.shop_id, s.payment_id, 'a payout that TikTok does not tell of',
               s.currency, s.total, NULL, s.statement_at,
               s.statement_at > :now - (:waits + :spans)
        FROM parts s JOIN (SELECT DISTINCT shop_id FROM tiktok.payments) any_payment
            USING (shop_id)
        LEFT JOIN tiktok.payments p USING (shop_id, payment_id)
        WHERE p.payment_id IS NULL
    ) {_DIFFERENT}
""")

_FOUND: Mapping[str, TextClause] = {
    "lines_add_up": _LINES,
    "price_lines_add_up": _PRICES,
    "components_add_up": _COMPONENTS,
    "transactions_add_up": _TRANSACTIONS,
    "statements_add_up": _STATEMENTS,
}
"""By identity a query for what does not add up.

Its rows have shop_id, record, figure, currency, told, found, since and waits.
"""
