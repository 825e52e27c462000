"""Calls of the Finance API.

Source: TikTok Shop API reference, "Statements", "Statement transactions" and
"Payments". The code for an unknown statement or order is documented for orders of
others.
"""

import msgspec

from tiktok_pipelines.simulator.asking import Paging, among
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.paths import (
    NEW_PAYMENTS,
    ORDER_TRANSACTIONS,
    PAYMENTS,
    STATEMENT_TRANSACTIONS,
    STATEMENTS,
    UNSETTLED_ORDERS,
    WITHDRAWALS,
)
from tiktok_pipelines.simulator.refusals import Refusal, bad_request
from tiktok_pipelines.simulator.unsettled import UNSETTLED, sum_estimates
from tiktok_pipelines.simulator.withdrawals import TYPES

_PAYMENT_STATUSES = ("PAID", "FAILED", "PROCESSING")
_SCOPE = "seller.finance.info"


def _paging(sort_field: str) -> Paging:
    return Paging(100, usual=20, sorts=(sort_field,), must_sort=True)


_STATEMENT_PAGING = _paging("statement_time")
_TRANSACTION_PAGING = _paging("order_create_time")
_PAYMENT_PAGING = _paging("create_time")
_WITHDRAWAL_PAGING = Paging(100, usual=20)


def _statements(call: Call, admission: Admission) -> bytes:
    asked = call.asked
    wanted = Wanted(
        created=asked.window("statement_time"),
        among=among(status=asked.choice("payment_status", _PAYMENT_STATUSES)),
    )
    query = _STATEMENT_PAGING.read(call.params, wanted)
    return admission.shop.finance.statements.search(query, admission.now)


def _statement_transactions(call: Call, admission: Admission) -> bytes:
    finance, now = admission.shop.finance, admission.now
    statement = finance.statements.find(call.part(3), now)
    if statement is None:
        raise _unknown("statement")
    query = _TRANSACTION_PAGING.read(call.params, Wanted())
    return finance.transactions_of(statement).search(
        query, now, extra=lambda _: finance.totals_of(statement)
    )


def _order_transactions(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    plan = shop.orders.find(call.part(3), now)
    if plan is None:
        raise _unknown("order")
    return msgspec.json.encode(shop.finance.order_transactions(plan, now))


def _payments(call: Call, admission: Admission) -> bytes:
    wanted = Wanted(created=call.asked.window("create_time"))
    query = _PAYMENT_PAGING.read(call.params, wanted)
    return admission.shop.finance.payments.search(query, admission.now)


def _withdrawals(call: Call, admission: Admission) -> bytes:
    asked = call.asked
    types = asked.choices("types", TYPES)
    if not types:
        raise bad_request("invalid param: types is required")
    wanted = Wanted(created=asked.window("create_time"), among=among(types=types))
    query = _WITHDRAWAL_PAGING.read(call.params, wanted)
    return admission.shop.withdrawals.search(query, admission.now)


def _unsettled(call: Call, admission: Admission) -> bytes:
    """``search_time`` is taken for the time of the order (assumed)."""
    shop = admission.shop
    wanted = Wanted(
        created=call.asked.window("search_time"), among=among(status=UNSETTLED)
    )
    query = _TRANSACTION_PAGING.read(call.params, wanted)
    return shop.unsettled.search(
        query, admission.now, extra=lambda hits: sum_estimates(shop.front, hits)
    )


def _unknown(what: str) -> Refusal:
    return Refusal(25020005, f"No permission for this {what}.", http_status=200)


FINANCE_CALLS = (
    Endpoint(
        "GET",
        STATEMENTS,
        _SCOPE,
        _statements,
        records=lambda shop: shop.finance.statements,
    ),
    Endpoint("GET", STATEMENT_TRANSACTIONS, _SCOPE, _statement_transactions),
    Endpoint("GET", ORDER_TRANSACTIONS, _SCOPE, _order_transactions),
    Endpoint(
        "GET", PAYMENTS, _SCOPE, _payments, records=lambda shop: shop.finance.payments
    ),
    Endpoint(
        "GET",
        NEW_PAYMENTS,
        _SCOPE,
        _payments,
        records=lambda shop: shop.finance.payments,
    ),
    Endpoint(
        "GET", WITHDRAWALS, _SCOPE, _withdrawals, records=lambda shop: shop.withdrawals
    ),
    Endpoint(
        "GET", UNSETTLED_ORDERS, _SCOPE, _unsettled, records=lambda shop: shop.unsettled
    ),
)
