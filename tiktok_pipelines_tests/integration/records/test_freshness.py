"""How fresh each stream of a shop is, and the class of the reason why not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import (
    IncompleteWindow,
    NeedsConsent,
    PipelineError,
    RateLimitedError,
)
from tiktok_pipelines.ingest.freshness import read_freshness
from tiktok_pipelines.ingest.sync_states import SyncStates
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.subjects import SUBJECTS


def note(
    pipeline: Pipeline, shop_id: str, stream: str, error: PipelineError | None = None
) -> None:
    """Let a sync of a stream end well, or fail."""
    sync = next((each.sync for each in SUBJECTS if each.name == stream), stream)
    try:
        with SyncStates(pipeline.shops, shop_id, stream, sync).told():
            if error is not None:
                raise error
    except PipelineError:
        pass


def states(pipeline: Pipeline, shop_id: str) -> dict[str, str]:
    """The state of every stream of a shop."""
    now = pipeline.clock.now()
    return {
        each.stream: each.state
        for each in read_freshness(pipeline.database, now)
        if each.shop_id == shop_id
    }


@pytest.fixture
def shop_id(pipeline: Pipeline, simulator: Simulator) -> str:
    assert pipeline
    return simulator.shops[0].id


def test_every_stream_of_a_fresh_shop_is_told(pipeline: Pipeline, shop_id: str) -> None:
    streams = {"orders", *(subject.name for subject in SUBJECTS)}

    assert states(pipeline, shop_id) == dict.fromkeys(streams, "ok")


ERRORS: dict[str, Callable[[], PipelineError]] = {
    "token": lambda: NeedsConsent("consent again"),
    "limit": lambda: RateLimitedError("wait", path="/returns"),
    "failed": lambda: IncompleteWindow("counts do not agree"),
}


@pytest.mark.parametrize("reason", ERRORS)
def test_a_failure_is_told_by_its_class(
    pipeline: Pipeline, shop_id: str, reason: str
) -> None:
    note(pipeline, shop_id, "returns", ERRORS[reason]())

    found = states(pipeline, shop_id)
    assert found.pop("returns") == reason
    assert set(found.values()) == {"ok"}


def test_a_success_ends_a_failure(pipeline: Pipeline, shop_id: str) -> None:
    note(pipeline, shop_id, "returns", NeedsConsent("consent again"))

    note(pipeline, shop_id, "returns")

    assert states(pipeline, shop_id)["returns"] == "ok"
    assert pipeline.shops.get(shop_id).sync_status == "idle"


def test_what_nobody_started_is_late(
    pipeline: Pipeline, simulator: Simulator, shop_id: str
) -> None:
    note(pipeline, shop_id, "orders")
    simulator.clock.advance(timedelta(hours=4))

    note(pipeline, shop_id, "orders")

    found = states(pipeline, shop_id)
    assert (found["orders"], found["returns"]) == ("ok", "late")


def test_a_shop_stays_in_error_while_another_stream_fails(
    pipeline: Pipeline, shop_id: str
) -> None:
    note(pipeline, shop_id, "returns", IncompleteWindow("counts do not agree"))

    note(pipeline, shop_id, "orders")

    shop = pipeline.shops.get(shop_id)
    assert shop.sync_status == "error"
    assert shop.last_error_message == "counts do not agree"
