-- One row per request to cancel an order, or some units of it.
-- Grain: shop_id, cancellation_id.
-- Date basis: created_date is the day it was asked for, refunded_date the day it was done
--   and the money went back, both in the shop's time zone; columns in _at are UTC.
-- Rules: an order may have several requests, each for some units. Money goes back for
--   orders that were paid, and only once the request is COMPLETE: sum refunded_amount.
--   Orders that nobody paid are cancelled without a request as well: see fct_orders.
--
-- Columns:
-- shop_id text: The shop.
-- cancellation_id text: TikTok's id of the request.
-- order_id text: The order.
-- status text: As TikTok tells it: CANCELLATION_REQUEST_PENDING, …
-- state text: open: waits for the seller; granted: money not back yet; done; withdrawn;
--   other: a status not known here.
-- type text: CANCEL: by seller or system; BUYER_CANCEL: by the buyer.
-- initiator text: BUYER, SELLER, SYSTEM or OPERATOR.
-- reason text: TikTok's code of the reason.
-- reason_text text: The reason in words, English.
-- created_at timestamptz: When it was asked for (UTC).
-- created_date date: Day it was asked for, shop's time zone.
-- updated_at timestamptz: The last change of its status (UTC).
-- is_refunded boolean: Done, and money went back.
-- refunded_at timestamptz: When that was (UTC): TikTok's last change of the status.
-- refunded_date date: Day of it, shop's time zone.
-- currency text: ISO 4217 code of the amounts.
-- refund_total numeric: What TikTok names as the refund, whatever became of it.
-- refunded_amount numeric: What went back to the buyer; 0 if nothing did.
-- units bigint: Pieces it is about.
-- order_paid_at timestamptz: When the order was paid (UTC); null: it was not.
-- order_status text: Newest known status of the order.

SELECT
    c.shop_id,
    c.cancellation_id,
    c.order_id,
    c.status,
    CASE
        WHEN c.status LIKE '%\_PENDING' THEN 'open'
        WHEN c.status LIKE '%\_SUCCESS' THEN 'granted'
        WHEN c.status LIKE '%\_COMPLETE' THEN 'done'
        WHEN c.status LIKE '%\_CANCEL' OR c.status LIKE '%\_CANCELLED' THEN 'withdrawn'
        ELSE 'other'
    END AS state,
    c.type,
    c.initiator,
    c.reason,
    c.reason_text,
    c.created_at,
    (c.created_at AT TIME ZONE s.time_zone)::date AS created_date,
    c.updated_at,
    r.is_refunded,
    CASE WHEN r.is_refunded THEN c.updated_at END AS refunded_at,
    d.day AS refunded_date,
    coalesce(c.currency, o.currency) AS currency,
    c.refund_total,
    CASE WHEN r.is_refunded THEN c.refund_total ELSE 0 END AS refunded_amount,
    (SELECT count(*) FROM tiktok.cancellation_lines AS l
     WHERE l.shop_id = c.shop_id AND l.cancellation_id = c.cancellation_id) AS units,
    o.paid_at AS order_paid_at,
    o.status AS order_status
FROM tiktok.cancellations AS c
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = c.shop_id
LEFT JOIN tiktok.orders AS o ON o.shop_id = c.shop_id AND o.order_id = c.order_id
CROSS JOIN LATERAL (
    SELECT coalesce(
        c.status LIKE '%\_COMPLETE' AND c.refund_total > 0
        AND (o.order_id IS NULL OR o.paid_at IS NOT NULL),
        false
    ) AS is_refunded
) AS r
-- See fct_orders: the wider bounds let a span of days be read by index.
LEFT JOIN tiktok_mart.dates AS d
    ON d.day = (c.updated_at AT TIME ZONE s.time_zone)::date
    AND c.updated_at >= d.day::timestamp AT TIME ZONE s.time_zone
    AND c.updated_at < (d.day + 1)::timestamp AT TIME ZONE s.time_zone
    AND c.updated_at BETWEEN d.starts_at AND d.ends_at
    AND c.updated_at BETWEEN d.starts_at - interval '1 day'
        AND d.ends_at + interval '1 day'
    AND r.is_refunded;
