-- What bench.marts measures: two years of four shops, the first with seven tenths of the
-- orders. {orders} and {skus} are replaced by numbers. Statements are separated by lines.
--
-- shops
INSERT INTO tiktok_ops.shops (shop_id, name, region, seller_type, cipher, seller,
    api_version, connected_at)
SELECT 'S' || n, 'Shop ' || n, (ARRAY['ID', 'VN', 'MY', 'GB'])[n], 'LOCAL', '-', '-',
    '202309', timestamptz '2024-07-01'
FROM generate_series(1, 4) AS n;
-- orders
INSERT INTO tiktok.orders (shop_id, order_id, status, created_at, updated_at, paid_at,
    shipped_at, collected_at, delivered_at, cancelled_at, currency, sub_total,
    shipping_fee, seller_discount, platform_discount, tax, total_amount,
    original_total_product_price, original_shipping_fee, buyer_id, warehouse_id,
    fulfillment_type, shipping_type, shipping_provider, tracking_number, is_cod,
    is_sample_order, is_replacement_order, order_type, commerce_platform, content_hash,
    extra, raw_page_id, synced_at)
SELECT
    'S' || CASE WHEN n % 10 < 7 THEN 1 ELSE n % 10 - 5 END,
    (576000000000000000 + n)::text,
    CASE WHEN k < 3 THEN 'UNPAID' WHEN k < 10 THEN 'CANCELLED'
        WHEN age < interval '10 days' THEN 'IN_TRANSIT' ELSE 'COMPLETED' END,
    t, t + least(age, interval '9 days'),
    CASE WHEN k >= 5 THEN t + interval '5 minutes' END,
    CASE WHEN k >= 10 THEN t + interval '20 hours' END,
    CASE WHEN k >= 10 THEN t + interval '30 hours' END,
    CASE WHEN k >= 10 AND age >= interval '10 days' THEN t + interval '4 days' END,
    CASE WHEN k BETWEEN 3 AND 9 THEN t + interval '1 day' END,
    'IDR', CASE WHEN n % 10 = 0 THEN 270000 ELSE 180000 END, 12000,
    CASE WHEN n % 10 = 0 THEN 15000 ELSE 10000 END,
    CASE WHEN n % 10 = 0 THEN 15000 ELSE 10000 END, 0,
    CASE WHEN n % 10 = 0 THEN 282000 ELSE 192000 END,
    CASE WHEN n % 10 = 0 THEN 300000 ELSE 200000 END, 15000,
    (7400000000000000000 + n % 400000)::text, (7300000000000000000 + n % 3)::text,
    'FULFILLMENT_BY_SELLER', 'TIKTOK', 'J&T Express', 'JX' || n, n % 5 = 0, k = 50,
    k = 51, 'NORMAL', 'TIKTOK_SHOP', decode(md5(n::text), 'hex'),
    jsonb_build_object(
        'rts_sla_time', extract(epoch FROM t + interval '2 days')::bigint,
        'tts_sla_time', extract(epoch FROM t + interval '3 days')::bigint,
        'cancel_order_sla_time', extract(epoch FROM t + interval '5 days')::bigint,
        'shipping_due_time', extract(epoch FROM t + interval '5 days')::bigint,
        'collection_due_time', extract(epoch FROM t + interval '6 days')::bigint,
        'delivery_due_time', extract(epoch FROM t + interval '20 days')::bigint,
        'delivery_sla_time', extract(epoch FROM t + interval '8 days')::bigint,
        'delivery_type', 'HOME_DELIVERY', 'delivery_option_id', '7091146663229654785',
        'has_updated_recipient_address', false, 'is_on_hold_order', false,
        'is_buyer_request_cancel', false, 'need_upload_invoice', 'NO_NEED',
        'shipping_provider_id', '7117858858072016129', 'split_or_combine_tag', '',
        'payment', jsonb_build_object('shipping_fee_platform_discount', '3000',
            'shipping_fee_seller_discount', '0', 'buyer_service_fee', '0',
            'shipping_fee_cofunded_discount', '0', 'product_tax', '0'),
        'packages', jsonb_build_array(
            jsonb_build_object('id', (1150000000000000000 + n)::text))),
    n / 100, t + interval '10 days'
