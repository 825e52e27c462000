"""Packages, what is in them, and where they are: what becomes of which field.

Get Package Detail says again what Search Package says, and more. Each is an answer of
its own: ``packages`` and what is in them come from the search, ``package_details`` has
columns for the rest; what the detail repeats stays in its ``extra``, as of that answer.
The sender's name and phone are the seller's own: no buyer data, yet nothing for
analysts; they stay in ``extra`` as well.

Source: docs/tiktok-shop-api.md, "Packages".
"""

from collections.abc import Iterator, Sequence
from typing import cast

from tiktok_pipelines.api.decoding import as_list, as_object, as_text
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.fields import (
    amounts,
    flags,
    milliseconds,
    moments,
    numbers,
    texts,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import (
    Block,
    Part,
    PartRows,
    ReadRow,
    RecordMap,
    same,
)

KNOWN_STATUSES = frozenset(
    """
    CANCELLED COMPLETED FULFILLING PROCESSING TO_FULFILL
    """.split()
)
"""Statuses of a package."""

_REPEATED = frozenset(
    """
    create_time order_line_item_ids orders shipping_provider_id shipping_provider_name
    tracking_number
    """.split()
)
"""What both calls say by the same name, less the update time."""
_KNOWN_DETAILS = frozenset(
    """
    biz_extension_tags delivery_option_id delivery_option_name dimension
    handover_method has_multi_skus insurance last_mile_tracking_number note_tag
    package_id package_status package_sub_status pickup_slot sender_address
    ship_exception_reason shipping_type split_and_combine_tag update_time warehouse_id
    weight
    """.split()
)
_KNOWN_ADDRESS = frozenset(
    """
    address_detail address_line1 address_line2 address_line3 address_line4
    full_address name phone_number postal_code region_code
    """.split()
)
_NOTHING = frozenset[str]()


def _orders_in(row: ReadRow, _: PartRows) -> Sequence[str]:
    """A package has one recipient, that of each order in it."""
    extra = as_object(decode(cast("bytes", row["extra"])))
    ids = (
        as_text(as_object(order).get("id")) for order in as_list(extra.get("orders"))
    )
    return [order_id for order_id in ids if order_id]


def _missed_in_orders(received: ReadRow) -> Iterator[str]:
    """What each order of a detail has; they have no columns that would miss it."""
    orders = map(as_object, as_list(received.get("orders")))
    if not all(isinstance(order.get("id"), str) for order in orders):
        yield "orders[].id"


_SKU = Part(
    "package_skus",
    Layout(
        "package_sku",
        texts("image_url", sku_id="id", sku_name="name"),
        known=frozenset({"id", "image_url", "name", "quantity"}),
        expected=_NOTHING,
    ),
    keys=("package_id", "order_id", "sku_id"),
    path="skus",
    place="sku_number",
    others=numbers("quantity"),
)
_ORDER = Part(
    "package_orders",
    Layout(
        "package_order",
        texts(order_id="id"),
        known=frozenset({"id", "skus"}),
        expected=_NOTHING,
    ),
    keys=("package_id", "order_id"),
    path="orders",
    place="order_number",
    parts=(_SKU,),
)
_LINE = Part(
    "package_lines",
    Layout(
        "package_line",
        texts(line_id="line_id"),
        known=frozenset({"line_id"}),
        expected=_NOTHING,
    ),
    keys=("package_id", "line_id"),
    path="order_line_item_ids",
    place="line_number",
    scalar="line_id",
)
PACKAGES = RecordMap(
    "packages",
    Part(
        "packages",
        Layout(
            "package",
            [
                *texts("status", "tracking_number", "shipping_provider_id"),
                *texts(package_id="id", shipping_provider="shipping_provider_name"),
                *moments(created_at="create_time", updated_at="update_time"),
            ],
            known=_REPEATED | {"id", "status", "update_time"},
            expected=frozenset(
                "create_time order_line_item_ids orders status update_time".split()
            ),
        ),
        keys=("package_id",),
        values={"status": KNOWN_STATUSES},
        parts=(_ORDER, _LINE),
    ),
    noun="package",
)
PACKAGE_DETAILS = RecordMap(
    "package_details",
    Part(
        "package_details",
        Layout(
            "package_detail",
            [
                *texts("package_id", "ship_exception_reason", "split_and_combine_tag"),
                *texts("note_tag", "shipping_type", "handover_method", "warehouse_id"),
                *texts("delivery_option_id", "delivery_option_name"),
                *texts("last_mile_tracking_number", sub_status="package_sub_status"),
                *texts(status="package_status"),
                *flags("has_multi_skus"),
                *moments(updated_at="update_time"),
            ],
            known=_KNOWN_DETAILS | _REPEATED,
            expected=frozenset({"order_line_item_ids", "orders", "update_time"}),
        ),
        keys=("package_id",),
        values={"status": KNOWN_STATUSES},
        missed=_missed_in_orders,
        blocks=(
            Block(
                "pickup_slot",
                Layout(
                    "package_detail",
                    moments(pickup_from_at="start_time", pickup_until_at="end_time"),
                    known=frozenset({"start_time", "end_time"}),
                    expected=_NOTHING,
                    prefix="pickup_slot.",
                ),
            ),
            Block(
                "weight",
                Layout(
                    "package_detail",
                    [*amounts(weight="value"), *texts(weight_unit="unit")],
                    known=frozenset({"unit", "value"}),
                    expected=_NOTHING,
                    prefix="weight.",
                ),
            ),
            Block(
                "dimension",
                Layout(
                    "package_detail",
                    [
                        *amounts("length", "width", "height"),
                        *texts(dimension_unit="unit"),
                    ],
                    known=frozenset({"height", "length", "unit", "width"}),
                    expected=_NOTHING,
                    prefix="dimension.",
                ),
            ),
            Block(
                "insurance",
                Layout(
                    "package_detail",
                    [
                        *amounts(insured_amount="coverage_amount"),
                        *texts("claim_status"),
                        *flags("is_claim_eligible", is_insured="is_purchased"),
                    ],
                    known=frozenset(
                        "claim_status coverage_amount is_claim_eligible"
                        " is_purchased".split()
                    ),
                    expected=_NOTHING,
                    prefix="insurance.",
                ),
            ),
            Block(
                "sender_address",
                Layout(
                    "package_detail",
                    texts(
                        sender_address="full_address",
                        sender_postal_code="postal_code",
                        sender_region_code="region_code",
                    ),
                    known=_KNOWN_ADDRESS,
                    expected=_NOTHING,
                    prefix="sender_address.",
                ),
            ),
        ),
    ),
    noun="package's details",
    order_ids=_orders_in,
)
ORDER_TRACKING = RecordMap(
    "order_tracking",
    Part(
        "order_tracking",
        Layout(
            "order_tracking",
            (),
            known=frozenset({"tracking"}),
            expected=_NOTHING,
        ),
        keys=("order_id",),
        inherits=same("order_id"),
        parts=(
            Part(
                "tracking_events",
                Layout(
                    "tracking_event",
                    texts("description"),
                    known=frozenset(
                        {"action_code", "description", "update_time_millis"}
                    ),
                    expected=_NOTHING,
                ),
                keys=("order_id", "event_number"),
                path="tracking",
                others=[
                    *milliseconds(happened_at="update_time_millis"),
                    *numbers("action_code"),
                ],
                place="event_number",
                counts_back=True,
            ),
        ),
    ),
    noun="order's tracking",
    is_whole=True,
)


def as_listed(detail: ReadRow) -> dict[str, object]:
    """A package as the search tells it, from its detail: the same, named otherwise."""
    names = {"package_id": "id", "package_status": "status"}
    told = {names.get(name, name): value for name, value in detail.items()}
    return {name: told[name] for name in told if name in PACKAGES.root.layout.known}
