"""How a product, its SKUs, pictures and attributes become rows.

A record is a row of the search completed by the detail of the same product: what only
the search tells (``sales_regions``) and what only the detail tells stand side by side,
and where both tell something, the detail does.

Source: docs/tiktok-shop-api.md, "Products".
"""

from collections.abc import Iterator, Mapping, Sequence

from tiktok_pipelines.api.decoding import as_list, as_object
from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.fields import (
    Field,
    amounts,
    documents,
    flags,
    moments,
    numbers,
    texts,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import (
    Block,
    Derived,
    Part,
    ReadRow,
    RecordMap,
    Row,
    same,
)
from tiktok_pipelines.transform.product_names import (
    KNOWN_AUDITS,
    KNOWN_COMPONENT_FIELDS,
    KNOWN_PRODUCT_FIELDS,
    KNOWN_PRODUCT_STATUSES,
    KNOWN_SKU_FIELDS,
    KNOWN_SKU_STATUSES,
)
from tiktok_pipelines.transform.readers import read_money, read_text

STREAM = "products"
DELETED = "DELETED"
_NO_NAMES: frozenset[str] = frozenset()


def _block(path: str, kind: str, fields: Sequence[Field], *more: str) -> Block:
    """A block whose fields all have columns, but for ``more``."""
    known = frozenset({item.name for item in fields} | set(more))
    return Block(path, Layout(kind, fields, known, _NO_NAMES, prefix=f"{path}."))


def _measures(*columns: str, path: str, unit: str, kind: str) -> Block:
    """A block of measures that are decimal text, as ``column=name``, and their unit."""
    pairs = [column.partition("=") for column in columns]
    fields = [Field(column, name, read_money) for column, _, name in pairs]
    return _block(path, kind, [*fields, Field(unit, "unit", read_text)])


_PRODUCT_BLOCKS = (
    _block("audit", "product", texts(audit_status="status"), "pre_approved_reasons"),
    _block("brand", "product", texts(brand_id="id", brand_name="name")),
    _measures(
        "package_weight=value",
        path="package_weight",
        unit="package_weight_unit",
        kind="product",
    ),
    _measures(
        "package_length=length",
        "package_width=width",
        "package_height=height",
        path="package_dimensions",
        unit="package_dimension_unit",
        kind="product",
    ),
    _block(
        "global_product_association",
        "product",
        texts("global_product_id"),
        "sku_mappings",
    ),
)
_SKU_BLOCKS = (
    _block(
        "price",
        "sku",
        [
            *texts("currency"),
            *amounts("sale_price", "tax_exclusive_price", "unit_price"),
        ],
    ),
    _block(
        "list_price",
        "sku",
        [
            Field("list_price", "amount", read_money),
            Field("list_price_currency", "currency", read_text),
        ],
    ),
    _block("status_info", "sku", texts("deactivation_source", status="status")),
    _block(
        "identifier_code",
        "sku",
        texts(identifier_code="code", identifier_type="type"),
    ),
    _block("pre_sale", "sku", texts(pre_sale_type="type"), "fulfillment_type"),
    _measures("weight=value", path="sku_weight", unit="weight_unit", kind="sku"),
    _measures(
        "length=length",
        "width=width",
        "height=height",
        path="sku_dimensions",
        unit="dimension_unit",
        kind="sku",
    ),
)

SKU_ATTRIBUTE = Part(
    "sku_attributes",
    Layout(
        "sku_attribute",
        texts("name", "value_id", "value_name", attribute_id="id"),
        known=frozenset(
            "id name sku_img supplementary_sku_images value_id value_name".split()
        ),
        expected=_NO_NAMES,
    ),
    keys=("sku_id", "attribute_id"),
    path="sales_attributes",
    place="place",
)
SKU_COMPONENT = Part(
    "sku_components",
    Layout(
        "sku_component",
        texts(
            component_sku_id="sku_id",
            component_product_id="product_id",
            component_seller_sku="seller_sku",
            component_title="title",
        ),
        known=KNOWN_COMPONENT_FIELDS,
        expected=_NO_NAMES,
    ),
    keys=("sku_id", "component_sku_id"),
    path="combined_skus",
    place="place",
    others=numbers(units="sku_count"),
)


_PRODUCT_STATE = ("title", "status", "audit_status")
_PRICE_STATE = (
    *("seller_sku", "sku_name", "currency", "price", "sale_price"),
    *("tax_exclusive_price", "status"),
)


def _state(row: ReadRow, names: Sequence[str], *needed: str) -> Iterator[Row]:
    """What a row tells of the present, if it is dated and tells what is needed."""
    if all(row[name] is not None for name in ("updated_at", *needed)):
        state: Row = {name: row[name] for name in names}
        mark = digest(encode(list(state.values())))
        yield {**state, "updated_at": row["updated_at"], "state_hash": mark}


def _of_sku(received: ReadRow, row: ReadRow) -> Row:
    """The price that counts, and what the variant is called."""
    price = row["sale_price"]
    values = [
        read_text(item.get("value_name"))[0]
        for item in objects_in(received.get("sales_attributes"))
    ]
    told = [value for value in values if isinstance(value, str) and value]
    return {
        "price": row["tax_exclusive_price"] if price is None else price,
        "sku_name": ", ".join(told) or None,
        "deleted_at": None,
        "deleted_reason": None,
    }


def _price_state(_: ReadRow, row: ReadRow) -> Iterator[Row]:
    yield from _state(row, _PRICE_STATE, "price")


SKU = Part(
    "skus",
    Layout(
        "sku",
        texts("seller_sku", "external_sku_id", "sku_unit_count", sku_id="id"),
        known=KNOWN_SKU_FIELDS,
        expected=frozenset({"price", "seller_sku"}),
    ),
    keys=("sku_id",),
    path="skus",
    place="sku_number",
    inherits=same("updated_at"),  # no column: for the history
    blocks=_SKU_BLOCKS,
    values={"status": KNOWN_SKU_STATUSES},
    parts=(SKU_ATTRIBUTE, SKU_COMPONENT),
    derived=(
        Derived(
            "sku_price_history",
            ("sku_id", "updated_at", "state_hash"),
            _price_state,
            accumulate=True,
        ),
    ),
    computed=_of_sku,
)
IMAGE = Part(
    "product_images",
    Layout(
        "product_image",
        texts("uri"),
        known=frozenset("height thumb_urls uri urls width".split()),
        expected=_NO_NAMES,
    ),
    keys=("product_id", "place"),
    path="main_images",
    place="place",
    others=numbers("width", "height"),
    computed=lambda received, _: {"url": _first_text(received.get("urls"))},
)
ATTRIBUTE = Part(
    "product_attributes",
    Layout(
        "product_attribute",
        texts("name", attribute_id="id"),
        known=frozenset("id name values".split()),
        expected=_NO_NAMES,
    ),
    keys=("product_id", "attribute_id"),
    path="product_attributes",
    place="place",
    others=documents("values"),
    computed=lambda received, _: {"value_names": _names_in(received.get("values"))},
)
AUDIT_FAILURE = Part(
    "product_audit_failures",
    Layout(
        "product_audit_failure",
        texts("listing_platform", "position"),
        known=frozenset("listing_platform position reasons suggestions".split()),
        expected=_NO_NAMES,
    ),
    keys=("product_id", "place"),
    path="audit_failed_reasons",
    place="place",
    others=documents("reasons", "suggestions"),
    missing_is_none=True,
)


def _missed_lists(received: ReadRow) -> Iterator[str]:
    """A product in detail has a category, pictures, and reasons if its review failed.

    A search tells none of it, and a draft need not have it.
    """
    if "description" in received and received.get("status") != "DRAFT":
        needed = {"category_chains", "main_images"}
        if as_object(received.get("audit")).get("status") == "FAILED":
            needed.add("audit_failed_reasons")
        yield from sorted(needed - received.keys())


def _of_product(received: ReadRow, row: ReadRow) -> Row:
    """Category, first picture, deletion, and the mark by which listings compare."""
    chain = objects_in(received.get("category_chains"))
    leaf = as_object(chain[-1] if chain else None)
    images = objects_in(received.get("main_images"))
    is_deleted = row["status"] == DELETED
    return {
        "category_id": read_text(leaf.get("id"))[0],
        "category_name": read_text(leaf.get("local_name"))[0],
        "main_image_url": _first_text(images[0].get("urls")) if images else None,
        "deleted_at": row["updated_at"] if is_deleted else None,
        "deleted_reason": "deleted" if is_deleted else None,
        "listing_hash": listing_hash(received),
    }


def _product_state(_: ReadRow, row: ReadRow) -> Iterator[Row]:
    yield from _state(row, _PRODUCT_STATE, "title", "status")


PRODUCT = Part(
    "products",
    Layout(
        "product",
        [
            *texts("title", "status", "product_status", "description"),
            *texts("listing_quality_tier", "external_product_id"),
            *texts("primary_combined_product_id", "shipping_template_id"),
            *texts("shipping_insurance_requirement", product_id="id"),
            *flags("has_draft", "is_not_for_sale", "is_cod_allowed", "is_pre_owned"),
            *flags("is_replicated"),
            *moments(created_at="create_time", updated_at="update_time"),
        ],
        known=KNOWN_PRODUCT_FIELDS,
        expected=frozenset("create_time skus status title update_time".split()),
    ),
    keys=("product_id",),
    others=[*numbers("minimum_order_quantity"), *documents("sales_regions")],
    blocks=_PRODUCT_BLOCKS,
    values={"status": KNOWN_PRODUCT_STATUSES, "audit_status": KNOWN_AUDITS},
    missed=_missed_lists,
    parts=(SKU, IMAGE, ATTRIBUTE, AUDIT_FAILURE),
    derived=(
        Derived(
            "product_history",
            ("product_id", "updated_at", "state_hash"),
            _product_state,
            accumulate=True,
        ),
    ),
    computed=_of_product,
)
PRODUCTS = RecordMap(STREAM, PRODUCT, "product")


def listing_hash(record: ReadRow) -> bytes:
    """A fingerprint of what a search tells of a product, less its stock.

    It is the same of the search's row and of the record completed by the detail, as
    long as the product is: another one calls for the detail.
    """
    told = [record.get(name) for name in ("title", "status", "update_time")]
    skus = [
        [sku.get("id"), sku.get("seller_sku"), _price_of(sku)]
        for sku in objects_in(record.get("skus"))
    ]
    return digest(encode([*told, skus]))


def _price_of(sku: ReadRow) -> object:
    return as_object(sku.get("price")).get("tax_exclusive_price")


def objects_in(listed: object) -> Sequence[Mapping[str, object]]:
    """The objects of what should be a list of them."""
    items = map(as_object, as_list(listed))
    return [item for item in items if item]


def _first_text(listed: object) -> str | None:
    first = next(iter(as_list(listed)), None)
    return first if isinstance(first, str) else None


def _names_in(listed: object) -> str | None:
    names = [read_text(item.get("name"))[0] for item in objects_in(listed)]
    return ", ".join(str(name) for name in names if name) or None
