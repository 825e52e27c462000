CREATE TABLE tiktok.coupon_products (
    shop_id TEXT NOT NULL,
    coupon_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_number INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, coupon_id, product_id)
);
COMMENT ON TABLE tiktok.coupon_products IS 'The products that a coupon is for, where it is not for the whole shop.';
COMMENT ON COLUMN tiktok.coupon_products.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.coupon_products.coupon_id IS 'The coupon.';
COMMENT ON COLUMN tiktok.coupon_products.product_id IS 'TikTok''s id of a product that it is for.';
COMMENT ON COLUMN tiktok.coupon_products.product_number IS 'Place in the coupon''s list of products, from 1.';
COMMENT ON COLUMN tiktok.coupon_products.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.coupon_products.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.coupon_products.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX coupon_products_by_product ON tiktok.coupon_products (shop_id, product_id);

CREATE TABLE tiktok.coupons (
    shop_id TEXT NOT NULL,
    coupon_id TEXT NOT NULL,
    title TEXT,
    status TEXT,
    display_type TEXT,
    promo_code TEXT,
    target_buyer_segment TEXT,
    product_scope TEXT,
    creation_source TEXT,
    claim_from_at TIMESTAMP WITH TIME ZONE,
    claim_until_at TIMESTAMP WITH TIME ZONE,
    redemption_type TEXT,
    redeem_from_at TIMESTAMP WITH TIME ZONE,
    redeem_until_at TIMESTAMP WITH TIME ZONE,
    redeem_within INTEGER,
    discount_type TEXT,
    discount_pct NUMERIC,
    reduction_amount NUMERIC,
    max_discount_amount NUMERIC,
    threshold_type TEXT,
    min_spend_amount NUMERIC,
    currency TEXT,
    reduction_currency TEXT,
    max_discount_currency TEXT,
    claim_limit_per_buyer INTEGER,
    claim_limit INTEGER,
    redemption_limit INTEGER,
    claimed_count INTEGER,
    redeemed_count INTEGER,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, coupon_id)
);
COMMENT ON TABLE tiktok.coupons IS 'One row per coupon of the shop, by Get Coupon.';
COMMENT ON COLUMN tiktok.coupons.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.coupons.coupon_id IS 'TikTok''s id of the coupon.';
COMMENT ON COLUMN tiktok.coupons.title IS 'The seller''s name for it.';
COMMENT ON COLUMN tiktok.coupons.status IS 'Newest known status: NOT_START, ONGOING, EXPIRED or DEACTIVATED.';
COMMENT ON COLUMN tiktok.coupons.display_type IS 'Where buyers meet it: REGULAR, LIVE, CREATOR_EXCLUSIVE, CHAT or PROMO_CODE.';
COMMENT ON COLUMN tiktok.coupons.promo_code IS 'The code that buyers type in, for a PROMO_CODE.';
COMMENT ON COLUMN tiktok.coupons.target_buyer_segment IS 'For whom: ALL, or a group by TikTok''s word.';
COMMENT ON COLUMN tiktok.coupons.product_scope IS 'For what: FULL_SHOP, or the products in coupon_products.';
COMMENT ON COLUMN tiktok.coupons.creation_source IS 'Where it was set up, e.g. SELLER_CENTER.';
COMMENT ON COLUMN tiktok.coupons.claim_from_at IS 'From when buyers can claim it.';
COMMENT ON COLUMN tiktok.coupons.claim_until_at IS 'Until when buyers can claim it.';
COMMENT ON COLUMN tiktok.coupons.redemption_type IS 'ABSOLUTE: between the two moments; RELATIVE: a while.';
COMMENT ON COLUMN tiktok.coupons.redeem_from_at IS 'From when it can be redeemed.';
COMMENT ON COLUMN tiktok.coupons.redeem_until_at IS 'Until when it can be redeemed.';
COMMENT ON COLUMN tiktok.coupons.redeem_within IS 'How long it can be redeemed once claimed, for RELATIVE; the unit is TikTok''s and undocumented.';
COMMENT ON COLUMN tiktok.coupons.discount_type IS 'How it reduces the price: PERCENT_OFF, or an amount.';
COMMENT ON COLUMN tiktok.coupons.discount_pct IS 'What is taken off, in percent, for PERCENT_OFF.';
COMMENT ON COLUMN tiktok.coupons.reduction_amount IS 'What is taken off, in reduction_currency.';
COMMENT ON COLUMN tiktok.coupons.max_discount_amount IS 'Most that is taken off, in max_discount_currency.';
COMMENT ON COLUMN tiktok.coupons.threshold_type IS 'What the buyer must reach, e.g. MIN_SPEND.';
COMMENT ON COLUMN tiktok.coupons.min_spend_amount IS 'Least that the buyer must spend, in currency.';
COMMENT ON COLUMN tiktok.coupons.currency IS 'ISO 4217 code of min_spend_amount.';
COMMENT ON COLUMN tiktok.coupons.reduction_currency IS 'ISO 4217 code of reduction_amount.';
COMMENT ON COLUMN tiktok.coupons.max_discount_currency IS 'ISO 4217 code of max_discount_amount.';
COMMENT ON COLUMN tiktok.coupons.claim_limit_per_buyer IS 'How often one buyer can claim it.';
COMMENT ON COLUMN tiktok.coupons.claim_limit IS 'How often it can be claimed in all.';
COMMENT ON COLUMN tiktok.coupons.redemption_limit IS 'How often it can be redeemed.';
COMMENT ON COLUMN tiktok.coupons.claimed_count IS 'How often it was claimed so far.';
COMMENT ON COLUMN tiktok.coupons.redeemed_count IS 'How often it was redeemed so far.';
COMMENT ON COLUMN tiktok.coupons.created_at IS 'When the seller set it up, to the millisecond.';
COMMENT ON COLUMN tiktok.coupons.updated_at IS 'TikTok''s update time of it, to the millisecond.';
COMMENT ON COLUMN tiktok.coupons.deleted_at IS 'When TikTok was first seen not to list it; null: listed.';
COMMENT ON COLUMN tiktok.coupons.deleted_reason IS 'Why deleted_at is set: not_listed.';
COMMENT ON COLUMN tiktok.coupons.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.coupons.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.coupons.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.coupons.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.coupons.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.order_tracking (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.order_tracking IS 'Orders whose tracking was read, one row each; synced_at says when it was last found changed. The events stand in tiktok.tracking_events.';
COMMENT ON COLUMN tiktok.order_tracking.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_tracking.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_tracking.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.order_tracking.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.order_tracking.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_tracking.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_tracking.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.package_details (
    shop_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE,
    status TEXT,
    sub_status TEXT,
    ship_exception_reason TEXT,
    split_and_combine_tag TEXT,
    has_multi_skus BOOLEAN,
    note_tag TEXT,
    shipping_type TEXT,
    handover_method TEXT,
    pickup_from_at TIMESTAMP WITH TIME ZONE,
    pickup_until_at TIMESTAMP WITH TIME ZONE,
    delivery_option_id TEXT,
    delivery_option_name TEXT,
    warehouse_id TEXT,
    last_mile_tracking_number TEXT,
    weight NUMERIC,
    weight_unit TEXT,
    length NUMERIC,
    width NUMERIC,
    height NUMERIC,
    dimension_unit TEXT,
    is_insured BOOLEAN,
    insured_amount NUMERIC,
    is_claim_eligible BOOLEAN,
    claim_status TEXT,
    sender_address TEXT,
    sender_postal_code TEXT,
    sender_region_code TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, package_id)
);
COMMENT ON TABLE tiktok.package_details IS 'What Get Package Detail tells beyond tiktok.packages, one row per package; what it repeats (orders, units, carrier) stands in extra. The recipient is the one of its orders: tiktok.order_recipients.';
COMMENT ON COLUMN tiktok.package_details.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.package_details.package_id IS 'TikTok''s id of the package.';
COMMENT ON COLUMN tiktok.package_details.updated_at IS 'Update time of the package when its details were read.';
COMMENT ON COLUMN tiktok.package_details.status IS 'Its status then; the newest one is in tiktok.packages.';
COMMENT ON COLUMN tiktok.package_details.sub_status IS 'Finer status, in TikTok''s mixed spelling: RTS_success, Delivery, … (package_sub_status).';
COMMENT ON COLUMN tiktok.package_details.ship_exception_reason IS 'Why the delivery failed: PACKAGE_LOST, RETURNED_TO_SHIPPER, …';
COMMENT ON COLUMN tiktok.package_details.split_and_combine_tag IS 'Whether its order was split (SPLIT), or it holds several orders (COMBINE, COMBINED); else DEFAULT or NONE.';
COMMENT ON COLUMN tiktok.package_details.has_multi_skus IS 'Whether it holds more than one SKU.';
COMMENT ON COLUMN tiktok.package_details.note_tag IS 'BUYER_NOTED or BUYER_UNNOTED: whether the buyer left a note.';
COMMENT ON COLUMN tiktok.package_details.shipping_type IS 'Who ships: TIKTOK or SELLER.';
COMMENT ON COLUMN tiktok.package_details.handover_method IS 'How the carrier gets it: PICKUP or DROP_OFF.';
COMMENT ON COLUMN tiktok.package_details.pickup_from_at IS 'Start of the slot in which the carrier picks it up.';
COMMENT ON COLUMN tiktok.package_details.pickup_until_at IS 'End of that slot.';
COMMENT ON COLUMN tiktok.package_details.delivery_option_id IS 'TikTok''s id of the delivery option.';
COMMENT ON COLUMN tiktok.package_details.delivery_option_name IS 'The delivery option, as shown to the buyer.';
COMMENT ON COLUMN tiktok.package_details.warehouse_id IS 'The warehouse that ships it: tiktok.warehouses.';
COMMENT ON COLUMN tiktok.package_details.last_mile_tracking_number IS 'Number of the carrier of the last mile, for parcels across borders.';
COMMENT ON COLUMN tiktok.package_details.weight IS 'Weight, in weight_unit.';
COMMENT ON COLUMN tiktok.package_details.weight_unit IS 'Unit of the weight, e.g. GRAM, KG or POUND.';
COMMENT ON COLUMN tiktok.package_details.length IS 'Longest side, in dimension_unit.';
COMMENT ON COLUMN tiktok.package_details.width IS 'Width, in dimension_unit.';
COMMENT ON COLUMN tiktok.package_details.height IS 'Height, in dimension_unit.';
COMMENT ON COLUMN tiktok.package_details.dimension_unit IS 'Unit of length, width and height: CM or INCH.';
COMMENT ON COLUMN tiktok.package_details.is_insured IS 'Whether the seller bought insurance (US).';
COMMENT ON COLUMN tiktok.package_details.insured_amount IS 'Amount that is insured, in USD.';
COMMENT ON COLUMN tiktok.package_details.is_claim_eligible IS 'Whether a claim on the insurance may be filed.';
COMMENT ON COLUMN tiktok.package_details.claim_status IS 'State of that claim: NOT_STARTED, CLAIM_PENDING, …';
COMMENT ON COLUMN tiktok.package_details.sender_address IS 'Whence it is sent: the seller''s address in one text.';
COMMENT ON COLUMN tiktok.package_details.sender_postal_code IS 'The sender''s postal code.';
COMMENT ON COLUMN tiktok.package_details.sender_region_code IS 'The sender''s country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN tiktok.package_details.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.package_details.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.package_details.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.package_details.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.package_details.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.package_lines (
    shop_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    line_number INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, package_id, line_id)
);
COMMENT ON TABLE tiktok.package_lines IS 'Which units travel in which package, by TikTok''s order_line_item_ids; the order of a unit stands in tiktok.order_lines.';
COMMENT ON COLUMN tiktok.package_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.package_lines.package_id IS 'The package.';
COMMENT ON COLUMN tiktok.package_lines.line_id IS 'The order line (one unit) in it: tiktok.order_lines.line_id.';
COMMENT ON COLUMN tiktok.package_lines.line_number IS 'Place in the package''s list of units, from 1.';
COMMENT ON COLUMN tiktok.package_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.package_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.package_lines.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX package_lines_by_line ON tiktok.package_lines (shop_id, line_id);

