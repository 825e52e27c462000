CREATE TABLE tiktok.external_order_lines (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    external_order_id TEXT NOT NULL,
    external_line_id TEXT NOT NULL,
    line_number SMALLINT,
    line_id TEXT,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, platform, external_order_id, external_line_id)
);
COMMENT ON TABLE tiktok.external_order_lines IS 'One row per line of such an order. Source: Order API, Get External Order References.';
COMMENT ON COLUMN tiktok.external_order_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.external_order_lines.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.external_order_lines.platform IS 'The other system.';
COMMENT ON COLUMN tiktok.external_order_lines.external_order_id IS 'The order''s id there.';
COMMENT ON COLUMN tiktok.external_order_lines.external_line_id IS 'The line''s id there.';
COMMENT ON COLUMN tiktok.external_order_lines.line_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.external_order_lines.line_id IS 'The line (tiktok.order_lines).';
COMMENT ON COLUMN tiktok.external_order_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.external_order_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.external_order_lines.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX external_order_lines_by_line ON tiktok.external_order_lines (shop_id, line_id);

CREATE TABLE tiktok.external_order_lookups (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, platform)
);
COMMENT ON TABLE tiktok.external_order_lookups IS 'One row per order and other system that TikTok was asked about, whether or not the order is known there: tiktok.external_orders. Source: Order API, Get External Order References.';
COMMENT ON COLUMN tiktok.external_order_lookups.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.external_order_lookups.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.external_order_lookups.platform IS 'The other system that was asked about, e.g. SHOPIFY.';
COMMENT ON COLUMN tiktok.external_order_lookups.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.external_order_lookups.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.external_order_lookups.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.external_order_lookups.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.external_order_lookups.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.external_orders (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    external_order_id TEXT NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, platform, external_order_id)
);
COMMENT ON TABLE tiktok.external_orders IS 'One row per order and other system that knows it by an id of its own. Source: Order API, Get External Order References.';
COMMENT ON COLUMN tiktok.external_orders.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.external_orders.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.external_orders.platform IS 'The other system, e.g. SHOPIFY or ERP_SYSTEM.';
COMMENT ON COLUMN tiktok.external_orders.external_order_id IS 'The order''s id there.';
COMMENT ON COLUMN tiktok.external_orders.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.external_orders.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.external_orders.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX external_orders_by_id ON tiktok.external_orders (shop_id, external_order_id);

CREATE TABLE tiktok.order_price_lines (
    shop_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    order_id TEXT,
    line_number SMALLINT,
    currency TEXT,
    total NUMERIC,
    payment NUMERIC,
    sku_list_price NUMERIC,
    sku_sale_price NUMERIC,
    subtotal NUMERIC,
    subtotal_deduction_seller NUMERIC,
    subtotal_deduction_platform NUMERIC,
    subtotal_tax_amount NUMERIC,
    voucher_deduction_seller TEXT,
    voucher_deduction_platform TEXT,
    shipping_list_price NUMERIC,
    shipping_sale_price NUMERIC,
    shipping_fee_deduction_seller NUMERIC,
    shipping_fee_deduction_platform NUMERIC,
    shipping_fee_deduction_platform_voucher TEXT,
    tax_amount NUMERIC,
    tax_rate NUMERIC,
    net_price_amount NUMERIC,
    cod_fee NUMERIC,
    sku_gift_original_price NUMERIC,
    sku_gift_net_price NUMERIC,
    distance_shipping_fee NUMERIC,
    distance_fee NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, line_id)
);
COMMENT ON TABLE tiktok.order_price_lines IS 'One row per unit sold: the same for each line; lines sum to the order. Source: Order API, Get Price Detail.';
COMMENT ON COLUMN tiktok.order_price_lines.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_price_lines.line_id IS 'The line (tiktok.order_lines): one unit.';
COMMENT ON COLUMN tiktok.order_price_lines.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_price_lines.line_number IS 'Place in TikTok''s list, from 1.';
COMMENT ON COLUMN tiktok.order_price_lines.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.order_price_lines.total IS 'What it costs before the platform''s discounts.';
COMMENT ON COLUMN tiktok.order_price_lines.payment IS 'What the buyer pays.';
COMMENT ON COLUMN tiktok.order_price_lines.sku_list_price IS 'Goods before every discount.';
COMMENT ON COLUMN tiktok.order_price_lines.sku_sale_price IS 'Goods after discounts on the product.';
COMMENT ON COLUMN tiktok.order_price_lines.subtotal IS 'Goods after all discounts, tax included.';
COMMENT ON COLUMN tiktok.order_price_lines.subtotal_deduction_seller IS 'Discount on goods that the seller bears.';
COMMENT ON COLUMN tiktok.order_price_lines.subtotal_deduction_platform IS 'Discount on goods that TikTok bears.';
COMMENT ON COLUMN tiktok.order_price_lines.subtotal_tax_amount IS 'Tax on the goods.';
COMMENT ON COLUMN tiktok.order_price_lines.voucher_deduction_seller IS 'TikTok''s class of the seller''s voucher.';
COMMENT ON COLUMN tiktok.order_price_lines.voucher_deduction_platform IS 'TikTok''s class of its own voucher.';
COMMENT ON COLUMN tiktok.order_price_lines.shipping_list_price IS 'Shipping before discounts.';
COMMENT ON COLUMN tiktok.order_price_lines.shipping_sale_price IS 'Shipping that the buyer pays.';
COMMENT ON COLUMN tiktok.order_price_lines.shipping_fee_deduction_seller IS 'Shipping that the seller bears.';
COMMENT ON COLUMN tiktok.order_price_lines.shipping_fee_deduction_platform IS 'Shipping that TikTok bears.';
COMMENT ON COLUMN tiktok.order_price_lines.shipping_fee_deduction_platform_voucher IS 'TikTok''s class of its voucher for shipping.';
COMMENT ON COLUMN tiktok.order_price_lines.tax_amount IS 'All taxes.';
COMMENT ON COLUMN tiktok.order_price_lines.tax_rate IS 'Share of the price, e.g. 0.021; no currency.';
COMMENT ON COLUMN tiktok.order_price_lines.net_price_amount IS 'The price less tax.';
COMMENT ON COLUMN tiktok.order_price_lines.cod_fee IS 'Fee for cash on delivery (Saudi Arabia).';
COMMENT ON COLUMN tiktok.order_price_lines.sku_gift_original_price IS 'List price of gifts.';
COMMENT ON COLUMN tiktok.order_price_lines.sku_gift_net_price IS 'List price of gifts, tax included.';
COMMENT ON COLUMN tiktok.order_price_lines.distance_shipping_fee IS 'Shipping for distance (Indonesia).';
COMMENT ON COLUMN tiktok.order_price_lines.distance_fee IS 'All that is charged for distance (Indonesia).';
COMMENT ON COLUMN tiktok.order_price_lines.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_price_lines.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_price_lines.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX order_price_lines_by_order ON tiktok.order_price_lines (shop_id, order_id);

