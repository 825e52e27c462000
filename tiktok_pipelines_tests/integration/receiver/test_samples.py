"""Notifications that were recorded or published: each lands whole, and is read."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import RowMapping

from tiktok_pipelines.transform.webhook_routes import read_hint
from tiktok_pipelines_tests.integration.receiver.served import Receiver

GOLDEN = Path(__file__).parents[2] / "golden" / "webhooks"
INDEX = GOLDEN / "index.json"
SAMPLES = sorted(path for path in GOLDEN.glob("*.json") if path != INDEX)
Rows = Callable[[str], Sequence[RowMapping]]


def test_every_sample_is_listed_with_its_source() -> None:
    listed = json.loads(INDEX.read_bytes())["samples"]

    assert [one["file"] for one in listed] == [path.name for path in SAMPLES]
    assert all(one["kind"] and one["source_repository"] for one in listed)
    assert len(SAMPLES) == 35


def of_its_own(place: int, body: bytes) -> bytes:
    """A sample with an id of its own: most published ones share theirs."""
    shared = json.loads(body).get("tts_notification_id", "")
    return body.replace(shared.encode(), f"73{place:017}".encode()) if shared else body


def test_every_sample_lands_whole(receiver: Receiver, rows: Rows) -> None:
    bodies = [of_its_own(*pair) for pair in enumerate(map(Path.read_bytes, SAMPLES))]

    answers = [receiver.post(body).status_code for body in bodies]

    assert answers == [200] * len(bodies)
    landed = rows("webhook_events")
    assert [bytes(row["body"]) for row in landed] == bodies
    assert [row["error"] for row in landed] == [None] * len(bodies)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_or_left_alone_for_a_reason(path: Path) -> None:
    body = path.read_bytes()

    hint = read_hint(json.loads(body).get("type"), body)

    assert bool(hint.objects or hint.act) != bool(hint.ignored)
