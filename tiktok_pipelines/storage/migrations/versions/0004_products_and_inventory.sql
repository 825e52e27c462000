CREATE TABLE tiktok.brands (
    shop_id TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    name TEXT,
    authorized_status TEXT,
    brand_status TEXT,
    is_t1_brand BOOLEAN,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, brand_id)
);
COMMENT ON TABLE tiktok.brands IS 'One row per brand that products of the shop may have.';
COMMENT ON COLUMN tiktok.brands.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.brands.brand_id IS 'TikTok''s id of the brand.';
COMMENT ON COLUMN tiktok.brands.name IS 'The brand''s name.';
COMMENT ON COLUMN tiktok.brands.authorized_status IS 'Whether the seller may use it: AUTHORIZED or UNAUTHORIZED (also spelled UNAUTHORIEZD).';
COMMENT ON COLUMN tiktok.brands.brand_status IS 'AVAILABLE or UNAVAILABLE.';
COMMENT ON COLUMN tiktok.brands.is_t1_brand IS 'Whether TikTok counts it among the internationally known.';
COMMENT ON COLUMN tiktok.brands.deleted_at IS 'When a listing first held it no longer; null: it is listed.';
COMMENT ON COLUMN tiktok.brands.deleted_reason IS 'not_listed: the newest listing does not hold it; null: it is listed.';
COMMENT ON COLUMN tiktok.brands.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.brands.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.brands.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.brands.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.brands.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.categories (
    shop_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT,
    is_leaf BOOLEAN,
    permission_statuses JSONB,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, category_id)
);
COMMENT ON TABLE tiktok.categories IS 'One row per category of the shop''s market: a tree by parent_id.';
COMMENT ON COLUMN tiktok.categories.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.categories.category_id IS 'TikTok''s id of the category.';
COMMENT ON COLUMN tiktok.categories.parent_id IS 'The category above; 0 for a root.';
COMMENT ON COLUMN tiktok.categories.name IS 'Name in the language of the market (local_name).';
COMMENT ON COLUMN tiktok.categories.is_leaf IS 'Whether products may be in it: none is below it.';
COMMENT ON COLUMN tiktok.categories.permission_statuses IS 'What the shop may do with it, a list: AVAILABLE, INVITE_ONLY, NON_MAIN_CATEGORY, PROHIBITED.';
COMMENT ON COLUMN tiktok.categories.deleted_at IS 'When a listing first held it no longer; null: it is listed.';
COMMENT ON COLUMN tiktok.categories.deleted_reason IS 'not_listed: the newest listing does not hold it; null: it is listed.';
COMMENT ON COLUMN tiktok.categories.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.categories.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.categories.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.categories.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.categories.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.category_attributes (
    shop_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    attribute_id TEXT NOT NULL,
    name TEXT,
    type TEXT,
    is_required BOOLEAN,
    is_multiple_selection BOOLEAN,
    is_customizable BOOLEAN,
    value_data_format TEXT,
    value_count INTEGER,
    values JSONB,
    requirement_conditions JSONB,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, category_id, attribute_id)
);
COMMENT ON TABLE tiktok.category_attributes IS 'One row per attribute that a product of a leaf category can or must tell.';
COMMENT ON COLUMN tiktok.category_attributes.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.category_attributes.category_id IS 'TikTok''s id of the category. Only leaf categories that the shop uses.';
COMMENT ON COLUMN tiktok.category_attributes.attribute_id IS 'TikTok''s id of the attribute.';
COMMENT ON COLUMN tiktok.category_attributes.name IS 'The attribute in words, e.g. Material.';
COMMENT ON COLUMN tiktok.category_attributes.type IS 'PRODUCT_PROPERTY: of the whole product; SALES_PROPERTY: SKUs differ by it.';
COMMENT ON COLUMN tiktok.category_attributes.is_required IS 'Whether a product must tell it (TikTok spells is_requried).';
COMMENT ON COLUMN tiktok.category_attributes.is_multiple_selection IS 'Whether it may have several values.';
COMMENT ON COLUMN tiktok.category_attributes.is_customizable IS 'Whether sellers may enter values of their own.';
COMMENT ON COLUMN tiktok.category_attributes.value_data_format IS 'Form of values entered, e.g. POSITIVE_INT_OR_DECIMAL.';
COMMENT ON COLUMN tiktok.category_attributes.value_count IS 'How many values TikTok offers.';
COMMENT ON COLUMN tiktok.category_attributes.values IS 'The values it offers, a list of {id, name} as received.';
COMMENT ON COLUMN tiktok.category_attributes.requirement_conditions IS 'When it must be told, as received.';
COMMENT ON COLUMN tiktok.category_attributes.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.category_attributes.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.category_attributes.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.category_attributes.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.category_attributes.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.category_certifications (
    shop_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    certification_id TEXT NOT NULL,
    place SMALLINT,
    name TEXT,
    is_required BOOLEAN,
    document_details TEXT,
    sample_image_url TEXT,
    requirement_conditions JSONB,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, category_id, certification_id)
);
COMMENT ON TABLE tiktok.category_certifications IS 'One row per certificate that a leaf category may ask of products.';
COMMENT ON COLUMN tiktok.category_certifications.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.category_certifications.category_id IS 'TikTok''s id of the category.';
COMMENT ON COLUMN tiktok.category_certifications.certification_id IS 'TikTok''s id of the kind of certificate.';
COMMENT ON COLUMN tiktok.category_certifications.place IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.category_certifications.name IS 'The certificate in words.';
COMMENT ON COLUMN tiktok.category_certifications.is_required IS 'Whether products must have it.';
COMMENT ON COLUMN tiktok.category_certifications.document_details IS 'What the document must tell.';
COMMENT ON COLUMN tiktok.category_certifications.sample_image_url IS 'Address of a sample; it may expire.';
COMMENT ON COLUMN tiktok.category_certifications.requirement_conditions IS 'When it must be there, as received.';
COMMENT ON COLUMN tiktok.category_certifications.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.category_certifications.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.category_certifications.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.category_rules (
    shop_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    is_cod_supported BOOLEAN,
    is_size_chart_supported BOOLEAN,
    is_size_chart_required BOOLEAN,
    is_package_dimension_required BOOLEAN,
    is_epr_required BOOLEAN,
    is_manufacturer_required BOOLEAN,
    is_responsible_person_required BOOLEAN,
    allowed_special_product_types JSONB,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, category_id)
);
COMMENT ON TABLE tiktok.category_rules IS 'One row per leaf category that the shop uses: what it asks of products.';
COMMENT ON COLUMN tiktok.category_rules.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.category_rules.category_id IS 'TikTok''s id of the category. Only leaf categories that the shop uses.';
COMMENT ON COLUMN tiktok.category_rules.is_cod_supported IS 'Whether cash on delivery may be offered.';
COMMENT ON COLUMN tiktok.category_rules.is_size_chart_supported IS 'Whether products may have a size chart.';
COMMENT ON COLUMN tiktok.category_rules.is_size_chart_required IS 'Whether products must have a size chart.';
COMMENT ON COLUMN tiktok.category_rules.is_package_dimension_required IS 'Whether the package''s size must be told.';
COMMENT ON COLUMN tiktok.category_rules.is_epr_required IS 'Whether the number of extended producer responsibility must be told; EU.';
COMMENT ON COLUMN tiktok.category_rules.is_manufacturer_required IS 'Whether the manufacturer must be told; EU.';
COMMENT ON COLUMN tiktok.category_rules.is_responsible_person_required IS 'Whether one must be told; EU.';
COMMENT ON COLUMN tiktok.category_rules.allowed_special_product_types IS 'Kinds that may be listed besides goods in stock, a list: PRE_ORDER, …';
COMMENT ON COLUMN tiktok.category_rules.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.category_rules.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.category_rules.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.category_rules.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.category_rules.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.fbt_inventory (
    shop_id TEXT NOT NULL,
    goods_id TEXT NOT NULL,
    fbt_warehouse_id TEXT NOT NULL,
    reference_code TEXT,
    name TEXT,
    on_hand INTEGER,
    available INTEGER,
    reserved INTEGER,
    unfulfillable INTEGER,
    in_transit INTEGER,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, goods_id, fbt_warehouse_id)
);
COMMENT ON TABLE tiktok.fbt_inventory IS 'One row per goods and warehouse of TikTok''s in which there is something, as of the newest sync: where there is nothing any more the row goes. Only of sellers who use Fulfilled by TikTok. Source: Search FBT Inventory, each hour.';
COMMENT ON COLUMN tiktok.fbt_inventory.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.fbt_inventory.goods_id IS 'TikTok''s id of the goods, in its own warehouses.';
COMMENT ON COLUMN tiktok.fbt_inventory.fbt_warehouse_id IS 'TikTok''s id of its warehouse.';
COMMENT ON COLUMN tiktok.fbt_inventory.reference_code IS 'The seller''s own code of the goods.';
COMMENT ON COLUMN tiktok.fbt_inventory.name IS 'Name of the goods.';
COMMENT ON COLUMN tiktok.fbt_inventory.on_hand IS 'Units in the warehouse: available, reserved and unfulfillable together.';
COMMENT ON COLUMN tiktok.fbt_inventory.available IS 'Units that can be sold; what is reserved is not in it.';
COMMENT ON COLUMN tiktok.fbt_inventory.reserved IS 'Units kept for orders, or about to go back to the seller.';
COMMENT ON COLUMN tiktok.fbt_inventory.unfulfillable IS 'Units that cannot be sold now, such as broken ones.';
COMMENT ON COLUMN tiktok.fbt_inventory.in_transit IS 'Units on their way to the warehouse, returned ones too.';
COMMENT ON COLUMN tiktok.fbt_inventory.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.fbt_inventory.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.fbt_inventory.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.fbt_inventory.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.fbt_inventory.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.fbt_inventory_skus (
    shop_id TEXT NOT NULL,
    goods_id TEXT NOT NULL,
    fbt_warehouse_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    sku_number SMALLINT,
    on_hand INTEGER,
    available INTEGER,
    reserved INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, goods_id, fbt_warehouse_id, sku_id)
);
COMMENT ON TABLE tiktok.fbt_inventory_skus IS 'One row per row of tiktok.fbt_inventory and SKU that the goods are sold as: what of them is there for it.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.goods_id IS 'TikTok''s id of the goods, in its own warehouses.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.fbt_warehouse_id IS 'TikTok''s id of its warehouse.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.sku_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.on_hand IS 'Units in the warehouse: available and reserved together.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.available IS 'Units that can be sold; what is reserved is not in it.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.reserved IS 'Units kept for orders, or about to go back to the seller.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.fbt_inventory_skus.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX fbt_inventory_skus_by_sku ON tiktok.fbt_inventory_skus (shop_id, sku_id);

