CREATE TABLE tiktok.aftersale_eligibilities (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.aftersale_eligibilities IS 'Orders of which it was asked what the seller may still do about them, one row each; synced_at says when the answer was last found changed. What it says stands in tiktok.aftersale_eligibility_requests. Asked while an order is open, and again when it, a return or a cancellation of it changed. Source: Return and Refund API, Get Aftersale Eligibility.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.order_id IS 'The order: tiktok.orders.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.aftersale_eligibilities.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.aftersale_eligibility_skus (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sku_number INTEGER NOT NULL,
    sku_id TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, sku_number)
);
COMMENT ON TABLE tiktok.aftersale_eligibility_skus IS 'One row per SKU of such an order.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.order_id IS 'The order: tiktok.orders.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.sku_number IS 'Place of the SKU in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_skus.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.aftersale_eligibility_requests (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sku_number INTEGER NOT NULL,
    request_number INTEGER NOT NULL,
    sku_id TEXT,
    request_type TEXT,
    is_eligible BOOLEAN,
    ineligible_code INTEGER,
    ineligible_reason TEXT,
    available_reasons JSONB,
    order_line_ids JSONB,
    order_lines JSONB,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, sku_number, request_number)
);
COMMENT ON TABLE tiktok.aftersale_eligibility_requests IS 'One row per order, SKU and type of request after the sale: whether the seller may make it as of the last answer, else why not.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.order_id IS 'The order: tiktok.orders.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.sku_number IS 'Place of the SKU in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.request_number IS 'Place in TikTok''s list of the SKU''s requests, from 1.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.request_type IS 'CANCEL, REFUND, RETURN or RETURN_AND_REFUND.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.is_eligible IS 'Whether the seller may make such a request now (eligible).';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.ineligible_code IS 'Why not: TikTok''s code.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.ineligible_reason IS 'Why not, in words.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.available_reasons IS 'TikTok''s codes of reasons that it may be made for, a list; at times a text.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.order_line_ids IS 'The units it is about: tiktok.order_lines.line_id, a list.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.order_lines IS 'The same with what is in bundles, a list of {order_line_item_id, sub_order_line_item_id} as received.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.aftersale_eligibility_requests.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX aftersale_eligibility_requests_by_sku ON tiktok.aftersale_eligibility_requests (shop_id, sku_id);

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

CREATE TABLE tiktok.reject_reasons (
    shop_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_text TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, reason)
);
COMMENT ON TABLE tiktok.reject_reasons IS 'One row per reason with which the seller may reject a request to cancel, refund or return. TikTok tells those that fit a request: a few requests of each type are asked about each day.';
COMMENT ON COLUMN tiktok.reject_reasons.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.reject_reasons.reason IS 'TikTok''s code of the reason (name).';
COMMENT ON COLUMN tiktok.reject_reasons.reason_text IS 'The reason in words, English.';
COMMENT ON COLUMN tiktok.reject_reasons.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.reject_reasons.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.reject_reasons.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.reject_reasons.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.reject_reasons.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.global_warehouses (
    shop_id TEXT NOT NULL,
    global_warehouse_id TEXT NOT NULL,
    name TEXT,
    ownership TEXT,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, global_warehouse_id)
);
COMMENT ON TABLE tiktok.global_warehouses IS 'One row per warehouse of a seller who sells across borders, the same for all shops of the seller, above those of each shop (tiktok.warehouses); other sellers have none. Source: Logistics API, Get Global Seller Warehouse, each day.';
COMMENT ON COLUMN tiktok.global_warehouses.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.global_warehouses.global_warehouse_id IS 'TikTok''s id of the global warehouse.';
COMMENT ON COLUMN tiktok.global_warehouses.name IS 'The seller''s name of it; not unique.';
COMMENT ON COLUMN tiktok.global_warehouses.ownership IS 'SELLER: the seller''s own; PLATFORM_COOPERATION: TikTok''s.';
COMMENT ON COLUMN tiktok.global_warehouses.deleted_at IS 'When TikTok was first seen not to list it; null: listed.';
COMMENT ON COLUMN tiktok.global_warehouses.deleted_reason IS 'Why deleted_at is set: not_listed.';
COMMENT ON COLUMN tiktok.global_warehouses.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.global_warehouses.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.global_warehouses.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.global_warehouses.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.global_warehouses.synced_at IS 'When the answer that last changed the row was asked for.';

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

CREATE TABLE tiktok.delivery_option_lists (
    shop_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, warehouse_id)
);
COMMENT ON TABLE tiktok.delivery_option_lists IS 'Warehouses whose delivery options were read, one row each; synced_at says when they were last found changed. They stand in tiktok.delivery_options.';
COMMENT ON COLUMN tiktok.delivery_option_lists.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.delivery_option_lists.warehouse_id IS 'The warehouse: tiktok.warehouses.';
COMMENT ON COLUMN tiktok.delivery_option_lists.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.delivery_option_lists.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.delivery_option_lists.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.delivery_option_lists.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.delivery_option_lists.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.delivery_options (
    shop_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    delivery_option_id TEXT NOT NULL,
    option_number SMALLINT,
    name TEXT,
    type TEXT,
    description TEXT,
    max_length INTEGER,
    max_width INTEGER,
    max_height INTEGER,
    dimension_unit TEXT,
    min_weight INTEGER,
    max_weight INTEGER,
    weight_unit TEXT,
    platforms JSONB,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, warehouse_id, delivery_option_id)
);
COMMENT ON TABLE tiktok.delivery_options IS 'One row per warehouse and way of delivery that is on for it, with the limits of what it carries; orders name the one that was chosen. Source: Logistics API, Get Warehouse Delivery Options, each day.';
COMMENT ON COLUMN tiktok.delivery_options.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.delivery_options.warehouse_id IS 'The warehouse: tiktok.warehouses.';
COMMENT ON COLUMN tiktok.delivery_options.delivery_option_id IS 'TikTok''s id of the way of delivery.';
COMMENT ON COLUMN tiktok.delivery_options.option_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.delivery_options.name IS 'Its name, e.g. Standard shipping.';
COMMENT ON COLUMN tiktok.delivery_options.type IS 'STANDARD, EXPRESS, ECONOMY or SEND_BY_SELLER.';
COMMENT ON COLUMN tiktok.delivery_options.description IS 'The same in more words.';
COMMENT ON COLUMN tiktok.delivery_options.max_length IS 'Longest parcel, in dimension_unit.';
COMMENT ON COLUMN tiktok.delivery_options.max_width IS 'Widest parcel, in dimension_unit.';
COMMENT ON COLUMN tiktok.delivery_options.max_height IS 'Highest parcel, in dimension_unit.';
COMMENT ON COLUMN tiktok.delivery_options.dimension_unit IS 'CM or INCH.';
COMMENT ON COLUMN tiktok.delivery_options.min_weight IS 'Lightest parcel, in weight_unit.';
COMMENT ON COLUMN tiktok.delivery_options.max_weight IS 'Heaviest parcel, in weight_unit.';
COMMENT ON COLUMN tiktok.delivery_options.weight_unit IS 'GRAM or POUND.';
COMMENT ON COLUMN tiktok.delivery_options.platforms IS 'Where it is offered, a list: TIKTOK_SHOP, TOKOPEDIA.';
COMMENT ON COLUMN tiktok.delivery_options.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.delivery_options.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.delivery_options.synced_at IS 'When the answer that last changed the row was asked for.';

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
