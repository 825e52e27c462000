"""After all loads, the tables equal what the simulated shops hold, field by field.

One story is told once for the module: a backfill, syncs while the shops live on, and
everything once more. The tests look at what it left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    Served,
    SimulatorClock,
    connect_all,
    environment_of,
    new_database,
)
from tiktok_pipelines_tests.integration.ingest.answers import Json, Witness
from tiktok_pipelines_tests.integration.ingest.compared import (
    Truth,
    amounts_in_digits,
    customers_counted,
    lines_by_column,
    order_keys,
    orders_by_column,
    orders_given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.ingest.expected import (
    clearest,
    flat,
    grade,
    moment,
    recipient_columns,
)
from tiktok_pipelines_tests.integration.ingest.stored import (
    kept_bodies,
    recipients,
    rows,
    table,
)

DAYS = 42
STEPS = [timedelta(hours=hours) for hours in (1, 5, 12, 24, 6)]


@dataclass(frozen=True, slots=True)
class Story:
    """What was done, and what there is to compare with."""

    simulator: Simulator
    pipeline: Pipeline
    witness: Witness
    syncs: list[Report]
    again: Report
    last: Report
    held: Mapping[str, Mapping[str, Json]]

    @property
    def shop_ids(self) -> list[str]:
        return [shop.id for shop in self.simulator.shops]

    @property
    def truths(self) -> Truth:
        return truth_of(self.simulator)


@pytest.fixture(scope="module")
def story(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    config = SimulatorConfig(
        shops=3, orders=140, days=DAYS, now=NOW, rate_per_second=LIMITLESS
    )
    simulator, home = Simulator(config), tmp_path_factory.mktemp("story")
    witness = Witness(simulator)
    simulator.around = witness.around
    with serve(simulator) as url, new_database(postgres) as database_url:
        environment = environment_of(Served(simulator, url), database_url, home)
        settings = Settings.from_environment(environment, folder=home)
        clock = SimulatorClock(simulator)
        with open_pipeline(settings, clock=clock, run_id="first") as pipeline:
            connect_all(pipeline, simulator)
            yield tell(simulator, pipeline, witness)


def tell(simulator: Simulator, pipeline: Pipeline, witness: Witness) -> Story:
    first = runs(pipeline, "first")
    backfill(first, simulator)
    syncs = [sync(first)]
    for step in STEPS:
        simulator.clock.advance(step)
        syncs.append(sync(first))
    again = backfill(runs(pipeline, "again"), simulator)
    sync(first)
    held = {shop.id: recipients(pipeline.database, shop.id) for shop in simulator.shops}
    return Story(simulator, pipeline, witness, syncs, again, sync(first), held)


def runs(pipeline: Pipeline, run_id: str) -> OrderRuns:
    return OrderRuns(pipeline.shops, run_id, log=lambda _: None)


def backfill(runs: OrderRuns, simulator: Simulator) -> Report:
    first = (NOW - timedelta(days=DAYS + 1)).date()
    last = simulator.clock.now().date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    report = runs.backfill({shop.id: days for shop in simulator.shops})
    report.raise_if_failed()
    return report


def sync(runs: OrderRuns) -> Report:
    ids = [shop.shop_id for shop in runs.shops.enabled()]
    report = runs.sync(ids, first_sync_days=7)
    report.raise_if_failed()
    return report


def test_every_order_is_there_and_no_other(story: Story) -> None:
    keys = order_keys(story.pipeline.database, story.truths)

    assert keys.differences == []
    assert sum(len(orders) for orders in story.truths.values()) > 400


def test_every_field_received_is_given_back_exactly(story: Story) -> None:
    told = orders_given_back(story.pipeline.database, story.truths)

    assert told.differences == []


def test_recipients_are_the_clearest_then_newest_that_was_told(story: Story) -> None:
    for shop_id in story.shop_ids:
        assert story.held[shop_id] == clearest(story.witness.seen[shop_id])


def test_every_recipient_column_is_right(story: Story) -> None:
    found = table(story.pipeline.database, "tiktok.order_recipients")
    expected = {
        order_id: recipient_columns(held)
        for shop_id in story.shop_ids
        for order_id, held in clearest(story.witness.seen[shop_id]).items()
    }

    assert {
        row["order_id"]: {name: row[name] for name in recipient_columns({})}
        for row in found
    } == expected


def test_recipients_that_faded_since_are_still_clear(story: Story) -> None:
    assert [
        order_id
        for shop_id, orders in story.truths.items()
        for order_id, order in orders.items()
        if name_grade(order) < name_grade(story.held[shop_id].get(order_id, {}))
    ]


def name_grade(told: Json) -> int:
    return grade(told.get("recipient_address", {}).get("name"))


def test_every_order_column_is_right(story: Story) -> None:
    orders = orders_by_column(story.pipeline.database, story.truths)

    assert orders.differences == []


def test_every_line_column_is_right(story: Story) -> None:
    lines = lines_by_column(story.pipeline.database, story.truths)

    assert lines.differences == []


def test_amounts_are_kept_to_the_last_digit(story: Story) -> None:
    amounts = amounts_in_digits(story.pipeline.database, story.truths)

    assert amounts.differences == []


def test_customers_are_counted_right(story: Story) -> None:
    customers = customers_counted(story.pipeline.database, story.truths)

    assert customers.differences == []


def test_the_history_holds_every_status_that_was_told(story: Story) -> None:
    found = rows(
        story.pipeline.database,
        "SELECT shop_id, order_id, status, changed_at FROM tiktok.order_status_history",
    )

    assert {tuple(row.values()) for row in found} == {
        (shop_id, order["id"], order["status"], moment(order["update_time"]))
        for shop_id, seen in story.witness.seen.items()
        for _, order in seen
    }


def test_one_more_sync_writes_no_row_and_keeps_no_page(story: Story) -> None:
    assert {
        (done.rows_written, done.pages_kept) for done in story.last.syncs.values()
    } == {(0, 0)}


def test_the_shops_lived_on_between_the_syncs(story: Story) -> None:
    written = [
        sum(s.rows_written for s in each.syncs.values()) for each in story.syncs[1:]
    ]

    assert min(written) > 0


def test_silent_changes_are_met_when_open_orders_are_read_again(story: Story) -> None:
    assert sum(s.reread for each in story.syncs for s in each.syncs.values()) > 0


def test_the_ledger_closed_every_day_with_the_true_counts(story: Story) -> None:
    found = rows(
        story.pipeline.database,
        "SELECT shop_id, window_start, verdict, api_total_count, ids_fetched,"
        " rows_in_table, attempts FROM tiktok_ops.sync_windows"
        " WHERE run_id = 'again' AND time_field = 'create_time'",
    )
    created: dict[tuple[str, date], int] = {}
    for shop_id, orders in story.truths.items():
        for order in orders.values():
            day = datetime.fromtimestamp(order["create_time"], UTC).date()
            created[shop_id, day] = created.get((shop_id, day), 0) + 1

    assert len(found) == len(story.again.windows)
    for row in found:
        count = created.pop((row["shop_id"], row["window_start"].date()), 0)
        told = (row["verdict"], row["api_total_count"], row["ids_fetched"])
        assert told == ("closed", count, count)
        assert row["rows_in_table"] == count
    assert created == {}


def test_the_watermark_stands_where_the_closed_windows_end(story: Story) -> None:
    found = rows(
        story.pipeline.database,
        "SELECT c.shop_id, c.watermark, max(w.window_end) AS closed_to"
        " FROM tiktok_ops.sync_cursors AS c JOIN tiktok_ops.sync_windows AS w"
        " ON w.shop_id = c.shop_id AND w.time_field = 'update_time'"
        " AND w.verdict = 'closed' WHERE c.stream = 'orders' GROUP BY 1, 2",
    )

    now = story.simulator.clock.now()
    assert [row["watermark"] for row in found] == [row["closed_to"] for row in found]
    assert len(found) == len(story.shop_ids)
    assert all(now - row["watermark"] < timedelta(minutes=2) for row in found)


def test_no_page_that_is_kept_names_a_buyer(story: Story) -> None:
    kept = repr(kept_bodies(story.pipeline.database))
    names = {
        str(value)
        for seen in story.witness.seen.values()
        for _, order in seen
        for path, value in flat(order).items()
        if path in NAMING and len(str(value)) > 6
    }

    assert len(names) > 100
    assert [name for name in names if name in kept] == []


NAMING = {
    *("recipient_address.name", "recipient_address.phone_number", "buyer_email"),
    *("recipient_address.full_address", "buyer_nickname", "buyer_avatar"),
    "buyer_message",
}
