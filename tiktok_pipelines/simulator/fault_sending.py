"""Faults on the way back: answers that come late, in part, or not at all."""

import asyncio
from collections.abc import Callable
from math import ceil

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tiktok_pipelines.simulator.faults import Struck

_NAP_S = 0.1


def send_back(
    struck: Struck,
    response: Response,
    *,
    is_answered: bool,
    is_stopping: Callable[[], bool],
) -> Response:
    """The response as the faults let it through.

    Args:
        struck: what the call met.
        response: what would be sent.
        is_answered: False for refusals, which have no JSON to break and no tokens
            to lose.
        is_stopping: asked while waiting, so that nobody waits for a late answer.
    """
    if not struck:
        return response
    if is_answered and struck.take("broken_json"):
        response = _halve(response)
    if is_answered and struck.take("lost_token_answer"):
        response = CutResponse(response, sent=0)
    if len(response.body) > 1 and struck.take("cut_midway"):
        response = CutResponse(response, sent=len(response.body) // 2)
    if slow := struck.take("slow"):
        seconds = slow.seconds_or_default
        response = SlowResponse(response, seconds=seconds, is_stopping=is_stopping)
    return response


def _halve(response: Response) -> Response:
    """An answer whose JSON breaks off, though its length is told right."""
    half = bytes(response.body)[: len(response.body) // 2]
    date = {"Date": response.headers["Date"]}
    return Response(half, headers=date, media_type="application/json")


class CutResponse(Response):
    """Sends ``sent`` bytes of the body, which was promised whole, and hangs up.

    With 0 not even a status is sent. It needs a server that gives ``hang_up`` in the
    scope's state (see ``server``).
    """

    def __init__(self, whole: Response, *, sent: int) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers
        self._sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the part, hang up, and wait until the line is dead."""
        if self._sent:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            part = bytes(self.body)[: self._sent]
            body = {"body": part, "more_body": True}
            await send({"type": "http.response.body", **body})
        scope["state"]["hang_up"]()
        while (await receive())["type"] != "http.disconnect":
            pass


class SlowResponse(Response):
    """Another response, later."""

    def __init__(
        self, inner: Response, *, seconds: float, is_stopping: Callable[[], bool]
    ) -> None:
        super().__init__(inner.body, inner.status_code)
        self._inner = inner
        self._seconds = seconds
        self._is_stopping = is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nap, unless the server stops, and send."""
        naps = ceil(self._seconds / _NAP_S)
        for _ in range(naps):
            if not self._is_stopping():
                await asyncio.sleep(self._seconds / naps)
        await self._inner(scope, receive, send)
