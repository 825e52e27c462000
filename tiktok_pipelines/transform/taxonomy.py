"""How categories, what they ask for, and brands become rows.

Source: docs/tiktok-shop-api.md, "Categories and brands".
"""

from tiktok_pipelines.api.decoding import as_list
from tiktok_pipelines.transform.fields import Field, documents, flags, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block, Part, ReadRow, RecordMap, Row, same
from tiktok_pipelines.transform.readers import read_flag

_NO_NAMES: frozenset[str] = frozenset()
_LISTED: Row = {"deleted_at": None, "deleted_reason": None}

CATEGORIES = RecordMap(
    "categories",
    Part(
        "categories",
        Layout(
            "category",
            [
                *texts("parent_id", category_id="id", name="local_name"),
                *flags("is_leaf"),
            ],
            known=frozenset(
                "id is_leaf local_name parent_id permission_statuses".split()
            ),
            expected=frozenset("is_leaf local_name parent_id".split()),
        ),
        keys=("category_id",),
        others=documents("permission_statuses"),
        computed=lambda _, __: _LISTED,
    ),
    "category",
)

BRANDS = RecordMap(
    "brands",
    Part(
        "brands",
        Layout(
            "brand",
            [
                *texts("name", "authorized_status", "brand_status", brand_id="id"),
                *flags("is_t1_brand"),
            ],
            known=frozenset(
                "authorized_status brand_status id is_t1_brand name".split()
            ),
            expected=frozenset({"name"}),
        ),
        keys=("brand_id",),
        values={
            "authorized_status": frozenset(
                {"AUTHORIZED", "UNAUTHORIZED", "UNAUTHORIEZD"}
            ),
            "brand_status": frozenset({"AVAILABLE", "UNAVAILABLE"}),
        },
        computed=lambda _, __: _LISTED,
    ),
    "brand",
)


def _of_attribute(received: ReadRow, row: ReadRow) -> Row:
    """TikTok spells ``is_requried``; should it ever be corrected, that counts too."""
    is_required = row["is_required"]
    if is_required is None:
        is_required = read_flag(received.get("is_required"))[0]
    count = len(as_list(received.get("values")))
    return {"is_required": is_required, "value_count": count}


CATEGORY_ATTRIBUTES = RecordMap(
    "category_attributes",
    Part(
        "category_attributes",
        Layout(
            "category_attribute",
            [
                *texts("name", "type", "value_data_format", attribute_id="id"),
                *flags("is_multiple_selection", "is_customizable"),
                Field("is_required", "is_requried", read_flag),
            ],
            known=frozenset(
                """
                id is_customizable is_multiple_selection is_required is_requried name
                requirement_conditions type value_data_format values
                """.split()
            ),
            expected=frozenset({"name", "type"}),
        ),
        keys=("category_id", "attribute_id"),
        inherits=same("category_id"),
        others=documents("values", "requirement_conditions"),
        computed=_of_attribute,
    ),
    "category attribute",
)


def _asks(path: str, *names: str, **renamed: str) -> Block:
    """A rule of a category: ``is_required`` and ``is_supported`` of one thing."""
    fields = [Field(column, name, read_flag) for column, name in renamed.items()]
    return Block(
        path,
        Layout(
            "category_rules",
            fields,
            known=frozenset({item.name for item in fields} | set(names)),
            expected=_NO_NAMES,
            prefix=f"{path}.",
        ),
    )


CERTIFICATION = Part(
    "category_certifications",
    Layout(
        "category_certification",
        [
            *texts("name", "document_details", "sample_image_url"),
            *texts(certification_id="id"),
            *flags("is_required"),
        ],
        known=frozenset(
            """
            document_details expiration_date id is_required name
            requirement_conditions sample_image_url
            """.split()
        ),
        expected=_NO_NAMES,
    ),
    keys=("category_id", "certification_id"),
    path="product_certifications",
    place="place",
    others=documents("requirement_conditions"),
)
CATEGORY_RULES = RecordMap(
    "category_rules",
    Part(
        "category_rules",
        Layout(
            "category_rules",
            [],
            known=frozenset(
                """
                allowed_special_product_types cod epr fees manufacturer
                package_dimension product_certifications responsible_person size_chart
                """.split()
            ),
            expected=_NO_NAMES,
        ),
        keys=("category_id",),
        inherits=same("category_id"),
        others=documents("allowed_special_product_types"),
        blocks=(
            _asks("cod", is_cod_supported="is_supported"),
            _asks(
                "size_chart",
                is_size_chart_supported="is_supported",
                is_size_chart_required="is_required",
            ),
            _asks("package_dimension", is_package_dimension_required="is_required"),
            _asks("epr", is_epr_required="is_required"),
            _asks("manufacturer", is_manufacturer_required="is_required"),
            _asks("responsible_person", is_responsible_person_required="is_required"),
        ),
        parts=(CERTIFICATION,),
    ),
    "category's rules",
)