CREATE TABLE tiktok.inventory_levels (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    product_id TEXT,
    place SMALLINT,
    available INTEGER,
    committed INTEGER,
    snapshot_at TIMESTAMP WITH TIME ZONE NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id, warehouse_id)
);
COMMENT ON TABLE tiktok.inventory_levels IS 'One row per SKU and warehouse: the stock as of the newest snapshot.';
COMMENT ON COLUMN tiktok.inventory_levels.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.inventory_levels.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.inventory_levels.warehouse_id IS 'The warehouse: tiktok.warehouses.';
COMMENT ON COLUMN tiktok.inventory_levels.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.inventory_levels.place IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.inventory_levels.available IS 'Units that buyers can order; what is committed is not in it.';
COMMENT ON COLUMN tiktok.inventory_levels.committed IS 'Units reserved for orders that have not left the warehouse yet.';
COMMENT ON COLUMN tiktok.inventory_levels.snapshot_at IS 'The full hour (UTC) in which the stock was read, for TikTok tells no time of its own of the newest answer.';
COMMENT ON COLUMN tiktok.inventory_levels.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.inventory_levels.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.inventory_levels.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.inventory_snapshots (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    snapshot_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    available INTEGER,
    committed INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, snapshot_at, sku_id, warehouse_id)
);
COMMENT ON TABLE tiktok.inventory_snapshots IS 'The stock of each SKU and warehouse hour by hour, kept for ever: TikTok forgets. After 30 days the last snapshot of each local day stays; sync_schedules.settings of the sync inventory, keep_hourly_days, says otherwise.';
COMMENT ON COLUMN tiktok.inventory_snapshots.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.inventory_snapshots.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.inventory_snapshots.warehouse_id IS 'The warehouse: tiktok.warehouses.';
COMMENT ON COLUMN tiktok.inventory_snapshots.snapshot_at IS 'The full hour (UTC) in which the stock was read, for TikTok tells no time of its own; of several answers of one hour the first counts.';
COMMENT ON COLUMN tiktok.inventory_snapshots.seen_at IS 'When exactly the stock was read.';
COMMENT ON COLUMN tiktok.inventory_snapshots.available IS 'Units that buyers can order; what is committed is not in it.';
COMMENT ON COLUMN tiktok.inventory_snapshots.committed IS 'Units reserved for orders that have not left the warehouse yet.';
COMMENT ON COLUMN tiktok.inventory_snapshots.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.inventory_snapshots.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.inventory_snapshots.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.inventory_totals (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    product_id TEXT,
    seller_sku TEXT,
    available INTEGER,
    committed INTEGER,
    in_shop INTEGER,
    campaign INTEGER,
    creator INTEGER,
    snapshot_at TIMESTAMP WITH TIME ZONE NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id)
);
COMMENT ON TABLE tiktok.inventory_totals IS 'One row per SKU: its stock over all warehouses and how TikTok divides it, which it does not tell by warehouse. Campaigns and creators by name: extra.';
COMMENT ON COLUMN tiktok.inventory_totals.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.inventory_totals.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.inventory_totals.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.inventory_totals.seller_sku IS 'The seller''s own code, as of the snapshot.';
COMMENT ON COLUMN tiktok.inventory_totals.available IS 'Units that buyers can order; what is committed is not in it. Over all warehouses.';
COMMENT ON COLUMN tiktok.inventory_totals.committed IS 'Units reserved for orders that have not left the warehouse yet. Over all warehouses.';
COMMENT ON COLUMN tiktok.inventory_totals.in_shop IS 'Part of available: units for plain sale in the shop.';
COMMENT ON COLUMN tiktok.inventory_totals.campaign IS 'Part of available: units set aside for campaigns, all of them.';
COMMENT ON COLUMN tiktok.inventory_totals.creator IS 'Part of available: units set aside for creators, all of them.';
COMMENT ON COLUMN tiktok.inventory_totals.snapshot_at IS 'The full hour (UTC) in which the stock was read, for TikTok tells no time of its own of the newest answer.';
COMMENT ON COLUMN tiktok.inventory_totals.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.inventory_totals.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.inventory_totals.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.inventory_totals.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.inventory_totals.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.product_attributes (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    attribute_id TEXT NOT NULL,
    place SMALLINT,
    name TEXT,
    value_names TEXT,
    values JSONB,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, product_id, attribute_id)
);
COMMENT ON TABLE tiktok.product_attributes IS 'One row per product and attribute that all of its SKUs share.';
COMMENT ON COLUMN tiktok.product_attributes.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.product_attributes.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.product_attributes.attribute_id IS 'TikTok''s id of the attribute: tiktok.category_attributes.';
COMMENT ON COLUMN tiktok.product_attributes.place IS 'Place in the product''s list, from 1.';
COMMENT ON COLUMN tiktok.product_attributes.name IS 'The attribute in words, e.g. Material.';
COMMENT ON COLUMN tiktok.product_attributes.value_names IS 'Its values in words, joined by a comma and a blank.';
COMMENT ON COLUMN tiktok.product_attributes.values IS 'Its values, a list of {id, name} as received.';
COMMENT ON COLUMN tiktok.product_attributes.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.product_attributes.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.product_attributes.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.product_audit_failures (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place SMALLINT NOT NULL,
    listing_platform TEXT,
    position TEXT,
    reasons JSONB,
    suggestions JSONB,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, product_id, place)
);
COMMENT ON TABLE tiktok.product_audit_failures IS 'Why TikTok''s review refused a product; no row once it passes.';
COMMENT ON COLUMN tiktok.product_audit_failures.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.product_audit_failures.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.product_audit_failures.place IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.product_audit_failures.listing_platform IS 'TIKTOK_SHOP or TOKOPEDIA.';
COMMENT ON COLUMN tiktok.product_audit_failures.position IS 'What of the product failed, in TikTok''s words.';
COMMENT ON COLUMN tiktok.product_audit_failures.reasons IS 'Why, a list of texts.';
COMMENT ON COLUMN tiktok.product_audit_failures.suggestions IS 'What TikTok advises, a list of texts.';
COMMENT ON COLUMN tiktok.product_audit_failures.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.product_audit_failures.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.product_audit_failures.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.product_history (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state_hash BYTEA NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    title TEXT,
    status TEXT,
    audit_status TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, product_id, updated_at, state_hash)
);
COMMENT ON TABLE tiktok.product_history IS 'Title, status and review of each product over time, one row per version that was seen: neighbours may agree, as other edits make versions too. Versions between two syncs are not seen.';
COMMENT ON COLUMN tiktok.product_history.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.product_history.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.product_history.updated_at IS 'TikTok''s update time of the product when it was seen so.';
COMMENT ON COLUMN tiktok.product_history.state_hash IS 'Fingerprint of what the row tells: several states may share an update time.';
COMMENT ON COLUMN tiktok.product_history.valid_from IS 'Since when it was so, included: TikTok''s update time; a change that left the update time alone counts from when it was first seen.';
COMMENT ON COLUMN tiktok.product_history.valid_to IS 'Until when it was so, excluded; null: it still is.';
COMMENT ON COLUMN tiktok.product_history.seen_at IS 'When an answer first told it.';
COMMENT ON COLUMN tiktok.product_history.title IS 'Title in that time.';
COMMENT ON COLUMN tiktok.product_history.status IS 'Status in that time: as products.status.';
COMMENT ON COLUMN tiktok.product_history.audit_status IS 'TikTok''s review in that time: as products.audit_status.';
COMMENT ON COLUMN tiktok.product_history.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.product_history.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.product_history.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.product_images (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place SMALLINT NOT NULL,
    uri TEXT,
    url TEXT,
    width INTEGER,
    height INTEGER,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, product_id, place)
);
COMMENT ON TABLE tiktok.product_images IS 'One row per picture in a product''s gallery.';
COMMENT ON COLUMN tiktok.product_images.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.product_images.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.product_images.place IS 'Place among the product''s pictures, from 1: the first is shown.';
COMMENT ON COLUMN tiktok.product_images.uri IS 'TikTok''s name of the picture: what an edit of the product names.';
COMMENT ON COLUMN tiktok.product_images.url IS 'Address of the picture; it may expire. All of them: extra, urls.';
COMMENT ON COLUMN tiktok.product_images.width IS 'Pixels.';
COMMENT ON COLUMN tiktok.product_images.height IS 'Pixels.';
COMMENT ON COLUMN tiktok.product_images.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.product_images.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.product_images.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.products (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    title TEXT,
    status TEXT,
    product_status TEXT,
    audit_status TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    category_id TEXT,
    category_name TEXT,
    brand_id TEXT,
    brand_name TEXT,
    description TEXT,
    main_image_url TEXT,
    listing_quality_tier TEXT,
    has_draft BOOLEAN,
    is_not_for_sale BOOLEAN,
    is_cod_allowed BOOLEAN,
    is_pre_owned BOOLEAN,
    is_replicated BOOLEAN,
    minimum_order_quantity INTEGER,
    external_product_id TEXT,
    global_product_id TEXT,
    primary_combined_product_id TEXT,
    shipping_template_id TEXT,
    shipping_insurance_requirement TEXT,
    package_weight NUMERIC,
    package_weight_unit TEXT,
    package_length NUMERIC,
    package_width NUMERIC,
    package_height NUMERIC,
    package_dimension_unit TEXT,
    sales_regions JSONB,
    listing_hash BYTEA,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, product_id)
);
COMMENT ON TABLE tiktok.products IS 'One row per product, deleted ones too, in its newest known state.';
COMMENT ON COLUMN tiktok.products.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.products.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.products.title IS 'Title as buyers see it, in the language of the shop''s market.';
COMMENT ON COLUMN tiktok.products.status IS 'DRAFT, PENDING (in review), FAILED (review), ACTIVATE (on sale), SELLER_DEACTIVATED, PLATFORM_DEACTIVATED, FREEZE, DELETED, SCHEDULED.';
COMMENT ON COLUMN tiktok.products.product_status IS 'The status apart from the review, where TikTok tells it.';
COMMENT ON COLUMN tiktok.products.audit_status IS 'TikTok''s review: NONE, AUDITING, FAILED, PRE_APPROVED, APPROVED.';
COMMENT ON COLUMN tiktok.products.created_at IS 'When the product was created (create_time).';
COMMENT ON COLUMN tiktok.products.updated_at IS 'TikTok''s update time: title, price and status move it, stock does not.';
COMMENT ON COLUMN tiktok.products.deleted_at IS 'When it was deleted, or first found missing; null: it is there.';
COMMENT ON COLUMN tiktok.products.deleted_reason IS 'deleted: TikTok lists it as DELETED, deleted_at is its update time; not_listed: a full listing held it no longer, deleted_at is that listing''s time.';
COMMENT ON COLUMN tiktok.products.category_id IS 'The leaf category it is in: tiktok.categories.';
COMMENT ON COLUMN tiktok.products.category_name IS 'Name of that category in the shop''s market.';
COMMENT ON COLUMN tiktok.products.brand_id IS 'Its brand: tiktok.brands.';
COMMENT ON COLUMN tiktok.products.brand_name IS 'The brand''s name.';
COMMENT ON COLUMN tiktok.products.description IS 'The description, HTML.';
COMMENT ON COLUMN tiktok.products.main_image_url IS 'Address of the first picture; it may expire.';
COMMENT ON COLUMN tiktok.products.listing_quality_tier IS 'TikTok''s grade of the listing: POOR, FAIR, GOOD; US.';
COMMENT ON COLUMN tiktok.products.has_draft IS 'Whether an edit waits that is not published.';
COMMENT ON COLUMN tiktok.products.is_not_for_sale IS 'Whether it is not sold on its own, e.g. a gift.';
COMMENT ON COLUMN tiktok.products.is_cod_allowed IS 'Whether buyers may pay cash on delivery.';
COMMENT ON COLUMN tiktok.products.is_pre_owned IS 'Whether it is second-hand.';
COMMENT ON COLUMN tiktok.products.is_replicated IS 'Whether the shop''s other markets hold copies of it.';
COMMENT ON COLUMN tiktok.products.minimum_order_quantity IS 'Least units an order must hold.';
COMMENT ON COLUMN tiktok.products.external_product_id IS 'Its id in the seller''s own system.';
COMMENT ON COLUMN tiktok.products.global_product_id IS 'The global product it belongs to, of cross-border shops.';
COMMENT ON COLUMN tiktok.products.primary_combined_product_id IS 'The main product, if it is part of a bundle.';
COMMENT ON COLUMN tiktok.products.shipping_template_id IS 'The shipping template it uses.';
COMMENT ON COLUMN tiktok.products.shipping_insurance_requirement IS 'Freight insurance for the buyer: REQUIRED, OPTIONAL, NOT_SUPPORTED.';
COMMENT ON COLUMN tiktok.products.package_weight IS 'Weight of the package, in package_weight_unit.';
COMMENT ON COLUMN tiktok.products.package_weight_unit IS 'KILOGRAM, GRAM or POUND.';
COMMENT ON COLUMN tiktok.products.package_length IS 'Length of the package, in package_dimension_unit.';
COMMENT ON COLUMN tiktok.products.package_width IS 'Width of the package, in package_dimension_unit.';
COMMENT ON COLUMN tiktok.products.package_height IS 'Height of the package, in package_dimension_unit.';
COMMENT ON COLUMN tiktok.products.package_dimension_unit IS 'CENTIMETER or INCH.';
COMMENT ON COLUMN tiktok.products.sales_regions IS 'Markets where it is sold, a list of ISO 3166-1 codes.';
COMMENT ON COLUMN tiktok.products.listing_hash IS 'Of what a search says of it, less its stock; null: ask for the detail again.';
COMMENT ON COLUMN tiktok.products.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.products.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.products.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.products.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.products.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX products_by_update ON tiktok.products (shop_id, updated_at);

