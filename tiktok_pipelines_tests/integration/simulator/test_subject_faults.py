"""What calls of other subjects than orders refuse, and how faults strike them."""

import pytest

from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import (
    CANCELLATIONS,
    COUPON,
    DELIVERY_OPTIONS,
    ELIGIBILITY,
    FBT_INVENTORY,
    INVENTORY,
    OLD_CANCELLATIONS,
    OLD_RETURNS,
    ORDER_TRANSACTIONS,
    PACKAGE,
    PACKAGE_SEARCH,
    PRODUCT,
    PRODUCT_SEARCH,
    REJECT_REASONS,
    RETURN_RECORDS,
    RETURNS,
    STATEMENT_TRANSACTIONS,
    STATEMENTS,
    WITHDRAWALS,
)
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines_tests.integration.simulator.caller import Caller, Json, data_of
from tiktok_pipelines_tests.integration.simulator.subjects import (
    BRITISH,
    VIETNAMESE,
    at,
    pages,
    truth,
)


@pytest.fixture
def caller(british: Caller) -> Caller:
    return british


@pytest.fixture
def shop(british: Caller) -> Shop:
    return british.sim.shops[BRITISH]


@pytest.mark.parametrize(
    ("path", "params", "body", "code"),
    [
        (INVENTORY, {}, {"product_ids": ["1"] * 101}, 98001004),
        (INVENTORY, {}, {"sku_ids": ["1"] * 601}, 98001004),
        (INVENTORY, {}, {}, 36009004),
        (PRODUCT_SEARCH, {}, {}, 36009004),
        (PRODUCT_SEARCH, {"page_size": "101"}, {}, 98001004),
        (PRODUCT_SEARCH, {"page_size": "1"}, {"seller_skus": ["1"] * 11}, 98001004),
        (PRODUCT_SEARCH, {"page_size": "1"}, {"status": "SOLD"}, 98001004),
        (PACKAGE_SEARCH, {"page_size": "51"}, {}, 98001004),
        (RETURNS, {"page_size": "9"}, {}, 98001004),
        (RETURNS, {"page_size": "51"}, {}, 98001004),
        (CANCELLATIONS, {"page_size": "0"}, {}, 98001004),
        (RETURNS, {}, {"return_status": ["GONE"]}, 98001004),
        (STATEMENTS, {}, None, 36009004),
        (STATEMENTS, {"sort_field": "create_time"}, None, 36009004),
        (WITHDRAWALS, {}, None, 36009004),
        (WITHDRAWALS, {"types": "GIFT"}, None, 98001004),
        (at(PRODUCT, "17"), {}, None, 12052032),
        (at(PACKAGE, "17"), {}, None, 21008111),
        (at(STATEMENT_TRANSACTIONS, "17"), {}, None, 25020005),
        (at(ORDER_TRANSACTIONS, "17"), {}, None, 25020005),
        (at(RETURN_RECORDS, "17"), {}, None, 25001001),
        (FBT_INVENTORY, {}, {}, 36009004),
        (FBT_INVENTORY, {"page_size": "101"}, {}, 98001004),
        (at(DELIVERY_OPTIONS, "17"), {}, None, 36009004),
        (at(DELIVERY_OPTIONS, "17"), {"scope": "SHOP"}, None, 98001004),
        (at(ELIGIBILITY, "17"), {}, None, 25001001),
        (at(ELIGIBILITY, "17"), {"initiate_aftersale_user": "X"}, None, 98001004),
        (REJECT_REASONS, {}, None, 36009004),
        (REJECT_REASONS, {"return_or_cancel_id": "17"}, None, 25001001),
    ],
)
def test_what_is_out_of_bounds_is_refused(
    caller: Caller,
    shop: Shop,
    path: str,
    params: dict[str, str],
    body: Json | None,
    code: int,
) -> None:
    method = "GET" if body is None else "POST"

    answer = caller.send(shop, method, path, params=params, body=body)

    assert answer.json()["code"] == code


def test_a_shop_without_202602_answers_the_older_calls_alone(caller: Caller) -> None:
    shop = caller.sim.shops[VIETNAMESE]
    for new, old in ((CANCELLATIONS, OLD_CANCELLATIONS), (RETURNS, OLD_RETURNS)):
        refused = caller.send(shop, "POST", new, body={})
        answered = caller.send(shop, "POST", old, body={})

        assert refused.json()["code"] == 36009014
        assert data_of(answered)["total_count"] > 0


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        (PACKAGE_SEARCH, "packages", "unknown_status"),
        (RETURNS, "return_orders", "nulls"),
        (CANCELLATIONS, "cancellations", "bad_lines"),
        (PRODUCT_SEARCH, "products", "text_numbers"),
        (PACKAGE_SEARCH, "packages", "unstorable"),
        (PRODUCT_SEARCH, "products", "malformed"),
        (RETURNS, "return_orders", "number_ids"),
    ],
)
def test_records_of_other_kinds_are_spoiled_too(
    caller: Caller, shop: Shop, path: str, name: str, kind: str
) -> None:
    def rows() -> list[object]:
        params = {"page_size": "50"}
        answer = caller.send(shop, "POST", path, params=params, body={})
        return data_of(answer)[name]

    before = rows()
    caller.sim.faults.add(Fault(kind, path=path, share=1))
    spoiled = rows()
    caller.sim.faults.clear()

    assert len(spoiled) == len(before)
    assert sum(one != other for one, other in zip(spoiled, before, strict=True)) > 3
    assert rows() == before


@pytest.mark.parametrize("kind", ["unknown_field", "nulls", "malformed"])
def test_a_detail_is_spoiled_whole(caller: Caller, shop: Shop, kind: str) -> None:
    product = truth(caller, shop, "products")[0]
    caller.sim.faults.add(Fault(kind, path=PRODUCT, share=1))
    spoiled = caller.send(shop, "GET", at(PRODUCT, product["id"])).json()
    caller.sim.faults.clear()

    assert spoiled["code"] == 0
    assert spoiled["data"] != product


@pytest.mark.parametrize("kind", ["unknown_field", "nulls", "malformed"])
def test_a_record_that_stands_alone_under_a_key_is_spoiled(
    caller: Caller, shop: Shop, kind: str
) -> None:
    coupon = truth(caller, shop, "coupons")[0]
    caller.sim.faults.add(Fault(kind, path=COUPON, share=1))
    spoiled = caller.send(shop, "GET", at(COUPON, coupon["id"])).json()
    caller.sim.faults.clear()

    assert spoiled["code"] == 0
    assert spoiled["data"]["coupon"] != coupon


def test_pages_of_other_kinds_move(caller: Caller, shop: Shop) -> None:
    def two_pages() -> list[list[Json]]:
        found = pages(caller, shop, "POST", PACKAGE_SEARCH, page_size="10")
        return [page["packages"] for page, _ in zip(found, range(2), strict=False)]

    quiet = two_pages()
    caller.sim.faults.add(Fault("moving_rows", path=PACKAGE_SEARCH, count=1))
    moved = two_pages()
    caller.sim.faults.clear()

    assert moved[1] == [quiet[0][-1], *quiet[1][:0:-1]]
