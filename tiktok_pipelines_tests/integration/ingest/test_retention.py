"""What is old goes, in batches; what is still asked for stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tiktok_pipelines.ingest import retention
from tiktok_pipelines.ingest.health import closed_days, open_days, open_syncs
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.rebuilds import change
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

DAY = timedelta(days=1)
SHOP, OTHER = "7490000000000000001", "7490000000000000002"
LOGS, LEDGER = NOW - 30 * DAY, NOW - 90 * DAY
API_LOG = """
    INSERT INTO tiktok_ops.tiktok_api_logs (started_at, method, path, attempt,
        http_status, duration_ms, waited_ms)
    SELECT CAST('{start}' AS timestamptz) - n * interval '1 second', 'GET', '/', 1,
        200, 1, 0
    FROM generate_series(1, {count}) AS n
"""
CURSOR = f"""
    INSERT INTO tiktok_ops.sync_cursors (shop_id, stream, watermark)
    VALUES ('{SHOP}', 'orders', '{{watermark}}')
"""
QUARANTINE = """
    INSERT INTO tiktok_ops.quarantine_records (shop_id, stream, record_key, reason,
        first_seen_at, last_seen_at, resolved_at)
    VALUES ('1', 'orders', '{key}', 'odd', '{seen}', '{seen}', {resolved})
"""
# Notes the transaction of each row that is removed.
WITNESS = """
    CREATE TABLE witness (act bigint);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO witness VALUES (txid_current()); RETURN OLD; END $$;
    CREATE TRIGGER note BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION note();
