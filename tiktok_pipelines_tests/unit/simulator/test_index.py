"""The index against a plain reading of what the filters mean."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_pipelines.simulator.asking import among
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.index import Key, LifeIndex
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.plan import OrderPlan, draw_plan
from tiktok_pipelines.simulator.storefront import open_storefront
from tiktok_pipelines.simulator.timeline import DAY, STATUSES

START = 1_768_000_000
FRONT = open_storefront(SimulatorConfig(), 3)
# Three orders in each second, so that keys need their ids to differ.
PLANS = [draw_plan(FRONT, n, created=START + n // 3 * 7_000) for n in range(120)]

SECONDS = st.integers(START, START + 10 * DAY)
BOUNDS = st.one_of(st.none(), SECONDS)
WINDOWS = st.tuples(BOUNDS, BOUNDS)
ASKED = {
    "order_status": st.sampled_from(["", *STATUSES]),
    "shipping_type": st.sampled_from(["", "TIKTOK", "SELLER"]),
    "buyer_user_id": st.sampled_from(["", "", PLANS[5].user_id]),
    "is_buyer_request_cancel": st.sampled_from(["", "", "True", "False"]),
    "warehouse_ids": st.sampled_from(
        [frozenset[str](), frozenset(FRONT.warehouses[:1]), frozenset(FRONT.warehouses)]
    ),
}
FILTERS = st.builds(
    Wanted, WINDOWS, WINDOWS, st.fixed_dictionaries(ASKED).map(lambda a: among(**a))
)
TIMES = st.lists(SECONDS, min_size=1, max_size=4).map(sorted)


def expected(wanted: Wanted, now: int, *, by_update_time: bool) -> list[Key]:
    return sorted(
        (
            plan.standing_at(now).update_time if by_update_time else plan.create_time,
            plan.id,
        )
        for plan in PLANS
        if plan.create_time <= now and fits(wanted, plan, now)
    )


def fits(wanted: Wanted, plan: OrderPlan, now: int) -> bool:
    standing = plan.standing_at(now)
    has = {
        "order_status": standing.status,
        "shipping_type": plan.shipping_type,
        "buyer_user_id": plan.user_id,
        "is_buyer_request_cancel": str(standing.is_cancel_asked),
        "warehouse_ids": plan.warehouse_id,
    }
    times = (plan.create_time, wanted.created), (standing.update_time, wanted.updated)
    return all(has[name] in values for name, values in wanted.among) and all(
        (least is None or time >= least) and (below is None or time < below)
        for time, (least, below) in times
    )


def walk(
    index: LifeIndex[OrderPlan], wanted: Wanted, size: int, **sort: bool
) -> Iterator[Key]:
    hits = index.search(wanted, by_update_time=sort["by_update_time"])
    after: Key | None = None
    while page := hits.page(after, size=size, descending=sort["descending"]):
        yield from page
        after = page[-1]


@settings(max_examples=300)
@given(FILTERS, TIMES, st.integers(1, 130), st.booleans(), st.booleans())
def test_paging_yields_each_matching_order_once_for_any_page_size(
    wanted: Wanted,
    times: list[int],
    size: int,
    by_update_time: bool,  # noqa: FBT001 - hypothesis gives it by position
    descending: bool,  # noqa: FBT001 - hypothesis gives it by position
) -> None:
    index = LifeIndex(PLANS)
    for now in times:
        index.advance(now)

    sort = {"by_update_time": by_update_time, "descending": descending}
    keys = list(walk(index, wanted, size, **sort))

    right = expected(wanted, times[-1], by_update_time=by_update_time)
    assert keys == (right[::-1] if descending else right)
    assert len(index.search(wanted, by_update_time=by_update_time)) == len(right)


def test_an_earlier_time_takes_nothing_back() -> None:
    index = LifeIndex(PLANS)
    index.advance(START + 5 * DAY)
    seen = len(index)

    index.advance(START)

    assert len(index) == seen > 0


def test_an_order_cannot_be_found_before_it_is_placed() -> None:
    index = LifeIndex(PLANS)
    last = PLANS[-1]

    index.advance(last.create_time - 1)
    before = index.find(last.id)
    index.advance(last.create_time)

    assert before is None
    assert index.find(last.id) == last


def test_many_changes_at_once_leave_the_same_index_as_one_by_one() -> None:
    plans = [draw_plan(FRONT, n, created=START + n * 10) for n in range(3_000)]
    leap, steps = LifeIndex(plans), LifeIndex(plans)

    for now in range(START, START + 2 * DAY, 600):
        steps.advance(now)
    leap.advance(START + 2 * DAY - 600)

    everything = Wanted()
    keys = [
        index.search(everything, by_update_time=True).page(
            None, size=10_000, descending=False
        )
        for index in (leap, steps)
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 3_000
