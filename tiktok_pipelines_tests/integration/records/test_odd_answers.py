"""What landed odd is asked for again, also if the load is killed or tries again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text
from starlette.responses import Response

from tiktok_pipelines.ingest.records.doubts import (
    doubted_windows,
    weigh_doubt,
    windows_doubt,
)
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.simulator import Fault, SimulatorConfig
from tiktok_pipelines.simulator.paths import (
    BRANDS,
    COUPON,
    PACKAGE_SEARCH,
    PRODUCT,
    PRODUCT_SEARCH,
    STATEMENT_TRANSACTIONS,
    STATEMENTS,
)
from tiktok_pipelines.simulator.simulator import Answer, Visit, answer_plainly
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW, new_database
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.machine.lives import Death, Life
from tiktok_pipelines_tests.integration.records.cases import (
    CASES,
    Case,
    given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.records.deaths import Target
from tiktok_pipelines_tests.integration.records.stories import (
    World,
    raise_all,
    world,
)

CONFIG = SimulatorConfig(
    shops=1,
    markets=("GB",),
    orders=60,
    days=40,
    now=NOW,
    products=8,
    future_days=0,
    rate_per_second=LIMITLESS,
)
EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
ROWS_COMMITTED, MORE_COMMITTED = Death("landing", 2), Death("landing", 4)


@pytest.fixture(scope="module")
def still(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A shop in which nothing happens any more, all of it loaded."""
    home = tmp_path_factory.mktemp("still")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        opened.sync_orders()
        opened.sync()
        yield opened


@pytest.mark.parametrize("death", [ROWS_COMMITTED, MORE_COMMITTED], ids=str)
@EACH
def test_what_landed_odd_before_a_kill_is_asked_for_again(
    still: World, case: Case, death: Death
) -> None:
    target = as_never_loaded(still, case.name)
    still.simulator.faults.add(Fault("nulls", share=0.5))
    ended = target.load(target.life(death))
    still.simulator.faults.clear()

    load_again(target)

    assert ended is None or death != ROWS_COMMITTED
    assert is_true(target, case)


def load_again(target: Target) -> None:
    """Load it a little later, without any trouble."""
    target.world.simulator.clock.advance(timedelta(minutes=5))
    raise_all(target.load(target.life()))


def is_true(target: Target, case: Case) -> bool:
    """Whether the tables equal what the shop holds."""
    held = truth_of(target.world.simulator, case, target.shop_id)
    database = target.world.pipeline.database
    return given_back(database, case, target.shop_id) == held


def as_never_loaded(world: World, name: str) -> Target:
    """A subject of the shop, of which nothing is left."""
    target = Target(world, world.shop_ids[0], name)
    with target.world.pipeline.database.begin() as connection:
        for each in {target.name, target.loaded.name}:
            for table in BY_NAME[each].mapping.tables():
                connection.execute(text(f"DELETE FROM tiktok.{table}"))
        told = {"stream": target.loaded.name}
        connection.execute(text("DELETE FROM tiktok_ops.rechecks"))
        connection.execute(
            text(
                "DELETE FROM tiktok_ops.sync_cursors WHERE starts_with(stream, :stream)"
            ),
            told,
        )
    return target


HEADS = next(case for case in CASES if case.name == "statement_totals")
PRODUCTS = next(case for case in CASES if case.name == "products")
COUPONS = next(case for case in CASES if case.name == "coupons")
ALL_BRANDS = next(case for case in CASES if case.name == "brands")
TRANSACTIONS = next(case for case in CASES if case.name == "statement_transactions")
ROWS_WEIGHED = Life(Death("landing", 2), "DELETE FROM tiktok_ops.rechecks")


def spoil(world: World, path: str, change: Callable[[Json], None]) -> None:
    """Let the data of the answers of a path be other ones."""
    spoil_whole(world, path, lambda told: change(told["data"]))


def spoil_whole(world: World, path: str, change: Callable[[Json], None]) -> None:
    """The same of whole answers, which have a code beside their data."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path != path:
            return response
        told = cast("Json", decode(bytes(response.body)))
        change(told)
        return Response(encode(told), media_type="application/json")

    world.simulator.around = around


def lose_sum(data: Json) -> None:
    """A head of a statement's transactions lacks what was settled."""
    data["total_settlement_amount"] = None


def lose_times(data: Json) -> None:
    """Statements lack when they were made."""
    for statement in data["statements"]:
        statement["statement_time"] = None


def test_a_head_that_landed_odd_before_a_kill_is_asked_for_again(still: World) -> None:
    target = as_never_loaded(still, HEADS.name)
    spoil(still, STATEMENT_TRANSACTIONS, lose_sum)
    ended = target.load(target.life(ROWS_COMMITTED))
    still.simulator.around = answer_plainly

    load_again(target)

    assert ended is None
    assert is_true(target, HEADS)


def test_an_odd_head_is_in_doubt_until_it_came_again_itself(still: World) -> None:
    target = as_never_loaded(still, HEADS.name)
    spoil(still, STATEMENT_TRANSACTIONS, lose_sum)
    load_again(target)
    still.simulator.around = answer_plainly
    still.simulator.clock.advance(timedelta(minutes=5))
    ended = target.load(ROWS_WEIGHED)

    load_again(target)

    assert ended is None
    assert is_true(target, HEADS)