CREATE TABLE tiktok.order_prices (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    currency TEXT,
    total NUMERIC,
    payment NUMERIC,
    sku_list_price NUMERIC,
    sku_sale_price NUMERIC,
    subtotal NUMERIC,
    subtotal_deduction_seller NUMERIC,
    subtotal_deduction_platform NUMERIC,
    subtotal_tax_amount NUMERIC,
    voucher_deduction_seller TEXT,
    voucher_deduction_platform TEXT,
    shipping_list_price NUMERIC,
    shipping_sale_price NUMERIC,
    shipping_fee_deduction_seller NUMERIC,
    shipping_fee_deduction_platform NUMERIC,
    shipping_fee_deduction_platform_voucher TEXT,
    tax_amount NUMERIC,
    tax_rate NUMERIC,
    net_price_amount NUMERIC,
    cod_fee NUMERIC,
    sku_gift_original_price NUMERIC,
    sku_gift_net_price NUMERIC,
    distance_shipping_fee NUMERIC,
    distance_fee NUMERIC,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.order_prices IS 'One row per order: how TikTok worked out what the buyer pays, with who bears which discount. Source: Order API, Get Price Detail.';
COMMENT ON COLUMN tiktok.order_prices.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_prices.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_prices.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.order_prices.total IS 'What it costs before the platform''s discounts.';
COMMENT ON COLUMN tiktok.order_prices.payment IS 'What the buyer pays.';
COMMENT ON COLUMN tiktok.order_prices.sku_list_price IS 'Goods before every discount.';
COMMENT ON COLUMN tiktok.order_prices.sku_sale_price IS 'Goods after discounts on the product.';
COMMENT ON COLUMN tiktok.order_prices.subtotal IS 'Goods after all discounts, tax included.';
COMMENT ON COLUMN tiktok.order_prices.subtotal_deduction_seller IS 'Discount on goods that the seller bears.';
COMMENT ON COLUMN tiktok.order_prices.subtotal_deduction_platform IS 'Discount on goods that TikTok bears.';
COMMENT ON COLUMN tiktok.order_prices.subtotal_tax_amount IS 'Tax on the goods.';
COMMENT ON COLUMN tiktok.order_prices.voucher_deduction_seller IS 'TikTok''s class of the seller''s voucher.';
COMMENT ON COLUMN tiktok.order_prices.voucher_deduction_platform IS 'TikTok''s class of its own voucher.';
COMMENT ON COLUMN tiktok.order_prices.shipping_list_price IS 'Shipping before discounts.';
COMMENT ON COLUMN tiktok.order_prices.shipping_sale_price IS 'Shipping that the buyer pays.';
COMMENT ON COLUMN tiktok.order_prices.shipping_fee_deduction_seller IS 'Shipping that the seller bears.';
COMMENT ON COLUMN tiktok.order_prices.shipping_fee_deduction_platform IS 'Shipping that TikTok bears.';
COMMENT ON COLUMN tiktok.order_prices.shipping_fee_deduction_platform_voucher IS 'TikTok''s class of its voucher for shipping.';
COMMENT ON COLUMN tiktok.order_prices.tax_amount IS 'All taxes.';
COMMENT ON COLUMN tiktok.order_prices.tax_rate IS 'Share of the price, e.g. 0.021; no currency.';
COMMENT ON COLUMN tiktok.order_prices.net_price_amount IS 'The price less tax.';
COMMENT ON COLUMN tiktok.order_prices.cod_fee IS 'Fee for cash on delivery (Saudi Arabia).';
COMMENT ON COLUMN tiktok.order_prices.sku_gift_original_price IS 'List price of gifts.';
COMMENT ON COLUMN tiktok.order_prices.sku_gift_net_price IS 'List price of gifts, tax included.';
COMMENT ON COLUMN tiktok.order_prices.distance_shipping_fee IS 'Shipping for distance (Indonesia).';
COMMENT ON COLUMN tiktok.order_prices.distance_fee IS 'All that is charged for distance (Indonesia).';
COMMENT ON COLUMN tiktok.order_prices.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.order_prices.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.order_prices.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_prices.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_prices.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.order_sku_transactions (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    row_number SMALLINT NOT NULL,
    statement_id TEXT,
    sku_id TEXT,
    sku_name TEXT,
    product_name TEXT,
    quantity NUMERIC,
    currency TEXT,
    settlement_amount NUMERIC,
    revenue_amount NUMERIC,
    shipping_cost_amount NUMERIC,
    fee_tax_amount NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id, row_number)
);
COMMENT ON TABLE tiktok.order_sku_transactions IS 'One row per order, SKU and statement: the settlement split by SKU; the components stand in extra, nested as received. Source: Finance API, Get Transactions by Order (202501).';
COMMENT ON COLUMN tiktok.order_sku_transactions.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_sku_transactions.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_sku_transactions.row_number IS 'Place in TikTok''s list, from 1: the rows have no id of their own.';
COMMENT ON COLUMN tiktok.order_sku_transactions.statement_id IS 'The statement that settled it.';
COMMENT ON COLUMN tiktok.order_sku_transactions.sku_id IS 'TikTok''s id of the SKU.';
COMMENT ON COLUMN tiktok.order_sku_transactions.sku_name IS 'Variant, as shown to the buyer.';
COMMENT ON COLUMN tiktok.order_sku_transactions.product_name IS 'As shown to the buyer.';
COMMENT ON COLUMN tiktok.order_sku_transactions.quantity IS 'Units of the SKU; no currency.';
COMMENT ON COLUMN tiktok.order_sku_transactions.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.order_sku_transactions.settlement_amount IS 'What the SKU brought in that statement.';
COMMENT ON COLUMN tiktok.order_sku_transactions.revenue_amount IS 'Goods less the seller''s discounts; negative: a refund.';
COMMENT ON COLUMN tiktok.order_sku_transactions.shipping_cost_amount IS 'Its share of the shipping, mostly negative.';
COMMENT ON COLUMN tiktok.order_sku_transactions.fee_tax_amount IS 'Its fees and taxes, mostly negative.';
COMMENT ON COLUMN tiktok.order_sku_transactions.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_sku_transactions.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_sku_transactions.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX order_sku_transactions_by_sku ON tiktok.order_sku_transactions (shop_id, sku_id);
CREATE INDEX order_sku_transactions_by_statement ON tiktok.order_sku_transactions (shop_id, statement_id);

