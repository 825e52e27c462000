"""Whose buyer data was erased: later answers do not bring it back."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, text

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_plan import OrderPlan
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.shop_state import ShopState
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.transform.privacy import PrivacyPolicy, subject_of

_BUYERS = text("""
    SELECT order_id, buyer_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND order_id = ANY(:ids) AND buyer_id IS NOT NULL
""")
_ERASED = text("""
    SELECT subject FROM tiktok_ops.erased_subjects
    WHERE shop_id IN ('*', :shop_id) AND subject = ANY(:subjects)
""")


def find_erased(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[OrderPage],
    plan: OrderPlan,
    state: ShopState,
) -> Collection[str]:
    """Orders of the plan whose buyer data may not be there; neither old nor new.

    The caller holds the shop's lock. Only orders that get buyer data, or have it and
    are said to be another buyer's, are looked at.

    Raises:
        PipelineError: the rules or the erasures are others than those that the pages
            were read with; the load may be repeated.
    """
    asked = plan.buyers.keys() | plan.named_anew
    if not asked or target.schema != tables.order_recipients.schema:
        return ()  # tables of another schema have no recipients
    policy = pages[0].policy
    is_current = all(page.policy == policy for page in pages)
    is_current = is_current and state.rules == policy.rules
    if (plan.buyers and not is_current) or (state.has_erased and not policy.secret):
        raise rules_changed(target.shop_id)
    if not state.has_erased:
        return ()
    return erased_orders(connection, target.shop_id, policy, _told(pages, asked))


def rules_changed(shop_id: str) -> PipelineError:
    """What a load is told whose pages were read under other rules."""
    error = PipelineError(
        f"the privacy rules of shop {shop_id} changed while it was read, and nothing "
        "was written under the old ones: run it again"
    )
    error.retryable = True
    return error


def _told(
    pages: Iterable[OrderPage], order_ids: Collection[str]
) -> Mapping[str, Collection[str]]:
    """The buyer ids that the pages name, by order."""
    told: dict[str, set[str]] = {order_id: set() for order_id in order_ids}
    for page in pages:
        for rows in page.orders:
            buyer_id = rows.order["buyer_id"]
            if rows.order_id in told and isinstance(buyer_id, str):
                told[rows.order_id].add(buyer_id)
    return told


def erased_orders(
    connection: Connection,
    shop_id: str,
    policy: PrivacyPolicy,
    buyer_ids: Mapping[str, Collection[str]],
) -> Collection[str]:
    """Which of some orders were erased, or belong to a buyer who was.

    Args:
        connection: a transaction that holds the shop's lock.
        shop_id: the shop of the orders.
        policy: holds the secret; without it nobody is known to be erased.
        buyer_ids: by order the buyers that answers name, besides the table's.
    """
    if not policy.secret:
        return ()
    owners: dict[bytes, set[str]] = {}
    for order_id, ids in buyer_ids.items():
        _own(owners, policy, order_id, [("order", order_id), *_buyers(ids)])
    asked = {"shop_id": shop_id, "ids": list(buyer_ids)}
    for order_id, buyer_id in connection.execute(_BUYERS, asked):
        _own(owners, policy, order_id, _buyers([buyer_id]))
    parameters = {"shop_id": shop_id, "subjects": list(owners)}
    found = connection.execute(_ERASED, parameters).scalars()
    return set[str]().union(*(owners[subject] for subject in found))


def _buyers(ids: Iterable[str]) -> Sequence[tuple[str, str]]:
    return [("buyer", buyer_id) for buyer_id in ids]


def _own(
    owners: dict[bytes, set[str]],
    policy: PrivacyPolicy,
    order_id: str,
    subjects: Iterable[tuple[str, str]],
) -> None:
    for kind, subject_id in subjects:
        subject = subject_of(policy.secret, kind, subject_id)
        owners.setdefault(subject, set()).add(order_id)