CREATE TABLE tiktok.sku_attributes (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    attribute_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place SMALLINT,
    name TEXT,
    value_id TEXT,
    value_name TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id, attribute_id)
);
COMMENT ON TABLE tiktok.sku_attributes IS 'One row per SKU and attribute in which the SKUs of a product differ.';
COMMENT ON COLUMN tiktok.sku_attributes.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.sku_attributes.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.sku_attributes.attribute_id IS 'TikTok''s id of the attribute, such as the colour.';
COMMENT ON COLUMN tiktok.sku_attributes.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.sku_attributes.place IS 'Place in the SKU''s list, from 1.';
COMMENT ON COLUMN tiktok.sku_attributes.name IS 'The attribute in words, e.g. Color.';
COMMENT ON COLUMN tiktok.sku_attributes.value_id IS 'TikTok''s id of its value.';
COMMENT ON COLUMN tiktok.sku_attributes.value_name IS 'The value in words, e.g. Red.';
COMMENT ON COLUMN tiktok.sku_attributes.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.sku_attributes.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.sku_attributes.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX sku_attributes_by_product ON tiktok.sku_attributes (shop_id, product_id);

CREATE TABLE tiktok.sku_components (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    component_sku_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place SMALLINT,
    component_product_id TEXT,
    units INTEGER,
    component_seller_sku TEXT,
    component_title TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id, component_sku_id)
);
COMMENT ON TABLE tiktok.sku_components IS 'One row per SKU that is part of a bundle. Their sales stand on the bundle''s order line: do not add them to it.';
COMMENT ON COLUMN tiktok.sku_components.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.sku_components.sku_id IS 'The bundle: TikTok''s id of the SKU that buyers order.';
COMMENT ON COLUMN tiktok.sku_components.component_sku_id IS 'TikTok''s id of a SKU in the bundle.';
COMMENT ON COLUMN tiktok.sku_components.product_id IS 'The product of the bundle.';
COMMENT ON COLUMN tiktok.sku_components.place IS 'Place in the bundle''s list, from 1.';
COMMENT ON COLUMN tiktok.sku_components.component_product_id IS 'The product of the SKU in the bundle.';
COMMENT ON COLUMN tiktok.sku_components.units IS 'How many of it one bundle holds (sku_count).';
COMMENT ON COLUMN tiktok.sku_components.component_seller_sku IS 'The seller''s own code of the SKU in the bundle.';
COMMENT ON COLUMN tiktok.sku_components.component_title IS 'Title of the product in the bundle.';
COMMENT ON COLUMN tiktok.sku_components.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.sku_components.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.sku_components.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX sku_components_by_product ON tiktok.sku_components (shop_id, product_id);

