-- One row per order to be shipped and package of it: how fast it went, and what was due.
-- Grain: shop_id, order_id, package_number.
-- Date basis: created_date is the day the order was placed and due_date the day the clock
--   began to run, in the shop's time zone; columns in _at are UTC. Spans of created_date and
--   created_at are read by index.
-- Rules: orders that are paid or cash on delivery and were not cancelled before they were
--   ready. The clock runs from payment, for cash on delivery from creation. TikTok tells
--   the moments of an order, not of a package: packages of one order share them, so count
--   orders where package_number is 1; that row stands also for an order that has no
--   package yet. Deadlines are the order's own where it names them, else those of
--   dim_shops. A step is in_time, late, open (to be done, in time still), overdue (to be
--   done, too late), or null: the order was cancelled before.
--
-- Columns:
-- shop_id text: The shop.
-- order_id text: TikTok's id of the order.
-- package_number bigint: Place among the order's packages, from 1.
-- package_id text: TikTok's id of the package; null: none yet.
-- package_count bigint: Packages of the order; several: it was split.
-- package_order_count bigint: Orders in the package; several: it was combined.
-- package_status text: TO_FULFILL, PROCESSING, FULFILLING, COMPLETED or CANCELLED.
-- shipping_provider text: The carrier.
-- tracking_number text: The carrier's number.
-- order_status text: Newest known status of the order.
-- stage text: How far the order is: to_prepare, ready, handed_over, delivered, cancelled.
-- shipping_type text: Who arranges the carrier: TIKTOK or SELLER; TIKTOK_DIGITAL and
--   IN-STORE PICKUP: nobody.
-- fulfillment_type text: Whose warehouse sends it: FULFILLMENT_BY_SELLER,
--   FULFILLMENT_BY_TIKTOK or FULFILLMENT_BY_DILAYANI_TOKOPEDIA.
-- warehouse_id text: The warehouse that ships it.
-- is_cod boolean: Cash on delivery.
-- created_at timestamptz: When the order was placed (UTC).
-- created_date date: Day it was placed, shop's time zone.
-- due_from_at timestamptz: When the clock began to run (UTC): payment, or creation if cash
--   on delivery.
-- due_date date: Day of it, shop's time zone.
-- ready_at timestamptz: When the seller had it ready to ship (UTC).
-- handed_over_at timestamptz: When the carrier took it (UTC).
-- delivered_at timestamptz: When it was delivered (UTC).
-- ready_due_at timestamptz: Until when it has to be ready (rts_sla_time) (UTC).
-- hand_over_due_at timestamptz: Until when the carrier has to have it (tts_sla_time) (UTC).
-- delivery_due_at timestamptz: Until when it has to arrive (delivery_sla_time) (UTC).
-- auto_cancel_at timestamptz: When TikTok cancels it if it is not shipped
--   (cancel_order_sla_time) (UTC).
-- hours_to_ready numeric: From due_from_at to ready_at.
-- hours_to_hand_over numeric: From ready_at to handed_over_at.
-- hours_to_deliver numeric: From handed_over_at to delivered_at.
-- ready_state text: in_time, late, open, overdue.
-- hand_over_state text: in_time, late, open, overdue.
-- delivery_state text: in_time, late, open, overdue.

