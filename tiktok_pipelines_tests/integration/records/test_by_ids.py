"""What is asked for by id: some at a time, and what is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.returns import ReturnSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import ApiError, IncompleteWindow
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.records.stories import World, raise_all, world
from tiktok_pipelines_tests.integration.records.test_finance import (
    CONFIG,
    DAY,
    found,
    gb,
    runs_of,
    sync,
)

PRICES = "/order/202407/orders/*/price_detail"
NOBODYS = "1" * 18
VAGUE = [21008111, 25001001, 25020005, 36009004, 98001004]


@pytest.fixture
def shops(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Shops of which nothing was read yet."""
    with world(database_url, tmp_path, CONFIG) as opened:
        yield opened


def test_orders_are_asked_for_some_at_a_time(shops: World) -> None:
    shops.sync_orders()
    whole = BY_NAME["order_prices"]
    (first, _) = whole.loads
    assert isinstance(first, ByIds)
    few = ByIds(first.ids, first.detail, first.name, most=30, first=10)
    part = Subject(whole.mapping, loads=(few,))

    counts = [count_after(shops, part) for _ in range(4)]

    assert counts == [10, 40, 70, 80]
    notes = found(
        shops,
        "SELECT note FROM tiktok_ops.sync_windows WHERE stream = 'order_prices'"
        " AND shop_id = :shop_id ORDER BY window_id",
        shop_id=gb(shops),
    )
    is_told = ["what is left follows" in row["note"] for row in notes]
    assert is_told == [True, True, True, False]


def count_after(world: World, subject: Subject) -> int:
    """Orders with a price, once the subject was synced once more."""
    raise_all(runs_of(world).sync([gb(world)], [subject]))
    return scalar(world.pipeline.database, "SELECT count(*) FROM tiktok.order_prices")


def prices_of(
    *order_ids: str,
    condition: str = "TRUE",
    most: int = 0,
    asked: list[str] | None = None,
) -> Subject:
    """The prices of these orders, asked for in each sync; ``asked`` takes each."""
    whole = BY_NAME["order_prices"]
    (first, _) = whole.loads
    assert isinstance(first, ByIds)
    listed = ", ".join(f"'{name}'" for name in sorted(order_ids))
    query = (
        f"SELECT id FROM unnest(ARRAY[{listed}]) AS t (id)"
        f" WHERE id > :after AND {condition} ORDER BY id LIMIT :count"
    )

    def read(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
        told.extend(ids)
        return first.detail.read(shop, ids)

    told = [] if asked is None else asked
    load = ByIds(query, Detail(read), first.name, most=most)
    return Subject(whole.mapping, loads=(load,))


def some_orders(world: World, count: int) -> list[str]:
    return [str(one["id"]) for one in world.simulator.truth(gb(world))[:count]]


def last_verdict(world: World) -> dict[str, Any]:
    """The newest line of the ledger about prices."""
    return found(
        world,
        "SELECT verdict, note FROM tiktok_ops.sync_windows"
        " WHERE stream = 'order_prices' ORDER BY window_id DESC LIMIT 1",
    )[0]


def test_an_order_that_is_not_to_be_had_does_not_keep_the_others(shops: World) -> None:
    asked = prices_of(*some_orders(shops, 3), NOBODYS)

    assert count_after(shops, asked) == 3
    told = last_verdict(shops)
    assert told["verdict"] == "closed"
    assert "4 asked for by id" in told["note"]
    assert "1 of them did not come" in told["note"]


@pytest.mark.parametrize("code", VAGUE)
def test_a_refusal_of_every_order_is_not_about_the_orders(
    shops: World, code: int
) -> None:
    shops.simulator.faults.add(Fault("error_code", path=PRICES, code=code))

    report = runs_of(shops).sync([gb(shops)], [prices_of(*some_orders(shops, 3))])

    ((_, error),) = report.failures
    assert isinstance(error, ApiError)
    assert error.code == code
    told = last_verdict(shops)
    assert told["verdict"] == "open"
    assert "3 of them did not come" in told["note"]


def test_orders_that_are_all_said_to_be_gone_leave_the_pass_open(
    shops: World,
) -> None:
    shops.simulator.faults.add(Fault("error_code", path=PRICES, code=12052032))

    report = runs_of(shops).sync([gb(shops)], [prices_of(*some_orders(shops, 3))])

    ((_, error),) = report.failures
    assert isinstance(error, IncompleteWindow)
    assert last_verdict(shops)["verdict"] == "open"


def test_an_answer_that_holds_nothing_is_an_answer(shops: World) -> None:
    nobodys = ByIds(
        "SELECT 'none' WHERE 'none' > :after",
        Detail(lambda shop, _: shop.returns.pages(ReturnSearch(return_ids=["1"])), 50),
        "returns_open",
    )
    returns = BY_NAME["returns"]

    raise_all(
        runs_of(shops).sync([gb(shops)], [Subject(returns.mapping, loads=(nobodys,))])
    )

    (told,) = found(
        shops,
        "SELECT verdict, note FROM tiktok_ops.sync_windows"
        " WHERE stream = 'returns_open'",
    )
    assert told["verdict"] == "closed"
    assert "1 of them did not come" in told["note"]


def test_refused_orders_are_left_out_for_a_day(shops: World) -> None:
    held, asked = some_orders(shops, 1), list[str]()
    prices = prices_of(*held, NOBODYS, asked=asked)

    count_after(shops, prices)
    shops.simulator.clock.advance(DAY / 2)
    count_after(shops, prices)
    shops.simulator.clock.advance(DAY / 2)
    count_after(shops, prices)

    assert asked == [NOBODYS, *held, *held, NOBODYS, *held]


def test_an_order_that_was_refused_before_is_no_failure_alone(shops: World) -> None:
    count_after(shops, prices_of(*some_orders(shops, 1), NOBODYS))
    shops.simulator.clock.advance(DAY)

    count_after(shops, prices_of(NOBODYS))

    assert last_verdict(shops)["verdict"] == "closed"


def test_an_order_that_is_answered_again_is_not_left_out(shops: World) -> None:
    (one, other) = some_orders(shops, 2)
    shops.simulator.faults.add(Fault("error_code", path=PRICES, code=25001001, count=1))
    assert count_after(shops, prices_of(one, other)) == 1
    shops.simulator.clock.advance(DAY)

    assert count_after(shops, prices_of(one, other)) == 2

    assert not scalar(
        shops.pipeline.database, "SELECT count(*) FROM tiktok_ops.rechecks"
    )


ONCE = "CAST(:last AS timestamptz) IS NULL"


def test_a_refused_order_that_nothing_names_any_more_is_asked_for_again(
    shops: World,
) -> None:
    prices = prices_of(*some_orders(shops, 2), condition=ONCE)
    shops.simulator.faults.add(Fault("error_code", path=PRICES, code=21008111, count=1))
    assert count_after(shops, prices) == 1
    shops.simulator.clock.advance(DAY)

    assert count_after(shops, prices) == 2


def test_what_is_refused_day_after_day_is_believed_in_the_end(shops: World) -> None:
    asked = list[str]()
    prices = prices_of(*some_orders(shops, 1), NOBODYS, condition=ONCE, asked=asked)

    for _ in range(8):
        count_after(shops, prices)
        shops.simulator.clock.advance(DAY)

    assert asked.count(NOBODYS) == 5


def test_what_was_odd_stays_in_doubt_while_it_is_refused(shops: World) -> None:
    prices = prices_of(*some_orders(shops, 1), NOBODYS)
    with shops.pipeline.database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tiktok_ops.rechecks (shop_id, stream, record_key, reason,"
                " noted_at, asked_at, asked_count)"
                " VALUES (:shop, 'order_prices', :key, 'odd', :at, :at, 1)"
            ),
            {"shop": gb(shops), "key": NOBODYS, "at": NOW - DAY},
        )

    count_after(shops, prices)

    doubts = "SELECT record_key FROM tiktok_ops.rechecks WHERE reason = 'odd'"
    assert scalar(shops.pipeline.database, doubts) == NOBODYS