CREATE TABLE tiktok.sku_price_history (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state_hash BYTEA NOT NULL,
    product_id TEXT NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seller_sku TEXT,
    sku_name TEXT,
    currency TEXT,
    price NUMERIC,
    sale_price NUMERIC,
    tax_exclusive_price NUMERIC,
    status TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id, updated_at, state_hash)
);
COMMENT ON TABLE tiktok.sku_price_history IS 'Price and status of each SKU over time, one row per version of its product that was seen: neighbours may agree, as other edits make versions too. Versions between two syncs are not seen.';
COMMENT ON COLUMN tiktok.sku_price_history.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.sku_price_history.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.sku_price_history.updated_at IS 'TikTok''s update time of the product when it was seen so.';
COMMENT ON COLUMN tiktok.sku_price_history.state_hash IS 'Fingerprint of what the row tells: several states may share an update time.';
COMMENT ON COLUMN tiktok.sku_price_history.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.sku_price_history.valid_from IS 'Since when it was so, included: TikTok''s update time; a change that left the update time alone counts from when it was first seen.';
COMMENT ON COLUMN tiktok.sku_price_history.valid_to IS 'Until when it was so, excluded; null: it still is.';
COMMENT ON COLUMN tiktok.sku_price_history.seen_at IS 'When an answer first told it.';
COMMENT ON COLUMN tiktok.sku_price_history.seller_sku IS 'The seller''s own code in that time.';
COMMENT ON COLUMN tiktok.sku_price_history.sku_name IS 'The variant in words in that time: as skus.sku_name.';
COMMENT ON COLUMN tiktok.sku_price_history.currency IS 'ISO 4217 code of the prices.';
COMMENT ON COLUMN tiktok.sku_price_history.price IS 'Price in that time: as skus.price.';
COMMENT ON COLUMN tiktok.sku_price_history.sale_price IS 'Display price in that time: as skus.sale_price.';
COMMENT ON COLUMN tiktok.sku_price_history.tax_exclusive_price IS 'As skus.tax_exclusive_price, in that time.';
COMMENT ON COLUMN tiktok.sku_price_history.status IS 'NORMAL or DEACTIVATED, in that time.';
COMMENT ON COLUMN tiktok.sku_price_history.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.sku_price_history.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.sku_price_history.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX sku_price_history_by_product ON tiktok.sku_price_history (shop_id, product_id);

