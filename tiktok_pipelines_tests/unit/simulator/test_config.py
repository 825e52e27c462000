"""The simulator's configuration, and what is wrong with it."""

from datetime import datetime
from typing import Any

import pytest

from tiktok_pipelines.simulator import SimulatorConfig


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shops": 0}, "shops"),
        ({"shops": 1001}, "shops"),
        ({"orders": -1}, "orders"),
        ({"days": 0}, "days"),
        ({"future_days": -1}, "future_days"),
        ({"rate_per_second": 0}, "rate_per_second"),
        ({"now": datetime(2026, 1, 1)}, "UTC"),  # noqa: DTZ001 - naive is the point
    ],
)
def test_a_wrong_config_says_what_is_wrong(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SimulatorConfig(**wrong)


def test_the_secret_is_not_in_the_repr() -> None:
    assert "s3cret" not in repr(SimulatorConfig(app_secret="s3cret"))
