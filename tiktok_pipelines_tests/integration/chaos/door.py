"""The simulator's door: it takes its time, and notes every order that it told."""

import asyncio
import random
import threading
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.responses import Response

from tiktok_pipelines.api.decoding import decode_json
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.ingest.answers import Json


@dataclass(frozen=True, slots=True)
class Told:
    """An order as it was answered."""

    shop_id: str
    order: Json


@dataclass(slots=True)
class Door:
    """Answers about orders late: what was true when it was given may be so no more.

    ``told`` holds every order that had an id, in the order of the answers.
    """

    simulator: Simulator
    chance: random.Random
    slowest_s: float = 0.08
    told: list[Told] = field(default_factory=list[Told])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def around(self, visit: Visit, answer: Answer) -> Response:
        if "/orders" not in visit.path:
            return answer()
        await asyncio.sleep(self._wait_s())
        response = answer()
        with self._lock:
            self.told += _told(visit.shop_id, bytes(response.body))
        await asyncio.sleep(self._wait_s() * self.chance.choice([1, 1, 1, 10]))
        return response

    def _wait_s(self) -> float:
        return self.chance.uniform(0, self.slowest_s / 2)


def _told(shop_id: str, body: bytes) -> list[Told]:
    data = cast("Json", decode_json(body))["data"]
    orders = cast("list[Any]", data.get("orders", []))
    found = [cast("Json", order) for order in orders if isinstance(order, dict)]
    return [
        Told(shop_id, {**order, "id": str(order["id"])})
        for order in found
        if order.get("id")
    ]
