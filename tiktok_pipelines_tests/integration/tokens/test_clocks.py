"""A clock that is wrong: TikTok takes no timestamp too old or too new."""

import pytest

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import RequestRefused
from tiktok_pipelines.simulator import Fault, Simulator


@pytest.mark.parametrize(
    ("theirs_s", "told"),
    [(600, r"about (599|600) s behind"), (-120, r"about 12[01] s ahead of")],
    ids=["slow", "fast"],
)
def test_a_refused_timestamp_tells_how_far_the_clock_is_off(
    pipeline: Pipeline, simulator: Simulator, theirs_s: int, told: str
) -> None:
    simulator.faults.add(Fault("clock_skew", seconds=theirs_s))

    with pytest.raises(RequestRefused, match=f"{told} TikTok's; set this") as caught:
        pipeline.shops.client_of(simulator.shops[0].id).orders.search(OrderSearch())

    assert not caught.value.retryable