CREATE TABLE tiktok.order_transactions (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    order_created_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    settlement_amount NUMERIC,
    revenue_amount NUMERIC,
    shipping_cost_amount NUMERIC,
    fee_tax_amount NUMERIC,
    sku_transaction_count INTEGER,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
COMMENT ON TABLE tiktok.order_transactions IS 'One row per settled order: all that its transactions brought, over all statements. Source: Finance API, Get Transactions by Order (202501).';
COMMENT ON COLUMN tiktok.order_transactions.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.order_transactions.order_id IS 'The order.';
COMMENT ON COLUMN tiktok.order_transactions.order_created_at IS 'When the order was placed.';
COMMENT ON COLUMN tiktok.order_transactions.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.order_transactions.settlement_amount IS 'What the order brought the seller so far.';
COMMENT ON COLUMN tiktok.order_transactions.revenue_amount IS 'Goods less the seller''s discounts and refunds.';
COMMENT ON COLUMN tiktok.order_transactions.shipping_cost_amount IS 'Shipping that the seller bears, mostly negative.';
COMMENT ON COLUMN tiktok.order_transactions.fee_tax_amount IS 'Fees and taxes, mostly negative (fee_and_tax_amount).';
COMMENT ON COLUMN tiktok.order_transactions.sku_transaction_count IS 'Rows of tiktok.order_sku_transactions.';
COMMENT ON COLUMN tiktok.order_transactions.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.order_transactions.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.order_transactions.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.order_transactions.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.order_transactions.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.payments (
    shop_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    status TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    paid_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    amount NUMERIC,
    settlement_currency TEXT,
    settlement_amount NUMERIC,
    reserve_currency TEXT,
    reserve_amount NUMERIC,
    before_exchange_currency TEXT,
    amount_before_exchange NUMERIC,
    exchange_rate NUMERIC,
    bank_account TEXT,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, payment_id)
);
COMMENT ON TABLE tiktok.payments IS 'One row per payout to the seller''s bank; TikTok tells of none in South East Asia. Source: Finance API, Get Payments.';
COMMENT ON COLUMN tiktok.payments.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.payments.payment_id IS 'TikTok''s id of the payout.';
COMMENT ON COLUMN tiktok.payments.status IS 'PROCESSING, PAID or FAILED.';
COMMENT ON COLUMN tiktok.payments.created_at IS 'When the payout was begun.';
COMMENT ON COLUMN tiktok.payments.paid_at IS 'When the money was sent; null until then.';
COMMENT ON COLUMN tiktok.payments.currency IS 'ISO 4217 code of amount.';
COMMENT ON COLUMN tiktok.payments.amount IS 'What is transferred to the bank, after any exchange.';
COMMENT ON COLUMN tiktok.payments.settlement_currency IS 'ISO 4217 code of settlement_amount.';
COMMENT ON COLUMN tiktok.payments.settlement_amount IS 'Sum of the statements that it pays.';
COMMENT ON COLUMN tiktok.payments.reserve_currency IS 'ISO 4217 code of reserve_amount.';
COMMENT ON COLUMN tiktok.payments.reserve_amount IS 'What TikTok holds back (negative) or gives back.';
COMMENT ON COLUMN tiktok.payments.before_exchange_currency IS 'ISO 4217 code of amount_before_exchange.';
COMMENT ON COLUMN tiktok.payments.amount_before_exchange IS 'What is paid, before it is exchanged.';
COMMENT ON COLUMN tiktok.payments.exchange_rate IS 'amount / amount_before_exchange; no currency.';
COMMENT ON COLUMN tiktok.payments.bank_account IS 'The seller''s account: TikTok tells its last four digits.';
COMMENT ON COLUMN tiktok.payments.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.payments.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.payments.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.payments.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.payments.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX payments_by_creation ON tiktok.payments (shop_id, created_at);

