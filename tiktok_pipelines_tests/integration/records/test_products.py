"""Products, as far as the laws of every subject do not say it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from sqlalchemy import text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.api.endpoints.products import (
    BrandSearch,
    ProductCalls,
    ProductSearch,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import RequestRefused
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.windows import Windows, pull_window
from tiktok_pipelines.ingest.subjects.products import DETAIL
from tiktok_pipelines.ingest.subjects.products import PRODUCTS as SUBJECT
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.ingest.webhook_objects import read_products
from tiktok_pipelines.simulator import Fault, SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines.transform.products import PRODUCTS
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    new_database,
)
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.stories import World, world

DAY = timedelta(days=1)
CONFIG = SimulatorConfig(
    shops=1,
    orders=20,
    days=20,
    now=NOW,
    products=40,
    future_days=90,
    rate_per_second=LIMITLESS,
)


@pytest.fixture(scope="module")
def lived(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A shop that was read each day for a while, in which products come and go."""
    home = tmp_path_factory.mktemp("products")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        opened.sync()
        for _ in range(8):
            opened.simulator.clock.advance(4 * DAY)
            opened.sync()
        yield opened


def found(world: World, statement: str, **told: object) -> list[dict[str, Any]]:
    return [dict(row) for row in rows(world.pipeline.database, statement, **told)]


def change(world: World, statement: str, **told: object) -> None:
    with world.pipeline.database.begin() as connection:
        connection.execute(text(statement), told)


def truths(world: World) -> dict[str, dict[str, Any]]:
    (shop_id,) = world.shop_ids
    held = cast("Iterable[Any]", world.simulator.truth(shop_id, "products"))
    return {one["id"]: one for one in held}


def test_columns_say_what_the_product_does(lived: World) -> None:
    held = found(lived, "SELECT * FROM tiktok.products")

    for row in held:
        told = truths(lived)[row["product_id"]]
        assert row["title"] == told["title"]
        assert row["status"] == told["status"]
        assert row["audit_status"] == told["audit"]["status"]
        assert row["category_id"] == told["category_chains"][-1]["id"]
        assert row["brand_name"] == told["brand"]["name"]
        assert row["main_image_url"] == told["main_images"][0]["urls"][0]
        assert row["updated_at"] == datetime.fromtimestamp(told["update_time"], UTC)
    assert len(held) == len(truths(lived)) > 40


def test_what_only_the_search_tells_is_there_too(lived: World) -> None:
    regions = found(lived, "SELECT DISTINCT sales_regions FROM tiktok.products")

    assert regions == [{"sales_regions": ["MY"]}]


def test_prices_of_skus_are_those_that_buyers_see(lived: World) -> None:
    prices = {
        sku["id"]: (sku["price"]["sale_price"], sku["price"]["currency"])
        for told in truths(lived).values()
        for sku in told["skus"]
    }

    held = found(lived, "SELECT sku_id, price::text, currency FROM tiktok.skus")

    assert {row["sku_id"]: (row["price"], row["currency"]) for row in held} == prices


def test_deleted_products_stay_with_time_and_reason(lived: World) -> None:
    held = found(
        lived,
        "SELECT product_id, deleted_at, deleted_reason FROM tiktok.products"
        " WHERE deleted_at IS NOT NULL",
    )

    assert {row["product_id"]: row["deleted_at"] for row in held} == {
        name: datetime.fromtimestamp(told["update_time"], UTC)
        for name, told in truths(lived).items()
        if told["status"] == "DELETED"
    }
    assert {row["deleted_reason"] for row in held} == {"deleted"}


def test_the_history_ends_with_what_the_product_is_now(lived: World) -> None:
    differences = found(
        lived,
        "SELECT * FROM tiktok.products AS p FULL JOIN (SELECT * FROM"
        " tiktok.product_history WHERE valid_to IS NULL) AS h"
        " USING (shop_id, product_id)"
        " WHERE (p.title, p.status, p.audit_status, p.updated_at)"
        " IS DISTINCT FROM (h.title, h.status, h.audit_status, h.valid_from)",
    )

    assert differences == []


