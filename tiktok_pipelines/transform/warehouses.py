"""Which fields of a warehouse, and of what it sends by, have columns of their own.

Its contact person works for the seller: no buyer, yet not for analysts; it stays in
``extra``. Source: docs/tiktok-shop-api.md, "Warehouses".
"""

from tiktok_pipelines.transform.fields import documents, flags, numbers, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block, Part, RecordMap, same

WAREHOUSE = Layout(
    "warehouse",
    [
        *texts("name", "type", "sub_type", "entity_id", warehouse_id="id"),
        *texts(status="effect_status"),
        *flags("is_default"),
    ],
    known=frozenset(
        "address effect_status entity_id id is_default name sub_type type".split()
    ),
    expected=frozenset({"name", "type", "effect_status"}),
)
ADDRESS = Layout(
    "warehouse",
    [
        *texts("region_code", "state", "city", "town", "postal_code"),
        *texts(region="region", district="distict", address="full_address"),
    ],
    known=frozenset(
        """
        address_line1 address_line2 address_line3 address_line4 city contact_person
        distict first_name first_name_local_script full_address geolocation last_name
        last_name_local_script phone_number postal_code region region_code state town
        """.split()
    ),
    expected=frozenset(),
    prefix="address.",
)
GEOLOCATION = Layout(
    "warehouse",
    texts("latitude", "longitude"),
    known=frozenset({"latitude", "longitude"}),
    expected=frozenset(),
    prefix="address.geolocation.",
)

WAREHOUSES = RecordMap(
    "warehouses",
    Part(
        "warehouses",
        WAREHOUSE,
        keys=("warehouse_id",),
        blocks=(
            Block("address", ADDRESS, blocks=(Block("geolocation", GEOLOCATION),)),
        ),
        values={
            "type": frozenset({"SALES_WAREHOUSE", "RETURN_WAREHOUSE"}),
            "status": frozenset({"ENABLED", "DISABLED", "RESTRICTED"}),
        },
    ),
    noun="warehouse",
)

GLOBAL_WAREHOUSES = RecordMap(
    "global_warehouses",
    Part(
        "global_warehouses",
        Layout(
            "global_warehouse",
            texts("name", "ownership", global_warehouse_id="id"),
            known=frozenset({"id", "name", "ownership"}),
            expected=frozenset({"name", "ownership"}),
        ),
        keys=("global_warehouse_id",),
        values={"ownership": frozenset({"SELLER", "PLATFORM_COOPERATION"})},
        computed=lambda _, __: {"deleted_at": None, "deleted_reason": None},
    ),
    noun="global warehouse",
)


def _limits(path: str, unit: str, *names: str) -> Block:
    """Limits of a delivery option, and the unit that they are in."""
    return Block(
        path,
        Layout(
            "delivery_option",
            texts(**{unit: "unit"}),
            known=frozenset({"unit", *names}),
            expected=frozenset(),
            prefix=f"{path}.",
        ),
        others=numbers(*names),
    )


OPTION = Part(
    "delivery_options",
    Layout(
        "delivery_option",
        texts("name", "type", "description", delivery_option_id="id"),
        known=frozenset(
            "description dimension_limit id name platform type weight_limit".split()
        ),
        expected=frozenset({"name"}),
    ),
    keys=("warehouse_id", "delivery_option_id"),
    path="delivery_options",
    place="option_number",
    others=documents(platforms="platform"),
    blocks=(
        _limits(
            *("dimension_limit", "dimension_unit"),
            *("max_length", "max_width", "max_height"),
        ),
        _limits("weight_limit", "weight_unit", "min_weight", "max_weight"),
    ),
    values={"type": frozenset({"STANDARD", "EXPRESS", "ECONOMY", "SEND_BY_SELLER"})},
)
DELIVERY_OPTIONS = RecordMap(
    "delivery_option_lists",
    Part(
        "delivery_option_lists",
        Layout(
            "delivery_option_list",
            (),
            known=frozenset({"delivery_options"}),
            expected=frozenset(),
        ),
        keys=("warehouse_id",),
        inherits=same("warehouse_id"),
        parts=(OPTION,),
    ),
    noun="warehouse's delivery options",
    is_whole=True,
)