CREATE TABLE tiktok.statement_totals (
    shop_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE,
    status TEXT,
    currency TEXT,
    payable_amount NUMERIC,
    reserve_amount NUMERIC,
    settlement_amount NUMERIC,
    revenue_amount NUMERIC,
    shipping_cost_amount NUMERIC,
    fee_tax_amount NUMERIC,
    adjustment_amount NUMERIC,
    transaction_count INTEGER,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, statement_id)
);
COMMENT ON TABLE tiktok.statement_totals IS 'The sums that head the transactions of a statement: one row per statement whose transactions were read. Source: Finance API, Get Transactions by Statement (202501).';
COMMENT ON COLUMN tiktok.statement_totals.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.statement_totals.statement_id IS 'The statement.';
COMMENT ON COLUMN tiktok.statement_totals.created_at IS 'When the statement was made.';
COMMENT ON COLUMN tiktok.statement_totals.status IS 'SETTLED.';
COMMENT ON COLUMN tiktok.statement_totals.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.statement_totals.payable_amount IS 'What is to be paid: settlement_amount + reserve_amount.';
COMMENT ON COLUMN tiktok.statement_totals.reserve_amount IS 'What TikTok holds back (negative) or gives back.';
COMMENT ON COLUMN tiktok.statement_totals.settlement_amount IS 'Sum of its transactions'' settlement_amount.';
COMMENT ON COLUMN tiktok.statement_totals.revenue_amount IS 'Sum of their revenue_amount.';
COMMENT ON COLUMN tiktok.statement_totals.shipping_cost_amount IS 'Sum of their shipping_cost_amount.';
COMMENT ON COLUMN tiktok.statement_totals.fee_tax_amount IS 'Sum of their fee_tax_amount.';
COMMENT ON COLUMN tiktok.statement_totals.adjustment_amount IS 'Sum of their adjustment_amount.';
COMMENT ON COLUMN tiktok.statement_totals.transaction_count IS 'Transactions that TikTok counted in it when last asked; some appear late.';
COMMENT ON COLUMN tiktok.statement_totals.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.statement_totals.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.statement_totals.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.statement_totals.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.statement_totals.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.statement_transactions (
    shop_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    type TEXT,
    order_id TEXT,
    order_created_at TIMESTAMP WITH TIME ZONE,
    adjustment_id TEXT,
    adjustment_order_id TEXT,
    associated_order_id TEXT,
    reserve_id TEXT,
    reserve_status TEXT,
    estimated_release_time TEXT,
    reserve_release_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    settlement_amount NUMERIC,
    revenue_amount NUMERIC,
    shipping_cost_amount NUMERIC,
    fee_tax_amount NUMERIC,
    adjustment_amount NUMERIC,
    reserve_amount NUMERIC,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, transaction_id)
);
COMMENT ON TABLE tiktok.statement_transactions IS 'One row per transaction of a statement: a sale, a refund, an adjustment or a reserve. What it is made of: tiktok.transaction_components. Source: Finance API, Get Transactions by Statement (202501).';
COMMENT ON COLUMN tiktok.statement_transactions.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.statement_transactions.transaction_id IS 'TikTok''s id of the transaction.';
COMMENT ON COLUMN tiktok.statement_transactions.statement_id IS 'The statement that it is part of.';
COMMENT ON COLUMN tiktok.statement_transactions.type IS 'ORDER for a sale or its refund; RESERVE; else the kind of adjustment, e.g. LOGISTICS_REIMBURSEMENT.';
COMMENT ON COLUMN tiktok.statement_transactions.order_id IS 'The order, of type ORDER: several rows where it was refunded.';
COMMENT ON COLUMN tiktok.statement_transactions.order_created_at IS 'When that order was placed.';
COMMENT ON COLUMN tiktok.statement_transactions.adjustment_id IS 'TikTok''s id of the adjustment, where it is one.';
COMMENT ON COLUMN tiktok.statement_transactions.adjustment_order_id IS 'The order that an adjustment is about, if any.';
COMMENT ON COLUMN tiktok.statement_transactions.associated_order_id IS 'The order that a reserve is about, if any.';
COMMENT ON COLUMN tiktok.statement_transactions.reserve_id IS 'TikTok''s id of the reserve, where it is one.';
COMMENT ON COLUMN tiktok.statement_transactions.reserve_status IS 'Collected, Released, …: of a reserve.';
COMMENT ON COLUMN tiktok.statement_transactions.estimated_release_time IS 'When a reserve is expected to be given back, as received: Unix seconds; empty once it was.';
COMMENT ON COLUMN tiktok.statement_transactions.reserve_release_at IS 'The same as a moment.';
COMMENT ON COLUMN tiktok.statement_transactions.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.statement_transactions.settlement_amount IS 'What it brings the seller: revenue, shipping, fees and taxes, and adjustment.';
COMMENT ON COLUMN tiktok.statement_transactions.revenue_amount IS 'Goods less the seller''s discounts; negative for refunds.';
COMMENT ON COLUMN tiktok.statement_transactions.shipping_cost_amount IS 'Shipping, mostly negative: what the seller bears.';
COMMENT ON COLUMN tiktok.statement_transactions.fee_tax_amount IS 'Fees and taxes, mostly negative.';
COMMENT ON COLUMN tiktok.statement_transactions.adjustment_amount IS 'Of an adjustment: what is added or taken.';
COMMENT ON COLUMN tiktok.statement_transactions.reserve_amount IS 'Of a reserve: held back (negative) or given back.';
COMMENT ON COLUMN tiktok.statement_transactions.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.statement_transactions.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.statement_transactions.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.statement_transactions.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.statement_transactions.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX statement_transactions_by_order ON tiktok.statement_transactions (shop_id, order_id);
CREATE INDEX statement_transactions_by_statement ON tiktok.statement_transactions (shop_id, statement_id);

