-- One row per shop that a seller let us read, with the facts of its market.
-- Grain: shop_id.
-- Date basis: none; the shops as they are now.
-- Rules: a market that tiktok_mart.regions does not know counts its days in UTC and
--   has the usual thresholds; is_region_known tells.
--
-- Columns:
-- shop_id text: The shop, as TikTok's Get Authorized Shops names it.
-- name text: The shop's name.
-- region text: Market, ISO 3166-1 alpha-2.
-- region_name text: The market's name in English.
-- is_region_known boolean: Whether tiktok_mart.regions has the market.
-- seller_type text: LOCAL or CROSS_BORDER.
-- currency text: ISO 4217 code of the market's prices; amounts of orders name their own.
-- decimals integer: Decimal places of the market's amounts.
-- rounding_unit numeric: A unit of the last decimal place, e.g. 0.01: what sums may differ
--   by, in the shop's currency.
-- time_zone text: IANA time zone of the shop's local days, as in Seller Center.
-- has_tax_in_prices boolean: Whether prices include the tax; else it is added.
-- has_payments boolean: Whether TikTok's API tells payments of the market.
-- ready_within_hours integer: Hours from payment until a parcel must be ready to ship,
--   where its order names no deadline; the next two likewise.
-- hand_over_within_hours integer: Hours from payment until the carrier must have it.
-- deliver_within_hours integer: Hours from payment until it must be delivered.
-- settle_within_days integer: Days from delivery after which a statement is overdue.
-- pay_within_days integer: Days from a statement after which its payment is overdue.
-- low_cover_days integer: Days that stock should last; below it stock is low.
-- is_enabled boolean: Whether the shop is synced.
-- connected_at timestamptz: When the seller's consent last named the shop (UTC).
-- first_order_at timestamptz: When the oldest order known was placed (UTC).
-- last_order_at timestamptz: When the newest order known was placed (UTC).

SELECT
    s.shop_id,
    s.name,
    s.region,
    r.name AS region_name,
    r.region IS NOT NULL AS is_region_known,
    s.seller_type,
    r.currency,
    coalesce(r.decimals, 2) AS decimals,
    round(power(10::numeric, -coalesce(r.decimals, 2)), 4) AS rounding_unit,
    coalesce(r.time_zone, 'UTC') AS time_zone,
    coalesce(r.has_tax_in_prices, true) AS has_tax_in_prices,
    coalesce(r.has_payments, true) AS has_payments,
    coalesce(r.ready_within_hours, 48) AS ready_within_hours,
    coalesce(r.hand_over_within_hours, 72) AS hand_over_within_hours,
    coalesce(r.deliver_within_hours, 168) AS deliver_within_hours,
    coalesce(r.settle_within_days, 21) AS settle_within_days,
    coalesce(r.pay_within_days, 14) AS pay_within_days,
    coalesce(r.low_cover_days, 14) AS low_cover_days,
    s.is_enabled,
    s.connected_at,
    (SELECT min(o.created_at) FROM tiktok.orders AS o
     WHERE o.shop_id = s.shop_id) AS first_order_at,
    (SELECT max(o.created_at) FROM tiktok.orders AS o
     WHERE o.shop_id = s.shop_id) AS last_order_at
FROM tiktok_ops.shops AS s
LEFT JOIN tiktok_mart.regions AS r ON r.region = s.region;
