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
from tiktok_pipelines.transform.order_fields import DETAIL_ONLY
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.compared import truth_of
from tiktok_pipelines_tests.integration.ingest.expected import BUYER_FIELDS, grade

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_APART = BUYER_FIELDS | DETAIL_ONLY | {"line_items"}
_ADDRESS = "recipient_address"

Change = Callable[[Json], Json]
Rank = tuple[int, int, int]
"""Of a buyer's field: how clear, the order's update time, when it was told."""


@dataclass(frozen=True, slots=True)
class Told:
    """One order of one answer; ``rest`` is it without buyer, lines and details."""

    at: int
    order: Json = field(repr=False)
    rest: bytes = field(repr=False)
    lines: frozenset[bytes] = field(repr=False)
    line_ids: frozenset[str]
    has_bad_lines: bool

    @property
    def updated(self) -> int:
        """The update time told, in Unix seconds; 0 where none can be read."""
        value = self.order.get("update_time")
        if isinstance(value, str):
            return int(value) if value.isdigit() else 0
        return value if isinstance(value, int) else 0


def of_buyer(buyer: str, order: Json) -> Json:
    """The order, placed by another buyer."""
    if not order.get("user_id"):
        return order
    is_number = isinstance(order["user_id"], int)
    return {**order, "user_id": int(buyer) if is_number else buyer}


def less_a_line(order: Json) -> Json:
    """The order without its last line, unless that is the only one."""
    lines = cast("list[object]", order.get("line_items") or [])
    return {**order, "line_items": lines[:-1]} if len(lines) > 1 else order


@dataclass(slots=True)
class Witness:
    """Stands at the simulator's door; ``step`` is what was told since the last one.

    What the simulated shop knows nothing of is done on the way out: ``changes`` that
    orders have undergone, by id, and that the ``nameless`` are told without an id.
    """

    simulator: Simulator
    before_answer: Callable[[], None] = lambda: None
    on_answer: Callable[[], None] = lambda: None
    step: list[tuple[int, object]] = field(default_factory=list[tuple[int, object]])
    changes: dict[str, Change] = field(default_factory=dict[str, Change])
    nameless: set[str] = field(default_factory=set[str])
    told: dict[str, list[Told]] = field(default_factory=dict[str, list[Told]])

    async def around(self, visit: Visit, answer: Answer) -> Response:
        if "/orders" in visit.path:
            self.before_answer()
        response = answer()
        if "/orders" in visit.path:
            response = self._changed(response)
            now = self.simulator.clock.epoch()
            records = records_in(bytes(response.body))
            self.step += [(now, record) for record in records]
            self.on_answer()
        return response

    def _changed(self, response: Response) -> Response:
        if not self.changes and not self.nameless:
            return response
        answer = cast("Json", json.loads(bytes(response.body)))
        data = cast("Json", answer.get("data") or {})
        orders = cast("list[Any]", data.get("orders") or [])
        orders[:] = [
            less(one, {"id"}) if id_of(one) in self.nameless else self._as_it_is(one)
            for one in orders
        ]
        return Response(json.dumps(answer), media_type="application/json")

    def _as_it_is(self, record: Any) -> Any:
        change = self.changes.get(id_of(record))
        return change(record) if change else record

    def truth(self) -> dict[str, dict[str, Json]]:
        """By shop and order, what the detail call would tell at its best now."""
        return {
            shop_id: {name: self._as_it_is(one) for name, one in orders.items()}
            for shop_id, orders in truth_of(self.simulator).items()
        }

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
        frozenset(id_of(item) for item in good),
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
