"""From what happens in a shop to the tables, by webhooks alone."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from tiktok_pipelines.simulator import Simulator, timeline
from tiktok_pipelines.simulator.mishaps import MISHAPS
from tiktok_pipelines.simulator.timeline import SILENT
from tiktok_pipelines_tests.integration.ingest.compared import truth_of
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records import cases
from tiktok_pipelines_tests.integration.webhooks.conftest import World
from tiktok_pipelines_tests.integration.webhooks.syncs import (
    first_sync,
    first_sync_of,
)
from tiktok_pipelines_tests.waiting import until

STEPS = (1, 3, 8, 12)


def states(world: World) -> Mapping[str, tuple[object, object]]:
    """Status and update time of each order in the tables."""
    statement = "SELECT order_id, status, updated_at FROM tiktok.orders"
    return {
        row["order_id"]: (row["status"], row["updated_at"].timestamp())
        for row in rows(world.database, statement)
    }


def true_states(simulator: Simulator) -> Mapping[str, tuple[object, object]]:
    return {
        order_id: (order["status"], order["update_time"])
        for orders in truth_of(simulator).values()
        for order_id, order in orders.items()
    }


def silent_since_announced(world: World) -> Iterator[str]:
    """Orders whose last change TikTok announces by no event."""
    now = world.simulator.clock.epoch()
    for shop in world.simulator.shops:
        for plan in shop.orders.visible(now):
            told = plan.changes[: plan.version_at(now)]
            if told[-1] in SILENT - {timeline.ADDRESS_UPDATED, timeline.CANCEL_ASKED}:
                yield plan.id


def live_and_work(world: World) -> None:
    for hours in STEPS:
        world.live_on(hours=hours)
        world.settle_all()


def reread(world: World) -> set[str]:
    """The orders that reading every one of them again changes."""
    changed: set[str] = set()
    for shop_id, orders in truth_of(world.simulator).items():
        for order_id in orders:
            result = runs_of(world.pipeline, "control").pull(shop_id, [order_id])
            if result.rows_written:
                changed.add(order_id)
    return changed


def unlike_the_truth(world: World) -> Mapping[str, int]:
    """How many records are not as a shop holds them, by subject; those announced."""
    found: dict[str, int] = {}
    for case in cases.CASES:
        if case.name in {"products", "returns", "cancellations"}:
            for shop_id in world.shop_ids:
                true = cases.truth_of(world.simulator, case, shop_id)
                held = cases.given_back(world.database, case, shop_id)
                unlike = sum(one not in held for one in true)
                if unlike := unlike + sum(one not in true for one in held):
                    found[case.name] = found.get(case.name, 0) + unlike
    return found


def unlike_packages(world: World, events: Collection[int]) -> list[str]:
    """Packages that these events announce, and that are not as a shop holds them."""
    announced = {
        name
        for event in world.events("event_type = 4")
        if event["event_id"] in events
        for name in event["object_ids"]
    }
    unlike: list[str] = []
    for case in cases.CASES:
        if case.name in {"packages", "package_details"}:
            for shop_id in world.shop_ids:
                held = cases.given_back(world.database, case, shop_id)
                unlike += [
                    f"{case.name} {name}"
                    for true in cases.truth_of(world.simulator, case, shop_id)
                    if (name := str(true.get("package_id", true.get("id"))))
                    in announced
                    and true not in held
                ]
    return unlike


def test_webhooks_alone_bring_products_and_aftersales_to_the_truth(
    announced: World,
) -> None:
    first_sync(announced)
    first_sync_of(announced, "products", "returns")

    live_and_work(announced)

    assert unlike_the_truth(announced) == {}
    unplaced = "SELECT count(*) FROM tiktok.products WHERE sales_regions IS NULL"
    assert scalar(announced.database, unplaced) == 0


def test_packages_that_are_announced_are_as_the_shop_holds_them(
    announced: World,
) -> None:
    first_sync(announced)
    seen: set[int] = set()
    for hours in STEPS:
        announced.live_on(hours=hours)
        announced.settle_all()
        new = {row["event_id"] for row in announced.events("event_type = 4")} - seen
        assert unlike_packages(announced, new) == []
        seen |= new

    assert seen


def test_webhooks_alone_bring_the_tables_to_the_truth(announced: World) -> None:
    first_sync(announced)

    live_and_work(announced)

    assert states(announced) == true_states(announced.simulator)
    assert reread(announced) <= set(silent_since_announced(announced))
    assert set(announced.statuses()) <= {"processed", "ignored"}


def test_with_every_mishap_on_the_tables_come_to_the_truth(announced: World) -> None:
    first_sync(announced)
    postman = announced.simulator.postman
    postman.mishaps.set(dict.fromkeys(MISHAPS, 0.2))

    live_and_work(announced)

    assert states(announced) == true_states(announced.simulator)
    assert reread(announced) <= set(silent_since_announced(announced))
    assert postman.mishaps.hits.keys() == MISHAPS.keys()
    assert scalar(announced.database, DUPLICATES) == 0
    assert "processing" not in announced.statuses()


DUPLICATES = """
    SELECT count(*) - count(DISTINCT (app_key, dedupe_key))
    FROM tiktok_ops.webhook_events