def test_transactions_are_asked_for_again_though_their_statement_was_odd_too(
    still: World,
) -> None:
    statements = as_never_loaded(still, "statements")
    target = as_never_loaded(still, HEADS.name)
    spoil(still, STATEMENTS, lose_times)
    load_again(statements)
    still.simulator.faults.add(Fault("unknown_field", path=STATEMENT_TRANSACTIONS))
    load_again(target)
    still.simulator.around = answer_plainly
    still.simulator.faults.clear()

    load_again(statements)
    load_again(target)

    assert is_true(target, TRANSACTIONS)


def test_what_landed_odd_is_in_doubt_though_another_attempt_met_nothing_odd(
    still: World,
) -> None:
    target = as_never_loaded(still, PRODUCTS.name)
    held = len(truth_of(still.simulator, PRODUCTS, target.shop_id))
    still.simulator.faults.add(Fault("unknown_field", path=PRODUCT, count=held))
    still.simulator.faults.add(Fault("changing_count", path=PRODUCT_SEARCH, count=7))
    still.simulator.clock.advance(timedelta(minutes=5))
    report = target.load(target.life())
    still.simulator.faults.clear()

    load_again(target)

    assert report is not None
    first = report.results[0].windows[0]
    assert (first.attempts, first.verdict.is_closed) == (2, True)
    assert is_true(target, PRODUCTS)


@pytest.mark.parametrize("name", ["category_chains", "main_images"])
def test_a_product_without_what_it_is_made_with_is_asked_for_again(
    still: World, name: str
) -> None:
    target = as_never_loaded(still, PRODUCTS.name)
    spoil(still, PRODUCT, lambda data: cast("None", data.pop(name)))
    load_again(target)
    still.simulator.around = answer_plainly

    load_again(target)

    assert is_true(target, PRODUCTS)


def test_a_product_whose_detail_held_nothing_is_asked_for_again(still: World) -> None:
    target = as_never_loaded(still, PRODUCTS.name)
    spoil(still, PRODUCT, lambda data: data.clear())
    load_again(target)
    still.simulator.around = answer_plainly

    load_again(target)

    assert is_true(target, PRODUCTS)


@pytest.mark.parametrize("code", [0, 21008111, 36009004])
def test_a_coupon_whose_detail_held_nothing_or_was_refused_vaguely_is_asked_for_again(
    still: World, code: int
) -> None:
    target = as_never_loaded(still, COUPONS.name)

    def change(told: Json) -> None:  # a coupon for some products lacks them in a list
        if told["data"]["coupon"]["product_scope"] == "FULL_SHOP":
            told |= {"code": code, "data": {}}

    spoil_whole(still, COUPON, change)
    load_again(target)
    still.simulator.around = answer_plainly

    load_again(target)

    assert is_true(target, COUPONS)


def test_brands_of_states_that_nobody_knows_are_listed_again_before_a_day_is_over(
    still: World,
) -> None:
    target = as_never_loaded(still, ALL_BRANDS.name)
    still.simulator.faults.add(Fault("unknown_status", path=BRANDS))
    load_again(target)
    still.simulator.faults.clear()

    load_again(target)

    assert is_true(target, ALL_BRANDS)


def doubted_packages(still: World) -> list[TimeWindow]:
    """The windows of packages that are in doubt."""
    work = packages_work(still)
    later = work.clock.now() + timedelta(days=2)  # those asked often, too
    return list(doubted_windows(work, "packages", "update_time", before=later))


def packages_work(still: World) -> Work:
    (shop_id,) = still.shop_ids
    shops = still.pipeline.shops
    return Work(
        mapping=BY_NAME["packages"].mapping,
        shop=shops.client_of(shop_id),
        database=still.pipeline.database,
        target=ShopRun(shop_id),
        clock=shops.clock,
        policy=KEEP_ALL,
        since=NOW - timedelta(days=90),
        log=lambda _: None,
    )


@pytest.mark.parametrize("kind", ["", "unknown_field"])
def test_a_window_in_doubt_that_is_cut_is_in_doubt_no_longer_but_its_pieces_are(
    still: World, kind: str
) -> None:
    """It was pulled as a whole once, and has grown beyond what is pulled at once."""
    as_never_loaded(still, "packages")
    (whole,) = BY_NAME["packages"].loads
    assert isinstance(whole, Windows)
    work = packages_work(still)
    window = TimeWindow(NOW - timedelta(days=90), NOW)
    doubt = windows_doubt("packages", "update_time", window, work.clock.now())
    weigh_doubt(work, doubt, {"odd"})
    still.simulator.clock.advance(timedelta(minutes=5))
    if kind:
        still.simulator.faults.add(Fault(kind, path=PACKAGE_SEARCH))

    replace(whole, most=5, step=timedelta(days=200)).run(work)

    still.simulator.faults.clear()
    left = doubted_packages(still)
    assert window not in left
    assert bool(left) == bool(kind)
    assert len(work.results) > 2
