"""What the tables must hold, worked out from a shop's truth a second time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.stored import Row

BUYER_FIELDS = {
    *("recipient_address", "buyer_email", "buyer_nickname", "buyer_avatar"),
    *("buyer_message", "cpf", "cpf_name"),
}
ADDRESS = "recipient_address."


def clearest(seen: list[tuple[int, Json]]) -> dict[str, Json]:
    """By order, from every answer given: the rule written down a second time."""
    best: dict[str, dict[str, tuple[tuple[int, int, int], object]]] = {}
    for now, order in seen:
        held = best.setdefault(order["id"], {})
        for path, value in flat(order).items():
            rank = (grade(value), cast("int", order["update_time"]), now)
            if path not in held or rank > held[path][0]:
                held[path] = rank, value
    told = {order_id: nested(held) for order_id, held in best.items()}
    return {order_id: buyer for order_id, buyer in told.items() if buyer}


def flat(order: Json) -> Json:
    address: Json = order.get("recipient_address") or {}
    fields = {ADDRESS + name: value for name, value in address.items()}
    alone = BUYER_FIELDS - {"recipient_address"}
    return fields | {name: order[name] for name in alone & order.keys()}


def nested(held: Mapping[str, tuple[object, object]]) -> Json:
    buyer: Json = {}
    for path, (_, value) in held.items():
        if path.startswith(ADDRESS):
            buyer.setdefault("recipient_address", {})[path.removeprefix(ADDRESS)] = (
                value
            )
        else:
            buyer[path] = value
    return buyer


def grade(value: object) -> int:
    """2 clear, 1 masked, 0 empty."""
    if isinstance(value, dict):
        value = [*cast("Json", value).values()]
    if isinstance(value, list):
        grades = {grade(item) for item in cast("list[object]", value)}
        return 1 if 1 in grades else max(grades, default=0)
    return 0 if not value else 1 if "*" in str(value) else 2


def moment(seconds: int | None) -> datetime | None:
    return None if not seconds else datetime.fromtimestamp(seconds, UTC)


def order_columns(order: Json) -> Row:
    payment: Json = order["payment"]
    amounts = ("sub_total", "shipping_fee", "seller_discount", "platform_discount")
    words = (
        "status",
        "warehouse_id",
        "fulfillment_type",
        "shipping_type",
        "order_type",
    )
    flags = ("is_cod", "is_sample_order", "is_replacement_order")
    return {
        "created_at": moment(order["create_time"]),
        "updated_at": moment(order["update_time"]),
        "paid_at": moment(order.get("paid_time")),
        "shipped_at": moment(order.get("rts_time")),
        "collected_at": moment(order.get("collection_time")),
        "delivered_at": moment(order.get("delivery_time")),
        "cancelled_at": moment(order.get("cancel_time")),
        "buyer_id": order["user_id"],
        "currency": payment["currency"],
        "total_amount": Decimal(payment["total_amount"]),
        "tax": Decimal(payment["tax"]),
        **{name: Decimal(payment[name]) for name in amounts},
        **{name: order.get(name) for name in (*words, *flags, "cancel_reason")},
    }


def line_columns(line: Json) -> Row:
    words = ("product_id", "sku_id", "seller_sku", "product_name", "sku_name")
    more = ("currency", "package_id", "tracking_number", "is_gift")
    amounts = ("sale_price", "original_price", "seller_discount", "platform_discount")
    return {
        "status": line["display_status"],
        **{name: line.get(name) for name in (*words, *more)},
        **{name: Decimal(line[name]) for name in amounts},
    }


def recipient_columns(held: Json) -> Row:
    """The columns that people rely on, from buyer data nested as received."""
    address: Json = held.get("recipient_address", {})
    names = ("name", "full_address", "postal_code", "region_code")
    return {
        **{name: address.get(name) for name in names},
        "phone": address.get("phone_number"),
        "buyer_email": held.get("buyer_email"),
        "buyer_message": held.get("buyer_message"),
    }
