"""Webhooks on demand: ``/_sim/webhooks``, what goes wrong with them, and where to."""

from collections.abc import Mapping
from typing import cast

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiktok_pipelines.simulator.happenings import Happening
from tiktok_pipelines.simulator.mishaps import MISHAPS
from tiktok_pipelines.simulator.postman import state_of
from tiktok_pipelines.simulator.refusals import json_response
from tiktok_pipelines.simulator.simulator import Simulator


def webhook_routes(sim: Simulator) -> list[Route]:
    """Look, send, and switch mishaps."""
    control = _WebhookControl(sim)
    return [
        Route("/_sim/webhooks", control.told, methods=["GET"]),
        Route("/_sim/webhooks", control.send, methods=["POST"]),
        Route("/_sim/webhooks/address", control.address, methods=["POST"]),
        Route("/_sim/webhooks/again", control.again, methods=["POST"]),
        Route("/_sim/webhooks/mishaps", control.set, methods=["POST"]),
        Route("/_sim/webhooks/mishaps", control.clear, methods=["DELETE"]),
    ]


class _WebhookControl:
    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    async def told(self, _request: Request) -> Response:
        return _json(state_of(self._sim.postman))

    async def send(self, request: Request) -> Response:
        """An event of any kind: ``type``, ``shop_id`` and ``data``."""
        asked = await _object(request)
        kind, shop_id, data = (asked.get(name) for name in ("type", "shop_id", "data"))
        known = [shop.id for shop in self._sim.shops]
        if not isinstance(kind, int) or shop_id not in known:
            return _wrong(f"type must be a number, shop_id one of {', '.join(known)}")
        told = cast("dict[str, object]", data if isinstance(data, dict) else {})
        now = self._sim.clock.epoch()
        happening = Happening(now, kind, str(shop_id), told)
        self._sim.postman.announce([happening])
        return _json({"tts_notification_id": happening.notification_id})

    async def address(self, request: Request) -> Response:
        """The app's own address, as set in Partner Center."""
        url = (await _object(request)).get("url", "")
        if not isinstance(url, str):
            return _wrong("url must be text; empty: nothing is sent there")
        self._sim.postman.set_address(url)
        return _json({"url": url})

    async def again(self, request: Request) -> Response:
        """Announce what happened in the last seconds, as if it did now."""
        told = str((await _object(request)).get("seconds", ""))
        if not (told.isascii() and told.isdigit()):
            return _wrong("seconds must be a whole number")
        self._sim.postman.announce_again(int(told[:9]))
        return _json({})

    async def set(self, request: Request) -> Response:
        try:
            rates = msgspec.json.decode(await request.body(), type=dict[str, float])
            self._sim.postman.mishaps.set(rates)
        except ValueError as error:  # msgspec's too
            return _wrong(f"{error}. Send rates of: {', '.join(MISHAPS)}")
        return _json(self._sim.postman.mishaps.rates)

    async def clear(self, _request: Request) -> Response:
        self._sim.postman.mishaps.clear()
        return _json({})


async def _object(request: Request) -> Mapping[str, object]:
    try:
        parsed: object = msgspec.json.decode(await request.body() or b"{}")
    except msgspec.DecodeError:
        return {}
    return cast("Mapping[str, object]", parsed) if isinstance(parsed, dict) else {}


def _wrong(message: str) -> Response:
    return _json({"error": message}, 400)


def _json(content: object, http_status: int = 200) -> Response:
    return json_response(msgspec.json.encode(content), http_status)
