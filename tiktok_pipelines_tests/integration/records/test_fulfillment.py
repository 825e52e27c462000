"""Packages and promotions: what is theirs alone among the subjects."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from tiktok_pipelines.ingest.records.runs import SubjectReport
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import (
    ACTIVITY,
    COUPON,
    PACKAGE,
    PACKAGE_SEARCH,
    TRACKING,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar, table
from tiktok_pipelines_tests.integration.records.cases import (
    CASES,
    given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.records.stories import (
    CONFIG,
    World,
    raise_all,
    world,
)

ON_THE_WAY = """
    SELECT count(DISTINCT o.order_id) FROM tiktok.packages AS p
    JOIN tiktok.package_orders AS o USING (shop_id, package_id)
    WHERE p.status IN ('PROCESSING', 'FULFILLING')
"""
ASTRAY = """
    SELECT l.line_id FROM tiktok.order_lines AS l
    LEFT JOIN tiktok.package_lines AS p USING (shop_id, package_id, line_id)
    LEFT JOIN tiktok.package_orders AS o USING (shop_id, package_id, order_id)
    WHERE l.package_id IS NOT NULL AND l.status <> 'CANCELLED'
      AND (p.line_id IS NULL OR o.order_id IS NULL)
"""
MANY = """
    SELECT count(*) FROM (SELECT FROM tiktok.package_orders
        GROUP BY shop_id, {} HAVING count(*) > 1) AS many
"""


Json = dict[str, Any]

SMALL = replace(CONFIG, shops=2, orders=60, days=20)


def sync(shops: World) -> SubjectReport:
    """Run the sync of fulfilment of every shop."""
    return shops.sync(only="fulfillment")


@pytest.fixture
def shops(database_url: str, tmp_path: Path) -> Iterator[World]:
    with world(database_url, tmp_path / "home", SMALL) as opened:
        yield opened


def calls(shops: World, path: str) -> int:
    """How often a call was made, whatever its id."""
    made: Counter[str] = Counter()
    for (_, called, _), times in shops.simulator.calls.items():
        made[called] += times
    return made[path]


def test_lines_orders_and_packages_agree_where_they_are_split_and_combined(
    shops: World,
) -> None:
    shops.sync_orders()
    raise_all(sync(shops))

    database = shops.pipeline.database
    assert rows(database, ASTRAY) == []
    assert scalar(database, MANY.format("package_id")) > 0  # combined
    assert scalar(database, MANY.format("order_id")) > 0  # split
    units = "SELECT sum(quantity) FROM tiktok.package_skus"
    assert scalar(database, units) == count(database, "tiktok.package_lines")


def test_details_are_asked_for_once_as_long_as_nothing_changes(shops: World) -> None:
    raise_all(sync(shops))
    before = {path: calls(shops, path) for path in (PACKAGE, TRACKING, ACTIVITY)}
    assert min(before.values()) > 0

    raise_all(sync(shops))

    assert {path: calls(shops, path) for path in before} == before


def test_what_is_on_its_way_is_tracked_again_after_some_hours(shops: World) -> None:
    raise_all(sync(shops))
    on_the_way = scalar(shops.pipeline.database, ON_THE_WAY)
    before = calls(shops, TRACKING)
    assert on_the_way > 0

    shops.simulator.clock.advance(timedelta(hours=7))
    raise_all(sync(shops))

    still = scalar(shops.pipeline.database, ON_THE_WAY)
    assert calls(shops, TRACKING) - before >= still


def test_the_use_of_what_is_on_is_read_again_though_nothing_else_moves(
    shops: World,
) -> None:
    used = "SELECT sum(redeemed_count) FROM tiktok.coupons WHERE status = 'ONGOING'"
    raise_all(sync(shops))
    before = scalar(shops.pipeline.database, used)
    asked = calls(shops, COUPON)

    shops.simulator.clock.advance(timedelta(hours=4))
    raise_all(sync(shops))

    assert scalar(shops.pipeline.database, used) > before
    assert calls(shops, COUPON) - asked < count(
        shops.pipeline.database, "tiktok.coupons"
    )


def test_the_recipient_of_a_package_is_kept_with_each_of_its_orders(
    shops: World,
) -> None:
    raise_all(sync(shops))

    database = shops.pipeline.database
    held = {row["order_id"]: row for row in table(database, "tiktok.order_recipients")}
    packages = [
        cast("Json", package)
        for shop_id in shops.shop_ids
        for package in shops.simulator.truth(shop_id, "packages")
    ]
    told: dict[str, Json] = {
        order["id"]: package["recipient_address"]
        for package in packages
        if "recipient_address" in package
        for order in package["orders"]
    }
    assert held.keys() == told.keys()
    assert {name: row["full_address"] for name, row in held.items()} == {
        name: address["full_address"] for name, address in told.items()
    }
    kept = "SELECT count(*) FROM tiktok.package_details WHERE extra::text ~ 'recipient'"
    assert scalar(database, kept) == 0


def test_masked_recipients_of_packages_hide_none_that_orders_tell(
    shops: World,
) -> None:
    shops.sync_orders()
    before = clear_fields(shops)
    shops.simulator.faults.add(Fault("masked_buyers", path=PACKAGE, share=1))

    sync(shops)

    masked = "SELECT count(*) FROM tiktok.order_recipients WHERE name ~ '[*]'"
    assert scalar(shops.pipeline.database, masked) > 0
    assert len(before) > 0
    assert before <= clear_fields(shops)


def clear_fields(shops: World) -> set[tuple[str, str, str]]:
    """What is told of recipients without a mask: order, column and text."""
    names = ("name", "phone", "full_address", "postal_code", "address_line1")
    return {
        (row["order_id"], name, row[name])
        for row in table(shops.pipeline.database, "tiktok.order_recipients")
        for name in names
        if row[name] and "*" not in row[name]
    }


def test_a_package_that_is_no_more_stops_nothing(shops: World) -> None:
    shops.simulator.faults.add(
        Fault("error_code", path=PACKAGE, code=21008111, count=2)
    )

    raise_all(sync(shops))

    database = shops.pipeline.database
    missing = count(database, "tiktok.packages") - count(
        database, "tiktok.package_details"
    )
    assert missing == 2
    shops.simulator.clock.advance(timedelta(hours=25))  # asked for again after a day
    raise_all(sync(shops))
    assert count(database, "tiktok.packages") == count(
        database, "tiktok.package_details"
    )


def test_an_open_window_of_packages_is_told_and_read_again(shops: World) -> None:
    shops.simulator.faults.add(Fault("missing_orders", path=PACKAGE_SEARCH))

    report = sync(shops)

    told = [str(error) for name, error in report.failures if "packages" in name]
    assert len(told) == len(shops.shop_ids)
    assert all("are not complete" in text for text in told)
    shops.simulator.faults.clear()
    raise_all(sync(shops))
    assert count(shops.pipeline.database, "tiktok.packages") > 0


def test_an_odd_detail_of_what_is_listed_is_read_again(shops: World) -> None:
    case = next(one for one in CASES if one.name == "promotions")
    shops.simulator.faults.add(Fault("missing_lists", path=ACTIVITY, share=1))
    sync(shops)
    assert count(shops.pipeline.database, "tiktok.promotions") > 0
    assert count(shops.pipeline.database, "tiktok.promotion_products") == 0
    shops.simulator.faults.clear()

    shops.simulator.clock.advance(timedelta(minutes=5))
    raise_all(sync(shops))

    for shop_id in shops.shop_ids:
        held = truth_of(shops.simulator, case, shop_id)
        assert given_back(shops.pipeline.database, case, shop_id) == held
