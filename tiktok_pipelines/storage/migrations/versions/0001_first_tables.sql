CREATE SCHEMA IF NOT EXISTS tiktok;
COMMENT ON SCHEMA tiktok IS 'TikTok Shop, one row per thing: for analysts.';

CREATE SCHEMA IF NOT EXISTS tiktok_mart;
COMMENT ON SCHEMA tiktok_mart IS 'Views for people.';

CREATE SCHEMA IF NOT EXISTS tiktok_raw;
COMMENT ON SCHEMA tiktok_raw IS 'Answers as received, less buyer data.';

CREATE SCHEMA IF NOT EXISTS tiktok_ops;
COMMENT ON SCHEMA tiktok_ops IS 'The pipeline''s own: no buyer data, no readable secrets.';

CREATE TABLE tiktok.customers (
    shop_id TEXT NOT NULL,
    buyer_id TEXT NOT NULL,
    first_order_at TIMESTAMP WITH TIME ZONE,
    last_order_at TIMESTAMP WITH TIME ZONE,
    order_count INTEGER NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, buyer_id)
);
COMMENT ON TABLE tiktok.customers IS 'One row per buyer and shop, counted from tiktok.orders.';
COMMENT ON COLUMN tiktok.customers.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.customers.buyer_id IS 'TikTok''s id of the buyer.';
COMMENT ON COLUMN tiktok.customers.first_order_at IS 'When the first known order was placed.';
COMMENT ON COLUMN tiktok.customers.last_order_at IS 'When the newest known order was placed.';
COMMENT ON COLUMN tiktok.customers.order_count IS 'Known orders, cancelled ones included.';
COMMENT ON COLUMN tiktok.customers.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.customers.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.customers.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.order_lines (
    shop_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    line_number SMALLINT,
    product_id TEXT,
    sku_id TEXT,
    seller_sku TEXT,
    product_name TEXT,
    sku_name TEXT,
    sku_type TEXT,
    status TEXT,
    currency TEXT,
    sale_price NUMERIC,
    original_price NUMERIC,
    seller_discount NUMERIC,
    platform_discount NUMERIC,
    is_gift BOOLEAN,
    package_id TEXT,
    package_status TEXT,
    tracking_number TEXT,
    shipping_provider_name TEXT,
    shipped_at TIMESTAMP WITH TIME ZONE,
    cancel_reason TEXT,
    cancel_user TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, line_id)
);
COMMENT ON TABLE tiktok.order_lines IS 'One row per unit sold: two pieces of one SKU are two rows.';
COMMENT ON COLUMN tiktok.order_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_lines.line_id IS 'TikTok''s id of the line.';
COMMENT ON COLUMN tiktok.order_lines.order_id IS 'The order it belongs to.';
COMMENT ON COLUMN tiktok.order_lines.line_number IS 'Place in the order''s list, from 1.';
COMMENT ON COLUMN tiktok.order_lines.product_id IS 'TikTok''s id of the product.';
COMMENT ON COLUMN tiktok.order_lines.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.order_lines.seller_sku IS 'The seller''s own code.';
COMMENT ON COLUMN tiktok.order_lines.product_name IS 'As shown to the buyer when the order was placed.';
COMMENT ON COLUMN tiktok.order_lines.sku_name IS 'Variant, as shown to the buyer.';
COMMENT ON COLUMN tiktok.order_lines.sku_type IS 'NORMAL, ZERO_LOTTERY, SHOP_PARTNER, PRE_ORDER or MADE_TO_ORDER; TikTok tells it by the order''s order_type now.';
COMMENT ON COLUMN tiktok.order_lines.status IS 'Status of this unit: as the order''s, without ON_HOLD and PARTIALLY_SHIPPING.';
COMMENT ON COLUMN tiktok.order_lines.currency IS 'ISO 4217 code of the line''s amounts.';
COMMENT ON COLUMN tiktok.order_lines.sale_price IS 'What the buyer pays for the unit.';
COMMENT ON COLUMN tiktok.order_lines.original_price IS 'Price of the unit before discounts.';
COMMENT ON COLUMN tiktok.order_lines.seller_discount IS 'Seller''s discount on the unit.';
COMMENT ON COLUMN tiktok.order_lines.platform_discount IS 'TikTok''s discount on the unit.';
COMMENT ON COLUMN tiktok.order_lines.is_gift IS 'A gift: sale_price is 0.';
COMMENT ON COLUMN tiktok.order_lines.package_id IS 'The package the unit travels in.';
COMMENT ON COLUMN tiktok.order_lines.package_status IS 'Status of that package.';
COMMENT ON COLUMN tiktok.order_lines.tracking_number IS 'The carrier''s number of the unit.';
COMMENT ON COLUMN tiktok.order_lines.shipping_provider_name IS 'The carrier''s name.';
COMMENT ON COLUMN tiktok.order_lines.shipped_at IS 'When the unit was ready to ship (rts_time).';
COMMENT ON COLUMN tiktok.order_lines.cancel_reason IS 'Why the unit was cancelled, in words.';
COMMENT ON COLUMN tiktok.order_lines.cancel_user IS 'Who cancelled the unit: BUYER, SELLER, OPERATOR or SYSTEM.';
COMMENT ON COLUMN tiktok.order_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_lines.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX order_lines_by_order ON tiktok.order_lines (shop_id, order_id);
CREATE INDEX order_lines_by_sku ON tiktok.order_lines (shop_id, sku_id);

