CREATE TABLE tiktok.cancellation_lines (
    shop_id TEXT NOT NULL,
    cancellation_line_id TEXT NOT NULL,
    order_id TEXT,
    order_line_id TEXT,
    line_number SMALLINT,
    sku_id TEXT,
    seller_sku TEXT,
    product_name TEXT,
    sku_name TEXT,
    currency TEXT,
    refund_total NUMERIC,
    refund_subtotal NUMERIC,
    refund_shipping_fee NUMERIC,
    refund_tax NUMERIC,
    retail_delivery_fee NUMERIC,
    buyer_service_fee NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cancellation_id TEXT,
    PRIMARY KEY (shop_id, cancellation_line_id)
);
COMMENT ON TABLE tiktok.cancellation_lines IS 'One row per unit that a cancellation is about.';
COMMENT ON COLUMN tiktok.cancellation_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.cancellation_lines.cancellation_line_id IS 'TikTok''s id of the cancellation''s line.';
COMMENT ON COLUMN tiktok.cancellation_lines.order_id IS 'The order that the cancellation is about.';
COMMENT ON COLUMN tiktok.cancellation_lines.order_line_id IS 'The unit: tiktok.order_lines.line_id.';
COMMENT ON COLUMN tiktok.cancellation_lines.line_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.cancellation_lines.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.cancellation_lines.seller_sku IS 'The seller''s own code.';
COMMENT ON COLUMN tiktok.cancellation_lines.product_name IS 'As shown to the buyer.';
COMMENT ON COLUMN tiktok.cancellation_lines.sku_name IS 'Variant, as shown to the buyer.';
COMMENT ON COLUMN tiktok.cancellation_lines.currency IS 'ISO 4217 code of the refund amounts.';
COMMENT ON COLUMN tiktok.cancellation_lines.refund_total IS 'What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.';
COMMENT ON COLUMN tiktok.cancellation_lines.refund_subtotal IS 'Goods refunded, after discounts.';
COMMENT ON COLUMN tiktok.cancellation_lines.refund_shipping_fee IS 'Shipping refunded.';
COMMENT ON COLUMN tiktok.cancellation_lines.refund_tax IS 'Tax refunded; 0 where prices include it.';
COMMENT ON COLUMN tiktok.cancellation_lines.retail_delivery_fee IS 'Retail delivery fee refunded (Colorado, US).';
COMMENT ON COLUMN tiktok.cancellation_lines.buyer_service_fee IS 'Service fee refunded (Indonesia).';
COMMENT ON COLUMN tiktok.cancellation_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.cancellation_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.cancellation_lines.synced_at IS 'When the answer that last changed the row was asked for.';
COMMENT ON COLUMN tiktok.cancellation_lines.cancellation_id IS 'The cancellation it belongs to.';
CREATE INDEX cancellation_lines_by_cancellation ON tiktok.cancellation_lines (shop_id, cancellation_id);
CREATE INDEX cancellation_lines_by_order_line ON tiktok.cancellation_lines (shop_id, order_line_id);