FROM (
    SELECT n, n * 7919 % 100 AS k, o.until - age AS t, age
    FROM (VALUES (timestamptz '2026-07-01')) AS o (until),
        generate_series(1::bigint, {orders}) AS n,
        LATERAL (SELECT interval '730 days' * (({orders} - n)::float8 / {orders})) AS a (age)
) AS g;
-- two lines an order, three in every tenth
INSERT INTO tiktok.order_lines (shop_id, line_id, order_id, line_number, product_id,
    sku_id, seller_sku, product_name, sku_name, sku_type, status, currency, sale_price,
    original_price, seller_discount, platform_discount, is_gift, package_id,
    package_status, tracking_number, shipping_provider_name, shipped_at, extra,
    raw_page_id, synced_at)
SELECT o.shop_id, (577000000000000000 + o.n * 4 + i)::text, o.order_id, i,
    (1729000000000000000 + k.k / 4)::text, (1729500000000000000 + k.k)::text,
    'SKU-' || k.k, 'A product with a name as long as sellers like it, number ' || k.k,
    'Red, XL', 'NORMAL', o.status, o.currency, 90000, 100000, 5000, 5000, false,
    (1150000000000000000 + o.n)::text, 'TO_FULFILL', o.tracking_number, 'J&T Express',
    o.shipped_at,
    jsonb_build_object('sku_image', 'https://img.example.com/' || md5(o.n::text)
        || '~tplv-origin-jpeg.jpeg?from=1432613627', 'is_dangerous_good', false,
        'needs_prescription', false, 'item_tax', '[]'::jsonb),
    o.raw_page_id, o.synced_at
FROM (SELECT *, order_id::bigint - 576000000000000000 AS n FROM tiktok.orders) AS o,
    generate_series(1, CASE WHEN o.n % 10 = 0 THEN 3 ELSE 2 END) AS i,
    LATERAL (SELECT (o.n * 31 + i) % {skus}) AS k (k);
-- products, four SKUs each, and their stock in three warehouses
INSERT INTO tiktok.products (shop_id, product_id, title, status, created_at, updated_at,
    category_id, category_name, synced_at)
SELECT 'S1', (1729000000000000000 + n)::text, 'Product ' || n,
    CASE WHEN n % 10 = 0 THEN 'SELLER_DEACTIVATED' ELSE 'ACTIVATE' END,
    timestamptz '2024-07-01', timestamptz '2026-06-01', '6001', 'Shirts', now()
FROM generate_series(0, {skus} / 4) AS n;
-- skus
INSERT INTO tiktok.skus (shop_id, sku_id, product_id, seller_sku, sku_name, status,
    currency, price, synced_at)
SELECT 'S1', (1729500000000000000 + n)::text, (1729000000000000000 + n / 4)::text,
    'SKU-' || n, 'Red, XL', 'NORMAL', 'IDR', 100000, now()
FROM generate_series(0, {skus} - 1) AS n;
-- levels
INSERT INTO tiktok.inventory_levels (shop_id, sku_id, warehouse_id, product_id, available,
    committed, snapshot_at, synced_at)
SELECT 'S1', (1729500000000000000 + n)::text, (7300000000000000000 + w)::text,
    (1729000000000000000 + n / 4)::text, CASE WHEN n % 10 = 0 THEN 0 ELSE n % 50 END,
    n % 3, timestamptz '2026-05-31 12:00+00', now()
FROM generate_series(0, {skus} - 1) AS n, generate_series(1, 3) AS w;
-- one snapshot of all of them
INSERT INTO tiktok.inventory_snapshots (shop_id, sku_id, warehouse_id, snapshot_at,
    seen_at, available, committed, synced_at)
SELECT shop_id, sku_id, warehouse_id, snapshot_at, snapshot_at, available, committed,
    synced_at
FROM tiktok.inventory_levels;
-- and a month of hourly ones of a smaller shop: 2,000 SKUs in three warehouses
INSERT INTO tiktok.inventory_snapshots (shop_id, sku_id, warehouse_id, snapshot_at,
    seen_at, available, committed, synced_at)
