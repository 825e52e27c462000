"""Switching faults while the simulator runs: ``/_sim/faults``."""

from collections.abc import Sequence
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiktok_pipelines.simulator.fault_list import KINDS, Fault
from tiktok_pipelines.simulator.faults import ActiveFault
from tiktok_pipelines.simulator.refusals import json_response
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.simulator import Simulator

_FIELDS = ", ".join(Fault.__struct_fields__)


def fault_routes(sim: Simulator) -> list[Route]:
    """List, switch on, switch off."""
    control = _FaultControl(sim)
    return [
        Route("/_sim/faults", control.told, methods=["GET"]),
        Route("/_sim/faults", control.add, methods=["POST"]),
        Route("/_sim/faults", control.clear, methods=["DELETE"]),
    ]


def faults_html(faults: Sequence[ActiveFault]) -> str:
    """The faults that are on, for the home page."""
    if not faults:
        return "<p>No fault is on.</p>"
    rows = "".join(
        f"<tr><td>{one.fault.kind}<td>{one.hits}<td>{escape(one.fault.about.about)}"
        for one in faults
    )
    return f"<h2>Faults</h2><table><tr><th>on<th>struck<th>{rows}</table>"


class _FaultControl:
    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    async def told(self, _request: Request) -> Response:
        return _json(
            {
                "faults": [_told(one) for one in self._sim.faults.active()],
                "hits": self._sim.faults.hits,
            }
        )

    async def add(self, request: Request) -> Response:
        try:
            fault = msgspec.json.decode(await request.body(), type=Fault)
            added = self._sim.faults.add(fault)
        except ValueError as error:  # msgspec's too
            return _wrong(f"{error}. Send an object of: {_FIELDS}")
        return _json({"id": added})

    async def clear(self, request: Request) -> Response:
        kind, fault_id = (request.query_params.get(name, "") for name in ("kind", "id"))
        if kind and kind not in KINDS:
            return _wrong(f"no fault {kind!r}: one of {', '.join(KINDS)}")
        if fault_id and not (fault_id.isascii() and fault_id.isdigit()):
            return _wrong("id must be a number, as listed by GET /_sim/faults")
        if fault_id:
            return _json({"removed": int(self._sim.faults.remove(int(fault_id)))})
        return _json({"removed": self._sim.faults.clear(kind)})


def _told(one: ActiveFault) -> Json:
    fault: Json = msgspec.to_builtins(one.fault)
    return {"id": one.id, **fault, "hits": one.hits, "left": one.left}


def _wrong(message: str) -> Response:
    return _json({"error": message}, 400)


def _json(content: object, http_status: int = 200) -> Response:
    return json_response(msgspec.json.encode(content), http_status)
