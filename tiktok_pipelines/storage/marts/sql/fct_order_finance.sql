-- What an order brings its seller after fees and shipping, one row per order.
-- Grain: shop_id, order_id.
-- Date basis: created_date is the day the order was placed, in the shop's time zone; columns
--   in _at are UTC; statements are made at 00:00 UTC. Spans of created_date and created_at
--   are read by index.
-- Rules: fee_state tells how good the amounts are. settled: all that TikTok knows is in
--   statements, over all of them, refunds taken off. unsettled: a part is still TikTok's
--   estimate, which is added to what is settled. estimated: TikTok says nothing yet; fees
--   and shipping are the shop's average share of revenue in the statements of its last 90
--   days, null before its first. Amounts are signed as the seller sees them: costs are
--   negative, and revenue_amount + shipping_cost_amount + fee_tax_amount +
--   adjustment_amount = settlement_amount. Sales that nobody settled and orders with any
--   transaction are here; cancelled ones without are not.
--
-- Columns:
-- shop_id text: The shop.
-- order_id text: TikTok's id of the order.
-- fee_state text: estimated, unsettled or settled.
-- order_status text: Newest known status of the order.
-- is_sale boolean: The order counts as a sale: see fct_orders.
-- created_at timestamptz: When the order was placed (UTC).
-- created_date date: Day it was placed, shop's time zone.
-- delivered_at timestamptz: When it was delivered (UTC).
-- currency text: ISO 4217 code of every amount of the row.
-- net_amount numeric: Goods after the seller's discounts, as the order says: what
--   revenue_amount should be without refunds.
-- revenue_amount numeric: Goods after the seller's discounts and refunds.
-- shipping_cost_amount numeric: Shipping that the seller bears, mostly negative.
-- fee_tax_amount numeric: Fees and taxes, mostly negative.
-- adjustment_amount numeric: Adjustments about the order: penalties, reimbursements, …
-- settlement_amount numeric: What the seller gets: the sum of these four.
-- settled_amount numeric: Part of settlement_amount that stands in statements.
-- unsettled_amount numeric: Part of it that TikTok estimates, or, if estimated, we do.
-- fee_pct numeric: Fees and taxes by revenue, in percent; positive for a cost.
-- transaction_count bigint: Transactions in statements: a refund makes another one.
-- first_statement_at timestamptz: The first statement with it (UTC).
-- last_statement_at timestamptz: The newest statement with it (UTC).
-- settlement_expected_at timestamptz: When TikTok expects to settle the rest (UTC).
-- unsettled_reason text: Why the rest is not settled, in TikTok's words.
-- is_overdue boolean: Delivered longer ago than dim_shops.settle_within_days, and in no
--   statement.

-- Each shop's shares of revenue: worked out once, not order by order.
WITH shares AS MATERIALIZED (
    SELECT
        n.shop_id,
        sum(a.shipping_cost_amount) / nullif(sum(a.revenue_amount), 0) AS shipping_share,
        sum(a.fee_tax_amount) / nullif(sum(a.revenue_amount), 0) AS fee_share
    FROM (
        SELECT shop_id, max(statement_at) AS last_at FROM tiktok.statements
        GROUP BY shop_id
    ) AS n
    JOIN tiktok.statements AS m
        ON m.shop_id = n.shop_id AND m.statement_at > n.last_at - interval '90 days'
    JOIN tiktok.statement_transactions AS a
        ON a.shop_id = m.shop_id AND a.statement_id = m.statement_id
    WHERE a.type = 'ORDER'
    GROUP BY n.shop_id
)
SELECT
    o.shop_id,
    o.order_id,
    f.fee_state,
    o.status AS order_status,
    o.is_sale,
    o.created_at,
    o.created_date,
    o.delivered_at,
    coalesce(o.currency, t.currency, u.currency) AS currency,
    o.net_amount,
    f.revenue_amount,
    f.shipping_cost_amount,
    f.fee_tax_amount,
    f.adjustment_amount,
    f.revenue_amount + f.shipping_cost_amount + f.fee_tax_amount + f.adjustment_amount
        AS settlement_amount,
    coalesce(t.settlement_amount, 0) AS settled_amount,
    CASE f.fee_state
        WHEN 'estimated' THEN f.revenue_amount + f.shipping_cost_amount + f.fee_tax_amount
        ELSE coalesce(u.settlement_amount, 0)
    END AS unsettled_amount,
    round(-100 * f.fee_tax_amount / nullif(f.revenue_amount, 0), 2) AS fee_pct,
    coalesce(t.transaction_count, 0) AS transaction_count,
    t.first_statement_at,
    t.last_statement_at,
    u.settlement_expected_at,
    u.unsettled_reason,
    t.transaction_count IS NULL
        AND coalesce(
            o.delivered_at + s.settle_within_days * interval '1 day' < now(), false
        ) AS is_overdue
