-- What a SKU sold on a day: one row per shop, local day, SKU and currency with activity.
-- Grain: shop_id, local_date, sku_id, currency.
-- Date basis: local_date is a day in the shop's time zone: sales, units and gifts by
--   creation of the order, refunds by the day the money went back. Spans of local_date are
--   read by index.
-- Rules: as agg_shop_daily, whose units, gross_sales and net_sales are the sums of these;
--   refunds are less: those of whole orders, such as shipping, belong to no SKU.
--
-- Columns:
-- shop_id text: The shop.
-- local_date date: Day in the shop's time zone.
-- sku_id text: TikTok's id of the SKU; null where TikTok named none.
-- currency text: ISO 4217 code of every amount of the row.
-- product_id text: TikTok's id of the product: dim_products.
-- seller_sku text: The seller's own code, as of the orders.
-- product_name text: The product's name, as of the orders.
-- orders bigint: Sales placed that day that hold the SKU.
-- units bigint: Pieces sold, less gifts and cancelled ones.
-- gift_units bigint: Pieces given away with these sales.
-- gross_sales numeric: Before every discount.
-- net_sales numeric: After the seller's discounts, before refunds.
-- refunded_units bigint: Pieces of returns and cancellations whose money went back.
-- refunded_amount numeric: The money that went back for them.

SELECT
    shop_id,
    local_date,
    sku_id,
    currency,
    max(product_id) AS product_id,
    max(seller_sku) AS seller_sku,
    max(product_name) AS product_name,
    sum(orders)::bigint AS orders,
    sum(units)::bigint AS units,
    sum(gift_units)::bigint AS gift_units,
    sum(gross) AS gross_sales,
    sum(net) AS net_sales,
    sum(refunded_units)::bigint AS refunded_units,
    sum(refunded) AS refunded_amount
FROM (
    SELECT k.shop_id, k.created_date AS local_date, k.sku_id, k.currency, k.product_id,
        k.seller_sku, k.product_name,
        CASE WHEN k.is_gift THEN 0 ELSE 1 END AS orders,
        CASE WHEN k.is_gift THEN 0 ELSE k.kept_units END AS units,
        CASE WHEN k.is_gift THEN k.kept_units ELSE 0 END AS gift_units,
        CASE WHEN k.is_gift THEN 0 ELSE k.kept_gross_amount END AS gross,
        CASE WHEN k.is_gift THEN 0 ELSE k.kept_net_amount END AS net,
        0 AS refunded_units, 0 AS refunded
    FROM tiktok_mart.fct_order_skus AS k
    WHERE k.is_sale AND k.kept_units > 0
    UNION ALL
    SELECT r.shop_id, r.refunded_date, l.sku_id, coalesce(l.currency, r.currency), NULL,
        l.seller_sku, l.product_name, 0, 0, 0, 0, 0, 1, coalesce(l.refund_total, 0)
    FROM tiktok_mart.fct_returns AS r
    JOIN tiktok.return_lines AS l ON l.shop_id = r.shop_id AND l.return_id = r.return_id
    WHERE r.is_refunded
    UNION ALL
    SELECT c.shop_id, c.refunded_date, l.sku_id, coalesce(l.currency, c.currency), NULL,
        l.seller_sku, l.product_name, 0, 0, 0, 0, 0, 1, coalesce(l.refund_total, 0)
    FROM tiktok_mart.fct_cancellations AS c
    JOIN tiktok.cancellation_lines AS l
        ON l.shop_id = c.shop_id AND l.cancellation_id = c.cancellation_id
    WHERE c.is_refunded
) AS m
WHERE local_date IS NOT NULL
GROUP BY shop_id, local_date, sku_id, currency;
