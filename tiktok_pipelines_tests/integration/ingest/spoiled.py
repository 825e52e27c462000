"""Answers about orders, spoiled order by order in searches and by id alike."""

from collections.abc import Awaitable, Callable
from typing import cast

from starlette.responses import Response

from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.ingest.answers import Json

Spoil = Callable[[Json], object]


def spoiling(spoil: Spoil) -> Callable[[Visit, Answer], Awaitable[Response]]:
    """A door at which each order of an answer is replaced by what ``spoil`` makes."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if "/orders" not in visit.path:
            return response
        told = cast("Json", decode(bytes(response.body)))
        orders = told["data"].get("orders", [])
        told["data"]["orders"] = [spoil(order) for order in orders]
        return Response(encode(told), media_type="application/json")

    return around