SELECT 'S2', (1729500000000000000 + n)::text, (7300000000000000000 + w)::text, h, h,
    n % 50, n % 3, h
FROM generate_series(timestamptz '2026-05-01', '2026-05-31 23:00', interval '4 hours') AS h,
    generate_series(0, least({skus}, 2000) - 1) AS n, generate_series(1, 3) AS w;
-- returns
INSERT INTO tiktok.returns (shop_id, return_id, order_id, status, type, created_at,
    updated_at, currency, refund_total, synced_at)
SELECT shop_id, '4' || order_id, order_id, 'RETURN_OR_REFUND_REQUEST_COMPLETE', 'REFUND',
    created_at + interval '6 days', created_at + interval '8 days', currency, 90000,
    synced_at
FROM tiktok.orders WHERE status = 'COMPLETED' AND right(order_id, 2)::int < 4;
-- their lines
INSERT INTO tiktok.return_lines (shop_id, return_line_id, return_id, order_id,
    order_line_id, sku_id, currency, refund_total, synced_at)
SELECT r.shop_id, '5' || r.return_id, r.return_id, r.order_id, l.line_id, l.sku_id,
    r.currency, 90000, r.synced_at
FROM tiktok.returns AS r
JOIN tiktok.order_lines AS l
    ON l.shop_id = r.shop_id AND l.order_id = r.order_id AND l.line_number = 1;
-- cancellations
INSERT INTO tiktok.cancellations (shop_id, cancellation_id, order_id, status, type,
    created_at, updated_at, currency, refund_total, synced_at)
SELECT shop_id, '4' || order_id, order_id, 'CANCELLATION_REQUEST_COMPLETE',
    'BUYER_CANCEL', cancelled_at - interval '1 hour', cancelled_at, currency,
    total_amount, synced_at
FROM tiktok.orders WHERE status = 'CANCELLED';
-- their lines
INSERT INTO tiktok.cancellation_lines (shop_id, cancellation_line_id, cancellation_id,
    order_id, order_line_id, sku_id, currency, refund_total, synced_at)
SELECT c.shop_id, '5' || l.line_id, c.cancellation_id, c.order_id, l.line_id, l.sku_id,
    c.currency, 90000, c.synced_at
FROM tiktok.cancellations AS c
JOIN tiktok.order_lines AS l ON l.shop_id = c.shop_id AND l.order_id = c.order_id;
-- packages
INSERT INTO tiktok.packages (shop_id, package_id, status, created_at, updated_at,
    tracking_number, shipping_provider, synced_at)
SELECT shop_id, '11' || order_id, 'COMPLETED', shipped_at,
    coalesce(delivered_at, shipped_at), tracking_number, shipping_provider, synced_at
FROM tiktok.orders WHERE shipped_at IS NOT NULL;
-- whose
INSERT INTO tiktok.package_orders (shop_id, package_id, order_id, synced_at)
SELECT shop_id, '11' || order_id, order_id, synced_at
FROM tiktok.orders WHERE shipped_at IS NOT NULL;
-- a statement a day, a payment a week
INSERT INTO tiktok.statements (shop_id, statement_id, statement_at, currency,
    payment_status, payment_id, paid_at, synced_at)
SELECT s.shop_id, '7' || s.shop_id || to_char(d, 'YYYYMMDD'), d, 'IDR', 'PAID',
    '8' || s.shop_id || to_char(date_trunc('week', d), 'YYYYMMDD'),
    d + interval '5 days', now()
FROM tiktok_ops.shops AS s,
    generate_series(timestamptz '2024-07-10', '2026-06-30', interval '1 day') AS d;
-- transactions, twelve days after the order
INSERT INTO tiktok.statement_transactions (shop_id, transaction_id, statement_id, type,
    order_id, order_created_at, currency, settlement_amount, revenue_amount,
    shipping_cost_amount, fee_tax_amount, adjustment_amount, synced_at)
SELECT o.shop_id, '9' || o.order_id, m.statement_id, 'ORDER', o.order_id, o.created_at,
    o.currency, o.sub_total + o.platform_discount - 28000,
    o.sub_total + o.platform_discount, -8000, -20000, 0, o.synced_at
