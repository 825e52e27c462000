"""Orders as TikTok sends them: recorded, documented, and small ones to vary."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from tiktok_pipelines.moments import moment_of
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.orders import OrderRows, read_order
from tiktok_pipelines_tests.recorded import samples_of

Json = dict[str, Any]

GOLDEN = Path(__file__).parents[2] / "golden"
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
CREATED = int(datetime(2026, 1, 5, 8, tzinfo=UTC).timestamp())
HOUR = 3600


def golden_orders() -> dict[str, Json]:
    """Every order of the golden samples, by file and place."""
    return {
        f"{sample.path.stem}-{place}": order
        for sample in samples_of("order_list", "order_detail")
        for place, order in enumerate(_orders_of(decode(sample.path.read_bytes())))
    }


def _orders_of(answer: object) -> list[Json]:
    if isinstance(answer, list):
        return cast("list[Json]", answer)
    data = cast("Json", answer)["data"]
    return data["orders"] or []


def order(number: int = 1, **changes: object) -> Json:
    """A small order with every kind of field; ``changes`` replace its fields."""
    made: Json = {
        "id": f"5800000000000{number:05}",
        "status": "AWAITING_SHIPMENT",
        "order_type": "NORMAL",
        "fulfillment_type": "FULFILLMENT_BY_SELLER",
        "shipping_type": "TIKTOK",
        "warehouse_id": "7480000000000000009",
        "create_time": CREATED,
        "update_time": CREATED + HOUR,
        "paid_time": CREATED + 60,
        "user_id": f"7510000000000{number:05}",
        "is_cod": False,
        "tracking_number": "",
        "seller_note": "fragile",
        "payment": {
            "currency": "MYR",
            "sub_total": "119.00",
            "total_amount": "123.9",
            "shipping_fee": "4.40",
            "tax": "0",
            "seller_discount": "30.00",
            "platform_discount": "0",
            "original_total_product_price": "149.00",
            "small_order_fee": "0.50",
        },
        "line_items": [line(number, 1), line(number, 2)],
        "buyer_email": f"buyer{number}@example.invalid",
        "buyer_message": "Please ring **twice**",
        "recipient_address": address(number),
    }
    return {name: value for name, value in (made | changes).items() if value is not ...}


def line(number: int, place: int, **changes: object) -> Json:
    """A line of ``order(number)``."""
    made: Json = {
        "id": f"5700000000000{number * 16 + place:05}",
        "product_id": "1729500000000000501",
        "product_name": "Mug",
        "sku_id": f"17310000000000005{place:02}",
        "seller_sku": "",
        "display_status": "AWAITING_SHIPMENT",
        "currency": "MYR",
        "sale_price": "59.50",
        "original_price": "74.5",
        "seller_discount": "15.00",
        "platform_discount": "0",
        "is_gift": False,
        "sku_image": "https://example.invalid/1.png",
    }
    return {name: value for name, value in (made | changes).items() if value is not ...}


def address(number: int, **changes: object) -> Json:
    """A clear recipient."""
    return {
        "name": f"Aminah Recipient{number}",
        "phone_number": f"(+60)1234567{number:02}",
        "full_address": f"Malaysia, Selangor, {number} Jalan Clear",
        "postal_code": "43000",
        "region_code": "MY",
        "district_info": [{"address_level": "L0", "address_name": "Malaysia"}],
        **changes,
    }


def masked(number: int) -> Json:
    """The recipient of ``address`` as TikTok masks it."""
    return address(
        number,
        name="A****",
        phone_number="(+60)12****",
        full_address="Malaysia, Selangor, ****",
        postal_code="4****",
    )


def emptied() -> Json:
    """A recipient block with nothing in it, as old orders have."""
    return dict.fromkeys(address(0), "") | {"district_info": []}


def rows_of(record: Mapping[str, object], fetched_at: datetime = NOON) -> OrderRows:
    """The rows of a record that must be good."""
    rows, _ = read_order(dict(record), fetched_at)
    assert isinstance(rows, OrderRows), rows
    return rows


def bad_of(record: object) -> BadRecord:
    """The record, which must be bad."""
    bad, _ = read_order(record, NOON)
    assert isinstance(bad, BadRecord), bad
    return bad


def extra_of(rows: OrderRows) -> Json:
    """What has no column, of an order."""
    return extra_in(rows.order)


def extra_in(row: Mapping[str, object]) -> Json:
    """What has no column, of a row."""
    return cast("Json", decode(cast("bytes", row["extra"])))


def as_stored(row: Mapping[str, object]) -> Json:
    """A row of ``order_recipients`` as PostgreSQL gives it."""
    made: Json = {**row}
    for name in ("updated_at", "synced_at"):
        made[name] = None if made[name] is None else moment_of(made[name])
    for name in ("extra", "field_versions"):
        made[name] = decode(made[name])
    return made
