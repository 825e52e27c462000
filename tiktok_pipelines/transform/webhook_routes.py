"""What an event is about: data, from TikTok's number of the event to what to read.

An event is only a hint. What it says of itself never becomes a row of ``tiktok``; it
names the objects that are to be read again.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from tiktok_pipelines.api.decoding import as_int, as_object, as_text
from tiktok_pipelines.api.webhook_types import NAMES
from tiktok_pipelines.api.webhooks import decode_body, storable

Act = Literal["stop_shop", "note_consent_end", "note_stock"]

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_FIRST_S, _LAST_S = 1_000_000_000, 10_000_000_000


@dataclass(frozen=True, slots=True)
class Route:
    """What follows from one kind of event.

    Attributes:
        reads: subjects, each with the paths of ids in ``data``; ``[]`` is each of a
            list.
        status: where ``data`` names the new status.
        changed: where ``data`` names the time of the change.
        act: what is done besides reading.
        guessed: a subject whose ids may be those of something else: one is enough.
    """

    reads: tuple[tuple[str, tuple[str, ...]], ...] = ()
    status: str = ""
    changed: str = "update_time"
    act: Act | None = None
    guessed: str = ""


def _reads(**paths: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((subject, tuple(told.split())) for subject, told in paths.items())


_PRODUCT = _reads(products="product_id")
ROUTES: Mapping[int, Route] = {
    1: Route(_reads(orders="order_id"), "order_status"),
    3: Route(_reads(orders="order_id")),
    4: Route(
        _reads(
            packages="package_list[].package_id",
            orders="package_list[].order_id_list[]",
        ),
        "sc_type",
    ),
    5: Route(_PRODUCT, "status"),
    6: Route(act="stop_shop"),
    7: Route(act="note_consent_end"),
    11: Route(
        _reads(cancellations="cancel_id", orders="order_id"),
        "cancel_status",
    ),
    12: Route(_reads(returns="return_id", orders="order_id"), "return_status"),
    15: Route(_PRODUCT),
    16: Route(_PRODUCT),
    18: Route(_PRODUCT),
    27: Route(_reads(inventory="sku_id"), "current_inventory_status", act="note_stock"),
    36: Route(_reads(packages="package_id", orders="order_ids[]"), "invoice_status"),
    37: Route(_PRODUCT, "audit.status"),
    50: Route(_PRODUCT),
    64: Route(
        _reads(returns="aftersales_request_id"),
        "aftersales_request_status",
        "aftersales_request_update_time",
        guessed="returns",
    ),
    65: Route(
        _reads(returns="aftersales_request_id rma_id"),
        "rma_status",
        "rma_request_update_time",
        guessed="returns",
    ),
    67: Route(
        _reads(
            returns="aftersales_request_id rma_id",
            orders="line_items[].main_order_id",
        ),
        "refund_status",
        "refund_timestamp",
        guessed="returns",
    ),
    71: Route(_reads(inventory="sku_id"), "", "occurred_at", act="note_stock"),
}
CONVERSATIONS = frozenset({13, 14, 33})
"""Their bodies hold what buyers wrote; nothing is read because of them."""

Object = tuple[str, str]
"""A subject and an id."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What an event says is to be read again.

    Attributes:
        ignored: why nothing follows from it; "" if something does.
        guessed: a subject of which one id is enough, as in ``Route``.
    """

    objects: tuple[Object, ...] = ()
    act: Act | None = None
    told_status: str | None = None
    changed_at: datetime | None = None
    data: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    ignored: str = ""
    guessed: str = ""

    @property
    def subject(self) -> str | None:
        """The first thing that it is about."""
        return self.objects[0][0] if self.objects else self.act

    @property
    def object_ids(self) -> list[str]:
        """The ids of the first subject."""
        return [name for subject, name in self.objects if subject == self.subject]


def read_hint(event_type: int | None, body: bytes) -> Hint:
    """What follows from an event.

    Raises:
        ValueError: the body is no JSON, or names none of what its kind is about.
    """
    route = ROUTES.get(event_type) if event_type is not None else None
    if route is None:
        name = NAMES.get(event_type or 0, f"type {event_type}")
        return Hint(ignored=f"by rule: nothing is read because of {name}")
    data = as_object(as_object(decode_body(body)).get("data"))
    objects = tuple(_objects(route, data))
    if route.reads and not objects:
        named = ", ".join(path for _, paths in route.reads for path in paths)
        raise ValueError(f"it names no object: expected {named} in data")
    status = as_text(next(iter(_find(data, route.status)), None)) or None
    return Hint(
        objects,
        route.act,
        storable(status)[:100] if status else None,
        read_moment(next(iter(_find(data, route.changed)), None)),
        data,
        guessed=route.guessed,
    )


def read_moment(told: object) -> datetime | None:
    """Unix seconds, or ISO 8601; None for what is neither, or no moment in UTC."""
    seconds = as_int(told)
    if seconds is not None:
        is_sound = _FIRST_S <= seconds < _LAST_S
        return datetime.fromtimestamp(seconds, UTC) if is_sound else None
    try:
        moment = datetime.fromisoformat(as_text(told))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def redacted(body: bytes) -> Mapping[str, object]:
    """The envelope of a conversation's event, and of its data only ids and times."""
    told = as_object(decode_body(body))
    data = as_object(told.get("data"))
    kept = {
        name: value
        for name, value in data.items()
        if name.endswith(("_id", "_time", "index"))
    }
    return {**told, "data": {**kept, "redacted": True}}


def _objects(route: Route, data: Mapping[str, object]) -> Iterator[Object]:
    found = (
        (subject, as_text(value))
        for subject, paths in route.reads
        for path in paths
        for value in _find(data, path)
    )
    sound = (each for each in found if _ID.fullmatch(each[1]))
    yield from dict.fromkeys(sound)


def _find(value: object, path: str) -> Sequence[object]:
    """What stands at a path such as ``package_list[].package_id``."""
    found: list[object] = [value]
    for name in path.split(".") if path else ():
        below = [as_object(each).get(name.removesuffix("[]")) for each in found]
        found = below
        if name.endswith("[]"):
            found = [
                each
                for some in below
                if isinstance(some, list)
                for each in cast("list[object]", some)
            ]
    return found if path else ()