FROM tiktok.orders AS o
JOIN tiktok.statements AS m ON m.shop_id = o.shop_id
    AND m.statement_at = date_trunc('day', o.created_at + interval '12 days', 'UTC')
WHERE o.status = 'COMPLETED';
-- statements are the sum of theirs
UPDATE tiktok.statements AS m
SET settlement_amount = t.settlement, revenue_amount = t.revenue
FROM (
    SELECT shop_id, statement_id, sum(settlement_amount) AS settlement,
        sum(revenue_amount) AS revenue
    FROM tiktok.statement_transactions GROUP BY shop_id, statement_id
) AS t
WHERE t.shop_id = m.shop_id AND t.statement_id = m.statement_id;
-- payments
INSERT INTO tiktok.payments (shop_id, payment_id, status, created_at, paid_at, currency,
    amount, settlement_currency, settlement_amount, synced_at)
SELECT shop_id, payment_id, 'PAID', max(paid_at), max(paid_at), 'IDR',
    sum(settlement_amount), 'IDR', sum(settlement_amount), now()
FROM tiktok.statements GROUP BY shop_id, payment_id;
-- forty components a transaction, zeros included, of three months
INSERT INTO tiktok.transaction_components (shop_id, transaction_id, component_group,
    component, statement_id, is_summed, currency, amount, synced_at)
SELECT t.shop_id, t.transaction_id,
    CASE WHEN c < 2 THEN 'revenue' WHEN c < 12 THEN 'shipping' ELSE 'fee' END,
    'component_number_' || c || '_amount', t.statement_id, true, t.currency,
    CASE c WHEN 0 THEN t.revenue_amount + 10000 WHEN 1 THEN -10000
        WHEN 2 THEN t.shipping_cost_amount WHEN 12 THEN t.fee_tax_amount + 5000
        WHEN 13 THEN -5000 ELSE 0 END,
    t.synced_at
FROM tiktok.statements AS m
JOIN tiktok.statement_transactions AS t
    ON t.shop_id = m.shop_id AND t.statement_id = m.statement_id,
    generate_series(0, 39) AS c
WHERE m.statement_at >= '2026-04-01' AND m.statement_at < '2026-07-01';
-- estimates
INSERT INTO tiktok.unsettled_transactions (shop_id, transaction_id, type, status,
    order_id, order_created_at, currency, est_settlement_amount, est_revenue_amount,
    est_shipping_cost_amount, est_fee_tax_amount, est_adjustment_amount, synced_at)
SELECT shop_id, '3' || order_id, 'ORDER', 'UNSETTLED', order_id, created_at, currency,
    162000, 190000, -8000, -20000, 0, synced_at
FROM tiktok.orders WHERE created_at >= '2026-06-19' AND status <> 'CANCELLED';
-- the ledger: a window every quarter of an hour, of eight streams
INSERT INTO tiktok_ops.sync_windows (shop_id, stream, time_field, window_start,
    window_end, api_total_count, ids_fetched, rows_in_table, verdict, attempts, pages,
    rows_written, started_at, finished_at)
SELECT s.shop_id, 'stream_' || x, 'update_time', d, d + interval '15 minutes', 10, 10, 10,
    'closed', 1, 1, 3, d, d + interval '16 minutes'
FROM tiktok_ops.shops AS s, generate_series(1, 8) AS x,
    generate_series(timestamptz '2026-04-01', '2026-06-30', interval '15 minutes') AS d;
-- the log of calls: two a minute, two months
INSERT INTO tiktok_ops.tiktok_api_logs (shop_id, started_at, method, path, api_version,
    attempt, http_status, code, duration_ms, waited_ms)
SELECT s.shop_id, timestamptz '2026-05-01' + n * interval '30 seconds', 'GET',
    CASE n % 3 WHEN 0 THEN '/order/202309/orders/search' WHEN 1 THEN
        '/return_refund/202602/returns/search'
        ELSE '/product/202309/products/1729' || n % 1000 || '000000000000' END,
    '202309', 1, 200, 0, 150 + n % 100, 0
FROM tiktok_ops.shops AS s, generate_series(1, least({orders}, 170000)) AS n;
