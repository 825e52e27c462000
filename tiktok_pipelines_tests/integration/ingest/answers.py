"""What the simulator answered: a witness at its door, and changes to its answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.responses import Response

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.transform.encoding import decode, encode

Json = dict[str, Any]
Change = Callable[[Visit, Json], None]

SEARCH = "/order/202309/orders/search"


@dataclass(slots=True)
class Witness:
    """Notes every order that was answered, by shop, with the time of the answer."""

    simulator: Simulator
    seen: dict[str, list[tuple[int, Json]]] = field(
        default_factory=dict[str, list[tuple[int, Json]]]
    )

    async def around(self, visit: Visit, answer: Answer) -> Response:
        response = answer()
        if "/orders" in visit.path:
            now = self.simulator.clock.epoch()
            told = cast("Json", decode(bytes(response.body)))
            orders: list[Json] = told["data"].get("orders", [])
            self.seen.setdefault(visit.shop_id, []).extend((now, o) for o in orders)
        return response


def changing(change: Change) -> Callable[[Visit, Answer], Awaitable[Response]]:
    """A door at which ``change`` is made to the data of each order search."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path != SEARCH:
            return response
        told = cast("Json", decode(bytes(response.body)))
        change(visit, told["data"])
        return Response(encode(told), media_type="application/json")

    return around
