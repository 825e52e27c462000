-- What was asked of TikTok's API: one row per shop, day and call.
-- Grain: shop_id, usage_date, method, endpoint.
-- Date basis: usage_date is the UTC day of the attempt. Spans of it are read by index.
-- Rules: an attempt is one HTTP request, a repeated one counts again. Ids in the path are
--   written {id}; those of categories are short, others have ten digits or more.
--   limited_count are refusals because of too many requests, waited_s what was waited before
--   sending to keep the limits. Logs are kept for some weeks only: see the job tidy_up.
--   Calls without a shop, such as those for tokens, have shop_id null.
--
-- Columns:
-- shop_id text: The shop; null: a call for no single shop.
-- usage_date date: UTC day.
-- method text: HTTP method.
-- endpoint text: Path with {id} for ids.
-- api_version text: Version in the path.
-- attempt_count bigint: Requests sent.
-- success_count bigint: Answers with code 0.
-- limited_count bigint: Refused: too many requests (HTTP 429, code 36009002 or 36009037).
-- token_count bigint: Refused because of the token or a missing scope (codes 105001 to
--   105005, HTTP 401).
-- failed_count bigint: Other errors, and requests without an answer.
-- repeated_count bigint: Attempts after the first of a call.
-- seconds numeric: From sending to the last byte, all together.
-- median_ms float8: Median of it, milliseconds.
-- slowest_ms integer: The slowest, milliseconds.
-- waited_s numeric: Seconds waited before sending, to keep the limits.
-- first_at timestamptz: The first attempt of the day (UTC).
-- last_at timestamptz: The last attempt of the day (UTC).

SELECT
    a.shop_id,
    a.usage_date,
    a.method,
    a.endpoint,
    max(a.api_version) AS api_version,
    count(*) AS attempt_count,
    count(*) FILTER (WHERE a.result = 'success') AS success_count,
    count(*) FILTER (WHERE a.result = 'limited') AS limited_count,
    count(*) FILTER (WHERE a.result = 'token') AS token_count,
    count(*) FILTER (WHERE a.result = 'failed') AS failed_count,
    count(*) FILTER (WHERE a.attempt > 1) AS repeated_count,
    round(sum(a.duration_ms) / 1000.0, 3) AS seconds,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY a.duration_ms) AS median_ms,
    max(a.duration_ms) AS slowest_ms,
    round(sum(a.waited_ms) / 1000.0, 3) AS waited_s,
    min(a.started_at) AS first_at,
    max(a.started_at) AS last_at
FROM (
    SELECT
        l.shop_id,
        d.day AS usage_date,
        l.method,
        regexp_replace(l.path, '/\d{10,}|(?<=/categories)/\d+', '/{id}', 'g')
            AS endpoint,
        l.api_version,
        l.attempt,
        l.duration_ms,
        l.waited_ms,
        l.started_at,
        CASE
            WHEN l.code = 0 THEN 'success'
            WHEN l.http_status = 429 OR l.code IN (36009002, 36009037) THEN 'limited'
            WHEN l.code BETWEEN 105001 AND 105005 OR l.http_status = 401 THEN 'token'
            ELSE 'failed'
        END AS result
    FROM tiktok_ops.tiktok_api_logs AS l
    -- See fct_orders: the wider bounds let a span of days be read by index.
    JOIN tiktok_mart.dates AS d
        ON d.day = (l.started_at AT TIME ZONE 'UTC')::date
        AND l.started_at >= d.day::timestamp AT TIME ZONE 'UTC'
        AND l.started_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
        AND l.started_at BETWEEN d.starts_at AND d.ends_at
) AS a
GROUP BY a.shop_id, a.usage_date, a.method, a.endpoint;