"""


def tidy(database: Database) -> Mapping[str, int]:
    return retention.tidy_up(
        database, logs_before=LOGS, ledger_before=LEDGER, events_before=LEDGER
    )


def pulled(
    start: datetime,
    finished_at: datetime,
    verdict: str = "closed",
    *,
    field: str = "create_time",
    span: timedelta = DAY,
    shop_id: str = SHOP,
) -> dict[str, object]:
    """A row of the ledger."""
    return {
        "shop_id": shop_id,
        "stream": "orders",
        "time_field": field,
        "window_start": start,
        "window_end": start + span,
        "ids_fetched": 0,
        "rows_in_table": 0,
        "verdict": verdict,
        "attempts": 1,
        "pages": 1,
        "rows_written": 0,
        "started_at": finished_at,
        "finished_at": finished_at,
    }


def record(database: Database, *pulls: Mapping[str, object]) -> None:
    with database.begin() as connection:
        connection.execute(insert(tables.sync_windows), [dict(row) for row in pulls])


def ledger(database: Database) -> set[tuple[datetime, str]]:
    """When what stays was finished, and its verdict."""
    found = rows(database, "SELECT finished_at, verdict FROM tiktok_ops.sync_windows")
    return {(row["finished_at"], row["verdict"]) for row in found}


def test_the_settings_name_every_table_that_is_tidied(database: Database) -> None:
    told = " ".join(variable.meaning for variable in VARIABLES.values())

    assert [table for table in tidy(database) if f"`{table}`" not in told] == []


def test_calls_go_when_they_are_old(database: Database) -> None:
    change(database, API_LOG.format(start=LOGS, count=7))
    change(database, API_LOG.format(start=NOW, count=3))

    removed = tidy(database)

    assert removed["tiktok_ops.tiktok_api_logs"] == 7
    assert count(database, "tiktok_ops.tiktok_api_logs") == 3
    assert sum(tidy(database).values()) == 0


def test_resolved_quarantine_goes_when_it_is_old_and_what_waits_stays(
    database: Database,
) -> None:
    ancient = NOW - 1000 * DAY
    resolutions = {"old": f"'{LEDGER - DAY}'", "new": f"'{NOW}'", "waits": "NULL"}
    for key, resolved in resolutions.items():
        told = {"key": key, "seen": ancient, "resolved": resolved}
        change(database, QUARANTINE.format(**told))

    removed = tidy(database)

    left = rows(database, "SELECT record_key FROM tiktok_ops.quarantine_records")
    assert removed["tiktok_ops.quarantine_records"] == 1
    assert {row["record_key"] for row in left} == {"new", "waits"}


def test_refused_ids_that_nothing_asks_for_any_more_go(database: Database) -> None:
    keys = {"old": LEDGER - DAY, "new": LEDGER + DAY}
    streams = ("order_prices_refused", "order_prices", "order_prices_windows")
    for stream in streams:
        for key, at in keys.items():
            row = {"shop_id": SHOP, "stream": stream, "record_key": key, "reason": "r"}
            times = {"noted_at": at, "asked_at": at, "asked_count": 1}
            with database.begin() as connection:
                connection.execute(insert(tables.rechecks).values({**row, **times}))

    removed = tidy(database)

    left = rows(database, "SELECT stream, record_key FROM tiktok_ops.rechecks")
    assert removed["tiktok_ops.rechecks"] == 1
    assert len(left) == 5
    assert {"stream": "order_prices_refused", "record_key": "old"} not in left


def test_of_a_day_the_newest_row_and_the_newest_closed_one_stay(
    database: Database,
) -> None:
    day, old = NOW - 400 * DAY, LEDGER - 100 * DAY
    verdicts = ["closed", "open", "closed", "open", "open"]
    pulls = [old + number * DAY for number in range(5)]
    record(database, *map(lambda at, told: pulled(day, at, told), pulls, verdicts))

    removed = tidy(database)

    assert removed["tiktok_ops.sync_windows"] == 3
    assert ledger(database) == {(pulls[2], "closed"), (pulls[4], "open")}


def test_a_row_is_superseded_by_one_of_its_own_window_and_shop_only(
    database: Database,
) -> None:
    day, old = NOW - 400 * DAY, LEDGER - 100 * DAY
    record(
        database,
        pulled(day, old),
        pulled(day, old + DAY, span=DAY / 2),
        pulled(day, old + DAY, field="update_time"),
        pulled(day + DAY, old + DAY),
        pulled(day, old + DAY, shop_id=OTHER),
    )

    assert sum(tidy(database).values()) == 0


def test_what_is_superseded_stays_while_it_is_young(database: Database) -> None:
    day = NOW - 400 * DAY
    record(database, *(pulled(day, LEDGER + n * DAY) for n in range(3)))

    assert sum(tidy(database).values()) == 0


def test_of_the_changes_of_a_day_the_newest_tell_enough(database: Database) -> None:
    """96 syncs a day, each of a window of its own, for two days and two shops."""
    quarter = timedelta(minutes=15)
    start = LEDGER.replace(hour=0) - 10 * DAY
    for shop_id in (SHOP, OTHER):
        ends = [start + number * quarter for number in range(2 * 96)]
        made = [
            pulled(
                end - 2 * quarter,
                end + quarter,
                field="update_time",
                span=2 * quarter,
                shop_id=shop_id,
            )
            for end in ends
        ]
        record(database, *made)

    removed = tidy(database)

    assert removed["tiktok_ops.sync_windows"] == 4 * 95
    last = [start + DAY, start + 2 * DAY]
    assert ledger(database) == {(end, "closed") for end in last}


PAYMENTS, WITHDRAWALS = {"stream": "payments"}, {"stream": "withdrawals"}


def test_of_windows_that_move_on_the_newest_of_a_day_tells_enough(
    database: Database,
) -> None:
    """Payments are asked for by creation: sixty days back, every six hours."""
    start, back = LEDGER.replace(hour=0) - 10 * DAY, 60 * DAY
    ends = [start + number * DAY / 4 for number in range(8)]
    record(
        database,
        *(pulled(end - back, end, span=back) | PAYMENTS for end in ends),
        pulled(ends[0] - back, ends[0], span=back),
    )

    assert tidy(database)["tiktok_ops.sync_windows"] == 6

    left = rows(database, "SELECT stream, window_end FROM tiktok_ops.sync_windows")
    assert {(row["stream"], row["window_end"]) for row in left} == {
        ("orders", ends[0]),
        ("payments", ends[3]),
        ("payments", ends[7]),
    }


@pytest.mark.parametrize("field", ["create_time", "statement_time"])
def test_a_window_goes_when_a_later_closed_one_contains_it(
    database: Database, field: str
) -> None:
    """Payments again: an open window begins where it did until it is closed."""
    day, old = NOW - 400 * DAY, LEDGER - 100 * DAY
    contained = pulled(day, old, "open", field=field) | PAYMENTS
    others = [
        pulled(day, old + DAY, span=2 * DAY, field=field) | PAYMENTS,
        pulled(day + DAY, old, span=2 * DAY, field=field) | PAYMENTS,
        pulled(day, old, span=3 * DAY, field=field) | WITHDRAWALS,
        pulled(day + DAY, old + DAY, "open", field=field) | WITHDRAWALS,
        pulled(day, old, "open"),
        pulled(day, old + DAY, span=2 * DAY),
    ]
    record(database, contained, *others)

    assert tidy(database)["tiktok_ops.sync_windows"] == 1

    left = rows(database, "SELECT * FROM tiktok_ops.sync_windows")
    names = ("stream", "window_start", "window_end", "verdict")
    assert {tuple(row[name] for name in names) for row in left} == {
        tuple(kind[name] for name in names) for kind in others
    }


@pytest.mark.parametrize("is_behind", [True, False])
def test_a_sync_that_is_stuck_stays_known(database: Database, is_behind: bool) -> None:  # noqa: FBT001 - a parameter of the test
    old = LEDGER - 10 * DAY
    watermark = old - timedelta(hours=1) if is_behind else old + 2 * DAY
    change(database, CURSOR.format(watermark=watermark))
    tries = [old + number * timedelta(minutes=15) for number in range(20)]
    record(
        database,
        *(pulled(old - DAY, at, "open", field="update_time") for at in tries),
    )
    before = open_syncs(database)

    assert tidy(database)["tiktok_ops.sync_windows"] == 19

    assert open_syncs(database) == before
    assert len(before) == is_behind


def test_every_batch_is_a_transaction_of_its_own(database: Database) -> None:
    change(database, WITNESS.format(table="tiktok_ops.tiktok_api_logs"))
    change(database, API_LOG.format(start=LOGS, count=2 * retention.BATCH + 1))

    tidy(database)

    acts = rows(database, "SELECT count(*) AS removed FROM witness GROUP BY act")
    sizes = sorted(row["removed"] for row in acts)
    assert sizes == [1, retention.BATCH, retention.BATCH]


def test_so_it_is_with_the_ledger(database: Database) -> None:
    change(database, WITNESS.format(table="tiktok_ops.sync_windows"))
    old = LEDGER - 10 * DAY
    number = retention.BATCH + 3
    record(database, *(pulled(old, old + n * DAY / 10**4) for n in range(number)))

    tidy(database)

    acts = rows(database, "SELECT count(*) AS removed FROM witness GROUP BY act")
    assert sorted(row["removed"] for row in acts) == [2, retention.BATCH]


WINDOWS = st.sampled_from(
    [
        (LEDGER - 30 * DAY + timedelta(hours=start), "create_time", DAY)
        for start in (0, 24)
    ]
    + [
        (LEDGER - 30 * DAY + timedelta(hours=start), "update_time", span)
        for start in (0, 6, 20)
        for span in (DAY / 4, DAY)
    ]
)
PULLS = st.lists(
    st.tuples(
        WINDOWS,
        st.sampled_from(["closed", "open"]),
        st.sampled_from([SHOP, OTHER]),
        st.integers(-40, 40).map(lambda days: LEDGER + days * DAY),
    ),
    max_size=30,
    unique_by=lambda drawn: drawn[3],
)


def shown(database: Database) -> Sequence[object]:
    """All that is asked of the ledger."""
    days = [closed_days(database, shop_id) for shop_id in (SHOP, OTHER)]
    return [open_days(database), open_syncs(database), *days]


@given(
    pulls=PULLS,
    watermark=st.integers(-40, 40).map(lambda hours: timedelta(hours=hours)),
)
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_asked_of_the_ledger_is_answered_as_before(
    database: Database,
    pulls: list[tuple[tuple[datetime, str, timedelta], str, str, datetime]],
    watermark: timedelta,
) -> None:
    change(database, "TRUNCATE tiktok_ops.sync_windows, tiktok_ops.sync_cursors")
    change(database, CURSOR.format(watermark=LEDGER - 29 * DAY + watermark))
    if pulls:
        record(
            database,
            *(
                pulled(start, at, told, field=field, span=span, shop_id=shop_id)
                for (start, field, span), told, shop_id, at in pulls
            ),
        )
    before = shown(database)

    tidy(database)

    assert shown(database) == before