CREATE TABLE tiktok.cancellations (
    shop_id TEXT NOT NULL,
    cancellation_id TEXT NOT NULL,
    order_id TEXT,
    status TEXT,
    type TEXT,
    initiator TEXT,
    reason TEXT,
    reason_text TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    should_replenish_stock BOOLEAN,
    currency TEXT,
    refund_total NUMERIC,
    refund_subtotal NUMERIC,
    refund_shipping_fee NUMERIC,
    refund_tax NUMERIC,
    retail_delivery_fee NUMERIC,
    buyer_service_fee NUMERIC,
    next_action TEXT,
    next_action_due_at TIMESTAMP WITH TIME ZONE,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, cancellation_id)
);
COMMENT ON TABLE tiktok.cancellations IS 'One row per request to cancel an order or lines of it, in its newest known state.';
COMMENT ON COLUMN tiktok.cancellations.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.cancellations.cancellation_id IS 'TikTok''s id of the request (cancel_id).';
COMMENT ON COLUMN tiktok.cancellations.order_id IS 'The order; an order may have several, each for some lines.';
COMMENT ON COLUMN tiktok.cancellations.status IS 'CANCELLATION_REQUEST_PENDING: asked for; _SUCCESS: granted, money not back yet; _CANCEL: withdrawn; _COMPLETE: done.';
COMMENT ON COLUMN tiktok.cancellations.type IS 'CANCEL: by seller or system; BUYER_CANCEL: by the buyer.';
COMMENT ON COLUMN tiktok.cancellations.initiator IS 'BUYER, SELLER, SYSTEM or OPERATOR (role).';
COMMENT ON COLUMN tiktok.cancellations.reason IS 'TikTok''s code of the reason.';
COMMENT ON COLUMN tiktok.cancellations.reason_text IS 'The reason in words, English.';
COMMENT ON COLUMN tiktok.cancellations.created_at IS 'When it was asked for.';
COMMENT ON COLUMN tiktok.cancellations.updated_at IS 'TikTok''s update time: the last change of the status.';
COMMENT ON COLUMN tiktok.cancellations.should_replenish_stock IS 'Whether the goods go back into stock.';
COMMENT ON COLUMN tiktok.cancellations.currency IS 'ISO 4217 code of the refund amounts.';
COMMENT ON COLUMN tiktok.cancellations.refund_total IS 'What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.';
COMMENT ON COLUMN tiktok.cancellations.refund_subtotal IS 'Goods refunded, after discounts.';
COMMENT ON COLUMN tiktok.cancellations.refund_shipping_fee IS 'Shipping refunded.';
COMMENT ON COLUMN tiktok.cancellations.refund_tax IS 'Tax refunded; 0 where prices include it.';
COMMENT ON COLUMN tiktok.cancellations.retail_delivery_fee IS 'Retail delivery fee refunded (Colorado, US).';
COMMENT ON COLUMN tiktok.cancellations.buyer_service_fee IS 'Service fee refunded (Indonesia).';
COMMENT ON COLUMN tiktok.cancellations.next_action IS 'What the seller has to do next, e.g. SELLER_RESPOND_CANCEL.';
COMMENT ON COLUMN tiktok.cancellations.next_action_due_at IS 'Until when; after that TikTok decides.';
COMMENT ON COLUMN tiktok.cancellations.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.cancellations.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.cancellations.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.cancellations.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.cancellations.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX cancellations_by_order ON tiktok.cancellations (shop_id, order_id);
CREATE INDEX cancellations_by_update ON tiktok.cancellations (shop_id, updated_at);

