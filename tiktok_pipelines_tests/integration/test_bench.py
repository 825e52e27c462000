"""The benches still work: ``bench/README.md``; nothing here depends on time."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench import marts
from bench.compare import compare
from bench.stage import Stage
from bench.webhook_load import APP_KEY, APP_SECRET, send
from tiktok_pipelines.receiver.app import build_app
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.marts.views import View, views
from tiktok_pipelines_tests.integration.conftest import new_database
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.receiver.served import serve_app

ORDERS, DAYS = 300, 2


def test_ours_and_the_limit_load_all_orders_that_the_bench_serves(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    stage = Stage(postgres, tmp_path)

    costs = compare(stage, ORDERS, ways=["ours", "limit"], rounds=1, days=DAYS)

    assert [len(rounds) for rounds in costs.values()] == [1, 1]
    assert all(cost.cpu_s > 0 for [cost] in costs.values())
    assert all(cost.peak_mb > 0 for [cost] in costs.values())


@pytest.fixture(scope="module")
def filled(postgres: EmbeddedServer) -> Iterator[str]:
    """The tables that the bench of the views fills, small."""
    with new_database(postgres) as url:
        marts.fill(url, orders=3_000, skus=100)
        yield url


def test_the_bench_asks_every_view_for_something(filled: str) -> None:
    with psycopg.connect(filled) as connection:
        asked = [question.query for question in marts.questions()]
        counts = {
            query: connection.execute(f"SELECT count(*) FROM ({query})".encode())
            for query in asked
        }
        empty = [query for query, found in counts.items() if found.fetchone() == (0,)]

    assert empty == []
    assert len(asked) > len(views())


@pytest.mark.parametrize("view", views().values(), ids=list(views()))
def test_a_view_holds_its_grain(filled: str, view: View) -> None:
    keys = ", ".join(column.name for column in view.facts.columns if column.is_key)
    repeated = f"SELECT {keys} FROM {view.name} GROUP BY {keys} HAVING count(*) > 1"
    with psycopg.connect(filled) as connection:
        found = connection.execute(repeated.encode()).fetchall()

    assert found == []


def test_the_bench_of_webhooks_lands_what_it_counts(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    environment = {
        "TIKTOK_APP_KEY": APP_KEY,
        "TIKTOK_APP_SECRET": APP_SECRET,
        "TIKTOK_DATABASE_URL": database_url,
        "TIKTOK_HOME": str(tmp_path),
    }
    app = build_app(Settings.from_environment(environment, folder=tmp_path))
    with serve_app(app) as url:
        port = int(url.rpartition(":")[2])
        sent = send(port, connections=4, seconds=0.5, first=1)

    statement = "SELECT count(*) FROM tiktok_ops.webhook_events"
    assert (scalar(database, statement), sent.refused) == (sent.taken, 0)
    assert sent.taken == len(sent.times_s) > 0
