-- One row per request to return goods, or to refund or replace them.
-- Grain: shop_id, return_id.
-- Date basis: created_date is the day it was asked for, refunded_date the day the money
--   went back, both in the shop's time zone; columns in _at are UTC.
-- Rules: money is back only with the statuses RETURN_OR_REFUND_REQUEST_COMPLETE and
--   …_REFUND_SUCCESS: sum refunded_amount, refund_total is what was asked for. A request
--   that was refused and edited continues in another (next_return_id): leave those with
--   is_superseded out when counting requests. TikTok's order file misses about a fifth of
--   refunds: this is the place to take them from.
--
-- Columns:
-- shop_id text: The shop.
-- return_id text: TikTok's id of the request.
-- order_id text: The order.
-- status text: As TikTok tells it: RETURN_OR_REFUND_REQUEST_PENDING, …
-- state text: open: waits for somebody; refunded: money is back; sent_again: replaced or
--   exchanged without money; refused; withdrawn.
-- type text: REFUND: money alone; RETURN_AND_REFUND: goods come back; REPLACEMENT,
--   EXCHANGE: goods are sent again.
-- initiator text: BUYER, SELLER, OPERATOR or SYSTEM.
-- reason text: TikTok's code of the reason.
-- reason_text text: The reason in words, English.
-- arbitration_status text: TikTok as judge: IN_PROGRESS, SUPPORT_BUYER, …
-- created_at timestamptz: When it was asked for (UTC).
-- created_date date: Day it was asked for, shop's time zone.
-- updated_at timestamptz: TikTok's last change of it (UTC).
-- is_refunded boolean: Money went back to the buyer.
-- refunded_at timestamptz: When that was (UTC): TikTok's last change of it.
-- refunded_date date: Day of it, shop's time zone.
-- is_superseded boolean: The request goes on under another id.
-- currency text: ISO 4217 code of the amounts.
-- refund_total numeric: What is or was to go back, whatever became of it.
-- refunded_amount numeric: What went back to the buyer; 0 if nothing did.
-- seller_paid_return_shipping_fee numeric: The way back, paid by the seller.
-- units bigint: Pieces it is about.
-- hours_to_close numeric: From the request to its end; null while it is open.
-- days_after_delivery numeric: From the order's delivery to the request.

SELECT
    r.shop_id,
    r.return_id,
    r.order_id,
    r.status,
    x.state,
    r.type,
    r.initiator,
    r.reason,
    r.reason_text,
    r.arbitration_status,
    r.created_at,
    (r.created_at AT TIME ZONE s.time_zone)::date AS created_date,
    r.updated_at,
    x.state = 'refunded' AS is_refunded,
    CASE WHEN x.state = 'refunded' THEN r.updated_at END AS refunded_at,
    d.day AS refunded_date,
    coalesce(r.next_return_id, '') NOT IN ('', '0') AS is_superseded,
    coalesce(r.currency, o.currency) AS currency,
    r.refund_total,
    CASE WHEN x.state = 'refunded' THEN coalesce(r.refund_total, 0) ELSE 0 END
        AS refunded_amount,
    r.seller_paid_return_shipping_fee,
    (SELECT count(*) FROM tiktok.return_lines AS l
     WHERE l.shop_id = r.shop_id AND l.return_id = r.return_id) AS units,
    CASE WHEN x.state <> 'open'
        THEN round(extract(epoch FROM r.updated_at - r.created_at) / 3600, 2)
    END AS hours_to_close,
    round(extract(epoch FROM r.created_at - o.delivered_at) / 86400, 2)
        AS days_after_delivery
FROM tiktok.returns AS r
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = r.shop_id
LEFT JOIN tiktok.orders AS o ON o.shop_id = r.shop_id AND o.order_id = r.order_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN r.status = 'RETURN_OR_REFUND_REQUEST_COMPLETE'
            OR r.status LIKE '%\_REFUND\_SUCCESS' THEN 'refunded'
        WHEN r.status IN ('REPLACEMENT_REQUEST_COMPLETE', 'EXCHANGE_REQUEST_COMPLETE')
            THEN 'sent_again'
        WHEN r.status LIKE '%\_REJECT' OR r.status = 'REJECT_RECEIVE_PACKAGE'
            THEN 'refused'
        WHEN r.status LIKE '%\_CANCEL' THEN 'withdrawn'
        ELSE 'open'
    END AS state
) AS x
-- See fct_orders: the wider bounds let a span of days be read by index.
LEFT JOIN tiktok_mart.dates AS d
    ON d.day = (r.updated_at AT TIME ZONE s.time_zone)::date
    AND r.updated_at >= d.day::timestamp AT TIME ZONE s.time_zone
    AND r.updated_at < (d.day + 1)::timestamp AT TIME ZONE s.time_zone
    AND r.updated_at BETWEEN d.starts_at AND d.ends_at
    AND r.updated_at BETWEEN d.starts_at - interval '1 day'
        AND d.ends_at + interval '1 day'
    AND x.state = 'refunded';
