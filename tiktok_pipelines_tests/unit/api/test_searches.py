"""Every search against the description of its call, whatever its family."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import pytest

from tiktok_pipelines.api.endpoints.fbt import FbtInventorySearch
from tiktok_pipelines.api.endpoints.finance import (
    WITHDRAWAL_TYPES,
    PaymentSearch,
    StatementSearch,
    StatementTransactionSearch,
    UnsettledSearch,
    WithdrawalSearch,
)
from tiktok_pipelines.api.endpoints.fulfillment import PackageSearch
from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.endpoints.products import BrandSearch, ProductSearch
from tiktok_pipelines.api.endpoints.promotions import ActivitySearch, CouponSearch
from tiktok_pipelines.api.endpoints.returns import CancellationSearch, ReturnSearch
from tiktok_pipelines.api.endpoints.search import Search
from tiktok_pipelines.api.endpoints.table import ENDPOINTS
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.unit.api.described import (
    body_of,
    enum_of,
    limits,
    operation,
    query_of,
)

DAY = TimeWindow.of_day(date(2026, 1, 5))
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
SEARCHES: list[Search] = [
    OrderSearch(),
    ProductSearch(),
    BrandSearch(),
    FbtInventorySearch(),
    PackageSearch(),
    ReturnSearch(),
    CancellationSearch(),
    StatementSearch(),
    StatementTransactionSearch(statement_id="57"),
    PaymentSearch(),
    WithdrawalSearch(),
    UnsettledSearch(),
    ActivitySearch(),
    CouponSearch(),
]


def name_of(search: Search) -> str:
    return search.endpoint.name


def filled(search: Search) -> Search:
    """The search with every field given."""
    hints = get_type_hints(type(search))
    values = {one.name: sample(one.name, hints[one.name]) for one in fields(search)}
    if isinstance(search, ProductSearch):
        values["status"] = "ACTIVATE"
    return replace(search, **values)


def sample(name: str, hint: Any) -> Any:
    kinds = get_args(hint)
    if "window" in str(hint).lower():
        return DAY
    if name == "page_size":
        return 20
    if bool in kinds:
        return False
    return ["1", "2"] if "Sequence" in str(hint) else kinds[0] if sorting(name) else "1"


def sorting(name: str) -> bool:
    return name in {"sort_field", "sort_order"}


def test_every_paged_call_has_its_search() -> None:
    older = {one.older.name for one in ENDPOINTS if one.older}
    paged = {one.name for one in ENDPOINTS if one.max_page_size}

    assert sorted(map(name_of, SEARCHES)) == sorted(paged - older)


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_every_parameter_is_described_where_it_goes(search: Search) -> None:
    endpoint = search.endpoint

    sent = endpoint.place(filled(search).given("next"))

    paths = {item["name"] for item in operation(endpoint).get("path_params", ())}
    assert set(sent.path_ids) == paths
    assert set(sent.query) == query_of(endpoint)
    assert set(sent.body) == body_of(endpoint)


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_what_is_not_given_is_not_sent(search: Search) -> None:
    sent = search.endpoint.place(search.given())

    needed = {"page_size", "sort_field", "sort_order", "types"}
    described = query_of(search.endpoint) | body_of(search.endpoint)
    assert {*sent.query, *sent.body} == needed & described


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_the_largest_page_is_asked_for(search: Search) -> None:
    assert search.given()["page_size"] == limits(search.endpoint)["page_size"][1]


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_a_page_size_out_of_range_is_refused_everywhere(search: Search) -> None:
    least, most = search.endpoint.min_page_size, search.endpoint.max_page_size

    assert replace(search, page_size=least).given()["page_size"] == least
    for size in (0, -1, least - 1, most + 1):
        with pytest.raises(ValueError, match=f"page_size must be {least} to {most}"):
            replace(search, page_size=size)


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_lists_are_limited_as_documented(search: Search) -> None:
    documented = {k: v for k, v in limits(search.endpoint).items() if k != "page_size"}

    assert search.most == documented
    for name, most in documented.items():
        replace(search, **{name: ["1"] * most})
        with pytest.raises(ValueError, match=f"{name}: at most {most}"):
            replace(search, **{name: ["1"] * (most + 1)})


@pytest.mark.parametrize(
    "search", [one for one in SEARCHES if "sort_field" in one.given()], ids=name_of
)
def test_the_fields_to_sort_by_are_the_described_ones(search: Search) -> None:
    offered = set(get_args(get_type_hints(type(search))["sort_field"]))

    assert search.given()["sort_field"] in offered
    assert enum_of(search.endpoint, "sort_field") in (offered, set())
    assert search.given()["sort_order"] == "ASC"


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_a_half_open_window_is_told_as_the_call_counts(search: Search) -> None:
    given = filled(search).given()

    ends = {"_ge": START, "_lt": START + 86400, "_le": START + 86399}
    bounds = {name: value for name, value in given.items() if name[-3:] in ends}
    windows = [
        one for one in fields(search) if getattr(filled(search), one.name) == DAY
    ]
    assert len(bounds) == 2 * len(windows)
    assert all(value == ends[name[-3:]] for name, value in bounds.items())


def test_products_end_with_the_last_second_of_the_window() -> None:
    given = ProductSearch(updated=DAY).given()

    assert given["update_time_ge"] == START
    assert given["update_time_le"] == START + 86399


def test_all_types_of_withdrawals_are_asked_for() -> None:
    assert set(WITHDRAWAL_TYPES) == enum_of(WithdrawalSearch.endpoint, "types")
    assert WithdrawalSearch().given()["types"] == list(WITHDRAWAL_TYPES)


def test_withdrawals_of_no_type_are_refused() -> None:
    with pytest.raises(ValueError, match="withdrawal_search needs types"):
        WithdrawalSearch(types=())


def test_transactions_of_no_statement_are_refused() -> None:
    with pytest.raises(ValueError, match="statement_transactions needs statement_id"):
        StatementTransactionSearch(statement_id="")


@pytest.mark.parametrize("status", [None, "ALL"])
def test_platforms_without_a_status_are_refused(status: str | None) -> None:
    with pytest.raises(ValueError, match="needs a status other than ALL"):
        ProductSearch(listing_platforms=["TOKOPEDIA"], status=status)
