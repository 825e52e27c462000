"""A simulator that is started later tells the same of what both know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.unit.simulator.worlds import CONFIG, NOW, keyed, truth

# What the oldest orders leave behind is cut with them, so the first days may differ.
SUBJECTS = {
    "orders": "id",
    "products": "id",
    "packages": "package_id",
    "cancellations": "cancel_id",
    "returns": "return_id",
    "statements": "id",
    "unsettled": "id",
    "withdrawals": "id",
    "activities": "activity_id",
    "coupons": "id",
}
HOURS = 31


@pytest.fixture(scope="module")
def moved() -> Simulator:
    sim = Simulator(CONFIG)
    sim.clock.advance(timedelta(hours=HOURS))
    return sim


@pytest.fixture(scope="module")
def restarted() -> Simulator:
    return Simulator(replace(CONFIG, now=NOW + timedelta(hours=HOURS)))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_records_are_the_same_after_a_restart(
    moved: Simulator, restarted: Simulator, subject: str
) -> None:
    for shop, twin in zip(moved.shops, restarted.shops, strict=True):
        before = keyed(truth(moved, shop, subject), SUBJECTS[subject])
        after = keyed(truth(restarted, twin, subject), SUBJECTS[subject])
        both = before.keys() & after.keys()
        same = [key for key in both if before[key] == after[key]]

        assert len(both) > 0.8 * len(before)
        assert len(both) - len(same) <= (subject in ("statements", "withdrawals")) * 12


def test_pairs_of_orders_do_not_depend_on_where_the_row_of_orders_is_cut() -> None:
    small = replace(CONFIG, orders=60, days=12)
    first = Simulator(small)
    for _ in range(15):
        first.clock.advance(timedelta(hours=3))
        second = Simulator(replace(small, now=first.clock.now()))
        for shop, twin in zip(first.shops, second.shops, strict=True):
            before = keyed(truth(first, shop, "orders"))
            after = keyed(truth(second, twin, "orders"))
            for key in before.keys() & after.keys():
                assert before[key] == after[key]