def test_refused_orders_do_not_take_the_turn_of_others(shops: World) -> None:
    unpriced = "id NOT IN (SELECT order_id FROM tiktok.order_prices)"
    refused = ["1" * 18, "2" * 18]
    prices = prices_of(*some_orders(shops, 7), *refused, condition=unpriced, most=3)

    assert [count_after(shops, prices) for _ in range(3)] == [1, 4, 7]


def test_a_transaction_of_no_order_asks_for_none(shops: World) -> None:
    sync(shops, "statements", "statement_transactions")
    with shops.pipeline.database.begin() as connection:
        connection.execute(
            text("UPDATE tiktok.statement_transactions SET order_id = ''")
        )

    sync(shops, "order_transactions")

    assert not scalar(
        shops.pipeline.database, "SELECT count(*) FROM tiktok.order_transactions"
    )


@pytest.mark.parametrize("name", ["order_prices", "order_transactions"])
def test_the_newest_orders_are_asked_for_first(shops: World, name: str) -> None:
    shops.sync_orders()
    sync(shops, "statements", "statement_transactions")
    whole = BY_NAME[name]
    few = replace(cast("ByIds", whole.loads[0]), most=3, first=2)

    for _ in range(2):
        raise_all(
            runs_of(shops).sync([gb(shops)], [Subject(whole.mapping, loads=(few,))])
        )

    of = "orders" if name == "order_prices" else "statement_transactions"
    newest = found(
        shops,
        f"SELECT DISTINCT order_id FROM tiktok.{of} WHERE shop_id = :shop_id"
        " AND order_id IS NOT NULL ORDER BY order_id DESC LIMIT 5",
        shop_id=gb(shops),
    )
    held = found(shops, f"SELECT order_id FROM tiktok.{name} ORDER BY order_id DESC")
    assert held == newest