def test_the_history_of_prices_ends_with_the_price_now(lived: World) -> None:
    differences = found(
        lived,
        "SELECT * FROM tiktok.skus AS s FULL JOIN (SELECT * FROM"
        " tiktok.sku_price_history WHERE valid_to IS NULL) AS h USING (shop_id, sku_id)"
        " WHERE (s.price, s.currency) IS DISTINCT FROM (h.price, h.currency)",
    )

    assert differences == []


@pytest.mark.parametrize(
    ("table", "key"),
    [("product_history", "product_id"), ("sku_price_history", "sku_id")],
)
def test_the_history_has_no_gap_and_no_overlap(
    lived: World, table: str, key: str
) -> None:
    broken = found(
        lived,
        f"SELECT * FROM (SELECT valid_to, lead(valid_from) OVER (PARTITION BY {key}"
        f" ORDER BY valid_from) AS next FROM tiktok.{table}) AS h"
        " WHERE valid_to IS DISTINCT FROM next",
    )

    assert broken == []


def test_titles_and_prices_changed_while_the_shop_was_read(lived: World) -> None:
    database = lived.pipeline.database

    assert scalar(
        database,
        "SELECT count(*) FROM (SELECT FROM tiktok.product_history"
        " GROUP BY product_id HAVING count(DISTINCT status) > 1) AS changed",
    )
    assert scalar(
        database,
        "SELECT count(*) FROM (SELECT FROM tiktok.sku_price_history"
        " GROUP BY sku_id HAVING count(DISTINCT price) > 1) AS changed",
    )


def test_what_no_list_holds_any_more_is_marked(lived: World) -> None:
    change(
        lived,
        "INSERT INTO tiktok.products (shop_id, product_id, title, synced_at)"
        " VALUES (:shop_id, '17', 'Gone', :at)",
        shop_id=lived.shop_ids[0],
        at=NOW - DAY,
    )

    lived.simulator.clock.advance(DAY)
    lived.sync()

    (row,) = found(lived, "SELECT * FROM tiktok.products WHERE product_id = '17'")
    assert row["deleted_reason"] == "not_listed"
    assert row["deleted_at"] > NOW
    marked = "deleted_reason = 'not_listed'"
    assert found(lived, f"SELECT product_id FROM tiktok.products WHERE {marked}") == [
        {"product_id": "17"}
    ]
    change(lived, "DELETE FROM tiktok.products WHERE product_id = '17'")


def test_a_change_without_an_update_is_found_within_a_day(lived: World) -> None:
    (before,) = found(
        lived, "SELECT * FROM tiktok.products ORDER BY product_id LIMIT 1"
    )
    change(
        lived,
        "UPDATE tiktok.products SET title = 'Old', listing_hash = '\\x00',"
        " content_hash = '\\x00' WHERE product_id = :product_id",
        product_id=before["product_id"],
    )

    lived.simulator.clock.advance(DAY)
    lived.sync()

    (after,) = found(
        lived,
        "SELECT * FROM tiktok.products WHERE product_id = :product_id",
        product_id=before["product_id"],
    )
    assert after["title"] == truths(lived)[before["product_id"]]["title"]


def test_a_list_that_looked_odd_is_read_again_within_its_day(lived: World) -> None:
    spoiled = Fault("nulls", path="/product/202309/brands", share=0.5)
    number_of_odd = "SELECT count(*) FROM tiktok.brands WHERE extra <> '{}'"
    lived.simulator.clock.advance(DAY)
    lived.simulator.faults.add(spoiled)
    lived.sync()
    lived.simulator.faults.clear()
    assert scalar(lived.pipeline.database, number_of_odd)

    lived.simulator.clock.advance(DAY / 24)
    lived.sync()

    assert scalar(lived.pipeline.database, number_of_odd) == 0


