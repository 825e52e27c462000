"""The ASGI app: TikTok's paths, the consent page, and the controls of the simulator."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiktok_pipelines.simulator.consent import consent_routes
from tiktok_pipelines.simulator.control import control_routes
from tiktok_pipelines.simulator.endpoints import Admission, Call, Endpoint
from tiktok_pipelines.simulator.gate import admit, find_endpoint
from tiktok_pipelines.simulator.refusals import Refusal, success
from tiktok_pipelines.simulator.simulator import Simulator, Visit

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

TokenCall = Callable[[Mapping[str, str]], dict[str, object]]


def build_app(sim: Simulator) -> Starlette:
    """The app that serves the simulator, for any ASGI server."""
    door = _FrontDoor(sim)
    office = sim.authorizations
    return Starlette(
        routes=[
            *consent_routes(sim),
            *control_routes(sim),
            Route("/api/v2/token/get", door.token_call(office.exchange)),
            Route("/api/v2/token/refresh", door.token_call(office.refresh)),
            Route("/{path:path}", door.api_call, methods=_METHODS),
        ]
    )


class _FrontDoor:
    """Turns requests into answers, refusals too, and counts them."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._served = 0

    async def api_call(self, request: Request) -> Response:
        call = Call(
            method=request.method,
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            headers=request.headers,
            body=await request.body(),
        )
        try:
            endpoint = find_endpoint(call.method, call.path)
            with self._sim.lock:
                admission = self._admit(endpoint, call)
            visit = self._visit(endpoint, admission)
            return await self._sim.around(
                visit, lambda: self._reply(lambda: endpoint.answer(call, admission))
            )
        except Refusal as refusal:
            return self._refuse(refusal)

    def token_call(self, answer: TokenCall) -> Callable[[Request], Awaitable[Response]]:
        """A call of the auth host, which is neither signed nor limited."""

        async def handle(request: Request) -> Response:
            visit = Visit("GET", request.url.path, "")
            self._sim.calls["GET", request.url.path, ""] += 1

            def data() -> bytes:
                return msgspec.json.encode(answer(request.query_params))

            try:
                return await self._sim.around(visit, lambda: self._reply(data))
            except Refusal as refusal:
                return self._refuse(refusal)

        return handle

    def _admit(self, endpoint: Endpoint, call: Call) -> Admission:
        try:
            admission = admit(self._sim, endpoint, call=call)
        except Refusal:
            self._sim.calls[endpoint.method, endpoint.path, ""] += 1
            raise
        visit = self._visit(endpoint, admission)
        self._sim.calls[visit.method, visit.path, visit.shop_id] += 1
        return admission

    def _visit(self, endpoint: Endpoint, admission: Admission) -> Visit:
        shop_id = admission.shop.id if admission.shop else ""
        return Visit(endpoint.method, endpoint.path, shop_id)

    def _reply(self, answer: Callable[[], bytes]) -> Response:
        with self._sim.lock:
            data = answer()
        return success(data, self._request_id())

    def _refuse(self, refusal: Refusal) -> Response:
        self._sim.refusals[refusal.code] += 1
        return refusal.as_response(self._request_id())

    def _request_id(self) -> str:
        self._served += 1
        now = self._sim.clock.now()
        return f"{now:%Y%m%d%H%M%S}{self._served:020X}"