CREATE TABLE tiktok.order_recipients (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    name TEXT,
    phone TEXT,
    full_address TEXT,
    postal_code TEXT,
    region_code TEXT,
    first_name TEXT,
    last_name TEXT,
    address_detail TEXT,
    address_line1 TEXT,
    address_line2 TEXT,
    buyer_email TEXT,
    buyer_nickname TEXT,
    buyer_avatar TEXT,
    buyer_message TEXT,
    cpf TEXT,
    cpf_name TEXT,
    updated_at TIMESTAMP WITH TIME ZONE,
    field_versions JSONB DEFAULT '{}' NOT NULL,
    content_hash BYTEA,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.order_recipients IS 'Buyer data: the only table that holds any.';
COMMENT ON COLUMN tiktok.order_recipients.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_recipients.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_recipients.name IS 'Recipient''s full name; TikTok masks it in many states.';
COMMENT ON COLUMN tiktok.order_recipients.phone IS 'Recipient''s phone number.';
COMMENT ON COLUMN tiktok.order_recipients.full_address IS 'The whole address in one text.';
COMMENT ON COLUMN tiktok.order_recipients.postal_code IS 'Postal code.';
COMMENT ON COLUMN tiktok.order_recipients.region_code IS 'Country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN tiktok.order_recipients.first_name IS 'First name.';
COMMENT ON COLUMN tiktok.order_recipients.last_name IS 'Last name.';
COMMENT ON COLUMN tiktok.order_recipients.address_detail IS 'Street and house.';
COMMENT ON COLUMN tiktok.order_recipients.address_line1 IS 'First line of the address.';
COMMENT ON COLUMN tiktok.order_recipients.address_line2 IS 'Second line of the address.';
COMMENT ON COLUMN tiktok.order_recipients.buyer_email IS 'TikTok''s relay address of the buyer.';
COMMENT ON COLUMN tiktok.order_recipients.buyer_nickname IS 'The buyer''s nickname.';
COMMENT ON COLUMN tiktok.order_recipients.buyer_avatar IS 'Address of the buyer''s picture.';
COMMENT ON COLUMN tiktok.order_recipients.buyer_message IS 'The buyer''s note to the seller.';
COMMENT ON COLUMN tiktok.order_recipients.cpf IS 'Brazilian tax number.';
COMMENT ON COLUMN tiktok.order_recipients.cpf_name IS 'Name that belongs to the tax number.';
COMMENT ON COLUMN tiktok.order_recipients.updated_at IS 'TikTok''s update time of the order at the last change.';
COMMENT ON COLUMN tiktok.order_recipients.field_versions IS 'Fields that an older answer gave clear and a newer one did not: name to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.order_recipients.content_hash IS 'Of the buyer data that the row equals, if one answer.';
COMMENT ON COLUMN tiktok.order_recipients.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_recipients.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_recipients.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.order_status_history (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT DEFAULT 'api' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, status, changed_at)
);
COMMENT ON TABLE tiktok.order_status_history IS 'The statuses in which orders were seen; polling may miss short ones.';
COMMENT ON COLUMN tiktok.order_status_history.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_status_history.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_status_history.status IS 'The status the order was seen in.';
COMMENT ON COLUMN tiktok.order_status_history.changed_at IS 'TikTok''s update time of the order in that status.';
COMMENT ON COLUMN tiktok.order_status_history.seen_at IS 'When it was first seen so.';
COMMENT ON COLUMN tiktok.order_status_history.source IS 'api: an answer of TikTok, also where a webhook had it read (pages do not tell why they were read: see tiktok_ops.webhook_events); or csv.';
COMMENT ON COLUMN tiktok.order_status_history.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_status_history.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_status_history.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.orders (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    paid_at TIMESTAMP WITH TIME ZONE,
    shipped_at TIMESTAMP WITH TIME ZONE,
    collected_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    sub_total NUMERIC,
    shipping_fee NUMERIC,
    seller_discount NUMERIC,
    platform_discount NUMERIC,
    tax NUMERIC,
    total_amount NUMERIC,
    original_total_product_price NUMERIC,
    original_shipping_fee NUMERIC,
    buyer_id TEXT,
    warehouse_id TEXT,
    fulfillment_type TEXT,
    shipping_type TEXT,
    delivery_option_name TEXT,
    shipping_provider TEXT,
    tracking_number TEXT,
    payment_method_name TEXT,
    is_cod BOOLEAN,
    is_sample_order BOOLEAN,
    is_replacement_order BOOLEAN,
    order_type TEXT,
    commerce_platform TEXT,
    cancel_reason TEXT,
    cancellation_initiator TEXT,
    source TEXT DEFAULT 'api' NOT NULL,
    content_hash BYTEA,
    lines_updated_at TIMESTAMP WITH TIME ZONE,
    lines_synced_at TIMESTAMP WITH TIME ZONE,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.orders IS 'One row per order, in its newest known state.';
COMMENT ON COLUMN tiktok.orders.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.orders.order_id IS 'TikTok''s id of the order.';
COMMENT ON COLUMN tiktok.orders.status IS 'Newest known status: UNPAID, ON_HOLD (paid, the buyer may still cancel freely), AWAITING_SHIPMENT (the seller must act), PARTIALLY_SHIPPING, AWAITING_COLLECTION (ready for the carrier), IN_TRANSIT, DELIVERED, COMPLETED (the time for returns is over) or CANCELLED.';
COMMENT ON COLUMN tiktok.orders.created_at IS 'When the order was placed.';
COMMENT ON COLUMN tiktok.orders.updated_at IS 'TikTok''s update time: the last change of the status.';
COMMENT ON COLUMN tiktok.orders.paid_at IS 'When it was paid; cash on delivery: when delivered.';
COMMENT ON COLUMN tiktok.orders.shipped_at IS 'When the seller had it ready to ship (rts_time).';
COMMENT ON COLUMN tiktok.orders.collected_at IS 'When the carrier took it.';
COMMENT ON COLUMN tiktok.orders.delivered_at IS 'When it was delivered.';
COMMENT ON COLUMN tiktok.orders.cancelled_at IS 'When it was cancelled.';
COMMENT ON COLUMN tiktok.orders.currency IS 'ISO 4217 code of every amount of the order.';
COMMENT ON COLUMN tiktok.orders.sub_total IS 'Goods after seller and platform discounts.';
COMMENT ON COLUMN tiktok.orders.shipping_fee IS 'Shipping paid by the buyer, after discounts.';
COMMENT ON COLUMN tiktok.orders.seller_discount IS 'Discount on goods that the seller bears.';
COMMENT ON COLUMN tiktok.orders.platform_discount IS 'Discount on goods that TikTok bears.';
COMMENT ON COLUMN tiktok.orders.tax IS 'Tax as TikTok states it; included in prices in most markets.';
COMMENT ON COLUMN tiktok.orders.total_amount IS 'What the buyer pays.';
COMMENT ON COLUMN tiktok.orders.original_total_product_price IS 'Goods before every discount.';
COMMENT ON COLUMN tiktok.orders.original_shipping_fee IS 'Shipping before every discount.';
COMMENT ON COLUMN tiktok.orders.buyer_id IS 'TikTok''s id of the buyer (user_id): a number, no personal data.';
COMMENT ON COLUMN tiktok.orders.warehouse_id IS 'The warehouse that ships it.';
COMMENT ON COLUMN tiktok.orders.fulfillment_type IS 'Whose warehouse sends it: FULFILLMENT_BY_SELLER, FULFILLMENT_BY_TIKTOK or FULFILLMENT_BY_DILAYANI_TOKOPEDIA.';
COMMENT ON COLUMN tiktok.orders.shipping_type IS 'Who arranges the carrier: TIKTOK or SELLER; TIKTOK_DIGITAL and IN-STORE PICKUP: nobody.';
COMMENT ON COLUMN tiktok.orders.delivery_option_name IS 'The delivery option the buyer chose.';
COMMENT ON COLUMN tiktok.orders.shipping_provider IS 'The carrier''s name.';
COMMENT ON COLUMN tiktok.orders.tracking_number IS 'The carrier''s number; per line where they differ.';
COMMENT ON COLUMN tiktok.orders.payment_method_name IS 'How the buyer pays.';
COMMENT ON COLUMN tiktok.orders.is_cod IS 'Cash on delivery.';
COMMENT ON COLUMN tiktok.orders.is_sample_order IS 'A sample for a creator; exclude from sales.';
COMMENT ON COLUMN tiktok.orders.is_replacement_order IS 'Goods sent again; exclude from sales.';
COMMENT ON COLUMN tiktok.orders.order_type IS 'NORMAL, ZERO_LOTTERY (a prize, amounts may be 0), PRE_ORDER, MADE_TO_ORDER, BACK_ORDER or VIRTUAL_ORDER; may be empty.';
COMMENT ON COLUMN tiktok.orders.commerce_platform IS 'TIKTOK_SHOP or TOKOPEDIA.';
COMMENT ON COLUMN tiktok.orders.cancel_reason IS 'Why it was cancelled, in words.';
COMMENT ON COLUMN tiktok.orders.cancellation_initiator IS 'Who asked for the cancellation: SELLER, BUYER or SYSTEM.';
COMMENT ON COLUMN tiktok.orders.source IS 'Where the row comes from: api or csv.';
COMMENT ON COLUMN tiktok.orders.content_hash IS 'Of the order as received, less buyer data.';
COMMENT ON COLUMN tiktok.orders.lines_updated_at IS 'Update time of the answer the lines come from, if not the row''s.';
COMMENT ON COLUMN tiktok.orders.lines_synced_at IS 'Fetch time of the answer the lines come from, if not the row''s.';
COMMENT ON COLUMN tiktok.orders.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.orders.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.orders.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX orders_by_buyer ON tiktok.orders (shop_id, buyer_id);
CREATE INDEX orders_by_creation ON tiktok.orders (shop_id, created_at);
CREATE INDEX orders_by_update ON tiktok.orders (shop_id, updated_at);

CREATE TABLE tiktok_ops.api_drift (
    shop_id TEXT NOT NULL,
    object TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    example TEXT,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, object, kind, path, value)
);
COMMENT ON TABLE tiktok_ops.api_drift IS 'Where the API''s answers differ from what is documented.';
COMMENT ON COLUMN tiktok_ops.api_drift.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.api_drift.object IS 'What was received: order, order_line, …';
COMMENT ON COLUMN tiktok_ops.api_drift.kind IS 'unknown_field, new_value, unreadable or replaced_characters.';
COMMENT ON COLUMN tiktok_ops.api_drift.path IS 'Where in the object.';
COMMENT ON COLUMN tiktok_ops.api_drift.value IS 'The new value, for kind new_value.';
COMMENT ON COLUMN tiktok_ops.api_drift.example IS 'Id of a record that shows it.';
COMMENT ON COLUMN tiktok_ops.api_drift.first_seen_at IS 'When it was first met.';
COMMENT ON COLUMN tiktok_ops.api_drift.last_seen_at IS 'When it was last met; moves once an hour.';