CREATE TABLE tiktok.skus (
    shop_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    sku_number SMALLINT,
    seller_sku TEXT,
    sku_name TEXT,
    status TEXT,
    deactivation_source TEXT,
    currency TEXT,
    price NUMERIC,
    sale_price NUMERIC,
    tax_exclusive_price NUMERIC,
    unit_price NUMERIC,
    list_price NUMERIC,
    list_price_currency TEXT,
    identifier_code TEXT,
    identifier_type TEXT,
    external_sku_id TEXT,
    sku_unit_count TEXT,
    weight NUMERIC,
    weight_unit TEXT,
    length NUMERIC,
    width NUMERIC,
    height NUMERIC,
    dimension_unit TEXT,
    pre_sale_type TEXT,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, sku_id)
);
COMMENT ON TABLE tiktok.skus IS 'One row per SKU, removed ones too, with its present prices.';
COMMENT ON COLUMN tiktok.skus.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.skus.sku_id IS 'TikTok''s id of the SKU, a variant on sale: the one that order lines name.';
COMMENT ON COLUMN tiktok.skus.product_id IS 'TikTok''s id of the product: the one that order lines name.';
COMMENT ON COLUMN tiktok.skus.sku_number IS 'Place in the product''s list, from 1.';
COMMENT ON COLUMN tiktok.skus.seller_sku IS 'The seller''s own code; may be empty, may repeat.';
COMMENT ON COLUMN tiktok.skus.sku_name IS 'The variant in words: the values of its attributes, e.g. Red, XL; null if the product has one variant only.';
COMMENT ON COLUMN tiktok.skus.status IS 'NORMAL or DEACTIVATED; not said: the product''s status counts.';
COMMENT ON COLUMN tiktok.skus.deactivation_source IS 'Who switched it off: SELLER, PLATFORM, COMBO_RELATION.';
COMMENT ON COLUMN tiktok.skus.currency IS 'ISO 4217 code of the prices.';
COMMENT ON COLUMN tiktok.skus.price IS 'The price that buyers see, before promotions: sale_price, and where TikTok does not tell one tax_exclusive_price.';
COMMENT ON COLUMN tiktok.skus.sale_price IS 'Display price, with tax where the market includes it.';
COMMENT ON COLUMN tiktok.skus.tax_exclusive_price IS 'Display price of local sellers; price before tax of cross-border sellers.';
COMMENT ON COLUMN tiktok.skus.unit_price IS 'Price per measure, e.g. per litre, where the law asks for it.';
COMMENT ON COLUMN tiktok.skus.list_price IS 'Struck-through reference price, US; in list_price_currency.';
COMMENT ON COLUMN tiktok.skus.list_price_currency IS 'ISO 4217 code of list_price.';
COMMENT ON COLUMN tiktok.skus.identifier_code IS 'The GTIN, EAN, UPC, ISBN or JAN.';
COMMENT ON COLUMN tiktok.skus.identifier_type IS 'Which of these it is.';
COMMENT ON COLUMN tiktok.skus.external_sku_id IS 'Its id in the seller''s own system.';
COMMENT ON COLUMN tiktok.skus.sku_unit_count IS 'Amount of product in one SKU, as TikTok tells it.';
COMMENT ON COLUMN tiktok.skus.weight IS 'Weight of one, in weight_unit.';
COMMENT ON COLUMN tiktok.skus.weight_unit IS 'KILOGRAM, GRAM or POUND.';
COMMENT ON COLUMN tiktok.skus.length IS 'Length of one, in dimension_unit.';
COMMENT ON COLUMN tiktok.skus.width IS 'Width of one, in dimension_unit.';
COMMENT ON COLUMN tiktok.skus.height IS 'Height of one, in dimension_unit.';
COMMENT ON COLUMN tiktok.skus.dimension_unit IS 'CENTIMETER or INCH.';
COMMENT ON COLUMN tiktok.skus.pre_sale_type IS 'PRE_ORDER, MADE_TO_ORDER, CUSTOM; null: in stock.';
COMMENT ON COLUMN tiktok.skus.deleted_at IS 'When it was taken out of its product: update time of the first answer without it. The SKUs of a deleted product stay null here.';
COMMENT ON COLUMN tiktok.skus.deleted_reason IS 'removed: its product no longer lists it; the row tells what its history does.';
COMMENT ON COLUMN tiktok.skus.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.skus.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.skus.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX skus_by_product ON tiktok.skus (shop_id, product_id);
CREATE INDEX skus_by_seller_sku ON tiktok.skus (shop_id, seller_sku);
