"""Simulated shops that announce what happens, and the work on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.webhook_batch import Batch
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    SimulatorClock,
)
from tiktok_pipelines_tests.integration.receiver.served import Receiver, open_receiver
from tiktok_pipelines_tests.waiting import until


@dataclass(frozen=True)
class World:
    """Simulated shops that announce what happens, a receiver, and who works on it."""

    simulator: Simulator
    pipeline: Pipeline
    receiver: Receiver

    @property
    def database(self) -> Database:
        return self.pipeline.database

    @property
    def shop_ids(self) -> list[str]:
        return [shop.id for shop in self.simulator.shops]

    def work(self, run_id: str = "webhooks") -> WebhookWork:
        return WebhookWork(OrderRuns(self.pipeline.shops, run_id, log=lambda _: None))

    def settle_all(self) -> list[Batch]:
        """Work until nothing is due."""
        done, work = list[Batch](), self.work()
        while (batch := work.next_batch()).size:
            done.append(batch)
        return done

    def live_on(self, **hours: float) -> None:
        """Let time pass, until all that happened is announced and taken."""
        self.simulator.clock.advance(timedelta(**hours))
        until(lambda: self.simulator.postman.is_quiet)

    def events(self, where: str = "true") -> Sequence[Any]:
        statement = text(
            f"SELECT * FROM tiktok_ops.webhook_events WHERE {where} ORDER BY event_id"
        )
        with self.database.begin() as connection:
            return connection.execute(statement).mappings().all()

    def statuses(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.events():
            found[row["status"]] = found.get(row["status"], 0) + 1
        return found

    def some_order(self, shop_id: str | None = None) -> str:
        shop_id = shop_id or self.shop_ids[0]
        return str(self.simulator.truth(shop_id)[-1]["id"])


@pytest.fixture
def shops_config() -> SimulatorConfig:
    return SimulatorConfig(
        shops=3,
        orders=40,
        days=5,
        now=NOW,
        future_days=3,
        rate_per_second=LIMITLESS,
        webhook_time_scale=0.0001,
    )


@pytest.fixture
def receiver(settings: Settings, clock: SimulatorClock) -> Iterator[Receiver]:
    with open_receiver(settings, clock) as opened:
        yield opened


@pytest.fixture
def world(simulator: Simulator, pipeline: Pipeline, receiver: Receiver) -> World:
    return World(simulator, pipeline, receiver)


@pytest.fixture
def announced(world: World) -> World:
    """The same, with the app's address set in Partner Center."""
    world.simulator.postman.set_address(f"{world.receiver.url}/webhooks/tiktok")
    return world
