"""Searches whose newest version is not served to every shop."""

import pytest

from tiktok_pipelines.api.endpoints.finance import (
    PaymentSearch,
    StatementSearch,
    UnsettledSearch,
)
from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.endpoints.promotions import ActivitySearch
from tiktok_pipelines.api.endpoints.returns import CancellationSearch, ReturnSearch
from tiktok_pipelines.errors import AuthorizationError, NotServed, RequestRefused
from tiktok_pipelines_tests.unit.api.families import shop
from tiktok_pipelines_tests.unit.api.scripted import (
    Reply,
    World,
    ok,
    raw,
    refused,
    world,
)

NEWEST = "/return_refund/202602/returns/search"
OLDER = "/return_refund/202309/returns/search"


def asked(scene: World) -> list[str]:
    return [request.url.path for request in scene.script.requests]


def returns(number: int, token: str = "") -> Reply:
    records = [{"return_id": str(number)}]
    return ok({"return_orders": records, "next_page_token": token})


@pytest.mark.parametrize(
    "refusal",
    [
        refused(36009034, status=410),
        refused(36009014),
        refused(36009009, status=404),
        refused(40006, "no schema found", status=403),
        refused(36009004, "invalid API version", status=400),
        raw(b"gone", status=410),
    ],
    ids=["withdrawn", "bad version", "no path", "no schema", "named", "no envelope"],
)
def test_a_shop_that_is_refused_the_newest_version_is_asked_by_the_older(
    refusal: Reply,
) -> None:
    scene = world(refusal, returns(1))

    page = shop(scene).returns.search(ReturnSearch())

    assert asked(scene) == [NEWEST, OLDER]
    assert page.records == [{"return_id": "1"}]
    assert page.endpoint.version == "202309"


def test_a_search_stays_with_one_version() -> None:
    scene = world(refused(36009034, status=410), returns(1, "t1"), returns(2))

    pages = list(shop(scene).returns.pages(ReturnSearch()))

    assert asked(scene) == [NEWEST, OLDER, OLDER]
    assert [page.records for page in pages] == [
        [{"return_id": "1"}],
        [{"return_id": "2"}],
    ]


def test_what_is_not_served_is_asked_for_once() -> None:
    scene = world(refused(36009034), returns(1), returns(1))
    calls = shop(scene).returns

    calls.search(ReturnSearch())
    calls.search(ReturnSearch())

    assert asked(scene) == [NEWEST, OLDER, OLDER]


def test_one_call_that_is_not_served_says_nothing_of_others() -> None:
    scene = world(refused(36009034), returns(1), ok({"cancellations": []}))
    calls = shop(scene).returns
    calls.search(ReturnSearch())

    page = calls.search(CancellationSearch())

    assert page.endpoint.version == "202602"


def test_a_version_withdrawn_between_two_pages_ends_the_search() -> None:
    scene = world(returns(1, "t1"), refused(36009034), returns(2))
    pages = shop(scene).returns.pages(ReturnSearch())
    next(pages)

    with pytest.raises(NotServed):
        next(pages)

    assert asked(scene) == [NEWEST, NEWEST]


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (refused(105005, status=401), AuthorizationError),
        (refused(98001004, "page_size"), RequestRefused),
    ],
    ids=["scope", "parameter"],
)
def test_other_refusals_are_no_reason_to_ask_the_older(
    refusal: Reply, kind: type[Exception]
) -> None:
    scene = world(refusal, returns(1))

    with pytest.raises(kind):
        shop(scene).returns.search(ReturnSearch())

    assert set(asked(scene)) == {NEWEST}


def test_neither_version_served_is_said_so() -> None:
    scene = world(refused(36009034))
    calls = shop(scene).finance

    with pytest.raises(NotServed, match="/finance/202309/payments"):
        calls.search(PaymentSearch())

    assert asked(scene) == ["/finance/202605/payments", "/finance/202309/payments"]


def test_a_call_without_an_older_version_is_asked_once() -> None:
    scene = world(refused(36009034), ok())

    with pytest.raises(NotServed):
        shop(scene).orders.search(OrderSearch())

    assert len(scene.script.requests) == 1


def test_sums_beside_the_records_are_kept() -> None:
    records: list[object] = [{"id": "1"}]
    data = {"transactions": records, "sum_est_fee_amount": "-5", "total_count": 1}

    page = shop(world(ok(data))).finance.search(UnsettledSearch())

    assert page.head == {"sum_est_fee_amount": "-5"}


def test_statements_tell_no_count() -> None:
    page = shop(world(ok({"statements": []}))).finance.search(StatementSearch())

    assert page.total_count is None


def test_promotions_page_in_the_body() -> None:
    scene = world(
        ok({"activities": [{"id": "1"}], "next_page_token": "t1"}),
        ok({"activities": [{"id": "2"}]}),
    )

    pages = list(shop(scene).promotions.pages(ActivitySearch(status="ONGOING")))

    assert [page.request["body"] for page in pages] == [
        {"page_size": 100, "status": "ONGOING"},
        {"page_size": 100, "status": "ONGOING", "page_token": "t1"},
    ]
    assert pages[0].request["query"] == {}


def test_what_is_asked_by_id_falls_back_as_well_and_stays_there() -> None:
    scene = world(refused(36009014), ok({}), ok({}))
    calls = shop(scene).returns

    for order_id in ("57", "58"):
        calls.eligibility(order_id)

    assert asked(scene) == [
        "/return_refund/202602/orders/57/aftersale_eligibility",
        "/return_refund/202309/orders/57/aftersale_eligibility",
        "/return_refund/202309/orders/58/aftersale_eligibility",
    ]