CREATE TABLE tiktok.statements (
    shop_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    statement_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    settlement_amount NUMERIC,
    revenue_amount NUMERIC,
    net_sales_amount NUMERIC,
    fee_amount NUMERIC,
    shipping_cost_amount NUMERIC,
    adjustment_amount NUMERIC,
    payment_status TEXT,
    payment_id TEXT,
    paid_at TIMESTAMP WITH TIME ZONE,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, statement_id)
);
COMMENT ON TABLE tiktok.statements IS 'One row per statement: what one UTC day brought a shop. TikTok makes it at 00:00 UTC, shows it hours or days later, and pays it out days after that. Source: Finance API, Get Statements.';
COMMENT ON COLUMN tiktok.statements.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.statements.statement_id IS 'TikTok''s id of the statement.';
COMMENT ON COLUMN tiktok.statements.statement_at IS 'When it was made: 00:00 UTC after the day it covers.';
COMMENT ON COLUMN tiktok.statements.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.statements.settlement_amount IS 'What the day brings the seller: revenue, fees, shipping and adjustments.';
COMMENT ON COLUMN tiktok.statements.revenue_amount IS 'Goods sold less the seller''s discounts and refunds.';
COMMENT ON COLUMN tiktok.statements.net_sales_amount IS 'The same as TikTok names it for local sellers.';
COMMENT ON COLUMN tiktok.statements.fee_amount IS 'Fees and taxes taken, negative; in South East Asia with the shipping in it.';
COMMENT ON COLUMN tiktok.statements.shipping_cost_amount IS 'Shipping, mostly negative; in South East Asia contained in fee_amount.';
COMMENT ON COLUMN tiktok.statements.adjustment_amount IS 'Penalties, compensations and the like.';
COMMENT ON COLUMN tiktok.statements.payment_status IS 'PROCESSING, PAID or FAILED: how far the payout is.';
COMMENT ON COLUMN tiktok.statements.payment_id IS 'The payout that contains it (tiktok.payments); empty until there is one.';
COMMENT ON COLUMN tiktok.statements.paid_at IS 'When it was paid out; null until then.';
COMMENT ON COLUMN tiktok.statements.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.statements.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.statements.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.statements.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.statements.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX statements_by_payment ON tiktok.statements (shop_id, payment_id);
CREATE INDEX statements_by_time ON tiktok.statements (shop_id, statement_at);

