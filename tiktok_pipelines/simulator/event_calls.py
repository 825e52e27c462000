"""Calls of the Event API: where a shop's webhooks go, topic by topic.

Source: TikTok Shop API reference, "Webhooks": PUT creates or replaces, DELETE succeeds
whether or not there was one. Times in seconds, as in the samples.
"""

from typing import cast

import msgspec

from tiktok_pipelines.simulator.asking import read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.happenings import NAMES
from tiktok_pipelines.simulator.paths import WEBHOOKS
from tiktok_pipelines.simulator.refusals import bad_request, out_of_range
from tiktok_pipelines.simulator.register import Json

_SCOPE = "seller.authorization.info"
_LONGEST_ADDRESS = 255


def _told(call: Call, name: str) -> str:
    value: object = msgspec.json.decode(call.body or b"{}")
    known = cast("Json", value) if isinstance(value, dict) else {}
    found = known.get(name)
    if not isinstance(found, str) or not found:
        raise bad_request(f"param body.{name} is missing")
    return found


def _topic(call: Call) -> str:
    read_body(call.body)
    topic = _told(call, "event_type")
    if topic not in NAMES.values():
        raise out_of_range("event_type", ", ".join(sorted(NAMES.values())))
    return topic


def _list(_call: Call, admission: Admission) -> bytes:
    rows = list(admission.shop.webhooks.values())
    return msgspec.json.encode({"webhooks": rows, "total_count": len(rows)})


def _set(call: Call, admission: Admission) -> bytes:
    topic, address = _topic(call), _told(call, "address")
    if len(address) > _LONGEST_ADDRESS:
        raise out_of_range("address", "at most 255 characters")
    known = admission.shop.webhooks.get(topic, {})
    row: Json = {
        "event_type": topic,
        "address": address,
        "create_time": known.get("create_time", admission.now),
        "update_time": admission.now,
    }
    admission.shop.webhooks[topic] = row
    return b"{}"


def _delete(call: Call, admission: Admission) -> bytes:
    admission.shop.webhooks.pop(_topic(call), None)
    return b"{}"


EVENT_CALLS = (
    Endpoint("GET", WEBHOOKS, _SCOPE, _list),
    Endpoint("PUT", WEBHOOKS, _SCOPE, _set),
    Endpoint("DELETE", WEBHOOKS, _SCOPE, _delete),
)