CREATE TABLE tiktok_ops.credentials (
    seller TEXT NOT NULL,
    seller_name TEXT,
    seller_region TEXT,
    app_key TEXT NOT NULL,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    access_expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refresh_expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refreshed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    granted_scopes TEXT[],
    token_metadata JSONB DEFAULT '{}' NOT NULL,
    last_error_message TEXT,
    PRIMARY KEY (seller)
);
COMMENT ON TABLE tiktok_ops.credentials IS 'One row per seller; tokens are readable only with the key.';
COMMENT ON COLUMN tiktok_ops.credentials.seller IS 'TikTok''s open_id of the consent.';
COMMENT ON COLUMN tiktok_ops.credentials.seller_name IS 'The seller''s name.';
COMMENT ON COLUMN tiktok_ops.credentials.seller_region IS 'The seller''s home market.';
COMMENT ON COLUMN tiktok_ops.credentials.app_key IS 'The app that the tokens belong to.';
COMMENT ON COLUMN tiktok_ops.credentials.access_token IS 'Encrypted.';
COMMENT ON COLUMN tiktok_ops.credentials.refresh_token IS 'Encrypted.';
COMMENT ON COLUMN tiktok_ops.credentials.access_expires_at IS 'End of the access token.';
COMMENT ON COLUMN tiktok_ops.credentials.refresh_expires_at IS 'End of the seller''s consent.';
COMMENT ON COLUMN tiktok_ops.credentials.refreshed_at IS 'When both tokens were received.';
COMMENT ON COLUMN tiktok_ops.credentials.granted_scopes IS 'What the seller allowed.';
COMMENT ON COLUMN tiktok_ops.credentials.token_metadata IS 'The other fields of the token answer.';
COMMENT ON COLUMN tiktok_ops.credentials.last_error_message IS 'Why the tokens no longer work; null if they do.';

