-- One row per order, in its newest known state, with what analysts count by.
-- Grain: shop_id, order_id.
-- Date basis: created_date, paid_date, cancelled_date and delivered_date are days in the
--   shop's time zone (dim_shops.time_zone); columns that end in _at are UTC. Spans of
--   created_date, paid_date, cancelled_date and created_at are read by index.
-- Rules: every order is here, unpaid, cancelled, free and repeated ones too: sum with
--   is_sale, or amounts of goods nobody bought are counted. One currency an order, never
--   add different ones. TikTok keeps the full amounts of cancelled orders; refunds are in
--   fct_returns and fct_cancellations.
--
-- Columns:
-- shop_id text: The shop.
-- order_id text: TikTok's id of the order.
-- status text: Newest known status: UNPAID, ON_HOLD (paid, the buyer may still cancel
--   freely), AWAITING_SHIPMENT (the seller must act), PARTIALLY_SHIPPING,
--   AWAITING_COLLECTION (ready for the carrier), IN_TRANSIT, DELIVERED, COMPLETED (the time
--   for returns is over) or CANCELLED.
-- is_sale boolean: Counts as a sale: not UNPAID, not CANCELLED, no sample, and no goods
--   sent again (replacement, exchange). Cash on delivery counts before it is paid.
-- is_paid_for boolean: Was paid at some time, and is no sample and no goods sent again:
--   counts in Seller Center's GMV, cancelled and refunded later or not.
-- is_cancelled boolean: The whole order is CANCELLED.
-- is_cod boolean: Cash on delivery: paid when delivered.
-- is_sample_order boolean: A sample for a creator.
-- is_repeated boolean: A replacement or an exchange: goods sent again, no sale.
-- order_type text: NORMAL, ZERO_LOTTERY (a prize, amounts may be 0), PRE_ORDER,
--   MADE_TO_ORDER, BACK_ORDER or VIRTUAL_ORDER; may be empty.
-- commerce_platform text: TIKTOK_SHOP or TOKOPEDIA.
-- fulfillment_type text: Whose warehouse sends it: FULFILLMENT_BY_SELLER,
--   FULFILLMENT_BY_TIKTOK or FULFILLMENT_BY_DILAYANI_TOKOPEDIA.
-- shipping_type text: Who arranges the carrier: TIKTOK or SELLER; TIKTOK_DIGITAL and
--   IN-STORE PICKUP: nobody.
-- warehouse_id text: The warehouse that ships it: tiktok.warehouses.
-- buyer_id text: TikTok's id of the buyer: a number, no personal data.
-- created_at timestamptz: When the order was placed (UTC).
-- created_date date: Day it was placed, shop's time zone.
-- paid_at timestamptz: When it was paid (UTC); cash on delivery: when delivered.
-- paid_date date: Day it was paid, shop's time zone.
-- shipped_at timestamptz: When the seller had it ready to ship (UTC).
-- collected_at timestamptz: When the carrier took it (UTC).
-- delivered_at timestamptz: When it was delivered (UTC).
-- delivered_date date: Day it was delivered, shop's time zone.
-- cancelled_at timestamptz: When it was cancelled (UTC).
-- cancelled_date date: Day it was cancelled, shop's time zone.
-- cancellation_initiator text: SELLER, BUYER or SYSTEM.
-- cancel_reason text: Why it was cancelled, in words.
-- currency text: ISO 4217 code of every amount of the row.
-- gross_amount numeric: Goods before every discount.
-- seller_discount numeric: Discount on goods that the seller bears.
-- platform_discount numeric: Discount on goods that TikTok bears, and pays the seller.
-- net_amount numeric: Goods after the seller's discounts: the seller's revenue, what
--   TikTok's finance calls net sales before refunds.
-- sub_total numeric: Goods after all discounts, what the buyer pays for them.
-- shipping_fee numeric: Shipping paid by the buyer, after discounts.
-- tax numeric: Tax as TikTok states it; inside the prices where dim_shops says so.
-- total_amount numeric: What the buyer pays.

SELECT
    o.shop_id,
    o.order_id,
    o.status,
    o.status NOT IN ('UNPAID', 'CANCELLED')
        AND o.is_sample_order IS NOT TRUE
        AND o.is_replacement_order IS NOT TRUE
        AND NOT o.extra @> '{"is_exchange_order": true}' AS is_sale,
    o.paid_at IS NOT NULL
        AND o.is_sample_order IS NOT TRUE
        AND o.is_replacement_order IS NOT TRUE
        AND NOT o.extra @> '{"is_exchange_order": true}' AS is_paid_for,
    o.status = 'CANCELLED' AS is_cancelled,
    o.is_cod,
    o.is_sample_order,
    o.is_replacement_order IS TRUE
        OR o.extra @> '{"is_exchange_order": true}' AS is_repeated,
    o.order_type,
    o.commerce_platform,
    o.fulfillment_type,
    o.shipping_type,
    o.warehouse_id,
    o.buyer_id,
    o.created_at,
    d.day AS created_date,
    o.paid_at,
    p.day AS paid_date,
    o.shipped_at,
    o.collected_at,
    o.delivered_at,
    (o.delivered_at AT TIME ZONE s.time_zone)::date AS delivered_date,
    o.cancelled_at,
    c.day AS cancelled_date,
    o.cancellation_initiator,
    o.cancel_reason,
    o.currency,
    o.original_total_product_price AS gross_amount,
    o.seller_discount,
    o.platform_discount,
    o.sub_total + coalesce(o.platform_discount, 0) AS net_amount,
    o.sub_total,
    o.shipping_fee,
    o.tax,
    o.total_amount
FROM tiktok.orders AS o
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = o.shop_id
-- The first condition says it all. The wider ones after it tell the planner how few
-- orders a day has, so that it reads a span of days by index.
LEFT JOIN tiktok_mart.dates AS d
    ON d.day = (o.created_at AT TIME ZONE s.time_zone)::date
    AND o.created_at >= d.day::timestamp AT TIME ZONE s.time_zone
    AND o.created_at < (d.day + 1)::timestamp AT TIME ZONE s.time_zone
    AND o.created_at BETWEEN d.starts_at AND d.ends_at
    AND o.created_at BETWEEN d.starts_at - interval '1 day'
        AND d.ends_at + interval '1 day'
LEFT JOIN tiktok_mart.dates AS p
    ON p.day = (o.paid_at AT TIME ZONE s.time_zone)::date
    AND o.paid_at >= p.day::timestamp AT TIME ZONE s.time_zone
    AND o.paid_at < (p.day + 1)::timestamp AT TIME ZONE s.time_zone
    AND o.paid_at BETWEEN p.starts_at AND p.ends_at
    AND o.paid_at BETWEEN p.starts_at - interval '1 day'
        AND p.ends_at + interval '1 day'
LEFT JOIN tiktok_mart.dates AS c
    ON c.day = (o.cancelled_at AT TIME ZONE s.time_zone)::date
    AND o.cancelled_at >= c.day::timestamp AT TIME ZONE s.time_zone
    AND o.cancelled_at < (c.day + 1)::timestamp AT TIME ZONE s.time_zone
    AND o.cancelled_at BETWEEN c.starts_at AND c.ends_at
    AND o.cancelled_at BETWEEN c.starts_at - interval '1 day'
        AND c.ends_at + interval '1 day';
