"""Records in quarantine are tried again: from what was kept, or by asking TikTok."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_commit import (
    commit_or_quarantine,
    commit_order_pages,
)
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.quarantine import BadEntry, list_bad
from tiktok_pipelines.ingest.quarantine_replay import Outcome, ask_again, land_kept
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.simulator import answer_plainly
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.privacy import KEEP_ALL, PrivacyPolicy
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json, changing
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.spoiled import Spoil, spoiling
from tiktok_pipelines_tests.integration.ingest.stored import (
    count,
    kept_bodies,
    rows,
    scalar,
)
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON, order

DAYS = [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)]
DETAIL = "/order/202507/orders"
SHOP = ShopRun("7490000000000000001", "run-1")


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """Two sellers with a few orders, and no more to come."""
    return SimulatorConfig(
        shops=3, orders=24, days=6, now=NOW, future_days=0, rate_per_second=LIMITLESS
    )


def without_line_id(received: Json) -> Json:
    first, *others = received["line_items"]
    less = {name: value for name, value in first.items() if name != "id"}
    return received | {"line_items": [less, *others]}


def refused(received: Json) -> Json:
    """An order with a number that PostgreSQL does not take."""
    return received | {"seller_note": Decimal("1e200000")}


def nameless(received: Json) -> Json:
    return {name: value for name, value in received.items() if name != "id"}


def of_one_shop(simulator: Simulator) -> str:
    return simulator.shops[0].id


def spoil(pipeline: Pipeline, simulator: Simulator, *shop_ids: str) -> list[BadEntry]:
    """Backfill days whose answers are spoiled; later ones are good."""
    wanted = shop_ids or [of_one_shop(simulator)]
    runs_of(pipeline).backfill(dict.fromkeys(wanted, DAYS))
    simulator.around = answer_plainly
    simulator.clock.advance(timedelta(minutes=1))
    return [*list_bad(pipeline.database)]


def ask(pipeline: Pipeline, entries: Sequence[BadEntry]) -> list[Outcome]:
    return [*ask_again(runs_of(pipeline, "replay"), entries, pipeline.clock)]


def states(outcomes: Sequence[Outcome]) -> set[str]:
    return {outcome.state for outcome in outcomes}


def truth(simulator: Simulator) -> list[Json]:
    """The orders of the shop that were placed on the days."""
    placed = cast("list[Json]", simulator.truth(of_one_shop(simulator)))
    first = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
    end = first + len(DAYS) * 86400
    return [one for one in placed if first <= one["create_time"] < end]


@pytest.mark.parametrize(
    "damage", [refused, without_line_id, nameless], ids=lambda one: one.__name__
)
def test_what_is_good_by_now_lands_and_leaves_quarantine(
    pipeline: Pipeline, simulator: Simulator, damage: Spoil
) -> None:
    simulator.around = spoiling(damage)
    bad = spoil(pipeline, simulator)

    outcomes = ask(pipeline, bad)

    assert len(bad) == len(truth(simulator)) > 5
    assert states(outcomes) == {"resolved"}
    assert list_bad(pipeline.database) == []
    assert landed_ids(pipeline.database) == {one["id"] for one in truth(simulator)}
    lines = sum(len(one["line_items"]) for one in truth(simulator))
    assert count(pipeline.database, "tiktok.order_lines") == lines


def landed_ids(database: Database) -> set[str]:
    return {row["order_id"] for row in rows(database, "SELECT * FROM tiktok.orders")}


@pytest.mark.parametrize(
    "damage", [refused, without_line_id, nameless], ids=lambda one: one.__name__
)
def test_what_is_still_bad_stays_and_says_why(
    pipeline: Pipeline, simulator: Simulator, damage: Spoil
) -> None:
    simulator.around = spoiling(damage)
    bad = spoil(pipeline, simulator)
    simulator.around = spoiling(damage)

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"still_bad"}
    assert {one.told for one in outcomes} == {entry.reason for entry in bad}
    assert len(list_bad(pipeline.database)) == len(bad)


def test_orders_are_asked_for_together(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(without_line_id)
    bad = spoil(pipeline, simulator)
    simulator.calls.clear()

    ask(pipeline, bad)

    assert len(bad) > 5
    assert simulator.calls["GET", DETAIL, of_one_shop(simulator)] == 1


def test_a_day_is_asked_for_once_however_many_of_its_records_are_bad(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(nameless)
    bad = spoil(pipeline, simulator)
    simulator.calls.clear()

    ask(pipeline, bad)

    asked = simulator.calls["POST", SEARCH, of_one_shop(simulator)]
    assert len(bad) > asked == len(DAYS)


def test_a_piece_of_a_day_is_asked_for_as_its_whole_day(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(nameless)
    bad = spoil(pipeline, simulator)[:1]
    rows(
        pipeline.database,
        "UPDATE tiktok_ops.quarantine_records SET request = jsonb_set(request,"
        " '{body,create_time_lt}', to_jsonb((request #>> "
        "'{body,create_time_ge}')::bigint + 600)) RETURNING 1",
    )
    rows(pipeline.database, "DELETE FROM tiktok_ops.sync_windows RETURNING 1")

    ask(pipeline, bad)

    (window,) = rows(pipeline.database, "SELECT * FROM tiktok_ops.sync_windows")
    assert window["window_end"] - window["window_start"] == timedelta(days=1)


def test_a_window_that_stays_open_settles_nothing(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(nameless)
    bad = spoil(pipeline, simulator)

    def lie(_: object, data: Json) -> None:
        data["total_count"] += 1

    simulator.around = changing(lie)

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"not_answered"}
    assert "is not complete" in outcomes[0].told
    assert len(list_bad(pipeline.database)) == len(bad)


def test_an_order_that_comes_without_its_lines_settles_no_line(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(without_line_id)
    bad = spoil(pipeline, simulator)
    simulator.around = spoiling(lambda one: one | {"line_items": None})
    ask(pipeline, bad)
    reopen = "UPDATE tiktok_ops.quarantine_records SET resolved_at = NULL RETURNING 1"
    rows(pipeline.database, reopen)
    simulator.clock.advance(timedelta(minutes=1))

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"still_bad"}
    assert len(list_bad(pipeline.database)) == len(bad)


def test_a_bad_answer_that_arrives_after_a_newer_good_one_is_settled(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = of_one_shop(simulator)
    late = truth(simulator)[0]
    runs_of(pipeline).pull(shop_id, [late["id"]])
    page = read([without_line_id(late)], NOW - timedelta(hours=1))
    commit_order_pages(pipeline.database, ShopRun(shop_id), [page])
    bad = list_bad(pipeline.database)
    simulator.clock.advance(timedelta(minutes=1))

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"resolved"}


def test_an_order_that_nobody_answers_for_stays(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = of_one_shop(simulator)
    bad = quarantine(pipeline.database, ShopRun(shop_id), refused(order(1)))
    simulator.clock.advance(timedelta(minutes=1))

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"not_answered"}
    assert "does not answer" in outcomes[0].told
    assert list_bad(pipeline.database) == bad


def test_a_shop_that_cannot_be_asked_stops_no_other(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(nameless)
    revoked, fine = simulator.shops[0], simulator.shops[-1]
    bad = spoil(pipeline, simulator, revoked.id, fine.id)
    simulator.revoke(revoked.seller_id)

    outcomes = ask(pipeline, bad)

    found = {(one.entry.shop_id, one.state) for one in outcomes}
    assert found == {(revoked.id, "not_answered"), (fine.id, "resolved")}
    assert any("shops connect" in one.told for one in outcomes)
    assert len(outcomes) == len(bad)


def test_a_record_of_a_shop_that_is_gone_is_told_with_the_remedy(
    pipeline: Pipeline,
) -> None:
    bad = quarantine(pipeline.database, ShopRun("7499999999999999999"), order(1, id=""))

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"not_answered"}
    assert "shops list" in outcomes[0].told


def test_a_record_whose_call_says_nothing_is_told_with_the_remedy(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    bad = quarantine(
        pipeline.database, ShopRun(of_one_shop(simulator)), order(1, id="")
    )

    outcomes = ask(pipeline, bad)

    assert states(outcomes) == {"not_answered"}
    assert "backfill" in outcomes[0].told


def test_many_records_are_told_of_while_they_are_tried(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = spoiling(nameless)
    bad = spoil(pipeline, simulator)
    said: list[str] = []

    def slow(_: object, __: Json) -> None:
        simulator.clock.advance(timedelta(seconds=6))

    simulator.around = changing(slow)
    ask_again(OrderRuns(pipeline.shops, "replay", said.append), bad, pipeline.clock)

    assert said[-1] == f"{len(bad)} of {len(bad)} records tried again"
    assert len(said) == len(DAYS)


def quarantine(database: Database, target: ShopRun, *records: Json) -> list[BadEntry]:
    """Load a page of records, and list what stays in quarantine."""
    list(commit_or_quarantine(database, target, read(records)))
    return [*list_bad(database)]


def kept_as_order(database: Database, received: Json, target: ShopRun) -> BadEntry:
    """A record that stands there without need, as an older reader may have left it."""
    (entry,) = quarantine(database, target, received | {"id": ""})
    rows(
        database,
        "UPDATE tiktok_ops.quarantine_records"
        " SET content = jsonb_set(content, '{id}', to_jsonb(CAST(:id AS text)))"
        " RETURNING 1",
        id=received["id"],
    )
    return entry


def land(
    database: Database, entries: Sequence[BadEntry], policy: PrivacyPolicy = KEEP_ALL
) -> list[Outcome]:
    return [*land_kept(database, entries, policy_of=lambda _: policy, run_id="replay")]


def test_kept_content_that_is_an_order_by_now_lands_with_its_page(
    database: Database,
) -> None:
    entry = kept_as_order(database, order(1), SHOP)

    (outcome,) = land(database, [entry])

    assert (outcome.state, order(1)["id"] in outcome.told) == ("resolved", True)
    assert list_bad(database) == []
    assert landed_ids(database) == {order(1)["id"]}
    assert scalar(database, "SELECT synced_at FROM tiktok.orders") == NOON
    (body,) = kept_bodies(database)
    assert [kept["id"] for kept in body["orders"]] == [order(1)["id"]]
    page = "SELECT page_id FROM tiktok_raw.pages WHERE run_id = 'replay'"
    assert scalar(database, page) == scalar(
        database, "SELECT raw_page_id FROM tiktok.orders"
    )


def test_kept_content_does_not_overwrite_a_newer_answer(database: Database) -> None:
    entry = kept_as_order(database, order(1, status="OLD"), SHOP)
    later = NOON + timedelta(hours=1)
    commit_order_pages(database, SHOP, [read([order(1)], later)])

    land(database, [entry])

    assert scalar(database, "SELECT status FROM tiktok.orders") == "AWAITING_SHIPMENT"
    assert list_bad(database) == []


def test_kept_content_that_is_no_order_is_left_alone(database: Database) -> None:
    quarantine(database, SHOP, order(1, id=""), refused(order(2)))
    rows(
        database,
        "UPDATE tiktok_ops.quarantine_records SET record_key = 'hash:of an older kind'"
        " WHERE starts_with(record_key, 'hash:') RETURNING 1",
    )
    bad = list_bad(database)

    assert land(database, bad) == []

    assert list_bad(database) == bad
    assert count(database, "tiktok_raw.pages") == 0
