"""From when to when states of products and prices held, and SKUs that are gone.

Which states there are depends on the answers alone, not on their order, and all that
is worked out here follows from them: so does a SKU that its product no longer lists.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from tiktok_pipelines.ingest.target import ShopRun

# A state begins with its update time; a second one of the same update time begins when
# it was first seen. It ends where the next one begins, at the latest with the next
# version of the product: that of a SKU which is no longer in it too. Clocks differ, so
# a beginning may be later than the next one.
_DATE = """
    UPDATE {{schema}}.{table} AS kept SET valid_from = since, valid_to = until
    FROM (
        SELECT own, updated_at, state_hash, since,
            CASE WHEN until < since THEN since ELSE until END AS until
        FROM (
            SELECT begun.*, least(lead(since) OVER states, (
                    SELECT min(p.updated_at) FROM {{schema}}.product_history AS p
                    WHERE p.shop_id = :shop_id AND p.product_id = begun.product_id
                      AND p.updated_at > begun.updated_at)) AS until
            FROM (
                SELECT product_id, {key} AS own, updated_at, state_hash, seen_at,
                    CASE WHEN lag(updated_at) OVER states = updated_at
                        THEN greatest(updated_at, seen_at) ELSE updated_at
                    END AS since
                FROM {{schema}}.{table}
                WHERE shop_id = :shop_id AND product_id = ANY(:products)
                WINDOW states AS (PARTITION BY {key}
                    ORDER BY updated_at, seen_at, state_hash)
            ) AS begun
            WINDOW states AS (PARTITION BY own
                ORDER BY updated_at, seen_at, state_hash)
        ) AS ended
    ) AS dated
    WHERE kept.shop_id = :shop_id AND kept.{key} = dated.own
      AND kept.updated_at = dated.updated_at AND kept.state_hash = dated.state_hash
      AND (kept.valid_from, kept.valid_to) IS DISTINCT FROM (since, until)
"""
_DATE_PRODUCTS = _DATE.format(table="product_history", key="product_id")
_DATE_PRICES = _DATE.format(table="sku_price_history", key="sku_id")
_KEEP_REMOVED = """
    INSERT INTO {schema}.skus AS kept (shop_id, sku_id, product_id, seller_sku,
        sku_name, currency, price, sale_price, tax_exclusive_price, status, deleted_at,
        deleted_reason, raw_page_id, synced_at)
    SELECT DISTINCT ON (h.sku_id) h.shop_id, h.sku_id, h.product_id, h.seller_sku,
        h.sku_name, h.currency, h.price, h.sale_price, h.tax_exclusive_price, h.status,
        coalesce(h.valid_to, p.synced_at), 'removed', h.raw_page_id, h.synced_at
    FROM {schema}.sku_price_history AS h
    JOIN {schema}.products AS p USING (shop_id, product_id)
    WHERE h.shop_id = :shop_id AND h.product_id = ANY(:products)
      AND NOT EXISTS (SELECT FROM {schema}.skus AS s WHERE s.shop_id = h.shop_id
        AND s.sku_id = h.sku_id AND s.deleted_at IS NULL)
    ORDER BY h.sku_id, h.updated_at DESC, h.seen_at DESC, h.state_hash DESC
    ON CONFLICT (shop_id, sku_id) DO UPDATE
    SET (seller_sku, sku_name, currency, price, sale_price, tax_exclusive_price,
            status, deleted_at, raw_page_id, synced_at)
        = (excluded.seller_sku, excluded.sku_name, excluded.currency, excluded.price,
            excluded.sale_price, excluded.tax_exclusive_price, excluded.status,
            excluded.deleted_at, excluded.raw_page_id, excluded.synced_at)
    WHERE (kept.seller_sku, kept.sku_name, kept.currency, kept.price, kept.sale_price,
            kept.tax_exclusive_price, kept.status, kept.deleted_at)
        IS DISTINCT FROM (excluded.seller_sku, excluded.sku_name, excluded.currency,
            excluded.price, excluded.sale_price, excluded.tax_exclusive_price,
            excluded.status, excluded.deleted_at)
"""


def settle_history(
    connection: Connection, target: ShopRun, products: Sequence[str]
) -> None:
    """Work out anew from when to when the states of products held.

    Runs after products were written, in the same transaction; twice changes nothing.
    """
    asked = {"shop_id": target.shop_id, "products": list(products)}
    for statement in (_DATE_PRODUCTS, _DATE_PRICES, _KEEP_REMOVED):
        connection.execute(target.sql(statement), asked)