def test_a_product_without_a_detail_lands_as_it_is_listed(lived: World) -> None:
    """TikTok may refuse the details of deleted products: 12052032."""
    shop_id = lived.shop_ids[0]
    deleted = [
        name for name, told in truths(lived).items() if told["status"] == "DELETED"
    ]
    change(
        lived, "DELETE FROM tiktok.products WHERE product_id = ANY(:ids)", ids=deleted
    )

    def listed(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
        query = ProductSearch(created=window, status="DELETED")
        return shop.products.pages(query)

    pull_window(Windows(listed), work_of(lived), WHOLE)

    held = found(
        lived,
        "SELECT product_id, deleted_reason, description FROM tiktok.products"
        " WHERE shop_id = :shop_id AND product_id = ANY(:ids)",
        shop_id=shop_id,
        ids=deleted,
    )
    assert {row["product_id"] for row in held} == set(deleted)
    assert {row["deleted_reason"] for row in held} == {"deleted"}
    assert {row["description"] for row in held} == {None}


def test_a_frozen_product_that_the_search_for_all_leaves_out_is_there(
    lived: World,
) -> None:
    while not (frozen := frozen_in(lived)):
        lived.simulator.clock.advance(DAY)
    change(lived, "DELETE FROM tiktok.products WHERE product_id = :id", id=frozen.pop())
    lived.simulator.clock.advance(DAY)
    work = work_of(lived)
    work.shop.products.__class__ = WithoutFrozen

    for load in SUBJECT.loads:
        load.run(replace(work, ledgers=SUBJECT.ledgers))

    held = found(
        lived,
        "SELECT product_id FROM tiktok.products"
        " WHERE status = 'FREEZE' AND deleted_at IS NULL",
    )
    assert {row["product_id"] for row in held} == frozen_in(lived)


def test_an_event_about_a_frozen_product_has_it_read_too(lived: World) -> None:
    while not (frozen := frozen_in(lived)):
        lived.simulator.clock.advance(DAY)
    product_id = frozen.pop()
    change(lived, "DELETE FROM tiktok.products WHERE product_id = :id", id=product_id)
    work = work_of(lived)
    work.shop.products.__class__ = WithoutFrozen

    tally = read_products(work, DETAIL, [product_id])

    assert tally.ids == {product_id}


def frozen_in(world: World) -> set[str]:
    return {name for name, told in truths(world).items() if told["status"] == "FREEZE"}


class WithoutFrozen(ProductCalls):
    """As if the search for all left frozen products out, which nobody knows."""

    def pages(self, query: ProductSearch | BrandSearch) -> Iterator[Page]:
        """What is found, less what is frozen if all was asked for."""
        pages = list(super().pages(query))
        if isinstance(query, ProductSearch) and query.status == "ALL":
            told = [
                [one for one in page.records if as_object(one)["status"] != "FREEZE"]
                for page in pages
            ]
            total = sum(map(len, told))
            pages = [
                replace(page, records=left, total_count=total)
                for page, left in zip(pages, told, strict=True)
            ]
        return iter(pages)


WHOLE = TimeWindow(datetime(2016, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def work_of(world: World) -> Work:
    (shop_id,) = world.shop_ids
    return Work(
        mapping=PRODUCTS,
        shop=world.pipeline.shops.client_of(shop_id),
        database=world.pipeline.database,
        target=ShopRun(shop_id),
        clock=world.pipeline.shops.clock,
        policy=KEEP_ALL,
        since=NOW,
        log=lambda _: None,
    )


def test_more_products_than_a_search_may_hold_are_listed_in_slices(
    lived: World,
) -> None:
    """As if TikTok refused from ten on, not from ten thousand."""

    def listed(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
        for page in shop.products.pages(ProductSearch(created=window)):
            if (page.total_count or 0) > 10:
                raise RequestRefused("too many", path=page.endpoint.path, code=TOO_MANY)
            yield page

    load = Windows(listed, "listed", too_many=frozenset({TOO_MANY}), name="sliced")
    results = pull_window(load, work_of(lived), WHOLE)

    windows = [result.window for result in results]
    assert len(windows) > 4
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert (windows[0].start, windows[-1].end) == (WHOLE.start, WHOLE.end)
    there = [one for one in truths(lived).values() if one["status"] != "DELETED"]
    counted = [result.counts.api_total or 0 for result in results]
    assert sum(counted) == len(there)
    assert max(counted) <= 10


TOO_MANY = 12052180