CREATE TABLE tiktok.transaction_components (
    shop_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    component_group TEXT NOT NULL,
    component TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    is_summed BOOLEAN DEFAULT true NOT NULL,
    currency TEXT,
    amount NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, transaction_id, component_group, component)
);
COMMENT ON TABLE tiktok.transaction_components IS 'One row per transaction and component, zeros included: the fees, taxes, shipping and revenue that a transaction is made of. Source: the breakdowns of Get Transactions by Statement (202501).';
COMMENT ON COLUMN tiktok.transaction_components.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.transaction_components.transaction_id IS 'The transaction (tiktok.statement_transactions).';
COMMENT ON COLUMN tiktok.transaction_components.component_group IS 'What it is part of: revenue, shipping, fee or tax; supplementary and shipping_supplementary explain other figures and are part of none.';
COMMENT ON COLUMN tiktok.transaction_components.component IS 'TikTok''s name of it, e.g. platform_commission_amount or vat_amount.';
COMMENT ON COLUMN tiktok.transaction_components.statement_id IS 'The statement of the transaction.';
COMMENT ON COLUMN tiktok.transaction_components.is_summed IS 'Whether it is added up in the transaction: the sum of these rows is revenue + shipping + fees and taxes. False for what only explains another figure.';
COMMENT ON COLUMN tiktok.transaction_components.currency IS 'ISO 4217 code of the amount.';
COMMENT ON COLUMN tiktok.transaction_components.amount IS 'Signed as received: what the seller gets is positive, costs are negative.';
COMMENT ON COLUMN tiktok.transaction_components.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.transaction_components.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.transaction_components.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX transaction_components_by_statement ON tiktok.transaction_components (shop_id, statement_id);

