"""The lists of known names agree with the published description of the API."""

from typing import cast

import pytest

from tiktok_pipelines.transform.buyers import BUYER_FIELDS
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.known import (
    FINAL_STATUSES,
    KNOWN_LINE_FIELDS,
    KNOWN_ORDER_FIELDS,
    KNOWN_PAYMENT_FIELDS,
    KNOWN_STATUSES,
)
from tiktok_pipelines.transform.order_fields import (
    DETAIL_ONLY,
    LINE_FIELDS,
    ORDER_FIELDS,
    PAYMENT_FIELDS,
)
from tiktok_pipelines_tests.unit.transform.samples import GOLDEN, Json

SEARCH, DETAIL = "/order/202309/orders/search", "/order/202507/orders"


def operation(path: str) -> Json:
    described = cast("Json", decode((GOLDEN / "operations.json").read_bytes()))
    found: list[Json] = described["operations"]
    return next(one for one in found if one["path"] == path)


def order_fields(path: str) -> Json:
    return operation(path)["response"]["fields"]["orders"]["fields"]


def names(path: str, part: str = "") -> set[str]:
    fields = order_fields(path)
    return set(fields[part]["fields"] if part else fields)


def test_the_known_order_fields_are_those_described_less_the_buyer() -> None:
    described = names(SEARCH) | names(DETAIL)

    assert described == KNOWN_ORDER_FIELDS | BUYER_FIELDS
    assert not KNOWN_ORDER_FIELDS & BUYER_FIELDS


@pytest.mark.parametrize(
    ("part", "known"),
    [("line_items", KNOWN_LINE_FIELDS), ("payment", KNOWN_PAYMENT_FIELDS)],
)
def test_the_known_fields_of_a_part_are_those_described(
    part: str, known: frozenset[str]
) -> None:
    assert names(SEARCH, part) | names(DETAIL, part) == known


def test_the_detail_only_fields_are_those_that_search_does_not_describe() -> None:
    assert names(DETAIL) - names(SEARCH) == DETAIL_ONLY


def test_the_known_statuses_are_those_that_can_be_searched_for() -> None:
    described = operation(SEARCH)["body"]["order_status"]["enum"]

    assert set(described) == KNOWN_STATUSES
    assert FINAL_STATUSES < KNOWN_STATUSES


def test_every_column_reads_a_field_that_is_known() -> None:
    assert {field.name for field in ORDER_FIELDS} <= KNOWN_ORDER_FIELDS
    assert {field.name for field in PAYMENT_FIELDS} <= KNOWN_PAYMENT_FIELDS
    assert {field.name for field in LINE_FIELDS} <= KNOWN_LINE_FIELDS
