-- One row per order, SKU and gift or not: how many units of it the order holds.
-- Grain: shop_id, order_id, sku_id, is_gift.
-- Date basis: created_date and paid_date of the order, in the shop's time zone; created_at
--   is UTC. Spans of each are read by index.
-- Rules: TikTok gives one line a unit, so units are a count of lines; amounts are their
--   sums, whatever the price of each. Sum kept_units where is_sale: units may be cancelled
--   within an order that is kept. Gifts stand apart, they cost the buyer nothing.
--   Comparable with Seller Center's order export, one row per order and SKU.
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
    l.is_gift,
    l.product_id,
    l.seller_sku,
    l.product_name,
    l.sku_name,
    o.status AS order_status,
    o.is_sale,
    o.created_at,
    o.created_date,
    o.paid_date,
    o.currency,
    l.units,
    l.kept_units,
    l.gross_amount,
    l.seller_discount,
    l.platform_discount,
    l.gross_amount - l.seller_discount AS net_amount,
    l.kept_gross_amount,
    l.kept_gross_amount - l.kept_seller_discount AS kept_net_amount,
    l.sub_total
FROM tiktok_mart.fct_orders AS o
-- Counted order by order: the lines of an order are found by index, those of all are many.
CROSS JOIN LATERAL (
    SELECT
        a.sku_id,
        a.is_gift IS TRUE AS is_gift,
        min(a.product_id) AS product_id,
        min(a.seller_sku) AS seller_sku,
        min(a.product_name) AS product_name,
        min(a.sku_name) AS sku_name,
        count(*) AS units,
        count(*) FILTER (WHERE a.status IS DISTINCT FROM 'CANCELLED') AS kept_units,
        coalesce(sum(a.original_price), 0) AS gross_amount,
        coalesce(sum(a.seller_discount), 0) AS seller_discount,
        coalesce(sum(a.platform_discount), 0) AS platform_discount,
        coalesce(sum(a.original_price)
            FILTER (WHERE a.status IS DISTINCT FROM 'CANCELLED'), 0) AS kept_gross_amount,
        coalesce(sum(a.seller_discount)
            FILTER (WHERE a.status IS DISTINCT FROM 'CANCELLED'), 0)
            AS kept_seller_discount,
        coalesce(sum(a.sale_price), 0) AS sub_total
    FROM tiktok.order_lines AS a
    WHERE a.shop_id = o.shop_id AND a.order_id = o.order_id
    GROUP BY a.sku_id, a.is_gift IS TRUE
) AS l;
