-- How old each table of each shop is, and why, if it is late.
-- Grain: shop_id, table_name, stream.
-- Date basis: none; as of now.
-- Rules: fresh_at is the moment up to which every change is in the table: the later of the
--   sync's watermark and of its last success, as a stream of whole days has its watermark at
--   midnight. A table is late when that, or the shop's connection before the first sync, is
--   older than three intervals of its schedule and a quarter of an hour. reason names the
--   class, also of what failed and is not late yet: token: the seller has to consent again,
--   or the key is missing; limit: TikTok lets the app wait; failed: the last sync failed
--   otherwise; late: nothing failed, no sync came round; off: the shop or the schedule is
--   switched off. Tables that several streams fill have a row for each.
--
-- Columns:
-- shop_id text: The shop.
-- table_name text: The table, with its schema.
-- stream text: The stream that fills it.
-- sync text: The sync it is part of: tiktok_ops.sync_schedules.sync.
-- fresh_at timestamptz: Up to when every change is in the table (UTC); null: never synced.
-- age_minutes numeric: Minutes since then.
-- interval_minutes integer: How often the schedule starts the sync.
-- is_late boolean: Older than it should be; false if off.
-- reason text: token, limit, failed, late, off; null: all is well.
-- message text: What failed and what to do, in words; null if nothing did.
-- last_success_at timestamptz: When a sync of the stream last ended well (UTC).
-- last_failure_at timestamptz: When one last failed (UTC).

SELECT
    s.shop_id,
    t.table_name,
    t.stream,
    t.sync,
    f.fresh_at,
    round(extract(epoch FROM now() - f.fresh_at) / 60, 1) AS age_minutes,
    g.interval_minutes,
    f.is_on AND f.is_old AS is_late,
    CASE
        WHEN NOT f.is_on THEN 'off'
        WHEN c.last_error_message IS NOT NULL THEN 'token'
        WHEN y.reason IS NOT NULL THEN y.reason
        WHEN f.is_old THEN 'late'
    END AS reason,
    CASE WHEN f.is_on THEN coalesce(c.last_error_message, y.message) END AS message,
    y.succeeded_at AS last_success_at,
    y.failed_at AS last_failure_at
FROM tiktok_ops.shops AS s
CROSS JOIN tiktok_mart.streams AS t
LEFT JOIN tiktok_ops.credentials AS c ON c.seller = s.seller
LEFT JOIN tiktok_ops.sync_schedules AS g ON g.shop_id = s.shop_id AND g.sync = t.sync
LEFT JOIN tiktok_ops.sync_cursors AS w ON w.shop_id = s.shop_id AND w.stream = t.stream
LEFT JOIN tiktok_ops.sync_states AS y ON y.shop_id = s.shop_id AND y.stream = t.stream
CROSS JOIN LATERAL (
    SELECT
        greatest(w.watermark, y.succeeded_at) AS fresh_at,
        s.is_enabled AND coalesce(g.is_active, false) AS is_on,
        coalesce(greatest(w.watermark, y.succeeded_at), s.connected_at, '-infinity')
            < now() - (3 * coalesce(g.interval_minutes, 60) + 15) * interval '1 minute'
            AS is_old
) AS f;
