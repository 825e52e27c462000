"""What the ledger tells of the subjects beside orders: days, and readings."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from tiktok_pipelines.ingest.coverage import RED, State
from tiktok_pipelines.ingest.coverage_readings import (
    BROUGHT_WITH,
    READ_AGAIN,
    READ_WHOLE,
    Reading,
    read_readings,
)
from tiktok_pipelines.ingest.coverage_subjects import (
    BY_DAY,
    Asked,
    read_days,
    read_subject_days,
)
from tiktok_pipelines.ingest.coverage_subjects_text import (
    lacks_of_days,
    lacks_of_readings,
    subjects_markdown,
)
from tiktok_pipelines.ingest.open_windows import open_windows
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SUBJECTS
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.ledgers import (
    put_shop,
    put_sync,
    put_watermark,
    put_window,
)

CHANGES = ("packages", "update_time")
WAREHOUSES = ("warehouses", "listed")
STATEMENT_DAYS = ("statement_transactions", "statement_day")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ASKED = Asked(NOW, date(2026, 1, 1), first_sync_days=4)


def span(since: datetime, until: datetime) -> TimeWindow:
    return TimeWindow(since, until)


def states(database: Database, name: str, shop_id: str = "1") -> dict[int, State]:
    """By the day of January."""
    shops = read_subject_days(database, name, ASKED).shops
    (shop,) = (shop for shop in shops if shop.shop_id == shop_id)
    return {day.day: state for day, state in shop.days.items()}


def reading(database: Database, name: str) -> Reading:
    (found,) = read_readings(database, ASKED, [name])
    return found


@pytest.fixture
def one(database: Database) -> Database:
    """A shop whose packages were synced for three days."""
    put_shop(database, "1", region="US")
    put_sync(database, "1", NOW - 3 * DAY, NOW - MINUTE, of=CHANGES)
    return database


def put_statement(database: Database, at: datetime, *, is_read: bool) -> None:
    row = {"shop_id": "1", "statement_id": f"{at:%d}", "statement_at": at}
    more: dict[str, object] = {"extra": dict[str, object](), "synced_at": NOW}
    with database.begin() as connection:
        connection.execute(insert(tables.statements).values({**row, **more}))
        if is_read:
            row.pop("statement_at")
            told: dict[str, object] = {**row, **more}
            connection.execute(insert(tables.statement_totals).values(told))


def test_each_subject_is_told_in_one_way() -> None:
    ways = [*BY_DAY, *READ_WHOLE, *BROUGHT_WITH]

    assert sorted(ways) == sorted(subject.name for subject in SUBJECTS)
    assert " ".join(BY_DAY) == (
        "cancellations returns statements statement_transactions payments withdrawals"
        " packages"
    )


def test_days_that_the_syncs_read_without_a_gap_are_there(one: Database) -> None:
    assert states(one, "packages") == {
        8: State.SYNCED,
        9: State.SYNCED,
        10: State.SYNCED,
    }


def test_of_another_stream_nothing_is_proven(one: Database) -> None:
    assert set(states(one, "returns").values()) == {State.MISSING}


def test_days_before_a_gap_of_days_prove_nothing(one: Database) -> None:
    broken_off = span(NOW - 8 * DAY, NOW - 6 * DAY)
    put_window(one, "1", broken_off, of=CHANGES)

    assert set(states(one, "packages")) == {8, 9, 10}


def test_windows_that_retention_left_a_day_of_are_no_gap(one: Database) -> None:
    for hours in (72 + 9, 72 + 30):
        end = NOW - timedelta(hours=hours)
        window = span(end - timedelta(hours=1), end)
        put_window(one, "1", window, of=CHANGES)

    assert states(one, "packages")[7] == State.SYNCED


def test_an_open_window_ahead_of_the_watermark_is_red_with_its_note(
    database: Database,
) -> None:
    put_shop(database, "1")
    put_sync(database, "1", NOW - 4 * DAY, NOW - 2 * DAY, of=CHANGES)
    window = span(NOW - 2 * DAY, NOW - MINUTE)
    put_window(database, "1", window, verdict="open", of=CHANGES)

    coverage = read_subject_days(database, "packages", ASKED)

    assert states(database, "packages")[8] == State.OPEN
    (lack,) = lacks_of_days(coverage)
    assert (lack.shop_id, lack.job) == ("1", "sync_fulfillment")
    assert lack.what == "2026-01-08 to 2026-01-09 open: the API counts 2"
    assert lack.command.endswith("--select tiktok/packages \\\n  --partition 1")


def test_an_open_window_behind_the_watermark_is_healed(one: Database) -> None:
    window = span(NOW - 2 * DAY, NOW - DAY)
    put_window(one, "1", window, verdict="open", of=CHANGES)

    assert RED.isdisjoint(states(one, "packages").values())


def test_payouts_that_stay_open_are_red_until_a_later_window_contains_them(
    database: Database,
) -> None:
    put_shop(database, "1", region="US")
    payouts = ("payments", "create_time")
    put_sync(database, "1", NOW - 3 * DAY, NOW - MINUTE, of=payouts)
    window = span(NOW - 2 * DAY, NOW - DAY)
    put_window(database, "1", window, verdict="open", after=2 * DAY, of=payouts)
    opened = states(database, "payments")
    put_window(database, "1", span(NOW - 3 * DAY, NOW), after=3 * DAY, of=payouts)

    assert opened[8] == opened[9] == State.OPEN
    assert RED.isdisjoint(states(database, "payments").values())


def test_a_region_without_payouts_has_no_row_for_them(one: Database) -> None:
    put_shop(one, "2", region="VN")

    shops = read_subject_days(one, "payments", ASKED).shops

    assert [shop.shop_id for shop in shops] == ["1"]


def test_a_statement_whose_transactions_were_not_read_leaves_its_day_open(
    one: Database,
) -> None:
    put_sync(one, "1", NOW - 4 * DAY, NOW - MINUTE, of=("statements", "statement_time"))
    eighth, ninth = (
        datetime(2026, 1, 9, tzinfo=NOW.tzinfo),
        datetime(2026, 1, 10, tzinfo=NOW.tzinfo),
    )
    put_statement(one, eighth, is_read=True)
    put_statement(one, ninth, is_read=False)
    read = span(eighth - DAY, eighth)
    put_window(one, "1", read, of=STATEMENT_DAYS)

    found = states(one, "statement_transactions")

    assert (found[7], found[8], found[9]) == (State.SYNCED, State.CLOSED, State.OPEN)


def test_the_last_closed_reading_of_a_list_is_told_with_its_age(
    one: Database,
) -> None:
    read_at = NOW - timedelta(minutes=25)
    window = span(read_at, read_at + MINUTE)
    put_window(one, "1", window, of=WAREHOUSES)
    put_watermark(one, "1", "warehouses", read_at)

    found = reading(one, "warehouses")

    assert (found.state, found.is_whole, found.records) == (State.CLOSED, True, 1)
    assert found.age(NOW) == timedelta(minutes=25)


def test_a_reading_that_is_open_is_red_until_the_next_closed_one(one: Database) -> None:
    read_at = NOW - timedelta(minutes=25)
    put_watermark(one, "1", "warehouses", read_at - timedelta(hours=1))
    window = span(read_at, read_at + MINUTE)
    put_window(one, "1", window, verdict="open", of=WAREHOUSES)
    opened = reading(one, "warehouses")
    put_window(one, "1", span(NOW - MINUTE, NOW), after=2 * DAY, of=WAREHOUSES)

    (lack,) = lacks_of_readings([opened])
    assert opened.state == State.OPEN
    assert lack.what == "open: the API counts 2"
    assert "--select tiktok/warehouses" in lack.command
    assert reading(one, "warehouses").state == State.CLOSED


@pytest.mark.parametrize(
    ("stream", "hours", "state"),
    [
        ("warehouses", 3, State.CLOSED),
        ("warehouses", 4, State.LATE),
        ("brands", 27, State.CLOSED),
        ("brands", 28, State.LATE),
        ("brands", 51, State.LATE),
        ("brands", 52, State.MISSING),
    ],
)
def test_a_reading_is_late_after_its_rhythm_and_three_intervals(
    one: Database, stream: str, hours: int, state: State
) -> None:
    put_watermark(one, "1", stream, NOW - timedelta(hours=hours))

    assert reading(one, stream).state == state


def test_what_is_open_and_read_again_by_id_beside_a_grid_is_told(one: Database) -> None:
    assert list(READ_AGAIN) == ["cancellations_open", "returns_open"]
    put_watermark(one, "1", "returns_open", NOW - timedelta(hours=20))

    found = reading(one, "returns_open")

    assert (found.subject, found.is_whole) == ("returns", False)
    assert (found.state, found.age(NOW)) == (State.CLOSED, timedelta(hours=20))


def test_a_pass_beside_a_grid_that_is_open_is_red_and_the_grid_is_not(
    one: Database,
) -> None:
    put_sync(one, "1", NOW - 4 * DAY, NOW - MINUTE, of=("returns", "update_time"))
    put_watermark(one, "1", "returns_open", NOW - timedelta(hours=20))
    window = span(NOW - 2 * MINUTE, NOW - MINUTE)
    asked = ("returns_open", "asked")
    put_window(one, "1", window, verdict="open", of=asked)

    (lack,) = lacks_of_readings([reading(one, "returns_open")])

    assert lack.what == "pass returns_open open: the API counts 2"
    assert "--select tiktok/returns " in lack.command
    assert RED.isdisjoint(states(one, "returns").values())


@pytest.mark.parametrize("ledger", ["external_orders_probe", "external_orders_done"])
def test_external_orders_are_open_if_any_of_their_passes_is(
    one: Database, ledger: str
) -> None:
    put_watermark(one, "1", "external_orders_probe", NOW - timedelta(hours=2))
    window = span(NOW - 2 * MINUTE, NOW - MINUTE)
    put_window(one, "1", window, verdict="open", of=(ledger, "asked"))

    assert reading(one, "external_orders").state == State.OPEN


def test_what_was_never_read_is_red_and_named(one: Database) -> None:
    found = reading(one, "products")

    (lack,) = lacks_of_readings([found])
    assert (found.state, found.read_at) == (State.MISSING, None)
    assert "--select tiktok/products" in lack.command


def test_a_sync_that_is_off_and_never_ran_misses_nothing(one: Database) -> None:
    with one.begin() as connection:
        row = {"shop_id": "1", "sync": "products", "is_active": False}
        told: dict[str, object] = {**row, "interval_minutes": 60}
        connection.execute(insert(tables.sync_schedules).values(told))

    assert read_readings(one, ASKED, ["products"]) == []


def test_the_words_tell_of_every_subject(one: Database) -> None:
    days, readings = read_days(one, ASKED), read_readings(one, ASKED)

    told = subjects_markdown(days, readings, NOW)

    assert {each.stream for each in days} == set(BY_DAY)
    assert {each.name for each in readings} == {*READ_WHOLE, *READ_AGAIN}
    assert "| returns open, by id | 1 | never | **1 missing** |" in told
    assert "| packages | 2026-01-08 | 100 % | nothing |" in told
    assert "| warehouses, whole | 1 | never | **1 missing** |" in told
    assert "# cancellations of 1: 2026-01-07 to 2026-01-10 missing" in told
    assert "more: `tiktok-pipelines coverage --subject NAME`" in told


def test_the_ledger_and_the_view_agree_on_what_is_open(one: Database) -> None:
    spans = [(9, 8), (8, 5), (5, 2), (2, 1)]
    for number, by in enumerate(("update_time", "create_time", "listed")):
        for place, (since, until) in enumerate(spans):
            window = span(NOW - since * DAY, NOW - until * DAY)
            for turn, verdict in enumerate(("open", "closed", "open")[: place + 1]):
                put_window(
                    one,
                    "1",
                    window,
                    verdict=verdict,
                    of=("packages", by),
                    after=(number + 3 * turn) * DAY,
                )
    with one.begin() as connection:
        found = open_windows(connection, ["packages"])
        view = connection.execute(
            text(
                "SELECT DISTINCT time_field, window_start FROM"
                " tiktok_mart.ops_completeness WHERE NOT is_closed"
            )
        ).all()

    assert {(each.time_field, each.window.start) for each in found} == set(view)
    assert view
