-- One row per statement: do its transactions make it up, and has it been paid out?
-- Grain: shop_id, statement_id.
-- Date basis: covered_date is the UTC day the statement covers: TikTok makes it at 00:00 UTC
--   after it, shows it hours or days later and pays it days after that. Columns in _at are
--   UTC.
-- Rules: amounts that differ by no more than a rounding unit agree. What is not there yet is
--   a state, not a loss: look at the age. TikTok tells no payments of shops in South-East
--   Asia: there payment_status of the statement is all there is.
--
-- Columns:
-- shop_id text: The shop.
-- statement_id text: TikTok's id of the statement.
-- statement_at timestamptz: When it was made (UTC).
-- covered_date date: The day (UTC) that it covers.
-- currency text: ISO 4217 code of the statement's amounts.
-- statement_amount numeric: What the statement says that the day brought.
-- transaction_count bigint: Its transactions in the tables.
-- told_transaction_count integer: Transactions that TikTok counted in it; null: not read.
-- transactions_amount numeric: What these transactions brought.
-- residual_amount numeric: statement_amount less transactions_amount.
-- residual_class text: agrees; not_read: no transaction is there; incomplete: fewer are
--   there than TikTok counted; differs: all are there, and the sum is another.
-- reserve_amount numeric: What TikTok holds back (negative) or gives back with it.
-- payable_amount numeric: What is to be paid: statement_amount + reserve_amount.
-- payment_status text: PROCESSING, PAID or FAILED, as the statement says.
-- payment_id text: The payout that contains it: tiktok.payments.
-- paid_at timestamptz: When the money was sent (UTC).
-- payment_amount numeric: Amount of that payout, for all of its statements, in
--   payment_currency.
-- payment_currency text: ISO 4217 code of payment_amount: may be exchanged.
-- payment_statement_count bigint: Statements in that payout.
-- payment_residual_amount numeric: The payout's settlement less that of its statements.
-- payout_class text: paid; processing; failed; waiting: not paid, in time still; overdue:
--   not paid for longer than dim_shops.pay_within_days; payment_missing: paid, but the
--   payout is not in the tables, though the market's are told; payment_differs: the payout
--   is not the sum of its statements.
-- age_days integer: Whole days from the statement to its payout, or until now.
-- is_open boolean: Something is left to look at: a residual, or money that is late, failed
--   or missing.

SELECT
    m.shop_id,
    m.statement_id,
    m.statement_at,
    ((m.statement_at - interval '1 day') AT TIME ZONE 'UTC')::date AS covered_date,
    m.currency,
    m.settlement_amount AS statement_amount,
    t.transaction_count,
    h.transaction_count AS told_transaction_count,
    t.amount AS transactions_amount,
    m.settlement_amount - t.amount AS residual_amount,
    c.residual_class,
    h.reserve_amount,
    m.settlement_amount + coalesce(h.reserve_amount, 0) AS payable_amount,
    m.payment_status,
    x.payment_id,
    coalesce(m.paid_at, p.paid_at) AS paid_at,
    p.amount AS payment_amount,
    p.currency AS payment_currency,
    g.statement_count AS payment_statement_count,
    p.settlement_amount - g.amount AS payment_residual_amount,
    c.payout_class,
    floor(extract(epoch FROM coalesce(m.paid_at, p.paid_at, now()) - m.statement_at)
        / 86400)::integer AS age_days,
    c.residual_class <> 'agrees'
        OR c.payout_class NOT IN ('paid', 'processing', 'waiting') AS is_open
FROM tiktok.statements AS m
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = m.shop_id
LEFT JOIN tiktok.statement_totals AS h
    ON h.shop_id = m.shop_id AND h.statement_id = m.statement_id
CROSS JOIN LATERAL (
    SELECT count(*) AS transaction_count, coalesce(sum(a.settlement_amount), 0) AS amount
    FROM tiktok.statement_transactions AS a
    WHERE a.shop_id = m.shop_id AND a.statement_id = m.statement_id
) AS t
CROSS JOIN LATERAL (SELECT nullif(nullif(m.payment_id, ''), '0') AS payment_id) AS x
LEFT JOIN tiktok.payments AS p ON p.shop_id = m.shop_id AND p.payment_id = x.payment_id
LEFT JOIN LATERAL (
    SELECT count(*) AS statement_count, sum(a.settlement_amount) AS amount
    FROM tiktok.statements AS a
    WHERE a.shop_id = m.shop_id AND a.payment_id = x.payment_id
) AS g ON true
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN abs(m.settlement_amount - t.amount) <= s.rounding_unit THEN 'agrees'
            WHEN t.transaction_count = 0 THEN 'not_read'
            WHEN t.transaction_count < h.transaction_count THEN 'incomplete'
            ELSE 'differs'
        END AS residual_class,
        CASE
            WHEN m.payment_status = 'FAILED' OR p.status = 'FAILED' THEN 'failed'
            WHEN abs(p.settlement_amount - g.amount) > s.rounding_unit
                AND p.settlement_currency = m.currency THEN 'payment_differs'
            WHEN m.payment_status = 'PAID' AND p.payment_id IS NULL AND s.has_payments
                THEN 'payment_missing'
            WHEN m.payment_status = 'PAID' THEN 'paid'
            WHEN m.statement_at + s.pay_within_days * interval '1 day' < now()
                THEN 'overdue'
            WHEN p.payment_id IS NOT NULL THEN 'processing'
            ELSE 'waiting'
        END AS payout_class
) AS c;
