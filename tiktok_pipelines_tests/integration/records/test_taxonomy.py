"""Trees of categories: the newest kind that a market has."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tiktok_pipelines.errors import RequestRefused
from tiktok_pipelines.ingest.records.runs import SubjectReport
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Fault, SimulatorConfig
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.records.stories import World, raise_all, world
from tiktok_pipelines_tests.integration.records.test_finance import runs_of

TREE = "/product/202309/categories"
CONFIG = SimulatorConfig(
    shops=1, orders=5, products=4, now=NOW, rate_per_second=LIMITLESS
)


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A shop of which nothing was read yet."""
    with world(database_url, tmp_path, CONFIG) as opened:
        yield opened


def load(world: World) -> SubjectReport:
    return runs_of(world).sync(world.shop_ids, [BY_NAME["categories"]])


def refuse_once(world: World, code: int) -> None:
    world.simulator.faults.add(Fault("error_code", path=TREE, code=code, count=1))


def held(world: World) -> int:
    return scalar(
        world.pipeline.database,
        "SELECT count(*) FROM tiktok.categories WHERE deleted_at IS NULL",
    )


def kinds(report: SubjectReport) -> list[type]:
    return [type(error) for _, error in report.failures]


@pytest.mark.parametrize("code", [36009004, 98001004])
def test_a_market_without_the_newest_tree_has_the_older_one(
    shop: World, code: int
) -> None:
    refuse_once(shop, code)

    raise_all(load(shop))

    assert held(shop)


def test_a_refusal_for_another_reason_brings_no_older_tree(shop: World) -> None:
    refuse_once(shop, 12052097)

    assert kinds(load(shop)) == [RequestRefused]
    assert not held(shop)


def test_a_market_that_had_the_newest_tree_gets_no_older_one(shop: World) -> None:
    raise_all(load(shop))
    shop.simulator.clock.advance(timedelta(days=1))
    refuse_once(shop, 36009004)

    assert kinds(load(shop)) == [RequestRefused]
    assert held(shop)


def test_categories_of_deleted_products_alone_are_described_too(shop: World) -> None:
    raise_all(runs_of(shop).sync(shop.shop_ids, [BY_NAME["products"]]))
    with shop.pipeline.database.begin() as connection:
        connection.execute(text("UPDATE tiktok.products SET deleted_at = now()"))

    raise_all(runs_of(shop).sync(shop.shop_ids, [BY_NAME["category_rules"]]))

    rules = "SELECT count(*) FROM tiktok.category_rules"
    truth = shop.simulator.truth(shop.shop_ids[0], "category_rules")
    assert scalar(shop.pipeline.database, rules) == len(truth) > 0
