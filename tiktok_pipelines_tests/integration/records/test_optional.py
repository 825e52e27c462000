"""What TikTok does not serve every shop: no failure, and told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.coverage import State
from tiktok_pipelines.ingest.coverage_readings import Reading, read_readings
from tiktok_pipelines.ingest.coverage_subjects import Asked
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import GLOBAL_WAREHOUSES
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.stories import World, world
from tiktok_pipelines_tests.integration.records.test_finance import (
    CONFIG,
    DAY,
    gb,
    runs_of,
    sync,
)

NAME = "global_warehouses"
HELD = "SELECT count(*) FROM tiktok.global_warehouses"


@pytest.fixture
def shops(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Shops of which nothing was read yet."""
    with world(database_url, tmp_path, CONFIG) as opened:
        yield opened


def refuse(world: World, code: int) -> None:
    """Let the call be refused to the shop in Britain."""
    fault = Fault("error_code", path=GLOBAL_WAREHOUSES, shop_id=gb(world), code=code)
    world.simulator.faults.add(fault)


def failures(world: World) -> list[PipelineError]:
    report = runs_of(world).sync([gb(world)], [BY_NAME[NAME]])
    return [error for _, error in report.failures]


def reading_of(world: World) -> Reading:
    """What the coverage says of the shop in Britain."""
    now = world.pipeline.clock.now()
    asked = Asked(now, now.date(), first_sync_days=90, shop_id=gb(world))
    (reading,) = read_readings(world.pipeline.database, asked, [NAME])
    return reading


@pytest.mark.parametrize("code", [105005, 36009034, 11036012, 12345678])
def test_a_shop_without_it_is_noted_and_fails_nothing(shops: World, code: int) -> None:
    refuse(shops, code)

    sync(shops, NAME)

    (told,) = rows(
        shops.pipeline.database,
        "SELECT verdict, note, rows_in_table FROM tiktok_ops.sync_windows"
        " WHERE shop_id = :shop_id",
        shop_id=gb(shops),
    )
    assert (told["verdict"], told["rows_in_table"]) == ("closed", 0)
    assert told["note"].startswith("not there for this shop: ")
    assert scalar(shops.pipeline.database, HELD) == 2  # those of the other shop


def test_the_coverage_says_that_it_is_not_there(shops: World) -> None:
    refuse(shops, 11036012)
    sync(shops, NAME)

    reading = reading_of(shops)

    assert reading.state is State.CLOSED
    assert reading.records == 0
    assert "not there for this shop" in reading.note


@pytest.mark.parametrize("code", [36009004, 98001004, 101000, 36009043, 36009003])
def test_a_refusal_of_the_call_itself_is_a_failure(shops: World, code: int) -> None:
    refuse(shops, code)

    (error,) = failures(shops)

    assert str(code) in str(error)


def test_a_refusal_of_what_was_there_is_a_failure(shops: World) -> None:
    sync(shops, NAME)
    refuse(shops, 105005)
    shops.simulator.clock.advance(DAY)

    (error,) = failures(shops)

    assert "105005" in str(error)
    assert scalar(shops.pipeline.database, HELD) == 4


def test_what_is_served_later_is_there_a_day_later(shops: World) -> None:
    refuse(shops, 11036012)
    sync(shops, NAME)
    shops.simulator.faults.clear()
    shops.simulator.clock.advance(DAY + timedelta(minutes=1))

    sync(shops, NAME)

    assert scalar(shops.pipeline.database, HELD) == 4
    assert reading_of(shops).note == ""
