"""What a search asks for: parsing and refusing.

Source: TikTok Shop API reference, "Get Order List": paging and sorting are in the query
string, filters in the JSON body; ``page_size`` in the body is refused and
``sort_order`` must be upper case (both seen in the field).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from tiktok_pipelines.simulator.refusals import bad_request, out_of_range
from tiktok_pipelines.simulator.timeline import STATUSES

MAX_PAGE_SIZE = 100
MAX_WAREHOUSES = 100
_SHIPPING_TYPES = ("TIKTOK", "SELLER", "TIKTOK_DIGITAL", "IN-STORE PICKUP")

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; lower bounds are included, upper bounds excluded."""

    order_status: str | None = None
    create_ge: int | None = None
    create_lt: int | None = None
    update_ge: int | None = None
    update_lt: int | None = None
    shipping_type: str | None = None
    buyer_user_id: str | None = None
    is_cancel_asked: bool | None = None
    warehouse_ids: tuple[str, ...] = ()

    @property
    def is_by_time_only(self) -> bool:
        """Whether time windows alone decide."""
        asked = (self.order_status, self.shipping_type, self.buyer_user_id)
        return (
            asked == (None, None, None)
            and self.is_cancel_asked is None
            and not self.warehouse_ids
        )


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """One page of a search."""

    filter: OrderFilter
    by_update_time: bool
    descending: bool
    page_size: int
    page_token: str

    @property
    def binding(self) -> str:
        """What a page token is bound to besides the shop; the page size is not."""
        return f"{self.filter}|{self.by_update_time}|{self.descending}"


def parse_query(params: Mapping[str, str], body: bytes) -> OrderQuery:
    """The query of a search.

    Raises:
        Refusal: a parameter is missing, of the wrong type or out of range.
    """
    sort_field = params.get("sort_field", "create_time")
    if sort_field not in ("create_time", "update_time"):
        raise bad_request("invalid param: sort_field")
    sort_order = params.get("sort_order", "DESC")
    if sort_order not in ("ASC", "DESC"):
        raise bad_request("invalid param: sort_order must be ASC or DESC")
    return OrderQuery(
        filter=_parse_filter(_parse_body(body)),
        by_update_time=sort_field == "update_time",
        descending=sort_order == "DESC",
        page_size=_page_size(params),
        page_token=params.get("page_token", ""),
    )


def _page_size(params: Mapping[str, str]) -> int:
    text = params.get("page_size")
    if text is None:
        raise bad_request("invalid param: page_size is required")
    if not (text.isascii() and text.lstrip("-").isdigit()):
        raise bad_request("invalid param: page_size must be a number")
    if not 1 <= int(text[:9]) <= MAX_PAGE_SIZE:
        raise out_of_range("page_size", f"[1, {MAX_PAGE_SIZE}]")
    return int(text)


def _parse_body(body: bytes) -> Json:
    if not body:
        return {}
    try:
        parsed: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_request("invalid param: body is not JSON") from error
    if not isinstance(parsed, dict):
        raise bad_request("invalid param: body must be an object")
    if "page_size" in parsed:
        raise bad_request("unexpected param body.page_size: send it in the query")
    return cast("Json", parsed)


def _parse_filter(body: Json) -> OrderFilter:
    return OrderFilter(
        order_status=_choice(body, "order_status", choices=STATUSES),
        create_ge=_time(body, "create_time_ge"),
        create_lt=_time(body, "create_time_lt"),
        update_ge=_time(body, "update_time_ge"),
        update_lt=_time(body, "update_time_lt"),
        shipping_type=_choice(body, "shipping_type", choices=_SHIPPING_TYPES),
        buyer_user_id=_text(body, "buyer_user_id"),
        is_cancel_asked=_flag(body, "is_buyer_request_cancel"),
        warehouse_ids=_warehouses(body),
    )


def _text(body: Json, name: str) -> str | None:
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    raise bad_request(f"invalid param: body.{name} must be a string")


def _choice(body: Json, name: str, *, choices: tuple[str, ...]) -> str | None:
    value = _text(body, name)
    if value is None or value in choices:
        return value
    raise out_of_range(f"body.{name}", ", ".join(choices))


def _time(body: Json, name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise bad_request(f"invalid param: body.{name} must be Unix seconds")


def _flag(body: Json, name: str) -> bool | None:
    value = body.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise bad_request(f"invalid param: body.{name} must be true or false")


def _warehouses(body: Json) -> tuple[str, ...]:
    value = body.get("warehouse_ids")
    if value is None:
        return ()
    items = cast("list[object]", value) if isinstance(value, list) else None
    if items is None or not all(isinstance(item, str) for item in items):
        raise bad_request("invalid param: body.warehouse_ids must be a list of strings")
    if len(items) > MAX_WAREHOUSES:
        raise out_of_range("body.warehouse_ids", f"at most {MAX_WAREHOUSES}")
    return tuple(sorted({str(item) for item in items}))
