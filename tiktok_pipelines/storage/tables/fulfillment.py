"""Schema ``tiktok``: packages, what is in them, and where they are."""

from sqlalchemy import Index, Table

from tiktok_pipelines.storage.columns import (
    flag,
    key,
    measure,
    moment,
    number,
    place,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

_PACKAGE = "TikTok's id of the package."
_THE_PACKAGE = "The package."

packages = Table(
    "packages",
    metadata,
    key("shop_id", SHOP_ID),
    key("package_id", _PACKAGE),
    text(
        "status",
        "Newest known status: TO_FULFILL (to be shipped by the seller), PROCESSING "
        "(ready, awaiting the carrier), FULFILLING (on its way), COMPLETED (delivered) "
        "or CANCELLED.",
    ),
    moment("created_at", "When the package came to be: when its order had to be sent."),
    moment("updated_at", "TikTok's update time: the last change of the package."),
    text("tracking_number", "The carrier's number; empty until it is shipped."),
    text("shipping_provider", "The carrier's name (shipping_provider_name)."),
    text("shipping_provider_id", "TikTok's id of the carrier."),
    *versioned(),
    *loaded(),
    Index("packages_by_creation", "shop_id", "created_at"),
    Index("packages_by_update", "shop_id", "updated_at"),
    Index("packages_by_tracking_number", "shop_id", "tracking_number"),
    schema="tiktok",
    comment="One row per package, in its newest known state, by Search Package. An "
    "order may have several packages, and a package several orders: see "
    "tiktok.package_orders. Weight, size, pick-up and sender: tiktok.package_details.",
)

package_orders = Table(
    "package_orders",
    metadata,
    key("shop_id", SHOP_ID),
    key("package_id", _THE_PACKAGE),
    key("order_id", "An order of which something travels in the package."),
    *loaded(),
    Index("package_orders_by_order", "shop_id", "order_id"),
    schema="tiktok",
    comment="Which orders travel in which package, many to many: a split order has "
    "several packages, a combined package several orders.",
)

package_lines = Table(
    "package_lines",
    metadata,
    key("shop_id", SHOP_ID),
    key("package_id", _THE_PACKAGE),
    key("line_id", "The order line (one unit) in it: tiktok.order_lines.line_id."),
    *loaded(),
    Index("package_lines_by_line", "shop_id", "line_id"),
    schema="tiktok",
    comment="Which units travel in which package, by TikTok's order_line_item_ids; the "
    "order of a unit stands in tiktok.order_lines.",
)

package_skus = Table(
    "package_skus",
    metadata,
    key("shop_id", SHOP_ID),
    key("package_id", _THE_PACKAGE),
    key("order_id", "The order that the units belong to."),
    key("sku_id", "TikTok's id of the SKU."),
    text("sku_name", "The variant, as shown to the buyer."),
    text("image_url", "Address of the SKU's picture."),
    number("quantity", "Units of the SKU of that order in the package."),
    *loaded(),
    Index("package_skus_by_sku", "shop_id", "sku_id"),
    schema="tiktok",
    comment="What a package holds, counted by order and SKU. TikTok calls this list "
    "deprecated: tiktok.package_lines says the same unit by unit.",
)

package_details = Table(
    "package_details",
    metadata,
    key("shop_id", SHOP_ID),
    key("package_id", _PACKAGE),
    moment("updated_at", "Update time of the package when its details were read."),
    text(
        "sub_status",
        "Finer status, in TikTok's mixed spelling: RTS_success, Delivery, … "
        "(package_sub_status).",
    ),
    text(
        "ship_exception_reason",
        "Why the delivery failed: PACKAGE_LOST, RETURNED_TO_SHIPPER, …",
    ),
    text(
        "split_and_combine_tag",
        "Whether its order was split (SPLIT), or it holds several orders (COMBINE, "
        "COMBINED); else DEFAULT or NONE.",
    ),
    flag("has_multi_skus", "Whether it holds more than one SKU."),
    text("note_tag", "BUYER_NOTED or BUYER_UNNOTED: whether the buyer left a note."),
    text("shipping_type", "Who ships: TIKTOK or SELLER."),
    text("handover_method", "How the carrier gets it: PICKUP or DROP_OFF."),
    moment("pickup_from_at", "Start of the slot in which the carrier picks it up."),
    moment("pickup_until_at", "End of that slot."),
    text("delivery_option_id", "TikTok's id of the delivery option."),
    text("delivery_option_name", "The delivery option, as shown to the buyer."),
    text("warehouse_id", "The warehouse that ships it: tiktok.warehouses."),
    text(
        "last_mile_tracking_number",
        "Number of the carrier of the last mile, for parcels across borders.",
    ),
    measure("weight", "Weight, in weight_unit."),
    text("weight_unit", "Unit of the weight, e.g. GRAM, KG or POUND."),
    measure("length", "Longest side, in dimension_unit."),
    measure("width", "Width, in dimension_unit."),
    measure("height", "Height, in dimension_unit."),
    text("dimension_unit", "Unit of length, width and height: CM or INCH."),
    flag("is_insured", "Whether the seller bought insurance (US)."),
    measure("insured_amount", "Amount that is insured, in USD."),
    flag("is_claim_eligible", "Whether a claim on the insurance may be filed."),
    text("claim_status", "State of that claim: NOT_STARTED, CLAIM_PENDING, …"),
    text("sender_address", "Whence it is sent: the seller's address in one text."),
    text("sender_postal_code", "The sender's postal code."),
    text("sender_region_code", "The sender's country, ISO 3166-1 alpha-2."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="What Get Package Detail tells beyond tiktok.packages, one row per "
    "package; what it repeats (orders, units, carrier) stands in extra. The recipient "
    "is the one of its orders: tiktok.order_recipients.",
)

order_tracking = Table(
    "order_tracking",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="Orders whose tracking was read, one row each; synced_at says when it was "
    "last found changed. The events stand in tiktok.tracking_events.",
)

tracking_events = Table(
    "tracking_events",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order whose parcel it is."),
    place("event_number", "Place in time among the order's events, oldest is 1."),
    moment("happened_at", "When it happened, to the millisecond (update_time_millis)."),
    number("action_code", "TikTok's number for the kind of event, e.g. 20101."),
    text("description", "What happened, in words."),
    *loaded(),
    schema="tiktok",
    comment="What the carrier and TikTok told of an order's parcels, one row per "
    "event, by Get Tracking.",
)
