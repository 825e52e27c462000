"""What becomes of an event: the settlements that there are."""

from collections.abc import Callable, Mapping
from functools import partial

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.webhook_queue import Event, Settlement, next_try
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.webhook_routes import CONVERSATIONS, Hint, redacted


def why_ignored(event: Event, hint: Hint, shops: Mapping[str, bool]) -> str:
    """Why nothing is read because of it; "" if something is."""
    if hint.objects and not event.shop_id:
        return "it names no shop"
    if hint.objects and shops.get(event.shop_id or "") is False:
        return "the shop is switched off: tiktok-pipelines shops enable"
    return ""


def _told(event: Event, hint: Hint) -> Callable[..., Settlement]:
    return partial(
        Settlement,
        event_id=event.event_id,
        subject=hint.subject,
        object_ids=",".join(hint.object_ids) or None,
        told_status=hint.told_status,
        changed_at=hint.changed_at or event.pushed_at,
    )


def processed(event: Event, hint: Hint) -> Settlement:
    """What it announced is in the tables, or was done."""
    return _told(event, hint)(status="processed")


def ignored(event: Event, hint: Hint, why: str) -> Settlement:
    """Nothing follows from it; what a buyer wrote in it goes."""
    body = None
    if event.event_type in CONVERSATIONS:
        body = _without_text(event.body)
    return _told(event, hint)(status="ignored", error=why, body=body)


def _without_text(body: bytes) -> bytes:
    """What buyers wrote does not stay; a body that cannot be read goes whole."""
    try:
        return encode(redacted(body))
    except (ValueError, RecursionError):
        return b"{}"


def failed(event: Event, hint: Hint, why: str, clock: Clock) -> Settlement:
    """It is tried again later, or given up after the last try."""
    again_at = next_try(event.failures + 1, clock.now())
    status = "failed" if again_at else "dead"
    return _told(event, hint)(status=status, error=why, next_attempt_at=again_at)


def dead(event: Event, why: str) -> Settlement:
    """No other try would help."""
    return Settlement(event_id=event.event_id, status="dead", error=why)
