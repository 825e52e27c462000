-- The way of the money, link by link: does each record equal the sum of its parts?
-- Grain: shop_id, link, record_id.
-- Date basis: since_date is the day, in the shop's time zone, since which it should agree:
--   of an order its creation, of a transaction and a statement the statement, of a payment
--   its beginning; since_at is the same moment (UTC). Spans of both are read by index.
-- Rules: the links are lines_to_order (what the buyer pays for the units, against the
--   order's sub_total), order_to_transactions (the seller's revenue as the order says,
--   against that of its transactions; sales only), components_to_transaction,
--   transactions_to_statement and statements_to_payment (settlements). A difference up to a
--   rounding unit agrees. Records that agree are here, too: filter is_open for those to
--   look at, and age_days for how long.
--
-- Columns:
-- shop_id text: The shop.
-- link text: lines_to_order, order_to_transactions, components_to_transaction,
--   transactions_to_statement or statements_to_payment.
-- record_id text: The order, transaction, statement or payment.
-- currency text: ISO 4217 code of the amounts.
-- told_amount numeric: What the record says.
-- found_amount numeric: What its parts make.
-- residual_amount numeric: told_amount less found_amount.
-- residual_class text: agrees; refunded: less because of refunds; not_yet: the parts are
--   not there, in time still; overdue: not there, and late; incomplete: some are missing by
--   TikTok's own count; differs: all seem to be there.
-- since_at timestamptz: Since when it should agree (UTC).
-- since_date date: Day of it, shop's time zone.
-- age_days integer: Whole days since then.
-- is_open boolean: overdue, incomplete or differs.

SELECT
    m.shop_id,
    m.link,
    m.record_id,
    m.currency,
    m.told_amount,
    m.found_amount,
    m.told_amount - m.found_amount AS residual_amount,
    m.residual_class,
    m.since_at,
    m.since_date,
    floor(extract(epoch FROM now() - m.since_at) / 86400)::integer AS age_days,
    m.residual_class IN ('overdue', 'incomplete', 'differs') AS is_open
FROM (
    SELECT
        o.shop_id, 'lines_to_order' AS link, o.order_id AS record_id, o.currency,
        o.sub_total AS told_amount, l.amount AS found_amount,
        CASE
            WHEN abs(o.sub_total - l.amount) <= s.rounding_unit THEN 'agrees'
            WHEN l.line_count = 0 THEN 'incomplete'
            ELSE 'differs'
        END AS residual_class,
        o.created_at AS since_at, o.created_date AS since_date
    FROM tiktok_mart.fct_orders AS o
    JOIN tiktok_mart.dim_shops AS s ON s.shop_id = o.shop_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS line_count, coalesce(sum(a.sale_price), 0) AS amount,
            count(*) FILTER (WHERE a.sale_price IS NULL) AS unpriced_count
        FROM tiktok.order_lines AS a
        WHERE a.shop_id = o.shop_id AND a.order_id = o.order_id
    ) AS l
    WHERE o.sub_total IS NOT NULL AND l.unpriced_count = 0
    UNION ALL
    SELECT
        o.shop_id, 'order_to_transactions', o.order_id, o.currency, o.net_amount, t.amount,
        CASE
            WHEN t.transaction_count = 0 AND o.delivered_at
                + s.settle_within_days * interval '1 day' < now() THEN 'overdue'
            WHEN t.transaction_count = 0 THEN 'not_yet'
            WHEN abs(o.net_amount - t.amount) <= s.rounding_unit THEN 'agrees'
            WHEN t.has_refund AND t.amount < o.net_amount THEN 'refunded'
            ELSE 'differs'
        END,
        o.created_at, o.created_date
    FROM tiktok_mart.fct_orders AS o
    JOIN tiktok_mart.dim_shops AS s ON s.shop_id = o.shop_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS transaction_count, coalesce(sum(a.revenue_amount), 0) AS amount,
            coalesce(bool_or(a.revenue_amount < 0), false) OR EXISTS (
                SELECT FROM tiktok_mart.fct_returns AS r
                WHERE r.shop_id = o.shop_id AND r.order_id = o.order_id AND r.is_refunded
            ) OR EXISTS (
                SELECT FROM tiktok_mart.fct_cancellations AS r
                WHERE r.shop_id = o.shop_id AND r.order_id = o.order_id AND r.is_refunded
            ) AS has_refund
        FROM tiktok.statement_transactions AS a
        WHERE a.shop_id = o.shop_id AND a.order_id = o.order_id AND a.type = 'ORDER'
    ) AS t
    WHERE o.is_sale AND o.net_amount IS NOT NULL
    UNION ALL
    SELECT
        t.shop_id, 'components_to_transaction', t.transaction_id, t.currency,
        coalesce(t.revenue_amount, 0) + coalesce(t.shipping_cost_amount, 0)
            + coalesce(t.fee_tax_amount, 0),
        c.amount,
        CASE
            WHEN abs(coalesce(t.revenue_amount, 0) + coalesce(t.shipping_cost_amount, 0)
                + coalesce(t.fee_tax_amount, 0) - c.amount) <= s.rounding_unit
                THEN 'agrees'
            WHEN c.component_count = 0 THEN 'incomplete'
            ELSE 'differs'
        END,
        m.statement_at, (m.statement_at AT TIME ZONE s.time_zone)::date
    FROM tiktok.statements AS m
    JOIN tiktok_mart.dim_shops AS s ON s.shop_id = m.shop_id
    JOIN tiktok.statement_transactions AS t
        ON t.shop_id = m.shop_id AND t.statement_id = m.statement_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS component_count, coalesce(sum(a.amount), 0) AS amount
        FROM tiktok.transaction_components AS a
        WHERE a.shop_id = t.shop_id AND a.transaction_id = t.transaction_id
            AND a.is_summed
    ) AS c
    UNION ALL
    SELECT
        p.shop_id, 'transactions_to_statement', p.statement_id, p.currency,
        p.statement_amount, p.transactions_amount,
        CASE
            WHEN p.residual_class <> 'not_read' THEN p.residual_class
            WHEN p.statement_at < now() - interval '5 days' THEN 'overdue'
            ELSE 'not_yet'
        END,
        p.statement_at, (p.statement_at AT TIME ZONE s.time_zone)::date
    FROM tiktok_mart.rec_payouts AS p
    JOIN tiktok_mart.dim_shops AS s ON s.shop_id = p.shop_id
    UNION ALL
    SELECT
        p.shop_id, 'statements_to_payment', p.payment_id, p.settlement_currency,
        p.settlement_amount, m.amount,
        CASE
            WHEN abs(p.settlement_amount - m.amount) <= s.rounding_unit THEN 'agrees'
            WHEN m.statement_count = 0 AND p.created_at > now() - interval '5 days'
                THEN 'not_yet'
            WHEN m.statement_count = 0 THEN 'overdue'
            ELSE 'differs'
        END,
        p.created_at, (p.created_at AT TIME ZONE s.time_zone)::date
    FROM tiktok.payments AS p
    JOIN tiktok_mart.dim_shops AS s ON s.shop_id = p.shop_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS statement_count, coalesce(sum(a.settlement_amount), 0) AS amount
        FROM tiktok.statements AS a
        WHERE a.shop_id = p.shop_id AND a.payment_id = p.payment_id
    ) AS m
) AS m;
