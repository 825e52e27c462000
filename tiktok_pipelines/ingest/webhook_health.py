"""Whether webhooks can be relied on, in words of the person who reads them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database

_REJECTS_ALARM = 10
_DEAD = text("""
    SELECT event_id, coalesce(event_name, 'type ' || event_type, 'no type'),
        coalesce(shop_id, account, ''), coalesce(error, '')
    FROM tiktok_ops.webhook_events
    WHERE status = 'dead' AND received_at >= :since
    ORDER BY event_id DESC LIMIT 20
""")
_REJECTS = text("""
    SELECT sum(reject_count), max(received_at), (
        SELECT max(received_at) FROM tiktok_ops.webhook_events)
    FROM tiktok_ops.webhook_rejects WHERE received_at >= :since
""")
_ENDING = text("""
    SELECT shop_id, consent_ends_at FROM tiktok_ops.shops
    WHERE consent_ends_at IS NOT NULL ORDER BY consent_ends_at, shop_id
""")


def dead_events(database: Database, now: datetime) -> Sequence[str]:
    """Events of the last day that were given up."""
    told = {"since": now - timedelta(days=1)}
    with database.begin() as connection:
        rows = connection.execute(_DEAD, told)
        return [f"event {row[0]} {row[1]} {row[2]}: {row[3]}" for row in rows]


def refusals(database: Database, now: datetime) -> Sequence[str]:
    """A run of refusals with nothing genuine since: the secret may be wrong."""
    with database.begin() as connection:
        told = {"since": now - timedelta(days=1)}
        count, last, genuine = connection.execute(_REJECTS, told).one()
    if not count or count < _REJECTS_ALARM or (genuine and genuine >= last):
        return []
    since = f"since {genuine:%Y-%m-%d %H:%M} UTC" if genuine else "ever"
    told = (
        f"{count} webhooks were refused in the last day and none was taken {since}: "
        "see tiktok_ops.webhook_rejects, and compare TIKTOK_APP_SECRET with Partner "
        "Center"
    )
    return [told]


def ending_consents(database: Database) -> Sequence[str]:
    """Shops whose seller's authorisation ends, as TikTok warned."""
    with database.begin() as connection:
        rows = connection.execute(_ENDING).all()
    return [
        f"shop {shop_id}: the authorisation ends on {ends_at:%Y-%m-%d}; "
        "tiktok-pipelines shops connect"
        for shop_id, ends_at in rows
    ]
