"""The benches still work: ``bench/README.md``; nothing here depends on time."""

from pathlib import Path

from bench.compare import compare
from bench.stage import Stage
from bench.webhook_load import APP_KEY, APP_SECRET, send
from tiktok_pipelines.receiver.app import build_app
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
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
