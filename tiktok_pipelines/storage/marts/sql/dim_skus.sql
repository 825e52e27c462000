-- One row per SKU, removed ones too, with its present price and stock.
-- Grain: shop_id, sku_id.
-- Date basis: none; as of the newest sync. Earlier prices: tiktok.sku_price_history.
-- Rules: is_on_sale is what buyers can order now if there is stock; stock is of the newest
--   snapshot, over all warehouses, and null before the first one. A seller_sku may be empty
--   and may repeat: join by sku_id.
--
-- Columns:
-- shop_id text: The shop.
-- sku_id text: TikTok's id of the SKU: the one that order lines name.
-- product_id text: TikTok's id of the product: dim_products.
-- seller_sku text: The seller's own code.
-- product_title text: Title of the product.
-- sku_name text: The variant in words, e.g. Red, XL; null if the product has one only.
-- product_status text: Status of the product: ACTIVATE is on sale.
-- status text: NORMAL or DEACTIVATED; not said: the product's status counts.
-- is_on_sale boolean: Its product is ACTIVATE, it is not DEACTIVATED, and neither deleted.
-- category_name text: Leaf category of the product.
-- brand_name text: The product's brand.
-- currency text: ISO 4217 code of the price.
-- price numeric: The price that buyers see, before promotions.
-- identifier_code text: The GTIN, EAN, UPC, ISBN or JAN.
-- deleted_at timestamptz: When it, or its product, was deleted (UTC); null: it is there.
-- available bigint: Units that buyers can order, all warehouses.
-- committed bigint: Units reserved for orders that have not left yet.
-- warehouse_count bigint: Warehouses that hold or may hold it.
-- stock_at timestamptz: The snapshot that the stock is of (UTC).

SELECT
    k.shop_id,
    k.sku_id,
    k.product_id,
    k.seller_sku,
    p.title AS product_title,
    k.sku_name,
    p.status AS product_status,
    k.status,
    coalesce(p.status = 'ACTIVATE', false) AND p.deleted_at IS NULL
        AND k.status IS DISTINCT FROM 'DEACTIVATED' AND k.deleted_at IS NULL AS is_on_sale,
    p.category_name,
    p.brand_name,
    k.currency,
    k.price,
    k.identifier_code,
    coalesce(k.deleted_at, p.deleted_at) AS deleted_at,
    i.available,
    i.committed,
    i.warehouse_count,
    i.stock_at
FROM tiktok.skus AS k
LEFT JOIN tiktok.products AS p ON p.shop_id = k.shop_id AND p.product_id = k.product_id
LEFT JOIN (
    SELECT shop_id, sku_id, sum(available) AS available, sum(committed) AS committed,
        count(*) AS warehouse_count, max(snapshot_at) AS stock_at
    FROM tiktok.inventory_levels
    GROUP BY shop_id, sku_id
) AS i ON i.shop_id = k.shop_id AND i.sku_id = k.sku_id;