CREATE TABLE tiktok.package_orders (
    shop_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    order_number INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, package_id, order_id)
);
COMMENT ON TABLE tiktok.package_orders IS 'Which orders travel in which package, many to many: a split order has several packages, a combined package several orders.';
COMMENT ON COLUMN tiktok.package_orders.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.package_orders.package_id IS 'The package.';
COMMENT ON COLUMN tiktok.package_orders.order_id IS 'An order of which something travels in the package.';
COMMENT ON COLUMN tiktok.package_orders.order_number IS 'Place in the package''s list of orders, from 1.';
COMMENT ON COLUMN tiktok.package_orders.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.package_orders.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.package_orders.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX package_orders_by_order ON tiktok.package_orders (shop_id, order_id);

CREATE TABLE tiktok.package_skus (
    shop_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    sku_number INTEGER,
    sku_name TEXT,
    image_url TEXT,
    quantity INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, package_id, order_id, sku_id)
);
COMMENT ON TABLE tiktok.package_skus IS 'What a package holds, counted by order and SKU. TikTok calls this list deprecated: tiktok.package_lines says the same unit by unit.';
COMMENT ON COLUMN tiktok.package_skus.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.package_skus.package_id IS 'The package.';
COMMENT ON COLUMN tiktok.package_skus.order_id IS 'The order that the units belong to.';
COMMENT ON COLUMN tiktok.package_skus.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.package_skus.sku_number IS 'Place in the list of that order''s SKUs, from 1.';
COMMENT ON COLUMN tiktok.package_skus.sku_name IS 'The variant, as shown to the buyer.';
COMMENT ON COLUMN tiktok.package_skus.image_url IS 'Address of the SKU''s picture.';
COMMENT ON COLUMN tiktok.package_skus.quantity IS 'Units of the SKU of that order in the package.';
COMMENT ON COLUMN tiktok.package_skus.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.package_skus.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.package_skus.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX package_skus_by_sku ON tiktok.package_skus (shop_id, sku_id);

