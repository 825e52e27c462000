-- The newest verdict on each window that was pulled: is what lies in it all there?
-- Grain: shop_id, stream, time_field, window_start, window_end.
-- Date basis: window_date is the UTC day in which the window begins: loads go by UTC days.
-- Rules: of a window pulled several times the newest verdict counts. closed: the ids fetched,
--   the rows in the table and TikTok's count agree, or the note explains why not; open: not,
--   and something may be missing. A window by creation is a day that was backfilled; one by
--   update is a step of a sync, the next sync begins where it stays open. What nobody pulled
--   has no row. A picture by day: tiktok-pipelines coverage.
--
-- Columns:
-- shop_id text: The shop.
-- stream text: What was pulled: orders, returns, …
-- time_field text: create_time or update_time: what the window bounds.
-- window_start timestamptz: First moment, included (UTC).
-- window_end timestamptz: Last moment, excluded (UTC).
-- window_date date: UTC day of window_start.
-- is_closed boolean: Complete, as far as can be known.
-- api_total_count integer: TikTok's count on the last page; null if it gives none.
-- ids_fetched integer: Distinct ids on the pages.
-- rows_in_table integer: Rows in the table with those ids.
-- missing_count integer: What TikTok counts and no row stands for; null if unknown.
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
    w.verdict = 'closed' AS is_closed,
    w.api_total_count,
    w.ids_fetched,
    w.rows_in_table,
    CASE WHEN w.api_total_count IS NOT NULL
        THEN greatest(w.api_total_count - w.rows_in_table, 0)
    END AS missing_count,
    w.note,
    w.attempts,
    w.finished_at,
    CASE WHEN w.verdict <> 'closed'
        THEN round(extract(epoch FROM now() - w.finished_at) / 3600, 1)
    END AS hours_open,
    w.run_id
FROM (
    SELECT DISTINCT ON (shop_id, stream, time_field, window_start, window_end) *
    FROM tiktok_ops.sync_windows
    ORDER BY shop_id, stream, time_field, window_start, window_end, finished_at DESC,
        window_id DESC
) AS w;
