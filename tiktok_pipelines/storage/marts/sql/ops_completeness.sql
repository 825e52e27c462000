-- The newest verdict on each window that was pulled: is what lies in it all there?
-- Grain: shop_id, stream, time_field, window_start, window_end.
-- Date basis: window_date is the UTC day in which the window begins: loads go by UTC days.
-- Rules: of a window pulled several times the newest verdict counts. closed: the ids fetched,
--   the rows in the table and TikTok's count agree, or the note explains why not; open: not,
--   and something may be missing. An open verdict is healed, and counts as closed: of a list
--   or of single records (listed, asked) by the next closed one of the stream; of a window
--   by update, which never comes again, when the watermark is past it, as that stops before
--   an open one; of others by a later closed window that contains it. What nobody pulled has
--   no row. A picture by day: tiktok-pipelines coverage.
--
-- Columns:
-- shop_id text: The shop.
-- stream text: What was pulled: orders, returns, …
-- time_field text: What the window bounds: create_time, update_time, …; listed, asked: when
--   a list or single records were read.
-- window_start timestamptz: First moment, included (UTC).
-- window_end timestamptz: Last moment, excluded (UTC).
-- window_date date: UTC day of window_start.
-- is_closed boolean: Complete, as far as can be known, or healed since.
-- api_total_count integer: TikTok's count on the last page; null if it gives none.
-- ids_fetched integer: Distinct ids on the pages.
-- rows_in_table integer: Rows in the table with those ids.
-- missing_count integer: What TikTok counted and no row stood for; null if unknown.
-- note text: What explains a difference, or what is missing.
-- attempts integer: How often the window was pulled in that load.
-- finished_at timestamptz: When the verdict was given (UTC).
-- hours_open numeric: Hours since an open verdict; null if closed.
-- run_id text: The Dagster run that pulled it.

SELECT
    w.shop_id,
    w.stream,
    w.time_field,
    w.window_start,
    w.window_end,
    (w.window_start AT TIME ZONE 'UTC')::date AS window_date,
    h.is_closed,
    w.api_total_count,
    w.ids_fetched,
    w.rows_in_table,
    CASE WHEN w.api_total_count IS NOT NULL
        THEN greatest(w.api_total_count - w.rows_in_table, 0)
    END AS missing_count,
    w.note,
    w.attempts,
    w.finished_at,
    CASE WHEN NOT h.is_closed
        THEN round(extract(epoch FROM now() - w.finished_at) / 3600, 1)
    END AS hours_open,
    w.run_id
FROM (
    SELECT DISTINCT ON (shop_id, stream, time_field, window_start, window_end) *
    FROM tiktok_ops.sync_windows
    ORDER BY shop_id, stream, time_field, window_start, window_end, finished_at DESC,
        window_id DESC
) AS w
LEFT JOIN tiktok_ops.sync_cursors AS c ON c.shop_id = w.shop_id AND c.stream = w.stream
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN w.verdict = 'closed' THEN true
        WHEN w.time_field = 'update_time'
            THEN w.window_end <= coalesce(c.watermark, '-infinity')
        ELSE EXISTS (
            SELECT FROM tiktok_ops.sync_windows AS v
            WHERE v.shop_id = w.shop_id AND v.stream = w.stream
                AND v.time_field = w.time_field AND v.verdict = 'closed'
                AND (v.finished_at, v.window_id) > (w.finished_at, w.window_id)
                AND (w.time_field IN ('listed', 'asked')
                    OR v.window_start <= w.window_start AND v.window_end >= w.window_end)
        )
    END AS is_closed
) AS h;
