-- The stock of each SKU at the end of each day, and how long it lasts.
-- Grain: shop_id, local_date, sku_id.
-- Date basis: local_date is a day in the shop's time zone; stock is that of the day's last
--   snapshot of the SKU in each warehouse: an hour need not have all of them. SKUs have no
--   row on days without a snapshot of theirs.
-- Rules: stock is summed over warehouses; available can be ordered, committed is reserved
--   and not in it. daily_units are sales (agg_sku_daily.units) of the 28 days up to and with
--   this one, by 28, whether the SKU was in stock or not: a SKU that was out of stock for
--   long seems to last longer than it will. cover_days is available by daily_units; null
--   where nothing was sold.
--
-- Columns:
-- shop_id text: The shop.
-- local_date date: Day in the shop's time zone.
-- sku_id text: TikTok's id of the SKU: dim_skus.
-- snapshot_at timestamptz: The newest snapshot (full hour, UTC) in the row.
-- available bigint: Units that buyers could order, all warehouses.
-- committed bigint: Units reserved for orders that had not left.
-- warehouse_count bigint: Warehouses with a snapshot on the day.
-- empty_warehouse_count bigint: Warehouses of these with nothing to order.
-- is_out_of_stock boolean: Nothing to order in any warehouse.
-- sold_units bigint: Pieces sold in the 28 days up to and with this one.
-- daily_units numeric: Pieces sold a day: sold_units / 28.
-- cover_days numeric: Days that available lasts at that rate; 0 when out of stock; null:
--   nothing was sold.
-- is_low boolean: Out of stock, or cover_days below dim_shops.low_cover_days.

SELECT
    s.shop_id,
    d.day AS local_date,
    k.sku_id,
    k.snapshot_at,
    k.available,
    k.committed,
    k.warehouse_count,
    k.empty_warehouse_count,
    k.available <= 0 AS is_out_of_stock,
    k.sold_units,
    round(k.sold_units / 28.0, 2) AS daily_units,
    CASE
        WHEN k.available <= 0 THEN 0
        WHEN k.sold_units > 0 THEN round(k.available * 28.0 / k.sold_units, 1)
    END AS cover_days,
    k.available <= 0
        OR k.available * 28.0 < k.sold_units * s.low_cover_days AS is_low
FROM tiktok_mart.dim_shops AS s
CROSS JOIN tiktok_mart.dates AS d
CROSS JOIN LATERAL (
    SELECT
        d.day::timestamp AT TIME ZONE s.time_zone AS since,
        (d.day + 1)::timestamp AT TIME ZONE s.time_zone AS until,
        (d.day - 27)::timestamp AT TIME ZONE s.time_zone AS sold_since
) AS b
CROSS JOIN LATERAL (
    SELECT min(i.snapshot_at) AS first_at, max(i.snapshot_at) AS snapshot_at
    FROM tiktok.inventory_snapshots AS i
    WHERE i.shop_id = s.shop_id AND i.snapshot_at >= b.since AND i.snapshot_at < b.until
) AS n
-- A day at a time, by index: its snapshots, and the orders of its 28 days.
CROSS JOIN LATERAL (
    SELECT i.sku_id, i.snapshot_at, i.available, i.committed, i.warehouse_count,
        i.empty_warehouse_count, coalesce(u.units, 0) AS sold_units
    FROM (
        SELECT i.sku_id,
            max(i.snapshot_at) AS snapshot_at,
            coalesce(sum(i.available), 0) AS available,
            coalesce(sum(i.committed), 0) AS committed,
            count(*) AS warehouse_count,
            count(*) FILTER (WHERE i.available <= 0) AS empty_warehouse_count
        FROM (
            SELECT a.sku_id, a.snapshot_at, a.available, a.committed
            FROM tiktok.inventory_snapshots AS a
            WHERE a.shop_id = s.shop_id AND a.snapshot_at = n.snapshot_at
            UNION ALL
            -- The day's last hour mostly has all: keys tell, without their rows, what not.
            SELECT a.sku_id, a.snapshot_at, a.available, a.committed
            FROM (
                SELECT a.sku_id, a.warehouse_id, max(a.snapshot_at) AS snapshot_at
                FROM tiktok.inventory_snapshots AS a
                WHERE a.shop_id = s.shop_id AND a.snapshot_at >= b.since
                    AND a.snapshot_at < b.until AND n.first_at < n.snapshot_at
                GROUP BY a.sku_id, a.warehouse_id
                HAVING max(a.snapshot_at) < n.snapshot_at
                OFFSET 0
            ) AS e
            JOIN tiktok.inventory_snapshots AS a
                ON a.shop_id = s.shop_id AND a.snapshot_at = e.snapshot_at
                    AND a.sku_id = e.sku_id AND a.warehouse_id = e.warehouse_id
        ) AS i
        GROUP BY i.sku_id
    ) AS i
    LEFT JOIN (
        SELECT l.sku_id, count(*) AS units
        FROM tiktok_mart.fct_orders AS o
        CROSS JOIN LATERAL (
            SELECT a.sku_id
            FROM tiktok.order_lines AS a
            WHERE a.shop_id = o.shop_id AND a.order_id = o.order_id
                AND a.is_gift IS NOT TRUE AND a.status IS DISTINCT FROM 'CANCELLED'
            OFFSET 0
        ) AS l
        WHERE o.shop_id = s.shop_id AND o.created_at >= b.sold_since
            AND o.created_at < b.until AND o.is_sale
        GROUP BY l.sku_id
    ) AS u ON u.sku_id = i.sku_id
    OFFSET 0
) AS k
WHERE d.day >= (
    SELECT (min(i.snapshot_at) AT TIME ZONE s.time_zone)::date
    FROM tiktok.inventory_snapshots AS i
    WHERE i.shop_id = s.shop_id
) AND d.day <= (
    SELECT (max(i.snapshot_at) AT TIME ZONE s.time_zone)::date
    FROM tiktok.inventory_snapshots AS i
    WHERE i.shop_id = s.shop_id
);