CREATE TABLE tiktok_ops.quarantine_records (
    quarantine_id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    shop_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    record_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    retryable BOOLEAN DEFAULT true NOT NULL,
    content JSONB,
    request JSONB,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    run_id TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (quarantine_id)
);
COMMENT ON TABLE tiktok_ops.quarantine_records IS 'Records that could not become rows; their neighbours are in the tables.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.quarantine_id IS 'Our number.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.stream IS 'Where it was met: orders, order_lines, …';
COMMENT ON COLUMN tiktok_ops.quarantine_records.record_key IS 'The record''s id, or a hash of it when it has none.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.reason IS 'Why it cannot become a row.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.retryable IS 'Whether asking again may help.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.content IS 'The record as received, less buyer data.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.request IS 'The call that gave it, less every secret.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.first_seen_at IS 'When it was first met.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.last_seen_at IS 'When it was last met.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.resolved_at IS 'When a good record with this key arrived.';
COMMENT ON COLUMN tiktok_ops.quarantine_records.run_id IS 'The run that first met it.';
CREATE UNIQUE INDEX quarantine_records_by_key ON tiktok_ops.quarantine_records (shop_id, stream, record_key);

CREATE TABLE tiktok_ops.shops (
    shop_id TEXT NOT NULL,
    name TEXT,
    region TEXT,
    seller_type TEXT,
    code TEXT,
    cipher TEXT NOT NULL,
    seller TEXT NOT NULL,
    api_version TEXT NOT NULL,
    sync_status TEXT DEFAULT 'idle' NOT NULL,
    last_error_at TIMESTAMP WITH TIME ZONE,
    last_error_message TEXT,
    is_enabled BOOLEAN DEFAULT true NOT NULL,
    connected_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (shop_id)
);
COMMENT ON TABLE tiktok_ops.shops IS 'Every shop that a seller let us read.';
COMMENT ON COLUMN tiktok_ops.shops.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.shops.name IS 'The shop''s name.';
COMMENT ON COLUMN tiktok_ops.shops.region IS 'Market, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN tiktok_ops.shops.seller_type IS 'LOCAL or CROSS_BORDER.';
COMMENT ON COLUMN tiktok_ops.shops.code IS 'TikTok''s code of the shop.';
COMMENT ON COLUMN tiktok_ops.shops.cipher IS 'The shop''s cipher, encrypted.';
COMMENT ON COLUMN tiktok_ops.shops.seller IS 'The authorisation it is reached by: credentials.seller.';
COMMENT ON COLUMN tiktok_ops.shops.api_version IS 'API version for calls without their own.';
COMMENT ON COLUMN tiktok_ops.shops.sync_status IS 'idle, syncing or error.';
COMMENT ON COLUMN tiktok_ops.shops.last_error_at IS 'When the last sync of the shop failed.';
COMMENT ON COLUMN tiktok_ops.shops.last_error_message IS 'What failed and what to do; null once it works.';
COMMENT ON COLUMN tiktok_ops.shops.is_enabled IS 'Whether the shop is synced.';
COMMENT ON COLUMN tiktok_ops.shops.connected_at IS 'When the seller''s consent last named the shop.';