CREATE TABLE tiktok.return_histories (
    shop_id TEXT NOT NULL,
    return_id TEXT NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, return_id)
);
COMMENT ON TABLE tiktok.return_histories IS 'Returns whose history was read, one row each; synced_at says when it was last found changed. What happened stands in tiktok.return_records.';
COMMENT ON COLUMN tiktok.return_histories.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.return_histories.return_id IS 'The return.';
COMMENT ON COLUMN tiktok.return_histories.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.return_histories.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.return_histories.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.return_histories.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.return_histories.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.return_lines (
    shop_id TEXT NOT NULL,
    return_line_id TEXT NOT NULL,
    order_id TEXT,
    order_line_id TEXT,
    line_number SMALLINT,
    sku_id TEXT,
    seller_sku TEXT,
    product_name TEXT,
    sku_name TEXT,
    currency TEXT,
    refund_total NUMERIC,
    refund_subtotal NUMERIC,
    refund_shipping_fee NUMERIC,
    refund_tax NUMERIC,
    retail_delivery_fee NUMERIC,
    buyer_service_fee NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    return_id TEXT,
    PRIMARY KEY (shop_id, return_line_id)
);
COMMENT ON TABLE tiktok.return_lines IS 'One row per unit that a return is about.';
COMMENT ON COLUMN tiktok.return_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.return_lines.return_line_id IS 'TikTok''s id of the return''s line.';
COMMENT ON COLUMN tiktok.return_lines.order_id IS 'The order that the return is about.';
COMMENT ON COLUMN tiktok.return_lines.order_line_id IS 'The unit: tiktok.order_lines.line_id.';
COMMENT ON COLUMN tiktok.return_lines.line_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.return_lines.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.return_lines.seller_sku IS 'The seller''s own code.';
COMMENT ON COLUMN tiktok.return_lines.product_name IS 'As shown to the buyer.';
COMMENT ON COLUMN tiktok.return_lines.sku_name IS 'Variant, as shown to the buyer.';
COMMENT ON COLUMN tiktok.return_lines.currency IS 'ISO 4217 code of the refund amounts.';
COMMENT ON COLUMN tiktok.return_lines.refund_total IS 'What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.';
COMMENT ON COLUMN tiktok.return_lines.refund_subtotal IS 'Goods refunded, after discounts.';
COMMENT ON COLUMN tiktok.return_lines.refund_shipping_fee IS 'Shipping refunded.';
COMMENT ON COLUMN tiktok.return_lines.refund_tax IS 'Tax refunded; 0 where prices include it.';
COMMENT ON COLUMN tiktok.return_lines.retail_delivery_fee IS 'Retail delivery fee refunded (Colorado, US).';
COMMENT ON COLUMN tiktok.return_lines.buyer_service_fee IS 'Service fee refunded (Indonesia).';
COMMENT ON COLUMN tiktok.return_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.return_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.return_lines.synced_at IS 'When the answer that last changed the row was asked for.';
COMMENT ON COLUMN tiktok.return_lines.return_id IS 'The return it belongs to.';
CREATE INDEX return_lines_by_order_line ON tiktok.return_lines (shop_id, order_line_id);
CREATE INDEX return_lines_by_return ON tiktok.return_lines (shop_id, return_id);

