"""Every answer of every subject against models that nobody here wrote.

``tiktok-shop-api`` from PyPI has a model of each answer, made from TikTok's published
descriptions: what they take and give back whole has documented names and types.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any, cast

import pytest
from attrs import fields, has

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.warehouses import (
    render_delivery_options,
    warehouses_of,
)
from tiktok_pipelines_tests.integration.simulator.caller import Json
from tiktok_pipelines_tests.integration.simulator.conftest import NOW

CONFIG = SimulatorConfig(
    shops=7,
    orders=150,
    days=60,
    now=NOW,
    products=40,
    markets=("MY", "SG", "TH", "VN", "PH", "ID", "GB"),
)

# The list under which the truth's records stand in an answer; "": they are the answer.
MODELS = {
    "products": ("get_product", ""),
    "inventory": ("inventory_search", "inventory"),
    "warehouses": ("get_warehouse_list", "warehouses"),
    "categories": ("get_categories", "categories"),
    "brands": ("get_brands", "brands"),
    "packages": ("get_package_detail", ""),
    "global_warehouses": ("get_global_seller_warehouses", "global_warehouses"),
    "reject_reasons": ("get_reject_reasons", "reasons"),
    "cancellations": ("search_cancellations", "cancellations"),
    "returns": ("search_returns", "return_orders"),
    "statements": ("get_statements", "statements"),
    "statement_transactions": ("get_transactions_by_statement", ""),
    "order_transactions": ("get_transactions_by_order", ""),
    "payments": ("get_payments", "payments"),
    "withdrawals": ("get_seller_financial_transactions", "withdrawals"),
    "unsettled": ("get_unsettled_transactions", "transactions"),
    "order_prices": ("get_order_price_details", ""),
    "activities": ("get_activity", ""),
    "coupons": ("get_coupon", "coupon"),
}
BY_THEMSELVES = {"coupons"}
"""Answers that hold one record under a key, in no list."""


@pytest.fixture(scope="module")
def sims() -> list[Simulator]:
    """The same shops now, a day later, and eleven days later."""
    sims: list[Simulator] = []
    for days in (0, 1, 11):
        sim = Simulator(CONFIG)
        sim.clock.advance(timedelta(days=days))
        sims.append(sim)
    return sims


def model_of(name: str) -> Any:
    module = import_module(f"tiktok_shop_api.generated.models.{name}_response_data")
    return next(
        one
        for one in vars(module).values()
        if isinstance(one, type) and has(one) and one.__module__ == module.__name__
    )


def unknown_in(model: object) -> Iterator[str]:
    """The names, at any depth, that the model does not know."""
    if isinstance(model, list):
        for item in cast("list[object]", model):
            yield from unknown_in(item)
    elif has(type(model)):
        for field in fields(type(model)):
            value: object = getattr(model, field.name)
            if field.name == "additional_properties":
                yield from cast("dict[str, object]", value)
            else:
                yield from unknown_in(value)


def assert_known(name: str, answer: Json) -> None:
    model = model_of(name).from_dict(answer)

    assert list(unknown_in(model)) == []
    assert model.to_dict() == answer


@pytest.mark.parametrize("subject", MODELS)
def test_models_know_every_field_of_every_subject(
    sims: list[Simulator], subject: str
) -> None:
    name, key = MODELS[subject]
    rows = [
        cast("Json", row)
        for sim in sims
        for shop in sim.shops
        for row in sim.truth(shop.id, subject)
    ]

    assert rows
    for row in rows:
        under = row if subject in BY_THEMSELVES else [row]
        assert_known(name, {key: under} if key else row)


LISTS: dict[str, Callable[[Simulator, Any, int], Iterator[Any]]] = {
    "search_products": lambda _, shop, now: (
        {"products": [row]} for row in shop.products.truth(now)
    ),
    "search_package": lambda _, shop, now: (
        {"packages": [row]} for row in shop.packages.truth(now)
    ),
    "search_coupon_list": lambda _, shop, now: (
        {"coupons": [row]} for row in shop.coupons.truth(now)
    ),
    "search_promotion_activities": lambda _, shop, now: (
        {"activities": [row]} for row in shop.activities.truth(now)
    ),
    "get_warehouse_delivery_options": lambda _, shop, __: (
        {"delivery_options": render_delivery_options(shop.front, one)}
        for one in warehouses_of(shop.front)
    ),
    "get_aftersale_eligibility": lambda _, shop, now: (
        {"sku_eligibility": shop.eligibility(plan, now)}
        for plan in shop.orders.visible(now)
    ),
    "get_return_records": lambda _, shop, now: (
        {"records": shop.return_view.records(life, now)}
        for life in shop.returns.visible(now)
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_models_know_every_field_of_lists(sims: list[Simulator], name: str) -> None:
    for sim in sims:
        for shop in sim.shops:
            answers = list(LISTS[name](sim, shop, sim.clock.epoch()))
            assert answers
            for answer in answers:
                assert_known(name, answer)
