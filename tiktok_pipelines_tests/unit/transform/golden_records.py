"""Golden samples of every subject that a ``RecordMap`` describes.

To have a subject tested, name its map and what ``golden/samples/index.json`` calls its
objects; ``whole`` where the answer as a whole is the record.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tiktok_pipelines.api.endpoints import table
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.transform.aftersale_options import ELIGIBILITIES, REJECT_REASONS
from tiktok_pipelines.transform.cancellations import CANCELLATIONS
from tiktok_pipelines.transform.fbt import FBT_INVENTORY
from tiktok_pipelines.transform.finance_maps import (
    PAYMENTS,
    STATEMENTS,
    TRANSACTIONS,
    UNSETTLED,
    WITHDRAWALS,
)
from tiktok_pipelines.transform.order_money import (
    EXTERNAL_LOOKUPS,
    ORDER_PRICES,
)
from tiktok_pipelines.transform.packages import (
    ORDER_TRACKING,
    PACKAGE_DETAILS,
    PACKAGES,
)
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.products import PRODUCTS
from tiktok_pipelines.transform.returns import RETURN_RECORDS, RETURNS
from tiktok_pipelines.transform.stock import INVENTORY, skus_of
from tiktok_pipelines.transform.taxonomy import (
    BRANDS,
    CATEGORIES,
    CATEGORY_ATTRIBUTES,
    CATEGORY_RULES,
)
from tiktok_pipelines.transform.warehouses import (
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    WAREHOUSES,
)
from tiktok_pipelines_tests.recorded import Sample, samples_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Golden:
    """How one subject's samples are read; ``given`` is what a call was asked with.

    ``opened`` takes what is listed apart into records, if that is needed.
    """

    mapping: RecordMap
    endpoint: Endpoint
    objects: tuple[str, ...]
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    opened: Callable[[object], Iterator[object]] = lambda one: iter((one,))


_OF_CATEGORY = {"category_id": "853000"}
GOLDEN = (
    Golden(RETURNS, table.RETURN_SEARCH, ("return",)),
    Golden(
        RETURN_RECORDS,
        table.RETURN_RECORDS,
        ("return_record",),
        given={"return_id": "40"},
    ),
    Golden(CANCELLATIONS, table.CANCELLATION_SEARCH, ("cancellation",)),
    Golden(REJECT_REASONS, table.REJECT_REASONS, ("reject_reason",)),
    Golden(
        ELIGIBILITIES,
        table.AFTERSALE_ELIGIBILITY,
        ("aftersale_eligibility",),
        given={"order_id": "577087614418520388"},
    ),
    Golden(WAREHOUSES, table.WAREHOUSES, ("warehouse",)),
    Golden(GLOBAL_WAREHOUSES, table.GLOBAL_WAREHOUSES, ("global_warehouse",)),
    Golden(
        DELIVERY_OPTIONS,
        table.DELIVERY_OPTIONS,
        ("delivery_option",),
        given={"warehouse_id": "6966568648651605766"},
    ),
    Golden(PRODUCTS, table.PRODUCT_SEARCH, ("product_search", "product_detail")),
    Golden(INVENTORY, table.INVENTORY_SEARCH, ("inventory_search",), opened=skus_of),
    Golden(FBT_INVENTORY, table.FBT_INVENTORY, ("fbt_inventory",)),
    Golden(CATEGORIES, table.CATEGORIES, ("category",)),
    Golden(BRANDS, table.BRAND_SEARCH, ("brand",)),
    Golden(
        CATEGORY_ATTRIBUTES,
        table.CATEGORY_ATTRIBUTES,
        ("category_attribute",),
        given=_OF_CATEGORY,
    ),
    Golden(
        CATEGORY_RULES, table.CATEGORY_RULES, ("category_rules",), given=_OF_CATEGORY
    ),
    Golden(STATEMENTS, table.STATEMENT_SEARCH, ("statement",)),
    Golden(
        TRANSACTIONS,
        table.STATEMENT_TRANSACTIONS,
        ("statement_transactions",),
        {"statement_id": "7238804564097517339", "currency": "GBP"},
    ),
    Golden(PAYMENTS, table.PAYMENT_SEARCH, ("payment",)),
    Golden(WITHDRAWALS, table.WITHDRAWAL_SEARCH, ("withdrawal",)),
    Golden(UNSETTLED, table.UNSETTLED_SEARCH, ("unsettled_transaction",)),
    Golden(
        ORDER_PRICES,
        table.PRICE_DETAIL,
        ("order_price_detail",),
        {"order_id": "576461413038785752"},
    ),
    Golden(
        EXTERNAL_LOOKUPS,
        table.EXTERNAL_ORDERS,
        ("order_external_reference",),
        {"order_id": "576461413038785752", "platform": "SHOPIFY"},
    ),
    Golden(PACKAGES, table.PACKAGE_SEARCH, ("package_search",)),
    Golden(PACKAGE_DETAILS, table.PACKAGE_DETAIL, ("package_detail",)),
    Golden(
        ORDER_TRACKING,
        table.ORDER_TRACKING,
        ("order_tracking",),
        given={"order_id": "57"},
    ),
)


@dataclass(frozen=True)
class GoldenRecord:
    """One record of a sample, as received."""

    golden: Golden
    received: Json

    @property
    def mapping(self) -> RecordMap:
        """How it becomes rows."""
        return self.golden.mapping


def golden_records() -> dict[str, GoldenRecord]:
    """Every record of the samples, by stream, file and place."""
    return {
        f"{golden.mapping.stream}-{sample.path.stem}-{place}": GoldenRecord(golden, one)
        for golden in GOLDEN
        for sample in samples_of(*golden.objects)
        for place, one in enumerate(_opened(golden, sample))
    }


def _opened(golden: Golden, sample: Sample) -> Iterator[Json]:
    for record in _records(golden, sample):
        yield from cast("Iterator[Json]", golden.opened(record))


def _records(golden: Golden, sample: Sample) -> Iterator[Json]:
    data = sample.data()
    if golden.mapping.is_whole or not golden.endpoint.records_key:
        yield data
        return
    for whole in cast("list[Json]", data if isinstance(data, list) else [data]):
        found = whole.get(golden.endpoint.records_key, whole)
        yield from found if isinstance(found, list) else [found]
