"""The true records of each subject, for those who want to compare with them.

One function for each subject: a shop and a time become all records that exist then, in
the form of the detail call where there is one, else of the list.
"""

from collections.abc import Callable, Iterator
from typing import cast

from tiktok_pipelines.simulator import taxonomy
from tiktok_pipelines.simulator.aftersale_options import (
    reasons_for_cancellations,
    reasons_for_returns,
)
from tiktok_pipelines.simulator.prices import (
    render_external_orders,
    render_prices,
    system_of,
)
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.tracking import render_tracking
from tiktok_pipelines.simulator.unsettled import UNSETTLED, Estimate, sum_estimates
from tiktok_pipelines.simulator.warehouses import (
    render_delivery_options,
    render_global_warehouses,
    warehouses_of,
)

Truth = Callable[[Shop, int], Iterator[Json]]


def _orders(shop: Shop, now: int) -> Iterator[Json]:
    return shop.orders.truth(now)


def _products(shop: Shop, now: int) -> Iterator[Json]:
    """Deleted ones too."""
    lives = shop.products.visible(now)
    return (shop.product_view.in_detail(life, now) for life in lives)


def _inventory(shop: Shop, now: int) -> Iterator[Json]:
    lives = shop.products.visible(now)
    return (shop.product_view.in_inventory(life, now, set()) for life in lives)


def _fbt_inventory(shop: Shop, now: int) -> Iterator[Json]:
    return iter(()) if shop.is_domestic else shop.fbt.truth(now)


def _warehouses(shop: Shop, _now: int) -> Iterator[Json]:
    return iter(shop.warehouses())


def _delivery_options(shop: Shop, _now: int) -> Iterator[Json]:
    """One row for each warehouse that sends goods."""
    for warehouse in warehouses_of(shop.front):
        if not warehouse.is_for_returns:
            rows = render_delivery_options(shop.front, warehouse)
            yield {"warehouse_id": warehouse.id, "delivery_options": rows}


def _global_warehouses(shop: Shop, _now: int) -> Iterator[Json]:
    rows = render_global_warehouses(shop.seller_number)
    return iter([] if shop.is_domestic else rows)


def _categories(shop: Shop, _now: int) -> Iterator[Json]:
    return iter(taxonomy.render_categories(shop.front))


def _category_attributes(shop: Shop, now: int) -> Iterator[Json]:
    """Of each leaf category that a product is in, with the category's id."""
    for category_id in _used_categories(shop, now):
        for row in taxonomy.render_attributes(category_id):
            yield {"category_id": category_id, **row}


def _category_rules(shop: Shop, now: int) -> Iterator[Json]:
    """Of each leaf category that a product is in, with the category's id."""
    for category_id in _used_categories(shop, now):
        rules = taxonomy.render_rules(shop.front, category_id)
        yield {"category_id": category_id, **rules}


def _used_categories(shop: Shop, now: int) -> list[str]:
    numbers = {life.goods.number for life in shop.products.visible(now)}
    chains = [taxonomy.category_chain(shop.front, number) for number in numbers]
    return sorted({str(chain[-1]["id"]) for chain in chains})


def _brands(shop: Shop, now: int) -> Iterator[Json]:
    return shop.brands.truth(now)


def _packages(shop: Shop, now: int) -> Iterator[Json]:
    lives = shop.packages.visible(now)
    return (shop.package_view.in_detail(life, now) for life in lives)


