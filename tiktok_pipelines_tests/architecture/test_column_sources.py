"""Where columns come from, as ``docs/tables.md`` tells it, is true."""

import re
from collections.abc import Iterator

import pytest

from scripts.column_sources import column_sources, filled_by
from scripts.view_sources import view_sources
from tiktok_pipelines.api.decoding import as_list, as_object
from tiktok_pipelines.storage.marts.views import View, parse, views
from tiktok_pipelines.storage.tables import metadata
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.unit.transform.golden_records import (
    GoldenRecord,
    golden_records,
)
from tiktok_pipelines_tests.unit.transform.samples import NOON

RECORDS = golden_records()
COLUMNS = {
    name: set(table.columns.keys()) for name, table in metadata.tables.items()
} | {name: {c.name for c in view.facts.columns} for name, view in views().items()}
KNOWN = {
    ("tiktok.orders", "created_at"): "create_time",
    ("tiktok.orders", "tax"): "payment.tax",
    ("tiktok.order_lines", "status"): "line_items[].display_status",
    ("tiktok.order_recipients", "phone"): "recipient_address.phone_number",
    ("tiktok.package_lines", "line_id"): "order_line_item_ids[]",
    ("tiktok.package_skus", "package_id"): "id",
    ("tiktok.package_skus", "order_id"): "orders[].id",
    ("tiktok.sku_attributes", "product_id"): "id",
    ("tiktok.returns", "discount_currency"): "discount_amount[].currency",
    ("tiktok.return_lines", "line_number"): "place in return_line_items",
    ("tiktok.inventory_levels", "product_id"): "product_id",
    ("tiktok.unsettled_snapshots", "currency"): "currency",
    ("tiktok.sku_price_history", "currency"): "skus[].price.currency",
}
VIEW = """
-- A view.
-- Grain: order_id.
--
-- Columns:
-- order_id text: Passed on.
-- day date: A day.
-- units bigint: Rows of a table.
-- price numeric: From a query within.
-- amount numeric: From two queries.
-- kind text: Nothing but words.
-- long text: Too long.
SELECT o.order_id, d.day, l.units, l.price AS price, m.amount,
    'none' AS kind,
    CASE WHEN o.status IS DISTINCT FROM 'UNPAID' AND o.tax > 0 AND o.sub_total > 0
        THEN 'some' ELSE 'other' END AS long
FROM tiktok.orders AS o
LEFT JOIN tiktok_mart.dates AS d ON d.day = (o.paid_at AT TIME ZONE 'UTC')::date
CROSS JOIN LATERAL (
    SELECT count(*) AS units, max(sale_price) AS price FROM tiktok.order_lines
    WHERE order_id = o.order_id
) AS l
CROSS JOIN (
    SELECT a.amount FROM tiktok.payments AS a
    UNION ALL
    SELECT b.refund_total FROM tiktok.returns AS b
) AS m;
"""


def leaves(received: object, path: str) -> Iterator[object]:
    """The values at a path such as ``a[].b``."""
    step, _, rest = path.partition(".")
    held = as_object(received).get(step.removesuffix("[]"))
    for item in as_list(held) if step.endswith("[]") else [held]:
        yield from leaves(item, rest) if rest else [item]


def texts_of(one: GoldenRecord) -> Iterator[tuple[str, str, object]]:
    """Table, column and value of every text in a record's rows."""
    rows, _ = read_record(one.mapping, one.received, NOON, one.golden.given)
    assert isinstance(rows, RecordRows)
    tables = {one.mapping.root.table: [rows.row], **rows.parts}
    for table, held in tables.items():
        for row in held:
            for column, value in row.items():
                if isinstance(value, str):
                    yield f"tiktok.{table}", column, value


def test_every_table_tells_of_each_column() -> None:
    ours = {name for name in metadata.tables if name.startswith("tiktok.")}

    told = column_sources()

    assert set(told) == ours
    assert {name: set(sources) for name, sources in told.items()} == {
        name: COLUMNS[name] for name in ours
    }
    assert all(map(filled_by, ours))


@pytest.mark.parametrize(("place", "told"), KNOWN.items(), ids="-".join)
def test_a_path_is_that_of_the_answer(place: tuple[str, str], told: str) -> None:
    table, column = place

    assert column_sources()[table][column] == told


@pytest.mark.parametrize("one", RECORDS.values(), ids=RECORDS)
def test_the_path_leads_to_the_value_in_each_sample(one: GoldenRecord) -> None:
    # Stock is mapped SKU by SKU: the list of them is around the record.
    around = "skus[]." if one.mapping.stream == "inventory" else ""
    wrong: list[str] = []
    for table, column, value in texts_of(one):
        path = column_sources()[table].get(column, "no column").removeprefix(around)
        if " " not in path and value not in set(map(str, leaves(one.received, path))):
            wrong.append(f"{table}.{column}: {value} is not at {path}")

    assert wrong == []


@pytest.mark.parametrize("view", views().values(), ids=views())
def test_what_a_view_is_made_from_exists(view: View) -> None:
    told = view_sources(view)

    named = re.findall(r"\b(tiktok\w*\.\w+)(?:\.(\w+))?", " ".join(told.values()))
    unknown = [
        f"{table}.{column}"
        for table, column in named
        if column and column not in COLUMNS[table]
    ]
    assert set(told) == COLUMNS[view.name]
    assert unknown == []
    assert {table for table, _ in named} - {"tiktok_mart.dates"} <= view.reads


def test_a_views_column_is_followed_to_its_tables() -> None:
    assert view_sources(parse("one", VIEW)) == {
        "order_id": "tiktok.orders.order_id",
        "day": "(tiktok.orders.paid_at AT TIME ZONE 'UTC')::date",
        "units": "count(tiktok.order_lines)",
        "price": "max(tiktok.order_lines.sale_price)",
        "amount": (
            "worked out from tiktok.payments.amount, tiktok.returns.refund_total"
        ),
        "kind": "worked out, by the rules",
        "long": "worked out from tiktok.orders.status, tiktok.orders.sub_total,"
        " tiktok.orders.tax",
    }
