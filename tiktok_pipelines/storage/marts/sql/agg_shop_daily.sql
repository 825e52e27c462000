-- A shop's day in figures: one row per shop, local day and currency with any activity.
-- Grain: shop_id, local_date, currency.
-- Date basis: local_date is a day in the shop's time zone, and each measure counts by a
--   moment of its own: orders, units, gross_sales and net_sales by creation; paid_orders
--   and gmv_platform by payment; cancelled_orders by cancellation; refunds by completion.
--   Spans of local_date are read by index.
-- Rules: gmv_platform is Seller Center's: what buyers pay in total, shipping and added tax
--   included, for orders paid that day, those cancelled or refunded later kept. gross_sales
--   and net_sales are of sales alone (fct_orders.is_sale: not UNPAID, not CANCELLED) and of
--   units not cancelled, without gifts: before any discount, and after the seller's
--   discounts. Refunds are not taken off, they stand beside, on the day the money went
--   back. Samples, replacements and exchanges count nowhere. Days without activity have no
--   row. What Seller Center shows may differ a little: TikTok changed its logic before and
--   publishes none.
--
-- Columns:
-- shop_id text: The shop.
-- local_date date: Day in the shop's time zone.
-- currency text: ISO 4217 code of every amount of the row.
-- orders bigint: Sales placed that day.
-- units bigint: Pieces in these sales, less gifts and cancelled ones.
-- gross_sales numeric: Goods of these sales before every discount.
-- net_sales numeric: Goods of these sales after the seller's discounts, before refunds.
-- paid_orders bigint: Orders paid that day, cancelled and refunded ones kept.
-- gmv_platform numeric: What their buyers pay in total: GMV as Seller Center counts it.
-- cancelled_orders bigint: Orders cancelled that day, unpaid ones too.
-- refunds bigint: Returns and cancellations whose money went back that day.
-- refunded_amount numeric: The money that went back that day.
-- net_sales_after_refunds numeric: net_sales less refunded_amount: of two different sets
--   of orders, good for trends of many days.

SELECT
    shop_id,
    local_date,
    currency,
    sum(orders)::bigint AS orders,
    sum(units)::bigint AS units,
    sum(gross) AS gross_sales,
    sum(net) AS net_sales,
    sum(paid)::bigint AS paid_orders,
    sum(gmv) AS gmv_platform,
    sum(cancelled)::bigint AS cancelled_orders,
    sum(refunds)::bigint AS refunds,
    sum(refunded) AS refunded_amount,
    sum(net) - sum(refunded) AS net_sales_after_refunds
FROM (
    SELECT o.shop_id, o.created_date AS local_date, o.currency, 1 AS orders, l.units,
        l.gross, l.net, 0 AS paid, 0 AS gmv, 0 AS cancelled, 0 AS refunds, 0 AS refunded
    FROM tiktok_mart.fct_orders AS o
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS units,
            coalesce(sum(a.original_price), 0) AS gross,
            coalesce(sum(a.original_price - coalesce(a.seller_discount, 0)), 0) AS net
        FROM tiktok.order_lines AS a
        WHERE a.shop_id = o.shop_id AND a.order_id = o.order_id
            AND a.is_gift IS NOT TRUE AND a.status IS DISTINCT FROM 'CANCELLED'
    ) AS l
    WHERE o.is_sale
    UNION ALL
    SELECT o.shop_id, o.paid_date, o.currency, 0, 0, 0, 0, 1, o.total_amount, 0, 0, 0
    FROM tiktok_mart.fct_orders AS o
    WHERE o.is_paid_for
    UNION ALL
    SELECT o.shop_id, o.cancelled_date, o.currency, 0, 0, 0, 0, 0, 0, 1, 0, 0
    FROM tiktok_mart.fct_orders AS o
    WHERE o.is_cancelled AND NOT o.is_repeated AND o.is_sample_order IS NOT TRUE
    UNION ALL
    SELECT r.shop_id, r.refunded_date, r.currency, 0, 0, 0, 0, 0, 0, 0, 1,
        r.refunded_amount
    FROM tiktok_mart.fct_returns AS r
    WHERE r.is_refunded
    UNION ALL
    SELECT c.shop_id, c.refunded_date, c.currency, 0, 0, 0, 0, 0, 0, 0, 1,
        c.refunded_amount
    FROM tiktok_mart.fct_cancellations AS c
    WHERE c.is_refunded
) AS m
WHERE local_date IS NOT NULL
GROUP BY shop_id, local_date, currency;
