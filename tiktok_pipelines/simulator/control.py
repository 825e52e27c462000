"""Looking into the simulator and moving it: ``/_sim/…``, and a page at ``/``.

None of this exists at TikTok; it is how processes other than the simulator's own read
the truth, move time, take authorisations away and switch faults.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import escape
from typing import cast

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from tiktok_pipelines.simulator.fault_routes import fault_routes, faults_html
from tiktok_pipelines.simulator.pages import page
from tiktok_pipelines.simulator.refusals import json_response
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.simulator import Simulator
from tiktok_pipelines.simulator.webhook_routes import webhook_routes

_CHUNK = 200


def control_routes(sim: Simulator) -> list[Route]:
    """The routes that only a simulator has."""
    control = _Control(sim)
    return [
        Route("/", control.home),
        Route("/_sim/state", control.state),
        Route("/_sim/calls", control.calls),
        Route("/_sim/truth/{shop_id}", control.truth),
        Route("/_sim/truth/{shop_id}/{subject}", control.truth),
        Route("/_sim/time", control.now, methods=["GET"]),
        Route("/_sim/time", control.time, methods=["POST"]),
        Route("/_sim/authorize", control.authorize, methods=["POST"]),
        Route("/_sim/expire", control.expire, methods=["POST"]),
        Route("/_sim/revoke", control.revoke, methods=["POST"]),
        *fault_routes(sim),
        *webhook_routes(sim),
    ]


class _Control:
    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    async def home(self, _request: Request) -> Response:
        return HTMLResponse(page("TikTok Shop simulator", _home(self._sim)))

    async def state(self, _request: Request) -> Response:
        return _json(_state(self._sim))

    async def calls(self, _request: Request) -> Response:
        rows = [
            {"method": method, "path": path, "shop_id": shop_id, "count": count}
            for (method, path, shop_id), count in sorted(self._sim.calls.items())
        ]
        refused = {str(code): count for code, count in self._sim.refusals.items()}
        return _json({"calls": rows, "refusals": refused})

    async def truth(self, request: Request) -> Response:
        try:
            subject = request.path_params.get("subject", "orders")
            records = self._sim.each(request.path_params["shop_id"], subject)
        except LookupError as error:
            return _unknown(error)
        return StreamingResponse(
            _stream(self._sim, records), media_type="application/json"
        )

    async def now(self, _request: Request) -> Response:
        return _json({"now": self._sim.clock.now().isoformat()})

    async def time(self, request: Request) -> Response:
        asked = (await _body(request)).get("advance_s")
        if not isinstance(asked, int | float) or isinstance(asked, bool) or asked < 0:
            return _json({"error": "advance_s must be seconds, not negative"}, 400)
        self._sim.clock.advance(timedelta(seconds=asked))
        return _json(_state(self._sim))

    async def authorize(self, request: Request) -> Response:
        try:
            return _json({"code": self._sim.authorize(await _seller(request) or "")})
        except LookupError as error:
            return _unknown(error)

    async def expire(self, request: Request) -> Response:
        try:
            self._sim.expire_access_tokens(await _seller(request))
        except LookupError as error:
            return _unknown(error)
        return _json({})

    async def revoke(self, request: Request) -> Response:
        try:
            self._sim.revoke(await _seller(request) or "")
        except LookupError as error:
            return _unknown(error)
        return _json({})


def _state(sim: Simulator) -> Json:
    return {
        "now": sim.clock.now().isoformat(),
        "shops": [
            {
                "id": shop.id,
                "name": shop.name,
                "region": shop.region,
                "currency": shop.currency,
                "timezone": shop.timezone,
                "seller": shop.seller_id,
                "cipher": shop.cipher,
                "orders": sim.count(shop.id),
            }
            for shop in sim.shops
        ],
        "sellers": [{"id": one.id, "name": one.name} for one in sim.sellers],
    }


def _home(sim: Simulator) -> str:
    rows = "".join(
        f"<tr><td>{shop.region}<td>{escape(shop.name)}<td><code>{shop.id}</code>"
        f'<td><a href="/_sim/truth/{shop.id}">{sim.count(shop.id)} orders</a>'
        for shop in sim.shops
    )
    consent = f"/open/authorize?service_id={escape(sim.config.service_id)}"
    return (
        "<p>A TikTok Shop that runs anywhere: signed API, tokens, shops and orders, "
        "all of them invented. Nothing here talks to TikTok.</p>"
        f"<table>{rows}</table>{faults_html(sim.faults.active())}"
        f'<p><a href="{consent}">Consent page</a> · <a href="/_sim/state">State</a> · '
        '<a href="/_sim/calls">Calls</a></p>'
    )


def _stream(sim: Simulator, records: Iterator[Json]) -> Iterator[bytes]:
    """A JSON list in pieces; the lock is only held for one piece at a time."""
    glue = b"["
    while True:
        with sim.lock:
            chunk = [one for one, _ in zip(records, range(_CHUNK), strict=False)]
        if not chunk:
            break
        yield glue + b",".join(msgspec.json.encode(one) for one in chunk)
        glue = b","
    yield b"]" if glue == b"," else b"[]"


async def _body(request: Request) -> Mapping[str, object]:
    try:
        parsed: object = msgspec.json.decode(await request.body() or b"{}")
    except msgspec.DecodeError:
        return {}
    return cast("Mapping[str, object]", parsed) if isinstance(parsed, dict) else {}


async def _seller(request: Request) -> str | None:
    seller = (await _body(request)).get("seller")
    return None if seller is None else str(seller)


def _json(content: object, http_status: int = 200) -> Response:
    return json_response(msgspec.json.encode(content), http_status)


def _unknown(error: LookupError) -> Response:
    return _json({"error": str(error)}, 404)
