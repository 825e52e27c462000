"""The ASGI app: TikTok's paths, the consent page, and the controls of the simulator."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.consent import consent_routes
from tiktok_pipelines.simulator.control import control_routes
from tiktok_pipelines.simulator.endpoints import find_endpoint
from tiktok_pipelines.simulator.errands import Errand, api_errand, token_errand
from tiktok_pipelines.simulator.fault_refusals import refuse
from tiktok_pipelines.simulator.fault_sending import send_back
from tiktok_pipelines.simulator.faults import Struck
from tiktok_pipelines.simulator.gate import admit
from tiktok_pipelines.simulator.paths import TOKEN_GET, TOKEN_REFRESH
from tiktok_pipelines.simulator.refusals import Refusal, success
from tiktok_pipelines.simulator.simulator import Simulator
from tiktok_pipelines.simulator.spoiled_pages import spoil_page

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

TokenCall = Callable[[Mapping[str, str]], dict[str, object]]


def build_app(
    sim: Simulator, *, is_stopping: Callable[[], bool] = lambda: False
) -> Starlette:
    """The app that serves the simulator; ``server`` says what it needs to hang up.

    ``is_stopping`` is asked while an answer is late by intention.
    """
    door = _FrontDoor(sim, is_stopping)
    office = sim.authorizations
    return Starlette(
        routes=[
            *consent_routes(sim),
            *control_routes(sim),
            Route(TOKEN_GET, door.token_call(office.exchange)),
            Route(TOKEN_REFRESH, door.token_call(office.refresh)),
            Route("/{path:path}", door.api_call, methods=_METHODS),
        ]
    )


class _FrontDoor:
    """Turns requests into answers, refusals too, and counts them."""

    def __init__(self, sim: Simulator, is_stopping: Callable[[], bool]) -> None:
        self._sim = sim
        self._is_stopping = is_stopping
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
        except Refusal as refusal:
            return self._dated(self._refuse(refusal), call.path)
        errand = api_errand(endpoint, call, admission=admission)
        self._count(errand)
        return await self._run(errand)

    def token_call(self, answer: TokenCall) -> Callable[[Request], Awaitable[Response]]:
        """A call of the auth host, which is neither signed nor limited."""

        async def handle(request: Request) -> Response:
            params = request.query_params
            errand = token_errand(
                request.url.path,
                self._sim.authorizations.seller_of(params),
                data=lambda: msgspec.json.encode(answer(params)),
            )
            self._count(errand)
            return await self._run(errand)

        return handle

    async def _run(self, errand: Errand) -> Response:
        """Answer an admitted call, through all faults that it meets."""
        struck = self._sim.faults.striking(errand.target)
        is_answered = True
        try:
            self._refuse_by_fault(errand, struck)
            response = await self._sim.around(
                errand.visit, lambda: self._reply(errand, struck)
            )
        except Refusal as refusal:
            response, is_answered = self._refuse(refusal), False
        return send_back(
            struck,
            self._dated(response, errand.visit.path),
            is_answered=is_answered,
            is_stopping=self._is_stopping,
        )

    def _admit(self, endpoint: Endpoint, call: Call) -> Admission:
        try:
            return admit(self._sim, endpoint, call=call)
        except Refusal:
            self._sim.calls[endpoint.method, endpoint.path, ""] += 1
            raise

    def _count(self, errand: Errand) -> None:
        visit = errand.visit
        self._sim.calls[visit.method, visit.path, visit.shop_id] += 1

    def _refuse_by_fault(self, errand: Errand, struck: Struck) -> None:
        if struck:
            with self._sim.lock:
                office = self._sim.authorizations
                refuse(struck, office, seller=errand.seller, is_signed=errand.is_signed)

    def _reply(self, errand: Errand, struck: Struck) -> Response:
        with self._sim.lock:
            data = spoil_page(
                errand.data(), struck, path=errand.visit.path, former=errand.former
            )
        return success(data, self._request_id())

    def _refuse(self, refusal: Refusal) -> Response:
        if refusal.code:  # a connection that is cut is no answer
            self._sim.refusals[refusal.code] += 1
        return refusal.as_response(self._request_id())

    def _dated(self, response: Response, path: str) -> Response:
        now = self._sim.clock.now()
        skew = timedelta(seconds=self._sim.faults.skew_s(path, is_told=True))
        response.headers["Date"] = format_datetime(now + skew, usegmt=True)
        return response

    def _request_id(self) -> str:
        self._served += 1
        now = self._sim.clock.now()
        return f"{now:%Y%m%d%H%M%S}{self._served:020X}"