CREATE TABLE tiktok.packages (
    shop_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    status TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    tracking_number TEXT,
    shipping_provider TEXT,
    shipping_provider_id TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, package_id)
);
COMMENT ON TABLE tiktok.packages IS 'One row per package, in its newest known state, by Search Package. An order may have several packages, and a package several orders: see tiktok.package_orders. Weight, size, pick-up and sender: tiktok.package_details.';
COMMENT ON COLUMN tiktok.packages.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.packages.package_id IS 'TikTok''s id of the package.';
COMMENT ON COLUMN tiktok.packages.status IS 'Newest known status: TO_FULFILL (to be shipped by the seller), PROCESSING (ready, awaiting the carrier), FULFILLING (on its way), COMPLETED (delivered) or CANCELLED.';
COMMENT ON COLUMN tiktok.packages.created_at IS 'When the package came to be: when its order had to be sent.';
COMMENT ON COLUMN tiktok.packages.updated_at IS 'TikTok''s update time: the last change of the package.';
COMMENT ON COLUMN tiktok.packages.tracking_number IS 'The carrier''s number; empty until it is shipped.';
COMMENT ON COLUMN tiktok.packages.shipping_provider IS 'The carrier''s name (shipping_provider_name).';
COMMENT ON COLUMN tiktok.packages.shipping_provider_id IS 'TikTok''s id of the carrier.';
COMMENT ON COLUMN tiktok.packages.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.packages.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.packages.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.packages.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.packages.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX packages_by_creation ON tiktok.packages (shop_id, created_at);
CREATE INDEX packages_by_tracking_number ON tiktok.packages (shop_id, tracking_number);
CREATE INDEX packages_by_update ON tiktok.packages (shop_id, updated_at);