SELECT
    o.shop_id,
    o.order_id,
    coalesce(p.package_number, 1) AS package_number,
    p.package_id,
    coalesce(p.package_count, 0) AS package_count,
    coalesce(p.order_count, 0) AS package_order_count,
    p.status AS package_status,
    coalesce(p.shipping_provider, t.shipping_provider) AS shipping_provider,
    coalesce(p.tracking_number, t.tracking_number) AS tracking_number,
    o.status AS order_status,
    CASE
        WHEN o.is_cancelled THEN 'cancelled'
        WHEN o.delivered_at IS NOT NULL THEN 'delivered'
        WHEN o.collected_at IS NOT NULL THEN 'handed_over'
        WHEN o.shipped_at IS NOT NULL THEN 'ready'
        ELSE 'to_prepare'
    END AS stage,
    o.shipping_type,
    o.fulfillment_type,
    o.warehouse_id,
    o.is_cod,
    o.created_at,
    o.created_date,
    b.due_from_at,
    (b.due_from_at AT TIME ZONE s.time_zone)::date AS due_date,
    o.shipped_at AS ready_at,
    o.collected_at AS handed_over_at,
    o.delivered_at,
    u.ready_due_at,
    u.hand_over_due_at,
    u.delivery_due_at,
    u.auto_cancel_at,
    round(extract(epoch FROM o.shipped_at - b.due_from_at) / 3600, 2) AS hours_to_ready,
    round(extract(epoch FROM o.collected_at - o.shipped_at) / 3600, 2)
        AS hours_to_hand_over,
    round(extract(epoch FROM o.delivered_at - o.collected_at) / 3600, 2)
        AS hours_to_deliver,
    CASE
        WHEN o.shipped_at <= u.ready_due_at THEN 'in_time'
        WHEN o.shipped_at > u.ready_due_at THEN 'late'
        WHEN o.is_cancelled THEN NULL
        WHEN u.ready_due_at < now() THEN 'overdue'
        ELSE 'open'
    END AS ready_state,
    CASE
        WHEN o.collected_at <= u.hand_over_due_at THEN 'in_time'
        WHEN o.collected_at > u.hand_over_due_at THEN 'late'
        WHEN o.is_cancelled THEN NULL
        WHEN u.hand_over_due_at < now() THEN 'overdue'
        ELSE 'open'
    END AS hand_over_state,
    CASE
        WHEN o.delivered_at <= u.delivery_due_at THEN 'in_time'
        WHEN o.delivered_at > u.delivery_due_at THEN 'late'
        WHEN o.is_cancelled THEN NULL
        WHEN u.delivery_due_at < now() THEN 'overdue'
        ELSE 'open'
    END AS delivery_state
FROM tiktok_mart.fct_orders AS o
JOIN tiktok_mart.dim_shops AS s ON s.shop_id = o.shop_id
JOIN tiktok.orders AS t ON t.shop_id = o.shop_id AND t.order_id = o.order_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN o.is_cod THEN o.created_at ELSE o.paid_at END AS due_from_at
) AS b
-- TikTok's deadlines are seconds, now and then milliseconds; 0 stands for none.
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN x.rts_sla_time ~ '^[1-9]\d{8,12}$' THEN x.rts_sla_time::numeric END
            AS ready,
        CASE WHEN x.tts_sla_time ~ '^[1-9]\d{8,12}$' THEN x.tts_sla_time::numeric END
            AS hand_over,
        CASE WHEN x.delivery_sla_time ~ '^[1-9]\d{8,12}$'
            THEN x.delivery_sla_time::numeric END AS delivery,
        CASE WHEN x.cancel_order_sla_time ~ '^[1-9]\d{8,12}$'
            THEN x.cancel_order_sla_time::numeric END AS cancel
    FROM jsonb_to_record(t.extra) AS x (rts_sla_time text, tts_sla_time text,
        delivery_sla_time text, cancel_order_sla_time text)
) AS e
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            to_timestamp(e.ready / CASE WHEN e.ready >= 1e11 THEN 1000 ELSE 1 END),
            b.due_from_at + s.ready_within_hours * interval '1 hour'
        ) AS ready_due_at,
        coalesce(
            to_timestamp(
                e.hand_over / CASE WHEN e.hand_over >= 1e11 THEN 1000 ELSE 1 END),
            b.due_from_at + s.hand_over_within_hours * interval '1 hour'
        ) AS hand_over_due_at,
        coalesce(
            to_timestamp(e.delivery / CASE WHEN e.delivery >= 1e11 THEN 1000 ELSE 1 END),
            b.due_from_at + s.deliver_within_hours * interval '1 hour'
        ) AS delivery_due_at,
        to_timestamp(e.cancel / CASE WHEN e.cancel >= 1e11 THEN 1000 ELSE 1 END)
            AS auto_cancel_at
) AS u
LEFT JOIN LATERAL (
    SELECT
        g.package_id,
        g.status,
        g.shipping_provider,
        g.tracking_number,
        row_number() OVER (ORDER BY g.created_at, g.package_id) AS package_number,
        count(*) OVER () AS package_count,
        (SELECT count(*) FROM tiktok.package_orders AS z
         WHERE z.shop_id = g.shop_id AND z.package_id = g.package_id) AS order_count
    FROM tiktok.package_orders AS w
    JOIN tiktok.packages AS g ON g.shop_id = w.shop_id AND g.package_id = w.package_id
    WHERE w.shop_id = o.shop_id AND w.order_id = o.order_id
) AS p ON true
WHERE (o.paid_at IS NOT NULL OR o.is_cod) AND o.status NOT IN ('UNPAID', 'ON_HOLD')
    AND (NOT o.is_cancelled OR o.shipped_at IS NOT NULL);