def _tracking(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each order of which something is in a package."""
    travelling = {
        order["id"]
        for package in shop.packages.truth(now)
        for order in cast("list[Json]", package["orders"])
    }
    for plan in shop.orders.visible(now):
        if plan.id in travelling:
            yield {"order_id": plan.id, "tracking": render_tracking(plan, now)}


def _cancellations(shop: Shop, now: int) -> Iterator[Json]:
    return shop.cancellations.truth(now)


def _returns(shop: Shop, now: int) -> Iterator[Json]:
    return shop.returns.truth(now)


def _return_records(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each return: what happened to it."""
    for life in shop.returns.visible(now):
        yield {"return_id": life.id, "records": shop.return_view.records(life, now)}


def _reject_reasons(shop: Shop, now: int) -> Iterator[Json]:
    """Those that fit any of the requests there are."""
    reasons = reasons_for_returns() if shop.returns.count(now) else []
    if shop.cancellations.count(now):
        reasons += reasons_for_cancellations()
    return iter({row["name"]: row for row in reasons}.values())


def _aftersale_eligibilities(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each visible order."""
    for plan in shop.orders.visible(now):
        yield {"order_id": plan.id, "sku_eligibility": shop.eligibility(plan, now)}


def _statements(shop: Shop, now: int) -> Iterator[Json]:
    return shop.finance.statements.truth(now)


def _statement_transactions(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each statement: its totals and all of its transactions."""
    finance = shop.finance
    for statement in finance.statements.visible(now):
        rows = list(finance.transactions_of(statement).truth(now))
        lists: Json = {"transactions": rows} if rows else {}
        yield {
            **finance.totals_of(statement),
            **lists,
            "total_count": len(rows),
        }


def _order_transactions(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each visible order."""
    plans = shop.orders.visible(now)
    return (shop.finance.order_transactions(plan, now) for plan in plans)


def _payments(shop: Shop, now: int) -> Iterator[Json]:
    return shop.finance.payments.truth(now)


def _withdrawals(shop: Shop, now: int) -> Iterator[Json]:
    return shop.withdrawals.truth(now)


def _estimates(shop: Shop, now: int) -> Iterator[Estimate]:
    return (
        life
        for life in shop.unsettled.visible(now)
        if life.standing_at(now).status == UNSETTLED
    )


def _unsettled(shop: Shop, now: int) -> Iterator[Json]:
    return (shop.unsettled.render(life, now) for life in _estimates(shop, now))


def _unsettled_totals(shop: Shop, now: int) -> Iterator[Json]:
    """One row: the sums, and how many there are."""
    found = list(_estimates(shop, now))
    sums = sum_estimates(shop.front, iter(found))
    yield {**sums, "total_count": len(found)}


def _prices(shop: Shop, now: int) -> Iterator[Json]:
    """One row for each visible order; it does not name the order."""
    return (render_prices(shop.front, plan) for plan in shop.orders.visible(now))


def _external_orders(shop: Shop, now: int) -> Iterator[Json]:
    """Orders that came from the other system that the shop uses."""
    system = system_of(shop.front)
    for plan in shop.orders.visible(now):
        yield from render_external_orders(shop.front, plan, system)


def _activities(shop: Shop, now: int) -> Iterator[Json]:
    lives = shop.activities.visible(now)
    return (shop.promotion_view.activity_detail(life, now) for life in lives)


def _coupons(shop: Shop, now: int) -> Iterator[Json]:
    lives = shop.coupons.visible(now)
    return (shop.promotion_view.coupon_detail(life, now) for life in lives)


TRUTHS: dict[str, Truth] = {
    "orders": _orders,
    "products": _products,
    "inventory": _inventory,
    "fbt_inventory": _fbt_inventory,
    "warehouses": _warehouses,
    "delivery_options": _delivery_options,
    "global_warehouses": _global_warehouses,
    "categories": _categories,
    "category_attributes": _category_attributes,
    "category_rules": _category_rules,
    "brands": _brands,
    "packages": _packages,
    "tracking": _tracking,
    "cancellations": _cancellations,
    "returns": _returns,
    "return_records": _return_records,
    "reject_reasons": _reject_reasons,
    "aftersale_eligibilities": _aftersale_eligibilities,
    "statements": _statements,
    "statement_transactions": _statement_transactions,
    "order_transactions": _order_transactions,
    "payments": _payments,
    "withdrawals": _withdrawals,
    "unsettled": _unsettled,
    "unsettled_totals": _unsettled_totals,
    "order_prices": _prices,
    "external_orders": _external_orders,
    "activities": _activities,
    "coupons": _coupons,
}


def truth_of(shop: Shop, subject: str, *, now: int) -> Iterator[Json]:
    """Every record of the subject that exists now, the oldest first.

    Raises:
        LookupError: there is no such subject.
    """
    if subject not in TRUTHS:
        raise LookupError(f"no subject {subject!r}: one of {', '.join(TRUTHS)}")
    return TRUTHS[subject](shop, now)
