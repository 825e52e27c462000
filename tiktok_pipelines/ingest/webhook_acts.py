"""What events do besides having objects read: in the transaction that settles them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_int, as_list, as_object, as_text
from tiktok_pipelines.api.webhooks import storable
from tiktok_pipelines.ingest.webhook_queue import Event
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.unstorable import replace_unstorable
from tiktok_pipelines.transform.webhook_routes import Act, Hint, read_moment

_STOP = text("""
    UPDATE tiktok_ops.shops
    SET is_enabled = false, sync_status = 'error', last_error_at = :now,
        last_error_message = :message
    WHERE shop_id = :shop_id AND coalesce(connected_at, '-infinity') <= :happened_at
    RETURNING shop_id
""")
_NOTE_END = text("""
    UPDATE tiktok_ops.shops SET consent_ends_at = :ends_at
    WHERE shop_id = :shop_id AND coalesce(connected_at, '-infinity') <= :happened_at
    RETURNING shop_id
""")
_NOTE_STOCK = text("""
    INSERT INTO tiktok_ops.stock_changes (shop_id, change_key, event_type, product_id,
        sku_id, trigger, stock_status, occurred_at, total_delta, available_delta,
        committed_delta, total_after, available_after, committed_after, details,
        received_at)
    VALUES (:shop_id, :change_key, :event_type, :product_id, :sku_id, :trigger,
        :stock_status, :occurred_at, :total_delta, :available_delta, :committed_delta,
        :total_after, :available_after, :committed_after, CAST(:details AS jsonb),
        :received_at)
    ON CONFLICT (shop_id, change_key) DO NOTHING
""")
_LARGEST = 2**31 - 1


def perform(connection: Connection, event: Event, hint: Hint, now: datetime) -> str:
    """Do what the event asks for; what there is to tell a person, "" if nothing."""
    act = _ACTS.get(hint.act) if hint.act else None
    return act(connection, event, hint, now) if act else ""


def _stop_shop(connection: Connection, event: Event, hint: Hint, now: datetime) -> str:
    """The seller withdrew; but what comes late may be older than a new consent."""
    del hint
    message = (
        f"the seller withdrew the authorisation on {event.happened_at:%Y-%m-%d %H:%M}"
        " UTC: nothing is synced until he agrees again, tiktok-pipelines shops connect"
    )
    told = {"shop_id": event.shop_id, "message": message[:500], "now": now}
    happened = {"happened_at": event.happened_at}
    stopped = connection.execute(_STOP, {**told, **happened}).one_or_none()
    return f"shop {event.shop_id}: {message}" if stopped else ""


def _note_consent_end(
    connection: Connection, event: Event, hint: Hint, now: datetime
) -> str:
    """The seller's authorisation will end."""
    del now
    ends_at = read_moment(hint.data.get("expiration_time"))
    told = {"shop_id": event.shop_id, "ends_at": ends_at}
    happened = {"happened_at": event.happened_at}
    noted = connection.execute(_NOTE_END, {**told, **happened}).one_or_none()
    if not noted:
        return ""
    when = f"on {ends_at:%Y-%m-%d %H:%M} UTC" if ends_at else "soon"
    return (
        f"shop {event.shop_id}: the seller's authorisation ends {when}; let him agree"
        " again before that: tiktok-pipelines shops connect"
    )


def _note_stock(connection: Connection, event: Event, hint: Hint, now: datetime) -> str:
    """Append to the stock ledger; a change that stands there already stays one."""
    del now
    rows = list(_stock_rows(event, hint))
    if rows:
        connection.execute(_NOTE_STOCK, rows)
    return ""


def _stock_rows(event: Event, hint: Hint) -> Iterator[dict[str, object]]:
    data = hint.data
    after = as_object(data.get("quantity_snapshot_after_change"))
    left = as_object(data.get("inventory_distribution"))
    details = [as_object(each) for each in as_list(data.get("change_detail"))]
    for place, change in enumerate(details or [{}]):
        own_key = f"event:{event.event_id}:{place}"
        reason = as_object(data.get("trigger_reason"))
        trigger = change.get("trigger_source") or reason.get("alert_type")
        occurred = read_moment(change.get("occurred_at")) or hint.changed_at
        yield {
            "shop_id": event.shop_id or "",
            "change_key": _text(change.get("idempotency_key")) or own_key,
            "event_type": event.event_type,
            "product_id": _text(data.get("product_id")),
            "sku_id": _text(data.get("sku_id")),
            "trigger": _text(trigger),
            "stock_status": hint.told_status,
            "occurred_at": occurred,
            "total_delta": _count(change, "total_quantity_delta"),
            "available_delta": _count(change, "available_quantity_delta"),
            "committed_delta": _count(change, "committed_quantity_delta"),
            "total_after": _count({**left, **after}, "total_quantity"),
            "available_after": _first(
                _count(after, "total_available_quantity"),
                _count(left, "available_quantity"),
            ),
            "committed_after": _first(
                _count(after, "total_committed_quantity"),
                _count(left, "committed_quantity"),
            ),
            "details": _details({**data, "change_detail": [change]}),
            "received_at": event.received_at,
        }


def _details(told: Mapping[str, object]) -> str:
    """A change as JSON; without its content where that is nested too deeply."""
    try:
        clean, _ = replace_unstorable(told)
        return encode(clean).decode()
    except RecursionError:
        return "{}"


def _text(value: object) -> str | None:
    return storable(as_text(value))[:200] or None


def _first(count: int | None, other: int | None) -> int | None:
    """The first of two that is told; zero is."""
    return other if count is None else count


def _count(told: Mapping[str, object], name: str) -> int | None:
    number = as_int(told.get(name))
    return number if number is not None and abs(number) <= _LARGEST else None


_ACTS: Mapping[Act, Callable[[Connection, Event, Hint, datetime], str]] = {
    "stop_shop": _stop_shop,
    "note_consent_end": _note_consent_end,
    "note_stock": _note_stock,
}