CREATE TABLE tiktok_ops.sync_cursors (
    shop_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    watermark TIMESTAMP WITH TIME ZONE,
    moved_at TIMESTAMP WITH TIME ZONE,
    run_id TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (shop_id, stream)
);
COMMENT ON TABLE tiktok_ops.sync_cursors IS 'How far each sync of each shop has come.';
COMMENT ON COLUMN tiktok_ops.sync_cursors.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.sync_cursors.stream IS 'What is synced: orders, orders_open, …';
COMMENT ON COLUMN tiktok_ops.sync_cursors.watermark IS 'Everything changed before it is in the tables.';
COMMENT ON COLUMN tiktok_ops.sync_cursors.moved_at IS 'When the watermark last moved.';
COMMENT ON COLUMN tiktok_ops.sync_cursors.run_id IS 'The run that moved it.';

CREATE TABLE tiktok_ops.sync_schedules (
    shop_id TEXT NOT NULL,
    sync TEXT NOT NULL,
    interval_minutes INTEGER NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    last_run_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (shop_id, sync)
);
COMMENT ON TABLE tiktok_ops.sync_schedules IS 'When each sync of each shop is due; change a row to change the rhythm.';
COMMENT ON COLUMN tiktok_ops.sync_schedules.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.sync_schedules.sync IS 'Which sync: orders, inventory, tokens, …';
COMMENT ON COLUMN tiktok_ops.sync_schedules.interval_minutes IS 'Least minutes between two starts.';
COMMENT ON COLUMN tiktok_ops.sync_schedules.is_active IS 'Whether the schedule starts it.';
COMMENT ON COLUMN tiktok_ops.sync_schedules.settings IS 'Settings of the sync for this shop.';
COMMENT ON COLUMN tiktok_ops.sync_schedules.last_run_at IS 'When a schedule last started it.';