CREATE TABLE tiktok.promotion_products (
    shop_id TEXT NOT NULL,
    promotion_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_number INTEGER,
    discount_pct NUMERIC,
    price NUMERIC,
    currency TEXT,
    quantity_limit INTEGER,
    quantity_per_user INTEGER,
    used_quantity INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, promotion_id, product_id)
);
COMMENT ON TABLE tiktok.promotion_products IS 'Which products are in a promotion, and on what terms if these are set for the product; else see tiktok.promotion_skus.';
COMMENT ON COLUMN tiktok.promotion_products.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.promotion_products.promotion_id IS 'The promotion.';
COMMENT ON COLUMN tiktok.promotion_products.product_id IS 'TikTok''s id of a product in it.';
COMMENT ON COLUMN tiktok.promotion_products.product_number IS 'Place in the promotion''s list of products, from 1.';
COMMENT ON COLUMN tiktok.promotion_products.discount_pct IS 'What is taken off, in percent of the price, as TikTok says it.';
COMMENT ON COLUMN tiktok.promotion_products.price IS 'What the product costs in the promotion, where it is fixed.';
COMMENT ON COLUMN tiktok.promotion_products.currency IS 'ISO 4217 code of the price.';
COMMENT ON COLUMN tiktok.promotion_products.quantity_limit IS 'Most units sold at this price; -1: no limit.';
COMMENT ON COLUMN tiktok.promotion_products.quantity_per_user IS 'Most units one buyer gets at this price; -1: no limit.';
COMMENT ON COLUMN tiktok.promotion_products.used_quantity IS 'Units sold at this price so far.';
COMMENT ON COLUMN tiktok.promotion_products.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.promotion_products.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.promotion_products.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX promotion_products_by_product ON tiktok.promotion_products (shop_id, product_id);

