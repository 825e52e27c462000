"""Which subjects there are beside orders: names alone, for whoever only shows them.

``ingest/subjects/`` says how each is loaded; a test holds both together. A code server
loads often, so nothing here imports anything heavy.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """One subject.

    Attributes:
        name: the stream, as pages, ledger and quarantine call it.
        sync: the sync it is part of, as ``tiktok_ops.sync_schedules`` calls it.
        tables: what it fills, with schema; the one whose rows are its records first.
        how: what fills them, in words.
    """

    name: str
    sync: str
    tables: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Sync:
    """Subjects that one run loads.

    Attributes:
        name: as ``tiktok_ops.sync_schedules`` calls it.
        job: the Dagster job.
        what: what the job does, in words.
        every: how often, in words.
    """

    name: str
    job: str
    what: str
    every: str


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """A published identity: what sums to what; ``ingest/identities.py`` looks.

    Attributes:
        name: the check.
        table: whose figures are compared, with schema.
        promise: what holds, in words.
        subject: after whose load it is looked at.
    """

    name: str
    table: str
    promise: str
    subject: str


SUBJECTS: tuple[SubjectFacts, ...] = (
    SubjectFacts(
        "warehouses",
        "products",
        ("tiktok.warehouses",),
        "Get Warehouse List, all in one call.",
    ),
    SubjectFacts(
        "delivery_option_lists",
        "products",
        ("tiktok.delivery_option_lists", "tiktok.delivery_options"),
        "Get Warehouse Delivery Options of each warehouse that sends goods, each day.",
    ),
    SubjectFacts(
        "global_warehouses",
        "products",
        ("tiktok.global_warehouses",),
        "Get Global Seller Warehouse, all in one call, each day; shops that it is"
        " refused to have none.",
    ),
    SubjectFacts(
        "products",
        "products",
        (
            "tiktok.products",
            "tiktok.product_history",
            "tiktok.skus",
            "tiktok.sku_price_history",
            "tiktok.sku_attributes",
            "tiktok.sku_components",
            "tiktok.product_images",
            "tiktok.product_attributes",
            "tiktok.product_audit_failures",
        ),
        "Search Products, by update time and deleted ones besides; Get Product for what"
        " is new in it; each day a list of all.",
    ),
    SubjectFacts(
        "categories",
        "products",
        ("tiktok.categories",),
        "Get Categories, all in one call, each day.",
    ),
    SubjectFacts(
        "category_attributes",
        "products",
        ("tiktok.category_attributes",),
        "Get Attributes of each category that a product is in, each day.",
    ),
    SubjectFacts(
        "category_rules",
        "products",
        ("tiktok.category_rules", "tiktok.category_certifications"),
        "Get Category Rules of each category that a product is in, each day.",
    ),
    SubjectFacts(
        "brands",
        "products",
        ("tiktok.brands",),
        "Get Brands, all of them, each day.",
    ),
    SubjectFacts(
        "inventory",
        "inventory",
        (
            "tiktok.inventory_totals",
            "tiktok.inventory_levels",
            "tiktok.inventory_snapshots",
        ),
        "Inventory Search, 600 SKUs a call, each hour.",
    ),
    SubjectFacts(
        "fbt_inventory",
        "inventory",
        ("tiktok.fbt_inventory", "tiktok.fbt_inventory_skus"),
        "Search FBT Inventory, all of it, each hour; shops that it is refused to have"
        " none.",
    ),
    SubjectFacts(
        "cancellations",
        "returns",
        ("tiktok.cancellations", "tiktok.cancellation_lines"),
        "Search Cancellations, by update time; open ones again each day.",
    ),
    SubjectFacts(
        "returns",
        "returns",
        ("tiktok.returns", "tiktok.return_lines"),
        "Search Returns, by update time; open ones again each day.",
    ),
    SubjectFacts(
        "return_histories",
        "returns",
        ("tiktok.return_histories", "tiktok.return_records"),
        "Get Return Records of each return that changed.",
    ),
    SubjectFacts(
        "reject_reasons",
        "returns",
        ("tiktok.reject_reasons",),
        "Get Reject Reasons of a few requests of each type, each day.",
    ),
    SubjectFacts(
        "aftersale_eligibilities",
        "returns",
        (
            "tiktok.aftersale_eligibilities",
            "tiktok.aftersale_eligibility_skus",
            "tiktok.aftersale_eligibility_requests",
        ),
        "Get Aftersale Eligibility of open orders, and again of those that changed.",
    ),
    SubjectFacts(
        "statements",
        "finance",
        ("tiktok.statements",),
        "Get Statements, by the time they were made; each sync looks back 60 days, as"
        " payouts come late.",
    ),
    SubjectFacts(
        "statement_transactions",
        "finance",
        ("tiktok.statement_transactions", "tiktok.transaction_components"),
        "Get Transactions by Statement (202501), statement by statement; young ones and"
        " those that do not add up again in each sync.",
    ),
    SubjectFacts(
        "statement_totals",
        "finance",
        ("tiktok.statement_totals",),
        "The head of a statement's transactions, brought with them.",
    ),
    SubjectFacts(
        "payments",
        "finance",
        ("tiktok.payments",),
        "Get Payments, by creation; each sync looks back 60 days. TikTok tells of none"
        " in South East Asia.",
    ),
    SubjectFacts(
        "withdrawals",
        "finance",
        ("tiktok.withdrawals",),
        "Get Withdrawals, of every type, by creation; each sync looks back 60 days.",
    ),
    SubjectFacts(
        "unsettled_transactions",
        "finance",
        (
            "tiktok.unsettled_transactions",
            "tiktok.unsettled_components",
            "tiktok.unsettled_snapshots",
        ),
        "Get Unsettled Transactions, the whole list: what is listed no longer leaves"
        " the table, its daily copies stay.",
    ),
    SubjectFacts(
        "unsettled_totals",
        "finance",
        ("tiktok.unsettled_totals",),
        "The head of the list of unsettled transactions, brought with it.",
    ),
    SubjectFacts(
        "order_transactions",
        "finance",
        ("tiktok.order_transactions", "tiktok.order_sku_transactions"),
        "Get Transactions by Order (202501), for orders with a new transaction.",
    ),
    SubjectFacts(
        "order_prices",
        "finance",
        ("tiktok.order_prices", "tiktok.order_price_lines"),
        "Get Price Detail, once for each order and again when it is done.",
    ),
    SubjectFacts(
        "external_orders",
        "finance",
        (
            "tiktok.external_order_lookups",
            "tiktok.external_orders",
            "tiktok.external_order_lines",
        ),
        "Get External Order References, for the systems that the shop uses.",
    ),
    SubjectFacts(
        "packages",
        "fulfillment",
        (
            "tiktok.packages",
            "tiktok.package_orders",
            "tiktok.package_skus",
            "tiktok.package_lines",
        ),
        "Search Package, by update time.",
    ),
    SubjectFacts(
        "package_details",
        "fulfillment",
        ("tiktok.package_details",),
        "Get Package Detail of each package that changed.",
    ),
    SubjectFacts(
        "order_tracking",
        "fulfillment",
        ("tiktok.order_tracking", "tiktok.tracking_events"),
        "Get Tracking of the orders in packages that changed; of those on their way"
        " again every six hours.",
    ),
    SubjectFacts(
        "promotions",
        "fulfillment",
        (
            "tiktok.promotions",
            "tiktok.promotion_products",
            "tiktok.promotion_skus",
        ),
        "Search Activities, all of them, and Get Activity of those that changed or are"
        " on.",
    ),
    SubjectFacts(
        "coupons",
        "fulfillment",
        ("tiktok.coupons", "tiktok.coupon_products"),
        "Search Coupons, all of them, and Get Coupon of those that changed or are on.",
    ),
)

SYNCS: tuple[Sync, ...] = (
    Sync(
        "products",
        "sync_products",
        "Pulls products and what is about them: changes since the last sync, and what"
        " is listed whole.",
        "hourly",
    ),
    Sync(
        "inventory",
        "snapshot_inventory",
        "Takes stock: what is there now, and a copy with the hour; what TikTok keeps.",
        "hourly",
    ),
    Sync(
        "fulfillment",
        "sync_fulfillment",
        "Pulls packages and their ways, promotions and coupons.",
        "hourly",
    ),
    Sync(
        "returns",
        "sync_returns",
        "Pulls cancellations and returns that changed, those that are open, and what"
        " may be asked and answered.",
        "hourly",
    ),
    Sync(
        "finance",
        "sync_finance",
        "Pulls statements, what they are made of, payouts and estimates, and the money"
        " of orders.",
        "every 6 hours",
    ),
)
"""Every sync beside orders and tokens; those without subjects have no job."""


IDENTITIES: tuple[IdentityFacts, ...] = (
    IdentityFacts(
        "lines_add_up",
        "tiktok.orders",
        "The lines of each order sum to what its goods cost, within a rounding unit.",
        "order_prices",
    ),
    IdentityFacts(
        "price_lines_add_up",
        "tiktok.order_prices",
        "The prices of each order's lines sum to the order's, within a rounding unit.",
        "order_prices",
    ),
    IdentityFacts(
        "components_add_up",
        "tiktok.statement_transactions",
        "Revenue, shipping, fees and taxes of each transaction sum to its figures, and"
        " these to what was settled, within a rounding unit.",
        "statement_transactions",
    ),
    IdentityFacts(
        "transactions_add_up",
        "tiktok.statements",
        "The transactions of each statement sum to what it settles, within a rounding"
        " unit. TikTok tells some of them days late: for five days they wait.",
        "statement_transactions",
    ),
    IdentityFacts(
        "statements_add_up",
        "tiktok.payments",
        "The statements that each payout pays sum to what it settles, within a rounding"
        " unit. For five days they wait.",
        "payments",
    ),
)


def subjects_of(sync: str) -> tuple[SubjectFacts, ...]:
    """The subjects of a sync, in the order in which they are loaded."""
    return tuple(each for each in SUBJECTS if each.sync == sync)


def facts_of(name: str) -> SubjectFacts:
    """One subject by its name."""
    return next(each for each in SUBJECTS if each.name == name)