CREATE TABLE tiktok.return_records (
    shop_id TEXT NOT NULL,
    return_id TEXT NOT NULL,
    record_number INTEGER NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE,
    event TEXT,
    role TEXT,
    description TEXT,
    reason_text TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, return_id, record_number)
);
COMMENT ON TABLE tiktok.return_records IS 'What happened to a return, one row per step, by Get Return Records. The notes, images and videos of buyer and seller are kept nowhere.';
COMMENT ON COLUMN tiktok.return_records.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.return_records.return_id IS 'The return that it happened to.';
COMMENT ON COLUMN tiktok.return_records.record_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.return_records.happened_at IS 'When it happened (create_time).';
COMMENT ON COLUMN tiktok.return_records.event IS 'What happened, e.g. ORDER_RETURN: the request was made.';
COMMENT ON COLUMN tiktok.return_records.role IS 'Who did it, e.g. Buyer, Seller, Operator, System.';
COMMENT ON COLUMN tiktok.return_records.description IS 'The same in words, by TikTok.';
COMMENT ON COLUMN tiktok.return_records.reason_text IS 'The reason that was given, in TikTok''s words.';
COMMENT ON COLUMN tiktok.return_records.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.return_records.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.return_records.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.returns (
    shop_id TEXT NOT NULL,
    return_id TEXT NOT NULL,
    order_id TEXT,
    status TEXT,
    type TEXT,
    initiator TEXT,
    reason TEXT,
    reason_text TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    arbitration_status TEXT,
    currency TEXT,
    refund_total NUMERIC,
    refund_subtotal NUMERIC,
    refund_shipping_fee NUMERIC,
    refund_tax NUMERIC,
    retail_delivery_fee NUMERIC,
    buyer_service_fee NUMERIC,
    partial_refund_currency TEXT,
    partial_refund_amount NUMERIC,
    is_partial_refund_rejected BOOLEAN,
    discount_currency TEXT,
    product_seller_discount NUMERIC,
    product_platform_discount NUMERIC,
    shipping_fee_seller_discount NUMERIC,
    shipping_fee_platform_discount NUMERIC,
    return_shipping_currency TEXT,
    seller_paid_return_shipping_fee NUMERIC,
    platform_paid_return_shipping_fee NUMERIC,
    buyer_paid_return_shipping_fee NUMERIC,
    shipment_type TEXT,
    handover_method TEXT,
    return_method TEXT,
    shipping_provider_id TEXT,
    shipping_provider TEXT,
    tracking_number TEXT,
    shipping_document_type TEXT,
    return_warehouse_address TEXT,
    can_buyer_keep_item BOOLEAN,
    is_quick_refund BOOLEAN,
    is_combined_return BOOLEAN,
    combined_return_id TEXT,
    previous_return_id TEXT,
    next_return_id TEXT,
    seller_proposed_type TEXT,
    next_action TEXT,
    next_action_due_at TIMESTAMP WITH TIME ZONE,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, return_id)
);
COMMENT ON TABLE tiktok.returns IS 'One row per request to return goods, or to refund or replace them, in its newest known state.';
COMMENT ON COLUMN tiktok.returns.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.returns.return_id IS 'TikTok''s id of the request.';
COMMENT ON COLUMN tiktok.returns.order_id IS 'The order that goods of come back, or that is refunded.';
COMMENT ON COLUMN tiktok.returns.status IS 'Newest known status, e.g. RETURN_OR_REFUND_REQUEST_PENDING, AWAITING_BUYER_SHIP; money is back with RETURN_OR_REFUND_REQUEST_COMPLETE or REPLACEMENT_REQUEST_REFUND_SUCCESS.';
COMMENT ON COLUMN tiktok.returns.type IS 'REFUND: money alone; RETURN_AND_REFUND: goods come back; REPLACEMENT, EXCHANGE: goods are sent again.';
COMMENT ON COLUMN tiktok.returns.initiator IS 'BUYER, SELLER, OPERATOR or SYSTEM (role).';
COMMENT ON COLUMN tiktok.returns.reason IS 'TikTok''s code of the reason.';
COMMENT ON COLUMN tiktok.returns.reason_text IS 'The reason in words, English.';
COMMENT ON COLUMN tiktok.returns.created_at IS 'When it was asked for.';
COMMENT ON COLUMN tiktok.returns.updated_at IS 'TikTok''s update time: the last change.';
COMMENT ON COLUMN tiktok.returns.arbitration_status IS 'TikTok as judge: IN_PROGRESS, SUPPORT_BUYER, SUPPORT_SELLER or CLOSED.';
COMMENT ON COLUMN tiktok.returns.currency IS 'ISO 4217 code of the refund amounts.';
COMMENT ON COLUMN tiktok.returns.refund_total IS 'What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.';
COMMENT ON COLUMN tiktok.returns.refund_subtotal IS 'Goods refunded, after discounts.';
COMMENT ON COLUMN tiktok.returns.refund_shipping_fee IS 'Shipping refunded.';
COMMENT ON COLUMN tiktok.returns.refund_tax IS 'Tax refunded; 0 where prices include it.';
COMMENT ON COLUMN tiktok.returns.retail_delivery_fee IS 'Retail delivery fee refunded (Colorado, US).';
COMMENT ON COLUMN tiktok.returns.buyer_service_fee IS 'Service fee refunded (Indonesia).';
COMMENT ON COLUMN tiktok.returns.partial_refund_currency IS 'ISO 4217 code of partial_refund_amount.';
COMMENT ON COLUMN tiktok.returns.partial_refund_amount IS 'What the seller offers instead of all.';
COMMENT ON COLUMN tiktok.returns.is_partial_refund_rejected IS 'Whether the buyer refused that offer.';
COMMENT ON COLUMN tiktok.returns.discount_currency IS 'ISO 4217 code of the four discounts.';
COMMENT ON COLUMN tiktok.returns.product_seller_discount IS 'Seller''s discount on the goods that come back.';
COMMENT ON COLUMN tiktok.returns.product_platform_discount IS 'TikTok''s discount on them.';
COMMENT ON COLUMN tiktok.returns.shipping_fee_seller_discount IS 'Seller''s discount on their shipping.';
COMMENT ON COLUMN tiktok.returns.shipping_fee_platform_discount IS 'TikTok''s discount on their shipping.';
COMMENT ON COLUMN tiktok.returns.return_shipping_currency IS 'ISO 4217 code of the three fees below.';
COMMENT ON COLUMN tiktok.returns.seller_paid_return_shipping_fee IS 'Way back, paid by the seller.';
COMMENT ON COLUMN tiktok.returns.platform_paid_return_shipping_fee IS 'Way back, paid by TikTok.';
COMMENT ON COLUMN tiktok.returns.buyer_paid_return_shipping_fee IS 'Way back, paid by the buyer.';
COMMENT ON COLUMN tiktok.returns.shipment_type IS 'PLATFORM: TikTok ships it back; BUYER_ARRANGE.';
COMMENT ON COLUMN tiktok.returns.handover_method IS 'DROP_OFF or PICKUP.';
COMMENT ON COLUMN tiktok.returns.return_method IS 'How it comes back, e.g. PLATFORM_SHIPPED.';
COMMENT ON COLUMN tiktok.returns.shipping_provider_id IS 'TikTok''s id of the carrier of the way back.';
COMMENT ON COLUMN tiktok.returns.shipping_provider IS 'Name of the carrier of the way back.';
COMMENT ON COLUMN tiktok.returns.tracking_number IS 'The carrier''s number of the way back.';
COMMENT ON COLUMN tiktok.returns.shipping_document_type IS 'What the parcel needs, e.g. SHIPPING_LABEL.';
COMMENT ON COLUMN tiktok.returns.return_warehouse_address IS 'Where it is sent: the seller''s address.';
COMMENT ON COLUMN tiktok.returns.can_buyer_keep_item IS 'Refunded without the goods coming back.';
COMMENT ON COLUMN tiktok.returns.is_quick_refund IS 'Refunded before the goods are back.';
COMMENT ON COLUMN tiktok.returns.is_combined_return IS 'One parcel with other returns.';
COMMENT ON COLUMN tiktok.returns.combined_return_id IS 'What the returns of one parcel share; 0 for none.';
COMMENT ON COLUMN tiktok.returns.previous_return_id IS 'The refused request that this one follows.';
COMMENT ON COLUMN tiktok.returns.next_return_id IS 'The request that follows this refused one.';
COMMENT ON COLUMN tiktok.returns.seller_proposed_type IS 'What the seller offers instead: PARTIAL_REFUND.';
COMMENT ON COLUMN tiktok.returns.next_action IS 'What the seller has to do next, e.g. SELLER_RESPOND_REFUND.';
COMMENT ON COLUMN tiktok.returns.next_action_due_at IS 'Until when; after that TikTok decides.';
COMMENT ON COLUMN tiktok.returns.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.returns.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.returns.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.returns.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.returns.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX returns_by_order ON tiktok.returns (shop_id, order_id);
CREATE INDEX returns_by_update ON tiktok.returns (shop_id, updated_at);

