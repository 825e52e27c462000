"""Memory does not grow with the number of orders; ``bench/memory.py`` does it large."""

from pathlib import Path

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.chaos.measured import Measured, measure
from tiktok_pipelines_tests.integration.conftest import new_database

DAYS = 5
FEW, MANY = 1_500, 6_000  # few are enough to fill the room for pages
MOST_MB = 150
MOST_GROWTH = 1.1


def test_many_times_the_orders_take_no_more_memory(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    few, many = (measured(postgres, orders, tmp_path) for orders in (FEW, MANY))

    assert many.windows == few.windows == DAYS + 1
    assert many.reread > 3 * few.reread > 0
    assert many.peak_mb < MOST_MB
    assert many.peak_mb < MOST_GROWTH * few.peak_mb


def measured(postgres: EmbeddedServer, orders: int, home: Path) -> Measured:
    with new_database(postgres) as url:
        return measure(orders, DAYS, database_url=url, home=home)
