"""A British and a Vietnamese shop over HTTP, for tests of every subject."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from tiktok_pipelines.simulator import SimulatorConfig
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines_tests.integration.simulator.caller import Caller, Json, data_of

CONFIG = SimulatorConfig(
    shops=2,
    orders=150,
    days=60,
    now=datetime(2026, 1, 10, 9, 30, tzinfo=UTC),
    products=40,
    rate_per_second=1e6,
    markets=("GB", "VN"),
    without_202602=(1,),
)
BRITISH, VIETNAMESE = 0, 1


def truth(caller: Caller, shop: Shop, subject: str) -> list[Json]:
    return cast("list[Json]", caller.sim.truth(shop.id, subject))


def get(caller: Caller, shop: Shop, path: str, **params: str) -> Json:
    return data_of(caller.send(shop, "GET", path, params=params))


def at(path: str, record_id: str) -> str:
    """The path with an id in the place of the braces."""
    head, _, rest = path.partition("{")
    return head + record_id + rest.partition("}")[2]


def pages(
    caller: Caller, shop: Shop, method: str, path: str, **params: str
) -> Iterator[Json]:
    token = ""
    while True:
        query = params | ({"page_token": token} if token else {})
        body: Json | None = {} if method == "POST" else None
        page = data_of(caller.send(shop, method, path, params=query, body=body))
        yield page
        token = page["next_page_token"]
        if not token:
            return