FROM tiktok_mart.fct_orders AS o
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = o.shop_id
LEFT JOIN LATERAL (
    SELECT
        min(a.currency) AS currency,
        count(*) AS transaction_count,
        coalesce(sum(a.revenue_amount), 0) AS revenue_amount,
        coalesce(sum(a.shipping_cost_amount), 0) AS shipping_cost_amount,
        coalesce(sum(a.fee_tax_amount), 0) AS fee_tax_amount,
        coalesce(sum(a.adjustment_amount), 0) AS adjustment_amount,
        coalesce(sum(a.settlement_amount), 0) AS settlement_amount,
        min(m.statement_at) AS first_statement_at,
        max(m.statement_at) AS last_statement_at
    FROM (
        SELECT b.* FROM tiktok.statement_transactions AS b
        WHERE b.shop_id = o.shop_id AND b.order_id = o.order_id
        UNION ALL
        SELECT b.* FROM tiktok.statement_transactions AS b
        WHERE b.shop_id = o.shop_id AND b.adjustment_order_id = o.order_id
            AND b.order_id IS DISTINCT FROM o.order_id
    ) AS a
    LEFT JOIN tiktok.statements AS m
        ON m.shop_id = a.shop_id AND m.statement_id = a.statement_id
    HAVING count(*) > 0
) AS t ON true
LEFT JOIN LATERAL (
    SELECT
        min(a.currency) AS currency,
        count(*) AS estimate_count,
        coalesce(sum(a.est_revenue_amount), 0) AS revenue_amount,
        coalesce(sum(a.est_shipping_cost_amount), 0) AS shipping_cost_amount,
        coalesce(sum(a.est_fee_tax_amount), 0) AS fee_tax_amount,
        coalesce(sum(a.est_adjustment_amount), 0) AS adjustment_amount,
        coalesce(sum(a.est_settlement_amount), 0) AS settlement_amount,
        max(a.settlement_expected_at) AS settlement_expected_at,
        max(a.unsettled_reason) AS unsettled_reason
    FROM (
        SELECT b.* FROM tiktok.unsettled_transactions AS b
        WHERE b.shop_id = o.shop_id AND b.order_id = o.order_id
        UNION ALL
        SELECT b.* FROM tiktok.unsettled_transactions AS b
        WHERE b.shop_id = o.shop_id AND b.adjustment_order_id = o.order_id
            AND b.order_id IS DISTINCT FROM o.order_id
    ) AS a
    HAVING count(*) > 0
) AS u ON true
LEFT JOIN shares AS h ON h.shop_id = o.shop_id
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN u.estimate_count > 0 THEN 'unsettled'
            WHEN t.transaction_count > 0 THEN 'settled'
            ELSE 'estimated'
        END AS fee_state,
        CASE WHEN coalesce(t.transaction_count, u.estimate_count) IS NULL
            THEN o.net_amount
            ELSE coalesce(t.revenue_amount, 0) + coalesce(u.revenue_amount, 0)
        END AS revenue_amount,
        CASE WHEN coalesce(t.transaction_count, u.estimate_count) IS NULL
            THEN round(o.net_amount * h.shipping_share, s.decimals)
            ELSE coalesce(t.shipping_cost_amount, 0) + coalesce(u.shipping_cost_amount, 0)
        END AS shipping_cost_amount,
        CASE WHEN coalesce(t.transaction_count, u.estimate_count) IS NULL
            THEN round(o.net_amount * h.fee_share, s.decimals)
            ELSE coalesce(t.fee_tax_amount, 0) + coalesce(u.fee_tax_amount, 0)
        END AS fee_tax_amount,
        coalesce(t.adjustment_amount, 0) + coalesce(u.adjustment_amount, 0)
            AS adjustment_amount
) AS f
WHERE o.is_sale OR t.transaction_count > 0 OR u.estimate_count > 0;
