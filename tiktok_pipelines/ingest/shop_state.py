"""What holds for a shop at this moment and decides what of a page may be written.

Asked in one go: each question is a round trip more in every transaction.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text

from tiktok_pipelines.transform.privacy import Rule

_STATE = text("""
    SELECT ARRAY(
               SELECT ARRAY[r.region, r.field, r.action]
               FROM tiktok_ops.privacy_rules AS r
               WHERE r.region = '*' OR r.region = (
                   SELECT upper(region) FROM tiktok_ops.shops
                   WHERE shop_id = :shop_id)) AS rules,
           EXISTS (
               SELECT FROM tiktok_ops.erased_subjects
               WHERE shop_id IN ('*', :shop_id)) AS has_erased,
           EXISTS (
               SELECT FROM tiktok_ops.rechecks
               WHERE shop_id = :shop_id AND stream = 'orders') AS has_doubts,
           (SELECT count(*) FROM tiktok_ops.privacy_audit
            WHERE act = 'purge_shop' AND shop_id = :shop_id) AS purges
""")


class ShopState(NamedTuple):
    """The privacy rules of a shop, and what is true of it.

    ``has_erased``: a buyer was erased. ``has_doubts``: an order of the shop is to be
    asked for again. ``purges`` counts how often the shop was purged.
    """

    rules: frozenset[Rule]
    has_erased: bool
    has_doubts: bool
    purges: int


def shop_state(connection: Connection, shop_id: str) -> ShopState:
    """What holds for a shop; under its locks, until the transaction ends."""
    state = connection.execute(_STATE, {"shop_id": shop_id}).one()
    rules = frozenset(Rule(*row) for row in state.rules)
    return ShopState(rules, state.has_erased, state.has_doubts, state.purges)