CREATE TABLE tiktok.promotion_skus (
    shop_id TEXT NOT NULL,
    promotion_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    sku_number INTEGER,
    discount_pct NUMERIC,
    price NUMERIC,
    currency TEXT,
    quantity_limit INTEGER,
    quantity_per_user INTEGER,
    used_quantity INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, promotion_id, product_id, sku_id)
);
COMMENT ON TABLE tiktok.promotion_skus IS 'Which SKUs are in a promotion, and on what terms.';
COMMENT ON COLUMN tiktok.promotion_skus.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.promotion_skus.promotion_id IS 'The promotion.';
COMMENT ON COLUMN tiktok.promotion_skus.product_id IS 'The product that the SKU belongs to.';
COMMENT ON COLUMN tiktok.promotion_skus.sku_id IS 'TikTok''s id of a SKU in it.';
COMMENT ON COLUMN tiktok.promotion_skus.sku_number IS 'Place in the list of that product''s SKUs, from 1.';
COMMENT ON COLUMN tiktok.promotion_skus.discount_pct IS 'What is taken off, in percent of the price, as TikTok says it.';
COMMENT ON COLUMN tiktok.promotion_skus.price IS 'What the SKU costs in the promotion, where it is fixed.';
COMMENT ON COLUMN tiktok.promotion_skus.currency IS 'ISO 4217 code of the price.';
COMMENT ON COLUMN tiktok.promotion_skus.quantity_limit IS 'Most units sold at this price; -1: no limit.';
COMMENT ON COLUMN tiktok.promotion_skus.quantity_per_user IS 'Most units one buyer gets at this price; -1: no limit.';
COMMENT ON COLUMN tiktok.promotion_skus.used_quantity IS 'Units sold at this price so far.';
COMMENT ON COLUMN tiktok.promotion_skus.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.promotion_skus.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.promotion_skus.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX promotion_skus_by_sku ON tiktok.promotion_skus (shop_id, sku_id);

