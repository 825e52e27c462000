"""The finance of one shop: what its registers hold, and how records look.

Source: TikTok Shop API reference, "Statements", "Statement transactions" and
"Payments".
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from tiktok_pipelines.simulator.earnings import Earning, add_up, breakdowns
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.markets import SOUTHEAST_ASIA
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.register import Json, Register
from tiktok_pipelines.simulator.returns import ReturnLife
from tiktok_pipelines.simulator.settlements import (
    PaymentLife,
    StatementLife,
    Transaction,
    draw_transactions,
    make_payments,
)
from tiktok_pipelines.simulator.storefront import Storefront


class Finance:
    """Statements, transactions and payments of one shop."""

    def __init__(
        self,
        front: Storefront,
        plans: Iterable[OrderPlan],
        returns: Iterable[ReturnLife],
    ) -> None:
        self._front = front
        self._plans = plans
        self._returns = returns
        self._of_statement: dict[str, Register[Transaction]] = {}

    @cached_property
    def payouts(self) -> list[PaymentLife]:
        """Every payout, whether the API tells of payments or not."""
        return make_payments(self._front, self.all_transactions)

    @cached_property
    def all_transactions(self) -> list[Transaction]:
        """Everything that is or will be settled."""
        return draw_transactions(self._front, self._plans, self._returns)

    @cached_property
    def statements(self) -> Register[StatementLife]:
        """The statements."""
        lives = [one for payout in self.payouts for one in payout.statements]
        return Register(
            "statements",
            lives,
            of=self._front.id,
            render=self._statement,
            has_count=False,
        )

    @cached_property
    def payments(self) -> Register[PaymentLife]:
        """The payments; none in Southeast Asia."""
        is_told = self._front.market.region not in SOUTHEAST_ASIA
        return Register(
            "payments",
            self.payouts if is_told else [],
            of=self._front.id,
            render=self._payment,
            has_count=False,
        )

    @cached_property
    def by_order(self) -> dict[str, list[Transaction]]:
        """The transactions of each order."""
        found: dict[str, list[Transaction]] = {}
        for one in self.all_transactions:
            if one.plan is not None:
                found.setdefault(one.plan.id, []).append(one)
        return found

    def transactions_of(self, statement: StatementLife) -> Register[Transaction]:
        """The transactions of one statement."""
        register = self._of_statement.get(statement.id)
        if register is None:
            register = Register(
                "transactions",
                statement.transactions,
                of=f"{self._front.id}|{statement.id}",
                render=self._transaction,
            )
            self._of_statement[statement.id] = register
        return register

    def totals_of(self, statement: StatementLife) -> Json:
        """What every page of a statement's transactions begins with.

        It counts transactions that do not appear yet too, as the statement does.
        """
        total = _total_of(statement.transactions)
        adjustment = sum(one.adjustment for one in statement.transactions)
        settled = self._text(statement.settlement)
        return {
            "id": statement.id,
            "create_time": statement.statement_time,
            "status": "SETTLED",
            "currency": self._front.market.currency,
            "payable_amount": settled,
            "total_reserve_amount": "0",
            "total_settlement_amount": settled,
            "total_settlement_breakdown": {
                "total_revenue_amount": self._text(total.revenue_total),
                "total_shipping_cost_amount": self._text(total.shipping_total),
                "total_fee_tax_amount": self._text(total.fee_tax_total),
                "total_adjustment_amount": self._text(adjustment),
            },
        }

    def order_transactions(self, plan: OrderPlan, now: int) -> Json:
        """What of one order is settled, SKU by SKU."""
        told = [one for one in self.by_order.get(plan.id, []) if one.appears_at <= now]
        total = _total_of(told)
        answer: Json = {
            "order_id": plan.id,
            "order_create_time": plan.create_time,
            "currency": self._front.market.currency,
            "settlement_amount": self._text(total.settlement),
            "revenue_amount": self._text(total.revenue_total),
            "shipping_cost_amount": self._text(total.shipping_total),
            "fee_and_tax_amount": self._text(total.fee_tax_total),
        }
        rows = [row for one in told for row in self._sku_rows(one)]
        if rows:
            answer["sku_transactions"] = rows
        return answer | {"total_count": len(rows)}

    def _sku_rows(self, one: Transaction) -> Iterator[Json]:
        statement_id = self._front.make_id("767", one.statement_time // 86400)
        for part in one.skus:
            yield {
                "sku_id": part.sku.id,
                "sku_name": part.sku.fields["sku_name"],
                "product_name": part.sku.fields["product_name"],
                "statement_id": statement_id,
                "quantity": str(part.quantity),
                **breakdowns(self._front, part.earning),
            }

    def _statement(self, life: StatementLife, now: int) -> Json:
        total = _total_of(life.transactions)
        fees = total.fee_tax_total
        if self._front.market.region in SOUTHEAST_ASIA:
            fees += total.shipping_total
        status = life.standing_at(now).status
        is_paying = now >= life.times[1]
        row: Json = {
            "id": life.id,
            "statement_time": life.statement_time,
            "currency": self._front.market.currency,
            "settlement_amount": self._text(life.settlement),
            "revenue_amount": self._text(total.revenue_total),
            "net_sales_amount": self._text(total.revenue_total),
            "fee_amount": self._text(fees),
            "shipping_cost_amount": self._text(total.shipping_total),
            "adjustment_amount": self._text(
                sum(one.adjustment for one in life.transactions)
            ),
            "payment_status": status,
            "payment_id": life.payment_id if is_paying else "",
        }
        if status == "PAID":
            row["payment_time"] = life.times[-1]
        return row

    def _payment(self, life: PaymentLife, now: int) -> Json:
        status = life.standing_at(now).status
        amount = {
            "value": self._text(life.settlement),
            "currency": self._front.market.currency,
        }
        return {
            "id": life.id,
            "status": status,
            "create_time": life.create_time,
            "paid_time": life.times[-1] if status == "PAID" else 0,
            "amount": amount,
            "settlement_amount": amount,
            "payment_amount_before_exchange": amount,
            "exchange_rate": "1.000000",
            "bank_account": "***********4411",
        }

    def _transaction(self, one: Transaction, _now: int) -> Json:
        row: Json = {
            "id": one.id,
            "type": one.kind,
            "order_create_time": one.create_time,
            **breakdowns(self._front, one.earning),
            "settlement_amount": self._text(one.settlement),
            "adjustment_amount": self._text(one.adjustment),
        }
        if one.plan is not None:
            return row | {"order_id": one.plan.id}
        return row | {"adjustment_id": f"8{one.id[1:]}"}

    def _text(self, amount: int) -> str:
        return amount_text(amount, self._front.market.decimals)


def _total_of(transactions: Iterable[Transaction]) -> Earning:
    return add_up(one.earning for one in transactions)


def is_paid_out(payout: Course, now: int) -> bool:
    """Whether the money is there."""
    return payout.standing_at(now).status == "PAID"
