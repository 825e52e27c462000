-- A shop's day in figures: one row per shop, local day and currency with any activity.
-- Grain: shop_id, local_date, currency.
-- Date basis: local_date is a day in the shop's time zone, and each measure counts by a
--   moment of its own: orders, units, gross_sales and net_sales by creation; paid_orders
--   and gmv_platform by payment; cancelled_orders by cancellation; refunds by completion.
-- Rules: gmv_platform is Seller Center's: what buyers paid or pay, shipping and added tax
--   included, of orders paid that day, those cancelled or refunded later kept. gross_sales
--   and net_sales are of sales alone (fct_orders.is_sale) and of units not cancelled,
--   without gifts: before any discount, and after the seller's discounts. Samples,
--   replacements and exchanges count nowhere. Days without activity have no row. What
--   Seller Center shows may differ a little: TikTok changed its logic and publishes none.
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

SELECT
    s.shop_id,
    d.day::date AS local_date,
    m.currency,
    sum(m.orders)::bigint AS orders,
    sum(m.units)::bigint AS units,
    sum(m.gross) AS gross_sales,
    sum(m.net) AS net_sales,
    sum(m.paid)::bigint AS paid_orders,
    sum(m.gmv) AS gmv_platform,
    sum(m.cancelled)::bigint AS cancelled_orders
FROM tiktok_mart.dim_shops AS s
CROSS JOIN LATERAL generate_series(
    date_trunc('day', s.first_order_at AT TIME ZONE s.time_zone),
    now() AT TIME ZONE s.time_zone,
    interval '1 day'
) AS d (day)
CROSS JOIN LATERAL (
    SELECT
        d.day AT TIME ZONE s.time_zone AS since,
        (d.day + interval '1 day') AT TIME ZONE s.time_zone AS until
) AS b
CROSS JOIN LATERAL (
    SELECT o.currency, count(DISTINCT o.order_id) AS orders,
        count(l.line_id) AS units,
        coalesce(sum(l.original_price), 0) AS gross,
        coalesce(sum(l.original_price - coalesce(l.seller_discount, 0)), 0) AS net,
        0 AS paid, 0 AS gmv, 0 AS cancelled
    FROM tiktok_mart.fct_orders AS o
    LEFT JOIN tiktok.order_lines AS l
        ON l.shop_id = o.shop_id AND l.order_id = o.order_id
        AND l.is_gift IS NOT TRUE AND l.status IS DISTINCT FROM 'CANCELLED'
    WHERE o.shop_id = s.shop_id AND o.created_at >= b.since AND o.created_at < b.until
        AND o.is_sale
    GROUP BY o.currency
    UNION ALL
    SELECT o.currency, 0, 0, 0, 0, count(*), coalesce(sum(o.total_amount), 0), 0
    FROM tiktok_mart.fct_orders AS o
    WHERE o.shop_id = s.shop_id AND o.paid_at >= b.since AND o.paid_at < b.until
        AND o.is_paid_for
    GROUP BY o.currency
    UNION ALL
    SELECT o.currency, 0, 0, 0, 0, 0, 0, count(*)
    FROM tiktok_mart.fct_orders AS o
    WHERE o.shop_id = s.shop_id AND o.cancelled_at >= b.since
        AND o.cancelled_at < b.until AND o.is_cancelled
    GROUP BY o.currency
) AS m
GROUP BY s.shop_id, d.day, m.currency;
