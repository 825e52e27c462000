CREATE TABLE tiktok_mart.regions (
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    is_south_east_asia BOOLEAN DEFAULT false NOT NULL,
    has_tax_in_prices BOOLEAN DEFAULT true NOT NULL,
    has_payments BOOLEAN DEFAULT true NOT NULL,
    ready_within_hours INTEGER NOT NULL,
    hand_over_within_hours INTEGER NOT NULL,
    deliver_within_hours INTEGER NOT NULL,
    settle_within_days INTEGER NOT NULL,
    pay_within_days INTEGER NOT NULL,
    low_cover_days INTEGER NOT NULL,
    confidence TEXT NOT NULL,
    source TEXT NOT NULL,
    threshold_source TEXT NOT NULL,
    PRIMARY KEY (region)
);
COMMENT ON TABLE tiktok_mart.regions IS 'One row per market: time zone, currency and thresholds that the views use. Written with each upgrade from a file of the project: changes by hand do not last.';
COMMENT ON COLUMN tiktok_mart.regions.region IS 'Market, ISO 3166-1 alpha-2, as tiktok_ops.shops.region names it.';
COMMENT ON COLUMN tiktok_mart.regions.name IS 'The market''s name in English.';
COMMENT ON COLUMN tiktok_mart.regions.currency IS 'ISO 4217 code of the market''s prices.';
COMMENT ON COLUMN tiktok_mart.regions.decimals IS 'Decimal places of its amounts as TikTok tells them; sums may differ by a unit of the last place.';
COMMENT ON COLUMN tiktok_mart.regions.time_zone IS 'IANA time zone in which Seller Center counts the market''s days.';
COMMENT ON COLUMN tiktok_mart.regions.is_south_east_asia IS 'Whether it is one of the six markets of South-East Asia.';
COMMENT ON COLUMN tiktok_mart.regions.has_tax_in_prices IS 'Whether prices include the tax; else it is added.';
COMMENT ON COLUMN tiktok_mart.regions.has_payments IS 'Whether TikTok''s API tells payments of the market: not in South-East Asia.';
COMMENT ON COLUMN tiktok_mart.regions.ready_within_hours IS 'Threshold, hours from payment (cash on delivery: from creation) until the seller has it ready, where an order names no deadline (rts_sla_time).';
COMMENT ON COLUMN tiktok_mart.regions.hand_over_within_hours IS 'Threshold, hours from payment (cash on delivery: from creation) until the carrier has it, where an order names no deadline (tts_sla_time).';
COMMENT ON COLUMN tiktok_mart.regions.deliver_within_hours IS 'Threshold, hours from payment (cash on delivery: from creation) to delivery, where an order names no deadline (delivery_sla_time).';
COMMENT ON COLUMN tiktok_mart.regions.settle_within_days IS 'Threshold, days from delivery after which an order without a statement is overdue.';
COMMENT ON COLUMN tiktok_mart.regions.pay_within_days IS 'Threshold, days from a statement after which a missing payment is overdue.';
COMMENT ON COLUMN tiktok_mart.regions.low_cover_days IS 'Threshold, days that stock should last; below it stock is low.';
COMMENT ON COLUMN tiktok_mart.regions.confidence IS 'Of currency, decimals, time zone and the two has_ columns: high (documented or seen in recorded answers), medium (follows from the market), low (assumed).';
COMMENT ON COLUMN tiktok_mart.regions.source IS 'Where these facts come from.';
COMMENT ON COLUMN tiktok_mart.regions.threshold_source IS 'Where the thresholds come from, and how sure they are.';

CREATE TABLE tiktok_mart.streams (
    table_name TEXT NOT NULL,
    stream TEXT NOT NULL,
    sync TEXT NOT NULL,
    PRIMARY KEY (table_name, stream)
);
COMMENT ON TABLE tiktok_mart.streams IS 'Which sync fills which table. Written with each upgrade from the project''s list of subjects.';
COMMENT ON COLUMN tiktok_mart.streams.table_name IS 'The table, with its schema.';
COMMENT ON COLUMN tiktok_mart.streams.stream IS 'The stream that fills it, as tiktok_ops.sync_cursors calls it.';
COMMENT ON COLUMN tiktok_mart.streams.sync IS 'The sync the stream is part of: tiktok_ops.sync_schedules.sync.';

CREATE TABLE tiktok_mart.dates (
    day DATE NOT NULL,
    year INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    month INTEGER NOT NULL,
    month_start DATE NOT NULL,
    week_start DATE NOT NULL,
    weekday INTEGER NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (day)
);
COMMENT ON TABLE tiktok_mart.dates IS 'One row per calendar day from 2016 to 2049. The views find the local day of a moment by it, and the moments of a day: a span of days is read by index.';
COMMENT ON COLUMN tiktok_mart.dates.day IS 'The day, in whatever time zone.';
COMMENT ON COLUMN tiktok_mart.dates.year IS 'Year.';
COMMENT ON COLUMN tiktok_mart.dates.quarter IS '1 to 4.';
COMMENT ON COLUMN tiktok_mart.dates.month IS '1 to 12.';
COMMENT ON COLUMN tiktok_mart.dates.month_start IS 'First day of its month.';
COMMENT ON COLUMN tiktok_mart.dates.week_start IS 'Monday of its week.';
COMMENT ON COLUMN tiktok_mart.dates.weekday IS '1 for Monday to 7 for Sunday.';
COMMENT ON COLUMN tiktok_mart.dates.starts_at IS 'When it begins anywhere on earth: UTC+14.';
COMMENT ON COLUMN tiktok_mart.dates.ends_at IS 'When it is over everywhere on earth: UTC-12.';

CREATE TABLE tiktok_ops.mart_versions (
    name TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (name)
);
COMMENT ON TABLE tiktok_ops.mart_versions IS 'Which form of each view of tiktok_mart the database has; an upgrade makes anew what differs from its file.';
COMMENT ON COLUMN tiktok_ops.mart_versions.name IS 'The view, or the table written from a file, with its schema.';
COMMENT ON COLUMN tiktok_ops.mart_versions.content_hash IS 'Of the file it was made from.';
COMMENT ON COLUMN tiktok_ops.mart_versions.applied_at IS 'When it was made.';
CREATE INDEX orders_by_payment ON tiktok.orders (shop_id, paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_by_cancellation ON tiktok.orders (shop_id, cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX statement_transactions_by_adjusted_order ON tiktok.statement_transactions (shop_id, adjustment_order_id) WHERE adjustment_order_id IS NOT NULL;
CREATE INDEX unsettled_transactions_by_adjusted_order ON tiktok.unsettled_transactions (shop_id, adjustment_order_id) WHERE adjustment_order_id IS NOT NULL;
CREATE INDEX tiktok_api_logs_by_shop ON tiktok_ops.tiktok_api_logs (shop_id, started_at);

INSERT INTO tiktok_mart.dates (day, year, quarter, month, month_start,
            week_start, weekday, starts_at, ends_at)
        SELECT d::date, extract(year FROM d), extract(quarter FROM d),
            extract(month FROM d), date_trunc('month', d)::date,
            date_trunc('week', d)::date, extract(isodow FROM d),
            d AT TIME ZONE 'UTC' - interval '14 hours',
            d AT TIME ZONE 'UTC' + interval '36 hours'
        FROM generate_series(
            timestamp '2016-01-01', timestamp '2049-12-31', interval '1 day') AS d;
ANALYZE tiktok_mart.dates;