CREATE TABLE tiktok.promotions (
    shop_id TEXT NOT NULL,
    promotion_id TEXT NOT NULL,
    title TEXT,
    promotion_type TEXT,
    status TEXT,
    product_level TEXT,
    duration_type TEXT,
    begins_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    target_user_type TEXT,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, promotion_id)
);
COMMENT ON TABLE tiktok.promotions IS 'One row per promotion of the shop, by Get Activity. Discounts by quantity, for shipping or with gifts stand in extra, under discount.';
COMMENT ON COLUMN tiktok.promotions.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.promotions.promotion_id IS 'TikTok''s id of the promotion (activity_id).';
COMMENT ON COLUMN tiktok.promotions.title IS 'The seller''s name for it.';
COMMENT ON COLUMN tiktok.promotions.promotion_type IS 'DIRECT_DISCOUNT, FLASHSALE, FIXED_PRICE, SHIPPING_DISCOUNT, BUY_MORE_SAVE_MORE, GIFT_WITH_PURCHASE or BUY_X_GET_Y (activity_type).';
COMMENT ON COLUMN tiktok.promotions.status IS 'Newest known status: NOT_START, ONGOING, EXPIRED or DEACTIVATED.';
COMMENT ON COLUMN tiktok.promotions.product_level IS 'What it is set for: PRODUCT, VARIATION (SKU) or SHOP.';
COMMENT ON COLUMN tiktok.promotions.duration_type IS 'Whether it ends: NORMAL, or a longer one by TikTok''s word.';
COMMENT ON COLUMN tiktok.promotions.begins_at IS 'When it begins (begin_time).';
COMMENT ON COLUMN tiktok.promotions.ends_at IS 'When it ends (end_time).';
COMMENT ON COLUMN tiktok.promotions.created_at IS 'When the seller set it up, to the millisecond.';
COMMENT ON COLUMN tiktok.promotions.updated_at IS 'TikTok''s update time of it, to the millisecond.';
COMMENT ON COLUMN tiktok.promotions.target_user_type IS 'For whom: ALL_USER, SHOP_NEW_CUSTOMER, …';
COMMENT ON COLUMN tiktok.promotions.deleted_at IS 'When TikTok was first seen not to list it; null: listed.';
COMMENT ON COLUMN tiktok.promotions.deleted_reason IS 'Why deleted_at is set: not_listed.';
COMMENT ON COLUMN tiktok.promotions.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.promotions.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.promotions.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.promotions.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.promotions.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.tracking_events (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    event_number INTEGER NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE,
    action_code INTEGER,
    description TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, event_number)
);
COMMENT ON TABLE tiktok.tracking_events IS 'What the carrier and TikTok told of an order''s parcels, one row per event, by Get Tracking.';
COMMENT ON COLUMN tiktok.tracking_events.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.tracking_events.order_id IS 'The order whose parcel it is.';
COMMENT ON COLUMN tiktok.tracking_events.event_number IS 'Place in time among the order''s events, oldest is 1.';
COMMENT ON COLUMN tiktok.tracking_events.happened_at IS 'When it happened, to the millisecond (update_time_millis).';
COMMENT ON COLUMN tiktok.tracking_events.action_code IS 'TikTok''s number for the kind of event, e.g. 20101.';
COMMENT ON COLUMN tiktok.tracking_events.description IS 'What happened, in words.';
COMMENT ON COLUMN tiktok.tracking_events.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.tracking_events.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.tracking_events.synced_at IS 'When the answer that last changed the row was asked for.';
