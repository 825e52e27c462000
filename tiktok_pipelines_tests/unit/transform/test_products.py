"""Products and stock: what their columns say beyond what is taken as it comes."""

from typing import Any

import pytest

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.products import PRODUCTS, listing_hash
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines.transform.stock import INVENTORY, products_of, skus_of
from tiktok_pipelines_tests.recorded import samples_of
from tiktok_pipelines_tests.unit.transform.samples import NOON, extra_in

Json = dict[str, Any]


def detail() -> Json:
    """The documented detail, with everything in it."""
    (sample,) = (
        one for one in samples_of("product_detail") if one.kind == "documentation"
    )
    return sample.data()


def listed(**changes: object) -> Json:
    """The row of a search for the same product."""
    whole = detail()
    names = ("id", "title", "status", "create_time", "update_time", "skus")
    return {name: whole[name] for name in names} | {"sales_regions": ["US"]} | changes


def rows_of(record: object) -> RecordRows:
    rows, _ = read_record(PRODUCTS, record, NOON)
    assert isinstance(rows, RecordRows), rows
    return rows


def stock_of(record: object) -> RecordRows:
    rows, _ = read_record(INVENTORY, record, NOON)
    assert isinstance(rows, RecordRows), rows
    return rows


def test_what_only_the_search_tells_stays_beside_the_detail() -> None:
    rows = rows_of({**listed(product_sync_fail_reasons=["no stock"]), **detail()})

    assert rows.row["sales_regions"] == b'["US"]'
    assert rows.row["description"] == detail()["description"]
    assert extra_in(rows.row)["product_sync_fail_reasons"] == ["no stock"]


def test_a_product_is_in_the_last_category_of_its_chain() -> None:
    chain = [{"id": "1", "local_name": "Home"}, {"id": "2", "local_name": "Mugs"}]

    row = rows_of(listed(category_chains=chain)).row

    assert (row["category_id"], row["category_name"]) == ("2", "Mugs")


def test_a_deleted_product_was_deleted_when_it_was_last_updated() -> None:
    row = rows_of(listed(status="DELETED")).row

    assert row["deleted_at"] == row["updated_at"] == detail()["update_time"] * 10**6
    assert row["deleted_reason"] == "deleted"


def test_a_product_that_is_there_is_not_deleted() -> None:
    row = rows_of(listed()).row

    assert (row["deleted_at"], row["deleted_reason"]) == (None, None)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ({"sale_price": "117.5", "tax_exclusive_price": "110"}, "117.5"),
        ({"tax_exclusive_price": "110"}, "110"),
        ({"sale_price": "", "tax_exclusive_price": "110"}, "110"),
        ({}, None),
    ],
    ids=["both", "no sale price", "an empty one", "none"],
)
def test_the_price_is_what_buyers_see(price: Json, expected: str | None) -> None:
    (sku,) = rows_of(listed(skus=[{"id": "1", "price": price}])).parts["skus"]

    assert sku["price"] == expected


def test_a_sku_is_called_by_the_values_of_its_attributes() -> None:
    attributes = [
        {"id": "1", "value_name": "Red"},
        {"id": "2", "value_name": "XL"},
    ]

    (sku,) = rows_of(listed(skus=[{"id": "1", "sales_attributes": attributes}])).parts[
        "skus"
    ]

    assert sku["sku_name"] == "Red, XL"


def test_search_and_detail_of_one_state_have_one_listing_hash() -> None:
    assert listing_hash(listed()) == listing_hash({**listed(), **detail()})


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"status": "ACTIVATE"},
        {"update_time": 1},
        {"skus": []},
        {"skus": [{**detail()["skus"][0], "seller_sku": "other"}]},
        {"skus": [{**detail()["skus"][0], "price": {"tax_exclusive_price": "1"}}]},
    ],
    ids=["title", "status", "update time", "skus", "seller sku", "price"],
)
def test_each_change_of_the_listing_moves_its_hash(changes: Json) -> None:
    assert listing_hash(listed(**changes)) != listing_hash(listed())


def test_stock_does_not_move_the_hash_of_the_listing() -> None:
    sku = {**detail()["skus"][0], "inventory": [{"quantity": 1}]}

    assert listing_hash(listed(skus=[sku])) == listing_hash(listed())


def test_a_review_that_passed_leaves_no_failures() -> None:
    assert rows_of(listed()).parts["product_audit_failures"] == []


def stock() -> Json:
    """The documented answer: one product with one SKU."""
    (sample,) = (
        one for one in samples_of("inventory_search") if one.kind == "documentation"
    )
    return sample.data()["inventory"][0]


def test_the_stock_of_a_sku_is_told_over_all_warehouses_and_by_each() -> None:
    (record,) = skus_of(stock())

    rows = stock_of(record)

    row = rows.row
    assert (row["available"], row["committed"]) == (100, 10)
    assert (row["in_shop"], row["campaign"], row["creator"]) == (50, 30, 20)
    (level,) = rows.parts["inventory_levels"]
    assert (level["available"], level["committed"]) == (100, 10)
    assert level["product_id"] == row["product_id"] == stock()["product_id"]
    assert rows.version.fetched_us == microseconds(NOON)


def test_shares_that_are_not_told_are_unknown() -> None:
    row = stock_of({"id": "1", "product_id": "2"}).row

    assert [row[name] for name in ("in_shop", "campaign", "creator")] == [None] * 3


def test_what_a_product_tells_besides_its_skus_goes_with_each_of_them() -> None:
    product = {"product_id": "1", "skus": [{"id": "2"}, {"id": "3"}], "note": "new"}

    records = list(skus_of(product))

    assert records == [
        {"id": "2", "product_id": "1", "product": {"note": "new"}},
        {"id": "3", "product_id": "1", "product": {"note": "new"}},
    ]
    assert products_of(list(map(as_object, records))) == [product]


@pytest.mark.parametrize("record", [None, "x", {"product_id": "1"}, {"skus": None}])
def test_what_is_no_product_with_skus_comes_back_as_it_is(record: object) -> None:
    assert list(skus_of(record)) == [record]


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({"main_images": ...}, ["main_images"]),
        ({"audit": {"status": "FAILED"}}, ["audit_failed_reasons"]),
        ({"status": "DRAFT", "main_images": ...}, []),
        ({"description": ..., "main_images": ...}, []),
    ],
    ids=["no pictures", "a review that failed", "a draft", "a search"],
)
def test_a_list_that_a_product_needs_is_missed(
    changes: Json, missed: list[str]
) -> None:
    known = detail() | {"audit_failed_reasons": ...} | changes
    told = {name: value for name, value in known.items() if value is not ...}

    lost = [note.path for note in rows_of(told).notes if note.kind == "lost_field"]

    assert lost == missed