CREATE TABLE tiktok.unsettled_components (
    shop_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    component_group TEXT NOT NULL,
    component TEXT NOT NULL,
    is_summed BOOLEAN DEFAULT true NOT NULL,
    currency TEXT,
    amount NUMERIC,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, transaction_id, component_group, component)
);
COMMENT ON TABLE tiktok.unsettled_components IS 'One row per estimate and component, zeros included: the fees, taxes and shipping that TikTok expects. Source: the breakdowns of Get Unsettled Transactions.';
COMMENT ON COLUMN tiktok.unsettled_components.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.unsettled_components.transaction_id IS 'The estimate (tiktok.unsettled_transactions).';
COMMENT ON COLUMN tiktok.unsettled_components.component_group IS 'What it is part of: revenue, shipping, fee or tax; shipping_supplementary explains other figures and is part of none.';
COMMENT ON COLUMN tiktok.unsettled_components.component IS 'TikTok''s name of it, e.g. platform_commission_amount.';
COMMENT ON COLUMN tiktok.unsettled_components.is_summed IS 'Whether it is added up in the estimate; false for what only explains another figure.';
COMMENT ON COLUMN tiktok.unsettled_components.currency IS 'ISO 4217 code of the amount.';
COMMENT ON COLUMN tiktok.unsettled_components.amount IS 'Estimate, signed as received: costs are negative.';
COMMENT ON COLUMN tiktok.unsettled_components.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.unsettled_components.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.unsettled_components.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.unsettled_snapshots (
    shop_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    snapshot_at TIMESTAMP WITH TIME ZONE NOT NULL,
    type TEXT,
    status TEXT,
    unsettled_reason TEXT,
    order_id TEXT,
    order_created_at TIMESTAMP WITH TIME ZONE,
    order_delivered_at TIMESTAMP WITH TIME ZONE,
    estimated_settlement TEXT,
    settlement_expected_at TIMESTAMP WITH TIME ZONE,
    adjustment_id TEXT,
    adjustment_order_id TEXT,
    currency TEXT,
    est_settlement_amount NUMERIC,
    est_revenue_amount NUMERIC,
    est_shipping_cost_amount NUMERIC,
    est_fee_tax_amount NUMERIC,
    est_adjustment_amount NUMERIC,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, transaction_id, snapshot_at)
);
COMMENT ON TABLE tiktok.unsettled_snapshots IS 'The estimates day by day, each as it was first seen on that day (UTC); kept after the settlement, to see how good they were. Source: copies of tiktok.unsettled_transactions.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.transaction_id IS 'TikTok''s id of the estimate.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.snapshot_at IS 'The UTC day on which TikTok gave this estimate: its 00:00.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.type IS 'ORDER, or the kind of adjustment.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.status IS 'UNSETTLED.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.unsettled_reason IS 'Why it is not settled yet, in TikTok''s words.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.order_id IS 'The order, of type ORDER.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.order_created_at IS 'When that order was placed.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.order_delivered_at IS 'When it was delivered; null until then.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.estimated_settlement IS 'When TikTok expects to settle it, as received: Unix seconds, or words.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.settlement_expected_at IS 'The same as a moment, where it is one.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.adjustment_id IS 'TikTok''s id of the adjustment, where it is one.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.adjustment_order_id IS 'The order that an adjustment is about, if any.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.est_settlement_amount IS 'Estimate of what it brings the seller.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.est_revenue_amount IS 'Estimate of goods less the seller''s discounts.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.est_shipping_cost_amount IS 'Estimate of the shipping borne, signed.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.est_fee_tax_amount IS 'Estimate of fees and taxes, signed.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.est_adjustment_amount IS 'Estimate of the adjustment, signed.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.seen_at IS 'When it was first seen on that day.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.unsettled_snapshots.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX unsettled_snapshots_by_day ON tiktok.unsettled_snapshots (shop_id, snapshot_at);
CREATE INDEX unsettled_snapshots_by_order ON tiktok.unsettled_snapshots (shop_id, order_id);

CREATE TABLE tiktok.unsettled_totals (
    shop_id TEXT NOT NULL,
    snapshot_at TIMESTAMP WITH TIME ZONE NOT NULL,
    est_settlement_amount NUMERIC,
    est_revenue_amount NUMERIC,
    est_adjustment_amount NUMERIC,
    est_fee_amount NUMERIC,
    transaction_count INTEGER,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, snapshot_at)
);
COMMENT ON TABLE tiktok.unsettled_totals IS 'The sums that head the list of what is not settled, one row per UTC day, the last of the day; in the currency of tiktok.unsettled_transactions. Source: Finance API, Get Unsettled Transactions.';
COMMENT ON COLUMN tiktok.unsettled_totals.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.unsettled_totals.snapshot_at IS 'The UTC day on which TikTok gave these sums: its 00:00.';
COMMENT ON COLUMN tiktok.unsettled_totals.est_settlement_amount IS 'Sum of the estimates'' est_settlement_amount.';
COMMENT ON COLUMN tiktok.unsettled_totals.est_revenue_amount IS 'Sum of their est_revenue_amount.';
COMMENT ON COLUMN tiktok.unsettled_totals.est_adjustment_amount IS 'Sum of their est_adjustment_amount.';
COMMENT ON COLUMN tiktok.unsettled_totals.est_fee_amount IS 'Sum of their fees and taxes, by TikTok.';
COMMENT ON COLUMN tiktok.unsettled_totals.transaction_count IS 'Estimates that TikTok counted.';
COMMENT ON COLUMN tiktok.unsettled_totals.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.unsettled_totals.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.unsettled_totals.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.unsettled_totals.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.unsettled_totals.synced_at IS 'When the answer that last changed the row was asked for.';

