"""What the simulated shop told, as it left its door."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from starlette.responses import Response

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.orders import DETAIL_ONLY
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.expected import BUYER_FIELDS, grade

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_APART = BUYER_FIELDS | DETAIL_ONLY | {"line_items"}
_ADDRESS = "recipient_address"

Rank = tuple[int, int, int]
"""Of a buyer's field: how clear, the order's update time, when it was told."""


@dataclass(frozen=True, slots=True)
class Told:
    """One order of one answer; ``rest`` is it without buyer, lines and details."""

    at: int
    order: Json = field(repr=False)
    rest: bytes = field(repr=False)
    lines: frozenset[bytes] = field(repr=False)
    has_bad_lines: bool

    @property
    def updated(self) -> int:
        """The update time told, in Unix seconds; 0 where none can be read."""
        value = self.order.get("update_time")
        if isinstance(value, str):
            return int(value) if value.isdigit() else 0
        return value if isinstance(value, int) else 0


@dataclass(slots=True)
class Witness:
    """Stands at the simulator's door; ``step`` is what was told since the last one."""

    simulator: Simulator
    before_answer: Callable[[], None] = lambda: None
    on_answer: Callable[[], None] = lambda: None
    step: list[tuple[int, object]] = field(default_factory=list[tuple[int, object]])
    told: dict[str, list[Told]] = field(default_factory=dict[str, list[Told]])

    async def around(self, visit: Visit, answer: Answer) -> Response:
        if "/orders" in visit.path:
            self.before_answer()
        response = answer()
        if "/orders" in visit.path:
            now = self.simulator.clock.epoch()
            records = records_in(bytes(response.body))
            self.step += [(now, record) for record in records]
            self.on_answer()
        return response

    def start_step(self) -> None:
        """Begin to listen anew; what was told before stays known."""
        self.step = []

    def learn(self) -> tuple[dict[str, list[Told]], list[Json | object]]:
        """What the step told: orders by id, and records that are none."""
        orders: dict[str, list[Told]] = {}
        bad: list[Json | object] = []
        for at, record in self.step:
            order_id = id_of(record)
            if order_id:
                told = _told(at, cast("Json", record))
                orders.setdefault(order_id, []).append(told)
            else:
                bad.append(record)
        for order_id, some in orders.items():
            self.told.setdefault(order_id, []).extend(some)
        return orders, bad


def records_in(body: bytes) -> Sequence[object]:
    """The records of an answer, with what PostgreSQL cannot hold replaced."""
    told = cast("Json", json.loads(body, parse_float=Decimal))
    data = cast("Json", told.get("data") or {})
    return cast("list[object]", _storable(data.get("orders") or []))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in cast("Json", value).items()}
    return value


def id_of(record: object) -> str:
    """The id of an order; empty if the record is none."""
    found = cast("Json", record).get("id") if isinstance(record, dict) else None
    return "" if found is None else str(found)


def _told(at: int, order: Json) -> Told:
    received = order.get("line_items")
    items = cast("list[Any]", received) if isinstance(received, list) else []
    good = [item for item in items if id_of(item)]
    return Told(
        at,
        order,
        encode(less(order, _APART)),
        frozenset(encode(item) for item in good),
        has_bad_lines=len(good) < len(items),
    )


def less(order: Mapping[str, Any], names: frozenset[str] | set[str]) -> Json:
    """An order without some of its fields."""
    return {name: value for name, value in order.items() if name not in names}


def rest_of(order: Mapping[str, Any]) -> bytes:
    """An order without buyer, lines and details, to be compared."""
    return encode(less(order, _APART))


def buyer_of(told: Told) -> Iterator[tuple[str, object]]:
    """What one answer says of the buyer, by path."""
    for name in BUYER_FIELDS & told.order.keys():
        value = told.order[name]
        if name == _ADDRESS and isinstance(value, dict) and value:
            for part, item in cast("Json", value).items():
                yield f"{_ADDRESS}.{part}", item
        else:
            yield name, value


def rank_of(told: Told, value: object) -> Rank:
    """How much a told value counts."""
    return grade(value), told.updated, told.at
