"""The benches still work: ``bench/README.md``; nothing here depends on time."""

from pathlib import Path

from bench.compare import compare
from bench.stage import Stage
from tiktok_pipelines.storage.embedded import EmbeddedServer

ORDERS, DAYS = 300, 2


def test_ours_and_the_limit_load_all_orders_that_the_bench_serves(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    stage = Stage(postgres, tmp_path)

    costs = compare(stage, ORDERS, ways=["ours", "limit"], rounds=1, days=DAYS)

    assert [len(rounds) for rounds in costs.values()] == [1, 1]
    assert all(cost.cpu_s > 0 for [cost] in costs.values())
    assert all(cost.peak_mb > 0 for [cost] in costs.values())
