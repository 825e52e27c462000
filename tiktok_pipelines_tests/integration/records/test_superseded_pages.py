"""Pages that no row names go when they are old; the tables can be made anew after."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tiktok_pipelines.ingest.rebuild import RebuildRequest, rebuild_orders
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.retention import tidy_up
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import new_database
from tiktok_pipelines_tests.integration.ingest.stored import count
from tiktok_pipelines_tests.integration.records.stories import World, world


@pytest.fixture(scope="module")
def old(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Shops that were read while they lived on."""
    home = tmp_path_factory.mktemp("old")
    with new_database(postgres) as url, world(url, home) as opened:
        opened.sync_orders()
        opened.sync()
        opened.live([timedelta(hours=6)] * 11)
        yield opened


def tidy(world: World, *, pages: bool) -> int:
    """Remove what is old, and pages too; how many of those went."""
    now = world.pipeline.clock.now()
    removed = tidy_up(
        world.pipeline.database,
        logs_before=now - timedelta(days=30),
        ledger_before=now - timedelta(days=90),
        events_before=now - timedelta(days=90),
        pages_before=now if pages else None,
    )
    return removed["tiktok_raw.pages"]


def test_unless_it_is_set_no_page_goes(old: World) -> None:
    before = count(old.pipeline.database, "tiktok_raw.pages")

    assert tidy(old, pages=False) == 0
    assert count(old.pipeline.database, "tiktok_raw.pages") == before


def test_superseded_pages_go_and_every_table_can_be_made_anew(old: World) -> None:
    database = old.pipeline.database
    before = count(database, "tiktok_raw.pages")

    removed = tidy(old, pages=True)

    assert 0 < removed == before - count(database, "tiktok_raw.pages")
    request = RebuildRequest(is_dry_run=True)
    report = rebuild_orders(database, request, log=lambda _: None)
    wrong = [each for shop in report.shops for each in shop.differences if each.total]
    for subject in ALL:
        report = rebuild_records(database, subject.mapping, request, log=lambda _: None)
        wrong += [
            each for shop in report.shops for each in shop.differences if each.total
        ]
    assert wrong == []


def test_a_second_time_finds_nothing(old: World) -> None:
    tidy(old, pages=True)

    assert tidy(old, pages=True) == 0
