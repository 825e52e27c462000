"""Every subject beside orders, declared: records, and how they are asked for.

A family has a module; its subjects stand in ``ALL`` below, and by name in
``tiktok_pipelines/subjects.py``, which a code server shows them by.
"""

from collections.abc import Mapping, Sequence

from tiktok_pipelines import subjects as facts
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects.aftersales import (
    CANCELLATIONS,
    ELIGIBILITIES,
    REJECT_REASONS,
    RETURN_RECORDS,
    RETURNS,
)
from tiktok_pipelines.ingest.subjects.finance import FINANCE
from tiktok_pipelines.ingest.subjects.fulfillment import (
    ORDER_TRACKING,
    PACKAGE_DETAILS,
    PACKAGES,
)
from tiktok_pipelines.ingest.subjects.inventory import FBT_INVENTORY, INVENTORY
from tiktok_pipelines.ingest.subjects.order_money import ORDER_MONEY
from tiktok_pipelines.ingest.subjects.products import (
    BRANDS,
    CATEGORIES,
    CATEGORY_ATTRIBUTES,
    CATEGORY_RULES,
    PRODUCTS,
)
from tiktok_pipelines.ingest.subjects.promotions import COUPONS, PROMOTIONS
from tiktok_pipelines.ingest.subjects.warehouses import (
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    WAREHOUSES,
)

ALL: Sequence[Subject] = (
    WAREHOUSES,
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    PRODUCTS,
    CATEGORIES,
    CATEGORY_ATTRIBUTES,
    CATEGORY_RULES,
    BRANDS,
    INVENTORY,
    FBT_INVENTORY,
    CANCELLATIONS,
    RETURNS,
    RETURN_RECORDS,
    REJECT_REASONS,
    ELIGIBILITIES,
    *FINANCE,
    *ORDER_MONEY,
    PACKAGES,
    PACKAGE_DETAILS,
    ORDER_TRACKING,
    PROMOTIONS,
    COUPONS,
)

BY_NAME: Mapping[str, Subject] = {subject.name: subject for subject in ALL}


def subjects_of(sync: str) -> Sequence[Subject]:
    """The subjects of a sync, in the order in which they are loaded."""
    return [BY_NAME[each.name] for each in facts.subjects_of(sync)]
