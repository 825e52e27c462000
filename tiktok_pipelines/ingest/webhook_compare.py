"""Polling and webhooks compared, by day and shop: what each of them missed.

A change counts as announced if an event told of it: of the same object, with the same
time, give or take a minute, or the same status. An event was for nothing if neither
such a change stands in the tables nor a later one that overtook it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.api.webhook_types import number_of
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow

_NEWEST_EVENT_AFTER = timedelta(hours=16)
"""TikTok's last try is some 15.5 hours after the first."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A subject, the events that announce it, and where its changes stand.

    Attributes:
        changes: a statement that gives (shop_id, id, status, changed_at).
        is_promised: whether TikTok announces each change, as far as is known, so that
            many of which no event told are worth a warning.
    """

    subject: str
    event_types: tuple[int, ...]
    changes: str
    is_promised: bool = True


def _numbers(*names: str) -> tuple[int, ...]:
    return tuple(number for name in names if (number := number_of(name)) is not None)


COMPARED = (
    Compared(
        "orders",
        _numbers("ORDER_STATUS_CHANGE"),
        """
        SELECT shop_id, order_id AS id, status, changed_at
        FROM tiktok.order_status_history WHERE source <> 'csv'
        """,
    ),
    Compared(
        "cancellations",
        _numbers("CANCELLATION_STATUS_CHANGE"),
        """
        SELECT shop_id, cancellation_id AS id, status, updated_at AS changed_at
        FROM tiktok.cancellations
        """,
    ),
    Compared(
        "returns",
        _numbers("RETURN_STATUS_CHANGE"),
        """
        SELECT shop_id, return_id AS id, status, updated_at AS changed_at
        FROM tiktok.returns
        """,
    ),
    Compared(
        "products",
        _numbers(
            "PRODUCT_STATUS_CHANGE",
            "PRODUCT_INFORMATION_CHANGE",
            "PRODUCT_CREATION",
            "PRODUCT_CATEGORY_CHANGE",
            "PRODUCT_AUDIT_STATUS_CHANGE",
        ),
        """
        SELECT shop_id, product_id AS id, status, updated_at AS changed_at
        FROM tiktok.products
        """,
        is_promised=False,
    ),
    Compared(
        "packages",
        _numbers("PACKAGE_UPDATE"),
        """
        SELECT shop_id, package_id AS id, '' AS status,
            created_at AS changed_at
        FROM tiktok.packages AS p
        WHERE (
            SELECT count(*) FROM tiktok.package_orders AS o
            WHERE o.shop_id = p.shop_id AND o.package_id = p.package_id
        ) > 1 OR EXISTS (
            SELECT FROM tiktok.package_orders AS o
            JOIN tiktok.package_orders AS other USING (shop_id, order_id)
            WHERE o.shop_id = p.shop_id AND o.package_id = p.package_id
              AND other.package_id <> p.package_id)
        """,
        is_promised=False,
    ),
)
"""Packages: those that hold several orders or a part of one; no other is announced."""
PROMISED = frozenset(each.subject for each in COMPARED if each.is_promised)
"""Subjects of which TikTok announces each change."""
_COMPARE = """
    WITH changes AS MATERIALIZED (
        SELECT * FROM ({changes}) AS c
        WHERE changed_at >= :start AND changed_at < :end
    ), events AS MATERIALIZED (
        SELECT e.event_id, e.shop_id, o.id, e.changed_at, e.received_at,
            regexp_replace(e.told_status, 'CANCEL$', 'CANCELLED') AS status,
            e.processing_seconds
        FROM tiktok_ops.webhook_events AS e, unnest(e.object_ids) AS o (id)
        WHERE e.event_type = ANY(:types) AND e.status <> 'ignored'
          AND e.received_at >= :start AND e.received_at < :latest
          AND coalesce(e.changed_at, e.received_at) >= :start
          AND coalesce(e.changed_at, e.received_at) < :end
    ), matched AS MATERIALIZED (
        SELECT c.shop_id, c.id, c.status, c.changed_at, e.event_id
        FROM changes AS c JOIN events AS e ON e.shop_id = c.shop_id AND e.id = c.id
        WHERE e.changed_at BETWEEN c.changed_at - interval '1 minute'
                AND c.changed_at + interval '1 minute'
           OR e.status = regexp_replace(c.status, 'CANCEL$', 'CANCELLED')
    ), judged AS (
        SELECT *, event_id NOT IN (SELECT event_id FROM matched) AND NOT EXISTS (
            SELECT FROM ({changes}) AS c
            WHERE c.shop_id = e.shop_id AND c.id = e.id
              AND c.changed_at >= e.changed_at) AS is_idle
        FROM events AS e
    ), by_change AS (
        SELECT c.shop_id, count(*) AS changes,
            count(m.id) AS announced,
            array_agg(c.id ORDER BY c.changed_at) FILTER (WHERE m.id IS NULL) AS missed
        FROM changes AS c LEFT JOIN (
            SELECT DISTINCT shop_id, id, status, changed_at FROM matched
        ) AS m USING (shop_id, id, status, changed_at)
        GROUP BY c.shop_id
    ), by_event AS (
        SELECT e.shop_id, count(*) AS events,
            count(*) FILTER (WHERE e.is_idle) AS for_nothing,
            array_agg(e.id) FILTER (WHERE e.is_idle) AS idle,
            percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (
                ORDER BY extract(epoch FROM e.received_at - e.changed_at)) AS delays,
            percentile_cont(0.5) WITHIN GROUP (
                ORDER BY e.processing_seconds) AS processing
        FROM judged AS e GROUP BY e.shop_id
    )
    INSERT INTO tiktok_ops.webhook_comparison (day, shop_id, subject, changes,
        announced, unannounced, events, for_nothing, delay_p50_s, delay_p95_s,
        delay_max_s, processing_p50_s, examples, compared_at)
    SELECT :day, shop_id, :subject, coalesce(changes, 0), coalesce(announced, 0),
        coalesce(changes - announced, 0), coalesce(events, 0),
        coalesce(for_nothing, 0), round(CAST(delays[1] AS numeric), 3),
        round(CAST(delays[2] AS numeric), 3), round(CAST(delays[3] AS numeric), 3),
        round(CAST(processing AS numeric), 3),
        jsonb_build_object('unannounced', coalesce(to_jsonb(missed[1:5]), '[]'),
            'for_nothing', coalesce(to_jsonb(idle[1:5]), '[]')),
        :now
    FROM by_change FULL JOIN by_event USING (shop_id)
    ON CONFLICT (day, shop_id, subject) DO UPDATE SET
        changes = excluded.changes, announced = excluded.announced,
        unannounced = excluded.unannounced, events = excluded.events,
        for_nothing = excluded.for_nothing, delay_p50_s = excluded.delay_p50_s,
        delay_p95_s = excluded.delay_p95_s, delay_max_s = excluded.delay_max_s,
        processing_p50_s = excluded.processing_p50_s, examples = excluded.examples,
        compared_at = excluded.compared_at