CREATE TABLE tiktok.unsettled_transactions (
    shop_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    type TEXT,
    status TEXT,
    unsettled_reason TEXT,
    order_id TEXT,
    order_created_at TIMESTAMP WITH TIME ZONE,
    order_delivered_at TIMESTAMP WITH TIME ZONE,
    estimated_settlement TEXT,
    settlement_expected_at TIMESTAMP WITH TIME ZONE,
    adjustment_id TEXT,
    adjustment_order_id TEXT,
    currency TEXT,
    est_settlement_amount NUMERIC,
    est_revenue_amount NUMERIC,
    est_shipping_cost_amount NUMERIC,
    est_fee_tax_amount NUMERIC,
    est_adjustment_amount NUMERIC,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, transaction_id)
);
COMMENT ON TABLE tiktok.unsettled_transactions IS 'One row per transaction that is not settled yet, with TikTok''s estimates: what is settled (or cancelled) leaves the table. How the estimates were: tiktok.unsettled_snapshots. Orders since 2025-01-01. Source: Finance API, Get Unsettled Transactions.';
COMMENT ON COLUMN tiktok.unsettled_transactions.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.unsettled_transactions.transaction_id IS 'TikTok''s id of the estimate; the transaction that settles it has another one.';
COMMENT ON COLUMN tiktok.unsettled_transactions.type IS 'ORDER, or the kind of adjustment.';
COMMENT ON COLUMN tiktok.unsettled_transactions.status IS 'UNSETTLED.';
COMMENT ON COLUMN tiktok.unsettled_transactions.unsettled_reason IS 'Why it is not settled yet, in TikTok''s words.';
COMMENT ON COLUMN tiktok.unsettled_transactions.order_id IS 'The order, of type ORDER.';
COMMENT ON COLUMN tiktok.unsettled_transactions.order_created_at IS 'When that order was placed.';
COMMENT ON COLUMN tiktok.unsettled_transactions.order_delivered_at IS 'When it was delivered; null until then.';
COMMENT ON COLUMN tiktok.unsettled_transactions.estimated_settlement IS 'When TikTok expects to settle it, as received: Unix seconds, or words.';
COMMENT ON COLUMN tiktok.unsettled_transactions.settlement_expected_at IS 'The same as a moment, where it is one.';
COMMENT ON COLUMN tiktok.unsettled_transactions.adjustment_id IS 'TikTok''s id of the adjustment, where it is one.';
COMMENT ON COLUMN tiktok.unsettled_transactions.adjustment_order_id IS 'The order that an adjustment is about, if any.';
COMMENT ON COLUMN tiktok.unsettled_transactions.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.unsettled_transactions.est_settlement_amount IS 'Estimate of what it brings the seller.';
COMMENT ON COLUMN tiktok.unsettled_transactions.est_revenue_amount IS 'Estimate of goods less the seller''s discounts.';
COMMENT ON COLUMN tiktok.unsettled_transactions.est_shipping_cost_amount IS 'Estimate of the shipping borne, signed.';
COMMENT ON COLUMN tiktok.unsettled_transactions.est_fee_tax_amount IS 'Estimate of fees and taxes, signed.';
COMMENT ON COLUMN tiktok.unsettled_transactions.est_adjustment_amount IS 'Estimate of the adjustment, signed.';
COMMENT ON COLUMN tiktok.unsettled_transactions.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.unsettled_transactions.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.unsettled_transactions.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.unsettled_transactions.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.unsettled_transactions.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX unsettled_transactions_by_order ON tiktok.unsettled_transactions (shop_id, order_id);

CREATE TABLE tiktok.withdrawals (
    shop_id TEXT NOT NULL,
    withdrawal_id TEXT NOT NULL,
    type TEXT,
    status TEXT,
    created_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    amount NUMERIC,
    content_hash BYTEA,
    part_versions JSONB DEFAULT '{}' NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    raw_page_id BIGINT,
    synced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (shop_id, withdrawal_id)
);
COMMENT ON TABLE tiktok.withdrawals IS 'One row per movement of the seller''s balance at TikTok. Source: Finance API, Get Withdrawals.';
COMMENT ON COLUMN tiktok.withdrawals.shop_id IS 'The shop, as TikTok''s Get Authorized Shops names it.';
COMMENT ON COLUMN tiktok.withdrawals.withdrawal_id IS 'TikTok''s id of the movement.';
COMMENT ON COLUMN tiktok.withdrawals.type IS 'WITHDRAW (to the bank), SETTLE (into the balance), TRANSFER, REVERSE (a withdrawal that failed comes back), PAYMENT, REFUND.';
COMMENT ON COLUMN tiktok.withdrawals.status IS 'PROCESSING, SUCCESS or FAILED.';
COMMENT ON COLUMN tiktok.withdrawals.created_at IS 'When it was begun.';
COMMENT ON COLUMN tiktok.withdrawals.currency IS 'ISO 4217 code of every amount of the row.';
COMMENT ON COLUMN tiktok.withdrawals.amount IS 'As received: without a sign, the type tells the direction.';
COMMENT ON COLUMN tiktok.withdrawals.content_hash IS 'Of the record as received, less buyer data.';
COMMENT ON COLUMN tiktok.withdrawals.part_versions IS 'Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.';
COMMENT ON COLUMN tiktok.withdrawals.extra IS 'Each field received that has no column of its own, nested as received.';
COMMENT ON COLUMN tiktok.withdrawals.raw_page_id IS 'The page in tiktok_raw.pages that last changed the row.';
COMMENT ON COLUMN tiktok.withdrawals.synced_at IS 'When the answer that last changed the row was asked for.';
CREATE INDEX withdrawals_by_creation ON tiktok.withdrawals (shop_id, created_at);
