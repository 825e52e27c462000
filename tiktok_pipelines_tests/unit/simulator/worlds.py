"""A simulator without a server, and its truth with types that tests can read."""

from datetime import UTC, datetime
from typing import Any, cast

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.shop import Shop

Json = dict[str, Any]

NOW = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
CONFIG = SimulatorConfig(orders=250, days=60, now=NOW, products=40)


def truth(sim: Simulator, shop: Shop, subject: str) -> list[Json]:
    return cast("list[Json]", sim.truth(shop.id, subject))


def everywhere(sim: Simulator, subject: str) -> list[Json]:
    return [row for shop in sim.shops for row in truth(sim, shop, subject)]


def keyed(rows: list[Json], key: str = "id") -> dict[str, Json]:
    return {row[key]: row for row in rows}
