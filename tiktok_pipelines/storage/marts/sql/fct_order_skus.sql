-- One row per order, SKU and gift or not: how many units of it the order holds.
-- Grain: shop_id, order_id, sku_id, is_gift.
-- Date basis: created_date and paid_date of the order, in the shop's time zone; created_at
--   is UTC and indexed.
-- Rules: TikTok gives one line a unit, so units are a count of lines; amounts are their
--   sums, whatever the price of each. Sum with is_sale and kept_units: units may be
--   cancelled within an order that is kept. Gifts stand apart, they cost the buyer
--   nothing. Comparable with Seller Center's order export, one row per order and SKU.
--
-- Columns:
-- shop_id text: The shop.
-- order_id text: TikTok's id of the order.
-- sku_id text: TikTok's id of the SKU; null where TikTok named none.
-- is_gift boolean: The units are gifts.
-- product_id text: TikTok's id of the product.
-- seller_sku text: The seller's own code when the order was placed.
-- product_name text: As shown to the buyer when the order was placed.
-- sku_name text: Variant, as shown to the buyer.
-- order_status text: Newest known status of the order.
-- is_sale boolean: The order counts as a sale: see fct_orders.
-- created_at timestamptz: When the order was placed (UTC).
-- created_date date: Day it was placed, shop's time zone.
-- paid_date date: Day it was paid, shop's time zone.
-- currency text: ISO 4217 code of every amount of the row.
-- units bigint: Pieces ordered: lines of the order with this SKU.
-- kept_units bigint: Pieces of those that are not cancelled.
-- gross_amount numeric: Before every discount, all units.
-- seller_discount numeric: Discount that the seller bears, all units.
-- platform_discount numeric: Discount that TikTok bears, all units.
-- net_amount numeric: After the seller's discount: the seller's revenue, all units.
-- kept_gross_amount numeric: Before every discount, units not cancelled.
-- kept_net_amount numeric: After the seller's discount, units not cancelled.
-- sub_total numeric: What the buyer pays for the goods, all units.

SELECT
    o.shop_id,
    o.order_id,
    l.sku_id,
    l.is_gift IS TRUE AS is_gift,
    min(l.product_id) AS product_id,
    min(l.seller_sku) AS seller_sku,
    min(l.product_name) AS product_name,
    min(l.sku_name) AS sku_name,
    o.status AS order_status,
    o.is_sale,
    o.created_at,
    o.created_date,
    o.paid_date,
    min(l.currency) AS currency,
    count(*) AS units,
    count(*) FILTER (WHERE l.status IS DISTINCT FROM 'CANCELLED') AS kept_units,
    sum(l.original_price) AS gross_amount,
    sum(l.seller_discount) AS seller_discount,
    sum(l.platform_discount) AS platform_discount,
    sum(l.original_price - coalesce(l.seller_discount, 0)) AS net_amount,
    coalesce(sum(l.original_price)
        FILTER (WHERE l.status IS DISTINCT FROM 'CANCELLED'), 0) AS kept_gross_amount,
    coalesce(sum(l.original_price - coalesce(l.seller_discount, 0))
        FILTER (WHERE l.status IS DISTINCT FROM 'CANCELLED'), 0) AS kept_net_amount,
    sum(l.sale_price) AS sub_total
FROM tiktok_mart.fct_orders AS o
JOIN tiktok.order_lines AS l ON l.shop_id = o.shop_id AND l.order_id = o.order_id
GROUP BY o.shop_id, o.order_id, l.sku_id, l.is_gift IS TRUE, o.status, o.is_sale,
    o.created_at, o.created_date, o.paid_date;
