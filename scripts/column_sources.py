"""Where the columns of ``tiktok`` come from: fields of TikTok's answers, or ours.

What a map takes from an answer is read off the map; what is worked out is told here. A
field is written as its path in one record: ``payment.sub_total``,
``line_items[].sale_price``.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.storage.catalog import ORDER_TABLES
from tiktok_pipelines.storage.tables import metadata
from tiktok_pipelines.subjects import SUBJECTS, SYNCS
from tiktok_pipelines.transform.buyers import RECIPIENT
from tiktok_pipelines.transform.fields import Field
from tiktok_pipelines.transform.order_fields import LINE, ORDER, PAYMENT
from tiktok_pipelines.transform.parts import Block, Part

Sources = Mapping[str, str]
"""Columns of one table, each with what fills it."""

_OF_ORDERS = (
    "Get Order List, by creation (backfills) and by update time; Get Order Detail, of"
    " open orders and of those that events name. Job `sync_orders`, every 15 minutes."
)
_OURS: Sources = {
    "shop_id": "the shop that was asked",
    "extra": "fields without a column",
    **dict.fromkeys(("content_hash", "part_versions", "raw_page_id"), "ours"),
    **dict.fromkeys(("synced_at", "seen_at", "state_hash"), "ours"),
    **dict.fromkeys(("deleted_at", "deleted_reason"), "ours, by a list without it"),
}
_HELD = {"valid_from": "ours, by update_time", "valid_to": "ours, by the next state"}
_COMPONENT: Sources = {
    "component_group": "ours, by the breakdown that holds it",
    "component": "name within the breakdown",
    "amount": "value within the breakdown",
    "is_summed": "ours, by the breakdown and the name",
}
_WORKED_OUT: Mapping[str, Sources] = {
    "category_attributes": {"value_count": "ours, by values"},
    "customers": {
        "buyer_id": "user_id",
        "first_order_at": "ours, by tiktok.orders.created_at",
        "last_order_at": "ours, by tiktok.orders.created_at",
        "order_count": "ours, by tiktok.orders",
    },
    "inventory_levels": {"snapshot_at": "ours, by the time of asking"},
    "inventory_snapshots": {"snapshot_at": "ours, by the time of asking"},
    "inventory_totals": {
        "product_id": "product_id",
        "snapshot_at": "ours, by the time of asking",
        "campaign": "sum of skus[].total_available_inventory_distribution"
        ".campaign_inventory[].quantity",
        "creator": "sum of skus[].total_available_inventory_distribution"
        ".creator_inventory[].quantity",
    },
    "order_lines": {"order_id": "id", "line_number": "place in line_items"},
    "order_recipients": {
        "order_id": "id",
        "updated_at": "update_time",
        "field_versions": "ours",
    },
    "order_status_history": {
        "order_id": "id",
        "status": "status",
        "changed_at": "update_time",
        "source": "ours",
    },
    "orders": {
        "source": "ours",
        "lines_updated_at": "ours",
        "lines_synced_at": "ours",
    },
    "product_attributes": {
        "value_names": "product_attributes[].values[].name, joined",
    },
    "product_history": _HELD,
    "product_images": {"url": "first of main_images[].urls"},
    "products": {
        "category_id": "last of category_chains[].id",
        "category_name": "last of category_chains[].local_name",
        "main_image_url": "first of main_images[].urls",
        "deleted_at": "update_time, if status is DELETED; else ours, by a list",
        "deleted_reason": "ours, by status or a list without it",
        "listing_hash": "ours",
    },
    "sku_price_history": _HELD,
    "skus": {
        "price": "skus[].price.sale_price, else skus[].price.tax_exclusive_price",
        "sku_name": "skus[].sales_attributes[].value_name, joined",
        "deleted_at": "ours, by an answer without it",
        "deleted_reason": "ours",
    },
    "statement_transactions": {"reserve_release_at": "estimated_release_time"},
    "transaction_components": _COMPONENT,
    "unsettled_components": _COMPONENT,
    "unsettled_snapshots": {"snapshot_at": "ours, by the time of asking"},
    "unsettled_totals": {"snapshot_at": "ours, by the time of asking"},
    "unsettled_transactions": {"settlement_expected_at": "estimated_settlement"},
}
# Records that are taken out of a list of an answer's own.
_WITHIN = {"inventory": "skus[]."}


@cache
def column_sources() -> Mapping[str, Sources]:
    """Every table of ``tiktok``, by its name with schema."""
    mapped: dict[str, Sources] = dict(_of_orders())
    for subject in ALL:
        mapped |= _of_part(subject.mapping.root, _WITHIN.get(subject.name, ""), {}, {})
    return {
        str(table.fullname): _of_table(
            str(table.name), list(table.columns.keys()), mapped.get(str(table.name), {})
        )
        for table in metadata.tables.values()
        if table.schema == "tiktok"
    }


def _of_table(name: str, columns: Sequence[str], mapped: Sources) -> Sources:
    told = {**_OURS, **mapped, **_WORKED_OUT.get(name, {})}
    return {column: told[column] for column in columns}


def filled_by(name: str) -> str:
    """How a table with schema ``tiktok`` is filled, in words; by its name with it."""
    if name == "tiktok.customers":
        return "Counted from tiktok.orders, with each load of orders."
    if name in ORDER_TABLES:
        return _OF_ORDERS
    facts = next(each for each in SUBJECTS if name in each.tables)
    sync = next(each for each in SYNCS if each.name == facts.sync)
    return f"{facts.how} Job `{sync.job}`, {sync.every}."


def _of_orders() -> Iterator[tuple[str, Sources]]:
    payment = _paths(PAYMENT.fields, "payment.")
    yield "orders", {**_paths(ORDER.fields, ""), **payment}
    yield "order_lines", _paths(LINE.fields, "line_items[].")
    yield "order_recipients", _paths(RECIPIENT.fields, "")


def _paths(fields: Sequence[Field], within: str) -> dict[str, str]:
    return {item.column: f"{within}{item.name}" for item in fields}


def _of_part(
    part: Part, within: str, above: Sources, keys: Sources
) -> dict[str, Sources]:
    """The tables of a part and of those in it.

    ``above`` are the columns of the row around it, ``keys`` all keys around.
    """
    own = _paths([*part.layout.fields, *part.others], within)
    if part.scalar:  # a list of bare values
        own = dict.fromkeys(own, within.removesuffix("."))
    for block in part.blocks:
        own |= _of_block(block, within)
    for column, name in part.inherits.items():
        own[column] = above.get(name, f"{name} of the call or of the answer's head")
    if part.place:
        own[part.place] = f"place in {within.removesuffix('[].')}"
    told = {**keys, **own, **_WORKED_OUT.get(part.table, {})}
    tables: dict[str, Sources] = {part.table: told}
    tables |= {derived.table: told for derived in part.derived}
    inner = {**keys, **{key: told[key] for key in part.keys}}
    for below in part.parts:
        tables |= _of_part(below, _path_of(below, within), told, inner)
    return tables


def _path_of(part: Part, within: str) -> str:
    return f"{within}{part.path}." if part.is_one else f"{within}{part.path}[]."


def _of_block(block: Block, within: str) -> dict[str, str]:
    inner = f"{within}{block.path}{'[]' if block.in_list else ''}."
    own = _paths([*block.layout.fields, *block.others], inner)
    for below in block.blocks:
        own |= _of_block(below, inner)
    return own