CREATE TABLE tiktok_ops.sync_windows (
    window_id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    shop_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    time_field TEXT NOT NULL,
    window_start TIMESTAMP WITH TIME ZONE NOT NULL,
    window_end TIMESTAMP WITH TIME ZONE NOT NULL,
    api_total_count INTEGER,
    ids_fetched INTEGER NOT NULL,
    rows_in_table INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT,
    attempts INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    rows_written INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    run_id TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (window_id)
);
COMMENT ON TABLE tiktok_ops.sync_windows IS 'The completeness ledger: one row per window pulled.';
COMMENT ON COLUMN tiktok_ops.sync_windows.window_id IS 'Our number.';
COMMENT ON COLUMN tiktok_ops.sync_windows.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.sync_windows.stream IS 'What was pulled: orders, …';
COMMENT ON COLUMN tiktok_ops.sync_windows.time_field IS 'create_time or update_time: what the window bounds.';
COMMENT ON COLUMN tiktok_ops.sync_windows.window_start IS 'First moment, included.';
COMMENT ON COLUMN tiktok_ops.sync_windows.window_end IS 'Last moment, excluded.';
COMMENT ON COLUMN tiktok_ops.sync_windows.api_total_count IS 'total_count of the last page; null if none came.';
COMMENT ON COLUMN tiktok_ops.sync_windows.ids_fetched IS 'Distinct ids on the pages.';
COMMENT ON COLUMN tiktok_ops.sync_windows.rows_in_table IS 'Rows in the table with those ids.';
COMMENT ON COLUMN tiktok_ops.sync_windows.verdict IS 'closed: the counts agree or the note explains; open: not.';
COMMENT ON COLUMN tiktok_ops.sync_windows.note IS 'What explains a difference, or what is missing.';
COMMENT ON COLUMN tiktok_ops.sync_windows.attempts IS 'How often the window was pulled.';
COMMENT ON COLUMN tiktok_ops.sync_windows.pages IS 'Pages read in all attempts.';
COMMENT ON COLUMN tiktok_ops.sync_windows.rows_written IS 'Rows added or changed in all tables.';
COMMENT ON COLUMN tiktok_ops.sync_windows.started_at IS 'When the pull began.';
COMMENT ON COLUMN tiktok_ops.sync_windows.finished_at IS 'When the verdict was given.';
COMMENT ON COLUMN tiktok_ops.sync_windows.run_id IS 'The run that pulled it.';
CREATE INDEX sync_windows_by_start ON tiktok_ops.sync_windows (shop_id, stream, time_field, window_start);

