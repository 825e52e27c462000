"""A refresh comes long before the token ends: a passing failure of it is no reason."""

from datetime import timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.refusals import Refusal
from tiktok_pipelines_tests.integration.tokens.test_broken_sellers import (
    DUE,
    REFRESH,
    read_all,
    refreshes,
    refusing,
)


def test_loads_go_on_with_a_token_that_is_still_good(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = next(seller for seller in simulator.sellers if len(seller.shops) == 2)
    simulator.clock.advance(DUE)
    simulator.around = refusing(REFRESH, Refusal(36009003, "busy", http_status=500))

    failures = [*read_all(pipeline, seller), *read_all(pipeline, seller)]

    assert not failures
    assert refreshes(simulator) == 6  # the tries of one call, not of each search


def test_a_token_that_has_ended_needs_its_refresh(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.clock.advance(timedelta(days=8))
    simulator.around = refusing(REFRESH, Refusal(36009003, "busy", http_status=500))

    failures = read_all(pipeline, seller)

    assert failures
    with pytest.raises(ApiError):
        raise failures[0]
