-- One row per product, deleted ones too, in its newest known state.
-- Grain: shop_id, product_id.
-- Date basis: none; as of the newest sync. Earlier titles and statuses:
--   tiktok.product_history.
-- Rules: is_on_sale is what buyers can find now; stock is of the newest snapshot, over all
--   SKUs and warehouses, and null before the first one.
--
-- Columns:
-- shop_id text: The shop.
-- product_id text: TikTok's id of the product: the one that order lines name.
-- title text: Title as buyers see it.
-- status text: DRAFT, PENDING, FAILED, ACTIVATE (on sale), SELLER_DEACTIVATED, …, DELETED.
-- is_on_sale boolean: ACTIVATE and not deleted.
-- audit_status text: TikTok's review: NONE, AUDITING, FAILED, PRE_APPROVED, APPROVED.
-- category_id text: The leaf category: tiktok.categories.
-- category_name text: Its name in the shop's market.
-- brand_name text: The brand's name.
-- main_image_url text: Address of the first picture; it may expire.
-- created_at timestamptz: When the product was created (UTC).
-- updated_at timestamptz: TikTok's update time (UTC).
-- deleted_at timestamptz: When it was deleted or no longer listed (UTC); null: it is there.
-- deleted_reason text: Why deleted_at is set.
-- sku_count bigint: SKUs that it has now.
-- currency text: ISO 4217 code of the prices.
-- lowest_price numeric: Lowest price of its SKUs, before promotions.
-- highest_price numeric: Highest price of its SKUs, before promotions.
-- available bigint: Units that buyers can order, all SKUs and warehouses.
-- committed bigint: Units reserved for orders that have not left yet.
-- stock_at timestamptz: The snapshot that the stock is of (UTC).

SELECT
    p.shop_id,
    p.product_id,
    p.title,
    p.status,
    coalesce(p.status = 'ACTIVATE', false) AND p.deleted_at IS NULL AS is_on_sale,
    p.audit_status,
    p.category_id,
    p.category_name,
    p.brand_name,
    p.main_image_url,
    p.created_at,
    p.updated_at,
    p.deleted_at,
    p.deleted_reason,
    coalesce(k.sku_count, 0) AS sku_count,
    k.currency,
    k.lowest_price,
    k.highest_price,
    i.available,
    i.committed,
    i.stock_at
FROM tiktok.products AS p
LEFT JOIN (
    SELECT shop_id, product_id, count(*) AS sku_count, min(currency) AS currency,
        min(price) AS lowest_price, max(price) AS highest_price
    FROM tiktok.skus
    WHERE deleted_at IS NULL
    GROUP BY shop_id, product_id
) AS k ON k.shop_id = p.shop_id AND k.product_id = p.product_id
LEFT JOIN (
    SELECT shop_id, product_id, sum(available) AS available, sum(committed) AS committed,
        max(snapshot_at) AS stock_at
    FROM tiktok.inventory_levels
    GROUP BY shop_id, product_id
) AS i ON i.shop_id = p.shop_id AND i.product_id = p.product_id;