"""
_ROWS = text("""
    SELECT day, shop_id, subject, changes, announced, unannounced, events, for_nothing,
        delay_p50_s, delay_p95_s, delay_max_s, processing_p50_s, examples
    FROM tiktok_ops.webhook_comparison WHERE day >= :since
    ORDER BY day, shop_id, subject
""")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row of ``tiktok_ops.webhook_comparison``; times in seconds."""

    day: date
    shop_id: str
    subject: str
    changes: int
    announced: int
    unannounced: int
    events: int
    for_nothing: int
    delay_p50_s: Decimal | None
    delay_p95_s: Decimal | None
    delay_max_s: Decimal | None
    processing_p50_s: Decimal | None
    examples: Mapping[str, Sequence[str]] = field(repr=False)


def compare_day(
    database: Database,
    day: date,
    now: datetime,
    *,
    compared: Sequence[Compared] = COMPARED,
) -> None:
    """Compare a day (UTC) of every shop; a later comparison takes its place."""
    window = TimeWindow.of_day(day)
    for each in compared:
        told: dict[str, object] = {
            "day": day,
            "start": window.start,
            "end": window.end,
            "latest": window.end + _NEWEST_EVENT_AFTER,
            "types": list(each.event_types),
            "subject": each.subject,
            "now": now,
        }
        database.transact(partial(_compare, each, told))


def _compare(each: Compared, told: dict[str, object], connection: Connection) -> None:
    connection.execute(text(_COMPARE.format(changes=each.changes)), told)


def comparisons(database: Database, since: date) -> Sequence[Comparison]:
    """What was compared, from a day on."""
    with database.begin() as connection:
        rows = connection.execute(_ROWS, {"since": since})
        return [Comparison(*row) for row in rows]