CREATE TABLE tiktok.warehouses (
    shop_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    name TEXT,
    type TEXT,
    sub_type TEXT,
    status TEXT,
    is_default BOOLEAN,
    entity_id TEXT,
    region_code TEXT,
    region TEXT,
    state TEXT,
    city TEXT,
    district TEXT,
    town TEXT,
    postal_code TEXT,
    address TEXT,
    latitude TEXT,
    longitude TEXT,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, warehouse_id)
);
COMMENT ON TABLE tiktok.warehouses IS 'One row per warehouse, in its newest known state.';
COMMENT ON COLUMN tiktok.warehouses.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.warehouses.warehouse_id IS 'TikTok''s id of the warehouse.';
COMMENT ON COLUMN tiktok.warehouses.name IS 'The seller''s name of it.';
COMMENT ON COLUMN tiktok.warehouses.type IS 'SALES_WAREHOUSE or RETURN_WAREHOUSE.';
COMMENT ON COLUMN tiktok.warehouses.sub_type IS 'DOMESTIC_WAREHOUSE, CB_OVERSEA_WAREHOUSE or CB_DIRECT_SHIPPING_WAREHOUSE.';
COMMENT ON COLUMN tiktok.warehouses.status IS 'ENABLED; DISABLED: its stock is not sold; RESTRICTED: holiday or limit of orders (effect_status).';
COMMENT ON COLUMN tiktok.warehouses.is_default IS 'The one that goods are taken from unless told otherwise.';
COMMENT ON COLUMN tiktok.warehouses.entity_id IS 'The place on earth; several warehouses may share it.';
COMMENT ON COLUMN tiktok.warehouses.region_code IS 'Country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN tiktok.warehouses.region IS 'Country in words.';
COMMENT ON COLUMN tiktok.warehouses.state IS 'State or province.';
COMMENT ON COLUMN tiktok.warehouses.city IS 'City.';
COMMENT ON COLUMN tiktok.warehouses.district IS 'District (TikTok writes distict).';
COMMENT ON COLUMN tiktok.warehouses.town IS 'Town.';
COMMENT ON COLUMN tiktok.warehouses.postal_code IS 'Postal code.';
COMMENT ON COLUMN tiktok.warehouses.address IS 'The whole address in one text (full_address).';
COMMENT ON COLUMN tiktok.warehouses.latitude IS 'Degrees north, as TikTok writes them.';
COMMENT ON COLUMN tiktok.warehouses.longitude IS 'Degrees east, as TikTok writes them.';
COMMENT ON COLUMN tiktok.warehouses.deleted_at IS 'When TikTok was first seen not to list it; null: listed.';
COMMENT ON COLUMN tiktok.warehouses.deleted_reason IS 'Why deleted_at is set: not_listed.';
COMMENT ON COLUMN tiktok.warehouses.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.warehouses.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.warehouses.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.warehouses.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.warehouses.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok_ops.sync_states (
    shop_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    sync TEXT NOT NULL,
    tried_at TIMESTAMP WITH TIME ZONE,
    succeeded_at TIMESTAMP WITH TIME ZONE,
    failed_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    message TEXT,
    PRIMARY KEY (shop_id, stream)
);
COMMENT ON TABLE tiktok_ops.sync_states IS 'How the last sync of each stream of each shop ended.';
COMMENT ON COLUMN tiktok_ops.sync_states.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok_ops.sync_states.stream IS 'What is synced: orders, returns, …';
COMMENT ON COLUMN tiktok_ops.sync_states.sync IS 'The sync it is part of: sync_schedules.sync tells its rhythm.';
COMMENT ON COLUMN tiktok_ops.sync_states.tried_at IS 'When a sync last ended, well or not.';
COMMENT ON COLUMN tiktok_ops.sync_states.succeeded_at IS 'When a sync last ended well.';
COMMENT ON COLUMN tiktok_ops.sync_states.failed_at IS 'When a sync last failed.';
COMMENT ON COLUMN tiktok_ops.sync_states.reason IS 'Why the last one failed: token (the seller or the key must act), limit (TikTok lets us wait), failed (anything else); null if it ended well.';
COMMENT ON COLUMN tiktok_ops.sync_states.message IS 'What failed and what to do; null if it ended well.';
COMMENT ON COLUMN tiktok_ops.rechecks.stream IS 'orders, returns_open, …: records by id; order_windows, returns_windows, …: windows of a search; order_prices_refused, …: ids that TikTok refuses.';
COMMENT ON COLUMN tiktok_ops.rechecks.record_key IS 'The record''s id, or the window''s bounds.';
COMMENT ON COLUMN tiktok_ops.sync_windows.time_field IS 'What the window bounds: create_time, update_time, statement_time, …; listed: the time in which a whole list was read; asked: single records by id.';