CREATE TABLE tiktok_ops.tiktok_api_logs (
    log_id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    shop_id TEXT,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    api_version TEXT,
    attempt INTEGER NOT NULL,
    http_status INTEGER NOT NULL,
    code INTEGER,
    request_id TEXT,
    duration_ms INTEGER NOT NULL,
    waited_ms INTEGER NOT NULL,
    error TEXT,
    run_id TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (log_id)
);
COMMENT ON TABLE tiktok_ops.tiktok_api_logs IS 'Every attempt of every call, without secrets or buyer data.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.log_id IS 'Our number.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.started_at IS 'When the attempt was sent.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.method IS 'HTTP method.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.path IS 'Path, without the query.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.api_version IS 'Version in the path.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.attempt IS '1 for the first.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.http_status IS '0 when no answer came.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.code IS 'TikTok''s code: 0 is success; null without an envelope.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.request_id IS 'TikTok''s id of the call.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.duration_ms IS 'From sending to the last byte.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.waited_ms IS 'Waited before, to keep the limit.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.error IS 'What went wrong, without secrets.';
COMMENT ON COLUMN tiktok_ops.tiktok_api_logs.run_id IS 'The run that called.';
CREATE INDEX tiktok_api_logs_by_time ON tiktok_ops.tiktok_api_logs (started_at);

CREATE TABLE tiktok_raw.pages (
    page_id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    shop_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    request JSONB,
    request_id TEXT DEFAULT '' NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    record_count INTEGER NOT NULL,
    body BYTEA NOT NULL,
    run_id TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (page_id)
);
COMMENT ON TABLE tiktok_raw.pages IS 'One page of an answer, kept when it added or changed a row.';
COMMENT ON COLUMN tiktok_raw.pages.page_id IS 'Our number.';
COMMENT ON COLUMN tiktok_raw.pages.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_raw.pages.stream IS 'What was asked for: orders, …';
COMMENT ON COLUMN tiktok_raw.pages.request IS 'Method, path, query and body, less every secret.';
COMMENT ON COLUMN tiktok_raw.pages.request_id IS 'TikTok''s id of the call.';
COMMENT ON COLUMN tiktok_raw.pages.fetched_at IS 'When the answer was asked for.';
COMMENT ON COLUMN tiktok_raw.pages.record_count IS 'Records in the answer.';
COMMENT ON COLUMN tiktok_raw.pages.body IS 'The answer''s data, less buyer data: JSON, zstd.';
COMMENT ON COLUMN tiktok_raw.pages.run_id IS 'The run that asked.';
CREATE INDEX pages_by_fetch ON tiktok_raw.pages (shop_id, stream, fetched_at);

ALTER TABLE tiktok_raw.pages ALTER body SET STORAGE EXTERNAL;