"""


def test_polling_alone_brings_the_tables_to_the_truth(world: World) -> None:
    first_sync(world)
    for hours in STEPS:
        world.simulator.clock.advance(timedelta(hours=hours))
        first_sync(world)

    assert states(world) == true_states(world.simulator)
    assert world.events() == []


def test_events_in_the_wrong_order_leave_the_newest_state(announced: World) -> None:
    announced.live_on(hours=12)
    order = [row["event_id"] for row in announced.events()]
    with announced.database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE tiktok_ops.webhook_events SET event_id = event_id + 10000;"
            "UPDATE tiktok_ops.webhook_events SET event_id = 20000 - event_id"
        )
    announced.settle_all()

    assert len(order) == announced.statuses()["processed"] + announced.statuses().get(
        "ignored", 0
    )
    known = states(announced)
    true = true_states(announced.simulator)
    assert known == {name: true[name] for name in known}


def test_what_the_receiver_missed_is_sent_again(announced: World) -> None:
    announced.simulator.postman.mishaps.set({"lost": 1.0})
    announced.simulator.clock.advance(timedelta(hours=3))
    until(lambda: announced.simulator.postman.counts["tried"] > 0)
    announced.simulator.postman.mishaps.clear()

    until(lambda: announced.simulator.postman.is_quiet)

    assert announced.simulator.postman.counts["given_up"] == 0
    assert len(announced.events()) == announced.simulator.postman.counts["taken"]


def test_an_address_that_is_none_is_tried_and_given_up(announced: World) -> None:
    postman = announced.simulator.postman
    postman.set_address("http://nobody:port")

    announced.live_on(hours=3)

    assert postman.counts["given_up"] > 0
    assert postman.counts["taken"] == 0


def test_the_seller_who_withdraws_is_announced(announced: World) -> None:
    seller = announced.simulator.sellers[0]
    announced.simulator.clock.advance(timedelta(minutes=1))
    announced.simulator.revoke(seller.id)
    until(lambda: announced.simulator.postman.is_quiet)

    announced.settle_all()

    stopped = {
        shop.shop_id for shop in announced.pipeline.shops.all() if not shop.is_enabled
    }
    assert stopped == {shop.id for shop in seller.shops}


def test_a_shops_own_address_wins_over_the_apps(announced: World) -> None:
    shop_id = announced.shop_ids[0]
    url = f"{announced.receiver.url}/webhooks/tiktok"
    announced.simulator.postman.set_address("http://127.0.0.1:9/nobody")
    events = announced.pipeline.shops.client_of(shop_id).events
    events.subscribe("ORDER_STATUS_CHANGE", url)

    announced.simulator.clock.advance(timedelta(hours=6))
    until(lambda: bool(announced.events()))
    announced.simulator.postman.set_address("")
    until(lambda: announced.simulator.postman.is_quiet)

    found = {(row["shop_id"], row["event_type"]) for row in announced.events()}
    assert found == {(shop_id, 1)}
